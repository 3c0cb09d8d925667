"""What is asked of the provider: forms and returns, with their minutes and what lateness does."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.vocabulary.values import (
    Count,
    CountValue,
    Terms,
    YesNo,
)

FallsOn = Literal[
    "matter_opened", "matter_closed", "month_ended", "quarter_ended", "year_ended",
    "stage_reached", "event_happened", "outcome_recorded", "work_done", "first_contact",
]  # fmt: skip


class DutyMinutes(Terms):
    """Minutes of a duty: the adviser's and the administrator's."""

    adviser: CountValue = 0
    admin: CountValue = 0


class IfMissed(Terms):
    """What follows when a duty is not done, and what finds it."""

    does: Literal["nil_the_claim", "reduce_to_nothing", "delay_cash", "notice", "nothing"] = "nothing"
    found_by: Literal["audit", "return", "at_once"] = "audit"


class Duty(Block):
    """A form or other admin that falls on an event: its minutes, and whether they are paid."""

    kind: Literal["duty"]
    falls_on: FallsOn
    minutes: DutyMinutes
    due_days: Count = Field(default=0, description="days after the event by which it is in time")
    paid: YesNo | Literal["counts_as_profit"] = False
    if_missed: IfMissed = IfMissed()


class ReturnDue(Terms):
    """The day of a month by which a return is in time."""

    day: Count = Field(ge=1, le=31)
    months_after: Count = 1


class ReturnMinutes(Terms):
    """Minutes of a return: each one, and each claim line in it."""

    per_return: CountValue = 0
    per_claim_line: CountValue = 0


class IfLate(Terms):
    """What a late return does."""

    does: Literal["delay_cash", "notice", "nothing"] = "nothing"
    months: Count = 1
    then: Literal["notice", "nothing"] = "nothing"


class Return(Block):
    """A regular report, with its minutes, due day and what lateness does."""

    kind: Literal["return"]
    falls_on: Literal["month_ended", "quarter_ended", "year_ended"] = "month_ended"
    due: ReturnDue
    minutes: ReturnMinutes
    done_by: Literal["admin", "adviser"] = "admin"
    if_late: IfLate = IfLate()
    nil_return: Literal["required", "not_required"] = "required"


AnyDuty: TypeAlias = Annotated[Duty | Return, Field(discriminator="kind")]
