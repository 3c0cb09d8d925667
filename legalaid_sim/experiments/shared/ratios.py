"""Shares and rates of counts over worlds: pooled where a world has few cases, and never on Student's t where rare.

A mean of the worlds' own shares weighs a world with one case like one with a hundred, and leaves out those with
none. Pooled, a share is all events over all cases, and its spread that of the ratio estimator, with the world as the
unit (Cochran 1977, chapter 6): a world stands for ``R + (part - R whole) / mean whole``, and the mean of these is R.

Where events are few the interval is Wilson's (1927), of as many cases as are worth independent ones (Korn and Graubard
1998), with Student's t for as many worlds; of a rate without an upper bound it is the like of it for counts. Intervals
of differences are put together from those of both sides (Zou and Donner 2008, with the correlation over worlds).
"""

from collections.abc import Callable, Mapping, Sequence
from math import fsum, sqrt
from typing import NamedTuple

from legalaid_sim.experiments.shared.ignorance import answers
from legalaid_sim.experiments.shared.statistics import (
    LEVEL,
    Estimate,
    Paired,
    Value,
    correlation,
    deviation,
    estimate,
    mean_of,
    paired,
    t_quantile,
    two_sided_p,
    within,
)
from legalaid_sim.experiments.shared.verdicts import Weighed, weighed
from legalaid_sim.measures.statistics import Ratio

FEW = 30
# So many standard errors are as good as any number of them.
MOST = 1e6
NaturalBounds = tuple[float | None, float | None]


def is_pooled(columns: Sequence[Sequence[Value]], few: float = FEW) -> bool:
    """Say whether a measure is pooled over worlds: ``columns`` are its values, world by world, by contract.

    It is where, under any of the contracts, a world holds fewer than ``few`` cases on average, or some world none.
    """
    held = [[value for value in column if value is not None] for column in columns]
    if not all(isinstance(value, Ratio) for column in held for value in column):
        return False
    return any(
        len(column) > 1 and (len(found) < len(column) or cases_of(found) < few * len(column))
        for column, found in zip(columns, held)
        if found
    )


def pooled_among(
    measures: Mapping[str, Sequence[Mapping[str, Value]]], names: Sequence[str], drawn: bool = False
) -> frozenset[str]:
    """Name the measures that are pooled over worlds, under every contract alike."""
    return frozenset(
        name
        for name in names
        if is_pooled([answers((world.get(name) for world in worlds), drawn) for worlds in measures.values()])
    )


def cases_of(values: Sequence[Value]) -> float:
    """Count the cases of all worlds together."""
    return fsum(value.whole for value in values if isinstance(value, Ratio))


def linearised(values: Sequence[Value]) -> list[float]:
    """Give what each world stands for in the pooled ratio; worlds without a case are left out."""
    held = [value for value in values if isinstance(value, Ratio)]
    usual = cases_of(held) / len(held)
    pooled = fsum(value.part for value in held) / cases_of(held)
    return [pooled + (value.part - pooled * value.whole) / usual for value in held]


class Counts(NamedTuple):
    """A share or a rate of counts over worlds: ``mean`` of ``cases``, and ``clustering``, the variance over worlds as a
    multiple of that of so many independent cases, at least 1."""

    mean: float
    cases: float
    clustering: float
    is_share: bool

    @property
    def rare(self) -> bool:
        """Say whether fewer than ``FEW`` events, or cases without, are what all worlds together are worth."""
        least = min(self.mean, 1 - self.mean) if self.is_share else self.mean
        return least * self.cases / self.clustering < FEW

    def limits(self, t: float) -> tuple[float, float]:
        """Give the interval of ``t`` standard errors, each end by the variance that it would have were it true."""
        c, m = t * t * self.clustering / self.cases, self.mean
        square, reach = (1 + c, c * (c + 4 * m * (1 - m))) if self.is_share else (1.0, c * (c + 4 * m))
        low, high = ((2 * m + c + side * sqrt(reach)) / (2 * square) for side in (-1, 1))
        return max(0.0, low), (1.0 if self.is_share and m == 1 else high)


def counts_of(values: Sequence[Value], shown: Sequence[float], bounds: NaturalBounds) -> Counts | None:
    """Give the counts of a measure of which each world shows ``shown``; None where it does not count."""
    held = [value for value in values if isinstance(value, Ratio)]
    is_share = bounds == (0.0, 1.0)
    if len(held) < 2 or len(held) < len(values) or not all(_counted(value, is_share) for value in held):
        return None
    mean, cases = mean_of(shown), cases_of(held)
    usual = mean * (1 - mean) if is_share else mean
    found = deviation(shown) ** 2 / len(shown) * cases / usual if usual > 0 else 1.0
    return Counts(mean, cases, max(1.0, found), is_share)


def _counted(value: Ratio, is_share: bool) -> bool:
    return isinstance(value.part, int) and value.part >= 0 and not (is_share and value.part > value.whole)


def level_of(values: Sequence[Value], bounds: NaturalBounds, pooled: bool, level: float = LEVEL) -> Estimate:
    """Give a measure under one contract, with an interval within what it can be."""
    held = [value for value in values if value is not None]
    if len(held) < 2:
        return estimate(held)
    shown = linearised(held) if pooled else held
    found = within(estimate(shown, level), *bounds)
    counts = counts_of(held, shown, bounds)
    if counts is not None and (pooled or counts.rare):
        low, high = counts.limits(t_quantile((1 + level) / 2, len(held) - 1))
        found = found._replace(low=low, high=high)
    return found._replace(pooled_of=cases_of(held)) if pooled else found


class Apart(NamedTuple):
    """The difference of two sides that count, over the same worlds."""

    ours: Counts
    theirs: Counts
    correlation: float

    def limits(self, t: float) -> tuple[float, float]:
        """Give the interval of ``t`` standard errors."""
        gap = self.ours.mean - self.theirs.mean
        (a, b), (c, d) = self.ours.limits(t), self.theirs.limits(t)
        low = self._reach(self.ours.mean - a, d - self.theirs.mean)
        high = self._reach(b - self.ours.mean, self.theirs.mean - c)
        return gap - low, gap + high

    def _reach(self, ours: float, theirs: float) -> float:
        return sqrt(max(0.0, ours**2 + theirs**2 - 2 * self.correlation * ours * theirs))

    def weighed(self, least: float, freedom: int) -> Weighed:
        """Test the difference by the widest interval that leaves out 0, or lies within the smallest that matters."""
        gap = self.ours.mean - self.theirs.mean
        differs = alike = 1.0
        if gap != 0:
            differs = two_sided_p(
                _widest(lambda t: (self.limits(t)[0] * gap if gap > 0 else self.limits(t)[1] * gap) > 0),
                freedom,
            )
        if abs(gap) < least:
            alike = two_sided_p(_widest(lambda t: max(map(abs, self.limits(t))) < least), freedom)
        return Weighed(differs, alike, False)


def _widest(holds: Callable[[float], bool]) -> float:
    """Give the most standard errors at which something of the interval still holds."""
    few, many = 0.0, 1.0
    while holds(many) and many < MOST:
        few, many = many, 2 * many
    while many - few > 1e-9 * many:
        middle = (few + many) / 2
        few, many = (middle, many) if holds(middle) else (few, middle)
    return few


class Sides(NamedTuple):
    """A measure under two contracts in the worlds that have both: what each shows, and their counts where few."""

    ours: Sequence[float]
    theirs: Sequence[float]
    counted: Apart | None
    most: float | None
    pooled_of: Value

    @property
    def gaps(self) -> list[float]:
        """The difference in every world; pooled, what each world stands for in it."""
        return [a - b for a, b in zip(self.ours, self.theirs)]

    def paired(self, level: float = LEVEL) -> Paired:
        """Give the difference with its interval at ``level``, none where all worlds agree."""
        found = paired(self.ours, self.theirs, level)
        gap = within(found.difference, None if self.most is None else -self.most, self.most)
        if self.counted is not None and gap.low is not None:
            low, high = self.counted.limits(t_quantile((1 + level) / 2, gap.n - 1))
            gap = gap._replace(low=low, high=high)
        return found._replace(difference=gap._replace(pooled_of=self.pooled_of))

    def weighed(self, least: float) -> Weighed:
        """Test the difference against 0 and against the smallest that matters."""
        gaps = self.gaps
        if self.counted is None or deviation(gaps) == 0:
            return weighed(gaps, least)
        return self.counted.weighed(least, len(gaps) - 1)


def sides_of(ours: Sequence[Value], theirs: Sequence[Value], bounds: NaturalBounds, pooled: bool) -> Sides:
    """Set a measure under two contracts side by side, in the worlds that have both."""
    both = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    left, right = [a for a, _ in both], [b for _, b in both]
    shown = (linearised(left), linearised(right)) if pooled and both else (left, right)
    most = None if None in bounds else (bounds[1] or 0.0) - (bounds[0] or 0.0)
    counted = _apart(counts_of(left, shown[0], bounds), counts_of(right, shown[1], bounds), pooled, shown)
    return Sides(*shown, counted, most, cases_of(left) + cases_of(right) if pooled else None)


def _apart(
    ours: Counts | None, theirs: Counts | None, pooled: bool, shown: tuple[Sequence[float], Sequence[float]]
) -> Apart | None:
    """Give both counts where they are few; None where Student's t does."""
    if ours is None or theirs is None or not (pooled or ours.rare or theirs.rare):
        return None
    # What is too rare on one side to show how far it comes in clusters is taken to come as it does on the other.
    most = max(ours.clustering, theirs.clustering)
    a, b = (side._replace(clustering=most) if side.rare else side for side in (ours, theirs))
    return Apart(a, b, correlation(*shown) or 0.0)


def gaps_by_world(ours: Sequence[Value], theirs: Sequence[Value], pooled: bool) -> list[Value]:
    """Give the difference that every world stands for, None for one that lacks a side."""
    held = iter(sides_of(ours, theirs, (None, None), pooled).gaps)
    return [None if a is None or b is None else next(held) for a, b in zip(ours, theirs)]
