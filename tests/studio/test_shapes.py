"""Every shape to begin with gives a file that check reads without fault, with a worked example that pays something."""

import pytest

from legalaid_sim.authoring.checking import check_text
from legalaid_sim.errors import NOTE, ResultsError
from legalaid_sim.studio.shapes import begun, read_answers, shapes

SENT = {
    "called": "My: own # contract", "categories": "debt, Welfare benefits", "starts": "2026-04-15", "months": "24",
    "amount": "220", "adviser": "10", "admin": "5",
}  # fmt: skip


@pytest.mark.parametrize("shape", shapes())
def test_a_shape_gives_a_contract_whose_first_example_holds(shape: str) -> None:
    text = begun(shape, read_answers(SENT))
    checked = check_text(text)
    assert [problem for problem in checked.problems if problem.severity != NOTE] == []
    assert (checked.passed, checked.examples) == (1, 1)
    assert "earned: 0.00" not in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"called": " "}, {"categories": ""}, {"categories": "a: b"}, {"starts": "1 April"}, {"months": "0"},
        {"months": "x"}, {"amount": "£5"}, {"amount": "-5"}, {"adviser": "-1"}, {"admin": "1.5"},
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_is_named(wrong: dict[str, str]) -> None:
    with pytest.raises(ResultsError, match="a new contract: needs"):
        read_answers({**SENT, **wrong})
