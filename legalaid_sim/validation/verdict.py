"""What a check found: one value against another, within the error of chance or exactly."""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from legalaid_sim.experiments.shared.statistics import deviation, estimate

BOUND = 4.0


class Verdict(NamedTuple):
    """One check: what was expected, what the engine gave, the 95 % interval, and standard errors apart.

    An exact check has no interval and no ``z``: the two sides are equal, or ``where`` says where they first
    differ.
    """

    name: str
    what: str
    expected: float
    simulated: float
    low: float | None = None
    high: float | None = None
    z: float | None = None
    where: str = ""

    @property
    def holds(self) -> bool:
        """Whether the two agree: within ``BOUND`` standard errors, or exactly where chance plays no part."""
        return self.expected == self.simulated if self.z is None else abs(self.z) <= BOUND


def within_chance(name: str, what: str, expected: float, values: Sequence[float]) -> Verdict:
    """Hold the mean of independent replicates against an expected value, by their own standard error.

    Replicates that are all alike have no standard error: they must equal the expected value.
    """
    found = estimate(values)
    if found.mean is None or found.low is None:
        raise ValueError(f"{name}, {what}: {found.n} replicates give no standard error; it takes two")
    error = deviation(values) / sqrt(len(values))
    z = (found.mean - expected) / error if error else None
    return Verdict(name, what, expected, found.mean, found.low, found.high, z)


def exactly(name: str, what: str, expected: float, simulated: float, where: str = "") -> Verdict:
    """Hold two values against each other that must be equal."""
    return Verdict(name, what, expected, simulated, where=where)
