"""Shares of the variance over the space of the parameters, freed from what the worlds add to it."""

from collections.abc import Mapping, Sequence
from math import fsum, sqrt
from typing import NamedTuple

from legalaid_sim.experiments.sensitivity.screening import Screening
from legalaid_sim.experiments.shared.statistics import LEVEL, Value, deviation, t_quantile

WalkRow = Sequence[Value]


class Shares(NamedTuple):
    """What a parameter does alone, and with others, as shares of the variance, each with half its interval."""

    first: tuple[float, float]
    total: tuple[float, float]


def shares_of(design: Screening, table: Sequence[WalkRow]) -> Mapping[int, Shares]:
    """Give the shares of every parameter from Saltelli's sample by the estimators of Jansen (1999).

    They are means of squared differences between points of one walk, where the worlds' own differences drop
    out; with two worlds or more a square is taken as the product of two worlds, so that chance adds nothing to
    it. Empty where points are undefined or nothing of the variance stands clear of chance.
    """
    bases = _bases(design, table)
    if bases is None:
        return {}
    whole = [_square(points[0], points[-1]) for points in bases]
    if fsum(whole) <= 0:
        return {}
    found = {}
    for factor in range(design.factors):
        rest = [_square(points[-1], points[1 + factor]) for points in bases]
        with_others = [_square(points[0], points[1 + factor]) for points in bases]
        left, reach = _ratio(rest, whole)
        found[factor] = Shares((1 - left, reach), _ratio(with_others, whole))
    return found


def deviation_over(design: Screening, table: Sequence[WalkRow]) -> Value:
    """Give the standard deviation of an output over the space, chance taken out; None where there is none."""
    bases = _bases(design, table)
    if bases is None:
        return None
    # Two points drawn apart differ by the variance twice.
    return sqrt(max(0.0, fsum(_square(points[0], points[-1]) for points in bases) / len(bases) / 2))


def _bases(design: Screening, table: Sequence[WalkRow]) -> list[list[list[float]]] | None:
    width = design.factors + 2
    whole = [[value for value in row if value is not None] for row in table]
    if len(whole) < 2 * width or any(len(found) < len(row) for found, row in zip(whole, table)):
        return None
    return [whole[start : start + width] for start in range(0, len(whole), width)]


def _square(one: Sequence[float], other: Sequence[float]) -> float:
    gaps = [a - b for a, b in zip(one, other)]
    if len(gaps) == 1:
        return gaps[0] ** 2
    return (fsum(gaps) ** 2 - fsum(gap**2 for gap in gaps)) / (len(gaps) * (len(gaps) - 1))


def _ratio(parts: Sequence[float], wholes: Sequence[float]) -> tuple[float, float]:
    whole = fsum(wholes) / len(wholes)
    share = fsum(parts) / len(parts) / whole
    error = deviation([part - share * all_ for part, all_ in zip(parts, wholes)]) / whole / sqrt(len(parts))
    return share, t_quantile((1 + LEVEL) / 2, len(parts) - 1) * error
