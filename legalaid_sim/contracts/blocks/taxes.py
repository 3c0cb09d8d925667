"""Taxes on what is paid."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block, DatedBy
from legalaid_sim.contracts.vocabulary.values import PercentValue, Terms


class PaidOut(Terms):
    """Tax that the provider paid to others: as claimed, or as claimed up to this tax's rate."""

    disbursements: Literal["claimed", "claimed_up_to_rate", "none"] = "claimed_up_to_rate"


class Tax(Block):
    """Tax on what is paid."""

    kind: Literal["tax"]
    dated_by: DatedBy = "matter_closed"
    on: tuple[str, ...] = Field(
        default=("fees", "bolt_ons", "extras", "hourly"),
        description="kinds of line that bear the tax; sessions: what is charged for sessions",
    )
    not_on: tuple[str, ...] = Field(default=(), description="ids of payments that bear none")
    rate_percent: PercentValue
    paid_out: PaidOut = PaidOut()


AnyTax: TypeAlias = Annotated[Tax, Field()]
