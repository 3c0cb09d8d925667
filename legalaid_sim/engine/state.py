"""The moving parts of one run: clients, matters, meetings asked for, tasks, organisations."""

from dataclasses import dataclass, field
from datetime import date
from math import fsum
from typing import Any, Literal

from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.events import Channel, Expense, Standing, TaskActivity
from legalaid_sim.units import add_up
from legalaid_sim.world import Person, ProblemPlan


class Fixed(tuple):  # type: ignore[type-arg]
    """What is known from the first day on and never changes, so that every copy of a run may share it."""

    __slots__ = ()


class Client:
    """What a run knows of a person: whom they met, how far each is trusted, what is hidden, what they can do alone."""

    __slots__ = ("capability", "hidden", "last_closed", "met", "person")

    def __init__(self, person: Person) -> None:
        self.person = person
        self.met: dict[str, tuple[float, int]] = {}
        self.hidden: list[ProblemPlan] = [plan for plan in person.problems if plan.hidden]
        self.capability = 0.0
        self.last_closed = -1


class Affair:
    """A problem as it fares in this run: asked when, resolved or not, how often brought back."""

    __slots__ = (
        "asked", "askings", "attempts", "client", "goes_to", "late", "matters", "plan", "readers", "reasons",
        "resolved", "returns", "stage", "thresholds", "tried",
    )  # fmt: skip

    def __init__(self, plan: ProblemPlan, client: Client) -> None:
        self.plan = plan
        self.client = client
        self.asked = -1
        self.askings = 0
        self.goes_to: House | None = None
        self.reasons = 0
        self.attempts = 0
        self.late = False
        self.matters = 0
        self.readers: set[str] = set()
        self.resolved = False
        self.returns = 0
        self.stage: Standing = "unasked"
        self.thresholds = plan.tries[0]
        self.tried: list[House] = []


class Matter:
    """One matter from being taken on to being closed.

    It waits for one next meeting at a time, and stands in SimPy's queue itself for that: ``callbacks`` is what happens
    when it is due (see ``engine.clock.Call`` for what else stands there).
    """

    _ok = True

    __slots__ = (
        "account",
        "affair",
        "asked",
        "beside",
        "callbacks",
        "called",
        "contract",
        "cores",
        "due_tasks",
        "facts",
        "given",
        "goal_due",
        "goal_open",
        "house",
        "id",
        "key",
        "lead",
        "leaves",
        "listened",
        "listening",
        "meetings",
        "misses",
        "needed",
        "open",
        "ordinal",
        "over",
        "parts",
        "phoning",
        "planned",
        "requests",
        "stages",
        "stopped_until",
        "work",
    )  # fmt: skip

    def __init__(
        self, id_: str, key: int, affair: Affair, house: "House", account: Any, facts: MatterFacts
    ) -> None:
        self.id = id_
        self.key = key
        self.affair = affair
        self.house = house
        self.account = account
        self.contract = account.terms.name if account is not None else ""
        self.facts = facts
        self.lead: Any = None
        self.open = False
        self.over = False
        self.called = False
        self.phoning = False
        self.parts = 0
        self.cores: tuple[int, ...] = affair.plan.contacts
        self.listening = 0
        self.work = 0
        self.needed = self.planned = self.given = self.listened = 0
        self.ordinal = 0
        self.misses = 0
        self.meetings = 0
        # Minutes of operators and companions: part of what was given, but not of what the plan foresaw.
        self.beside = 0
        self.due_tasks = 0
        self.stages = 0
        self.stopped_until = 0
        # The minute at which notice has run out, of a client who goes to another provider (-1: nobody does).
        self.leaves = -1
        self.goal_due = 0
        self.goal_open = False
        # A meeting asked for is known by the running number ``requests``; ``asked`` is the one that waits (0: none),
        # so that entries of a queue which no longer count need not be looked for.
        self.requests = key
        self.asked = 0
        self.callbacks: Any = ()


class Task:
    """Work without the client: so many minutes left, by when, for which matter and clause."""

    __slots__ = ("activity", "clause", "due", "duty", "key", "matter", "minutes")

    def __init__(
        self,
        due: int,
        key: int,
        activity: TaskActivity,
        minutes: int,
        matter: Matter | None,
        clause: str = "",
        duty: str = "",
    ) -> None:
        self.due = due
        self.key = key
        self.activity = activity
        self.minutes = minutes
        self.matter = matter
        self.clause = clause
        self.duty = duty


@dataclass(slots=True)
class MonthCounts:
    """What has happened in a month under the contracts in force, or on an account that runs out."""

    worked: int = 0
    out: dict[str, int] = field(default_factory=dict)
    opened: int = 0
    closed: int = 0
    resolved: int = 0
    asked: int = 0
    turned_away: int = 0
    escapes: int = 0
    claims: list[tuple[int, float]] = field(default_factory=list)
    assessed: list[int] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    sittings: list[tuple[str, int]] = field(default_factory=list)
    meetings: int = 0
    known: int = 0
    one_adviser: int = 0

    def met(self, known: bool) -> None:
        """Count a meeting, and whether it was with somebody whom the client had met before."""
        self.meetings += 1
        self.known += known

    def worked_on(self, heading: str, minutes: int) -> None:
        """Count minutes of work by heading; ``worked`` are those of the ordinary one, ``out`` all others."""
        if heading == "profit":
            self.worked += minutes
        else:
            self.out[heading] = self.out.get(heading, 0) + minutes

    def claimed(self, pence: int, value: float, escaped: bool) -> None:
        """Count a claim: what it earned, what the work on it cost."""
        self.claims.append((pence, value))
        self.escapes += escaped

    def margin(self) -> float | None:
        """Percent by which the recorded value of work falls short of the fees of this month's claims."""
        fees = add_up(pence for pence, _ in self.claims)
        return 100.0 * (fees - fsum(value for _, value in self.claims)) / fees if fees > 0 else None


@dataclass(slots=True, eq=False)
class House:
    """An organisation in this run: its desks and queues, its policies, its contracts and books, counts of the month.

    Minutes and pence are whole. ``patience`` is how many minutes the own adviser is waited for (-1: for ever).
    ``running_out`` holds the accounts of contracts that have ended, with matters still to be settled; ``purses`` what
    clients have spent of budgets of their own, by contract: the same for all organisations of an area.
    """

    index: int
    name: str
    # People and queues; queues are heaps of (due, key, matter).
    desks: list[Any] = field(default_factory=list)
    operators: list[Any] = field(default_factory=list)
    companions: list[Any] = field(default_factory=list)
    by_category: dict[str, list[Any]] = field(default_factory=dict)
    pools: dict[str, list[Any]] = field(default_factory=dict)
    calls: list[Any] = field(default_factory=list)
    waiting: list[Any] = field(default_factory=list)
    # Policies.
    first: str = "least_loaded"
    door: str = "walk_in"
    channel: Literal["as_preferred", Channel] = "as_preferred"
    patience: int = 0
    cap: int | None = None
    cap_for_new: int | None = None
    cap_minutes: int | None = None
    waiting_limit: int | None = None
    pooled: bool = False
    may_shrink: bool = False
    region: str = ""
    # What problems may go through here: by category.
    usual: dict[str, int] = field(default_factory=dict)
    by_hours: dict[str, int] | None = None
    outcomes: dict[str, str] = field(default_factory=dict)
    stages: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    happenings: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    # Contracts and what they ask of the service.
    accounts: list[Any] = field(default_factory=list)
    running_out: dict[Any, MonthCounts] = field(default_factory=dict)
    purses: dict[str, Any] = field(default_factory=dict)
    outreach: list[tuple[int, float]] = field(default_factory=list)
    service: Any = None
    discretion: bool = True
    monitored: float = 0.0
    relations: float = 0.0
    # Books.
    reserves: int = 0
    entitled: int = 0
    paid: int = 0
    income: int = 0
    spent: int = 0
    incomes: list[int] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    bills: dict[Expense, int] = field(default_factory=dict)
    heads: dict[date, int] = field(default_factory=dict)
    overheads: int = 0
    other_income: int = 0
    admin_month: int = 0
    admin_left: int = 0
    admin_cost: int = 0
    pressure: float = 0.0
    altruism: float = 0.0
    overdrawn: int = 0
    shut: bool = False
    month: MonthCounts = field(default_factory=MonthCounts)

    def new_month(self) -> None:
        """Begin to count a new month."""
        self.month = MonthCounts()
        for account in self.running_out:
            self.running_out[account] = MonthCounts()

    def counts(self, account: Any) -> MonthCounts:
        """Where a matter on this account counts: with its own contract, where that has ended."""
        return self.running_out.get(account, self.month) if self.running_out else self.month

    def outreach_at(self, onset: int) -> float:
        """By how many percent the contract in force when a problem begins shortens the time before it is brought."""
        return next((percent for minute, percent in reversed(self.outreach) if minute <= onset), 0.0)

    def people_changed(self) -> None:
        """Work out anew who may take which category, after somebody came or left."""
        self.by_category = {
            category: [
                desk for desk in self.desks if not desk.vacant and not desk.goes and desk.takes(category)
            ]
            for category in self.pools
        }
        held = [desk.altruism for desk in self.desks if not desk.vacant]
        self.altruism = fsum(held) / len(held) if held else 0.0
