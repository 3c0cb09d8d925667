"""What a contract leaves out of scope, and for whom."""

from datetime import date
from typing import Any

import pytest

from legalaid_sim.contracts.account.account import Account
from tests.builders.contracts import AGENCY, OPENED, matter, terms

STARTS = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("applies_to", "concerned"),
    [
        ("", {"region": "elsewhere"}), ("region: london", {"region": "london"}),
        ("tenants: {at_least: 2}", {"facts": {"tenants": 2}}),
    ],
)  # fmt: skip
def test_a_category_is_out_of_scope_where_its_block_applies_and_nowhere_else(
    applies_to: str, concerned: dict[str, Any]
) -> None:
    made = terms(
        "payments: [{id: fee, kind: fixed_fee, amount: 100.00}]\n"
        f"permissions: [{{id: narrow, kind: scope, applies_to: {{{applies_to}}}, out_of_scope: [debt]}}]\n"
    )
    account = Account(made, AGENCY, STARTS)
    for category in ("debt", "housing"):
        for known in ({}, concerned):
            out = category == "debt" and (not applies_to or known == concerned)
            answer = account.may_open(matter(category=category, **known), OPENED)
            assert answer.manner == ("refuse" if out else "yes")
            # What the kind of a matter decides is never asked about again.
            assert account.covers(matter(category=category, **known)) == (not out or "tenants" in applies_to)
