"""The moving parts of one run: clients, matters, meetings asked for, tasks, organisations."""

from typing import Any

from legalaid_sim.contracts.facts import MatterFacts
from legalaid_sim.world import Person, ProblemPlan


class Client:
    """What a run knows of a person: whom they met, how far each is trusted, what is hidden, what they can do alone."""

    __slots__ = ("capability", "hidden", "house", "last_closed", "met", "person")

    def __init__(self, person: Person) -> None:
        self.person = person
        self.met: dict[str, tuple[float, int]] = {}
        self.hidden: list[ProblemPlan] = [plan for plan in person.problems if plan.hidden]
        self.capability = 0.0
        self.last_closed = -1
        self.house: House | None = None


class Affair:
    """A problem as it fares in this run: asked when, resolved or not, how often brought back."""

    __slots__ = (
        "asked", "attempts", "client", "late", "matters", "plan", "readers", "resolved", "returns", "stage", "tried",
    )  # fmt: skip

    def __init__(self, plan: ProblemPlan, client: Client) -> None:
        self.plan = plan
        self.client = client
        self.asked = -1
        self.attempts = 0
        self.late = False
        self.matters = 0
        self.readers: set[str] = set()
        self.resolved = False
        self.returns = 0
        self.stage = "unasked"
        self.tried: list[House] = []


class Matter:
    """One matter from being taken on to being closed."""

    __slots__ = (
        "account", "affair", "asked", "beside", "called", "contract", "cores", "due_tasks", "facts", "given", "goal_due",
        "goal_open", "house", "id", "key", "lead", "listened", "listening", "meetings", "misses", "needed", "open", "ordinal", "over",
        "planned", "requests", "stages", "stopped_until", "work",
    )  # fmt: skip

    def __init__(self, id_: str, key: int, affair: Affair, house: "House", account: Any, facts: MatterFacts) -> None:
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
        self.goal_due = 0
        self.goal_open = False
        # A meeting asked for is known by the running number ``requests``; ``asked`` is the one that waits (0: none),
        # so that entries of a queue which no longer count need not be looked for.
        self.requests = key
        self.asked = 0


class Task:
    """Work without the client: so many minutes left, by when, for which matter and clause."""

    __slots__ = ("activity", "clause", "due", "duty", "key", "matter", "minutes")

    def __init__(
        self, due: int, key: int, activity: str, minutes: int, matter: Matter | None, clause: str = "", duty: str = ""
    ) -> None:
        self.due = due
        self.key = key
        self.activity = activity
        self.minutes = minutes
        self.matter = matter
        self.clause = clause
        self.duty = duty


class House:
    """An organisation in this run: its desks, contracts, queues, policies, counts of the month and books (pence)."""

    __slots__ = (
        "accounts", "admin_left", "admin_month", "admin_rate", "altruism", "asked", "assessed", "by_category", "calls",
        "cap", "cap_for_new", "channel", "claims", "closed", "companions", "costs", "days_waited", "desks", "discretion",
        "door", "entitled", "escapes", "first", "happenings", "income", "incomes", "index", "may_shrink", "monitored",
        "name", "opened", "operators", "other_income", "outcomes", "overdrawn", "overheads", "paid", "patience", "pools",
        "pressure", "region", "reserves", "resolved", "seen", "service", "sessions", "shut", "spent", "stages",
        "turned_away", "waiting", "waiting_limit", "worked_minutes",
    )  # fmt: skip

    def __init__(self, index: int, name: str) -> None:
        self.index = index
        self.name = name
        self.desks: list[Any] = []
        self.operators: list[Any] = []
        self.companions: list[Any] = []
        self.pools: dict[str, list[Any]] = {}
        self.calls: list[Any] = []
        self.by_category: dict[str, list[Any]] = {}
        self.waiting: list[Any] = []
        self.accounts: list[Any] = []
        self.incomes: list[int] = []
        self.costs: list[int] = []
        self.entitled = self.paid = self.income = self.spent = self.reserves = 0
        self.pressure = 0.0
        self.altruism = 0.0
        self.monitored = 0.0
        self.overdrawn = 0
        self.shut = False
        self.seen: set[str] = set()
        self.admin_left = 0
        self.new_month()

    def new_month(self) -> None:
        """Begin to count a new month."""
        self.worked_minutes = self.opened = self.closed = self.resolved = self.asked = self.turned_away = 0
        self.escapes = 0
        self.claims: list[tuple[int, float]] = []
        self.assessed: list[int] = []
        self.days_waited: list[float] = []
        self.seen.clear()

    def worked(self, minutes: int) -> None:
        """Count minutes given to matters in this month."""
        self.worked_minutes += minutes

    def claimed(self, pence: int, value: float, escaped: bool) -> None:
        """Count a claim of this month: what it earned, what the work on it cost."""
        self.claims.append((pence, value))
        self.escapes += escaped

    def margin(self) -> float | None:
        """Percent by which the recorded value of work falls short of the fees of this month's claims."""
        fees = sum(pence for pence, _ in self.claims)
        return 100.0 * (fees - sum(value for _, value in self.claims)) / fees if fees > 0 else None

    def people_changed(self) -> None:
        """Work out anew who may take which category, after somebody came or left."""
        self.by_category = {
            category: [desk for desk in self.desks if not desk.vacant and desk.takes(category)] for category in self.pools
        }
        held = [desk.altruism for desk in self.desks if not desk.vacant]
        self.altruism = sum(held) / len(held) if held else 0.0
