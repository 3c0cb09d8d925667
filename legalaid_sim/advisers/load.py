"""How much has been promised: the work that matters in hand still need, against the hours in which it is to be done."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from legalaid_sim.units import MINUTES_PER_HOUR, add_up


def promised(in_hand: Iterable[tuple[str, int]], usual: Mapping[str, int]) -> int:
    """Minutes that matters in hand are still likely to take: the usual of their kinds less what was given.

    Of a matter nothing is asked but its kind and the minutes given; nobody sees what it will need.
    """
    return add_up(max(0, usual[kind] - given) for kind, given in in_hand)


def planned(full_time: Fraction, hours_a_week: float, weeks: float) -> float:
    """Minutes at work of a post in so many weeks, leave and sickness not foreseen."""
    return float(full_time) * hours_a_week * MINUTES_PER_HOUR * weeks
