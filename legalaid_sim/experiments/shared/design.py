"""Where to look in a space of several axes: points of the unit cube, drawn evenly.

All points are a pure function of (method, axes, points, seed), so that a sweep that is taken up again, or
shared out over machines, looks at the same ones. Point n of a random or Sobol design does not depend on how
many points there are; that of a Latin hypercube does.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import product
from typing import Any

from legalaid_sim.errors import LegalAidSimError
from legalaid_sim.extras import install_line

Row = tuple[float, ...]


class ExtraMissing(LegalAidSimError):
    """Something was asked for that needs an optional package: what, and the extra that brings it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(what, extra)
        self.what, self.extra = what, extra

    def __str__(self) -> str:
        return (
            f"{self.what} needs a package that is not installed; install it with: {install_line(self.extra)}"
        )


def cube(method: str, axes: int, points: int, seed: int) -> Iterator[Row]:
    """Give the points of a design by its name: ``random``, ``latin_hypercube`` or ``sobol``."""
    if method == "random":
        return random_points(axes, points, seed)
    if method == "latin_hypercube":
        return latin_hypercube(axes, points, seed)
    return sobol(axes, points, seed)


def random_points(axes: int, points: int, seed: int) -> Iterator[Row]:
    """Give independent points."""
    return (tuple(uniform(seed, "random", axis, point) for axis in range(axes)) for point in range(points))


def latin_hypercube(axes: int, points: int, seed: int) -> Iterator[Row]:
    """Give points of which each axis holds one in every slice (McKay, Beckman and Conover 1979)."""
    orders = [shuffled(points, seed, axis) for axis in range(axes)]
    for point in range(points):
        yield tuple(
            (orders[axis][point] + uniform(seed, "within", axis, point)) / points for axis in range(axes)
        )


def sobol(axes: int, points: int, seed: int) -> Iterator[Row]:
    """Give points of a scrambled Sobol sequence (Sobol 1967; Owen 1998); needs the extra ``sensitivity``.

    Its balance is best when ``points`` is a power of two.
    """
    try:
        from scipy.stats import qmc
    except ImportError as error:
        raise ExtraMissing("a Sobol sequence", "sensitivity") from error
    engine = qmc.Sobol(axes, scramble=True, rng=seed)
    for start in range(0, points, 1024):
        block = engine.random(min(1024, points - start)) if start else _first_block(engine, points)
        yield from (tuple(float(value) for value in row) for row in block)


def _first_block(engine: Any, points: int) -> Any:
    # scipy warns when the first call does not ask for a power of two; the sequence is the same.
    wanted = min(1024, points)
    return engine.random(1 << (wanted - 1).bit_length())[:wanted]


def shuffled(count: int, seed: int, axis: int) -> list[int]:
    """Give 0 … count - 1 in an order that (seed, axis) decides."""
    return sorted(range(count), key=lambda n: (uniform(seed, "order", axis, n), n))


def uniform(seed: int, purpose: str, axis: int, ordinal: int) -> float:
    """Give a number strictly inside (0, 1), keyed by what it is for.

    >>> 0 < uniform(0, "random", 0, 0) < 1
    True
    """
    word = sha256(f"{seed}/{purpose}/{axis}/{ordinal}".encode()).digest()
    return ((int.from_bytes(word[:8], "big") >> 11) + 0.5) * 2.0**-53


def grid(values: Sequence[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Give every combination, the last axis turning fastest."""
    return product(*values)


def spaced(low: float, high: float, steps: int) -> list[float]:
    """Give ``steps`` values from low to high, both ends included, equally far apart.

    >>> spaced(0, 1, 5)
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """
    return [low + (high - low) * step / (steps - 1) for step in range(steps)]
