"""Reading scenarios as queues, verdicts, the laws through the real engine, and the command."""

import json
import re

import pytest
from click.testing import CliRunner

from legalaid_sim.cli.validate_command import command
from legalaid_sim.errors import ScenarioError
from legalaid_sim.scenario import load_scenario
from legalaid_sim.scenario.distribution import Distribution
from legalaid_sim.validation import laws
from legalaid_sim.validation.checks import QUEUES, SCENARIOS, queueing
from legalaid_sim.validation.queues import WAIT, expected, queue_of, squared_cv, theory
from legalaid_sim.validation.verdict import exactly, within_chance


def changed(tmp_path, name, *changes):
    text = (SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    place = tmp_path / "queue.yaml"
    place.write_text(text, encoding="utf-8")
    return place


@pytest.mark.parametrize(
    ("name", "named", "rate", "servers"),
    [
        ("erlang-c-3", "Erlang C", 0.2 / 60, 3),
        ("erlang-c-4", "Erlang C", 0.3 / 60, 4),
        ("erlang-c-10", "Erlang C", 0.8 / 60, 10),
        ("erlang-a-10", "Erlang A", 1.2 / 60, 10),
        ("regular-service", "Pollaczek-Khinchine", 0.08 / 60, 1),
        ("uneven-service", "Pollaczek-Khinchine", 0.08 / 60, 1),
    ],
)
def test_the_scenarios_of_the_package_are_queues(name, named, rate, servers):
    queue = queue_of(load_scenario(SCENARIOS / f"{name}.yaml"))
    assert (theory(queue), queue.servers, queue.mean) == (named, servers, 600)
    assert queue.rate == pytest.approx(rate)
    assert name in QUEUES


def test_expected_values_follow_from_the_numbers_of_the_file(tmp_path):
    plain = expected(queue_of(load_scenario(SCENARIOS / "erlang-c-3.yaml")))
    busier = expected(queue_of(load_scenario(changed(tmp_path, "erlang-c-3", ("number: 3", "number: 4")))))
    assert plain[WAIT] == pytest.approx(600 * 4 / 9)
    assert busier[WAIT] < plain[WAIT] / 4


@pytest.mark.parametrize(
    ("shape", "squared"),
    [
        ({"fixed": 3}, 0),
        ({"exponential": {"mean": 7}}, 1),
        ({"erlang": {"mean": 7, "stages": 4}}, 0.25),
        ({"two_point": {"low": 200, "high": 4200, "share_high": 0.1}}, 4),
        ({"uniform": {"low": 0, "high": 6}}, 1 / 3),
        ({"lognormal": {"mean": 5, "cv": 0.5}}, 0.25),
        ({"lognormal": {"mean": 5, "cv": 0.5, "at_most": 9}}, None),
        ({"geometric": {"mean": 5}}, None),
    ],
)
def test_variability_of_a_shape(shape, squared):
    found = squared_cv(Distribution.model_validate(shape))
    assert found == (None if squared is None else pytest.approx(squared))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("asks: any_time", "asks: office_hours", "clients.asks must be any_time"),
        ("several_problems: 0", "several_problems: 0.1", "clients.several_problems must be 0"),
        (
            "days_before_asking: 0",
            "days_before_asking: {exponential: {mean: 1}}",
            "days_before_asking must be a number",
        ),
        ("patience_days: 3660", "patience_days: 5", "patience_days must be exponential, or 3660 (for ever)"),
        ("contacts: 1", "contacts: 2", "clients.problems.advice.contacts must be 1"),
        ("casework_minutes: 0", "casework_minutes: 9", "clients.problems.advice.casework_minutes must be 0"),
        ("exponential: {mean: 600}", "geometric: {mean: 600}", "contact_minutes must be fixed, exponential"),
        ("first: pool", "first: least_loaded", "organisation.allocation.first must be pool"),
        ("patience_days: 0}", "patience_days: 1}", "own_adviser_patience_days must be 0"),
        (
            "supervision_minutes_per_week: 0",
            "supervision_minutes_per_week: 9",
            "supervision_minutes_per_week must be 0",
        ),
        (", always_on: true", "", "advisers must all be always_on"),
        ("missed.chance: 0", "missed.chance: 0.1", "assumptions.missed.chance must be 0"),
    ],
)
def test_what_makes_a_scenario_more_than_a_queue(tmp_path, before, after, words):
    place = changed(tmp_path, "erlang-c-3", (before, after))
    answer = CliRunner().invoke(command, ["--scenario", str(place), "--quick"])
    assert isinstance(answer.exception, ScenarioError)
    (problem,) = answer.exception.problems
    assert words in problem.message
    assert (problem.code, problem.file) == ("SR003", str(place))
    assert problem.line > 1


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    place = changed(
        tmp_path, "erlang-c-3", ("asks: any_time", "asks: office_hours"), ("contacts: 1", "contacts: 3")
    )
    with pytest.raises(ScenarioError) as caught:
        list(queueing(place, quick=True))
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("number: 3", "number: 2"), "the queue grows without end: 2 servers are offered the work of 2"),
        (
            ("exponential: {mean: 600}", "erlang: {mean: 600, stages: 2}"),
            "no exact formula is known for 3 servers",
        ),
    ],
)
def test_queues_without_an_answer(tmp_path, change, words):
    with pytest.raises(ScenarioError, match=words):
        list(queueing(changed(tmp_path, "erlang-c-3", change), quick=True))


def test_a_verdict_by_chance_holds_within_four_standard_errors():
    values = [1.0, 2.0, 3.0]
    near, far = within_chance("a", "b", 2.5, values), within_chance("a", "b", 4.5, values)
    assert near.z == pytest.approx(-0.8660254)
    assert (near.simulated, near.holds) == (2.0, True)
    assert far.z == pytest.approx(-4.3301270)
    assert not far.holds


def test_replicates_that_are_all_alike_must_be_equal():
    assert within_chance("a", "b", 2.0, [2.0, 2.0]).holds
    assert not within_chance("a", "b", 2.1, [2.0, 2.0]).holds
    with pytest.raises(ValueError, match="1 replicates give no standard error"):
        within_chance("a", "b", 2.0, [2.0])


def test_an_exact_verdict_has_no_tolerance():
    assert exactly("a", "b", 2, 2).holds
    assert not exactly("a", "b", 2, 2 + 1e-15 * 2).holds


@pytest.mark.parametrize("check", laws.CHECKS, ids=lambda check: check.__name__)
def test_the_laws_hold(check):
    found = list(check())
    assert found
    assert [verdict for verdict in found if not verdict.holds] == []


def test_the_comparison_of_logs_finds_a_difference():
    one, doubled = laws._lived(laws.CONTRACT), laws._lived("doubled-fees")
    verdict = laws._same("name", "what", one.events, doubled.events)
    assert not verdict.holds
    assert verdict.simulated > 10
    assert "Entitled" in verdict.where


def test_scaling_fees_alone_moves_choices():
    # Otherwise the law of scaled money would hold of a provider who never listens to money.
    plain = laws._with(laws.small_agency(), respond="effort")
    one, doubled = laws._lived(laws.CONTRACT, plain), laws._lived("doubled-fees", plain)
    assert laws._without_money(one) != laws._without_money(doubled)


SMALL = (
    ("months: 36, lead_in_months: 2", "months: 3, lead_in_months: 1"),
    ("at_least: 20, at_most: 20", "at_least: 4, at_most: 4"),
)


def test_the_command_prints_what_was_expected_and_simulated(tmp_path):
    place = changed(tmp_path, "erlang-c-3", *SMALL)
    answer = CliRunner().invoke(command, ["--scenario", str(place)])
    assert answer.exit_code == 0, answer.output
    assert "Erlang C, 3 advisers, 67% offered" in answer.output
    assert re.search(r"mean wait, minutes +266\.7 +\d", answer.output)
    assert "3 of 3 checks hold (bound: 4 standard errors" in answer.output


def test_the_command_as_json(tmp_path):
    place = changed(tmp_path, "erlang-c-3", *SMALL)
    whole = json.loads(CliRunner().invoke(command, ["--scenario", str(place), "--json"]).output)
    assert (whole["schema_version"], whole["holds"], whole["bound"]) == (1, True, 4.0)
    first, _, little = whole["checks"]
    assert set(first) == {"name", "what", "expected", "simulated", "low", "high", "z", "where", "holds"}
    assert first["low"] < first["simulated"] < first["high"]
    assert little["expected"] == little["simulated"] > 0
    assert little["z"] is None


def test_the_command_fails_when_a_check_is_out_of_bounds(monkeypatch):
    monkeypatch.setattr(
        "legalaid_sim.validation.checks.validate",
        lambda quick, progress: iter(
            [exactly("A law", "a thing", 1, 2, "record 7"), exactly("A law", "b", 1, 1)]
        ),
    )
    answer = CliRunner().invoke(command, [])
    assert answer.exit_code == 1
    assert "A law: a thing: first at record 7" in answer.output
    assert "1 of 2 checks hold" in answer.output


def test_copies_are_written_once(tmp_path):
    folder = tmp_path / "queues"
    answer = CliRunner().invoke(command, ["--copy", str(folder)])
    assert answer.exit_code == 0
    assert "Wrote 6 scenarios. Next:" in answer.output
    assert {path.stem for path in folder.iterdir()} == set(QUEUES)
    again = CliRunner().invoke(command, ["--copy", str(folder)])
    assert again.exit_code == 1
    assert "is there already: name another folder" in again.output


@pytest.mark.long
def test_every_check_holds():
    answer = CliRunner().invoke(command, [])
    assert answer.exit_code == 0, answer.output
