import itertools
import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.experiments.shared import statistics as s

TEN = [11.2, 9.8, 10.5, 12.1, 8.9, 10.7, 11.6, 9.4, 10.1, 10.9]
OURS = [12, 15.1, 9.7, 14.2, 11.3, 13.8, 10.4, 12.9]
THEIRS = [10.9, 14.2, 9.1, 12.8, 10.9, 12.5, 9.9, 11.6]
T_975 = [
    (1, 12.706205), (2, 4.302653), (4, 2.776445), (7, 2.364624), (9, 2.262157), (14, 2.144787),
    (19, 2.093024), (29, 2.045230), (99, 1.984217),
]  # fmt: skip
finite = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


@pytest.mark.parametrize(("freedom", "expected"), T_975)
def test_t_quantiles_match_the_published_table(freedom: int, expected: float) -> None:
    assert s.t_quantile(0.975, freedom) == pytest.approx(expected, abs=1e-6)


def test_t_with_one_degree_of_freedom_is_cauchy() -> None:
    for p in (0.6, 0.9, 0.99, 0.9999):
        assert s.t_quantile(p, 1) == pytest.approx(math.tan(math.pi * (p - 0.5)), rel=1e-8)


def test_t_with_many_degrees_of_freedom_is_normal() -> None:
    assert s.t_quantile(0.975, 1_000_000) == pytest.approx(1.959966, abs=2e-6)


def test_t_is_symmetric_and_refuses_nonsense() -> None:
    assert s.t_quantile(0.025, 9) == pytest.approx(-2.262157, abs=1e-6)
    assert s.t_quantile(0.5, 3) == pytest.approx(0, abs=1e-9)
    with pytest.raises(ValueError, match="no t quantile for probability 1"):
        s.t_quantile(1, 5)


def test_tail_areas_invert_quantiles() -> None:
    for freedom in (1, 2, 3, 10, 57, 1000):
        for p in (0.6, 0.9, 0.975, 0.9995):
            assert s.two_sided_p(s.t_quantile(p, freedom), freedom) == pytest.approx(2 * (1 - p), rel=1e-8)


def test_interval_of_ten_values() -> None:
    found = s.estimate(TEN)
    assert found.mean == pytest.approx(10.52, abs=1e-12)
    assert found.half_width == pytest.approx(0.710412, abs=1e-6)
    assert s.deviation(TEN) == pytest.approx(0.993087, abs=1e-6)
    assert found.n == 10


def test_paired_difference() -> None:
    found = s.paired(OURS, THEIRS)
    assert found.difference.mean == pytest.approx(0.9375, abs=1e-12)
    assert found.difference.half_width == pytest.approx(0.331221, abs=1e-6)
    assert s.deviation([a - b for a, b in zip(OURS, THEIRS)]) == pytest.approx(0.396187, abs=1e-6)
    assert found.correlation is not None
    assert found.correlation > 0.98
    assert found.variance_ratio is not None
    assert found.variance_ratio < 0.05
    assert found.p_value is not None
    assert found.p_value < 0.001


def test_unpaired_half_width_would_be_wider() -> None:
    spread = math.sqrt((s.deviation(OURS) ** 2 + s.deviation(THEIRS) ** 2) / 8)
    assert s.t_quantile(0.975, 14) * spread == pytest.approx(1.9103, abs=1e-4)


def test_bonferroni_quantile_for_four_contrasts() -> None:
    level = s.bonferroni(4)
    assert s.t_quantile((1 + level) / 2, 29) == pytest.approx(2.663196, abs=1e-6)


def test_holm_steps_down_and_keeps_the_order_given() -> None:
    assert s.holm([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert s.holm([0.9, 0.8]) == (1.0, 1.0)
    assert s.holm([]) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_lies_between_raw_and_bonferroni(raw: list[float]) -> None:
    for p, adjusted in zip(raw, s.holm(raw)):
        assert p <= adjusted <= max(p, min(1.0, len(raw) * p))


def test_undefined_values_are_left_out() -> None:
    assert s.estimate([None, 2.0, None, 4.0]) == s.estimate([2.0, 4.0])
    assert s.estimate([None, None]) == s.Estimate(None, None, None, 0)
    assert s.estimate([3.0, None]) == s.Estimate(3.0, None, None, 1)
    assert s.estimate([3.0]).half_width is None
    assert s.Estimate(3.0, 1.0, None, 2).half_width is None
    assert s.Estimate(3.0, None, 4.0, 2).half_width is None
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        s.paired([1.0, 2.0], [1.0])
    assert s.paired([1.0, None, 3.0], [0.0, 5.0, None]).difference == s.Estimate(1.0, None, None, 1)


def test_equal_values_have_an_interval_of_no_width() -> None:
    assert s.estimate([0.1] * 10) == s.Estimate(0.1, 0.1, 0.1, 10)
    same = s.paired([0.1, 0.2, 0.4], [0.1, 0.2, 0.4])
    assert same.difference == s.Estimate(0.0, 0.0, 0.0, 3)
    assert same.p_value == 1.0


@given(st.lists(finite, min_size=2, max_size=30), st.integers(0, 10**6))
def test_order_of_replications_moves_nothing(values: list[float], seed: int) -> None:
    mixed = list(values)
    Random(seed).shuffle(mixed)
    assert s.estimate(mixed) == s.estimate(values)


@given(st.lists(finite, min_size=2, max_size=30))
def test_the_mean_lies_in_its_interval(values: list[float]) -> None:
    found = s.estimate(values)
    assert found.low <= found.mean <= found.high  # type: ignore[operator]


def test_intervals_cover_as_often_as_they_say() -> None:
    random, covered = Random(20251101), 0
    for _ in range(2000):
        found = s.estimate([random.gauss(5, 2) for _ in range(8)])
        covered += found.low <= 5 <= found.high  # type: ignore[operator]
    assert 0.93 < covered / 2000 < 0.97


def test_replications_needed_for_a_half_width() -> None:
    needed = s.replications_for(TEN, 0.3)
    assert needed is not None
    reach = s.t_quantile(0.975, needed - 1) * s.deviation(TEN) / math.sqrt(needed)
    assert reach <= 0.3
    fewer = s.t_quantile(0.975, needed - 2) * s.deviation(TEN) / math.sqrt(needed - 1)
    assert fewer > 0.3
    assert s.replications_for(TEN, fewer) == needed - 1
    assert s.replications_for([1.0], 0.3) is None
    assert s.replications_for([2.0, 2.0], 0.3) == 2


# ---- by another route ---------------------------------------------------------------------------------------------


def at_least(seen: int, trials: int, share: float) -> float:
    """Give the chance of so many or more of so many trials, term by term."""
    terms = (math.comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(seen, trials + 1))
    return math.fsum(terms)


@pytest.mark.parametrize("level", [0.8, 0.95])
@pytest.mark.parametrize("trials", [1, 2, 7, 40])
def test_the_ends_of_an_exact_interval_make_what_was_seen_just_too_rare(trials: int, level: float) -> None:
    tail = (1 - level) / 2
    for seen in range(trials + 1):
        low, high = s.share_interval(seen / trials, trials, level)
        assert low == 0 if seen == 0 else at_least(seen, trials, low) == pytest.approx(tail, rel=1e-5)
        assert (
            high == 1
            if seen == trials
            else 1 - at_least(seen + 1, trials, high) == pytest.approx(tail, rel=1e-5)
        )


def test_a_part_of_a_trial_lies_between_the_whole_counts_beside_it() -> None:
    below, between, above = (s.share_interval(seen / 9, 9) for seen in (3, 3.5, 4))
    assert below[0] < between[0] < above[0]
    assert below[1] < between[1] < above[1]


@pytest.mark.parametrize("t", [1e-6, 0.01, 0.7, 1.0, 3.0, 40.0, 1e5])
def test_tail_areas_with_few_degrees_of_freedom_are_those_of_the_closed_forms(t: float) -> None:
    # With 1, 2 and 3 degrees of freedom Student's t has no special function in it (Student 1908); written so that
    # neither end loses its digits.
    root = math.sqrt(3)
    one, two = 2 / math.pi * math.atan2(1, t), 2 / (2 + t * t + t * math.sqrt(2 + t * t))
    three = 2 / math.pi * (math.atan2(root, t) - root * t / (3 + t * t))
    assert s.two_sided_p(t, 1) == pytest.approx(one, rel=1e-12)
    assert s.two_sided_p(t, 2) == pytest.approx(two, rel=1e-12)
    assert s.two_sided_p(t, 3) == pytest.approx(three, rel=1e-12 if t < 100 else 1e-3)
    assert s.two_sided_p(-t, 2) == s.two_sided_p(t, 2)


def test_a_quantile_is_found_to_nine_digits_at_every_size() -> None:
    for p in (0.5 + 1e-9, 0.5001, 0.75, 0.999, 1 - 1e-7):
        closed = (2 * p - 1) / math.sqrt(2 * p * (1 - p))
        assert s.t_quantile(p, 2) == pytest.approx(closed, rel=1e-6 if p < 0.5001 else 1e-8, abs=1e-11)
    for probability, freedom in ((0.0, 5), (1.0, 5), (0.9, 0), (0.9, -1)):
        with pytest.raises(ValueError, match=f"for probability {probability} with {freedom} degrees"):
            s.t_quantile(probability, freedom)
    # Below one degree of freedom, too, as an effective number of worlds may be.
    assert s.two_sided_p(s.t_quantile(0.9, 0.5), 0.5) == pytest.approx(0.2, rel=1e-9)


@given(st.lists(st.tuples(finite, finite), min_size=3, max_size=20))
def test_correlation_is_that_of_least_squares(pairs: list[tuple[float, float]]) -> None:
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    found = s.correlation(left, right)
    if len(set(left)) == 1 or len(set(right)) == 1:
        assert found is None
        return
    assert found == pytest.approx(float(np.corrcoef(left, right)[0, 1]), abs=1e-6)
    assert -1 <= (found or 0) <= 1


def test_what_goes_together_wholly_is_not_rounded_beyond_it() -> None:
    for seed in range(300):
        left = [Random(seed * 7 + k).gauss(0, 1) for k in range(4)]
        assert s.correlation(left, left) == pytest.approx(1)
        assert (s.correlation(left, [3 * x + 0.1 for x in left]) or 0) <= 1
        assert (s.correlation(left, [0.1 - 3 * x for x in left]) or 0) >= -1


def test_the_pairing_saves_what_the_sides_share() -> None:
    found = s.paired(OURS, THEIRS)
    ours, theirs = np.array(OURS), np.array(THEIRS)
    gaps = ours - theirs
    assert found.correlation == pytest.approx(float(np.corrcoef(ours, theirs)[0, 1]))
    assert found.variance_ratio == pytest.approx(gaps.var(ddof=1) / (ours.var(ddof=1) + theirs.var(ddof=1)))
    assert found.p_value == s.p_value_of(list(gaps))
    # Of no saving at all, and of sides that do not vary.
    assert s.paired([1.0, 2.0, 1.0, 2.0], [1.0, 1.0, 2.0, 2.0]).variance_ratio == pytest.approx(1.0)
    still = s.paired([2.0, 2.0], [1.0, 1.0])
    assert (still.correlation, still.variance_ratio, still.p_value) == (None, None, 0.5)
    assert s.paired([1.0, 4.0], [1.0, 1.0]).variance_ratio == pytest.approx(1.0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holm_is_bonferroni_of_every_set_that_holds_it(raw: list[float]) -> None:
    # The closed test (Marcus, Peritz and Gabriel 1976) of which Holm's is the short cut.
    numbers = range(len(raw))
    sets = [held for size in range(1, len(raw) + 1) for held in itertools.combinations(numbers, size)]
    for number, adjusted in enumerate(s.holm(raw)):
        most = max(min(1.0, len(held) * min(raw[k] for k in held)) for held in sets if number in held)
        assert adjusted == pytest.approx(most)


@given(st.lists(finite, min_size=2, max_size=6), st.floats(0.01, 10.0), st.sampled_from([0.5, 0.95]))
def test_no_fewer_replications_would_do(values: list[float], part: float, level: float) -> None:
    half_width = part * s.deviation(values)
    if half_width == 0:
        return

    def reached(n: int) -> float:
        return s.t_quantile((1 + level) / 2, n - 1) * s.deviation(values) / math.sqrt(n)

    needed = s.replications_for(values, half_width, level)
    assert needed is not None
    assert reached(needed) <= half_width
    assert needed == 2 or reached(needed - 1) > half_width


def test_replications_cannot_be_told_without_a_spread_or_a_width() -> None:
    assert s.replications_for([1.0, 2.0], 0.0) is None
    assert s.replications_for([1.0, 2.0], -1.0) is None
    assert s.replications_for([1.0, None], 0.3) is None
    assert s.replications_for([1.0, 2.0], 0.001) is not None


def test_the_p_value_of_a_mean_of_two_or_three_is_that_of_its_closed_form() -> None:
    # Of one degree of freedom the angle whose tangent is t; of two t / sqrt(2 + t^2).
    assert s.p_value_of([1.0, None, 3.0]) == pytest.approx(1 - 2 / math.pi * math.atan(2))
    assert s.p_value_of([1.0, 2.0, 3.0]) == pytest.approx(1 - math.sqrt(12 / 14))


def test_p_values_together() -> None:
    # Of two the product is uniform, less its logarithm; of one it is itself.
    for p, q in ((0.2, 0.3), (0.01, 0.9), (1.0, 1.0), (1e-9, 0.5)):
        assert s.fisher([p, q]) == pytest.approx(p * q * (1 - math.log(p * q)))
    assert s.fisher([0.3]) == pytest.approx(0.3)
    assert s.fisher([0.5, 0.0]) == 0.0
    # The terms of many round to more than one.
    assert s.fisher([1.0]) == s.fisher([0.8] * 46) == 1.0
    assert s.simes([0.4]) == 0.4
    assert s.simes([0.3, 0.2, 0.1]) == pytest.approx(0.3)
    assert s.simes([0.9, 0.001]) == pytest.approx(0.002)


def test_gaps_of_no_spread_are_counted() -> None:
    assert s.p_value_of([1.0, 1.0]) == 0.5
    assert s.p_value_of([2.0] * 5) == 2 / 32
    assert s.p_value_of([0.0, 0.0]) == 1.0
    assert s.p_value_of([1.0]) is None


def test_the_level_is_shared_out() -> None:
    assert s.bonferroni(1) == pytest.approx(0.95)
    assert s.bonferroni(0) == pytest.approx(0.95)
    assert s.bonferroni(5, 0.9) == pytest.approx(0.98)


def test_an_interval_is_even_where_its_mean_is_in_the_middle() -> None:
    assert s.Estimate(1.0, 0.5, 1.5, 4).even
    assert s.Estimate(-1e9, -2e9, 0.0, 4).even
    assert s.Estimate(0.0, 0.0, 0.0, 4).even
    # Rounded in the last digits it still is, however large.
    assert s.estimate([1e6 / 3, 1e6 / 7, 1e6 / 11]).even
    assert s.Estimate(1e9 / 3, 1e9 / 3 - 0.1, 1e9 / 3 + 0.1, 3).even
    assert not s.Estimate(1.0, 0.5, 1.6, 4).even
    assert not s.Estimate(1e-3, 0.0, 2.1e-3, 4).even
    assert not s.Estimate(0.0, -1.0, 2.0, 4).even
    for nothing in (
        s.Estimate(None, 1.0, 2.0, 4),
        s.Estimate(0.0, None, 2.0, 4),
        s.Estimate(0.0, 1.0, None, 4),
    ):
        assert nothing.even


def test_an_interval_keeps_within_what_can_be() -> None:
    found = s.Estimate(0.5, -0.5, 1.5, 4)
    assert s.within(found, None, None) == found
    assert s.within(found, 0.0, None)[1:3] == (0.0, 1.5)
    assert s.within(found, None, 1.0)[1:3] == (-0.5, 1.0)
    assert s.within(s.Estimate(0.5, 0.25, 0.75, 4), 0.0, 1.0)[1:3] == (0.25, 0.75)
    assert s.within(s.Estimate(0.5, None, 0.75, 4), 0.0, 1.0)[1:3] == (None, None)
    assert s.within(s.Estimate(0.5, 0.25, None, 4), 0.0, 1.0)[1:3] == (None, None)


def test_only_what_is_pooled_says_of_how_many_cases() -> None:
    assert "pooled_of" not in s.Estimate(1.0, 0.0, 2.0, 3).as_data()
    assert s.Estimate(1.0, None, None, 3, 0.0).as_data() == {
        "mean": 1.0, "low": None, "high": None, "n": 3, "pooled_of": 0.0,
    }  # fmt: skip


@pytest.mark.parametrize("freedom", [1, 2, 5, 100])
def test_no_distance_from_0_is_no_evidence_at_all(freedom: int) -> None:
    # The square of the second is nought.
    assert s.two_sided_p(0.0, freedom) == s.two_sided_p(1e-200, freedom) == 1
    # And one whose square no number holds is all the evidence that there can be.
    assert s.two_sided_p(1e200, freedom) == 0
