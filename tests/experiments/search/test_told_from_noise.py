"""What does nothing is named in at most five of a hundred, what does something found in at least ninety."""

import ast
import random
from collections.abc import Iterator
from math import sqrt
from pathlib import Path

import pytest

import legalaid_sim
from legalaid_sim.experiments.search.pareto import Goal, read_axis
from legalaid_sim.experiments.search.proposals import Hunt
from legalaid_sim.experiments.search.relived import Lives, judged
from legalaid_sim.experiments.search.searching import search
from legalaid_sim.experiments.sensitivity.effects import effects_of
from legalaid_sim.experiments.sensitivity.inquiry import Inquiry, parameters_for, sensitivity
from legalaid_sim.experiments.sensitivity.screening import screening
from legalaid_sim.experiments.sensitivity.turning import rankings_of
from legalaid_sim.experiments.shared.statistics import fisher, p_value_of, share_interval, simes
from legalaid_sim.experiments.sweep.job import SweepOptions, prepare_sweep
from legalaid_sim.experiments.sweep.reading import spreads
from legalaid_sim.experiments.sweep.sweeping import carry_out
from tests.experiments import chance, small, sweepers

FEW, MANY = 40, 400
KEY = ("new", "coc")
MOVED = "trust.memory_days"


def most(trials: int, share: float = 0.05) -> float:
    """As many as there may be by chance, three standard errors up."""
    return trials * share + 3 * sqrt(trials * share * (1 - share))


def named(
    method: str, seed: int, effect: float, walks: int = 4, worlds: int = 3
) -> tuple[set[int], set[int]]:
    """Name the starred and the turning of six parameters, of which the first alone may do something."""
    design, source = screening(method, (0.5,) * 6, walks, seed), random.Random(seed)  # type: ignore[arg-type]
    table = [
        [effect * (point[0] - 0.5) + source.gauss(0, 1) for _ in range(worlds)] for point in design.points
    ]
    starred = {at for at, found in enumerate(effects_of(design, {KEY: table})[KEY]) if found.clear}
    return starred, set(rankings_of(design, {KEY: table})[KEY].flips)


@pytest.mark.parametrize(("method", "walks", "worlds"), [("morris", 4, 3), ("morris", 4, 2), ("oat", 1, 10)])
def test_chance_alone_is_neither_starred_nor_said_to_turn_anything(
    method: str, walks: int, worlds: int
) -> None:
    found = [named(method, seed, 0.0, walks, worlds) for seed in range(FEW)]
    assert sum(bool(starred) for starred, _ in found) <= most(FEW)
    assert sum(bool(turning) for _, turning in found) <= most(FEW)


@pytest.mark.parametrize(("method", "walks", "worlds"), [("morris", 4, 8), ("oat", 1, 10)])
def test_a_planted_effect_is_starred_and_said_to_turn_the_order(method: str, walks: int, worlds: int) -> None:
    found = [named(method, seed, 10.0, walks, worlds) for seed in range(FEW)]
    assert sum(0 in starred for starred, _ in found) >= 0.9 * FEW
    assert sum(0 in turning for _, turning in found) >= 0.9 * FEW
    assert sum(bool((starred | turning) - {0}) for starred, turning in found) <= most(FEW, 0.1)


def test_more_walks_find_a_weaker_effect() -> None:
    shares = [
        sum(0 in named("morris", seed, 1.0, walks)[0] for seed in range(10)) / 10 for walks in (4, 20, 80)
    ]
    assert shares[0] < 0.5
    assert shares == sorted(shares)
    assert shares[-1] >= 0.9


def test_a_parameter_that_turns_about_is_found_though_its_mean_is_nothing() -> None:
    design, source = screening("morris", (0.5,) * 4, 12, 1), random.Random(1)
    table = [
        [6 * (x[0] - 0.5) * (1 if x[1] < 0.5 else -1) + source.gauss(0, 1) for _ in range(4)]
        for x in design.points
    ]
    first, second, *idle = effects_of(design, {KEY: table})[KEY]
    assert first.clear
    assert second.clear
    assert not any(effect.clear for effect in idle)


def test_what_does_not_stand_clear_says_how_many_walks_would_show_it() -> None:
    design, source = screening("morris", (0.5,) * 6, 4, 2), random.Random(2)
    table = [[x[0] + source.gauss(0, 1) for _ in range(3)] for x in design.points]
    effect = effects_of(design, {KEY: table})[KEY][0]
    assert not effect.clear
    assert effect.needed is not None
    assert 5 <= effect.needed <= 400


def test_for_what_does_not_matter_no_more_walks_are_asked_for() -> None:
    design, source = screening("morris", (0.5,) * 6, 4, 2), random.Random(2)
    table = [[0.1 * x[0] + source.gauss(0, 0.1) for _ in range(3)] for x in design.points]
    assert effects_of(design, {KEY: table})[KEY][0].needed is not None
    assert all(effect.needed is None for effect in effects_of(design, {KEY: table}, {KEY: 1.0})[KEY])
    assert rankings_of(design, {KEY: table}, {KEY: 1.0})[KEY].no_matter.mean == pytest.approx(1.0, abs=0.1)


def seeded(folder: Path, number: int) -> Path:
    """Write the small scenario with worlds of its own for every trial."""
    path = small.scenario(folder)
    path.write_text(path.read_text(encoding="utf-8").replace("seed: 11", f"seed: {number}"), encoding="utf-8")
    return path


def analysis(folder: Path, number: int, effect: float, worlds: int = 3):  # type: ignore[no-untyped-def]
    """Run a whole analysis with a planted effect of one assumption on the second contract."""

    def planted(assumed, name, regime):  # type: ignore[no-untyped-def]
        low, high = 365.0, 730.0
        part = (float(assumed.get(MOVED, low)) - low) / (high - low)
        return effect * (part - 0.5) if name == small.CONTRACTS[1] else 0.0

    asked = Inquiry((chance.MEASURE,), "morris", ("trust.*",), 4, worlds, seed=number)
    options = SweepOptions(workers=1, out=folder / str(number))
    return sensitivity(seeded(folder, number), asked, options, pipeline=chance.pipeline(planted))


@pytest.mark.parametrize("trials", [12, pytest.param(MANY, marks=pytest.mark.long)])
def test_a_whole_analysis_of_nothing_names_nothing(tmp_path: Path, trials: int) -> None:
    found = [analysis(tmp_path, number, 0.0) for number in range(trials)]
    key = (small.CONTRACTS[1], chance.MEASURE)
    assert sum(any(effect.clear for effect in each.differences[key]) for each in found) <= most(trials)
    assert sum(bool(each.rankings[key].flips) for each in found) <= most(trials)
    told = [1 - (each.rankings[key].untold.mean or 0) for each in found]
    assert sum(told) / trials <= 0.05 + 3 * 0.05 / trials**0.5


@pytest.mark.parametrize("trials", [10, pytest.param(100, marks=pytest.mark.long)])
def test_a_whole_analysis_finds_what_was_planted(tmp_path: Path, trials: int) -> None:
    at = [each.name for each in parameters_for(("trust.*",))].index(MOVED)
    found = [analysis(tmp_path, number, 20.0, worlds=5) for number in range(trials)]
    key = (small.CONTRACTS[1], chance.MEASURE)
    assert sum(each.differences[key][at].clear for each in found) >= 0.9 * trials
    assert sum(at in each.rankings[key].flips for each in found) >= 0.9 * trials


def hunted(folder: Path, number: int, gain: float):  # type: ignore[no-untyped-def]
    """Search minutes of a form between 2 and 40, where more are worth ``gain`` for all 38."""

    def planted(assumed, name, regime):  # type: ignore[no-untyped-def]
        form = next(duty for duty in regime.terms[0].contract.duties if duty.id == "short_form")
        return gain * float(form.minutes.adviser) / 38

    goals = (Goal("max", chance.MEASURE),)
    axis = read_axis("duties.short_form.minutes.adviser=2..40:0")
    hunt = Hunt("relational-pilot", (axis,), goals, points=12, replications=3, seed=number)
    options = SweepOptions(workers=1, out=folder / str(number))
    return search(seeded(folder, number), hunt, options, pipeline=chance.pipeline(planted))


@pytest.mark.parametrize("trials", [12, pytest.param(MANY, marks=pytest.mark.long)])
def test_a_search_of_terms_that_do_nothing_keeps_none(tmp_path: Path, trials: int) -> None:
    pytest.importorskip("optuna")
    found = [hunted(tmp_path, number, 0.0) for number in range(trials)]
    assert sum(bool(each.choices) for each in found) <= most(trials)
    gains = [each.relived[0].gains[chance.MEASURE] for each in found]
    chosen = sum(gain.chosen.mean or 0 for gain in gains) / trials
    fresh = sum(gain.fresh.mean or 0 for gain in gains) / trials
    assert chosen > 0.4
    assert abs(fresh) < 3 * (2 / 20 / trials) ** 0.5


@pytest.mark.parametrize("trials", [10, pytest.param(100, marks=pytest.mark.long)])
def test_a_search_keeps_terms_that_are_better(tmp_path: Path, trials: int) -> None:
    pytest.importorskip("optuna")
    found = [hunted(tmp_path, number, 40.0) for number in range(trials)]
    assert sum(bool(each.choices) for each in found) >= 0.9 * trials


def test_points_that_another_beats_in_fresh_worlds_fall_off() -> None:
    source = random.Random(1)
    worlds = [source.gauss(0, 1) for _ in range(20)]

    def lives(gain: float) -> Lives:
        values = {"continuity.coc": [world + gain + source.gauss(0, 0.1) for world in worlds]}
        return Lives(values, values)

    goals = (Goal("max", "continuity.coc"),)
    found = judged({("a",): lives(1.0), ("b",): lives(2.0), ("c",): lives(-1.0)}, lives(0.0), goals)
    assert [(each.values[0], bool(each.fell)) for each in found] == [("a", True), ("b", False), ("c", True)]


def test_a_sweep_tells_a_sign_only_where_its_worlds_do(tmp_path: Path) -> None:
    rest = (
        "vary: [{path: assumptions.trust.memory_days, values: ["
        + ", ".join(map(str, range(100, 500, 10)))
        + "]}]\nreplications: 4\nmeasures: [continuity.coc]"
    )
    job = prepare_sweep(
        sweepers.written(tmp_path, rest), pipeline=chance.pipeline(lambda assumed, name, regime: 0.0)
    )
    database = carry_out(job, SweepOptions(workers=1, out=tmp_path / "out")).database
    (spread,) = spreads(database, small.CONTRACTS, ["continuity.coc"])
    assert spread.points == 40
    assert (spread.more or 0) + (spread.less or 0) <= 0.05 + 3 * (0.05 * 0.95 / 40) ** 0.5
    assert spread.no_matter == 0
    assert spread.untold == pytest.approx(1 - (spread.more or 0) - (spread.less or 0))
    assert spread.noise == pytest.approx(2**0.5 / 2, rel=0.25)


def test_shares_and_combined_p_values_against_known_ones() -> None:
    assert share_interval(0.0, 10)[1] == pytest.approx(0.3085, abs=1e-4)
    assert share_interval(0.3, 10) == pytest.approx((0.0667, 0.6525), abs=1e-4)
    assert fisher([0.01, 0.2, 0.7]) == pytest.approx(0.04083, abs=1e-4)
    assert simes([0.5, 0.03, 0.04]) == pytest.approx(0.06)
    assert p_value_of([1.0, None]) is None


# ---- a number that is 0 is not a number that is missing ----


NUMERIC = {"int", "float", "Decimal", "Value", "Pence", "Minutes", "complex", "Fraction"}
WORDS = {"None", "Optional", "Annotated", "Field", "Final"}


def numbers_of_the_package(trees: list[ast.Module]) -> set[str]:
    """Names that are annotated as a number that may be missing, and nowhere as anything but a number."""
    found: dict[str, list[set[str]]] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
                target = (
                    node.arg if isinstance(node, ast.arg) else ast.unparse(node.target).rpartition(".")[2]
                )
                parts = list(ast.walk(node.annotation))
                words = {each.id for each in parts if isinstance(each, ast.Name)}
                words |= {"None" for each in parts if isinstance(each, ast.Constant) and each.value is None}
                found.setdefault(target, []).append(words)
    return {
        name
        for name, held in found.items()
        if all(words and words <= NUMERIC | WORDS for words in held)
        and any(words & NUMERIC for words in held)
        and any("None" in words or "Value" in words for words in held)
    }


def defaults_of_numbers(tree: ast.Module, numbers: set[str]) -> Iterator[ast.BoolOp]:
    """Every ``x or default`` used as a value in which 0 would be taken for missing: x a number, default not 0."""
    nodes = list(ast.walk(tree))
    asked = {
        id(node.test) for node in nodes if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert)
    } | {id(test) for node in nodes if isinstance(node, ast.comprehension) for test in node.ifs}
    for node in nodes:
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) and id(node) not in asked:
            last = node.values[-1]
            if isinstance(last, ast.Constant) and last.value in (0, 0.0) and last.value is not False:
                continue
            literal = isinstance(last, ast.Constant) and type(last.value) in (int, float)
            if literal or any(_is_number(value, numbers) for value in node.values[:-1]):
                yield node


def _is_number(node: ast.expr, numbers: set[str]) -> bool:
    if isinstance(node, ast.BinOp):
        return not isinstance(node.op, ast.BitOr | ast.BitAnd | ast.Mod | ast.Add | ast.Div)
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name in numbers


def test_no_zero_is_taken_for_a_missing_number() -> None:
    package = Path(legalaid_sim.__file__).parent
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(package.rglob("*.py"))}
    numbers = numbers_of_the_package(list(trees.values()))
    found = [
        f"{path.relative_to(package)}:{node.lineno}: {ast.unparse(node)}"
        for path, tree in trees.items()
        for node in defaults_of_numbers(tree, numbers)
    ]
    assert not found


def test_a_number_with_a_default_is_seen() -> None:
    tree = ast.parse("def f(high: float | None) -> float:\n    return min(1, high or 1)")
    assert numbers_of_the_package([tree]) == {"high"}
    assert len(list(defaults_of_numbers(tree, {"high"}))) == 1
    assert not list(defaults_of_numbers(ast.parse("y = high or 0.0"), {"high"}))
    assert not list(defaults_of_numbers(ast.parse("if high or low: pass"), {"high"}))
