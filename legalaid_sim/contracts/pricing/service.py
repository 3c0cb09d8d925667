"""What a contract demands of the service itself, apart from money."""

from typing import NamedTuple

from legalaid_sim.contracts.blocks.permissions import InScope
from legalaid_sim.contracts.blocks.standards import Discretion, NamedAdviser, Outreach
from legalaid_sim.contracts.schema import Contract


class Service(NamedTuple):
    """What the contract demands of the service itself, apart from money.

    ``patience_days`` is how long the own adviser is waited for (``None``: not said); ``early_help`` whether
    help before a problem's crisis point is in scope; ``discretion`` whether advisers may depart from
    procedure (``None``: not said); ``outreach_percent`` by how much outreach shortens the delay before people
    seek help.
    """

    patience_days: int | None = None
    early_help: bool = True
    discretion: bool | None = None
    outreach_percent: float = 0.0


def service_of(contract: Contract) -> Service:
    """Gather what the contract demands of the service itself."""
    patience: int | None = None
    discretion: bool | None = None
    outreach = 0.0
    for block in contract.standards:
        if isinstance(block, NamedAdviser):
            patience = block.patience_days
        elif isinstance(block, Discretion):
            discretion = block.allowed
        elif isinstance(block, Outreach):
            outreach = float(block.shortens_delay_percent)
    early = all(
        block.early_help == "in_scope" for block in contract.permissions if isinstance(block, InScope)
    )
    return Service(patience, early, discretion, outreach)
