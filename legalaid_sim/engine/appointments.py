"""How a client comes to a meeting that is due: by waiting for whoever is free, or by a slot in an adviser's diary.

Both answer to the same few questions, so that nobody who asks them knows which of the two an organisation has.
"""

from collections.abc import Callable
from typing import Protocol

from legalaid_sim.advisers.desk import Desk
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.matter import Matter
from legalaid_sim.engine.scheduler import Scheduler
from legalaid_sim.units import MINUTES_PER_DAY

Asks = Callable[[Matter], None]


class Appointments(Protocol):
    """How meetings come about; ``asks`` is called when a client is there for a meeting that was to come later."""

    def ask(self, matter: Matter, now: int) -> None:
        """Ask for a meeting now: a first one, or one that has come due."""

    def follow(self, matter: Matter, due: int, now: int, asks: Asks) -> None:
        """Arrange the next meeting, which is due at a later minute."""

    def again(self, matter: Matter, desk: Desk, now: int, asks: Asks) -> None:
        """Arrange another meeting for one that the client did not come to."""

    def call_off(self, matter: Matter, now: int) -> None:
        """Hold the meeting that a matter waits for no longer."""

    def move(self, matter: Matter, before: Desk, after: Desk) -> None:
        """Let the meeting that waits with a leaver wait with the successor."""

    def put_off(self, matter: Matter, now: int) -> None:
        """Arrange a meeting anew for which the day was too short."""

    def leaves(self, desk: Desk, now: int) -> None:
        """Be told that an adviser has left, and that the matters in hand have been given away."""


class DropIn:
    """No diary: whoever is due waits for the next free adviser, the own one for as long as patience says."""

    def __init__(self, common: Common, scheduler: Scheduler) -> None:
        self._calendar = common.calendar
        self._settings = common.settings
        self._scheduler = scheduler

    def ask(self, matter: Matter, now: int) -> None:
        """Wait for a meeting from now on."""
        self._scheduler.ask_meeting(matter, now)

    def follow(self, matter: Matter, due: int, now: int, asks: Asks) -> None:
        """Come when the meeting is due, and wait then."""
        self._scheduler.await_meeting(matter, due, asks)

    def again(self, matter: Matter, desk: Desk, now: int, asks: Asks) -> None:
        """Come after the usual time to an appointment, and wait then."""
        soon = matter.presses and not matter.ordinal
        when = self._calendar.open_minute(now + (MINUTES_PER_DAY if soon else self._settings.appointment))
        self._scheduler.await_meeting(matter, when, asks)

    def call_off(self, matter: Matter, now: int) -> None:
        """Do nothing: whoever is gone is passed over when their turn comes."""

    def move(self, matter: Matter, before: Desk, after: Desk) -> None:
        """Wait with the successor."""
        self._scheduler.move_meeting(matter, before, after)

    def put_off(self, matter: Matter, now: int) -> None:
        """Do nothing: nobody is promised a minute."""

    def leaves(self, desk: Desk, now: int) -> None:
        """Do nothing: what waits there has been moved."""
