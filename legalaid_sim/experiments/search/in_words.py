"""What terms that a search found change, in the words of the contract language."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from legalaid_sim.errors import Refusal
from legalaid_sim.experiments.search.relived import FoundPoint
from legalaid_sim.experiments.shared.axes import CONTRACT, Target, plan_with, written_value
from legalaid_sim.experiments.shared.places import place_of
from legalaid_sim.experiments.shared.plans import RegimePlan

SENTENCES = re.compile(r"(?<=\.) (?=[A-Z0-9])")


def in_words(
    plan: RegimePlan, targets: Sequence[Target], now: FoundPoint, values: FoundPoint
) -> tuple[str, ...]:
    """Say of each thing that is varied what it is, what it was, and the sentences of the contract that say it now."""
    return tuple(_change(plan, *each) for each in zip(targets, now, values, strict=True))


def _change(plan: RegimePlan, target: Target, now: Any, value: Any) -> str:
    place = place_of(target, [written.data for written in plan.contracts])
    unit = f" {place.unit}" if place.unit else ""
    ours, before = (_shown(each, target.places) for each in (value, now))
    if ours == before:
        return f"{place}: {ours}{unit}, as it is"
    told = " ".join(sentences(plan, target, value))
    return f"{place}: {ours}{unit}, where it is {before}" + (f" (“{told}”)" if told else "")


def _shown(value: Any, places: int | None) -> str:
    """Show a value as a contract file holds it, without noughts at its end.

    >>> _shown(7, 0), _shown(14.2, 2), _shown("in_scope", 2), _shown(Decimal("10.00"), 2)
    ('7', '14.2', 'in scope', '10')
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value).replace("_", " ")
    text = format(Decimal(str(written_value(value, places))), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def sentences(plan: RegimePlan, target: Target, value: Any) -> list[str]:
    """Give what the contract's own English says otherwise when a value stands at a place of it; none where nothing."""
    if target.room != CONTRACT:
        return []
    changed = plan_with(plan, (target,), (value,))
    found: list[str] = []
    for old, new in zip(plan.contracts, changed.contracts, strict=True):
        if old.data != new.data:
            before = set(_english(old))
            found += [sentence for sentence in _english(new) if sentence not in before]
    return found


def _english(written: Any) -> Iterator[str]:
    from pydantic import ValidationError

    from legalaid_sim.contracts.language.english import ROOMS, block_in_english

    try:
        contract = written.contract
        for room in ROOMS:
            for block in getattr(contract, room):
                yield from SENTENCES.split(block_in_english(block, contract))
    except (Refusal, ValidationError):
        return
