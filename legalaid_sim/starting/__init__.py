"""A scenario to start from: the starter, a copy of one that exists, or one made of a few answers."""

from legalaid_sim.starting.template import starter

__all__ = ["starter"]
