"""Published facts of appointment systems, which no parameter states: do they come out of booked diaries?

Missed appointments were booked further ahead than kept ones: 11.7 and 8.8 days (148,077 outpatients, Anisi, 2018).
Later appointments are missed rather more often than first ones: 10.5 and 9.9 % where four in five are face to face
(874,659 appointments of 2021, medRxiv 2023.09.22). What is assumed is how the odds of one appointment move with its own
lead time and with trust; which lead times there are, and whose, follows from diaries. These two were looked at before
it was chosen that agreed goals bring nobody to meetings, so two more, chosen before they were measured, are held
against diaries since: the odds of missing what is booked more than 21 days ahead are 2.38 times those of what is
booked less than 7 ahead (22,864 outpatients, Lee, Earnest, Chen and Krishnan, 2005), and those of who has missed
before 4.42 times those of who has not (263,464 appointments of 2021, PMC11149957). How far off all are stands in
docs/history.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import fsum
from typing import NamedTuple

from legalaid_sim.events import Booked, Contact, Freed, Log, Missed
from legalaid_sim.units import MINUTES_PER_DAY

NEAR, FAR = 7, 21


class Facts(NamedTuple):
    """Mean days ahead of missed and of kept appointments; shares of first and of later ones that were missed."""

    ahead_missed: float
    ahead_kept: float
    first_missed: float
    later_missed: float


class Odds(NamedTuple):
    """How many times the odds of a miss are: booked over three weeks ahead or under one, missed before or not."""

    far_ahead: float
    missed_before: float


def facts_of(log: Log) -> Facts:
    """Take them of a log; raises ``ZeroDivisionError`` where nothing was booked, missed or kept."""
    ahead: dict[bool, list[float]] = {True: [], False: []}
    ended = {True: [0, 0], False: [0, 0]}
    for booked, missed in _ends(log):
        ahead[missed].append((booked.slot - booked.at) / MINUTES_PER_DAY)
        ended[booked.ordinal == 1][missed] += 1
    means = [fsum(ahead[missed]) / len(ahead[missed]) for missed in (True, False)]
    shares = [ended[first][1] / (ended[first][0] + ended[first][1]) for first in (True, False)]
    return Facts(*means, *shares)


def odds_of(*logs: Log) -> Odds:
    """Take them of all appointments of some logs; raises ``ZeroDivisionError`` where any of the cells is empty.

    Who comes to their first appointment has no past and counts for neither side of the second.
    """
    far = {True: [0, 0], False: [0, 0]}
    before = {True: [0, 0], False: [0, 0]}
    for log in logs:
        past: dict[str, bool] = {}
        for booked, missed in _ends(log):
            days = (booked.slot - booked.at) / MINUTES_PER_DAY
            if not NEAR <= days <= FAR:
                far[days > FAR][missed] += 1
            if booked.client in past:
                before[past[booked.client]][missed] += 1
            past[booked.client] = missed or past.get(booked.client, False)
    return Odds(_ratio(far), _ratio(before))


def _ratio(cells: Mapping[bool, Sequence[int]]) -> float:
    return cells[True][True] / cells[True][False] * cells[False][False] / cells[False][True]


def _ends(log: Log) -> Iterator[tuple[Booked, bool]]:
    """Give each appointment that was kept or missed, and whether it was missed."""
    waiting: dict[str, Booked] = {}
    for event in log:
        kind = type(event)
        if kind is Booked:
            waiting[event.matter] = event  # type: ignore[union-attr,assignment]
        elif kind is Freed:
            waiting.pop(event.matter, None)  # type: ignore[union-attr]
        elif kind is Missed or (kind is Contact and event.core and event.ordinal):  # type: ignore[union-attr]
            booked = waiting.pop(event.matter, None)  # type: ignore[union-attr]
            if booked is not None:
                yield booked, kind is Missed
