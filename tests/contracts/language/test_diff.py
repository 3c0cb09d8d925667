"""Comparing contracts: terms by path and day, examples, every kind of case, lines that touch none, incentives."""

from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from legalaid_sim.authoring.comparing import compare, comparison_in_text, side_of
from legalaid_sim.authoring.touching import Side
from legalaid_sim.contracts.language.diff import compare_examples, differences, summary
from legalaid_sim.contracts.language.lines import compiled
from legalaid_sim.contracts.language.load import library_names, resolve
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


SAID = ("examples", "source", "title", "summary", "note", "schema_version", "kind", "contract")


def number_paths(found: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a number in the terms of a contract."""
    items = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, value in items:
        if key not in SAID:
            yield from number_paths(value, (*path, key))
    if isinstance(found, int | Decimal) and not isinstance(found, bool):
        yield path


def changed_number(data: Any, path: tuple[Any, ...], times: Decimal) -> dict[str, Any]:
    """Data with one number multiplied, or made one more where that changes nothing."""
    made = here = deepcopy(dict(data))
    for key in path[:-1]:
        here = here[key]
    new = (here[path[-1]] * times).quantize(Decimal("0.01"))
    number = int(new) if isinstance(here[path[-1]], int) or new == int(new) else new
    here[path[-1]] = number if number != here[path[-1]] else here[path[-1]] + 1
    return made


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
    assert (found.same, found.failing) == (0, ())
    assert found.changed == {
        "Short": "lines.fee 157.00 -> 223.00",
        "Category only": "burden_minutes.form 0 -> 20",
    }
    alike = compare_examples(side_of(pair[0]).terms, side_of(pair[0]).terms)
    assert (alike.same, alike.changed, alike.failing) == (2, {}, ())


def told(folder: Path, before: str, after: str) -> str:
    (folder / "one.yaml").write_text(before)
    (folder / "other.yaml").write_text(after)
    return comparison_in_text(str(folder / "one.yaml"), str(folder / "other.yaml"))


BY_REGION = """kind: contract
schema_version: 1
contract: by-region
title: A fee by region, another for a matter at court, and VAT for those who charge it
term: {starts: 2025-04-01, months: 36}
categories: [housing, debt]
regions: [london, elsewhere]
payments:
  - id: fee
    kind: fixed_fee
    amount: {by_region: {london: 200.00, elsewhere: 200.00}}
    escape:
      over: 600.00
      pays: all_at_hourly
      rates: {profit: {by_region: {london: 50.00, elsewhere: 48.24}}}
  - {id: court, kind: fixed_fee, exception_to: fee, applies_to: {matter.service: in_court}, amount: 150.00}
taxes:
  - {id: vat, kind: tax, rate_percent: 20, on: [fees, hourly], applies_to: {provider.vat_registered: true}}
cash: [{id: m, kind: variable_monthly}]
"""


def test_a_fee_of_one_region_is_said_to_change_there_though_another_block_has_the_same_category(
    tmp_path: Path,
) -> None:
    text = told(tmp_path, BY_REGION, BY_REGION.replace("london: 200.00", "london: 900.00"))
    assert (
        "  london; not registered for VAT; nothing out of the ordinary\n"
        "      pay +700.00 0 to 12 h, unchanged from 13 h on\n" in text
    )
    assert "registered for VAT; nothing out of the ordinary\n      pay +840.00 0 to 12 h" in text
    assert "unchanged: 12 kinds of matter" in text
    assert "No case touches" not in text


def test_only_those_whom_a_condition_names_are_said_to_change(tmp_path: Path) -> None:
    court = told(tmp_path, BY_REGION, BY_REGION.replace("amount: 150.00", "amount: 175.00"))
    assert "  not registered for VAT; service in_court\n      pay +25.00 whatever the hours\n" in court
    vat = told(tmp_path, BY_REGION, BY_REGION.replace("rate_percent: 20", "rate_percent: 25"))
    assert "  registered for VAT; service in_court\n      pay +7.50 whatever the hours\n" in vat
    assert "  not registered" not in vat


def test_a_threshold_that_moves_is_told_by_the_hours_between_and_by_the_escape(tmp_path: Path) -> None:
    text = told(tmp_path, BY_REGION, BY_REGION.replace("over: 600.00", "over: 560.00"))
    assert "pay unchanged 0 to 11 h, +400.00 at 12 h, unchanged from 13 h on" in text
    assert "escape from 12.0 h -> from 11.2 h" in text
    assert "Dead zone of housing matter in london, before tax: 4.0-12.0 h -> 4.0-11.2 h" in text
    minute = told(tmp_path, BY_REGION, BY_REGION.replace("over: 600.00", "over: 601.00"))
    assert "pay -400.83 at 12.02 h only" in minute
    within = told(tmp_path, BY_REGION, BY_REGION.replace("over: 600.00", "over: 600.50"))
    assert "No case touches these changed lines:\n  ~ payments.fee.escape.over" in within


def test_a_version_after_the_end_and_a_clause_that_nobody_meets_are_named_as_untouched(
    tmp_path: Path,
) -> None:
    text = told(
        tmp_path,
        BY_REGION.replace(
            "elsewhere: 200.00}}", "elsewhere: {dated: {2025-04-01: 200.00, 2031-01-01: 210.00}}}}"
        ),
        BY_REGION.replace(
            "elsewhere: 200.00}}", "elsewhere: {dated: {2025-04-01: 200.00, 2031-01-01: 250.00}}}}"
        ).replace("months: 36", "months: 30"),
    )
    assert "No case touches these changed lines:" in text
    untouched = text.split("No case touches these changed lines:")[1]
    assert "payments.fee.amount.by_region.elsewhere" in untouched
    assert "term.months" in untouched


def test_the_mean_over_matters_is_told_for_a_scenario_only(pair: tuple[str, str]) -> None:
    text = comparison_in_text(*pair)
    assert "mean" not in text
    assert "gain" not in text
    assert (
        "  housing; unless 72% by one adviser; opened from 2025-12-22 on\n      pay +69.96 0 to 7 h, +3.96"
        in text
    )
    assert "  housing\n      form 18 -> 20 minutes\n" in text
    assert "  debt\n      paid for by the second only (refused by the other: not-covered)\n" in text
    assert "Dead zone of housing matter, before tax: 2.5-7.2 h -> 3.6-7.2 h" in text


def test_tables_in_files_are_compared_by_their_rows(tmp_path: Path) -> None:
    text = BY_REGION.replace(
        "payments:", "tables: {rates: {key: [category], file: rates.csv}}\npayments:"
    ).replace("amount: 150.00}", "amount: {column: fee}, table: rates}")
    sides = []
    for name, fee in (("one", "150.00"), ("other", "180.00")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "c.yaml").write_text(text)
        (folder / "rates.csv").write_text(f"category,fee\nhousing,{fee}\ndebt,90.00\n")
        sides.append(str(folder / "c.yaml"))
    found = comparison_in_text(sides[0], sides[1])
    assert "~ tables.rates.rows.0                          housing: 150.00 -> 180.00\n" in found
    assert "  housing; not registered for VAT; service in_court\n      pay +30.00 whatever the hours" in found


NUMBERS = [(name, path) for name in library_names() for path in number_paths(resolve(name).data)]


TIMES = (Decimal("0.5"), Decimal(2), Decimal(10))


# Of any contract as often as of another: two in five numbers stand in the one that takes longest to compare.
OF_ANY_CONTRACT = st.sampled_from(library_names()).flatmap(
    lambda name: st.sampled_from([number for number in NUMBERS if number[0] == name])
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(OF_ANY_CONTRACT, st.sampled_from(TIMES))
def test_one_number_of_a_library_contract_changes_a_case_or_is_named_as_untouched(
    number: tuple[str, tuple[Any, ...]], times: Decimal
) -> None:
    tell_or_name(number, times)


@pytest.mark.long
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(NUMBERS), st.sampled_from(TIMES))
def test_any_number_of_a_library_contract_changes_a_case_or_is_named_as_untouched(
    number: tuple[str, tuple[Any, ...]], times: Decimal
) -> None:
    tell_or_name(number, times)


def tell_or_name(number: tuple[str, tuple[Any, ...]], times: Decimal) -> None:
    before = side_of(number[0])
    data = changed_number(before.data, number[1], times)
    terms = compiled(data, before.folder)
    assume(terms is not None)
    assert terms is not None
    found = compare(before, Side(data, before.folder, terms))
    assert len(found.lines) >= 1, number
    told = bool(found.groups or found.years)
    assert told != (set(found.untouched) == set(found.lines)), (number, found.lines)


def test_blocks_and_lists_are_shown_in_a_few_words() -> None:
    found: Any = differences({"payments": []}, {"payments": [{"id": "f", "kind": "fixed_fee", "amount": 5}]})
    assert [str(d).split(maxsplit=2)[2] for d in found] == ["fixed_fee, 5"]
