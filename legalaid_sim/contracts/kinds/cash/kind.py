"""A kind of cash rule: what every kind says, and how money moves under it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from legalaid_sim.contracts.kinds.cash.rule import CashRule, Review
from legalaid_sim.contracts.kinds.kind import Kind, Sets


@dataclass(frozen=True, slots=True, kw_only=True)
class CashKind(Kind):
    """One kind of cash rule."""

    sets: tuple[Sets, ...] = ("cash",)
    rule: type[CashRule]
    # Its day is said as the same day of each month.
    by_month: bool = False
    # What is expected of this provider goes before what the contract expects of any.
    stated_first: bool = False
    # How a review of its level is worked out: of claims by the month, what was paid, the level.
    review: Callable[[Any, list[int], int, int], Review] | None = None
