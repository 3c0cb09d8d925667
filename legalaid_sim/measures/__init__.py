"""What a log says: measures with unit, formula, population and source; folds over events and nothing else."""

from legalaid_sim.measures.folds import admin_by_clause
from legalaid_sim.measures.measure import HIGHER, LOWER, NEITHER, Measure
from legalaid_sim.measures.registry import HEADLINES, REGISTRY, measure

__all__ = [
    "HEADLINES",
    "HIGHER",
    "LOWER",
    "NEITHER",
    "REGISTRY",
    "Measure",
    "admin_by_clause",
    "measure",
]
