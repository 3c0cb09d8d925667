"""Values that follow an index, held against the same values worked out as fractions."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.errors import Refusal
from tests.builders.contracts import terms
from tests.contracts.kinds.test_fees_by_hand import earned, nearest


def indexed(rate: str, series: str, more: str = "") -> CompiledTerms:
    return terms(f"""
    values: {{rate: {rate}}}
    series: {{cpi: {{dated: {series}}}}}
    payments: [{{id: it, kind: fixed_fee, amount: {{value: rate}}}}]
    adjustments: [{{id: index, kind: indexation, on: {{values: [rate]}}, index: cpi, starts: 2026-10-01{more}}}]
    """)


def on(made: CompiledTerms, *day: int) -> int:
    return earned(made, opened=date(*day), closed=date(2029, 5, 1))


def test_a_figure_or_a_version_counts_from_its_own_day_and_months_are_counted_singly() -> None:
    made = indexed(
        "{dated: {2026-10-01: 1.00, 2027-10-01: 10.00}}",
        "{2026-10-01: 10, 2026-11-01: 50}",
        ", every_months: 1",
    )
    assert [on(made, 2026, month, 1) for month in (10, 11, 12)] == [100, 150, 225]
    assert [on(made, 2027, month, 1) for month in (10, 11)] == [1000, 1500]


def test_what_is_written_later_stands_and_what_comes_after_follows_again() -> None:
    made = indexed("{dated: {2026-04-01: 1.00, 2027-10-01: 2.00}}", "{2026-01-01: 10}")
    assert [on(made, year, 10, 1) for year in (2026, 2027, 2028)] == [110, 200, 220]


def test_after_a_figure_that_is_still_expected_what_is_written_follows_again() -> None:
    made = indexed("{dated: {2026-04-01: 1.00, 2028-04-01: 5.00}}", "{2026-01-01: expected, 2028-01-01: 10}")
    with pytest.raises(Refusal, match="the figure of 2026-10-01 is still 'expected'"):
        on(made, 2027, 10, 1)
    assert [on(made, 2028, month, 1) for month in (4, 10)] == [500, 550]


def test_a_value_without_a_number_yet_stays_without_one() -> None:
    made = indexed("{dated: {2026-04-01: 1.00, 2027-04-01: expected}}", "{2026-01-01: 10}")
    assert on(made, 2026, 10, 1) == 110
    with pytest.raises(Refusal, match="the figure of 2027-04-01 is still 'expected'"):
        on(made, 2027, 10, 1)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 99_999), st.sampled_from(["0.01", "0.10", "0.25"]), st.integers(1, 30))
def test_an_indexed_value_is_a_whole_number_of_steps_nearest_to_the_exact_one(
    pence: int, step: str, percent: int
) -> None:
    made = indexed(f"{{amount: {pence // 100}.{pence % 100:02d}}}", f"{{2026-01-01: {percent}}}",
                   f", rounds_to: {step}")  # fmt: skip
    exact, width = Fraction(pence * (100 + percent), 100), Fraction(step) * 100
    assert on(made, 2026, 10, 1) == nearest(exact / width) * width


def test_only_numbers_follow() -> None:
    with pytest.raises(Refusal, match="only values written as numbers can follow an index"):
        indexed(
            "{by_region: {london: {value: other}, elsewhere: 1.00}}, other: {amount: 1.00}",
            "{2026-01-01: 10}",
        )
