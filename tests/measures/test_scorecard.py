"""The scorecard: every feature of the paper, side by side, with weights shown and no number for the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.experiments.shared.statistics import Estimate, estimate
from legalaid_sim.measures import REGISTRY
from legalaid_sim.measures.scorecard import FEATURES, Feature, places, rows
from legalaid_sim.reports.scorecard import scorecard_table

ADMIN = next(feature for feature in FEATURES if feature.key == "least_admin")
EARLY = next(feature for feature in FEATURES if feature.key == "early")
EQUAL = next(feature for feature in FEATURES if feature.key == "equality")


def test_there_are_the_fourteen_features_of_the_paper():
    assert len(FEATURES) == len({feature.key for feature in FEATURES}) == 14


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.key)
def test_every_feature_is_measured_by_registered_measures(feature):
    assert feature.measures
    assert set(feature.measures) <= set(REGISTRY)


def early(helped, disclosed):
    return {"access.helped_before_crisis": helped, "access.disclosed_early": disclosed}


def test_the_best_contract_has_place_one_and_the_worst_nought():
    found = places(EARLY, {"a": early(0.2, 0.0), "b": early(0.6, 0.4), "c": early(0.4, 0.1)})
    assert found == {"a": 0, "b": 1, "c": pytest.approx((0.5 + 0.25) / 2)}


def test_less_admin_is_better():
    admin = {"admin.share": 0.2, "admin.unpaid_duty_minutes_per_matter": 10}
    less = {"admin.share": 0.1, "admin.unpaid_duty_minutes_per_matter": 5}
    assert places(ADMIN, {"a": admin, "b": less}) == {"a": 0, "b": 1}


def test_the_best_gap_is_none_whatever_its_sign():
    by_regime = {"a": -0.3, "b": 0.1, "c": 0}
    gaps = {regime: dict.fromkeys(EQUAL.measures, gap) for regime, gap in by_regime.items()}
    assert places(EQUAL, gaps) == {"a": 0, "b": pytest.approx(2 / 3), "c": 1}


def test_a_weight_moves_the_place_and_nought_leaves_a_measure_out():
    means = {"a": early(0.2, 0.4), "b": early(0.6, 0.0)}
    assert places(EARLY, means) == {"a": 0.5, "b": 0.5}
    assert places(EARLY, means, {"access.disclosed_early": 3}) == {"a": 0.75, "b": 0.25}
    assert places(EARLY, means, {"access.disclosed_early": 0}) == {"a": 0, "b": 1}


def test_a_weight_below_nought_is_refused_by_name():
    words = r"the weight of access\.disclosed_early is -1; a weight is 0 or more"
    with pytest.raises(ValueError, match=words):
        places(EARLY, {"a": early(0, 0)}, {"access.disclosed_early": -1})


def test_what_is_undefined_or_equal_everywhere_does_not_count():
    assert places(EARLY, {"a": early(0.2, None), "b": early(0.6, 0.1)}) == {"a": 0, "b": 1}
    assert places(EARLY, {"a": early(0.2, 0.1), "b": early(0.2, 0.1)}) == {"a": None, "b": None}
    assert places(EARLY, {"a": early(0.2, 0.1)}) == {"a": None}


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 5)), min_size=2, max_size=5))
def test_places_lie_between_worst_and_best_and_do_not_depend_on_order(values):
    means = {f"r{n}": early(*pair) for n, pair in enumerate(values)}
    found = places(EARLY, means)
    assert all(place is None or -1e-9 <= place <= 1 + 1e-9 for place in found.values())
    turned = places(EARLY, dict(reversed(means.items())))
    assert {name: turned[name] for name in found} == pytest.approx(found)


def estimates(shift):
    return {name: estimate([shift + n / 10 for n in range(4)]) for name in REGISTRY}


TABLE = scorecard_table({"fixed-fees": estimates(0.1), "hours": estimates(0.3)}, 120)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.key)
def test_the_table_shows_every_feature_with_its_measures(feature):
    block = TABLE.split(f"\n{feature.title}\n")[1].split("\n\n")[0].splitlines()
    names = [next(word for word in line.split() if "." in word) for line in block[:-1]]
    assert names == list(feature.measures)
    assert block[-1].split()[0] == "place"
    assert all("×1" in line and "±" in line for line in block[:-1])


def test_the_table_says_what_weights_and_places_are():
    head = TABLE.splitlines()[:3]
    assert head[0].startswith("one-to-one scorecard (features: Council on Social Action, paper no. 3, 2008)")
    assert head[1] == "mean ± half the 95 % interval; ×: weight within the feature"
    assert head[2] == "place: 0 worst, 1 best of these, over measures whose intervals lie apart"


def line_of(table, name):
    return next(line for line in table.splitlines() if line[2:].startswith(name))


def test_what_may_be_noise_gives_no_place():
    block = scorecard_table({"a": estimates(0.1), "b": estimates(0.11)}, 120).split("early intervention\n")[1]
    assert line_of(block, "place").split() == ["place", "–", "–"]
    block = scorecard_table({"a": estimates(0.1), "b": estimates(2.1)}, 120).split("early intervention\n")[1]
    assert line_of(block, "place").split() == ["place", "0.000", "1.000"]


def test_one_contract_alone_has_no_place():
    table = scorecard_table({"hours": estimates(0.3)}, 120)
    assert "place" not in table
    assert "continuity.coc" in table


def test_undefined_is_a_dash():
    nothing = dict.fromkeys(REGISTRY, Estimate(None, None, None, 0))
    table = scorecard_table({"hours": nothing, "fees": nothing}, 120)
    line = next(line for line in table.splitlines() if "continuity.coc" in line)
    assert line.split()[-2:] == ["–", "–"]


def test_a_given_weight_is_printed():
    table = scorecard_table({"hours": estimates(0.3)}, 120, {"continuity.coc": 2.5})
    assert "continuity.coc                          ×2.5" in table


@given(st.integers(40, 200), st.integers(1, 6))
def test_the_table_keeps_to_the_width_where_one_contract_fits(width, number):
    results = {f"a-contract-of-long-name-{n}": estimates(n) for n in range(number)}
    widest = max(map(len, scorecard_table(results, width).splitlines()))
    one = max(map(len, scorecard_table(dict(list(results.items())[:1]), 40).splitlines()))
    assert widest <= max(width, one, 79)


def test_rows_are_the_table_as_data():
    shifted = {"a": estimates(0.1), "b": estimates(0.3)}
    means = {regime: {name: each.mean for name, each in held.items()} for regime, held in shifted.items()}
    data = rows(means)
    assert len(data) == 2 * sum(len(feature.measures) for feature in FEATURES)
    first = data[0]
    assert first.feature == "listening"
    assert first.measure == "time.listening_minutes_per_client"
    assert (first.weight, first.regime, first.mean) == (1, "a", pytest.approx(0.25))  # type: ignore[comparison-overlap]
    assert (data[0].place, data[1].place) == (0, 1)


def test_a_feature_can_be_made_of_other_measures():
    own = Feature("own", "of our own", ("continuity.coc",))
    assert places(own, {"a": {"continuity.coc": 0.2}, "b": {"continuity.coc": 0.8}}) == {"a": 0, "b": 1}
