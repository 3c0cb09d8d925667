"""From the days that pass between meetings to the days after which the next is due, as a scenario has them."""

from bisect import bisect_right

from legalaid_sim.calendars import office_hours
from legalaid_sim.evidence import Assumptions
from legalaid_sim.scenario.distribution import Distribution
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.units import MINUTES_PER_DAY, MINUTES_PER_HOUR, add_months, round_half_up

GAPS, NOWS = 25, 60
YEAR = 12
STEPS = 30


def capped_geometric(seen: float, at_most: int) -> float:
    """Give the mean that a geometric number has before it is cut to ``at_most``, from its mean after.

    >>> round(capped_geometric(2.5, 1000), 6), capped_geometric(1.0, 12)
    (2.5, 1.0)
    """
    low, high = 1.0, 1000.0
    if seen <= 1.0:
        return 1.0
    for _ in range(3 * STEPS):
        mean = (low + high) / 2
        low, high = (mean, high) if mean * (1 - (1 - 1 / mean) ** at_most) < seen else (low, mean)
    return (low + high) / 2


class Meetings:
    """How long it takes from one meeting to the next where a desk is free: the days between, to the next open minute,
    and again for each that is missed."""

    def __init__(self, scenario: Scenario, assumptions: Assumptions, usual: Distribution) -> None:
        self.usual, self.open = usual, scenario.clients.asks == "office_hours"
        minutes = max(1, round_half_up(assumptions.number("door.open_hours") * MINUTES_PER_HOUR))
        first = scenario.period.begins
        self.hours = office_hours(first, add_months(first, 2 * YEAR), minutes)
        self.starts = [start for start, _ in self.hours]
        self.missed = assumptions.number("missed.chance")
        self.appointment = assumptions.number("door.days_to_appointment") * MINUTES_PER_DAY
        every = max(1, len(self.hours) // 2 // NOWS)
        # Meetings at any hour of days all through a year; the gaps, at even quantiles.
        days = self.hours[: NOWS * every : every]
        self.nows = [start + (end - start) * (n % 8) // 8 for n, (start, end) in enumerate(days)]
        inverse = usual.inverse()
        self.gaps = [float(inverse((n + 0.5) / GAPS)) for n in range(GAPS)]

    def mean_days(self, factor: float) -> float:
        """Give the mean days from a meeting to the next, where the days between are so many times the usual ones."""
        whole = again = 0.0
        for now in self.nows:
            for gap in self.gaps:
                whole += self._open(now + gap * factor * MINUTES_PER_DAY) - now
            again += self._open(now + self.appointment) - now
        mean = whole / len(self.nows) / len(self.gaps) + self.missed / (1 - self.missed) * again / len(
            self.nows
        )
        return mean / MINUTES_PER_DAY

    def mean_for(self, days: float) -> float:
        """Give the mean of the days between meetings that makes so many days from one to the next."""
        low, high = 0.0, max(2.0, 2 * days / self.usual.mean)
        for _ in range(STEPS):
            factor = (low + high) / 2
            low, high = (factor, high) if self.mean_days(factor) < days else (low, factor)
        return max((low + high) / 2 * self.usual.mean, 0.01)

    def _open(self, when: float) -> float:
        if not self.open:
            return when
        at = bisect_right(self.starts, when) - 1
        if at >= 0 and when < self.hours[at][1]:
            return when
        return self.starts[min(at + 1, len(self.starts) - 1)]
