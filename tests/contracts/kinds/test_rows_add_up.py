"""Every penny that a matter earns stands in a row of its receipt, whatever kind of payment gave it."""

from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legalaid_sim.contracts.kinds.registry import PAYMENTS
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from tests.builders.contracts import AGENCY, matter, terms

BOLT_ONS = "bolt_ons: {hearing: {amount: 20.00, at_most: 3}, interview: {amount: 7.50, per: matter}}"
BEYOND = "extras: [travel, waiting]"
TAX = "taxes: [{id: vat, kind: tax, rate_percent: 17.5}]\n"
PAID = {
    "banded_fee": f"""
      band_by: event.hearing
      bands: [{{at_most: 1, amount: 50.00}}, {{at_least: 3, at_most: 4, hourly: 61.00}}]
      otherwise: 80.00
      {BOLT_ONS}
      {BEYOND}
    """,
    "continuity_premium": """
      steps: [{at_least_percent: 60, amount: 11.00}, {at_least_percent: 90, add_percent: 7.5, amount: 9.00}]
      returning_client: {within_months: 6, amount: 25.00}
    """,
    "disbursements": """
      pays_percent: 90
      kinds: {expert: {rate: 30.00, needs: authority_over_100}, travel: {at_most: {amount: 40.00}}}
    """,
    "fixed_fee": f"""
      amount: 123.45
      bundled: {{interview: 7.50}}
      {BOLT_ONS}
      {BEYOND}
      uplift_percent: 12.5
      escape: {{over: 200.00, measured_on: [profit, travel], rates: {{profit: 66.00}}, pays: excess, less: [bolt_ons]}}
      limits: {{total: {{at_most: 260.00}}, travel: {{at_most: 30.00}}}}
    """,
    "graduated_fee": """
      combine: sum
      drivers:
        - {by: event.hearing, base: {at_least: 1, amount: 31.00}, then: {at_least: 3, each: 9.99, at_most: 5}}
        - {by: event.interview, base: {amount: 13.00}}
      uplifts: [{when: {outcome: kept}, add_percent: 33}]
    """,
    "hourly": f"""
      rates: {{profit: 52.55, waiting: 27.81}}
      items: {{letter: 4.10}}
      {BOLT_ONS}
      {BEYOND}
      uplift_percent: 15
    """,
    "outcome_payment": """
      outcome: {is: [kept, won], lasts_months: 6}
      amount: 180.00
      share_at: {closing_percent: 40, proof_percent: 60}
      case_mix: {index: difficulty, easy_percent: 70, hard_percent: 150}
    """,
    "personal_budget": """
      grants: {amount: 90.00}
      spends_on: {price: 61.00, client_may_top_up: true}
      broker: {minutes: 40, amount: 22.00}
    """,
    "staged_fee": f"""
      stages: [{{stage: advice, amount: 40.00}}, {{stage: hearing, amount: 95.00}}]
      ends_early: {{kept: {{stage: hearing, pays_percent: 35}}}}
      {BOLT_ONS}
    """,
    "tendered_price": "award: {method: pay_as_bid}\n      amount: 77.00",
    "tiers": "tiers: [{at_most: 2, amount: 90.00}, {over: 2, amount: 60.00}]\n      style: slab",
}
BESIDE = "  - {id: beside, kind: fixed_fee, amount: 40.00}\n"


@cache
def paid_by(kind: str) -> CompiledTerms:
    beside = "" if PAYMENTS[kind].is_base else BESIDE
    return terms(f"payments:\n{beside}  - id: it\n    kind: {kind}\n{_indented(PAID[kind])}\n{TAX}")


def _indented(text: str) -> str:
    return "\n".join(f"    {line.strip()}" if not line.lstrip().startswith("-") else f"      {line.strip()}"
                     for line in text.strip().splitlines())  # fmt: skip


def some(values: st.SearchStrategy[int], *names: str) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from(names), values)


MATTERS = st.builds(
    matter,
    minutes=some(st.integers(0, 400), "profit", "travel", "waiting"),
    costs=some(st.integers(0, 300_00), "profit", "travel", "waiting", "disbursements", "disbursement_vat", "expert"),
    counts=some(st.integers(0, 6), "hearing", "interview", "letter", "expert"),
    by_adviser=some(st.integers(0, 9), "a", "b"),
    outcome=st.sampled_from(["", "kept", "won", "lost"]),
    facts=st.fixed_dictionaries(
        {},
        optional={
            "stages": st.lists(st.sampled_from(["advice", "hearing"]), unique=True),
            "months_since_last_matter": st.integers(0, 12),
            "lasted_months": st.integers(0, 12),
            "difficulty": st.sampled_from(["easy", "hard"]),
            "prior_authority": st.booleans(),
        },
    ),
)  # fmt: skip
BIDDER = ProviderFacts(facts={"bid": 70_01})


@pytest.mark.parametrize("kind", PAID)
@settings(max_examples=60, deadline=None)
@given(facts=MATTERS, rank=st.integers(1, 4), provider=st.sampled_from([AGENCY, BIDDER]))
def test_rows_sum_to_what_each_block_earns(
    kind: str, facts: MatterFacts, rank: int, provider: ProviderFacts
) -> None:
    made = paid_by(kind)
    priced = made.price(facts, provider, ranks={"it": rank})
    receipt = made.receipt(facts, provider, ranks={"it": rank})
    assert receipt.refusal is None
    rows: Counter[str] = Counter()
    for step in receipt.steps:
        rows[step.block] += step.pence or 0
    earned: Counter[str] = Counter()
    for entry in priced.entries:
        earned[entry.block] += entry.pence
    assert +rows == +earned
    assert -rows == -earned
    assert receipt.earned == priced.earned == rows.total()


def test_every_kind_that_prices_a_matter_is_tried() -> None:
    assert set(PAID) == {name for name, kind in PAYMENTS.items() if kind.price is not None}
