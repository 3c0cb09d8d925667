"""Distributions of a scenario with another mean, and numbers as a fit tells them."""

from math import sqrt
from typing import Any

from legalaid_sim.importing.hiding import FEWEST
from legalaid_sim.importing.survival import (
    Interval,
    weighted_spread,
)
from legalaid_sim.scenario.distribution import Distribution

DIGITS = 4


def scaled(usual: Distribution, mean: float, cv: float | None = None) -> Distribution:
    """Give a distribution of the same shape with another mean, and another spread where the shape has one."""
    name = next(name for name in type(usual).model_fields if getattr(usual, name) is not None)
    shape, factor = getattr(usual, name), mean / usual.mean
    if name == "fixed":
        return Distribution(fixed=neat(mean))
    found: dict[str, Any] = shape.model_dump(exclude_none=True)
    if name == "geometric":
        found["mean"] = neat(max(mean, 1.0))
        if shape.at_most == type(shape).model_fields["at_most"].default:
            del found["at_most"]
    elif name == "lognormal":
        found |= {"mean": neat(mean), "cv": neat(min(max(shape.cv if cv is None else cv, 0.01), 10.0))}
    else:
        found |= {
            part: neat(found[part] * factor) for part in ("mean", "low", "mode", "high") if part in found
        }
    return Distribution.model_validate({name: found})


def capped_mean(shape: Distribution) -> float:
    """Give the mean with what lies above ``at_most`` cut to it, for numbers of meetings."""
    if shape.geometric is None:
        return shape.mean
    share = 1 - 1 / shape.geometric.mean
    return float(shape.geometric.mean * (1 - share**shape.geometric.at_most))


def variance(shape: Distribution) -> float:
    """Give the variance of a number of meetings, by its quantiles."""
    inverse = shape.inverse()
    values = [float(inverse((n + 0.5) / 200)) for n in range(200)]
    return weighted_spread(values, [1.0] * len(values))


def plainly(shape: Distribution) -> Any:
    """Write a distribution as a scenario does."""
    found = shape.model_dump(exclude_none=True)
    if "fixed" in found:
        return neat(found["fixed"])
    return {name: {part: neat(value) for part, value in parts.items()} for name, parts in found.items()}


def neat(number: float) -> float | int:
    """Round to four digits; whole numbers without a point.

    >>> neat(18.23456), neat(45.0), neat(0.0123456)
    (18.23, 45, 0.01235)
    """
    rounded = float(f"{number:.{DIGITS}g}")
    return int(rounded) if rounded.is_integer() else rounded


def ends(told: Interval) -> str:
    """Say an interval."""
    return f"{neat(told.value)} (95 % {neat(told.low)} to {neat(told.high)})"


def apart(one: int, other: int) -> float:
    """Say how many standard deviations two counts of equal time lie apart, if they are of one Poisson law."""
    return abs(one - other) / sqrt(one + other) if one + other else 0.0


def tens(number: int) -> int:
    """Round to tens, so that no difference of two numbers tells of a few people."""
    return round(number / FEWEST) * FEWEST
