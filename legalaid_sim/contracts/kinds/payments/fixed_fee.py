"""One fee for a matter, whatever the work, with an escape to hourly pay."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.blocks.marking import ACTED, ASKED, PAID
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.payments.additions import BoltOn, bolt_ons, bolt_ons_said, extras, uplift
from legalaid_sim.contracts.kinds.payments.escaping import Escape, escape_said, escape_test
from legalaid_sim.contracts.kinds.payments.fees import tell_amount
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.tools.checking import each_known, sums_to_100
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep, StepRun, needed
from legalaid_sim.contracts.tools.lookups import Lookup
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import BASE, ESCAPE, PricingState
from legalaid_sim.contracts.tools.wording import said, words
from legalaid_sim.contracts.vocabulary.facts import TIME_HEADINGS
from legalaid_sim.contracts.vocabulary.supposing import COST_RATE, LARGE_COST, OTHER_MINUTES
from legalaid_sim.contracts.vocabulary.values import MoneyValue, PercentValue
from legalaid_sim.contracts.vocabulary.wants import NeededKey, Wanted
from legalaid_sim.errors import Problem


class FixedFee(PaymentBlock):
    """One fee for a matter, with bundled items, bolt-ons, extras and an escape to hourly pay."""

    kind: Literal["fixed_fee"]
    amount: MoneyValue
    bundled: dict[str, MoneyValue] = Field(default_factory=dict)
    bolt_ons: dict[str, BoltOn] = Field(default_factory=dict)
    extras: tuple[str, ...] = ()
    escape: Escape | None = None
    uplift_percent: PercentValue | None = None


def price(block: FixedFee, context: CompileContext) -> Iterator[PhaseStep]:
    """Pay one fee, whatever the work; add bolt-ons and extras; test for escape."""
    yield PhaseStep(BASE, _flat(block, BASE, context.money(block.amount, block, "amount")))
    yield from bolt_ons(block, context)
    yield from extras(block)
    yield from uplift(block, context)
    if block.escape:
        yield PhaseStep(ESCAPE, escape_test(block, block.escape, context))


def _flat(block: PaymentBlock, phase: int, amount: Lookup) -> StepRun:
    name, dated_by = block.id, block.dated_by

    def pay(case: PricingState) -> None:
        day = case.day(dated_by, name)
        pence = needed(amount.on(day, case), name, "amount")
        case.picked = (amount, day)
        case.pay(phase, name, pence, "fees", "fee")
        if case.trace is not None:
            tell_amount(case, phase, name, pence, amount, day, dated_by)

    return pay


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    yield f"{said(block.amount, contract)} a matter, whatever the work"
    yield from (
        f"{said(amount, contract)} for the {words(item)} is bundled in"
        for item, amount in block.bundled.items()
    )
    yield from bolt_ons_said(block, contract)
    if block.escape is not None:
        yield from escape_said(block.escape, contract)


def parts(block: FixedFee) -> Iterator[NeededKey]:
    """Give what its keys need."""
    escape = block.escape
    if escape is not None:
        timed = (Wanted("minutes", name) for name in escape.measured_on if name in escape.rates)
        yield "escape", (*timed, *(Wanted("costs", name) for name in escape.measured_on))


def circumstances(block: FixedFee) -> Iterator[dict[str, Any]]:
    """Give facts that it tells apart."""
    if block.escape is None:
        return
    timed = tuple(heading for heading in block.escape.rates if heading != "profit")
    if timed:
        yield {f"minutes.{heading}": OTHER_MINUTES for heading in timed}
    if not block.escape.rates:
        yield {"costed": COST_RATE}
        yield {f"costs.{heading}": LARGE_COST for heading in block.escape.measured_on}


def _thresholds(page: Page, placed: Placed) -> Iterator[Problem]:
    block = placed.block
    if block.escape is None:
        return
    for where, over, fee in page.pairs(block.escape.over, block.amount, block.table):
        if over <= fee:
            message = f"the escape threshold {over} is not above the fee {fee} ({where})"
            yield page.problem("CP301", message, (*placed.path, "escape", "over"))
            break
    yield from _rates(page, placed)
    if block.escape.assessment and block.escape.assessment.outcomes_percent:
        path = (*placed.path, "escape", "assessment", "outcomes_percent")
        yield from sums_to_100(page, path, list(block.escape.assessment.outcomes_percent.values()))


def _rates(page: Page, placed: Placed) -> Iterator[Problem]:
    escape = placed.block.escape
    missing = [
        heading for heading in escape.measured_on if heading in TIME_HEADINGS and heading not in escape.rates
    ]
    if missing and escape.pays != "flag_only":
        message = (
            f"a simulated matter states hours, and no rate here turns {missing[0]} into costs to measure"
        )
        remedy = f"write rates: {{{missing[0]}: ...}} in this escape"
        yield page.problem("CP309", message, (*placed.path, "escape"), at_key=True, help=remedy)


def _items(page: Page, placed: Placed) -> Iterator[Problem]:
    """Find what comes off the measured costs and is not there."""
    written = placed.written
    if isinstance(written.get("escape"), dict):
        known = ["bolt_ons", *written.get("bolt_ons", {}), *written.get("bundled", {})]
        less = written["escape"].get("less", [])
        yield from each_known(
            page, (*placed.path, "escape", "less"), less, known, "this block's bolt_ons and bundled"
        )


KIND = PaymentKind(
    model=FixedFee,
    say=say,
    marks={
        "FixedFee": {PAID: "amount bundled bolt_ons extras escape uplift_percent"},
        "Escape": {PAID: "over measured_on less pays share_percent rates assessment", ACTED: "flag"},
        "Assessment": {PAID: "days outcomes_percent reduced_by_percent", ASKED: "minutes"},
    },
    price=price,
    is_base=True,
    for_a_matter=True,
    parts=parts,
    circumstances=circumstances,
    checks=(_thresholds,),
    sound=(_items,),
)
