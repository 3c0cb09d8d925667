"""Every default number of the model, with unit, range, source and confidence, and what it drives."""

from legalaid_sim.evidence.register import Assumptions, Parameter, register, resolve

__all__ = ["Assumptions", "Parameter", "register", "resolve"]
