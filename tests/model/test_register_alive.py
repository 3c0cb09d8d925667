"""Every constant of the register moves something somewhere: over its range, in a scenario that is shipped."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from legalaid_sim.engine import simulate
from legalaid_sim.evidence import register
from legalaid_sim.experiments.shared.axes import ASSUMPTIONS, Target, scenario_with
from legalaid_sim.experiments.shared.plans import RegimePlan, plans_of
from legalaid_sim.experiments.shared.replicate import world_seed
from legalaid_sim.scenario import load_scenario
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.world import sample
from tests.oracle import SCENARIOS, of_log

SHORT = {"lead_in_months": 2, "months": 4, "run_out_months": 2}
# What is alive only where another constant is not where it stands: off as shipped, or the other way to do the same.
BESIDE: Mapping[str, Mapping[str, float]] = {
    "adviser.usual_caseload": {"adviser.juggling": 0.3},
    "trust.growth_minutes": {"trust.contacts": 0},
}
# Where short lives are soonest lived and much goes on.
QUICK = (
    "asylum-stage-fees",
    "rural-law-centre",
    "judgement-or-procedure",
    "renewal-2010",
    "volunteers-or-time",
)

Place = tuple[str, bool, int]


@cache
def dumped(name: str, short: bool) -> dict[str, Any]:
    data: dict[str, Any] = load_scenario(SCENARIOS / f"{name}.yaml").model_dump(
        mode="json", exclude_none=True
    )
    if short:
        data["period"] |= SHORT
        # What comes into force later than a short life lasts is left out.
        data["contracts"] = [
            each if isinstance(each, str) else {**each, "later": []} for each in data["contracts"]
        ]
    return data


def plans(made: Scenario) -> tuple[RegimePlan, ...]:
    return plans_of(made, SCENARIOS)


def places() -> Iterator[Place]:
    """Where to look, cheapest first: short lives of the first contracts, then of all, then whole lives alike."""
    names = [*QUICK, *sorted({path.stem for path in SCENARIOS.glob("*.yaml")} - set(QUICK))]
    held = {name: len(plans(load_scenario(SCENARIOS / f"{name}.yaml"))) for name in names}
    yield from ((name, True, 0) for name in names)
    yield from ((name, True, at) for name in names for at in range(1, held[name]))
    yield from ((name, False, 0) for name in names)
    yield from ((name, False, at) for name in names for at in range(1, held[name]))


def told(place: Place, **assumed: float) -> str:
    name, short, at = place
    targets = [Target(f"{ASSUMPTIONS}.{path}", ASSUMPTIONS, path) for path in assumed]
    made = Scenario.model_validate(scenario_with(dumped(name, short), targets, list(assumed.values())))
    world = sample(made, world_seed(made.seed, 1))
    return of_log(simulate(world, made, plans(made)[at].compiled()))


@cache
def usual(place: Place, beside: tuple[tuple[str, float], ...] = ()) -> str:
    return told(place, **dict(beside))


def moves(name: str, beside: Mapping[str, float], where: Iterable[Place]) -> bool:
    """Tell whether a constant moves any record between an end of its range and where it stands."""
    ends = register()[name].range
    return any(
        told(place, **beside, **{name: end}) != usual(place, tuple(beside.items()))
        for place in where
        for end in ends
    )


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(register()))
def test_a_constant_moves_a_record_in_a_scenario_that_is_shipped(name: str) -> None:
    assert moves(name, BESIDE.get(name, {}), places()), "idle: remove it, or say beside what it is alive"


@pytest.mark.long
@pytest.mark.parametrize("name", BESIDE)
def test_what_waits_for_another_constant_is_idle_without_it(name: str) -> None:
    assert not moves(name, {}, ((place, True, 0) for place in QUICK))


def test_what_waits_and_what_it_waits_for_are_in_the_register() -> None:
    assert BESIDE.keys() | {name for held in BESIDE.values() for name in held} <= register().keys()
