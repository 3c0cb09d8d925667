"""Part-time work both ways: days away part people from their adviser, shorter days hardly, and moves part them too."""

from math import fsum

import pytest

from legalaid_sim.measures import measure
from tests.builders.lives import live
from tests.builders.scenarios import scenario

TOGETHER, NEXT = "continuity.coc", "access.days_to_follow_up"
PART, WHOLE = "continuity.same_again_part_time", "continuity.same_again_full_time"
POSTS = {
    "full": [{"role": "caseworker", "name": "full", "number": 3}],
    "days": [
        {"name": "early", "number": 3, "hours_per_week": 17.5, "days": ["mon", "tue", "wed"]},
        {"name": "late", "number": 3, "hours_per_week": 17.5, "days": ["wed", "thu", "fri"]},
    ],
    "short": [{"name": "short", "number": 6, "hours_per_week": 17.5}],
}
POSTS["mixed"] = [{**POSTS["full"][0], "number": 2}, *({**each, "number": 1} for each in POSTS["days"])]
STAY, MOVE = 0.0, 0.03


def means(posts, leaving, patience=3, names=(TOGETHER, NEXT)):
    made = scenario(
        quiet=False, problems={"debt": {}}, per_week=9, months=9, lead_in=3, run_out=4, start="own",
        advisers=POSTS[posts],
        organisation={"allocation": {"own_adviser_patience_days": patience}},
        assumptions={"adviser.leaving_per_month": leaving, "adviser.supervision_minutes_per_week": 0},
    )  # fmt: skip
    lives = [measure(live(made, seed=seed), names) for seed in (1, 2, 3)]
    return {name: fsum(each[name] for each in lives) / len(lives) for name in names}


@pytest.fixture(scope="module")
def found():
    return {
        (posts, leaving): means(posts, leaving)
        for posts in ("full", "days", "short")
        for leaving in (STAY, MOVE)
    }


@pytest.mark.parametrize("leaving", [STAY, MOVE])
def test_days_away_part_people_from_their_adviser_and_shorter_days_by_less(found, leaving):
    full, days, short = (found[posts, leaving] for posts in ("full", "days", "short"))
    assert days[TOGETHER] < short[TOGETHER] - 0.03 < full[TOGETHER] - 0.03
    assert days[NEXT] > short[NEXT] > full[NEXT]


def test_whoever_stays_for_shorter_days_is_met_more_than_whoever_moves_on_from_full_ones(found):
    assert found["short", STAY][TOGETHER] > found["full", MOVE][TOGETHER] + 0.03


def test_whoever_stays_for_days_away_is_met_less_than_whoever_moves_on_from_full_ones(found):
    assert found["days", STAY][TOGETHER] < found["full", MOVE][TOGETHER] - 0.01


def test_after_a_part_timer_the_next_meeting_is_oftener_with_somebody_else():
    both = means("mixed", STAY, names=(PART, WHOLE))
    assert both[PART] < both[WHOLE] - 0.05


def test_where_people_wait_for_as_long_as_it_takes_hours_cost_days_and_nobody(found):
    waited = {posts: means(posts, STAY, "for_ever") for posts in ("full", "days")}
    assert all(each[TOGETHER] > 0.99 for each in waited.values())
    assert waited["days"][NEXT] > waited["full"][NEXT] + 0.5
