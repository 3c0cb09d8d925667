"""What may be done: matters that may be opened, limits that may be passed, scope, whose turn it is."""

from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block, Scope
from legalaid_sim.contracts.vocabulary.values import (
    Conditions,
    Count,
    CountValue,
    Money,
    MoneyValue,
    PercentValue,
    Share,
    ShareValue,
    Terms,
)

NIL = Decimal(0)


class Phasing(Terms):
    """How allowed matters spread over the year."""

    any_month_at_most_percent: ShareValue


class NextYear(Terms):
    """How the next year's allowance follows from this one's use."""

    same_as: Literal["matters_reported", "this_year_allowed"] = "matters_reported"
    plus_percent: PercentValue = Field(default=NIL, description="growth added to the matters reported")
    but_at_least_percent: PercentValue = NIL
    of: Literal["this_year_allowed"] = "this_year_allowed"


class MatterStarts(Block):
    """How many new matters may be opened in a period."""

    kind: Literal["matter_starts"]
    allowed: CountValue
    for_each: Literal["contract", "adviser"] = "contract"
    per: Scope = "contract_year"
    phasing: Phasing | None = None
    self_grant_percent: ShareValue = NIL
    when_used_up: Literal["refuse", "queue", "seek_authority"] = "refuse"
    next_year: NextYear | None = None


class AskingCost(Terms):
    """What asking costs the provider."""

    minutes: Count = 0
    form: str | None = None
    before: str | None = None


class DecisionDays(Terms):
    """How long the payer takes: the usual, and the slow share."""

    typical: Count
    slow_percent: Share = NIL
    slow_days: Count = 0


class Decided(Terms):
    """The payer's decision: days, and the shares granted in full and granted in part."""

    days: DecisionDays
    granted_percent: Share
    cut_percent: Share = NIL
    cut_to_percent: Share = Field(default=Decimal(50), description="share granted when cut")


class Grants(Terms):
    """What a grant gives."""

    up_to: Literal["requested"] | Money = "requested"
    in_steps_of: MoneyValue | None = None


class Authority(Block):
    """Leave to pass a cost limit."""

    kind: Literal["authority"]
    lifts: tuple[str, ...] = ("profit",)
    asked: AskingCost = AskingCost()
    decided: Decided
    grants: Grants = Grants()
    work_while_waiting: Literal["at_risk", "stops"] = "at_risk"


class InScope(Block):
    """Whether help before a problem's crisis point is in scope."""

    kind: Literal["scope"]
    early_help: Literal["in_scope", "out_of_scope"] = "in_scope"
    out_of_scope: tuple[str, ...] = Field(default=(), description="categories that may not be opened at all")


class Priority(Block):
    """Who is taken from a waiting list before others, however long these have waited.

    A list forms where an organisation limits what one adviser may hold; who comes to a free adviser does not wait.
    """

    kind: Literal["priority"]
    order: tuple[Conditions, ...] = Field(
        min_length=1, description="facts of those who come first, second and so on; all others after them"
    )


AnyPermission: TypeAlias = Annotated[
    MatterStarts | Authority | InScope | Priority, Field(discriminator="kind")
]
