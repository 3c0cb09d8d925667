"""What only the whole of a scenario can tell is told with its place, all at once, in words."""

from pathlib import Path

import pytest

from legalaid_sim.errors import ScenarioError
from legalaid_sim.scenario import load_scenario
from legalaid_sim.scenario.load import read_document
from legalaid_sim.yamlfile import load_document

BASE = """kind: scenario
schema_version: 1
about: {title: a try, question: does it say what is wrong}
period: {starts: 2008-04-01, months: 3}
clients:
  arrivals: {per_week: 5}
  problems:
    debt: {share: 1}
    housing: {share: 1, follow_ons: {debt: 0.1}}
advisers:
  - {role: caseworker, number: 2, categories: [debt, housing]}
"""


def problems_of(tmp_path: Path, text: str) -> list[tuple[str, int, str]]:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    _, problems = read_document(load_document(path))
    return [(problem.code, problem.line, problem.message) for problem in problems]


def test_a_sound_scenario_has_no_problems(tmp_path: Path) -> None:
    assert problems_of(tmp_path, BASE) == []


def test_all_wrong_names_are_told_at_once_each_with_the_nearest(tmp_path: Path) -> None:
    text = BASE.replace("[debt, housing]", "[dept, housing]").replace("{debt: 0.1}", "{deb: 0.1}")
    found = problems_of(tmp_path, text + "assumptions: {trust.growth_minuts: 40}\n")
    assert [(code, line) for code, line, _ in found if code != "CR062"] == [
        ("CR061", 9),
        ("CR061", 11),
        ("CR060", 12),
    ]
    words = " ".join(message for _, _, message in found)
    assert "'housing' may lead to 'deb', which is no kind of problem here. Did you mean 'debt'?" in words
    assert "'dept' is no kind of problem here. Did you mean 'debt'?" in words
    assert "there is no parameter 'trust.growth_minuts'. Did you mean 'trust.growth_minutes'?" in words


def test_errors_stop_a_load_and_warnings_do_not(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(BASE.replace("[debt, housing]", "[dept]"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="'dept' is no kind of problem here"):
        load_scenario(path)
    path.write_text(BASE.replace("[debt, housing]", "[debt]"), encoding="utf-8")
    assert load_scenario(path).advisers[0].categories == ["debt"]


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (("[debt, housing]", "[debt]"), "CR062", "no adviser takes 'housing'"),
        (("per_week: 5", "per_hour: 42000"), "CV162", "one run can hold 2,000,000"),
        (("per_week: 5", "per_week: 500"), "CV163", "times what the advisers have hours for"),
        (("share: 1", "share: 0"), "CV161", "nobody would have a problem"),
    ],
)
def test_absurd_sizes_are_told_with_their_consequence(
    tmp_path: Path, change: tuple[str, str], code: str, words: str
) -> None:
    found = problems_of(tmp_path, BASE.replace(*change))
    assert any(found_code == code and words in message for found_code, _, message in found), found


@pytest.mark.parametrize(
    ("day", "bound"), [("0001-01-01", "at least 1900-01-01"), ("9999-12-01", "at most 2200-12-31")]
)
def test_a_day_so_far_off_that_no_month_can_be_counted_from_it_is_told(
    tmp_path: Path, day: str, bound: str
) -> None:
    told = problems_of(tmp_path, BASE.replace("2008-04-01", day))
    assert [(code, message) for code, _, message in told] == [
        ("CV105", f"'{day}' is out of range: this must be {bound}")
    ]


def test_a_contract_in_place_of_a_scenario_is_told_once(tmp_path: Path) -> None:
    told = problems_of(tmp_path, BASE.replace("kind: scenario", "kind: contract"))
    assert [(code, message) for code, _, message in told] == [
        ("CS022", "this file is a contract; a scenario is needed here")
    ]


def test_where_a_word_may_stand_in_place_of_a_number_it_is_named(tmp_path: Path) -> None:
    written = "organisation: {name: ours, allocation: {own_adviser_patience_days: forever}}\n"
    told = [message for _, _, message in problems_of(tmp_path, BASE + written)]
    assert told == ["found 'forever' where a plain number or for_ever is needed"]


def test_a_number_outside_its_range_is_a_warning(tmp_path: Path) -> None:
    found = problems_of(tmp_path, BASE + "assumptions: {trust.carry_over: 0.9}\n")
    assert found == [
        ("CV160", 12, "0.9 is outside the plausible range of 'trust.carry_over', 0 to 0.5 share")
    ]


def test_switching_a_mechanism_off_is_never_outside_its_range(tmp_path: Path) -> None:
    assert (
        problems_of(tmp_path, BASE + "assumptions: {problem.late_factor: 0, trust.memory_days: 540}\n") == []
    )
