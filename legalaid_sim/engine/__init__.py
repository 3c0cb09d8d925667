"""The SimPy engine: a world lived under contracts, told as a log. Nothing random happens in here."""

from legalaid_sim.engine.simulate import Regime, simulate

__all__ = ["Regime", "simulate"]
