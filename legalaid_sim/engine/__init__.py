"""The SimPy engine: a world lived under contracts, told as a log. Nothing random happens in here."""

from legalaid_sim.engine.regime import Phase, Regime
from legalaid_sim.engine.simulate import simulate, simulate_each

__all__ = ["Phase", "Regime", "simulate", "simulate_each"]
