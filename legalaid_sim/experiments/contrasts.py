"""Differences from a baseline, family by family: which differ, which do not matter, what would settle others.

What was asked (``answer_with`` in the scenario) is one family, the further measures another; each is adjusted by
itself, so that looking at more does not cost the question its answer.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from legalaid_sim.experiments.statistics import (
    Estimate,
    Paired,
    Value,
    bonferroni,
    estimate,
    paired,
    within,
)
from legalaid_sim.experiments.verdicts import (
    CANNOT_TELL,
    DIFFERS,
    Verdict,
    judged,
    most_that_differ,
    weighed,
    worlds_needed,
)

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
    difference with nobody responding to pay. ``lived`` counts all worlds, also those that lack a side.
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
    verdict: Verdict
    needed: int | None
    mechanical: Estimate | None
    family: Family = FURTHER
    least: float = 0.0
    lived: int = 0

    @property
    def differs(self) -> bool:
        """Say whether the two differ, by more than chance, by what matters or may."""
        return self.verdict in DIFFERS

    @property
    def direction(self) -> str:
        """Say whether the difference is for the better or the worse; empty where neither can be said."""
        return self.verdict if self.verdict in ("better", "worse") else ""

    @property
    def at_most(self) -> Value:
        """The largest share of worlds that may differ where none of those lived did; else None."""
        never = self.verdict == "never seen to differ"
        return most_that_differ(self.paired.difference.n) if never else None


def contrasts_of(
    measures: Mapping[str, Sequence[Values]],
    mechanical: Mapping[str, Sequence[Values]],
    baseline: str,
    family: Sequence[str],
    asked: Mapping[str, float] = NONE_ASKED,
) -> tuple[Contrast, ...]:
    """Set every contract against the baseline on every measure of ``family``.

    ``asked`` are the measures that answer the question, each with the smallest difference that matters; the
    others have their defaults and are a family of their own.
    """
    others = [name for name in measures if name != baseline]
    found: dict[tuple[str, str], Contrast] = {}
    for kind in (ASKED, FURTHER):
        names = [name for name in family if (name in asked) == (kind == ASKED)]
        level = bonferroni(len(others) * len(names))
        held = [
            _contrast(name, measure, measures, mechanical, baseline, level, kind, asked)
            for name in others
            for measure in names
        ]
        found |= {(each.contract, each.measure): each for each in _judged(held, measures, baseline, level)}
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


def differences(ours: Sequence[Value], theirs: Sequence[Value]) -> list[Value]:
    """Give the difference in every world, None where a side is undefined."""
    return [None if a is None or b is None else a - b for a, b in zip(ours, theirs)]


def _contrast(
    name: str,
    measure: str,
    measures: Mapping[str, Sequence[Values]],
    mechanical: Mapping[str, Sequence[Values]],
    baseline: str,
    level: float,
    kind: Family,
    asked: Mapping[str, float],
) -> Contrast:
    from legalaid_sim.measures import REGISTRY
    from legalaid_sim.measures.matters import bounds_of

    pairs = list(zip(column(measures[name], measure), column(measures[baseline], measure), strict=True))
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    ours, theirs = [a for a, _ in both], [b for _, b in both]
    known, bounds = REGISTRY[measure], bounds_of(REGISTRY[measure])
    base, gaps = within(estimate(theirs), *bounds), differences(ours, theirs)
    apart = paired(ours, theirs)
    return Contrast(
        name,
        measure,
        known.unit,
        known.better,
        base,
        within(estimate(ours), *bounds),
        apart._replace(difference=within(apart.difference, None, None)),
        within(estimate(gaps, level), None, None),
        None,
        "undefined",
        None,
        _mechanical(mechanical, name, baseline, measure),
        kind,
        least_for(measure, asked, theirs),
        len(pairs),
    )


def _mechanical(
    mechanical: Mapping[str, Sequence[Values]], name: str, baseline: str, measure: str
) -> Estimate | None:
    if name not in mechanical:
        return None
    return estimate(differences(column(mechanical[name], measure), column(mechanical[baseline], measure)))


def _judged(
    held: Sequence[Contrast], measures: Mapping[str, Sequence[Values]], baseline: str, level: float
) -> list[Contrast]:
    """Give every contrast of a family its verdict, and what would settle it where it cannot be told."""
    gaps = [_gaps(each, measures, baseline) for each in held]
    found = judged(
        [each.paired.difference.mean for each in held],
        [weighed(each, contrast.least) for each, contrast in zip(gaps, held)],
        [each.better for each in held],
    )
    return [
        contrast._replace(
            p_value=p_value,
            verdict=verdict,
            needed=worlds_needed(apart, contrast.least, level) if verdict == CANNOT_TELL else None,
        )
        for contrast, (p_value, verdict), apart in zip(held, found, gaps)
    ]


def _gaps(contrast: Contrast, measures: Mapping[str, Sequence[Values]], baseline: str) -> list[float]:
    found = differences(
        column(measures[contrast.contract], contrast.measure), column(measures[baseline], contrast.measure)
    )
    return [gap for gap in found if gap is not None]
