"""A matter from its opening to its closing: meetings, goals, who has it in hand."""

from typing import NamedTuple

from legalaid_sim.events.words import Channel, Ending, Freeing, GoalState, Passing


class MatterOpened(NamedTuple):
    """A matter was opened under a contract; needed and planned minutes are contact (core) plus casework."""

    at: int
    matter: str
    client: str
    problem: str
    organisation: str
    category: str
    contract: str
    adviser: str
    needed: int
    planned: int
    discretion: bool = True


class Contact(NamedTuple):
    """Client and adviser were together from ``began`` to ``at`` less ``reading`` minutes (file read just before).

    ``began + reading + core + listening + retelling == at`` where the contact was not cut by the end of a day.
    ``known`` when this client had met this adviser before; ``waited`` is minutes from being due to beginning.
    ``ordinal`` counts the meetings of the matter from 1; an operator's call before them has 0.
    """

    at: int
    began: int
    client: str
    matter: str
    adviser: str
    organisation: str
    ordinal: int
    channel: Channel
    core: int
    listening: int
    retelling: int
    reading: int
    known: bool
    waited: int
    trust_before: float
    trust_after: float


class Booked(NamedTuple):
    """A meeting was given a slot of so many ``minutes`` in an adviser's diary (0: in the place of who did not come).

    ``wanted`` is the first minute at which the client would have come; ``own`` and ``anyone`` are the first free slots
    of the own adviser and of all, as offered (-1: there was none); ``slot`` is the one that was taken.
    """

    at: int
    client: str
    matter: str
    adviser: str
    ordinal: int
    wanted: int
    own: int
    anyone: int
    slot: int
    minutes: int


class Freed(NamedTuple):
    """A booked ``slot`` will not be used by this client: ``reason`` says why."""

    at: int
    client: str
    matter: str
    adviser: str
    slot: int
    reason: Freeing


class Missed(NamedTuple):
    """The client did not come; the adviser lost ``minutes`` before turning to something else."""

    at: int
    client: str
    matter: str
    adviser: str
    minutes: int


class DocumentsMissing(NamedTuple):
    """What a client at a distance was to send does not come, and the work that rests on it is not done."""

    at: int
    client: str
    matter: str
    minutes: int


class GoalSet(NamedTuple):
    """Client and adviser agreed on a goal and a time frame; ``due`` is its last minute."""

    at: int
    client: str
    matter: str
    adviser: str
    due: int


class GoalReviewed(NamedTuple):
    """A goal was looked at again: ``state`` is ``open``, ``reached`` or ``lapsed`` (its time ran out)."""

    at: int
    client: str
    matter: str
    adviser: str
    state: GoalState


class CompanionOffered(NamedTuple):
    """Somebody who wants to be accompanied was offered a volunteer or peer supporter, or was not; once a matter.

    Told only where not everybody is offered one: chance, and nothing else, says who is.
    """

    at: int
    client: str
    matter: str
    organisation: str
    offered: bool


class HandOver(NamedTuple):
    """A matter passed from one adviser to another; ``reason`` is ``leaving``, ``notice``, ``duty_rota``,
    ``pool`` or ``stage``."""

    at: int
    matter: str
    client: str
    before: str
    after: str
    reason: Passing


class MatterClosed(NamedTuple):
    """A matter ended; ``given`` minutes are core contact plus casework, ``listened`` are listening minutes."""

    at: int
    matter: str
    client: str
    problem: str
    organisation: str
    adviser: str
    reason: Ending
    needed: int
    planned: int
    given: int
    listened: int
    contacts: int
    trust: float
