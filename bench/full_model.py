"""The whole model: a scenario with its first contract, from drawing the world to the finished log."""

import sys
from pathlib import Path

from legalaid_sim.engine import Regime, simulate
from legalaid_sim.events import Contact
from legalaid_sim.experiments.shared.plans import plans_of
from legalaid_sim.scenario import load_scenario
from legalaid_sim.world import sample

REAL = Path(__file__).parents[1] / "scenarios" / "canning-town-2008.yaml"
THREE_YEARS = Path(__file__).with_name("three-years.yaml")


def ready(path: Path):
    """Read a scenario and compile its first contract, which is not what is timed."""
    scenario = load_scenario(path)
    plan = plans_of(scenario, path.parent)[0]
    return scenario, plan.compiled() if plan.contracts else Regime("no-contract")


def live(scenario, regime, seed=1):
    """Give the number of visits of one run."""
    return len(simulate(sample(scenario, seed), scenario, regime).of(Contact))


if __name__ == "__main__":
    print(live(*ready(Path(sys.argv[1]) if len(sys.argv) > 1 else REAL)))
