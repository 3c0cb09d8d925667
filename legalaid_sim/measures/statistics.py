"""Shares, means and quantiles that are ``None`` where there is nothing to take them of."""

from collections.abc import Sequence
from math import fsum


def share(part: float, whole: float) -> float | None:
    """Give part over whole, or ``None`` of nothing.

    >>> share(1, 4), share(0, 0)
    (0.25, None)
    """
    return part / whole if whole else None


class Ratio(float):
    """A sum over so many cases, as a number that keeps both, so that worlds with few cases can be pooled.

    ``part`` is the sum, a whole number where it is counted; ``whole`` the cases it is taken over, above 0. What is
    worked out from it is a plain number again.
    """

    __slots__ = ("part", "whole")
    part: float
    whole: float

    def __new__(cls, value: float, part: float, whole: float) -> "Ratio":
        """Make one of its value, ``part / whole`` to the last digit but one, and both."""
        made = super().__new__(cls, value)
        made.part, made.whole = part, whole
        return made

    def __getnewargs__(self) -> tuple[float, float, float]:  # type: ignore[override]
        return float(self), self.part, self.whole


def ratio(part: float, whole: float) -> Ratio | None:
    """Give a sum over so many cases, or ``None`` of none.

    >>> ratio(1, 4), ratio(1, 4).part, ratio(0, 0)
    (0.25, 1, None)
    """
    return Ratio(part / whole, part, whole) if whole else None


def rest(found: Ratio | None) -> Ratio | None:
    """Give the share of all other cases, or ``None`` of none.

    >>> rest(ratio(1, 4)), rest(ratio(1, 4)).part
    (0.75, 3)
    """
    # Not divided anew, which could miss one less the share by a last digit.
    return None if found is None else Ratio(1 - found, found.whole - found.part, found.whole)


def mean(values: Sequence[float]) -> Ratio | None:
    """Give the arithmetic mean, or ``None`` of no values; what is counted in whole numbers keeps a whole sum."""
    counted = all(isinstance(value, int) for value in values)
    return ratio(int(fsum(values)) if counted else fsum(values), len(values))


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
