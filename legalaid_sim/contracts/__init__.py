"""Contracts: what they say, what work earns under them, what they ask for, and when money moves.

The facts and answers (``facts``) are light and come at once; the vocabulary and the compiler load when first
used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from legalaid_sim.contracts.facts import (
    EMPTY,
    Burden,
    Line,
    MatterFacts,
    Payment,
    PeriodFacts,
    Permission,
    ProviderFacts,
    Segment,
    Settlement,
)

if TYPE_CHECKING:
    from legalaid_sim.contracts.account import Account
    from legalaid_sim.contracts.receipts import Receipt
    from legalaid_sim.contracts.schema import Contract
    from legalaid_sim.contracts.terms import CompiledTerms, Service, compile_terms

LATER = {
    "Account": "account",
    "CompiledTerms": "terms",
    "Contract": "schema",
    "Receipt": "receipts",
    "Service": "terms",
    "compile_terms": "terms",
}

__all__ = [
    "EMPTY",
    "Account",
    "Burden",
    "CompiledTerms",
    "Contract",
    "Line",
    "MatterFacts",
    "Payment",
    "PeriodFacts",
    "Permission",
    "ProviderFacts",
    "Receipt",
    "Segment",
    "Service",
    "Settlement",
    "compile_terms",
]


def __getattr__(name: str) -> Any:
    if name in LATER:
        return getattr(import_module(f"{__name__}.{LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
