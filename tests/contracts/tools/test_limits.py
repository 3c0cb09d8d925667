"""Limits on headings and on the total: what counts toward which, after what others have taken off."""

import pytest

from legalaid_sim.contracts.pricing.terms import CompiledTerms
from tests.builders.contracts import AGENCY, matter, payment, terms

DECIDED = "decided: {days: {typical: 5, slow_percent: 0, slow_days: 5}, granted_percent: 100}"


def told(made: CompiledTerms, **known: object) -> list[str]:
    return [step.how for step in made.receipt(matter(**known), AGENCY).steps if "limit" in step.how]


@pytest.mark.parametrize(
    ("on", "profit", "out", "margin"),
    [
        ("", 7000, 900, -100), ("", 7000, 2000, 1000), ("", 900, 7000, 1900),
        (", on: [profit, disbursements]", 7000, 900, -100), (", on: [profit, disbursements]", 7000, 2000, 1000),
        (", on: [fees]", 7000, 2000, -1000), (", on: [disbursements]", 7000, 7000, 1000),
    ],
)  # fmt: skip
def test_a_total_counts_what_the_limits_on_headings_left(on: str, profit: int, out: int, margin: int) -> None:
    made = payment(f"""
        - id: help
          kind: hourly
          headings: [profit]
          limits: {{profit: {{at_most: 50.00}}, total: {{at_most: 60.00{on}}}}}
        - {{id: out, kind: disbursements}}
    """)
    priced = made.price(matter(costs={"profit": profit, "disbursements": out}), AGENCY)
    assert priced.earned == min(profit, 5000) + out - max(0, margin)
    assert priced.margins["total"] == margin


@pytest.mark.parametrize(("travel", "earned"), [(2900, 7900), (3000, 8000), (4000, 8000)])
def test_what_comes_off_one_heading_counts_toward_no_other(travel: int, earned: int) -> None:
    made = payment("""
        - id: help
          kind: hourly
          headings: [profit, travel]
          limits: {profit: {at_most: 50.00}, travel: {at_most: 30.00}}
    """)
    assert made.price(matter(costs={"profit": 7000, "travel": travel}), AGENCY).earned == earned


@pytest.mark.parametrize("second", [100, 150, 180, 250])
def test_of_two_limits_on_one_total_the_lower_holds_and_nothing_comes_off_twice(second: int) -> None:
    made = payment(f"""
        - {{id: one, kind: fixed_fee, amount: 100.00, hit: sum, limits: {{total: {{at_most: 150.00}}}}}}
        - {{id: other, kind: fixed_fee, amount: 100.00, hit: sum, limits: {{total: {{at_most: {second}.00}}}}}}
    """)
    assert made.price(matter(), AGENCY).earned == min(150, second) * 100
    hours = payment(f"""
        - {{id: one, kind: hourly, headings: [profit], hit: sum, limits: {{total: {{at_most: 150.00, on: [profit]}}}}}}
        - {{id: other, kind: fixed_fee, amount: 70.00, hit: sum,
            limits: {{total: {{at_most: {second}.00, on: [profit]}}}}}}
    """)
    assert hours.price(matter(costs={"profit": 20000}), AGENCY).earned == min(150, second) * 100 + 7000


@pytest.mark.parametrize(("lifts", "earned"), [("counsel", 5000), ("profit", 7000)])
def test_authority_lifts_the_limits_that_it_is_for_and_no_others(lifts: str, earned: int) -> None:
    made = terms(f"""
        payments:
          - id: help
            kind: hourly
            headings: [profit]
            limits: {{profit: {{at_most: 50.00, unless: leave}}}}
        permissions: [{{id: leave, kind: authority, lifts: [{lifts}], {DECIDED}}}]
    """)
    assert made.price(matter(costs={"profit": 7000}, facts={"leave": True}), AGENCY).earned == earned


def test_a_limit_is_told_where_something_was_claimed_and_as_lifted_only_above_it() -> None:
    made = payment("""
        - {id: help, kind: hourly, headings: [profit], limits: {profit: {at_most: 50.00, unless: leave}}}
    """)
    for pence, said in (
        (0, []),
        (5000, ["limit profit: 50.00 of 50.00, kept"]),
        (5001, ["limit profit: 50.01 of 50.00, lifted by leave"]),
    ):
        assert told(made, costs={"profit": pence}, facts={"leave": True}) == said


def test_a_cell_below_nought_takes_off_what_there_is_and_no_more() -> None:
    made = terms("""
        tables: {rates: {columns: [fee_code, most], rows: [[X, -1.00]]}}
        payments:
          - {id: help, kind: hourly, table: rates, headings: [profit], limits: {profit: {at_most: {column: most}}}}
    """)
    receipt = made.receipt(matter(fee_code="X", costs={"profit": 700}), AGENCY)
    assert [step.pence for step in receipt.steps] == [700, -700]
    assert receipt.earned == 0
