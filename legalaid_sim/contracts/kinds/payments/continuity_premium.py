"""A premium where one adviser leads throughout, or a client comes back."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.blocks.marking import PAID
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.tools.amounts import WHOLE, Rounded, millionths_of
from legalaid_sim.contracts.tools.checking import rising
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep, percent_text, share
from legalaid_sim.contracts.tools.lookups import Lookup
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import EXTRAS, UPLIFTS, LineEntry, PricingState
from legalaid_sim.contracts.tools.wording import at_percent, said, words
from legalaid_sim.contracts.vocabulary.values import (
    Count,
    MoneyValue,
    Percent,
    PercentValue,
    Terms,
)
from legalaid_sim.contracts.vocabulary.wants import NeededKey, Wanted
from legalaid_sim.errors import Problem
from legalaid_sim.units import add_up


class ContinuityStep(Terms):
    """At this share or more: a percentage of another block's fee, or an amount."""

    at_least_percent: Percent = Field(ge=0, le=100)
    add_percent: PercentValue | None = None
    of: str | None = None
    amount: MoneyValue | None = None


class ReturningClient(Terms):
    """An amount where the client was seen before by this provider within so many months."""

    within_months: Count
    amount: MoneyValue


class ContinuityPremium(PaymentBlock):
    """A premium where the same adviser leads throughout, or a client comes back to the same provider.

    Only the highest step reached is paid.
    """

    kind: Literal["continuity_premium"]
    measure: Literal["share_of_hours_by_lead", "share_of_contacts_by_lead", "same_provider_within_months"] = (
        "share_of_hours_by_lead"
    )
    steps: tuple[ContinuityStep, ...] = ()
    returning_client: ReturningClient | None = None


PREMIUM_BASE = frozenset({"fees", "hourly"})


PREMIUMS = frozenset({"premium", "returning"})


def lead_share(case: PricingState, measure: str) -> int:
    """Give the share of time (or contacts) of the adviser who gave most, in millionths of a percent.

    A forecast of a matter on which nobody has worked yet supposes one adviser.
    """
    facts = case.facts
    given = facts.contacts_by_adviser if measure == "share_of_contacts_by_lead" else facts.by_adviser
    total = add_up(given.values())
    if not total:
        return WHOLE if case.forecast else 0
    return max(given.values()) * WHOLE // total


Rung = tuple[int, Lookup | None, str | None, Lookup | None]


def price(block: ContinuityPremium, context: CompileContext) -> Iterator[PhaseStep]:
    """Add to a fee where one adviser led throughout, and an amount where a client came back."""
    rungs = sorted((_rung(block, step, context) for step in block.steps), key=lambda rung: -rung[0])
    name, returning = block.id, block.returning_client
    welcome = context.money(returning.amount, block, "returning_client.amount") if returning else None

    def add(case: PricingState) -> None:
        day = case.day(block.dated_by, name)
        if rungs:
            _climb(case, block, rungs, day, context.rounded)
        if welcome is not None and returning is not None:
            months = case.facts.facts.get("months_since_last_matter")
            if isinstance(months, int) and months <= returning.within_months:
                pence = welcome.or_nought(day, case)
                case.pay(EXTRAS, name, pence, "fees", "returning")
                case.tell(EXTRAS, name, pence, f"client returned after {months} months")

    yield PhaseStep(UPLIFTS, add)


def _earns_premium(entry: LineEntry) -> bool:
    return entry.kind in PREMIUM_BASE and entry.heading not in PREMIUMS


def _rung(block: ContinuityPremium, step: ContinuityStep, context: CompileContext) -> Rung:
    percent = (
        context.percent(step.add_percent, block, "steps.add_percent")
        if step.add_percent is not None
        else None
    )
    amount = context.money(step.amount, block, "steps.amount") if step.amount is not None else None
    return millionths_of(step.at_least_percent), percent, step.of, amount


def _climb(
    case: PricingState, block: ContinuityPremium, rungs: list[Rung], day: date, rounded: Rounded
) -> None:
    led = lead_share(case, block.measure)
    for least, percent, of, amount in rungs:
        if led >= least:
            pence = amount.or_nought(day, case) if amount is not None else 0
            base = add_up(e.pence for e in case.entries if _earns_premium(e) and of in (None, e.block))
            if percent is not None:
                pence += share(base, percent.or_nought(day, case), rounded)
            case.pay(UPLIFTS, block.id, pence, "fees", "premium")
            if case.trace is not None:
                case.tell(
                    UPLIFTS, block.id, pence,
                    f"lead did {percent_text(led)}, at least {percent_text(least)}",
                    {"lead_share": percent_text(led)},
                )  # fmt: skip
            return
    if case.trace is not None:
        case.tell(
            UPLIFTS, block.id, None, f"lead did {percent_text(led)}, needs {percent_text(rungs[-1][0])}"
        )


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    for step in block.steps:
        if step.add_percent is None and step.amount is None:
            continue
        reach = f"where {words(block.measure)} is at least {at_percent(step.at_least_percent)}"
        if step.add_percent is not None:
            of = f" of {step.of}" if step.of else ""
            yield f"{reach}, {said(step.add_percent, contract)} percent{of} on top"
        if step.amount is not None:
            yield f"{reach}, {said(step.amount, contract)} on top"
    if block.returning_client is not None:
        back = block.returning_client
        yield f"{said(back.amount, contract)} for a client who comes back within {back.within_months} months"


def parts(block: ContinuityPremium) -> Iterator[NeededKey]:
    """Give what its keys need."""
    if block.returning_client is not None:
        yield "returning_client", (Wanted("fact", "months_since_last_matter"),)


def circumstances(block: ContinuityPremium) -> Iterator[dict[str, Any]]:
    """Give facts that it tells apart."""
    yield from ({"lead.share": int(step.at_least_percent)} for step in block.steps)
    yield {"lead.share": min((int(step.at_least_percent) for step in block.steps), default=100) * 9 // 10}
    if block.returning_client is not None:
        yield {"months_since_last_matter": block.returning_client.within_months}


def _steps(page: Page, placed: Placed) -> Iterator[Problem]:
    ends = [step.at_least_percent for step in placed.block.steps]
    yield from rising(page, (*placed.path, "steps"), ends, "at_least_percent")


def _premium(page: Page, placed: Placed) -> Iterator[Problem]:
    for at, (low, high) in enumerate(pairwise(placed.block.steps), 1):
        for key in ("amount", "add_percent"):
            unit = " percent" if key == "add_percent" else ""
            for _, less, more in page.pairs(getattr(high, key), getattr(low, key), placed.block.table):
                if less < more and low.of == high.of:
                    message = (
                        f"{high.at_least_percent} percent or more earns {less}{unit}, and "
                        f"{low.at_least_percent} percent already {more}{unit}: reaching more costs {more - less}{unit}"
                    )
                    yield page.problem("CP324", message, (*placed.path, "steps", at, key))
                    break


def _curve(block: ContinuityPremium) -> Iterator[Callable[[PricingState], Any]]:
    """Give how far up its steps a matter is, and when the client was here last."""
    steps = sorted(millionths_of(step.at_least_percent) for step in block.steps)
    yield lambda case: bisect_right(steps, lead_share(case, block.measure))
    yield _months_since


def _months_since(case: PricingState) -> Any:
    return case.facts.facts.get("months_since_last_matter")


KIND = PaymentKind(
    model=ContinuityPremium,
    say=say,
    marks={
        "ContinuityPremium": {PAID: "measure steps returning_client"},
        "ContinuityStep": {PAID: "at_least_percent add_percent of amount"},
        "ReturningClient": {PAID: "within_months amount"},
    },
    price=price,
    beside=True,
    adds_only=True,
    curve=_curve,
    parts=parts,
    circumstances=circumstances,
    checks=(_steps, _premium),
    pay_steps=lambda block: (Decimal(step.at_least_percent) for step in block.steps),
)
