"""What parameters do to an output, told apart from what the worlds do; and whether a ranking survives it.

An output is a table: one row a point, one column a world, None where undefined. The same worlds are lived at
every point, so the effect of a step is taken world by world and the worlds' own differences drop out of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import fsum, sqrt
from typing import NamedTuple

from legalaid_sim.experiments.screening import Screening, Step
from legalaid_sim.experiments.statistics import Estimate, Value, deviation, estimate
from legalaid_sim.units import add_up

Table = Sequence[Sequence[Value]]
CLEAR = 2.0


class Effect(NamedTuple):
    """What one parameter does to an output as it goes through its whole range.

    ``mean`` is the signed effect; ``size`` the mean of its absolute value (Campolongo, Cariboni and Saltelli
    2007); ``spread`` the standard deviation over steps, large where the effect depends on other parameters.
    ``noise`` is the standard error that the worlds leave to one step. ``clear``: the size is more than twice
    that or, where there is a single step, its interval over the worlds leaves out 0. ``first`` and ``total``
    are shares of variance (Sobol 2001) with half-widths, for method sobol.
    """

    mean: Estimate
    size: Estimate
    spread: Value
    noise: Value
    clear: bool
    first: tuple[float, float] | None = None
    total: tuple[float, float] | None = None


class Ranking(NamedTuple):
    """Whether a contract beats the baseline on a measure, over the space of the parameters.

    ``share`` is the share of points in which it has more; ``flips`` the share of the steps of each parameter
    that turn the sign of the difference, only those that turn any.
    """

    share: Estimate
    flips: Mapping[int, float]
    points: int


def effects_of(design: Screening, table: Table) -> list[Effect]:
    """Give the effect of every parameter, in order."""
    shares = _variance_shares(design, table) if design.method == "sobol" else {}
    return [
        _effect(design, table, [step for step in design.steps if step.factor == factor], shares.get(factor))
        for factor in range(design.factors)
    ]


def ranking_of(design: Screening, gaps: Table) -> Ranking:
    """Say over which part of the space the difference is above 0, and which steps turn its sign."""
    means = [_mean(row) for row in gaps]
    held = [mean for mean in means if mean is not None]
    return Ranking(_share_above(design, means), dict(_flips(design, means)), len(held))


def gaps_of(ours: Table, theirs: Table) -> list[list[Value]]:
    """Give the difference of two outputs, point by point and world by world."""
    return [
        [None if a is None or b is None else a - b for a, b in zip(mine, yours)]
        for mine, yours in zip(ours, theirs)
    ]


def _effect(
    design: Screening, table: Table, steps: Sequence[Step], shares: tuple[tuple[float, float], ...] | None
) -> Effect:
    moved = [found for step in steps if (found := _worlds(design, table, step))]
    means = [fsum(found) / len(found) for found in moved]
    # One step alone has its interval from the worlds; several have it from one another.
    values = means if len(means) > 1 else (moved[0] if moved else [])
    size = estimate(abs(value) for value in values) if len(means) > 1 else _absolute(estimate(values))
    errors = [deviation(found) / sqrt(len(found)) for found in moved if len(found) > 1]
    noise = fsum(errors) / len(errors) if errors else None
    spread = deviation(means) if len(means) > 1 else None
    clear = _outside(size) if len(means) == 1 else (size.mean or 0.0) > CLEAR * (noise or 0.0)
    first, total = shares or (None, None)
    return Effect(estimate(values), size, spread, noise, clear, first, total)


def _worlds(design: Screening, table: Table, step: Step) -> list[float]:
    reach = design.reach(step)
    pairs = zip(table[step.before], table[step.after])
    return [(b - a) / reach for a, b in pairs if a is not None and b is not None] if reach else []


def _outside(size: Estimate) -> bool:
    return size.low is not None and size.low > 0


def _absolute(found: Estimate) -> Estimate:
    if found.mean is None or found.half_width is None:
        return found._replace(mean=abs(found.mean) if found.mean is not None else None)
    return Estimate(
        abs(found.mean), abs(found.mean) - found.half_width, abs(found.mean) + found.half_width, found.n
    )


def _variance_shares(
    design: Screening, table: Table
) -> dict[int, tuple[tuple[float, float], tuple[float, float]]]:
    import numpy as np
    from SALib.analyze import sobol

    from legalaid_sim.experiments.screening import problem_of

    means = [_mean(row) for row in table]
    if None in means or len(set(means)) == 1:
        return {}
    found = sobol.analyze(problem_of(design.factors), np.array(means, float), calc_second_order=False, seed=1)
    return {
        factor: (
            (float(found["S1"][factor]), float(found["S1_conf"][factor])),
            (float(found["ST"][factor]), float(found["ST_conf"][factor])),
        )
        for factor in range(design.factors)
    }


def _share_above(design: Screening, means: Sequence[Value]) -> Estimate:
    # Points of a trajectory hang together, so the interval is taken over trajectories.
    groups: dict[int, set[int]] = {}
    for step in design.steps:
        groups.setdefault(step.group, set()).update((step.before, step.after))
    if len(groups) < 2:
        return estimate(_above(mean) for mean in means)
    return estimate(
        _mean([_above(means[at]) for at in sorted(points)]) for _, points in sorted(groups.items())
    )


def _above(mean: Value) -> Value:
    return None if mean is None else 0.5 if mean == 0 else float(mean > 0)


def _flips(design: Screening, means: Sequence[Value]) -> Iterator[tuple[int, float]]:
    for factor in range(design.factors):
        ends = [(means[s.before], means[s.after]) for s in design.steps if s.factor == factor]
        turned = [a * b < 0 for a, b in ends if a is not None and b is not None]
        if any(turned):
            yield factor, add_up(turned) / len(turned)


def _mean(row: Sequence[Value]) -> Value:
    held = [value for value in row if value is not None]
    return fsum(held) / len(held) if held else None
