"""Shares and rates of few counts over worlds, held against populations whose truth is known."""

import json
import pickle
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.experiments.compare.comparing import compare
from legalaid_sim.experiments.run.job import Wish, prepare
from legalaid_sim.experiments.shared.contrasts import Contrast, contrasts_of
from legalaid_sim.experiments.shared.kept_worlds import plain_of, replication_of
from legalaid_sim.experiments.shared.ratios import FEW, is_pooled, level_of, linearised
from legalaid_sim.experiments.shared.replicate import Lived, Replication
from legalaid_sim.experiments.shared.statistics import Value, estimate
from legalaid_sim.measures import REGISTRY
from legalaid_sim.measures.statistics import Ratio, ratio
from legalaid_sim.reports.comparison import render_comparison
from legalaid_sim.reports.html import write_report
from legalaid_sim.results import open_run
from legalaid_sim.results.summary import read_summary
from tests.experiments import small

SHARE, RATE = (0.0, 1.0), (0.0, None)
REACHED, RESIGNED = "goals.reached_in_time_share", "outcomes.advisers_resigned_per_year"
ROOM = 3  # standard errors of a share counted in so many trials
Source = np.random.Generator


def lived(source: Source, worlds: int, cases: float, chance: float, alike: float = 0.0) -> list[Value]:
    """Give worlds with about so many cases each; ``alike`` is how far the cases of one world go together."""
    found: list[Value] = []
    for number in source.poisson(cases, worlds):
        p = source.beta(chance * (1 / alike - 1), (1 - chance) * (1 / alike - 1)) if alike else chance
        found.append(ratio(int(source.binomial(number, p)), int(number)))
    return found


def measured(values: Sequence[Value], name: str = REACHED) -> list[dict[str, Value]]:
    return [{name: value} for value in values]


def contrast(
    ours: Sequence[Value], theirs: Sequence[Value], name: str = REACHED, least: float = 0.0
) -> Contrast:
    worlds = {"a": measured(theirs, name), "b": measured(ours, name)}
    (found,) = contrasts_of(worlds, {}, "a", [name], {name: least})
    return found


def holds(value: float, low: Value, high: Value) -> bool:
    return low is not None and high is not None and low <= value <= high


# ---- levels -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("worlds", "cases", "chance", "alike"),
    [(8, 5, 0.02, 0.0), (10, 5, 0.1, 0.2), (10, 2, 0.5, 0.0), (10, 20, 0.03, 0.1), (10, 150, 0.003, 0.0)],
)
def test_the_interval_of_a_rare_share_holds_the_truth_nearly_as_often_as_it_says(
    worlds: int, cases: float, chance: float, alike: float
) -> None:
    source, trials = np.random.default_rng(8), 300
    found = [lived(source, worlds, cases, chance, alike) for _ in range(trials)]
    intervals = [level_of(values, SHARE, is_pooled([values])) for values in found]
    held = sum(holds(chance, each.low, each.high) for each in intervals) / trials
    assert held >= 0.92 - ROOM * (0.05 * 0.95 / trials) ** 0.5
    # By the mean of the worlds' own shares and Student's t it holds less often, and leaves what a share can be.
    before = [estimate(values) for values in found]
    assert sum(holds(chance, each.low, each.high) for each in before) / trials < held


def test_the_interval_of_a_rare_rate_holds_the_truth_too() -> None:
    source, trials, rate = np.random.default_rng(9), 300, 0.05
    years = [[float(each) for each in source.uniform(4, 9, 10)] for _ in range(trials)]
    found = [[ratio(int(source.poisson(rate * each)), each) for each in row] for row in years]
    intervals = [level_of(values, RATE, pooled=True) for values in found]
    assert sum(holds(rate, each.low, each.high) for each in intervals) / trials >= 0.95 - 0.03


def test_pooled_it_is_all_events_over_all_cases_with_the_spread_of_the_ratio_estimator() -> None:
    worlds = [ratio(1, 1), ratio(30, 100), None, ratio(0, 3)]
    found = level_of(worlds, SHARE, pooled=True)
    assert (found.mean, found.n, found.pooled_of) == (pytest.approx(31 / 104), 3, 104)
    # Leaving out one world at a time says the same of the spread, by another way.
    source = np.random.default_rng(2)
    many = [value for value in lived(source, 400, 6, 0.4, 0.1) if isinstance(value, Ratio)]
    parts, wholes = np.array([v.part for v in many]), np.array([v.whole for v in many])
    left_out = (parts.sum() - parts) / (wholes.sum() - wholes)
    knife = ((len(many) - 1) / len(many) * ((left_out - left_out.mean()) ** 2).sum()) ** 0.5
    ours = np.std(linearised(many), ddof=1) / len(many) ** 0.5
    assert ours == pytest.approx(knife, rel=0.02)


def test_without_one_event_there_is_wilson_s_bound_and_no_more() -> None:
    none = [ratio(0, 5)] * 8
    found = level_of(none, SHARE, pooled=True)
    assert (found.mean, found.low) == (0.0, 0.0)
    # t for 7 degrees of freedom squared, over cases and itself (Wilson 1927 with 0 of 40).
    assert found.high == pytest.approx(2.364624**2 / (40 + 2.364624**2), rel=1e-5)
    every = level_of([ratio(5, 5)] * 8, SHARE, pooled=True)
    assert (every.mean, every.high) == (1.0, 1.0)
    assert every.low == pytest.approx(1 - (found.high or 0))


def test_one_world_with_all_the_events_shows_little() -> None:
    burst = [ratio(20, 50), *[ratio(0, 50)] * 9]
    found = level_of(burst, SHARE, pooled=False)
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < 0.01
    assert found.high > 0.2
    other = [ratio(0, 50), ratio(1, 50), *[ratio(0, 50)] * 8]
    for theirs in ([ratio(0, 50)] * 10, other):
        told = contrast(burst, theirs)
        assert told.verdict == "cannot tell"
        assert (told.p_value or 0) > 0.2


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).map(sorted), min_size=2, max_size=9),
    st.booleans(),
)
def test_no_interval_of_a_share_leaves_it_or_its_mean(counts: list[list[int]], pooled: bool) -> None:
    values = [ratio(part, whole) for part, whole in counts]
    found = level_of(values, SHARE, pooled)
    if found.low is not None and found.high is not None and found.mean is not None:
        assert 0 <= found.low <= found.mean + 1e-12
        assert found.mean - 1e-12 <= found.high <= 1
    gap = contrast(values, list(reversed(values))).paired.difference
    if gap.low is not None and gap.high is not None and gap.mean is not None:
        assert -1 <= gap.low <= gap.mean + 1e-12
        assert gap.mean - 1e-12 <= gap.high <= 1


# ---- where it applies ---------------------------------------------------------------------------------------------


def test_few_cases_under_one_contract_pool_the_measure_under_all() -> None:
    many, few = [ratio(9, FEW), ratio(3, FEW)], [ratio(1, FEW - 1), ratio(2, FEW)]
    assert not is_pooled([many, many])
    assert is_pooled([many, few])
    assert is_pooled([[ratio(9, 100), None]])
    assert not is_pooled([[0.1, 0.2]])
    assert not is_pooled([[None, None], many])
    assert not is_pooled([[ratio(1, 2)]])


# ---- differences --------------------------------------------------------------------------------------------------


def share_told(make: Callable[[Source], tuple[list[Value], list[Value]]], trials: int = 200) -> float:
    source = np.random.default_rng(4)
    return sum(contrast(*make(source)).differs for _ in range(trials)) / trials


@pytest.mark.parametrize(("cases", "chance", "alike"), [(5, 0.1, 0.2), (20, 0.05, 0.3), (150, 0.003, 0.0)])
def test_where_nothing_differs_a_difference_is_told_in_at_most_5_of_a_hundred(
    cases: float, chance: float, alike: float
) -> None:
    told = share_told(
        lambda source: (lived(source, 10, cases, chance, alike), lived(source, 10, cases, chance, alike))
    )
    assert told <= 0.05 + ROOM * (0.05 * 0.95 / 200) ** 0.5


@pytest.mark.parametrize(("cases", "ours", "theirs"), [(5, 0.6, 0.0), (5, 0.9, 0.3), (150, 0.15, 0.001)])
def test_a_planted_effect_is_told_in_at_least_90_of_a_hundred(
    cases: float, ours: float, theirs: float
) -> None:
    assert share_told(lambda s: (lived(s, 10, cases, ours), lived(s, 10, cases, theirs))) >= 0.9


def test_the_interval_of_a_difference_holds_the_truth() -> None:
    source, trials = np.random.default_rng(5), 200
    held = 0
    for _ in range(trials):
        gap = contrast(lived(source, 10, 5, 0.3), lived(source, 10, 5, 0.1)).paired.difference
        held += holds(0.2, gap.low, gap.high)
    assert held / trials >= 0.92


def test_worlds_that_differ_by_one_event_each_are_no_proof_without_end() -> None:
    # The spread is not quite nought; Student's t would say p = 2e-6 of eleven events more.
    theirs = [ratio(0, 9)] * 10
    ours = [ratio(1, 9)] * 9 + [ratio(2, 9)]
    told = contrast(ours, theirs, RESIGNED)
    assert told.p_value is not None
    assert 1e-4 < told.p_value < 0.05
    # So few as two worlds are hardly evidence, however alike they are.
    assert contrast(ours[-2:], theirs[-2:], RESIGNED).verdict == "cannot tell"


def test_the_verdict_is_that_of_the_interval() -> None:
    source = np.random.default_rng(6)
    for _ in range(60):
        found = contrast(lived(source, 9, 6, 0.5), lived(source, 9, 6, 0.25), least=0.2)
        gap = found.paired.difference
        assert gap.low is not None
        assert gap.high is not None
        inside = gap.low > -0.2 and gap.high < 0.2
        assert (found.verdict in ("better", "worse")) == ((gap.low > 0 or gap.high < 0) and not inside)
        assert (found.verdict == "no difference that matters") == inside


def test_the_columns_of_a_pooled_difference_subtract() -> None:
    source = np.random.default_rng(7)
    found = contrast(lived(source, 12, 2, 0.5), lived(source, 12, 2, 0.25))
    gap = found.paired.difference
    assert found.pooled
    assert found.lived > gap.n == found.ours.n == found.baseline.n
    assert gap.mean == pytest.approx((found.ours.mean or 0) - (found.baseline.mean or 0))


# ---- what is kept, and told ---------------------------------------------------------------------------------------

# Measures of time and money are of no cases; a gap is two ratios, a median none.
NOT_OF_CASES = ("time.", "money.", "admin.", "diversity.")


def test_a_ratio_keeps_what_it_is_of_wherever_it_travels() -> None:
    one = ratio(1, 3)
    assert isinstance(one, Ratio)
    again = pickle.loads(pickle.dumps(one))
    assert (again, again.part, again.whole) == (1 / 3, 1, 3)
    world = Replication(1, 2, "d", {"a": Lived({REACHED: one, "money.earned": 2.0}, None, 0.1)})
    kept = replication_of(json.loads(json.dumps(plain_of(world)))).lived["a"].measures
    found = kept[REACHED]
    assert isinstance(found, Ratio)
    assert (found, found.part, found.whole) == (1 / 3, 1, 3)
    assert isinstance(found.part, int)
    assert not isinstance(kept["money.earned"], Ratio)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("few")
    path = small.scenario(place)
    path.write_text(path.read_text(encoding="utf-8").replace("per_week: 4", "per_week: 1"), encoding="utf-8")
    found = compare(prepare(path, Wish(replications=4, workers=1, out=place / "out")))
    (place / "told.txt").write_text(render_comparison(found), encoding="utf-8")
    return place / "out"


def test_every_share_is_kept_with_its_counts_and_the_pooled_one_is_their_sum(folder: Path) -> None:
    with open_run(folder) as run:
        worlds = {regime: run.replications(regime) for regime in run.regimes}
        rows = {(row.measure, row.regime): row for row in read_summary(folder / "measures.csv")}
        of_cases = [
            name
            for name, measure in REGISTRY.items()
            if measure.unit == "share" and not name.endswith("_gap") and not name.startswith(NOT_OF_CASES)
        ]
        for name in of_cases:
            values = [world[name] for held in worlds.values() for world in held]
            assert all(value is None or isinstance(value, Ratio) for value in values), name
    database = sqlite3.connect(folder / "run.sqlite")
    query = (
        "SELECT measure, regime, sum(part) * 1.0 / sum(whole), sum(whole), count(*) "
        "FROM counted JOIN runs USING (run) GROUP BY measure, regime"
    )
    summed = {(measure, regime): found for measure, regime, *found in database.execute(query)}
    database.close()
    pooled = {key: row for key, row in rows.items() if row.pooled_of is not None}
    assert {measure for measure, _ in pooled} >= {REACHED, "outcomes.advisers_kept"}
    for key, row in pooled.items():
        assert [row.mean, row.pooled_of, row.n] == pytest.approx(summed[key]), key


def test_it_is_told_on_the_terminal_in_the_json_and_on_the_page(folder: Path) -> None:
    shown = folder.with_name("told.txt").read_text(encoding="utf-8")
    rule = f"a world holds fewer than {FEW} on average, or some world none"
    assert rule in " ".join(shown.split())
    assert ", pooled" in shown
    data = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    told = data["contracts"][data["baseline"]]["measures"]
    assert told[REACHED]["pooled_of"] > 0
    assert "pooled_of" not in told["money.earned"]
    assert any("pooled_of" in row for row in data["differences"])
    page = write_report(folder).read_text(encoding="utf-8")
    assert rule in page
    assert "pooled over worlds" in page
