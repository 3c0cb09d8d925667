"""What a channel does to minutes, misses, documents; where vulnerability acts; and that none of it acts when off."""

from math import exp, log
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim import events as e
from legalaid_sim.draws import hindered_chance, log_odds
from legalaid_sim.evidence import register
from legalaid_sim.invariants import check, hold
from legalaid_sim.units import add_up
from tests.builders import logs
from tests.builders.contracts import of_blocks
from tests.builders.lives import live
from tests.builders.scenarios import PROBLEM, agency, scenario

REMOTE, SEEN = {"channels": {"telephone": 1}}, {"channels": {"face_to_face": 1}}
CHANCES = st.floats(0.01, 0.99)


def lived(clients, seed=1, terms=None, **assumptions):
    problems = assumptions.pop("problems", {"debt": PROBLEM})
    made = scenario(clients=clients, problems=problems, assumptions=assumptions, months=4, per_week=8)
    log_ = live(made, *([terms] if terms else []), seed=seed)
    hold(log_)
    return log_


def by_matter(log_, field):
    return {each.matter: getattr(each, field) for each in log_.of(e.MatterOpened)}


# ---- the chance itself -------------------------------------------------------------------------------------------


@given(CHANCES, st.floats(-2, 2))
def test_middling_vulnerability_hinders_nobody_more(chance, effect):
    assert hindered_chance(chance, 0.5, effect) == pytest.approx(chance)
    assert hindered_chance(chance, 0.9, 0.0) == chance


@given(CHANCES, st.floats(-2, 2))
def test_the_effect_is_the_log_odds_from_the_least_to_the_most_vulnerable(chance, effect):
    most, least = (hindered_chance(chance, v, effect) for v in (1.0, 0.0))
    assert log_odds(most) - log_odds(least) == pytest.approx(effect)


@pytest.mark.parametrize("sure", [0.0, 1.0])
def test_what_is_sure_stays_sure(sure):
    assert hindered_chance(sure, 1.0, 1.2) == sure


# ---- what a channel does -----------------------------------------------------------------------------------------


def test_with_all_effects_off_a_channel_is_a_word():
    far, near = lived(REMOTE), lived(SEEN)

    def told(log_):
        return [each._replace(channel="") if "channel" in each._fields else each for each in log_]

    assert told(far) == told(near)
    assert {contact.channel for contact in far.of(e.Contact)} == {"telephone"}


@pytest.mark.parametrize("minutes", [14, -60])
def test_a_matter_at_a_distance_needs_so_many_minutes_more_and_no_other_does(minutes):
    near = by_matter(lived(SEEN), "needed")
    far = by_matter(lived(REMOTE, **{"channel.minutes": minutes}), "needed")
    assert lived(SEEN, **{"channel.minutes": minutes}).events == lived(SEEN).events
    both = near.keys() & far.keys()
    assert both
    assert {far[matter] - near[matter] for matter in both} == {minutes}


def test_no_matter_takes_fewer_minutes_than_its_meetings():
    short, none = ({"debt": {**PROBLEM, "casework_minutes": minutes}} for minutes in (20, 0))
    far = lived(REMOTE, problems=short, **{"channel.minutes": -60})
    assert by_matter(far, "needed") == by_matter(lived(REMOTE, problems=none), "needed")


def test_meetings_at_a_distance_are_missed_by_the_odds_ratio_of_the_register():
    alone = {
        "missed.chance": 0.3,
        "missed.person": 0,
        "missed.trust_effect": 0,
        "missed.vulnerability_effect": 0,
    }
    one_meeting = {"debt": {**PROBLEM, "contacts": 1}}
    shares = {}
    for name, clients in (("near", SEEN), ("far", REMOTE)):
        met = missed = 0
        for seed in range(1, 5):
            log_ = lived(clients, seed, problems=one_meeting, **alone, **{"channel.missed": log(0.61)})
            met, missed = met + len(log_.of(e.Contact)), missed + len(log_.of(e.Missed))
        shares[name] = missed / (met + missed)
    assert shares["near"] == pytest.approx(0.3, abs=0.035)
    assert shares["far"] == pytest.approx(0.3 * 0.61 / (0.7 + 0.3 * 0.61), abs=0.035)


def test_documents_are_missing_at_a_distance_alone_by_the_chance_and_cost_casework_and_outcomes():
    assert not lived(SEEN, **{"channel.documents": 0.4}).of(e.DocumentsMissing)
    far, all_sent = (lived(REMOTE, **{"channel.documents": chance}) for chance in (0.4, 0.0))
    missing, opened = far.of(e.DocumentsMissing), far.of(e.MatterOpened)
    spread = 3 * (0.4 * 0.6 / len(opened)) ** 0.5
    assert len(missing) / len(opened) == pytest.approx(0.4, abs=spread)
    assert {each.minutes for each in missing} == {60}
    lacking = {each.matter for each in missing}
    given_ = {closing.matter: closing.given for closing in far.of(e.MatterClosed)}
    assert {given_[matter] for matter in given_.keys() & lacking} == {120}
    assert {given_[matter] for matter in given_.keys() - lacking} == {180}
    chances = {each.matter: each.chance for each in far.of(e.Outcome)}
    before = {each.matter: each.chance for each in all_sent.of(e.Outcome)}
    same = chances.keys() & before.keys()
    assert all(chances[matter] < before[matter] for matter in same & lacking)


def test_the_telephone_looks_shorter_than_it_is():
    """The survey's two figures: more minutes for the same matter, fewer where documents stay away."""
    near, far = (
        lived(clients, **{"channel.minutes": 14, "channel.documents": 0.4}) for clients in (SEEN, REMOTE)
    )
    raw = [
        add_up(closing.given for closing in log_.of(e.MatterClosed)) / len(log_.of(e.MatterClosed))
        for log_ in (near, far)
    ]
    alike = [by_matter(log_, "needed") for log_ in (near, far)]
    assert all(alike[1][matter] - alike[0][matter] == 14 for matter in alike[0].keys() & alike[1].keys())
    assert raw[1] < raw[0]


def test_who_is_asked_again_for_documents_may_send_them():
    back = {"outcome.return_chance": 1, "channel.documents": 0.5, "outcome.base": -8}
    far = lived(REMOTE, **back)
    tries = {}
    lacking = {each.matter for each in far.of(e.DocumentsMissing)}
    for opened in far.of(e.MatterOpened):
        tries.setdefault(opened.problem, []).append(opened.matter in lacking)
    twice = [found[:2] for found in tries.values() if len(found) > 1]
    assert {(False, True), (True, False), (True, True), (False, False)} == set(map(tuple, twice))


def test_casework_on_documents_that_have_not_come_is_found_out():
    name = "no casework on a matter whose documents have not come"
    story = list(logs.story())
    work = next(
        each for each in story if isinstance(each, e.Work) and each.activity == "casework" and each.matter
    )
    lacking = e.DocumentsMissing(work.at, work.matter.partition(".")[0], work.matter, 30)
    at = story.index(work)
    broken = {
        each.name for each in check(e.Log(logs.WINDOW, [*story[:at], lacking, *story[at:]])) if not each.holds
    }
    assert broken == {name}


# ---- where vulnerability acts ------------------------------------------------------------------------------------

FORM = """\
duties:
  - {id: form, kind: duty, falls_on: matter_opened, minutes: {adviser: 20, admin: 8}}
"""


@pytest.mark.parametrize(("vulnerability", "minutes"), [(0, 21), (0.5, 28), (1, 35)])
def test_the_forms_of_the_vulnerable_take_longer(vulnerability, minutes):
    log_ = lived({"vulnerability": vulnerability}, terms=of_blocks(FORM), **{"vulnerability.forms": 0.5})
    fell = log_.of(e.DutyFell)
    assert fell
    assert {duty.adviser_minutes + duty.admin_minutes for duty in fell} == {minutes}


@pytest.mark.parametrize(
    ("assumed", "count"),
    [
        (
            {"client.evidence_refused": 0.3},
            lambda log_: sum(each.reason == "evidence" for each in log_.of(e.TurnedAway)),
        ),
        ({"channel.documents": 0.3}, lambda log_: len(log_.of(e.DocumentsMissing))),
    ],
    ids=["evidence of means", "documents"],
)
def test_the_vulnerable_are_hindered_more_and_with_no_barrier_as_others(assumed, count):
    found = {
        (barrier, v): count(
            lived(
                {**REMOTE, "vulnerability": v},
                terms=of_blocks(FORM),
                **assumed,
                **{"vulnerability.barrier": barrier},
            )
        )
        for barrier in (0.0, 1.2)
        for v in (0, 1)
    }
    assert found[0.0, 0] == found[0.0, 1]
    assert found[1.2, 0] < found[0.0, 0] < found[1.2, 1]


def test_the_vulnerable_speak_less_of_what_they_keep_back():
    hiding = {
        "client.several_problems": 0.9, "client.hidden_share": 0.9, "client.second_problem_days": 1,
        "contact.listening_minutes": 30, "client.disclosure": 0.5, "client.several_vulnerability": 0,
    }  # fmt: skip
    told = {
        v: len(lived({"vulnerability": v}, **hiding, **{"vulnerability.barrier": 1.2}).of(e.Disclosed))
        for v in (0, 1)
    }
    assert told[1] < told[0]


# ---- the register ------------------------------------------------------------------------------------------------


def test_misses_at_a_distance_are_those_of_the_source():
    missed = register()["channel.missed"]
    assert exp(missed.value.mean) == pytest.approx(0.61, abs=0.005)
    assert missed.range[1] == pytest.approx(log_odds(0.125) - log_odds(0.092), abs=0.01)


# ---- who can use a channel ---------------------------------------------------------------------------------------


def reached(organisation, excluded, agencies=None, channels=None, **clients):
    made = scenario(
        organisation=organisation, agencies=agencies, clients={"channels": channels or {"telephone": 1}, **clients},
        assumptions={"channel.excluded": excluded, "door.lost": 0}, months=4, per_week=8,
        advisers=None if agencies else [{"role": "caseworker", "number": 3}, {"role": "telephone_operator"}],
    )  # fmt: skip
    log_ = live(made)
    hold(log_)
    return log_


ONLY_REMOTE = [{"channel": "telephone"}, {"channel": "online"}, {"door": "telephone_gateway"}]


@pytest.mark.parametrize("organisation", ONLY_REMOTE, ids=["telephone", "screen", "gateway"])
def test_whom_no_channel_reaches_is_turned_away_and_said_so(organisation):
    log_ = reached(organisation, 0.3)
    away = {each.client for each in log_.of(e.TurnedAway) if each.reason == "channel"}
    asked = {each.client for each in log_.of(e.Asked)}
    assert len(away) / len(asked) == pytest.approx(0.3, abs=0.12)
    assert not away & {each.client for each in log_.of(e.Contact)}
    assert not reached(organisation, 0).of(e.TurnedAway)


def test_who_can_use_no_telephone_is_seen_where_people_are_seen():
    log_ = reached({}, 0.3)
    near = {each.client for each in log_.of(e.Person) if each.channel == "face_to_face"}
    assert near
    assert not log_.of(e.TurnedAway)
    assert {each.channel for each in log_.of(e.Contact) if each.client in near} == {"face_to_face"}


def test_whom_one_agency_cannot_reach_another_takes():
    area = [agency("line", 2, 3.0, channel="telephone"), agency("office", 2)]
    log_ = reached(None, 0.3, agencies=area)
    sent = [each for each in log_.of(e.Referred) if each.reason == "channel"]
    assert sent
    assert {(each.organisation, each.to) for each in sent} == {("line", "office")}
    assert {each.client for each in sent} <= {each.client for each in log_.of(e.Contact)} | {
        each.client for each in log_.of(e.StillOpen)
    }


def test_a_meeting_at_a_distance_with_whom_it_cannot_reach_is_found_out():
    name = "no meeting at a distance with whom no such channel reaches"
    story = list(logs.story())
    met = next(each for each in story if isinstance(each, e.Contact) and each.channel != "face_to_face")
    at = next(n for n, each in enumerate(story) if isinstance(each, e.Asked) and each.client == met.client)
    ask = story[at]
    away = e.TurnedAway(ask.at, ask.client, ask.problem, ask.organisation, "channel", "")
    broken = {
        each.name for each in check(e.Log(logs.WINDOW, [*story[:at], away, *story[at:]])) if not each.holds
    }
    assert name in broken


# ---- without a name ----------------------------------------------------------------------------------------------

SHAME = {"debt": {**PROBLEM, "kept_back": 0.6, "days_to_crisis": 60}}


def ashamed(nameless, anonymity=1.0, seed=1, **assumptions):
    made = scenario(
        organisation={"asks_no_name": nameless}, problems=SHAME, months=6, per_week=6,
        clients={"days_before_asking": 10},
        assumptions={"channel.anonymity": anonymity, **assumptions},
    )  # fmt: skip
    log_ = live(made, seed=seed)
    hold(log_)
    return log_


def early(log_):
    asked = log_.of(e.Asked)
    return sum(each.early for each in asked) / len(asked)


def test_what_shames_is_brought_at_the_crisis_unless_no_name_is_asked():
    assert early(ashamed(False)) == pytest.approx(0.4, abs=0.1)
    assert early(ashamed(True)) == 1.0
    assert early(ashamed(True, anonymity=0.5)) == pytest.approx(0.7, abs=0.1)


def test_with_no_anonymity_the_offer_changes_nothing():
    assert ashamed(True, anonymity=0).events == ashamed(False, anonymity=0).events


def test_who_gives_no_name_is_on_a_screen_and_known_to_nobody():
    log_ = ashamed(True)
    online = [each for each in log_.of(e.Contact) if each.channel == "online"]
    assert online
    assert not any(each.known or each.trust_before for each in online)
    closed = {each.matter: each.trust for each in log_.of(e.MatterClosed)}
    assert {closed[each.matter] for each in online if each.matter in closed} == {0.0}
    assert any(each.known for each in log_.of(e.Contact) if each.channel == "face_to_face")


def test_help_without_a_name_comes_sooner_and_has_to_be_told_anew_each_time():
    named, nameless = (
        ashamed(False, **{"contact.retelling_minutes": 15}),
        ashamed(True, **{"contact.retelling_minutes": 15}),
    )
    retold = [add_up(each.retelling for each in log_.of(e.Contact)) for log_ in (named, nameless)]
    assert early(named) < early(nameless)
    assert retold[0] < retold[1]


# ---- which organisation ------------------------------------------------------------------------------------------


def lived_in(only_own, agencies, seed=1, **assumptions):
    made = scenario(
        agencies=agencies, months=6, per_week=10, problems={"debt": PROBLEM, "housing": PROBLEM},
        assumptions={"client.only_own": only_own, "door.lost": 0.15, **assumptions},
    )  # fmt: skip
    log_ = live(made, seed=seed)
    hold(log_)
    return log_


def helped(log_):
    return len({each.client for each in log_.of(e.Contact)}) / len({each.client for each in log_.of(e.Asked)})


def test_who_would_use_no_other_is_not_handed_on():
    full: dict[str, Any] = {"allocation": {"caseload_limit": 2, "waiting_list_limit": 0}}
    two = [agency("full", 1, **full), agency("roomy", 4)]
    anyone, own = lived_in(0, two), lived_in(0.9, two)
    assert len(own.of(e.Referred)) < len(anyone.of(e.Referred))
    assert helped(own) < helped(anyone)


def test_a_kind_that_an_organisation_has_no_post_for_is_handed_on_at_once():
    special = [
        {**agency("housing-only", 1), "advisers": [{"role": "caseworker", "categories": ["housing"]}]},
        agency("all", 3),
    ]
    log_ = lived_in(0, special)
    sent = [each for each in log_.of(e.Referred) if each.organisation == "housing-only"]
    kinds = {each.problem: each.category for each in log_.of(e.Asked)}
    assert {each.reason for each in sent} == {"scope"}
    assert {kinds[each.problem] for each in sent} == {"debt"}
    assert not [each for each in log_.of(e.TurnedAway) if kinds[each.problem] == "housing"]
