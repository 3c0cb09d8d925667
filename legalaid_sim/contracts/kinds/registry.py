"""How a matter is priced, phase by phase, in the words of the contract.

Each function takes a block as its designer wrote it and gives the steps it takes: pairs of a phase and a
function of the case. A contract's plan for a matter is the steps of all blocks that apply, in order of phase.
Amounts are found once, at compilation; pricing itself only adds whole pence.
"""

from collections.abc import Callable, Iterator
from typing import Any

from legalaid_sim.contracts.kinds.additions import continuity_premium, outcome_payment
from legalaid_sim.contracts.kinds.disbursing import disbursements
from legalaid_sim.contracts.kinds.fees import (
    banded_fee,
    fixed_fee,
    graduated_fee,
    hourly,
    personal_budget,
    staged_fee,
    tendered_price,
    tiers,
)
from legalaid_sim.contracts.schema import payments as written
from legalaid_sim.contracts.schema.common import Payment
from legalaid_sim.contracts.tools.limits import limits
from legalaid_sim.contracts.tools.workshop import Step, Workshop

COMPILERS: dict[type[Payment], Callable[[Any, Workshop], Iterator[Step]]] = {
    written.Hourly: hourly,
    written.FixedFee: fixed_fee,
    written.GraduatedFee: graduated_fee,
    written.TenderedPrice: tendered_price,
    written.PersonalBudget: personal_budget,
    written.Disbursements: disbursements,
    written.BandedFee: banded_fee,
    written.Tiers: tiers,
    written.StagedFee: staged_fee,
    written.OutcomePayment: outcome_payment,
    written.ContinuityPremium: continuity_premium,
}
BASE_KINDS = frozenset({
    "hourly", "fixed_fee", "banded_fee", "staged_fee", "graduated_fee", "tendered_price", "tiers",
    "personal_budget",
})  # fmt: skip


def steps_of(block: Payment, shop: Workshop) -> tuple[Step, ...]:
    """Compile one payment block; a kind that is not paid by the matter takes no steps here."""
    compiler = COMPILERS.get(type(block))
    return (*compiler(block, shop), *limits(block, shop)) if compiler else ()
