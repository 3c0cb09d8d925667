"""Whether the life before the switch is steady: how long it takes to settle, and whether it still drifts.

Asked of the past alone, never of the effect: the first contract is lived from the first day on and never changes. A
curve that still climbs says that the lead-in is too short, or that the agency cannot hold its load; what a switch does
in the months after it may drift as it likes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.experiments.shared.executors import Lost, WorkerDied, workers_for
from legalaid_sim.experiments.shared.plans import RegimePlan, plans_of
from legalaid_sim.experiments.shared.progress import Progress, silent
from legalaid_sim.experiments.shared.readiness import Tell, ready, untold
from legalaid_sim.experiments.shared.replicate import Pipeline, the_pipeline, world_seed
from legalaid_sim.experiments.shared.statistics import Estimate, holm, mean_of, paired
from legalaid_sim.scenario import read_scenario
from legalaid_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from legalaid_sim.measures.monthly import Curve
    from legalaid_sim.scenario.model import Scenario

STEADY, DRIFTS, CANNOT_TELL = "steady", "drifts", "cannot tell"
ALPHA = 0.05
MARGIN = 0.05


class Drift(NamedTuple):
    """One curve: when it settles, and its last year less the year before.

    ``settles`` is the month, from 0, from which the mean is best taken (MSER, White 1997), 0 for a stock such as
    reserves; ``margin`` is the drift that would matter, in the curve's unit; ``p_value`` is adjusted over all curves
    (Holm 1979).
    """

    name: str
    unit: str
    settles: int
    mean: float | None
    drift: Estimate
    margin: float
    p_value: float | None
    verdict: str


class Steadiness(NamedTuple):
    """What was found of the life under one contract; months are counted from the first lived."""

    contract: str
    worlds: int
    lead_in: int
    months: int
    curves: tuple[Drift, ...]
    margin: float = MARGIN

    @property
    def settles(self) -> int:
        """The month from which on every curve has settled."""
        return max((curve.settles for curve in self.curves), default=0)


@dataclass(frozen=True)
class LivedOnce:
    """Live one world under one contract and give its curves; plain data that travels to workers."""

    scenario: "Scenario"
    plan: RegimePlan
    pipeline: Any = field(default=the_pipeline)

    def __call__(self, number: int) -> dict[str, Sequence[float | None]]:
        """Give the curves of a replication up to the last month that counts."""
        from legalaid_sim.measures.monthly import by_month

        steps: Pipeline = self.pipeline()
        # Nothing is drawn of what is unknown, whatever the scenario says: every world answers for itself.
        world = steps.sample(self.scenario, world_seed(self.scenario.seed, number))
        log = steps.simulate(world, self.scenario, self.plan.compiled())
        period = self.scenario.period
        lived = period.lead_in_months + period.months
        return {name: series[:lived] for name, series in by_month(log).items()}


def steadiness(
    path: Path,
    worlds: int,
    workers: int | None = None,
    contract: str | None = None,
    progress: Progress = silent,
    margin: float = MARGIN,
    tell: Tell = untold,
) -> Steadiness:
    """Live the first contract of a scenario (or the one named) throughout, and say whether life under it is steady.

    ``margin`` is the share of its own mean that a curve may drift from one year to the next before it matters;
    ``tell`` hears what is doubtful before the first world.

    Raises ``InputError`` for what is wrong with the files.
    """
    file = read_scenario(path)
    scenario = file.scenario
    start = "empty" if scenario.start == "empty" else "own"
    named = [contract] if contract else [scenario.before] if scenario.before else []
    file = file.but(start=start, before=None)
    settled = file.scenario
    plans = plans_of(settled, file.folder, named)
    ready(file, plans[:1], tell)
    plan = replace(plans[0], after=())
    lived = []
    stream = workers_for(workers, worlds).results(LivedOnce(settled, plan), range(1, worlds + 1))
    for number, found in enumerate(stream, 1):
        if isinstance(found, Lost):
            raise WorkerDied(f"replication {number}")
        lived.append(found)
        progress(number, worlds)
    period = scenario.period
    return Steadiness(
        plan.name,
        worlds,
        period.lead_in_months,
        period.lead_in_months + period.months,
        tuple(drifts(lived, margin)),
        margin,
    )


def drifts(worlds: Sequence[dict[str, Sequence[float | None]]], margin: float = MARGIN) -> list[Drift]:
    """Judge every curve of some worlds; ``margin`` is the share of its mean from which on a drift matters."""
    from legalaid_sim.measures.monthly import CURVES

    found = [_drift(curve, [world[curve.name] for world in worlds], margin) for curve in CURVES]
    tested = [n for n, each in enumerate(found) if each.p_value is not None]
    adjusted = dict(zip(tested, holm([found[n].p_value or 0.0 for n in tested])))
    return [_judged(each, adjusted.get(n)) for n, each in enumerate(found)]


def _drift(curve: "Curve", worlds: Sequence[Sequence[float | None]], share: float) -> Drift:
    means = [_mean([world[month] for world in worlds]) for month in range(len(worlds[0]))]
    year = min(MONTHS_PER_YEAR, len(means) // 2)
    last = [_mean(world[-year:]) for world in worlds]
    before = [_mean(world[-2 * year : -year]) for world in worlds]
    test = paired(last, before)
    level = _mean(last)
    margin = share * abs(level) if level is not None else 0.0
    level_out = [value for value in without_season(means) if value is not None]
    settles = 0 if curve.stock else settled_from(level_out)
    return Drift(curve.name, curve.unit, settles, level, test.difference, margin, test.p_value, CANNOT_TELL)


def _judged(found: Drift, p_value: float | None) -> Drift:
    """Say whether a drift is clear and matters, is surely too small to matter, or neither can be told."""
    low, high = found.drift.low, found.drift.high
    if low is None or high is None:
        return found._replace(p_value=p_value)
    if -found.margin < low and high < found.margin:
        return found._replace(p_value=p_value, verdict=STEADY)
    clear = p_value is not None and p_value <= ALPHA
    return found._replace(p_value=p_value, verdict=DRIFTS if clear else CANNOT_TELL)


def settled_from(series: Sequence[float]) -> int:
    """Give the month, up to the middle, from which on the mean of the rest is surest (MSER, White 1997).

    The least of ``sum of squares about the mean of what is kept / number kept²``.

    >>> settled_from([0.0, 4.0, 9.0, 10.0, 11.0, 10.0, 9.0, 10.0, 11.0, 10.0])
    3
    """
    best, where = float("inf"), 0
    for cut in range(len(series) // 2 + 1):
        kept = series[cut:]
        centre = mean_of(kept)
        value = fsum((each - centre) ** 2 for each in kept) / len(kept) ** 2
        if value < best:
            best, where = value, cut
    return where


def without_season(means: Sequence[float | None]) -> list[float | None]:
    """Take the effect of the month of the year off a curve, as the years after the first show it.

    With fewer than three years there is nothing to tell a season from a trend, and the curve is given as it is.
    """
    years = len(means) // MONTHS_PER_YEAR
    if years < 3:
        return list(means)
    later = list(means[-(years - 1) * MONTHS_PER_YEAR :])
    whole = _mean(later)
    first = len(means) - len(later)
    effects = [
        _mean([value for n, value in enumerate(later) if (first + n) % MONTHS_PER_YEAR == month])
        for month in range(MONTHS_PER_YEAR)
    ]
    return [
        value - (effect - whole)
        if value is not None and (effect := effects[n % MONTHS_PER_YEAR]) is not None and whole is not None
        else value
        for n, value in enumerate(means)
    ]


def _mean(values: Sequence[float | None]) -> float | None:
    held = [value for value in values if value is not None]
    return mean_of(held) if held else None
