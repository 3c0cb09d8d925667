"""Where in the space of the parameters a contract has more than the baseline, and what turns that."""

from collections.abc import Mapping, Sequence
from math import fsum, sqrt
from typing import NamedTuple

from legalaid_sim.experiments.sensitivity.effects import NOTHING, ContractMeasure, WalkTable
from legalaid_sim.experiments.sensitivity.screening import Screening, ScreeningStep
from legalaid_sim.experiments.shared.statistics import (
    LEVEL,
    Estimate,
    deviation,
    estimate,
    holm,
    mean_of,
    p_value_of,
    replications_for,
    share_interval,
    simes,
)
from legalaid_sim.experiments.shared.verdicts import CANNOT_TELL, LESS, MORE, NO_MATTER, Direction, standing
from legalaid_sim.units import add_up

SIGNS = (MORE, LESS)


class Ranking(NamedTuple):
    """Whether a contract beats the baseline on a measure, over the space of the parameters.

    Each point stands by the 95 % interval of its own worlds: ``more``, ``less`` and ``no_matter`` are the shares
    of points where that is told (with an exact interval over walks, as walks and not points are drawn), and
    ``untold`` where it is not. ``flips``: of the steps of a parameter between points with a told sign, the
    share that turns it, only for parameters that turn more than chance would (Holm over all parameters and
    rankings). ``needed`` is how many worlds a point would tell a difference as large as it usually is where
    it is untold; None where nothing is untold, or nothing of it stands out from chance.
    """

    more: Estimate
    less: Estimate
    no_matter: Estimate
    untold: Estimate
    flips: Mapping[int, float]
    points: int
    needed: int | None


def rankings_of(
    design: Screening,
    gaps: Mapping[ContractMeasure, WalkTable],
    least: Mapping[ContractMeasure, float] = NOTHING,
) -> dict[ContractMeasure, Ranking]:
    """Rank on every difference; ``least`` is the smallest difference that matters, 0 where none is given.

    A parameter that does nothing is named as turning anything in no more than five of a hundred analyses.
    """
    stands = {
        key: [standing(estimate(row), least.get(key, 0.0)) for row in table] for key, table in gaps.items()
    }
    turns = {
        (key, factor): [_turn(step, table, stands[key]) for step in design.steps if step.factor == factor]
        for key, table in gaps.items()
        for factor in range(design.factors)
    }
    adjusted = dict(zip(turns, holm([simes(found) for found in turns.values()])))
    return {
        key: _ranking(
            design,
            table,
            stands[key],
            {
                factor: _share_turned(design, factor, stands[key])
                for factor in range(design.factors)
                if adjusted[key, factor] <= 1 - LEVEL
            },
        )
        for key, table in gaps.items()
    }


def _turn(step: ScreeningStep, table: WalkTable, stands: Sequence[Direction]) -> float:
    """Give the p-value of a step that turns the sign; 1 where it stays, or is not told at an end."""
    if {stands[step.before], stands[step.after]} != set(SIGNS):
        return 1.0
    # Where nothing turns, the two ends lie on opposite sides by chance alone: twice the square of the tail.
    ends = [p for row in (table[step.before], table[step.after]) if (p := p_value_of(row)) is not None]
    return 2 * (max(ends) / 2) ** 2


def _share_turned(design: Screening, factor: int, stands: Sequence[Direction]) -> float:
    ends = [{stands[step.before], stands[step.after]} for step in design.steps if step.factor == factor]
    told = [pair for pair in ends if pair <= set(SIGNS)]
    return add_up(len(pair) == 2 for pair in told) / len(told)


def _ranking(
    design: Screening, table: WalkTable, stands: Sequence[Direction], flips: Mapping[int, float]
) -> Ranking:
    held = [at for at, row in enumerate(table) if any(value is not None for value in row)]
    more, less, no_matter, untold = (
        _share(design, stands, held, which) for which in (MORE, LESS, NO_MATTER, CANNOT_TELL)
    )
    hidden = [[v for v in table[at] if v is not None] for at in held if stands[at] == CANNOT_TELL]
    needed = _needed([row for row in hidden if len(row) > 1])
    return Ranking(more, less, no_matter, untold, flips, len(held), needed)


def _share(design: Screening, stands: Sequence[Direction], held: Sequence[int], which: Direction) -> Estimate:
    if not held:
        return Estimate(None, None, None, 0)
    share = add_up(stands[at] == which for at in held) / len(held)
    walks = len({design.groups[at] for at in held})
    if walks < 2:
        return Estimate(share, None, None, walks)
    return Estimate(share, *share_interval(share, walks), walks)


def _needed(rows: Sequence[Sequence[float]]) -> int | None:
    if not rows:
        return None
    spread = sqrt(fsum(deviation(row) ** 2 for row in rows) / len(rows))
    # How far from 0 these points lie, with what chance adds to a square taken off.
    square = fsum(mean_of(row) ** 2 - deviation(row) ** 2 / len(row) for row in rows) / len(rows)
    if square <= 0 or spread == 0:
        return None
    # Two values whose standard deviation is that of a world.
    few = replications_for((0.0, spread * sqrt(2)), sqrt(square))
    return None if few is None else max(few, max(map(len, rows)) + 1)
