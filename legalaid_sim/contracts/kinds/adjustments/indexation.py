"""Named values follow a series within bounds, as further versions of their history."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import PAID, Unheard
from legalaid_sim.contracts.blocks.named import NamedAmount, Series
from legalaid_sim.contracts.blocks.written import Named, WrittenContract
from legalaid_sim.contracts.kinds.adjustments.kind import AdjustmentKind
from legalaid_sim.contracts.tools.checking import each_known, known_as, not_below
from legalaid_sim.contracts.tools.lookups import EXPECTED
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.wording import at_percent, listed
from legalaid_sim.contracts.vocabulary.values import Count, Dated, Day, Number, Percent, Terms
from legalaid_sim.errors import Problem, Refusal
from legalaid_sim.units import add_months

ALL = HUNDRED = Decimal(100)
NAMED_IN_ON = "name the values that follow the index in on"


class IndexedOn(Terms):
    """The values that follow an index."""

    values: tuple[str, ...] = Field(min_length=1)


class Collar(Terms):
    """The least and the most that a year's change may be."""

    at_least: Percent | None = None
    at_most: Percent | None = None


class Indexation(Block):
    """Named values follow an index within bounds."""

    kind: Literal["indexation"]
    on: IndexedOn
    index: str
    starts: Day
    every_months: Count = Field(default=12, ge=1)
    collar_percent: Collar = Collar()
    share_percent: Percent = ALL
    rounds_to: Number = Decimal("0.01")


def change_percent(series: Series, name: str, day: date) -> Decimal | None:
    """Give the last change that a series states by a day; None where that figure is still expected."""
    known = [when for when in series.dated if when <= day]
    if not known:
        raise Refusal("no-version", name, f"the series has no figure on or before {day}")
    figure = series.dated[max(known)]
    return None if figure == EXPECTED else Decimal(figure)


def collared(percent: Decimal, collar: Collar) -> Decimal:
    """Hold a change between the least and the most that a contract allows."""
    low = percent if collar.at_least is None else max(percent, collar.at_least)
    return low if collar.at_most is None else min(low, collar.at_most)


def index_days(block: Indexation, contract: WrittenContract) -> Iterator[date]:
    """Give the days within the contract's term on which values are indexed."""
    end, at = add_months(contract.term.starts, contract.term.months), 0
    while (day := add_months(block.starts, at * block.every_months)) < end:
        yield day
        at += 1


def in_force(history: Mapping[date, Any], day: date) -> Any:
    """Give the version of a history in force on a day."""
    known = [when for when in history if when <= day]
    return history[max(known)] if known else None


def extended(history: dict[date, Any], block: Indexation, contract: WrittenContract) -> dict[date, Any]:
    """Add an indexed version on each index day, unless the history itself has one from that day.

    From the first day whose figure is still expected on, the value is expected too.
    """
    series = contract.series.get(block.index)
    if series is None:
        raise Refusal("unknown-series", block.id, f"there is no series '{block.index}'")
    for day in index_days(block, contract):
        before = in_force(history, day)
        if before in (None, EXPECTED) or day in history:
            continue
        percent = change_percent(series, block.index, day)
        if percent is None:
            history[day] = EXPECTED
            continue
        change = collared(percent, block.collar_percent)
        factor = 1 + change * block.share_percent / (HUNDRED * HUNDRED)
        history[day] = (before * factor / block.rounds_to).quantize(
            Decimal(1), ROUND_HALF_UP
        ) * block.rounds_to
    return history


def _history(form: Any, block: Indexation) -> dict[date, Any]:
    written = form.dated if isinstance(form, Dated) else form
    history: dict[date, Any] = dict(written) if isinstance(written, dict) else {date.min: written}
    if not all(value == EXPECTED or isinstance(value, Decimal | int) for value in history.values()):
        raise Refusal("no-number", block.id, "only values written as numbers can follow an index")
    return history


def indexed_value(entry: NamedAmount, block: Indexation, contract: WrittenContract) -> NamedAmount:
    """Give a named value with its indexed versions written out."""
    if entry.by_region is not None:
        regions = {
            region: Dated[Decimal].model_construct(dated=extended(_history(form, block), block, contract))
            for region, form in entry.by_region.items()
        }
        return entry.model_copy(update={"by_region": regions})
    history = _history(dict(entry.dated) if entry.dated is not None else entry.amount, block)
    return entry.model_copy(update={"dated": extended(history, block, contract), "amount": None})


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what follows the index, how often and how far."""
    every = f"every {block.every_months} months from {block.starts}"
    yield f"{listed(block.on.values)} follow {block.index} {every}"
    collar = block.collar_percent
    bounds = [f"at least {at_percent(collar.at_least)}"] if collar.at_least is not None else []
    bounds += [f"at most {at_percent(collar.at_most)}"] if collar.at_most is not None else []
    if bounds:
        yield f"each time {listed(bounds)}"


def _collar(page: Page, placed: Placed) -> Iterator[Problem]:
    collar = placed.block.collar_percent
    yield from not_below(page, (*placed.path, "collar_percent"), collar.at_least, collar.at_most)


def _names(page: Page, placed: Placed) -> Iterator[Problem]:
    path, written = placed.path, placed.written
    yield from known_as(page, (*path, "index"), written["index"], list(page.contract.series), "series")
    values = list(page.contract.values)
    yield from each_known(page, (*path, "on", "values"), written["on"]["values"], values, "values")


KIND = AdjustmentKind(
    model=Indexation,
    say=say,
    marks={
        "Indexation": {PAID: "on index starts every_months collar_percent share_percent rounds_to"},
        "IndexedOn": {PAID: "values"},
        "Collar": {PAID: "at_least at_most"},
    },
    unheard={"Indexation": (Unheard("applies_to", NAMED_IN_ON), Unheard("not_if", NAMED_IN_ON))},
    changes=lambda block: block.on.values,
    adjusted=indexed_value,
    checks=(_collar,),
    sound=(_names,),
)
