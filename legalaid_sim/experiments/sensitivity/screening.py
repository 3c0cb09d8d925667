"""Designs that move one parameter at a time: Morris trajectories, Saltelli's sample, low against high.

All work in the unit cube: 0 is the lowest plausible value of a parameter, 1 the highest. Each design is a
list of points and of steps between two points that differ in a single parameter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from legalaid_sim.experiments.shared.design import ExtraMissing, Row, uniform

ScreeningMethod = Literal["morris", "sobol", "oat"]
LEVELS = 4
JUMP = LEVELS / (2 * (LEVELS - 1))


class ScreeningStep(NamedTuple):
    """From one point to another (by position), apart in ``factor`` alone."""

    factor: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Screening:
    """A design: its points, the steps between them, and the walk (``groups``) that each point belongs to.

    A walk is a trajectory of Morris, or a base point of Saltelli with those around it.
    """

    method: ScreeningMethod
    factors: int
    points: Sequence[Row]
    steps: Sequence[ScreeningStep]
    groups: Sequence[int]

    @property
    def walks(self) -> int:
        """How many walks there are."""
        return max(self.groups) + 1

    def worlds_of(self, point: int, each: int) -> range:
        """Name the worlds of a point, ``each`` of them: the same within a walk, others for every walk.

        So steps are paired, and what one walk finds is found anew by the next.
        """
        first = self.groups[point] * each + 1
        return range(first, first + each)

    def reach(self, step: ScreeningStep) -> float:
        """Give how far a step goes, in parts of the range; negative when it goes down."""
        return self.points[step.after][step.factor] - self.points[step.before][step.factor]


def screening(method: ScreeningMethod, base: Row, samples: int, seed: int) -> Screening:
    """Give a design by its name; ``base`` is where the parameters usually stand.

    ``samples`` is the number of trajectories (morris) or of base points (sobol); oat needs none.
    """
    if method == "oat":
        return one_at_a_time(base)
    return (
        trajectories(len(base), samples, seed) if method == "morris" else saltelli(len(base), samples, seed)
    )


def one_at_a_time(base: Row) -> Screening:
    """Give the base, then each parameter at its lowest and at its highest with the others at the base."""
    points, steps = [base], []
    for factor in range(len(base)):
        low = len(points)
        points += [_moved(base, factor, 0.0), _moved(base, factor, 1.0)]
        steps.append(ScreeningStep(factor, low, low + 1))
    return Screening("oat", len(base), points, steps, [0] * len(points))


def trajectories(factors: int, count: int, seed: int) -> Screening:
    """Give random walks on a grid of four levels that move each parameter once (Morris 1991).

    Each step goes two thirds of the range, up from the lower half and down from the upper.
    """
    points, steps = list[Row](), list[ScreeningStep]()
    for group in range(count):
        here = tuple(int(uniform(seed, "start", group, f) * LEVELS) / (LEVELS - 1) for f in range(factors))
        points.append(here)
        for factor in sorted(range(factors), key=lambda f: (uniform(seed, "turn", group, f), f)):
            here = _moved(here, factor, here[factor] + (JUMP if here[factor] < 0.5 else -JUMP))
            points.append(here)
            steps.append(ScreeningStep(factor, len(points) - 2, len(points) - 1))
    return Screening("morris", factors, points, steps, [at // (factors + 1) for at in range(len(points))])


def saltelli(factors: int, samples: int, seed: int) -> Screening:
    """Give the sample for variance shares (Saltelli et al. 2010), from a scrambled Sobol sequence.

    Needs the extra ``sensitivity``; ``samples`` should be a power of two.
    """
    try:
        from SALib.sample import sobol as sampler
    except ImportError as error:
        raise ExtraMissing("method sobol", "sensitivity") from error
    # A seed of 0 counts as none in parts of SALib.
    rows = sampler.sample(problem_of(factors), samples, calc_second_order=False, seed=1 + seed % 2**31)
    points = [tuple(float(value) for value in row) for row in rows]
    width = factors + 2
    steps = [
        ScreeningStep(factor, base * width, base * width + 1 + factor)
        for base in range(len(points) // width)
        for factor in range(factors)
    ]
    return Screening("sobol", factors, points, steps, [at // width for at in range(len(points))])


def problem_of(factors: int) -> dict[str, Any]:
    """Describe the unit cube as SALib wants it."""
    return {"num_vars": factors, "names": [f"x{n}" for n in range(factors)], "bounds": [[0.0, 1.0]] * factors}


def _moved(point: Row, factor: int, to: float) -> Row:
    return (*point[:factor], to, *point[factor + 1 :])
