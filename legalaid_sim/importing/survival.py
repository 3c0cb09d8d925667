"""Small estimators for cases that are partly still open, each with a 95 % interval.

A case that is open on the last day known has a duration that is only known to be longer (right-censored). The
distribution of durations is estimated by Kaplan and Meier (1958); means of anything that is known when a case closes
weight each closed case by the inverse of its chance to have been seen to close (Robins and Rotnitzky 1992; for costs,
Bang and Tsiatis 2000), since long cases are seen to close less often and leaving them out would understate.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from math import fsum, sqrt
from statistics import NormalDist
from typing import NamedTuple

from legalaid_sim.experiments.shared.statistics import LEVEL, t_quantile
from legalaid_sim.units import add_up


class Interval(NamedTuple):
    """An estimate with its interval, and the number of cases that it is from."""

    value: float
    low: float
    high: float
    n: int

    def changed(self, change: Callable[[float], float]) -> "Interval":
        """Give it for a rising function of what is estimated."""
        return Interval(change(self.value), change(self.low), change(self.high), self.n)

    def scaled(self, factor: float) -> "Interval":
        """Give it in another unit."""
        return self.changed(lambda value: value * factor)


class RegressionLine(NamedTuple):
    """A weighted regression line: where it starts, and how much a step adds."""

    start: float
    step: Interval


def kaplan_meier(days: Sequence[float], closed: Sequence[bool]) -> list[tuple[float, float]]:
    """Give the share still open after each duration at which one closed (product limit; Kaplan and Meier 1958).

    >>> kaplan_meier([1, 2, 2, 3], [True, True, False, True])
    [(1, 0.75), (2, 0.5), (3, 0.0)]
    """
    ended = Counter(day for day, over in zip(days, closed) if over)
    ordered = sorted(days)
    share, steps = 1.0, []
    for when in sorted(ended):
        share *= 1 - ended[when] / (len(ordered) - bisect_left(ordered, when))
        steps.append((when, share))
    return steps


def still_open(days: Sequence[float], closed: Sequence[bool]) -> float:
    """Give the share of cases that are open for longer than anybody has been followed."""
    steps = kaplan_meier(days, closed)
    return steps[-1][1] if steps else 1.0


def weights_of(days: Sequence[float], closed: Sequence[bool]) -> list[float]:
    """Weigh each closed case by one over its chance to have been followed for as long as it took; open ones by 0.

    The chance is Kaplan and Meier's, with being cut off as the event; where a case closes on the day on which another
    is cut off, it has closed first.

    >>> weights_of([1, 2, 3], [True, False, True])
    [1.0, 0.0, 2.0]
    """
    followed = kaplan_meier(
        [day + 0.5 * (not over) for day, over in zip(days, closed)], [not c for c in closed]
    )
    whens = [when for when, _ in followed]
    shares = [1.0, *(share for _, share in followed)]
    return [1 / shares[bisect_left(whens, day)] if over else 0.0 for day, over in zip(days, closed)]


def weighted_mean(values: Sequence[float], weights: Sequence[float]) -> Interval:
    """Give the weighted mean, with the interval of a ratio of sums (linearised; Student's t)."""
    whole = fsum(weights)
    mean = fsum(value * weight for value, weight in zip(values, weights)) / whole
    error = sqrt(fsum((weight * (value - mean)) ** 2 for value, weight in zip(values, weights))) / whole
    n = add_up(weight > 0 for weight in weights)
    reach = t_quantile((1 + LEVEL) / 2, max(n - 1, 1)) * error * sqrt(n / max(n - 1, 1))
    return Interval(mean, mean - reach, mean + reach, n)


def weighted_spread(values: Sequence[float], weights: Sequence[float]) -> float:
    """Give the weighted variance."""
    mean, whole = weighted_mean(values, weights).value, fsum(weights)
    return fsum(weight * (value - mean) ** 2 for value, weight in zip(values, weights)) / whole


def weighted_ratio(tops: Sequence[float], bottoms: Sequence[float], weights: Sequence[float]) -> Interval:
    """Give the ratio of two weighted sums with its interval (linearised; Cochran 1977)."""
    whole = fsum(bottom * weight for bottom, weight in zip(bottoms, weights))
    ratio = fsum(top * weight for top, weight in zip(tops, weights)) / whole
    residuals = [(top - ratio * bottom) * weight for top, bottom, weight in zip(tops, bottoms, weights)]
    n = add_up(weight > 0 for weight in weights)
    error = sqrt(fsum(residual**2 for residual in residuals)) / whole * sqrt(n / max(n - 1, 1))
    reach = t_quantile((1 + LEVEL) / 2, max(n - 1, 1)) * error
    return Interval(ratio, ratio - reach, ratio + reach, n)


def weighted_line(
    steps: Sequence[float], values: Sequence[float], weights: Sequence[float]
) -> RegressionLine | None:
    """Fit ``value = start + step times steps`` by weighted least squares; None where steps do not vary.

    The interval of the step holds whatever the spread at each number of steps (White 1980).
    """
    whole = fsum(weights)
    middle = fsum(step * weight for step, weight in zip(steps, weights)) / whole
    level = fsum(value * weight for value, weight in zip(values, weights)) / whole
    apart = fsum(weight * (step - middle) ** 2 for step, weight in zip(steps, weights))
    if apart <= 0:
        return None
    slope = (
        fsum(w * (step - middle) * (value - level) for step, value, w in zip(steps, values, weights)) / apart
    )
    residuals = [value - level - slope * (step - middle) for step, value in zip(steps, values)]
    pushed = [(w * (step - middle) * rest) ** 2 for step, rest, w in zip(steps, residuals, weights)]
    n = add_up(weight > 0 for weight in weights)
    error = sqrt(fsum(pushed)) / apart * sqrt(n / max(n - 2, 1))
    reach = t_quantile((1 + LEVEL) / 2, max(n - 2, 1)) * error
    return RegressionLine(level - slope * middle, Interval(slope, slope - reach, slope + reach, n))


def rate(counts: Sequence[int]) -> Interval:
    """Give the mean of counts by week, with an interval for the Poisson law and for counts more uneven than it.

    Byar's approximation (Rothman and Boice 1979), with the total divided by the dispersion, variance over mean, where
    that is above 1.
    """
    total, weeks = add_up(counts), len(counts)
    mean = total / weeks
    variance = fsum((count - mean) ** 2 for count in counts) / max(weeks - 1, 1)
    uneven = max(1.0, variance / mean)
    seen, z = total / uneven, NormalDist().inv_cdf((1 + LEVEL) / 2)
    low = seen * (1 - 1 / (9 * seen) - z / (3 * sqrt(seen))) ** 3
    high = (seen + 1) * (1 - 1 / (9 * (seen + 1)) + z / (3 * sqrt(seen + 1))) ** 3
    return Interval(mean, low * uneven / weeks, high * uneven / weeks, total)


def middle(days: Sequence[float], closed: Sequence[bool]) -> float | None:
    """Give the median duration, None where fewer than half are known to have closed."""
    return next((when for when, share in kaplan_meier(days, closed) if share <= 0.5), None)
