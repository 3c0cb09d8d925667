import gc
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.cli import group
from legalaid_sim.errors import ResultsError, ScenarioError
from legalaid_sim.experiments.shared import design
from legalaid_sim.experiments.shared.axes import settled, with_mean
from legalaid_sim.experiments.sweep.job import SweepOptions, prepare_sweep
from legalaid_sim.experiments.sweep.manifest import told
from legalaid_sim.experiments.sweep.points import count_points, points_of
from legalaid_sim.experiments.sweep.reading import along, maps, means_of, read_sweep, spreads
from legalaid_sim.experiments.sweep.store import digest_of
from legalaid_sim.experiments.sweep.sweeping import Interrupted, Swept, carry_out, folder_of, outlook, sweep
from legalaid_sim.experiments.sweep.work import BROKEN, DIED, OK
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports.sweep import duration, render_outlook, render_swept
from legalaid_sim.scenario.distribution import Distribution
from tests.experiments import small, sweepers

ROOT = Path(__file__).parents[3]


def done(path: Path, out: Path, pipeline=sweepers.light, **options) -> Swept:  # type: ignore[no-untyped-def]
    return carry_out(prepare_sweep(path, pipeline), SweepOptions(out=out, **{"workers": 1, **options}))


def problems(path: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        prepare_sweep(path)
    return str(caught.value)


def test_a_measure_used_here_exists() -> None:
    assert "money.payer_spend" in REGISTRY


def test_every_run_is_one_row(tmp_path: Path) -> None:
    found = done(sweepers.written(tmp_path), tmp_path / "out")
    assert (found.runs, found.counts, found.now) == (48, {OK: 48}, 48)
    rows = read_sweep(tmp_path / "out")
    assert len(rows) == 48
    assert {(r["clients.arrivals.per_week"], r["assumptions.trust.memory_days"]) for r in rows} == {
        (a, b) for a in (2, 4, 8) for b in (100, 200)
    }
    assert len({row["key"] for row in rows}) == 48
    assert {row["replication"] for row in rows} == {1, 2, 3, 4}


def test_only_what_is_asked_is_measured_and_the_collector_waits_until_then(tmp_path: Path) -> None:
    seen: list[tuple[str, object, bool]] = []
    job = prepare_sweep(sweepers.written(tmp_path), lambda: sweepers.watched(seen))
    assert gc.isenabled()
    outcomes = job.task(next(job.units())).outcomes
    assert gc.isenabled()
    assert [each.status for each in outcomes] == [OK] * len(outcomes)
    assert set(seen) == {("hold", None, False), ("measure", ("money.payer_spend",), False)}


def test_all_points_live_in_the_same_worlds(tmp_path: Path) -> None:
    done(sweepers.written(tmp_path), tmp_path / "out")
    seeds = {(row["replication"], row["seed"]) for row in read_sweep(tmp_path / "out")}
    assert len(seeds) == 4


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    path = sweepers.written(tmp_path)
    done(path, tmp_path / "out")
    before = digest_of(tmp_path / "out" / "sweep.sqlite")
    again = done(path, tmp_path / "out", pipeline=sweepers.faulty)
    assert (again.now, again.counts) == (0, {OK: 48})
    more = sweepers.written(tmp_path, sweepers.GRID.replace("replications: 4", "replications: 5"))
    assert done(more, tmp_path / "out").now == 12
    assert digest_of(tmp_path / "out" / "sweep.sqlite") != before


def test_rows_are_the_same_wherever_they_are_done(tmp_path: Path) -> None:
    path = sweepers.written(tmp_path)
    alone = done(path, tmp_path / "alone")
    both = done(path, tmp_path / "both", workers=2)
    for number in (1, 2, 3):
        done(path, tmp_path / "shards", shard=(number, 3))
    merged = done(path, tmp_path / "shards", pipeline=sweepers.faulty)
    assert (merged.now, merged.merged) == (0, 48)
    digests = {digest_of(found.database) for found in (alone, both, merged)}
    assert len(digests) == 1


def test_shards_elsewhere_are_named(tmp_path: Path) -> None:
    path = sweepers.written(tmp_path)
    first = done(path, tmp_path / "a", shard=(1, 2))
    assert first.runs == 24
    merged = done(path, tmp_path / "b", merge=(first.database,))
    assert (merged.merged, merged.now) == (24, 24)


def test_a_shard_of_another_sweep_is_refused(tmp_path: Path) -> None:
    rest = sweepers.GRID.replace("memory_days", "carry_over").replace("00]", "]").replace("[100", "[1")
    other = done(sweepers.written(tmp_path, rest), tmp_path / "a")
    path = sweepers.written(tmp_path)
    with pytest.raises(
        ResultsError, match=r"is of another sweep: it has no 'assumptions\.trust\.memory_days'"
    ):
        done(path, tmp_path / "b", merge=(other.database,))


def test_a_sweep_with_other_columns_needs_another_place(tmp_path: Path) -> None:
    done(sweepers.written(tmp_path), tmp_path / "out")
    other = sweepers.written(tmp_path, sweepers.GRID.replace("[money.payer_spend]", "[continuity.coc]"))
    with pytest.raises(ResultsError, match=r"other columns: it has no 'continuity\.coc'.*Give another --out"):
        done(other, tmp_path / "out")


def test_a_run_that_always_kills_its_worker_is_named_and_the_sweep_goes_on(tmp_path: Path) -> None:
    # Every death costs two pools of processes anew: few points.
    few = sweepers.GRID.replace("[2, 4, 8]", "[2, 4]").replace("[100, 200]", "[100]")
    path = sweepers.written(tmp_path, few)
    found = done(path, tmp_path / "out", pipeline=sweepers.deadly, workers=2)
    rows = read_sweep(tmp_path / "out")
    dead = [row for row in rows if row["status"] == DIED]
    assert dead
    assert len(rows) == 16
    assert {row["clients.arrivals.per_week"] for row in dead} == {4}
    assert all("died twice on this run" in row["reason"] and row["money.payer_spend"] is None for row in dead)
    assert found.failed == len(dead)
    assert f"{len(dead)} runs did not end well; --again tries once more" in render_swept(
        prepare_sweep(path), found
    )
    mended = done(path, tmp_path / "out", again=True)
    assert (mended.now, mended.failed) == (len(dead), 0)


def test_a_run_that_fails_is_a_row_with_its_reason(tmp_path: Path) -> None:
    path = sweepers.written(tmp_path)
    found = done(path, tmp_path / "out", pipeline=sweepers.faulty)
    assert found.counts == {"broken": 16, OK: 32}
    rows = [row for row in read_sweep(tmp_path / "out") if row["status"] == "broken"]
    assert {row["reason"] for row in rows} == {"ArithmeticError: no such world"}


ONLY = """\
vary:
  - {path: contract.values.adviser_hour, values: [50.00, 60.00, 70.00], only: [relational-pilot]}
replications: 2
measures: [money.payer_spend]
"""


def amounts(contract: str) -> list[str]:
    from legalaid_sim.experiments.shared.plans import read_written

    return [f"contract.values.{name}" for name in read_written(contract).data["values"]]


@pytest.mark.parametrize("fails", range(2))
def test_where_one_contract_fails_the_others_of_its_world_do_not(tmp_path: Path, fails: int) -> None:
    lived: list[str] = []

    def in_turn(world, scenario, regimes):  # type: ignore[no-untyped-def]
        for regime in regimes:
            lived.append(regime.name)
            if regime.name == small.CONTRACTS[fails]:
                raise ArithmeticError("no such life")
            yield sweepers.simulate(world, scenario, regime)

    path = sweepers.written(tmp_path)
    usual, parted = (
        prepare_sweep(path, lambda each=each: sweepers.light()._replace(simulate_each=each))  # type: ignore[misc]
        for each in (None, in_turn)
    )
    unit = next(usual.units())
    expected, found = usual.task(unit).outcomes, parted.task(unit).outcomes
    assert lived == list(small.CONTRACTS)
    assert [each.status for each in found] == [BROKEN if at == fails else OK for at in range(2)]
    assert [each for at, each in enumerate(found) if at != fails] == [
        each for at, each in enumerate(expected) if at != fails
    ]


def test_a_contract_that_an_axis_does_not_reach_is_lived_once(tmp_path: Path) -> None:
    rest = ONLY.replace("contract.values.adviser_hour", amounts("relational-pilot")[0])
    path = sweepers.written(tmp_path, rest)
    found = done(path, tmp_path / "out")
    assert (found.runs, found.now, found.counts) == (12, 8, {OK: 12})
    untouched = [
        row for row in read_sweep(tmp_path / "out") if row["contract"] == "not-for-profit-hours-2004"
    ]
    assert len({row["work"] for row in untouched}) == 2
    assert len({row["key"] for row in untouched}) == 6


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("vary: []", "at least 1"),
        ("vary: [{path: clients.arrivals.per_weak, values: [1]}]", "Did you mean 'per_week'?"),
        ("vary: [{path: clients.arrivals.per_week, values: [-1]}]", "cannot stand at 'clients.arrivals"),
        ("vary: [{path: assumptions.trust.memory, values: [1]}]", "there is no parameter 'trust.memory'"),
        ("vary: [{path: contract.payments.nothing, values: [1.00]}]", "payments has no 'nothing'"),
        (
            "vary: [{path: contracts.fee.payments, values: [1]}]",
            "has a path such as contract.payments.fee.amount",
        ),
        (
            "vary: [{path: contract.term.months, values: [1.5]}]",
            "places: 0 draws whole numbers; in a search, PATH=",
        ),
        ("vary: [{path: period.months, values: [1.5]}]", "places: 0 draws whole numbers; in a search, PATH="),
        ("vary: [{path: clients.arrivals.per_week}]", "only assumptions have a range of their own"),
        ("vary: [{path: clients.arrivals.per_week, range: [2, 1]}]", "range must not fall; found 2 to 1"),
        ("vary: [{path: clients.arrivals.per_week, range: [1, 2]}]", "needs values, or range and steps"),
        ("vary: [{path: clients.arrivals.per_week, values: [1]}]\nmethod: sobol", "needs 'points'"),
        ("vary: [{path: seed, values: [1]}]\npoints: 3", "'points' goes with latin_hypercube"),
        ("vary: [{path: seed, values: [1]}]\nmeasures: [continuity.cox]", "Did you mean 'continuity.coc'?"),
        ("vary: [{path: clients.arrivals.per_week, values: [1], only: [x]}]", "'only' goes with a path"),
        ("vary: [{path: contract.term.months, values: [1], only: [x]}]", "'x' is none of the contracts"),
        ("vary: [{path: seed, values: [1]}, {path: seed, values: [2]}]", "'seed' is varied twice"),
        (
            "vary: [{path: seed, values: [1]}, {path: period.months, values: [1, 2]}]\nmethod: list",
            "as many in each",
        ),
    ],
)
def test_a_mistake_is_named_at_its_place(tmp_path: Path, rest: str, words: str) -> None:
    said = problems(sweepers.written(tmp_path, rest))
    assert words in said
    assert "sweep.yaml:" in said


def test_the_remedy_for_a_broken_number_is_no_other(tmp_path: Path) -> None:
    mended = "vary: [{path: period.months, range: [1, 3], places: 0}]\nmethod: random\npoints: 3"
    assert prepare_sweep(sweepers.written(tmp_path, mended)).points == 3
    other = problems(sweepers.written(tmp_path, "vary: [{path: period.months, values: [-1]}]"))
    assert "cannot stand at" in other
    assert "places" not in other


def test_a_scenario_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = sweepers.written(tmp_path)
    path.write_text(path.read_text().replace("small.yaml", "smal.yaml"))
    assert "there is no file 'smal.yaml' beside this one" in problems(path)


def test_points_of_a_grid_and_a_list(tmp_path: Path) -> None:
    rest = "vary: [{path: seed, values: [1, 2]}, {path: period.months, range: [1, 3], steps: 3, places: 0}]"
    job = prepare_sweep(sweepers.written(tmp_path, rest))
    assert list(points_of(job.sweep)) == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]
    rest = "vary: [{path: seed, values: [1, 2]}, {path: period.months, values: [3, 4]}]\nmethod: list"
    job = prepare_sweep(sweepers.written(tmp_path, rest))
    assert list(points_of(job.sweep)) == [(1, 3), (2, 4)]
    assert count_points(job.sweep) == 2


@pytest.mark.parametrize("method", ["random", "latin_hypercube", "sobol"])
def test_points_drawn_from_ranges_shapes_and_the_evidence(tmp_path: Path, method: str) -> None:
    pytest.importorskip("scipy") if method == "sobol" else None
    rest = (
        "vary:\n  - {path: clients.arrivals.per_week, range: [2, 4]}\n"
        "  - {path: clients.arrivals_until, distribution: {lognormal: {mean: 20, cv: 0.5}}, places: 0}\n"
        "  - {path: assumptions.trust.memory_days}\n"
        f"  - {{path: respond, values: [none, effort]}}\nmethod: {method}\npoints: 64"
    )
    job = prepare_sweep(sweepers.written(tmp_path, rest))
    points = list(points_of(job.sweep))
    assert points == list(points_of(job.sweep))
    assert len(set(points)) == 64
    assert all(2 <= point[0] <= 4 and isinstance(point[1], int) for point in points)
    assert 20 <= sum(point[3] == "none" for point in points) <= 44


@given(st.integers(1, 60), st.integers(1, 5), st.integers(0, 2**63 - 1))
def test_a_latin_hypercube_holds_one_point_in_every_slice(points: int, axes: int, seed: int) -> None:
    rows = list(design.latin_hypercube(axes, points, seed))
    for axis in range(axes):
        assert sorted(int(row[axis] * points) for row in rows) == list(range(points))


def test_random_points_do_not_depend_on_how_many_there_are() -> None:
    few, many = list(design.random_points(3, 5, 0)), list(design.random_points(3, 50, 0))
    assert few == many[:5]
    assert few != list(design.random_points(3, 5, 1))


def test_a_missing_extra_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "scipy.stats", None)
    with pytest.raises(design.ExtraMissing, match=r"-m pip install 'salib>=1.5'"):
        next(design.sobol(2, 4, 0))


def test_values_are_settled_to_their_places() -> None:
    assert [settled(v, p) for v, p in ((1.005, 1), (2.6, 0), (True, 0), (None, 2), (3, None))] == [
        1.0, 3, True, None, 3,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "shape",
    [
        {"fixed": 5},
        {"lognormal": {"mean": 45, "cv": 0.4, "at_most": 150}},
        {"triangular": {"low": 1, "mode": 2, "high": 6}},
        {"uniform": {"low": 1, "high": 3}},
        {"two_point": {"low": 1, "high": 9, "share_high": 0.2}},
        {"geometric": {"mean": 2.5}},
    ],
)
def test_a_shape_can_be_given_another_mean(shape: dict[str, object]) -> None:
    moved = with_mean(Distribution.model_validate(shape), 7.0)
    assert moved.mean == pytest.approx(7.0)
    assert next(iter(moved.model_dump(exclude_none=True))) == next(iter(shape))


def test_the_outlook_counts_and_estimates(tmp_path: Path) -> None:
    path = sweepers.written(tmp_path)
    job = prepare_sweep(path, sweepers.light)
    carry_out(job, SweepOptions(workers=1, out=tmp_path / "out", shard=(1, 2)))
    fresh = outlook(job, SweepOptions(out=tmp_path / "out", workers=1))
    assert (fresh.points, fresh.runs, fresh.done) == (6, 48, 0)
    assert fresh.seconds is not None
    text = render_outlook(job, fresh)
    assert "6 points by grid, 2 varied, 4 worlds each, 2 contracts" in text
    assert "48 runs; 0 done already, 48 to do" in text
    assert not (tmp_path / "out" / "sweep.sqlite").exists()


def test_a_varied_seed_has_a_column_beside_that_of_the_world(tmp_path: Path) -> None:
    rest = "vary: [{path: seed, values: [2, 3]}]\nreplications: 2\nmeasures: [money.payer_spend]"
    done(sweepers.written(tmp_path, rest), tmp_path / "out")
    rows = read_sweep(tmp_path / "out")
    assert [row["scenario.seed"] for row in rows] == [2, 2, 2, 2, 3, 3, 3, 3]
    assert len({row["seed"] for row in rows}) == 4


def test_durations_in_words() -> None:
    assert [duration(s) for s in (1, 89, 100, 5000, 10_000, 10**6)] == [
        "1 s", "89 s", "2 min", "83 min", "2.8 h", "11.6 days",
    ]  # fmt: skip


def test_the_default_place_is_the_same_every_time(tmp_path: Path) -> None:
    job = prepare_sweep(sweepers.written(tmp_path), sweepers.light)
    assert folder_of(job, SweepOptions()) == folder_of(job, SweepOptions(workers=2, shard=(1, 9)))


def test_differences_are_taken_point_by_point(tmp_path: Path) -> None:
    found = done(sweepers.written(tmp_path), tmp_path / "out")
    names = ["not-for-profit-hours-2004", "relational-pilot"]
    (spread,) = spreads(found.database, names, ["money.payer_spend"])
    assert (spread.points, spread.untold, spread.mean.mean, spread.noise) == (6, 1.0, 0.0, 0.0)
    assert spread.quantiles == (0.0,) * 5


def test_ctrl_c_saves_what_is_done_and_says_how_to_go_on(tmp_path: Path) -> None:
    job = prepare_sweep(sweepers.written(tmp_path), sweepers.light)

    def stop(count: int, most: int) -> None:
        if count >= 10:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match=r"10 of 48 runs are saved in .*the same command goes on"):
        carry_out(job, SweepOptions(workers=1, out=tmp_path / "out"), stop)
    assert carry_out(job, SweepOptions(workers=1, out=tmp_path / "out")).now == 38


def test_the_command_runs_resumes_and_plans(tmp_path: Path) -> None:
    rest = "vary: [{path: seed, values: [2, 3]}]\nreplications: 1\nmeasures: [continuity.coc]"
    path = sweepers.written(tmp_path, rest)
    call = ["sweep", str(path), "-o", str(tmp_path / "out"), "-w", "1"]
    plan = CliRunner().invoke(group, [*call, "--dry-run"])
    assert "4 runs; 0 done already, 4 to do" in plan.output
    first = CliRunner().invoke(group, call)
    assert first.exit_code == 0, first.output
    assert "4 of 4 runs there; 4 done now" in first.output
    assert "relational-pilot less not-for-profit-hours-2004, over 2 points" in first.output
    second = CliRunner().invoke(group, [*call, "--json"])
    assert '"done_now": 0' in second.output


@pytest.mark.parametrize("shard", ["0/3", "4/3", "3", "a/b"])
def test_a_shard_that_is_none_is_refused(tmp_path: Path, shard: str) -> None:
    said = CliRunner().invoke(group, ["sweep", str(tmp_path), "--shard", shard])
    assert said.exit_code == 2
    assert f"'{shard}' is not a shard such as 3/200" in said.output


def test_a_file_that_is_no_sweep_is_refused(tmp_path: Path) -> None:
    path = sweepers.written(tmp_path)
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "sweep.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(ResultsError, match=r"not a sweep that can be written|cannot be written as a sweep"):
        done(path, folder)
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as other:
        other.execute("CREATE TABLE runs (key)")
    with pytest.raises(ResultsError, match="is not the database of a sweep"):
        read_sweep(tmp_path / "other.sqlite")
    with pytest.raises(ResultsError, match="is missing; give the file that a sweep wrote"):
        read_sweep(tmp_path / "none.sqlite")


def test_a_sweep_from_python(tmp_path: Path) -> None:
    rest = (
        "vary: [{path: clients.arrivals.per_week, values: [2]}]\nreplications: 1\nmeasures: [continuity.coc]"
    )
    found = sweep(sweepers.written(tmp_path, rest), SweepOptions(workers=1, out=tmp_path / "out"))
    assert found.counts == {OK: 2}


POSTS = """\
vary:
  - path: advisers
    values: [[{number: 1, skill: 1.1}], [{number: 2, hours_per_week: 17.5}]]
  - {path: contract.values.adviser_year, values: [50000, 60000], only: [relational-pilot]}
replications: 1
measures: [money.payer_spend]
"""


def test_lists_may_be_varied_and_stand_in_rows_as_json(tmp_path: Path) -> None:
    assert set(done(sweepers.written(tmp_path, POSTS), tmp_path / "out").counts) == {OK}
    told = {row["scenario.advisers"] for row in read_sweep(tmp_path / "out")}
    assert [json.loads(each) for each in sorted(told)] == [
        [{"number": 1, "skill": 1.1}],
        [{"number": 2, "hours_per_week": 17.5}],
    ]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "scenarios" / "sweeps").glob("*.yaml")), ids=lambda path: path.stem
)
def test_sweeps_of_the_project_are_ready_to_run(path: Path) -> None:
    if "kind: sweep" in path.read_text(encoding="utf-8"):
        job = prepare_sweep(path)
        assert job.runs == job.points * job.sweep.replications * len(job.plans)


def test_a_folder_that_another_python_made_says_so(tmp_path: Path) -> None:
    call = ["sweep", str(sweepers.written(tmp_path)), "--out", str(tmp_path / "out"), "--dry-run"]
    job = prepare_sweep(tmp_path / "sweep.yaml", sweepers.light)
    carry_out(job, SweepOptions(1, tmp_path / "out"))
    place = tmp_path / "out" / "sweep.json"
    ours = json.loads(place.read_text(encoding="utf-8"))
    assert list(told(tmp_path / "out")) == []
    place.write_text(
        json.dumps({**ours, "versions": {**ours["versions"], "python": "3.99.0"}}), encoding="utf-8"
    )
    said = CliRunner().invoke(group, call)
    here = f"{tmp_path / 'out'} were made with python 3.99.0, and this is python {ours['versions']['python']}"
    assert f"Note: rows in {here}; sweep.json names both." in said.stderr
    carry_out(job, SweepOptions(1, tmp_path / "out"))
    kept = json.loads(place.read_text(encoding="utf-8"))
    assert kept["versions"] == ours["versions"]
    assert [each["python"] for each in kept["also_made_with"]] == ["3.99.0"]


def test_runs_of_another_engine_in_the_same_file_do_not_count(tmp_path: Path) -> None:
    """Rows with keys that this sweep does not ask for stay in the file and out of what is said of it."""
    job = prepare_sweep(sweepers.written(tmp_path), sweepers.light)
    done = carry_out(job, SweepOptions(workers=1, out=tmp_path / "out"))
    names, asked = [plan.name for plan in job.plans], ["money.payer_spend"]

    def said() -> list[object]:
        keys = job.keys()
        return [
            list(spreads(done.database, names, asked, keys=keys)),
            along(done.database, asked, names, keys),
            maps(done.database, asked, names, keys),
            means_of(done.database, asked[0], keys),
            read_sweep(done.database, keys),
        ]

    before = said()
    assert len(read_sweep(done.database)) == job.runs
    with closing(sqlite3.connect(done.database)) as rows:
        columns = [row[1] for row in rows.execute("PRAGMA table_info(runs)")]
        rest = ", ".join(f'"{name}"' for name in columns if name not in ("key", "money.payer_spend"))
        rows.execute(
            f"INSERT INTO runs (key, \"money.payer_spend\", {rest}) SELECT 'old' || key, 1e9, {rest} FROM runs"
        )
        rows.commit()
        rows.execute("UPDATE runs SET status = 'broken', reason = 'long ago' WHERE key LIKE 'old%'")
        rows.commit()
    assert len(read_sweep(done.database)) == 2 * job.runs
    assert said() == before
    again = carry_out(job, SweepOptions(workers=1, out=tmp_path / "out"))
    assert (again.counts, again.failed, again.now) == ({OK: job.runs}, 0, 0)
    assert len(again.rows) == job.runs
    shown = render_swept(job, again)
    assert f"{job.runs:,} of {job.runs:,} runs there; 0 done now" in shown
    assert "long ago" not in shown
