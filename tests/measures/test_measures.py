"""Every measure of the small story, worked out by hand; then what is said of nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim import events as e
from legalaid_sim.events import Log
from legalaid_sim.measures import HEADLINES, REGISTRY, measure
from tests.builders import logs
from tests.builders.logs import ANN, BOB, CLOSES, OPENS, WINDOW, minute

SHARED_A_DAY = 600 / 1440  # every first contact is at ten in the morning, every first asking at midnight
YEAR = 525_960  # minutes

# By group: low need c2 c4, high need c1 c3 c5; least vulnerable c1, most c3; by telephone c5.
# Then what the last of each two less the first is: by vulnerability, by need, by channel.
GROUPED = {
    "days_to_first_contact": (
        10 + SHARED_A_DAY, 2.5 + SHARED_A_DAY, 2 + SHARED_A_DAY, None, 6 + SHARED_A_DAY, 3 + SHARED_A_DAY,
        None, -7.5, -3,
    ),
    "turned_away": (1 / 2, 0, 0, 0, 1 / 4, 0, 0, -1 / 2, -1 / 4),
    "left_before_seen": (0, 1 / 3, 0, 1, 1 / 4, 0, 1, 1 / 3, -1 / 4),
    "never_seen": (1 / 2, 1 / 3, 0, 1, 2 / 4, 0, 1, -1 / 6, -1 / 2),
    "lost_at_referral": (0, 0, 0, 0, 0, 0, 0, 0, 0),
    "helped_before_crisis": (0, 2 / 4, 1, 0, 1 / 4, 1 / 2, -1, 1 / 2, 1 / 4),
    "disclosed_early": (0, 0, 0, None, 0, 0, None, 0, 0),
}  # fmt: skip
SUFFIXES = (
    "low_need", "high_need", "least_vulnerable", "most_vulnerable", "face_to_face", "remote",
    "gap", "need_gap", "channel_gap",
)  # fmt: skip

EXPECTED = {
    # c1 met Ann, Ann, Bob, Bob; c2 Ann; c5 Ann, Ann.
    "continuity.coc": (1 / 3 + 1) / 2,
    "continuity.secon": (2 / 3 + 1) / 2,
    "continuity.contacts_per_client": 7 / 3,
    "continuity.excluded_share": 1 / 3,
    "continuity.known_adviser": 3 / 7,
    "continuity.upc": (1 / 2 + 1 + 1) / 3,
    "continuity.herfindahl": (1 / 2 + 1 + 1) / 3,
    "continuity.mmci": (21 / 31 + 1) / 2,
    "continuity.coc_low_need": None,
    "continuity.coc_high_need": (1 / 3 + 1) / 2,
    "continuity.secon_low_need": None,
    "continuity.secon_high_need": (2 / 3 + 1) / 2,
    "continuity.known_low_need": 0,
    "continuity.known_high_need": 3 / 6,
    "continuity.organisation_coc": 1,
    "continuity.organisation_secon": 1,
    "continuity.organisation_known": 4 / 7,
    "continuity.handovers_per_matter": 1 / 5,
    "continuity.broken_promises_per_matter": 0,
    "continuity.retelling_minutes_per_matter": 12 / 5,
    "continuity.days_waited_for_own_adviser": None,
    "continuity.longest_spell_share": (31 / 38 + 1) / 2,
    "continuity.second_need_same_adviser": 1,
    "continuity.trust_at_closing": (0.6 + 0.8 + 0.4 + 0.6) / 4,
    "continuity.same_again_part_time": None,
    "continuity.same_again_full_time": 3 / 4,
    "admin.share": 145 / 2000,
    "admin.contract_duty_share": 55 / 2000,
    "admin.minutes_per_matter": 145 / 3,
    "admin.staff_minutes_per_matter": 15 / 3,
    "admin.minutes_per_100_pounds_earned": 145 / 2.8,
    "admin.unpaid_duty_minutes_per_matter": 25 / 3,
    "admin.adviser_part": 55 / 70,
    "admin.late_share": 1 / 2,
    "time.contact_share": 252 / 2000,
    "time.listening_share": 90 / 2000,
    "time.casework_share": 80 / 2000,
    "time.duty_share": 55 / 2000,
    "time.admin_share": 90 / 2000,
    "time.handover_share": 18 / 2000,
    "time.supervision_share": 0,
    "time.travel_share": 0,
    "time.missed_share": 15 / 2000,
    "time.idle_share": 1400 / 2000,
    "time.with_clients_share": 342 / 2000,
    "time.face_to_face_share": 222 / 342,
    "time.listening_minutes_per_client": 90 / 3,
    "time.remote_contacts_wanted": 1,
    "time.remote_contacts_unwanted": 0,
    "time.listening_by_companions_share": 0,
    "time.discretion_share": 1,
    "time.departures_share": 5 / 6,
    "time.exceptions_asked_share": 0,
    "time.exceptions_granted_share": None,
    "time.exception_minutes_per_matter": 0,
    # Bob met 0.9 of a need of 4.5, and listened to nobody.
    "time.listening_unlike_share": 0.9 / 4.5,
    "access.days_to_first_contact": 3 + SHARED_A_DAY,
    "access.days_to_first_contact_mean": 5 + SHARED_A_DAY,
    "access.days_to_first_contact_p90": 3 + 0.8 * 7 + SHARED_A_DAY,
    "access.days_to_follow_up": 0,
    "access.left_before_seen": 1 / 5,
    "access.lost_at_referral": 0,
    "access.never_seen": 2 / 5,
    "access.turned_away": 1 / 5,
    "access.turned_away_matter_starts": 1 / 5,
    "access.turned_away_capacity": 0,
    "access.turned_away_scope": 0,
    "access.turned_away_evidence": 0,
    "access.turned_away_suspended": 0,
    "access.turned_away_selection": 0,
    "access.turned_away_closed": 0,
    "access.turned_away_budget": 0,
    "access.turned_away_channel": 0,
    "access.helped_before_crisis": 2 / 6,
    "access.disclosed_early": 0,
    "access.lost_at_first_hand_on": None,
    "access.lost_at_second_hand_on": None,
    "access.lost_at_third_hand_on": None,
    "access.lost_at_door": 0,
    **{
        f"access.{stem}_{suffix}": value
        for stem, values in GROUPED.items()
        for suffix, value in zip(SUFFIXES, values, strict=True)
    },
    "access.dates_met": None,
    "access.dates_stood_by": None,
    "access.dates_waited_out": None,
    "access.days_to_first_contact_undated": None,
    "goals.set_per_matter": 0,
    "goals.reviewed_share": None,
    "goals.reached_in_time_share": None,
    "goals.lapsed_share": None,
    "outcomes.resolved_share": 2 / 6,
    "outcomes.resolved_early_share": 1 / 6,
    "outcomes.returned_12_months": 1 / 4,
    "outcomes.follow_on_activated": 1 / 6,
    "outcomes.advisers_resigned_per_year": 0,
    "outcomes.advisers_let_go": 0,
    "outcomes.advisers_kept": 1,
    "outcomes.strain": 0,
    "outcomes.advice_acted_on": None,
    "outcomes.went_elsewhere": None,
    "outcomes.appealed": None,
    "outcomes.capability_gained": 0,
    "outcomes.resolved_offered_companion": None,
    "outcomes.resolved_not_offered_companion": None,
    "money.earned": 280,
    "money.payer_spend": 150,
    "money.other_income": 0,
    "money.cost": 80,
    "money.margin": 200,
    "money.taken_back": 20,
    "money.cash_low_point": 80,
    "money.months_below_zero": 0,
    "money.unpaid_at_end": 130,
    "money.work_in_progress": 40,
    "money.matters_open": 1,
    "money.payer_spend_per_resolved": 150,
    "money.cost_per_matter": 80 / 3,
    "money.earned_per_matter": 280 / 3,
    "money.escape_share": 1 / 3,
    "money.hours_worked_per_matter": 350 / 60 / 3,
    "money.budget_unspent_share": None,
    "money.margin_worst_category": (280 - 80) / 3,
    "money.margin_best_category": (280 - 80) / 3,
    # Within the window c1 has a matter open for 14,800 minutes, c2 for 25,320, c5 (two at once) for 13,360.
    "money.cost_per_client_year": 80 / ((14_800 + 25_320 + 13_360) / YEAR),
    "money.matters_per_adviser_year": 3 / (2 * 30 * 1440 / YEAR),
    "money.earned_per_adviser_year": 280 / (2 * 30 * 1440 / YEAR),
    "money.assessed_off": 0,
    "money.recovered_at_audit": 0,
    "money.unpaid_hours_per_matter": 1 / 3,  # the hour of the matter that an audit left with nothing
    "diversity.organisations_surviving": 1,
    "diversity.posts_closed": 0,
    "diversity.effective_organisations": 1,
    "diversity.spend_share_of_smaller": None,
}


@pytest.fixture(scope="module")
def taken():
    return measure(logs.story())


def test_every_measure_is_worked_out_by_hand_and_in_the_order_of_the_registry(taken):
    assert list(taken) == list(EXPECTED) == list(REGISTRY)


@pytest.mark.parametrize("name", EXPECTED)
def test_measure_of_the_story(taken, name):
    expected = EXPECTED[name]
    assert taken[name] == (None if expected is None else pytest.approx(expected, abs=1e-12))


@given(st.lists(st.sampled_from(list(REGISTRY)), unique=True, max_size=12))
def test_a_measure_is_the_same_whichever_others_are_taken_with_it(taken, names):
    found = measure(logs.story(), names)
    assert list(found) == names
    assert found == {name: taken[name] for name in names}


def test_a_measure_can_be_taken_alone():
    assert REGISTRY["continuity.coc"](logs.story()) == pytest.approx(2 / 3)


NEVER_UNDEFINED = {
    "money.earned",
    "money.payer_spend",
    "money.other_income",
    "money.cost",
    "money.margin",
    "money.taken_back",
    "money.work_in_progress",
    "money.matters_open",
    "money.assessed_off",
    "money.recovered_at_audit",
}


@pytest.mark.parametrize("name", REGISTRY)
def test_an_empty_log_leaves_every_share_undefined_and_every_sum_nought(name):
    value = REGISTRY[name](Log(WINDOW))
    assert value == (0 if name in NEVER_UNDEFINED else None)
    assert REGISTRY[name].undefined.startswith("never") == (name in NEVER_UNDEFINED)


@pytest.mark.parametrize("entry", REGISTRY.values(), ids=REGISTRY)
def test_every_measure_says_what_it_is(entry):
    assert entry.meaning.endswith(".")
    assert entry.theme in {
        "continuity", "admin", "time", "access", "goals", "outcomes", "money", "diversity",
    }  # fmt: skip
    assert entry.better in {"higher", "lower", "neither"}
    assert all([entry.unit, entry.formula, entry.population, entry.source, entry.undefined])
    assert any(character.isdigit() for character in entry.source), "a source has a year"


# What a formula takes, and a word for it that the meaning cannot do without.
STATISTICS = {
    "median over": "median",
    "90th percentile": "nine in ten",
    "min of": "lowest",
    "lowest over": "loses most",
    "highest over": "gains most",
    "count of": "how many",
}


@pytest.mark.parametrize("entry", REGISTRY.values(), ids=REGISTRY)
def test_meaning_and_label_say_which_statistic_the_formula_takes(entry):
    root = entry.formula.partition(" of these clients")[0].partition(" - ")[0]
    formula = REGISTRY[root].formula if root in REGISTRY else entry.formula
    for words, needed in STATISTICS.items():
        if formula.startswith(words):
            assert needed in entry.meaning.lower()
            assert needed.split()[0] in entry.label or needed not in ("median", "nine in ten", "lowest")
    whole = entry.unit == "share" and " / " in formula and not formula.startswith("mean over")
    assert not whole or any(
        word in entry.meaning.lower() for word in ("share", "how often", "part", "chance")
    )


def test_what_stands_in_tables_is_told_apart():
    labels = [entry.label for entry in REGISTRY.values()]
    assert sorted({label for label in labels if labels.count(label) > 1}) == []


def test_continuity_and_admin_are_headlines():
    assert {"continuity.coc", "continuity.secon", "continuity.contacts_per_client", "admin.share"} <= {
        entry.name for entry in HEADLINES
    }


def test_without_persons_nothing_is_said_of_groups():
    nameless = Log(WINDOW, [event for event in logs.story() if not isinstance(event, e.Person)])
    taken = measure(nameless)
    halves = [name for name in REGISTRY if name.startswith("continuity.") and name.endswith("_need")]
    grouped = [*halves, *(f"access.{stem}_{suffix}" for stem in GROUPED for suffix in SUFFIXES)]
    assert len(grouped) == 6 + 7 * 9
    assert {name: taken[name] for name in grouped} == dict.fromkeys(grouped)
    assert taken["continuity.coc"] == pytest.approx(2 / 3)


def test_the_minute_of_opening_belongs_to_the_window_and_that_of_closing_does_not():
    first, last = logs.asked(30, "c1", "p1"), logs.asked(60, "c2", "p1")
    assert (first.at, last.at) == (OPENS, CLOSES)
    gone = [e.Left(minute(70), client, f"{client}.p1", "", "waiting") for client in ("c1", "c2")]
    assert measure(logs.log(first, gone[0]))["access.left_before_seen"] == 1
    assert measure(logs.log(last, gone[1]))["access.left_before_seen"] is None


def test_waits_are_told_for_further_meetings_and_for_the_own_adviser():
    first = logs.contact(31, "c1", "p1")
    later = [
        logs.contact(40 + days, "c1", "p1", ordinal=2)._replace(waited=1440 * days, core=core)
        for days, core in ((1, 40), (2, 40), (9, 0))  # a companion's listening has no core minutes
    ]
    slots = [
        e.Booked(minute(31, n), "c1", "c1.p1.m1", ANN, 2, 0, own, minute(33), slot, minutes)
        for n, (own, slot, minutes) in enumerate(
            (
                (minute(36), minute(36), 50),
                (minute(50), minute(33), 50),
                (-1, minute(33), 50),
                (minute(31), minute(31), 0),
                (0, minute(34), 50),
            )
        )
    ]
    taken = measure(logs.log(logs.asked(30, "c1", "p1"), first, *later, *slots))
    assert taken["access.days_to_follow_up"] == 3 / 2
    assert taken["continuity.days_waited_for_own_adviser"] == (3 + 0 + 1) / 3


def test_known_adviser_looks_back_over_24_months_only():
    def share(days_apart):
        meetings = [logs.contact(31, "c1", "p1"), logs.contact(31 + days_apart, "c1", "p1")]
        long = e.Window(OPENS, CLOSES, minute(900))
        return measure(logs.log(logs.asked(31, "c1", "p1"), *meetings, window=long))[
            "continuity.known_adviser"
        ]

    assert share(730) == 1 / 2
    assert share(731) == 0


def shifted(days: int, apart: int):
    """One client's whole story, begun so many days into the window, with a meeting every so many days to the end."""
    first, name = 31 + days, "c1.p1.m1"
    meetings = [
        logs.contact(day, "c1", "p1", adviser=(ANN, BOB)[place // 2 % 2], listening=place, ordinal=place + 1)
        for place, day in enumerate(range(first + 1, FOLLOWED_TO, apart))
    ]
    changes = [e.HandOver(met.began, name, "c1", ANN, BOB, "leaving") for met in meetings[2::2]]
    reviews = [e.GoalReviewed(met.began, "c1", name, ANN, "open") for met in meetings[1:]]
    further = [logs.asked(day, "c1", f"p{day - first}") for day in range(first + 5, FOLLOWED_TO, 7)]
    again = [
        e.TurnedAway(minute(day, 9), "c1", f"c1.p{day - first}", "agency", "capacity", "")
        for day in range(first + 26, FOLLOWED_TO, 7)
    ]
    late = [
        logs.closed(first + 35, "c1", "p1", 9, 9, 3), logs.outcome(first + 35, "c1", "p1", resolved=True),
        e.Aftermath(minute(first + 35, 5), "c1", "c1.p1", name, True, False, False, 0.3),
        e.Left(minute(first + 36), "c1", "c1.p1", name, "referral"),
    ]  # fmt: skip
    return logs.log(
        e.Person(minute(first), "c1", 0.5, 0.5, "telephone"), logs.asked(first, "c1", "p1"),
        logs.opened(first + 1, "c1", "p1"), e.GoalSet(minute(first + 1), "c1", name, ANN, minute(first + 9)),
        *(  # type: ignore[arg-type]
            event for event in (*meetings, *changes, *reviews, *further, *again, *late)
            if event.at < minute(FOLLOWED_TO)  # type: ignore[attr-defined]
        ),
        window=e.Window(OPENS, CLOSES, minute(FOLLOWED_TO)),
    )  # fmt: skip


FOLLOWED_TO = 90  # thirty days after the close


@pytest.mark.parametrize("apart", [2, 5, 11])
def test_who_asks_late_has_no_shorter_story(apart):
    of_people = [
        name for name, entry in REGISTRY.items()
        if "followed from first asking" in entry.population and name != "outcomes.returned_12_months"
    ]  # fmt: skip
    early, late = (measure(shifted(days, apart)) for days in (0, 28))
    assert len(of_people) > 60
    assert {name: early[name] for name in of_people} == pytest.approx(
        {name: late[name] for name in of_people}
    )
    assert early["continuity.contacts_per_client"] == len(range(1, 30, apart))


def test_without_a_run_out_everybody_is_followed_to_the_end():
    meetings = [logs.contact(day, "c1", "p1") for day in (31, 40, 59)]
    bare = e.Window(OPENS, CLOSES, CLOSES)
    found = measure(logs.log(logs.asked(31, "c1", "p1"), *meetings, window=bare))
    assert found["continuity.contacts_per_client"] == 3


def test_a_second_need_met_by_another_adviser_is_not_kept():
    log = logs.log(
        logs.asked(31, "c1", "p1"),
        logs.opened(31, "c1", "p1"),
        logs.contact(31, "c1", "p1", adviser=BOB),
        logs.contact(32, "c1", "p1", adviser=ANN),
        logs.opened(33, "c1", "p2"),
        logs.contact(33, "c1", "p2", adviser=BOB),
    )
    assert measure(log)["continuity.second_need_same_adviser"] == 0


def test_resignations_per_adviser_year_count_only_time_within_the_window():
    left = e.AdviserLeft(minute(45), BOB, BOB[:-3], "own choice", 0.4)
    served = (30 + 15) / 365.25
    log = logs.log(logs.joined(ANN), logs.joined(BOB), left)
    assert measure(log)["outcomes.advisers_resigned_per_year"] == pytest.approx(1 / served)


def test_organisations_are_told_apart_from_advisers():
    meetings = [
        logs.contact(31, "c1", "p1", adviser=ANN, organisation="agency"),
        logs.contact(32, "c1", "p1", adviser=BOB, organisation="agency"),
    ]
    taken = measure(logs.log(logs.asked(31, "c1", "p1"), *meetings))
    assert (taken["continuity.coc"], taken["continuity.organisation_coc"]) == (0, 1)


def test_a_follow_on_counts_as_coming_back_but_another_problem_does_not():
    def returned(problem):
        log = logs.log(
            logs.asked(31, "c1", "p1"),
            logs.opened(31, "c1", "p1"),
            logs.closed(40, "c1", "p1", 0, 0, 0),
            logs.asked(50, "c1", problem),
        )
        return measure(log)["outcomes.returned_12_months"]

    assert (returned("p1"), returned("p1.f1"), returned("p2")) == (1, 1, 0)


def test_closings_that_cannot_be_followed_for_a_year_are_left_out():
    short = e.Window(OPENS, CLOSES, minute(300))
    log = logs.log(logs.asked(31, "c1", "p1"), logs.closed(40, "c1", "p1", 0, 0, 0), window=short)
    assert measure(log)["outcomes.returned_12_months"] is None


def test_only_what_is_disclosed_before_crisis_counts_as_early():
    told = [
        e.Disclosed(minute(32), "c1", f"c1.{problem}", ANN, problem != "p4") for problem in ("p2", "p3", "p4")
    ]
    log = logs.log(logs.asked(31, "c1", "p1"), logs.contact(31, "c1", "p1"), *told)
    assert measure(log)["access.disclosed_early"] == 2


def test_other_income_is_told_apart_from_what_the_payer_paid():
    taken = measure(logs.log(e.Received(minute(40), "agency", "other_income", 5_050)))
    assert (taken["money.other_income"], taken["money.payer_spend"]) == (50.5, 0)


def test_dates_of_the_story():
    """c1 is stood by and c5 missed twice at court, c3 waited; c2 and c4 have no date, and c2 alone of them was seen."""
    story = logs.story()
    asked = {each.client: each.problem for each in story.of(e.Asked)}
    seen = measure(story)["access.days_to_first_contact_low_need"]
    dates = [
        e.DateCame(minute(40), "c1", asked["c1"], "", logs.AGENCY, "court", "represented", ANN),
        e.DateCame(minute(40), "c3", asked["c3"], "", logs.AGENCY, "", "waiting", ""),
        e.DateCame(minute(40), "c5", asked["c5"], "", logs.AGENCY, "court", "nobody_free", ""),
        e.DateCame(minute(41), "c5", asked["c5"], "", logs.AGENCY, "court", "nobody_free", ""),
    ]
    found = measure(Log(story.window, sorted([*story.events, *dates], key=lambda each: each.at)))
    assert found["access.dates_met"] == pytest.approx(1 / 4)
    assert found["access.dates_stood_by"] == pytest.approx(1 / 3)
    assert found["access.dates_waited_out"] == pytest.approx(1 / 4)
    assert found["access.days_to_first_contact_undated"] == pytest.approx(seen)


def test_of_those_without_a_date_the_one_in_the_middle_is_told():
    met = [
        event
        for client, days in (("c1", 1), ("c2", 2), ("c3", 6), ("c4", 20))
        for event in (logs.asked(31, client, "p1"), logs.contact(31 + days, client, "p1", of_day=0))
    ]
    date = e.DateCame(minute(60), "c4", "c4.p1", "", logs.AGENCY, "", "waiting", "")
    assert measure(logs.log(*met, date))["access.days_to_first_contact_undated"] == 2
