"""Organisations in a run: people and queues, policies in force, books, and what has happened this month."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import reduce
from math import fsum
from operator import add
from typing import Any, Literal, NamedTuple

from legalaid_sim.advisers.desk import Desk
from legalaid_sim.contracts.vocabulary.service import ExceptionRule
from legalaid_sim.events import FACE_TO_FACE, Channel, Expense
from legalaid_sim.units import add_up, round_half_up

# The own adviser is waited for as long as it takes.
FOR_EVER = -1
# Longer than any queue.
NEVER = 1 << 40


class Fixed(tuple):  # type: ignore[type-arg]
    """What is known from the first day on and never changes, so that every copy of a run may share it."""

    __slots__ = ()


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

    def opens(self, client: str, waited: int) -> None:
        """Count a matter that is opened, of a client who has waited so many minutes."""
        self.opened += 1
        self.seen.add(client)
        self.waits.append(waited)

    def closes(self, by_one: bool) -> None:
        """Count a matter that is closed, and whether one adviser has seen it through."""
        self.closed += 1
        self.one_adviser += by_one

    def resolves(self) -> None:
        """Count a problem resolved."""
        self.resolved += 1

    def asks(self) -> None:
        """Count somebody who asks."""
        self.asked += 1

    def turns_away(self) -> None:
        """Count somebody turned away."""
        self.turned_away += 1

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


class Policy(NamedTuple):
    """What holds at an organisation: who takes a client, how they get in, what is watched, how pay is responded to.

    Minutes are whole. ``patience`` is how many minutes the own adviser is waited for (-1: for ever); ``monitored`` and
    ``relations`` are the shares of effort that targets watch, and that targets on relations do.
    """

    first: str = "least_loaded"
    door: str = "walk_in"
    channel: Channel | Literal["as_preferred"] = "as_preferred"
    nameless: bool = False
    patience: int = 0
    cap: int | None = None
    cap_for_new: int | None = None
    cap_minutes: int | None = None
    waiting_limit: int | None = None
    discretion: bool = True
    exceptions: ExceptionRule | None = None
    companions_offered: float = 1.0
    monitored: float = 0.0
    relations: float = 0.0
    respond: str = "none"

    @property
    def only_remote(self) -> bool:
        """Whether nobody gets in but by telephone or on a screen."""
        by_call = self.first == "telephone_hub" or self.door == "telephone_gateway"
        return by_call or self.channel not in ("as_preferred", FACE_TO_FACE)


@dataclass(slots=True)
class Books:
    """The money of an organisation, in whole pence, and the pressure that its want puts on everybody (0 to 1)."""

    reserves: int
    entitled: int = 0
    paid: int = 0
    income: int = 0
    spent: int = 0
    incomes: list[int] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    bills: dict[Expense, int] = field(default_factory=dict)
    pressure: float = 0.0
    overdrawn: int = 0

    def earn(self, pence: int) -> None:
        """Be entitled to a sum."""
        self.entitled += pence

    def be_paid(self, pence: int) -> None:
        """Be paid a sum under a contract."""
        self.paid += pence
        self.income += pence

    def receive(self, pence: int) -> None:
        """Take in a sum from elsewhere."""
        self.income += pence

    def spend(self, pence: int) -> None:
        """Pay a sum out."""
        self.spent += pence

    def foresee(self, bills: dict[Expense, int]) -> None:
        """Know the bills of the month, before they are paid."""
        self.bills = bills

    def close_month(self, months: int, reserve_months: float) -> None:
        """Carry the month into the reserves; feel pressure by the last ``months``."""
        self.reserves += self.income - self.spent
        self.incomes = [*self.incomes, self.income][-months:]
        self.costs = [*self.costs, self.spent][-months:]
        self.pressure = pressure(self.incomes, self.costs, self.reserves, reserve_months)

    def begin_month(self) -> None:
        """Begin to count a new month."""
        self.income = self.spent = 0

    def count_overdrawn(self) -> int:
        """Give the number of months in a row that reserves have been below zero, with this one."""
        self.overdrawn = self.overdrawn + 1 if self.reserves < 0 else 0
        return self.overdrawn


def pressure(income: list[int], cost: list[int], reserves: int, months: float) -> float:
    """Pressure in [0, 1]: half from trailing income short of cost, half from reserves short of ``months`` of cost."""
    spent = add_up(cost)
    if spent <= 0:
        return 0.0
    short = max(0.0, (spent - add_up(income)) / spent)
    wanted = months * spent / len(cost)
    thin = max(0.0, 1.0 - reserves / wanted) if wanted > 0 else 0.0
    return min(1.0, (short + min(1.0, thin)) / 2)


@dataclass(slots=True, eq=False)
class House:
    """An organisation in this run: its desks and queues, its policy, its contracts and books, counts of the month.

    Queues are heaps of (due, key, matter). ``running_out`` holds the accounts of contracts that have ended, with
    matters still to be settled; ``purses`` what clients have spent of budgets of their own, by contract: the same for
    all organisations of an area. ``usual``, ``outcomes``, ``stages`` and ``happenings`` say by category what problems
    may go through here; where meetings are booked, ``slot_minutes`` how long one is expected to be, and
    ``contact_share`` which part of all need is met in them.
    """

    index: int
    name: str
    region: str
    desks: list[Desk]
    operators: list[Desk]
    companions: list[Desk]
    usual: dict[str, int]
    by_hours: dict[str, int] | None
    outcomes: dict[str, str]
    stages: dict[str, list[tuple[str, float]]]
    happenings: dict[str, list[tuple[str, float]]]
    purses: dict[str, Any]
    books: Books
    may_shrink: bool = False
    heads: dict[date, int] = field(default_factory=dict)
    overheads: int = 0
    other_income: int = 0
    admin_month: int = 0
    admin_cost: int = 0
    by_category: dict[str, list[Desk]] = field(default_factory=dict)
    pools: dict[str, list[Any]] = field(default_factory=dict)
    calls: list[Any] = field(default_factory=list)
    waiting: list[Any] = field(default_factory=list)
    policy: Policy = field(default_factory=Policy)
    pooled: bool = False
    accounts: list[Any] = field(default_factory=list)
    running_out: dict[Any, MonthCounts] = field(default_factory=dict)
    outreach: list[tuple[int, float]] = field(default_factory=list)
    admin_left: int = 0
    altruism: float = 0.0
    shut: bool = False
    by_diary: bool = False
    slot_minutes: dict[str, int] = field(default_factory=dict)
    contact_share: float = 1.0
    month: MonthCounts = field(default_factory=MonthCounts)

    def __post_init__(self) -> None:
        self.pools = {category: [] for category in self.usual}
        for desk in self.operators:
            desk.serve([self.calls])
        self.admin_left = self.admin_month

    @property
    def everybody(self) -> list[Desk]:
        """All desks, occupied or not."""
        return [*self.desks, *self.operators, *self.companions]

    # ---- what is in force ----------------------------------------------------------------------------------------

    def hold(self, accounts: list[Any]) -> None:
        """Hold other contracts from now on; those held before run out."""
        self.running_out.update((account, MonthCounts()) for account in self.accounts)
        self.accounts = accounts

    def settled(self, account: Any) -> None:
        """Be done with a contract that has run out."""
        del self.running_out[account]

    def adopt(self, policy: Policy) -> None:
        """Work by another policy from now on."""
        self.policy = policy
        # A pool that was once filled is emptied by whoever is free, whatever holds now.
        self.pooled |= policy.patience != FOR_EVER or policy.first == "pool" or policy.nameless
        for desk in self.desks:
            pools = [pool for name, pool in self.pools.items() if desk.takes(name)] if self.pooled else []
            desk.serve(pools)

    def reach_out(self, outreach: list[tuple[int, float]]) -> bool:
        """Reach people as the contracts of the run say; tell whether that is otherwise than before."""
        before, self.outreach = self.outreach, outreach
        return before != outreach

    def outreach_at(self, onset: int) -> float:
        """By how many percent the contract in force when a problem begins shortens the time before it is brought."""
        for minute, percent in reversed(self.outreach):
            if minute <= onset:
                return percent
        return 0.0

    @property
    def takes_budgets(self) -> bool:
        """Whether a client may spend a budget of their own here."""
        return any(
            account.purses.approves(budget) for account in self.accounts for budget in account.terms.budgets
        )

    @property
    def queue(self) -> Fraction:
        """Matters in hand and people waiting for each whole post at work; nobody at work is a queue without end."""
        held = [desk for desk in self.desks if not desk.vacant]
        posts = reduce(add, (desk.hours for desk in held), Fraction(0))
        people = len(self.waiting) + add_up(desk.load for desk in held)
        return people / posts if posts else Fraction(NEVER)

    def lacks(self, category: str) -> bool:
        """Whether none of its posts, held or vacant, is for a kind of problem."""
        return not any(desk.takes(category) for desk in self.desks)

    # ---- diaries -------------------------------------------------------------------------------------------------

    def books_meetings(self, minutes: dict[str, int], contact_share: float) -> None:
        """Hold meetings by appointment: the minutes that one is expected to take by category, and their share."""
        self.by_diary = True
        self.slot_minutes, self.contact_share = minutes, contact_share

    def room_of(self, minutes: int) -> int:
        """Minutes of a shift that a meeting of so many takes up, with the desk work that goes with it."""
        return max(minutes, round_half_up(minutes / self.contact_share))

    # ---- the month -----------------------------------------------------------------------------------------------

    def counts(self, account: Any) -> MonthCounts:
        """Where a matter on this account counts: with its own contract, where that has ended."""
        return self.running_out.get(account, self.month) if self.running_out else self.month

    def new_month(self) -> None:
        """Begin to count a new month."""
        self.books.begin_month()
        self.admin_left = self.admin_month
        self.month = MonthCounts()
        for account in self.running_out:
            self.running_out[account] = MonthCounts()

    def use_admin(self, minutes: int) -> int:
        """Let admin staff do as much as their month still allows, and give those minutes."""
        done = min(minutes, self.admin_left)
        self.admin_left -= done
        return done

    # ---- people --------------------------------------------------------------------------------------------------

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

    def shuts(self) -> None:
        """Take on nobody more."""
        self.shut = True

    def wait_again(self, waiting: list[Any]) -> list[Any]:
        """Put others on the waiting list, and give those who stood there."""
        before, self.waiting = self.waiting, waiting
        return before

    def let_go(self) -> None:
        """Point to nobody any more, at the end of a run."""
        self.desks, self.operators, self.companions = [], [], []
        self.waiting = []
        self.calls.clear()
        self.by_category = {}
        for pool in self.pools.values():
            pool.clear()
