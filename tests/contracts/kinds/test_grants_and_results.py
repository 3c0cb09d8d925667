"""Grants, heads, results, continuity and budgets: what each earns, and when."""

from datetime import date
from decimal import Decimal

import pytest

from legalaid_sim.contracts.vocabulary.facts import (
    Burden,
    Line,
    MatterFacts,
    PeriodFacts,
    ProviderFacts,
)
from legalaid_sim.errors import Refusal
from tests.builders.contracts import AGENCY, CLOSED, OPENED, matter, payment
from tests.contracts.kinds.opened import months, open_, paid

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
