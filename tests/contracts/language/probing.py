"""Move each number of a contract by itself, and see whether anything moves: its worked examples, or a life."""

import copy
import typing
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from pydantic import BaseModel, ValidationError

from legalaid_sim.contracts.language.examples import run_example
from legalaid_sim.contracts.language.playing import Played, play
from legalaid_sim.contracts.pricing.terms import CompiledTerms, compile_terms
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.schema.contract import Example, Given
from legalaid_sim.contracts.schema.marks import OF_EXAMPLES, TOLD, mark_of, marked_models  # type: ignore[attr-defined]
from legalaid_sim.contracts.vocabulary.facts import Settlement
from legalaid_sim.engine import Regime, simulate
from legalaid_sim.errors import LegalAidSimError, Refusal
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.world import sample

Key = tuple[str, str]
Path = tuple[str | int, ...]
FORMS = ("dated", "by_region", "amount")


class Spot(NamedTuple):
    """A number as it is written: the model and key that it stands under, and its path in the file."""

    key: Key
    path: Path


def numeric_keys() -> set[Key]:
    """Every key that may hold a number and is said to do something."""
    return {
        (model.__name__, name)
        for model in marked_models()
        for name, field in model.model_fields.items()
        if mark_of(model, name) != TOLD and _holds_numbers(field.annotation)
    }


def _holds_numbers(annotation: Any) -> bool:
    if annotation in (int, Decimal):
        return True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.__module__.endswith(".values") and any(
            _holds_numbers(field.annotation) for field in annotation.model_fields.values()
        )
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is dict:
        arguments = arguments[1:]
    return any(_holds_numbers(argument) for argument in arguments)


def spots(found: Any, path: Path = (), key: Key | None = None) -> Iterator[Spot]:
    """Go through every number that is written in a contract, with the key that it stands under."""
    if isinstance(found, BaseModel):
        inside = type(found).__module__.endswith(".values")
        for name, field in type(found).model_fields.items():
            if name in found.model_fields_set and type(found).__name__ not in OF_EXAMPLES:
                under = key if inside else (type(found).__name__, name)
                yield from spots(getattr(found, name), (*path, field.alias or name), under)
    elif isinstance(found, Mapping):
        for name, value in found.items():
            yield from spots(value, (*path, name), key)
    elif isinstance(found, list | tuple):
        for at, value in enumerate(found):
            yield from spots(value, (*path, at), key)
    elif key is not None and (_is_number(found) or (isinstance(found, str) and path[-1:] == ("value",))):
        yield Spot(key, path)


def _is_number(found: Any) -> bool:
    return isinstance(found, int | Decimal) and not isinstance(found, bool)


def moved(data: Any, path: Path) -> Iterator[Any]:
    """Give copies of a contract's data with one number moved, in a few ways; none where other words stand."""
    steps = _written(data, path)
    if steps is None:
        return
    was = _at(data, steps)
    if isinstance(was, str):
        for target in _numbers_of(data["values"][was], ("values", was)):
            yield from moved(data, target)
        return
    number = Decimal(was)
    for new in (number * 2, number + 1, number // 2, number - 1, Decimal(7), Decimal(100), Decimal(0)):
        if new != number:
            other = copy.deepcopy(data)
            _at(other, steps[:-1])[steps[-1]] = int(new) if new == int(new) else new
            yield other


def _at(data: Any, steps: list[Any]) -> Any:
    for step in steps:
        data = data[step]
    return data


def _written(data: Any, path: Path) -> list[Any] | None:
    """Find a path in data as read, which has days and numbers as keys in the form that the file wrote them."""
    found = []
    for step in path:
        if isinstance(data, dict) and step not in data:
            step = next((key for key in data if str(key) == str(step)), None)
            if step is None:
                return None
        found.append(step)
        data = data[step]
    return found


def _numbers_of(found: Any, path: Path) -> Iterator[Path]:
    if isinstance(found, dict):
        for key, value in found.items():
            if key not in ("source", "title", "unit"):
                yield from _numbers_of(value, (*path, key))
    elif _is_number(found):
        yield path


def made(data: Any) -> CompiledTerms | None:
    """Compile plain data; nothing where it is no contract any more."""
    try:
        contract = Contract.model_validate(data)
    except ValidationError:
        return None
    try:
        return compile_terms(contract)
    except Refusal:
        return None


def told(terms: CompiledTerms) -> tuple[Any, ...]:
    """All that an account answers in its worked examples, with days and minutes, whatever they assert."""
    heard: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        usual = Played.note

        def note(self: Played, ref: str, settled: Settlement) -> None:
            heard.append((ref, settled))
            usual(self, ref, settled)

        patch.setattr(Played, "note", note)
        for example in terms.contract.examples:
            try:
                heard += _answers(example, terms)
            except LegalAidSimError as refused:
                heard.append(str(refused))
    return tuple(heard)


def _answers(example: Example, terms: CompiledTerms) -> Iterator[Any]:
    if example.then is not None:
        played = play(example.given or Given(), example.when, terms)
        yield from (played.paid, played.permissions, played.positions, played.levels, str(played.refusal))
    if example.table is not None:
        table = example.model_copy(update={"then": None})
        yield from ((one.what, one.got) for one in run_example(table, terms, terms.folder))


def lived(terms: CompiledTerms, scenario: Scenario) -> tuple[Any, ...]:
    """What happens in a life under it; what is told to a contract alone is left out."""
    log = simulate(sample(scenario, 1), scenario, Regime("tried", (terms,)))
    return tuple(tuple(event) for event in log)
