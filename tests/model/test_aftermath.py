"""What comes of help: acting on it, going elsewhere, appeals, capability, goals, follow-ons, returns."""

import pytest

from legalaid_sim import events as e
from legalaid_sim.measures import measure
from tests.builders.lives import live, world_of
from tests.builders.scenarios import PROBLEM, scenario

SURE = {"outcome.base": 50, "outcome.minutes_effect": 0.5}
NEVER = {"outcome.base": -50, "outcome.minutes_effect": 0.5}


def lived(clients=None, problems=None, **assumptions):
    return live(scenario(assumptions=assumptions, clients=clients, problems=problems))


def taken(name, **how):
    return measure(lived(**how))[name]


ALWAYS, OFF = 50, -50


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("outcomes.advice_acted_on", "after.acted"),
        ("outcomes.went_elsewhere", "after.discontent"),
        ("outcomes.appealed", "after.discontent"),
    ],
)
def test_log_odds_far_away_are_never_and_always(name, parameter):
    how = {**NEVER, "after.trust_effect": 0, "after.acted_trust": 0}
    assert taken(name, **how, **{parameter: OFF}) == 0
    assert taken(name, **how, **{parameter: ALWAYS}) == 1


def test_trust_makes_people_act_and_keeps_them_from_going_elsewhere():
    def by_trust(name, effect):
        parameters = {"after.acted_trust": effect, "after.trust_effect": effect}
        return taken(name, clients={"relational_need": 1}, **parameters)

    assert by_trust("outcomes.advice_acted_on", 0) < by_trust("outcomes.advice_acted_on", 2)
    assert by_trust("outcomes.went_elsewhere", 2) < by_trust("outcomes.went_elsewhere", 0)
    assert by_trust("outcomes.appealed", 2) < by_trust("outcomes.appealed", 0)


def test_the_same_people_act_and_more_beside_where_acting_is_likelier():
    acting = [
        {after.matter for after in lived(**{"after.acted": odds}).of(e.Aftermath) if after.acted}
        for odds in (-1, 0, 2)
    ]
    assert acting[0] < acting[1] < acting[2]


def test_only_what_stays_unresolved_is_appealed():
    log = lived(**{"after.discontent": ALWAYS})
    resolved = {outcome.matter: outcome.resolved for outcome in log.of(e.Outcome)}
    assert {after.appealed for after in log.of(e.Aftermath) if resolved[after.matter]} == {False}
    assert {after.appealed for after in log.of(e.Aftermath) if not resolved[after.matter]} == {True}


def test_not_acting_costs_outcomes_by_its_share():
    never = {"after.acted": OFF, "after.acted_trust": 0}
    assert taken("outcomes.resolved_share", **SURE, **never, **{"after.not_acted": 0}) == 1
    assert taken("outcomes.resolved_share", **SURE, **never, **{"after.not_acted": 1}) == 0
    assert 0 < taken("outcomes.resolved_share", **SURE, **never, **{"after.not_acted": 0.3}) < 1


# ---- capability and goals


def test_capability_is_gained_only_by_what_is_switched_on():
    off = {"capability.gain": 0, "capability.goal": 0}
    assert taken("outcomes.capability_gained", **SURE, **off) == 0
    assert taken("outcomes.capability_gained", **SURE, **off, **{"contact.listening_minutes": 0}) == 0
    assert taken("outcomes.capability_gained", **SURE, **{**off, "capability.gain": 0.3}) > 0
    assert taken("outcomes.capability_gained", **NEVER, **{"capability.gain": 0.3}) == 0


def test_capability_stays_within_bounds_and_never_falls():
    several = {"client.several_problems": 0.9, "capability.gain": 1, "capability.goal": 1}
    able = {}
    for after in lived(**SURE, **several).of(e.Aftermath):
        assert able.get(after.client, 0) <= after.capability <= 1
        able[after.client] = after.capability
    assert max(able.values()) > 0.3


def test_a_goal_is_agreed_where_there_is_time_to_listen_for_it():
    def goals(threshold, listening):
        log = lived(
            clients={"relational_need": 1},
            **{"goal.listening_minutes": threshold, "contact.listening_minutes": listening},
        )
        return measure(log)["goals.set_per_matter"]

    assert goals(6, 16) == 1
    assert goals(20, 16) == 0
    assert goals(0, 16) == 0, "nought switches goals off"
    assert goals(6, 0) == 0


def test_goals_are_reached_in_time_or_lapse():
    whole = {"clients": {"relational_need": 1}}
    assert (
        taken("goals.reached_in_time_share", **whole, **SURE, **{"goal.days": 365, "after.not_acted": 0}) == 1
    )
    assert taken("goals.reached_in_time_share", **whole, **SURE, **{"goal.days": 1}) == 0
    assert taken("goals.reached_in_time_share", **whole, **NEVER, **{"goal.days": 365}) == 0
    assert taken("goals.lapsed_share", **whole, **NEVER, **{"goal.days": 365}) == 1


def test_a_goal_is_looked_at_again_in_every_later_meeting():
    log = lived(clients={"relational_need": 1}, **{"goal.days": 365})
    reviews = {review.matter for review in log.of(e.GoalReviewed) if review.state == "open"}
    assert reviews == {goal.matter for goal in log.of(e.GoalSet)}


# ---- follow-ons

FERTILE = {"debt": {**PROBLEM, "follow_ons": {"debt": 0.8}}}
SOON = {"follow_on.days": 60, "capability.effect": 0}


def children(given_, until):
    """Give the pre-drawn follow-ons of everybody whose parent asks, that would come alive by a minute."""
    return {
        child.id
        for person in world_of(given_).people
        for plan in person.problems
        for child, _, _, at in plan.follow_ons
        if at < until
    }


def test_where_everything_is_resolved_there_are_no_follow_ons():
    log = lived(problems=FERTILE, **SURE, **SOON, **{"after.not_acted": 0})
    assert {outcome.resolved for outcome in log.of(e.Outcome)} == {True}
    assert log.of(e.Activated) == []


def test_where_nothing_is_resolved_all_that_were_drawn_come_alive():
    given_ = scenario(problems=FERTILE, assumptions={**NEVER, **SOON})
    log = live(given_)
    assert {each.problem for each in log.of(e.Activated)} == children(given_, log.window.ends)
    assert log.of(e.Activated)


def test_some_resolved_means_a_subset_of_the_follow_ons():
    some, all_of_them = (
        {each.problem for each in lived(problems=FERTILE, **SOON, **odds).of(e.Activated)}
        for odds in ({"outcome.base": 0}, NEVER)
    )
    assert set() < some < all_of_them


def test_follow_ons_are_off_at_nought():
    barren = lived(**NEVER, **{"follow_on.chance": 0})
    assert barren.of(e.Activated) == []
    assert lived(**NEVER, **{"follow_on.chance": 0.5, "follow_on.days": 90}).of(e.Activated)


# ---- coming back


def test_coming_back_is_off_at_nought_and_never_follows_success():
    assert all(not asked.returning for asked in lived(**NEVER, **{"outcome.return_chance": 0}).of(e.Asked))
    sure = {**SURE, "outcome.return_chance": 1, "after.not_acted": 0}
    assert all(not asked.returning for asked in lived(**sure).of(e.Asked))


def test_a_higher_chance_brings_more_people_back():
    back = [
        sum(asked.returning for asked in lived(**NEVER, **{"outcome.return_chance": chance}).of(e.Asked))
        for chance in (0.2, 0.5, 1)
    ]
    assert 0 < back[0] < back[1] < back[2]


def test_capability_keeps_people_from_coming_back():
    how = {
        "outcome.base": 0,
        "outcome.return_chance": 1,
        "client.several_problems": 0.9,
        "capability.gain": 0.5,
    }
    back = [
        sum(asked.returning for asked in lived(clients={"relational_need": 1}, **how, **more).of(e.Asked))
        for more in ({"capability.effect": 0}, {"capability.effect": 1})
    ]
    assert back[1] < back[0]


# ---- lateness and minutes


def test_late_help_needs_more_and_helps_less():
    late = {"debt": {**PROBLEM, "days_to_crisis": 1}}
    slow = {"days_before_asking": 20}

    def of(factor):
        log = lived(clients=slow, problems=late, **{"problem.late_factor": factor})
        assert all(not asked.early for asked in log.of(e.Asked))
        return sum(matter.needed for matter in log.of(e.MatterOpened)) / len(log.of(e.MatterOpened))

    assert of(1) < of(1.5) < of(2)
    losing = [
        taken("outcomes.resolved_share", clients=slow, problems=late, **{"outcome.late_effect": effect})
        for effect in (0, 2)
    ]
    assert losing[1] < losing[0]


def test_with_behaviour_off_what_is_needed_is_given():
    for closing in lived().of(e.MatterClosed):
        assert closing.needed == closing.planned == closing.given + closing.listened


# ---- the run-out


def test_the_run_out_takes_on_nobody_new_and_lets_those_who_asked_go_on():
    log = live(scenario(problems=FERTILE, assumptions={**NEVER, **SOON}))
    first = {}
    for asked in log.of(e.Asked):
        first.setdefault(asked.client, asked.at)
    late = [asked for asked in log.of(e.Asked) if asked.at >= log.window.closes]
    assert late, "a follow-on of a known client is brought in the run-out"
    assert all(minute < log.window.closes for minute in first.values())
