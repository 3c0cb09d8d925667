"""Tax on what is paid: what bears it, which day picks its rate, what is given back, and its parts block by block."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.contracts.kinds.taxes.tax import TaxRule
from legalaid_sim.contracts.pricing.terms import compile_terms
from legalaid_sim.contracts.tools.pricing_state import PricingState
from tests.builders.contracts import AGENCY, contract, matter, terms

TEXT = """
    payments:
      - {id: fee, kind: fixed_fee, amount: 77.77, hit: sum}
      - {id: extra, kind: hourly, headings: [profit], hit: sum}
      - {id: out, kind: disbursements, limits: {disbursements: {at_most: 40.00}}}
    taxes:
      - id: vat
        kind: tax
        rate_percent: {dated: {2010-01-01: 17.5, 2026-06-01: 20}}
        MORE
"""
STARTS = date(2026, 4, 1)
PENCE = st.integers(0, 90_000)


def earned(more: str = "", **known: object) -> dict[str, int]:
    return dict(terms(TEXT.replace("MORE", more)).receipt(matter(**known), AGENCY).by_block)


def test_the_day_of_closing_picks_the_rate_and_halves_are_rounded_up() -> None:
    assert earned(closed=date(2026, 5, 31))["vat"] == 1361
    assert earned(closed=date(2026, 6, 1))["vat"] == 1555
    assert earned("dated_by: matter_opened", closed=date(2026, 6, 1))["vat"] == 1361


def test_a_block_may_be_spared() -> None:
    costs = {"profit": 10_000}
    assert earned(costs=costs)["vat"] == 3555
    assert earned("not_on: [fee]", costs=costs)["vat"] == 2000
    assert earned("not_on: [extra]", costs=costs)["vat"] == 1555
    assert "vat" not in earned("not_on: [fee, extra]", costs=costs)


@pytest.mark.parametrize(
    ("net", "claimed", "given"),
    [
        (1000, 150, 150),
        (1000, 200, 200),
        (1000, 201, 200),
        (6000, 1000, 800),
        (0, 100, None),
        (1000, 0, None),
    ],
)
def test_tax_on_what_was_paid_out_is_given_back_up_to_the_rate_on_what_is_allowed(
    net: int, claimed: int, given: int | None
) -> None:
    found = earned(costs={"disbursements": net, "disbursement_vat": claimed})
    assert found.get("disbursement_vat") == given
    as_claimed = earned(
        "paid_out: {disbursements: claimed}", costs={"disbursements": net, "disbursement_vat": claimed}
    )
    assert as_claimed.get("disbursement_vat") == (claimed or None)


def test_at_no_percent_there_is_no_tax_on_a_million() -> None:
    made = terms("""
        payments: [{id: help, kind: hourly, headings: [profit]}, {id: out, kind: disbursements}]
        taxes: [{id: vat, kind: tax, rate_percent: 0}]
    """)
    costs = {"profit": 10**8, "disbursements": 10**8, "disbursement_vat": 5}
    assert made.price(matter(costs=costs), AGENCY).earned == 2 * 10**8


@pytest.mark.parametrize(
    ("kinds", "pence", "tax"), [("sessions", 1005, 201), ("sessions", 0, 0), ("fees", 1005, 0)]
)
def test_sessions_bear_tax_where_it_falls_on_them(kinds: str, pence: int, tax: int) -> None:
    made = contract(TEXT.replace("MORE", f"on: [{kinds}]"))
    rule = TaxRule(made.taxes[0], {}, compile_terms(made).context)
    assert rule.on_sessions(pence, PricingState(matter(), AGENCY, STARTS)) == tax


@given(PENCE, st.booleans())
def test_the_parts_that_blocks_bear_make_up_the_tax(profit: int, spared: bool) -> None:
    made = MADE[spared]
    facts = matter(costs={"profit": profit, "disbursements": 900})
    case = PricingState(facts, AGENCY, STARTS)
    made.run(case)
    (vat,) = made.taxes
    parts = [made.tax_on(vat, case, [name]) for name in ("fee", "extra", "out")]
    assert parts == [0 if spared else Fraction(7777, 5), Fraction(profit, 5), 0]
    assert made.tax_on(vat, case, ["fee", "extra", "out"]) == sum(parts)
    lines = [entry.pence for entry in case.entries if entry.block == "vat"]
    assert abs(Fraction(sum(lines)) - Fraction(sum(parts))) <= Fraction(1, 2)


MADE = {spared: terms(TEXT.replace("MORE", "not_on: [fee]" if spared else "")) for spared in (True, False)}
