"""The closed vocabulary of a contract file, as pydantic models."""

from legalaid_sim.contracts.schema.contract import Contract
from legalaid_sim.contracts.vocabulary.values import Source, Terms

__all__ = ["Contract", "Source", "Terms"]
