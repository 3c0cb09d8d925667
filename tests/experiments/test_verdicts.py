import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.experiments.statistics import Estimate, estimate
from legalaid_sim.experiments.verdicts import CANNOT_TELL, LESS, MORE, NO_MATTER, standing

ENDS = st.tuples(st.floats(-1, 1), st.floats(-1, 1)).map(sorted)
OPPOSITE = {MORE: LESS, LESS: MORE, NO_MATTER: NO_MATTER, CANNOT_TELL: CANNOT_TELL}


@pytest.mark.parametrize(
    ("low", "high", "least", "told"),
    [
        (0.01, 0.2, 0.0, MORE),
        (-0.2, -0.01, 0.0, LESS),
        (-0.01, 0.2, 0.0, CANNOT_TELL),
        (0.01, 0.2, 0.1, MORE),
        (0.01, 0.09, 0.1, NO_MATTER),
        (-0.09, 0.09, 0.1, NO_MATTER),
        (-0.09, 0.11, 0.1, CANNOT_TELL),
        (0.0, 0.0, 0.1, CANNOT_TELL),
        (0.3, 0.3, 0.1, CANNOT_TELL),
        (None, None, 0.1, CANNOT_TELL),
    ],
)
def test_an_interval_is_held_against_the_smallest_difference_that_matters(
    low: float | None, high: float | None, least: float, told: str
) -> None:
    assert standing(Estimate(0.0, low, high, 9), least) == told


@given(ENDS, st.floats(0, 1))
def test_the_other_way_round_it_is_the_opposite(ends: list[float], least: float) -> None:
    low, high = ends
    assert (
        standing(Estimate(0, -high, -low, 9), least) == OPPOSITE[standing(Estimate(0, low, high, 9), least)]
    )


@given(ENDS, st.floats(0, 1), st.floats(0, 1))
def test_a_sign_is_only_told_of_an_interval_that_leaves_out_0(
    ends: list[float], one: float, other: float
) -> None:
    found = Estimate(0, *ends, 9)
    smaller, larger = (standing(found, least) for least in sorted((one, other)))
    if smaller in (MORE, LESS):
        assert ends[0] > 0 or ends[1] < 0
    assert smaller == larger or larger == NO_MATTER


@pytest.mark.parametrize(
    ("effect", "wrong", "right"), [(0.0, {MORE, LESS}, NO_MATTER), (2.0, {LESS, NO_MATTER}, MORE)]
)
def test_nothing_is_named_in_at_most_5_and_an_effect_found_in_at_least_90_of_a_hundred(
    effect: float, wrong: set[str], right: str
) -> None:
    source, trials = random.Random(1), 400
    told = [standing(estimate(source.gauss(effect, 1.0) for _ in range(20)), 1.0) for _ in range(trials)]
    assert sum(each in wrong for each in told) / trials <= 0.05 + 3 * (0.05 * 0.95 / trials) ** 0.5
    assert told.count(right) / trials >= 0.9
