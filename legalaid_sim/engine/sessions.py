"""Sessions at a desk elsewhere, such as a court's: who sits there, for how long, and how many are seen."""

from typing import Any

from legalaid_sim import events
from legalaid_sim.advisers import allocation
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.engine.clock import Call, call_at
from legalaid_sim.engine.run import Run
from legalaid_sim.engine.state import Task
from legalaid_sim.events import make
from legalaid_sim.world import Session

# Before anything that is due.
FIRST = -1


class Sitting(Task):
    """A session as work on a desk: it goes before all else there, and ends when the session does."""

    __slots__ = ("desk", "session")

    def __init__(self, session: Session, number: int, desk: Desk) -> None:
        super().__init__(FIRST, number, events.TRAVEL, session.minutes, None, session.desk)
        self.session, self.desk = session, desk

    def begin(self, now: int, left: int) -> None:
        """Take what is left of the session, and of the shift."""
        self.minutes = max(1, min(self.session.at + self.session.minutes - now, left))


class Sessions:
    """The sessions of the run, each at its minute."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.env = run.env
        self.sitting: list[Sitting] = []

    def expect(self) -> None:
        """Let every session of the world begin."""
        for number, session in enumerate(self.run.world.sessions):
            call_at(self.env, session.at, self._begins, (number, session))

    def _begins(self, call: Call) -> None:
        """Send the adviser with the least in hand who is at work and not at another desk; nobody: it is not held."""
        number, session = call.arg
        house = self.run.houses[session.house]
        away = [sitting.desk for sitting in self.sitting]
        now: int = self.env.now
        there = [
            desk for desk in house.desks if not desk.vacant and now < desk.shift_end and desk not in away
        ]
        if house.shut or not there:
            self._tell(session, "", 0)
            return
        free = [desk for desk in there if not desk.busy] or there
        desk: Any = allocation.least_loaded(free, house.by_hours)
        sitting = Sitting(session, number, desk)
        self.sitting.append(sitting)
        self.run.floor.add_task(desk, sitting)
        call_at(self.env, session.at + session.minutes, self._has_ended, sitting)

    def _has_ended(self, call: Call) -> None:
        """Call off what nobody came to before it was over."""
        sitting: Sitting = call.arg
        if sitting in self.sitting and sitting.desk.work is not sitting:
            self.sitting.remove(sitting)
            sitting.minutes = 0
            self._tell(sitting.session, "", 0)

    def over(self, sitting: Sitting, minutes: int) -> None:
        """Count a session that was held, for the month's contracts."""
        session = sitting.session
        self.sitting.remove(sitting)
        self.run.houses[session.house].month.sittings.append((session.desk, session.clients))
        self._tell(session, sitting.desk.adviser, minutes)

    def _tell(self, session: Session, adviser: str, minutes: int) -> None:
        house = self.run.houses[session.house].name
        seen = session.clients if adviser else 0
        now: int = self.env.now
        self.run.tell(make.session_held(now, house, session.desk, adviser, minutes, seen))
