import json
import random
from math import sqrt
from pathlib import Path
from statistics import NormalDist
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.cli import group
from legalaid_sim.evidence import register
from legalaid_sim.experiments.sensitivity.inquiry import Inquiry, parameters_for, sensitivity
from legalaid_sim.experiments.shared.doubt import doubts_of
from legalaid_sim.experiments.shared.doubt_files import doubts_as_data, doubts_from
from legalaid_sim.experiments.shared.ignorance import (
    answers,
    draw_of,
    guesses_of,
    scenario_for,
    unknowns_of,
    values_for,
    worlds_holding,
)
from legalaid_sim.experiments.shared.plans import plans_of
from legalaid_sim.experiments.shared.replicate import Trial
from legalaid_sim.experiments.shared.statistics import t_quantile
from legalaid_sim.experiments.sweep.job import SweepOptions
from legalaid_sim.measures.statistics import Ratio, ratio
from legalaid_sim.reports.html import write_report
from legalaid_sim.reports.ignorance import HELD, ROUGHLY, doubts_table, in_doubt
from legalaid_sim.results.run import open_run
from legalaid_sim.scenario import load_scenario
from tests.experiments import fakes, small, sweepers

GUESSES = """\
assumptions: drawn
guesses:
  organisation.allocation.own_adviser_patience_days: {between: [5, 60]}
  clients.arrivals.per_week: {between: [2, 8]}
  respond: {one_of: [none, effort], weights: [1, 3]}
"""
WORLDS = 40
KEY = SimpleNamespace(contract="new", measure="continuity.coc", pooled=False)


def guessing(folder: Path, said: str = GUESSES) -> Path:
    path = small.scenario(folder)
    path.write_text(path.read_text(encoding="utf-8") + said, encoding="utf-8")
    return path


def test_every_world_draws_its_own_and_two_in_four_share_one(tmp_path: Path) -> None:
    scenario = load_scenario(guessing(tmp_path))
    drawn = [values_for(scenario, world) for world in range(1, 9)]
    assert drawn[0] == drawn[1]
    assert drawn[4] == drawn[5]
    assert len({tuple(map(str, values.values())) for values in drawn}) == 6
    assert [draw_of(world) for world in range(1, 10)] == [1, 1, 2, 3, 4, 4, 5, 6, 7]


def test_a_switch_is_drawn_on_or_off_and_mostly_as_it_stands(tmp_path: Path) -> None:
    scenario = load_scenario(guessing(tmp_path))
    switches = {name: held.value.mean for name, held in register().items() if held.is_switch}
    assert set(switches.values()) == {0, 1}
    drawn = [values_for(scenario, world) for world in range(1, 401)]
    for name, stands in switches.items():
        values = [each[name] for each in drawn]
        assert set(values) == {0, 1}
        assert 0.65 < sum(value == stands for value in values) / len(values) < 0.85


def test_what_is_drawn_lies_in_its_range_and_is_put_in_its_place(tmp_path: Path) -> None:
    scenario = load_scenario(guessing(tmp_path))
    known = register()
    for world in range(1, 12):
        values = values_for(scenario, world)
        for name, value in values.items():
            if name in known:
                assert known[name].range[0] <= value <= known[name].range[1]
        lived = scenario_for(scenario, world)
        assert lived.clients.arrivals.per_week == values["scenario.clients.arrivals.per_week"]
        assert 2 <= values["scenario.clients.arrivals.per_week"] <= 8
        assert lived.respond == values["scenario.respond"]
        assert set(lived.assumptions) == {name for name in values if name in known}


def test_what_a_scenario_sets_itself_is_known(tmp_path: Path) -> None:
    said = "assumptions: {trust.memory_days: 400}\nignorance: true\n"
    scenario = load_scenario(guessing(tmp_path, said))
    assert "trust.memory_days" not in values_for(scenario, 1)
    assert scenario_for(scenario, 1).assumptions["trust.memory_days"] == 400


def test_a_new_parameter_moves_no_other_draw(tmp_path: Path) -> None:
    with_guess = load_scenario(guessing(tmp_path))
    without = with_guess.model_copy(update={"guesses": {}})
    drawn, fewer = values_for(with_guess, 3), values_for(without, 3)
    assert set() < fewer.keys() < drawn.keys()
    assert {name: drawn[name] for name in fewer} == fewer


def test_where_nothing_is_drawn_the_scenario_is_the_one_that_was_read(tmp_path: Path) -> None:
    scenario = load_scenario(small.scenario(tmp_path))
    assert scenario_for(scenario, 1) is scenario
    assert values_for(scenario, 1) == {}


def test_draws_are_triangular_with_the_usual_value_as_mode(tmp_path: Path) -> None:
    unknown = next(each for each in unknowns_of(load_scenario(small.scenario(tmp_path))) if not each.options)
    low, mode, high = unknown.low, unknown.mode, unknown.high
    drawn = [unknown.drawn((n + 0.5) / 2000) for n in range(2000)]
    assert sum(drawn) / 2000 == pytest.approx((low + mode + high) / 3, rel=1e-3)
    assert drawn == sorted(drawn)


@given(st.floats(0.001, 0.999))
def test_options_come_by_their_weights(u: float) -> None:
    scenario = SimpleNamespace(
        guesses={"respond": SimpleNamespace(between=None, one_of=["none", "effort"], shares=[1.0, 3.0])},
        model_dump=lambda mode: {"respond": "none"},
    )
    (unknown,) = guesses_of(scenario)  # type: ignore[arg-type]
    assert unknown.drawn(u) == ("none" if u < 0.25 else "effort")


def test_every_contract_lives_the_same_draw(tmp_path: Path) -> None:
    path = guessing(tmp_path)
    scenario, seen = load_scenario(path), []

    def simulate(world, lived, regime):  # type: ignore[no-untyped-def]
        seen.append((regime.name, lived.assumptions["trust.memory_days"], lived.clients.arrivals.per_week))
        return fakes.simulate(world, lived, regime)

    pipeline = sweepers.Pipeline(fakes.sample, simulate, fakes.hold, sweepers.measure)  # type: ignore[attr-defined]
    done = Trial(scenario, plans_of(scenario, tmp_path), "none", lambda: pipeline)(3)
    assert len(seen) == 2
    assert len({values[1:] for values in seen}) == 1
    assert seen[0][1] == done.drawn["trust.memory_days"]


def doubt(seed: int, effect: float, noise: float = 0.3, idle: int = 20):  # type: ignore[no-untyped-def]
    source, draws = random.Random(seed), {}
    drawn, ours = [], []
    for world in range(1, WORLDS + 1):
        values = draws.setdefault(draw_of(world), {f"x{n}": source.random() for n in range(idle)})
        drawn.append(values)
        ours.append({KEY.measure: effect * (values["x0"] - 0.5) + source.gauss(0, noise)})
    (found,) = doubts_of([KEY], {"new": ours, "old": [{KEY.measure: 0.0}] * WORLDS}, "old", drawn)  # type: ignore[list-item]
    return found


def test_chance_is_taken_out_of_the_range_and_kept_apart() -> None:
    found = [doubt(seed, 2.0) for seed in range(60)]
    chance = sum((each.chance or 0) for each in found) / 60
    assert chance == pytest.approx(2.23 * 0.3 / sqrt(WORLDS), rel=0.1)
    assert sum((each.high or 0) - (each.low or 0) for each in found) / 60 == pytest.approx(1.8, rel=0.1)
    quiet = [doubt(seed, 0.0) for seed in range(60)]
    assert sum((each.high or 0) - (each.low or 0) for each in quiet) / 60 < 0.5 * 3.3 * 0.3


def test_what_chance_leaves_is_what_other_people_would_move_the_mean_by() -> None:
    found = [doubt(seed, 0.0, idle=1) for seed in range(1500)]
    moved = sqrt(sum((each.mean or 0) ** 2 for each in found) / 1500)
    told = sqrt(sum((each.chance or 0) ** 2 for each in found) / 1500) / t_quantile(0.975, 10)
    assert told == pytest.approx(moved, rel=0.03)


def test_the_interval_of_the_mean_holds_the_draws_too_and_that_of_chance_alone_does_not() -> None:
    # Over all draws the effect is nought: x0 is uniform from 0 to 1.
    found = [doubt(seed, 2.0) for seed in range(200)]
    assert 0.91 < sum(abs(each.mean or 0) <= (each.half or 0) for each in found) / 200 < 0.985
    assert sum(abs(each.mean or 0) <= (each.chance or 0) for each in found) / 200 < 0.75


@given(st.lists(st.floats(-9, 9), min_size=5, max_size=9))
def test_worlds_of_one_draw_answer_together(values: list[float]) -> None:
    assert answers(values, False) == values
    together = answers(values, True)
    assert len(together) == draw_of(len(values))
    assert together[0] == pytest.approx((values[0] + values[1]) / 2)
    assert together[1] == values[2]
    shared = answers([ratio(n, n + 1) for n in range(len(values))], True)[0]
    assert isinstance(shared, Ratio)
    assert (shared.part, shared.whole) == (1, 3)
    assert set(answers([None] * len(values), True)) == {None}


@pytest.mark.parametrize("trials", [60, pytest.param(1000, marks=pytest.mark.long)])
def test_what_turns_nothing_is_named_in_five_of_a_hundred_and_what_does_in_ninety(trials: int) -> None:
    most = 0.05 * trials + 3 * sqrt(trials * 0.05 * 0.95)
    quiet = [doubt(seed, 0.0) for seed in range(trials)]
    assert sum(bool(each.turns) for each in quiet) <= most
    assert sum(bool(each.branches) for each in quiet) <= most
    loud = [doubt(seed, 2.0) for seed in range(trials)]
    assert sum("x0" in [turn.name for turn in each.turns] for each in loud) >= 0.9 * trials
    assert sum("x0" in [branch.name for branch in each.branches] for each in loud) >= 0.9 * trials


@pytest.mark.parametrize("draws", HELD)
def test_a_range_of_few_draws_holds_as_much_of_all_guesses_as_the_page_says(draws: int) -> None:
    def held(seed: int) -> float:
        source, values = random.Random(seed), dict[int, float]()
        worlds = range(1, worlds_holding(draws) + 1)
        ours = [{KEY.measure: values.setdefault(draw_of(n), source.gauss(0, 1))} for n in worlds]
        drawn = [{"x": values[draw_of(world)]} for world in worlds]
        (found,) = doubts_of([KEY], {"new": ours, "old": [{KEY.measure: 0.0}] * len(ours)}, "old", drawn)  # type: ignore[list-item]
        return NormalDist().cdf(found.high or 0) - NormalDist().cdf(found.low or 0)

    assert sum(map(held, range(300))) / 300 == pytest.approx(HELD[draws], abs=0.02)
    assert f"about {HELD[draws]:.0%} from {draws} draws" in ROUGHLY


def test_too_few_worlds_say_so() -> None:
    few = [{KEY.measure: float(n)} for n in range(4)]
    (found,) = doubts_of([KEY], {"new": few, "old": [{KEY.measure: 0.0}] * 4}, "old", [{"x": 1.0}] * 4)  # type: ignore[list-item]
    assert found.chance is None
    assert "too few worlds to part chance" in in_doubt(found)
    assert "too few worlds" in doubts_table([found])


def test_doubts_are_read_back_as_they_were() -> None:
    found = doubt(1, 3.0)
    assert found.turns
    assert found.branches
    again = doubts_from(json.loads(json.dumps({"differences": doubts_as_data([found])})))
    assert again == (found,)
    assert "over what is not known it goes from" in in_doubt(found)


def test_a_comparison_tells_both_ranges_everywhere(tmp_path: Path) -> None:
    path, out = small.scenario(tmp_path), tmp_path / "out"
    call = ["compare", str(path), "--ignorance", "-r", "12", "-w", "1", "-o", str(out)]
    said = CliRunner().invoke(group, call)
    assert said.exit_code == 0, said.output
    words = " ".join(said.output.split())
    assert "over what is not known it goes from" in words
    assert "what is not known" in said.output
    told = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    # Two routes to one interval: the table of differences, and what is said of what is not known.
    beside = {(each["contract"], each["measure"]): each for each in told["differences"]}
    for each in told["ignorance"]:
        other = beside[each["contract"], each["measure"]]
        assert each["mean"] == pytest.approx(other["mean"], rel=1e-9, abs=1e-12)
        assert other["n"] == each["worlds"]
    assert {each["measure"] for each in told["ignorance"]} >= {"continuity.coc", "admin.share"}
    assert (
        told["ignorance"] == json.loads((out / "ignorance.json").read_text(encoding="utf-8"))["differences"]
    )
    assert (out / "drawn.csv").read_text(encoding="utf-8").startswith("replication,unknown,value")
    page = (out / "report.html").read_text(encoding="utf-8")
    assert '<section id="ignorance"' in page
    assert "over what is not known it goes from" in page
    assert write_report(out).read_text(encoding="utf-8") == page
    with open_run(out) as run:
        assert run.manifest["scenario"]["resolved"]["ignorance"] is True
    again = CliRunner().invoke(group, ["reproduce", str(out), "-w", "1"])
    assert again.exit_code == 0, again.output


def test_guesses_are_in_reach_of_sensitivity(tmp_path: Path) -> None:
    path = guessing(tmp_path, GUESSES.replace("assumptions: drawn\n", ""))
    names = [each.name for each in parameters_for(("scenario.*",), load_scenario(path))]
    assert names == [
        "scenario.organisation.allocation.own_adviser_patience_days",
        "scenario.clients.arrivals.per_week",
        "scenario.respond",
    ]
    asked = Inquiry(("money.payer_spend",), "morris", ("scenario.clients.*",), 4, 3)
    found = sensitivity(path, asked, SweepOptions(workers=1, out=tmp_path / "out"), pipeline=sweepers.light)
    effect = found.effects[small.CONTRACTS[0], "money.payer_spend"][0]
    assert effect.mean.mean == pytest.approx(6 * 10, rel=0.01)
