"""A past that is steady is found so, one that climbs is named, and its months of settling are found."""

import csv
import json
import random
import re
from collections.abc import Sequence

from click.testing import CliRunner

from legalaid_sim.cli.init_command import command as init
from legalaid_sim.cli.steady_command import command as steady
from legalaid_sim.experiments.run.job import RunOptions, prepare
from legalaid_sim.experiments.run.running import run
from legalaid_sim.experiments.run.steadiness import DRIFTS, STEADY, drifts, settled_from, without_season
from legalaid_sim.measures.monthly import CURVES, by_month
from legalaid_sim.scenario import load_scenario
from tests.builders.lives import live
from tests.builders.scenarios import scenario

QUIET = [curve.name for curve in CURVES if curve.name != "access.asked"]


def worlds(
    slope: float, n: int = 8, months: int = 36, seed: int = 1
) -> list[dict[str, Sequence[float | None]]]:
    """Worlds in which one curve climbs and the others do not, with noise about 100."""
    dice = random.Random(seed)
    return [
        {
            "access.asked": [100 + slope * month + dice.gauss(0, 4) for month in range(months)],
            **{name: [100 + dice.gauss(0, 4) for _ in range(months)] for name in QUIET},
        }
        for _ in range(n)
    ]


def test_a_planted_drift_is_named_and_a_null_hardly_ever():
    found = {each.name: each.verdict for each in drifts(worlds(1.0))}
    assert found["access.asked"] == DRIFTS
    assert [found[name] for name in QUIET].count(STEADY) > len(QUIET) / 2
    null = [each.verdict for seed in range(60) for each in drifts(worlds(0.0, seed=seed))]
    # Holm over the curves of one study: at most one study in twenty names any.
    studies = [DRIFTS in null[n : n + len(CURVES)] for n in range(0, len(null), len(CURVES))]
    assert sum(studies) <= 6


def test_the_month_of_settling_is_where_the_climb_ends():
    climb = [min(100.0, 10.0 * month) + (month % 2) for month in range(36)]
    assert 9 <= settled_from(climb) <= 11
    assert settled_from([5.0, 5.0, 5.0]) == 0


def test_a_season_is_no_trend():
    season = [100.0 + 10 * (month % 12 == 11) for month in range(48)]
    assert max(without_season(season)) - min(without_season(season)) < 1e-9


def test_curves_add_up_to_what_the_log_says():
    made = scenario(per_week=8, lead_in=2, months=4, start="own", starts="2008-01-01")
    log = live(made)
    curves = by_month(log)
    assert {len(series) for series in curves.values()} == {2 + 4 + 3}
    from legalaid_sim import events as e

    assert sum(curves["access.asked"]) == len(log.of(e.Asked))
    assert curves["matters.open"] == [float(month.open_matters) for month in log.of(e.MonthClosed)]
    idle = sum(diary.idle for diary in log.of(e.Diary) if diary.month == 3)
    there = sum(diary.available for diary in log.of(e.Diary) if diary.month == 3)
    assert curves["time.idle_share"][3] == idle / there


def test_steady_says_how_long_the_lead_in_should_be(tmp_path):
    made = tmp_path / "town.yaml"
    CliRunner().invoke(init, [str(made)])
    text = made.read_text(encoding="utf-8")
    printed = CliRunner().invoke(steady, [str(made), "-r", "2", "-w", "1"])
    assert printed.exit_code == 0, printed.output
    assert "settles" in printed.output
    assert re.search(r"money\.payer_spend  .* [1-9]\d?,\d{3}  ", printed.output)
    assert not re.search(r"\de[+]\d", printed.output)
    assert "months, 2 worlds" in printed.output
    told = json.loads(CliRunner().invoke(steady, [str(made), "-r", "2", "-w", "1", "--json"]).stdout)
    assert told["kind"] == "steadiness"
    assert [curve["name"] for curve in told["curves"]] == [curve.name for curve in CURVES]
    assert made.read_text(encoding="utf-8") == text


def test_a_run_writes_its_curves_by_month_since_the_switch(tmp_path):
    made = tmp_path / "town.yaml"
    CliRunner().invoke(init, [str(made)])
    scenario_ = load_scenario(made)
    done = run(prepare(made, RunOptions(replications=2, workers=1, out=tmp_path / "run", keep="none")))
    with (done.folder / "months.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    period = scenario_.period
    months = {int(row["month"]) for row in rows}
    assert months == set(range(1 - period.lead_in_months, period.months + period.run_out_months + 1))
    # What all regimes lived before they parted is the same, month by month.
    before = {
        (row["curve"], row["month"]): {other["mean"] for other in rows if same(row, other)}
        for row in rows
        if int(row["month"]) < 1
    }
    assert all(len(means) == 1 for means in before.values())
    after = {row["mean"] for row in rows if row["curve"] == "money.payer_spend" and row["month"] == "9"}
    assert len(after) == len(done.estimates)


def same(row: dict[str, str], other: dict[str, str]) -> bool:
    return (row["curve"], row["month"]) == (other["curve"], other["month"])
