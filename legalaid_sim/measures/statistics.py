"""Shares, means and quantiles that are ``None`` where there is nothing to take them of."""

from collections.abc import Sequence
from math import fsum


def share(part: float, whole: float) -> float | None:
    """Give part over whole, or ``None`` of nothing.

    >>> share(1, 4), share(0, 0)
    (0.25, None)
    """
    return part / whole if whole else None


def mean(values: Sequence[float]) -> float | None:
    """Give the arithmetic mean, or ``None`` of no values."""
    return share(fsum(values), len(values))


def quantile(values: Sequence[float], part: float) -> float | None:
    """Give the value below which ``part`` of the values lie, interpolated; ``None`` of none.

    >>> quantile([1, 2, 3, 10], 0.5)
    2.5
    """
    if not values:
        return None
    ordered = sorted(values)
    place = part * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def difference(one: float | None, other: float | None) -> float | None:
    """Give one less other, or ``None`` where either is undefined."""
    return None if one is None or other is None else one - other
