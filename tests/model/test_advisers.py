"""Who advises: allocation, patience, limits, volunteers, juggling, strain, leaving, successors."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim import events as e
from legalaid_sim.advisers.strain import leaving_chance, next_strain
from legalaid_sim.measures import measure
from tests.builders.contracts import hourly
from tests.builders.lives import live
from tests.builders.scenarios import PROBLEM, scenario

shares = st.floats(0, 1)


def lived(allocation=None, advisers=None, per_week=8, clients=None, problems=None, **assumptions):
    return live(
        scenario(
            organisation={"allocation": allocation or {}},
            advisers=advisers,
            clients=clients,
            problems=problems,
            per_week=per_week,
            assumptions=assumptions,
        )
    )


# ---- the own adviser


def patient(days, **more):
    return measure(lived({"own_adviser_patience_days": days}, **more))


def test_patience_for_ever_is_one_adviser_a_matter():
    log = lived({"own_adviser_patience_days": "for_ever"})
    by_matter = {}
    for contact in log.of(e.Contact):
        by_matter.setdefault(contact.matter, set()).add(contact.adviser)
    assert {len(advisers) for advisers in by_matter.values()} == {1}
    assert measure(log)["continuity.coc"] == 1
    assert measure(log)["continuity.retelling_minutes_per_matter"] == 0
    assert log.of(e.HandOver) == []


def test_no_patience_is_a_pool():
    nought, pool = (
        lived({"own_adviser_patience_days": 0, "first": first}) for first in ("least_loaded", "pool")
    )
    assert measure(nought)["continuity.coc"] < 0.8
    assert measure(nought)["continuity.retelling_minutes_per_matter"] > 0
    contacts = [Counter(contact.adviser for contact in log.of(e.Contact)) for log in (nought, pool)]
    assert sum(contacts[0].values()) == sum(contacts[1].values())


def test_longer_patience_keeps_people_together():
    together = [patient(days, per_week=11)["continuity.coc"] for days in (0, 1, 5, "for_ever")]
    assert together == sorted(together)
    assert together[0] < together[-1] == 1


def test_part_time_breaks_relations_unless_people_wait_for_it():
    mixed = [
        {"role": "caseworker", "name": "full", "number": 2},
        {"role": "caseworker", "name": "part", "number": 2, "hours_per_week": 14, "days": ["tue", "thu"]},
    ]
    pool, waited = (patient(days, advisers=mixed, per_week=10) for days in (0, "for_ever"))
    part, full = (f"continuity.same_again_{who}_time" for who in ("part", "full"))
    assert pool[part] < pool[full] < 1
    assert waited[part] == waited[full] == 1
    assert waited["continuity.trust_at_closing"] > pool["continuity.trust_at_closing"]
    assert waited["access.days_to_first_contact_mean"] > 2 * pool["access.days_to_first_contact_mean"]
    assert patient(0, per_week=10)[part] is None


# ---- who takes a new client


def firsts(first, skill=None, **more):
    advisers = [
        {"role": "caseworker", "name": "usual", "number": 2},
        {"role": "solicitor", "name": "best", "skill": skill or {"debt": 1.5}},
    ]
    log = lived({"first": first, "own_adviser_patience_days": "for_ever"}, advisers, **more)
    return log, Counter(matter.adviser for matter in log.of(e.MatterOpened))


def test_specialist_first_gives_new_clients_to_the_most_skilled():
    assert set(firsts("specialist")[1]) == {"best-01.v1"}
    assert len(firsts("specialist", skill={"debt": 1.0})[1]) == 3, "where all are equal, to the least loaded"


def test_least_loaded_spreads_new_clients_evenly():
    counts = firsts("least_loaded")[1]
    assert len(counts) == 3
    assert max(counts.values()) - min(counts.values()) < 0.3 * sum(counts.values())


def test_a_duty_rota_takes_turns_and_passes_on():
    log = lived({"first": "duty_rota"})
    days = {}
    for matter in log.of(e.MatterOpened):
        days.setdefault(matter.at // 1440, set()).add(matter.adviser)
    passed = [each for each in log.of(e.HandOver) if each.reason == "duty_rota"]
    assert passed
    assert all(each.before != each.after for each in passed)
    single = {"debt": {**PROBLEM, "contacts": 1}}
    assert lived({"first": "duty_rota"}, problems=single).of(e.HandOver) == []


def test_a_hub_answers_by_telephone_and_escalates_to_advisers():
    advisers = [{"role": "caseworker", "number": 2}, {"role": "telephone_operator"}]
    log = lived({"first": "telephone_hub"}, advisers, **{"door.lost": 0})
    calls = {contact.matter for contact in log.of(e.Contact) if contact.ordinal == 0}
    assert calls == {matter.matter for matter in log.of(e.MatterOpened)}
    assert all(not matter.adviser.startswith("telephone") for matter in log.of(e.MatterOpened))


def test_a_hub_without_operators_answers_nobody():
    log = lived({"first": "telephone_hub"})
    asked = {each.client for each in log.of(e.Asked)}
    assert asked
    assert log.of(e.Contact) == []
    assert {each.client for each in log.of(e.StillOpen)} | {each.client for each in log.of(e.Left)} == asked


def returning(first):
    return lived(
        {"first": first, "own_adviser_patience_days": "for_ever"},
        clients={"relational_need": 1},
        **{"outcome.base": -50, "outcome.return_chance": 1},
    )


def test_a_client_who_comes_back_and_may_choose_goes_to_whom_they_trust():
    log = returning("clients_choice")
    met = {}
    seen = set()
    for event in log:
        if isinstance(event, e.MatterOpened):
            if event.client in met:
                seen.add(event.adviser == max(met[event.client], key=met[event.client].get))
        elif isinstance(event, e.Contact):
            met.setdefault(event.client, {})[event.adviser] = event.trust_after
    assert seen == {True}


def test_second_needs_go_to_the_same_adviser_where_the_regime_allows():
    kept = measure(returning("least_loaded"))
    assert kept["continuity.coc"] == 1


# ---- limits


def most_open(log):
    """Give the most matters that anybody held open at once."""
    held, most = Counter(), Counter()
    lead = {}
    for event in log:
        if isinstance(event, e.MatterOpened):
            lead[event.matter] = event.adviser
            held[event.adviser] += 1
            most[event.adviser] = max(most[event.adviser], held[event.adviser])
        elif isinstance(event, e.MatterClosed):
            held[lead[event.matter]] -= 1
    return max(most.values())


@pytest.mark.parametrize("limit", [1, 3])
def test_nobody_holds_more_matters_than_the_limit(limit):
    log = lived({"caseload_limit": limit, "own_adviser_patience_days": "for_ever"})
    assert most_open(log) == limit
    assert most_open(lived({"own_adviser_patience_days": "for_ever"})) > limit


def test_a_full_waiting_list_turns_people_away():
    turned = [
        len(lived({"caseload_limit": 1, "waiting_list_limit": length}).of(e.TurnedAway))
        for length in (0, 3, 20)
    ]
    assert turned[0] > turned[1] > turned[2]
    assert lived({"caseload_limit": 1}).of(e.TurnedAway) == []


def test_reserved_slots_are_kept_for_those_who_were_there_before():
    def of(share):
        log = lived(
            {"caseload_limit": 4, "reserved_share": share, "own_adviser_patience_days": "for_ever"},
            **{"outcome.base": -50, "outcome.return_chance": 1},
        )
        waits = {True: [], False: []}
        asked = {}
        for event in log:
            if isinstance(event, e.Asked):
                asked[event.problem] = event
            elif isinstance(event, e.MatterOpened):
                waits[asked[event.problem].returning].append(event.at - asked[event.problem].at)
        return {back: sum(found) / len(found) for back, found in waits.items()}

    none, half = of(0), of(0.5)
    assert half[True] < none[True]
    assert half[False] > none[False]


# ---- volunteers


def accompanied(number, **assumptions):
    advisers = [{"role": "caseworker", "number": 3}]
    advisers += [{"role": "volunteer", "number": number}] if number else []
    return lived(advisers=advisers, clients={"relational_need": 0.8}, **assumptions)


def test_volunteers_listen_and_carry_no_casework():
    log = accompanied(2)
    theirs = [contact for contact in log.of(e.Contact) if contact.adviser.startswith("volunteer")]
    assert theirs
    assert all(contact.core == contact.retelling == contact.reading == 0 for contact in theirs)
    assert not [work for work in log.of(e.Work) if work.adviser.startswith("volunteer")]
    assert not [each for each in log.of(e.MatterOpened) if each.adviser.startswith("volunteer")]
    assert 0 < measure(log)["time.listening_by_companions_share"] < 1


@pytest.mark.parametrize("off", [{"companion.minutes": 0}, {"companion.need": 0.9}])
def test_volunteers_are_off_where_nobody_is_offered_one(off):
    assert measure(accompanied(2, **off))["time.listening_by_companions_share"] == 0


def test_who_is_offered_a_companion_is_drawn_and_who_is_not_meets_none():
    log = live(
        scenario(
            advisers=[{"role": "caseworker", "number": 3}, {"role": "volunteer", "number": 4}],
            clients={"relational_need": 0.8}, per_week=12, organisation={"companions_offered": 0.5},
        )
    )  # fmt: skip
    offered = {each.client: each.offered for each in log.of(e.CompanionOffered)}
    assert 0.35 < sum(offered.values()) / len(offered) < 0.65
    met = {each.client for each in log.of(e.Contact) if each.adviser.startswith("volunteer")}
    assert met <= {client for client, whether in offered.items() if whether}
    found = measure(log)
    assert None not in (
        found["outcomes.resolved_offered_companion"], found["outcomes.resolved_not_offered_companion"]
    )  # fmt: skip
    assert accompanied(2).of(e.CompanionOffered) == []


def test_volunteers_leave_sooner():
    def left(factor):
        log = accompanied(6, **{"adviser.leaving_per_month": 0.05, "companion.leaving": factor})
        return sum(each.adviser.startswith("volunteer") for each in log.of(e.AdviserLeft))

    assert left(0) == 0 < left(1) < left(8)


def test_volunteers_and_admin_staff_meet_nobody_as_advisers():
    advisers = [{"role": "caseworker", "number": 2}, {"role": "admin"}, {"role": "peer_supporter"}]
    log = lived(advisers=advisers)
    assert {matter.adviser.split("-")[0] for matter in log.of(e.MatterOpened)} == {"caseworker"}


FORM = """\
duties:
  - id: form
    kind: duty
    falls_on: matter_opened
    minutes: {adviser: 0, admin: 30}
"""


def test_admin_staff_take_admin_off_advisers():
    def duty(*more):
        advisers = [{"role": "caseworker", "number": 2}, *more]
        return measure(live(scenario(advisers=advisers), hourly(60, FORM)))

    assert duty()["admin.adviser_part"] == 1
    assert duty({"role": "admin"})["admin.adviser_part"] == 0
    assert duty({"role": "admin"})["money.cost"] > duty()["money.cost"]


# ---- juggling


def test_juggling_is_off_at_nought_and_costs_time_beyond_the_usual_caseload():
    def admin(share, usual=2):
        log = lived(per_week=11, **{"adviser.juggling": share, "adviser.usual_caseload": usual})
        return sum(work.minutes for work in log.of(e.Work) if work.clause == "juggling")

    assert admin(0) == 0
    assert 0 < admin(0.1) < admin(0.3)
    assert admin(0.3, usual=1000) == 0


# ---- strain and leaving


@given(shares, shares, shares, shares, shares, shares)
def test_strain_stays_within_bounds_and_rises_with_load(strain, overload, admin, memory, per_load, per_admin):
    found = next_strain(strain, overload, admin, memory, per_load, per_admin)
    assert 0 <= found <= 1
    assert next_strain(strain, 0, 0, memory, per_load, per_admin) <= found + 1e-12
    assert next_strain(strain, overload, admin, memory, 0, 0) == pytest.approx(min(1, memory * strain))


@given(shares, shares, st.floats(-1, 1))
def test_leaving_follows_strain_in_the_direction_of_its_effect(base, strain, effect):
    chance = leaving_chance(base, strain, effect)
    assert 0 <= chance <= 1
    assert leaving_chance(base, strain, 0) == pytest.approx(base)
    assert leaving_chance(0, strain, effect) == 0
    at_rest = leaving_chance(base, 0, effect)
    assert (chance >= at_rest - 1e-12) if effect >= 0 else (chance <= at_rest + 1e-12)


def leavers(effect, base=0.05, **more):
    how = {
        "adviser.leaving_per_month": base,
        "adviser.strain_leaving": effect,
        "adviser.strain_overload": 0.6,
        "adviser.strain_admin": 0.6,
        "adviser.other_admin_minutes_per_day": 120,
        **more,
    }
    return lived(advisers=[{"role": "caseworker", "number": 12}], per_week=60, **how).of(e.AdviserLeft)


def test_nobody_leaves_when_the_chance_is_nought():
    assert leavers(1, base=0) == []


def test_strain_may_make_people_leave_or_stay_or_neither():
    def gone(effect):
        return {each.adviser for each in leavers(effect) if each.adviser.endswith(".v1")}

    assert gone(-1) < gone(0) < gone(1)


def test_without_an_effect_of_strain_its_size_does_not_matter():
    def gone(overload):
        found = leavers(0, **{"adviser.strain_overload": overload, "adviser.strain_admin": overload})
        return [each._replace(strain=0) for each in found]

    assert gone(0) == gone(0.6)


# ---- vacancies and successors


def test_a_vacancy_lasts_so_many_months_and_a_successor_knows_nobody():
    log = lived(**{"adviser.leaving_per_month": 0.2, "adviser.vacancy_months": 2}, advisers=[{"number": 4}])
    left = {each.post: each.at for each in log.of(e.AdviserLeft)}
    later = [joined for joined in log.of(e.AdviserJoined) if joined.vintage > 1]
    assert left
    assert later
    gaps = [
        joined.at
        - max(each.at for each in log.of(e.AdviserLeft) if each.post == joined.post and each.at < joined.at)
        for joined in later
    ]
    assert all(2 * 28 <= gap / 1440 <= 2 * 31 for gap in gaps)
    new = {joined.adviser for joined in later}
    first = {}
    for contact in log.of(e.Contact):
        first.setdefault((contact.client, contact.adviser), contact)
    assert all(not contact.known for (_, adviser), contact in first.items() if adviser in new)


def test_matters_of_a_leaver_are_handed_over_and_trust_is_broken():
    def of(broken):
        how = {"adviser.leaving_per_month": 0.2, "trust.broken_promise": broken, "trust.carry_over": 0.5}
        return lived(clients={"relational_need": 1}, advisers=[{"number": 4}], **how)

    log = of(0.3)
    passed = [each for each in log.of(e.HandOver) if each.reason == "leaving"]
    assert passed
    assert measure(log)["continuity.broken_promises_per_matter"] > 0
    trust = [measure(of(broken))["continuity.trust_at_closing"] for broken in (0, 0.8)]
    assert trust[1] < trust[0]


def test_a_successor_is_less_skilled_by_the_share_and_not_at_all_at_one():
    def resolved(skill):
        how = {
            "adviser.leaving_per_month": 0.25,
            "adviser.vacancy_months": 1,
            "adviser.successor_skill": skill,
            "outcome.skill_effect": 3,
        }
        return {each.matter for each in lived(advisers=[{"number": 4}], **how).of(e.Outcome) if each.resolved}

    assert resolved(0.6) < resolved(1.0)


# ---- the calendar


def test_leave_and_sickness_take_time_and_are_off_at_nought():
    def available(**absence):
        return measure(lived(**absence))["time.contact_share"], sum(
            diary.available for diary in lived(**absence).of(e.Diary)
        )

    whole = available()[1]
    assert available(**{"adviser.leave_days_per_year": 30})[1] < whole
    assert available(**{"adviser.sickness_days_per_year": 20})[1] < whole


def test_supervision_is_off_at_nought_and_takes_supervisors_too():
    def minutes(value, *more):
        log = lived(
            advisers=[{"role": "caseworker", "number": 2}, *more],
            **{"adviser.supervision_minutes_per_week": value},
        )
        return Counter(
            {work.adviser: 0 for work in log.of(e.Work)}
            | {
                adviser: sum(
                    w.minutes for w in log.of(e.Work) if w.activity == "supervision" and w.adviser == adviser
                )
                for adviser in {w.adviser for w in log.of(e.Work)}
            }
        )

    assert minutes(0).total() == 0
    both = minutes(60, {"role": "supervisor"})
    assert both["supervisor-01.v1"] > both["caseworker-01.v1"] > 0
