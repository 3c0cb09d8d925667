"""Advisers and their time: work without the client, duties, who comes and goes, the diary of a month."""

from typing import NamedTuple

from legalaid_sim.events.words import Labour, Parting, Role


class Work(NamedTuple):
    """Adviser minutes without the client; ``matter``, ``clause`` and ``duty`` are empty where they do not apply.

    ``clause`` is the clause of a duty, or the heading that a contract knows the time by (travel, waiting, advocacy).
    """

    at: int
    began: int
    adviser: str
    activity: Labour
    minutes: int
    matter: str
    clause: str
    duty: str = ""


class AdminWork(NamedTuple):
    """Minutes that a duty takes from the organisation's admin staff rather than from advisers."""

    at: int
    organisation: str
    minutes: int
    matter: str
    clause: str


class DutyFell(NamedTuple):
    """A clause of the contract demands admin; ``due`` is the last minute at which it is in time."""

    at: int
    duty: str
    contract: str
    clause: str
    organisation: str
    adviser: str
    matter: str
    adviser_minutes: int
    admin_minutes: int
    due: int
    paid: bool


class DutyDone(NamedTuple):
    """The adviser's part of a duty is finished; ``late`` is minutes after its due time (0 when in time)."""

    at: int
    duty: str
    clause: str
    adviser: str
    late: int


class SessionHeld(NamedTuple):
    """A session at a desk elsewhere is over: who sat there (empty: nobody), for how long, how many were seen."""

    at: int
    organisation: str
    desk: str
    adviser: str
    minutes: int
    clients: int


class AdviserJoined(NamedTuple):
    """A person starts in a post; ``vintage`` counts the people who have held it, from 1."""

    at: int
    adviser: str
    post: str
    vintage: int
    role: Role
    organisation: str


class AdviserLeft(NamedTuple):
    """A person leaves a post, of their own choice or because post or organisation closes; matters are handed over."""

    at: int
    adviser: str
    post: str
    reason: Parting
    strain: float


class Diary(NamedTuple):
    """One adviser's month as the adviser's own diary has it: minutes available and what they went on.

    Kept by a route independent of ``Contact`` and ``Work``: the diary adds what the adviser did as it is done, the
    available minutes come from the calendar of the world.
    """

    at: int
    adviser: str
    month: int
    available: int
    contact: int
    listening: int
    casework: int
    duty: int
    admin: int
    handover: int
    supervision: int
    travel: int
    missed: int
    idle: int
    strain: float
