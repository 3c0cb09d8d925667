"""Live a world under contracts, and tell it as a log."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from legalaid_sim.engine.life import Simulation
from legalaid_sim.engine.regime import Regime
from legalaid_sim.events import Log
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.units import MINUTES_PER_DAY
from legalaid_sim.world import World


def simulate(world: World, scenario: Scenario, regime: Regime) -> Log:
    """Live ``world`` under ``regime``: the same three give the same log, whatever else runs or ran.

    Raises ``DrawsExhausted`` when somebody decides more often than the world foresees, ``Refusal`` when a contract
    cannot answer.
    """
    return Simulation.begun(world, scenario, regime).to_its_end()


def simulate_each(world: World, scenario: Scenario, regimes: Sequence[Regime]) -> Iterator[Log]:
    """Live ``world`` under each regime in turn: the logs that ``simulate`` gives, what regimes share lived once.

    Regimes that stand next to each other and begin alike are parted on the first day on which they differ.
    """
    begins = scenario.period.begins
    for alike in _beginning_alike(regimes, begins):
        life = Simulation.begun(world, scenario, alike[0])
        if len(alike) > 1:
            parts = differ_on(alike, begins) or scenario.period.ends
            life.live_to((parts - begins).days * MINUTES_PER_DAY)
        for parted in life.parted(alike):
            yield parted.to_its_end()


def differ_on(regimes: Iterable[Regime], begins: date) -> date | None:
    """Give the first day on which not all regimes have the same in force; None where they never differ."""
    lists = [regime.phases(begins) for regime in regimes]
    first, *others = lists
    same = 0
    while all(len(each) > same and len(first) > same and each[same] == first[same] for each in others):
        same += 1
        if same == len(first):
            break
    return min((each[same].starts or begins for each in lists if len(each) > same), default=None)


def _beginning_alike(regimes: Sequence[Regime], begins: date) -> Iterator[list[Regime]]:
    alike: list[Regime] = []
    for regime in regimes:
        if alike and regime.phases(begins)[0] != alike[0].phases(begins)[0]:
            yield alike
            alike = []
        alike.append(regime)
    if alike:
        yield alike
