"""Receipts: every pound explained, in text and as data; and the worked examples that designers write."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.contracts.language.comparing import ExampleOutcome
from legalaid_sim.contracts.language.examples import run_examples
from legalaid_sim.contracts.pricing.receipts import HOW_WIDTH, Receipt, _wrapped, heading_of
from legalaid_sim.contracts.pricing.terms import compile_terms
from legalaid_sim.contracts.tools.pricing_state import PricingState, ReceiptRow
from legalaid_sim.contracts.vocabulary.facts import ProviderFacts
from tests.builders.contracts import AGENCY, REGISTERED, contract, matter, terms

HOUSING = """
    title: Housing advice, standard terms
    values:
      housing_fee:
        dated: {2013-04-01: 157.00, 2025-12-22: 223.00}
    payments:
      - id: housing_fee
        kind: fixed_fee
        applies_to: {category: housing}
        amount: {value: housing_fee}
        escape: {over: {dated: {2013-04-01: 471.00, 2025-12-22: 669.00}}, measured_on: [profit], pays: flag_only}
        source: {title: SI 2013/422 as amended by SI 2025/1248, status: enacted}
      - id: hourly_help
        kind: hourly
        applies_to: {category: immigration}
        rates: {profit: 65.35}
      - id: disbursements
        kind: disbursements
        limits: {disbursements: {at_most: 400.00}}
      - id: same_adviser
        kind: continuity_premium
        steps: [{at_least_percent: 80, add_percent: 6, of: housing_fee}]
    taxes:
      - id: vat
        kind: tax
        applies_to: {provider.vat_registered: true}
        rate_percent: {dated: {2010-01-01: 17.5, 2011-01-04: 20}}
    duties:
      - {id: legal_help_form, kind: duty, falls_on: matter_opened, minutes: {adviser: 18, admin: 12}}
      - {id: monthly_return, kind: return, due: {day: 20}, minutes: {per_return: 90, per_claim_line: 4}}
    cash:
      - id: monthly_on_account
        kind: standard_monthly
        opening_amount: 6000.00
        corridor: {low_percent: 90, high_percent: 110}
"""

TEXT = """\
Matter A   housing   opened 2026-05-01   closed 2026-07-01   contract test
  #  rule                    how                                                        GBP  where
  1  housing_fee             223.00, version of 2025-12-22 (picked by                223.00  housing.yaml:31
                             matter_opened; before: 157.00)
  1  disbursements           20.00 claimed                                            20.00
  5  same_adviser            lead did 61%, needs 80%                                      -
  6  disbursements           limit disbursements: 20.00 of 400.00, kept                   -
  8  housing_fee             400.00 measured is 269.00 under 669.00                       -  housing.yaml:31
  9  vat                     20% of 223.00 (rate of 2011-01-04, picked by             44.60
                             matter_closed 2026-07-01)
  9  disbursement_vat        2.00 claimed, at most 4.00                                2.00
     earned                                                                          289.60
Burden: legal_help_form 30 min, monthly_return 4 min
Did not apply: hourly_help (category is housing, needs immigration)
Cash: paid under monthly_on_account (standard_monthly)
Source: SI 2013/422 as amended by SI 2025/1248 [enacted]
"""


def housing(**known: Any):  # type: ignore[no-untyped-def]
    return matter(
        costs={"profit": 40000, "disbursements": 2000, "disbursement_vat": 200},
        by_adviser={"a": 61, "b": 39},
        **known,
    )


def test_a_receipt_reads_as_the_contract_does() -> None:
    made = compile_terms(contract(HOUSING), places={"housing_fee": ("housing.yaml", 31)})
    assert made.receipt(housing(), REGISTERED).as_text() == TEXT


def test_the_json_twin_carries_the_same_lines_with_amounts_as_text() -> None:
    made = compile_terms(contract(HOUSING), places={"housing_fee": ("housing.yaml", 31)})
    twin = json.loads(made.receipt(housing(), REGISTERED).as_json())
    assert twin["receipt_format"] == "1.0"
    assert twin["contract_sha256"] == made.digest
    assert twin["earned"] == "289.60"
    assert twin["lines"][0] == {
        "phase": 1,
        "phase_name": "base",
        "block": "housing_fee",
        "amount": "223.00",
        "how": "223.00, version of 2025-12-22 (picked by matter_opened; before: 157.00)",
        "inputs": {},
        "value_version": "2025-12-22",
        "dated_by": "matter_opened",
        "file": "housing.yaml",
        "line": 31,
    }
    assert twin["not_applied"] == [
        {"block": "hourly_help", "because": "category is housing, needs immigration"}
    ]
    assert (twin["flags"], twin["refusal"]) == ([], None)
    assert twin["burden_minutes"] == {"legal_help_form": 30, "monthly_return": 4}
    assert twin["margins"] == {"disbursements": "-380.00", "escape": "-269.00"}


def test_a_receipt_names_the_scheme_and_the_flags() -> None:
    receipt = terms(HOUSING).receipt(matter(costs={"profit": 66901}), AGENCY)
    assert (receipt.scheme, receipt.flags) == ("2025-12-22", ("escape",))
    assert "Flags: escape" in receipt.as_text()


def test_a_refusal_is_written_on_the_receipt_and_earns_nothing() -> None:
    receipt = terms(HOUSING).receipt(matter(category="debt"), AGENCY)
    assert (receipt.earned, receipt.steps) == (0, ())
    assert receipt.as_data()["refusal"] == {
        "code": "not-covered",
        "rule": "test",
        "why": "no payment block covers category 'debt'",
    }
    assert "refused: not-covered (test): no payment block covers category 'debt'" in receipt.as_text()


def test_the_burden_of_a_matter_is_that_of_the_duties_that_concern_it() -> None:
    made = terms("""
        payments: [{id: fee, kind: fixed_fee, amount: 10.00}]
        duties:
          - {id: debts, kind: duty, falls_on: matter_opened, minutes: {adviser: 5}, applies_to: {category: debt}}
          - {id: usual, kind: duty, falls_on: matter_opened, minutes: {adviser: 7}, not_if: {reopened: true}}
          - {id: always, kind: duty, falls_on: matter_opened, minutes: {adviser: 9}}
    """)
    for known, burden in (
        ({}, {"usual": 7, "always": 9}),
        ({"category": "debt"}, {"debts": 5, "usual": 7, "always": 9}),
        ({"reopened": True}, {"always": 9}),
    ):
        assert made.receipt(matter(**known), AGENCY).burden_minutes == burden


def test_a_block_that_another_takes_the_place_of_says_so() -> None:
    made = terms("""
        payments:
          - {id: usual, kind: fixed_fee, amount: 10.00}
          - {id: special, kind: fixed_fee, amount: 20.00, exception_to: usual}
    """)
    assert made.receipt(matter(), AGENCY).not_applied == (("usual", "special takes its place"),)


EXAMPLES = """
    examples:
      - name: below
        given:
          provider: {vat_registered: true}
          matters: [{ref: A, category: housing, opened: 2025-12-22}]
        when:
          - {on: 2026-02-01, work_done: {ref: A, profit_costs: 400.00, adviser: a}}
          - {on: 2026-02-20, disbursement: {ref: A, net: 20.00, vat: 2.00}}
          - {on: 2026-03-01, matter_closed: {ref: A, outcome: advice_given}}
        then:
          earned: {A: EARNED}
          lines: {housing_fee: 223.00, vat: 44.60, disbursements: 20.00, disbursement_vat: 2.00}
          flags: []
          margin: {escape: -269.00}
          burden_minutes: {legal_help_form: 30}
"""


def outcomes(text: str, folder: Path | None = None) -> tuple[ExampleOutcome, ...]:
    return run_examples(contract(HOUSING + text), folder)


def test_a_worked_example_passes_when_all_it_names_comes_out() -> None:
    found = outcomes(EXAMPLES.replace("EARNED", "289.60"))
    assert [one.what for one in found if not one.passed] == []
    assert len(found) == 8


def test_a_worked_example_that_fails_shows_expected_got_and_the_receipt_line() -> None:
    wrong = [one for one in outcomes(EXAMPLES.replace("EARNED", "289.61")) if not one.passed]
    assert [(one.example, one.what, one.expected, one.got) for one in wrong] == [
        ("below", "earned.A", "289.61", "289.60")
    ]
    assert wrong[0].receipt_line == (
        "housing_fee 223.00, disbursements 20.00, vat 44.60, disbursement_vat 2.00"
    )
    (line,) = [
        one
        for one in outcomes(EXAMPLES.replace("fee: 223.00", "fee: 223.01").replace("EARNED", "289.60"))
        if not one.passed
    ]
    assert line.receipt_line == (
        "1 housing_fee: 223.00, version of 2025-12-22 (picked by matter_opened; before: 157.00) = 223.00"
    )


def test_an_example_that_asserts_nothing_fails() -> None:
    (found,) = outcomes("    examples: [{name: idle, given: {matters: [{ref: A, category: housing}]}}]")
    assert (found.passed, found.got) == (False, "nothing is asserted")


def test_a_review_of_level_payments_is_an_example_too() -> None:
    found = outcomes("""
    examples:
      - name: inside
        given:
          cash: {monthly_on_account: 6000.00}
          months: {claims: [5600.00, 6100.00, 5900.00, 6200.00, 5800.00, 6400.00]}
        when: [{on: 2026-10-01, review: monthly_on_account}]
        then: {position_percent: {monthly_on_account: 100.0}, cash: {monthly_on_account: 6000.00}}
    """)
    assert [(one.expected, one.got) for one in found] == [("100.0", "100.0"), ("6000.00", "6000.00")]


def test_an_expected_refusal() -> None:
    (found,) = outcomes("""
    examples:
      - name: debt is not covered
        given: {matters: [{ref: A, category: debt, opened: 2026-05-01}]}
        when: [{on: 2026-06-01, matter_closed: {ref: A}}]
        then: {refused: not-covered}
    """)
    assert found.passed


TABLE = """
    examples:
      - name: rows
        given_each: {provider: {vat_registered: true}}
        table:
          columns: [category, opened, profit_costs, net_disbursements, disbursement_vat, earned, escape, refused]
          rows:
            - [housing, 2025-12-22, 669.00, 20.00, 2.00, 289.60, false, null]
            - [housing, 2025-12-21, 471.01, 0.00, 0.00, 188.40, true, null]
            - [debt, 2025-12-22, 0.00, 0.00, 0.00, null, null, not-covered]
            - [housing, 2025-12-22, 0.00, 0.00, 0.00, 1.00, null, null]
"""


def test_a_table_runs_a_row_at_a_time() -> None:
    found = outcomes(TABLE)
    assert [(one.row, one.what, one.passed) for one in found] == [
        (1, "earned", True),
        (1, "flag.escape", True),
        (2, "earned", True),
        (2, "flag.escape", True),
        (3, "refused", True),
        (4, "earned", False),
    ]


def test_a_table_may_stand_in_a_csv_file(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(
        "record_id,category,in_start_date,in_net_profit_costs,expected_total,expected_scheme\n"
        "V1,housing,2025-12-22,10,223.00,2025-12-22\n",
        encoding="utf-8",
    )
    found = outcomes("    examples: [{name: rows, table: {file: rows.csv}}]", tmp_path)
    assert [(one.what, one.passed) for one in found] == [("earned", True), ("scheme", True)]


@pytest.mark.parametrize("region", ["london", "elsewhere"])
def test_the_providers_region_stands_in_for_the_matters(region: str) -> None:
    made = terms(
        "payments: [{id: f, kind: fixed_fee, amount: {by_region: {london: 2.00, elsewhere: 1.00}}}]\n"
    )
    earned = made.receipt(matter(opened=date(2026, 5, 1)), ProviderFacts(region=region)).earned
    assert earned == {"london": 200, "elsewhere": 100}[region]


@pytest.mark.parametrize(
    ("first", "minutes", "words"),
    [
        ("2026-08-01", 60, "put events in order of day; 2026-07-01 stands below 2026-08-01"),
        ("2026-06-01", -60, "time worked is 0 or more, found -60"),
    ],
)
def test_a_story_that_cannot_be_lived_is_refused(first: str, minutes: int, words: str) -> None:
    text = f"""
    examples:
      - name: not to be lived
        given: {{matters: [{{ref: A, category: housing, opened: 2026-05-01}}]}}
        when:
          - {{on: {first}, work_done: {{ref: A, profit_minutes: {minutes}}}}}
          - {{on: 2026-07-01, matter_closed: {{ref: A}}}}
        then: {{earned: {{A: 223.00}}}}
    """
    outcomes = run_examples(contract(HOUSING + text))
    assert not any(outcome.passed for outcome in outcomes)
    assert any(words in str(outcome) for outcome in outcomes), outcomes


WORDS = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9), max_size=12)


@given(WORDS, st.integers(1, 20))
def test_words_are_wrapped_where_the_next_would_not_fit(words: list[str], width: int) -> None:
    lines = _wrapped("  ".join(words), width)
    assert " ".join(lines).split() == words
    for line, after in zip(lines, [*lines[1:], ""]):
        assert len(line) <= width or " " not in line
        assert not after or len(line) + 1 + len(after.split()[0]) > width


def test_the_first_line_names_the_matter_and_the_days_that_are_known() -> None:
    assert heading_of(matter("A", fee_code="X1")) == (
        "Matter A   housing X1   opened 2026-05-01   closed 2026-07-01"
    )
    assert heading_of(matter("B", category="", opened=None, closed=None)) == "Matter B   "


def test_lines_of_one_block_are_summed_and_a_row_without_money_is_none() -> None:
    steps = (
        ReceiptRow(1, "fee", 500, "a"), ReceiptRow(1, "other", None, "b"),
        ReceiptRow(2, "fee", -200, "c"), ReceiptRow(3, "late", 0, "d"),
    )  # fmt: skip
    receipt = Receipt("A", "test", "0", steps, 300, places={"fee": ("a.yaml", 7)})
    assert receipt.by_block == {"fee": 300}
    first, second, third, _ = receipt.as_data()["lines"]
    assert [line["phase_name"] for line in receipt.as_data()["lines"]] == [
        "base", "base", "tiers and bands", "stages",
    ]  # fmt: skip
    assert (first["amount"], second["amount"], third["amount"]) == ("5.00", None, "-2.00")
    assert (first["file"], first["line"], second["file"], second["line"]) == ("a.yaml", 7, None, None)


def test_every_row_ends_in_the_column_of_pounds() -> None:
    steps = tuple(ReceiptRow(1, "fee", 5 * n, "word " * n) for n in range(1, 40))
    rows = Receipt("A", "test", "0", steps, 0).as_text().splitlines()[2:-1]
    for row in rows:
        assert row.startswith("     ") or row[-4:].replace("-", "0").strip().replace(".", "").isdigit()
        assert len(row) <= 5 + 24 + HOW_WIDTH + 10
        assert len(row) == 5 + 24 + HOW_WIDTH + 10 or row.startswith("      ")
        # Words end before the pounds begin.
        assert row[5 + 24 + HOW_WIDTH - 2 : 5 + 24 + HOW_WIDTH] in ("  ", "")


def test_the_json_twin_is_written_to_be_read() -> None:
    twin = terms(HOUSING).receipt(matter(), AGENCY).as_json()
    assert twin == json.dumps(json.loads(twin), indent=2, ensure_ascii=False)


def test_words_are_wrapped_two_short_of_the_pounds_and_others_than_ascii_stay_as_they_are() -> None:
    rows = [
        Receipt("Zoë", "test", "0", (ReceiptRow(1, "fee", 5, "a" * (HOW_WIDTH - 4) + last),), 5).as_text()
        for last in (" b", " bc")
    ]
    assert [len(text.splitlines()) for text in rows] == [4, 5]
    assert "Zoë" in Receipt("Zoë", "test", "0", (), 0).as_json()


def test_a_block_gives_the_reason_of_its_own_table_whatever_was_looked_at_before() -> None:
    made = terms("""
        tables:
          one: {columns: [fee_code, sort], rows: [[X, old]]}
          other: {columns: [fee_code, sort], rows: [[X, odd]]}
        payments:
          - {id: a, kind: fixed_fee, amount: 1.00, table: one, applies_to: {row.sort: new}}
          - {id: b, kind: fixed_fee, amount: 1.00, table: other, applies_to: {row.sort: new}}
    """)
    case = PricingState(matter(fee_code="X"), AGENCY, made.starts)
    first, second = made.payments
    assert not second.applies(case)
    assert first.reason(case) == "row.sort is old, needs new"
