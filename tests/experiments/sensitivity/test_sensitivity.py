import json
import random
from math import pi, sin
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.cli import group
from legalaid_sim.experiments.compare.question import BadQuestion
from legalaid_sim.experiments.sensitivity.effects import Effect, WalkTable, effects_of, gaps_of
from legalaid_sim.experiments.sensitivity.inquiry import Inquiry, parameters_for, sensitivity
from legalaid_sim.experiments.sensitivity.screening import (
    Screening,
    one_at_a_time,
    saltelli,
    screening,
    trajectories,
)
from legalaid_sim.experiments.sensitivity.turning import Ranking, rankings_of
from legalaid_sim.experiments.sensitivity.variance import deviation_over
from legalaid_sim.experiments.shared.design import ExtraMissing
from legalaid_sim.experiments.shared.replicate import Pipeline
from legalaid_sim.experiments.sweep.job import SweepOptions
from legalaid_sim.reports.sensitivity import render_sensitivity
from tests.experiments import fakes, small, sweepers


def output(design, function, worlds: int = 3, noise: float = 0.0):  # type: ignore[no-untyped-def]
    source = random.Random(1)
    shared = [source.gauss(0, 5) for _ in range(worlds)]
    return [
        [
            function(point) + world + source.gauss(0, noise) if noise else function(point) + world
            for world in shared
        ]
        for point in design.points
    ]


def effects(design: Screening, table: WalkTable) -> list[Effect]:
    return effects_of(design, {("new", "coc"): table})["new", "coc"]


def ranking(design: Screening, gaps: WalkTable) -> Ranking:
    return rankings_of(design, {("new", "coc"): gaps})["new", "coc"]


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_a_walk_moves_each_parameter_once_by_two_thirds(seed: int) -> None:
    design = trajectories(5, 4, seed)
    assert len(design.points) == 4 * 6
    for group_number in range(4):
        steps = [step for step in design.steps if design.groups[step.before] == group_number]
        assert sorted(step.factor for step in steps) == [0, 1, 2, 3, 4]
    for step in design.steps:
        before, after = design.points[step.before], design.points[step.after]
        assert [a == b for a, b in zip(before, after)].count(False) == 1
        assert abs(design.reach(step)) == pytest.approx(2 / 3)
        assert all(-1e-9 <= value <= 1 + 1e-9 for value in after)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=6), st.sampled_from(["morris", "oat"]))
def test_effects_of_a_linear_output_are_its_slopes(slopes: list[float], method: str) -> None:
    design = screening(method, (0.5,) * len(slopes), 3, 1)  # type: ignore[arg-type]
    table = output(design, lambda point: sum(a * x for a, x in zip(slopes, point)))
    for slope, effect in zip(slopes, effects(design, table)):
        assert effect.mean.mean == pytest.approx(slope, abs=1e-9)
        assert effect.size.mean == pytest.approx(abs(slope), abs=1e-9)
        assert effect.noise == pytest.approx(0, abs=1e-9)


def test_an_interaction_shows_as_spread() -> None:
    design = trajectories(3, 20, 1)
    found = effects(design, output(design, lambda x: x[0] * x[1] + x[2]))
    assert (found[0].spread or 0) > 0.1
    assert found[2].spread == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("method", ["morris", "oat"])
def test_what_only_the_worlds_do_is_not_called_clear(method: str) -> None:
    design = screening(method, (0.5,) * 20, 4, 1)  # type: ignore[arg-type]
    found = effects(design, output(design, lambda x: 10 * x[0], worlds=6, noise=0.5))
    assert found[0].clear
    assert not any(effect.clear for effect in found[1:])
    assert all(effect.noise for effect in found)


def test_the_same_worlds_drop_out_of_every_effect() -> None:
    design = trajectories(2, 3, 1)
    quiet, loud = output(design, lambda x: x[0]), output(design, lambda x: x[0], worlds=50)
    for a, b in zip(effects(design, quiet), effects(design, loud)):
        assert a.mean.mean == pytest.approx(b.mean.mean, abs=1e-9)


def test_an_undefined_output_is_left_out() -> None:
    design = one_at_a_time((0.5,))
    assert effects(design, [[1.0], [None], [2.0]])[0].mean.n == 0
    assert effects(design, [[1.0], [1.0], [2.0]])[0].mean.mean == 1.0


def ishigami(point: tuple[float, ...]) -> float:
    x, y, z = (2 * pi * value - pi for value in point)
    return sin(x) + 7 * sin(y) ** 2 + 0.1 * z**4 * sin(x)


def test_shares_of_variance_of_the_ishigami_function() -> None:
    pytest.importorskip("SALib")
    design = saltelli(3, 2048, 0)
    found = effects(design, [[ishigami(point)] for point in design.points])
    assert deviation_over(design, [[ishigami(point)] for point in design.points]) == pytest.approx(
        3.72, abs=0.08
    )
    for effect, first, total in zip(found, (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)):
        assert effect.first is not None
        assert effect.total is not None
        assert effect.first[0] == pytest.approx(first, abs=0.03)
        assert effect.total[0] == pytest.approx(total, abs=0.03)


def test_without_the_extra_method_sobol_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "SALib.sample", None)
    with pytest.raises(ExtraMissing, match=r"method sobol needs a package .* -m pip install 'salib>=1.5'"):
        saltelli(2, 4, 1)


def test_what_the_worlds_do_takes_no_part_in_the_variance() -> None:
    pytest.importorskip("SALib")
    design = saltelli(3, 512, 0)
    held = output(design, lambda x: 2 * x[0] + x[1], worlds=2, noise=0.3)
    first, second, idle = (effect.total for effect in effects(design, held))
    assert first is not None
    assert second is not None
    assert idle is not None
    assert first[0] == pytest.approx(0.8, abs=0.1)
    assert second[0] == pytest.approx(0.2, abs=0.1)
    assert abs(idle[0]) < 2 * idle[1]
    assert deviation_over(design, held) == pytest.approx((5 / 12) ** 0.5, abs=0.03)


def test_a_step_of_any_length_weighs_as_it_should() -> None:
    pytest.importorskip("SALib")
    design = saltelli(3, 128, 3)
    found = effects(design, output(design, lambda x: x[0], worlds=3, noise=1.0))
    assert found[0].mean.mean == pytest.approx(1, abs=0.5)
    assert all((effect.size.mean or 0) < 5 for effect in found)


def test_the_share_of_the_space_in_which_a_contract_wins() -> None:
    design, source = trajectories(4, 200, 1), random.Random(1)
    found = ranking(
        design, [[point[0] - 0.5 + source.gauss(0, 0.01) for _ in range(4)] for point in design.points]
    )
    assert found.more.mean == pytest.approx(0.5, abs=0.05)
    assert found.less.mean == pytest.approx(0.5, abs=0.05)
    assert found.more.low is not None
    assert found.more.low > 0.4
    assert found.flips == {0: 1.0}


def test_four_walks_that_agree_leave_room_for_what_they_did_not_see() -> None:
    design, source = trajectories(4, 4, 1), random.Random(1)
    found = ranking(design, [[source.gauss(-1, 0.01) for _ in range(4)] for _ in design.points])
    assert found.more[:2] == (0.0, 0.0)
    assert found.more.high == pytest.approx(0.602, abs=0.001)
    assert found.less.low == pytest.approx(0.398, abs=0.001)


def test_walks_have_worlds_of_their_own_and_steps_share_them() -> None:
    design = trajectories(3, 4, 1)
    lived = {at: set(design.worlds_of(at, 3)) for at in range(len(design.points))}
    assert all(lived[step.before] == lived[step.after] for step in design.steps)
    assert set().union(*lived.values()) == set(range(1, 13))


def test_a_difference_is_taken_world_by_world() -> None:
    assert gaps_of([[1.0, None]], [[0.5, 1.0]]) == [[0.5, None]]


def test_parameters_are_chosen_by_pattern() -> None:
    some = parameters_for(("trust.*",))
    assert some
    assert all(each.name.startswith("trust.") for each in some)
    assert len(parameters_for(())) > len(some)
    assert all(0 <= each.usual <= 1 for each in parameters_for(()))
    with pytest.raises(BadQuestion, match=r"no parameter matches 'trst\.\*'"):
        parameters_for(("trst.*",))


def swayed(world, scenario, regime):  # type: ignore[no-untyped-def]
    memory = float(scenario.assumptions.get("trust.memory_days", 0))
    sign = 1 if regime.name == "relational-pilot" else -1
    chance = world.seed * round(memory * 1000) % 7 if sign > 0 else 0
    return sweepers.richer(fakes.simulate(world, scenario, regime), round(sign * memory * 100) + chance)


def swaying() -> Pipeline:
    return Pipeline(fakes.sample, swayed, fakes.hold, sweepers.measure)


def asked(**more: object) -> Inquiry:
    return Inquiry(measures=("money.payer_spend",), parameters=("trust.*",), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["morris", "oat", "sobol"])
def test_a_whole_analysis_finds_what_moves_the_result(tmp_path: Path, method: str) -> None:
    pytest.importorskip("SALib") if method == "sobol" else None
    options = SweepOptions(workers=1, out=tmp_path / method)
    found = sensitivity(small.scenario(tmp_path), asked(method=method, samples=4), options, pipeline=swaying)
    at = found.parameters.index("trust.memory_days")
    moved = found.differences["relational-pilot", "money.payer_spend"]
    assert moved[at].clear
    assert [effect.size.mean for n, effect in enumerate(moved) if n != at] == [0.0] * (len(moved) - 1)
    assert found.rankings["relational-pilot", "money.payer_spend"].more.mean == 1.0
    told = json.loads((tmp_path / method / "sensitivity.json").read_text())
    assert told["kind"] == "sensitivity"
    assert told["parameters"]["trust.memory_days"]["money.payer_spend"]["relational-pilot"]["clear"] is True
    text = render_sensitivity(found)
    assert "relational-pilot has more than not-for-profit-hours-2004 in 100%" in text
    assert "no single parameter is seen to turn it" in text
    assert "trust.memory_days" in text


def test_an_analysis_is_taken_up_where_it_stood(tmp_path: Path) -> None:
    options = SweepOptions(workers=1, out=tmp_path / "out")
    first = sensitivity(small.scenario(tmp_path), asked(method="oat"), options, pipeline=swaying)
    again = sensitivity(small.scenario(tmp_path), asked(method="oat"), options, pipeline=sweepers.faulty)
    assert (first.swept.now > 0, again.swept.now) == (True, 0)


def test_the_command_says_whether_the_ranking_holds(tmp_path: Path) -> None:
    call = [
        "sensitivity",
        str(small.scenario(tmp_path)),
        "--method",
        "oat",
        "-p",
        "trust.memory_days",
        "-r",
        "2",
    ]
    said = CliRunner().invoke(group, [*call, "-m", "continuity.coc", "-w", "1", "-o", str(tmp_path / "out")])
    assert said.exit_code == 0, said.output
    assert "1 parameter, 3 points by oat, 12 runs" in said.output
    assert "continuity.coc: " in said.output
    assert "relational-pilot" in said.output


def test_the_command_names_an_unknown_measure(tmp_path: Path) -> None:
    said = CliRunner().invoke(group, ["sensitivity", str(small.scenario(tmp_path)), "-m", "continuity.cok"])
    assert isinstance(said.exception, BadQuestion)
    assert "Did you mean 'continuity.coc'?" in str(said.exception)
