"""An adviser of one's own."""

from collections.abc import Iterator
from typing import Any, Literal

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import ACTED
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.kind import Kind
from legalaid_sim.contracts.kinds.standards.shared import UNHEARD
from legalaid_sim.contracts.vocabulary.service import Service
from legalaid_sim.contracts.vocabulary.values import Count


class NamedAdviser(Block):
    """Each client has an adviser of their own; others step in only after this many days of waiting."""

    kind: Literal["named_adviser"]
    patience_days: Count


def serves(block: NamedAdviser, service: Service) -> Service:
    """Ask for patience."""
    return service._replace(patience_days=block.patience_days)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say how long the own adviser is waited for."""
    yield f"each client has an adviser of their own, waited for up to {block.patience_days} days"


KIND = Kind(
    model=NamedAdviser,
    say=say,
    marks={"NamedAdviser": {ACTED: "patience_days"}},
    unheard={"NamedAdviser": UNHEARD},
    sets=("the same adviser",),
    serves=serves,
    says_once=("patience_days", "wait {} days for the own adviser"),
)
