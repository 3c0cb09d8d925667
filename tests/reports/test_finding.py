import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.experiments.contrasts import contrasts_of
from legalaid_sim.measures import HEADLINES, REGISTRY
from legalaid_sim.reports.finding import difference_of, listed, plain

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


def test_what_may_be_noise_is_told_as_not_clear() -> None:
    said = sentence(old=[0.5, 0.6, 0.4], new=[0.55, 0.5, 0.5])
    assert said.startswith("No contract differs clearly from old in the chance")
    assert "+2 points under new" in said


def test_an_interval_that_leaves_out_0_is_not_clear_when_it_is_one_of_many() -> None:
    old = [{measure.name: value for measure in HEADLINES} for value in (0.1, 0.5, 0.3)]
    wild = [0.3, -0.2, 0.4]
    new = [
        {measure.name: value for measure in HEADLINES} | {"continuity.coc": mine}
        for value, mine in zip(wild, (0.21, 0.6, 0.43))
    ]
    found = contrasts_of({"old": old, "new": new}, {}, "old", [measure.name for measure in HEADLINES])
    said = difference_of([each for each in found if each.measure == "continuity.coc"], COC, "old")
    assert said.startswith("No contract differs clearly from old")
    assert said.endswith("taken alone; among so many differences chance can do that).")


def test_the_others_are_told_by_where_they_stand() -> None:
    said = sentence(
        old=[0.5, 0.52, 0.49, 0.51],
        most=[0.9, 0.93, 0.89, 0.9],
        more=[0.7, 0.73, 0.69, 0.7],
        less=[0.3, 0.33, 0.29, 0.3],
        same=[0.6, 0.42, 0.55, 0.44],
    )
    assert said.startswith("Under most, ")
    assert said.endswith(
        "; also clearly higher under more; clearly lower under less; no clear difference under same."
    )


def test_one_world_makes_no_claim() -> None:
    said = sentence(old=[0.5], new=[0.9])
    assert said.startswith("One world cannot show whether")
    assert "interval" not in said


def test_equal_worlds_are_the_same() -> None:
    assert "no difference at all" in sentence(old=[0.5, 0.6], new=[0.5, 0.6])


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
