"""The payer's acts: matter starts, authority, assessments, audits, targets, sanctions, returns, cash."""

import json
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from legalaid_sim import events as e
from legalaid_sim.invariants import hold
from legalaid_sim.measures import measure
from legalaid_sim.units import add_months
from tests.builders.contracts import fixed, hourly, of_blocks
from tests.builders.lives import live, world_of
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


# ---- cash and conservation


def test_cash_comes_in_arrears_and_adds_up_to_what_was_earned():
    log = lived(hourly(60), run_out=6)
    first_earned = log.of(e.Entitled)[0].at
    assert log.of(e.Paid)[0].at > first_earned
    paid = sum(payment.pence for payment in log.of(e.Paid))
    earned = sum(line.pence for line in log.of(e.Entitled))
    assert paid + log.of(e.MonthClosed)[-1].unpaid == earned


def test_pay_by_the_hour_is_the_minutes_worked_to_the_penny():
    log = lived(hourly(60))
    closed = {each.matter for each in log.of(e.MatterClosed)}
    minutes = Counter()
    for contact in log.of(e.Contact):
        minutes[contact.matter] += contact.core + contact.listening + contact.retelling
    for work in log.of(e.Work):
        if work.activity == e.CASEWORK:
            minutes[work.matter] += work.minutes
    earned = Counter()
    for line in log.of(e.Entitled):
        earned[line.matter] += line.pence
    assert {matter: earned[matter] for matter in closed} == {
        matter: 100 * minutes[matter] for matter in closed
    }


def test_doubling_the_fee_doubles_the_pence_and_moves_nothing_else():
    one, two = (live(scenario(), fixed(pounds, name="same")) for pounds in (150, 300))
    money = e.Entitled | e.Paid | e.MonthClosed
    assert [x for x in one if not isinstance(x, money)] == [x for x in two if not isinstance(x, money)]
    assert sum(line.pence for line in two.of(e.Entitled)) == 2 * sum(
        line.pence for line in one.of(e.Entitled)
    )


# ---- stages and happenings

STAGED = """\
payments:
  - id: stages
    kind: staged_fee
    earned: on_stage
    dated_by: matter_opened
    stages:
      - {stage: first, amount: 100.00}
      - {stage: second, amount: 250.00}
"""


def staged(stages):
    problems = {"debt": {**PROBLEM, "contacts": 4, "stages": stages}}
    return lived(of_blocks(STAGED), problems=problems, run_out=6)


def paid_by_matter(log):
    earned = Counter()
    for line in log.of(e.Entitled):
        earned[line.matter] += line.pence
    return {earned[each.matter] for each in log.of(e.MatterClosed)}


def test_each_stage_reached_is_paid_once_and_none_where_the_problem_has_none():
    assert paid_by_matter(staged({"first": 0.5, "second": 1.0})) == {35_000}
    assert paid_by_matter(staged({"first": 0.5})) == {10_000}
    assert paid_by_matter(staged({})) == {0}


def test_a_stage_is_reached_after_its_share_of_the_meetings():
    log = staged({"first": 0.5, "second": 1.0})
    met = Counter()
    reached = {}
    for event in log:
        if isinstance(event, e.Contact):
            met[event.matter] += 1
        elif isinstance(event, e.Entitled) and event.pence:
            reached.setdefault(event.matter, []).append(met[event.matter])
    closed = {each.matter for each in log.of(e.MatterClosed)}
    assert {tuple(reached[matter]) for matter in closed} == {(2, 4)}


EVENTS = """\
payments:
  - id: fee
    kind: fixed_fee
    earned: on_close
    dated_by: matter_opened
    amount: 100.00
    bolt_ons:
      hearing: {amount: 80.00, per: event}
"""


@pytest.mark.parametrize(("chance", "pence"), [(0, {10_000}), (1, {18_000})])
def test_what_happens_is_paid_and_never_happens_at_nought(chance, pence):
    problems = {"debt": {**PROBLEM, "happenings": {"hearing": chance}}}
    assert paid_by_matter(lived(of_blocks(EVENTS), problems=problems)) == pence


def test_a_likelier_event_happens_to_more_matters():
    def heard(chance):
        problems = {"debt": {**PROBLEM, "happenings": {"hearing": chance}}}
        log = lived(of_blocks(EVENTS), problems=problems)
        earned = Counter()
        for line in log.of(e.Entitled):
            earned[line.matter] += line.pence
        return {matter for matter, pence in earned.items() if pence > 10_000}

    assert set() < heard(0.2) < heard(0.6)


# ---- results that must last

TARIFFS = {3: 100, 6: 200, 12: 300}
LASTING = "payments:\n" + "".join(
    f"""\
  - id: months_{months}
    kind: outcome_payment
    earned: {{earned}}
    outcome: {{{{is: resolved, lasts_months: {months}}}}}
    amount: {pounds}.00
    share_at: {{{{closing_percent: {{closing}}, proof_percent: {{proof}}}}}}
"""
    for months, pounds in TARIFFS.items()
)
UNDONE = 0.08


def months_it_lasted(u):
    """Count month by month, where the engine takes a power."""
    stands, months = 1.0, 0
    while months < 12 and u < stands * (1 - UNDONE):
        stands *= 1 - UNDONE
        months += 1
    return months


@pytest.mark.parametrize(
    ("earned", "closing", "proof"), [("on_outcome", 0, 100), ("on_close", 0, 100), ("on_close", 25, 75)]
)
def test_each_tariff_is_paid_on_its_own_day_and_for_as_long_as_the_result_lasted(earned, closing, proof):
    made = scenario(months=6, run_out=15, per_week=3, assumptions={"outcome.undone_per_month": UNDONE})
    log = live(made, of_blocks(LASTING.format(earned=earned, closing=closing, proof=proof)))
    hold(log)
    lasted = {
        plan.id: months_it_lasted(plan.u_lasts)
        for person in world_of(made).people
        for plan in person.problems
    }
    first = made.period.begins
    expected = Counter()
    for closed in log.of(e.MatterClosed):
        if not any(o.matter == closed.matter and o.resolved for o in log.of(e.Outcome)):
            continue
        day = first + timedelta(days=closed.at // 1440)
        for months, pounds in TARIFFS.items():
            expected[day, closed.matter, f"months_{months}"] += pounds * closing
            then = add_months(day, months)
            if lasted[closed.problem] >= months and then < made.period.ends:
                expected[then, closed.matter, f"months_{months}"] += pounds * proof
    paid = Counter()
    for line in log.of(e.Entitled):
        paid[first + timedelta(days=line.at // 1440), line.matter, line.block] += line.pence
    assert paid == +expected
    assert {lasted[c.problem] for c in log.of(e.MatterClosed)} >= {0, 4, 12}
    by_block = Counter(block for _, _, block in +expected)
    assert by_block["months_3"] > by_block["months_6"] > by_block["months_12"] > 0 or closing


def test_a_result_that_has_come_undone_is_told_and_not_proved_again():
    made = scenario(months=6, run_out=15, per_week=3, assumptions={"outcome.undone_per_month": UNDONE})
    log = live(made, of_blocks(LASTING.format(earned="on_outcome", closing=0, proof=100)))
    told = {}
    for flag in log.of(e.Flagged):
        told.setdefault(flag.matter, []).append(flag.flag)
    ends = {tuple(flags) for flags in told.values()}
    assert ends == {
        ("undone_before:3",), ("lasted:3", "undone_before:6"), ("lasted:3", "lasted:6", "undone_before:12"),
        ("lasted:3", "lasted:6", "lasted:12"),
    }  # fmt: skip


def test_the_same_people_at_a_higher_chance_of_coming_undone_prove_no_more():
    def proved(undone):
        made = scenario(months=4, run_out=13, per_week=3, assumptions={"outcome.undone_per_month": undone})
        log = live(made, of_blocks(LASTING.format(earned="on_outcome", closing=0, proof=100)))
        return {(line.matter, line.block) for line in log.of(e.Entitled)}

    assert proved(0.2) < proved(0.05) < proved(0.0)
