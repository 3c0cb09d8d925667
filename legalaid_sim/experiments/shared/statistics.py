"""Means and intervals over replications: Student's t, paired differences, several comparisons at once.

A replication may leave a measure undefined (``None``): such a value is left out, never counted as 0, and
``n`` says how many remain. Sums are exact before they are rounded once, so the order of replications cannot
move a digit.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import exp, fsum, lgamma, log, log1p, sqrt
from typing import NamedTuple

LEVEL = 0.95

Value = float | None


class Estimate(NamedTuple):
    """A mean with its interval over ``n`` replications; ``low`` and ``high`` are None below two values.

    ``pooled_of`` are the cases of all worlds together where it is a ratio pooled over them; None where it is the
    mean of the worlds' own values.
    """

    mean: Value
    low: Value
    high: Value
    n: int
    pooled_of: Value = None

    @property
    def even(self) -> bool:
        """Say whether the mean stands in the middle of the interval, so that "mean ± half" is true of it."""
        if self.mean is None or self.low is None or self.high is None:
            return True
        # Ends that were worked out apart may differ by a last digit.
        return abs(self.high + self.low - 2 * self.mean) <= 1e-9 * (abs(self.high) + abs(self.low))

    def as_data(self) -> dict[str, Value]:
        """Give it as plain data; ``pooled_of`` only where it is pooled."""
        return {
            name: value for name, value in self._asdict().items() if name != "pooled_of" or value is not None
        }

    @property
    def half_width(self) -> Value:
        """Half the width of the interval, in the measure's unit; None when there is no interval."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


class Paired(NamedTuple):
    """The mean difference over the same worlds, and what the pairing saved.

    ``correlation`` is that of the two sides over worlds; ``variance_ratio`` is the variance of the paired
    difference over what independent worlds would give (1 = nothing saved, below 1 = saved). Both None where
    undefined.
    """

    difference: Estimate
    p_value: Value
    correlation: Value
    variance_ratio: Value


def estimate(values: Iterable[Value], level: float = LEVEL) -> Estimate:
    """Give mean and t interval of the defined values.

    >>> estimate([1.0, None, 3.0]).n
    2
    """
    held = _defined(values)
    if len(held) < 2:
        return Estimate(held[0] if held else None, None, None, len(held))
    mean = mean_of(held)
    reach = t_quantile((1 + level) / 2, len(held) - 1) * deviation(held) / sqrt(len(held))
    return Estimate(mean, mean - reach, mean + reach, len(held))


def paired(ours: Sequence[Value], theirs: Sequence[Value], level: float = LEVEL) -> Paired:
    """Compare two sides world by world, ``ours`` less ``theirs``; worlds undefined on a side are left out."""
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    gaps = [a - b for a, b in pairs]
    if len(gaps) < 2:
        return Paired(estimate(gaps, level), None, None, None)
    apart = deviation(left) ** 2 + deviation(right) ** 2
    ratio = deviation(gaps) ** 2 / apart if apart > 0 else None
    return Paired(estimate(gaps, level), _p_of(gaps), correlation(left, right), ratio)


def within(found: Estimate, low: Value, high: Value) -> Estimate:
    """Keep an interval within what can be; one of no width shows nothing of worlds not lived, and is none.

    >>> within(Estimate(0.75, 0.25, 1.25, 4), 0.0, 1.0)[1:3], within(Estimate(1.0, 1.0, 1.0, 4), 0.0, 1.0)[1:3]
    ((0.25, 1.0), (None, None))
    """
    if found.low is None or found.high is None or found.low == found.high:
        return found._replace(low=None, high=None)
    least = found.low if low is None else max(low, found.low)
    most = found.high if high is None else min(high, found.high)
    return found._replace(low=least, high=most)


def mean_of(values: Sequence[float]) -> float:
    """Give the arithmetic mean of at least one value, whatever their order."""
    # Rounding can push the mean of values that are all alike past them.
    return min(max(fsum(values) / len(values), min(values)), max(values))


def deviation(values: Sequence[float]) -> float:
    """Give the sample standard deviation (divisor n - 1) of at least two values."""
    centre = mean_of(values)
    return sqrt(fsum((value - centre) ** 2 for value in values) / (len(values) - 1))


def correlation(left: Sequence[float], right: Sequence[float]) -> Value:
    """Give Pearson's correlation, None where a side does not vary."""
    a, b = deviation(left), deviation(right)
    if a == 0 or b == 0:
        return None
    centre_a, centre_b = mean_of(left), mean_of(right)
    shared = fsum((x - centre_a) * (y - centre_b) for x, y in zip(left, right))
    # Rounding can push a perfect correlation past 1.
    return max(-1.0, min(1.0, shared / (len(left) - 1) / (a * b)))


def bonferroni(contrasts: int, level: float = LEVEL) -> float:
    """Give the level for each of several intervals so that all hold together at ``level``.

    Valid whatever the dependence between them (Bonferroni 1936), so also on common random numbers, where
    Dunnett's and Tukey's tables are not.
    """
    return 1 - (1 - level) / max(1, contrasts)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjust p-values for several comparisons, stepping down (Holm 1979); valid under any dependence.

    >>> holm([0.01, 0.04, 0.03])
    (0.03, 0.06, 0.06)
    """
    adjusted = [0.0] * len(p_values)
    floor = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda i: (p_values[i], i))):
        floor = max(floor, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = floor
    return tuple(adjusted)


def replications_for(values: Iterable[Value], half_width: float, level: float = LEVEL) -> int | None:
    """Say how many replications would bring the interval to ``half_width``; None when that cannot be told
    yet.

    The smallest n with t s / sqrt(n) at most the half-width, with s from the values at hand.
    """
    held = _defined(values)
    if len(held) < 2 or half_width <= 0:
        return None
    spread = deviation(held)
    few, many = 1, 2
    while not _narrow(many, spread, half_width, level):
        few, many = many, many * 2
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if _narrow(middle, spread, half_width, level) else (middle, many)
    return many


def _narrow(n: int, spread: float, half_width: float, level: float) -> bool:
    return t_quantile((1 + level) / 2, n - 1) * spread / sqrt(n) <= half_width


def two_sided_p(t: float, freedom: float) -> float:
    """Give the chance that Student's t with ``freedom`` degrees of freedom lies further from 0 than ``t``."""
    if t == 0:
        return 1.0
    return _incomplete_beta(freedom / (freedom + t * t), t * t / (freedom + t * t), freedom / 2, 0.5)


@lru_cache(maxsize=4096)
def t_quantile(probability: float, freedom: float) -> float:
    """Invert Student's t distribution (Student 1908), to about 1e-9 relative.

    The tail area is a regularised incomplete beta function; the root is found by bisection on a bracket that
    is doubled until it holds it, which cannot diverge.

    >>> round(t_quantile(0.975, 9), 6)
    2.262157
    """
    if not 0 < probability < 1 or freedom <= 0:
        raise ValueError(f"no t quantile for probability {probability} with {freedom} degrees of freedom")
    if probability < 0.5:
        return -t_quantile(1 - probability, freedom)
    tail = 2 * (1 - probability)
    high = 1.0
    while two_sided_p(high, freedom) > tail:
        high *= 2
    return _bisect(tail, freedom, 0.0, high)


def _bisect(tail: float, freedom: float, low: float, high: float) -> float:
    while high - low > 1e-12 * max(1.0, high):
        middle = (low + high) / 2
        if two_sided_p(middle, freedom) > tail:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _incomplete_beta(x: float, rest: float, a: float, b: float) -> float:
    # ``rest`` is 1 - x, given apart because the difference would lose every digit when x is near 1.
    if x <= 0 or rest <= 0:
        return 0.0 if x <= 0 else 1.0
    scale = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * _log(x, rest) + b * _log(rest, x))
    if x < (a + 1) / (a + b + 2):
        return scale * _fraction(x, a, b) / a
    return 1 - scale * _fraction(rest, b, a) / b


def _log(x: float, rest: float) -> float:
    # Of what is near 1 the rest has the digits.
    return log(x) if x < 0.5 else log1p(-rest)


def _fraction(x: float, a: float, b: float) -> float:
    # Lentz's evaluation of the continued fraction of the incomplete beta function (Abramowitz & Stegun 1964,
    # 26.5.8).
    tiny = 1e-300
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1), tiny)
    value = d
    for m in range(1, 100_000):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away(1 + numerator * d, tiny)
            c = _away(1 + numerator / c, tiny)
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value


def _away(value: float, tiny: float) -> float:
    return value if abs(value) > tiny else tiny


def p_value_of(values: Iterable[Value]) -> Value:
    """Give the two-sided p-value of Student's t that the mean is 0; None below two defined values."""
    held = _defined(values)
    return _p_of(held) if len(held) > 1 else None


def share_interval(share: float, trials: int, level: float = LEVEL) -> tuple[float, float]:
    """Give the exact interval of a share seen in so many independent trials (Clopper and Pearson 1934).

    A trial may count in part; the interval then lies between those of the whole counts beside it.

    >>> [round(end, 3) for end in share_interval(1.0, 4)], [round(end, 3) for end in share_interval(0.5, 4)]
    ([0.398, 1.0], [0.068, 0.932])
    """
    tail, seen = (1 - level) / 2, share * trials
    low = 0.0 if seen <= 0 else _beta_quantile(tail, seen, trials - seen + 1)
    high = 1.0 if seen >= trials else _beta_quantile(1 - tail, seen + 1, trials - seen)
    return low, high


def _beta_quantile(probability: float, a: float, b: float) -> float:
    low, high = 0.0, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (
            (middle, high) if _incomplete_beta(middle, 1 - middle, a, b) < probability else (low, middle)
        )
    return (low + high) / 2


def fisher(p_values: Sequence[float]) -> float:
    """Combine independent p-values into one for "none of these is anything" (Fisher 1932).

    >>> round(fisher([0.1, 0.1, 0.1]), 5), round(fisher([0.04]), 5)
    (0.03177, 0.04)
    """
    if min(p_values) <= 0:
        return 0.0
    half = -fsum(log(p) for p in p_values)
    # An even number of degrees of freedom leaves a sum of Poisson terms.
    terms = [
        exp(k * log(half) - lgamma(k + 1) - half) if half else float(k == 0) for k in range(len(p_values))
    ]
    return min(1.0, fsum(terms))


def simes(p_values: Sequence[float]) -> float:
    """Combine p-values that may hang together, the more of them the better (Simes 1986).

    >>> simes([0.01, 0.02, 0.03]), simes([0.01, 0.9])
    (0.03, 0.02)
    """
    ranked = sorted(p_values)
    return min(len(ranked) * p / rank for rank, p in enumerate(ranked, start=1))


def _p_of(gaps: Sequence[float]) -> float:
    """Give the p-value of at least two gaps."""
    spread = deviation(gaps)
    if spread == 0:
        # No spread is no proof: the sign test counts the worlds that agree.
        return 1.0 if mean_of(gaps) == 0 else 2 * 0.5 ** len(gaps)
    return two_sided_p(mean_of(gaps) / (spread / sqrt(len(gaps))), len(gaps) - 1)


def _defined(values: Iterable[Value]) -> list[float]:
    return [value for value in values if value is not None]
