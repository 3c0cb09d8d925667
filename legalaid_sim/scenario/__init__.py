"""What an analyst writes: who seeks help, who gives it, under which contracts, for how long."""

from legalaid_sim.scenario.load import ScenarioFile, load_scenario, read_scenario
from legalaid_sim.scenario.model import Scenario

__all__ = ["Scenario", "ScenarioFile", "load_scenario", "read_scenario"]
