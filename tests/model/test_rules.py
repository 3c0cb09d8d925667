"""Rules that once stood in code and are read from the register now: each bounds what it says, and binds."""

from collections import Counter
from typing import Any

import pytest

from legalaid_sim import events as e
from legalaid_sim.units import MINUTES_PER_DAY, MINUTES_PER_HOUR
from tests.builders.lives import live, world_of
from tests.builders.scenarios import agency, scenario

NINE = 9 * MINUTES_PER_HOUR


def problems_a_person(most: float) -> list[int]:
    made = scenario(
        per_week=30,
        assumptions={
            "client.several_problems": 0.9,
            "client.several_vulnerability": 0,
            "client.most_problems": most,
        },
    )
    return [len(person.problems) for person in world_of(made).people]


@pytest.mark.parametrize("most", [1, 2, 6])
def test_nobody_has_more_problems_than_the_most(most: int) -> None:
    assert max(problems_a_person(most)) == most


def test_who_has_fewer_problems_than_the_most_has_as_many_as_before() -> None:
    few, many = problems_a_person(3), problems_a_person(8)
    assert [min(3, each) for each in many] == few


@pytest.mark.parametrize("most", [1, 3])
def test_no_problem_comes_back_more_often_than_the_most(most: int) -> None:
    never = {"outcome.base": -30, "outcome.return_chance": 1, "outcome.return_days": 1}
    log = live(scenario(per_week=10, assumptions={**never, "outcome.most_returns": most}))
    assert max(Counter(ask.problem for ask in log.of(e.Asked)).values()) == 1 + most


@pytest.mark.parametrize("most", [0, 1, 3])
def test_nobody_is_handed_on_more_often_than_the_most(most: int) -> None:
    shut: dict[str, Any] = {"allocation": {"waiting_list_limit": 0, "caseload_limit": 1}}
    made = scenario(
        agencies=[agency(name, **shut) for name in ("one", "two", "three", "four", "five")],
        per_week=40,
        assumptions={"door.lost": 0, "door.most_hand_ons": most},
    )
    sent = Counter(hand_on.problem for hand_on in live(made).of(e.Referred))
    assert max(sent.values(), default=0) == most


@pytest.mark.parametrize("hours", [4, 8, 12])
def test_people_ask_from_nine_for_as_long_as_it_is_open(hours: int) -> None:
    made = scenario(
        per_week=30, clients={"days_before_asking": {"exponential": {"mean": 3}}},
        assumptions={"door.open_hours": hours},
    )  # fmt: skip
    asked = [ask.at % MINUTES_PER_DAY for ask in live(made).of(e.Asked)]
    assert min(asked) == NINE
    assert NINE + (hours - 1) * MINUTES_PER_HOUR < max(asked) < NINE + hours * MINUTES_PER_HOUR
