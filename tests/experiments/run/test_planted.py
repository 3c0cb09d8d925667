"""What `compare` says where nothing differs, and where something does; how often its intervals hold the truth."""

from functools import lru_cache
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

import pytest

from legalaid_sim.events import Log
from legalaid_sim.experiments.compare.comparing import compare
from legalaid_sim.experiments.compare.comparison import ComparisonResult
from legalaid_sim.experiments.compare.question import ComparisonOptions
from legalaid_sim.experiments.run.job import RunOptions, prepare
from legalaid_sim.experiments.shared.replicate import Pipeline, Trial
from legalaid_sim.experiments.shared.statistics import paired
from legalaid_sim.measures import measure
from tests.experiments import fakes, small
from tests.experiments.search.test_told_from_noise import most

# Measures of which any difference matters to nobody or somebody by its own default; all in the same unit of chance.
FAMILY = ("continuity.coc", "admin.share", "outcomes.resolved_share", "access.turned_away", "time.idle_share")
PLANTED, LUCK = "admin.share", 0.1


class Told(Log):
    """A log that knows whose it is."""

    whose: str = ""


def pipeline(effect: float) -> Pipeline:
    """Give a pipeline whose contracts differ by chance alone, but for ``effect`` on one measure of the second."""

    def simulate(world: Any, scenario: Any, regime: Any) -> Told:
        plain = fakes.simulate(world, scenario, regime)
        log = Told(plain.window, plain.events)
        log.whose = f"{world.seed}/{regime.name}"
        return log

    def measured(log: Any, names: Any = ()) -> dict[str, float | None]:
        luck = Random(log.whose)
        values: dict[str, float | None] = {name: 0.5 + luck.gauss(0, LUCK) for name in FAMILY}
        if log.whose.endswith(small.CONTRACTS[1]):
            values[PLANTED] = (values[PLANTED] or 0.0) + effect
        return values

    return Pipeline(fakes.sample, simulate, fakes.hold, measured)


def compared(folder: Path, number: int, effect: float, worlds: int = 12) -> ComparisonResult:
    """Compare the two contracts of the small scenario in worlds of its own for every trial."""
    options = RunOptions(
        replications=worlds, seed=1000 + number, workers=1, out=folder / str(number), keep="first"
    )
    return compare(
        prepare(small.scenario(folder), options),
        ComparisonOptions(measures=FAMILY),
        trial=lambda scenario, plans, keep: Trial(scenario, plans, keep, lambda: pipeline(effect)),
    )


def named(found: ComparisonResult) -> set[str]:
    """Name the measures that are said to differ."""
    return {contrast.measure for contrast in found.contrasts if contrast.differs}


@pytest.mark.parametrize("trials", [12, pytest.param(200, marks=pytest.mark.long)])
def test_where_nothing_differs_nothing_is_named(tmp_path: Path, trials: int) -> None:
    # Two families: what was asked and the rest; each may be wrong in five of a hundred.
    wrong = [named(compared(tmp_path, number, 0.0)) for number in range(trials)]
    asked = {"continuity.coc", "admin.share"}
    assert sum(bool(each & asked) for each in wrong) <= most(trials)
    assert sum(bool(each - asked) for each in wrong) <= most(trials)


@pytest.mark.parametrize("trials", [12, pytest.param(200, marks=pytest.mark.long)])
def test_what_was_planted_is_found_and_nothing_beside_it(tmp_path: Path, trials: int) -> None:
    found = [named(compared(tmp_path, number, 2.0 * LUCK)) for number in range(trials)]
    assert sum(PLANTED in each for each in found) >= 0.9 * trials
    assert sum(bool(each - {PLANTED}) for each in found) <= most(trials, 0.1)


@lru_cache(1)
def real_worlds(number: int) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Give a short-tailed and a long-tailed measure of two contracts in many small worlds of the whole model."""
    from tests.builders.contracts import fixed, library
    from tests.builders.lives import live
    from tests.builders.scenarios import scenario

    made = scenario(
        quiet=False, advisers=[{"role": "caseworker", "number": 2}], per_week=7, months=4, lead_in=1,
        run_out=2, start="own", problems={"debt": {}, "housing": {}},
    )  # fmt: skip
    shares, waits = [], []
    for seed in range(1, number + 1):
        sides = [measure(live(made, terms, seed=seed)) for terms in (fixed(200), library("relational-pilot"))]
        shares.append(tuple(side["outcomes.resolved_share"] or 0.0 for side in sides))
        waits.append(tuple(side["access.days_to_first_contact_mean"] or 0.0 for side in sides))
    return shares, waits  # type: ignore[return-value]


@pytest.mark.long
@pytest.mark.parametrize(
    ("which", "least"), [(0, 0.92), (1, 0.9)], ids=["resolved_share", "days_to_first_contact_mean"]
)
def test_intervals_hold_the_truth_in_about_95_of_100(which: int, least: float) -> None:
    # A mean wait has a long tail over worlds, for which ten are few: Student's interval holds it somewhat less often.
    pairs = real_worlds(200)[which]
    truth = fmean(b - a for a, b in pairs)
    luck, held, draws, worlds = Random(1), 0, 2000, 10
    for _ in range(draws):
        few = luck.sample(pairs, worlds)
        found = paired([b for _, b in few], [a for a, _ in few]).difference
        held += found.low <= truth <= found.high  # type: ignore[operator]
    print(f"coverage {held / draws:.3f} of {draws} intervals of {worlds} of 200 worlds")
    # Ten of two hundred without return spread by 0.975 of what ten of all there are would: about 0.955 is exact.
    assert least <= held / draws <= 0.98
