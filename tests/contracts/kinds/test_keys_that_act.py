"""Keys that once read well and did nothing: each moves what a designer would expect it to move."""

from datetime import date
from fractions import Fraction

import pytest

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.kinds.payments.tendering import Award, Bid, winners
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, PeriodFacts, ProviderFacts, Settlement
from legalaid_sim.units import add_up
from tests.builders.contracts import AGENCY, CLOSED, OPENED, REGISTERED, matter, payment, terms

STARTS = date(2026, 4, 1)


def earned(settled: Settlement) -> int:
    return add_up(line.pence for line in settled.lines)


# ---- budgets that a client holds -------------------------------------------------------------------------------

BUDGET = """
    - id: budget
      kind: personal_budget
      grants: {{amount: 600.00, per: {per}}}
      spends_on: {{price: 60.00, client_may_top_up: {top_up}}}
      switch: {{notice_days: {notice}, fee: 15.00}}
      unspent: {{returns_to: {to}, after_months: {months}}}
"""


def budget(
    per: str = "client", top_up: str = "false", notice: int = 0, to: str = "payer", months: int = 12
) -> str:
    return BUDGET.format(per=per, top_up=top_up, notice=notice, to=to, months=months)


@pytest.mark.parametrize(
    ("months", "to", "pence"), [(2, "payer", 0), (3, "payer", 6000), (2, "client", 6000), (1, "client", 6000)]
)
def test_a_budget_that_is_not_spent_in_time_returns_to_whom_the_contract_says(
    months: int, to: str, pence: int
) -> None:
    account = Account(payment(budget(months=months, to=to)), AGENCY, STARTS)
    facts = matter(client="c1", minutes={"profit": 60})
    account.opened(facts, OPENED)
    settled = account.closed(facts, CLOSED)
    assert earned(settled) == pence
    assert ("budget_returned" in settled.flags) == (not pence)


def test_a_purse_begins_with_its_first_matter_and_a_later_one_lengthens_it_by_nothing() -> None:
    account = Account(payment(budget(months=3)), AGENCY, STARTS)
    first, second = (matter(ref, client="c1", minutes={"profit": 60}) for ref in "AB")
    account.opened(first, OPENED)
    account.opened(second, date(2026, 7, 15))
    assert earned(account.closed(first, date(2026, 7, 31))) == 6000
    assert earned(account.closed(second, date(2026, 8, 1))) == 0


@pytest.mark.parametrize(("notice", "pence"), [(0, 6000), (9, 6000), (10, 12000), (30, 12000)])
def test_work_after_the_notice_draws_on_no_budget(notice: int, pence: int) -> None:
    account = Account(payment(budget(notice=notice)), AGENCY, STARTS)
    facts = matter(client="c1", minutes={"profit": 60})
    account.opened(facts, OPENED)
    went = account.event("client_switched", facts, date(2026, 6, 1))
    assert earned(went) == 1500
    facts.minutes["profit"] = 120
    account.event("work_done", facts, date(2026, 6, 11))
    assert earned(account.closed(facts, CLOSED)) == pence


def test_a_client_who_may_top_up_pays_what_goes_beyond_the_budget_and_the_payer_does_not() -> None:
    for top_up, beyond in (("true", 12000), ("false", 0)):
        account = Account(payment(budget(top_up=top_up)), AGENCY, STARTS)
        facts = matter(client="c1", minutes={"profit": 720})
        settled = account.closed(facts, CLOSED)
        assert (earned(settled), settled.client_pays) == (60000, beyond)
        assert account.earned == 60000
        curve = account.incentive(matter())
        assert (curve[-1].slope > 0) == (top_up == "true")


# ---- tenders ---------------------------------------------------------------------------------------------------

TENDER = """
    - id: unit
      kind: tendered_price
      award: {award}
      amount: 100.00
"""
CHEAP, MIDDLE, GOOD = (
    Bid("cheap", 10000, Fraction(40), "elsewhere"),
    Bid("middle", 12000, Fraction(60), "elsewhere"),
    Bid("good", 15000, Fraction(100), "elsewhere"),
)


def bidder(bid: Bid, *others: Bid) -> ProviderFacts:
    facts = {"bid": bid.pence, "quality": bid.quality, "bids": (bid, *others)}
    return ProviderFacts(bid.name, bid.region, facts=facts)


def award(**keys: object) -> Award:
    return Award.model_validate({"method": "quality_weighted", **keys})


@pytest.mark.parametrize(
    ("price", "quality", "first"), [(100, 0, "cheap"), (0, 100, "good"), (70, 30, "cheap"), (30, 70, "good")]
)
def test_weights_of_price_and_quality_say_which_bid_wins(price: int, quality: int, first: str) -> None:
    weighed = award(price_weight_percent=price, quality_weight_percent=quality, winners=1)
    (winner,) = winners(weighed, (MIDDLE, GOOD, CHEAP))
    assert winner.name == first
    # Another route: each bid's points in whole hundredths, on paper.
    points = {
        bid.name: price * Fraction(10000, bid.pence) + quality * bid.quality / 100
        for bid in (CHEAP, MIDDLE, GOOD)
    }
    assert winner.name == max(points, key=lambda name: points[name])


def test_reserves_lots_and_the_number_of_winners_shut_bids_out() -> None:
    bids = (CHEAP, MIDDLE, GOOD, Bid("city", 11000, Fraction(0), "london"))
    names = lambda **keys: [bid.name for bid in winners(award(**keys), bids)]  # noqa: E731
    assert names() == ["cheap", "middle", "good", "city"]
    assert names(bid_between=(110, 150)) == ["middle", "good", "city"]
    assert names(lots=("elsewhere",)) == ["cheap", "middle", "good"]
    assert names(winners=1) == ["cheap", "city"]


@pytest.mark.parametrize(
    ("method", "pence"), [("pay_as_bid", 10000), ("quality_weighted", 10000), ("uniform_price", 15000)]
)
def test_winners_are_paid_as_they_bid_or_all_the_price_of_the_dearest(method: str, pence: int) -> None:
    made = payment(TENDER.format(award=f"{{method: {method}}}"))
    assert made.price(matter(), bidder(CHEAP, GOOD)).earned == pence


def test_who_has_not_won_is_not_covered_and_a_lot_that_is_not_let_is_not_either() -> None:
    made = payment(TENDER.format(award="{method: pay_as_bid, winners: 1, lots: [elsewhere]}"))
    account = lambda held: Account(made, held, STARTS)  # noqa: E731
    assert account(bidder(CHEAP, GOOD)).covers(matter())
    assert not account(bidder(GOOD, CHEAP)).covers(matter())
    assert account(AGENCY).covers(matter())
    assert not account(ProviderFacts(region="london")).covers(matter())


def test_the_volume_that_is_guaranteed_is_made_up_to_winners_only_and_at_their_price() -> None:
    made = payment(
        TENDER.format(
            award="{method: pay_as_bid, winners: 1, volume_guarantee_percent: 50, guaranteed_matters: 24}"
        )
    )
    for held, pence in ((bidder(CHEAP, GOOD), 12 * 10000), (bidder(GOOD, CHEAP), 0)):
        account = Account(made, held, STARTS)
        account.month_ended(PeriodFacts(STARTS, date(2026, 4, 30)))
        account.end(date(2026, 5, 1))
        assert account.earned == pence // 12


# ---- what is earned on stages and events ------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "kind"), [("on_stage", "stage_reached"), ("on_event", "event_happened")])
def test_a_fee_that_is_earned_on_a_stage_or_an_event_waits_for_one(on: str, kind: str) -> None:
    made = payment(f"- {{id: fee, kind: fixed_fee, earned: {on}, amount: 100.00}}")
    never = Account(made, AGENCY, STARTS)
    assert earned(never.closed(matter(), CLOSED)) == 0
    account, facts = Account(made, AGENCY, STARTS), matter(closed=None)
    told = {"stage": "hearing"} if on == "on_stage" else {"event": "hearing"}
    assert earned(account.event(kind, facts, date(2026, 5, 20), **told)) == 10000
    facts.closed = CLOSED
    assert earned(account.closed(facts, CLOSED)) == 0


# ---- capitation, grants, volumes ---------------------------------------------------------------------------------


def test_whom_capitation_must_accept_is_not_turned_away_but_for_the_reason_that_it_names() -> None:
    account = Account(
        payment("""
        - id: heads
          kind: capitation
          amount: 12.00
          must_accept: {applies_to: {category: housing}, unless: conflict_of_interest}
    """),
        AGENCY,
        STARTS,
    )
    assert account.must_accept(matter())
    assert not account.must_accept(matter(facts={"conflict_of_interest": True}))
    assert not account.must_accept(matter(category="debt"))


def test_nobody_counts_twice_toward_an_access_floor() -> None:
    made = payment("""
        - id: heads
          kind: capitation
          amount: 12.00
          access_floor: {clients_seen_per_1000: 2, below: {reduce_percent: 10}}
    """)
    ends = [date(2026, 4, 30), date(2026, 5, 31)]
    paid = {}
    for name, people in (("same", ["c1", "c1"]), ("other", ["c1", "c2"])):
        account = Account(made, ProviderFacts(heads=1000), STARTS)
        for last, who in zip(ends, people):
            account.month_ended(
                PeriodFacts(last.replace(day=1), last, people=frozenset({who}), clients_seen=1)
            )
        account.end(date(2026, 6, 1))
        paid[name] = account.earned
    # Two months of a floor of 2 a year are a third of a client: both are above it; with a floor of 12 they part.
    assert paid["same"] == paid["other"] == 2 * 100000
    stricter = payment("""
        - id: heads
          kind: capitation
          amount: 12.00
          access_floor: {clients_seen_per_1000: 12, below: {reduce_percent: 10}}
    """)
    for people, off in ((["c1", "c1"], 20000), (["c1", "c2"], 0)):
        account = Account(stricter, ProviderFacts(heads=1000), STARTS)
        for last, who in zip(ends, people):
            account.month_ended(PeriodFacts(last.replace(day=1), last, people=frozenset({who})))
        account.end(date(2026, 6, 1))
        assert account.earned == 2 * 100000 - off


def test_a_part_of_a_month_earns_a_part_of_a_month_and_buys_a_part_of_its_hours() -> None:
    account = Account(
        payment("""
        - id: grant
          kind: block_grant
          amount: 1200.00
          buys: {hours: 120}
          shortfall: {tolerance_percent: 0, recover_at: 10.00}
    """),
        AGENCY,
        STARTS,
    )
    account.month_ended(PeriodFacts(date(2026, 4, 16), date(2026, 4, 30), part=Fraction(1, 2)))
    assert account.earned == 5000
    account.end(date(2026, 5, 1))
    assert account.earned == 5000 - 5 * 1000


def test_volumes_count_matters_as_they_are_opened_where_the_contract_says_so() -> None:
    block = """
        - id: price
          kind: tiers
          counts: {counts}
          tiers:
            - {{up_to: 1, amount: 100.00}}
            - {{over: 1, amount: 80.00}}
    """
    found = {}
    for counts in ("matters_opened", "matters_closed"):
        account = Account(payment(block.format(counts=counts)), AGENCY, STARTS)
        first, second = matter("A"), matter("B")
        account.opened(first, OPENED)
        account.opened(second, date(2026, 5, 2))
        # The second to be opened is the first to be closed.
        found[counts] = [earned(account.closed(one, CLOSED)) for one in (second, first)]
    assert found == {"matters_opened": [8000, 10000], "matters_closed": [10000, 8000]}


# ---- limits, tax, authority, assessment --------------------------------------------------------------------------

TAXED = """
payments:
  - {id: fee, kind: fixed_fee, amount: 100.00}
  - {id: untaxed, kind: hourly, hit: sum, rates: {profit: 60.00}}
  - {id: won, kind: outcome_payment, earned: on_close, outcome: {is: resolved}, amount: 50.00,
     at_most: {amount: 80.00, per: year}}
  - {id: year, kind: limit, on: {payments: [fee, untaxed]}, at_most: {amount: 250.00}}
taxes:
  - {id: vat, kind: tax, on: [fees], applies_to: {provider.vat_registered: true}, rate_percent: 20}
"""


def test_what_a_ceiling_or_a_years_limit_takes_off_bears_no_tax() -> None:
    account = Account(terms(TAXED), REGISTERED, STARTS)
    for ref in "ABC":
        account.closed(matter(ref, outcome="resolved", minutes={"profit": 30}), CLOSED)
    # By hand: 390 of fees and hours are held to 250, of 90 taxed 2:1.3 in the third; 150 of results to 80.
    held = account.earned
    fees = [10000, 10000, 10000]
    hours = [3000, 3000, 3000]
    counted, tax = 0, Fraction(0)
    for fee, hour in zip(fees, hours):
        off = max(0, counted + fee + hour - 25000)
        counted += fee + hour - off
        tax += Fraction(20, 100) * (fee - Fraction(off * fee, fee + hour))
    results = 0
    for _ in "ABC":
        off = max(0, results + 5000 - 8000)
        results += 5000 - off
        tax += Fraction(20, 100) * (5000 - off)
    assert abs(held - (counted + results + tax)) <= 2
    untaxed = Account(terms(TAXED), AGENCY, STARTS)
    for ref in "ABC":
        untaxed.closed(matter(ref, outcome="resolved", minutes={"profit": 30}), CLOSED)
    assert untaxed.earned == 25000 + 8000


ASSESSED = """
payments:
  - id: fee
    kind: fixed_fee
    amount: 100.00
    escape:
      {over: 300.00, rates: {profit: 60.00}, pays: on_assessment, assessment: {outcomes_percent: {paid_in_full: 100}}}
  - {id: year, kind: limit, on: {payments: [fee]}, at_most: {amount: %s}}
taxes:
  - {id: vat, kind: tax, on: [fees], rate_percent: 20}
"""


@pytest.mark.parametrize(
    ("limit", "pence"), [("1000.00", 72000), ("600.00", 72000), ("400.00", 48000), ("100.00", 12000)]
)
def test_what_a_years_limit_takes_off_an_assessed_claim_bears_no_tax(limit: str, pence: int) -> None:
    account = Account(terms(ASSESSED % limit), AGENCY, STARTS)
    facts = matter(minutes={"profit": 600})
    account.closed(facts, CLOSED)
    account.event("claim_assessed", facts, CLOSED, u=(0.5,))
    assert account.earned == pence


def test_an_authority_that_is_cut_grants_a_share_of_what_was_asked_beyond_the_limit() -> None:
    account = Account(
        terms("""
payments:
  - id: hours
    kind: hourly
    rates: {profit: 60.00}
    limits: {profit: {at_most: 300.00, unless: more}}
permissions:
  - id: more
    kind: authority
    decided: {days: {typical: 5}, granted_percent: 0, cut_percent: 100, cut_to_percent: 50}
    """),
        AGENCY,
        STARTS,
    )
    facts = matter(minutes={"profit": 600})
    account.event("authority_asked", facts, OPENED, authority="more", requested=50000, u=(0.5, 0.5))
    assert facts.facts["more.limit"] == 40000
    assert earned(account.closed(facts, CLOSED)) == 40000


def test_the_contracts_own_days_of_assessment_go_before_the_usual_ones() -> None:
    block = """
        - id: fee
          kind: fixed_fee
          amount: 100.00
          escape: {{over: 300.00, rates: {{profit: 60.00}}, pays: on_assessment, assessment: {{minutes: 5{days}}}}}
    """
    for days, wanted in ((", days: 12", 12), ("", None)):
        account = Account(payment(block.format(days=days)), AGENCY, STARTS)
        account.closed(matter(minutes={"profit": 600}), CLOSED)
        assert account.standing.days_to_assess("A") == wanted


def test_what_an_audit_takes_back_comes_off_the_next_payments() -> None:
    account = Account(
        terms("""
payments:
  - {id: fee, kind: fixed_fee, amount: 100.00}
controls:
  - id: audit
    kind: audit
    held: {every_months: 12}
    sample: {files: 1}
    error_percent: 100
    classes: [{reduction_percent: {over: 0}, class: 1, recover: sample_only}]
cash:
  - {id: monthly, kind: variable_monthly}
    """),
        AGENCY,
        STARTS,
    )
    account.closed(matter("A"), date(2026, 4, 20))
    account.closed(matter("B"), date(2026, 4, 21))
    account.event("audit_held", MatterFacts("-"), date(2026, 4, 22), audit="audit", u=(0.0, 0.0, 0.9))
    account.month_ended(PeriodFacts(STARTS, date(2026, 4, 30)))
    assert add_up(payment.pence for payment in account.cash_due(date(2026, 4, 30))) == 15000
