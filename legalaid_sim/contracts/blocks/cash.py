"""When money moves."""

from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.vocabulary.values import (
    Count,
    MoneyValue,
    Percent,
    Terms,
)

ALL = Decimal(100)


class PaidOn(Terms):
    """The day cash moves: a working day (or a day) of a later month."""

    working_day: Count | None = Field(default=None, ge=1, le=23)
    day: Count | None = Field(default=None, ge=1, le=31)
    months_after: Count = 1


class Reviewed(Terms):
    """How often a level payment is reviewed."""

    every_months: Count = Field(ge=1)


class Corridor(Terms):
    """The band of claims over payments inside which nothing changes."""

    low_percent: Percent
    high_percent: Percent
    position: Literal["claims_over_payments"] = "claims_over_payments"


class Outside(Terms):
    """How a level payment is reset."""

    new_amount: Literal["mean_of_last_6_claims_plus_sixth_of_balance", "mean_of_last_6_claims"] = (
        "mean_of_last_6_claims_plus_sixth_of_balance"
    )
    aims_at_percent: Percent = ALL


class Cash(Block):
    """The keys of every block under ``cash:``; ``pays_for`` is ``all`` or the ids of payments."""

    pays_for: Literal["all"] | tuple[str, ...] = "all"
    paid_on: PaidOn = PaidOn(working_day=10, months_after=1)


class StandardMonthly(Cash):
    """Level payments on account, reviewed against claims."""

    kind: Literal["standard_monthly"]
    opening_amount: Literal["one_twelfth_of_expected_claims"] | MoneyValue
    expected_claims: MoneyValue | None = Field(
        default=None, description="GBP a year; the scenario's expected_claims go before it"
    )
    for_each: Literal["contract", "adviser"] = Field(
        default="contract", description="adviser: expected claims are those of one full-time adviser"
    )
    reviewed: Reviewed = Reviewed(every_months=6)
    corridor: Corridor
    inside: Literal["keep"] = "keep"
    outside: Outside = Outside()


class VariableMonthly(Cash):
    """What was claimed last month."""

    kind: Literal["variable_monthly"]


class InAdvance(Cash):
    """The next months' expected claims, before the work; settled against what was earned."""

    kind: Literal["in_advance"]
    months: Count = Field(default=3, ge=1)
    expected_claims: MoneyValue = Field(description="GBP a year")
    for_each: Literal["contract", "adviser"] = Field(
        default="contract", description="adviser: expected claims are those of one full-time adviser"
    )
    settled: Literal["each_time", "year_end"] = "each_time"


class OnCompletion(Cash):
    """Each matter's pay when it is complete, so many days after."""

    kind: Literal["on_completion"]
    days_after: Count = 30


class QuarterlyInArrears(Cash):
    """What was earned in the quarter, after its end."""

    kind: Literal["quarterly_in_arrears"]


AnyCash: TypeAlias = Annotated[
    StandardMonthly | VariableMonthly | InAdvance | OnCompletion | QuarterlyInArrears,
    Field(discriminator="kind"),
]
