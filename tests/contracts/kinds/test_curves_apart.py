"""Two matters that a payment pays otherwise each have their own pay curve, also where one was drawn before."""

from datetime import date

import pytest

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.pricing.incentive import pay_curve
from tests.builders.contracts import AGENCY, matter, terms
from tests.contracts.kinds.opened import STARTS

LEADS = """
    - {id: fee, kind: fixed_fee, amount: 100.00}
    - id: same
      kind: continuity_premium
      measure: share_of_MEASURE_by_lead
      steps: [{at_least_percent: 60, amount: 10.00}, {at_least_percent: 66.75, add_percent: 50, of: fee}]
      returning_client: {within_months: 6, amount: 25.00}
"""
MIXED = """
    - {id: fee, kind: fixed_fee, amount: 100.00}
    - id: kept
      kind: outcome_payment
      outcome: {is: kept}
      amount: 90.00
      case_mix: {index: difficulty, easy_percent: 70, hard_percent: 150}
"""
GRADUATED = """
    - id: points
      kind: graduated_fee
      combine: sum
      drivers: [{by: tenants, base: {amount: 10.00}, then: {at_least: 2, each: 4.00}}]
      uplifts: [{when: {outcome: kept}, add_percent: 33}]
"""
BANDED = """
    - {id: fee, kind: banded_fee, band_by: tenants, bands: [{at_most: 2, amount: 50.00}, {at_least: 3, amount: 70.00}]}
"""
DATED = """
    - {id: fee, kind: fixed_fee, amount: {dated: {2020-01-01: 40.00, 2026-03-01: 90.00}}}
"""
TABLED = """
    - {id: fee, kind: fixed_fee, table: fees, amount: {column: fee}}
tables:
  fees:
    key: [tribunal]
    columns: [tribunal, fee]
    rows: [[upper, 90.00], [first, 40.00]]
"""


@pytest.mark.parametrize(
    ("payments", "one", "other"),
    [
        (LEADS.replace("MEASURE", "hours"), {"by_adviser": {"a": 6, "b": 4}}, {"by_adviser": {"a": 1, "b": 1}}),
        # Two thirds and two thirds and a bit: in whole percents the same, and on two sides of a step.
        (LEADS.replace("MEASURE", "hours"), {"by_adviser": {"a": 2, "b": 1}}, {"by_adviser": {"a": 669, "b": 331}}),
        (
            LEADS.replace("MEASURE", "contacts"),
            {"by_adviser": {"a": 9}, "contacts_by_adviser": {"a": 3}},
            {"by_adviser": {"a": 9}, "contacts_by_adviser": {"a": 3, "b": 3}},
        ),
        (LEADS.replace("MEASURE", "hours"), {"facts": {"months_since_last_matter": 6}}, {}),
        (
            MIXED,
            {"outcome": "kept", "facts": {"difficulty": "easy"}},
            {"outcome": "kept", "facts": {"difficulty": "hard"}},
        ),
        (GRADUATED, {"facts": {"tenants": 2}}, {"facts": {"tenants": 3}}),
        (GRADUATED, {"outcome": "kept"}, {"outcome": "lost"}),
        (BANDED, {"facts": {"tenants": 2}}, {"facts": {"tenants": 3}}),
        # One without a day is priced as if it began with the contract.
        (DATED, {"opened": date(2026, 2, 1)}, {"opened": None}),
        (DATED, {"opened": date(2019, 1, 1)}, {"opened": None}),
        (TABLED, {"facts": {"tribunal": "upper"}}, {"facts": {"tribunal": "first"}}),
    ],
)  # fmt: skip
def test_each_has_its_own(payments: str, one: dict[str, object], other: dict[str, object]) -> None:
    made = terms(f"payments:{payments}")
    drawn = [pay_curve(made, AGENCY, matter(**known)) for known in (one, other)]
    assert drawn[0] != drawn[1]
    for order in ((0, 1), (1, 0)):
        account = Account(made, AGENCY, STARTS)
        for at in order:
            assert account.incentive(matter(**(one, other)[at])) == drawn[at]
