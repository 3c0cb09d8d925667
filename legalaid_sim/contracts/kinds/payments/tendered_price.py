"""A price for each matter or hour as bid and awarded, with a volume guarantee where one is given."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.blocks.marking import PAID, PERMITTED
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.payments.fees import pay_time
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.kinds.payments.monthly import Monthly
from legalaid_sim.contracts.kinds.payments.tendering import Award, award_clauses, price_awarded
from legalaid_sim.contracts.tools.amounts import WHOLE, ends_period, millionths_of
from legalaid_sim.contracts.tools.checking import not_below, sums_to_100
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import BASE, PERIOD, PricingState, money
from legalaid_sim.contracts.tools.wording import at_percent, said, words
from legalaid_sim.contracts.vocabulary.facts import Line, PeriodFacts
from legalaid_sim.contracts.vocabulary.supposing import MANY
from legalaid_sim.contracts.vocabulary.values import MoneyValue
from legalaid_sim.contracts.vocabulary.wants import AnyOf, NeededKey, Wanted
from legalaid_sim.errors import Problem
from legalaid_sim.units import MONTHS_PER_YEAR


class TenderedPrice(PaymentBlock):
    """A price for each matter or hour as bid and awarded, with a volume guarantee where one is given."""

    kind: Literal["tendered_price"]
    unit_of_work: Literal["matter", "hour"] = "matter"
    award: Award
    amount: MoneyValue


def price(block: TenderedPrice, context: CompileContext) -> Iterator[PhaseStep]:
    """Pay the awarded price for each matter, or each hour."""
    amount, name = context.money(block.amount, block, "amount"), block.id

    def pay(case: PricingState) -> None:
        price = price_awarded(block.award, amount.or_nought(case.day(block.dated_by, name), case), case)
        if block.unit_of_work == "hour":
            pay_time(case, BASE, name, price, 0, context.rounded)
            return
        case.pay(BASE, name, price, "fees", "fee")
        if case.trace is not None:
            case.tell(BASE, name, price, f"{money(price)} a matter, by {block.award.method}")

    yield PhaseStep(BASE, pay)


class Guarantee(Monthly):
    """A tendered price's volume guarantee: the payer makes up matters that it did not send."""

    block: TenderedPrice

    def __init__(self, block: TenderedPrice, *rest: Any) -> None:
        super().__init__(block, *rest)
        self.amount = self.money(block.amount, "amount")
        award = self.award = block.award
        share = millionths_of(award.volume_guarantee_percent or 0)
        self.guaranteed = (award.guaranteed_matters or 0) * share // WHOLE
        self.closed, self.months = 0, Fraction(0)

    def ended(self, period: PeriodFacts) -> Iterator[Line]:
        """At the year's end pay for guaranteed matters that did not come."""
        self.closed += period.closed
        self.months += period.part
        if ends_period("contract_year", period.last, self.starts):
            yield from self.over(period.last)

    def over(self, last: date) -> Iterator[Line]:
        """Pay for guaranteed matters of the months of this year that did not come."""
        short = int(self.guaranteed * self.months // MONTHS_PER_YEAR) - self.closed
        self.closed, self.months = 0, Fraction(0)
        held = all(clause.holds(self.case) for clause in award_clauses(self.block.award))
        if short > 0 and held:
            price = price_awarded(self.award, self.on(self.amount, last), self.case)
            yield Line(PERIOD, self.id, short * price)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    method = words(block.award.method)
    yield f"{said(block.amount, contract)} per {block.unit_of_work}, the price awarded by {method}"
    if block.award.bid_between:
        yield f"bids lie between {block.award.bid_between[0]} and {block.award.bid_between[1]}"
    if block.award.volume_guarantee_percent is not None:
        yield f"{at_percent(block.award.volume_guarantee_percent)} of the volume is guaranteed"


def parts(block: TenderedPrice) -> Iterator[NeededKey]:
    """What decides between bids needs somebody who bids."""
    told = {"price_weight_percent", "quality_weight_percent", "bid_between", "winners"}
    yield from (
        (f"award.{name}", (Wanted("fact", "provider.bid"),))
        for name in type(block.award).model_fields
        if name in told & block.award.model_fields_set
    )


def circumstances(block: TenderedPrice) -> Iterator[dict[str, Any]]:
    """Give facts that it tells apart."""
    if block.award.method == "pay_as_bid":
        low, high = block.award.bid_between or (0, MANY)
        yield from ({"provider.bid": int(bid * 100)} for bid in (max(0, low - 1), high + 1))


def _award(page: Page, placed: Placed) -> Iterator[Problem]:
    award, path = placed.block.award, (*placed.path, "award")
    if award.method == "quality_weighted":
        yield from sums_to_100(page, path, (award.price_weight_percent, award.quality_weight_percent))
    if award.bid_between:
        yield from not_below(page, (*path, "bid_between"), *award.bid_between)


def _lots(block: TenderedPrice) -> Iterator[AnyOf]:
    if block.award.lots:
        yield (Wanted("fact", "provider.region", block.award.lots),)


KIND = PaymentKind(
    model=TenderedPrice,
    say=say,
    marks={
        "TenderedPrice": {PAID: "unit_of_work award amount"},
        "Award": {
            PAID: "method volume_guarantee_percent guaranteed_matters",
            PERMITTED: "lots bid_between winners price_weight_percent quality_weight_percent",
        },
    },
    price=price,
    monthly=Guarantee,
    is_base=True,
    for_a_matter=True,
    clauses=lambda block: award_clauses(block.award),
    asks=_lots,
    parts=parts,
    circumstances=circumstances,
    inputs=lambda block: ["costs.profit", "minutes.profit"] if block.unit_of_work == "hour" else [],
    checks=(_award,),
)
