"""Load by hours, the crisis clock, people who come and go, and minutes that were free before."""

from collections import Counter
from typing import Any

import pytest

from legalaid_sim import events as e
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.advisers.load import promised
from legalaid_sim.advisers.strain import learning
from legalaid_sim.measures import measure
from legalaid_sim.units import add_up
from tests.builders.contracts import of_blocks
from tests.builders.lives import live, world_of
from tests.builders.scenarios import PROBLEM, scenario

MONTH = 28 * 1440


def plans(made: Any) -> dict[str, Any]:
    return {plan.id: plan for person in world_of(made).people for plan in person.problems}


@pytest.mark.parametrize("runs", [0, 1])
def test_help_is_early_where_it_is_given_and_not_where_it_was_asked_for(runs):
    made = scenario(
        advisers=[{"role": "caseworker", "number": 2}],
        problems={"debt": {**PROBLEM, "days_to_crisis": {"exponential": {"mean": 20}}}},
        per_week=22,
        assumptions={"problem.clock_runs": runs, "problem.late_factor": 1.5},
    )
    log, known = live(made), plans(made)
    asked = {event.problem: event.at for event in log.of(e.Asked)}
    met = {event.problem: event for event in log.of(e.MatterOpened)}
    waited_past = 0
    for outcome in log.of(e.Outcome):
        crisis = known[outcome.problem].crisis
        opened = met[outcome.problem]
        decided = opened.at if runs else asked[outcome.problem]
        assert outcome.early == (decided < crisis)
        waited_past += asked[outcome.problem] < crisis <= opened.at
        usual = 3 * 40 + 60
        assert opened.needed >= (usual if outcome.early else round(1.5 * usual))
    assert waited_past > 20


def test_what_is_left_to_learn_halves_and_halves_again():
    assert learning(0.5, 0, 12) == 1.5
    assert [learning(0.5, weeks, 12) for weeks in (0, 5, 20, 200)] == sorted(
        (learning(0.5, weeks, 12) for weeks in (0, 5, 20, 200)), reverse=True
    )
    assert learning(0.5, 10_000, 12) == 1


def leavers(days_between: int = 7, **assumptions: Any) -> Any:
    return live(
        scenario(
            problems={"debt": {**PROBLEM, "days_between": days_between}},
            advisers=[{"role": "caseworker", "number": 6}],
            clients={"relational_need": 0.0},
            months=18,
            per_week=14,
            assumptions={"adviser.leaving_per_month": 0.3, "adviser.vacancy_months": 1, **assumptions},
        )
    )


def test_successors_take_longer_at_first_and_first_holders_do_not():
    log = leavers(7, **{"learning.extra": 0.5, "learning.weeks": 4})
    joined = {event.adviser: event.at for event in log.of(e.AdviserJoined)}
    needed: dict[str, list[int]] = {"first": [], "new": [], "settled": []}
    for opened in log.of(e.MatterOpened):
        weeks = (opened.at - joined[opened.adviser]) / (7 * 1440)
        if opened.adviser.endswith(".v1"):
            needed["first"].append(opened.needed)
        elif weeks < 2:
            needed["new"].append(opened.needed)
        elif weeks > 26:
            needed["settled"].append(opened.needed)
    usual = 3 * 40 + 60
    assert set(needed["first"]) == {usual}
    assert min(needed["new"]) > 1.25 * usual
    assert all(each <= 1.02 * usual for each in needed["settled"])


@pytest.mark.parametrize("months", [0, 1, 3])
def test_nobody_leaves_before_they_have_settled(months):
    log = leavers(**{"adviser.settles_in_months": months})
    joined = {event.adviser: event for event in log.of(e.AdviserJoined)}
    stays = [
        left.at - joined[left.adviser].at
        for left in log.of(e.AdviserLeft)
        if joined[left.adviser].vintage > 1
    ]
    assert stays
    assert min(stays) >= months * MONTH
    if not months:
        assert min(stays) == 0


def test_who_gives_notice_is_given_nobody_new_and_is_followed_on_the_day():
    log = leavers(30, **{"adviser.vacancy_months": 0, "adviser.settles_in_months": 1})
    gone = {event.adviser: event for event in log.of(e.AdviserLeft)}
    came = {(event.post, event.at) for event in log.of(e.AdviserJoined)}
    assert len(gone) > 10
    assert all((event.post, event.at) in came for event in gone.values())
    asked = {event.problem: event.at for event in log.of(e.Asked)}
    taken = [opened for opened in log.of(e.MatterOpened) if opened.adviser in gone]
    assert taken
    assert all(asked[opened.problem] <= gone[opened.adviser].at - MONTH for opened in taken)
    handed = log.of(e.HandOver)
    assert {event.reason for event in handed} == {"notice"}
    assert all(event.before.partition(".")[0] == event.after.partition(".")[0] for event in handed)


def broken(log: Any) -> Any:
    return measure(log)["continuity.broken_promises_per_matter"]


def test_no_promise_is_broken_where_notice_is_given():
    told, untold = (
        leavers(30, **{"adviser.vacancy_months": months, "trust.broken_promise": 1, "trust.carry_over": 0})
        for months in (0, 1)
    )
    assert {event.reason for event in untold.of(e.HandOver)} == {"leaving"}
    assert broken(told) == 0 < broken(untold)


@pytest.mark.parametrize("shared", [0, 1])
def test_supervisors_share_those_whom_they_supervise(shared):
    log = live(
        scenario(
            advisers=[{"role": "supervisor", "number": 2}, {"role": "caseworker", "number": 4}],
            assumptions={"adviser.supervision_minutes_per_week": 60, "adviser.shares_supervision": shared},
        )
    )
    minutes = Counter()
    for diary in log.of(e.Diary):
        minutes[diary.adviser] += diary.supervision
    first, second = minutes["supervisor-01.v1"], minutes["supervisor-02.v1"]
    assert (first == second > 0) if shared else (first > 0 == second)


def test_what_desks_have_promised_is_never_out_of_date(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Counter[bool]()
    told = Desk.promised

    def beside(desk: Desk, usual: dict[str, int]) -> int:
        minutes = told(desk, usual)
        asked[minutes == promised(desk.matters.values(), usual)] += 1
        return minutes

    monkeypatch.setattr(Desk, "promised", beside)
    live(
        scenario(
            problems={"debt": PROBLEM, "housing": {**PROBLEM, "contacts": 5}},
            advisers=[{"role": "caseworker", "number": 3, "hours_per_week": 21}],
            organisation={"allocation": {"caseload_limit_hours": 60, "own_adviser_patience_days": 2}},
            per_week=9,
            assumptions={"load.by_hours": 1, "adviser.leaving_per_month": 0.2, "missed.chance": 0.1},
        )
    )
    assert asked[True] > 500
    assert not asked[False]


def matters_of(by_hours: int) -> Counter[str]:
    log = live(
        scenario(
            advisers=[{"name": "whole"}, {"name": "half", "hours_per_week": 17.5}],
            organisation={"allocation": {"own_adviser_patience_days": "for_ever"}},
            per_week=9,
            months=12,
            assumptions={"load.by_hours": by_hours},
        )
    )
    return Counter(opened.adviser for opened in log.of(e.MatterOpened))


def test_part_timers_get_matters_for_their_hours():
    by_head, by_hours = matters_of(0), matters_of(1)
    of_head, of_hours = (each["half-01.v1"] / each["whole-01.v1"] for each in (by_head, by_hours))
    assert of_hours < of_head
    assert of_hours == pytest.approx(0.5, abs=0.12)


def test_a_limit_in_hours_is_kept():
    made = scenario(
        advisers=[{"role": "caseworker", "number": 2}],
        organisation={"allocation": {"caseload_limit_hours": 12}},
        per_week=12,
    )
    log = live(made)
    most = max(month.open_matters for month in log.of(e.MonthClosed))
    unlimited = live(scenario(advisers=[{"role": "caseworker", "number": 2}], per_week=12))
    assert most < max(month.open_matters for month in unlimited.of(e.MonthClosed))


@pytest.mark.parametrize(("chance", "share"), [(0, 0.0), (0.4, 0.4), (1, 1.0)])
def test_teams_hand_over_between_meetings_though_nobody_has_left(chance, share):
    log = live(scenario(per_week=10, assumptions={"organisation.stage_hand_over": chance}))
    meetings = Counter(met.matter for met in log.of(e.Contact))
    between = add_up(each - 1 for each in meetings.values())
    handed = [event for event in log.of(e.HandOver) if event.reason == "stage"]
    assert len(handed) / between == pytest.approx(share, abs=0.1)


REACHING = """\
standards: [{id: out, kind: outreach, shortens_delay_percent: 50}]
payments:
  - id: fee
    kind: fixed_fee
    earned: on_close
    dated_by: matter_opened
    amount: 200.00
"""


def test_going_out_takes_somebodys_minutes():
    made = scenario(clients={"days_before_asking": 20}, assumptions={"outreach.minutes": 25})
    log = live(made, of_blocks(REACHING))
    asked = {event.problem for event in log.of(e.Asked)}
    travelled = add_up(diary.travel for diary in log.of(e.Diary))
    assert travelled == 25 * len(asked) > 0
    assert not add_up(diary.travel for diary in live(made).of(e.Diary))
