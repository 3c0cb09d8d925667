"""A log month by month: what a reader follows over time, before and after contracts change.

A month is one of the organisations' books: what happens on the minute of a month's end belongs to the month that ends.
Months are counted from the first lived.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import fsum
from typing import NamedTuple

from legalaid_sim.events import (
    Asked,
    Contact,
    Diary,
    Log,
    MatterOpened,
    MonthClosed,
    Outcome,
    Paid,
    Referred,
    TurnedAway,
)
from legalaid_sim.units import MINUTES_PER_DAY

Value = float | None
MonthlySeries = list[Value]


class Curve(NamedTuple):
    """One thing followed over time, named after the measure whose monthly form it is; a ``stock`` never settles."""

    name: str
    meaning: str
    unit: str
    fold: Callable[["Months"], MonthlySeries]
    stock: bool = False


@dataclass(frozen=True)
class Months:
    """A log with the ends of its months, in minutes since the first day lived."""

    log: Log

    @cached_property
    def ends(self) -> list[int]:
        """The minutes at which months end, in order."""
        return sorted({closed.at for closed in self.log.of(MonthClosed)})

    def number(self, minute: int) -> int:
        """The number of the month, from 0, that a minute belongs to."""
        return bisect_left(self.ends, minute)

    def totals(self, what: Iterable[tuple[int, float]]) -> list[float]:
        """Sum values by the month of their minute."""
        found: list[list[float]] = [[] for _ in self.ends]
        for minute, value in what:
            if (at := self.number(minute)) < len(found):
                found[at].append(value)
        return [fsum(values) for values in found]

    def counts(self, minutes: Iterable[int]) -> list[float]:
        """Count minutes by month."""
        return self.totals((minute, 1.0) for minute in minutes)


def by_month(log: Log) -> dict[str, MonthlySeries]:
    """Give every curve of a log, by its name; ``None`` for a month in which there is nothing to take it of."""
    months = Months(log)
    return {curve.name: curve.fold(months) for curve in CURVES}


def shares(part: list[float], whole: list[float]) -> MonthlySeries:
    """Divide month by month; ``None`` where there is nothing to divide by."""
    return [one / all_ if all_ else None for one, all_ in zip(part, whole)]


def _asking(months: Months) -> Iterator[int]:
    first: set[tuple[str, int]] = set()
    for asked in months.log.of(Asked):
        # Whoever is handed on asks more than one organisation in the same minute.
        if (asked.problem, asked.at) not in first:
            first.add((asked.problem, asked.at))
            yield asked.at


def _asked(months: Months) -> MonthlySeries:
    return [*months.counts(_asking(months))]


def _turned_away(months: Months) -> MonthlySeries:
    passed_on = {(moved.problem, moved.at) for moved in months.log.of(Referred) if moved.reached}
    refused = {(turned.problem, turned.at) for turned in months.log.of(TurnedAway)} - passed_on
    return shares(months.counts(at for _, at in refused), months.counts(_asking(months)))


def _days_waited(months: Months) -> MonthlySeries:
    asked: dict[str, list[int]] = {}
    for event in months.log.of(Asked):
        asked.setdefault(event.problem, []).append(event.at)
    opened = [(matter.at, asked[matter.problem]) for matter in months.log.of(MatterOpened)]
    waits = [(at, (at - since[bisect_right(since, at) - 1]) / MINUTES_PER_DAY) for at, since in opened]
    return shares(months.totals(waits), months.counts(at for at, _ in waits))


def _known(months: Months) -> MonthlySeries:
    met: set[str] = set()
    later = []
    for contact in months.log.of(Contact):
        if contact.client in met:
            later.append((contact.at, float(contact.known)))
        met.add(contact.client)
    return shares(months.totals(later), months.counts(at for at, _ in later))


def _of_time(months: Months, minutes: Callable[[Diary], int]) -> MonthlySeries:
    diaries = months.log.of(Diary)
    spent = months.totals((diary.at, float(minutes(diary))) for diary in diaries)
    return shares(spent, months.totals((diary.at, float(diary.available)) for diary in diaries))


def _admin(months: Months) -> MonthlySeries:
    return _of_time(months, lambda diary: diary.duty + diary.admin)


def _idle(months: Months) -> MonthlySeries:
    return _of_time(months, lambda diary: diary.idle)


def _resolved(months: Months) -> MonthlySeries:
    outcomes = months.log.of(Outcome)
    return shares(
        months.totals((outcome.at, float(outcome.resolved)) for outcome in outcomes),
        months.counts(outcome.at for outcome in outcomes),
    )


def _spend(months: Months) -> MonthlySeries:
    return [
        pence / 100 for pence in months.totals((paid.at, float(paid.pence)) for paid in months.log.of(Paid))
    ]


def _reserves(months: Months) -> MonthlySeries:
    closed = months.log.of(MonthClosed)
    return [pence / 100 for pence in months.totals((month.at, float(month.reserves)) for month in closed)]


def _open_matters(months: Months) -> MonthlySeries:
    closed = months.log.of(MonthClosed)
    return [*months.totals((month.at, float(month.open_matters)) for month in closed)]


CURVES = (
    Curve("access.asked", "Askings, first and later ones", "askings", _asked),
    Curve(
        "access.turned_away", "Share of askings that were refused and led nowhere else", "share", _turned_away
    ),
    Curve("access.days_to_first_contact", "Mean days from asking to first meeting", "days", _days_waited),
    Curve("continuity.known_adviser", "Share of later meetings with an adviser met before", "share", _known),
    Curve("admin.share", "Share of advisers' time on admin", "share", _admin),
    Curve("time.idle_share", "Share of advisers' time without work", "share", _idle),
    Curve("outcomes.resolved_share", "Share of closings that resolved the problem", "share", _resolved),
    Curve("matters.open", "Open matters at the month's end", "matters", _open_matters),
    Curve("money.payer_spend", "What the payer pays", "GBP", _spend),
    Curve("money.reserves", "Reserves of the organisations", "GBP", _reserves, stock=True),
)
