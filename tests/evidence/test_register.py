"""The assumptions register: whole, sourced, used, and told of any scenario."""

import ast
import csv
import io
import json
import re
from functools import cache
from math import exp, log, pi, sqrt
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import legalaid_sim
from legalaid_sim.errors import ResultsError
from legalaid_sim.evidence import register
from legalaid_sim.evidence.report import changes_in, entries, said, uses
from legalaid_sim.reports.register import COLUMNS, register_csv, register_json, register_text
from legalaid_sim.scenario.distribution import Distribution
from tests.builders.scenarios import scenario

PACKAGE = Path(legalaid_sim.__file__).parent
REGISTER = register()
# Read from the whole package: when it is first asked for, not when tests are collected.
read_by = cache(uses)


@pytest.mark.parametrize("name", REGISTER)
def test_every_parameter_is_used_somewhere(name):
    assert read_by().get(name), f"no module reads {name}"


@pytest.mark.parametrize("name", REGISTER)
def test_every_parameter_says_what_it_is_and_lies_within_its_range(name):
    parameter = REGISTER[name]
    low, high = parameter.range
    assert low < high
    assert low <= parameter.value.mean <= high
    assert parameter.title
    assert parameter.unit
    assert parameter.drives
    assert parameter.source


@pytest.mark.parametrize("name", [name for name, each in REGISTER.items() if each.confidence != "assumed"])
def test_what_is_not_assumed_names_a_year(name):
    assert re.search(r"(19|20)\d\d|Lee, North Carolina", REGISTER[name].source)


@pytest.mark.parametrize("name", [name for name, each in REGISTER.items() if each.source == "none found"])
def test_a_parameter_without_a_source_is_assumed(name):
    assert REGISTER[name].confidence == "assumed"


# Numbers that are no assumption: counting, units, percent, a week, a year's twelfths, half a range.
PLAIN = {0, 1, 2, 3, -1, 0.5, -0.5, 100, 12, 52, 5, 7, 24, 28, 60, 30}
READERS = ("engine", "advisers", "world", "clients.py")


def numbers_in(path):
    """Give the numbers that functions of a module compute with, those of named constants left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {
        node.value
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    }


READING = [
    file
    for place in READERS
    for file in sorted(PACKAGE.rglob("*.py"))
    if place in file.relative_to(PACKAGE).parts
]

# Bounds of a chance, margins of a tie, keys of a heap, columns of a row, how many answers are remembered.
STRUCTURE: dict[str, set[float]] = {
    "people.py": {0.9},
    "rows.py": {1000},
    "frozen.py": {8},
    "clients.py": {64},
    "effort.py": {1e-9},
}


@pytest.mark.parametrize("path", READING, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_number_that_matters_lives_in_code(path):
    strange = numbers_in(path) - PLAIN - set(STRUCTURE.get(path.name, ()))
    assert not strange, f"{path.name} computes with {sorted(strange)}: take it from the register"


# How rows of draws and keys are laid out, how finely a sum is made, how a year is counted: of no consequence for a
# result, but for the draws that there are of returns, audits and successors, of which the register's values stay short.
LAID_OUT = {
    "__init__.py": {"AUDITS", "AUDIT_COLUMNS"},
    "rows.py": {
        "BATCH", "FOLLOW_ON_SLOT", "TRIES_A_SLOT", "RAGGED_COLUMNS", "RETURNS", "COLUMNS", "EARLIER", "EARLIER_NUMBERS",
        "of_person", "of_problem", "_of_try",
    },
    "people.py": {"REACH", "FOR_EVER_DAYS"},
    "problems.py": {"SLOTS_A_PERSON"},
    "posts.py": {"ADVISER_COLUMNS", "CAREER_COLUMNS", "DAY_COLUMNS", "LAST_VINTAGE", "ALTRUISM"},
    "clients.py": {"REACH", "NODES", "BISECTIONS"},
    "again.py": {"MOST_KEPT"},
    "agency.py": {"FOR_EVER", "NEVER"},
    "desk.py": {"_begins", "_ends"},
    "booking.py": {"LATER"},
    "common.py": {"DAYS_BEYOND"},
    "keys.py": {"MATTERS_A_PROBLEM", "KEYS_A_MATTER", "OUT_KEYS", "HEARING_KEYS", "DUTY_KEYS", "ROUTINE_KEY"},
    "setup.py": {"MOST_HAPPENINGS"},
    "slots.py": {"NEVER"},
    "scheduler.py": {"AHEAD", "FIRST"},
    "dates.py": {"NO_DATE"},
    "scarcity.py": {"WEEKS_A_YEAR"},
}  # fmt: skip


def named_numbers(path):
    """Give the names of a module's own numbers."""
    named = [
        node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.Assign)
    ]
    held = [
        node
        for node in named
        for each in ast.walk(node.value)
        if isinstance(each, ast.Constant) and isinstance(each.value, int | float)
    ]
    return {
        each.id
        for node in held
        for target in node.targets
        for each in ast.walk(target)
        if isinstance(each, ast.Name)
    }


@pytest.mark.parametrize("path", READING, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_rule_hides_behind_a_name(path):
    strange = named_numbers(path) - LAID_OUT.get(path.name, set())
    assert not strange, f"{path.name} has numbers of its own, {sorted(strange)}: take them from the register"


def test_the_register_stays_readable():
    assert len(REGISTER) <= 150, (
        "who adds an assumption takes one out that decides less, or says here why not"
    )


def odds(chance):
    return log(chance / (1 - chance))


# What is derived is derived again, from the figures that its source names.
@pytest.mark.parametrize(
    ("name", "derived"),
    [
        ("adviser.leaving_per_month", -log(2 / 3) / 36 / (1 + 0.26 * (exp(0.81) - 1))),
        ("after.trust_effect", -log(0.70)),
        ("outcome.trust_effect", -log(0.72)),
        ("outcome.late_effect", odds(0.58) - odds(0.58 * 0.8)),
        ("trust.broken_promise", 1 - 53 / 81),
        ("client.disclosure", (round(2.8 / 2.3, 2) - 1) * 0.4),
        ("goal.effect", 0.34 * pi / sqrt(3)),
        ("trust.contacts", 4.5 / log(5)),
    ],
)
def test_a_derived_value_follows_from_its_source(name, derived):
    parameter = REGISTER[name]
    assert parameter.confidence == "derived"
    assert parameter.value.mean == pytest.approx(derived, rel=0.03)


def test_listening_lies_where_videotaped_talk_puts_it():
    facts = REGISTER["problem.contact_minutes"].value.mean
    # At full need twice as much as at middling need; see the source for the shares.
    low, high = (2 * facts * share / (1 - share) for share in (0.12, 0.22))
    assert low < REGISTER["contact.listening_minutes"].value.mean < high


def of(found, name):
    return next(entry for entry in found if entry.id == name)


def test_a_plain_scenario_has_the_whole_register_and_its_own_needs():
    found = entries(scenario())
    assert [entry.id for entry in found[: len(REGISTER)]] == list(REGISTER)
    assert [entry.id for entry in found[len(REGISTER) :]] == [
        f"clients.problems.debt.{need}"
        for need in ("contacts", "contact_minutes", "casework_minutes", "days_between", "days_to_crisis")
    ]


def test_what_the_scenario_sets_is_told_with_its_place_and_the_default():
    found = entries(scenario(assumptions={"trust.growth_minutes": 50}, clients={"relational_need": 0.25}))
    growth, need = of(found, "trust.growth_minutes"), of(found, "client.relational_need")
    assert (growth.value, growth.default, growth.set_by) == ("50", "34", "assumptions.trust.growth_minutes")
    assert (need.value, need.set_by) == ("0.25", "clients.relational_need")
    assert of(found, "problem.contacts").set_by == "clients.problems (debt)"
    assert of(found, "trust.memory_days").set_by == ""


def test_category_level_needs_rest_on_the_scenarios_sources():
    given_ = scenario()
    sourced = given_.model_copy(
        update={"about": given_.about.model_copy(update={"sources": ["Costs Guide, 2013"]})}
    )
    entry = of(entries(sourced), "clients.problems.debt.contacts")
    assert (entry.basis, entry.confidence, entry.rating) == ("Costs Guide, 2013", "scenario", "not rated")
    assert of(entries(given_), "clients.problems.debt.contacts").basis == "the scenario names no source"


def test_where_used_looks_through_the_settings_to_who_reads_them():
    assert read_by()["trust.growth_minutes"] == ("engine.meetings",)
    assert read_by()["adviser.altruism"] == ("engine.scarcity", "world.posts")
    assert "engine.settings" not in {module for modules in read_by().values() for module in modules}


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ({"fixed": 30}, "30"),
        ({"fixed": 0.0044}, "0.0044"),
        ({"geometric": {"mean": 2.5, "at_most": 12}}, "geometric, mean 2.5, at most 12"),
        ({"two_point": {"low": 1, "high": 9, "share_high": 0.1}}, "two-point, low 1, high 9, share high 0.1"),
    ],
)
def test_distributions_in_words(shape, words):
    assert said(Distribution.model_validate(shape)) == words


CHANGES = {"trust.growth_minutes": (("continuity.coc", "hours", 0.0123), ("admin.share", "hours", -0.5))}


def test_csv_has_a_row_an_assumption_and_every_column_of_the_guidance():
    rows = list(csv.DictReader(io.StringIO(register_csv(entries(scenario(), CHANGES)))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(REGISTER) + 5
    row = next(row for row in rows if row["id"] == "trust.growth_minutes")
    assert (row["value"], row["low"], row["high"], row["unit"]) == ("34", "15", "120", "minutes")
    assert (row["confidence"], row["quality_rating"]) == ("derived", "red")
    assert row["sensitivity"] == "continuity.coc +0.0123 (hours); admin.share -0.5 (hours)"
    assert row["basis"].startswith("4 to 5 meetings to extensive knowledge of a patient (Hjortdahl 1992)")


def test_json_is_the_same_register():
    told = json.loads(register_json(entries(scenario(), CHANGES)))
    assert told["schema_version"] == 1
    entry = next(entry for entry in told["assumptions"] if entry["id"] == "trust.growth_minutes")
    assert entry["sensitivity"][0] == {"measure": "continuity.coc", "contract": "hours", "change": 0.0123}
    assert entry["used_in"] == ["engine.meetings"]


@given(st.integers(40, 160))
def test_text_keeps_to_the_width(width):
    text = register_text(entries(scenario(), CHANGES), width)
    longest = max(len(word) for word in text.split())
    assert max(map(len, text.splitlines())) <= max(width, longest + 4)


def test_text_counts_and_tells():
    text = register_text(entries(scenario(assumptions={"trust.growth_minutes": 50}), CHANGES), 100)
    head = rf"{len(REGISTER) + 5} assumptions; \d+ rest on no source; \d+ set by the scenario\n"
    assert re.match(head, text)
    assert "trust.growth_minutes: 50 minutes (15 to 120); derived, red" in text
    assert "set by the scenario: assumptions.trust.growth_minutes; the register has 34" in text
    assert "low to high moves: continuity.coc +0.0123 (hours); admin.share -0.5 (hours)" in text


def effect(mean):
    return {"mean": {"mean": mean, "low": None, "high": None, "n": 2}}


def test_sensitivity_results_are_read_by_parameter(tmp_path):
    parameters = {
        "assumptions.trust.growth_minutes": {"continuity.coc": {"hours": effect(0.25), "fees": effect(None)}}
    }
    (tmp_path / "sensitivity.json").write_text(json.dumps({"parameters": parameters}))
    assert changes_in(tmp_path) == {"trust.growth_minutes": (("continuity.coc", "hours", 0.25),)}


@pytest.mark.parametrize("text", [None, "not json", "[]", '{"parameters": 3}'])
def test_a_folder_without_sensitivity_results_is_refused_by_name(tmp_path, text):
    if text is not None:
        (tmp_path / "sensitivity.json").write_text(text)
    words = r"sensitivity\.json: there are no sensitivity results; give a folder that"
    with pytest.raises(ResultsError, match=words):
        changes_in(tmp_path)


def scenario_file(tmp_path):
    file = tmp_path / "small.yaml"
    file.write_text(
        "kind: scenario\nschema_version: 1\n"
        "about:\n  title: a small test\n  question: what does it rest on?\n"
        "period:\n  starts: 2008-01-07\n  months: 6\n"
        "clients:\n  arrivals:\n    per_week: 5\n  problems:\n    debt:\n      contacts: 3\n"
        "advisers:\n  - role: caseworker\n"
        "assumptions:\n  trust.growth_minutes: 50\n"
    )
    return str(file)


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_the_command_prints_the_register(tmp_path, form):
    from legalaid_sim.cli.assumptions_command import command

    result = CliRunner().invoke(command, [scenario_file(tmp_path), "--format", form])
    assert result.exit_code == 0
    assert "trust.growth_minutes" in result.output
    assert "clients.problems.debt.contacts" in result.output
