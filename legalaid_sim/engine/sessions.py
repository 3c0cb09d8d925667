"""Sessions at a desk elsewhere, such as a court's: who sits there, for how long, and how many are seen."""

from collections.abc import Callable

from legalaid_sim import events
from legalaid_sim.advisers import allocation
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.engine.agency import House
from legalaid_sim.engine.clock import Call, call_at
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.matter import Task
from legalaid_sim.engine.scheduler import FIRST
from legalaid_sim.events import make
from legalaid_sim.world import Session


class Sitting(Task):
    """A session as work on a desk: it goes before all else there, and ends when the session does."""

    __slots__ = ("clients", "desk", "session")

    def __init__(self, session: Session, number: int, desk: Desk) -> None:
        super().__init__(FIRST, number, events.TRAVEL, session.minutes, None, session.desk)
        self.session, self.desk = session, desk
        self.clients = session.clients
        self.at_once = True

    def joins(self) -> None:
        """Have one more client to see."""
        self.clients += 1

    def begin(self, now: int, left: int) -> None:
        """Take what is left of the session, and of the shift."""
        self.minutes = max(1, min(self.session.at + self.session.minutes - now, left))


class OutsideSessions:
    """The sessions of the run, each at its minute."""

    def __init__(self, common: Common, add_task: Callable[[Desk, Task], None]) -> None:
        self._clock = common.clock
        self._houses = common.houses
        self._sessions = common.world.sessions
        self._tell = common.tell
        self._add_task = add_task
        self._sitting: list[Sitting] = []
        self._number = len(common.world.sessions)

    def expect(self) -> None:
        """Let every session of the world begin."""
        for number, session in enumerate(self._sessions):
            call_at(self._clock, session.at, self._begins, (number, session))

    def _begins(self, call: Call) -> None:
        """Send the adviser with the least in hand who is at work and not at another desk; nobody: it is not held."""
        number, session = call.arg
        house = self._houses[session.house]
        now = self._clock.now
        there = self._there(house, now)
        if house.shut or not there:
            self._held(session, "", 0, 0, now)
            return
        self._sends(session, number, self._freest(there, house))

    def goes_along(
        self, house: House, at: str, minutes: int, category: str, first: Desk, now: int
    ) -> Sitting | None:
        """Send an adviser to a desk elsewhere for one client, the one named if they can; None where nobody can.

        Who is sent there in this minute anyway sees this client too.
        """
        for sitting in self._sitting:
            session = sitting.session
            if (session.at, session.house, session.desk) == (now, house.index, at):
                sitting.joins()
                return sitting
        there = [desk for desk in self._there(house, now) if desk.takes(category)]
        if not there:
            return None
        self._number += 1
        desk = first if first in there else self._freest(there, house)
        sitting = self._sends(Session(now, house.index, at, minutes, 0), self._number, desk)
        sitting.joins()
        return sitting

    def _there(self, house: House, now: int) -> list[Desk]:
        away = [sitting.desk for sitting in self._sitting]
        return [desk for desk in house.desks if not desk.vacant and now < desk.shift_end and desk not in away]

    def _freest(self, there: list[Desk], house: House) -> Desk:
        return allocation.least_loaded([desk for desk in there if not desk.busy] or there, house.by_hours)

    def _sends(self, session: Session, number: int, desk: Desk) -> Sitting:
        sitting = Sitting(session, number, desk)
        self._sitting.append(sitting)
        self._add_task(desk, sitting)
        call_at(self._clock, session.at + session.minutes, self._has_ended, sitting)
        return sitting

    def _has_ended(self, call: Call) -> None:
        """Call off what nobody came to before it was over."""
        sitting: Sitting = call.arg
        if sitting in self._sitting and sitting.desk.work is not sitting:
            self._sitting.remove(sitting)
            sitting.call_off()
            self._held(sitting.session, "", 0, 0, self._clock.now)

    def over(self, sitting: Sitting, minutes: int, now: int) -> None:
        """Count a session that was held, for the month's contracts."""
        session = sitting.session
        self._sitting.remove(sitting)
        self._houses[session.house].month.sittings.append((session.desk, sitting.clients))
        self._held(session, sitting.desk.adviser, minutes, sitting.clients, now)

    def _held(self, session: Session, adviser: str, minutes: int, seen: int, now: int) -> None:
        house = self._houses[session.house].name
        self._tell(
            make.session_held(
                now, organisation=house, desk=session.desk, adviser=adviser, minutes=minutes, clients=seen
            )
        )
