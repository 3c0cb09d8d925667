"""The small story month by month, worked out by hand, and what measures are called in a sentence."""

import pytest

from legalaid_sim import events as e
from legalaid_sim.measures import REGISTRY
from legalaid_sim.measures.monthly import CURVES, Months, by_month
from legalaid_sim.measures.words import moved
from tests.builders import logs
from tests.builders.logs import AGENCY, minute

MORNING = 600 / 1440

EXPECTED = {
    "access.asked": [1, 6, 1],
    "access.turned_away": [0, 1 / 6, 0],
    "access.days_to_first_contact": [1, (2 + 10 + 3 + 4) / 4 + MORNING, 1],
    "continuity.known_adviser": [None, 2 / 3, 1],
    "admin.share": [0, 145 / 2000, 0],
    "time.idle_share": [0.94, 1400 / 2000, 0.94],
    "outcomes.resolved_share": [1, 1 / 3, 1],
    "matters.open": [0, 1, 1],
    "money.payer_spend": [0, 150, 130],
    "money.reserves": [10, 80, 210],
}


def test_every_curve_of_the_small_story():
    found = by_month(logs.story())
    assert set(found) == set(EXPECTED) == {curve.name for curve in CURVES}
    for name, values in EXPECTED.items():
        assert found[name] == [None if value is None else pytest.approx(value) for value in values], name  # type: ignore[attr-defined]


def test_the_minute_of_a_month_s_end_belongs_to_the_month_that_ends():
    months = Months(logs.story())
    assert [months.number(minute(30) + late) for late in (-1, 0, 1)] == [0, 0, 1]
    assert months.counts([minute(30), minute(30) + 1, minute(90), minute(90) + 1]) == [1, 1, 1]


def test_one_asking_of_two_organisations_is_one_and_led_somewhere_if_either_took_it():
    first = logs.asked(31, "c1", "p1")
    events = [
        first, first._replace(organisation="other"), logs.asked(32, "c2", "p1"), logs.asked(33, "c1", "p1"),
        e.TurnedAway(minute(31), "c1", "c1.p1", AGENCY, "scope", ""),
        e.Referred(minute(31), "c1", "c1.p1", AGENCY, "other", "scope", True),
        e.TurnedAway(minute(32), "c2", "c2.p1", AGENCY, "scope", ""),
        e.Referred(minute(32), "c2", "c2.p1", AGENCY, "other", "scope", False),
        logs.books(60, 0, 0, 0, 0, 0),
    ]  # fmt: skip
    found = by_month(logs.log(*events))
    assert found["access.asked"] == [3]
    assert found["access.turned_away"] == [1 / 3]


def test_whoever_asks_again_waits_from_the_last_time():
    events = [
        logs.asked(31, "c1", "p1"), logs.asked(40, "c1", "p1"), logs.opened(42, "c1", "p1"),
        logs.asked(50, "c1", "p1"), logs.books(60, 0, 0, 0, 0, 0),
    ]  # fmt: skip
    assert by_month(logs.log(*events))["access.days_to_first_contact"] == [2]
    assert by_month(logs.log(*events[1:2], *events[3:]))["access.days_to_first_contact"] == [None]


def test_a_measure_has_a_label_a_phrase_and_a_theme():
    wait, coc = REGISTRY["access.days_to_first_contact"], REGISTRY["continuity.coc"]
    assert wait.phrase == "the median time from first asking to first meeting an adviser"
    assert (wait.theme, coc.theme) == ("access", "continuity")
    assert coc.label == "same adviser"
    assert REGISTRY["diversity.posts_closed"].label == "posts closed"
    assert REGISTRY["time.duty_share"].short or REGISTRY["time.duty_share"].label == "duty"


def test_a_move_is_told_in_words_of_its_own_or_as_higher_and_lower():
    assert moved(REGISTRY["money.earned"], more=True) == "Agencies earn more"
    assert moved(REGISTRY["money.earned"], more=False) == "Agencies earn less"
    posts = REGISTRY["diversity.posts_closed"]
    assert (moved(posts, more=True), moved(posts, more=False)) == (
        "Posts closed: higher",
        "Posts closed: lower",
    )
