"""Every kind of block: to add one, write its file and name it here (docs/new-kind.md)."""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Annotated, Any, TypeVar

from pydantic import Field

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.kinds.adjustments import indexation
from legalaid_sim.contracts.kinds.adjustments.kind import AdjustmentKind
from legalaid_sim.contracts.kinds.cash import (
    in_advance,
    on_completion,
    quarterly_in_arrears,
    standard_monthly,
    variable_monthly,
)
from legalaid_sim.contracts.kinds.cash.kind import CashKind
from legalaid_sim.contracts.kinds.controls import (
    audit,
    kept_back,
    kpi,
    sanction_ladder,
)
from legalaid_sim.contracts.kinds.controls.kind import ControlKind
from legalaid_sim.contracts.kinds.duties import (
    duty,
    return_due,
)
from legalaid_sim.contracts.kinds.duties.kind import DutyKind
from legalaid_sim.contracts.kinds.kind import Kind
from legalaid_sim.contracts.kinds.payments import (
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
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.kinds.permissions import (
    authority,
    matter_starts,
    priority,
    scope,
)
from legalaid_sim.contracts.kinds.permissions.kind import PermissionKind
from legalaid_sim.contracts.kinds.standards import (
    discretion,
    named_adviser,
    outreach,
)
from legalaid_sim.contracts.kinds.taxes import tax
from legalaid_sim.contracts.kinds.taxes.kind import TaxKind
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep
from legalaid_sim.contracts.tools.limits import limits

AKind = TypeVar("AKind", bound=Kind)


def by_name(kinds: Iterable[AKind]) -> Mapping[str, AKind]:
    """Give kinds by the word that stands under ``kind:``, in the order in which they are listed to readers."""
    return {kind.name: kind for kind in kinds}


PAYMENTS: Mapping[str, PaymentKind] = by_name(
    (
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
)
TAXES: Mapping[str, TaxKind] = by_name((tax.KIND,))
DUTIES: Mapping[str, DutyKind] = by_name(
    (
        duty.KIND,
        return_due.KIND,
    )
)
PERMISSIONS: Mapping[str, PermissionKind] = by_name(
    (
        matter_starts.KIND,
        authority.KIND,
        scope.KIND,
        priority.KIND,
    )
)
STANDARDS: Mapping[str, Kind] = by_name(
    (
        named_adviser.KIND,
        discretion.KIND,
        outreach.KIND,
    )
)
CONTROLS: Mapping[str, ControlKind] = by_name(
    (
        kpi.KIND,
        sanction_ladder.KIND,
        audit.KIND,
        kept_back.KIND,
    )
)
ADJUSTMENTS: Mapping[str, AdjustmentKind] = by_name((indexation.KIND,))
CASH: Mapping[str, CashKind] = by_name(
    (
        standard_monthly.KIND,
        variable_monthly.KIND,
        in_advance.KIND,
        on_completion.KIND,
        quarterly_in_arrears.KIND,
    )
)

# By the list of a contract that they stand in, and all of them by name.
LISTS: Mapping[str, Mapping[str, Kind]] = {
    "payments": PAYMENTS,
    "taxes": TAXES,
    "duties": DUTIES,
    "permissions": PERMISSIONS,
    "standards": STANDARDS,
    "controls": CONTROLS,
    "adjustments": ADJUSTMENTS,
    "cash": CASH,
}
KINDS: Mapping[str, Kind] = {name: kind for listed in LISTS.values() for name, kind in listed.items()}


def any_of(kinds: Mapping[str, Kind]) -> Any:
    """Give the type of a block of any of these kinds, told apart by its ``kind`` where there are several."""
    models: Any = reduce(or_, (kind.model for kind in kinds.values()))
    return Annotated[models, Field(discriminator="kind") if len(kinds) > 1 else Field()]


def payment_kind(block: PaymentBlock) -> PaymentKind:
    """Give the kind of a payment."""
    return PAYMENTS[block.kind]


def steps_of(block: PaymentBlock, context: CompileContext) -> tuple[PhaseStep, ...]:
    """Compile one payment block; a kind that is not paid by the matter takes no steps here."""
    price = payment_kind(block).price
    return (*price(block, context), *limits(block, context)) if price else ()


def grants(block: PaymentBlock) -> bool:
    """Tell whether a block pays by the month alone, for whatever matters come."""
    kind = payment_kind(block)
    return kind.monthly is not None and kind.price is None
