"""What a search found, lived again: gains over the contract as it is in worlds that chose nothing.

The best of many points is partly the luckiest of them in the worlds that they were tried in. So the points that
no other beats are lived again in fresh worlds beside the contract as it is, world by world, and what does not
hold there is dropped.
"""

from collections.abc import Mapping, Sequence
from math import fsum
from types import MappingProxyType
from typing import Any, NamedTuple

from legalaid_sim.experiments.search.pareto import Goal
from legalaid_sim.experiments.shared.contrasts import differences
from legalaid_sim.experiments.shared.ignorance import estimate_of
from legalaid_sim.experiments.shared.statistics import LEVEL, Estimate, Value, bonferroni
from legalaid_sim.experiments.shared.verdicts import LESS, MORE, standing

FoundPoint = tuple[Any, ...]
Results = Mapping[str, Sequence[Value]]
NOTHING: Mapping[str, float] = MappingProxyType({})
NO_GAIN = "no gain over the contract as it is can be told"


class RelivedGain(NamedTuple):
    """The difference from the contract as it is: in the worlds that chose the point, and in fresh ones.

    ``chosen`` flatters, its interval is taken alone. The intervals of ``fresh`` hold for all points and goals
    together (Bonferroni).
    """

    chosen: Estimate
    fresh: Estimate


class Relived(NamedTuple):
    """A point that nothing beat, lived again; ``fell`` says why it is dropped, empty where it holds."""

    values: FoundPoint
    measures: Mapping[str, Estimate]
    gains: Mapping[str, RelivedGain]
    fell: str


class Lives(NamedTuple):
    """Results by measure, world by world, in the worlds of the search and in fresh ones.

    ``drawn`` says that worlds draw what is unknown; ``numbers`` are those of the fresh ones.
    """

    chosen: Results
    fresh: Results
    drawn: bool = False
    numbers: Sequence[int] = ()

    def over_fresh(self, values: Sequence[Value], level: float = LEVEL) -> Estimate:
        """Give mean and interval over the fresh worlds, or their draws."""
        return estimate_of(values, self.drawn, self.numbers, level)


def judged(
    points: Mapping[FoundPoint, Lives],
    usual: Lives,
    goals: Sequence[Goal],
    least: Mapping[str, float] = NOTHING,
) -> list[Relived]:
    """Hold every point against the contract as it is; ``least`` is the smallest difference that matters.

    A point stays when at least one goal is clearly better than now and no point that stays is clearly better
    in a goal and at least as good in all. Where no point is any better, one is kept in no more than five of a
    hundred searches.
    """
    measures = tuple(dict.fromkeys(goal.measure for goal in goals))
    level = bonferroni(len(points) * len(measures))
    found = [
        Relived(
            point,
            {name: usual.over_fresh(lives.fresh[name]) for name in measures},
            {
                name: RelivedGain(
                    estimate_of(differences(lives.chosen[name], usual.chosen[name]), usual.drawn),
                    usual.over_fresh(differences(lives.fresh[name], usual.fresh[name]), level),
                )
                for name in measures
            },
            "",
        )
        for point, lives in points.items()
    ]
    held = [
        each for each in found if any(_better(each.gains[goal.measure].fresh, goal, least) for goal in goals)
    ]
    beaten = _beaten(held, points, goals, least, usual)
    return [
        each._replace(
            fell=NO_GAIN if each not in held else "another is better" if each.values in beaten else ""
        )
        for each in found
    ]


def shrinkage(kept: Sequence[Relived], measure: str) -> tuple[float, float] | None:
    """Give the mean gain of points in the worlds that chose them, and in fresh ones; None where undefined."""
    pairs = [
        (gain.chosen.mean, gain.fresh.mean)
        for gain in (each.gains[measure] for each in kept)
        if gain.chosen.mean is not None and gain.fresh.mean is not None
    ]
    if not pairs:
        return None
    return fsum(a for a, _ in pairs) / len(pairs), fsum(b for _, b in pairs) / len(pairs)


def _better(found: Estimate, goal: Goal, least: Mapping[str, float]) -> bool:
    return standing(found, least.get(goal.measure, 0.0)) == (MORE if goal.sign > 0 else LESS)


def _beaten(
    held: Sequence[Relived],
    points: Mapping[FoundPoint, Lives],
    goals: Sequence[Goal],
    least: Mapping[str, float],
    usual: Lives,
) -> set[FoundPoint]:
    level = bonferroni(len(held) * max(1, len(held) - 1) * len(goals), LEVEL)
    beaten = set[FoundPoint]()
    for ours in held:
        for theirs in (other for other in held if other is not ours and other.values not in beaten):
            gaps = {
                goal: usual.over_fresh(
                    differences(
                        points[theirs.values].fresh[goal.measure], points[ours.values].fresh[goal.measure]
                    ),
                    level,
                )
                for goal in goals
            }
            no_worse = all(gap.mean is not None and goal.sign * gap.mean >= 0 for goal, gap in gaps.items())
            if no_worse and any(_better(gap, goal, least) for goal, gap in gaps.items()):
                beaten.add(ours.values)
    return beaten
