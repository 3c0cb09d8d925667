import json
import re
from math import inf
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.events import Asked, Contact, Log, Outcome, Person, Window
from legalaid_sim.experiments.compare.comparing import (
    Contest,
    PairedSeries,
    baseline_of,
    compare,
    contests,
    family_of,
    ranked,
)
from legalaid_sim.experiments.compare.guards import BadCondition, fails, read_condition
from legalaid_sim.experiments.compare.pairing import ClientLife, gains, lives_of, tally
from legalaid_sim.experiments.compare.question import BadQuestion, ComparisonOptions
from legalaid_sim.experiments.compare.ranking import best_of, kim_nelson_constants
from legalaid_sim.experiments.run.job import RunOptions, prepare
from legalaid_sim.experiments.shared.contrasts import contrasts_of
from legalaid_sim.experiments.shared.executors import Here, Local
from legalaid_sim.experiments.shared.stopping import Rule, exactly
from legalaid_sim.experiments.shared.verdicts import VerdictWord
from legalaid_sim.measures import HEADLINES, REGISTRY
from legalaid_sim.reports.comparison import render_comparison, rounded
from legalaid_sim.reports.numbers import signed
from tests.experiments import fakes, small

COC = "continuity.coc"


def normal(seed: int, worlds: int, mean: float = 0.0) -> list[float]:
    import random

    source = random.Random(seed)
    return [source.gauss(mean, 1.0) for _ in range(worlds)]


def measured(values: list[float], name: str = COC) -> list[dict[str, float | None]]:
    return [{name: value} for value in values]


def test_a_paired_difference_is_the_published_one() -> None:
    minutes = "admin.minutes_per_matter"
    ours = measured([12, 15.1, 9.7, 14.2, 11.3, 13.8, 10.4, 12.9], minutes)
    theirs = measured([10.9, 14.2, 9.1, 12.8, 10.9, 12.5, 9.9, 11.6], minutes)
    (found,) = contrasts_of({"a": theirs, "b": ours}, {}, "a", (minutes,), {minutes: 0.1})
    assert found.paired.difference.mean == pytest.approx(0.9375)
    assert found.paired.difference.half_width == pytest.approx(0.331221, abs=1e-6)
    assert (found.verdict, found.direction, found.needed) == ("worse", "worse", None)


def test_what_was_never_seen_to_differ_is_not_said_to_be_the_same() -> None:
    values = measured(normal(1, 10))
    (found,) = contrasts_of({"a": values, "b": values}, {}, "a", (COC,))
    assert (found.verdict, found.needed, found.direction) == ("never seen to differ", None, "")
    assert found.at_most == pytest.approx(0.2589, abs=1e-4)
    assert found.paired.difference[:3] == (0.0, None, None)


def test_one_world_is_no_test() -> None:
    (found,) = contrasts_of({"a": measured([1.0]), "b": measured([2.0])}, {}, "a", (COC,))
    assert (found.verdict, found.p_value) == ("undefined", None)


def test_an_open_difference_says_how_many_worlds_would_settle_it() -> None:
    ours, theirs = measured([0.1, -0.3, 0.5, -0.2, 0.2]), measured([0.0] * 5)
    (found,) = contrasts_of({"a": theirs, "b": ours}, {}, "a", (COC,))
    assert found.verdict == "cannot tell"
    assert found.needed is not None
    assert found.needed > 5


@pytest.mark.parametrize(("trials", "worlds"), [(400, 8)])
def test_contracts_without_difference_are_told_apart_in_at_most_five_of_a_hundred(
    trials: int, worlds: int
) -> None:
    names = [measure.name for measure in HEADLINES[:5]]
    wrong = 0
    for trial in range(trials):
        regimes = {
            regime: [
                dict(zip(names, row))
                for row in zip(*(normal(trial * 100 + at * 10 + number, worlds) for at in range(len(names))))
            ]
            for number, regime in enumerate(("a", "b", "c"))
        }
        found = contrasts_of(regimes, {}, "a", names)
        wrong += any(contrast.differs for contrast in found)
    # 5 % and three standard errors of 400 trials.
    assert wrong / trials <= 0.05 + 3 * (0.05 * 0.95 / trials) ** 0.5


@pytest.mark.long
def test_intervals_of_a_difference_cover_as_often_as_they_say() -> None:
    held = 0
    for trial in range(10_000):
        shared, own = normal(2 * trial, 10), normal(2 * trial + 1, 10, mean=0.5)
        ours, theirs = measured([s + o for s, o in zip(shared, own)]), measured(shared)
        (found,) = contrasts_of({"a": theirs, "b": ours}, {}, "a", (COC,))
        gap = found.paired.difference
        held += gap.low is not None and gap.high is not None and gap.low <= 0.5 <= gap.high
    assert 0.93 <= held / 10_000 <= 0.97


@pytest.mark.parametrize(
    ("contracts", "first_stage", "eta", "h_squared"),
    [(2, 10, 0.334050, 6.012905), (5, 10, 0.634967, 11.429411), (10, 20, 0.302934, 11.511485)],
)
def test_constants_of_kim_and_nelson(contracts: int, first_stage: int, eta: float, h_squared: float) -> None:
    found = kim_nelson_constants(contracts, 0.05, first_stage)
    assert found == pytest.approx((eta, h_squared), abs=1e-6)


def test_the_best_is_found_and_the_others_go_out_in_order() -> None:
    shared = normal(5, 400)
    series = {
        name: [s + 0.3 * n for s, n in zip(shared, normal(seed, 400, mean))]
        for name, seed, mean in (("good", 6, 3.0), ("middling", 7, 2.0), ("bad", 8, 0.0))
    }
    found = best_of(series, 0.2)
    assert found.chosen == "good"
    assert set(found.out_after) == {"bad", "middling"}
    assert found.out_after["bad"] <= found.out_after["middling"] == found.worlds < 400
    assert best_of(series, 0.2, higher=False).chosen == "bad"


def test_below_the_first_stage_nobody_goes_out() -> None:
    found = best_of({"a": [1.0] * 9, "b": [2.0] * 9}, 0.1)
    assert (found.chosen, found.still_in) == (None, ("a", "b"))
    with pytest.raises(ValueError, match="indifference zone must be above 0"):
        best_of({"a": [1.0], "b": [1.0]}, 0.0)


@pytest.mark.long
def test_the_best_is_chosen_in_at_least_95_of_a_hundred_trials() -> None:
    right = 0
    for trial in range(1000):
        shared = normal(10 * trial, 300)
        series = {
            name: [s + n for s, n in zip(shared, normal(10 * trial + at + 1, 300, mean))]
            for at, (name, mean) in enumerate((("good", 0.5), ("b", 0.0), ("c", 0.0)))
        }
        right += best_of(series, 0.5).chosen == "good"
    assert right / 1000 >= 0.95


def life(
    resolved: int = 0,
    days: float = inf,
    coc: float | None = None,
    retelling: int | None = None,
    need: float = 0.5,
):  # type: ignore[no-untyped-def]
    return ClientLife(need, need, resolved, days, coc, retelling)


def test_clients_gain_and_lose_one_by_one() -> None:
    theirs = {"a": life(0), "b": life(1, 3.0), "c": life(0, 9.0), "d": life(2, 1.0), "only": life()}
    ours = {"a": life(1, 2.0), "b": life(1, 3.5), "c": life(0), "d": life(1, 1.0)}
    rows = {row[:3]: row for row in tally(ours, theirs)}
    resolved = rows["problems_resolved", "everyone", 0]
    assert (resolved.clients, resolved.gained, resolved.lost, resolved.change) == (4, 1, 1, 0.0)
    days = rows["days_to_first_contact", "everyone", 0]
    assert (days.gained, days.lost, days.change) == (1, 1, 0.25)
    coc = rows["coc", "everyone", 0]
    assert (coc.clients, coc.gained, coc.change) == (0, 0, None)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.floats(0, 1)), min_size=1, max_size=60))
def test_fifths_share_out_everyone_once(clients: list[tuple[int, int, float]]) -> None:
    ours = {f"c{at}": life(a, need=need) for at, (a, _, need) in enumerate(clients)}
    theirs = {f"c{at}": life(b, need=need) for at, (_, b, need) in enumerate(clients)}
    rows = [row for row in tally(ours, theirs) if row.value == "problems_resolved"]
    everyone = rows[0]
    for grouping in ("relational_need", "vulnerability"):
        held = [row for row in rows if row.grouping == grouping]
        assert len(held) == 5
        for part in ("clients", "gained", "lost"):
            assert sum(getattr(row, part) for row in held) == getattr(everyone, part)
    flipped = {row[:3]: row for row in tally(theirs, ours)}
    assert all(flipped[row[:3]].gained == row.lost for row in rows if row.group == 0)


def test_gains_are_means_over_worlds() -> None:
    first = tally({"a": life(1), "b": life(0)}, {"a": life(0), "b": life(0)})
    second = tally({"a": life(0), "b": life(0)}, {"a": life(0), "b": life(0)})
    everyone = gains([first, second])[0]
    assert (everyone.gained.mean, everyone.lost.mean, everyone.clients) == (0.25, 0.0, 2.0)


MEASURES = tuple(REGISTRY)


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("continuity.coc < -0.05", {("mean", COC): -0.06}, True),
        ("continuity.coc < -0.05", {("mean", COC): -0.04}, False),
        ("high(continuity.coc) < 0", {("high", COC): -0.01}, True),
        ("p( continuity.coc )<=0.05", {("p", COC): 0.05}, True),
        (
            "continuity.coc < 0 and admin.share > 0",
            {("mean", COC): -1.0, ("mean", "admin.share"): -1.0},
            False,
        ),
        ("continuity.coc < 0 or admin.share > 0", {("mean", COC): -1.0, ("mean", "admin.share"): -1.0}, True),
        ("continuity.coc < -1e-3", {("mean", COC): None}, True),
    ],
)
def test_conditions(text: str, values: dict[tuple[str, str], float | None], expected: bool) -> None:
    assert fails(read_condition(text, MEASURES), lambda part, measure: values[part, measure]) is expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("continuity.cocs < 1", "there is no measure 'continuity.cocs'. Did you mean 'continuity.coc'?"),
        ("__import__('os') < 1", "is not a measure, a sign and a number"),
        (
            "continuity.coc == 1",
            "'continuity.coc == 1' is not a measure, a sign and a number; write it as in",
        ),
        ("", "'' is not a measure"),
    ],
)
def test_a_condition_that_cannot_be_read_says_how_to_write_one(text: str, words: str) -> None:
    with pytest.raises(BadCondition) as caught:
        read_condition(text, MEASURES)
    assert words in str(caught.value)


def job(*names: str, called: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
    return SimpleNamespace(plans=[SimpleNamespace(name=name) for name in names], options=RunOptions(called))


def test_the_baseline_is_the_first_or_the_one_named() -> None:
    assert baseline_of(job("a", "b"), ComparisonOptions()) == "a"
    assert baseline_of(job("a", "b"), ComparisonOptions("b")) == "b"
    assert baseline_of(job("a", "b", called=("x.yaml", "y.yaml")), ComparisonOptions("y.yaml")) == "b"
    with pytest.raises(BadQuestion, match="the baseline 'z' is none of the contracts compared: a, b"):
        baseline_of(job("a", "b"), ComparisonOptions("z"))
    with pytest.raises(BadQuestion, match="there is only 'a' to compare; name two contracts or more"):
        baseline_of(job("a"), ComparisonOptions())


def test_an_unknown_measure_is_named_with_the_nearest() -> None:
    with pytest.raises(BadQuestion, match=r"no measure 'continuity\.cok'\. Did you mean 'continuity\.coc'"):
        family_of(ComparisonOptions(measures=("continuity.cok",)))


def contest() -> Contest:
    return Contest(fakes.trial(keep="all"), "a")


def test_a_contest_keeps_one_log_and_sends_tallies() -> None:
    series = PairedSeries(("a", "b"))
    found = list(contests(contest(), exactly(3), Here(), ComparisonOptions(), series))
    assert [done.replication.lived["a"].log is not None for done in found] == [True, False, False]
    assert all(done.tallies["b"][0].clients == 1 for done in found)
    assert series.apart("a", "money.earned") == [[0.0, 0.0, 0.0]]
    assert series.apart("a", "continuity.coc") == [[None, None, None]]


def test_a_contest_stops_when_every_difference_is_narrow() -> None:
    series = PairedSeries(("a", "b"))
    rule = Rule(5, 50, half_width=0.01)
    question = ComparisonOptions(until=("money.earned", 0.01))
    assert len(list(contests(contest(), rule, Here(), question, series))) == 5


def test_workers_move_nothing_in_a_contest() -> None:
    alone, together = PairedSeries(("a", "b")), PairedSeries(("a", "b"))
    list(contests(contest(), exactly(12), Here(), ComparisonOptions(), alone))
    list(contests(contest(), exactly(12), Local(2), ComparisonOptions(), together))
    assert alone == together


def test_ranking_leaves_out_worlds_where_a_contract_is_undefined() -> None:
    series = PairedSeries(("a", "b"), {"a": measured([1.0, 2.0]), "b": [{COC: None}, {COC: 1.0}]})  # type: ignore[dict-item]
    assert ranked(series, (COC, 0.1)).worlds == 1


def test_a_life_is_read_from_the_log() -> None:
    log = Log(
        Window(0, 5000, 9000),
        [
            Person(10, "c1", 0.25, 0.75, "telephone"),
            Asked(10, "c1", "c1.p1", "agency", "debt", "telephone", True, False),
            Person(20, "c2", 0.5, 0.5, "telephone"),
            Asked(20, "c2", "c2.p1", "agency", "debt", "telephone", True, False),
            Contact(
                1500, 1450, "c1", "m1", "ann", "agency", 1, "telephone", 40, 0, 10, 0, False, 0, 0.0, 0.1
            ),
            Contact(
                3000, 2950, "c1", "m1", "bob", "agency", 2, "telephone", 40, 0, 10, 0, False, 0, 0.1, 0.1
            ),
            Outcome(4000, "c1", "c1.p1", "m1", True, True, 1.0),
            Outcome(4500, "c1", "c1.p1", "m2", True, True, 1.0),
            Outcome(4600, "c2", "c2.p1", "m3", False, True, 0.1),
        ],
    )
    assert lives_of(log) == {
        "c1": ClientLife(0.25, 0.75, 1, 1.0, 0.0, 20),
        "c2": ClientLife(0.5, 0.5, 0, inf, None, None),
    }


def test_rough_counts_and_signs() -> None:
    assert [rounded(n) for n in (1, 99, 123, 26938)] == ["1", "99", "120", "27,000"]
    assert [signed(value, "share") for value in (0.5, -0.5, 0.0, None)] == [
        "+50.0 points",
        "−50.0 points",
        "0.0 points",
        "–",
    ]


def test_a_whole_comparison_of_two_contracts(tmp_path: Path) -> None:
    scenario = small.scenario(tmp_path, respond="effort")
    found = compare(prepare(scenario, RunOptions(replications=3, workers=1, out=tmp_path / "out")))
    text = render_comparison(found)
    assert "not-for-profit-hours-2004" in text
    assert "relational-pilot against not-for-profit-hours-2004" in text
    assert "by arithmetic: with nobody responding to pay" in text
    assert "who gained / lost by relational-pilot" in text
    told = json.loads((tmp_path / "out" / "comparison.json").read_text())
    assert told["kind"] == "compare"
    assert told["replications"] == 3
    assert {row["verdict"] for row in told["differences"]} <= set(get_args(VerdictWord))
    page = (Path(__file__).parents[3] / "docs" / "json.md").read_text(encoding="utf-8")
    said = next(each for each in page.split("\n\n") if each.startswith("A difference has"))
    written = {key for row in told["differences"] for key in row} - {"pooled_of"}
    words = {*get_args(VerdictWord), "asked", "further", "answer_with", "null"}
    assert set(re.findall(r"`(\w+)`", said)) - words == written
    assert {row["family"] for row in told["differences"]} == {"asked", "further"}
    assert all(row["mechanical"] is not None for row in told["differences"])
    assert (
        (tmp_path / "out" / "differences.csv").read_text().startswith("contract,measure,unit,baseline,mean")
    )
    assert len((tmp_path / "out" / "clients.csv").read_text().splitlines()) == 1 + 4 * 11


def test_two_comparisons_are_the_same_whatever_the_workers(tmp_path: Path) -> None:
    scenario = small.scenario(tmp_path)
    for workers in (1, 2):
        compare(prepare(scenario, RunOptions(replications=3, workers=workers, out=tmp_path / f"w{workers}")))
    for name in ("differences.csv", "clients.csv", "measures.csv"):
        assert (tmp_path / "w1" / name).read_bytes() == (tmp_path / "w2" / name).read_bytes()
