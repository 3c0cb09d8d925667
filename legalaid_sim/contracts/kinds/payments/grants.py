"""What grants share: money that a provider holds in trust: what it must pass on, and what goes back unspent."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pydantic import Field

from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.tools.wording import said, words
from legalaid_sim.contracts.vocabulary.values import PercentValue, Terms

NIL = Decimal(0)


class UnspentMoney(Terms):
    """Money of the year that the provider has not spent on anything goes back at its end, beyond a tolerance."""

    tolerance_percent: PercentValue = Field(default=NIL, description="of the year's money, that may be kept")


class PassedOn(Terms):
    """A share that the provider must pay to others, month by month."""

    percent: PercentValue
    to: str = Field(description="to whom, such as private_lawyers")


def trust_said(block: Any, contract: Named) -> Iterator[str]:
    """Say what is passed on, and what goes back."""
    if block.passed_on is not None:
        yield f"{said(block.passed_on.percent, contract)} percent of it is passed on to {words(block.passed_on.to)}"
    if block.unspent is not None:
        spared = said(block.unspent.tolerance_percent, contract)
        yield f"money that is not spent by the year's end goes back, beyond {spared} percent of the year's"
