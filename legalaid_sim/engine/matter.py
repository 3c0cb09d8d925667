"""Matters and tasks, as they fare in a run; nobody else writes into them."""

from datetime import date
from typing import Any, NamedTuple

from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.engine.agency import House
from legalaid_sim.engine.state import ProblemState
from legalaid_sim.events import FACE_TO_FACE, LISTENING, TaskActivity


class Appointment(NamedTuple):
    """A booked meeting: its ``slot`` at a desk, the room it takes there, from when on it was wanted.

    ``made`` is the minute of booking, ``since`` that from which on the client waits; ``asks`` is called at the slot
    (None: nobody but the desk needs to know).
    """

    slot: int
    room: int
    wanted: int
    made: int
    since: int
    desk: Any
    asks: Any


class Matter:
    """One matter from being taken on to being closed.

    It waits for one next meeting at a time, and stands in SimPy's queue itself for that: ``callbacks`` is what happens
    when it is due (see ``engine.clock.Call`` for what else stands there).
    """

    _ok = True

    __slots__ = (
        "accompanied",
        "account",
        "appointment",
        "asked",
        "beside",
        "callbacks",
        "called",
        "contract",
        "cores",
        "due",
        "due_tasks",
        "endures",
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
        "nameless",
        "needed",
        "open",
        "ordinal",
        "over",
        "parts",
        "phoning",
        "planned",
        "presses",
        "problem",
        "requests",
        "stages",
        "stopped_until",
        "tired",
        "work",
    )  # fmt: skip

    def __init__(
        self, id_: str, key: int, problem: ProblemState, house: House, account: Any, facts: MatterFacts
    ) -> None:
        self.id = id_
        self.key = key
        self.problem = problem
        self.house = house
        self.account = account
        self.contract = account.terms.name if account is not None else ""
        self.facts = facts
        facts.ref = id_
        self.lead: Any = None
        self.nameless = problem.nameless and house.policy.nameless
        self.open = False
        self.over = False
        self.called = False
        self.phoning = False
        self.parts = 0
        # As the world drew them, until the door and then the plan say otherwise.
        self.cores: tuple[int, ...] = problem.plan.contacts
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
        self.accompanied = False
        # A meeting asked for is known by the running number ``requests``; ``asked`` is the one that waits (0: none),
        # so that entries of a queue which no longer count need not be looked for.
        self.requests = key
        self.asked = self.due = 0
        # A date is so near that the first meeting goes before all that is due.
        self.presses = False
        self.callbacks: Any = ()
        # Where appointments are booked: the one that waits, and the minutes for which its client still puts up with
        # waiting between meetings (-1: not asked for yet).
        self.appointment: Any = None
        self.endures = -1.0
        self.tired = False

    # ---- meetings ------------------------------------------------------------------------------------------------

    def asks(self, due: int) -> int:
        """Ask for a meeting that is due at a minute, and give its number."""
        self.due = due
        self.requests = self.asked = number = self.requests + 1
        return number

    def press(self) -> None:
        """Have a date so near that nobody can be let wait."""
        self.presses = True

    def forget_meeting(self) -> None:
        """Wait for no meeting that was asked for."""
        self.asked = 0

    def waits(self, callbacks: Any) -> None:
        """Wait for the clock, which calls these."""
        self.callbacks = callbacks

    def books(self, appointment: Appointment) -> None:
        """Have a slot in a diary."""
        self.appointment = appointment

    def may_wait(self, minutes: float) -> None:
        """Put up with so many minutes of waiting between meetings, in all."""
        self.endures = minutes

    def was_waiting(self, now: int) -> None:
        """Have waited for a booked meeting until now, and wait for it no longer."""
        if self.endures > 0.0:
            self.endures = max(0.0, self.endures - max(0, now - self.appointment.since))
        self.appointment = None

    def has_enough(self) -> None:
        """Have waited too long."""
        self.tired = True

    def calls(self) -> None:
        """Speak to an operator."""
        self.phoning = self.called = True

    def was_called(self, minutes: int) -> None:
        """Have spoken to an operator."""
        self.phoning = False
        self.meetings += 1
        self.given += minutes
        if self.lead is not None:
            self.lead.moved_on(self)
        self.beside += minutes

    def take_part(self) -> None:
        """Go on with a meeting that was split."""
        self.parts -= 1

    def cut_meeting(self, core: int, over: int) -> int:
        """Split a meeting longer than any shift: the rest becomes a further meeting, to which the client comes."""
        kept = max(1, core - over)
        if core > kept:
            self.parts += 1
            at = self.ordinal
            self.cores = (*self.cores[:at], kept, core - kept, *self.cores[at + 1 :])
        return kept

    def met(self, core: int, listening: int) -> int:
        """Count a meeting, and give its number."""
        self.ordinal = ordinal = self.ordinal + 1
        self.meetings += 1
        self.given += core
        self.listened += listening
        if self.lead is not None:
            self.lead.moved_on(self)
        return ordinal

    def was_heard(self, minutes: int) -> None:
        """Count a companion's listening."""
        self.meetings += 1
        self.listened += minutes
        self.beside += minutes

    def misses_meeting(self, missed: bool) -> None:
        """Count meetings missed in a row."""
        self.misses = self.misses + 1 if missed else 0

    def stop_work(self, until: int) -> None:
        """Hold no meeting before a minute."""
        self.stopped_until = until

    # ---- plan and work -------------------------------------------------------------------------------------------

    def opens(self) -> None:
        """Open, at the first meeting."""
        self.open = True
        self.problem.stand("open")

    def under(self, account: Any) -> None:
        """Come under a contract's account."""
        self.account = account
        self.contract = account.terms.name if account is not None else ""

    def led_by(self, desk: Any) -> None:
        """Be led by an adviser from now on."""
        if self.lead is not None:
            self.lead.drop(self)
        self.lead = desk
        desk.lead(self)

    def lasts(self, cores: tuple[int, ...], listening: int) -> None:
        """Foresee meetings of these core minutes, with so many of listening each."""
        self.cores, self.listening = cores, listening

    def may_listen(self, minutes: int) -> None:
        """Have leave for so many minutes of listening in each meeting that is still to come."""
        self.listening = minutes

    def needs(self, minutes: int) -> None:
        """Need so many minutes in all; as many are planned unless the provider chooses otherwise."""
        self.needed = self.planned = minutes

    def plan(self, planned: int, cores: tuple[int, ...], listening: int, work: int) -> None:
        """Plan minutes in all, of each meeting, of listening in each, of casework."""
        self.planned, self.cores, self.listening, self.work = planned, cores, listening, work

    def lack_documents(self) -> int:
        """Do none of the casework, for want of documents; give its minutes."""
        # What is needed stays: the outcome hangs on minutes given over minutes needed.
        work, self.work = self.work, 0
        self.planned -= work
        return work

    @property
    def patience(self) -> int:
        """How many minutes the own adviser is waited for: by those who gave no name, none."""
        patience: int = self.house.policy.patience
        return 0 if self.nameless else patience

    @property
    def remote(self) -> bool:
        """Whether its client is advised at a distance."""
        channel: str = self.facts.channel
        return channel != FACE_TO_FACE

    def take_work(self, minutes: int) -> None:
        """Take minutes off the casework that is still to be laid out."""
        self.work -= minutes

    def worked(self, minutes: int, beside: bool) -> None:
        """Count casework, foreseen by the plan or beside it."""
        self.given += minutes
        if self.lead is not None:
            self.lead.moved_on(self)
        if beside:
            self.beside += minutes

    def expects_task(self) -> None:
        """Stay open until one more task is done."""
        self.due_tasks += 1

    def task_done(self) -> None:
        """Wait for one task less."""
        self.due_tasks -= 1

    def reach_stage(self) -> None:
        """Reach one stage more."""
        self.stages += 1

    def gives_notice(self, until: int) -> None:
        """Go to another provider when notice has run out."""
        self.leaves = until

    def stop(self) -> None:
        """Hold no further meeting, and begin no further work."""
        # One stays at least: shares of a matter are taken of the number of its meetings.
        self.cores = self.cores[: max(1, self.ordinal)]
        self.work = 0

    def give_up(self) -> None:
        """Count as met, where nothing more is to come but work that has begun."""
        # ``stop`` left one meeting at least; counted as met, it lets the last task close the matter.
        self.ordinal = max(self.ordinal, 1)

    def end(self) -> None:
        """Be over."""
        self.over = True

    # ---- what its contract is told -------------------------------------------------------------------------------

    def opens_on(self, day: date) -> None:
        """Have the day of the first meeting as the day of opening."""
        self.facts.opened = day

    def is_late(self) -> None:
        """Be of a problem that has passed its crisis."""
        self.facts.facts["early"] = False

    def works_on(self, heading: str, adviser: str, minutes: int) -> None:
        """Count minutes by heading and adviser."""
        facts = self.facts
        facts.minutes[heading] = facts.minutes.get(heading, 0) + minutes
        facts.by_adviser[adviser] = facts.by_adviser.get(adviser, 0) + minutes

    def sees(self, adviser: str) -> None:
        """Count a meeting by adviser."""
        seen = self.facts.contacts_by_adviser
        seen[adviser] = seen.get(adviser, 0) + 1

    def closes(self, day: date) -> None:
        """Have a day of closing."""
        self.facts.closed = day

    def comes_to(self, outcome: str) -> None:
        """Have an outcome."""
        self.facts.outcome = outcome

    def offers_companion(self, offered: bool) -> None:
        """Be accompanied by a volunteer or peer supporter from the first meeting on, or not."""
        self.accompanied = offered

    # ---- goals ---------------------------------------------------------------------------------------------------

    def set_goal(self, due: int) -> None:
        """Agree on a goal, to be reached by a minute."""
        self.goal_due = due
        self.goal_open = True

    def leave_goal(self) -> None:
        """Have no goal that is still to be reached."""
        self.goal_open = False


class Task:
    """Work without the client: so many minutes left, by when, for which matter and clause.

    What is done ``at_once`` is not laid down overnight: listening, sessions elsewhere.
    """

    __slots__ = ("activity", "at_once", "clause", "due", "duty", "key", "matter", "minutes")

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
        self.at_once = activity == LISTENING

    def begin(self, now: int, left: int) -> None:
        """Be taken up, at once: a matter does not close while somebody listens."""
        if self.matter is not None:
            self.matter.expects_task()

    def done(self, minutes: int) -> None:
        """Be done as far as so many minutes go."""
        self.minutes = 0 if self.at_once else self.minutes - minutes

    def call_off(self) -> None:
        """Need nothing more."""
        self.minutes = 0
