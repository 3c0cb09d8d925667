"""An organisation's story, month by month: books, pressure, want of money; what becomes of its people is told apart."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from legalaid_sim import events
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.contracts.vocabulary.facts import CashPayment, PeriodFacts
from legalaid_sim.engine.agency import House, MonthCounts
from legalaid_sim.engine.booking import Booking
from legalaid_sim.engine.careers import Careers
from legalaid_sim.engine.clock import Call, call_at
from legalaid_sim.engine.closing import Closing
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.ledger import Ledger
from legalaid_sim.events import make
from legalaid_sim.units import MINUTES_PER_DAY, add_months, add_up, round_half_up


class PhaseChange(NamedTuple):
    """The first day of a month on which something else comes into force.

    ``leaves`` says whether an organisation comes to hold other contracts, ``take_up`` puts all of it in force there.
    """

    on: date
    leaves: Callable[[House], bool]
    take_up: Callable[[House], None]


def _in_force(heads: Mapping[date, int], on: date) -> int | None:
    """Give the count of an area's people that is the latest on a day; nothing where it is never counted anew."""
    return max(((day, count) for day, count in heads.items() if day <= on), default=(on, None))[1]


def month_ends(begins: date, ends: date) -> list[date]:
    """First days after each calendar month between two dates; the last is ``ends`` even within a month."""
    found = []
    day = add_months(begins.replace(day=1), 1)
    while day < ends:
        found.append(day)
        day = add_months(day, 1)
    return [*found, ends]


def monthly(pence_a_year: int, start: date, end: date) -> int:
    """Give a twelfth of a yearly sum, or as much of it as the month has days from ``start`` to ``end``.

    >>> monthly(1_200, date(2008, 2, 1), date(2008, 3, 1))
    100
    """
    first = start.replace(day=1)
    whole = 12 * (add_months(first, 1) - first).days
    return (2 * pence_a_year * (end - start).days + whole) // (2 * whole)


def _part_of_month(first: date, last: date) -> Fraction:
    """How much of its month a period is."""
    begins = first.replace(day=1)
    return Fraction((last - first).days + 1, (add_months(begins, 1) - begins).days)


class MonthClosing:
    """The months of all organisations, closed one after the other."""

    def __init__(
        self, common: Common, ends: Sequence[date], changes: Sequence[PhaseChange], ledger: Ledger, careers: Careers,
        closing: Closing, booking: Booking, add_routine: Callable[..., None],
    ) -> None:  # fmt: skip
        self._clock = common.clock
        self._calendar = common.calendar
        self._houses = common.houses
        self._settings = common.settings
        self._tell = common.tell
        self._ends = ends
        self.changes = changes
        self._ledger = ledger
        self._careers = careers
        self._closing = closing
        self._booking = booking
        self._add_routine = add_routine

    def come(self, changes: Sequence[PhaseChange]) -> None:
        """Let other changes come than were known so far."""
        self.changes = changes

    def begin(self) -> None:
        """Let every organisation's months begin, with everybody in post."""
        for house in self._houses:
            for account in house.accounts:
                self._move(house, account, account.cash_ahead(self._calendar.begins), 0)
            for desk in house.everybody:
                self._careers.join(desk, 0)
            self._supervision(house, 0)

    def expect(self) -> None:
        """Let the first month of every organisation come to its end."""
        for house in self._houses:
            self._expect_end(house, 0)

    def _expect_end(self, house: House, month: int) -> None:
        end = self._ends[month]
        minute = self._calendar.midnight(end)
        # The last month is closed a minute early, since a run stops before what is due at its end.
        call_at(self._clock, minute - (end == self._ends[-1]), self._end_of, (house, month))

    def _end_of(self, call: Call) -> None:
        house, month = call.arg
        end, last = self._ends[month], month + 1 == len(self._ends)
        self._close_month(house, month, self._ends[month - 1] if month else self._calendar.begins, end, last)
        if not last:
            self._expect_end(house, month + 1)

    def _close_month(self, house: House, month: int, start: date, end: date, last: bool) -> None:
        now: int = self._clock.now
        begin, until = self._calendar.midnight(start), self._calendar.midnight(end)
        everybody, books = house.everybody, house.books
        admin = self._diaries(everybody, month, begin, until, now)
        # Known before contracts settle, which may ask what the month cost, and paid after, with what they bring.
        books.foresee(self._bills(house, everybody, start, end))
        self._settle(house, start, end - timedelta(days=1), now)
        if not house.shut:
            self._pay(house, start, end)
        # Before a new month begins to be counted from nothing.
        cost = books.spent
        books.close_month(self._settings.pressure_months, self._settings.reserve_months)
        self._tell(
            make.month_closed(
                now, organisation=house.name, month=month, income=books.income, spending=cost,
                reserves=books.reserves, unpaid=books.entitled - books.paid,
                open_matters=add_up(matter.open for desk in house.desks for matter in desk.matters.values()),
                pressure=books.pressure,
            )
        )  # fmt: skip
        house.new_month()
        if not last and not house.shut:
            self._careers.month(house, everybody, month, admin, now)
            if house.may_shrink:
                self._shrink(house, everybody, cost, now)
            self._supervision(house, month + 1)
        for change in self.changes:
            # The month that ends is closed at every organisation before anything changes at any.
            if change.on == end and not last and house is self._houses[-1]:
                self._make(change, now)

    # ---- another contract ----------------------------------------------------------------------------------------

    def _make(self, change: PhaseChange, now: int) -> None:
        """Put another phase in force everywhere; contracts that end are settled for what has passed."""
        for house in self._houses:
            leaves, before = change.leaves(house), house.accounts
            change.take_up(house)
            if leaves:
                for account in house.accounts:
                    self._move(house, account, account.cash_ahead(change.on), now)
                after = "+".join(account.terms.name for account in house.accounts)
                left = "+".join(account.terms.name for account in before)
                self._tell(make.contract_changed(now, organisation=house.name, before=left, after=after))

    # ---- the books -----------------------------------------------------------------------------------------------

    def _settle(self, house: House, first: date, last: date, now: int) -> None:
        after = last + timedelta(days=1)
        leaves = any(change.on == after and change.leaves(house) for change in self.changes)
        for account in house.accounts:
            self._month_of(house, account, house.month, first, last, now)
            if leaves:
                self._ledger.settle(house, account, account.end(after), now, None)
            self._move(house, account, account.cash_due(last), now)
        # A copy, since what is settled leaves the list.
        for account, counts in list(house.running_out.items()):
            if self._ledger.pending[account]:
                self._month_of(house, account, counts, first, last, now)
                self._move(house, account, account.cash_due(last), now)
                continue
            self._move(house, account, account.cash_due(last), now)
            if (taken := account.settle_up(last)) is not None:
                self._move(house, account, taken, now)
                house.settled(account)

    def _month_of(
        self, house: House, account: Any, counts: MonthCounts, first: date, last: date, now: int
    ) -> None:
        """Let a month end for one account."""
        period = PeriodFacts(
            first, last, {"profit": counts.worked, **counts.out}, counts.opened, counts.closed, len(counts.seen),
            len(counts.sittings), _targets(counts), tuple(counts.sittings), frozenset(counts.seen),
            _part_of_month(first, last),
            house.books.spent + add_up(house.books.bills.values()), _in_force(house.heads, first),
        )  # fmt: skip
        if not house.shut:
            self._ledger.month_ended(house, account, account.month_ended(period), now)

    def _move(self, house: House, account: Any, payments: Iterable[CashPayment], now: int) -> None:
        """Let cash move at noon of its day, or at once where that is past."""
        for payment in payments:
            minute = max(self._calendar.noon(payment.on), now)
            call_at(self._clock, minute, self._paid, (house, account, payment))

    def _paid(self, call: Call) -> None:
        house, account, payment = call.arg
        # Paid ahead for a time in which nobody works there any more.
        if house.shut and payment.since is not None:
            account.not_paid(payment)
            return
        house.books.be_paid(payment.pence)
        since = -1 if payment.since is None else self._calendar.midnight(payment.since)
        now: int = self._clock.now
        self._tell(
            make.paid(
                now, organisation=house.name, contract=account.terms.name, block=payment.block,
                pence=payment.pence, since=since,
            )
        )  # fmt: skip

    def _bills(
        self, house: House, everybody: list[Desk], start: date, end: date
    ) -> dict[events.Expense, int]:
        """Give a month's salaries and overheads in pence; unpaid posts and vacancies cost nothing."""
        salaries = add_up(desk.plan.annual_pay for desk in everybody if not desk.vacant)
        paid_posts = reduce(
            add, (desk.plan.full_time for desk in everybody if desk.plan.annual_pay and not desk.gone), 0
        )
        years: dict[events.Expense, int] = {
            "salaries": salaries,
            "overheads": round_half_up(house.overheads * paid_posts),
            "admin_staff": house.admin_cost,
        }
        return {item: monthly(year, start, end) for item, year in years.items()}

    def _pay(self, house: House, start: date, end: date) -> None:
        """Pay a month's bills, and take in other income."""
        now: int = self._clock.now
        for item, amount in house.books.bills.items():
            if amount:
                house.books.spend(amount)
                self._tell(make.spent(now, organisation=house.name, item=item, pence=amount))
        if house.other_income:
            amount = monthly(house.other_income, start, end)
            house.books.receive(amount)
            self._tell(make.received(now, organisation=house.name, item="other_income", pence=amount))

    # ---- the people ----------------------------------------------------------------------------------------------

    def _diaries(
        self, everybody: list[Desk], month: int, begin: int, until: int, now: int
    ) -> dict[int, float]:
        """Close every adviser's diary of the month; give each desk's share of time on admin."""
        shares = {}
        for desk in everybody:
            if desk.vacant:
                continue
            available = desk.minutes_between(max(begin, desk.joined), until)
            spent = desk.diary
            used = add_up(spent.values())
            self._tell(
                make.diary(
                    now, adviser=desk.adviser, month=month, available=available, contact=spent["contact"],
                    listening=spent["listening"], casework=spent["casework"], duty=spent["duty"],
                    admin=spent["admin"], handover=spent["handover"], supervision=spent["supervision"],
                    travel=spent["travel"], missed=spent["missed"], idle=available - used, strain=desk.strain,
                )
            )  # fmt: skip
            shares[desk.index] = (spent["duty"] + spent["admin"]) / available if available else 0.0
            desk.clear_diary()
        return shares

    # ---- want of money -------------------------------------------------------------------------------------------

    def _shrink(self, house: House, everybody: list[Desk], cost: int, now: int) -> None:
        """Close a post when reserves have long been below zero, the organisation when nobody would lend more."""
        overdrawn = house.books.count_overdrawn()
        if (
            house.books.reserves < -self._settings.house_closes * cost
            and cost
            # Not in the midst of a meeting: it is looked at again at the next month's end.
            and not any(desk.busy for desk in everybody)
        ):
            self._shut(house, everybody, now)
        elif overdrawn and overdrawn % self._settings.post_closes == 0:
            held = [desk for desk in house.desks if not desk.vacant and not desk.busy]
            if len(held) > 1:
                # With the least in hand to be passed on; of equals the post that was there last.
                desk = min(held, key=lambda desk: (desk.load, -desk.index))
                desk.close_post()
                self._tell(make.post_closed(now, organisation=house.name, post=desk.plan.id))
                self._careers.leave(desk, "post closed", now)

    def _shut(self, house: House, everybody: list[Desk], now: int) -> None:
        """Shut an organisation: everybody goes, its matters are closed, its clients look elsewhere."""
        house.shuts()
        for account in (*house.accounts, *house.running_out):
            account.stop()
        matters = add_up(matter.open for desk in house.desks for matter in desk.matters.values())
        self._tell(
            make.organisation_closed(
                now, organisation=house.name, reserves=house.books.reserves, open_matters=matters
            )
        )
        for desk in everybody:
            self._closing.wind_up(desk, now)
        for desk in everybody:
            # Not before: what is wound up at one desk may wait or be booked at another.
            desk.leave_undone()
        self._booking.empty_waiting(house, now)
        for desk in everybody:
            if not desk.vacant:
                self._tell(
                    make.adviser_left(
                        now, adviser=desk.adviser, post=desk.plan.id, reason="organisation closed",
                        strain=desk.strain,
                    )
                )  # fmt: skip
            desk.empty(for_good=True)
        house.people_changed()

    def _supervision(self, house: House, month: int) -> None:
        """Put the supervision of the coming month on the desks, a task a week, for supervised and supervisor."""
        if month >= len(self._ends):
            return
        now: int = self._clock.now
        until = self._calendar.midnight(self._ends[month])
        everybody = house.everybody
        supervisors = [desk for desk in everybody if desk.plan.role == "supervisor" and not desk.vacant]
        each = [
            (desk, minutes)
            for desk in everybody
            if not desk.vacant and desk not in supervisors and (minutes := self._supervised(house, desk))
        ]
        for week in range(now, until, 7 * MINUTES_PER_DAY):
            due = week + 5 * MINUTES_PER_DAY
            for n, (desk, minutes) in enumerate(each):
                self._add_routine(desk, due, events.SUPERVISION, minutes)
                if supervisors:
                    supervisor = supervisors[n % len(supervisors) if self._settings.shares_supervision else 0]
                    self._add_routine(supervisor, due, events.SUPERVISION, minutes)

    def _supervised(self, house: House, desk: Desk) -> int:
        """Give the minutes a week for which somebody is supervised; companions who are offered to nobody have none."""
        if desk.plan.role not in events.COMPANIONS:
            return desk.plan.supervised
        if house.policy.companions_offered <= 0.0:
            return 0
        return round_half_up(desk.plan.supervised * self._settings.companion_supervision)


def _targets(month: MonthCounts) -> dict[str, float | Fraction]:
    """The month's values of what payers set targets on, in percent or days; what cannot be known is left out."""
    found: dict[str, float | Fraction] = {}
    if month.claims:
        fees = add_up(pence for pence, _ in month.claims)
        found["escape_share"] = Fraction(100 * month.escapes, len(month.claims))
        found["assessed_reduction_share"] = Fraction(100 * add_up(month.assessed), fees) if fees > 0 else 0.0
    margin = month.margin()
    if margin is not None:
        found["fixed_fee_margin_share"] = margin
    if month.closed:
        found["resolved_share"] = Fraction(100 * month.resolved, month.closed)
        found["same_adviser_share"] = Fraction(100 * month.one_adviser, month.closed)
    if month.meetings:
        found["known_adviser_share"] = Fraction(100 * month.known, month.meetings)
    if month.asked:
        found["turned_away_share"] = Fraction(100 * month.turned_away, month.asked)
    if month.waits:
        found["days_to_first_contact"] = Fraction(add_up(month.waits), len(month.waits) * MINUTES_PER_DAY)
    return found
