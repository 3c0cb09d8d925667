"""What happens to clients: doors, hand-ons, patience, trust, disclosure, meetings kept and missed."""

from collections import Counter
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim import clients
from legalaid_sim import events as e
from legalaid_sim.draws import log_odds, logistic
from legalaid_sim.measures import measure
from tests.builders.contracts import hourly
from tests.builders.lives import live, world_of
from tests.builders.scenarios import PROBLEM, agency, scenario

shares = st.floats(0, 1)
minutes = st.floats(0, 500)

# ---- the functions alone


@given(shares, minutes, st.floats(1, 200))
def test_trust_grows_with_listening_and_stays_within_bounds(trust, listening, growth):
    grown = clients.grown_trust(trust, listening, growth)
    assert trust - 1e-12 <= grown <= 1
    assert clients.grown_trust(trust, 0, growth) == pytest.approx(trust)


@given(shares, minutes, minutes)
def test_trust_grown_in_two_meetings_is_trust_grown_in_one(trust, one, other):
    twice = clients.grown_trust(clients.grown_trust(trust, one, 34), other, 34)
    assert twice == pytest.approx(clients.grown_trust(trust, one + other, 34))


pace = st.floats(0, 2)
USUAL, SHARE = 53.0, 0.15


def grown_by(meetings, contacts=2.8, quickens=1.0, trust=0.0):
    """Trust after meetings, each of so many minutes with so many of listening."""
    growth = clients.Growth(contacts, USUAL, SHARE, quickens)
    for minutes_, listening in meetings:
        trust = growth.after(trust, minutes_, listening)
    return trust


@given(st.integers(0, 40), st.floats(1, 9), pace)
def test_trust_after_usual_meetings_is_what_the_closed_form_says(meetings, contacts, quickens):
    after = grown_by([(2 * USUAL, 2 * USUAL * SHARE)] * meetings, contacts, quickens)
    assert after == pytest.approx(1 - exp(-meetings / contacts))


@given(shares, st.integers(0, 300), st.integers(0, 300), pace)
def test_a_meeting_never_costs_trust_and_keeps_within_bounds(trust, minutes_, listening, quickens):
    listening = min(minutes_, listening)
    after = grown_by([(minutes_, listening)], quickens=quickens, trust=trust)
    assert trust <= after + 1e-12 <= 1 + 1e-9
    more = grown_by([(minutes_, listening)] * 2, quickens=quickens, trust=trust)
    assert more >= after - 1e-12


@given(st.integers(1, 100), st.integers(1, 100), shares, pace)
def test_trust_rises_in_minutes_at_the_same_share_of_listening(minutes_, further, share, quickens):
    less, more = (grown_by([(m, m * share)], quickens=quickens) for m in (minutes_, minutes_ + further))
    assert less <= more + 1e-12
    assert more > less or minutes_ >= USUAL or 1 + quickens * (share - SHARE) <= 0


@given(st.integers(1, 200), shares, shares)
def test_trust_rises_in_listening_where_that_quickens_it_and_is_flat_where_not(minutes_, one, other):
    low, high = sorted((one, other))
    assert grown_by([(minutes_, minutes_ * low)]) <= grown_by([(minutes_, minutes_ * high)]) + 1e-12
    assert grown_by([(minutes_, minutes_ * low)], quickens=0) == pytest.approx(
        grown_by([(minutes_, minutes_ * high)], quickens=0)
    )


@given(shares, st.integers(1, 26), shares, pace)
def test_two_meetings_of_half_the_length_are_one_of_the_whole(trust, half, share, quickens):
    twice = grown_by([(half, half * share)] * 2, quickens=quickens, trust=trust)
    assert twice == pytest.approx(grown_by([(2 * half, 2 * half * share)], quickens=quickens, trust=trust))


def test_trust_in_a_run_is_what_the_closed_form_says_after_each_meeting():
    log = live(
        scenario(
            clients={"relational_need": 0},
            problems={"debt": {**PROBLEM, "contacts": 6, "contact_minutes": 60}},
            assumptions={"trust.contacts": 2.8, "trust.listening": 0, "trust.memory_days": 10**9},
        )
    )
    seen = {(each.ordinal, round(each.trust_after, 6)) for each in log.of(e.Contact)}
    assert seen == {(n, round(1 - exp(-n / 2.8), 6)) for n in range(1, 7)}


@given(shares, shares, shares, shares)
def test_trust_in_a_companion_never_costs_and_counts_for_no_more_than_its_share(own, beside, less, more):
    less, more = sorted((less, more))
    counted = [clients.trust_with_companion(own, beside, carries) for carries in (0, less, more, 1)]
    assert counted[0] == own
    assert counted == pytest.approx(sorted(counted))
    assert counted[-1] == pytest.approx(own + beside - own * beside)


@given(shares, st.integers(0, 10**6), st.integers(0, 10**6))
def test_trust_fades_and_fading_twice_is_fading_once(trust, gap, more):
    faded = clients.faded_trust(trust, gap, 540)
    assert 0 <= faded <= trust
    assert clients.faded_trust(faded, more, 540) == pytest.approx(clients.faded_trust(trust, gap + more, 540))


@given(st.floats(-4.0, 0.0), shares, shares, shares, shares)
def test_trust_lowers_missed_meetings_and_vulnerability_raises_them(base, low, high, weak, strong):
    low, high = sorted((low, high))
    assert (
        clients.missed_chance(base, high, 1, 0.5, 0.5)
        <= clients.missed_chance(base, low, 1, 0.5, 0.5) + 1e-12
    )
    less, more = sorted((weak, strong))
    assert (
        clients.missed_chance(base, 0.5, 1, less, 0.5)
        <= clients.missed_chance(base, 0.5, 1, more, 0.5) + 1e-12
    )
    assert clients.missed_chance(base, 0.5, 1, 0.5, 0.5) == pytest.approx(logistic(base))
    assert clients.missed_chance(log_odds(0.0), low, 1, less, 0.5) == 0


@given(st.floats(0.001, 0.999))
def test_log_odds_are_what_the_logistic_undoes(chance):
    assert logistic(log_odds(chance)) == pytest.approx(chance)


@given(st.floats(-4.0, 4.0), st.floats(0.01, 1.5))
def test_people_who_differ_have_the_mean_chance_of_people_who_do_not(base, spread):
    # Gauss-Hermite quadrature is another route to the same mean than the sum inside.
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    centre = clients.centred(base, spread)
    mean = sum(w * logistic(centre + spread * z) for z, w in zip(nodes, weights)) / weights.sum()
    assert mean == pytest.approx(logistic(base), abs=1e-9)
    assert abs(centre) >= abs(base) - 1e-9
    assert clients.centred(base, 0.0) == base


@given(st.floats(0.01, 0.99), st.floats(0, 2), st.integers(0, 5))
def test_each_further_hand_on_loses_no_fewer(base, more, step):
    first, later = clients.hand_on_chance(base, more, step), clients.hand_on_chance(base, more, step + 1)
    assert 0 <= first <= later + 1e-12 <= 1 + 1e-9
    assert clients.hand_on_chance(base, more, 0) == pytest.approx(base)
    assert (clients.hand_on_chance(0, more, step), clients.hand_on_chance(1, more, step)) == (0, 1)


@given(shares, shares, st.booleans(), st.floats(0.5, 1.5))
def test_outcomes_rise_with_minutes_trust_and_skill_and_fall_when_late(ratio, trust, late, skill):
    def chance(ratio=ratio, trust=trust, late=late, skill=skill):
        return clients.resolved_chance(0.8, ratio, 2.5, trust, 0.5, late, 0.7, skill, 1.0)

    assert chance(ratio=0) <= chance() <= chance(ratio=1)
    assert chance(trust=0) <= chance() <= chance(trust=1)
    assert chance(late=True) <= chance() <= chance(late=False)
    assert chance(skill=0.5) <= chance() <= chance(skill=1.5)
    assert chance(ratio=1) == chance(ratio=7), "more than is needed helps no more"


# ---- doors


def by_door(door, **assumptions):
    advisers = [{"role": "caseworker", "number": 3}, {"role": "telephone_operator", "number": 1}]
    return live(scenario(advisers=advisers, organisation={"door": door}, assumptions=assumptions))


def test_an_appointment_is_waited_for_as_long_as_the_door_says():
    soon, late = (by_door("appointment", **{"door.days_to_appointment": days}) for days in (1, 10))
    days = [measure(log)["access.days_to_first_contact"] for log in (by_door("walk_in"), soon, late)]
    assert days[0] < 1 <= days[1] < 10 <= days[2]


def test_a_gateway_has_a_call_first_and_loses_some_on_the_way():
    log = by_door("telephone_gateway", **{"door.lost": 0.5, "door.call_minutes": 20})
    calls = [contact for contact in log.of(e.Contact) if contact.ordinal == 0]
    assert {contact.core for contact in calls} == {20}
    assert {contact.adviser for contact in calls} == {"telephone-operator-01.v1"}
    seen = {contact.client for contact in log.of(e.Contact) if contact.ordinal}
    lost = {left.client for left in log.of(e.Left) if left.reason == "referral"}
    assert lost
    assert seen
    assert not lost & seen


def test_nobody_is_seen_by_an_operators_call():
    log = by_door("telephone_gateway", **{"door.lost": 1, "door.call_minutes": 20})
    assert {contact.ordinal for contact in log.of(e.Contact)} == {0}
    found = measure(log)
    assert found["access.never_seen"] == found["access.left_before_seen"] == found["access.lost_at_door"] == 1
    assert found["access.days_to_first_contact"] is None
    assert found["continuity.contacts_per_client"] is None


def test_a_call_counts_in_continuity_and_not_in_the_wait_of_those_who_are_met():
    log = by_door("telephone_gateway", **{"door.lost": 0})
    opened, asked = {}, {}
    for each in log.of(e.Asked):
        asked.setdefault(each.client, each.at)
    for each in log.of(e.MatterOpened):
        opened.setdefault(each.client, each.at)
    waits = sorted(opened[client] - asked[client] for client in opened)
    assert measure(log)["access.days_to_first_contact_mean"] == pytest.approx(sum(waits) / len(waits) / 1440)
    assert measure(log)["continuity.coc"] < measure(by_door("walk_in"))["continuity.coc"]


def test_a_gateway_that_nobody_answers_is_waited_at_until_patience_ends():
    log = live(scenario(organisation={"door": "telephone_gateway"}, assumptions={"client.patience_days": 5}))
    asked = {each.problem: each.at for each in log.of(e.Asked)}
    left = {each.problem: each.at for each in log.of(e.Left) if each.reason == "waiting"}
    assert log.of(e.Contact) == []
    assert len(left) > 20
    assert all(left[problem] - asked[problem] == 5 * 1440 for problem in left)


@pytest.mark.parametrize("door", ["telephone_gateway", "referral"])
def test_where_no_hand_on_loses_anybody_everybody_is_seen(door):
    log = by_door(door, **{"door.lost": 0})
    assert log.of(e.Left) == []
    assert {asked.client for asked in log.of(e.Asked)} == {matter.client for matter in log.of(e.MatterOpened)}


@pytest.mark.parametrize("door", ["telephone_gateway", "referral"])
def test_a_higher_loss_loses_a_superset(door):
    lost = [
        {left.client for left in by_door(door, **{"door.lost": share}).of(e.Left)}
        for share in (0, 0.2, 0.6, 1)
    ]
    assert lost[0] == set()
    assert lost[0] < lost[1] < lost[2] < lost[3]


def test_who_walks_in_meets_no_operator():
    ordinals = {contact.ordinal for contact in by_door("walk_in").of(e.Contact)}
    assert ordinals
    assert 0 not in ordinals


# ---- referral between organisations

TWO = [agency("full", allocation={"waiting_list_limit": 0, "caseload_limit": 1}), agency("other", number=3)]


def area(**assumptions):
    return live(scenario(agencies=TWO, assumptions=assumptions))


def test_who_is_turned_away_is_sent_on_and_some_are_lost():
    log = area(**{"door.lost": 0.4})
    sent = log.of(e.Referred)
    assert {hand_on.to for hand_on in sent if hand_on.organisation == "full"} == {"other"}
    assert Counter(hand_on.reached for hand_on in sent)[False] == len(log.of(e.Left)) > 0


def test_without_loss_every_hand_on_reaches():
    log = area(**{"door.lost": 0})
    assert log.of(e.Referred)
    assert all(hand_on.reached for hand_on in log.of(e.Referred))
    assert measure(log)["access.lost_at_referral"] == 0


# ---- patience


def waiting(days):
    one = [{"role": "caseworker", "hours_per_week": 7}]
    return live(scenario(advisers=one, clients={"patience_days": days}))


def test_patience_for_ever_never_gives_up_and_shorter_patience_gives_up_more():
    left = [len(waiting(days).of(e.Left)) for days in (3660, 60, 7)]
    assert left[0] == 0 < left[1] < left[2]


def test_nobody_gives_up_before_their_patience_has_run_out():
    log = waiting(7)
    asked = {each.problem: each.at for each in log.of(e.Asked)}
    assert {left.at - asked[left.problem] for left in log.of(e.Left)} == {7 * 1440}


# ---- outreach, delay, crisis

OUTREACH = """\
standards:
  - id: outreach
    kind: outreach
    shortens_delay_percent: {percent}
"""


def asked_early(percent):
    slow = {"days_before_asking": 40}
    soon = {"debt": {**PROBLEM, "days_to_crisis": {"exponential": {"mean": 40}}}}
    held = hourly(60, OUTREACH.format(percent=percent))
    return measure(live(scenario(clients=slow, problems=soon), held))["access.helped_before_crisis"]


def test_outreach_brings_more_people_before_their_crisis():
    none, half, all_of_it = map(asked_early, (0, 50, 100))
    assert none < half < all_of_it
    assert all_of_it > 0.9


# ---- trust and meetings


def contacts(**how):
    return live(scenario(**how)).of(e.Contact)


def test_without_listening_nobody_is_trusted():
    assert {contact.trust_after for contact in contacts(assumptions={"contact.listening_minutes": 0})} == {
        0.0
    }


def test_trust_rises_in_every_meeting_with_listening():
    met = contacts(clients={"relational_need": 1})
    assert met
    assert all(contact.listening == 16 and contact.trust_after > contact.trust_before for contact in met)


def first_with_another(share):
    """Give the trust brought to the first meeting with a second adviser, where meetings are pooled."""
    pooled = {"allocation": {"first": "pool", "own_adviser_patience_days": 0}}
    found = live(scenario(organisation=pooled, assumptions={"trust.carry_over": share})).of(e.Contact)
    met = set()
    brought = []
    for contact in found:
        if not contact.known and contact.client in met:
            brought.append(contact.trust_before)
        met.add(contact.client)
    return brought


def test_trust_carries_over_to_colleagues_by_the_share_and_not_at_all_at_nought():
    none, some, more = map(first_with_another, (0, 0.2, 0.5))
    assert set(none) == {0.0}
    assert 0 < sum(some) / len(some) < sum(more) / len(more) < 0.5


def test_no_meeting_is_missed_when_the_chance_is_nought():
    assert live(scenario()).of(e.Missed) == []


def test_a_higher_chance_misses_more_meetings_and_some_matters_end_for_it():
    logs = [live(scenario(assumptions={"missed.chance": chance})) for chance in (0.1, 0.6)]
    missed = [len(log.of(e.Missed)) for log in logs]
    assert 0 < missed[0] < missed[1]
    reasons = Counter(closing.reason for closing in logs[1].of(e.MatterClosed))
    assert reasons["disengaged"] > 0


def test_a_matter_ends_after_so_many_meetings_missed_in_a_row():
    log = live(scenario(assumptions={"missed.chance": 0.7, "missed.in_a_row": 2}))
    row = Counter()
    for event in log:
        if isinstance(event, e.Missed):
            row[event.matter] += 1
            assert row[event.matter] <= 2
        elif isinstance(event, e.Contact):
            row[event.matter] = 0


# ---- several problems and disclosure


def hiding(**assumptions):
    problems = {"debt": {**PROBLEM, "contacts": 6, "days_to_crisis": 90}}
    numbers = {"client.several_problems": 0.9, "client.second_problem_days": 1, **assumptions}
    return live(scenario(problems=problems, clients={"relational_need": 1}, assumptions=numbers))


def test_several_problems_are_off_at_nought():
    assert all(len(person.problems) == 1 for person in world_of(scenario()).people)


def test_vulnerable_people_have_more_problems_and_nobody_does_when_the_effect_is_nought():
    def of(effect, vulnerability):
        told = scenario(
            clients={"vulnerability": vulnerability}, per_week=40,
            assumptions={"client.several_problems": 0.4, "client.several_vulnerability": effect},
        )  # fmt: skip
        people = world_of(told).people
        return sum(len(person.problems) for person in people) / len(people)

    assert of(1, 0) < of(1, 0.5) < of(1, 1)
    assert of(0, 0) == of(0, 1) == of(1, 0.5)


def test_hidden_problems_are_told_only_with_trust_where_strangers_are_told_nothing():
    only = {"client.hidden_share": 0.9, "client.disclosure_base": 0}
    assert hiding(**{"client.hidden_share": 0}).of(e.Disclosed) == []
    assert hiding(**only, **{"client.disclosure": 0}).of(e.Disclosed) == []
    heard_only = {"trust.contacts": 0, "contact.listening_minutes": 0}
    assert hiding(**only, **heard_only).of(e.Disclosed) == []
    some, more = (
        {told.problem for told in hiding(**only, **{"client.disclosure": share}).of(e.Disclosed)}
        for share in (0.2, 1.0)
    )
    assert some
    assert len(some) < len(more)


def test_hidden_problems_are_told_to_a_stranger_by_the_base_alone():
    told = {"client.hidden_share": 0.9, "client.disclosure": 0, "client.disclosure_base": 0.4}
    assert hiding(**told).of(e.Disclosed)


def test_what_is_never_told_is_asked_about_at_its_crisis():
    log = hiding(**{"client.hidden_share": 0.9, "client.disclosure": 0, "client.disclosure_base": 0})
    hidden = {plan.id for person in world_of_hiding() for plan in person.problems if plan.hidden}
    asked = {each.problem: each.early for each in log.of(e.Asked) if each.problem in hidden}
    assert asked
    assert set(asked.values()) == {False}


def world_of_hiding():
    problems = {"debt": {**PROBLEM, "contacts": 6, "days_to_crisis": 90}}
    numbers = {
        "client.several_problems": 0.9, "client.second_problem_days": 1, "client.hidden_share": 0.9,
        "client.disclosure": 0, "client.disclosure_base": 0,
    }  # fmt: skip
    return world_of(scenario(problems=problems, clients={"relational_need": 1}, assumptions=numbers)).people
