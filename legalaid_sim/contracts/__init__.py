"""Contracts: what they say, what work earns under them, what they ask for, and when money moves.

Its districts import one way, as ``rooms.py`` says. Facts and answers (``vocabulary.facts``) are light and come at once;
the schema and the compiler load when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from legalaid_sim.contracts.vocabulary.facts import (
    EMPTY,
    Burden,
    CashPayment,
    Line,
    MatterFacts,
    PeriodFacts,
    Permission,
    ProviderFacts,
    Segment,
    Settlement,
)

if TYPE_CHECKING:
    from legalaid_sim.contracts.account.account import Account
    from legalaid_sim.contracts.pricing.receipts import Receipt
    from legalaid_sim.contracts.pricing.terms import CompiledTerms, compile_terms
    from legalaid_sim.contracts.schema import Contract
    from legalaid_sim.contracts.vocabulary.service import Service

LATER = {
    "Account": "account.account",
    "CompiledTerms": "pricing.terms",
    "Contract": "schema",
    "Receipt": "pricing.receipts",
    "Service": "vocabulary.service",
    "compile_terms": "pricing.terms",
}

__all__ = [
    "EMPTY",
    "Account",
    "Burden",
    "CashPayment",
    "CompiledTerms",
    "Contract",
    "Line",
    "MatterFacts",
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
