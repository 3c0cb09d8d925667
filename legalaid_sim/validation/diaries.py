"""Two published facts of appointment systems, which no parameter states: do they come out of booked diaries?

Missed appointments were booked further ahead than kept ones: 11.7 and 8.8 days (148,077 outpatients, Anisi, 2018).
Later appointments are missed rather more often than first ones: 10.5 and 9.9 % where four in five are face to face
(874,659 appointments of 2021, medRxiv 2023.09.22). What is assumed is how the odds of one appointment move with its own
lead time and with trust; which lead times there are, and whose, follows from diaries. How far off they are, and
that agreed goals take both away in a busier agency, stands in docs/history.md.
"""

from collections.abc import Iterator
from math import fsum
from typing import NamedTuple

from legalaid_sim.events import Booked, Contact, Freed, Log, Missed
from legalaid_sim.units import MINUTES_PER_DAY


class Facts(NamedTuple):
    """Mean days ahead of missed and of kept appointments; shares of first and of later ones that were missed."""

    ahead_missed: float
    ahead_kept: float
    first_missed: float
    later_missed: float


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
