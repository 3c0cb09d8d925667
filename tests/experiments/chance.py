"""A pipeline whose measures are planted effects and known chance, for tests of what is told of either."""

from collections.abc import Callable, Mapping
from random import Random
from types import SimpleNamespace
from typing import Any

from legalaid_sim.experiments.shared.replicate import Pipeline
from tests.experiments import fakes

MEASURE = "continuity.coc"
Planted = Callable[[Mapping[str, Any], str, Any], float]


def pipeline(planted: Planted, sd: float = 1.0) -> Callable[[], Pipeline]:
    """Give a pipeline: ``planted`` of the assumptions, the contract's name and the terms, plus chance.

    Chance is anew for everything that differs, as it is where a change of one minute reaches every later one.
    """

    def simulate(world: Any, scenario: Any, regime: Any) -> Any:
        assumed = dict(scenario.assumptions)
        duties = [(duty.id, duty.minutes) for terms in regime.terms for duty in terms.contract.duties]
        luck = Random(f"{world.seed}/{regime.name}/{sorted(map(str, assumed.items()))}/{duties}").gauss(0, sd)
        return SimpleNamespace(value=planted(assumed, regime.name, regime) + luck)

    def measure(log: Any, names: Any = ()) -> dict[str, float | None]:
        return {MEASURE: log.value}

    return lambda: Pipeline(fakes.sample, simulate, lambda log: None, measure)
