"""What every block is compiled with, and the shape that all compile to: steps in phases."""

from collections.abc import Callable
from typing import Any, NamedTuple

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.tools.amounts import (
    MILLION,
    WHOLE,
    Rounded,
    millionths_of,
    pence_of,
)
from legalaid_sim.contracts.tools.lookups import Library, Lookup
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.errors import Refusal

StepRun = Callable[[PricingState], None]


class PhaseStep(NamedTuple):
    """One thing that a block does in a phase."""

    phase: int
    run: StepRun


class CompileContext(NamedTuple):
    """What every block is compiled with: the contract's values and its rounding."""

    library: Library
    rounded: Rounded

    def money(self, form: Any, block: PaymentBlock, key: str) -> Lookup:
        """Compile an amount of money of a block."""
        return self.library.lookup(form, pence_of, f"{block.id}.{key}", block.table)

    def percent(self, form: Any, block: PaymentBlock, key: str) -> Lookup:
        """Compile a percentage of a block."""
        return self.library.lookup(form, millionths_of, f"{block.id}.{key}", block.table)


def needed(value: int | None, block: str, key: str) -> int:
    """Refuse an empty cell where the block cannot do without a number."""
    if value is None:
        raise Refusal("no-value", block, f"the contract gives no {key} for this matter")
    return value


def share(pence: int, millionths: int, rounded: Rounded) -> int:
    """Take a percentage of whole pence, rounded once."""
    return rounded(pence * millionths, WHOLE)


def percent_text(millionths: int) -> str:
    """Write millionths of a percent as a percent."""
    return f"{millionths / MILLION:g}%"
