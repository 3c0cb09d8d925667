"""What a minute costs somebody who is paid by the year, what a cut takes from whom, and where watching draws effort."""

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim import events as e
from legalaid_sim.advisers.allocation import least_loaded, with_hours
from legalaid_sim.advisers.effort import choose_minutes, solved_benefit, squeeze, tightness
from legalaid_sim.advisers.load import planned, promised
from legalaid_sim.contracts.vocabulary.facts import Segment
from legalaid_sim.units import add_up
from tests.builders.contracts import fixed, of_blocks
from tests.builders.lives import live
from tests.builders.scenarios import PROBLEM, scenario

ON: dict[str, Any] = {
    "effort.slack_is_free": 1,
    "effort.squeeze": 0.5,
    "effort.drop_meetings": 0,
    "effort.pressure_weight": 0,
    "adviser.altruism": 0.5,
}
loads = st.floats(0, 3)


@given(loads, loads, st.floats(0.1, 0.9), st.floats(0.95, 2.0))
def test_time_is_scarcer_with_more_in_hand_and_less_scarce_with_more_slack(less, more, slack, full):
    less, more = sorted((less, more))
    assert 0 <= tightness(less, 1, slack, full) <= tightness(more, 1, slack, full) <= 1
    assert tightness(more, 1, min(slack + 0.05, full - 0.01), full) <= tightness(more, 1, slack, full) + 1e-12
    assert tightness(slack, 1, slack, full) == 0
    assert tightness(full, 1, slack, full) == 1


@given(st.floats(0.03, 0.3), st.floats(0.1, 1.0), st.floats(10, 200))
def test_the_benefit_is_solved_for_the_cut_that_was_seen(cut, altruism, price):
    worth = solved_benefit(price, altruism, cut)
    chosen = choose_minutes([Segment(0, 5000.0, 0.0)], 200, price, altruism, worth, 300)
    assert chosen == pytest.approx(200 * (1 - cut))


@given(st.lists(st.integers(0, 400), max_size=12))
def test_what_is_promised_is_never_less_than_nothing(given_):
    usual = {"debt": 250}
    in_hand = [SimpleNamespace(facts=SimpleNamespace(category="debt"), given=each) for each in given_]
    assert promised(in_hand, usual) == add_up(max(0, 250 - each) for each in given_)
    assert planned(Fraction(1), 35, 2) == 35 * 60 * 2


@given(
    st.lists(
        st.tuples(
            st.fractions(Fraction(1, 10), Fraction(3, 2), max_denominator=10),
            st.lists(st.integers(0, 300), max_size=5),
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, 900),
)
def test_desks_are_weighed_by_their_hours_as_fractions_would_have_it(posts, limit):
    usual = {"debt": 250}
    desks: list[Any] = [
        SimpleNamespace(
            hours=hours,
            promised=lambda usual, each=each: add_up(max(0, usual["debt"] - one) for one in each),
        )
        for hours, each in posts
    ]
    loads = [add_up(max(0, 250 - one) for one in each) / hours for hours, each in posts]
    assert least_loaded(desks, usual) is desks[loads.index(min(loads))]
    assert with_hours(desks, limit, usual) == [desk for desk, load in zip(desks, loads) if load < limit]


@given(
    st.lists(st.integers(5, 120), min_size=1, max_size=8),
    st.integers(0, 40),
    st.integers(0, 500),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_a_squeeze_takes_what_is_cut_and_more_of_listening_the_more_it_comes_first(
    cores, listening, casework, cut, low, high
):
    low, high = sorted((low, high))
    need = add_up(cores) + listening * len(cores) + casework
    aim = max(len(cores), round(need * (1 - 0.5 * cut)))
    kept = [squeeze(aim, cores, listening, casework, first, drops=False) for first in (low, high)]
    assert kept[0][1] >= kept[1][1]
    for left, heard, work in kept:
        assert len(left) == len(cores)
        assert min(left) >= 1
        assert all(now <= before for now, before in zip(left, cores))
        given_ = add_up(left) + heard * len(left) + work
        # Listening is so many whole minutes a meeting, so up to a minute a meeting is lost in rounding it.
        assert aim - len(cores) - 2 <= given_ <= aim + len(cores) + 2
    assert squeeze(need, cores, listening, casework, low, drops=False) == (tuple(cores), listening, casework)


def busy(per_week: float, **assumptions: Any) -> Any:
    """Two advisers with so many clients a week, under a flat fee, whose effort responds."""
    made = scenario(
        advisers=[{"role": "caseworker", "number": 2}],
        problems={"debt": {**PROBLEM, "casework_minutes": 120}},
        clients={"relational_need": 1.0},
        per_week=per_week,
        respond="effort",
        assumptions={**ON, **assumptions},
    )
    return live(made, fixed(200)).of(e.MatterOpened)


def share(opened: Any) -> float:
    return add_up(each.planned for each in opened) / add_up(each.needed for each in opened)


def test_with_slack_nobody_saves_a_minute_that_is_paid_for_anyhow():
    assert share(busy(1.0)) == 1


def test_where_time_is_scarce_flat_pay_cuts_what_was_seen_to_be_cut():
    # More than twice what two advisers can do: the load is beyond full from the first months on.
    late = busy(40.0)[-100:]
    assert share(late) == pytest.approx(1 - 0.11, abs=0.005)


def test_a_shadow_of_nothing_gives_the_need_wherever_pay_is_flat():
    assert share(busy(40.0, **{"effort.shadow": 0})) == 1


def test_a_dearer_minute_is_given_less_often():
    assert (
        share(busy(40.0, **{"effort.shadow": 2}))
        < share(busy(40.0))
        < share(busy(40.0, **{"effort.shadow": 0.5}))
    )


WATCHED = """\
controls:
  - {{id: watched, kind: kpi, measure: {measure}, target: {{at_least: 1}}}}
payments:
  - {{id: fee, kind: fixed_fee, earned: on_close, dated_by: matter_opened, amount: 200.00}}
"""


def heard(measure: str, relations: int) -> int:
    made = scenario(
        clients={"relational_need": 1.0},
        respond="all",
        assumptions={
            **ON,
            "multitask.response": 2,
            "multitask.relations": relations,
            "payer.full_monitoring": 1,
            "selection.strength": 0,
            "selection.base": 9,
        },
    )
    return add_up(
        met.listening for met in live(made, of_blocks(WATCHED.format(measure=measure))).of(e.Contact)
    )


def test_watching_relations_draws_effort_to_them_and_watching_results_away():
    assert heard("known_adviser_share", 1) > heard("resolved_share", 1)
    assert heard("known_adviser_share", 0) == heard("resolved_share", 0) == heard("resolved_share", 1)
