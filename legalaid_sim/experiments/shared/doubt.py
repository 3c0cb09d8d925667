"""A difference under what nobody knows: how much of it is chance, over what it ranges, what turns it.

The worlds of a comparison that draws what is unknown hold both. Worlds of one draw differ by chance alone; that
part is taken out of the spread of all, and what is left is ignorance. How well the mean is known hangs on both, on
which draws came up as much as on chance. What turns the difference is looked for in the same worlds: by rank
correlation, and by a tree of at most two steps.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import fsum, inf, sqrt
from typing import Any, NamedTuple

from legalaid_sim.experiments.shared.contrasts import Contrast, both_answer, column
from legalaid_sim.experiments.shared.ignorance import draw_of
from legalaid_sim.experiments.shared.ratios import gaps_by_world
from legalaid_sim.experiments.shared.statistics import (
    LEVEL,
    Value,
    correlation,
    deviation,
    estimate,
    holm,
    mean_of,
    t_quantile,
    two_sided_p,
)
from legalaid_sim.measures.statistics import quantile
from legalaid_sim.units import add_up

DrawnValues = Sequence[Mapping[str, Any]]
MIDDLE = 0.9
LEAST_DRAWS, LEAST_LEAF, STEPS = 8, 5, 2


class Turn(NamedTuple):
    """An unknown that the difference goes along with: Spearman's rank correlation, p adjusted over all (Holm)."""

    name: str
    correlation: float
    p_value: float


class Branch(NamedTuple):
    """A step of the tree: where the unknown is at most ``at`` (or is it) the difference is ``here``, else ``there``.

    ``within`` names the steps before it.
    """

    within: tuple[str, ...]
    name: str
    at: Any
    here: float
    there: float
    draws: tuple[int, int]


class Doubt(NamedTuple):
    """One difference from the baseline over worlds that draw what is unknown.

    ``half`` is half the 95 % interval of the mean over what is unknown, by Student's t over draws: it holds chance
    and which draws came up. ``chance`` is what chance alone leaves of it, were the same draws lived again. ``low``
    and ``high`` hold nine in ten of what the unknown makes of the difference, chance taken out. ``ahead`` of
    ``worlds`` lie on the side of the mean. None and empty below eight draws.
    """

    contract: str
    measure: str
    mean: Value
    half: Value
    chance: Value
    low: Value
    high: Value
    ahead: int
    worlds: int
    turns: tuple[Turn, ...]
    branches: tuple[Branch, ...]


def doubts_of(
    contrasts: Sequence[Contrast],
    measures: Mapping[str, Sequence[Mapping[str, Value]]],
    baseline: str,
    drawn: DrawnValues,
) -> tuple[Doubt, ...]:
    """Give the doubt of every difference; empty where nothing was drawn.

    All differences and unknowns are one family: where no unknown does anything, any is named as turning a
    difference in no more than five of a hundred comparisons by each of the two ways.
    """
    if not drawn or not drawn[0]:
        return ()
    gaps = _gaps(contrasts, measures, baseline)
    answers = _gaps(contrasts, measures, baseline, drawn=True)
    turns = _turns(gaps, drawn)
    pooled = {(each.contract, each.measure): each.pooled for each in contrasts}
    return tuple(
        _doubt(*key, held, answers[key], drawn, turns.get(key, ()), len(gaps), pooled[key])
        for key, held in gaps.items()
    )


def _gaps(
    contrasts: Sequence[Contrast],
    measures: Mapping[str, Sequence[Mapping[str, Value]]],
    baseline: str,
    drawn: bool = False,
) -> dict[tuple[str, str], list[Value]]:
    """Give every difference world by world, or draw by draw."""
    found = {}
    for each in contrasts:
        ours, theirs = (column(measures[name], each.measure) for name in (each.contract, baseline))
        mine, yours, _ = both_answer(ours, theirs, drawn)
        found[each.contract, each.measure] = gaps_by_world(mine, yours, each.pooled)
    return found


def _doubt(
    contract: str,
    measure: str,
    gaps: Sequence[Value],
    answers: Sequence[Value],
    drawn: DrawnValues,
    turns: tuple[Turn, ...],
    family: int,
    pooled: bool,
) -> Doubt:
    held = [gap for gap in gaps if gap is not None]
    over = estimate(answers)
    mean = over.mean
    ahead = add_up(gap * (mean or 0.0) > 0 for gap in held)
    first, pairs = _draws(gaps)
    if len(first) < LEAST_DRAWS or not pairs:
        return Doubt(contract, measure, mean, None, None, None, None, ahead, len(held), (), ())
    # Two worlds of one draw differ by chance twice.
    chance = fsum((a - b) ** 2 for a, b in pairs) / len(pairs) / 2
    whole = deviation(held) ** 2
    left = sqrt(max(0.0, 1 - chance / whole)) if whole > 0 else 0.0
    reach = t_quantile((1 + LEVEL) / 2, len(pairs)) * sqrt(chance * _left_of_one(gaps, pooled))
    centre = mean_of(held)
    low, high = (quantile(held, part) or 0.0 for part in ((1 - MIDDLE) / 2, (1 + MIDDLE) / 2))
    over_it = centre if mean is None else mean
    tree = _tree([(gap, drawn[at]) for at, gap in first], family, (), STEPS)
    return Doubt(
        contract, measure, mean, over.half_width, reach,
        over_it + left * (low - centre), over_it + left * (high - centre), ahead, len(held), turns, tuple(tree),
    )  # fmt: skip


def _left_of_one(gaps: Sequence[Value], pooled: bool) -> float:
    """Give what the mean of all answers leaves of the variance of one world: pooled, worlds weigh alike, else draws."""
    worlds = Counter(draw_of(at) for at, gap in enumerate(gaps, start=1) if gap is not None)
    if pooled:
        return 1 / worlds.total()
    return fsum(1 / lived for lived in worlds.values()) / len(worlds) ** 2


def _draws(gaps: Sequence[Value]) -> tuple[list[tuple[int, float]], list[tuple[float, float]]]:
    """Give the first world of every draw with its difference, and the differences of those lived twice."""
    first: dict[int, tuple[int, float]] = {}
    pairs = []
    for at, gap in enumerate(gaps):
        draw = draw_of(at + 1)
        if gap is not None and draw in first:
            pairs.append((first[draw][1], gap))
        elif gap is not None:
            first[draw] = (at, gap)
    return list(first.values()), pairs


def _turns(
    gaps: Mapping[tuple[str, str], Sequence[Value]], drawn: DrawnValues
) -> dict[tuple[str, str], tuple[Turn, ...]]:
    tried: list[tuple[tuple[str, str], str, float]] = []
    for key, held in gaps.items():
        first, _ = _draws(held)
        if len(first) < LEAST_DRAWS:
            continue
        ranks = _ranks([gap for _, gap in first])
        for name in drawn[0]:
            found = correlation(_ranks([_as_number(drawn[at][name]) for at, _ in first]), ranks)
            tried.append((key, name, 0.0 if found is None else found))
    sizes = {key: len(_draws(held)[0]) for key, held in gaps.items()}
    adjusted = holm([_p_of(found, sizes[key]) for key, _, found in tried])
    turns: dict[tuple[str, str], tuple[Turn, ...]] = {}
    for (key, name, found), p_value in zip(tried, adjusted):
        if p_value <= 1 - LEVEL:
            turns[key] = (*turns.get(key, ()), Turn(name, found, p_value))
    return {key: tuple(sorted(held, key=lambda turn: -abs(turn.correlation))) for key, held in turns.items()}


def _as_number(value: Any) -> float:
    # Options have no order; ranked by a fixed one, two of them part as well as any.
    return (
        float(value)
        if isinstance(value, int | float)
        else float(int.from_bytes(str(value).encode()[:6], "big"))
    )


def _ranks(values: Sequence[float]) -> list[float]:
    """Give ranks from 1, the mean rank to those that tie."""
    ordered = sorted(values)
    places: dict[float, list[int]] = {}
    for place, value in enumerate(ordered, start=1):
        places.setdefault(value, []).append(place)
    return [add_up(places[value]) / len(places[value]) for value in values]


def _p_of(found: float, count: int) -> float:
    if abs(found) >= 1:
        return 0.0
    return two_sided_p(found * sqrt((count - 2) / (1 - found**2)), count - 2)


Case = tuple[float, Mapping[str, Any]]


def _tree(cases: Sequence[Case], family: int, within: tuple[str, ...], steps: int) -> list[Branch]:
    if steps == 0 or len(cases) < 2 * LEAST_LEAF:
        return []
    cuts = [(name, cut) for name in cases[0][1] for cut in _cuts([held[name] for _, held in cases])]
    best, least = None, inf
    for name, cut in cuts:
        p_value = _parted(
            [gap for gap, held in cases if _is_here(held[name], cut)],
            [gap for gap, held in cases if not _is_here(held[name], cut)],
        )
        if p_value < least:
            best, least = (name, cut), p_value
    # By as many trials as there were: the best of many cuts looks good by chance alone.
    if best is None or least * len(cuts) * family > 1 - LEVEL:
        return []
    name, cut = best
    here, there = ([case for case in cases if _is_here(case[1][name], cut) is side] for side in (True, False))
    means = [mean_of([gap for gap, _ in side]) for side in (here, there)]
    words = [
        f"{name} {word} {_said(cut)}"
        for word in (("at most", "above") if _is_number(cut) else ("is", "is not"))
    ]
    step = Branch(within, name, cut, means[0], means[1], (len(here), len(there)))
    below = [_tree(side, family, (*within, word), steps - 1) for side, word in zip((here, there), words)]
    return [step, *below[0], *below[1]]


def _cuts(values: Sequence[Any]) -> list[Any]:
    if all(_is_number(value) for value in values):
        ordered = sorted(values)
        return list(dict.fromkeys(ordered[len(ordered) * part // 4 - 1] for part in (1, 2, 3)))
    return sorted(set(values), key=str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_here(value: Any, cut: Any) -> bool:
    return bool(value <= cut) if _is_number(cut) else value == cut


def _said(cut: Any) -> str:
    return f"{cut:.3g}" if _is_number(cut) else str(cut)


def _parted(here: Sequence[float], there: Sequence[float]) -> float:
    """Give the p-value of Student's t for two sides; 1 where a side is too small or nothing varies."""
    if min(len(here), len(there)) < LEAST_LEAF:
        return 1.0
    # One variance for both: with as few as five on a side, two make too much of the chance of either.
    freedom = len(here) + len(there) - 2
    spread = fsum((len(side) - 1) * deviation(side) ** 2 for side in (here, there)) / freedom
    if spread == 0:
        return 1.0
    return two_sided_p(
        (mean_of(here) - mean_of(there)) / sqrt(spread * (1 / len(here) + 1 / len(there))), freedom
    )
