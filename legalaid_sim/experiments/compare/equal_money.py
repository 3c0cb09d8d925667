"""Contracts at equal money: what each does when the payer comes to owe the baseline's sum, on the same worlds.

Whatever a budget can buy is no merit of a contract's form. So each contract is lived again with every amount that it
names times one factor (fees, rates, caps and thresholds in money; not what is claimed as it was spent), found by
secant so that the payer comes to owe what it does under the baseline within 1 %. Where nobody responds to pay and no
cap or claim as spent stands between, spend is in proportion, and one life more finds it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import fsum
from pathlib import Path
from typing import Any, NamedTuple

from legalaid_sim.errors import Refusal
from legalaid_sim.experiments.shared.contrasts import Contrast, contrasts_of, difference_as_data
from legalaid_sim.experiments.shared.executors import Lost, WorkerDied, Workers
from legalaid_sim.experiments.shared.lasting import SPEND
from legalaid_sim.experiments.shared.plans import RegimePlan
from legalaid_sim.experiments.shared.replicate import Replication, Values

CLOSE, APART, MOST_LIVES, PLACES = 0.01, 0.05, 6, 4
LEAST_FACTOR, MOST_FACTOR = 0.01, 100.0
Live = Callable[[RegimePlan], Sequence[Values]]


class Equal(NamedTuple):
    """A contract at equal money: the factor on its amounts, and what the payer then spends as a share of the baseline.

    ``lives`` is how often the worlds were lived to find it. ``why`` says why no factor was found; ``contrasts`` are
    the differences from the baseline at that factor, empty without one.
    """

    contract: str
    factor: float | None
    times: float | None
    lives: int
    why: str
    contrasts: tuple[Contrast, ...]


def equal_money(
    plans: Sequence[RegimePlan],
    measures: Mapping[str, Sequence[Values]],
    baseline: str,
    family: Sequence[str],
    asked: Mapping[str, float],
    live: Live,
    drawn: bool = False,
) -> tuple[Equal, ...]:
    """Live every contract but the baseline again at the baseline's money; ``live`` gives all worlds of a plan.

    ``drawn`` says that the worlds draw what is unknown, so that intervals are taken over draws.
    """
    theirs = spend_of(measures[baseline])
    found = []
    for plan in plans:
        if plan.name == baseline:
            continue
        factor, times, lives, why, held = _found(plan, measures[plan.name], theirs, live)
        both = {baseline: measures[baseline], plan.name: held}
        contrasts = _contrasts(both, baseline, family, asked, drawn) if factor is not None else ()
        found.append(Equal(plan.name, factor, times, lives, why, contrasts))
    return tuple(found)


def _contrasts(
    both: Mapping[str, Sequence[Values]],
    baseline: str,
    family: Sequence[str],
    asked: Mapping[str, float],
    drawn: bool,
) -> tuple[Contrast, ...]:
    """Set both beside each other, first in the money that was made equal, which is no test among the others."""
    money = () if SPEND in family else contrasts_of(both, {}, baseline, (SPEND,), asked, drawn)
    return (*money, *contrasts_of(both, {}, baseline, family, asked, drawn))


def spend_of(worlds: Sequence[Values]) -> float:
    """Give what the payer comes to owe over all worlds, in GBP."""
    # Draws or not: a sum is met in worlds that are lived, the same on both sides, and has no interval.
    return fsum(value for world in worlds if (value := world.get(SPEND)) is not None)


def apart(measures: Mapping[str, Sequence[Values]], baseline: str, share: float = APART) -> tuple[str, ...]:
    """Name the contracts whose payer spends more, by more than a ``share``, or less than under the baseline."""
    theirs = spend_of(measures[baseline])
    return tuple(
        name
        for name, worlds in measures.items()
        if name != baseline and abs(spend_of(worlds) - theirs) > share * theirs
    )


def live_with(
    trial: Callable[[tuple[RegimePlan, ...]], Callable[[int], Replication]], workers: Workers, worlds: int
) -> Live:
    """Give the function that lives a plan in worlds 1 to ``worlds``."""

    def live(plan: RegimePlan) -> list[Values]:
        held: list[Values] = []
        for done in workers.results(trial((plan,)), range(1, worlds + 1)):
            if isinstance(done, Lost):
                raise WorkerDied(f"replication {done.item}")
            held.append(done.lived[plan.name].measures)
        return held

    return live


def _found(
    plan: RegimePlan, worlds: Sequence[Values], theirs: float, live: Live
) -> tuple[float | None, float | None, int, str, Sequence[Values]]:
    ours = spend_of(worlds)
    if not theirs > 0 or not ours > 0:
        return None, None, 0, "nothing is spent under one of them", worlds
    points = [(1.0, ours / theirs)]
    lives, held = 0, worlds
    while abs(points[-1][1] - 1) > CLOSE:
        # A secant through a bend leaves the factors that can be: the bound itself says whether they hold the answer.
        factor = min(max(_next(points), LEAST_FACTOR), MOST_FACTOR)
        if lives == MOST_LIVES or factor == points[-1][0]:
            return None, points[-1][1], lives, "no factor brings the payer's sum there", held
        try:
            held = live(plan.scaled(Fraction(f"{factor:.{PLACES}f}")))
        except Refusal as refusal:
            return (
                None,
                None,
                lives,
                f"it cannot be lived at {factor:.{PLACES}f} of its amounts: {refusal}",
                held,
            )
        points.append((round(factor, PLACES), spend_of(held) / theirs))
        lives += 1
    return points[-1][0], points[-1][1], lives, "", held


def _next(points: Sequence[tuple[float, float]]) -> float:
    """Give the factor to try: in proportion at first, then by the secant through the last two."""
    if len(points) == 1:
        return points[0][0] / points[0][1]
    (before, there), (factor, here) = points[-2:]
    if here == there:
        return factor / here
    guess = factor - (here - 1) * (factor - before) / (here - there)
    return guess if guess > 0 else factor / 2


def write_equal(folder: Path, baseline: str, found: Sequence[Equal] | None) -> None:
    """Write ``equal-money.json`` into a results folder, where it was asked for."""
    if found is not None:
        data = {
            "schema_version": 1,
            "kind": "equal-money",
            "baseline": baseline,
            "contracts": equal_as_data(found),
        }
        text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
        (folder / "equal-money.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def equal_as_data(found: Sequence[Equal]) -> list[dict[str, Any]]:
    """Give contracts at equal money as plain data, as docs/json.md describes them."""
    return [
        {
            "contract": each.contract,
            "factor": each.factor,
            "times_baseline": each.times,
            "lives": each.lives,
            "why_not": each.why or None,
            "differences": [difference_as_data(contrast) for contrast in each.contrasts],
        }
        for each in found
    ]
