"""Every kind of payment: to add one, write its file and name it here (docs/new-kind.md)."""

from collections.abc import Mapping

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.kinds import (
    banded_fee,
    block_grant,
    capitation,
    continuity_premium,
    disbursements,
    fixed_fee,
    graduated_fee,
    hourly,
    limit,
    outcome_payment,
    personal_budget,
    staged_fee,
    standing_charge,
    tendered_price,
    tiers,
    triage,
)
from legalaid_sim.contracts.kinds.kind import Kind
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep
from legalaid_sim.contracts.tools.limits import limits

# In the order in which they are listed to readers.
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        hourly.KIND,
        fixed_fee.KIND,
        banded_fee.KIND,
        triage.KIND,
        staged_fee.KIND,
        graduated_fee.KIND,
        block_grant.KIND,
        capitation.KIND,
        outcome_payment.KIND,
        continuity_premium.KIND,
        personal_budget.KIND,
        tendered_price.KIND,
        disbursements.KIND,
        tiers.KIND,
        limit.KIND,
        standing_charge.KIND,
    )
}


def kind_of(block: PaymentBlock) -> Kind:
    """Give the kind of a block."""
    return KINDS[block.kind]


def steps_of(block: PaymentBlock, context: CompileContext) -> tuple[PhaseStep, ...]:
    """Compile one payment block; a kind that is not paid by the matter takes no steps here."""
    price = kind_of(block).price
    return (*price(block, context), *limits(block, context)) if price else ()


def grants(block: PaymentBlock) -> bool:
    """Tell whether a block pays by the month alone, for whatever matters come."""
    kind = kind_of(block)
    return kind.monthly is not None and kind.price is None
