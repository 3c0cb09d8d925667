"""A price for each eligible head in the area, whoever comes."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.blocks.marking import PAID, PERMITTED, TOLD
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.kind import Prospects
from legalaid_sim.contracts.kinds.payments.grants import PassedOn, UnspentMoney, trust_said
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.kinds.payments.monthly import TOLD_BY_MONTH, UNHEARD_BY_MONTH, Monthly
from legalaid_sim.contracts.tools.amounts import WHOLE, ends_period, millionths_of, period_start
from legalaid_sim.contracts.tools.checking import note
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import BASE, PERIOD
from legalaid_sim.contracts.tools.wording import said, words
from legalaid_sim.contracts.vocabulary.facts import Line, PeriodFacts
from legalaid_sim.contracts.vocabulary.values import (
    Comparison,
    Conditions,
    Count,
    MoneyValue,
    Number,
    NumberValue,
    ShareValue,
    Terms,
)
from legalaid_sim.contracts.vocabulary.wants import AnyOf, NeededKey, Wanted, wanted
from legalaid_sim.errors import Problem
from legalaid_sim.units import MONTHS_PER_YEAR, months_between


class Heads(Terms):
    """Who is counted, and how heads weigh by region."""

    source: str = "area.eligible_population"
    weights: dict[str, Number] = Field(default_factory=dict)
    counted_every_years: Count | None = Field(
        default=None, ge=1, description="counted again after so many contract years; left out: once"
    )


class MustAccept(Terms):
    """Whom the provider may not turn away."""

    applies_to: Conditions = Field(default_factory=dict)
    unless: str | None = None


class Below(Terms):
    """How much comes off for each point below the floor."""

    reduce_percent: ShareValue
    per: Literal["point_below"] = "point_below"


class AccessFloor(Terms):
    """Clients seen per thousand heads a year, below which pay falls."""

    clients_seen_per_1000: NumberValue
    below: Below


class Capitation(PaymentBlock):
    """A price for each eligible head in the area, whoever comes."""

    kind: Literal["capitation"]
    amount: MoneyValue
    per: Literal["head_year", "head_month"] = "head_year"
    heads: Heads = Heads()
    must_accept: MustAccept | None = None
    access_floor: AccessFloor | None = None
    unspent: UnspentMoney | None = None
    passed_on: PassedOn | None = None


MILLE = 1000


class ByHead(Monthly):
    """Capitation: a price for each head, weighed by region, cut at the year's end below a floor."""

    block: Capitation

    def __init__(self, block: Capitation, *rest: Any) -> None:
        super().__init__(block, *rest)
        self.amount = self.money(block.amount, "amount")
        self.weight = Fraction(str(block.heads.weights.get(self.provider.region, 1)))
        self.counted = self.provider.heads
        self._new_year()

    def _new_year(self) -> None:
        self.people: set[str] = set()
        self.seen = self.year = 0
        self.months = Fraction(0)

    def ended(self, period: PeriodFacts) -> Iterator[Line]:
        """Pay the month's part for every head; at the year's end cut for those not seen, nobody counted twice."""
        if period.heads is not None and self._counts_again(period.first):
            self.counted = period.heads
        pence = self.lived(self._part(period.last), period)
        self.year += pence
        self.people |= period.people
        self.seen += 0 if period.people else period.clients_seen
        self.months += period.part
        if pence:
            yield Line(BASE, self.id, pence)
        if ends_period("contract_year", period.last, self.starts):
            yield from self._floor(period.last)
            self._new_year()

    def over(self, last: date) -> Iterator[Line]:
        """Cut for those not seen in the months of this year that have ended."""
        if self.months:
            yield from self._floor(last)

    def _part(self, day: date) -> int:
        total = self.on(self.amount, day) * self.weight * self.counted
        if self.block.per == "head_month":
            return self.rounded(total.numerator, total.denominator)
        at = months_between(
            period_start("contract_year", day, self.starts).replace(day=1), day.replace(day=1)
        )
        under = total.denominator * MONTHS_PER_YEAR
        return self.rounded(total.numerator * (at + 1), under) - self.rounded(total.numerator * at, under)

    def _counts_again(self, first: date) -> bool:
        """Tell whether heads are counted on this day: so many whole contract years after the contract began."""
        every = self.block.heads.counted_every_years
        months = months_between(self.starts.replace(day=1), first)
        return every is not None and months > 0 and months % (every * MONTHS_PER_YEAR) == 0

    def _floor(self, day: date) -> Iterator[Line]:
        floor, heads = self.block.access_floor, self.counted
        if floor is None or not heads:
            return
        wanted = (
            Fraction(self._thousandths(floor.clients_seen_per_1000, day), MILLE)
            * self.months
            / MONTHS_PER_YEAR
        )
        below = wanted - Fraction((self.seen + len(self.people)) * MILLE, heads)
        percent = self.library.lookup(floor.below.reduce_percent, millionths_of, f"{self.id}.below")
        if below > 0:
            cut = min(Fraction(1), below * self.on(percent, day) / WHOLE) * self.year
            yield Line(PERIOD, self.id, -self.rounded(cut.numerator, cut.denominator))

    def _thousandths(self, form: Any, day: date) -> int:
        return self.on(self.library.lookup(form, _thousandths, f"{self.id}.access_floor"), day)


def _thousandths(number: Any) -> int:
    return int(number * MILLE)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    yield f"{said(block.amount, contract)} per {words(block.per)}, whoever comes"
    if block.access_floor is not None:
        floor = said(block.access_floor.clients_seen_per_1000, contract)
        cut = said(block.access_floor.below.reduce_percent, contract)
        yield f"below {floor} clients seen per 1,000 heads, {cut} percent less for each point"
    if block.must_accept is not None:
        yield "the provider must take those who come" + (
            f", unless {words(block.must_accept.unless)}" if block.must_accept.unless else ""
        )
    every = block.heads.counted_every_years
    if every is not None:
        yield f"heads are counted again every {every} year{'' if every == 1 else 's'}"
    yield from trust_said(block, contract)


def parts(block: Capitation) -> Iterator[NeededKey]:
    """Give what its keys need."""
    if block.heads.counted_every_years is not None:
        yield "heads.counted_every_years", (Wanted("month", "heads"),)
    if block.must_accept is not None and block.must_accept.unless:
        yield "must_accept.unless", wanted(block.must_accept.unless)


def _nobody_seen(page: Page, placed: Placed, outlook: Prospects) -> Iterator[Problem]:
    same = [
        region
        for region in outlook.regions
        if outlook.year(region, clients=0) == outlook.year(region, clients=outlook.heads)
    ]
    if same:
        message = f"'{placed.id}' earns the same whether nobody is seen or everybody: seeing fewer saves cost"
        yield note(page, "CI204", message, (*placed.path, "id"))


def needs(block: Capitation) -> Iterator[AnyOf]:
    """Somebody to be paid for."""
    yield (Wanted("fact", "provider.heads", Comparison(over=0)),)


KIND = PaymentKind(
    model=Capitation,
    say=say,
    marks={
        "Capitation": {
            PAID: "amount per heads access_floor unspent passed_on",
            PERMITTED: "must_accept",
            TOLD: TOLD_BY_MONTH,
        },
        "Heads": {PAID: "weights counted_every_years", TOLD: "source"},
        "MustAccept": {PERMITTED: "applies_to unless"},
        "AccessFloor": {PAID: "clients_seen_per_1000 below"},
        "Below": {PAID: "reduce_percent", TOLD: "per"},
    },
    unheard={"Capitation": UNHEARD_BY_MONTH},
    monthly=ByHead,
    needs=needs,
    parts=parts,
    notes=_nobody_seen,
)
