"""Who is taken from a waiting list before others."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import PERMITTED, Unheard
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.permissions.kind import PermissionKind
from legalaid_sim.contracts.tools.wording import conditions
from legalaid_sim.contracts.vocabulary.values import Conditions
from legalaid_sim.contracts.vocabulary.wants import NeededKey, wanted


class Priority(Block):
    """Who is taken from a waiting list before others, however long these have waited.

    A list forms where an organisation limits what one adviser may hold; who comes to a free adviser does not wait.
    """

    kind: Literal["priority"]
    order: tuple[Conditions, ...] = Field(
        min_length=1, description="facts of those who come first, second and so on; all others after them"
    )


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say who comes first."""
    order = [conditions(those, "those whose ").strip(": ") for those in block.order]
    yield f"from a waiting list are taken first {', then '.join(order)}, then all others"


def parts(block: Priority) -> Iterator[NeededKey]:
    """Give what each place of the order needs to be."""
    for at, those in enumerate(block.order):
        yield from ((f"order.{at}", wanted(name, condition)) for name, condition in those.items())


KIND = PermissionKind(
    model=Priority,
    say=say,
    marks={"Priority": {PERMITTED: "order"}},
    unheard={
        "Priority": (
            Unheard("applies_to", "write in order who comes first"),
            Unheard("not_if", "write in order who comes first"),
        )
    },
    order=lambda block: block.order,
    parts=parts,
)
