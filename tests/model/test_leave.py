"""Discretion against formalised flexibility: what advisers may do by themselves, and what they must ask for."""

import pytest

from legalaid_sim import events as e
from legalaid_sim.invariants import hold
from legalaid_sim.measures import measure
from tests.builders.contracts import hourly
from tests.builders.lives import live
from tests.builders.scenarios import PROBLEM, scenario

FREE = "standards: [{id: leave, kind: discretion, allowed: true}]\n"
BOUND = "standards: [{id: leave, kind: discretion, allowed: false}]\n"
ASKED = (
    "standards: [{id: leave, kind: discretion, allowed: false, "
    "exceptions: {minutes: MINUTES, days: DAYS, granted_percent: PERCENT}}]\n"
)
# Two meetings of a client whose need is whole: 32 minutes of listening.
TWO_MEETINGS = {"debt": {**PROBLEM, "contacts": 2}}


def asked(minutes=20, days=0, percent=100):
    return ASKED.replace("MINUTES", str(minutes)).replace("DAYS", str(days)).replace("PERCENT", str(percent))


def lived(standard, need=1, spread=0.0, **more):
    assumptions = {"discretion.spread": spread, **more}
    made = scenario(
        problems=TWO_MEETINGS, clients={"relational_need": need}, assumptions=assumptions, months=4
    )
    log = live(made, hourly(60, standard))
    hold(log)
    return log


def test_exceptions_are_asked_for_where_they_are_worth_the_asking_and_take_minutes():
    log = lived(asked(minutes=32))
    found = log.of(e.ExceptionAsked)
    assert [each.matter for each in found] == [each.matter for each in log.of(e.MatterOpened)]
    assert {(each.granted, each.decided - each.at) for each in found} == {(True, 0)}
    # A meeting that is cut by the end of a shift has less.
    assert {each.listening for each in log.of(e.Contact) if each.core == 40} == {16}
    fell = [duty for duty in log.of(e.DutyFell) if duty.clause == "leave"]
    assert [(duty.matter, duty.adviser_minutes) for duty in fell] == [(each.matter, 32) for each in found]
    found = measure(log)
    assert (found["time.exceptions_asked_share"], found["time.exceptions_granted_share"]) == (1, 1)
    assert found["time.exception_minutes_per_matter"] == 32
    assert (found["time.discretion_share"], found["time.departures_share"]) == (0, 0)


@pytest.mark.parametrize(("minutes", "worth", "asks"), [(33, 1, False), (33, 0, True), (65, 0.5, False)])
def test_nobody_asks_for_what_is_less_than_the_asking(minutes, worth, asks):
    log = lived(asked(minutes=minutes), **{"discretion.asking_worth": worth})
    assert bool(log.of(e.ExceptionAsked)) is asks


def test_what_nobody_asks_for_leaves_the_log_of_a_contract_without_exceptions():
    assert list(lived(asked(minutes=1000))) == list(lived(BOUND))
    assert list(lived(asked(), need=0)) == list(lived(BOUND, need=0))


def test_leave_that_is_always_refused_costs_the_asking_and_brings_nothing():
    refused, bound = lived(asked(percent=0)), lived(BOUND)
    assert not any(each.listening for each in refused.of(e.Contact))
    assert measure(refused)["admin.share"] > measure(bound)["admin.share"]


def test_until_leave_is_given_procedure_is_kept_to():
    log = lived(asked(days=5))
    given = {each.matter: each.decided for each in log.of(e.ExceptionAsked)}
    heard = {(each.ordinal, each.listening) for each in log.of(e.Contact)}
    assert (1, 16) not in heard
    assert (2, 16) in heard
    assert all(each.listening == 0 for each in log.of(e.Contact) if each.began < given[each.matter])


def test_more_leave_given_is_leave_for_the_same_matters_and_more():
    given = [
        {each.matter: each.granted for each in lived(asked(percent=percent)).of(e.ExceptionAsked)}
        for percent in (30, 70)
    ]
    both = given[0].keys() & given[1].keys()
    assert len(both) > 40
    assert all(given[1][matter] for matter in both if given[0][matter])
    # Binomial, three standard deviations.
    for granted, share in zip(given, (0.3, 0.7)):
        assert abs(sum(granted.values()) / len(granted) - share) < 3 * (0.21 / len(granted)) ** 0.5


def test_judgement_differs_between_advisers_only_where_it_may():
    alike, unlike = lived(FREE), lived(FREE, spread=0.8)
    assert measure(alike)["time.listening_unlike_share"] < 0.02
    assert measure(unlike)["time.listening_unlike_share"] > 0.1
    assert list(lived(BOUND)) == list(lived(BOUND, spread=0.8))
    assert list(lived(asked())) == list(lived(asked(), spread=0.8))
