"""A grant for a year, paid in monthly parts, that may buy hours."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.blocks.marking import PAID, TOLD
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.kind import Prospects
from legalaid_sim.contracts.kinds.payments.grants import PassedOn, UnspentMoney, trust_said
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.kinds.payments.monthly import TOLD_BY_MONTH, UNHEARD_BY_MONTH, Monthly
from legalaid_sim.contracts.tools.amounts import WHOLE, ends_period, millionths_of, minutes_of, period_start
from legalaid_sim.contracts.tools.checking import note, sums_to_100
from legalaid_sim.contracts.tools.holders import advisers_of
from legalaid_sim.contracts.tools.lookups import Lookup
from legalaid_sim.contracts.tools.page import EVERYWHERE, Page, Placed
from legalaid_sim.contracts.tools.pricing_state import BASE, PERIOD
from legalaid_sim.contracts.tools.wording import said, words
from legalaid_sim.contracts.tools.working_time import hour_costs, working_year
from legalaid_sim.contracts.vocabulary.facts import Line, PeriodFacts
from legalaid_sim.contracts.vocabulary.values import MoneyValue, NumberValue, Share, ShareValue, Terms
from legalaid_sim.contracts.vocabulary.wants import NeededKey, Wanted
from legalaid_sim.errors import Problem
from legalaid_sim.units import MINUTES_PER_HOUR, MONTHS_PER_YEAR, add_up, months_between

NIL = Decimal(0)


class Buys(Terms):
    """What a grant buys in a year, whatever its amount is for: hours of a heading."""

    hours: NumberValue
    counted_on: str = "work.hours.profit"


class Shortfall(Terms):
    """What is paid back when fewer hours are given than were bought, beyond a tolerance."""

    tolerance_percent: ShareValue = NIL
    recover_at: MoneyValue
    per: Literal["hour"] = "hour"
    settle: Literal["year_end"] = "year_end"


class Surplus(Terms):
    """What is paid for hours beyond those bought, and how many may count next year."""

    pay_at: MoneyValue = NIL
    carry_forward_percent: ShareValue = NIL


class BlockGrant(PaymentBlock):
    """A grant for a year, paid in monthly parts, that may buy hours."""

    kind: Literal["block_grant"]
    amount: MoneyValue
    per: Literal["contract_year", "calendar_year", "financial_year", "month"] = "contract_year"
    for_each: Literal["contract", "adviser"] = Field(
        default="contract", description="adviser: amount and hours are for one full-time adviser"
    )
    buys: Buys | None = None
    profile: Literal["equal_months"] | Annotated[tuple[Share, ...], Field(min_length=12, max_length=12)] = (
        "equal_months"
    )
    shortfall: Shortfall | None = None
    surplus: Surplus | None = None
    unspent: UnspentMoney | None = None
    passed_on: PassedOn | None = None


class Grant(Monthly):
    """A block grant: monthly parts that sum to the year's amount, and hours settled at its end."""

    block: BlockGrant

    def __init__(self, block: BlockGrant, *rest: Any) -> None:
        super().__init__(block, *rest)
        self.amount = self.money(block.amount, "amount")
        self.hours = self.library.maybe(
            block.buys.hours if block.buys else None, minutes_of, f"{self.id}.buys.hours"
        )
        self.heading = block.buys.counted_on.rpartition(".")[2] if block.buys else ""
        self.recover = (
            self.money(block.shortfall.recover_at, "shortfall.recover_at") if block.shortfall else None
        )
        self.pay_more = self.money(block.surplus.pay_at, "surplus.pay_at") if block.surplus else None
        self.tolerance = self._percent(
            block.shortfall.tolerance_percent if block.shortfall else None, "tolerance"
        )
        self.carry = self._percent(
            block.surplus.carry_forward_percent if block.surplus else None, "carry_forward"
        )
        self.times = advisers_of(self.provider) if block.for_each == "adviser" else Fraction(1)
        self.worked = self.carried = 0
        self.months = Fraction(0)

    def _percent(self, form: Any, key: str) -> Lookup | None:
        return self.library.maybe(form, millionths_of, f"{self.id}.{key}")

    def _scaled(self, number: int) -> int:
        scaled = number * self.times
        return self.rounded(scaled.numerator, scaled.denominator)

    def ended(self, period: PeriodFacts) -> Iterator[Line]:
        """Pay the month's part; at the end of the year settle hours bought against hours worked."""
        pence = self.lived(self._part(period.last), period)
        if pence:
            yield Line(BASE, self.id, pence)
        self.worked += _counted(period, self.heading)
        self.months += period.part
        if self.hours is not None and ends_period(self._year(), period.last, self.starts):
            yield from self._settle(period.last)

    def over(self, last: date) -> Iterator[Line]:
        """Settle hours bought for the months of this year that have ended."""
        if self.hours is not None and self.months:
            yield from self._settle(last)

    def _year(self) -> str:
        return "contract_year" if self.block.per == "month" else self.block.per

    def _part(self, day: date) -> int:
        yearly = self._scaled(self.on(self.amount, day))
        if self.block.per == "month":
            return yearly
        at = months_between(period_start(self.block.per, day, self.starts).replace(day=1), day.replace(day=1))
        # The difference of two rounded sums, so that twelve parts come to the whole.
        return self._share_to(yearly, at + 1) - self._share_to(yearly, at)

    def _share_to(self, yearly: int, months: int) -> int:
        if self.block.profile == "equal_months":
            return self.rounded(yearly * months, MONTHS_PER_YEAR)
        return self.rounded(
            yearly * add_up(millionths_of(part) for part in self.block.profile[:months]), WHOLE
        )

    def bought(self, day: date) -> int:
        """Give the minutes bought for the months of this year that have ended."""
        if self.hours is None:
            return 0
        return int(self._scaled(self.on(self.hours, day)) * self.months // MONTHS_PER_YEAR)

    def _settle(self, day: date) -> Iterator[Line]:
        bought, done = self.bought(day), self.worked + self.carried
        allowed = bought - bought * (self.on(self.tolerance, day) if self.tolerance else 0) // WHOLE
        carried = 0
        if self.recover is not None and done < allowed:
            yield Line(
                PERIOD,
                self.id,
                -self.rounded((allowed - done) * self.on(self.recover, day), MINUTES_PER_HOUR),
            )
        elif done > bought:
            carried = min(done - bought, bought * (self.on(self.carry, day) if self.carry else 0) // WHOLE)
            more = self.on(self.pay_more, day) if self.pay_more else 0
            pence = self.rounded((done - bought - carried) * more, MINUTES_PER_HOUR)
            if pence:
                yield Line(PERIOD, self.id, pence)
        self.worked, self.carried, self.months = 0, carried, Fraction(0)

    def marginal(self, day: date) -> float:
        """Behind the hours bought, an hour saves what would be recovered; ahead, it earns the surplus."""
        if self.hours is None:
            return 0.0
        behind = self.worked + self.carried < self.bought(day) or not self.months
        rate = self.recover if behind else self.pay_more
        return self.on(rate, day) / MINUTES_PER_HOUR if rate is not None else 0.0


def _counted(period: PeriodFacts, heading: str) -> int:
    if heading in ("hours", "minutes"):
        return add_up(period.minutes.values())
    return period.minutes.get(heading, 0)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    each = " for each full-time adviser" if block.for_each == "adviser" else ""
    yield f"{said(block.amount, contract)} per {words(block.per)}{each}, in monthly parts"
    if block.buys is not None:
        year = "a year, though the amount is a month's" if block.per == "month" else "a year"
        counted = words(block.buys.counted_on)
        yield f"it buys {said(block.buys.hours, contract)} hours {year}, counted on {counted}"
    if block.shortfall is not None:
        spared = said(block.shortfall.tolerance_percent, contract)
        price = said(block.shortfall.recover_at, contract)
        yield f"hours not given beyond {spared} percent are paid back at {price} each"
    if block.surplus is not None:
        yield f"hours beyond those bought are paid at {said(block.surplus.pay_at, contract)} each"
    yield from trust_said(block, contract)


def parts(block: BlockGrant) -> Iterator[NeededKey]:
    """Give what its keys need."""
    heading = block.buys.counted_on.rpartition(".")[2] if block.buys else ""
    if heading and heading not in ("hours", "minutes"):
        yield "buys", (Wanted("minutes", heading),)


def _profile(page: Page, placed: Placed) -> Iterator[Problem]:
    if isinstance(placed.block.profile, tuple):
        yield from sums_to_100(page, (*placed.path, "profile"), placed.block.profile)


def _no_more(page: Page, placed: Placed, outlook: Prospects) -> Iterator[Problem]:
    """Say from where on further hours earn nothing, in each region; regions that are alike are told once."""
    enough = {region: _enough(page, placed, outlook, region) for region in outlook.regions}
    for bought, hours in dict.fromkeys(found for found in enough.values() if found is not None):
        where = [region for region, found in enough.items() if found == (bought, hours)]
        place = "" if len(where) == len(enough) else f" in {' and '.join(where)}"
        message = (
            f"from {hours:,} hours in the year on more hours earn nothing more{place}: "
            f"'{placed.id}' buys {bought:,} and pays nothing beyond"
        )
        yield note(page, "CI201", message, (*placed.path, "buys"))


def _enough(page: Page, placed: Placed, outlook: Prospects, region: str) -> tuple[int, int] | None:
    """Give the hours that a grant buys in a region and those that earn all of it; None where more earn more."""
    buys = placed.block.buys
    points = page.points(buys.hours) if buys is not None else {}
    here = [number for point, number in points.items() if point.region in (region, EVERYWHERE)]
    bought = int(max(here, default=Decimal(0)))
    full = outlook.year(region, hours=bought)
    if not bought or full is None or full != outlook.year(region, hours=2 * bought):
        return None
    shares = (s for s in range(0, 101, 5) if outlook.year(region, hours=bought * s // 100) == full)
    return bought, bought * next(shares) // 100


# An hour bought for less than this share of what an hour of an adviser costs is hardly meant.
CHEAP = Decimal("0.2")
# And one for more than this many times that, where the amount is for a month, is of hours that are meant for one too.
DEAR = Decimal(6)


def _cheap_hours(page: Page, placed: Placed) -> Iterator[Problem]:
    if placed.block.buys is None:
        return
    months = MONTHS_PER_YEAR if placed.block.per == "month" else 1
    for _, hours, amount in page.pairs(placed.block.buys.hours, placed.block.amount, placed.block.table):
        if hours and amount * months / hours < CHEAP * hour_costs():
            posts, costs = hours / working_year(), hour_costs() * hours
            message = (
                f"{amount * months:,.2f} a year buys {hours:,} hours: {amount * months / hours:,.2f} each, "
                f"for the work of {posts:,.0f} full-time posts, which cost some {costs:,.0f} GBP"
            )
            yield page.problem("CV119", message, (*placed.path, "buys", "hours"))
            return
        if hours and placed.block.per == "month" and amount * months / hours > DEAR * hour_costs():
            message = (
                f"{amount:,.2f} a month buys {hours:,} hours a year: {amount * months / hours:,.2f} each; "
                "hours are a year's, also where the amount is for a month"
            )
            remedy = f"write {hours * months:,} where {hours:,} are a month's"
            yield page.problem("CV119", message, (*placed.path, "buys", "hours"), help=remedy)
            return


KIND = PaymentKind(
    model=BlockGrant,
    say=say,
    marks={
        "BlockGrant": {
            PAID: "amount per for_each buys profile shortfall surplus unspent passed_on",
            TOLD: TOLD_BY_MONTH,
        },
        "UnspentMoney": {PAID: "tolerance_percent"},
        "PassedOn": {PAID: "percent", TOLD: "to"},
        "Buys": {PAID: "hours counted_on"},
        "Shortfall": {PAID: "tolerance_percent recover_at", TOLD: "per settle"},
        "Surplus": {PAID: "pay_at carry_forward_percent"},
    },
    unheard={"BlockGrant": UNHEARD_BY_MONTH},
    monthly=Grant,
    parts=parts,
    checks=(_profile, _cheap_hours),
    notes=_no_more,
)
