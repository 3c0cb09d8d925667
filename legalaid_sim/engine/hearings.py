"""Dates come: who is hurried before them, who is helped by then, and who stands by the client on the day."""

from legalaid_sim import events
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.engine import keys
from legalaid_sim.engine.booking import Booking
from legalaid_sim.engine.clock import Call, call_at
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.dates import NO_DATE, Dates
from legalaid_sim.engine.matter import Matter, Task
from legalaid_sim.engine.scheduler import FIRST, Scheduler
from legalaid_sim.engine.sessions import OutsideSessions
from legalaid_sim.engine.state import ProblemState
from legalaid_sim.events import make


class Hearings:
    """Every date of a problem that was asked about."""

    def __init__(
        self, common: Common, dates: Dates, scheduler: Scheduler, booking: Booking, sessions: OutsideSessions
    ) -> None:
        self.bind = dates.bind
        self._clock = common.clock
        self._settings = common.settings
        self._tell = common.tell
        self._dates = dates
        self._scheduler = scheduler
        self._booking = booking
        self._sessions = sessions
        self._matters: dict[str, Matter] = {}

    def expect(self, problem: ProblemState, now: int) -> None:
        """Let the date of a problem that is first asked about come; one that is past finds it without help."""
        date = self._dates.of(problem.plan)
        if date == NO_DATE or problem.askings > 1:
            return
        if date <= now:
            self._missed(problem, None, "asked_after", now)
            return
        presses = self._dates.presses_from(date)
        if presses > now:
            call_at(self._clock, presses, self._presses, problem)
        call_at(self._clock, date, self._comes, problem)

    def taken_on(self, matter: Matter, now: int) -> None:
        """Know which matter a problem with a date has, and hurry it where the date is near."""
        plan = matter.problem.plan
        date = self._dates.of(plan)
        if date > now:
            self._matters[plan.id] = matter
            if self._dates.presses_from(date) <= now:
                matter.press()

    def is_near(self, problem: ProblemState, now: int) -> bool:
        """Say whether a problem's date is still to come and so near that nobody can be let wait."""
        date = self._dates.of(problem.plan)
        return self._dates.presses_from(date) <= now < date

    def _presses(self, call: Call) -> None:
        """A date has come near: whoever waits for a first meeting goes before all others."""
        matter = self._matters.get(call.arg.plan.id)
        if matter is not None and not matter.over:
            matter.press()
            self._booking.hurry(matter, self._dates.of(matter.problem.plan))

    # ---- on the day ----------------------------------------------------------------------------------------------

    def _comes(self, call: Call) -> None:
        problem: ProblemState = call.arg
        now: int = self._clock.now
        matter = self._matters.pop(problem.plan.id, None)
        if matter is None or (matter.over and not matter.ordinal):
            self._missed(problem, matter, "not_taken_on", now)
        elif not matter.ordinal:
            self._missed(problem, matter, "waiting", now)
        elif matter.over:
            self._told(problem, matter, "settled", "", now)
        elif not self._dates.desk(problem.plan):
            self._told(problem, matter, "helped", "", now)
        elif (desk := self._stands_by(matter, now)) is not None:
            self._told(problem, matter, "represented", desk.adviser, now)
        else:
            self._missed(problem, matter, "nobody_free", now)

    def _stands_by(self, matter: Matter, now: int) -> Desk | None:
        """Send the own adviser along, else a colleague; one adviser stands by all whose dates fall on one minute."""
        at, minutes = self._dates.desk(matter.problem.plan), self._settings.at_court
        sitting = self._sessions.goes_along(
            matter.house, at, minutes, matter.facts.category, matter.lead, now
        )
        if sitting is None:
            return None
        desk = sitting.desk
        matter.expects_task()
        task = Task(
            FIRST, keys.of_hearing(matter.key), events.CASEWORK, self._settings.hearing, matter, "advocacy"
        )
        self._scheduler.add_task(desk, task)
        return desk

    def _missed(self, problem: ProblemState, matter: Matter | None, fate: events.DateFate, now: int) -> None:
        problem.miss_date()
        self._told(problem, matter, fate, "", now)

    def _told(
        self, problem: ProblemState, matter: Matter | None, fate: events.DateFate, adviser: str, now: int
    ) -> None:
        self._tell(
            make.date_came(
                now, client=problem.client.person.id, problem=problem.plan.id,
                matter=matter.id if matter is not None else "",
                organisation=matter.house.name if matter is not None else "",
                desk=self._dates.desk(problem.plan), fate=fate, adviser=adviser,
            )
        )  # fmt: skip

    def let_go(self) -> None:
        """Point to nobody any more, at the end of a run."""
        self._matters = {}
