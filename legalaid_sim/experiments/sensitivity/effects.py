"""What parameters do to an output, told apart from what the worlds do.

An output is a table: one row a point, one column a world, None where undefined. The worlds of a walk are lived
at each of its points, so the effect of a step is taken world by world and the worlds' own differences drop out
of it; other walks have other worlds, so walks bear one another out.
"""

from collections.abc import Mapping, Sequence
from math import fsum, sqrt
from types import MappingProxyType
from typing import NamedTuple

from legalaid_sim.experiments.sensitivity.screening import Screening, ScreeningStep
from legalaid_sim.experiments.sensitivity.variance import Shares, shares_of
from legalaid_sim.experiments.shared.statistics import (
    LEVEL,
    Estimate,
    Value,
    bonferroni,
    deviation,
    estimate,
    fisher,
    holm,
    p_value_of,
    replications_for,
)

ContractMeasure = tuple[str, str]
WalkTable = Sequence[Sequence[Value]]
NOTHING: Mapping[ContractMeasure, float] = MappingProxyType({})


class Effect(NamedTuple):
    """What one parameter does to an output as it goes through its whole range.

    ``mean`` is the signed effect; ``size`` the mean of its absolute value (Campolongo, Cariboni and Saltelli
    2007); ``spread`` the standard deviation over steps, large where the effect depends on other parameters.
    Where steps are of unequal length they weigh by it (least squares through 0).
    ``noise`` is the standard error that the worlds leave to one step. ``p_value`` is that of "it does nothing
    at any step", adjusted over the family (Holm); ``clear`` means at most 0.05. ``needed`` is how many walks
    (worlds, where there is a single walk) would show an effect of this size, None where it is clear or 0.
    ``first`` and ``total`` are shares of variance with half-widths, for method sobol.
    """

    mean: Estimate
    size: Estimate
    spread: Value
    noise: Value
    p_value: Value
    clear: bool
    needed: int | None
    first: tuple[float, float] | None = None
    total: tuple[float, float] | None = None


def effects_of(
    design: Screening,
    tables: Mapping[ContractMeasure, WalkTable],
    least: Mapping[ContractMeasure, float] = NOTHING,
) -> dict[ContractMeasure, list[Effect]]:
    """Give the effect of every parameter, in order, on every output; all of them are one family of tests.

    ``least`` is the smallest change that matters, 0 where none is given: for less, no more walks are asked for.
    Where nothing does anything, any effect at all is called clear in no more than five of a hundred analyses.
    """
    level = bonferroni(design.factors * len(tables))
    found = {key: _all_effects(design, table, level) for key, table in tables.items()}
    flat = [(key, at) for key, effects in found.items() for at in range(len(effects))]
    tested = [place for place in flat if found[place[0]][place[1]].p_value is not None]
    adjusted = holm([p for key, at in tested if (p := found[key][at].p_value) is not None])
    for (key, at), p_value in zip(tested, adjusted):
        clear = p_value <= 1 - LEVEL
        effect = found[key][at]
        spare = clear or (effect.size.mean or 0.0) < least.get(key, 0.0)
        found[key][at] = effect._replace(
            p_value=p_value, clear=clear, needed=None if spare else effect.needed
        )
    return found


def gaps_of(ours: WalkTable, theirs: WalkTable) -> list[list[Value]]:
    """Give the difference of two outputs, point by point and world by world."""
    return [
        [None if a is None or b is None else a - b for a, b in zip(mine, yours)]
        for mine, yours in zip(ours, theirs)
    ]


def _all_effects(design: Screening, table: WalkTable, level: float) -> list[Effect]:
    shares = shares_of(design, table) if design.method == "sobol" else {}
    return [
        _effect(
            design, table, [step for step in design.steps if step.factor == factor], shares.get(factor), level
        )
        for factor in range(design.factors)
    ]


def _effect(
    design: Screening, table: WalkTable, steps: Sequence[ScreeningStep], shares: Shares | None, level: float
) -> Effect:
    moved = [
        (design.reach(step), changes)
        for step in steps
        if (changes := _worlds(table, step)) and design.reach(step)
    ]
    slopes = _slopes(moved)
    means = [fsum(each) / len(each) for each in slopes]
    together = [value for each in slopes for value in each]
    # One step alone has its interval from the worlds; several have it from one another.
    values = means if len(means) > 1 else together
    errors = [deviation(each) / sqrt(len(each)) for each in slopes if len(each) > 1]
    whole, mean = estimate(values), estimate(together).mean
    needed = replications_for(together, abs(mean), level) if mean else None
    each = len(together) / design.walks if design.walks > 1 else 1
    return Effect(
        whole,
        _size(moved) if len(means) > 1 else _absolute(whole),
        deviation(means) if len(means) > 1 else None,
        fsum(errors) / len(errors) if errors else None,
        _p_value(moved, together),
        False,
        None if needed is None else max(-int(-needed // each), design.walks + 1 if design.walks > 1 else 2),
        *(shares or (None, None)),
    )


def _worlds(table: WalkTable, step: ScreeningStep) -> list[float]:
    pairs = zip(table[step.before], table[step.after])
    return [b - a for a, b in pairs if a is not None and b is not None]


def _slopes(moved: Sequence[tuple[float, list[float]]]) -> list[list[float]]:
    """Give, by step and world, numbers whose mean is the least-squares slope and whose spread is its error.

    Where all steps are equally long they are the changes over the whole range. A change divided by a short
    step has no variance; so it weighs by the square of the step.
    """
    if not moved:
        return []
    square = fsum(reach**2 for reach, _ in moved) / len(moved)
    slope = fsum(reach * fsum(found) / len(found) for reach, found in moved) / len(moved) / square
    return [[slope + reach * (change - slope * reach) / square for change in found] for reach, found in moved]


def _size(moved: Sequence[tuple[float, list[float]]]) -> Estimate:
    square = fsum(reach**2 for reach, _ in moved) / len(moved)
    return estimate(abs(reach * fsum(found) / len(found)) / square for reach, found in moved)


def _absolute(found: Estimate) -> Estimate:
    if found.mean is None or found.half_width is None:
        return found._replace(mean=abs(found.mean) if found.mean is not None else None)
    return Estimate(
        abs(found.mean), abs(found.mean) - found.half_width, abs(found.mean) + found.half_width, found.n
    )


def _p_value(moved: Sequence[tuple[float, list[float]]], together: Sequence[float]) -> Value:
    """Test "nothing at any step": as a mean over all, and step by step for what turns about; twice the smaller."""
    overall = p_value_of(together)
    each = [p for _, found in moved if (p := p_value_of(found)) is not None]
    if overall is None or len(each) < 2:
        return overall
    return min(1.0, 2 * min(overall, fisher(each)))
