"""Days that wait for nobody: which problem has one, and at what minute it comes."""

from legalaid_sim.draws import apart
from legalaid_sim.engine.common import Calendar
from legalaid_sim.engine.settings import Settings
from legalaid_sim.units import MINUTES_PER_DAY
from legalaid_sim.world import ProblemPlan, World

NO_DATE = -1


class Dates:
    """The dates of all problems; ``bind`` is whether anything hangs on any of them."""

    def __init__(self, world: World, calendar: Calendar, settings: Settings) -> None:
        self.bind = settings.date_loss > 0.0 and any(each.date for each in world.brought.values())
        self._brought = world.brought
        self._calendar = calendar
        self._notice = settings.date_notice
        self._urgent = settings.date_urgent
        self._stays_open = settings.date_stays_open

    def of(self, plan: ProblemPlan) -> int:
        """Give the minute of a problem's date, on the first working day from the one drawn; -1 where it has none."""
        brought = self._brought.get(plan.id) if self.bind else None
        if brought is None or brought.date is None:
            return NO_DATE
        drawn = (plan.onset + brought.date.after) // MINUTES_PER_DAY * MINUTES_PER_DAY
        opens = self._calendar.open_minute(drawn)
        return opens // MINUTES_PER_DAY * MINUTES_PER_DAY + brought.date.opens

    def desk(self, plan: ProblemPlan) -> str:
        """Name the desk elsewhere at which somebody stands by a client on the date; nothing where there is none."""
        date = self._brought[plan.id].date
        return date.desk if date is not None else ""

    def prompted(self, plan: ProblemPlan, when: int) -> int:
        """Give when somebody asks who would ask at ``when``: some days before the date, if that is earlier."""
        date = self.of(plan)
        return when if date == NO_DATE else min(when, max(plan.onset, date - self._notice))

    def stands_open(self, plan: ProblemPlan, u: float, now: int) -> int:
        """Give the minute of a hearing that a matter is kept open for in which all else is done; -1: it may be closed.

        ``u`` is the matter's own uniform. Only a date at which somebody stands by the client is waited for; at a limit
        nobody has anything left to do.
        """
        date = self.of(plan)
        if date <= now or not self.desk(plan) or apart(u, "hearing") >= self._stays_open:
            return NO_DATE
        return date

    def presses_from(self, date: int) -> int:
        """Give the minute from which on a date is so near that nobody can be let wait."""
        return date - self._urgent
