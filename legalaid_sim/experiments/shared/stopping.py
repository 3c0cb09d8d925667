"""When to stop: a fixed number of replications, or an interval narrow enough in absolute terms.

Looks are taken at fixed counts, every five replications from the least that was asked for, whatever the
number of workers. The interval must have been narrow five replications earlier as well: the look-ahead of
Hoad, Robinson and Davies (2010) in its smallest form. Their relative precision is not used, because a
difference near 0 has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from legalaid_sim.experiments.shared.ignorance import estimate_of
from legalaid_sim.experiments.shared.statistics import Value

STRIDE = 5


@dataclass(frozen=True, slots=True)
class Rule:
    """At least and at most so many replications; in between, until every series is narrow enough.

    ``drawn`` says that replications draw what is unknown, so that intervals are over draws.
    """

    at_least: int
    at_most: int
    half_width: float | None = None
    drawn: bool = False

    def looks_at(self, count: int) -> bool:
        """Say whether a decision is due after so many replications."""
        return count >= self.at_most or (count >= self.at_least and (count - self.at_least) % STRIDE == 0)

    def enough(self, series: Sequence[Sequence[Value]]) -> bool:
        """Decide on what is complete: one series of values a regime, all of the same length."""
        count = len(series[0]) if series else 0
        if not self.looks_at(count):
            return False
        return count >= self.at_most or self.half_width is None or self._narrow(series, self.half_width)

    def _narrow(self, series: Sequence[Sequence[Value]], half_width: float) -> bool:
        count = len(series[0])
        looks = [count, count - STRIDE] if count - STRIDE > 2 else [count]
        return all(self._within(values[:look], half_width) for values in series for look in looks)

    def _within(self, values: Sequence[Value], half_width: float) -> bool:
        # A measure that is undefined in every replication can never become narrow, and one value has no interval.
        reach = estimate_of(values, self.drawn).half_width
        return reach is not None and reach <= half_width


def exactly(count: int) -> Rule:
    """Give the rule that does so many replications, no more and no fewer."""
    return Rule(count, count)
