"""What a page shows of a file goes back into it byte for byte, but for what was edited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.studio.editing import NotEdited, as_filed, as_shown, meant, put_right, turned, with_example
from legalaid_sim.yamlfile import Mark, numbers_of, parse, with_number
from tests.studio.client import CONTRACT, FEE

EXAMPLE = {
    "name": "Six: hours",
    "table": {"columns": ["category", "profit_hours", "earned"], "rows": [["housing", 6, 200]]},
    "source": {"title": "kept", "status": "derived"},
}
LINES = st.lists(st.tuples(st.text("ab #:1", max_size=5), st.sampled_from(["\n", "\r\n", "\r"])), max_size=9)


@given(LINES, st.sampled_from(["", "\ufeff"]), st.text("ab:1", max_size=4))
def test_a_file_that_was_not_edited_comes_back_as_it_was(lines, mark: str, tail: str) -> None:
    raw = mark + "".join(line + end for line, end in lines) + tail
    if "\r" + "\n" not in raw or as_shown(raw).count("\n") == sum(1 for _ in lines):
        assert as_filed(raw, as_shown(raw)) == raw


@given(LINES, st.integers(0, 20), st.sampled_from(["", "\ufeff"]))
def test_a_browser_sends_other_line_ends_and_they_are_put_back(lines, which: int, mark: str) -> None:
    raw = mark + "a: 1\r\nb: 2\n" + "".join(line + end for line, end in lines)
    shown = as_shown(raw)
    assert as_filed(raw, shown.replace("\n", "\r\n")) == raw
    numbers = list(numbers_of(parse(raw)))
    if numbers:
        chosen = numbers[which % len(numbers)].mark
        assert as_filed(raw, with_number(shown, chosen, "77")) == with_number(raw, chosen, "77")


def test_a_number_is_turned_and_what_stood_there_is_told() -> None:
    text, moved = turned(CONTRACT, {FEE: "250", "payments.1.amount": "90.00"})
    assert moved == [(FEE, "200.00")]
    assert text == CONTRACT.replace("200.00   #", "250.00   #")
    for place, number in ((FEE, "much"), ("payments.9.amount", "1"), ("title", "1")):
        with pytest.raises(NotEdited):
            turned(CONTRACT, {place: number})


def test_a_word_that_was_meant_is_put_in_its_place_and_nowhere_else() -> None:
    wrong = CONTRACT.replace("kind: fixed_fee", "kind: fixd_fee", 1)
    line = wrong.split("\n").index("    kind: fixd_fee") + 1
    assert put_right(wrong, Mark(line, 11, 8), meant("no such kind. Did you mean 'fixed_fee'?")) == CONTRACT
    for mark, word in ((Mark(999, 1, 3), "fee"), (Mark(line, 11, 8), "a\nb"), (Mark(line, 11, 8), "x: {y}")):
        with pytest.raises(NotEdited):
            put_right(wrong, mark, word)


def test_an_example_is_added_below_the_others_and_nothing_else_moves() -> None:
    made = with_example(CONTRACT, EXAMPLE)
    assert [line for line in CONTRACT.split("\n") if line not in made.split("\n")] == []
    assert len(parse(made).data["examples"]) == 2
    assert made.index("Six: hours") < made.index("payments:")
    alone = with_example("kind: contract\n", EXAMPLE)
    assert parse(alone).data["examples"][0]["name"] == "Six: hours"
    with pytest.raises(NotEdited):
        with_example("examples: [{name: a}]\n", EXAMPLE)
