"""Cash: when money moves under each rule, and that every penny earned is paid once or still owed."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.kinds.cash.standard_monthly import review
from legalaid_sim.contracts.tools.amounts import last_of_month, next_month, working_day
from legalaid_sim.contracts.vocabulary.facts import CashPayment, PeriodFacts, ProviderFacts
from legalaid_sim.errors import Refusal
from legalaid_sim.units import add_months
from tests.builders.contracts import AGENCY, contract, matter, terms

STARTS = date(2026, 4, 1)
HOURLY = "payments: [{id: help, kind: hourly, headings: [profit]}]\ncash:\n  - "
LEVEL = (
    "{id: level, kind: standard_monthly, opening_amount: OPENING, reviewed: {every_months: 6},"
    " corridor: {low_percent: 90, high_percent: 110}}"
)


def open_(cash: str) -> Account:
    return Account(terms(HOURLY + cash + "\n"), AGENCY, STARTS)


def live(account: Account, claims: list[int], begins: date = STARTS) -> list[tuple[CashPayment, ...]]:
    last, found = last_of_month(begins), []
    for at, pence in enumerate(claims):
        if pence:
            account.closed(matter(str(at), costs={"profit": pence}), last.replace(day=15))
        account.month_ended(PeriodFacts(last.replace(day=1), last))
        found.append(account.cash_due(last))
        last = last_of_month(next_month(last))
    return found


def amounts(payments: list[tuple[CashPayment, ...]]) -> list[int]:
    return [sum(payment.pence for payment in month) for month in payments]


def test_variable_monthly_pays_last_months_claims_on_a_working_day() -> None:
    account = open_("{id: by_claim, kind: variable_monthly, paid_on: {working_day: 10, months_after: 1}}")
    assert live(account, [10000, 0, 500]) == [
        (CashPayment(date(2026, 5, 14), "by_claim", 10000),),
        (),
        (CashPayment(date(2026, 7, 14), "by_claim", 500),),
    ]


def test_a_contract_without_a_cash_rule_pays_by_the_month() -> None:
    made = terms("payments: [{id: help, kind: hourly, headings: [profit]}]\n")
    assert amounts(live(Account(made, AGENCY, STARTS), [700])) == [700]


def test_a_level_payment_stays_inside_its_corridor() -> None:
    account = open_(LEVEL.replace("OPENING", "100.00"))
    assert amounts(live(account, [9000] * 7)) == [10000] * 7


def test_a_level_payment_is_reset_outside_its_corridor() -> None:
    account = open_(LEVEL.replace("OPENING", "100.00"))
    paid = amounts(live(account, [13000] * 7))
    assert paid[:5] == [10000] * 5
    assert paid[5] == 13000 + (78000 - 50000 + 3) // 6
    assert account.cashbook.reviews() == {"level": 156.0}


def test_a_level_payment_opens_at_a_twelfth_of_expected_claims() -> None:
    text = LEVEL.replace("OPENING", "one_twelfth_of_expected_claims, expected_claims: 1200.00")
    assert amounts(live(open_(text), [0])) == [10000]


def test_a_level_payment_opens_at_what_is_expected_of_this_provider() -> None:
    for said in ("", ", expected_claims: 600.00, for_each: adviser"):
        made = terms(HOURLY + LEVEL.replace("OPENING", "one_twelfth_of_expected_claims" + said) + "\n")
        provider = ProviderFacts(facts={"expected_claims": 1_200_06, "advisers": 3})
        assert amounts(live(Account(made, provider, STARTS), [0])) == [100_01]
    provider = ProviderFacts(facts={"advisers": 3})
    assert amounts(live(Account(made, provider, STARTS), [0])) == [150_00]


def test_a_level_payment_that_nobody_foresaw_is_refused_and_named() -> None:
    account = open_(LEVEL.replace("OPENING", "one_twelfth_of_expected_claims"))
    assert account.unforeseen == ("level",)
    with pytest.raises(Refusal, match="nobody says what is expected"):
        live(account, [0])


@pytest.mark.parametrize(
    ("claims", "level", "position", "after"),
    [
        ([90] * 6, 100, 90.0, 100),
        ([110] * 6, 100, 110.0, 100),
        ([89] * 6, 100, 89.0, 89 - 11),
        ([111] * 6, 100, 111.0, 111 + 11),
        ([0] * 6, 100, 0.0, 0),
    ],
)
def test_the_corridor_holds_at_both_ends(claims: list[int], level: int, position: float, after: int) -> None:
    block = contract(HOURLY + LEVEL.replace("OPENING", "1.00") + "\n").cash[0]
    assert review(block, claims, 6 * level, level) == (position, after)  # type: ignore[arg-type]


AHEAD = "{id: ahead, kind: in_advance, months: 3, expected_claims: 1200.00}"


def test_in_advance_pays_as_the_work_begins_and_settles_each_time() -> None:
    account = open_(AHEAD)
    assert account.cash_ahead(STARTS) == tuple(
        CashPayment(date(2026, 4, 1), "ahead", 10000, date(2026, month, 1)) for month in (4, 5, 6)
    )
    payments = live(account, [5000, 5000, 5000, 0, 20000, 0])
    assert amounts(payments) == [0, 0, 30000 - 15000, 0, 0, 30000 - 10000]
    assert payments[2][0] == CashPayment(date(2026, 7, 1), "ahead", -15000)
    assert {payment.on for payment in payments[5]} == {date(2026, 10, 1)}


def test_what_an_advance_left_over_is_not_asked_back_but_waits() -> None:
    account = open_(AHEAD.replace("months: 3", "months: 1"))
    account.cash_ahead(STARTS)
    account.cashbook.rules[0].take(-25000, STARTS)
    account.cashbook.earned -= 25000
    assert amounts(live(account, [0] * 4)) == [0, 0, 0, 0]
    assert account.outstanding() == -35000


@pytest.mark.parametrize(("begins", "months"), [(date(2026, 5, 1), (5, 6)), (date(2026, 6, 1), (6,))])
def test_an_account_that_begins_within_a_quarter_gets_what_is_left_of_it(
    begins: date, months: tuple[int, ...]
) -> None:
    account = Account(terms(HOURLY + AHEAD + "\n"), AGENCY, begins)
    assert [payment.since for payment in account.cash_ahead(begins)] == [date(2026, n, 1) for n in months]
    found = live(account, [10000] * (len(months) + 3), begins)
    assert amounts(found) == [0] * (len(months) - 1) + [30000, 0, 0, 30000]


def test_the_first_advance_of_a_contract_comes_with_its_first_day() -> None:
    account = Account(terms(HOURLY + AHEAD + "\n"), AGENCY, date(2026, 2, 1))
    assert account.cash_ahead(date(2026, 2, 1)) == ()
    found = live(account, [0, 0], date(2026, 2, 1))
    assert amounts(found) == [0, 30000]
    assert {payment.on for payment in found[1]} == {STARTS}


def test_an_advance_is_of_the_year_that_it_pays_for() -> None:
    values = """
values:
  year: {unit: GBP per year, dated: {2026-04-01: 1200.00, 2026-07-01: 2400.00}}
"""
    text = HOURLY + AHEAD.replace("1200.00", "{value: year}") + values
    account = Account(terms(text), AGENCY, STARTS)
    account.cash_ahead(STARTS)
    assert amounts(live(account, [10000] * 3)) == [0, 0, 60000]


@given(
    yearly=st.integers(1200, 10_000_000),
    months=st.integers(1, 13),
    begins=st.integers(0, 40),
    lived=st.integers(1, 30),
)
@settings(deadline=None, max_examples=60)
def test_every_month_is_paid_ahead_once_by_its_first_working_day(
    yearly: int, months: int, begins: int, lived: int
) -> None:
    first = add_months(STARTS, begins)
    rule = (
        f"{{id: a, kind: in_advance, months: {months}, expected_claims: {yearly // 100}.{yearly % 100:02d}}}"
    )
    account = Account(terms(HOURLY + rule + "\n"), AGENCY, first)
    monthly = [yearly // 12] * lived
    found = [
        *account.cash_ahead(first),
        *(payment for each in live(account, monthly, first) for payment in each),
    ]
    ahead = {payment.since: payment for payment in found if payment.since is not None}
    assert len(ahead) == sum(payment.since is not None for payment in found)
    assert list(ahead)[:lived] == [add_months(first, n) for n in range(lived)]
    for since, payment in ahead.items():
        assert payment.on <= working_day(since, 1)
        assert abs(12 * payment.pence - yearly) <= 12
    assert account.earned == sum(payment.pence for payment in found) + account.outstanding()


def test_on_completion_pays_days_after_each_matter() -> None:
    account = open_("{id: done, kind: on_completion, days_after: 30}")
    assert live(account, [700]) == [(CashPayment(date(2026, 5, 15), "done", 700),)]


def test_quarterly_in_arrears_pays_after_the_quarter() -> None:
    account = open_("{id: quarter, kind: quarterly_in_arrears, paid_on: {day: 31, months_after: 2}}")
    payments = live(account, [100, 200, 300, 400])
    assert amounts(payments) == [0, 0, 600, 0]
    assert payments[2][0].on == date(2026, 8, 31)


def test_blocks_may_be_paid_under_different_rules() -> None:
    made = terms("""
        payments:
          - {id: help, kind: hourly, headings: [profit]}
          - {id: out, kind: disbursements}
        cash:
          - {id: slow, kind: quarterly_in_arrears}
          - {id: fast, kind: variable_monthly, pays_for: [out]}
    """)
    account = Account(made, AGENCY, STARTS)
    account.closed(matter(costs={"profit": 1000, "disbursements": 50}), date(2026, 4, 10))
    assert [payment[1:3] for payment in account.cash_due(date(2026, 4, 30))] == [("fast", 50)]
    assert account.outstanding() == 1000


def test_money_to_come_back_waits_for_later_payments() -> None:
    account = open_("{id: by_claim, kind: variable_monthly}")
    account.cashbook.rules[0].take(-300, date(2026, 4, 5))
    account.cashbook.earned -= 300
    assert amounts(live(account, [100, 500])) == [0, 300]


RULES = [
    "{id: a, kind: variable_monthly}",
    LEVEL.replace("OPENING", "250.00"),
    LEVEL.replace("OPENING", "one_twelfth_of_expected_claims, expected_claims: 5000.00"),
    "{id: a, kind: in_advance, months: 3, expected_claims: 9000.00}",
    "{id: a, kind: in_advance, months: 2, expected_claims: 100.00, settled: year_end}",
    "{id: a, kind: on_completion, days_after: 45}",
    "{id: a, kind: quarterly_in_arrears}",
]


@pytest.mark.parametrize("rule", RULES)
@given(claims=st.lists(st.integers(0, 200_000), min_size=1, max_size=30))
@settings(deadline=None)
def test_every_penny_earned_is_paid_once_or_owed(rule: str, claims: list[int]) -> None:
    account = open_(rule)
    payments = [account.cash_ahead(STARTS), *live(account, claims)]
    assert account.earned == sum(claims)
    assert account.earned == sum(amounts(payments)) + account.outstanding()
    assert all(payment.on > STARTS for month in payments[1:] for payment in month)
