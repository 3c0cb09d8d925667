"""An adviser's desk: who holds the post, when they are at work, what waits to be done, and the diary of what was."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from heapq import heappush
from operator import itemgetter
from typing import Any

from legalaid_sim.advisers.load import promised
from legalaid_sim.advisers.slots import DeskSlots
from legalaid_sim.calendars import MinuteSpan
from legalaid_sim.draws import nth
from legalaid_sim.events.words import ACTIVITIES, CONTACT, HANDOVER, IDLE, LISTENING, Activity
from legalaid_sim.units import add_up
from legalaid_sim.world import Holder, PostPlan

_begins, _ends = itemgetter(0), itemgetter(1)
# What a diary counts; what is left of the month is idle.
SPENT = tuple(activity for activity in ACTIVITIES if activity != IDLE)


class Desk:
    """One post with its holder, two queues (earliest due first) and a diary.

    ``contacts`` holds meetings, which must fit into what is left of the shift; ``tasks`` holds work without the client,
    which may be laid down overnight. Both are heaps of ``(due, key, thing)`` with a key of the domain, so that nothing
    depends on the order in which things were put in. A desk is busy with one thing at a time, and stands in the queue
    of the clock itself until that ends: ``callbacks`` is what happens then.
    """

    _ok = True
    __slots__ = (
        "_left",
        "_moved",
        "_promised",
        "adviser",
        "altruism",
        "answers",
        "booked",
        "busy",
        "callbacks",
        "contacts",
        "diary",
        "flagged",
        "free_since",
        "goes",
        "gone",
        "holder",
        "hours",
        "house",
        "index",
        "intervals",
        "joined",
        "load",
        "matters",
        "part",
        "plan",
        "pools",
        "served",
        "shift_end",
        "shift_index",
        "shift_minutes",
        "since",
        "skills",
        "slots",
        "strain",
        "tasks",
        "usual_skill",
        "vacant",
        "vintage",
        "work",
    )  # fmt: skip

    def __init__(self, plan: PostPlan, index: int) -> None:
        self.plan = plan
        self.index = index
        self.house = plan.house
        self.hours = plan.full_time
        self.part = float(plan.full_time)
        self.answers = plan.role == "telephone_operator"
        self.skills = dict(plan.skills)
        self.usual_skill = self.skills.get("", 1.0)
        self.intervals: tuple[MinuteSpan, ...] = plan.intervals
        self.shift_index = -1
        self.shift_end = 0
        self.shift_minutes = 0
        self.contacts: list = []  # type: ignore[type-arg]
        self.tasks: list = []  # type: ignore[type-arg]
        self.pools: list = []  # type: ignore[type-arg]
        # What is booked here, in order of the slot; what can still be, where appointments are booked at all.
        self.booked: list = []  # type: ignore[type-arg]
        self.slots: DeskSlots | None = None
        self.matters: dict = {}  # type: ignore[type-arg]
        self.load = 0
        # Minutes that matters led here are likely to take: in all, of each as last looked at, and which have moved on.
        self._promised = 0
        self._left: dict = {}  # type: ignore[type-arg]
        self._moved: dict = {}  # type: ignore[type-arg]
        self.busy = False
        # The scheduler's own mark: to be looked at when the minute is over.
        self.flagged = False
        self.free_since = 0
        self.vacant = True
        self.altruism = 0.0
        self.vintage = 0
        self.strain = 0.0
        self.joined = 0
        # When what is being done began.
        self.since = -1
        self.served = 0
        # Gone for good; under notice, and given nobody new.
        self.gone = False
        self.goes = False
        self.callbacks: Any = ()
        self.work: Any = None
        self.clear_diary()

    # ---- at work -------------------------------------------------------------------------------------------------

    def begin_shift(self) -> int | None:
        """Begin the next shift; give the minute at which the one after it begins, where there is one."""
        self.shift_index += 1
        start, self.shift_end = self.intervals[self.shift_index]
        self.shift_minutes = self.shift_end - start
        following = self.shift_index + 1
        return self.intervals[following][0] if following < len(self.intervals) else None

    def begin(self, work: Any, now: int, callbacks: Any = ()) -> None:
        """Begin something, and call ``callbacks`` when it is over, if the desk is put into the clock's queue."""
        self.busy = True
        self.work = work
        self.since = now
        self.callbacks = callbacks

    def free(self, now: int) -> None:
        """Be done with what was begun."""
        self.busy = False
        self.free_since = now

    def done(self, activity: Activity, minutes: int, now: int) -> None:
        """Be done with what was begun, and write its minutes into the diary."""
        self.diary[activity] += minutes
        self.busy = False
        self.free_since = now

    def put(self, task: Any) -> None:
        """Lay a task to those that wait."""
        heappush(self.tasks, (task.due, task.key, task))

    def leave_undone(self) -> None:
        """Drop all that waits here."""
        self.contacts = []
        self.tasks = []
        self.booked = []

    def keep_own(self) -> list[Any]:
        """Keep the meetings of one's own matters, and give away all tasks, in order."""
        self.contacts = sorted(entry for entry in self.contacts if entry[2].lead is self)
        tasks, self.tasks = sorted(self.tasks, key=_due), []
        return [entry[2] for entry in tasks]

    def let_go(self) -> None:
        """Point to nothing any more, at the end of a run."""
        self.leave_undone()
        self.matters.clear()
        self._moved.clear()
        self.pools = []
        self.work, self.callbacks = None, ()

    def open_diary(self, slots: DeskSlots) -> None:
        """Let meetings be booked here."""
        self.slots = slots

    def serve(self, pools: list[Any]) -> None:
        """Take meetings from these pools too."""
        self.pools = pools

    # ---- the diary -----------------------------------------------------------------------------------------------

    def clear_diary(self) -> None:
        """Begin a new month in the diary."""
        self.diary: dict[str, int] = dict.fromkeys(SPENT, 0)

    def spend(self, activity: Activity, minutes: int) -> None:
        """Write minutes into the diary."""
        self.diary[activity] += minutes

    def met(self, core: int, listening: int, retelling: int, reading: int) -> None:
        """Write a meeting into the diary: what was told anew counts as contact, reading beforehand as handing over."""
        diary = self.diary
        diary[CONTACT] += core + retelling
        diary[LISTENING] += listening
        diary[HANDOVER] += reading

    # ---- who holds the post --------------------------------------------------------------------------------------

    def taken_by_next_holder(self, now: int) -> None:
        """Let the next pre-drawn person take the post."""
        holder: Holder = nth(self.plan.holders, self.vintage, "adviser", self.plan.id)
        self.holder = holder
        self.altruism = holder.altruism
        self.vintage += 1
        self.adviser = f"{self.plan.id}.v{self.vintage}"
        self.vacant = self.goes = False
        self.strain = 0.0
        self.joined = now
        self.served = 0

    def next_threshold(self) -> float:
        """Give the threshold of leaving this month, and go on to the next."""
        u: float = nth(self.holder.u_leave, self.served, "career", self.adviser)
        self.served += 1
        return u

    def give_notice(self) -> None:
        """Go at the end of the coming month."""
        self.goes = True

    def empty(self, for_good: bool = False) -> None:
        """Stand empty, until somebody else comes or for good."""
        self.vacant = True
        self.gone = self.gone or for_good

    def close_post(self) -> None:
        """Let nobody come after the holder."""
        self.gone = True

    def feel(self, strain: float, crowded_out: float) -> None:
        """Carry the strain of a month into the next, and lose that share of altruism."""
        self.strain = strain
        self.altruism *= 1.0 - crowded_out

    # ---- matters -------------------------------------------------------------------------------------------------

    def lead(self, matter: Any) -> None:
        """Take a matter."""
        self.matters[matter.id] = self._moved[matter.id] = matter
        self.load += 1

    def drop(self, matter: Any) -> None:
        """Give a matter away, if it is here."""
        if self.matters.pop(matter.id, None) is not None:
            self.load -= 1
            self._moved.pop(matter.id, None)
            self._promised -= self._left.pop(matter.id, 0)

    def moved_on(self, matter: Any) -> None:
        """Let it be known that minutes were given to a matter, which may be led here still."""
        if matter.id in self.matters:
            self._moved[matter.id] = matter

    def promised(self, usual: Mapping[str, int]) -> int:
        """Minutes that the matters led here are still likely to take; only those that moved on are looked at again."""
        if self._moved:
            left = self._left
            for name, matter in self._moved.items():
                minutes = promised((matter,), usual)
                self._promised += minutes - left.get(name, 0)
                left[name] = minutes
            self._moved.clear()
        return self._promised

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


def _due(entry: tuple[int, int, Any]) -> tuple[int, int]:
    return entry[:2]
