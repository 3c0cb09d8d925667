"""Leave to depart from procedure."""

from collections.abc import Iterator
from typing import Any, Literal

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import ACTED
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.kind import Kind
from legalaid_sim.contracts.kinds.standards.shared import UNHEARD
from legalaid_sim.contracts.vocabulary.service import Service
from legalaid_sim.contracts.vocabulary.values import YesNo


class Discretion(Block):
    """Whether advisers may depart from procedure in a contact."""

    kind: Literal["discretion"]
    allowed: YesNo


def serves(block: Discretion, service: Service) -> Service:
    """Allow or forbid departures."""
    return service._replace(discretion=block.allowed)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say whether advisers may depart from procedure."""
    yield "advisers may depart from procedure" if block.allowed else "advisers keep to procedure"


KIND = Kind(
    model=Discretion,
    say=say,
    marks={"Discretion": {ACTED: "allowed"}},
    unheard={"Discretion": UNHEARD},
    sets=("departures",),
    serves=serves,
    says_once=("allowed", "leave to depart from procedure is {}"),
)
