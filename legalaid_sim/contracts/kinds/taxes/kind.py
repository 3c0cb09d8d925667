"""A kind of tax: what every kind says, and how it falls on what is paid."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from legalaid_sim.contracts.blocks.written import WrittenContract
from legalaid_sim.contracts.kinds.kind import Kind, Sets
from legalaid_sim.contracts.tools.compile_context import CompileContext
from legalaid_sim.contracts.tools.pricing_state import HEADING_LIMITS, TOTAL_LIMIT, PricingState

# What is charged for sessions, as a kind of line that a tax may fall on.
SESSIONS = "sessions"
ALL_LIMITS = frozenset({HEADING_LIMITS, TOTAL_LIMIT})


def unseen_limits(contract: WrittenContract) -> dict[str, frozenset[int]]:
    """Give, for payments taxed before a limit, the phases of the limits that a tax does not see."""
    unseen: dict[str, frozenset[int]] = {}
    for payment in contract.payments:
        if payment.tax_on == "claimed" or payment.tax_before == "heading_limits":
            unseen[payment.id] = ALL_LIMITS
        elif payment.tax_before == "total_limit":
            unseen[payment.id] = frozenset({TOTAL_LIMIT})
    return unseen


class TaxFall(Protocol):
    """A tax, ready to fall on cases whose fees and limits are settled."""

    def __init__(self, block: Any, unseen: Mapping[str, frozenset[int]], context: CompileContext) -> None:
        """Make it ready; ``unseen`` gives, by payment, the phases of limits that it does not see."""

    def run(self, case: PricingState) -> None:
        """Tax a case."""

    def on_sessions(self, pence: int, case: PricingState) -> int:
        """Give the tax on what a month's sessions came to."""

    def on_blocks(self, case: PricingState, blocks: Collection[str]) -> Fraction:
        """Give the tax that blocks bear in a case, in pence and unrounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxKind(Kind):
    """One kind of tax."""

    sets: tuple[Sets, ...] = ("pay",)
    rule: type[TaxFall]
