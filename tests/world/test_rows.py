"""Columns of draws by name: each keeps its number for ever, and none has two."""

from typing import NamedTuple

import pytest

from legalaid_sim.draws import layout
from legalaid_sim.world import rows


class Coins(NamedTuple):
    first: float
    later: tuple[float, ...]


@pytest.mark.parametrize(
    ("width", "places"),
    [
        (4, {"first": 0}),
        (4, {"first": 0, "later": slice(0, 2)}),
        (4, {"first": 4, "later": slice(0, 2)}),
        (4, {"later": slice(0, 2), "first": 2}),
        (4, {"first": 0, "later": slice(1, 3), "last": 3}),
    ],
    ids=["a field without", "a column twice", "beyond the row", "in another order", "no such field"],
)
def test_a_layout_that_cannot_be_is_refused_where_it_is_written(width, places):
    with pytest.raises(ValueError, match="needs a column within 4 for each of first, later"):
        layout(Coins, width, **places)


# Where each uniform stood when it was first drawn. A name that is added takes a number that is not here.
FOR_EVER = {
    "of_person": {
        "need": 1, "vulnerability": 2, "channel": 3, "patience": 4, "problems": 6, "nearness": 8, "kind": 9,
        "prone": 10, "reach": 11, "own": 12, "offered": 13,
    },
    "of_problem": {
        "kind": 0, "contacts": 1, "casework": 2, "crisis": 3, "later": 4, "delay": 5, "resolve": 6, "evidence": 7,
        "child_kind": 8, "child_lag": 9, "child": 10, "cluster": 11, "hidden": 12, "returns": (13, 14, 15, 16),
        "return_gaps": (17, 18, 19, 20), "stubborn": 21, "shames": 22, "nameless": 23,
    },
    "later_try": {
        "select": 0, "noise": 1, "assess": 2, "authority": 3, "slow": 4, "refer": (5, 6, 7), "acted": 8, "elsewhere": 9,
        "appeal": 10, "gate": 11, "door": 12, "happen": (13, 14, 15), "resolve": 16, "evidence": 17,
    },
}  # fmt: skip
WIDTHS = {"of_person": "person", "of_problem": "problem", "later_try": "attempt"}


@pytest.mark.parametrize("name", FOR_EVER)
def test_a_column_keeps_its_number(name):
    numbered = tuple(range(rows.COLUMNS[WIDTHS[name]]))
    assert getattr(rows, name)(numbered)._asdict() == FOR_EVER[name]


def test_the_first_try_takes_two_columns_of_its_problem():
    problem = rows.of_problem(tuple(range(100, 124)))
    first = rows.first_try(tuple(range(16)), problem)
    assert (first.resolve, first.evidence) == (problem.resolve, problem.evidence)
    assert first[:-2] == rows.later_try(tuple(range(18)))[:-2]
