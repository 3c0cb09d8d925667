"""The casework toy in the engine: the same clients, advisers, visits and delays, as a scenario (toy.yaml)."""

import sys
from pathlib import Path

from legalaid_sim.engine import Regime, simulate
from legalaid_sim.events import Contact, Log
from legalaid_sim.scenario import load_scenario
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.world import sample

TOY = Path(__file__).with_name("toy.yaml")
CLIENTS = 50_000


def toy(clients: int = CLIENTS) -> Scenario:
    """The toy for so many clients."""
    scenario = load_scenario(TOY)
    return scenario.model_copy(
        update={"clients": scenario.clients.model_copy(update={"arrivals_until": clients})}
    )


def live(scenario: Scenario, seed: int = 1) -> Log:
    """Draw the world and live it."""
    return simulate(sample(scenario, seed), scenario, Regime("no-contract"))


def run(clients: int = CLIENTS, seed: int = 1) -> int:
    """Give the number of visits of one run."""
    return len(live(toy(clients), seed).of(Contact))


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS))
