"""Who takes a client: one family of rules with a few parameters, all pure.

``least_loaded`` gives a new client to the adviser with the fewest open matters, ``specialist`` to the most skilled of
the field, ``duty_rota`` to the adviser on duty that day, ``pool`` to whoever is free first. Later meetings wait for the
own adviser as long as the patience says: 0 is a pool, for ever is a strict personal caseload.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Protocol

_load = attrgetter("load")


class Candidate(Protocol):
    """What an allocation rule may know about an adviser's desk."""

    index: int
    load: int

    def skill_in(self, category: str) -> float:
        """Skill in the category; 1 is the usual."""


def with_room(desks: Sequence[Candidate], limit: int) -> list[Candidate]:
    """Desks with fewer open matters than the limit."""
    return [desk for desk in desks if desk.load < limit]


def least_loaded(desks: Sequence[Candidate]) -> Candidate:
    """The desk with the fewest open matters; the first in order of those that tie."""
    return min(desks, key=_load)


def specialist(desks: Sequence[Candidate], category: str) -> Candidate:
    """The most skilled desk; among equals the least loaded."""
    return min(desks, key=lambda desk: (-desk.skill_in(category), desk.load, desk.index))


def on_duty(desks: Sequence[Candidate], day: int) -> Candidate:
    """The desk whose turn it is on the day."""
    return desks[day % len(desks)]
