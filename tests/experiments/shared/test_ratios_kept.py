"""Shares and rates of few counts, as they are kept and told."""

import json
import pickle
import sqlite3
from pathlib import Path

import pytest

from legalaid_sim.experiments.compare.comparing import compare
from legalaid_sim.experiments.run.job import RunOptions, prepare
from legalaid_sim.experiments.shared.kept_worlds import plain_of, replication_of
from legalaid_sim.experiments.shared.ratios import (
    FEW,
)
from legalaid_sim.experiments.shared.replicate import RegimeResult, Replication
from legalaid_sim.measures import REGISTRY
from legalaid_sim.measures.statistics import Ratio, ratio
from legalaid_sim.reports.comparison import render_comparison
from legalaid_sim.reports.html import write_report
from legalaid_sim.results import open_run
from legalaid_sim.results.summary import read_summary
from tests.experiments import small
from tests.experiments.shared.test_ratios import REACHED

# Measures of time and money are of no cases; a gap is two ratios, a median none.
NOT_OF_CASES = ("time.", "money.", "admin.", "diversity.")


def test_a_ratio_keeps_what_it_is_of_wherever_it_travels() -> None:
    one = ratio(1, 3)
    assert isinstance(one, Ratio)
    again = pickle.loads(pickle.dumps(one))
    assert (again, again.part, again.whole) == (1 / 3, 1, 3)
    world = Replication(1, 2, "d", {"a": RegimeResult({REACHED: one, "money.earned": 2.0}, None, 0.1)})
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
    found = compare(prepare(path, RunOptions(replications=4, workers=1, out=place / "out")))
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
