"""Continuity by the hours that advisers work: whoever is seldom there is seldom there the next time."""

from collections import defaultdict
from functools import partial
from itertools import pairwise

from legalaid_sim.events import Diary
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.measure import HIGHER, SEEN_TWICE, Measure
from legalaid_sim.measures.statistics import ratio
from legalaid_sim.units import add_up

# Part-time is less than four fifths of the longest hours: by the longest month of each, so that leave does not count.
PART, WHOLE = 4, 5


def _part_timers(folded: Folded) -> dict[str, bool]:
    """Tell of each adviser with a diary, companions left out, whether they work part-time."""
    longest = defaultdict[str, int](int)
    for diary in folded.log.of(Diary):
        if not folded.is_companion(diary.adviser):
            longest[diary.adviser] = max(longest[diary.adviser], diary.available)
    whole = max(longest.values(), default=0)
    return {adviser: WHOLE * minutes < PART * whole for adviser, minutes in longest.items()}


def _same_again(folded: Folded, part_time: bool) -> float | None:
    works = _part_timers(folded)
    again = [
        before.adviser == after.adviser
        for contacts in folded.seen.values()
        for before, after in pairwise([each for each in contacts if each.ordinal and each.adviser in works])
        if works[before.adviser] == part_time
    ]
    return ratio(add_up(again), len(again))


MEASURES = tuple(
    Measure(
        f"continuity.same_again_{name}",
        f"How often the next meeting was with the adviser of the last, where that one works {words}.",
        "share",
        "next meetings with the adviser of the last / next meetings, after one with an adviser whose longest month has "
        f"{bound} four fifths of the minutes of the longest of all",
        SEEN_TWICE,
        HIGHER,
        partial(_same_again, part_time=part_time),
        undefined=f"nobody met twice, or no adviser works {words}",
        short=f"the last adviser again, {words}",
    )
    for name, words, bound, part_time in (
        ("part_time", "part-time", "less than", True),
        ("full_time", "full-time", "at least", False),
    )
)
