import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.cli import group
from legalaid_sim.experiments.compare.question import BadQuestion
from legalaid_sim.experiments.search.pareto import Goal, beats, front, read_axis, read_goal
from legalaid_sim.experiments.search.proposals import Hunt, generations
from legalaid_sim.experiments.search.searching import Found, search
from legalaid_sim.experiments.shared.design import ExtraMissing
from legalaid_sim.experiments.shared.plans import read_written
from legalaid_sim.experiments.shared.replicate import Pipeline
from legalaid_sim.experiments.sweep.job import SweepOptions
from legalaid_sim.reports.search import render_search
from tests.experiments import fakes, small, sweepers

GOALS = (Goal("max", "continuity.coc"), Goal("min", "admin.share"))
ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=25)


def as_rows(pairs: list[tuple[int, int]]) -> list[dict[str, float]]:
    return [{"continuity.coc": a, "admin.share": b} for a, b in pairs]


@given(ROWS)
def test_the_front_is_what_nothing_beats(pairs: list[tuple[int, int]]) -> None:
    rows = as_rows(pairs)
    best = front(rows, GOALS)
    assert best
    for at, row in enumerate(rows):
        beaten = [other for other in rows if beats(other, row, GOALS)]
        assert (at in best) is (not beaten)
        if beaten:
            assert any(beats(rows[winner], row, GOALS) for winner in best)


def test_goals_and_axes_are_read() -> None:
    assert read_goal(" min : admin.share ") == Goal("min", "admin.share")
    axis = read_axis("duties.form.minutes.adviser = 5..40:0")
    assert (axis.path, axis.range, axis.places) == ("contract.duties.form.minutes.adviser", (5.0, 40.0), 0)
    assert read_axis("payments.fee.amount=150.5..250").range == (150.5, 250.0)
    assert read_axis("assumptions.trust.memory_days=1,2.5,never").values is not None
    assert read_axis("assumptions.trust.memory_days=1..2").path == "assumptions.trust.memory_days"


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (read_goal, "continuity.coc", "'continuity.coc' is no goal; write max:continuity.coc or min:"),
        (read_goal, "max:continuity.cok", "Did you mean 'continuity.coc'?"),
        (read_axis, "payments.fee.amount", "says not what is varied; write PATH=LOW..HIGH or PATH=a,b,c"),
        (read_axis, "payments.fee.amount=5..1", "the range must rise; found 5 to 1"),
    ],
)
def test_mistakes_say_how_to_write_it(read, text: str, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BadQuestion) as caught:
        read(text)
    assert words in str(caught.value)


def paying(world, scenario, regime):  # type: ignore[no-untyped-def]
    duty = next(duty for duty in regime.terms[0].contract.duties if duty.id == "short_form")
    minutes = int(duty.minutes.adviser)
    return sweepers.richer(fakes.simulate(world, scenario, regime), minutes * 100 + world.seed * minutes % 7)


def pipeline() -> Pipeline:
    return Pipeline(fakes.sample, paying, fakes.hold, sweepers.measure)


def hunt(**more: object) -> Hunt:
    axis = read_axis("duties.short_form.minutes.adviser=2..40:0")
    goals = (Goal("min", "money.payer_spend"),)
    return Hunt("relational-pilot", (axis,), goals, **{"points": 24, "replications": 2, **more})  # type: ignore[arg-type]


def found(tmp_path: Path, name: str = "out", **more: object) -> Found:
    pytest.importorskip("optuna")
    options = SweepOptions(workers=1, out=tmp_path / name)
    return search(small.scenario(tmp_path), hunt(**more), options, pipeline=pipeline)


def test_a_second_search_is_held_against_its_own_contract(tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    axis, goals = read_axis("assumptions.trust.memory_days=100,200"), (Goal("min", "money.payer_spend"),)

    def as_it_is(name: str) -> float | None:
        place = SweepOptions(workers=1, out=tmp_path / name)
        asked = Hunt(name, (axis,), goals, 1, 1, fresh=2)
        return search(small.scenario(tmp_path), asked, place, pipeline=blocks).usual["money.payer_spend"].mean

    first, second = map(as_it_is, small.CONTRACTS)
    assert first is not None
    assert first != second


def blocks() -> Pipeline:
    def simulate(world, scenario, regime):  # type: ignore[no-untyped-def]
        count = len(regime.terms[0].contract.payments)
        return sweepers.richer(fakes.simulate(world, scenario, regime), 1000 * count)

    return Pipeline(fakes.sample, simulate, fakes.hold, sweepers.measure)


def test_each_choice_is_a_contract_that_can_be_run(tmp_path: Path) -> None:
    result = found(tmp_path)
    assert result.choices
    for choice in result.choices:
        written = read_written(result.files[choice.values])
        duty = next(block for block in written.data["duties"] if block["id"] == "short_form")
        assert duty["minutes"]["adviser"] == choice.values[0]
    assert result.now == (4,)
    assert [choice.values for choice in result.choices] == [(2,)]
    text = render_search(result)
    assert "contract.duties.short_form.minutes.adviser = 4" in text
    assert "lived again in 20 fresh worlds: 1 hold" in " ".join(text.split())
    assert "on average where these points were chosen" in text


def test_the_same_search_finds_the_same_whatever_the_place(tmp_path: Path) -> None:
    once, again = found(tmp_path, "a"), found(tmp_path, "b")
    assert [c.values for c in once.choices] == [c.values for c in again.choices]
    assert once.tried == again.tried
    other = found(tmp_path, "c", seed=2)
    assert other.tried
    taken_up = found(tmp_path, "a")
    assert taken_up.relived == once.relived


def test_generations_ask_and_are_told() -> None:
    pytest.importorskip("optuna")
    seen = []
    for points, tell in generations(hunt(points=48)):
        seen += points
        tell([{"money.payer_spend": [float(point[0])] * 2} for point in points])
    assert len(seen) == 48
    assert all(2 <= point[0] <= 40 and isinstance(point[0], int) for point in seen)
    assert sum(point[0] for point in seen[-12:]) < 0.7 * sum(point[0] for point in seen[:12])


def test_a_search_for_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadQuestion, match="needs a goal or more"):
        search(small.scenario(tmp_path), Hunt("relational-pilot", hunt().vary, ()))
    with pytest.raises(BadQuestion, match="needs something to vary"):
        search(small.scenario(tmp_path), Hunt("relational-pilot", (), GOALS))


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "optuna", None)
    with pytest.raises(ExtraMissing, match=r"a search needs a package .* -m pip install 'optuna>=4'"):
        next(generations(hunt()))


def test_the_command_writes_contracts(tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    call = [
        "search",
        str(small.scenario(tmp_path)),
        "-c",
        "relational-pilot",
        "-n",
        "4",
        "-r",
        "2",
        "-w",
        "1",
        "--fresh",
        "4",
    ]
    vary = ["--vary", "duties.short_form.minutes.adviser=2,30", "-g", "min:admin.share", "--json"]
    said = CliRunner().invoke(group, [*call, *vary, "-o", str(tmp_path / "out")])
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)
    assert told["tried"] == 2
    held = [*told["choices"], *told["dropped"]]
    assert [choice["values"] for choice in held] == [{"contract.duties.short_form.minutes.adviser": 2}]
    assert told["as_it_is"]["values"] == {"contract.duties.short_form.minutes.adviser": 4}
    assert [Path(choice["file"]).is_file() for choice in told["choices"]] == [True] * len(told["choices"])


def test_what_another_engine_lived_in_the_same_folder_does_not_count(
    tmp_path: Path,
) -> None:
    """A folder is taken up by an edited simulator: its own rows stay in the file, and move no number any more."""
    clean = found(tmp_path, "clean")
    old = found(tmp_path, "out")
    with closing(sqlite3.connect(tmp_path / "out" / "sweep.sqlite")) as rows:
        before = rows.execute("SELECT count(*) FROM runs").fetchone()[0]
        rows.execute('UPDATE runs SET key = "old" || key, work = "old" || work, "money.payer_spend" = 1e9')
        rows.commit()
    again = found(tmp_path, "out")
    with closing(sqlite3.connect(tmp_path / "out" / "sweep.sqlite")) as rows:
        assert rows.execute("SELECT count(*) FROM runs").fetchone()[0] == 2 * before
    assert again.relived == clean.relived == old.relived
