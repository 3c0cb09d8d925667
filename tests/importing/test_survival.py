"""Estimators against published figures and known laws."""

import random
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.evidence import resolve
from legalaid_sim.importing.meetings import Meetings, capped_geometric
from legalaid_sim.importing.survival import (
    Interval,
    kaplan_meier,
    middle,
    rate,
    still_open,
    weighted_line,
    weighted_mean,
    weighted_ratio,
    weights_of,
)
from legalaid_sim.scenario.distribution import Distribution
from tests.builders.scenarios import scenario

# Weeks in remission of 21 patients, a plus where they were still in it (Freireich et al. 1963).
TIMES = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
REMISSION = TIMES.split()
WEEKS, ENDED = [float(w.rstrip("+")) for w in REMISSION], ["+" not in w for w in REMISSION]


def test_the_product_limit_is_that_of_the_textbooks() -> None:
    steps = [(when, round(share, 3)) for when, share in kaplan_meier(WEEKS, ENDED)]
    assert steps == [
        (6.0, 0.857), (7.0, 0.807), (10.0, 0.753), (13.0, 0.69), (16.0, 0.627), (22.0, 0.538), (23.0, 0.448),
    ]  # fmt: skip
    assert middle(WEEKS, ENDED) == 23
    assert round(still_open(WEEKS, ENDED), 3) == 0.448


def test_without_anybody_open_all_weigh_the_same() -> None:
    assert weights_of([3, 1, 2], [True] * 3) == [1.0, 1.0, 1.0]
    assert weighted_mean([1.0, 2.0, 6.0], [1.0] * 3).value == 3.0
    assert still_open([1, 2], [True, True]) == 0.0


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=30))
def test_weights_give_back_the_product_limit(rows: list[tuple[int, bool]]) -> None:
    # The two are the same estimator, reached by two ways (Satten and Datta 2001).
    days, closed = [float(day) for day, _ in rows], [over for _, over in rows]
    weights = weights_of(days, closed)
    for when, share in kaplan_meier(days, closed):
        later = sum(weight for day, weight in zip(days, weights) if day <= when) / len(rows)
        assert later == pytest.approx(1 - share)


def seen(seed: int) -> tuple[list[float], list[bool]]:
    """Uniform durations to 10 days, followed for a time that is uniform to 15: about a third are still open."""
    chance = random.Random(seed)
    rows = [(chance.uniform(0, 10), chance.uniform(0, 15)) for _ in range(150)]
    return [min(row) for row in rows], [took <= followed for took, followed in rows]


def covers(told: Interval, truth: float) -> bool:
    return told.low <= truth <= told.high


def test_the_mean_of_cases_partly_open_is_covered_and_that_of_closed_ones_is_not() -> None:
    weighed = closed_only = 0
    for seed in range(120):
        days, closed = seen(seed)
        weighed += covers(weighted_mean(days, weights_of(days, closed)), 5.0)
        plain = [day for day, over in zip(days, closed) if over]
        closed_only += covers(weighted_mean(plain, [1.0] * len(plain)), 5.0)
    assert weighed >= 108
    assert closed_only < 40


def test_rates_are_covered_also_where_weeks_differ_more_than_by_chance() -> None:
    even = uneven = 0
    for seed in range(200):
        chance = random.Random(seed)
        even += covers(rate([poisson(chance, 4.0) for _ in range(40)]), 4.0)
        uneven += covers(rate([poisson(chance, chance.choice((1.0, 7.0))) for _ in range(40)]), 4.0)
    assert 182 <= even <= 199
    assert uneven >= 180


def poisson(chance: random.Random, mean: float) -> int:
    count, product = 0, chance.random()
    while product > exp(-mean):
        count, product = count + 1, product * chance.random()
    return count


def test_byars_interval_is_near_the_exact_one() -> None:
    # Exact limits for 10 events: 4.795 and 18.390 (Garwood 1936).
    told = rate([10])
    assert (told.low, told.high) == pytest.approx((4.795, 18.390), rel=0.003)


def test_a_line_and_a_ratio_are_found_exactly_where_nothing_scatters() -> None:
    line = weighted_line([0.0, 1.0, 2.0, 5.0], [3.0, 10.0, 17.0, 38.0], [1.0, 2.0, 1.0, 0.5])
    assert line is not None
    assert (line.start, line.step.value) == pytest.approx((3.0, 7.0))
    assert weighted_line([2.0, 2.0], [1.0, 5.0], [1.0, 1.0]) is None
    assert weighted_ratio([10.0, 30.0], [1.0, 3.0], [1.0, 2.0]).value == 10.0


@given(st.floats(1.01, 9.0), st.sampled_from([2, 5, 12, 1000]))
def test_the_mean_before_a_cap_is_found_from_that_after(mean: float, at_most: int) -> None:
    seen_mean = mean * (1 - (1 - 1 / mean) ** at_most)
    assert capped_geometric(seen_mean, at_most) == pytest.approx(mean, rel=1e-6)


def test_days_between_are_what_is_left_when_closed_hours_and_missed_meetings_are_taken_off() -> None:
    made = scenario(months=12)
    usual = Distribution.model_validate({"triangular": {"low": 5, "mode": 14, "high": 35}})
    meetings = Meetings(made, resolve(made.assumptions), usual)
    assert meetings.mean_days(1.0) > usual.mean + 0.4
    assert meetings.mean_for(meetings.mean_days(1.0)) == pytest.approx(usual.mean, rel=1e-3)
    always = scenario(months=12, clients={"asks": "any_time"})
    assert Meetings(always, resolve(always.assumptions), usual).mean_for(20.0) == pytest.approx(
        20.0, rel=1e-3
    )
    missing = scenario(months=12, assumptions={"missed.chance": 0.1})
    assert (
        Meetings(missing, resolve(missing.assumptions), usual).mean_days(1.0) > meetings.mean_days(1.0) + 0.7
    )
