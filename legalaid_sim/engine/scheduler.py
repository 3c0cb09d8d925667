"""Desks at work: who takes up which meeting or task, minute by minute, and when it ends.

A desk that is free and at work takes what is due first: a meeting of its own, a meeting from a pool, or a task. Who
takes what is decided when everything else of the same minute has happened, over desks in the order in which they fell
free; so no decision depends on the order in which SimPy happens to hold its events. What a meeting or a task comes to
is not known here: that is told to ``MeetingEnds``.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, Protocol

from legalaid_sim import events
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.engine.clock import Call, call_at
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.keys import ROUTINE_KEY
from legalaid_sim.engine.matter import Matter, Task
from legalaid_sim.units import MINUTES_PER_DAY, round_half_up

# Whose date is near goes before all that is due at any minute of a life, and work elsewhere before that.
AHEAD = 2**40
FIRST = -2 * AHEAD


class MeetingEnds(Protocol):
    """Whoever is told what desks have done, and asked whether a meeting takes place."""

    def opens(self, matter: Matter, desk: Desk, now: int) -> bool:
        """Say whether a matter may be opened at its first meeting."""

    def is_missed(self, matter: Matter, desk: Desk, now: int) -> bool:
        """Say whether the client fails to come."""

    def met(
        self, desk: Desk, now: int, matter: Matter, due: int, began: int,
        core: int, listening: int, retelling: int, reading: int,
    ) -> None:  # fmt: skip
        """A meeting is over."""

    def put_off(self, matter: Matter, now: int) -> None:
        """The day is too short for a meeting that was booked."""

    def stood_up(self, desk: Desk, matter: Matter, minutes: int, now: int) -> None:
        """The minutes lost on a client who has not come are over."""

    def answered(self, desk: Desk, matter: Matter, due: int, began: int, now: int) -> None:
        """An operator's call is over."""

    def worked(self, desk: Desk, task: Task, began: int, now: int) -> None:
        """A stretch of work is over; the task is done where no minutes of it are left."""


class Scheduler:
    """All desks of all organisations."""

    def __init__(self, common: Common, desks: list[Desk]) -> None:
        self.desks = desks
        self.ready: list[Desk] = []
        self._clock = common.clock
        self._at = common.clock.at
        self._settings = common.settings
        self._routine = ROUTINE_KEY
        # Where nobody misses a meeting no threshold is looked up, of which the world then has none.
        self._misses = common.settings.missed_chance > 0.0
        self._over_meeting: Any = (self._meeting_ends,)
        self._over_task: Any = (self._task_ends,)
        # Set when shifts open: whoever is told is built after those who tell.
        self._ends: MeetingEnds

    # ---- shifts --------------------------------------------------------------------------------------------------

    def open_shifts(self, ends: MeetingEnds) -> None:
        """Let every desk's calendar begin; what is done there is told to ``ends``."""
        self._ends = ends
        for desk in self.desks:
            if desk.intervals:
                call_at(self._clock, desk.intervals[0][0], self._shift_begins, desk)

    def _shift_begins(self, call: Call) -> None:
        desk: Desk = call.arg
        following = desk.begin_shift()
        if following is not None:
            call_at(self._clock, following, self._shift_begins, desk)
        if desk.vacant:
            return
        admin = self._settings.other_admin
        # A desk at work day and night is a server of queueing theory, which has no other work.
        if admin and desk.shift_minutes < MINUTES_PER_DAY:
            minutes = min(desk.shift_minutes, round_half_up(admin * desk.part))
            self.add_routine(desk, desk.shift_end, events.ADMIN, minutes)
        self.wake(desk)

    def add_routine(
        self, desk: Desk, due: int, activity: events.Labour, minutes: int, clause: str = "", duty: str = ""
    ) -> None:
        """Put work that belongs to no matter on a desk."""
        if minutes > 0:
            self._routine = key = self._routine + 1
            desk.put(Task(due, key, activity, minutes, None, clause, duty))

    def add_task(self, desk: Desk, task: Task) -> None:
        """Put a task on a desk, earliest due first."""
        desk.put(task)
        if not desk.busy:
            self.wake(desk)

    # ---- asking for a meeting ------------------------------------------------------------------------------------

    def ask_meeting(self, matter: Matter, due: int) -> None:
        """Put a meeting where the organisation's patience says: with the own adviser, in the pool, or both in turn."""
        key = matter.asks(due)
        house, lead = matter.house, matter.lead
        if matter.presses and not matter.ordinal:
            due -= AHEAD
        if lead is None or matter.patience == 0 or (due < 0 and house.pooled):
            self._pool(matter, due, key)
            return
        heappush(lead.contacts, (due, key, matter))
        if not lead.busy:
            self.wake(lead)
        if due < 0:
            return
        if house.policy.patience > 0:
            call_at(self._clock, due + house.policy.patience, self._release, (matter, due, key))

    def ask_call(self, matter: Matter, due: int) -> None:
        """Put a first call to the operators of a telephone gateway or hub."""
        key = matter.asks(due)
        heappush(matter.house.calls, (due - AHEAD if matter.presses else due, key, matter))
        for desk in matter.house.operators:
            self.wake(desk)

    def await_meeting(self, matter: Matter, when: int, asks: Callable[[Matter], None]) -> None:
        """Let a matter, which waits for one next meeting at a time, call ``asks`` when that is due."""
        matter.waits((asks,))
        self._at(when, matter)

    def move_meeting(self, matter: Matter, before: Desk, after: Desk) -> None:
        """Let the meeting that waits with a leaver wait with the successor."""
        for entry in before.contacts:
            if entry[2] is matter and entry[1] == matter.asked:
                heappush(after.contacts, entry)
                self.wake(after)

    def _release(self, call: Call) -> None:
        """The own adviser has been waited for long enough: anyone may now take the meeting."""
        matter, due, key = call.arg
        if matter.asked == key:
            self._pool(matter, due, key)

    def _pool(self, matter: Matter, due: int, key: int) -> None:
        house = matter.house
        pool = house.pools[matter.facts.category]
        heappush(pool, (due, key, matter))
        for desk in house.desks:
            if not desk.busy and pool in desk.pools:
                self.wake(desk)

    # ---- deciding ------------------------------------------------------------------------------------------------

    def wake(self, desk: Desk) -> None:
        """Let this desk be looked at when the minute is over."""
        if not desk.flagged and not desk.busy:
            desk.flagged = True
            self.ready.append(desk)

    def decide(self, now: int) -> None:
        """Let free desks take things up, those first that have been free the longest."""
        while ready := self.ready:
            self.ready = []
            if len(ready) > 1:
                ready.sort(key=_longest_free)
            for desk in ready:
                desk.flagged = False
                if now < desk.shift_end and not desk.busy and not desk.vacant:
                    self._take_up(desk, now)

    def _take_up(self, desk: Desk, now: int) -> None:
        """Let a free desk begin what is due first and fits into its shift; if nothing does, it stays free."""
        while True:
            until = desk.shift_end
            if desk.booked:
                if desk.booked[0][0] <= now and self._hold(desk, now):
                    return
                until = min(until, desk.booked[0][0]) if desk.booked else until
            heap = desk.contacts
            # A meeting asked for anew, or given up, leaves its old entry behind; it is dropped when it comes up.
            while heap and heap[0][2].asked != heap[0][1]:
                heappop(heap)
            best = heap[0] if heap else None
            for pool in desk.pools:
                # Most are empty most of the time.
                if pool:
                    while pool and pool[0][2].asked != pool[0][1]:
                        heappop(pool)
                    if pool and (best is None or pool[0] < best):
                        best, heap = pool[0], pool
            tasks = desk.tasks
            # Of what is due at one minute the client goes before work without them.
            if best is not None and (not tasks or best[0] <= tasks[0][0]):
                matter: Matter = best[2]
                ends = now + self._length(desk, matter)
                # Whose date is near comes between booked meetings, whoever must wait for it.
                if ends <= (until if best[0] >= 0 else desk.shift_end) or ends - now > desk.shift_minutes:
                    heappop(heap)
                    matter.forget_meeting()
                    # Not the minute of the entry, which lies far ahead where a date presses.
                    if self._meet(desk, matter, matter.due, now):
                        return
                    continue
            if tasks:
                task: Task = heappop(tasks)[2]
                # Called off meanwhile.
                if task.minutes <= 0:
                    continue
                if task.activity == events.LISTENING and task.matter is not None and task.matter.over:
                    continue
                self._work(desk, task, now, until)
            return

    def _hold(self, desk: Desk, now: int) -> bool:
        """Begin a booked meeting whose minute has come; False when there is none that takes place.

        One that begins late is put off where not even half of it fits into what is left of the shift.
        """
        while desk.booked and desk.booked[0][0] <= now:
            # One that does not take place leaves the diary as it is put off or refused, so this ends.
            slot, _, matter = desk.booked[0]
            if slot < now and 2 * (desk.shift_end - now) < self._length(desk, matter):
                self._ends.put_off(matter, now)
            # A slot may lie before the minute of that day from which one was wanted: then nobody has waited.
            elif self._meet(desk, matter, min(slot, matter.appointment.wanted), now):
                desk.booked.pop(0)
                matter.was_waiting(now)
                return True
        return False

    # ---- meetings ------------------------------------------------------------------------------------------------

    def _length(self, desk: Desk, matter: Matter) -> int:
        """Minutes the next meeting would take at this desk, reading and retelling included."""
        if desk.answers:
            return self._settings.call_minutes
        minutes = matter.cores[matter.ordinal] + matter.listening
        readers = matter.problem.readers
        if readers and desk.adviser not in readers:
            minutes += self._settings.reading + self._settings.retelling
        return minutes

    def _meet(self, desk: Desk, matter: Matter, due: int, now: int) -> bool:
        """Begin a meeting; False when it does not happen and the desk is still free."""
        if desk.answers:
            self._answer(desk, matter, due, now)
            return True
        if not matter.open and not self._ends.opens(matter, desk, now):
            return False
        continues = matter.parts > 0
        if continues:
            matter.take_part()
        elif self._misses and self._ends.is_missed(matter, desk, now):
            self._stood_up(desk, matter, now)
            return True
        core, listening, reading, retelling = matter.cores[matter.ordinal], matter.listening, 0, 0
        if continues:
            listening = 0
        readers = matter.problem.readers
        if readers and desk.adviser not in readers:
            reading, retelling = self._settings.reading, self._settings.retelling
        minutes = core + listening + reading + retelling
        if now + minutes > desk.shift_end:
            # What is left of the shift goes to the matter first, then to listening, to retelling, to reading.
            core = matter.cut_meeting(core, now + minutes - desk.shift_end)
            minutes = max(1, desk.shift_end - now)
            listening = min(listening, minutes - core)
            retelling = min(retelling, minutes - core - listening)
            reading = minutes - core - listening - retelling
        desk.begin((matter, due, now, core, listening, retelling, reading), now, self._over_meeting)
        self._at(now + minutes, desk)
        return True

    def _meeting_ends(self, desk: Desk) -> None:
        now = self._clock.now
        matter, due, began, core, listening, retelling, reading = desk.work
        desk.met(core, listening, retelling, reading)
        desk.free(now)
        self._ends.met(desk, now, matter, due, began, core, listening, retelling, reading)
        self.wake(desk)

    def _stood_up(self, desk: Desk, matter: Matter, now: int) -> None:
        """The client does not come: some minutes are lost."""
        minutes = min(self._settings.missed_minutes, desk.shift_end - now)
        desk.begin(None, now)
        desk.spend(events.MISSED, minutes)
        call_at(self._clock, now + minutes, self._lost_time_ends, (desk, matter, minutes))

    def _lost_time_ends(self, call: Call) -> None:
        desk, matter, minutes = call.arg
        now = self._clock.now
        desk.free(now)
        self._ends.stood_up(desk, matter, minutes, now)
        self.wake(desk)

    def _answer(self, desk: Desk, matter: Matter, due: int, now: int) -> None:
        """Let an operator take a first call, which tells the caller whom to see and opens nothing."""
        matter.calls()
        desk.begin((matter, due, now), now)
        minutes = min(self._settings.call_minutes, desk.shift_end - now)
        call_at(self._clock, now + minutes, self._call_ends, desk)

    def _call_ends(self, call: Call) -> None:
        desk: Desk = call.arg
        now = self._clock.now
        matter, due, began = desk.work
        desk.done(events.CONTACT, now - began, now)
        self._ends.answered(desk, matter, due, began, now)
        self.wake(desk)

    # ---- tasks ---------------------------------------------------------------------------------------------------

    def _work(self, desk: Desk, task: Task, now: int, until: int) -> None:
        """Begin a task; what does not fit in until the shift ends or a meeting is booked is laid down until then."""
        if task.at_once:
            until = desk.shift_end
            task.begin(now, until - now)
        left = until - now
        desk.begin(task, now, self._over_task)
        minutes = task.minutes
        self._at(now + minutes if minutes < left else until, desk)

    def _task_ends(self, desk: Desk) -> None:
        now = self._clock.now
        task: Task = desk.work
        began = desk.since
        minutes = now - began
        desk.done(task.activity, minutes, now)
        task.done(minutes)
        self._ends.worked(desk, task, began, now)
        if task.minutes > 0:
            desk.put(task)
        # As ``wake`` does, for what happens most often.
        if not desk.flagged:
            desk.flagged = True
            self.ready.append(desk)

    def let_go(self) -> None:
        """Point to nothing any more, at the end of a run."""
        self.desks = []
        self.ready = []
        self._over_meeting = self._over_task = ()
        del self._ends


def _longest_free(desk: Desk) -> tuple[int, int]:
    return desk.free_since, desk.index
