"""What contracts ask and scenarios bring: that the engine raises it, once, and what it takes and pays."""

import json
from collections import Counter
from datetime import timedelta

import pytest

from legalaid_sim import events as e
from legalaid_sim.invariants import hold
from legalaid_sim.units import add_months, add_up
from tests.builders.contracts import fixed, hourly, of_blocks
from tests.builders.lives import live, world_of
from tests.builders.scenarios import PROBLEM, scenario


def lived(made, terms, **how):
    log = live(made, terms, **how)
    hold(log)
    return log


# ---- duties that fall on work

RECORD = """\
duties:
  - {{id: record, kind: duty, falls_on: work_done, minutes: {{adviser: {adviser}, admin: {admin}}}}}
"""
# Casework that does not fit into a day is laid down and taken up again: two stretches, written down twice.
LONG = {"debt": {**PROBLEM, "casework_minutes": 500}}


def stretches(log):
    """Count the meetings, and the stretches of casework, of each matter."""
    return Counter(contact.matter for contact in log.of(e.Contact)) + Counter(
        work.matter for work in log.of(e.Work) if work.activity == e.CASEWORK
    )


def by_matter(log, clause):
    return Counter(fell.matter for fell in log.of(e.DutyFell) if fell.clause == clause)


@pytest.mark.parametrize("problems", [{"debt": PROBLEM}, LONG])
def test_a_duty_on_work_falls_once_at_each_meeting_and_each_stretch_of_casework(problems):
    made = scenario(problems=problems, per_week=3)
    log = lived(made, fixed(200, RECORD.format(adviser=2, admin=0)))
    assert by_matter(log, "record") == stretches(log)
    assert len({fell.duty for fell in log.of(e.DutyFell)}) == len(log.of(e.DutyFell))


def test_its_minutes_are_lived_and_are_the_whole_difference_in_admin():
    made = scenario(per_week=3)
    without, asked = (lived(made, fixed(200, more)) for more in ("", RECORD.format(adviser=2, admin=0)))
    many = stretches(asked)
    minutes = 2 * many.total()
    assert minutes == add_up(fell.adviser_minutes for fell in asked.of(e.DutyFell)) > 0
    assert stretches(without).total() == many.total()
    by_diary = [add_up(diary.duty for diary in log.of(e.Diary)) for log in (without, asked)]
    assert by_diary == [0, minutes]


def test_admin_staff_take_their_part_of_it_as_far_as_their_month_reaches():
    made = scenario(per_week=3, organisation={"admin_staff_hours_per_week": 1})
    log = lived(made, fixed(200, RECORD.format(adviser=1, admin=3)))
    fell = log.of(e.DutyFell)
    assert add_up(each.adviser_minutes + each.admin_minutes for each in fell) == 4 * stretches(log).total()
    assert {each.admin_minutes for each in fell} >= {0, 3}


def test_nothing_falls_on_work_that_no_contract_pays_for_or_where_the_duty_is_not_about_it():
    made = scenario(per_week=3, problems={"debt": PROBLEM, "housing": PROBLEM})
    about = RECORD.format(adviser=2, admin=0).replace("falls_on", "applies_to: {category: debt}, falls_on")
    log = lived(made, fixed(200, about))
    kind = {matter.matter: matter.category for matter in log.of(e.MatterOpened)}
    of_debt = Counter({matter: n for matter, n in stretches(log).items() if kind[matter] == "debt"})
    assert by_matter(log, "record") == of_debt


# ---- facts of a matter

SERVICE = {"service": {"in_court": 0.3, "by_post": 0.2}, "complex": {True: 0.25}}
COURT = """\
payments:
  - {id: desk, kind: fixed_fee, earned: on_close, applies_to: {matter.service: in_court}, amount: 75.60}
  - {id: early, kind: fixed_fee, earned: on_close, not_if: {matter.service: in_court}, amount: 157.00}
  - {id: hard, kind: fixed_fee, earned: on_close, hit: sum, applies_to: {matter.complex: true}, amount: 10.00}
"""


def with_facts(facts, **more):
    return scenario(problems={"debt": {**PROBLEM, "facts": facts}}, **more)


def test_a_fact_of_a_matter_is_drawn_once_for_every_contract_and_pays_by_it():
    made = with_facts(SERVICE)
    log = lived(made, of_blocks(COURT))
    brought = {name: dict(each.facts) for name, each in world_of(made).brought.items()}
    expected = Counter()
    for closed in log.of(e.MatterClosed):
        facts = brought[closed.problem]
        expected[closed.matter] += 7560 if facts.get("service") == "in_court" else 15700
        expected[closed.matter] += 1000 if facts.get("complex") is True else 0
    paid = Counter()
    for line in log.of(e.Entitled):
        paid[line.matter] += line.pence
    assert paid == expected
    assert {facts.get("service") for facts in brought.values()} == {"in_court", "by_post", None}


def test_shares_come_out_and_a_further_fact_or_kind_moves_no_other():
    made = with_facts(SERVICE, months=24, per_week=40)
    brought = world_of(made).brought
    assert share_of(brought, "service", "in_court") == pytest.approx(0.3, abs=0.03)
    assert share_of(brought, "service", "by_post") == pytest.approx(0.2, abs=0.03)
    more = with_facts({"type": {"court_bound": 0.5}, **SERVICE}, months=24, per_week=40)
    assert all(
        set(brought[name].facts) < set(each.facts) or dict(each.facts).get("type") is None
        for name, each in world_of(more).brought.items()
    )


def share_of(brought, name, value):
    return add_up(dict(each.facts).get(name) == value for each in brought.values()) / len(brought)


def test_a_higher_share_has_it_for_all_who_had_it_before():
    few, many = (
        {
            name
            for name, each in world_of(with_facts({"service": {"in_court": share}})).brought.items()
            if each.facts
        }
        for share in (0.2, 0.5)
    )
    assert few < many


def test_a_scenario_that_brings_nothing_has_the_world_it_had():
    assert world_of(scenario()).brought == {}
    plain, with_one = (world_of(made) for made in (scenario(), with_facts(SERVICE)))
    assert plain.people == with_one.people
    assert plain.digest != with_one.digest


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"service": {"in_court": 0.7, "by_post": 0.4}}, "come to at most 1; found 1.1"),
        ({"early": {True: 0.4}}, "'early' is told of every matter anyway"),
    ],
)
def test_facts_that_cannot_be_are_told(facts, words):
    with pytest.raises(ValueError, match=words):
        with_facts(facts)


# ---- time out, and money laid out

OUT = {"travel": 30, "waiting": {"uniform": {"low": 20, "high": 90}}, "advocacy": 45}
BY_HEADING = """\
payments:
  - id: hours
    kind: hourly
    earned: on_close
    rates: {profit: 60.00, travel: 30.00, waiting: 24.00, advocacy: 72.00}
    time_unit: {minutes: 1}
"""


def pence_by_matter(log):
    paid = Counter()
    for line in log.of(e.Entitled):
        paid[line.matter] += line.pence
    return paid


def test_time_out_is_lived_told_by_heading_and_paid_at_its_own_rate():
    made = scenario(problems={"debt": {**PROBLEM, "work": OUT}}, per_week=3)
    log = lived(made, of_blocks(BY_HEADING))
    brought = world_of(made).brought
    seen = Counter((work.matter, work.clause) for work in log.of(e.Work) for _ in range(work.minutes))
    expected = Counter()
    for closed in log.of(e.MatterClosed):
        minutes = dict(brought[closed.problem].minutes)
        told = {heading: seen[closed.matter, heading] for heading in minutes}
        assert told == minutes
        profit = seen[closed.matter, ""] + add_up(
            contact.core + contact.listening + contact.retelling
            for contact in log.of(e.Contact)
            if contact.matter == closed.matter
        )
        # A pound a minute, and 50, 40 and 120 pence.
        expected[closed.matter] += profit * 100 + minutes["travel"] * 50
        expected[closed.matter] += minutes["waiting"] * 40 + minutes["advocacy"] * 120
    assert pence_by_matter(log) == expected
    on_the_way = add_up(work.minutes for work in log.of(e.Work) if work.activity == e.TRAVEL)
    assert add_up(diary.travel for diary in log.of(e.Diary)) == on_the_way > 0


def test_time_out_is_nothing_that_a_plan_foresaw_and_changes_no_outcome():
    chances = []
    for problem in (PROBLEM, {**PROBLEM, "work": OUT}):
        made = scenario(problems={"debt": problem}, per_week=1, assumptions={"outcome.trust_effect": 0})
        log = lived(made, hourly(60))
        chances.append({outcome.problem: outcome.chance for outcome in log.of(e.Outcome)})
    assert chances[0] == chances[1]


LAID_OUT = {
    "interpreter": {
        "chance": 0.5,
        "pounds": {"uniform": {"low": 20, "high": 200}},
        "vat_percent": 20,
        "units": 2,
    },
    "expert": {"chance": 0.3, "pounds": 400},
}
PAYS_OUT = """\
payments:
  - {id: fee, kind: fixed_fee, earned: on_close, amount: 100.00}
  - id: out
    kind: disbursements
    earned: on_close
    hit: sum
    kinds:
      interpreter: {rate: 28.00, per: hour}
"""


def test_money_laid_out_is_spent_once_and_comes_back_on_the_terms_of_its_kind():
    made = scenario(problems={"debt": {**PROBLEM, "disbursements": LAID_OUT}})
    log = lived(made, of_blocks(PAYS_OUT))
    brought = world_of(made).brought
    expected, spent = Counter(), 0
    for closed in log.of(e.MatterClosed):
        outlays = {paid.kind: paid for paid in brought[closed.problem].outlays}
        expected[closed.matter] = 10000 + add_up(
            min(paid.net, 2 * 2800) if kind == "interpreter" else paid.net for kind, paid in outlays.items()
        )
        spent += add_up(paid.net + paid.vat for paid in outlays.values())
    assert pence_by_matter(log) == expected
    assert spent == add_up(s.pence for s in log.of(e.Spent) if s.item == "disbursements") > 0
    kinds = Counter(len(each.outlays) for each in brought.values())
    assert set(kinds) == {0, 1, 2}


def test_more_laid_out_is_more_spent_whatever_the_contract_pays():
    spent = []
    for chance in (0.2, 0.6, 1.0):
        outlays = {"expert": {"chance": chance, "pounds": 100}}
        log = lived(scenario(problems={"debt": {**PROBLEM, "disbursements": outlays}}), fixed(100))
        spent.append(add_up(s.pence for s in log.of(e.Spent) if s.item == "disbursements"))
    assert 0 < spent[0] < spent[1] < spent[2]


def test_counsel_is_a_cost_under_its_own_heading_and_no_disbursement():
    made = scenario(problems={"debt": {**PROBLEM, "costs": {"counsel": {"pounds": 250}}}}, per_week=1)
    log = lived(made, hourly(60))
    profit = {told.matter: json.loads(told.facts)["minutes"]["profit"] for told in log.of(e.Told)}
    assert pence_by_matter(log) == {matter: 100 * minutes + 25000 for matter, minutes in profit.items()}


IN_STAGES = PAYS_OUT.replace(
    "    kinds:", "    stage_claims: {not_before_months: 3, then_every_months: 6}\n    kinds:"
)


def test_disbursements_of_a_long_matter_are_claimed_before_it_ends_and_not_twice():
    problem = {**PROBLEM, "days_between": 75, "disbursements": {"expert": {"pounds": 400}}}
    made = scenario(problems={"debt": problem}, per_week=1, run_out=9)
    log = lived(made, of_blocks(IN_STAGES))
    opened = {matter.matter: matter.at for matter in log.of(e.MatterOpened)}
    first = made.period.begins
    lines = {}
    for line in log.of(e.Entitled):
        lines.setdefault(line.matter, []).append(
            (first + timedelta(days=line.at // 1440), line.block, line.pence)
        )
    assert set(lines) == {told.matter for told in log.of(e.Told)}
    for matter, of_it in lines.items():
        when = add_months(first + timedelta(days=opened[matter] // 1440), 3)
        assert of_it[0] == (when, "out", 40000)
        assert [line[1:] for line in of_it[1:]] == [("fee", 10000)]
