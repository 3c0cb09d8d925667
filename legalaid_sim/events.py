"""What happened, one typed, frozen record each, in an append-only log.

Everything a reader is told is a fold over these records. The first field, ``at``, is the whole minute since midnight
at the start of the lead-in at which the thing was done (for work: when it ended). Money is in whole pence. Ids read as
paths: client ``c00041``, its problem ``c00041.p2``, a follow-on of that ``c00041.p2.f1``, the first matter opened for
the problem ``c00041.p2.m1``, the second person in a post ``caseworker-03.v2``.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from legalaid_sim.tabular import as_html, counted

# What an adviser can spend a minute on. Contact and listening are with the client; the rest is not.
CONTACT = "contact"
LISTENING = "listening"
CASEWORK = "casework"
DUTY = "duty"
ADMIN = "admin"
HANDOVER = "handover"
SUPERVISION = "supervision"
TRAVEL = "travel"
MISSED = "missed"
IDLE = "idle"
# Why an adviser leaves of their own accord; every other reason is a closure.
OWN_CHOICE = "own choice"
ACTIVITIES = (CONTACT, LISTENING, CASEWORK, DUTY, ADMIN, HANDOVER, SUPERVISION, TRAVEL, MISSED, IDLE)


class Asked(NamedTuple):
    """A client asks an organisation for help with a problem; ``early`` when before its crisis point."""

    at: int
    client: str
    problem: str
    organisation: str
    category: str
    channel: str
    early: bool
    returning: bool


class Person(NamedTuple):
    """Who a client is, once, at the minute of first asking; both needs run from 0 (none) to 1 (most)."""

    at: int
    client: str
    relational_need: float
    vulnerability: float
    channel: str


class TurnedAway(NamedTuple):
    """Help was refused.

    ``reason`` is ``scope``, ``evidence``, ``matter_starts``, ``capacity``, ``suspended``, ``selection`` (the provider
    chose not to) or ``closed`` (the organisation is no more).
    """

    at: int
    client: str
    problem: str
    organisation: str
    reason: str
    clause: str


class Left(NamedTuple):
    """The client gave up: reason is ``waiting`` (before being seen), ``between`` (contacts) or ``referral``.

    ``switched``: took a budget to a provider outside the area.
    """

    at: int
    client: str
    problem: str
    matter: str
    reason: str


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
    channel: str
    core: int
    listening: int
    retelling: int
    reading: int
    known: bool
    waited: int
    trust_before: float
    trust_after: float


class Missed(NamedTuple):
    """The client did not come; the adviser lost ``minutes`` before turning to something else."""

    at: int
    client: str
    matter: str
    adviser: str
    minutes: int


class Work(NamedTuple):
    """Adviser minutes without the client; ``matter``, ``clause`` and ``duty`` are empty where they do not apply.

    ``clause`` is the clause of a duty, or the heading that a contract knows the time by (travel, waiting, advocacy).
    """

    at: int
    began: int
    adviser: str
    activity: str
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


class HandOver(NamedTuple):
    """A matter passed from one adviser to another; ``reason`` is ``leaving``, ``notice``, ``duty_rota``,
    ``pool`` or ``stage``."""

    at: int
    matter: str
    client: str
    before: str
    after: str
    reason: str


class Referred(NamedTuple):
    """An organisation sent a client on to another (``to`` empty: none was left); ``reached`` when they got there."""

    at: int
    client: str
    problem: str
    organisation: str
    to: str
    reason: str
    reached: bool


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
    state: str


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


class AuthorityAsked(NamedTuple):
    """Leave to pass a limit was asked for; ``decided`` is the minute of the answer."""

    at: int
    organisation: str
    matter: str
    contract: str
    clause: str
    requested: int
    decided: int
    result: str


class Audited(NamedTuple):
    """The payer looked at files: how many, and what was taken back in pence."""

    at: int
    organisation: str
    contract: str
    clause: str
    files: int
    pence: int
    result: str


class PostClosed(NamedTuple):
    """An organisation gave a post up to save money."""

    at: int
    organisation: str
    post: str


class OrganisationClosed(NamedTuple):
    """An organisation shut for want of money."""

    at: int
    organisation: str
    reserves: int
    open_matters: int


class SessionHeld(NamedTuple):
    """A session at a desk elsewhere is over: who sat there (empty: nobody), for how long, how many were seen."""

    at: int
    organisation: str
    desk: str
    adviser: str
    minutes: int
    clients: int


class MatterClosed(NamedTuple):
    """A matter ended; ``given`` minutes are core contact plus casework, ``listened`` are listening minutes."""

    at: int
    matter: str
    client: str
    problem: str
    organisation: str
    adviser: str
    reason: str
    needed: int
    planned: int
    given: int
    listened: int
    contacts: int
    trust: float


class Outcome(NamedTuple):
    """What became of a problem when a matter on it closed; ``chance`` is the probability its threshold met."""

    at: int
    client: str
    problem: str
    matter: str
    resolved: bool
    early: bool
    chance: float


class Activated(NamedTuple):
    """A pre-drawn follow-on problem came alive because its parent was still unresolved."""

    at: int
    client: str
    problem: str
    parent: str


class Disclosed(NamedTuple):
    """A client speaks of a problem kept back until now; ``early`` when before its crisis point."""

    at: int
    client: str
    problem: str
    adviser: str
    early: bool


class Entitled(NamedTuple):
    """A ledger line: a block of a contract makes ``pence`` earned (negative: taken back). ``matter`` may be empty."""

    at: int
    organisation: str
    contract: str
    matter: str
    phase: int
    block: str
    pence: int


class Told(NamedTuple):
    """What a contract was told when a matter was claimed, as one line of JSON; enough to price it again."""

    at: int
    organisation: str
    contract: str
    matter: str
    facts: str


class Flagged(NamedTuple):
    """A contract raised a flag on a matter, such as ``escape``."""

    at: int
    contract: str
    matter: str
    flag: str


class Paid(NamedTuple):
    """Cash moved from payer to organisation under a cash rule (negative: back).

    ``since`` is where the time begins that it pays for in advance; -1: it pays for what is past.
    """

    at: int
    organisation: str
    contract: str
    block: str
    pence: int
    since: int = -1


class Spent(NamedTuple):
    """Cash left the organisation: ``salaries``, ``admin_staff``, ``overheads``, ``disbursements``, ``passed_on``."""

    at: int
    organisation: str
    item: str
    pence: int


class Received(NamedTuple):
    """Cash came to the organisation from elsewhere than the contract's payer: ``other_income`` or ``clients``."""

    at: int
    organisation: str
    item: str
    pence: int


class MonthClosed(NamedTuple):
    """An organisation's books at the end of a month, in pence; ``unpaid`` is entitlement not yet paid."""

    at: int
    organisation: str
    month: int
    income: int
    spending: int
    reserves: int
    unpaid: int
    open_matters: int
    pressure: float


class AdviserJoined(NamedTuple):
    """A person starts in a post; ``vintage`` counts the people who have held it, from 1."""

    at: int
    adviser: str
    post: str
    vintage: int
    role: str
    organisation: str


class AdviserLeft(NamedTuple):
    """A person leaves a post, of their own choice or because post or organisation closes; matters are handed over."""

    at: int
    adviser: str
    post: str
    reason: str
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


class ContractChanged(NamedTuple):
    """An organisation holds other contracts from now on (names joined by +); what it held before runs out."""

    at: int
    organisation: str
    before: str
    after: str


class StillOpen(NamedTuple):
    """At the end of the run-out this problem was neither resolved nor left: where it stood."""

    at: int
    client: str
    problem: str
    matter: str
    stage: str


Event = (
    Asked | Person | TurnedAway | Left | MatterOpened | Contact | Missed | Work | AdminWork | DutyFell
    | DutyDone | HandOver | MatterClosed | Outcome | Activated | Disclosed | Entitled | Told | Flagged
    | Referred | GoalSet | GoalReviewed | Aftermath | AuthorityAsked | Audited | PostClosed | OrganisationClosed
    | Paid | Spent | Received | MonthClosed | AdviserJoined | AdviserLeft | Diary | StillOpen | ContractChanged
    | SessionHeld
)  # fmt: skip

KINDS: tuple[type[Event], ...] = (
    Asked, Person, TurnedAway, Left, MatterOpened, Contact, Missed, Work, AdminWork, DutyFell, DutyDone,
    HandOver, MatterClosed, Outcome, Activated, Disclosed, Entitled, Told, Flagged, Referred, GoalSet,
    GoalReviewed, Aftermath, AuthorityAsked, Audited, PostClosed, OrganisationClosed, Paid, Spent, Received,
    MonthClosed, AdviserJoined, AdviserLeft, Diary, StillOpen, ContractChanged, SessionHeld,
)  # fmt: skip

# A NamedTuple's own constructor costs twice as much: ``record(Kind, (field, …))`` makes the same, given every field.
record: Any = tuple.__new__

E = TypeVar("E", bound=tuple)  # type: ignore[type-arg]


class Window(NamedTuple):
    """The minutes that a log speaks of: lead-in before ``opens``, run-out after ``closes``, over at ``ends``."""

    opens: int
    closes: int
    ends: int


class Log:
    """All that happened in one run, in the order it happened; ``of(kind)`` gives one kind, in order."""

    def __init__(self, window: Window, events: Iterable[Event] = ()) -> None:
        self.window = window
        self.events: list[Event] = list(events)
        self._by_kind: dict[type, list[Event]] | None = None
        self._counted = -1

    def append(self, event: Event) -> None:
        """Add what just happened."""
        self.events.append(event)

    def of(self, kind: type[E]) -> list[E]:
        """Give all records of one kind, in order; an empty list where there are none."""
        if self._by_kind is None or self._counted != len(self.events):
            self._by_kind = {}
            for event in self.events:
                self._by_kind.setdefault(type(event), []).append(event)
            self._counted = len(self.events)
        return self._by_kind.get(kind, [])  # type: ignore[return-value]

    def rows(self, kind: type[Event]) -> list[dict[str, Any]]:
        """Give all records of one kind as plain rows, in order; times are whole minutes, money whole pence."""
        return [event._asdict() for event in self.of(kind)]

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def __repr__(self) -> str:
        return f"Log({counted(len(self), 'record')}, {self.window})"

    def _repr_html_(self) -> str:
        kinds = sorted({type(event) for event in self.events}, key=lambda kind: kind.__name__)
        return as_html(
            repr(self),
            [{"record": kind.__name__, "number": len(self.of(kind))} for kind in kinds],
            len(kinds),
        )
