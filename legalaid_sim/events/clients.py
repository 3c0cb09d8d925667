"""Clients and their problems: who asks, who is lost, what is kept back, what becomes of it."""

from typing import NamedTuple

from legalaid_sim.events.words import Channel, DateFate, Loss, ProblemStage, RefusalReason


class Asked(NamedTuple):
    """A client asks an organisation for help with a problem; ``early`` when before its crisis point."""

    at: int
    client: str
    problem: str
    organisation: str
    category: str
    channel: Channel
    early: bool
    returning: bool


class Person(NamedTuple):
    """Who a client is, once, at the minute of first asking; both needs run from 0 (none) to 1 (most)."""

    at: int
    client: str
    relational_need: float
    vulnerability: float
    channel: Channel


class TurnedAway(NamedTuple):
    """Help was refused.

    ``reason`` is ``scope``, ``evidence``, ``matter_starts``, ``capacity``, ``suspended``, ``selection`` (the provider
    chose not to), ``closed`` (the organisation is no more) or ``channel`` (none on offer that the client can use).
    """

    at: int
    client: str
    problem: str
    organisation: str
    reason: RefusalReason
    clause: str


class Referred(NamedTuple):
    """An organisation sent a client on to another (``to`` empty: none was left); ``reached`` when they got there."""

    at: int
    client: str
    problem: str
    organisation: str
    to: str
    reason: RefusalReason
    reached: bool


class Left(NamedTuple):
    """The client gave up: reason is ``waiting`` (before being seen), ``between`` (contacts) or ``referral``.

    ``switched``: took a budget to a provider outside the area.
    """

    at: int
    client: str
    problem: str
    matter: str
    reason: Loss


class Disclosed(NamedTuple):
    """A client speaks of a problem kept back until now; ``early`` when before its crisis point."""

    at: int
    client: str
    problem: str
    adviser: str
    early: bool


class Activated(NamedTuple):
    """A pre-drawn follow-on problem came alive because its parent was still unresolved."""

    at: int
    client: str
    problem: str
    parent: str


class DateCame(NamedTuple):
    """A day that waits for nobody has come, or was past when its problem was first asked about: how it found it.

    ``matter`` and ``organisation`` are those that the problem had then, if any; ``adviser`` stands by the client.
    """

    at: int
    client: str
    problem: str
    matter: str
    organisation: str
    desk: str
    fate: DateFate
    adviser: str


class Outcome(NamedTuple):
    """What became of a problem when a matter on it closed; ``chance`` is the probability its threshold met."""

    at: int
    client: str
    problem: str
    matter: str
    resolved: bool
    early: bool
    chance: float


class Aftermath(NamedTuple):
    """What the client did after a matter closed, and how able to act for themselves they are now (0 to 1)."""

    at: int
    client: str
    problem: str
    matter: str
    acted: bool
    elsewhere: bool
    appealed: bool
    capability: float


class StillOpen(NamedTuple):
    """At the end of the run-out this problem was neither resolved nor left: where it stood."""

    at: int
    client: str
    problem: str
    matter: str
    stage: ProblemStage
