"""What moves with an index."""

from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.vocabulary.values import (
    Count,
    Day,
    Number,
    Percent,
    Terms,
)

ALL = Decimal(100)


class IndexedOn(Terms):
    """The values that follow an index."""

    values: tuple[str, ...] = Field(min_length=1)


class Collar(Terms):
    """The least and the most that a year's change may be."""

    at_least: Percent | None = None
    at_most: Percent | None = None


class Indexation(Block):
    """Named values follow an index within bounds."""

    kind: Literal["indexation"]
    on: IndexedOn
    index: str
    starts: Day
    every_months: Count = Field(default=12, ge=1)
    collar_percent: Collar = Collar()
    share_percent: Percent = ALL
    rounds_to: Number = Decimal("0.01")


AnyAdjustment: TypeAlias = Annotated[Indexation, Field()]
