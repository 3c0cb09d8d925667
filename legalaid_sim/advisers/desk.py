"""An adviser's desk: who holds the post, when they are at work, what waits to be done, and the diary of what was."""

from bisect import bisect_left, bisect_right
from operator import itemgetter
from typing import Any

from legalaid_sim.calendars import Interval
from legalaid_sim.units import add_up
from legalaid_sim.world import Holder, PostPlan

_begins, _ends = itemgetter(0), itemgetter(1)


class Desk:
    """One post with its holder, two queues (earliest due first) and a diary.

    ``contacts`` holds meetings, which must fit into what is left of the shift; ``tasks`` holds work without the client,
    which may be laid down overnight. Both are heaps of ``(due, key, thing)`` with a key of the domain, so that nothing
    depends on the order in which things were put in. A desk is busy with one thing at a time, and stands in the queue
    of the clock itself until that ends: ``callbacks`` is what happens then.
    """

    _ok = True
    __slots__ = (
        "admin", "adviser", "altruism", "answers", "busy", "callbacks", "casework", "contact", "contacts",
        "duty", "flagged", "free_since", "goes", "gone", "handover", "holder", "hours", "house", "index", "intervals",
        "joined", "listening", "load", "matters", "missed", "plan", "pools", "served", "shift_end",
        "shift_index", "shift_minutes", "skills", "strain", "supervision", "tasks", "travel", "until",
        "usual_skill", "vacant", "vintage", "work",
    )  # fmt: skip

    def __init__(self, plan: PostPlan, index: int) -> None:
        self.plan = plan
        self.index = index
        self.house = plan.house
        self.hours = plan.full_time
        self.answers = plan.role == "telephone_operator"
        self.skills = dict(plan.skills)
        self.usual_skill = self.skills.get("", 1.0)
        self.intervals: tuple[Interval, ...] = plan.intervals
        self.shift_index = -1
        self.shift_end = 0
        self.shift_minutes = 0
        self.contacts: list = []  # type: ignore[type-arg]
        self.tasks: list = []  # type: ignore[type-arg]
        self.pools: list = []  # type: ignore[type-arg]
        self.matters: dict = {}  # type: ignore[type-arg]
        self.load = 0
        self.busy = False
        self.flagged = False
        self.free_since = 0
        self.vacant = True
        self.altruism = 0.0
        self.vintage = 0
        self.strain = 0.0
        self.joined = 0
        self.until = -1
        self.served = 0
        # Gone for good; under notice, and given nobody new.
        self.gone = False
        self.goes = False
        self.callbacks: Any = ()
        self.work: Any = None
        self.clear_diary()

    def clear_diary(self) -> None:
        """Begin a new month in the diary."""
        self.contact = self.listening = self.casework = self.duty = self.admin = self.handover = 0
        self.supervision = self.travel = self.missed = 0

    def taken_by_next_holder(self, now: int) -> None:
        """Let the next pre-drawn person take the post."""
        from legalaid_sim.draws import nth

        holder: Holder = nth(self.plan.holders, self.vintage, "adviser", self.plan.id)
        self.holder = holder
        self.altruism = holder.altruism
        self.vintage += 1
        self.adviser = f"{self.plan.id}.v{self.vintage}"
        self.vacant = self.goes = False
        self.strain = 0.0
        self.joined = now
        self.served = 0

    def takes(self, category: str) -> bool:
        """Whether this desk works in the category."""
        return category in self.plan.categories

    def skill_in(self, category: str) -> float:
        """Skill of the holder in the category; 1 is the usual."""
        return self.holder.skill * self.skills.get(category, self.usual_skill)

    def minutes_between(self, start: int, end: int) -> int:
        """Minutes at work by the calendar between two minutes, whatever was done in them."""
        shifts = self.intervals
        first = bisect_right(shifts, start, key=_ends)
        last = bisect_left(shifts, end, lo=first, key=_begins)
        return add_up(min(b, end) - max(a, start) for a, b in shifts[first:last])
