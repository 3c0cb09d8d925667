"""Disbursements, limits over many matters, sessions, assessments and indexation."""

from datetime import date
from textwrap import dedent, indent

import pytest

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.vocabulary.facts import (
    Line,
    ProviderFacts,
)
from legalaid_sim.errors import Refusal
from tests.builders.contracts import AGENCY, CLOSED, OPENED, REGISTERED, matter, payment, terms
from tests.contracts.kinds.opened import STARTS, months, open_, paid
from tests.contracts.kinds.test_grants_and_results import BUDGET


def test_disbursements_by_kind_have_rates_and_ceilings() -> None:
    made = payment("""
        - id: out
          kind: disbursements
          pays_percent: 50
          kinds: {interpreter: {rate: 28.00, per: hour, at_most: {amount: 60.00, per: matter}}}
    """)
    facts = matter(costs={"interpreter": 9000, "disbursements": 1000}, counts={"interpreter": 2})
    assert made.price(facts, AGENCY).earned == (5600 + 1000) // 2
    facts.counts["interpreter"] = 3
    assert made.price(facts, AGENCY).earned == (6000 + 1000) // 2


def test_a_kind_of_disbursement_may_have_its_rate_in_a_table_and_need_authority() -> None:
    made = terms("""
        tables:
          experts: {columns: [fee_code, surveyor], rows: [[X, 50.00]]}
        payments:
          - id: out
            kind: disbursements
            kinds:
              surveyor: {rates_table: experts}
              report: {needs: authority_over_250}
    """)
    facts = matter(fee_code="X", costs={"surveyor": 90000}, counts={"surveyor": 3})
    assert made.price(facts, AGENCY).earned == 15000
    over = matter(costs={"report": 25001})
    assert made.price(over, AGENCY)[:2] == (
        *made.price(matter(costs={"report": 25000}), AGENCY)[:1],
        ("authority_needed",),
    )
    over.facts["prior_authority"] = True
    assert made.price(over, AGENCY).earned == 25001


def test_disbursements_may_be_claimed_in_stages() -> None:
    account = open_("""
        - {id: fee, kind: fixed_fee, amount: 100.00}
        - id: out
          kind: disbursements
          stage_claims: {not_before_months: 3, then_every_months: 2}
    """)
    facts = matter(closed=None, costs={"disbursements": 1000})
    early = account.event("disbursements_claimed", facts, date(2026, 7, 31))
    assert (early.lines, early.flags) == ((), ("claimed_too_early",))
    assert paid(account.event("disbursements_claimed", facts, date(2026, 8, 1))) == {"out": 1000}
    facts.costs["disbursements"] = 1500
    again = account.event("disbursements_claimed", facts, date(2026, 9, 30))
    assert again.flags == ("claimed_too_early",)
    assert paid(account.event("disbursements_claimed", facts, date(2026, 10, 1))) == {"out": 500}
    facts.costs["disbursements"], facts.closed = 1700, date(2026, 11, 1)
    assert paid(account.closed(facts, facts.closed)) == {"fee": 10000, "out": 200}


@pytest.mark.parametrize(("bid", "wins"), [(9499, False), (9500, True), (22300, True), (22301, False)])
def test_pay_as_bid_pays_the_own_bid_and_no_bid_outside_the_reserve_prices_wins(bid: int, wins: bool) -> None:
    made = payment("""
        - id: unit
          kind: tendered_price
          award: {method: pay_as_bid, bid_between: [95.00, 223.00]}
          amount: 100.00
    """)
    bidder = ProviderFacts(facts={"bid": bid})
    assert Account(made, bidder, made.starts).covers(matter()) is wins
    if wins:
        assert made.price(matter(), bidder).earned == bid
    assert made.price(matter(), AGENCY).earned == 10000


def test_a_client_who_takes_a_budget_elsewhere_pays_for_the_hand_over() -> None:
    account = open_(BUDGET + "      switch: {fee: 15.00}\n")
    assert account.event("client_switched", matter(), CLOSED).lines == (Line(1, "budget", 1500),)


ENVELOPE = """
    - {id: fee, kind: fixed_fee, amount: 100.00}
    - id: year
      kind: limit
      earned: monthly
      on: {payments: [fee]}
      per: contract_year
      at_most: {amount: 250.00, on_breach: BREACH}
      at_least: {amount: 240.00, pays_difference: year_end}
"""


def test_a_yearly_cap_takes_off_what_is_beyond_it() -> None:
    account = open_(ENVELOPE.replace("BREACH", "stop_paying"))
    settled = [account.closed(matter(str(at)), CLOSED) for at in range(3)]
    assert [paid(one) for one in settled] == [{"fee": 10000}, {"fee": 10000}, {"fee": 10000, "year": -5000}]
    assert settled[2].flags == ("year_at_limit",)


def test_a_yearly_cap_may_warn_or_stop_new_matters() -> None:
    warns = open_(ENVELOPE.replace("BREACH", "warn"))
    settled = [warns.closed(matter(str(at)), CLOSED) for at in range(3)]
    assert paid(settled[2]) == {"fee": 10000}
    assert settled[2].flags == ("year_at_limit",)
    refuses = open_(ENVELOPE.replace("BREACH", "refuse"))
    for at in range(3):
        refuses.closed(matter(str(at)), CLOSED)
    assert refuses.may_open(matter("next"), CLOSED).reason == "the limit of the contract_year is reached"


def test_a_yearly_floor_pays_the_difference_at_the_end() -> None:
    account = open_(ENVELOPE.replace("BREACH", "cap"))
    account.closed(matter(), CLOSED)
    settled = months(account, 12)
    assert [line for one in settled for line in one.lines] == [Line(10, "year", 14000)]


def test_a_yearly_floor_may_be_made_up_each_quarter() -> None:
    text = ENVELOPE.replace("BREACH", "cap").replace("year_end", "quarter_end")
    settled = months(open_(text), 6)
    assert [paid(one) for one in settled] == [{}, {}, {"year": 6000}] * 2


def test_a_ratchet_keeps_a_share_of_the_best_month() -> None:
    account = open_("""
        - {id: fee, kind: fixed_fee, amount: 100.00}
        - id: floor
          kind: limit
          earned: monthly
          on: {payments: [fee]}
          ratchet: {floor_is_percent: 80, of: highest_month, looking_back_months: 11}
    """)
    account.closed(matter(), CLOSED)
    settled = months(account, 3)
    assert [paid(one) for one in settled] == [{}, {"floor": 8000}, {"floor": 8000}]


@pytest.mark.parametrize(("attended", "times"), [(8, 8), (5, 5), (9, 8)])
def test_a_standing_charge_pays_sessions_attended(attended: int, times: int) -> None:
    account = open_("""
        - id: desk
          kind: standing_charge
          earned: monthly
          amount: 410.00
          per: session
          sessions: {per_month: 8, attended_needed: true}
    """)
    assert months(account, 1, sessions=attended)[0].lines == (Line(1, "desk", 41000 * times),)


def test_only_matters_that_a_volume_is_about_take_a_place_in_it() -> None:
    account = open_("""
        - {id: flat, kind: fixed_fee, applies_to: {category: debt}, amount: 10.00}
        - id: volume
          kind: tiers
          applies_to: {category: housing}
          tiers: [{up_to: 1, amount: 100.00}, {over: 1, amount: 80.00}]
    """)
    order = ["debt", "housing", "debt", "housing"]
    closed = [account.closed(matter(str(at), category=kind), CLOSED) for at, kind in enumerate(order)]
    assert [sum(paid(each).values()) for each in closed] == [1000, 10000, 1000, 8000]


ESCAPED = """
    - id: fee
      kind: fixed_fee
      amount: 100.00
      escape:
        over: 300.00
        pays: all_at_hourly
        assessment:
          minutes: 45
          outcomes_percent: {paid_in_full: 70, reduced: 18, reduced_to_fixed_fee: 10, nilled: 2}
          reduced_by_percent: 15
"""


@pytest.mark.parametrize(
    ("u", "result", "off"),
    [
        (0.69, "paid_in_full", 0),
        (0.70, "reduced", 6000),
        (0.88, "reduced_to_fixed_fee", 30000),
        (0.98, "nilled", 40000),
    ],
)
def test_an_escaped_claim_is_assessed(u: float, result: str, off: int) -> None:
    account, facts = open_(ESCAPED), matter(costs={"profit": 40000})
    closed = account.closed(facts, CLOSED)
    assert closed.flags == ("escape",)
    assert closed.burdens[0][:2] == ("fee", 45)
    assessed = account.event("claim_assessed", facts, CLOSED, u=(u,))
    assert assessed.flags == (f"assessment:{result}",)
    assert account.earned == 40000 - off


@pytest.mark.parametrize(
    ("u", "paid"),
    [(0.69, (30000,)), (0.70, (30000, -6000)), (0.88, (30000, -30000)), (0.98, (30000, -40000))],
)
def test_an_escape_may_be_paid_once_it_has_been_assessed(u: float, paid: tuple[int, ...]) -> None:
    account = open_(ESCAPED.replace("all_at_hourly", "on_assessment"))
    facts = matter(costs={"profit": 40000})
    closed = account.closed(facts, CLOSED)
    assert (sum(line.pence for line in closed.lines), closed.flags) == (10000, ("escape",))
    assessed = account.event("claim_assessed", facts, CLOSED, u=(u,))
    assert tuple(line.pence for line in assessed.lines) == paid
    assert account.earned == 10000 + sum(paid)


VAT_OF_A_FIFTH = "taxes: [{id: vat, kind: tax, rate_percent: 20}]\n"


@pytest.mark.parametrize("pays", ["all_at_hourly", "on_assessment"])
@pytest.mark.parametrize(("u", "left"), [(0.69, 40000), (0.70, 34000), (0.88, 10000), (0.98, 0)])
@pytest.mark.parametrize("extra", [0, 5000])
def test_tax_follows_whatever_an_assessment_leaves(pays: str, u: float, left: int, extra: int) -> None:
    text = "payments:\n" + indent(dedent(ESCAPED.replace("all_at_hourly", pays)).strip("\n"), "  ")
    out = "\n  - {id: out, kind: disbursements}\n"
    account = Account(terms(text + out + VAT_OF_A_FIFTH), REGISTERED, STARTS)
    facts = matter(costs={"profit": 40000, "disbursements": extra})
    answers = [account.closed(facts, CLOSED)]
    # What is learnt after the claim is no part of it, and a claim is assessed once.
    facts.costs["profit"] = 90000
    answers += [account.event("claim_assessed", facts, CLOSED, u=(u,)) for _ in range(2)]
    assert account.earned == sum(sum(paid(each).values()) for each in answers) == left * 12 // 10 + extra


def test_an_audit_does_not_take_back_again_what_an_assessment_took() -> None:
    audit = """
controls:
  - id: files
    kind: audit
    held: {every_months: 3}
    sample: {files: 1}
    error_percent: 100
    reduced_by_percent: 100
    classes: [{reduction_percent: {at_least: 0}, class: 3, recover: sample_only}]
"""
    text = "payments:\n" + indent(dedent(ESCAPED).strip("\n"), "  ")
    account = Account(terms(text + audit + VAT_OF_A_FIFTH), REGISTERED, STARTS)
    facts = matter(costs={"profit": 40000})
    account.closed(facts, CLOSED)
    account.event("claim_assessed", facts, CLOSED, u=(0.88,))
    account.event("audit_held", facts, CLOSED, u=(0.0, 0.0, 0.0))
    assert account.earned == 0


def test_a_limit_over_all_matters_counts_what_is_paid_on_assessment() -> None:
    text = (
        ESCAPED.replace("all_at_hourly", "on_assessment")
        + """
    - {id: year, kind: limit, on: {payments: [fee]}, at_most: {amount: 250.00}}
"""
    )
    account = open_(text)
    facts = matter(costs={"profit": 40000})
    account.closed(facts, CLOSED)
    assert account.event("claim_assessed", facts, CLOSED, u=(0.98,)).flags == (
        "assessment:nilled",
        "year_at_limit",
    )
    assert account.earned == 0
    other = matter("B", costs={"profit": 40000})
    account.closed(other, CLOSED)
    account.event("claim_assessed", other, CLOSED, u=(0.0,))
    assert account.earned == 0


def test_only_the_block_that_paid_asks_for_the_work_of_an_assessment() -> None:
    housing, debt = (
        ESCAPED.replace("id: fee", f"id: {name}\n      applies_to: {{category: {name}}}")
        for name in ("housing", "debt")
    )
    closed = open_(housing + debt).closed(matter(category="debt", costs={"profit": 40000}), CLOSED)
    assert [burden.clause for burden in closed.burdens] == ["debt"]


def test_what_is_paid_on_assessment_is_part_of_the_forecast() -> None:
    paid = [
        open_(ESCAPED.replace("all_at_hourly", pays)).incentive(matter(costs={"profit": 40000}))
        for pays in ("all_at_hourly", "on_assessment")
    ]
    assert paid[0] == paid[1]


def test_indexation_follows_a_series_within_its_collar() -> None:
    made = terms("""
        values:
          rate: {dated: {2026-04-01: 100.00}}
        series:
          cpi: {dated: {2026-03-01: 3.0, 2028-03-01: 9.0}}
        payments: [{id: fee, kind: fixed_fee, amount: {value: rate}}]
        adjustments:
          - id: index
            kind: indexation
            on: {values: [rate]}
            index: cpi
            starts: 2027-04-01
            collar_percent: {at_least: 0, at_most: 4}
    """)
    days = (date(2027, 3, 31), date(2027, 4, 1), date(2028, 4, 1))
    assert [made.price(matter(opened=day), AGENCY).earned for day in days] == [10000, 10300, 10712]


def test_an_index_that_is_still_expected_is_refused_when_it_is_needed() -> None:
    made = terms("""
        values:
          rate: {dated: {2026-04-01: 100.00}}
        series:
          cpi: {dated: {2027-03-01: expected}}
        payments: [{id: fee, kind: fixed_fee, amount: {value: rate}}]
        adjustments:
          - {id: index, kind: indexation, on: {values: [rate]}, index: cpi, starts: 2027-04-01}
    """)
    assert made.price(matter(opened=date(2027, 3, 31)), AGENCY).earned == 10000
    for day in (date(2027, 4, 1), date(2028, 4, 1)):
        with pytest.raises(Refusal, match="the figure of 2027-04-01 is still 'expected'"):
            made.price(matter(opened=day), AGENCY)


def test_a_fee_earned_on_opening_is_not_paid_again_at_closing() -> None:
    account = open_("- {id: start, kind: fixed_fee, amount: 50.00, earned: on_open}")
    facts = matter(closed=None)
    assert paid(account.opened(facts, OPENED)) == {"start": 5000}
    facts.closed = CLOSED
    assert account.closed(facts, CLOSED).lines == ()


def test_an_event_counts_and_pays_its_bolt_on_where_fees_are_earned_on_events() -> None:
    account = open_("""
        - id: fee
          kind: fixed_fee
          earned: on_event
          amount: 50.00
          bolt_ons: {hearing: {amount: 10.00}}
    """)
    facts = matter(closed=None)
    account.opened(facts, OPENED)
    assert paid(account.event("event_happened", facts, OPENED, event="hearing")) == {"fee": 6000}
    assert facts.counts == {"hearing": 1}


@pytest.mark.parametrize(
    ("per", "pence"), [("client", [30000, 20000, 30000, 0]), ("contract", [30000, 20000, 0, 0])]
)
def test_the_ceiling_of_a_result_is_one_clients_or_the_contracts(per: str, pence: list[int]) -> None:
    account = open_(f"""
        - id: home
          kind: outcome_payment
          outcome: {{is: resolved}}
          amount: 300.00
          at_most: {{amount: 500.00, per: {per}}}
    """)
    facts = [
        matter(ref, client=client, outcome="resolved")
        for ref, client in (("A", "anna"), ("B", "anna"), ("C", "ben"), ("D", "anna"))
    ]
    assert [sum(paid(account.closed(each, CLOSED)).values()) for each in facts] == pence
