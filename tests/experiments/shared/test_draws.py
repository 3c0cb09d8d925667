"""Worlds that share a draw of what is unknown, at every door: draws differ much here, the people of one little."""

import ast
import csv
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from math import sqrt
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import legalaid_sim
from legalaid_sim.events import Log
from legalaid_sim.experiments.attribution.attributing import AttributionOptions, attribute
from legalaid_sim.experiments.attribution.why import planned, why
from legalaid_sim.experiments.compare.comparing import compare
from legalaid_sim.experiments.compare.pairing import Tallied, gains
from legalaid_sim.experiments.compare.question import BadQuestion, ComparisonOptions
from legalaid_sim.experiments.frontier.study import FrontierOptions, _known, prepare_frontier
from legalaid_sim.experiments.run.job import RunOptions, prepare
from legalaid_sim.experiments.run.running import run
from legalaid_sim.experiments.run.steadiness import LivedOnce
from legalaid_sim.experiments.run.writing import write_clauses, write_months
from legalaid_sim.experiments.search.pareto import Goal
from legalaid_sim.experiments.search.proposals import Hunt
from legalaid_sim.experiments.search.relived import Lives, judged
from legalaid_sim.experiments.search.searching import search
from legalaid_sim.experiments.sensitivity.inquiry import Inquiry, prepare_sensitivity
from legalaid_sim.experiments.shared.axis import Axis
from legalaid_sim.experiments.shared.contrasts import contrasts_of
from legalaid_sim.experiments.shared.doubt import doubts_of
from legalaid_sim.experiments.shared.ignorance import (
    answers,
    draw_of,
    estimate_of,
    knowing,
    values_for,
    worlds_holding,
)
from legalaid_sim.experiments.shared.lasting import BELOW, SPEND, prices
from legalaid_sim.experiments.shared.plans import read_written
from legalaid_sim.experiments.shared.replicate import Pipeline, Trial, estimates
from legalaid_sim.experiments.shared.statistics import Estimate, deviation, estimate
from legalaid_sim.experiments.shared.stopping import Rule
from legalaid_sim.experiments.shared.verdicts import worlds_needed
from legalaid_sim.experiments.sweep.job import SweepJob, SweepOptions, prepare_sweep
from legalaid_sim.experiments.sweep.reading import along, maps, spreads
from legalaid_sim.experiments.sweep.sweeping import Swept, carry_out
from legalaid_sim.reports.again import finished_again
from legalaid_sim.reports.sweep import swept_along, swept_object
from legalaid_sim.reports.why import beyond_chance
from legalaid_sim.results import open_run
from legalaid_sim.results.summary import read_clause_rows, read_monthly
from legalaid_sim.scenario import load_scenario
from tests.experiments import fakes, small, sweepers

WORLDS = 12
COC = "continuity.coc"
GUESS = "guesses: {clients.arrivals.per_week: {between: [2, 8]}}\n"


def planted(seed: int, people: float = 0.1, worlds: int = WORLDS) -> list[float]:
    """Give a value a world, whose mean over all draws is 5."""
    source, draws = Random(seed), dict[int, float]()
    return [
        5
        + draws.setdefault(draw_of(world), source.gauss(0, 1) + source.gauss(0, people))
        + source.gauss(0, people)
        for world in range(1, worlds + 1)
    ]


def measured(values: Sequence[float], name: str = COC) -> list[dict[str, float | None]]:
    return [{name: value} for value in values]


def as_a_month(values: Sequence[float], drawn: bool, place: Path) -> Estimate:
    scenario = SimpleNamespace(period=SimpleNamespace(lead_in_months=0))
    write_months(place, scenario, {"a": [{"access.asked": [value]} for value in values]}, drawn)  # type: ignore[arg-type]
    (row,) = read_monthly(place / "months.csv")
    return Estimate(row.mean, row.low, row.high, row.n)


def as_a_clause(values: Sequence[float], drawn: bool, place: Path) -> Estimate:
    # Minutes are whole: a thousand of them for each.
    counts = [{"form": (1, 1, 0, round(1000 * value), 0, 1)} for value in values]
    write_clauses(place, {"a": counts}, drawn)
    (row,) = read_clause_rows(place / "clauses.csv")
    low, mean, high = ((each or 0.0) / 1000 for each in (row.low, row.minutes, row.high))
    return Estimate(mean, low, high, row.worlds)


def as_a_gain(values: Sequence[float], drawn: bool) -> Estimate:
    rows = [[Tallied("days", "everyone", 0, 10, 0, 0, value)] for value in values]
    return gains(rows, drawn)[0].change


def as_a_contrast(values: Sequence[float], drawn: bool) -> Estimate:
    worlds = {"a": measured([0.0] * len(values), SPEND), "b": measured(values, SPEND)}
    (found,) = contrasts_of(worlds, {"b": worlds["b"], "a": worlds["a"]}, "a", [SPEND], drawn=drawn)
    assert found.mechanical is not None
    assert found.mechanical[1:3] == pytest.approx(found.paired.difference[1:3])
    return found.paired.difference


def as_a_find(values: Sequence[float], drawn: bool) -> Estimate:
    fresh = Lives({SPEND: values}, {SPEND: values})
    nought = [0.0] * len(values)
    usual = Lives({SPEND: nought}, {SPEND: nought}, drawn, range(1, len(values) + 1))
    (found,) = judged({(1,): fresh}, usual, (Goal("max", SPEND),))
    assert found.gains[SPEND].chosen == found.gains[SPEND].fresh
    assert found.measures[SPEND] == found.gains[SPEND].fresh
    return found.gains[SPEND].fresh


def as_a_doubt(values: Sequence[float], drawn: bool) -> Estimate:
    worlds = {"a": measured([0.0] * len(values), SPEND), "b": measured(values, SPEND)}
    contrasts = contrasts_of(worlds, {}, "a", [SPEND], drawn=drawn)
    (found,) = doubts_of(contrasts, worlds, "a", [{"x": draw_of(w)} for w in range(1, len(values) + 1)])
    # It is told where something is drawn, and only there.
    mean, reach = found.mean or 0.0, found.half or 0.0
    return Estimate(mean, mean - reach, mean + reach, found.worlds) if drawn else estimate(values)


DOORS: dict[str, Callable[[Sequence[float], bool, Path], Estimate]] = {
    "a mean": lambda values, drawn, _: estimates(measured(values, SPEND), [SPEND], (), drawn)[SPEND],
    "a difference": lambda values, drawn, _: as_a_contrast(values, drawn),
    "a doubt": lambda values, drawn, _: as_a_doubt(values, drawn),
    "what the payer owes": lambda values, drawn, _: (
        prices({"a": measured(values, SPEND)}, "a", drawn)[0].spend
    ),
    "months below nought": lambda values, drawn, _: (
        prices({"a": measured(values, BELOW)}, "a", drawn)[0].months_below
    ),
    "what a search found": lambda values, drawn, _: as_a_find(values, drawn),
    "who gains": lambda values, drawn, _: as_a_gain(values, drawn),
    "a month": as_a_month,
    "a clause": as_a_clause,
}

# Slow to write so often; what people who differ in nothing make of them holds them too.
FILES = ("a month", "a clause")


@pytest.mark.parametrize("door", [door for door in DOORS if door not in FILES])
def test_an_interval_holds_the_mean_over_draws_as_often_as_it_says(door: str, tmp_path: Path) -> None:
    trials = 300

    def share_that_hold(drawn: bool) -> float:
        found = [DOORS[door](planted(seed), drawn, tmp_path) for seed in range(trials)]
        assert {each.n for each in found} == {WORLDS}
        return sum((each.low or 0) <= 5 <= (each.high or 0) for each in found) / trials

    assert 0.925 < share_that_hold(True) < 0.98
    assert share_that_hold(False) < 0.925


@pytest.mark.parametrize("door", DOORS)
def test_people_who_differ_in_nothing_make_no_draw_count_twice(door: str, tmp_path: Path) -> None:
    worlds = planted(3, people=0.0)
    once = [value for at, value in enumerate(worlds) if value not in worlds[:at]]
    assert len(once) == draw_of(WORLDS) == 9
    found, alone = DOORS[door](worlds, True, tmp_path), DOORS[door](once, False, tmp_path)
    assert found[:3] == pytest.approx(alone[:3], rel=1e-3)


@given(st.lists(st.floats(-9, 9), max_size=9), st.integers(1, 40))
def test_worlds_answer_for_their_draw_whichever_are_there(values: list[float], first: int) -> None:
    numbers = range(first, first + len(values))
    found = answers(values, True, numbers)
    assert len(found) == len({draw_of(number) for number in numbers})
    assert answers(values, False, numbers) == values
    assert estimate_of(values, False) == estimate(values)
    assert estimate_of(values, True, numbers)[:3] == estimate(found)[:3]


@given(st.integers(1, 3000))
def test_worlds_that_hold_so_many_draws_are_the_fewest(draws: int) -> None:
    worlds = worlds_holding(draws)
    assert draw_of(worlds) == draws
    assert worlds == 1 or draw_of(worlds - 1) < draws


def test_so_many_more_worlds_are_as_many_as_hold_the_draws_that_are_needed() -> None:
    gaps = [0.2, 1.9, 0.4, 1.6, 0.1, 2.2, 0.7, 1.1, 0.9]
    draws = worlds_needed(gaps, 0.3)
    assert draws is not None
    assert worlds_needed(gaps, 0.3, drawn=True) == worlds_holding(draws) > draws
    # In the worlds that are asked for, the half-width that was wanted is reached.
    worlds = planted(5)
    ours, theirs = measured(worlds, COC), measured([4.8] * WORLDS, COC)
    (found,) = contrasts_of({"a": theirs, "b": ours}, {}, "a", [COC], {COC: 0.5}, drawn=True)
    assert found.needed is not None
    assert draw_of(found.needed) > draw_of(WORLDS) == found.answered
    assert (found.paired.difference.n, found.lived) == (WORLDS, WORLDS)


def test_worlds_that_lack_a_side_take_no_part_in_their_draw() -> None:
    ours, theirs = measured([1.0, 9.0, 2.0, 3.0], SPEND), measured([0.0, 0.0, 0.0, 0.0], SPEND)
    theirs[1] = {SPEND: None}
    (found,) = contrasts_of({"a": theirs, "b": ours}, {}, "a", [SPEND], drawn=True)
    assert found.paired.difference.mean == found.ours.mean == 2.0
    assert (found.paired.difference.n, found.answered, found.lived) == (3, 3, 4)


def test_one_draw_is_no_interval_whatever_its_worlds() -> None:
    (found,) = prices({"a": measured([1.0, 3.0], BELOW)}, "a", True)
    assert (found.worlds_below, found.worlds) == (2, 2)
    assert found.months_below == (2.0, None, None, 1, None)
    (gap,) = contrasts_of({"a": measured([1.0, 3.0]), "b": measured([5.0, 9.0])}, {}, "a", [COC], drawn=True)
    assert gap.verdict == "undefined"
    assert gap.paired.difference == (5.0, None, None, 1, None)


def test_no_run_stops_before_its_draws_are_enough() -> None:
    worlds = planted(11, worlds=200)
    counts = range(10, 200)
    over_draws, over_worlds = (
        next(n for n in counts if Rule(10, 200, 0.3, drawn).enough([worlds[:n]])) for drawn in (True, False)
    )
    assert over_draws > over_worlds
    assert (estimate_of(worlds[:over_draws], True).half_width or 9) <= 0.3
    assert (estimate_of(worlds[:over_worlds], True).half_width or 0) > 0.3


def blocks_of(contract: Any) -> int:
    return len(contract.payments)


OLD, NEW = (blocks_of(read_written(name).compiled().contract) for name in small.CONTRACTS)


TOLD: dict[int, tuple[Log, dict[str, float | None]]] = {}


def pipeline() -> Pipeline:
    """Measure the guess that a world drew: the people in it do nothing."""

    def simulate(world: Any, scenario: Any, regime: Any) -> Log:
        log = fakes.simulate(world, scenario, regime)
        rate, own = scenario.clients.arrivals.per_week, blocks_of(regime.terms[0].contract)
        values = {SPEND: 1000.0 * rate * own, BELOW: rate, COC: rate * own / 400, "admin.share": rate / 10}
        TOLD[id(log)] = log, values
        return log

    return Pipeline(
        fakes.sample, simulate, fakes.hold, lambda log, names=(): TOLD[id(log)][1],
        lambda log: {"access.asked": [TOLD[id(log)][1][BELOW]] * 5},
    )  # fmt: skip


def trial(scenario: Any, plans: Any, keep: Any) -> Trial:
    return Trial(scenario, plans, keep, pipeline)


def scenario(folder: Path) -> Path:
    path = small.scenario(folder)
    path.write_text(path.read_text(encoding="utf-8") + GUESS, encoding="utf-8")
    return path


def test_shares_of_clauses_are_over_draws(tmp_path: Path) -> None:
    path, (old, new) = drawing(tmp_path), small.CONTRACTS
    with pytest.raises(BadQuestion, match="needs three worlds or more: the first two share a draw"):
        attribute(path, AttributionOptions(old, new, (COC,), 2), pipeline=pipeline)
    asked = AttributionOptions(old, new, (COC,), WORLDS, exact_up_to=0, pairs=1, workers=1)
    (found,) = attribute(path, asked, pipeline=pipeline).measures
    rates = rates_of(tmp_path)
    assert list(found.before[:3]) == over_its_draws([rate * OLD / 400 for rate in rates])
    gap = (NEW - OLD) / 400
    assert list(found.total[:3]) == over_its_draws([gap * rate for rate in rates])
    assert [found.total.n, *(share.share.n for share in found.shares)] == [WORLDS] * (1 + len(found.shares))


def test_why_asks_one_world_of_every_draw(tmp_path: Path) -> None:
    options = RunOptions(replications=4, workers=1, out=tmp_path / "out", ignorance=True)
    run(prepare(scenario(tmp_path), options), trial=trial)
    with open_run(tmp_path / "out") as held:
        plans = planned(held, [COC], 3, 1, pipeline)
        assert {item.world for item in plans.work[0].items} == {1, 3, 4}
        (split,) = why(plans, 1).reasons[0].measures
        kept = [world[COC] for world in held.replications(small.CONTRACTS[0])]
    assert split.before[:3] == pytest.approx(estimate([kept[0], *kept[2:]])[:3])
    # One draw tells of one guess: whatever its worlds agree in, nothing is beyond chance.
    assert not beyond_chance({"total": estimate_of([1.0, 1.0], True).as_data()})
    assert beyond_chance({"total": estimate([1.0, 1.0]).as_data()})


def over_its_draws(values: Sequence[float]) -> list[Any]:
    """Give mean, low and high of worlds that agree in every draw, each draw once."""
    once = [value for at, value in enumerate(values, start=1) if at == 1 or draw_of(at - 1) < draw_of(at)]
    return [pytest.approx(end) for end in estimate(once)[:3]]


@pytest.mark.parametrize("door", ["run", "compare"])
def test_a_folder_takes_every_interval_over_draws(door: str, tmp_path: Path) -> None:
    options = RunOptions(replications=WORLDS, workers=1, out=tmp_path / "out", ignorance=True)
    job = prepare(scenario(tmp_path), options)
    old = small.CONTRACTS[0]
    found: Any = run(job, trial=trial) if door == "run" else compare(job, ComparisonOptions(), trial=trial)
    with (tmp_path / "out" / "drawn.csv").open(encoding="utf-8") as file:
        rates = [
            float(row["value"])
            for row in csv.DictReader(file)
            if row["unknown"].endswith("arrivals.per_week")
        ]
    assert len(rates) == WORLDS
    assert len(set(rates)) == 9
    assert list(found.estimates[old]["admin.share"][:3]) == over_its_draws([rate / 10 for rate in rates])
    spend = over_its_draws([1000 * rate * OLD for rate in rates])
    assert list(found.prices[0].spend[:3]) == spend
    gap = next(each for each in found.contrasts if each.measure == COC).paired.difference
    apart = (NEW - OLD) / 400
    assert list(gap[:3]) == over_its_draws([apart * rate for rate in rates])
    month = read_monthly(tmp_path / "out" / "months.csv")[0]
    assert [month.mean, month.low, month.high, month.n] == [*over_its_draws(rates), WORLDS]
    again = finished_again(tmp_path / "out")
    assert again.estimates == found.estimates
    assert again.prices == found.prices
    if door == "compare":
        told = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
        assert [told["prices"][0]["payer_owes"][end] for end in ("mean", "low", "high")] == spend


# What takes intervals of values as they are given, and where those come from.
RAW = {
    "statistics": {
        "estimate",
        "paired",
        "p_value_of",
        "replications_for",
        "deviation",
        "t_quantile",
        "two_sided_p",
    },
    "ratios": {"level_of", "sides_of"},
}
ANSWERS = "is handed answers, or makes them"
STANDS = "lives no draw: what is unknown stands where the scenario has it"
OTHER = "its worlds are of no scenario's draws"
MAY = {
    **dict.fromkeys(
        (f"shared/{name}" for name in ("ratios", "verdicts", "ignorance", "contrasts", "doubt", "replicate")),
        ANSWERS,
    ),
    **dict.fromkeys(("compare/ranking", "sweep/reading"), ANSWERS),
    **dict.fromkeys((f"sensitivity/{name}" for name in ("effects", "turning", "variance")), STANDS),
    **dict.fromkeys(("run/steadiness", "frontier/study"), STANDS),
    **dict.fromkeys(("validation/verdict", "importing/survival"), OTHER),
}


def test_whoever_takes_an_interval_hands_worlds_to_what_knows_of_draws() -> None:
    package = Path(legalaid_sim.__file__).parent
    found = {
        f"{path.parent.name}/{path.stem}"
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and RAW.get((node.module or "").rpartition(".")[2], set()) & {alias.name for alias in node.names}
    }
    strangers = found - MAY.keys()
    assert not strangers, f"{sorted(strangers)}: take intervals by estimate_of, estimates or contrasts_of"
    assert MAY.keys() == found


def test_what_takes_intervals_over_worlds_draws_nothing(tmp_path: Path) -> None:
    path, seen = drawing(tmp_path), list[Any]()
    job, *_ = prepare_sensitivity(path, Inquiry((COC,), "oat", ("trust.memory_days",)), watching(seen))
    job.task(next(job.units()))
    held = prepare_frontier(path, FrontierOptions(), RunOptions(workers=1, out=tmp_path / "out"))
    Trial(_known(held.job), held.plans, "none", watching(seen))(3)
    with suppress(KeyError):
        LivedOnce(held.job.scenario, held.plans[0], watching(seen))(3)
    assert [rate for rate, _ in seen] == [4.0] * 3


def watching(seen: list[Any]) -> Callable[[], Pipeline]:
    """Give the pipeline, telling what was drawn for every world."""

    def sample(scenario: Any, seed: int) -> Any:
        seen.append((scenario.clients.arrivals.per_week, dict(scenario.assumptions)))
        return fakes.sample(scenario, seed)

    return lambda: pipeline()._replace(sample=sample)


def drawing(folder: Path) -> Path:
    path = scenario(folder)
    path.write_text(path.read_text(encoding="utf-8") + "ignorance: true\n", encoding="utf-8")
    return path


def swept(folder: Path, vary: str, worlds: int = WORLDS) -> tuple[SweepJob, Swept]:
    drawing(folder)
    rest = f"vary: [{vary}]\nreplications: {worlds}\nmeasures: [{COC}]\n"
    (folder / "sweep.yaml").write_text(sweepers.SWEEP.format(rest=rest), encoding="utf-8")
    job = prepare_sweep(folder / "sweep.yaml", pipeline)
    return job, carry_out(job, SweepOptions(workers=1, out=folder / "out"))


def test_a_point_of_a_sweep_is_known_by_its_draws(tmp_path: Path) -> None:
    job, done = swept(tmp_path, "{path: assumptions.trust.memory_days, values: [100, 200]}")
    rates = rates_of(tmp_path)
    old = [row for row in done.rows if row["contract"] == small.CONTRACTS[0]]
    assert {row["replication"]: row[COC] * 400 / OLD for row in old} == pytest.approx(
        dict(enumerate(rates, 1))
    )
    gaps = [(NEW - OLD) / 400 * rate for rate in rates]
    (found,) = spreads(done.database, small.CONTRACTS, [COC], drawn=True)
    assert list(found.quantiles) == [over_its_draws(gaps)[0]] * 5
    assert found.noise == pytest.approx(
        deviation([g or 0 for g in answers(gaps, True)]) / sqrt(draw_of(WORLDS))
    )
    assert swept_object(job, done)["differences"][0]["noise"] == found.noise
    held, _ = along(done.database, [COC], small.CONTRACTS, drawn=True)
    assert [middle for _, _, middle, _ in held.steps] == [
        over_its_draws([OLD / 400 * r for r in rates])[0]
    ] * 2


def test_a_map_tells_what_chance_and_draws_leave_to_a_cell(tmp_path: Path) -> None:
    days = "{path: assumptions.trust.memory_days, values: [100, 200]}"
    axes = f"{days}, {{path: assumptions.trust.contacts, values: [2, 3]}}"
    job, done = swept(tmp_path, axes, 6)
    gaps = [(NEW - OLD) / 400 * rate for rate in rates_of(tmp_path)[:6]]
    (found,) = swept_along(job, done)["maps"]
    assert {cell[:2] for cell in found["cells"]} == {(100.0, 2.0), (100.0, 3.0), (200.0, 2.0), (200.0, 3.0)}
    wanted = estimate_of(gaps, True)
    assert [cell[2:] for cell in found["cells"]] == [pytest.approx((wanted.mean, wanted.half_width))] * 4
    # A world in which one side has no value tells of no difference, nor of its mean.
    with closing(sqlite3.connect(done.database)) as database, database:
        lost = f'UPDATE runs SET "{COC}" = NULL WHERE replication = 4 AND contract = ?'
        database.execute(lost, (small.CONTRACTS[0],))
    wanted = estimate_of([None if world == 4 else gap for world, gap in enumerate(gaps, 1)], True)
    (whole,) = maps(done.database, [COC], small.CONTRACTS, drawn=True)
    assert [cell[2:] for cell in whole.cells] == [pytest.approx((wanted.mean, wanted.half_width))] * 4


def test_what_a_point_sets_is_known_there(tmp_path: Path) -> None:
    _, done = swept(tmp_path, "{path: clients.arrivals.per_week, values: [3, 6]}", 3)
    found = {(row["clients.arrivals.per_week"], row["contract"]): row[COC] for row in done.rows}
    assert found == pytest.approx(
        {(rate, name): rate * own / 400 for rate in (3, 6) for name, own in zip(small.CONTRACTS, (OLD, NEW))}
    )
    data = load_scenario(tmp_path / "small.yaml")
    for path, left in {"clients": 0, "clients.arrivals": 0, "clients.problems": 1, "seed": 1}.items():
        assert len(knowing(data, [path]).guesses) == left
    assert knowing(load_scenario(scenario(tmp_path)), ["clients"]).guesses


def rates_of(folder: Path) -> list[float]:
    data = load_scenario(folder / "small.yaml")
    return [values_for(data, world)["scenario.clients.arrivals.per_week"] for world in range(1, WORLDS + 1)]


@given(st.integers(1, 40), st.integers(1, 40))
def test_worlds_that_chose_share_no_draw_with_those_that_judge(chosen: int, fresh: int) -> None:
    hunt = Hunt("a", (), (), replications=chosen, fresh=fresh)
    assert hunt.judging(False) == range(chosen + 1, chosen + fresh + 1)
    judges = hunt.judging(True)
    assert len(judges) == fresh
    assert {draw_of(world) for world in judges}.isdisjoint(draw_of(world) for world in hunt.choosing)


def test_a_search_takes_its_gains_over_draws(tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    path = drawing(tmp_path)
    axis = Axis(path="assumptions.trust.memory_days", values=[100])
    hunt = Hunt(small.CONTRACTS[0], (axis,), (Goal("max", COC),), 1, 3, 1, WORLDS)
    found = search(path, hunt, SweepOptions(workers=1, out=tmp_path / "out"), pipeline=pipeline)
    data = load_scenario(path)
    judges = list(hunt.judging(True))
    rates = {world: values_for(data, world)["scenario.clients.arrivals.per_week"] for world in judges}
    wanted = estimate_of([rate * OLD / 400 for rate in rates.values()], True, rates)
    assert found.usual[COC] == wanted
    assert list(found.by_world[COC]) == [1, 2, 3, *judges]
    assert found.relived[0].gains[COC].fresh.mean == 0
