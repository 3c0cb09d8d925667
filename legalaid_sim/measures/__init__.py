"""What a log says: measures with unit, formula, population and source; folds over events and nothing else."""

from legalaid_sim.measures.folds import admin_by_clause, contacts_of, money_by_month, time_by_activity
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
    "contacts_of",
    "measure",
    "money_by_month",
    "time_by_activity",
]
