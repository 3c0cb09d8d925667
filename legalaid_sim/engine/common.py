"""What every part of the engine may read: the clock, the calendar, the world, the settings, the organisations.

None of the parts stands here: each is built with the few others that it calls.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from legalaid_sim.engine.agency import NEVER, Fixed, House
from legalaid_sim.engine.clock import Clock
from legalaid_sim.engine.settings import Settings
from legalaid_sim.units import MINUTES_PER_DAY
from legalaid_sim.world import World

# A payment or a proof may fall after the last day lived; dates are known so far beyond it.
DAYS_BEYOND = 800


class Calendar:
    """Dates and minutes of a run, which counts minutes from midnight of the first day lived."""

    def __init__(self, begins: date, world: World) -> None:
        self.begins = begins
        self.ends_after = world.days * MINUTES_PER_DAY
        self.last_day = begins + timedelta(days=world.days)
        self.has_hours = bool(world.opening)
        self._first_ordinal = begins.toordinal()
        self._dates = Fixed(begins + timedelta(days=n) for n in range(world.days + DAYS_BEYOND))
        never = self.ends_after + DAYS_BEYOND * MINUTES_PER_DAY
        self._opening = Fixed((*world.opening, (never, NEVER)))
        # By day the first hours that are not over at its midnight: asked for too often to be searched for each time.
        closes = [end // MINUTES_PER_DAY for _, end in world.opening]
        self._next_on = Fixed(bisect_left(closes, day) for day in range(closes[-1] + 1 if closes else 0))

    def day(self, minute: int) -> date:
        """The date of a minute."""
        found: date = self._dates[minute // MINUTES_PER_DAY]
        return found

    def midnight(self, day: date) -> int:
        """The first minute of a date."""
        return (day.toordinal() - self._first_ordinal) * MINUTES_PER_DAY

    def noon(self, day: date) -> int:
        """Twelve o'clock of a date."""
        return self.midnight(day) + MINUTES_PER_DAY // 2

    def last_minute(self, day: date) -> int:
        """The last minute of a date."""
        return (day.toordinal() - self._first_ordinal + 1) * MINUTES_PER_DAY - 1

    def open_minute(self, when: int) -> int:
        """The first minute not before ``when`` at which people can ask and be seen."""
        if not self.has_hours:
            return when
        today = when // MINUTES_PER_DAY
        at = self._next_on[max(today, 0)] if today < len(self._next_on) else -1
        opens: int
        opens, closes = self._opening[at]
        while when >= closes:
            at += 1
            opens, closes = self._opening[at]
        return max(when, opens)


@dataclass(frozen=True, slots=True)
class Common:
    """Read by all parts, replaced by none; ``tell`` writes a record into the log."""

    clock: Clock
    calendar: Calendar
    world: World
    settings: Settings
    houses: list[House]
    tell: Callable[[Any], None]
