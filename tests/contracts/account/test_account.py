"""Permission, burden, sanctions, audits: what an account answers beside money, and takes back."""

from datetime import date, timedelta
from fractions import Fraction
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.kinds.controls.audit import AuditChances
from legalaid_sim.contracts.kinds.permissions.matter_starts import StartsBook
from legalaid_sim.contracts.tools.amounts import last_of_month, next_month
from legalaid_sim.contracts.vocabulary.facts import (
    Burden,
    Line,
    MatterFacts,
    PeriodFacts,
    ProviderFacts,
    Settlement,
)
from legalaid_sim.contracts.vocabulary.service import Service
from legalaid_sim.errors import DrawsExhausted
from tests.builders.contracts import AGENCY, CLOSED, OPENED, REGISTERED, matter, terms

FEE = "payments: [{id: fee, kind: fixed_fee, amount: 100.00}]\n"
STARTS = date(2026, 4, 1)
NOBODY = MatterFacts("-")


def open_(text: str, provider: ProviderFacts = AGENCY) -> Account:
    return Account(terms(FEE + dedent(text)), provider, STARTS)


def end_months(account: Account, count: int, **measures: float) -> list[Settlement]:
    last, found = last_of_month(STARTS), []
    for _ in range(count):
        found.append(account.month_ended(PeriodFacts(last.replace(day=1), last, closed=5, measures=measures)))
        account.cash_due(last)
        last = last_of_month(next_month(last))
    return found


STARTS_BLOCK = """
    permissions:
      - id: starts
        kind: matter_starts
        applies_to: {category: housing}
        allowed: 10
        when_used_up: MANNER
        MORE
"""


@pytest.mark.parametrize("manner", ["refuse", "queue", "seek_authority"])
def test_matter_starts_run_out_and_come_back_next_year(manner: str) -> None:
    account = open_(STARTS_BLOCK.replace("MANNER", manner).replace("MORE", ""))
    for at in range(10):
        assert account.may_open(matter(str(at)), OPENED).manner == "yes"
        account.opened(matter(str(at)), OPENED)
    answer = account.may_open(matter("next"), OPENED)
    assert answer == (
        manner,
        "starts",
        "all 10 matter starts of the contract_year are used",
        date(2027, 4, 1),
    )
    assert account.may_open(matter("debt", category="debt"), OPENED).manner == "yes"
    assert account.may_open(matter("next"), date(2027, 4, 1)).manner == "yes"


def test_asking_changes_nothing() -> None:
    account = open_(STARTS_BLOCK.replace("MANNER", "refuse").replace("MORE", ""))
    for _ in range(50):
        assert account.may_open(matter(), OPENED).manner == "yes"


def test_self_grant_and_phasing() -> None:
    more = "self_grant_percent: 50\n        phasing: {any_month_at_most_percent: 20}"
    account = open_(STARTS_BLOCK.replace("MANNER", "refuse").replace("MORE", more))
    (book,) = account.admission.books
    assert isinstance(book, StartsBook)
    assert (book.may_open(OPENED).manner, book.most) == ("yes", 15)
    account.opened(matter("1"), OPENED)
    account.opened(matter("2"), OPENED)
    answer = account.may_open(matter("3"), OPENED)
    assert (answer.reason, answer.until) == ("all 2 matter starts of the month are used", date(2026, 6, 1))


@pytest.mark.parametrize(("used", "allowed"), [(10, 10), (9, 9), (7, 8), (0, 8)])
def test_next_years_starts_follow_use_with_a_floor(used: int, allowed: int) -> None:
    more = "next_year: {same_as: matters_reported, but_at_least_percent: 80, of: this_year_allowed}"
    account = open_(STARTS_BLOCK.replace("MANNER", "refuse").replace("MORE", more))
    account.may_open(matter(), OPENED)
    for at in range(used):
        account.opened(matter(str(at)), OPENED)
    account.may_open(matter(), date(2027, 4, 1))
    (book,) = account.admission.books
    assert isinstance(book, StartsBook)
    assert book.allowed == allowed


def test_scope_and_standards_reach_the_engine() -> None:
    made = terms(FEE + "permissions: [{id: late, kind: scope, early_help: out_of_scope}]\n"
        "standards:\n  - {id: own, kind: named_adviser, patience_days: 7}\n"
        "  - {id: free, kind: discretion, allowed: true}\n"
        "  - {id: out, kind: outreach, shortens_delay_percent: 20}\n")  # fmt: skip
    assert made.service == Service(7, True, 20.0)
    account = Account(made, AGENCY, STARTS)
    answer = account.may_open(matter(facts={"early": True}), OPENED)
    assert answer[:3] == ("refuse", "late", "help before the crisis point is out of scope")
    assert account.may_open(matter(), OPENED).manner == "yes"


def test_what_the_contract_does_not_cover_may_not_be_opened() -> None:
    account = open_("")
    assert not account.covers(matter(category="family"))
    answer = account.may_open(matter(category="family"), OPENED)
    assert answer[:3] == ("refuse", "", "the contract does not cover category 'family'")


DUTIES = """
    duties:
      - {id: form, kind: duty, falls_on: matter_opened, minutes: {adviser: 18, admin: 12}, due_days: 3}
      - id: evidence
        kind: duty
        falls_on: matter_closed
        applies_to: {matter.channel: phone}
        minutes: {adviser: 5}
        paid: counts_as_profit
      - id: monthly
        kind: return
        due: {day: 20, months_after: 1}
        minutes: {per_return: 90, per_claim_line: 4}
        nil_return: NIL
        if_late: {does: delay_cash, months: 2}
"""


def test_duties_fall_on_events_with_their_minutes_and_due_days() -> None:
    account = open_(DUTIES.replace("NIL", "required"))
    opened = account.opened(matter(), OPENED)
    assert opened.burdens == (Burden("form", 18, 12, date(2026, 5, 4), False),)
    assert account.closed(matter(), CLOSED).burdens == ()
    assert account.closed(matter(channel="phone"), CLOSED).burdens == (
        Burden("evidence", 5, 0, CLOSED, True),
    )


def test_returns_grow_with_claims_and_are_due_on_their_day() -> None:
    account = open_(DUTIES.replace("NIL", "not_required"))
    with_claims = PeriodFacts(date(2026, 4, 1), date(2026, 4, 30), closed=10)
    assert account.month_ended(with_claims).burdens == (Burden("monthly", 0, 130, date(2026, 5, 20)),)
    assert account.month_ended(PeriodFacts(date(2026, 5, 1), date(2026, 5, 31))).burdens == ()


def test_a_nil_return_may_be_required() -> None:
    account = open_(DUTIES.replace("NIL", "required"))
    settled = account.month_ended(PeriodFacts(date(2026, 4, 1), date(2026, 4, 30)))
    assert settled.burdens == (Burden("monthly", 0, 90, date(2026, 5, 20)),)


def test_a_late_return_delays_cash() -> None:
    account = open_(DUTIES.replace("NIL", "required"))
    account.closed(matter(), CLOSED)
    account.event("return_late", NOBODY, CLOSED, clause="monthly")
    account.month_ended(PeriodFacts(date(2026, 7, 1), date(2026, 7, 31)))
    assert account.cash_due(date(2026, 7, 31))[0].on == date(2026, 10, 14)


AUTHORITY = """
    permissions:
      - id: leave
        kind: authority
        asked: {minutes: 35}
        decided: {days: {typical: 5, slow_percent: 10, slow_days: 20}, granted_percent: 82, cut_percent: 10}
        grants: {in_steps_of: 100.00}
        work_while_waiting: stops
"""


@pytest.mark.parametrize(
    ("u", "result", "limit", "day"),
    [
        ((0.81, 0.5), "granted", 100_000, 6),
        ((0.82, 0.5), "cut", 50_000, 6),
        ((0.92, 0.05), "refused", 0, 21),
    ],
)
def test_authority_is_decided_by_given_chances(
    u: tuple[float, float], result: str, limit: int, day: int
) -> None:
    account, facts = open_(AUTHORITY), matter()
    settled = account.event("authority_asked", facts, OPENED, requested=95_000, u=u)
    assert settled.flags == (f"authority:{result}",)
    assert settled.burdens == (Burden("leave", 35, 0, date(2026, 5, day)),)
    assert facts.facts.get("leave.limit", 0) == limit


def test_authority_lifts_only_what_it_says() -> None:
    made = terms("""
        payments:
          - id: help
            kind: hourly
            headings: [profit, counsel]
            limits:
              profit: {at_most: 10.00, unless: leave}
              counsel: {at_most: 10.00, unless: leave}
        permissions:
          - {id: leave, kind: authority, lifts: [profit], decided: {days: {typical: 1}, granted_percent: 100}}
    """)
    facts = matter(costs={"profit": 3000, "counsel": 3000}, facts={"leave": True})
    assert made.price(facts, AGENCY).earned == 4000


CONTROLS = """
    controls:
      - id: reduction
        kind: kpi
        measure: assessed_reduction_share
        target: {at_most: 10}
        over_window: {months: 3, at_least_cases: 10}
        bonus: 500.00
      - id: ladder
        kind: sanction_ladder
        counts: missed_kpis
        per: quarter
        steps: [{at: 1, STEP}]
"""


def test_a_met_target_pays_its_bonus_each_quarter() -> None:
    account = open_(CONTROLS.replace("STEP", "does: notice"))
    settled = end_months(account, 6, assessed_reduction_share=10.0)
    assert [one.lines for one in settled] == [(), (), (Line(10, "reduction", 50000),)] * 2


def test_a_missed_target_brings_the_step_of_the_ladder() -> None:
    account = open_(CONTROLS.replace("STEP", "does: notice, minutes: 120"))
    third = end_months(account, 3, assessed_reduction_share=10.1)[2]
    assert third.flags == ("kpi_missed:reduction", "sanction:notice")
    assert third.burdens == (Burden("ladder", 120, 0, date(2026, 7, 28)),)


def test_what_comes_to_exactly_the_target_meets_it() -> None:
    # 1 of 7, 1 of 7 and 8 of 11 are 40 % together; in binary fractions they come to a little more.
    account = open_(CONTROLS.replace("STEP", "does: notice").replace("at_most: 10", "at_most: 40"))
    last = last_of_month(STARTS)
    for part, whole in ((1, 7), (1, 7), (8, 11)):
        measures = {"assessed_reduction_share": Fraction(100 * part, whole)}
        settled = account.month_ended(PeriodFacts(last.replace(day=1), last, closed=whole, measures=measures))
        last = last_of_month(next_month(last))
    assert settled.flags == ()
    assert [line.pence for line in settled.lines] == [50000]


def test_too_few_cases_are_not_judged() -> None:
    account = open_(
        CONTROLS.replace("STEP", "does: notice").replace("at_least_cases: 10", "at_least_cases: 16")
    )
    assert [one.flags for one in end_months(account, 3, assessed_reduction_share=50.0)] == [(), (), ()]


def test_new_matters_may_be_suspended_and_the_contract_ended() -> None:
    suspended = open_(CONTROLS.replace("STEP", "does: suspend_new_matters, months: 2"))
    end_months(suspended, 3, assessed_reduction_share=50.0)
    answer = suspended.may_open(matter(), date(2026, 8, 31))
    assert (answer.manner, answer.until) == ("refuse", date(2026, 9, 1))
    assert suspended.may_open(matter(), date(2026, 9, 1)).manner == "yes"
    ended = open_(CONTROLS.replace("STEP", "does: terminate, notice_months: 3"))
    end_months(ended, 3, assessed_reduction_share=50.0)
    assert ended.may_open(matter(), date(2026, 9, 30)).manner == "yes"
    assert ended.may_open(matter(), date(2026, 10, 1)).reason == "the contract ended on 2026-10-01"


def test_a_withheld_share_comes_back_when_its_target_is_met() -> None:
    step = "does: withhold_percent, percent: 5, months: 12, returned_if: target_met"
    account = open_(CONTROLS.replace("STEP", step))
    end_months(account, 3, assessed_reduction_share=50.0)
    account.closed(matter(), date(2026, 7, 10))
    july = PeriodFacts(date(2026, 7, 1), date(2026, 7, 31), closed=5)
    account.month_ended(july)
    assert [payment.pence for payment in account.cash_due(july.last)] == [9500]
    assert account.outstanding() == 500
    for month in (8, 9):
        period = PeriodFacts(date(2026, month, 1), last_of_month(date(2026, month, 1)), closed=50)
        period.measures = {"assessed_reduction_share": 1.0}
        account.month_ended(period)
        payments = account.cash_due(period.last)
    assert payments[-1].pence == 500
    assert account.outstanding() == 0


AUDIT = """
    controls:
      - id: audit
        kind: audit
        held: {every_months: 12}
        sample: {files: 4}
        burden: {provider_minutes_per_file: 30}
        error_percent: 50
        reduced_by_percent: 40
        classes:
          - {reduction_percent: {under: 10}, class: 1, recover: sample_only}
          - {reduction_percent: {between: [10, 20]}, class: 2, recover: extrapolate}
          - {reduction_percent: {over: 20}, class: 3, recover: extrapolate}
        extrapolation: {less_points_if_no_appeal: 5}
        appeal: {minutes_per_file: 60, success_percent: 35}
    duties:
      - id: form
        kind: duty
        falls_on: matter_opened
        minutes: {adviser: 1}
        if_missed: {does: nil_the_claim, found_by: audit}
"""


def audited(
    bad: int, appeals: bool = False, appeal_u: float = 0.9, missed: bool = False
) -> tuple[Account, Settlement]:
    account = open_(AUDIT)
    for at in range(10):
        account.closed(matter(str(at)), CLOSED)
    if missed:
        account.event("duty_missed", matter("0"), CLOSED, clause="form")
    u = [number for at in range(4) for number in (0.0, 0.1 if at < bad else 0.9)]
    return account, account.event("audit_held", NOBODY, CLOSED, u=(*u, appeal_u), appeals=appeals)


@pytest.mark.parametrize(
    ("bad", "audit_class", "recovered"),
    [(0, 1, 0), (1, 2, 5000), (2, 2, 15000), (3, 3, 25000), (4, 3, 35000)],
)
def test_an_audit_takes_back_by_class_and_extrapolates(bad: int, audit_class: int, recovered: int) -> None:
    account, settled = audited(bad)
    assert settled.flags == (f"audit_class:{audit_class}",)
    assert sum(line.pence for line in settled.lines) == -recovered
    assert settled.burdens == (Burden("audit", 120, 0, CLOSED),)
    assert account.outstanding() == 100_000 - recovered


def test_an_appeal_costs_minutes_and_may_win() -> None:
    _, lost = audited(2, appeals=True)
    assert sum(line.pence for line in lost.lines) == -20000
    assert lost.burdens == (
        Burden("audit", 120, 0, CLOSED),
        Burden("audit", 240, 0, CLOSED + timedelta(days=28)),
    )
    assert audited(2, appeals=True, appeal_u=0.34)[1].lines == ()


def test_an_audit_finds_a_missed_duty() -> None:
    _, settled = audited(0, missed=True)
    assert settled.flags == ("audit_class:3",)


def test_an_audit_refuses_too_few_chances() -> None:
    account = open_(AUDIT)
    account.closed(matter(), CLOSED)
    with pytest.raises(DrawsExhausted):
        account.event("audit_held", NOBODY, CLOSED, u=(0.1, 0.2))


def test_the_chances_of_an_audit_are_read_by_name() -> None:
    row = (0.1, 0.2, 0.3, 0.4, 0.5)
    assert AuditChances.of(row) == AuditChances((0.1, 0.3), (0.2, 0.4), contested=0.4, won=0.5)
    assert AuditChances.of((0.5,)) == AuditChances((), (), contested=1.0, won=0.5)


def test_an_audit_falls_due_after_its_months() -> None:
    flags = [one.flags for one in end_months(open_(AUDIT), 12)]
    assert flags == [()] * 11 + [("audit_due:audit",)]


def test_a_missed_duty_that_is_seen_at_once_nils_the_claim() -> None:
    account = open_(AUDIT.replace("found_by: audit", "found_by: at_once"))
    account.closed(matter(), CLOSED)
    settled = account.event("duty_missed", matter(), CLOSED, clause="form")
    assert settled == Settlement((Line(10, "fee", -10000),), (), ("nilled",))
    assert account.earned == 0
    again = account.event("duty_missed", matter(), CLOSED, clause="form")
    assert (again.lines, account.earned) == ((), 0)


def test_what_is_nilled_loses_its_tax_and_what_came_later() -> None:
    escape = ", escape: {over: 150.00, pays: on_assessment}}]"
    text = FEE.replace("}]", escape) + dedent(AUDIT.replace("found_by: audit", "found_by: at_once"))
    vat = "taxes: [{id: vat, kind: tax, rate_percent: 17.5}]\n"
    account = Account(terms(text + vat), REGISTERED, STARTS)
    facts = matter(costs={"profit": 20000})
    account.closed(facts, CLOSED)
    account.event("claim_assessed", facts, CLOSED, u=(0.0,))
    assert account.earned == 23500
    nilled = account.event("duty_missed", facts, CLOSED, clause="form")
    assert {line.block: line.pence for line in nilled.lines} == {"fee": -20000, "vat": -3500}
    assert account.earned == 0


EVERYTHING = """
    payments:
      - id: fee
        kind: fixed_fee
        applies_to: {category: housing}
        amount: 100.00
        bolt_ons: {hearing: {amount: 10.00}}
        escape:
          over: 300.00
          pays: all_at_hourly
          rates: {profit: 60.00}
          assessment: {outcomes_percent: {nilled: 100}}
      - {id: hours, kind: hourly, applies_to: {category: debt}, rates: {profit: 45.95}}
      - id: kept
        kind: outcome_payment
        earned: on_outcome
        outcome: {is: kept, lasts_months: 6}
        amount: 33.33
        share_at: {closing_percent: 40, proof_percent: 60}
        at_most: {amount: 100.00, per: contract_year}
      - {id: same, kind: continuity_premium, steps: [{at_least_percent: 80, add_percent: 7, of: fee}]}
      - {id: out, kind: disbursements, stage_claims: {not_before_months: 0, then_every_months: 0}}
      - id: grant
        kind: block_grant
        earned: monthly
        amount: 1000.00
        buys: {hours: 100}
        shortfall: {recover_at: 7.77}
      - {id: year, kind: limit, on: {payments: [fee]}, at_most: {amount: 1500.00}, at_least: {amount: 900.00}}
    taxes: [{id: vat, kind: tax, rate_percent: 17.5}]
    controls:
      - id: audit
        kind: audit
        held: {every_months: 3}
        sample: {files: 2}
        classes: [{reduction_percent: {at_least: 0}, class: 2, recover: extrapolate}]
    cash:
      - id: level
        kind: standard_monthly
        opening_amount: 50.00
        corridor: {low_percent: 90, high_percent: 110}
      - {id: done, kind: on_completion, pays_for: [hours]}
      - {id: ahead, kind: in_advance, pays_for: [grant], expected_claims: 1000.00}
"""

events = st.lists(
    st.tuples(
        st.sampled_from(["housing", "debt"]),
        st.integers(0, 900),
        st.integers(0, 5000),
        st.sampled_from(["", "kept"]),
        st.lists(
            st.sampled_from(["hearing", "claim", "proof", "assess", "audit", "miss"]), max_size=4, unique=True
        ),
    ),
    max_size=25,
)


@given(matters=events, u=st.floats(0, 0.999))
@settings(deadline=None, max_examples=60)
def test_whatever_happens_lines_sum_to_what_is_earned_and_it_is_paid_or_owed(
    matters: list[tuple[str, int, int, str, list[str]]], u: float
) -> None:
    account = Account(terms(EVERYTHING), AGENCY, STARTS)
    given_, paid, last = 0, 0, last_of_month(STARTS)
    for at, (category, worked, cost, outcome, wanted) in enumerate(matters):
        facts = matter(str(at), category=category, opened=last.replace(day=1), closed=None)
        facts.minutes, facts.costs = (
            {"profit": worked},
            {"disbursements": cost, "disbursement_vat": cost // 5},
        )
        facts.by_adviser = {"a": worked, "b": cost % 300}
        answers = [account.opened(facts, last)]
        if "hearing" in wanted:
            answers.append(account.event("event_happened", facts, last, event="hearing"))
        if "claim" in wanted:
            answers.append(account.event("disbursements_claimed", facts, last))
        facts.closed, facts.outcome = last, outcome
        answers.append(account.closed(facts, last))
        if "proof" in wanted:
            answers.append(account.event("outcome_recorded", facts, last, lasted_months=6))
        if "assess" in wanted and "escape" in answers[-1].flags:
            answers.append(account.event("claim_assessed", facts, last, u=(u,)))
        if "audit" in wanted:
            answers.append(account.event("audit_held", NOBODY, last, u=(u,) * 5))
        answers.append(
            account.month_ended(PeriodFacts(last.replace(day=1), last, {"profit": worked}, closed=1))
        )
        given_ += sum(line.pence for answer in answers for line in answer.lines)
        paid += sum(payment.pence for payment in account.cash_due(last))
        last = last_of_month(next_month(last))
    assert given_ == account.earned
    assert given_ == paid + account.outstanding()
