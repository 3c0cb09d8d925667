"""A kind of adjustment: what every kind says, and what it makes of the values that it names."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from legalaid_sim.contracts.blocks.named import NamedAmount
from legalaid_sim.contracts.blocks.written import WrittenContract
from legalaid_sim.contracts.kinds.kind import Kind, Sets


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentKind(Kind):
    """One kind of adjustment."""

    sets: tuple[Sets, ...] = ("pay",)
    # The named values that it changes, and a value as it makes it.
    changes: Callable[[Any], Iterable[str]]
    adjusted: Callable[[NamedAmount, Any, WrittenContract], NamedAmount]
