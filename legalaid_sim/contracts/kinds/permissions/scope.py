"""What the contract is about at all."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import PERMITTED, Unheard
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.permissions.kind import PermissionKind
from legalaid_sim.contracts.tools.wording import listed, words


class InScope(Block):
    """Whether help before a problem's crisis point is in scope."""

    kind: Literal["scope"]
    early_help: Literal["in_scope", "out_of_scope"] = "in_scope"
    out_of_scope: tuple[str, ...] = Field(default=(), description="categories that may not be opened at all")


def leaves_out(block: InScope, category: str) -> bool:
    """Tell whether matters of a category may not be opened at all."""
    return category in block.out_of_scope


def leaves_out_early(block: InScope) -> bool:
    """Tell whether help before the crisis point may not be given."""
    return block.early_help == "out_of_scope"


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what is in and out."""
    yield f"help before the crisis point is {words(block.early_help)}"
    if block.out_of_scope:
        yield f"out of scope: {listed(map(words, block.out_of_scope))}"


KIND = PermissionKind(
    model=InScope,
    say=say,
    marks={"InScope": {PERMITTED: "applies_to early_help out_of_scope"}},
    unheard={"InScope": (Unheard("not_if", "write what it is about in applies_to"),)},
    sets=("refused", "refused for scope", "found before a crisis"),
    leaves_out=leaves_out,
    leaves_out_early=leaves_out_early,
    says_once=("early_help", "early help is {}"),
)
