import random
from typing import Any

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from legalaid_sim.experiments.shared.contrasts import contrasts_of
from legalaid_sim.experiments.shared.replicate import estimates
from legalaid_sim.experiments.shared.statistics import (
    Estimate,
    deviation,
    estimate,
    mean_of,
    replications_for,
)
from legalaid_sim.experiments.shared.verdicts import (
    CANNOT_TELL,
    FAMILY_LEVEL,
    LESS,
    MORE,
    NO_MATTER,
    Weighed,
    judged,
    most_that_differ,
    standing,
    weighed,
    worlds_needed,
)
from legalaid_sim.measures import HEADLINES, REGISTRY
from legalaid_sim.measures.matters import LEAST

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
        (None, -0.2, 0.1, CANNOT_TELL),
        (0.2, None, 0.1, CANNOT_TELL),
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
    found = Estimate(0, ends[0], ends[1], 9)
    smaller, larger = (standing(found, least) for least in sorted((one, other)))
    if smaller in (MORE, LESS):
        assert ends[0] > 0 or ends[1] < 0
    assert smaller == larger or larger == NO_MATTER


@pytest.mark.parametrize(
    ("effect", "wrong", "right"), [(0.0, {MORE, LESS}, NO_MATTER), (2.0, {LESS, NO_MATTER}, MORE)]
)
def test_nothing_is_named_in_at_most_5_and_an_effect_found_in_at_least_90_of_a_hundred(
    effect: float, wrong: set[str], right: Any
) -> None:
    source, trials = random.Random(1), 400
    told = [standing(estimate(source.gauss(effect, 1.0) for _ in range(20)), 1.0) for _ in range(trials)]
    assert sum(each in wrong for each in told) / trials <= 0.05 + 3 * (0.05 * 0.95 / trials) ** 0.5
    assert told.count(right) / trials >= 0.9


# ---- families -----------------------------------------------------------------------------------------------------

NOISE = st.lists(st.floats(-1, 1), min_size=2, max_size=12)
AGREEING = st.builds(lambda gap, worlds: [gap] * worlds, st.floats(-1, 1), st.integers(2, 12))
# What lies far from 0 for its spread is rare among numbers drawn at will: a sign would hardly ever be told.
SHIFTED = st.builds(lambda gaps, by: [by + gap / 8 for gap in gaps], NOISE, st.floats(-1, 1))
GAPS = NOISE | AGREEING | SHIFTED


@given(GAPS, st.floats(0, 0.5))
@example([-1.0, -1.0], 0.5)
@example([0.0] * 6, 0.5)
def test_p_values_lie_within_0_and_1_and_no_side_is_favoured(gaps: list[float], least: float) -> None:
    found = weighed(gaps, least)
    assert found.differs is not None
    assert found.alike is not None
    assert 0 <= found.differs <= 1
    assert 0 <= found.alike <= 1
    assert weighed([-gap for gap in gaps], least) == found
    if mean_of(gaps) == 0:
        assert found.differs == 1
    if abs(mean_of(gaps)) >= least:
        assert found.alike == 1


@given(GAPS, st.floats(0, 0.5))
def test_better_and_worse_are_more_and_less_by_what_is_asked_for(gaps: list[float], least: float) -> None:
    told = {
        better: judged([mean_of(gaps)], [weighed(gaps, least)], [better])[0][1]
        for better in ("higher", "lower", "neither")
    }
    event(told["neither"])
    named: dict[str, tuple[str, str]] = {MORE: ("better", "worse"), LESS: ("worse", "better")}
    assert (told["higher"], told["lower"]) == named.get(told["neither"], (told["neither"],) * 2)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Weighed(1.0, FAMILY_LEVEL, False), NO_MATTER),
        (Weighed(FAMILY_LEVEL, 1.0, False), LESS),
        (Weighed(0.01, None, False), "undefined"),
        (Weighed(None, 0.01, False), "undefined"),
    ],
)
def test_at_5_in_a_hundred_it_is_still_said_and_of_half_a_test_nothing_is(found: Weighed, told: str) -> None:
    assert judged([-0.1], [found], ["neither"])[0][1] == told


def test_a_family_has_a_mean_and_a_test_of_each_of_its_members() -> None:
    with pytest.raises(ValueError, match="shorter"):
        judged([0.1, 0.2], [Weighed(0.5, 0.5, False)], ["neither"] * 2)


@given(GAPS, st.floats(0, 0.5))
def test_a_family_of_one_is_told_as_its_interval_is(gaps: list[float], least: float) -> None:
    found = weighed(gaps, least)
    ((p_value, verdict),) = judged([mean_of(gaps)], [found], ["neither"])
    if deviation(gaps) > 0:
        margin = min(abs(p - 0.05) for p in (found.differs, found.alike) if p is not None)
        assert margin < 1e-6 or verdict == standing(estimate(gaps), least)
    assert p_value != 0


@pytest.mark.parametrize("worlds", [2, 3, 5, 6, 10])
def test_worlds_that_all_agree_are_counted_and_give_no_p_of_0(worlds: int) -> None:
    found = weighed([1.0] * worlds, 0.5)
    assert found.differs == 2 * 0.5**worlds
    ((_, verdict),) = judged([1.0], [found], ["higher"])
    assert verdict == ("better" if worlds >= 6 else CANNOT_TELL)
    ((_, nothing),) = judged([0.0], [weighed([0.0] * worlds, 0.5)], ["higher"])
    assert nothing == "never seen to differ"


def test_a_family_asks_more_of_each_of_its_members() -> None:
    gaps = [0.02, 0.4, 0.3, 0.1, 0.25]
    alone = judged([mean_of(gaps)], [weighed(gaps, 0.0)], ["lower"])[0]
    noise = [weighed([-1.0, 1.0, 0.3, -0.4, 0.2], 0.0)] * 9
    among = judged([mean_of(gaps), *[0.02] * 9], [weighed(gaps, 0.0), *noise], ["lower"] * 10)[0]
    assert alone[1] == "worse"
    assert among[1] == CANNOT_TELL


@given(GAPS, st.floats(0.01, 0.5))
def test_worlds_are_never_advised_for_less_than_matters(gaps: list[float], least: float) -> None:
    needed = worlds_needed(gaps, least)
    most = replications_for(gaps, least / 2)
    if needed is not None and most is not None:
        assert len(gaps) < needed <= max(most, len(gaps) + 1)
    assert worlds_needed(gaps, 0.0) is None


def test_worlds_are_advised_until_the_half_width_is_the_size_or_what_is_left_to_the_least() -> None:
    gaps = [-1.0, 1.0, 0.5, -0.5, 0.2, 0.4]
    size = mean_of(gaps)
    for least in (0.15, 0.5, 2.0):
        needed = replications_for(gaps, max(size, least - size))
        assert needed is not None
        assert worlds_needed(gaps, least) == max(needed, len(gaps) + 1)
    assert worlds_needed([0.5, 1.0], 0.5) == replications_for([0.5, 1.0], 0.75)
    assert worlds_needed(gaps[:1], 0.5) is None
    assert worlds_needed([], 0.5) is None


def test_what_cannot_be_tested_is_undefined_and_never_said_never_to_differ() -> None:
    assert weighed([1.0], 0.5) == (None, None, False)
    found = [weighed([], 0.5), weighed([1.0], 0.5)]
    assert judged([None, 1.0], found, ["higher", "higher"]) == [(None, "undefined")] * 2


def test_as_many_worlds_as_advised_settle_it() -> None:
    source, settled, trials = random.Random(7), 0, 60
    for trial in range(trials):
        effect = trial / trials * 2
        first = [source.gauss(effect, 1.0) for _ in range(10)]
        needed = worlds_needed(first, 1.0) or 10
        more = [*first, *(source.gauss(effect, 1.0) for _ in range(2 * needed))]
        settled += standing(estimate(more), 1.0) != CANNOT_TELL
    assert settled / trials >= 0.8


def test_none_seen_in_n_worlds_is_at_most_about_3_in_n() -> None:
    for worlds in (2, 10, 100, 1000):
        assert most_that_differ(worlds) < 3 / worlds
        assert (1 - most_that_differ(worlds)) ** worlds == pytest.approx(0.05)


# ---- missing and bounded values -----------------------------------------------------------------------------------

Row = dict[str, float | None]


def goals(*values: float | None) -> list[Row]:
    return [{"goals.reached_in_time_share": value} for value in values]


def test_a_difference_is_taken_from_worlds_that_have_both_and_its_columns_subtract() -> None:
    name = "goals.reached_in_time_share"
    ours, theirs = goals(0.9, None, 0.8, 0.7, 0.2), goals(0.5, 0.1, 0.6, None, 0.3)
    (found,) = contrasts_of({"a": theirs, "b": ours}, {}, "a", [name])
    gap = found.paired.difference
    assert (gap.n, found.lived, found.ours.n, found.baseline.n) == (3, 5, 3, 3)
    assert found.ours.mean is not None
    assert found.baseline.mean is not None
    assert gap.mean == pytest.approx(found.ours.mean - found.baseline.mean)


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=2, max_size=8))
def test_no_interval_leaves_the_bounds_of_a_share(values: list[float | None]) -> None:
    found = estimates(goals(*values), ["goals.reached_in_time_share"])["goals.reached_in_time_share"]
    if found.low is not None and found.high is not None and found.mean is not None:
        assert 0 <= found.low <= found.mean <= found.high <= 1
    held = [value for value in values if value is not None]
    assert found.n == len(held)
    if len(set(held)) == 1:
        assert (found.low, found.high) == (None, None)


def test_every_default_is_of_a_measure_and_every_headline_has_one() -> None:
    assert set(LEAST) <= set(REGISTRY)
    assert {measure.name for measure in HEADLINES} <= set(LEAST)
    assert all(least.size > 0 for least in LEAST.values())
