"""The payer's acts: matter starts, authority, assessments, audits, targets, sanctions, returns, cash."""

import json
from collections import Counter
from itertools import pairwise

import pytest

from legalaid_sim import events as e
from legalaid_sim.invariants import hold
from legalaid_sim.measures import measure
from tests.builders.contracts import fixed, of_blocks
from tests.builders.lives import live
from tests.builders.scenarios import PROBLEM, scenario


def lived(terms, **how):
    log = live(scenario(**how), terms)
    hold(log)
    return log


# ---- matter starts

STARTS = """\
permissions:
  - id: starts
    kind: matter_starts
    allowed: {allowed}
    per: contract_year
"""


@pytest.mark.parametrize("allowed", [0, 7, 40])
def test_no_more_matters_are_opened_than_allowed(allowed):
    log = live(scenario(), fixed(200, STARTS.format(allowed=allowed)))
    hold(log, allowed_starts={"test": allowed})
    assert len(log.of(e.MatterOpened)) == allowed
    assert {each.reason for each in log.of(e.TurnedAway)} == {"matter_starts"}
    assert {each.clause for each in log.of(e.TurnedAway)} == {"starts"}


def test_what_is_not_used_up_turns_nobody_away():
    assert lived(fixed(200, STARTS.format(allowed=10_000))).of(e.TurnedAway) == []


def test_starts_let_by_the_adviser_count_part_timers_exactly():
    # Five whole posts and two of 0.6 make 6.2, which binary fractions added in a row do not.
    made = scenario(
        advisers=[
            {"role": "caseworker", "number": 5, "hours_per_week": 35},
            {"role": "caseworker", "number": 2, "hours_per_week": 21, "days": ["mon", "tue", "wed"]},
        ],
        per_week=20,
    )
    log = live(made, fixed(200, STARTS.format(allowed=5) + "    for_each: adviser\n"))
    assert len(log.of(e.MatterOpened)) == 31


NEXT = """\
    next_year: {same_as: matters_reported, plus_percent: 0, but_at_least_percent: 0}
"""


def by_year(more):
    log = lived(fixed(200, STARTS.format(allowed=60) + more), months=24, per_week=0.6)
    year = 366 * 1440 - 6 * 1440  # the contract's year ends on 31 December 2008
    opened = [matter.at for matter in log.of(e.MatterOpened)]
    return sum(at < year for at in opened), sum(year <= at < year + 365 * 1440 for at in opened)


def test_starts_follow_what_was_reported_in_the_year_before():
    free = by_year("")
    bound = by_year(NEXT)
    assert bound[0] == free[0] < 60
    assert bound[1] <= free[1]


PHASED = """\
    phasing: {any_month_at_most_percent: 10}
"""


def test_phasing_holds_any_month_to_its_share():
    log = lived(fixed(200, STARTS.format(allowed=50) + PHASED), per_week=20, run_out=1)
    months = [0, *(closed.at for closed in log.of(e.MonthClosed))]
    counts = [
        sum(start <= matter.at < end for matter in log.of(e.MatterOpened)) for start, end in pairwise(months)
    ]
    assert max(counts) == 5


# ---- scope

SCOPE = """\
permissions:
  - id: scope
    kind: scope
    early_help: out_of_scope
"""


def test_where_early_help_is_out_of_scope_only_the_late_are_helped():
    problems = {"debt": {**PROBLEM, "days_to_crisis": {"exponential": {"mean": 20}}}}
    slow = {"days_before_asking": 20}
    log = lived(fixed(200, SCOPE), problems=problems, clients=slow)
    early = {asked.problem: asked.early for asked in log.of(e.Asked)}
    assert {early[matter.problem] for matter in log.of(e.MatterOpened)} == {False}
    assert {early[away.problem] for away in log.of(e.TurnedAway)} == {True}
    assert {away.reason for away in log.of(e.TurnedAway)} == {"scope"}


# ---- evidence of means


def test_evidence_turns_away_by_its_share_and_nobody_without_a_contract():
    shares = [
        measure(live(scenario(assumptions={"client.evidence_refused": share}), fixed(200)))[
            "access.turned_away_evidence"
        ]
        for share in (0, 0.1, 0.5)
    ]
    assert shares[0] == 0 < shares[1] < shares[2]
    free = live(scenario(assumptions={"client.evidence_refused": 0.5}))
    assert free.of(e.TurnedAway) == []


# ---- authority

LIMITED = """\
payments:
  - id: hours
    kind: hourly
    earned: on_close
    dated_by: matter_opened
    rates: {{profit: 60.00}}
    limits:
      profit: {{at_most: {most}, on_breach: seek_authority, unless: leave}}
permissions:
  - id: leave
    kind: authority
    lifts: [profit]
    asked: {{minutes: 20}}
    decided: {{days: {{typical: {days}}}, granted_percent: {granted}}}
    work_while_waiting: {waiting}
"""


def limited(most="60.00", days=14, granted=100, waiting="at_risk", **how):
    return lived(of_blocks(LIMITED.format(most=most, days=days, granted=granted, waiting=waiting)), **how)


def test_leave_is_asked_for_where_a_limit_would_stop_the_pay_and_not_otherwise():
    log = limited(most="60.00")
    assert {asking.matter for asking in log.of(e.AuthorityAsked)} == {
        each.matter for each in log.of(e.MatterOpened)
    }
    assert limited(most="5000.00").of(e.AuthorityAsked) == []


def test_asking_costs_minutes_and_the_answer_its_days():
    log = limited(days=14)
    assert {asking.decided // 1440 - asking.at // 1440 for asking in log.of(e.AuthorityAsked)} == {14}
    fell = [duty for duty in log.of(e.DutyFell) if duty.clause == "leave"]
    assert {duty.adviser_minutes for duty in fell} == {20}


def earned_a_matter(**how):
    log = limited(**how)
    earned = Counter()
    for line in log.of(e.Entitled):
        earned[line.matter] += line.pence
    closed = log.of(e.MatterClosed)
    return sum(earned[each.matter] for each in closed) / len(closed) / 100


def test_leave_granted_is_paid_and_leave_refused_stops_at_the_limit():
    assert earned_a_matter(granted=0) == 60
    assert earned_a_matter(granted=100) > 100


def test_work_that_stops_while_waiting_takes_longer():
    def days(waiting):
        log = limited(days=60, waiting=waiting)
        opened = {each.matter: each.at for each in log.of(e.MatterOpened)}
        lasted = [each.at - opened[each.matter] for each in log.of(e.MatterClosed)]
        return sum(lasted) / len(lasted) / 1440

    assert days("stops") > days("at_risk") + 30


# ---- assessment of escape claims

ESCAPES = """\
payments:
  - id: fee
    kind: fixed_fee
    earned: on_close
    dated_by: matter_opened
    amount: 100.00
    escape:
      over: 150.00
      measured_on: [profit]
      pays: all_at_hourly
      rates: {profit: 60.00}
      assessment: {days: 30, outcomes_percent: {paid_in_full: 40, reduced: 60}, reduced_by_percent: 50}
"""


def test_escape_claims_are_assessed_after_the_payers_time_and_some_reduced():
    log = lived(of_blocks(ESCAPES), assumptions={"payer.assessment_days": 30})
    closed = {each.matter: each.at for each in log.of(e.MatterClosed)}
    off = [line for line in log.of(e.Entitled) if line.pence < 0]
    assert off
    assert {line.at - closed[line.matter] for line in off} == {30 * 1440}
    found = measure(log)
    assert found["money.assessed_off"] > 0
    assert found["money.escape_share"] == 1


@pytest.mark.parametrize("flag", ["escape", "exceptional"])
def test_what_waits_for_its_assessment_is_paid_in_a_run_with_its_tax_whatever_its_flag(flag):
    waits = ESCAPES.replace("all_at_hourly", f"on_assessment\n      flag: {flag}").replace(
        "reduced: 60", "reduced: 0"
    )
    vat = "taxes: [{id: vat, kind: tax, rate_percent: 20}]\n"
    log = lived(
        of_blocks(waits.replace("paid_in_full: 40", "paid_in_full: 100") + vat),
        organisation={"vat_registered": True},
    )
    worked, earned = {}, Counter()
    for told in log.of(e.Told):
        worked[told.matter] = json.loads(told.facts)["minutes"]["profit"]
    for line in log.of(e.Entitled):
        earned[line.matter] += line.pence
    late = max(log.of(e.Entitled)).at - 30 * 1440
    assessed = [
        each.matter for each in log.of(e.MatterClosed) if each.at < late and worked[each.matter] > 150
    ]
    assert assessed
    assert {matter: earned[matter] for matter in assessed} == {
        matter: 120 * worked[matter] for matter in assessed
    }


def test_without_an_escape_nothing_is_assessed():
    log = lived(fixed(200))
    assert measure(log)["money.assessed_off"] == 0
    assert not [line for line in log.of(e.Entitled) if line.pence < 0]


# ---- audits

AUDIT = """\
controls:
  - id: files
    kind: audit
    held: {{every_months: {months}}}
    sample: {{files: 5, from: claims_since_last_audit}}
    burden: {{provider_minutes_per_file: 12}}
    error_percent: {errors}
    reduced_by_percent: 50
    classes:
      - {{reduction_percent: {{over: 10}}, class: 3, recover: {recover}}}
      - {{reduction_percent: {{at_most: 10}}, class: 1, recover: nothing}}
"""


def audited(errors=100, months=3, recover="sample_only"):
    return lived(fixed(200, AUDIT.format(errors=errors, months=months, recover=recover)), months=12)


def test_audits_are_held_as_often_as_the_contract_says():
    assert len(audited(months=3).of(e.Audited)) > len(audited(months=6).of(e.Audited)) > 0
    assert lived(fixed(200)).of(e.Audited) == []


def test_audits_take_back_what_they_find_and_nothing_where_there_is_nothing():
    assert {audit.pence for audit in audited(errors=0).of(e.Audited)} == {0}
    sample = audited()
    assert all(audit.pence == audit.files * 10_000 for audit in sample.of(e.Audited))
    assert measure(sample)["money.recovered_at_audit"] > 0
    whole = audited(recover="extrapolate")
    assert measure(whole)["money.recovered_at_audit"] > measure(sample)["money.recovered_at_audit"]


def test_an_appeal_that_always_wins_takes_nothing_back_and_costs_time():
    appeal = "    appeal: {{minutes_per_file: 60, within_days: 28, success_percent: 100}}\n"
    terms = fixed(200, (AUDIT + appeal).format(errors=100, months=3, recover="sample_only"))
    never, always = (lived(terms, months=12, assumptions={"payer.appeals": share}) for share in (0, 1))
    assert measure(never)["money.recovered_at_audit"] > 0
    assert {audit.pence for audit in always.of(e.Audited)} == {0}
    minutes = [
        [d.adviser_minutes for d in log.of(e.DutyFell) if d.clause == "files"] for log in (never, always)
    ]
    assert sum(minutes[1]) > sum(minutes[0]) > 0


def test_files_cost_the_provider_time():
    log = audited()
    fell = [duty for duty in log.of(e.DutyFell) if duty.clause == "files"]
    assert [duty.adviser_minutes for duty in fell] == [12 * audit.files for audit in log.of(e.Audited)]


# ---- targets and sanctions

TARGET = """\
controls:
  - id: resolved
    kind: kpi
    measure: resolved_share
    target: {{at_least: {target}}}
    over_window: {{months: 3, at_least_cases: 1}}
  - id: ladder
    kind: sanction_ladder
    counts: missed_kpis
    per: quarter
    steps:
      - {{at: 1, does: suspend_new_matters, months: 2}}
"""


def sanctioned(target):
    return lived(fixed(200, TARGET.format(target=target)), months=12, assumptions={"outcome.base": 0})


def test_a_target_missed_suspends_new_matters_and_one_met_does_not():
    missed, met = sanctioned(100), sanctioned(0)
    assert {away.reason for away in missed.of(e.TurnedAway)} == {"suspended"}
    assert met.of(e.TurnedAway) == []
    assert len(missed.of(e.MatterOpened)) < len(met.of(e.MatterOpened))


# ---- duties and returns

DUTY = """\
duties:
  - id: form
    kind: duty
    falls_on: matter_opened
    minutes: {{adviser: {minutes}, admin: 0}}
"""


def test_a_duty_costs_its_minutes_a_matter_and_nothing_at_nought():
    def admin(minutes):
        log = lived(fixed(200, DUTY.format(minutes=minutes)), run_out=6)
        return sum(work.minutes for work in log.of(e.Work) if work.clause == "form"), len(
            log.of(e.MatterOpened)
        )

    assert admin(0)[0] == 0
    minutes, matters = admin(25)
    assert minutes == 25 * matters


RETURN = """\
duties:
  - id: list
    kind: return
    falls_on: month_ended
    due: {day: 20, months_after: 1}
    minutes: {per_return: 30, per_claim_line: 4}
    done_by: adviser
"""


def test_a_return_falls_every_month_with_minutes_for_each_line():
    log = lived(fixed(200, RETURN))
    fell = [duty for duty in log.of(e.DutyFell) if duty.clause == "list"]
    # The log ends within a month, whose return does not fall any more.
    ends = [month.at for month in log.of(e.MonthClosed)][:-1]
    closed = Counter()
    for each in log.of(e.MatterClosed):
        closed[sum(end < each.at for end in ends)] += 1
    assert [duty.adviser_minutes for duty in fell] == [30 + 4 * closed[n] for n in range(len(ends))]
