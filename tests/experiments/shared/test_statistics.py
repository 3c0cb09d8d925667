import math
from random import Random

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
    assert s.replications_for([1.0], 0.3) is None
    assert s.replications_for([2.0, 2.0], 0.3) == 2
