"""The moving parts of one run: clients, matters, meetings asked for, tasks, organisations."""

from typing import Any

from legalaid_sim.contracts.facts import MatterFacts
from legalaid_sim.world import Person, ProblemPlan


class Client:
    """What a run knows of a person: whom they met, how far each is trusted, what is still hidden."""

    __slots__ = ("gone", "hidden", "met", "person")

    def __init__(self, person: Person) -> None:
        self.person = person
        self.met: dict[str, tuple[float, int]] = {}
        self.hidden: list[ProblemPlan] = [plan for plan in person.problems if plan.hidden]
        self.gone = False


class Affair:
    """A problem as it fares in this run: asked when, resolved or not, how often brought back."""

    __slots__ = ("asked", "attempts", "client", "late", "matters", "plan", "readers", "resolved", "returns", "stage")

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


class Matter:
    """One matter from being taken on to being closed."""

    __slots__ = (
        "account", "affair", "asked", "contract", "cores", "due_tasks", "facts", "given", "house", "id", "key",
        "lead", "listened", "listening", "misses", "needed", "open", "ordinal", "over", "planned", "requests", "work",
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
        self.cores: tuple[int, ...] = affair.plan.contacts
        self.listening = 0
        self.work = 0
        self.needed = self.planned = self.given = self.listened = 0
        self.ordinal = 0
        self.misses = 0
        self.due_tasks = 0
        # A meeting asked for is known by the running number ``requests``; ``asked`` is the one that waits (0: none),
        # so that entries of a queue which no longer count need not be looked for.
        self.requests = key
        self.asked = 0


class Task:
    """Work without the client: so many minutes left, by when, for which matter and clause."""

    __slots__ = ("activity", "clause", "due", "duty", "extra", "key", "matter", "minutes")

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
    """An organisation in this run: its desks, contracts, queues and books (pence)."""

    __slots__ = (
        "accounts", "admin_left", "admin_month", "admin_rate", "booked", "cap", "closed", "costs", "desks", "entitled",
        "first", "income", "incomes", "index", "name", "opened", "other_income", "overheads", "paid", "patience", "policy",
        "pools", "pressure", "region", "reserved", "reserves", "seen", "service", "spent", "vat", "waiting", "waiting_limit",
        "by_category", "worked_minutes",
    )  # fmt: skip

    def __init__(self, index: int, name: str) -> None:
        self.index = index
        self.name = name
        self.desks: list[Any] = []
        self.pools: dict[str, list[Any]] = {}
        self.waiting: list[Any] = []
        self.accounts: list[Any] = []
        self.incomes: list[int] = []
        self.costs: list[int] = []
        self.entitled = self.paid = self.income = self.spent = self.reserves = 0
        self.booked: dict[str, int] = {}
        self.pressure = 0.0
        self.opened: dict[int, int] = {}
        self.closed: dict[int, int] = {}
        self.worked_minutes = 0
        self.by_category: dict[str, list[Any]] = {}
        self.seen: set[str] = set()
        self.admin_left = 0

    def worked(self, minutes: int) -> None:
        """Count minutes given to matters in this month."""
        self.worked_minutes += minutes

    def people_changed(self) -> None:
        """Work out anew who may take which category, after somebody came or left."""
        self.by_category = {
            category: [desk for desk in self.desks if not desk.vacant and desk.takes(category)] for category in self.pools
        }
