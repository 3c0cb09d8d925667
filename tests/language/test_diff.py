"""Comparing contracts: terms by path and day, examples, the same seeded matters, incentives."""

from pathlib import Path
from typing import Any

import pytest

from legalaid_sim.authoring.comparing import comparison_in_text, seeded_matters, side_of, try_out
from legalaid_sim.contracts.diff import compare_examples, differences, summary
from legalaid_sim.yamlfile import parse

BEFORE = """kind: contract
schema_version: 1
contract: before
title: Before
term: {starts: 2025-04-01, months: 36}
categories: [housing]
payments:
  - id: fee
    kind: fixed_fee
    amount: {dated: {2013-04-01: 157.00}}
    escape: {over: 471.00, pays: all_at_hourly, rates: {profit: 65.35}}
  - {id: old, kind: continuity_premium, steps: [{at_least_percent: 80, add_percent: 6, of: fee}]}
duties:
  - {id: form, kind: duty, falls_on: matter_opened, minutes: {adviser: 18}}
examples:
  - name: Short
    given: {matters: [{ref: A, category: housing, opened: 2026-05-01}]}
    when: [{on: 2026-06-01, matter_closed: {ref: A}}]
    then: {lines: {fee: 157.00}}
  - name: Category only
    given: {matters: [{ref: A, category: debt, opened: 2025-05-01}]}
    when: [{on: 2025-06-01, matter_closed: {ref: A}}]
    then: {burden_minutes: {form: 0}}
"""


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    after = (
        BEFORE.replace("contract: before", "contract: after")
        .replace("157.00}}\n", "157.00, 2025-12-22: 223.00}}\n", 1)
        .replace("categories: [housing]", "categories: [housing, debt]")
        .replace("{id: old, kind", "{id: new, kind")
        .replace("adviser: 18}", "adviser: 20}")
        .replace("{fee: 157.00}", "{fee: 223.00}")
        .replace("{form: 0}", "{form: 20}")
    )
    (tmp_path / "before.yaml").write_text(BEFORE)
    (tmp_path / "after.yaml").write_text(after)
    return str(tmp_path / "before.yaml"), str(tmp_path / "after.yaml")


def lines(before: str, after: str) -> list[str]:
    return [str(d) for d in differences(parse(before).data, parse(after).data)]


def test_terms_are_compared_by_path_and_day(pair: tuple[str, str]) -> None:
    found = lines(Path(pair[0]).read_text(), Path(pair[1]).read_text())
    assert found == [
        "~ categories                                   adds debt",
        "~ payments.fee.amount                          157.00 -> 223.00   from 2025-12-22",
        "- payments.old                                 continuity_premium",
        "+ payments.new                                 continuity_premium",
        "~ duties.form.minutes.adviser                  18 -> 20",
    ]


def test_a_contract_does_not_differ_from_itself_nor_by_its_titles() -> None:
    assert lines(BEFORE, BEFORE) == []
    assert lines(BEFORE, BEFORE.replace("title: Before", "title: Another")) == []


def test_a_value_that_becomes_dated_changes_from_its_day() -> None:
    before = "payments: [{id: f, amount: 157.00}]"
    after = "payments: [{id: f, amount: {dated: {1900-01-01: 157.00, 2025-12-22: 223.00}}}]"
    assert lines(before, after) == [
        "~ payments.f.amount                            157.00 -> 223.00   from 2025-12-22"
    ]


def test_the_plan_counts_what_was_added_changed_and_removed(pair: tuple[str, str]) -> None:
    found = differences(parse(Path(pair[0]).read_text()).data, parse(Path(pair[1]).read_text()).data)
    assert summary(found) == "Plan: 1 added, 3 values changed, 1 removed."


def test_examples_are_run_under_both(pair: tuple[str, str]) -> None:
    found = compare_examples(side_of(pair[0]).terms, side_of(pair[1]).terms)
    assert (found.same, found.changed, found.failing) == (0, 2, 0)
    alike = compare_examples(side_of(pair[0]).terms, side_of(pair[0]).terms)
    assert (alike.same, alike.changed, alike.failing) == (2, 0, 0)


def test_both_sides_meet_the_same_matters(pair: tuple[str, str]) -> None:
    one, other = side_of(pair[0]).terms, side_of(pair[1]).terms
    once = [m.facts for m in seeded_matters(one, other, 20, 7)]
    assert once == [m.facts for m in seeded_matters(one, other, 20, 7)]
    assert once != [m.facts for m in seeded_matters(one, other, 20, 8)]
    assert once[:10] == [m.facts for m in seeded_matters(one, other, 10, 7)]


def test_a_fee_raised_by_66_raises_matters_by_66_and_its_premium_unless_they_escape(
    pair: tuple[str, str],
) -> None:
    trial = try_out(side_of(pair[0]).terms, side_of(pair[1]).terms, 200, 7)
    assert len(trial.pairs) == 200
    for before, after in trial.pairs:
        assert after.pence - before.pence == (396 if before.escapes else 6_996)
    low, mean, high = trial.gain.difference.low, trial.gain.difference.mean, trial.gain.difference.high
    assert low is not None
    assert mean is not None
    assert high is not None
    assert low < mean < high


def test_the_whole_comparison_says_how_to_reproduce_it(pair: tuple[str, str]) -> None:
    text = comparison_in_text(*pair, count=100, seed=3)
    assert "On 100 seeded matters: mean pay +" in text
    assert "housing matter: dead zone 2.5-7.2 h -> 3.6-7.2 h; duty minutes 18 -> 20" in text
    assert text.endswith(f"Reproduce: legalaid-sim diff {pair[0]} {pair[1]} --matters 100 --seed 3\n")


def test_blocks_and_lists_are_shown_in_a_few_words() -> None:
    found: Any = differences({"payments": []}, {"payments": [{"id": "f", "kind": "fixed_fee", "amount": 5}]})
    assert [str(d).split(maxsplit=2)[2] for d in found] == ["fixed_fee, 5"]
