"""Showing problems: text as a designer reads it, JSON, SARIF 2.1.0, annotations."""

import json
from dataclasses import replace

from legalaid_sim.authoring.checking import check_text
from legalaid_sim.diagnostics.codes import codes
from legalaid_sim.diagnostics.render import render_github, render_json, render_sarif, render_text, summary_of
from legalaid_sim.errors import ERROR, NOTE, Problem
from legalaid_sim.yamlfile import parse

BAD = """kind: contract
schema_version: 1
contract: bad
term: {starts: 2026-04-01, months: 36}
categories: [housing]
payments:
  - id: housing_fee
    kind: fixed_fee
    amount: 157.OO

  - id: hourly_help
    kind: hourly
    rat: {profit: 48.24}
"""


def test_text_reads_like_the_promise_to_designers() -> None:
    checked = check_text(BAD, "housing.yaml")
    assert render_text(checked.problems, checked.documents) == (
        """\
housing.yaml:9:13  CV103 bad-amount  error
    7 |   - id: housing_fee
    8 |     kind: fixed_fee
    9 |     amount: 157.OO
      |             ^^^^^^ this looks like the letter O; money is written 157.00
   help: explain CV103; explain payments.fixed_fee.amount

housing.yaml:13:5  CS012 unknown-key  error
   11 |   - id: hourly_help
   12 |     kind: hourly
   13 |     rat: {profit: 48.24}
      |     ^^^ hourly has no 'rat'. Did you mean 'rates'?
   also allowed here: id, kind, title, applies_to, not_if, source, earned, dated_by, """
        """exception_to, hit, table, limits, tax_on, tax_before, rates, time_unit, headings, """
        """items, bolt_ons, extras, uplift_percent"""
    )
    assert summary_of(checked.problems) == "2 problems: 2 errors."


def test_what_is_offered_to_be_explained_can_be() -> None:
    known, other = (Problem(code, "n", ERROR, "words", "f.yaml", 1, 1) for code in ("CS012", "SW002"))
    assert render_text([known], {}).endswith("help: explain CS012")
    # Problems of sweeps, claims and runs are not in the register that `explain` reads.
    assert "SW002" not in codes()
    assert "explain" not in render_text([other], {})
    assert "explain SW002" not in render_text([replace(other, help="explain period.months")], {})


def test_a_problem_of_two_places_shows_both_with_a_word() -> None:
    document = parse("a: 1\nb: 2\nc: 3\n", "f.yaml")
    problem = Problem(
        "CR031",
        "overlap",
        ERROR,
        "both pay",
        "f.yaml",
        3,
        1,
        also=((1, "first here"),),
        help="fix: say which",
    )
    assert render_text((problem,), {"f.yaml": document}) == (
        "f.yaml:3:1  CR031 overlap  error\n   both pay\n"
        "    1 | a: 1   first here\n    3 | c: 3   and here\n   fix: say which"
    )


def test_a_note_does_not_quote_the_line() -> None:
    document = parse("a: 1\n", "f.yaml")
    problem = Problem(
        "CI201", "dead-zone", NOTE, "nothing more", "f.yaml", 1, 1, help="silence with: # allow CI201: x"
    )
    assert render_text((problem,), {"f.yaml": document}) == (
        "f.yaml:1:1  CI201 dead-zone  note\n   nothing more\n   silence with: # allow CI201: x"
    )


def test_the_summary_counts_by_severity() -> None:
    problems = [
        Problem("CS001", "n", ERROR, "m"),
        Problem("CI201", "n", NOTE, "m"),
        Problem("CI202", "n", NOTE, "m"),
    ]
    assert summary_of(problems) == "3 problems: 1 error, 2 notes."
    assert summary_of(problems[:1]) == "1 problem: 1 error."


def test_json_holds_everything_a_program_needs() -> None:
    report = json.loads(
        render_json(check_text(BAD, "housing.yaml").problems, {"examples": {"passed": 0, "of": 0}})
    )
    assert report["problems_format"] == "1.0"
    assert report["counts"] == {"errors": 2, "warnings": 0, "notes": 0}
    assert report["examples"] == {"passed": 0, "of": 0}
    first = report["problems"][0]
    assert (first["code"], first["file"], first["line"], first["column"], first["width"], first["path"]) == (
        "CV103",
        "housing.yaml",
        9,
        13,
        6,
        "payments.housing_fee.amount",
    )


def test_sarif_has_the_shape_that_code_hosts_read() -> None:
    log = json.loads(render_sarif(check_text(BAD, "housing.yaml").problems, "1.2.3"))
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    assert run["tool"]["driver"]["name"] == "legalaid-sim"
    assert run["tool"]["driver"]["version"] == "1.2.3"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["CS012", "CV103"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] == "error"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 9, "startColumn": 13, "endColumn": 19}


def test_annotations_are_one_line_each() -> None:
    lines = render_github(check_text(BAD, "housing.yaml").problems).split("\n")
    assert len(lines) == 2
    assert lines[0].startswith(
        "::error file=housing.yaml,line=9,col=13,title=CV103 bad-amount::this looks like"
    )


def test_the_same_text_gives_the_same_bytes() -> None:
    once, twice = (render_json(check_text(BAD, "f.yaml").problems) for _ in range(2))
    assert once == twice
