"""The best of several contracts with a stated indifference zone, on common random numbers.

The fully sequential procedure of Kim and Nelson (2001), with the Bonferroni constant that stays valid when
the contracts live in the same worlds: with probability ``1 - alpha`` or more the contract chosen is the best,
whenever it is better than every other by the indifference zone or more.
"""

from collections.abc import Mapping, Sequence
from math import fsum
from typing import NamedTuple

from legalaid_sim.experiments.shared.statistics import deviation

FIRST_STAGE = 10
ALPHA = 0.05


class Best(NamedTuple):
    """What the procedure has found after ``worlds`` worlds: who is in, and when each other went out.

    ``chosen`` is the one left; None while several are.
    """

    chosen: str | None
    still_in: tuple[str, ...]
    out_after: Mapping[str, int]
    worlds: int
    indifference: float


def kim_nelson_constants(contracts: int, alpha: float, first_stage: int) -> tuple[float, float]:
    """Give eta and h squared of Kim and Nelson (2001) for so many contracts, with Bonferroni's alpha/(k-1).

    >>> [round(number, 6) for number in kim_nelson_constants(5, 0.05, 10)]
    [0.634967, 11.429411]
    """
    eta = ((2 * alpha / (contracts - 1)) ** (-2 / (first_stage - 1)) - 1) / 2
    return eta, 2 * eta * (first_stage - 1)


def best_of(
    series: Mapping[str, Sequence[float]],
    indifference: float,
    higher: bool = True,
    alpha: float = ALPHA,
    first_stage: int = FIRST_STAGE,
) -> Best:
    """Screen contracts on the worlds at hand, world after world, until one is left or the worlds are used up.

    ``series`` holds the value of every contract in the same worlds; ``indifference`` is the smallest
    difference that matters, in the unit of the measure. Below ``first_stage`` worlds nobody is screened out.
    """
    if indifference <= 0:
        raise ValueError("the indifference zone must be above 0: the smallest difference that matters")
    worlds = min((len(values) for values in series.values()), default=0)
    sign = 1.0 if higher else -1.0
    values = {name: [sign * value for value in held[:worlds]] for name, held in series.items()}
    if len(values) < 2 or worlds < first_stage:
        chosen = next(iter(values), None) if len(values) == 1 else None
        return Best(chosen, tuple(values), {}, worlds, indifference)
    return _screened(values, worlds, indifference, alpha, first_stage)


def _screened(
    values: Mapping[str, Sequence[float]], worlds: int, indifference: float, alpha: float, first_stage: int
) -> Best:
    _, h_squared = kim_nelson_constants(len(values), alpha, first_stage)
    spread = _spreads(values, first_stage)
    still, out = list(values), dict[str, int]()
    sums = {name: fsum(held[: first_stage - 1]) for name, held in values.items()}
    for count in range(first_stage, worlds + 1):
        for name in still:
            sums[name] += values[name][count - 1]
        weak = [
            name
            for name in still
            if any(
                sums[name] / count
                < sums[other] / count - _allowance(count, h_squared * spread[name, other], indifference)
                for other in still
                if other != name
            )
        ]
        out.update(dict.fromkeys(weak, count))
        still = [name for name in still if name not in weak]
        if len(still) == 1:
            return Best(still[0], tuple(still), out, count, indifference)
    return Best(None, tuple(still), out, worlds, indifference)


def _spreads(values: Mapping[str, Sequence[float]], first_stage: int) -> dict[tuple[str, str], float]:
    # The variance of the differences, not the sum of variances: that is what pairing makes small.
    return {
        (a, b): deviation([x - y for x, y in zip(values[a][:first_stage], values[b][:first_stage])]) ** 2
        for a in values
        for b in values
        if a != b
    }


def _allowance(count: int, scaled: float, indifference: float) -> float:
    return max(0.0, indifference / (2 * count) * (scaled / indifference**2 - count))
