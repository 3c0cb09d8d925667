"""How much has been promised: the work that matters in hand still need, against the hours in which it is to be done."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Protocol

from legalaid_sim.units import MINUTES_PER_HOUR


class Sort(Protocol):
    """What is known of a matter at the door."""

    category: str


class InHand(Protocol):
    """A matter that somebody leads; nobody sees what it will need."""

    facts: Sort
    given: int


def promised(in_hand: Iterable[InHand], usual: Mapping[str, int]) -> int:
    """Minutes that matters in hand are still likely to take: the usual of their kinds less what was given."""
    minutes = 0
    # Asked of every desk whenever somebody asks, so written out.
    for matter in in_hand:
        left = usual[matter.facts.category] - matter.given
        if left > 0:
            minutes += left
    return minutes


def planned(full_time: Fraction, hours_a_week: float, weeks: float) -> float:
    """Minutes at work of a post in so many weeks, leave and sickness not foreseen."""
    return float(full_time) * hours_a_week * MINUTES_PER_HOUR * weeks
