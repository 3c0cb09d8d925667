"""What an account answers once a day is what it would answer anew, and what hangs on the matter is asked anew."""

from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.kinds.duties.duty import DutyRule
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from tests.builders.contracts import terms

STARTS = date(2026, 4, 1)
PROVIDER = ProviderFacts(region="london")
FACTS = st.builds(
    MatterFacts,
    st.just("m"),
    st.sampled_from(["debt", "housing"]),
    region=st.sampled_from(["", "elsewhere"]),
)
DAYS = st.integers(0, 900).map(lambda days: STARTS + timedelta(days=days))
MINUTES = {
    "20": True,
    "{dated: {2026-04-01: 20, 2027-04-01: 35}}": True,
    "{by_region: {london: 20, elsewhere: 30}}": False,
}
CONDITIONS = {
    "": True,
    "applies_to: {matter.category: debt}, ": False,
    "not_if: {matter.category: debt}, ": False,
}
FORM = (
    "{{id: form, kind: duty, falls_on: matter_opened, {condition}minutes: {{adviser: {minutes}, admin: 5}}}}"
)
STARTS_BLOCK = """
permissions:
  - {id: starts, kind: matter_starts, allowed: 6, per: quarter, phasing: {any_month_at_most_percent: 50}}
"""


@cache
def duty(minutes: str, condition: str) -> CompiledTerms:
    return terms(f"duties:\n  - {FORM.format(minutes=minutes, condition=condition)}\n")


@given(
    st.sampled_from(list(MINUTES)),
    st.sampled_from(list(CONDITIONS)),
    st.lists(st.tuples(FACTS, DAYS), max_size=12),
)
def test_a_duty_falls_as_if_it_were_asked_anew(minutes, condition, asked):
    made = duty(minutes, condition)
    lasting = Account(made, PROVIDER, STARTS)
    for facts, day in asked:
        assert lasting.opened(facts, day) == Account(made, PROVIDER, STARTS).opened(facts, day)


@pytest.mark.parametrize("minutes", MINUTES)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_only_a_duty_that_falls_on_every_matter_alike_is_kept_for_the_day(minutes, condition):
    (rule,) = Account(duty(minutes, condition), PROVIDER, STARTS).duties["matter_opened"]
    assert isinstance(rule, DutyRule)
    assert rule.alike == (MINUTES[minutes] and CONDITIONS[condition])


@given(st.lists(DAYS, max_size=40).map(sorted))
def test_starts_are_counted_by_quarter_and_month(days):
    account, used = Account(terms(STARTS_BLOCK), PROVIDER, STARTS), []
    facts = MatterFacts("m", "debt")
    for day in days:
        quarter = [(other.year, (other.month - 1) // 3) for other in used]
        month = [(other.year, other.month) for other in used]
        free = quarter.count((day.year, (day.month - 1) // 3)) < 6 and month.count((day.year, day.month)) < 3
        assert (account.may_open(facts, day).manner == "yes") == free
        if free:
            account.opened(facts, day)
            used.append(day)
