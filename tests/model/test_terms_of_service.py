"""What a contract or a practice says of the service: named adviser, discretion, channel, door, caseload."""

from legalaid_sim import events as e
from legalaid_sim.engine import Regime, simulate
from legalaid_sim.measures import measure
from legalaid_sim.scenario.regimes import Practice
from tests.builders.contracts import hourly
from tests.builders.lives import live, world_of
from tests.builders.scenarios import scenario

DISCRETION = """\
standards:
  - id: freedom
    kind: discretion
    allowed: {allowed}
"""
NAMED = """\
standards:
  - id: own
    kind: named_adviser
    patience_days: {days}
"""


def practised(practice, terms=(), **how):
    given_ = scenario(**how)
    return simulate(world_of(given_), given_, Regime("test", tuple(terms), practice))


def test_without_discretion_a_meeting_keeps_to_its_core():
    bound, free = (
        live(scenario(clients={"relational_need": 1}), hourly(60, DISCRETION.format(allowed=allowed)))
        for allowed in ("false", "true")
    )
    assert {contact.listening for contact in bound.of(e.Contact)} == {0}
    assert {contact.listening for contact in free.of(e.Contact)} == {16}
    assert measure(bound)["time.discretion_share"] == measure(bound)["time.departures_share"] == 0
    assert measure(free)["time.discretion_share"] == measure(free)["time.departures_share"] == 1
    assert measure(bound)["goals.set_per_matter"] == 0


def test_a_contract_that_says_nothing_leaves_discretion():
    assert measure(live(scenario(), hourly(60)))["time.discretion_share"] == 1


def continuity(days, usual=0):
    allocation = {"allocation": {"own_adviser_patience_days": usual}}
    held = [hourly(60, NAMED.format(days=days))] if days is not None else [hourly(60)]
    return measure(live(scenario(organisation=allocation, per_week=11), *held))["continuity.coc"]


def test_a_named_adviser_is_waited_for_as_long_as_the_contract_says():
    assert continuity(0) < continuity(2) < continuity(60)
    assert continuity(60) == 1
    assert continuity(None) == continuity(0), "without such a term the organisation's own patience counts"


def test_the_practice_of_an_organisation_comes_before_the_contract():
    held = [hourly(60, NAMED.format(days=60))]
    pooled = practised(Practice(own_adviser_patience_days=0), held, per_week=11)
    assert measure(pooled)["continuity.coc"] < 1


def test_the_only_channel_offered_is_the_channel_used():
    clients = {"channels": {"face_to_face": 0.5, "telephone": 0.5}}
    free = measure(practised(Practice(), clients=clients))
    bound = measure(practised(Practice(channel="telephone"), clients=clients))
    assert (free["time.remote_contacts_wanted"], free["time.remote_contacts_unwanted"]) == (1, 0)
    assert (bound["time.remote_contacts_wanted"], bound["time.remote_contacts_unwanted"]) == (1, 1)
    assert bound["time.face_to_face_share"] == 0


def test_a_practice_may_change_door_allocation_and_caseload():
    appointed = practised(Practice(door="appointment"))
    assert measure(appointed)["access.days_to_first_contact"] >= 7
    rota = practised(Practice(first="duty_rota"))
    assert [each for each in rota.of(e.HandOver) if each.reason == "duty_rota"]
    full = practised(Practice(caseload_limit=1))
    assert measure(full)["access.days_to_first_contact_mean"] > 5


def test_a_practice_that_says_nothing_changes_nothing():
    assert practised(Practice()).events == live(scenario()).events


def test_a_hub_or_pool_moves_nobody_who_might_have_come():
    people = [practised(Practice(first=first)) for first in ("least_loaded", "pool", "specialist")]
    asked = [{each.problem for each in log.of(e.Asked)} for log in people]
    assert asked[0] == asked[1] == asked[2]
