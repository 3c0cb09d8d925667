"""What several kinds of block add: bolt-ons and extras, work by the minute, percentages on top."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.tools.amounts import Rounded, whole
from legalaid_sim.contracts.tools.compile_context import (
    CompileContext,
    PhaseStep,
    StepRun,
    percent_text,
    share,
)
from legalaid_sim.contracts.tools.lookups import Lookup
from legalaid_sim.contracts.tools.pricing_state import EXTRAS, STAGES, UPLIFTS, PricingState, money
from legalaid_sim.contracts.tools.wording import listed, said, words
from legalaid_sim.contracts.vocabulary.values import Column, CountValue, MoneyValue, Terms
from legalaid_sim.errors import Refusal


class BoltOn(Terms):
    """An amount, or the ``column`` that holds it, for each event of a kind or once for the matter."""

    amount: MoneyValue | None = None
    column: str | None = None
    per: Literal["event", "matter"] = "event"
    at_most: CountValue | None = Field(default=None, description="most events that are paid")
    counts: str | None = Field(default=None, description="the count it follows; default: its own name")


def bolt_ons(block: Any, context: CompileContext) -> Iterator[PhaseStep]:
    """Add an amount for each event of a kind."""
    for kind, terms in block.bolt_ons.items():
        form = Column(column=terms.column) if terms.column else terms.amount
        if form is None:
            raise Refusal("no-value", f"{block.id}.bolt_ons.{kind}", "a bolt-on needs an amount or a column")
        amount = context.money(form, block, f"bolt_ons.{kind}")
        most = context.library.maybe(terms.at_most, whole, f"{block.id}.bolt_ons.{kind}", block.table)
        counted = terms.counts or kind
        yield PhaseStep(EXTRAS, per_event(block, kind, counted, amount, terms.per == "matter", most))


def per_event(
    block: PaymentBlock, kind: str, counted: str, amount: Lookup, once: bool, most: Lookup | None
) -> StepRun:
    """Pay an amount for each counted event, or once where there was any."""
    name, dated_by = block.id, block.dated_by

    def add(case: PricingState) -> None:
        count = case.facts.counts.get(counted, 0)
        if not count:
            return
        day = case.day(dated_by, name)
        ceiling = most.on(day, case) if most is not None else None
        paid = 1 if once else count if ceiling is None else min(count, ceiling)
        each = amount.on(day, case)
        if each is None:
            if case.trace is not None:
                case.tell(
                    EXTRAS, name, None, f"{kind}: {count}, but the contract gives no amount for it here"
                )
            return
        case.pay(EXTRAS, name, each * paid, "bolt_ons", kind)
        if case.trace is not None:
            case.tell(
                EXTRAS, name, each * paid, f"{kind}: {paid} at {money(each)}", {kind: count},
                amount.version(day, case), dated_by,
            )  # fmt: skip

    return add


def extras(block: Any) -> Iterator[PhaseStep]:
    """Pay named extras as claimed."""
    if not block.extras:
        return

    def add(case: PricingState) -> None:
        for heading in block.extras:
            pence = case.facts.costs.get(heading)
            if pence:
                case.pay(EXTRAS, block.id, pence, "extras", heading)
                if case.trace is not None:
                    case.tell(EXTRAS, block.id, pence, f"{heading} as claimed")

    yield PhaseStep(EXTRAS, add)


def uplift(block: Any, context: CompileContext) -> Iterator[PhaseStep]:
    """Add a percentage to what the block itself pays."""
    if block.uplift_percent is None:
        return
    percent = context.percent(block.uplift_percent, block, "uplift_percent")

    def add(case: PricingState) -> None:
        add_share(
            case, block.id, percent.or_nought(case.day(block.dated_by, block.id), case), context.rounded
        )

    yield PhaseStep(UPLIFTS, add)


def add_share(case: PricingState, name: str, millionths: int, rounded: Rounded) -> None:
    """Add a percentage of what a block pays in its first three phases."""
    base = case.sum_of(lambda entry: entry.block == name and entry.phase <= STAGES)
    pence = share(base, millionths, rounded)
    case.pay(UPLIFTS, name, pence, "fees", "uplift")
    if case.trace is not None:
        case.tell(UPLIFTS, name, pence, f"{percent_text(millionths)} of {money(base)}")


def bolt_ons_said(block: Any, contract: Named) -> Iterator[str]:
    """Say what is added: bolt-ons, extras, a percentage."""
    for name, bolt_on in getattr(block, "bolt_ons", {}).items():
        amount = (
            said(bolt_on.amount, contract)
            if bolt_on.amount is not None
            else f"the table's {words(bolt_on.column or name)}"
        )
        yield (
            f"plus {amount} for each {words(name)}"
            if bolt_on.per == "event"
            else f"plus {amount} for {words(name)}"
        )
    if getattr(block, "extras", ()):
        yield f"plus {listed(words(extra) for extra in block.extras)} as claimed"
    if getattr(block, "uplift_percent", None) is not None:
        yield f"raised by {said(block.uplift_percent, contract)} percent"
