"""The points of a sweep: how many there are, and which, by the method of its file."""

from collections.abc import Callable, Iterator
from typing import Any

from legalaid_sim.experiments.shared.axes import settled, target_of
from legalaid_sim.experiments.shared.axis import Axis
from legalaid_sim.experiments.shared.design import cube, grid, spaced
from legalaid_sim.experiments.sweep.spec import Sweep

SweptPoint = tuple[Any, ...]


def count_points(swept: Sweep) -> int:
    """Count the points of a sweep."""
    if swept.points is not None:
        return swept.points
    counts = [len(_tried(axis)) for axis in swept.vary]
    if swept.method == "list":
        return counts[0]
    total = 1
    for count in counts:
        total *= count
    return total


def points_of(swept: Sweep) -> Iterator[SweptPoint]:
    """Give the points of a sweep, in order."""
    if swept.method == "grid":
        yield from grid([_tried(axis) for axis in swept.vary])
    elif swept.method == "list":
        yield from zip(*(_tried(axis) for axis in swept.vary))
    else:
        at = [value_at(axis) for axis in swept.vary]
        for row in cube(swept.method, len(swept.vary), swept.points or 0, swept.seed):
            yield tuple(find(u) for find, u in zip(at, row))


def value_at(axis: Axis) -> Callable[[float], Any]:
    """Give the function from a number in (0, 1) to a value of the axis."""
    places = target_of(axis).places
    if axis.values is not None:
        values = axis.values
        return lambda u: values[min(int(u * len(values)), len(values) - 1)]
    if axis.distribution is not None:
        inverse = axis.distribution.inverse()
        return lambda u: settled(inverse(u), places)
    low, high = range_of(axis)
    return lambda u: settled(low + u * (high - low), places)


def range_of(axis: Axis) -> tuple[float, float]:
    """Give the range of an axis: its own, or that of the evidence."""
    if axis.range is not None:
        return axis.range
    from legalaid_sim.evidence import register

    return register()[axis.path.partition(".")[2]].range


def _tried(axis: Axis) -> list[Any]:
    places = target_of(axis).places
    if axis.values is not None:
        return [settled(value, places) if isinstance(value, float) else value for value in axis.values]
    return [
        settled(value, places) for value in spaced(*range_of(axis), 2 if axis.steps is None else axis.steps)
    ]
