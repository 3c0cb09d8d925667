import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.experiments.shared.contrasts import contrasts_of
from legalaid_sim.measures import HEADLINES, REGISTRY
from legalaid_sim.reports.finding import difference_of, label_of, listed, plain

COC = REGISTRY["continuity.coc"]


def contrasts(**values: list[float]):  # type: ignore[no-untyped-def]
    series = {name: [{"continuity.coc": value} for value in held] for name, held in values.items()}
    return contrasts_of(series, {}, next(iter(values)), ["continuity.coc"])


def sentence(**values: list[float]) -> str:
    return difference_of(contrasts(**values), COC, next(iter(values)))


def test_a_clear_difference_is_told_with_both_means_and_its_interval() -> None:
    assert sentence(old=[0.5, 0.52, 0.49, 0.51], new=[0.7, 0.73, 0.69, 0.7]) == (
        "Under new, the chance that two different contacts of a client were with the same adviser is "
        "higher than under old: 70.5% against 50.5% (difference +20.0 points, 95 % interval +18.7 to +21.3 points)."
    )


def test_what_may_be_noise_cannot_be_told() -> None:
    said = sentence(old=[0.5, 0.6, 0.4], new=[0.55, 0.5, 0.5])
    assert said.startswith("It cannot be told whether a contract differs from old in the chance")
    assert "+2 points under new" in said


def test_an_interval_that_leaves_out_0_is_not_enough_when_it_is_one_of_many() -> None:
    old = [{measure.name: value for measure in HEADLINES} for value in (0.1, 0.5, 0.3)]
    wild = [0.3, -0.2, 0.4]
    new = [
        {measure.name: value for measure in HEADLINES} | {"continuity.coc": mine}
        for value, mine in zip(wild, (0.21, 0.6, 0.43))
    ]
    found = contrasts_of({"old": old, "new": new}, {}, "old", [measure.name for measure in HEADLINES])
    said = difference_of([each for each in found if each.measure == "continuity.coc"], COC, "old")
    assert said.startswith("It cannot be told whether a contract differs from old")
    assert said.endswith("taken alone; among several differences chance can do that).")
    alone = contrasts_of({"old": old, "new": new}, {}, "old", ["continuity.coc"])
    asked = contrasts_of(
        {"old": old, "new": new}, {}, "old", [measure.name for measure in HEADLINES], {"continuity.coc": 0.05}
    )
    told = next(each for each in asked if each.measure == "continuity.coc")
    assert told.verdict == alone[0].verdict == "better"


def test_the_others_are_told_by_where_they_stand() -> None:
    said = sentence(
        old=[0.5, 0.52, 0.49, 0.51],
        most=[0.9, 0.93, 0.89, 0.9],
        more=[0.7, 0.73, 0.69, 0.7],
        less=[0.3, 0.33, 0.29, 0.3],
        same=[0.6, 0.42, 0.55, 0.44],
    )
    assert said.startswith("Under most, ")
    assert said.endswith("; also higher under more; lower under less; it cannot be told under same.")


def test_one_world_makes_no_claim() -> None:
    said = sentence(old=[0.5], new=[0.9])
    assert said.startswith("One world cannot show whether")
    assert "interval" not in said


def test_equal_worlds_are_never_seen_to_differ_and_not_said_to_be_the_same() -> None:
    said = sentence(old=[0.5, 0.6], new=[0.5, 0.6])
    assert said.startswith("In 2 worlds no contract was seen to differ from old")
    assert said.endswith("; in at most 78 % of worlds it may.")


def test_a_difference_too_small_to_matter_is_told_as_such() -> None:
    said = sentence(old=[0.5, 0.52, 0.49, 0.51], new=[0.51, 0.531, 0.5, 0.519])
    assert said.startswith("No contract differs from old by what matters in the chance")
    assert said.endswith("less than 5.0 points, the smallest that matters.")


def test_an_undefined_measure_is_told() -> None:
    series = {name: [{"continuity.coc": None}] * 3 for name in ("old", "new")}
    found = contrasts_of(series, {}, "old", ["continuity.coc"])
    assert "undefined" in difference_of(found, COC, "old")


@given(
    st.lists(st.floats(0, 1), min_size=3, max_size=6),
    st.lists(st.floats(0, 1), min_size=3, max_size=6),
)
def test_no_sentence_claims_what_its_interval_does_not_support(old: list[float], new: list[float]) -> None:
    count = min(len(old), len(new))
    found = contrasts(old=old[:count], new=new[:count])
    said = difference_of(found, COC, "old")
    gap = found[0].paired.difference
    claimed = " is higher than " in said or " is lower than " in said
    if claimed:
        assert gap.low is not None
        assert gap.high is not None
        assert gap.low > 0 or gap.high < 0 or gap.low == gap.high != 0


@pytest.mark.parametrize("measure", HEADLINES, ids=lambda measure: measure.name)
def test_every_headline_measure_can_stand_in_a_sentence(measure) -> None:  # type: ignore[no-untyped-def]
    words = measure.phrase
    assert words[0].islower()
    assert not words.endswith(".")


@given(st.text(max_size=300))
def test_no_shown_text_holds_a_mark_that_turns_or_breaks_it(text: str) -> None:
    shown = plain(text)
    assert len(shown) <= 60
    assert all(letter.isprintable() or letter == "\n" for letter in shown)


def test_long_lists_end_in_a_number() -> None:
    assert listed(["a", "b", "c", "d"]) == "a, b, c and 1 more"


def test_every_measure_of_two_moneys_says_which_it_is() -> None:
    """By the words of its formula, which owe nothing to the report's list."""
    for name, known in REGISTRY.items():
        cash = re.match(r"(sum of )?payments\b", known.formula)
        owed = re.search(r"^[^/]*\bentitlement\b(?! not yet paid)", known.formula)
        wanted = ", in cash" if cash else ", by entitlement" if owed else ""
        assert label_of(name) == known.label + wanted, name
