"""What a world is made of, one frozen record each: problems and their thresholds, people, posts, sessions."""

from fractions import Fraction
from typing import NamedTuple

from legalaid_sim.calendars import MinuteSpan
from legalaid_sim.events import Channel, Role


class Thresholds(NamedTuple):
    """Uniforms that decide one try of a problem: one asking, what comes of it, and its claim.

    A problem that is brought back is decided anew, by thresholds of its own: help that failed once may work the next
    time. ``refer`` has one for each time of being handed on, ``happen`` one for each happening its kind may meet.
    """

    select: float
    noise: float
    assess: float
    authority: float
    slow: float
    refer: tuple[float, float, float]
    acted: float
    elsewhere: float
    appeal: float
    gate: float
    door: float
    happen: tuple[float, float, float]
    resolve: float
    evidence: float


class ProblemPlan(NamedTuple):
    """A problem as it would unfold: minutes, days and thresholds; nothing about who helps or who pays.

    ``onset`` and ``crisis`` are minutes since the first day lived; ``delay`` minutes from onset to asking. ``contacts``
    are core minutes of each meeting needed, ``gaps`` the minutes from each to when the next is due, ``casework`` the
    minutes without the client. ``u_*`` are uniforms that decisions compare with a probability, ``tries`` those of the
    first asking and of each later one that can come about, as ``u_documents`` are; ``stubborn`` says, in standard
    deviations, how much harder than its kind the problem is, whoever helps and however often.
    """

    id: str
    key: int
    client: int
    category: str
    fee_code: str
    onset: int
    delay: int
    crisis: int
    contacts: tuple[int, ...]
    gaps: tuple[int, ...]
    casework: int
    difficulty: str
    hidden: bool
    u_nameless: float
    stubborn: float
    u_lasts: float
    u_stage: tuple[float, ...]
    u_returns: tuple[float, ...]
    return_gaps: tuple[int, ...]
    u_missed: tuple[float, ...]
    u_disclose: tuple[float, ...]
    u_documents: tuple[float, ...]
    tries: tuple[Thresholds, ...]
    follow_ons: tuple[tuple["ProblemPlan", float, float, int], ...]


class PersonDraw(NamedTuple):
    """Somebody who may come for help; ``patience`` is minutes waited for a first meeting (-1: for ever).

    ``prone`` says, in standard deviations, how much more than others this person misses meetings. Who is advised
    ``in_person`` alone can use neither telephone nor screen; ``only_own`` goes to no organisation but the nearest.
    ``offered`` is compared with the share of those who want a companion who are offered one.
    """

    id: str
    number: int
    relational_need: float
    vulnerability: float
    channel: Channel
    patience: int
    nearness: float
    prone: float
    in_person: bool
    only_own: bool
    offered: float
    problems: tuple[ProblemPlan, ...]


class Session(NamedTuple):
    """A session at a desk elsewhere: at which minute, of which organisation, for how long, how many will come."""

    at: int
    house: int
    desk: str
    minutes: int
    clients: int


class BookedDraws(NamedTuple):
    """Uniforms of a problem whose meetings are booked.

    ``between`` says, for each try, how long the client puts up with waiting between meetings; ``refill``, for each slot
    that is reached, whether it is filled again if the client does not come.
    """

    between: tuple[float, ...]
    refill: tuple[float, ...]


class Holder(NamedTuple):
    """A person who may hold a post: traits, and the monthly thresholds of leaving."""

    skill: float
    altruism: float
    u_leave: tuple[float, ...]


class PostPlan(NamedTuple):
    """A post: its working calendar with leave and sickness taken out, and all who may hold it, in order."""

    id: str
    role: Role
    house: int
    categories: frozenset[str]
    intervals: tuple[MinuteSpan, ...]
    full_time: Fraction
    annual_pay: int
    supervised: int
    skills: tuple[tuple[str, float], ...]
    holders: tuple[Holder, ...]
