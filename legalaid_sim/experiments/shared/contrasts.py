"""Differences from a baseline, family by family: which differ, which do not matter, what would settle others.

What was asked (``answer_with`` in the scenario) is one family, the further measures another; each is adjusted by
itself, so that looking at more does not cost the question its answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from legalaid_sim.experiments.shared.ignorance import answers, over_worlds
from legalaid_sim.experiments.shared.ratios import Sides, level_of, pooled_among, sides_of
from legalaid_sim.experiments.shared.statistics import Estimate, Paired, Value, bonferroni, estimate
from legalaid_sim.experiments.shared.verdicts import (
    CANNOT_TELL,
    DIFFERS,
    VerdictWord,
    judged,
    most_that_differ,
    worlds_needed,
)
from legalaid_sim.units import add_up

Values = Mapping[str, Value]
Family = Literal["asked", "further"]
ASKED: Family = "asked"
FURTHER: Family = "further"
NONE_ASKED: Mapping[str, float] = {}


class Contrast(NamedTuple):
    """One measure under one contract against the baseline, in the worlds in which both have it.

    ``paired`` has the interval of this difference taken by itself; ``together`` the wider one that holds for the
    whole ``family`` at once (Bonferroni). ``p_value`` is that of no difference, adjusted over the family (Holm);
    ``least`` is the smallest difference that matters, 0 where any does. ``needed`` is how many worlds would settle
    it if it is as large as it looks; None where it is settled or where no number can be told. ``mechanical`` is the
    difference with nobody responding to pay. ``lived`` counts all worlds, also those that lack a side, ``answered``
    what the intervals are over: the worlds that have both, or their draws where what is unknown is drawn.
    """

    contract: str
    measure: str
    unit: str
    better: str
    baseline: Estimate
    ours: Estimate
    paired: Paired
    together: Estimate
    p_value: Value
    verdict: VerdictWord
    needed: int | None
    mechanical: Estimate | None
    family: Family = FURTHER
    least: float = 0.0
    lived: int = 0
    answered: int = 0

    @property
    def differs(self) -> bool:
        """Say whether the two differ, by more than chance, by what matters or may."""
        return self.verdict in DIFFERS

    @property
    def direction(self) -> str:
        """Say whether the difference is for the better or the worse; empty where neither can be said."""
        return self.verdict if self.verdict in ("better", "worse") else ""

    @property
    def pooled(self) -> bool:
        """Say whether the measure is pooled over worlds."""
        return self.paired.difference.pooled_of is not None

    @property
    def at_most(self) -> Value:
        """The largest share of worlds that may differ where none of those lived did; else None."""
        never = self.verdict == "never seen to differ"
        return most_that_differ(self.answered) if never else None


def contrasts_of(
    measures: Mapping[str, Sequence[Values]],
    mechanical: Mapping[str, Sequence[Values]],
    baseline: str,
    family: Sequence[str],
    asked: Mapping[str, float] = NONE_ASKED,
    drawn: bool = False,
) -> tuple[Contrast, ...]:
    """Set every contract against the baseline on every measure of ``family``.

    ``asked`` are the measures that answer the question, each with the smallest difference that matters; the
    others have their defaults and are a family of their own. ``drawn`` says that worlds draw what is unknown.
    """
    worlds = _Worlds(measures, mechanical, baseline, pooled_among(measures, family, drawn), drawn)
    others = [name for name in measures if name != baseline]
    found: dict[tuple[str, str], Contrast] = {}
    for kind in (ASKED, FURTHER):
        names = [name for name in family if (name in asked) == (kind == ASKED)]
        level = bonferroni(len(others) * len(names))
        sides = {(name, measure): worlds.sides(name, measure) for name in others for measure in names}
        held = [_contrast(worlds, key, each, level, kind, asked) for key, each in sides.items()]
        judged_ = _judged(held, list(sides.values()), level, drawn)
        found |= {(each.contract, each.measure): each for each in judged_}
    return tuple(found[name, measure] for name in others for measure in family)


def difference_rows(contrasts: Sequence[Contrast]) -> list[dict[str, object]]:
    """Give contrasts as plain rows, one a contract and measure, in the measure's own unit."""
    return [
        {
            "contract": each.contract,
            "measure": each.measure,
            "unit": each.unit,
            "baseline": each.baseline.mean,
            "mean": each.ours.mean,
            "difference": each.paired.difference.mean,
            "low": each.paired.difference.low,
            "high": each.paired.difference.high,
            "worlds": each.paired.difference.n,
            "pooled_of": each.paired.difference.pooled_of,
            "p_value": each.p_value,
            "family": each.family,
            "least": each.least,
            "verdict": each.verdict,
            "needed": each.needed,
        }
        for each in contrasts
    ]


def least_for(measure: str, asked: Mapping[str, float], baseline: Sequence[Value]) -> float:
    """Give the smallest difference that matters: as asked, or the measure's default over the baseline's values."""
    from legalaid_sim.measures.matters import least_of

    return asked[measure] if measure in asked else least_of(measure).given(estimate(baseline).mean)


def column(values: Sequence[Values], measure: str) -> list[Value]:
    """Give one measure, world by world."""
    return [world.get(measure) for world in values]


def both_answer(
    ours: Sequence[Value], theirs: Sequence[Value], drawn: bool
) -> tuple[list[Value], list[Value], int]:
    """Give what worlds that have both sides answer on each, and how many such worlds there are."""
    both = [a is not None and b is not None for a, b in zip(ours, theirs, strict=True)]
    sides = ([value if has else None for value, has in zip(side, both)] for side in (ours, theirs))
    mine, yours = (answers(side, drawn) for side in sides)
    return mine, yours, add_up(both)


def differences(ours: Sequence[Value], theirs: Sequence[Value]) -> list[Value]:
    """Give the difference in every world, None where a side is undefined."""
    return [None if a is None or b is None else a - b for a, b in zip(ours, theirs)]


class _Worlds(NamedTuple):
    """What was measured, by contract and world, and which measures are pooled over worlds."""

    measures: Mapping[str, Sequence[Values]]
    mechanical: Mapping[str, Sequence[Values]]
    baseline: str
    pooled: frozenset[str]
    drawn: bool

    def both(self, name: str, measure: str, mechanical: bool = False) -> tuple[list[Value], list[Value], int]:
        """Give what a contract and the baseline answer, and in how many worlds."""
        held = self.mechanical if mechanical else self.measures
        return both_answer(column(held[name], measure), column(held[self.baseline], measure), self.drawn)

    def sides(self, name: str, measure: str, mechanical: bool = False) -> Sides:
        """Set a contract beside the baseline in one measure."""
        ours, theirs, _ = self.both(name, measure, mechanical)
        return sides_of(ours, theirs, _bounds(measure), measure in self.pooled)

    def levels(self, name: str, measure: str) -> tuple[Estimate, Estimate]:
        """Give a measure under a contract and under the baseline, in the worlds that have both."""
        bounds, pooled = _bounds(measure), measure in self.pooled
        ours, theirs, worlds = self.both(name, measure)
        mine, yours = (over_worlds(level_of(side, bounds, pooled), worlds) for side in (ours, theirs))
        return mine, yours

    def arithmetic(self, name: str, measure: str) -> Estimate | None:
        """Give the difference with nobody responding to pay, None where that was not lived."""
        if name not in self.mechanical:
            return None
        worlds = self.both(name, measure, mechanical=True)[2]
        return over_worlds(estimate(self.sides(name, measure, mechanical=True).gaps), worlds)


def _bounds(measure: str) -> tuple[Value, Value]:
    from legalaid_sim.measures import REGISTRY
    from legalaid_sim.measures.matters import bounds_of

    return bounds_of(REGISTRY[measure])


def _contrast(
    worlds: _Worlds,
    key: tuple[str, str],
    sides: Sides,
    level: float,
    kind: Family,
    asked: Mapping[str, float],
) -> Contrast:
    from legalaid_sim.measures import REGISTRY

    name, measure = key
    known = REGISTRY[measure]
    ours, base = worlds.levels(name, measure)
    found, together = sides.paired(), sides.paired(level).difference
    return Contrast(
        name,
        measure,
        known.unit,
        known.better,
        base,
        ours,
        found._replace(difference=found.difference._replace(n=ours.n)),
        together._replace(n=ours.n),
        None,
        "undefined",
        None,
        worlds.arithmetic(name, measure),
        kind,
        least_for(measure, asked, [base.mean]),
        len(worlds.measures[name]),
        together.n,
    )


def _judged(held: Sequence[Contrast], sides: Sequence[Sides], level: float, drawn: bool) -> list[Contrast]:
    """Give every contrast of a family its verdict, and what would settle it where it cannot be told."""
    found = judged(
        [each.paired.difference.mean for each in held],
        [each.weighed(contrast.least) for each, contrast in zip(sides, held, strict=True)],
        [each.better for each in held],
    )
    return [
        contrast._replace(
            p_value=p_value,
            verdict=verdict,
            needed=worlds_needed(each.gaps, contrast.least, level, drawn) if verdict == CANNOT_TELL else None,
        )
        for contrast, (p_value, verdict), each in zip(held, found, sides)
    ]


def difference_as_data(contrast: Contrast) -> dict[str, Any]:
    """Give one difference as plain data."""
    return {
        "contract": contrast.contract,
        "measure": contrast.measure,
        "unit": contrast.unit,
        **contrast.paired.difference.as_data(),
        "together": {"low": contrast.together.low, "high": contrast.together.high},
        "p_adjusted": contrast.p_value,
        "verdict": contrast.verdict,
        "family": contrast.family,
        "smallest_that_matters": contrast.least,
        "worlds": contrast.lived,
        "differs_in_at_most": contrast.at_most,
        "worlds_needed": contrast.needed,
        "correlation": contrast.paired.correlation,
        "variance_ratio": contrast.paired.variance_ratio,
        "mechanical": contrast.mechanical.as_data() if contrast.mechanical else None,
    }
