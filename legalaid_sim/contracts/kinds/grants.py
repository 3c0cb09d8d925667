"""What is earned by the month, whoever comes: grants, capitation, standing charges, floors."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from legalaid_sim.contracts.schema import payments as written
from legalaid_sim.contracts.tools.amounts import (
    MONTHS_OF,
    WHOLE,
    Rounded,
    ends_period,
    millionths_of,
    minutes_of,
    pence_of,
    period_start,
)
from legalaid_sim.contracts.tools.awarding import award_clauses, price_awarded
from legalaid_sim.contracts.tools.case import BASE, PERIOD, Case
from legalaid_sim.contracts.tools.lookups import Library, Lookup
from legalaid_sim.contracts.vocabulary.facts import Line, MatterFacts, PeriodFacts, ProviderFacts
from legalaid_sim.errors import Refusal
from legalaid_sim.units import MINUTES_PER_HOUR, MONTHS_PER_YEAR, add_up, months_between

MILLE = 1000
SETTLED = {"year_end": "contract_year", "quarter_end": "quarter", "month_end": "month"}


class Monthly(ABC):
    """What every block earned by the month is made with: the provider, a way to look values up, rounding."""

    def __init__(
        self, block: Any, provider: ProviderFacts, starts: date, library: Library, rounded: Rounded
    ) -> None:
        self.block, self.id, self.provider, self.starts = block, block.id, provider, starts
        self.library, self.rounded = library, rounded
        self.case = Case(MatterFacts("-"), provider, starts)

    def money(self, form: Any, key: str) -> Lookup:
        """Compile an amount of this block."""
        return self.library.lookup(form, pence_of, f"{self.id}.{key}")

    def lived(self, pence: int, period: PeriodFacts) -> int:
        """Give as much of a month's pay as was lived of the month."""
        part = pence * period.part
        return pence if period.part == 1 else self.rounded(part.numerator, part.denominator)

    def on(self, lookup: Lookup, day: date) -> int:
        """Look a value up on a day; nothing counts as nought."""
        return lookup.on(day, self.case) or 0

    @abstractmethod
    def ended(self, period: PeriodFacts) -> Iterator[Line]:
        """Give the lines that a month's end brings."""

    def over(self, last: date) -> Iterator[Line]:
        """Give the lines that the contract's end within a year brings, the month that ended counted already."""
        return iter(())

    def marginal(self, day: date) -> float:
        """Give what one more minute of profit work is worth, in pence: a forecast, not money."""
        return 0.0


def advisers_of(provider: ProviderFacts) -> Fraction:
    """Give the full-time advisers that a contract let by the adviser counts; one where nobody said."""
    found = provider.facts.get("advisers", 1)
    try:
        return Fraction(str(found))
    except ValueError:
        why = f"the number of full-time advisers is needed, found {found!r}"
        raise Refusal("bad-fact", "provider.advisers", why) from None


class Grant(Monthly):
    """A block grant: monthly parts that sum to the year's amount, and hours settled at its end."""

    block: written.BlockGrant

    def __init__(self, block: written.BlockGrant, *rest: Any) -> None:
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


class ByHead(Monthly):
    """Capitation: a price for each head, weighed by region, cut at the year's end below a floor."""

    block: written.Capitation

    def __init__(self, block: written.Capitation, *rest: Any) -> None:
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
        percent = self.library.lookup(floor.below.reduce_percent, millionths_of, f"{self.id}.below").on(
            day, self.case
        )
        if below > 0:
            cut = min(Fraction(1), below * (percent or 0) / WHOLE) * self.year
            yield Line(PERIOD, self.id, -self.rounded(cut.numerator, cut.denominator))

    def _thousandths(self, form: Any, day: date) -> int:
        return self.on(self.library.lookup(form, _thousandths, f"{self.id}.access_floor"), day)


def _thousandths(number: Any) -> int:
    return int(number * MILLE)


class Standing(Monthly):
    """A standing charge: for each session staffed, or for the month."""

    block: written.StandingCharge

    def __init__(self, block: written.StandingCharge, *rest: Any) -> None:
        super().__init__(block, *rest)
        self.amount = self.money(block.amount, "amount")
        planned = block.sessions.per_month if block.sessions else None
        self.sessions = self.library.maybe(planned, int, f"{self.id}.sessions")
        least = block.sessions.least_clients if block.sessions else None
        self.least = self.library.maybe(least, int, f"{self.id}.sessions.least_clients")

    def ended(self, period: PeriodFacts) -> Iterator[Line]:
        """Pay the sessions planned, or those attended where attendance is needed; or who was seen at them."""
        desk = self.block.sessions.desk if self.block.sessions else None
        held = [seen for at, seen in period.sittings if desk in (None, at)]
        times = 1
        if self.block.per == "session":
            times = self._sessions(period.sessions if desk is None else len(held), period.last)
        elif self.block.per == "client":
            least = self.on(self.least, period.last) if self.least else 0
            most = self.on(self.sessions, period.last) if self.sessions else len(held)
            times = add_up(max(least, seen) for seen in held[:most])
        pence = times * self.on(self.amount, period.last)
        pence = self.lived(pence, period) if self.block.per == "month" else pence
        if pence:
            yield Line(BASE, self.id, pence)

    def _sessions(self, held: int, on: date) -> int:
        planned = self.on(self.sessions, on) if self.sessions else held
        needed = self.block.sessions is not None and self.block.sessions.attended_needed
        return min(planned, held) if needed else planned


class Guarantee(Monthly):
    """A tendered price's volume guarantee: the payer makes up matters that it did not send."""

    block: written.TenderedPrice

    def __init__(self, block: written.TenderedPrice, *rest: Any) -> None:
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
        held = all(clause.holds(self.case) for clause in award_clauses(self.block))
        if short > 0 and held:
            price = price_awarded(self.award, self.on(self.amount, last), self.case)
            yield Line(PERIOD, self.id, short * price)


class Envelope(Monthly):
    """A cap and a floor on what named blocks earn in a period, before tax."""

    block: written.Limit

    def __init__(self, block: written.Limit, *rest: Any) -> None:
        super().__init__(block, *rest)
        self.counted = frozenset(block.on.payments)
        self.most = self.money(block.at_most.amount, "at_most") if block.at_most else None
        self.least = self.money(block.at_least.amount, "at_least") if block.at_least else None
        self.by_client = block.per in written.BY_CLIENT
        self.given: dict[str, int] = {}
        self.in_month = 0
        self.months: list[int] = []
        self.since = date.min
        self.ratchet = block.ratchet

    def _turn(self, day: date) -> None:
        start = period_start(self.block.per, day, self.starts)
        if start != self.since:
            self.since, self.given = start, {}

    @property
    def spent(self) -> int:
        """Give what was given in the period that runs."""
        return add_up(self.given.values())

    def _given_to(self, client: str) -> int:
        return self.given.get(client, 0) if self.by_client else self.spent

    def hold(self, lines: Iterable[Line], day: date, client: str = "") -> tuple[int, bool]:
        """Count lines toward the period (or the client); give the pence to come off, and whether the cap is passed."""
        self._turn(day)
        if self.by_client and not client:
            return 0, False
        pence = add_up(line.pence for line in lines if line.block in self.counted)
        over = self._given_to(client) + pence - self.on(self.most, day) if self.most is not None else 0
        keeps = self.block.at_most is not None and self.block.at_most.on_breach in ("cap", "stop_paying")
        off = min(max(0, over), max(0, pence)) if keeps else 0
        self._give(client, pence - off)
        self.in_month += pence - off
        return off, over > 0

    def _give(self, client: str, pence: int) -> None:
        who = client if self.by_client else ""
        self.given[who] = self.given.get(who, 0) + pence

    def within(self, others: Iterable["Envelope"]) -> "Envelope":
        """Count what other limits, looked at before, take off the same payments."""
        self.counted |= {other.id for other in others if other.counted <= self.counted}
        return self

    def full(self, day: date, client: str = "") -> bool:
        """Tell whether the cap is reached where reaching it stops new matters."""
        self._turn(day)
        stops = self.block.at_most is not None and self.block.at_most.on_breach in (
            "refuse",
            "seek_authority",
        )
        return stops and self.most is not None and self._given_to(client) >= self.on(self.most, day)

    def ended(self, period: PeriodFacts) -> Iterator[Line]:
        """Pay the difference to the floor where its period ends; the ratchet's floor is a month's."""
        self._turn(period.last)
        floor = self._ratchet(period.last)
        pence = max(0, floor - self.in_month)
        self.months.append(self.in_month)
        self.in_month = 0
        if self.least is not None and ends_period(self._settled(), period.last, self.starts):
            pence += max(0, self._floor(period.last) - self.spent - pence)
        if pence:
            self._give("", pence)
            yield Line(PERIOD, self.id, pence)

    def end(self) -> None:
        """Guarantee no floor any more: the contract has ended."""
        self.least = self.ratchet = None

    def _settled(self) -> str:
        """Give the period at whose end the floor's difference is paid."""
        when = self.block.at_least.pays_difference if self.block.at_least else "period_end"
        return SETTLED.get(when, self.block.per)

    def _floor(self, day: date) -> int:
        """Give the part of the floor for the months of the period that have ended."""
        whole = self.on(self.least, day) if self.least is not None else 0
        months = MONTHS_OF.get(self.block.per)
        if months is None:
            return whole
        gone = months_between(self.since.replace(day=1), day.replace(day=1)) + 1
        return self.rounded(whole * min(gone, months), months)

    def _ratchet(self, day: date) -> int:
        if self.ratchet is None or not self.months:
            return 0
        best = max(self.months[-self.ratchet.looking_back_months :])
        percent = self.library.lookup(self.ratchet.floor_is_percent, millionths_of, f"{self.id}.ratchet")
        return self.rounded(best * self.on(percent, day), WHOLE)


KINDS: dict[str, type[Monthly]] = {
    "block_grant": Grant,
    "capitation": ByHead,
    "standing_charge": Standing,
    "tendered_price": Guarantee,
}
