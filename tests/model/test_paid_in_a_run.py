"""What a payer pays in a run: cash, stages, happenings, results that must last."""

from collections import Counter
from datetime import timedelta

import pytest

from legalaid_sim import events as e
from legalaid_sim.invariants import hold
from legalaid_sim.units import add_months
from tests.builders.contracts import fixed, hourly, of_blocks
from tests.builders.lives import live, world_of
from tests.builders.scenarios import PROBLEM, scenario
from tests.model.test_payer import lived


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
