"""Tables for reports: admin by clause, time by activity, money by month, one client's contacts."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

from legalaid_sim.events import AdminWork, Contact, Entitled, Log, MonthClosed, Paid, Spent
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.statistics import share


@dataclass(slots=True)
class ClauseAdmin:
    """What one clause of a contract cost in admin within the window.

    ``falls`` counts how often it demanded something; minutes are those of duties done; ``paid`` whether a
    block pays for them; ``done`` and ``late`` count duties finished and those finished after they were due.
    """

    clause: str
    contract: str = ""
    falls: int = 0
    done: int = 0
    late: int = 0
    adviser_minutes: int = 0
    staff_minutes: int = 0
    paid: bool = False

    @property
    def late_share(self) -> float | None:
        """Give the share of duties done that were late; ``None`` where none was done."""
        return share(self.late, self.done)


def admin_by_clause(log: Log) -> dict[str, ClauseAdmin]:
    """Give what each clause cost in admin within the window, the costliest in minutes first."""
    folded = Folded(log)
    clauses: dict[str, ClauseAdmin] = {}
    for fell in folded.fell.values():
        clauses.setdefault(fell.clause, ClauseAdmin(fell.clause, fell.contract, paid=fell.paid))
        clauses[fell.clause].falls += folded.opens_to_closes(fell.at)
    for fell, done in folded.duties_done:
        _add_done(clauses[fell.clause], fell.adviser_minutes, done.late)
    for work in folded.within(AdminWork):
        clauses.setdefault(work.clause, ClauseAdmin(work.clause)).staff_minutes += work.minutes
    busy = [row for row in clauses.values() if row.falls or row.done or row.staff_minutes]
    return {
        row.clause: row
        for row in sorted(busy, key=lambda row: (-row.adviser_minutes - row.staff_minutes, row.clause))
    }


def _add_done(row: ClauseAdmin, minutes: int, late: int) -> None:
    row.done += 1
    row.late += late > 0
    row.adviser_minutes += minutes


def time_by_activity(log: Log) -> dict[str, int]:
    """Give adviser minutes within the window by activity, ``available`` first, by the diaries."""
    return dict(Folded(log).time)


@dataclass(slots=True)
class MonthMoney:
    """Money of all organisations in one month, in whole pence: earned by block, paid, spent and left."""

    month: int
    at: int
    entitled: Counter[str] = field(default_factory=Counter)
    paid: int = 0
    spent: int = 0
    reserves: int = 0
    unpaid: int = 0


def money_by_month(log: Log) -> list[MonthMoney]:
    """Give the money of every month of the log, lead-in and run-out included, in order.

    What falls on the minute of a month-end belongs to the month that ends. Nothing is told of time after the
    last month-end.
    """
    months: dict[int, MonthMoney] = {}
    for closed in log.of(MonthClosed):
        row = months.setdefault(closed.at, MonthMoney(closed.month, closed.at))
        row.reserves += closed.reserves
        row.unpaid += closed.unpaid
    ends = sorted(months)
    rows = [months[end] for end in ends]
    for line in log.of(Entitled):
        for row in _month_of(line.at, ends, rows):
            row.entitled[line.block] += line.pence
    for payment in log.of(Paid):
        for row in _month_of(payment.at, ends, rows):
            row.paid += payment.pence
    for spending in log.of(Spent):
        for row in _month_of(spending.at, ends, rows):
            row.spent += spending.pence
    return rows


def _month_of(minute: int, ends: list[int], rows: list[MonthMoney]) -> list[MonthMoney]:
    """Give the month that a minute falls in, or nothing after the last one."""
    index = bisect_left(ends, minute)
    return rows[index : index + 1]


def contacts_of(log: Log, client: str) -> list[Contact]:
    """Give all contacts of one client, in order, whenever they were."""
    return [contact for contact in log.of(Contact) if contact.client == client]
