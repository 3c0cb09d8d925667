"""Differences from a baseline, adjusted for being several: which are clear, what would settle others."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from legalaid_sim.experiments.statistics import (
    LEVEL,
    Estimate,
    Paired,
    Value,
    bonferroni,
    estimate,
    holm,
    paired,
    replications_for,
)

Values = Mapping[str, Value]
Verdict = Literal["clear", "not clear", "the same", "undefined"]


class Contrast(NamedTuple):
    """One measure under one contract against the baseline.

    ``paired`` has the interval of this difference taken by itself; ``together`` the wider one that holds for
    the whole family at once (Bonferroni). ``p_value`` is adjusted over the family (Holm); ``clear`` means at
    most 0.05. ``needed`` is how many worlds would settle a difference of this size; None where it is clear
    already or where no number can be told. ``mechanical`` is the difference with nobody responding to pay.
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

    @property
    def direction(self) -> str:
        """Say whether the difference is for the better or the worse; empty where neither can be said."""
        mean = self.paired.difference.mean
        if not mean or self.better == "neither":
            return ""
        return "better" if (mean > 0) == (self.better == "higher") else "worse"


def contrasts_of(
    measures: Mapping[str, Sequence[Values]],
    mechanical: Mapping[str, Sequence[Values]],
    baseline: str,
    family: Sequence[str],
) -> tuple[Contrast, ...]:
    """Set every contract against the baseline on every measure of the family."""
    others = [name for name in measures if name != baseline]
    level = bonferroni(len(others) * len(family))
    found = [
        _contrast(name, measure, measures, mechanical, baseline, level)
        for name in others
        for measure in family
    ]
    tested = [at for at, contrast in enumerate(found) if contrast.paired.p_value is not None]
    adjusted = holm([found[at].paired.p_value or 0.0 for at in tested])
    p_values: dict[int, float] = dict(zip(tested, adjusted))
    return tuple(
        _judged(contrast, p_values.get(at), level, measures, baseline) for at, contrast in enumerate(found)
    )


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
) -> Contrast:
    from legalaid_sim.measures import REGISTRY

    ours, theirs = column(measures[name], measure), column(measures[baseline], measure)
    known = REGISTRY[measure]
    return Contrast(
        name,
        measure,
        known.unit,
        known.better,
        estimate(theirs),
        estimate(ours),
        paired(ours, theirs),
        estimate(differences(ours, theirs), level),
        None,
        "undefined",
        None,
        _mechanical(mechanical, name, baseline, measure),
    )


def _mechanical(
    mechanical: Mapping[str, Sequence[Values]], name: str, baseline: str, measure: str
) -> Estimate | None:
    if name not in mechanical:
        return None
    return estimate(differences(column(mechanical[name], measure), column(mechanical[baseline], measure)))


def _judged(
    contrast: Contrast,
    p_value: Value,
    level: float,
    measures: Mapping[str, Sequence[Values]],
    baseline: str,
) -> Contrast:
    gaps = differences(
        column(measures[contrast.contract], contrast.measure), column(measures[baseline], contrast.measure)
    )
    verdict = _verdict(gaps, p_value)
    mean = contrast.paired.difference.mean
    needed = replications_for(gaps, abs(mean), level) if verdict == "not clear" and mean else None
    if needed is not None:
        needed = max(needed, contrast.paired.difference.n + 1)
    return contrast._replace(p_value=p_value, verdict=verdict, needed=needed)


def _verdict(gaps: Sequence[Value], p_value: Value) -> Verdict:
    if p_value is None:
        return "undefined"
    if all(gap == 0 for gap in gaps if gap is not None):
        return "the same"
    return "clear" if p_value <= 1 - LEVEL else "not clear"
