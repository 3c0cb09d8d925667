"""Time by heading at hourly rates."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.blocks.marking import PAID
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.payments.additions import (
    BoltOn,
    bolt_ons,
    bolt_ons_said,
    extras,
    per_event,
    uplift,
)
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.tools.amounts import billed_minutes
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep
from legalaid_sim.contracts.tools.page import Placed
from legalaid_sim.contracts.tools.pricing_state import BASE, EXTRAS, PricingState, money
from legalaid_sim.contracts.tools.wording import listed, said, words
from legalaid_sim.contracts.vocabulary.supposing import BY_SESSION, OTHER_MINUTES, SMALL_COST
from legalaid_sim.contracts.vocabulary.values import Count, MoneyValue, PercentValue, Terms
from legalaid_sim.contracts.vocabulary.wants import AnyOf, NeededKey, Wanted, by_heading, either
from legalaid_sim.units import MINUTES_PER_HOUR


class TimeUnit(Terms):
    """Time is billed in whole units; a part of one counts up, down or to the nearest."""

    minutes: Count = Field(default=6, ge=1)
    part_unit: Literal["up", "down", "nearest"] = "up"


class Hourly(PaymentBlock):
    """Time by heading at hourly rates; where a claim states costs instead of time, those costs."""

    kind: Literal["hourly"]
    rates: dict[str, MoneyValue] = Field(default_factory=dict, description="GBP an hour, by heading")
    time_unit: TimeUnit = TimeUnit()
    headings: tuple[str, ...] = Field(
        default=("profit", "travel", "waiting", "advocacy", "counsel"),
        description="headings of costs that are paid as claimed",
    )
    items: dict[str, MoneyValue] = Field(default_factory=dict, description="GBP for each counted event")
    bolt_ons: dict[str, BoltOn] = Field(default_factory=dict)
    extras: tuple[str, ...] = ()
    uplift_percent: PercentValue | None = None


def price(block: Hourly, context: CompileContext) -> Iterator[PhaseStep]:
    """Pay each heading: the costs a claim states, or else its time at the price rate."""
    yield PhaseStep(BASE, HourlyPay(block, context).run)
    for kind, form in block.items.items():
        amount = context.money(form, block, f"items.{kind}")
        yield PhaseStep(EXTRAS, per_event(block, kind, kind, amount, once=False, most=None))
    yield from bolt_ons(block, context)
    yield from extras(block)
    yield from uplift(block, context)


class HourlyPay:
    """Hourly pay by heading, in the contract's units of time."""

    def __init__(self, block: Hourly, context: CompileContext) -> None:
        self.name, self.dated_by, self.rounded = block.id, block.dated_by, context.rounded
        self.unit, self.part = block.time_unit.minutes, block.time_unit.part_unit
        self.rates = {
            heading: context.money(form, block, f"rates.{heading}") for heading, form in block.rates.items()
        }
        self.headings = tuple(dict.fromkeys((*self.rates, *block.headings)))

    def run(self, case: PricingState) -> None:
        """Pay every heading of a case."""
        costs, minutes = case.facts.costs, case.facts.minutes
        for heading in self.headings:
            stated, worked = costs.get(heading), minutes.get(heading)
            if stated is not None:
                self.as_claimed(case, heading, stated)
            elif worked and heading in self.rates:
                self.by_time(case, heading, worked)

    def as_claimed(self, case: PricingState, heading: str, pence: int) -> None:
        """Pay costs that a claim states."""
        case.pay(BASE, self.name, pence, "hourly", heading)
        if case.trace is not None and pence:
            case.tell(BASE, self.name, pence, f"{heading} costs as claimed")

    def by_time(self, case: PricingState, heading: str, worked: int) -> None:
        """Pay time at the rate in force; a heading whose rate is an empty cell is not paid."""
        day = case.day(self.dated_by, self.name)
        rate = self.rates[heading].on(day, case)
        if rate is None:
            return
        billed = billed_minutes(worked, self.unit, self.part)
        pence = self.rounded(billed * rate, MINUTES_PER_HOUR)
        case.picked = case.picked or (self.rates[heading], day)
        case.pay(BASE, self.name, pence, "hourly", heading)
        if case.trace is not None:
            how = f"{billed} min {heading} at {money(rate)} an hour"
            inputs = {"minutes": worked, "rate": money(rate)}
            version = self.rates[heading].version(day, case)
            case.tell(BASE, self.name, pence, how, inputs, version, self.dated_by)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    rates = [f"{words(heading)} at {said(rate, contract)} an hour" for heading, rate in block.rates.items()]
    yield listed(rates) or "costs are paid as claimed"
    if block.rates:
        unit = block.time_unit
        yield f"time counts in units of {unit.minutes} minutes, a part of one {unit.part_unit}"
    yield from (f"{said(amount, contract)} for each {words(item)}" for item, amount in block.items.items())
    yield from bolt_ons_said(block, contract)


def parts(block: Hourly) -> Iterator[NeededKey]:
    """Give what its keys need."""
    for name in block.rates:
        yield f"rates.{name}", either(name)
    for name in block.items:
        yield f"items.{name}", (Wanted("count", name),)
    if "headings" in block.model_fields_set:
        yield from ((f"headings.{name}", either(name)) for name in block.headings if name not in block.rates)


def circumstances(block: Hourly) -> Iterator[dict[str, Any]]:
    """Give facts that it tells apart."""
    timed = tuple(heading for heading in block.rates if heading != "profit")
    if timed:
        yield {f"minutes.{heading}": OTHER_MINUTES for heading in timed}
    costs = tuple(heading for heading in block.headings if heading not in (*block.rates, *BY_SESSION))
    if costs:
        yield {f"costs.{heading}": SMALL_COST for heading in costs}


def needs(block: Hourly) -> Iterator[AnyOf]:
    """Some time, or some costs, that it pays."""
    yield (*(by_heading(name) for name in block.rates), *(Wanted("costs", name) for name in block.headings))


def inputs(block: Hourly) -> list[str]:
    """Name what it pays by: costs by heading, or minutes."""
    costs = dict.fromkeys((*block.rates, *block.headings))
    return [*(f"costs.{name}" for name in costs), *(f"minutes.{name}" for name in block.rates)]


def headings(placed: Placed) -> Iterator[str]:
    """Name the headings under which it earns."""
    block = placed.block
    paid = block.headings if "headings" in placed.written or not block.rates else ()
    yield from (*block.rates, *paid, *block.items, *block.bolt_ons, *block.extras, "counsel", "profit")


KIND = PaymentKind(
    model=Hourly,
    say=say,
    marks={
        "Hourly": {PAID: "rates time_unit headings items bolt_ons extras uplift_percent"},
        "TimeUnit": {PAID: "minutes part_unit"},
        "BoltOn": {PAID: "amount column per at_most counts"},
    },
    price=price,
    is_base=True,
    by_the_hour=True,
    needs=needs,
    parts=parts,
    circumstances=circumstances,
    inputs=inputs,
    amounts=lambda block: ((("rates", heading), rate) for heading, rate in block.rates.items()),
    headings=headings,
)
