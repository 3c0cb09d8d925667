"""What providers see: the pay curve of a matter, whatever the blocks that make it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.pricing.incentive import GRID, join, pay_at, pay_on
from legalaid_sim.contracts.vocabulary.facts import PeriodFacts, Segment
from tests.contracts.making import AGENCY, OPENED, REGISTERED, matter, payment, terms

STARTS = date(2026, 4, 1)


def curve(block: str, facts: object = None) -> tuple[Segment, ...]:
    account = Account(payment(block), AGENCY, STARTS)
    return account.incentive(facts or matter(closed=None))  # type: ignore[arg-type, no-any-return]


def test_a_fixed_fee_is_flat() -> None:
    assert curve("- {id: fee, kind: fixed_fee, amount: 157.00}") == (Segment(0, 15700.0, 0.0),)


def test_an_hour_is_a_straight_line() -> None:
    (piece,) = curve("- {id: help, kind: hourly, rates: {profit: 60.00}}")
    assert piece == Segment(0, 0.0, 100.0)


def test_an_escape_is_a_jump_and_then_a_line() -> None:
    flat, steep = curve("""
        - id: fee
          kind: fixed_fee
          amount: 100.00
          escape: {over: 300.00, pays: all_at_hourly, rates: {profit: 60.00}}
    """)
    assert flat == Segment(0, 10000.0, 0.0)
    assert (steep.start, steep.base) == (306, 30600.0)
    assert steep.slope == pytest.approx(100.0)


def test_excess_pay_has_no_jump() -> None:
    flat, rising = curve("""
        - id: fee
          kind: fixed_fee
          amount: 100.00
          escape: {over: 300.00, pays: excess, share_percent: 50, rates: {profit: 60.00}}
    """)
    assert flat == Segment(0, 10000.0, 0.0)
    assert (rising.start, rising.base, rising.slope) == (300, 10000.0, pytest.approx(50.0))


def test_a_cap_ends_the_line() -> None:
    rising, flat = curve(
        "- {id: help, kind: hourly, rates: {profit: 60.00}, limits: {profit: {at_most: 120.00}}}"
    )
    assert rising == Segment(0, 0.0, 100.0)
    assert flat == Segment(120, 12000.0, 0.0)


def test_bands_are_steps() -> None:
    pieces = curve("""
        - id: phone
          kind: banded_fee
          band_by: work.minutes
          bands: [{up_to: 120, amount: 65.00}, {amount: 150.00}]
    """)
    assert pieces == (Segment(0, 6500.0, 0.0), Segment(126, 15000.0, 0.0))


def test_tax_and_money_passed_on_are_no_incentive() -> None:
    made = terms("""
        payments:
          - {id: fee, kind: fixed_fee, amount: 100.00}
          - {id: out, kind: disbursements}
        taxes: [{id: vat, kind: tax, rate_percent: 20}]
    """)
    account = Account(made, REGISTERED, STARTS)
    facts = matter(closed=None, costs={"disbursements": 5000})
    assert account.incentive(facts) == (Segment(0, 10000.0, 0.0),)


def test_a_forecast_supposes_one_adviser() -> None:
    text = """
        - {id: fee, kind: fixed_fee, amount: 100.00}
        - {id: same, kind: continuity_premium, steps: [{at_least_percent: 80, add_percent: 10, of: fee}]}
    """
    assert curve(text) == (Segment(0, 11000.0, 0.0),)
    shared = matter(closed=None, by_adviser={"a": 50, "b": 50})
    assert curve(text, shared) == (Segment(0, 10000.0, 0.0),)


GRANT = """
    - id: grant
      kind: block_grant
      earned: monthly
      amount: 12000.00
      buys: {hours: 1200}
      shortfall: {recover_at: 60.00}
      surplus: {pay_at: 6.00}
"""


@pytest.mark.parametrize(("worked", "slope"), [(99 * 60, 100.0), (100 * 60, 10.0)])
def test_an_hour_toward_hours_bought_is_worth_what_it_saves(worked: int, slope: float) -> None:
    account = Account(payment(GRANT), AGENCY, STARTS)
    account.month_ended(PeriodFacts(STARTS, date(2026, 4, 30), minutes={"profit": worked}))
    assert account.incentive(matter(closed=None)) == (Segment(0, 0.0, slope),)


def test_a_curve_follows_the_version_of_the_day_and_the_kind_of_matter() -> None:
    made = payment("""
        - id: fee
          kind: fixed_fee
          amount: {dated: {2020-01-01: 1.00, 2026-05-02: 2.00}}
          bolt_ons: {hearing: {amount: 5.00}}
    """)
    account = Account(made, AGENCY, STARTS)
    bases = [
        account.incentive(matter(closed=None, opened=day, counts=counts))[0].base
        for day, counts in ((OPENED, {}), (date(2026, 5, 2), {}), (OPENED, {"hearing": 1}))
    ]
    assert bases == [100.0, 200.0, 600.0]


def test_a_curve_is_not_kept_beyond_the_last_day_of_its_row() -> None:
    made = terms("""
        tables:
          rates:
            starts: starts
            ends: ends
            columns: [fee_code, starts, ends, fee]
            rows: [[X, 2026-01-01, 2026-05-31, 70.00], [X, 2026-06-01, null, 80.00]]
        payments: [{id: fee, kind: fixed_fee, table: rates, amount: {column: fee}}]
    """)
    account = Account(made, AGENCY, STARTS)
    days = (date(2026, 5, 31), date(2026, 6, 1), date(2026, 5, 31))
    bases = [account.incentive(matter(closed=None, fee_code="X", opened=day))[0].base for day in days]
    assert bases == [7000.0, 8000.0, 7000.0]


def test_opening_many_accounts_leaves_the_terms_as_they_were() -> None:
    made = payment(GRANT)
    before = made.library.changes()
    for _ in range(3):
        Account(made, AGENCY, STARTS).month_ended(PeriodFacts(STARTS, date(2026, 4, 30)))
    assert made.library.changes() == before


CONTRACTS = [
    "- {id: fee, kind: fixed_fee, amount: 157.00}",
    "- {id: help, kind: hourly, rates: {profit: 65.35}, limits: {profit: {at_most: 800.00}}}",
    """
        - id: fee
          kind: fixed_fee
          amount: 157.00
          escape: {over: 471.00, pays: all_at_hourly, rates: {profit: 65.35}}
    """,
    """
        - id: phone
          kind: banded_fee
          band_by: work.minutes
          bands: [{up_to: 132, amount: 65.00}, {up_to: 899, amount: 150.00}, {from: 900, hourly: 60.00}]
    """,
]


@pytest.mark.parametrize("block", CONTRACTS)
def test_the_curve_agrees_with_the_price_on_the_grid(block: str) -> None:
    made = payment(block)
    facts = matter(closed=None)
    pieces = Account(made, AGENCY, STARTS).incentive(facts)
    for minutes in GRID:
        assert pay_on(pieces, minutes) == pytest.approx(pay_at(made, AGENCY, facts, minutes), abs=3)


@given(st.lists(st.integers(0, 5), min_size=len(GRID), max_size=len(GRID)))
def test_joined_pieces_start_in_order_and_begin_at_nought(jumps: list[int]) -> None:
    pay, total = [], 0
    for jump in jumps:
        total += 1000 * jump
        pay.append(total)
    pieces = join(pay)
    assert pieces[0].start == 0
    assert [piece.start for piece in pieces] == sorted({piece.start for piece in pieces})
