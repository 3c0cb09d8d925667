"""A world is given again where nothing that it was drawn from has changed, and drawn anew for whatever reaches it."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pydantic import ValidationError

from legalaid_sim.evidence import register, resolve
from legalaid_sim.experiments.shared.axes import ASSUMPTIONS, SCENARIO, Target, scenario_with
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.world import World, drawn, sample
from legalaid_sim.world.again import MOST_KEPT, Worlds, reaching
from tests.builders.scenarios import scenario

SEED = 5
SMALL: dict[str, Any] = {
    "per_week": 2.0,
    "months": 1,
    "lead_in": 1,
    "starts": "2008-01-01",
    "start": "switch",
    "quiet": False,
    "organisation": {"may_shrink": True, "sessions": {"court": {"days": ["tue"], "clients": 2}}},
    "advisers": [{"role": "caseworker", "number": 2, "skill": 1.1}, {"role": "supervisor"}],
    "problems": {
        "debt": {
            "share": 2,
            "contacts": {"geometric": {"mean": 3}},
            "contact_minutes": 40,
            "casework_minutes": {"exponential": {"mean": 60}},
            "days_between": 7,
            "days_to_crisis": {"exponential": {"mean": 60}},
            "follow_ons": {"housing": 0.4},
            "cluster": "economic",
            "facts": {"claim": {"strong": 0.3, "weak": 0.7}},
        },
        "housing": {"fee_code": "HOUS", "cluster": "economic"},
    },
}


@cache
def usual() -> Scenario:
    return scenario(**SMALL)


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Give the dotted path of every number, truth and word of a scenario, and what stands there."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from leaves(value, (*path, at))
    else:
        yield ".".join(map(str, path)), data


def others(value: Any) -> Iterator[Any]:
    """Give values that may stand in place of another."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value * 2, value + 1, value / 2, 0)
    elif isinstance(value, str):
        yield from (
            "2008-02-01",
            "pool",
            "appointment",
            "empty",
            "all",
            "any_time",
            "telephone",
            "london",
            "anything",
        )
    elif value is None:
        yield from (3, 0.5)


def varied(target: Target, before: Any) -> Scenario | None:
    """Give the scenario with another value in a place, the first that its model allows."""
    for value in others(before):
        try:
            made = Scenario.model_validate(
                scenario_with(usual().model_dump(mode="json"), (target,), (value,))
            )
        except (ValidationError, TypeError):
            continue
        if made != usual():
            return made
    return None


def value_before(target: Target) -> Any:
    if target.room == ASSUMPTIONS:
        return register()[target.path].value.mean
    return dict(leaves(usual().model_dump(mode="json")))[target.path]


def axes() -> Iterator[Target]:
    for path, _ in leaves(usual().model_dump(mode="json")):
        yield Target(path, SCENARIO, path)
    for path in register():
        yield Target(path, ASSUMPTIONS, path)


# Words of which there is only one, and numbers that only a whole list of them may change, are no axes.
POINTS = {
    f"{target.room}.{target.path}": made
    for target in axes()
    if (made := varied(target, value_before(target))) is not None
}


@cache
def worlds() -> tuple[Worlds, World]:
    kept = Worlds()
    return kept, kept.sample(usual(), SEED, MOST_KEPT)


@cache
def digest_of_the_first() -> str:
    return worlds()[1].digest


@pytest.mark.parametrize("axis", POINTS)
def test_a_point_that_reaches_the_world_has_its_own_and_any_other_shares_it(axis: str) -> None:
    made = POINTS[axis]
    kept, first = worlds()
    kept.sample(usual(), SEED, MOST_KEPT)
    again = kept.sample(made, SEED, MOST_KEPT)
    given = digest_of_the_first() if again is first else again.digest
    assert given == sample(made, SEED).digest


def test_some_axes_reach_the_world_and_most_do_not() -> None:
    kept, first = worlds()

    def shares(room: str, path: str, value: Any) -> bool:
        target = Target(path, room, path)
        data = scenario_with(usual().model_dump(mode="json"), (target,), (value,))
        kept.sample(usual(), SEED, MOST_KEPT)
        return kept.sample(Scenario.model_validate(data), SEED, MOST_KEPT) is first

    assert shares(ASSUMPTIONS, "trust.memory_days", 100)
    assert shares(SCENARIO, "organisation.allocation.own_adviser_patience_days", 9)
    assert shares(SCENARIO, "organisation.opening_reserves", 9)
    assert shares(SCENARIO, "respond", "all")
    assert not shares(SCENARIO, "clients.arrivals.per_week", 4.0)
    assert not shares(ASSUMPTIONS, "follow_on.days", 50)


def test_what_a_world_may_not_read_moves_none() -> None:
    assert drawn(reaching(usual()), resolve(usual().assumptions), SEED).digest == sample(usual(), SEED).digest


def test_another_seed_is_another_world_and_only_so_many_are_kept() -> None:
    kept = Worlds()
    drawn = [kept.sample(usual(), seed, 3) for seed in range(5)]
    assert len({world.digest for world in drawn}) == 5
    again = [kept.sample(usual(), seed, 3) for seed in (4, 3, 2)]
    assert all(one is other for one, other in zip(again, reversed(drawn)))
    assert kept.sample(usual(), 0, 3) is not drawn[0]
    for seed in range(MOST_KEPT + 3):
        kept.sample(usual(), seed, 1000)
    assert len(kept._kept) == MOST_KEPT
