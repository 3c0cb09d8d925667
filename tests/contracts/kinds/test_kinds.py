"""Every other kind of block, run from events through an account: what it earns, and when."""

from datetime import date
from decimal import Decimal
from textwrap import dedent, indent

import pytest

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.tools.amounts import last_of_month, next_month
from legalaid_sim.contracts.vocabulary.facts import (
    Burden,
    Line,
    MatterFacts,
    PeriodFacts,
    ProviderFacts,
    Settlement,
)
from legalaid_sim.errors import Refusal
from tests.builders.contracts import AGENCY, CLOSED, OPENED, REGISTERED, matter, payment, terms

STARTS = date(2026, 4, 1)


def open_(block: str, provider: ProviderFacts = AGENCY) -> Account:
    return Account(payment(block), provider, STARTS)


def paid(settled: Settlement) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line in settled.lines:
        sums[line.block] = sums.get(line.block, 0) + line.pence
    return sums


def months(account: Account, count: int, **each: object) -> list[Settlement]:
    last, found = last_of_month(STARTS), []
    for _ in range(count):
        period = PeriodFacts(last.replace(day=1), last)
        for name, value in each.items():
            setattr(period, name, value)
        found.append(account.month_ended(period))
        last = last_of_month(next_month(last))
    return found


BANDS = """
    - id: phone
      kind: banded_fee
      applies_to: {matter.channel: phone}
      band_by: work.minutes
      bands: [{up_to: 132, amount: 65.00}, {up_to: 899, amount: 150.00}, {from: 900, hourly: 60.00}]
"""


@pytest.mark.parametrize(
    ("minutes", "pence"), [(0, 6500), (132, 6500), (133, 15000), (899, 15000), (900, 90000), (960, 96000)]
)
def test_banded_fee_at_each_edge(minutes: int, pence: int) -> None:
    facts = matter(channel="phone", minutes={"profit": minutes})
    assert payment(BANDS).price(facts, AGENCY).earned == pence


def test_a_count_in_no_band_is_refused_unless_there_is_an_otherwise() -> None:
    text = """
        - {id: sessions, kind: banded_fee, band_by: event.session, bands: [{from: 1, amount: 10.00}]MORE}
    """
    with pytest.raises(Refusal, match=r"event\.session is 0, and no band holds that"):
        payment(text.replace("MORE", "")).price(matter(), AGENCY)
    assert payment(text.replace("MORE", ", otherwise: 2.00")).price(matter(), AGENCY).earned == 200


TRIAGE = """
    - id: triage
      kind: triage
      applies_to: {matter.channel: phone}
      earned: on_event
      amount: 9.50
      answer: {within_minutes: 20, else_no_fee: true}
      determination: {at_most: 12.00, when: out_of_scope}
      passes_on:
        referred_face_to_face: {amount: 15.00, only_if: accepted_by_provider}
        advised_and_closed: {amount: 0.00}
      exempt: [detained]
"""


@pytest.mark.parametrize(
    ("details", "pence"),
    [
        ({"answered_after": 20, "result": "advised_and_closed"}, 950),
        ({"answered_after": 21, "result": "advised_and_closed"}, 0),
        ({"result": "referred_face_to_face"}, 950),
        ({"result": "referred_face_to_face", "accepted_by_provider": True}, 2450),
        ({"result": "referred_face_to_face", "accepted_by_provider": True, "out_of_scope": True}, 1200),
        ({"result": "advised_and_closed", "detained": True}, 0),
    ],
)
def test_triage_pays_each_call_by_its_answer_and_result(details: dict[str, object], pence: int) -> None:
    account = open_(TRIAGE)
    settled = account.event("call_answered", matter(channel="phone"), OPENED, **details)
    assert sum(line.pence for line in settled.lines) == pence == account.outstanding()


def test_triage_refuses_a_wait_that_is_no_number() -> None:
    with pytest.raises(Refusal, match="answered_after is a number of minutes, found 'soon'"):
        open_(TRIAGE).event("call_answered", matter(channel="phone"), OPENED, answered_after="soon")


def test_an_early_end_must_name_a_stage_of_the_ladder() -> None:
    with pytest.raises(Refusal, match="no stage 'three'; there are: one, two"):
        open_(STAGES.replace("disengaged: {stage: one", "disengaged: {stage: three"))


def test_triage_does_not_pay_other_channels() -> None:
    assert open_(TRIAGE).event("call_answered", matter(), OPENED, result="advised_and_closed").lines == ()


STAGES = """
    - id: tribunal
      kind: staged_fee
      earned: on_stage
      stages: [{stage: one, amount: 129.00}, {stage: two, amount: 321.00}]
      ends_early: {disengaged: {stage: one, pays_percent: 50}}
"""


def test_stages_are_paid_as_they_are_reached_and_once() -> None:
    account, facts = open_(STAGES), matter(closed=None)
    assert paid(account.event("stage_reached", facts, OPENED, stage="one")) == {"tribunal": 12900}
    assert paid(account.event("stage_reached", facts, OPENED, stage="one")) == {}
    assert paid(account.event("stage_reached", facts, OPENED, stage="two")) == {"tribunal": 32100}
    facts.closed = CLOSED
    assert paid(account.closed(facts, CLOSED)) == {}
    assert account.receipt(facts).earned == account.earned == 45000


def test_an_early_end_pays_its_share_where_no_stage_was_reached() -> None:
    account, facts = open_(STAGES), matter(outcome="disengaged")
    assert paid(account.closed(facts, CLOSED)) == {"tribunal": 6450}


GRADUATED = """
    - id: trial
      kind: graduated_fee
      combine: COMBINE
      drivers:
        - {by: days, base: {from: 1, amount: 500.00}, then: {from: 3, each: 150.00}}
        - {by: pages, base: {from: 0, amount: 400.00}, then: {from: 80, each: 1.50}}
      uplifts:
        - {when: {defendants: {between: [2, 4]}}, add_percent: 20}
        - {when: {defendants: {at_least: 5}}, add_percent: 30}
"""


@pytest.mark.parametrize(
    ("combine", "counts", "pence"),
    [
        ("max", {"days": 2, "pages": 10}, 50000),
        ("max", {"days": 3, "pages": 10}, 65000),
        ("max", {"days": 1, "pages": 179}, 55000),
        ("sum", {"days": 3, "pages": 80}, 65000 + 40150),
        ("max", {"days": 2, "pages": 0, "defendants": 4}, 60000),
        ("max", {"days": 2, "pages": 0, "defendants": 5}, 65000),
    ],
)
def test_graduated_fee_by_the_larger_driver_with_uplifts(
    combine: str, counts: dict[str, int], pence: int
) -> None:
    made = payment(GRADUATED.replace("COMBINE", combine))
    assert made.price(matter(counts=counts), AGENCY).earned == pence


TIERS = """
    - id: volume
      kind: tiers
      per: contract_year
      tiers: [{up_to: 2, amount: 223.00}, {up_to: 3, amount: 205.00}, {over: 3, amount: 180.00}]
"""


def test_tiers_follow_the_place_in_the_year_and_start_again() -> None:
    account = open_(TIERS)
    day = date(2027, 3, 31)
    earned = [paid(account.closed(matter(str(at)), day))["volume"] for at in range(4)]
    assert earned == [22300, 22300, 20500, 18000]
    assert paid(account.closed(matter("next"), date(2027, 4, 1))) == {"volume": 22300}
    assert account.receipt(matter("3")).earned == 18000


def test_a_slab_pays_every_matter_at_the_tier_reached() -> None:
    account = open_(TIERS.replace("per: contract_year", "per: contract_year\n      style: slab"))
    earned = [paid(account.closed(matter(str(at)), CLOSED))["volume"] for at in range(4)]
    assert earned == [22300, 22300, 3 * 20500 - 2 * 22300, 4 * 18000 - 3 * 20500]
    assert account.earned == 4 * 18000


TENDER = """
    - id: unit
      kind: tendered_price
      unit_of_work: UNIT
      award: {method: pay_as_bid, volume_guarantee_percent: 60, guaranteed_matters: 120}
      amount: 95.00
"""


def test_a_tendered_price_pays_by_the_matter_or_the_hour() -> None:
    made = payment(TENDER.replace("UNIT", "matter"))
    assert made.price(matter(minutes={"profit": 90}), AGENCY).earned == 9500
    assert (
        payment(TENDER.replace("UNIT", "hour")).price(matter(minutes={"profit": 90}), AGENCY).earned == 14250
    )


def test_a_volume_guarantee_makes_up_matters_that_did_not_come() -> None:
    settled = months(open_(TENDER.replace("UNIT", "matter")), 12, closed=5)
    assert [line for one in settled for line in one.lines] == [Line(10, "unit", (72 - 60) * 9500)]


GRANT = """
    - id: grant
      kind: block_grant
      earned: monthly
      amount: 71500.00
      per: contract_year
      buys: {hours: 1100, counted_on: work.hours.profit}
      shortfall: {tolerance_percent: 10, recover_at: 52.00}
      surplus: {pay_at: 10.00, carry_forward_percent: 5}
"""


def test_a_grant_is_paid_in_months_that_sum_to_the_year() -> None:
    settled = months(open_(GRANT), 12, minutes={"profit": 5500})
    monthly = [line.pence for one in settled for line in one.lines if line.phase == 1]
    assert len(monthly) == 12
    assert sum(monthly) == 7_150_000
    assert max(monthly) - min(monthly) <= 1


@pytest.mark.parametrize(
    ("hours", "pence"),
    [(990, 0), (989, -5200), (1100, 0), (1155, 0), (1156, 1000), (0, -990 * 5200)],
)
def test_hours_bought_are_settled_at_the_years_end(hours: int, pence: int) -> None:
    account = open_(GRANT)
    months(account, 11)
    period = PeriodFacts(date(2027, 3, 1), date(2027, 3, 31), minutes={"profit": hours * 60})
    settled = account.month_ended(period)
    assert sum(line.pence for line in settled.lines if line.phase == 10) == pence


def test_hours_carried_forward_count_next_year() -> None:
    account = open_(GRANT)
    months(account, 11)
    account.month_ended(PeriodFacts(date(2027, 3, 1), date(2027, 3, 31), minutes={"profit": 1155 * 60}))
    assert account.monthly[0].carried == 55 * 60  # type: ignore[attr-defined]


def test_a_grant_for_each_adviser_follows_their_number() -> None:
    text = "- {id: g, kind: block_grant, earned: monthly, amount: 1200.00, for_each: adviser}"
    for number in ("2.5", 2.5, Decimal("2.5")):
        account = open_(text, ProviderFacts(facts={"advisers": number}))
        assert months(account, 1)[0].lines == (Line(1, "g", 25000),)
    with pytest.raises(Refusal, match="the number of full-time advisers is needed, found 'amina'"):
        open_(text, ProviderFacts(facts={"advisers": "amina"}))


def test_a_profile_of_twelve_percents() -> None:
    profile = "[20, 10, 10, 10, 10, 10, 5, 5, 5, 5, 5, 5]"
    text = f"- {{id: g, kind: block_grant, earned: monthly, amount: 1000.00, profile: {profile}}}"
    assert [one.lines[0].pence for one in months(open_(text), 12)] == [
        20000, 10000, 10000, 10000, 10000, 10000, 5000, 5000, 5000, 5000, 5000, 5000,
    ]  # fmt: skip


HEADS = """
    - id: heads
      kind: capitation
      earned: monthly
      amount: 3.00
      heads: {weights: {london: 1.15}}
      must_accept: {applies_to: {category: housing}, unless: conflict_of_interest}
      access_floor: {clients_seen_per_1000: 8, below: {reduce_percent: 5, per: point_below}}
"""


@pytest.mark.parametrize(("seen", "cut"), [(8, 0), (9, 0), (6, -3450 * 10), (0, -3450 * 40)])
def test_capitation_pays_for_heads_and_cuts_below_the_floor(seen: int, cut: int) -> None:
    account = open_(HEADS, ProviderFacts(region="london", heads=1000))
    settled = months(account, 11)
    period = PeriodFacts(date(2027, 3, 1), date(2027, 3, 31), clients_seen=seen)
    settled.append(account.month_ended(period))
    lines = [line for one in settled for line in one.lines]
    assert sum(line.pence for line in lines if line.phase == 1) == 345_000
    assert sum(line.pence for line in lines if line.phase == 10) == cut


def test_capitation_may_forbid_turning_people_away() -> None:
    account = open_(HEADS, ProviderFacts(heads=1000))
    assert account.must_accept(matter())
    assert not account.must_accept(matter(category="debt"))
    assert not account.must_accept(matter(facts={"conflict_of_interest": True}))


OUTCOME = """
    - {id: fee, kind: fixed_fee, amount: 100.00}
    - id: kept
      kind: outcome_payment
      earned: on_outcome
      outcome: {is: tenancy_kept, lasts_months: 6}
      amount: 180.00
      share_at: {closing_percent: 40, proof_percent: 60}
      at_most: {amount: 400.00, per: contract_year}
      not_if: {work.hours.profit: {under: 1}}
      case_mix: {index: difficulty, easy_percent: 70, hard_percent: 150}
"""


def kept(ref: str = "A", **facts: object) -> MatterFacts:
    return matter(ref, outcome="tenancy_kept", minutes={"profit": 60}, facts=facts)


def test_an_outcome_pays_part_at_closing_and_part_when_it_has_lasted() -> None:
    account, facts = open_(OUTCOME), kept()
    assert paid(account.closed(facts, CLOSED)) == {"fee": 10000, "kept": 7200}
    proof = account.event(
        "outcome_recorded", facts, date(2027, 1, 4), outcome="tenancy_kept", lasted_months=6
    )
    assert paid(proof) == {"kept": 10800}
    assert account.receipt(facts).earned == account.earned == 28000


def test_an_outcome_pays_by_difficulty_and_never_without_effort() -> None:
    made = payment(OUTCOME)
    assert made.price(kept(difficulty="easy"), AGENCY).earned == 10000 + 5040
    assert made.price(kept(difficulty="hard"), AGENCY).earned == 10000 + 10800
    effortless = matter(outcome="tenancy_kept", minutes={"profit": 59})
    assert made.price(effortless, AGENCY).earned == 10000


def test_an_outcome_stops_paying_at_its_ceiling() -> None:
    account = open_(OUTCOME)
    settled = [account.closed(kept(str(at)), CLOSED) for at in range(6)]
    assert [paid(one)["kept"] for one in settled] == [7200, 7200, 7200, 7200, 7200, 4000]
    assert settled[-1].flags == ("kept_at_limit",)


CONTINUITY = """
    - {id: fee, kind: fixed_fee, amount: 223.00}
    - id: same
      kind: continuity_premium
      measure: share_of_hours_by_lead
      steps:
        - {at_least_percent: 80, add_percent: 6, of: fee}
        - {at_least_percent: 95, add_percent: 10, of: fee}
      returning_client: {within_months: 12, amount: 25.00}
      not_if: {matter.reopened: true}
"""


@pytest.mark.parametrize(
    ("lead", "other", "pence"), [(79, 21, 0), (80, 20, 1338), (94, 6, 1338), (95, 5, 2230), (0, 0, 0)]
)
def test_only_the_highest_step_of_a_continuity_premium_is_paid(lead: int, other: int, pence: int) -> None:
    priced = payment(CONTINUITY).price(matter(by_adviser={"a": lead, "b": other}), AGENCY)
    assert priced.earned == 22300 + pence


def test_a_returning_client_earns_its_amount() -> None:
    made = payment(CONTINUITY)
    assert made.price(matter(facts={"months_since_last_matter": 12}), AGENCY).earned == 24800
    assert made.price(matter(facts={"months_since_last_matter": 13}), AGENCY).earned == 22300
    reopened = matter(facts={"months_since_last_matter": 2}, reopened=True)
    assert made.price(reopened, AGENCY).earned == 22300


BUDGET = """
    - id: budget
      kind: personal_budget
      grants: {amount: 100.00, per: client_year}
      spends_on: {price: 60.00}
      broker: {minutes: 40, amount: 22.00}
"""


def test_a_personal_budget_is_drawn_on_until_it_is_spent() -> None:
    account = open_(BUDGET)
    facts = [matter(str(at), client="c1", minutes={"profit": 60}) for at in range(3)]
    settled = [account.closed(one, CLOSED) for one in facts]
    assert [paid(one).get("budget", 0) for one in settled] == [6000 + 2200, 4000, 0]
    assert settled[2].flags == ("budget_spent",)
    other = matter("x", client="c2", minutes={"profit": 60})
    assert paid(account.closed(other, CLOSED)) == {"budget": 8200}


def test_helping_a_client_to_choose_is_asked_for_once() -> None:
    account = open_(BUDGET)
    first = matter("1", client="c1", minutes={"profit": 60})
    assert account.opened(first, OPENED).burdens == (Burden("budget", 40, 0, OPENED),)
    account.closed(first, CLOSED)
    assert account.opened(matter("2", client="c1"), CLOSED).burdens == ()


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
