"""Who takes a client: one family of rules with a few parameters, all pure.

``least_loaded`` gives a new client to the adviser with the fewest open matters, ``specialist`` to the most skilled of
the field, ``duty_rota`` to the adviser on duty that day, ``pool`` to whoever is free first. Later meetings wait for the
own adviser as long as the patience says: 0 is a pool, for ever is a strict personal caseload.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import Protocol, TypeVar

_load = attrgetter("load")


class Candidate(Protocol):
    """What an allocation rule may know about an adviser's desk."""

    index: int
    load: int
    hours: Fraction

    def promised(self, usual: Mapping[str, int]) -> int:
        """Minutes that its matters are still likely to take, by the usual of their kinds."""

    def skill_in(self, category: str) -> float:
        """Skill in the category; 1 is the usual."""


Chosen = TypeVar("Chosen", bound=Candidate)


def with_room(desks: Sequence[Chosen], limit: int) -> list[Chosen]:
    """Desks with fewer open matters than the limit."""
    return [desk for desk in desks if desk.load < limit]


def with_hours(desks: Sequence[Chosen], limit: int, usual: Mapping[str, int]) -> list[Chosen]:
    """Desks with fewer minutes promised than the limit of a whole post, by their hours."""
    return [
        desk
        for desk in desks
        # In whole numbers: fractions are compared a hundred times as slowly.
        if desk.promised(usual) * desk.hours.denominator < limit * desk.hours.numerator
    ]


def least_loaded(desks: Sequence[Chosen], usual: Mapping[str, int] | None = None) -> Chosen:
    """The desk with the fewest open matters; the first in order of those that tie.

    With the ``usual`` minutes of each kind of matter, it is the desk with the least promised for its hours.
    """
    if usual is None:
        return min(desks, key=_load)
    best, least, hours = desks[0], 0, 0
    for desk in desks:
        part, whole = desk.hours.as_integer_ratio()
        minutes = desk.promised(usual) * whole
        # minutes / part < least / hours, in whole numbers.
        if not hours or minutes * hours < least * part:
            best, least, hours = desk, minutes, part
    return best


def specialist(desks: Sequence[Chosen], category: str) -> Chosen:
    """The most skilled desk; among equals the least loaded."""
    return min(desks, key=lambda desk: (-desk.skill_in(category), desk.load, desk.index))


def on_duty(desks: Sequence[Chosen], day: int) -> Chosen:
    """The desk whose turn it is on the day."""
    return desks[day % len(desks)]
