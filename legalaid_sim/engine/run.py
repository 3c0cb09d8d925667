"""What all parts of one run share: the clock, the world, the organisations, the calendar, the log."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from legalaid_sim.engine.clock import Clock
from legalaid_sim.engine.scarcity import Scarcity
from legalaid_sim.engine.settings import Settings
from legalaid_sim.engine.state import Fixed, House
from legalaid_sim.units import MINUTES_PER_DAY
from legalaid_sim.world import World

if TYPE_CHECKING:
    from legalaid_sim.engine.aftermath import Aftermath
    from legalaid_sim.engine.careers import Careers
    from legalaid_sim.engine.floor import Floor
    from legalaid_sim.engine.intake import Intake
    from legalaid_sim.engine.matters import Matters
    from legalaid_sim.engine.months import Months
    from legalaid_sim.engine.payer import Payer
    from legalaid_sim.engine.sessions import Sessions
    from legalaid_sim.scenario.brings import Switching

# A payment or a proof may fall after the last day lived; dates are known so far beyond it.
DAYS_BEYOND = 800


class Run:
    """One run in progress. The parts find each other here: intake, matters, aftermath, payer, months,
    careers, floor."""

    floor: "Floor"
    intake: "Intake"
    matters: "Matters"
    aftermath: "Aftermath"
    payer: "Payer"
    months: "Months"
    sessions: "Sessions"
    careers: "Careers"

    def __init__(
        self,
        env: Clock,
        world: World,
        settings: Settings,
        houses: list[House],
        begins: date,
        closes: int,
        tell: Callable[[Any], None],
        respond: str,
    ) -> None:
        self.env = env
        self.world = world
        self.settings = settings
        self.houses = houses
        self.begins = begins
        self.closes = closes
        self.tell = tell
        # How providers respond to pay, under what is in force now.
        self.respond = respond
        # Why clients with a budget of their own go to another provider; nothing: they stay.
        self.switching: Switching | None = None
        self.pay = Scarcity(settings)
        self.dates = Fixed(begins + timedelta(days=n) for n in range(world.days + DAYS_BEYOND))
        self.first_ordinal = begins.toordinal()
        self.opening = Fixed(start for start, _ in world.opening)

    def end(self) -> None:
        """Let go of everything, so that a finished run is freed at once and not when the collector comes by."""
        for desk in self.floor.desks:
            desk.matters.clear()
            desk.work = None
        self.env._queue.clear()
        for part in (
            self.floor,
            self.intake,
            self.matters,
            self.aftermath,
            self.payer,
            self.months,
            self.sessions,
            self.careers,
            self,
        ):
            part.__dict__.clear()

    def day(self, minute: int) -> date:
        """The date of a minute."""
        found: date = self.dates[minute // MINUTES_PER_DAY]
        return found

    def last_minute(self, day: date) -> int:
        """The last minute of a date."""
        return (day.toordinal() - self.first_ordinal + 1) * MINUTES_PER_DAY - 1

    def noon(self, day: date) -> int:
        """Twelve o'clock of a date."""
        return (day.toordinal() - self.first_ordinal) * MINUTES_PER_DAY + MINUTES_PER_DAY // 2

    def open_minute(self, when: int) -> int:
        """The first minute not before ``when`` at which people can ask and be seen."""
        opening = self.opening
        if not opening:
            return when
        at = bisect_right(opening, when) - 1
        if at >= 0 and when < self.world.opening[at][1]:
            return when
        return opening[at + 1] if at + 1 < len(opening) else (self.world.days + DAYS_BEYOND) * MINUTES_PER_DAY
