"""The floor of the agency: desks taking up meetings and tasks, minute by minute.

A desk that is free and at work takes what is due first: a meeting of its own, a meeting from a pool, or a task. Who
takes what is decided when everything else of the same minute has happened, over desks in the order in which they fell
free; so no decision depends on the order in which SimPy happens to hold its events.
"""

from heapq import heappop, heappush
from typing import Any

from legalaid_sim import events
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.clients import centred, faded_trust, grown_trust, log_odds, missed_chance
from legalaid_sim.draws import nth
from legalaid_sim.engine.clock import NORMAL, Call, call_at
from legalaid_sim.engine.run import Run
from legalaid_sim.engine.sessions import Sitting
from legalaid_sim.engine.state import Matter, Task
from legalaid_sim.events import make
from legalaid_sim.units import MINUTES_PER_DAY, round_half_up

FOR_EVER = -1
ROUTINE_KEY = 1 << 60


class Floor:
    """All desks of all organisations, and the log that they write."""

    def __init__(self, run: Run, desks: list[Desk]) -> None:
        self.run = run
        self.env = run.env
        self.desks = desks
        self.settings = settings = run.settings
        self.tell = run.tell
        self.schedule: Any = run.env.schedule
        self.ready: list[Desk] = []
        self._routine = ROUTINE_KEY
        self._misses = settings.missed_chance > 0.0
        self._missed_base = centred(log_odds(settings.missed_chance), settings.missed_person)
        self._over_meeting = (self._meeting_ends,)
        self._over_task = (self._task_ends,)

    # ---- shifts --------------------------------------------------------------------------------------------------

    def open_shifts(self) -> None:
        """Let every desk's calendar begin."""
        for desk in self.desks:
            if desk.intervals:
                call_at(self.env, desk.intervals[0][0], self._shift_begins, desk)

    def _shift_begins(self, call: Call) -> None:
        desk: Desk = call.arg
        desk.shift_index += 1
        start, end = desk.intervals[desk.shift_index]
        if desk.shift_index + 1 < len(desk.intervals):
            call_at(self.env, desk.intervals[desk.shift_index + 1][0], self._shift_begins, desk)
        desk.shift_end = end
        desk.shift_minutes = end - start
        if desk.vacant:
            return
        if self.settings.other_admin and desk.shift_minutes < MINUTES_PER_DAY:
            minutes = min(desk.shift_minutes, round_half_up(self.settings.other_admin * desk.plan.full_time))
            self.add_routine(desk, end, events.ADMIN, minutes)
        self.wake(desk)

    def add_routine(
        self, desk: Desk, due: int, activity: events.Labour, minutes: int, clause: str = "", duty: str = ""
    ) -> None:
        """Put work that belongs to no matter on a desk."""
        if minutes > 0:
            self._routine += 1
            heappush(
                desk.tasks,
                (due, self._routine, Task(due, self._routine, activity, minutes, None, clause, duty)),
            )

    # ---- asking for a meeting ------------------------------------------------------------------------------------

    def ask_meeting(self, matter: Matter, due: int) -> None:
        """Put a meeting where the organisation's patience says: with the own adviser, in the pool, or both in turn."""
        matter.requests = key = matter.requests + 1
        matter.asked = key
        house, lead = matter.house, matter.lead
        if lead is None or house.patience == 0:
            self._pool(matter, due, key)
            return
        heappush(lead.contacts, (due, key, matter))
        if not lead.busy and not lead.flagged:
            lead.flagged = True
            self.ready.append(lead)
        if house.patience > 0:
            call_at(self.env, due + house.patience, self._release, (matter, due, key))

    def ask_call(self, matter: Matter, due: int) -> None:
        """Put a first call to the operators of a telephone gateway or hub."""
        matter.requests = key = matter.requests + 1
        matter.asked = key
        heappush(matter.house.calls, (due, key, matter))
        for desk in matter.house.operators:
            self.wake(desk)

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
            heap = desk.contacts
            while heap and heap[0][2].asked != heap[0][1]:
                heappop(heap)
            best = heap[0] if heap else None
            for pool in desk.pools:
                while pool and pool[0][2].asked != pool[0][1]:
                    heappop(pool)
                if pool and (best is None or pool[0] < best):
                    best, heap = pool[0], pool
            tasks = desk.tasks
            if best is not None and (not tasks or best[0] <= tasks[0][0]):
                matter: Matter = best[2]
                ends = now + self._length(desk, matter)
                if ends <= desk.shift_end or ends - now > desk.shift_minutes:
                    heappop(heap)
                    matter.asked = 0
                    if self._meet(desk, matter, best[0], now):
                        return
                    continue
            if tasks:
                task: Task = heappop(tasks)[2]
                if task.minutes <= 0:
                    continue
                if task.activity == "listening" and task.matter is not None and task.matter.over:
                    continue
                self._work(desk, task, now)
            return

    # ---- meetings ------------------------------------------------------------------------------------------------

    def _length(self, desk: Desk, matter: Matter) -> int:
        """Minutes the next meeting would take at this desk, reading and retelling included."""
        if desk.answers:
            return self.settings.call_minutes
        minutes = matter.cores[matter.ordinal] + matter.listening
        readers = matter.affair.readers
        if readers and desk.adviser not in readers:
            minutes += self.settings.reading + self.settings.retelling
        return minutes

    def _meet(self, desk: Desk, matter: Matter, due: int, now: int) -> bool:
        """Begin a meeting; False when it does not happen and the desk is still free."""
        if desk.answers:
            self._answer(desk, matter, due, now)
            return True
        if not matter.open and not self.run.matters.open(matter, desk, now):
            return False
        continues = matter.parts > 0
        if continues:
            matter.parts -= 1
        elif self._misses and self._is_missed(desk, matter, now):
            self._stood_up(desk, matter, now)
            return True
        core, listening, reading, retelling = matter.cores[matter.ordinal], matter.listening, 0, 0
        if continues:
            listening = 0
        readers = matter.affair.readers
        if readers and desk.adviser not in readers:
            reading, retelling = self.settings.reading, self.settings.retelling
        minutes = core + listening + reading + retelling
        if now + minutes > desk.shift_end:
            core = self._cut(matter, core, now + minutes - desk.shift_end)
            minutes = max(1, desk.shift_end - now)
            listening = min(listening, minutes - core)
            retelling = min(retelling, minutes - core - listening)
            reading = minutes - core - listening - retelling
        desk.busy = True
        desk.work = (matter, due, now, core, listening, retelling, reading)
        desk.callbacks = self._over_meeting
        self.schedule(desk, NORMAL, minutes)
        return True

    def _answer(self, desk: Desk, matter: Matter, due: int, now: int) -> None:
        """Let an operator take a first call, which tells the caller whom to see and opens nothing."""
        matter.phoning = True
        desk.busy = True
        desk.work = (matter, due, now)
        matter.called = True
        self.schedule(
            Call(self._call_ends, desk), NORMAL, min(self.settings.call_minutes, desk.shift_end - now)
        )

    def _call_ends(self, call: Call) -> None:
        desk: Desk = call.arg
        now: int = self.env.now
        matter, due, began = desk.work
        client = matter.affair.client
        known = desk.adviser in client.met
        client.met.setdefault(desk.adviser, (0.0, now))
        matter.phoning = False
        matter.meetings += 1
        matter.given += now - began
        matter.beside += now - began
        self.tell(
            make.contact(
                now, began, client.person.id, matter.id, desk.adviser, matter.house.name, 0, "telephone", now - began,
                0, 0, 0, known, began - due, 0.0, 0.0,
            )
        )  # fmt: skip
        desk.contact += now - began
        desk.busy = False
        desk.free_since = now
        for account in matter.house.accounts:
            if account.calls:
                answer = account.event(
                    "call_answered", matter.facts, self.run.day(now), answered_after=began - due,
                    result="referred_face_to_face",
                )  # fmt: skip
                self.run.payer.settle(matter.house, account, answer, now, None)
        self.run.intake.after_call(matter, now)
        self.wake(desk)

    def _is_missed(self, desk: Desk, matter: Matter, now: int) -> bool:
        settings = self.settings
        plan, client = matter.affair.plan, matter.affair.client
        chance = missed_chance(
            self._missed_base + settings.missed_person * client.person.prone,
            self.trust_in(client, desk.adviser, now),
            settings.missed_trust,
            client.person.vulnerability,
            settings.missed_vulnerability,
        )
        affair = matter.affair
        affair.attempts += 1
        missed = nth(plan.u_missed, affair.attempts - 1, "missed", plan.id) < chance
        matter.misses = matter.misses + 1 if missed else 0
        return missed

    def _cut(self, matter: Matter, core: int, over: int) -> int:
        """Split a meeting longer than any shift: the rest becomes a further meeting, to which the client comes."""
        kept = max(1, core - over)
        if core > kept:
            matter.parts += 1
            at = matter.ordinal
            matter.cores = (*matter.cores[:at], kept, core - kept, *matter.cores[at + 1 :])
        return kept

    def _meeting_ends(self, desk: Desk) -> None:
        now: int = self.env.now
        matter, due, began, core, listening, retelling, reading = desk.work
        affair = matter.affair
        client = affair.client
        adviser = desk.adviser
        met = client.met
        known = adviser in met
        before = after = 0.0
        if listening or (known and met[adviser][0]):
            before = self.trust_in(client, adviser, now)
            after = grown_trust(before, listening, self.settings.trust_growth) if listening else before
        met[adviser] = (after, now)
        matter.ordinal = ordinal = matter.ordinal + 1
        facts = matter.facts
        self.tell(
            make.contact(
                    now, began, client.person.id, matter.id, adviser, matter.house.name, ordinal, facts.channel, core,
                    listening, retelling, reading, known, began - due, before, after,
                )
        )  # fmt: skip
        desk.contact += core + retelling
        if listening:
            desk.listening += listening
            matter.listened += listening
        if reading:
            desk.handover += reading
        if not known or adviser not in affair.readers:
            affair.readers.add(adviser)
        matter.meetings += 1
        matter.given += core
        if matter.account is not None:
            spent = core + listening + retelling
            facts.minutes["profit"] = facts.minutes.get("profit", 0) + spent
            facts.by_adviser[adviser] = facts.by_adviser.get(adviser, 0) + spent
            facts.contacts_by_adviser[adviser] = facts.contacts_by_adviser.get(adviser, 0) + 1
            month = matter.house.counts(matter.account)
            month.worked += spent
            month.met(known)
            self.run.payer.worked(matter, now)
        desk.busy = False
        desk.free_since = now
        self.run.matters.after_meeting(matter, desk, now, after, known)
        if not desk.flagged:
            desk.flagged = True
            self.ready.append(desk)

    def _stood_up(self, desk: Desk, matter: Matter, now: int) -> None:
        """The client does not come: some minutes are lost, and a new meeting is made or the matter closed."""
        minutes = min(self.settings.missed_minutes, desk.shift_end - now)
        desk.busy = True
        desk.missed += minutes
        call_at(self.env, now + minutes, self._lost_time_ends, (desk, matter, minutes))

    def _lost_time_ends(self, call: Call) -> None:
        desk, matter, minutes = call.arg
        now: int = self.env.now
        self.tell(make.missed(now, matter.affair.client.person.id, matter.id, desk.adviser, minutes))
        desk.busy = False
        desk.free_since = now
        if not matter.over:
            self.run.matters.after_miss(matter, now)
        self.wake(desk)

    def trust_in(self, client: Any, adviser: str, now: int) -> float:
        """Trust of a client in an adviser now; for a stranger the share that carries over from colleagues."""
        met = client.met
        settings = self.settings
        if adviser in met:
            value, at = met[adviser]
            return faded_trust(value, now - at, settings.trust_memory) if value else 0.0
        if not met or settings.carry_over <= 0.0:
            return 0.0
        return settings.carry_over * max(
            faded_trust(v, now - at, settings.trust_memory) for v, at in met.values()
        )

    # ---- tasks ---------------------------------------------------------------------------------------------------

    def add_task(self, desk: Desk, task: Task) -> None:
        """Put a task on a desk, earliest due first."""
        heappush(desk.tasks, (task.due, task.key, task))
        if not desk.busy:
            self.wake(desk)

    def _work(self, desk: Desk, task: Task, now: int) -> None:
        """Begin a task; what does not fit into the shift is laid down until the next."""
        desk.busy = True
        if task.activity == "listening" and task.matter is not None:
            # A matter does not close while somebody listens.
            task.matter.due_tasks += 1
        desk.work = task
        left = desk.shift_end - now
        if isinstance(task, Sitting):
            task.begin(now, left)
        minutes = task.minutes
        desk.callbacks = self._over_task
        self.schedule(desk, NORMAL, minutes if minutes < left else left)
        desk.until = now

    def _task_ends(self, desk: Desk) -> None:
        now: int = self.env.now
        task: Task = desk.work
        began = desk.until
        minutes = now - began
        matter = task.matter
        activity = task.activity
        if activity != "listening":
            self.tell(
                make.work(
                    now,
                    began,
                    desk.adviser,
                    activity,
                    minutes,
                    matter.id if matter is not None else "",
                    task.clause,
                    task.duty,
                )
            )
        if activity == "casework":
            desk.casework += minutes
            if matter is not None:
                matter.given += minutes
                if task.clause:
                    matter.beside += minutes
                self._told(desk, matter, task.clause or "profit", minutes, now)
        elif activity == "duty":
            desk.duty += minutes
        elif activity == "listening" and matter is not None:
            self._listened(desk, matter, minutes, began, now)
        else:
            setattr(desk, activity, getattr(desk, activity) + minutes)
            if matter is not None:
                self._told(desk, matter, task.clause, minutes, now)
        task.minutes -= minutes
        desk.busy = False
        desk.free_since = now
        if task.minutes > 0 and activity == "listening":
            task.minutes = 0
        if isinstance(task, Sitting):
            self.run.sessions.over(task, minutes)
        elif task.minutes > 0:
            heappush(desk.tasks, (task.due, task.key, task))
        else:
            if task.duty:
                late = max(0, now - task.due)
                self.tell(make.duty_done(now, task.duty, task.clause, desk.adviser, late))
                if late:
                    self.run.payer.duty_late(self.run.houses[desk.house], task, late, now)
            if matter is not None:
                self.run.matters.after_task(matter, task, now)
        if not desk.flagged:
            self.wake(desk)

    def _told(self, desk: Desk, matter: Matter, heading: str, minutes: int, now: int) -> None:
        """Tell the matter's contract of a stretch of work under its heading of time."""
        if matter.account is None:
            return
        facts = matter.facts
        facts.minutes[heading] = facts.minutes.get(heading, 0) + minutes
        facts.by_adviser[desk.adviser] = facts.by_adviser.get(desk.adviser, 0) + minutes
        matter.house.counts(matter.account).worked_on(heading, minutes)
        self.run.payer.worked(matter, now)

    def _listened(self, desk: Desk, matter: Matter, minutes: int, began: int, now: int) -> None:
        """A volunteer or peer supporter has listened: it is a contact, and trust grows in that person."""
        client = matter.affair.client
        known = desk.adviser in client.met
        before = self.trust_in(client, desk.adviser, now)
        after = grown_trust(before, minutes, self.settings.trust_growth)
        client.met[desk.adviser] = (after, now)
        matter.meetings += 1
        matter.listened += minutes
        matter.beside += minutes
        self.tell(
            make.contact(
                now, began, client.person.id, matter.id, desk.adviser, matter.house.name, matter.ordinal,
                "face_to_face", 0, minutes, 0, 0, known, 0, before, after,
            )
        )  # fmt: skip
        desk.listening += minutes

    def drop_meeting(self, matter: Matter) -> None:
        """Forget the meeting that a matter waits for."""
        matter.asked = 0


def _longest_free(desk: Desk) -> tuple[int, int]:
    return desk.free_since, desk.index
