"""Going out to people."""

from collections.abc import Iterator
from typing import Any, Literal

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import ACTED
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.kind import Kind
from legalaid_sim.contracts.kinds.standards.shared import UNHEARD
from legalaid_sim.contracts.tools.wording import at_percent
from legalaid_sim.contracts.vocabulary.service import Service
from legalaid_sim.contracts.vocabulary.values import Share


class Outreach(Block):
    """Going out to people shortens the time before they seek help."""

    kind: Literal["outreach"]
    shortens_delay_percent: Share


def serves(block: Outreach, service: Service) -> Service:
    """Ask for outreach."""
    return service._replace(outreach_percent=float(block.shortens_delay_percent))


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say by how much people ask sooner."""
    yield f"outreach shortens the time before people ask by {at_percent(block.shortens_delay_percent)}"


KIND = Kind(
    model=Outreach,
    say=say,
    marks={"Outreach": {ACTED: "shortens_delay_percent"}},
    unheard={"Outreach": UNHEARD},
    sets=("found before a crisis",),
    serves=serves,
    says_once=("shortens_delay_percent", "outreach shortens the delay by {} percent"),
)
