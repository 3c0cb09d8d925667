"""Sessions at desks elsewhere, clients who take their budget along, and targets on relations."""

import json
from collections import Counter
from datetime import timedelta
from fractions import Fraction

from legalaid_sim import events as e
from legalaid_sim.units import add_up
from tests.builders.contracts import fixed, of_blocks
from tests.builders.lives import world_of
from tests.builders.scenarios import PROBLEM, agency, scenario
from tests.model.test_what_is_asked import lived

DESKS = {"court": {"days": ["tue", "thu"], "minutes": 180, "clients": {"poisson": {"mean": 2}}}}
PER_SESSION = """\
payments:
  - {id: fee, kind: fixed_fee, earned: on_close, amount: 100.00}
  - id: desk
    kind: standing_charge
    earned: monthly
    amount: 120.00
    per: session
    sessions: {per_month: 7, attended_needed: true}
"""
PER_CLIENT = """\
payments:
  - {id: fee, kind: fixed_fee, earned: on_close, amount: 100.00}
  - {id: desk, kind: standing_charge, earned: monthly, amount: 75.60, per: client, sessions: {least_clients: 2}}
"""


def with_desks(desks, **more):
    return scenario(organisation={"sessions": desks}, **more)


def by_month(made, records):
    """Sort records by the calendar month in which they fell."""
    found = {}
    for record in records:
        day = made.period.begins + timedelta(days=record.at // 1440)
        found.setdefault((day.year, day.month), []).append(record)
    return found


def entitled(made, log, block):
    """Give the pence of a block by month; a month's end is told at the first minute of the next."""
    lines = [line._replace(at=line.at - 1) for line in log.of(e.Entitled) if line.block == block]
    return {month: add_up(line.pence for line in each) for month, each in by_month(made, lines).items()}


def test_sessions_stand_in_the_calendar_take_an_advisers_time_and_earn_as_they_are_held():
    made = with_desks(DESKS)
    log = lived(made, of_blocks(PER_SESSION))
    held = log.of(e.SessionHeld)
    assert {(made.period.begins + timedelta(days=each.at // 1440)).weekday() for each in held} == {1, 3}
    assert {each.minutes for each in held} >= {180}
    assert all(each.adviser for each in held)
    sat = add_up(work.minutes for work in log.of(e.Work) if work.clause == "court")
    assert sat == add_up(each.minutes for each in held) == add_up(diary.travel for diary in log.of(e.Diary))
    expected = {month: 12000 * min(7, len(each)) for month, each in by_month(made, held).items()}
    assert entitled(made, log, "desk") == expected
    assert {len(each) for each in by_month(made, held).values()} >= {8, 9}


def test_who_was_seen_is_paid_and_a_session_with_fewer_than_two_as_two():
    made = with_desks(DESKS)
    log = lived(made, of_blocks(PER_CLIENT))
    held = log.of(e.SessionHeld)
    assert {0, 1, 2, 3} <= {each.clients for each in held}
    expected = {
        month: 7560 * add_up(max(2, session.clients) for session in each)
        for month, each in by_month(made, held).items()
    }
    assert entitled(made, log, "desk") == expected


def test_more_sessions_earn_more_and_a_session_with_nobody_at_work_is_not_held():
    earned = []
    for days in (["tue"], ["tue", "thu"], ["mon", "tue", "thu"]):
        made = with_desks({"court": {"days": days, "clients": 1}})
        earned.append(add_up(entitled(made, lived(made, of_blocks(PER_CLIENT)), "desk").values()))
    assert 0 < earned[0] < earned[1] < earned[2]
    made = with_desks(DESKS, advisers=[{"role": "caseworker", "number": 2, "days": ["tue"]}])
    log = lived(made, of_blocks(PER_SESSION))
    by_weekday = {
        (made.period.begins + timedelta(days=each.at // 1440)).weekday(): bool(each.adviser)
        for each in log.of(e.SessionHeld)
    }
    assert by_weekday == {1: True, 3: False}
    held = [each for each in log.of(e.SessionHeld) if each.adviser]
    assert add_up(entitled(made, log, "desk").values()) == 12000 * len(held)


TWO = """\
payments:
  - {id: fee, kind: fixed_fee, earned: on_close, amount: 100.00}
  - {id: at_court, kind: standing_charge, earned: monthly, amount: 75.60, per: client, sessions: {desk: court}}
  - {id: surgery, kind: standing_charge, earned: monthly, amount: 90.00, per: session, sessions: {desk: surgery}}
"""


def test_two_desks_at_one_hour_have_two_advisers_and_each_its_own_pay():
    desks = {**DESKS, "surgery": {"days": ["tue"], "minutes": 120, "clients": 4}}
    made = with_desks(desks)
    log = lived(made, of_blocks(TWO))
    held = log.of(e.SessionHeld)
    at = {desk: by_month(made, [each for each in held if each.desk == desk]) for desk in desks}
    assert entitled(made, log, "at_court") == {
        month: pence
        for month, each in at["court"].items()
        if (pence := 7560 * add_up(session.clients for session in each))
    }
    assert entitled(made, log, "surgery") == {m: 9000 * len(each) for m, each in at["surgery"].items()}
    starts = Counter((work.began, work.adviser) for work in log.of(e.Work) if work.clause in desks)
    assert set(starts.values()) == {1}
    one = set(world_of(with_desks(DESKS)).sessions)
    assert one < set(world_of(made).sessions)


def test_a_day_has_who_comes_to_it_however_long_the_lead_in():
    def seen(**period):
        made = with_desks(DESKS, **period)
        return {
            made.period.begins + timedelta(days=session.at // 1440): session.clients
            for session in world_of(made).sessions
        }

    assert seen(starts="2008-04-01").items() <= seen(starts="2008-04-01", lead_in=3).items()


def test_the_duty_desk_of_the_planned_tender_earns():
    made = with_desks({"court": {"days": ["wed"], "clients": 3}}, starts="2009-04-01")
    log = lived(made, "best-value-tender")
    held = by_month(made, [each for each in log.of(e.SessionHeld) if each.adviser])
    assert entitled(made, log, "duty_desk") == {m: 12000 * min(4, len(each)) for m, each in held.items()}
    assert lived(scenario(starts="2009-04-01"), "best-value-tender").of(e.SessionHeld) == []


# ---- clients who take their budget elsewhere

BUDGET = """\
payments:
  - id: purse
    kind: personal_budget
    earned: on_close
    grants: {{amount: 300.00, per: client_year}}
    spends_on: {{price: 60.00, per: hour}}
    switch: {{notice_days: {days}, fee: {fee}}}
"""
LEAVING = {"chance": 0.3, "why": "any_meeting"}


def switching(leaving, contract_of=None, days=0, fee="25.00", **more):
    made = scenario(clients={"switching": leaving} if leaving else None, **more)
    return made, lived(made, contract_of or of_blocks(BUDGET.format(days=days, fee=fee)))


def who_left(log):
    return {closed.matter for closed in log.of(e.MatterClosed) if closed.reason == "switched"}


def test_nobody_leaves_without_a_reason_or_without_a_budget_to_take():
    _, stays = switching(None)
    _, never = switching({"chance": 0, "why": "any_meeting"})
    assert list(stays) == list(never)
    _, known = switching({"chance": 1})
    assert known.of(e.HandOver) == []
    assert who_left(known) == set()
    fee = fixed(100)
    assert list(switching(LEAVING, fee)[1]) == list(switching(None, fee)[1])


def test_whoever_leaves_pays_the_fee_once_and_is_lost_where_there_is_no_other():
    _, log = switching(LEAVING)
    gone = who_left(log)
    assert gone == {left.matter for left in log.of(e.Left) if left.reason == "switched"}
    assert 0 < len(gone) < len(log.of(e.MatterOpened))
    meetings = Counter(contact.matter for contact in log.of(e.Contact))
    assert {meetings[matter] for matter in gone} == {1, 2}
    fees = Counter(line.matter for line in log.of(e.Entitled) if line.pence == 2500)
    assert fees == Counter(dict.fromkeys(gone, 1))


def test_of_the_same_people_more_leave_at_a_higher_chance():
    few, many = (who_left(switching({**LEAVING, "chance": chance})[1]) for chance in (0.1, 0.5))
    assert few < many


def test_who_gives_notice_comes_until_it_has_run_out():
    _, log = switching({"chance": 1, "why": "any_meeting"}, days=10)
    first = {}
    for contact in log.of(e.Contact):
        first.setdefault(contact.matter, contact.at)
    closed = {each.matter: each for each in log.of(e.MatterClosed)}
    gone = who_left(log)
    assert gone
    for matter in gone:
        assert closed[matter].at - first[matter] >= 10 * 1440
        # A meeting a week: one more falls into ten days.
        assert closed[matter].contacts == 2


def test_the_budget_goes_with_the_client_to_the_other_provider_of_an_area():
    made = scenario(
        agencies=[agency("one", 2), agency("two", 2)],
        clients={"switching": {"chance": 1, "why": "any_meeting"}},
        problems={"debt": {**PROBLEM, "contacts": 6}},
    )
    log = lived(made, of_blocks(BUDGET.format(days=8, fee="0.00")))
    asked = {}
    for ask in log.of(e.Asked):
        asked.setdefault(ask.problem, []).append((ask.organisation, ask.returning))
    both = [asks for asks in asked.values() if len(asks) == 2]
    assert both
    assert all(asks[0][0] != asks[1][0] and asks[1][1] for asks in both)
    problem_of = {matter.matter: matter.problem for matter in log.of(e.MatterOpened)}
    spent, minutes = Counter(), Counter()
    for line in log.of(e.Entitled):
        spent[problem_of[line.matter]] += line.pence
    for told in log.of(e.Told):
        minutes[problem_of[told.matter]] += json.loads(told.facts)["minutes"]["profit"]
    year = {problem: min(30000, 100 * worked) for problem, worked in minutes.items()}
    assert dict(spent) == year
    assert 30000 in year.values()


# ---- targets on relations


def test_what_targets_on_relations_look_at_is_what_the_log_says(monkeypatch):
    from legalaid_sim.engine import month_end

    told = []
    worked_out = month_end._targets

    def overheard(month):
        told.append(worked_out(month))
        return told[-1]

    monkeypatch.setattr(month_end, "_targets", overheard)
    log = lived(scenario(per_week=6, months=3), fixed(200))
    ends = [closed.at for closed in log.of(e.MonthClosed)]
    first = {}
    for met in log.of(e.Contact):
        first.setdefault(met.matter, set()).add(met.adviser)
    for found, begin, end in zip(told, [0, *ends], ends):
        met = [contact for contact in log.of(e.Contact) if begin < contact.at <= end]
        closed = [closing.matter for closing in log.of(e.MatterClosed) if begin < closing.at <= end]
        known = add_up(contact.known for contact in met)
        assert found.get("known_adviser_share") == (Fraction(100 * known, len(met)) if met else None)
        one = add_up(len(first.get(matter, ())) == 1 for matter in closed)
        assert found.get("same_adviser_share") == (Fraction(100 * one, len(closed)) if closed else None)
    assert len({found.get("known_adviser_share") for found in told}) > 2
