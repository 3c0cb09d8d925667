"""One line of a comparison worked into a contract by itself, to see what that line does."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from legalaid_sim.contracts.language.diff import CANNOT_RUN, Difference, Keys, history_with
from legalaid_sim.contracts.pricing.terms import CompiledTerms, compile_terms
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.errors import Refusal

NOTHING = object()


def with_lines(
    data: Mapping[str, Any], other: Mapping[str, Any], lines: Iterable[Difference]
) -> dict[str, Any]:
    """Give resolved data in which each of these lines reads as it does in another contract."""
    made = deepcopy(dict(data))
    for line in lines:
        _put(made, other, line.keys, line.since)
    return made


def compiled(data: Mapping[str, Any], folder: Path) -> CompiledTerms | None:
    """Compile resolved data; None where it makes no contract."""
    try:
        contract = Contract.model_validate({**data, "examples": []})
        return compile_terms(contract, folder)
    except (ValidationError, Refusal, *CANNOT_RUN):
        return None


def _put(here: Any, there: Any, keys: Keys, since: str) -> None:
    key, rest = keys[0], keys[1:]
    one, other = _at(here, key), _at(there, key)
    if rest and one is NOTHING:
        _set(here, key, type(other)())
        _put(_at(here, key), other, rest, since)
    elif rest:
        _put(one, _emptied(one) if other is NOTHING else other, rest, since)
    elif other is NOTHING:
        _drop(here, key)
    elif since and one is not NOTHING:
        _set(here, key, history_with(one, other, since))
    else:
        _set(here, key, deepcopy(other))


def _emptied(found: Any) -> Any:
    return type(found)()


def _place(found: Any, key: str) -> Any:
    """Find a key in a map, or the place of a block by its id, or of an item by its number."""
    if isinstance(found, dict):
        return next((name for name in found if str(name) == key), NOTHING)
    if not isinstance(found, list):
        return NOTHING
    by_id = (
        place for place, item in enumerate(found) if isinstance(item, dict) and str(item.get("id")) == key
    )
    number = int(key) if key.isdigit() and int(key) < len(found) else NOTHING
    return next(by_id, number)


def _at(found: Any, key: str) -> Any:
    place = _place(found, key)
    return NOTHING if place is NOTHING else found[place]


def _set(found: Any, key: str, value: Any) -> None:
    place = _place(found, key)
    if place is not NOTHING:
        found[place] = value
    elif isinstance(found, list):
        found.append(value)
    else:
        found[key] = value


def _drop(found: Any, key: str) -> None:
    place = _place(found, key)
    if place is not NOTHING:
        del found[place]
