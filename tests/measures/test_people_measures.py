"""Measures of goals, hand-ons, companions, aftermath and organisations, on small logs worked out by hand."""

import pytest

from legalaid_sim import events as e
from legalaid_sim.measures import measure
from legalaid_sim.measures.costs import margin_by_category
from legalaid_sim.measures.folded import Folded
from tests.builders import logs
from tests.builders.logs import AGENCY, ANN, BOB, ENDS, minute

VERA = "volunteer-01.v1"


def taken(*events):
    return measure(logs.log(*events))


def one_matter(client="c1", problem="p1", adviser=ANN, until=40):
    return [
        logs.asked(31, client, problem),
        logs.opened(32, client, problem, adviser=adviser, of_day=600),
        logs.contact(32, client, problem, adviser=adviser),
        logs.closed(until, client, problem, 40, 20, 1, adviser=adviser),
    ]


def goal(client="c1", day=32):
    return e.GoalSet(minute(day, 700), client, f"{client}.p1.m1", ANN, minute(day + 30))


def review(day, state, client="c1", of_day=1000):
    return e.GoalReviewed(minute(day, of_day), client, f"{client}.p1.m1", ANN, state)


def test_goals_are_set_reviewed_reached_and_lapsed():
    found = taken(
        *one_matter("c1"), goal("c1"), review(35, "open"), review(40, "reached"),
        *one_matter("c2"), goal("c2"), review(40, "lapsed", "c2"),
        *one_matter("c3"), goal("c3"), review(38, "lapsed", "c3"),
        *one_matter("c4"),
    )  # fmt: skip
    assert found["goals.set_per_matter"] == 3 / 4
    assert found["goals.reviewed_share"] == 2 / 3, "what closing says of a goal is no review"
    assert found["goals.reached_in_time_share"] == 1 / 3
    assert found["goals.lapsed_share"] == 2 / 3


def test_a_goal_is_reviewed_before_the_minute_of_closing_or_at_any_while_it_stays_open():
    for state, late, share in (("lapsed", -1, 1), ("lapsed", 0, 0), ("reached", -1, 1), ("open", 0, 1)):
        at = minute(40, 1000) + late
        found = taken(*one_matter(), goal(), review(40, state)._replace(at=at))
        assert found["goals.reviewed_share"] == share, (state, late)


def test_a_goal_still_open_at_the_end_is_neither_reached_nor_lapsed():
    found = taken(*one_matter(), goal())
    assert (found["goals.reached_in_time_share"], found["goals.lapsed_share"]) == (0, 0)


def hand_on(day, client, reached, of_day=0):
    return e.Referred(minute(day, of_day), client, f"{client}.p1", AGENCY, "other", "scope", reached)


def test_hand_ons_are_numbered_within_one_asking():
    lost = [e.Left(minute(31), client, f"{client}.p1", "", "referral") for client in ("c1", "c3")]
    found = taken(
        logs.asked(31, "c1", "p1"), hand_on(31, "c1", True), hand_on(31, "c1", False),
        logs.asked(31, "c2", "p1"), hand_on(31, "c2", True), hand_on(33, "c2", True),
        logs.asked(31, "c3", "p1"), hand_on(31, "c3", False),
        *lost,
    )  # fmt: skip
    assert found["access.lost_at_first_hand_on"] == 1 / 4
    assert found["access.lost_at_second_hand_on"] == 1
    assert found["access.lost_at_third_hand_on"] is None
    assert found["access.lost_at_referral"] == 2 / 3
    assert found["access.lost_at_door"] == 0


def test_a_loss_that_names_a_matter_was_at_the_door_of_one_organisation():
    found = taken(logs.asked(31, "c1", "p1"), e.Left(minute(31), "c1", "c1.p1", "c1.p1.m1", "referral"))
    assert (found["access.lost_at_door"], found["access.lost_at_referral"]) == (1, 1)


def volunteer():
    return e.AdviserJoined(0, VERA, "volunteer-01", 1, "volunteer", AGENCY)


def test_companions_listen_but_are_no_advisers():
    found = taken(
        logs.joined(ANN), volunteer(), *one_matter("c1"), *one_matter("c2"),
        logs.contact(33, "c1", "p1", adviser=VERA, core=0, listening=30),
        e.CompanionOffered(minute(33), "c1", "c1.p1.m1", AGENCY, True),
        e.CompanionOffered(minute(33), "c2", "c2.p1.m1", AGENCY, False),
        logs.outcome(40, "c1", "p1", resolved=True), logs.outcome(40, "c2", "p1", resolved=False),
        e.AdviserLeft(minute(45), VERA, "volunteer-01", "own choice", 0.0),
    )  # fmt: skip
    assert found["time.listening_by_companions_share"] == 30 / 70
    assert found["outcomes.resolved_offered_companion"] == 1
    assert found["outcomes.resolved_not_offered_companion"] == 0
    assert found["outcomes.advisers_kept"] == 1
    assert found["outcomes.advisers_resigned_per_year"] == 0
    assert found["outcomes.advisers_let_go"] == 0
    assert found["money.matters_per_adviser_year"] == pytest.approx(2 / (30 * 1440 / 525_960))


def test_advisers_kept_are_those_of_the_opening():
    found = taken(
        logs.joined(ANN), logs.joined(BOB), logs.joined("caseworker-03.v1", day=35),
        e.AdviserLeft(minute(45), ANN, "caseworker-01", "own choice", 0.2),
        e.AdviserLeft(minute(46), "caseworker-03.v1", "caseworker-03", "own choice", 0.2),
    )  # fmt: skip
    assert found["outcomes.advisers_kept"] == 1 / 2
    assert found["outcomes.advisers_resigned_per_year"] > 0


def test_leaving_by_choice_and_by_closure_are_two_measures():
    found = taken(
        logs.joined(ANN), logs.joined(BOB), logs.joined("caseworker-03.v1"), logs.joined("caseworker-04.v1"),
        logs.joined("caseworker-05.v1", day=70), e.AdviserJoined(0, VERA, "volunteer-01", 1, "volunteer", AGENCY),
        e.AdviserLeft(minute(20), "caseworker-04.v1", "caseworker-04", "post closed", 0.0),
        e.AdviserLeft(minute(40), ANN, "caseworker-01", "own choice", 0.2),
        e.AdviserLeft(minute(45), BOB, "caseworker-02", "post closed", 0.2),
        e.AdviserLeft(minute(45), VERA, "volunteer-01", "organisation closed", 0.2),
    )  # fmt: skip
    served = (10 + 15 + 30) / 365.25
    assert found["outcomes.advisers_resigned_per_year"] == pytest.approx(1 / served)
    assert found["outcomes.advisers_let_go"] == 1 / 3, (
        "gone before the window, after it, or no adviser: not of the three"
    )


def after(client, acted, elsewhere, appealed, capability, day=40):
    return e.Aftermath(
        minute(day, 1000), client, f"{client}.p1", f"{client}.p1.m1", acted, elsewhere, appealed, capability
    )


def test_what_clients_do_afterwards():
    found = taken(
        *one_matter("c1"), logs.outcome(40, "c1", "p1", resolved=True), after("c1", True, False, False, 0.2),
        *one_matter("c2"), logs.outcome(40, "c2", "p1", resolved=False), after("c2", False, True, True, 0.0),
        *one_matter("c3"), logs.outcome(40, "c3", "p1", resolved=False), after("c3", True, False, False, 0.1),
    )  # fmt: skip
    assert found["outcomes.advice_acted_on"] == 2 / 3
    assert found["outcomes.went_elsewhere"] == 1 / 3
    assert found["outcomes.appealed"] == 1 / 2
    assert found["outcomes.capability_gained"] == pytest.approx(0.1)


def test_broken_promises_are_hand_overs_because_somebody_left():
    reasons: tuple[e.Passing, ...] = ("leaving", "notice", "pool")
    passed = [e.HandOver(minute(33), "c1.p1.m1", "c1", ANN, BOB, reason) for reason in reasons]
    found = taken(*one_matter(), *passed)
    assert found["continuity.broken_promises_per_matter"] == 1
    assert found["continuity.handovers_per_matter"] == 3


def test_remote_contacts_are_told_apart_by_what_was_wanted():
    found = taken(
        e.Person(minute(31), "c1", 0.5, 0.5, "online"), e.Person(minute(31), "c2", 0.5, 0.5, "face_to_face"),
        logs.asked(31, "c1", "p1"), logs.asked(31, "c2", "p1"),
        logs.contact(33, "c1", "p1", channel="telephone"), logs.contact(34, "c1", "p1"),
        logs.contact(35, "c2", "p1", channel="online"),
    )  # fmt: skip
    assert found["time.remote_contacts_wanted"] == 1 / 2
    assert found["time.remote_contacts_unwanted"] == 1


def test_discretion_is_that_of_the_matter_and_used_where_somebody_listened():
    bound = logs.opened(32, "c2", "p1")._replace(discretion=False)
    found = taken(
        *one_matter("c1"), logs.contact(33, "c1", "p1", listening=0),
        logs.asked(31, "c2", "p1"), bound, logs.contact(32, "c2", "p1", listening=5),
    )  # fmt: skip
    assert found["time.discretion_share"] == 2 / 3
    assert found["time.departures_share"] == 1 / 3


def organisations():
    big = [e.AdviserJoined(0, f"big/a-{n}.v1", f"big/a-{n}", 1, "caseworker", "big") for n in range(3)]
    small = e.AdviserJoined(0, "small/a-0.v1", "small/a-0", 1, "caseworker", "small")
    return [
        *big, small,
        e.Paid(minute(40), "big", "c", "fee", 30_000), e.Paid(minute(40), "small", "c", "fee", 10_000),
    ]  # fmt: skip


def test_spend_and_survival_of_organisations():
    found = taken(*organisations(), e.OrganisationClosed(minute(50), "small", -100, 0))
    assert found["diversity.organisations_surviving"] == 1 / 2
    assert found["diversity.effective_organisations"] == pytest.approx(16 / 10)
    assert found["diversity.spend_share_of_smaller"] == 1 / 4


def test_an_organisation_that_shuts_after_the_window_has_survived_it():
    found = taken(*organisations(), e.OrganisationClosed(minute(70), "small", -100, 0))
    assert found["diversity.organisations_surviving"] == 1


def test_posts_closed_are_counted_within_the_window():
    closings = [e.PostClosed(minute(day), AGENCY, "caseworker-01") for day in (20, 40, 70)]
    assert taken(logs.joined(ANN), *closings)["diversity.posts_closed"] == 1


def money_of_two_kinds():
    other = logs.opened(32, "c2", "p1", of_day=600)._replace(category="housing")
    return [
        *one_matter("c1"), logs.asked(31, "c2", "p1"), other, logs.contact(32, "c2", "p1", of_day=700),
        logs.closed(40, "c2", "p1", 40, 20, 1),
        e.Entitled(minute(41), AGENCY, "c", "c1.p1.m1", 1, "fee", 9_000),
        e.Entitled(minute(41), AGENCY, "c", "c2.p1.m1", 1, "fee", 1_000),
        e.Entitled(minute(42), AGENCY, "c", "", 1, "grant", 2_000),
        e.Spent(minute(43), AGENCY, "salaries", 12_000),
    ]  # fmt: skip


def test_margin_by_category_spreads_cost_and_grants_over_minutes():
    rows = margin_by_category(Folded(logs.log(*money_of_two_kinds())))
    assert {name: (row.minutes, row.earned, row.cost) for name, row in rows.items()} == {
        "debt": (60, 10_000, 6_000),
        "housing": (60, 2_000, 6_000),
    }
    found = taken(*money_of_two_kinds())
    assert (found["money.margin_worst_category"], found["money.margin_best_category"]) == (-40, 40)
    # Housing earned 20 pounds at 1 pound a minute: 20 of 60 minutes are paid.
    assert found["money.unpaid_hours_per_matter"] == pytest.approx(40 / 60 / 2)


def test_the_margins_of_all_categories_sum_to_the_margin_of_all():
    rows = margin_by_category(Folded(logs.log(*money_of_two_kinds())))
    total = sum(row.margin for row in rows.values())
    assert total / 100 == pytest.approx(taken(*money_of_two_kinds())["money.margin"])


def test_assessment_and_audit_are_told_apart():
    found = taken(
        *one_matter(),
        e.Entitled(minute(40, 1000), AGENCY, "c", "c1.p1.m1", 1, "vat", -100),
        e.Entitled(minute(50), AGENCY, "c", "c1.p1.m1", 1, "assessed", -2_500),
        e.Entitled(minute(51), AGENCY, "c", "", 1, "audit", -7_000),
        e.Audited(minute(51), AGENCY, "c", "audit", 5, 7_000, "recovered"),
    )
    assert found["money.assessed_off"] == 25
    assert found["money.recovered_at_audit"] == 70
    assert found["money.taken_back"] == 96


def test_strain_is_the_mean_of_advisers_months():
    strained = {ANN: 0.2, BOB: 0.4}
    months = [logs.diary(60, name, 1)._replace(strain=strain) for name, strain in strained.items()]
    idle = logs.diary(60, VERA, 1)._replace(strain=1.0)
    assert taken(volunteer(), *months, idle)["outcomes.strain"] == pytest.approx(0.3)


def test_a_matter_still_open_counts_to_the_close_only():
    found = taken(
        logs.asked(31, "c1", "p1"), logs.opened(32, "c1", "p1"),
        e.Spent(minute(40), AGENCY, "salaries", 28_000),
        e.StillOpen(ENDS, "c1", "c1.p1", "c1.p1.m1", "open"),
    )  # fmt: skip
    assert found["money.cost_per_client_year"] == pytest.approx(280 / (28 * 1440 / 525_960))


def test_exceptions_are_counted_by_matters_opened_and_their_minutes_by_the_duties_that_fell():
    def asked_for(client, granted):
        return e.ExceptionAsked(
            minute(32, 600), AGENCY, f"{client}.p1.m1", "c", "leave", ANN, minute(32, 600), granted
        )

    def fell(client, clause):
        return e.DutyFell(
            minute(32, 600), f"d-{client}-{clause}", "c", clause, AGENCY, ANN, f"{client}.p1.m1", 20, 0,
            minute(40), paid=False,
        )  # fmt: skip

    opened = [
        event
        for client in ("c1", "c2", "c3", "c4")
        for event in (
            logs.asked(31, client, "p1"),
            logs.opened(32, client, "p1", of_day=600)._replace(discretion=False),
        )
    ]
    found = taken(
        *opened, asked_for("c1", True), asked_for("c2", True), asked_for("c3", False),
        fell("c1", "leave"), fell("c2", "leave"), fell("c3", "leave"), fell("c3", "form"), fell("c4", "leave"),
    )  # fmt: skip
    assert found["time.exceptions_asked_share"] == 3 / 4
    assert found["time.exceptions_granted_share"] == 2 / 3
    assert found["time.exception_minutes_per_matter"] == 60 / 4


def test_whoever_works_less_than_four_fifths_is_part_time_and_leave_does_not_count():
    def met(*advisers):
        return [
            logs.asked(31, "c1", "p1"),
            logs.opened(32, "c1", "p1"),
            *(
                logs.contact(32 + n, "c1", "p1", ordinal=n + 1, adviser=adviser)
                for n, adviser in enumerate(advisers)
            ),
        ]

    diaries = (
        logs.diary(40, ANN, 0, 1000), logs.diary(60, ANN, 1, 200),
        logs.diary(40, BOB, 0, 100), logs.diary(60, BOB, 1, 799),
    )  # fmt: skip
    found = taken(*diaries, *met(ANN, ANN, BOB, ANN, ANN, BOB, BOB))
    assert found["continuity.same_again_full_time"] == 2 / 4
    assert found["continuity.same_again_part_time"] == 1 / 2
    whole = taken(*diaries[:3], logs.diary(60, BOB, 1, 800), *met(ANN, ANN, BOB, BOB))
    assert (whole["continuity.same_again_full_time"], whole["continuity.same_again_part_time"]) == (
        2 / 3,
        None,
    )
