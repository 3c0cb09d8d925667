"""Shares and rates of few counts over worlds, held against populations whose truth is known."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.experiments.shared.contrasts import Contrast, contrasts_of
from legalaid_sim.experiments.shared.ratios import (
    FEW,
    Apart,
    Counts,
    NaturalBounds,
    counts_of,
    gaps_by_world,
    is_pooled,
    level_of,
    linearised,
    sides_of,
)
from legalaid_sim.experiments.shared.statistics import Value, estimate
from legalaid_sim.experiments.shared.verdicts import weighed
from legalaid_sim.measures.statistics import Ratio, ratio

SHARE, RATE = (0.0, 1.0), (0.0, None)
REACHED, RESIGNED = "goals.reached_in_time_share", "outcomes.advisers_resigned_per_year"
ROOM = 3  # standard errors of a share counted in so many trials
Source = np.random.Generator


def lived(source: Source, worlds: int, cases: float, chance: float, alike: float = 0.0) -> list[Value]:
    """Give worlds with about so many cases each; ``alike`` is how far the cases of one world go together."""
    found: list[Value] = []
    for number in source.poisson(cases, worlds):
        p = source.beta(chance * (1 / alike - 1), (1 - chance) * (1 / alike - 1)) if alike else chance
        found.append(ratio(int(source.binomial(number, p)), int(number)))
    return found


def measured(values: Sequence[Value], name: str = REACHED) -> list[dict[str, Value]]:
    return [{name: value} for value in values]


def contrast(
    ours: Sequence[Value], theirs: Sequence[Value], name: str = REACHED, least: float = 0.0
) -> Contrast:
    worlds = {"a": measured(theirs, name), "b": measured(ours, name)}
    (found,) = contrasts_of(worlds, {}, "a", [name], {name: least})
    return found


def holds(value: float, low: Value, high: Value) -> bool:
    return low is not None and high is not None and low <= value <= high


# ---- levels -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("worlds", "cases", "chance", "alike"),
    [(8, 5, 0.02, 0.0), (10, 5, 0.1, 0.2), (10, 2, 0.5, 0.0), (10, 20, 0.03, 0.1), (10, 150, 0.003, 0.0)],
)
def test_the_interval_of_a_rare_share_holds_the_truth_nearly_as_often_as_it_says(
    worlds: int, cases: float, chance: float, alike: float
) -> None:
    source, trials = np.random.default_rng(8), 300
    found = [lived(source, worlds, cases, chance, alike) for _ in range(trials)]
    intervals = [level_of(values, SHARE, is_pooled([values])) for values in found]
    held = sum(holds(chance, each.low, each.high) for each in intervals) / trials
    assert held >= 0.92 - ROOM * (0.05 * 0.95 / trials) ** 0.5
    # By the mean of the worlds' own shares and Student's t it holds less often, and leaves what a share can be.
    before = [estimate(values) for values in found]
    assert sum(holds(chance, each.low, each.high) for each in before) / trials < held


def test_the_interval_of_a_rare_rate_holds_the_truth_too() -> None:
    source, trials, rate = np.random.default_rng(9), 300, 0.05
    years = [[float(each) for each in source.uniform(4, 9, 10)] for _ in range(trials)]
    found = [[ratio(int(source.poisson(rate * each)), each) for each in row] for row in years]
    intervals = [level_of(values, RATE, pooled=True) for values in found]
    assert sum(holds(rate, each.low, each.high) for each in intervals) / trials >= 0.95 - 0.03


def test_pooled_it_is_all_events_over_all_cases_with_the_spread_of_the_ratio_estimator() -> None:
    worlds = [ratio(1, 1), ratio(30, 100), None, ratio(0, 3)]
    found = level_of(worlds, SHARE, pooled=True)
    assert (found.mean, found.n, found.pooled_of) == (pytest.approx(31 / 104), 3, 104)  # type: ignore[comparison-overlap]
    # Leaving out one world at a time says the same of the spread, by another way.
    source = np.random.default_rng(2)
    many = [value for value in lived(source, 400, 6, 0.4, 0.1) if isinstance(value, Ratio)]
    parts, wholes = np.array([v.part for v in many]), np.array([v.whole for v in many])
    left_out = (parts.sum() - parts) / (wholes.sum() - wholes)
    knife = ((len(many) - 1) / len(many) * ((left_out - left_out.mean()) ** 2).sum()) ** 0.5
    ours = np.std(linearised(many), ddof=1) / len(many) ** 0.5
    assert ours == pytest.approx(knife, rel=0.02)


def test_without_one_event_there_is_wilson_s_bound_and_no_more() -> None:
    none = [ratio(0, 5)] * 8
    found = level_of(none, SHARE, pooled=True)
    assert (found.mean, found.low) == (0.0, 0.0)
    # t for 7 degrees of freedom squared, over cases and itself (Wilson 1927 with 0 of 40).
    assert found.high == pytest.approx(2.364624**2 / (40 + 2.364624**2), rel=1e-5)
    every = level_of([ratio(5, 5)] * 8, SHARE, pooled=True)
    assert (every.mean, every.high) == (1.0, 1.0)
    assert every.low == pytest.approx(1 - (found.high or 0))


def test_one_world_with_all_the_events_shows_little() -> None:
    burst = [ratio(20, 50), *[ratio(0, 50)] * 9]
    found = level_of(burst, SHARE, pooled=False)
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < 0.01
    assert found.high > 0.2
    other = [ratio(0, 50), ratio(1, 50), *[ratio(0, 50)] * 8]
    for theirs in ([ratio(0, 50)] * 10, other):
        told = contrast(burst, theirs)
        assert told.verdict == "cannot tell"
        assert (told.p_value or 0) > 0.2


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).map(sorted), min_size=2, max_size=9),
    st.booleans(),
)
def test_no_interval_of_a_share_leaves_it_or_its_mean(counts: list[list[int]], pooled: bool) -> None:
    values = [ratio(part, whole) for part, whole in counts]
    found = level_of(values, SHARE, pooled)
    if found.low is not None and found.high is not None and found.mean is not None:
        assert 0 <= found.low <= found.mean + 1e-12
        assert found.mean - 1e-12 <= found.high <= 1
    gap = contrast(values, list(reversed(values))).paired.difference
    if gap.low is not None and gap.high is not None and gap.mean is not None:
        assert -1 <= gap.low <= gap.mean + 1e-12
        assert gap.mean - 1e-12 <= gap.high <= 1


# ---- where it applies ---------------------------------------------------------------------------------------------


def test_few_cases_under_one_contract_pool_the_measure_under_all() -> None:
    many, few = [ratio(9, FEW), ratio(3, FEW)], [ratio(1, FEW - 1), ratio(2, FEW)]
    assert not is_pooled([many, many])
    assert is_pooled([many, few])
    assert is_pooled([[ratio(9, 100), None]])
    assert not is_pooled([[0.1, 0.2]])
    assert not is_pooled([[None, None], many])
    assert not is_pooled([[ratio(1, 2)]])


# ---- differences --------------------------------------------------------------------------------------------------


def share_told(make: Callable[[Source], tuple[list[Value], list[Value]]], trials: int = 200) -> float:
    source = np.random.default_rng(4)
    return sum(contrast(*make(source)).differs for _ in range(trials)) / trials


@pytest.mark.parametrize(("cases", "chance", "alike"), [(5, 0.1, 0.2), (20, 0.05, 0.3), (150, 0.003, 0.0)])
def test_where_nothing_differs_a_difference_is_told_in_at_most_5_of_a_hundred(
    cases: float, chance: float, alike: float
) -> None:
    told = share_told(
        lambda source: (lived(source, 10, cases, chance, alike), lived(source, 10, cases, chance, alike))
    )
    assert told <= 0.05 + ROOM * (0.05 * 0.95 / 200) ** 0.5


@pytest.mark.parametrize(("cases", "ours", "theirs"), [(5, 0.6, 0.0), (5, 0.9, 0.3), (150, 0.15, 0.001)])
def test_a_planted_effect_is_told_in_at_least_90_of_a_hundred(
    cases: float, ours: float, theirs: float
) -> None:
    assert share_told(lambda s: (lived(s, 10, cases, ours), lived(s, 10, cases, theirs))) >= 0.9


def test_the_interval_of_a_difference_holds_the_truth() -> None:
    source, trials = np.random.default_rng(5), 200
    held = 0
    for _ in range(trials):
        gap = contrast(lived(source, 10, 5, 0.3), lived(source, 10, 5, 0.1)).paired.difference
        held += holds(0.2, gap.low, gap.high)
    assert held / trials >= 0.92


def test_worlds_that_differ_by_one_event_each_are_no_proof_without_end() -> None:
    # The spread is not quite nought; Student's t would say p = 2e-6 of eleven events more.
    theirs = [ratio(0, 9)] * 10
    ours = [ratio(1, 9)] * 9 + [ratio(2, 9)]
    told = contrast(ours, theirs, RESIGNED)
    assert told.p_value is not None
    assert 1e-4 < told.p_value < 0.05
    # So few as two worlds are hardly evidence, however alike they are.
    assert contrast(ours[-2:], theirs[-2:], RESIGNED).verdict == "cannot tell"


def test_the_verdict_is_that_of_the_interval() -> None:
    source = np.random.default_rng(6)
    for _ in range(60):
        found = contrast(lived(source, 9, 6, 0.5), lived(source, 9, 6, 0.25), least=0.2)
        gap = found.paired.difference
        assert gap.low is not None
        assert gap.high is not None
        inside = gap.low > -0.2 and gap.high < 0.2
        assert (found.verdict in ("better", "worse")) == ((gap.low > 0 or gap.high < 0) and not inside)
        assert (found.verdict == "no difference that matters") == inside


def test_the_columns_of_a_pooled_difference_subtract() -> None:
    source = np.random.default_rng(7)
    found = contrast(lived(source, 12, 2, 0.5), lived(source, 12, 2, 0.25))
    gap = found.paired.difference
    assert found.pooled
    assert found.lived > gap.n == found.ours.n == found.baseline.n
    assert gap.mean == pytest.approx((found.ours.mean or 0) - (found.baseline.mean or 0))


# ---- by another route ---------------------------------------------------------------------------------------------

SIZES = [0.02, 0.5, 2.2, 12.7]


@pytest.mark.parametrize("t", SIZES)
@pytest.mark.parametrize("clustering", [1.0, 3.5])
def test_an_end_of_an_interval_lies_its_standard_errors_away_were_it_true(
    t: float, clustering: float
) -> None:
    # What Wilson's interval is (1927), before any quadratic equation is solved for it.
    for cases, mean in ((4, 0.25), (40, 0.5), (1000, 0.003), (40, 0.975), (7, 0.0), (7, 1.0), (7, 3.0)):
        for is_share in (True, False) if mean <= 1 else (False,):
            low, high = Counts(mean, cases, clustering, is_share).limits(t)
            for end in (low, high):
                variance = (end * (1 - end) if is_share else end) * clustering / cases
                assert abs(mean - end) == pytest.approx(t * variance**0.5, rel=1e-6, abs=1e-9)
            assert low < mean or low == mean == 0
            assert high > mean or high == mean == 1


@pytest.mark.parametrize("is_share", [True, False])
def test_no_number_of_standard_errors_leads_out_of_what_can_be(is_share: bool) -> None:
    for cases in range(2, 60):
        for mean in (0.0, 1 / cases, 0.5, 1.0):
            for t in (1e-9, cases / 7, 33.3, 1e6):
                low, high = Counts(mean, cases, 1.3, is_share).limits(t)
                assert 0 <= low <= mean + 1e-9
                assert mean - 1e-9 <= high
                assert high <= 1 if is_share else high > mean


def test_rare_is_fewer_than_30_events_or_cases_without_one() -> None:
    assert Counts(0.125, 239, 1.0, True).rare
    assert not Counts(0.125, 240, 1.0, True).rare
    assert Counts(0.125, 479, 2.0, True).rare
    assert not Counts(0.125, 480, 2.0, True).rare
    assert Counts(0.875, 239, 1.0, True).rare
    assert not Counts(0.875, 240, 1.0, True).rare
    assert Counts(0.0, 9999, 1.0, True).rare
    assert Counts(1.0, 9999, 1.0, True).rare
    # A rate has no cases without an event: two a year over twenty years are forty.
    assert not Counts(2.0, 20, 1.0, False).rare
    assert not Counts(1.0, 30, 1.0, False).rare
    assert Counts(2.0, 14, 1.0, False).rare


def test_what_is_not_counted_has_no_counts() -> None:
    counted = [ratio(1, 4), ratio(2, 4)]
    for values, bounds in (
        (counted[:1], SHARE),
        ([*counted, None], SHARE),
        ([ratio(1.5, 4), ratio(2, 4)], SHARE),
        ([ratio(1.5, 4), ratio(2, 4)], RATE),
        ([ratio(-1, 4), ratio(2, 4)], RATE),
        ([ratio(5, 4), ratio(2, 4)], SHARE),
    ):
        shown = [float(value) for value in values if value is not None]
        assert counts_of(values, shown, bounds) is None, values
    assert counts_of([ratio(5, 4), ratio(0, 4)], [1.25, 0.0], RATE) == pytest.approx(
        Counts(0.625, 8, 5.0, False)
    )
    assert counts_of([ratio(4, 4), ratio(0, 4)], [1.0, 0.0], SHARE) == pytest.approx(
        Counts(0.5, 8, 8.0, True)
    )
    assert counts_of([ratio(0, 4), ratio(0, 4)], [0.0, 0.0], SHARE) == Counts(0.0, 8, 1.0, True)
    assert counts_of([ratio(1, 4), ratio(1, 4)], [0.25, 0.25], SHARE) == Counts(0.25, 8, 1.0, True)


def test_clustering_is_how_much_more_worlds_vary_than_so_many_cases_would() -> None:
    source = np.random.default_rng(12)
    for alike, rate in ((0.0, False), (0.3, False), (0.0, True)):
        if rate:
            values: list[Value] = [ratio(int(source.poisson(0.4 * 50)), 50.0) for _ in range(4000)]
            expected = 1.0
        else:
            values = [value for value in lived(source, 4000, 50, 0.2, alike) if value is not None]
            expected = 1 + 50 * alike  # of a beta mixture, cases a world being Poisson (Kish 1965)
        found = counts_of(values, linearised(values), RATE if rate else SHARE)
        assert found is not None
        assert found.clustering == pytest.approx(expected, rel=0.1)


def test_with_as_many_cases_in_every_world_each_stands_for_what_it_shows() -> None:
    own = [ratio(1, 4), ratio(3, 4), ratio(4, 4), ratio(0, 4)]
    assert linearised(own) == pytest.approx([0.25, 0.75, 1.0, 0.0])
    assert linearised([*own, None]) == linearised(own)


def settled(
    values: tuple[list[Value], list[Value]], bounds: NaturalBounds, least: float, level: float
) -> tuple[bool, bool]:
    """Say whether the interval at a level leaves out 0, and whether it lies within the least that matters."""
    gap = sides_of(*values, bounds, pooled=True).paired(level).difference
    assert gap.low is not None
    assert gap.high is not None
    return gap.low > 0 or gap.high < 0, -least < gap.low and gap.high < least


@pytest.mark.parametrize("bounds", [SHARE, RATE])
@pytest.mark.parametrize(("ours", "theirs"), [(0.5, 0.1), (0.1, 0.5), (0.9, 0.6), (0.3, 0.3), (0.02, 0.3)])
def test_a_p_value_is_the_level_at_which_the_interval_just_says_so(
    ours: float, theirs: float, bounds: NaturalBounds
) -> None:
    source, least = np.random.default_rng(3), 0.25
    for _ in range(3):
        values = lived(source, 9, 7, ours), lived(source, 9, 7, theirs)
        if any(value is None for side in values for value in side):
            continue
        found = sides_of(*values, bounds, pooled=True).weighed(least)
        assert not found.never
        for at, p in enumerate((found.differs, found.alike)):
            assert p is not None
            assert 0 <= p <= 1
            if 1e-9 < p < 1:
                assert settled(values, bounds, least, 1 - p * 1.001 if p < 0.999 else 0.0001)[at]
                assert not settled(values, bounds, least, 1 - p * 0.999)[at]
            elif p == 1:
                assert not settled(values, bounds, least, 0.01)[at]


def test_the_same_on_both_sides_is_no_difference_at_any_level() -> None:
    side = [ratio(1, 4), ratio(2, 5), ratio(0, 6)]
    turned = [ratio(2, 4), ratio(2, 5), ratio(-1 + 1, 11)]
    found = Apart(Counts(0.2, 15, 1.0, True), Counts(0.2, 15, 1.0, True), 0.0).weighed(0.1, 2)
    assert found.differs == 1.0
    assert found.alike is not None
    assert found.alike < 1
    assert Apart(Counts(0.4, 15, 1.0, True), Counts(0.2, 15, 1.0, True), 0.0).weighed(0.1, 2).alike == 1.0
    assert sides_of(side, turned, SHARE, pooled=True).weighed(0.0).alike == 1.0


@pytest.mark.parametrize("correlation", [-0.8, 0.0, 0.6, 1.0])
def test_an_interval_of_a_difference_is_put_together_from_those_of_both_sides(correlation: float) -> None:
    # Zou and Donner (2008): each end from the errors of both sides on its way, correlated as the sides are.
    ours, theirs = Counts(0.3, 40, 1.0, True), Counts(0.1, 40, 2.0, True)
    (a, b), (c, d) = ours.limits(2.0), theirs.limits(2.0)
    low, high = Apart(ours, theirs, correlation).limits(2.0)
    way_down = np.array([0.3 - a, -(d - 0.1)])
    way_up = np.array([b - 0.3, -(0.1 - c)])
    together = np.array([[1, correlation], [correlation, 1]])
    assert 0.2 - low == pytest.approx(float(way_down @ together @ way_down) ** 0.5, abs=1e-9)
    assert high - 0.2 == pytest.approx(float(way_up @ together @ way_up) ** 0.5, abs=1e-9)


def test_of_two_sides_nearly_the_same_and_all_correlated_nothing_is_left() -> None:
    # The last digit of the square may fall below nought.
    for cases in range(5, 200):
        sides = (Counts(0.5, cases + k * 1e-9, 1.0, True) for k in range(2))
        assert Apart(*sides, 1.0).limits(1.7) == pytest.approx((0.0, 0.0), abs=1e-6)  # type: ignore[call-arg, arg-type]


def test_all_against_none_is_a_difference() -> None:
    every, none = Counts(1.0, 50, 1.0, True), Counts(0.0, 50, 1.0, True)
    up, down = Apart(every, none, 0.0).weighed(0.1, 9), Apart(none, every, 0.0).weighed(0.1, 9)
    assert up == pytest.approx(down)
    assert up.differs is not None
    assert up.differs < 1e-4


def test_of_one_world_nothing_is_pooled() -> None:
    assert level_of([ratio(1, 4), None], SHARE, pooled=True) == estimate([0.25])
    assert level_of([None], SHARE, pooled=True) == estimate([])


def test_differences_keep_their_world() -> None:
    ours: list[Value] = [0.5, None, 0.25, 1.0, None]
    theirs: list[Value] = [0.25, 0.5, None, 0.5, None]
    assert gaps_by_world(ours, theirs, pooled=False) == [0.25, None, None, 0.5, None]
    counted = [ratio(1, 4), None, ratio(3, 4)]
    even = [ratio(1, 2), ratio(1, 2), ratio(1, 2)]
    assert gaps_by_world(counted, even, pooled=True) == [pytest.approx(-0.25), None, pytest.approx(0.25)]


def test_sides_say_of_how_many_cases_they_are_and_how_far_apart_they_can_be() -> None:
    ours, theirs = [ratio(1, 4), ratio(2, 4), None], [ratio(1, 3), ratio(2, 3), ratio(0, 9)]
    assert sides_of(ours, theirs, SHARE, pooled=True).pooled_of == 14
    assert sides_of(ours, theirs, SHARE, pooled=False).pooled_of is None
    assert sides_of(ours, theirs, SHARE, pooled=False).most == 1.0
    assert sides_of(ours, theirs, (-1.0, 1.0), pooled=False).most == 2.0
    assert sides_of(ours, theirs, RATE, pooled=False).most is None
    assert sides_of(ours, theirs, (None, 1.0), pooled=False).most is None
    assert sides_of(ours, theirs, (-1.0, 0.0), pooled=False).most == 1.0
    assert sides_of([], [], SHARE, pooled=True).gaps == []
    with pytest.raises(ValueError, match="shorter"):
        sides_of(ours, theirs[:2], SHARE, pooled=False)
    # Not counted, the interval keeps within what a difference of two such can be, on either side.
    wild: list[Value] = [0.0, 1.0, 1.0]
    gap = sides_of(wild, [0.0, 0.0, 0.5], SHARE, pooled=False).paired(0.999).difference
    assert (gap.low, gap.high) == (-1.0, 1.0)


def test_where_all_worlds_agree_they_are_weighed_as_worlds_and_a_side_that_does_not_count_as_none() -> None:
    agree = sides_of([ratio(2, 4)] * 3, [ratio(1, 4)] * 3, SHARE, pooled=True)
    assert agree.counted is not None
    assert agree.weighed(0.1) == weighed([0.25] * 3, 0.1) != agree.counted.weighed(0.1, 2)
    # Nothing goes together with what does not vary.
    still = sides_of([ratio(2, 4), ratio(1, 4)], [ratio(0, 4)] * 2, SHARE, pooled=True)
    assert still.counted is not None
    assert still.counted.correlation == 0
    owed: list[Value] = [ratio(-1, 4), ratio(1, 4)]
    counts: list[Value] = [ratio(1, 4)] * 2
    for one, other in ((owed, counts), (counts, owed)):
        assert sides_of(one, other, SHARE, pooled=True).counted is None


def test_the_rare_side_is_taken_to_cluster_as_the_other_does() -> None:
    clustered: list[Value] = [ratio(40, 100), ratio(0, 100)] * 4
    thin: list[Value] = [ratio(1, 100), *[ratio(0, 100)] * 7]
    for one, other in ((clustered, thin), (thin, clustered)):
        found = sides_of(one, other, SHARE, pooled=True).counted
        assert found is not None
        sides = found.ours, found.theirs
        assert sides[0].clustering == sides[1].clustering > 5
    many: list[Value] = [ratio(40, 100), ratio(50, 100)] * 4
    assert sides_of(many, many, SHARE, pooled=False).counted is None
    assert sides_of(many, thin, SHARE, pooled=False).counted is not None
    assert sides_of(thin, many, SHARE, pooled=False).counted is not None
    both = sides_of([ratio(40, 100), ratio(60, 100)] * 4, clustered, SHARE, pooled=True).counted
    assert both is not None
    assert both.ours.clustering != both.theirs.clustering
