"""Volunteers both ways: a help where there is time to supervise them, a cover for want of time where there is none."""

from math import fsum

import pytest

from legalaid_sim.measures import measure
from tests.builders.contracts import of_blocks
from tests.builders.lives import live
from tests.builders.scenarios import scenario

RESOLVED, UNSEEN = "outcomes.resolved_share", "access.never_seen"
HEARD, ACTED = "time.listening_minutes_per_client", "outcomes.advice_acted_on"
NAMES = (RESOLVED, UNSEEN, HEARD, ACTED)
PROCEDURE = "standards: [{id: procedure, kind: discretion, allowed: false}]\n"
JUDGEMENT = "standards: []\n"
SPARE, SHORT = 4, 11


def means(per_week, offered, rule=PROCEDURE, paid=2, **assumptions):
    made = scenario(
        quiet=False, problems={"debt": {}}, per_week=per_week, months=9, lead_in=3, run_out=4, start="own",
        advisers=[
            {"role": "supervisor"},
            {"role": "caseworker", "number": paid},
            {"role": "volunteer", "number": 8, "hours_per_week": 7, "days": ["tue", "thu"]},
        ],
        organisation={"companions_offered": offered},
        assumptions={"companion.need": 0, **assumptions},
    )  # fmt: skip
    lives = [measure(live(made, of_blocks(rule), seed=seed), NAMES) for seed in (1, 2, 3)]
    return {name: fsum(each[name] or 0.0 for each in lives) / len(lives) for name in NAMES}


@pytest.fixture(scope="module")
def found():
    return {(load, offered): means(load, offered) for load in (SPARE, SHORT) for offered in (0, 1)}


def test_with_time_to_spare_more_act_on_advice_and_nobody_goes_unseen_for_it(found):
    alone, helped = found[SPARE, 0], found[SPARE, 1]
    assert helped[ACTED] > alone[ACTED] + 0.005
    assert helped[RESOLVED] > alone[RESOLVED]
    assert helped[UNSEEN] < alone[UNSEEN] + 0.005


def test_without_time_to_spare_who_is_seen_is_heard_for_longer_and_fewer_are_seen_and_resolved(found):
    alone, covered = found[SHORT, 0], found[SHORT, 1]
    assert covered[HEARD] > alone[HEARD] + 30
    assert covered[ACTED] > alone[ACTED]
    assert covered[UNSEEN] > alone[UNSEEN] + 0.005
    assert covered[RESOLVED] < alone[RESOLVED]


def test_what_volunteers_take_is_the_time_of_who_supervises_them(found):
    free = means(SHORT, 1, **{"companion.supervision": 0})
    assert free[RESOLVED] > found[SHORT, 0][RESOLVED]
    assert free[UNSEEN] < found[SHORT, 1][UNSEEN]


def test_in_place_of_somebody_paid_they_hide_how_few_are_seen(found):
    instead = means(SHORT, 1, paid=1)
    assert instead[HEARD] > found[SHORT, 0][HEARD] + 30
    assert instead[UNSEEN] > found[SHORT, 0][UNSEEN] + 0.1
    assert instead[RESOLVED] < found[SHORT, 0][RESOLVED] - 0.1


def test_leave_to_judge_does_more_for_fewer_minutes_of_being_heard(found):
    judged = means(SPARE, 0, JUDGEMENT)
    assert judged[HEARD] < found[SPARE, 1][HEARD]
    assert judged[ACTED] > found[SPARE, 1][ACTED] + 0.01


def test_volunteers_who_need_no_supervision_and_carry_nothing_change_what_is_heard_and_hardly_anything_else(
    found,
):
    idle = means(SHORT, 1, **{"companion.supervision": 0, "companion.carries": 0})
    alone = found[SHORT, 0]
    assert idle[HEARD] > alone[HEARD] + 30
    # A matter does not close while somebody listens, and a little trust carries over as from any colleague.
    assert all(abs(idle[name] - alone[name]) < 0.005 for name in (RESOLVED, UNSEEN, ACTED))


def test_volunteers_who_neither_listen_nor_are_supervised_change_nothing(found):
    assert means(SHORT, 1, **{"companion.supervision": 0, "companion.minutes": 0}) == found[SHORT, 0]
