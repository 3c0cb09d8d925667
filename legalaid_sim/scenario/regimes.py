"""Contracts to be tried, and what an organisation does differently under one."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from legalaid_sim.events import Channel
from legalaid_sim.scenario.parts import (
    Days,
    FirstChoice,
    Part,
    Slug,
    UnitShare,
)
from legalaid_sim.units import FIRST_DAY, LAST_DAY


def _first_of_month(day: date) -> date:
    if day.day != 1:
        raise ValueError(f"contracts change on the first day of a month; found {day}")
    return day


FirstOfMonth = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY), AfterValidator(_first_of_month)]


class Practice(Part):
    """What an organisation does differently under one contract; only what is named changes."""

    own_adviser_patience_days: Days | Literal["for_ever"] | None = None
    first: FirstChoice | None = None
    channel: Channel | None = Field(None, description="the only channel offered")
    door: Literal["walk_in", "appointment", "telephone_gateway", "referral"] | None = None
    asks_no_name: bool | None = Field(
        None, description="advises without a name who would else keep back what shames"
    )
    caseload_limit: Annotated[int, Field(ge=1)] | None = None
    companions_offered: UnitShare | None = Field(
        None, description="share of those who want to be accompanied who are offered it"
    )


def within_a_month(starts: date) -> str:
    """Say why contracts cannot be switched on a day, and what to do."""
    return (
        f"contracts change on the first day of a month, and period.starts is {starts}: begin with a month, "
        "or write 'start: own' to let every contract be lived from the first day"
    )


class Later(Part):
    """What comes into force within the months that count, in place of what was in force before."""

    starts: FirstOfMonth = Field(description="the day from which it holds, the first of a month")
    contract: str = Field(description="library name or path of a contract file")
    beside: list[str] = Field(default_factory=list, description="further contracts held at the same time")
    practice: Practice = Field(default_factory=Practice)


class OwnLater(Part):
    """Another contract that one organisation comes to hold."""

    starts: FirstOfMonth = Field(description="the day from which it holds, the first of a month")
    contract: str = Field(description="library name or path of a contract file")


class ScenarioRegime(Part):
    """A contract to be tried, perhaps with others held beside it, and the practice that goes with it."""

    contract: str = Field(description="library name or path of a contract file")
    beside: list[str] = Field(default_factory=list, description="further contracts held at the same time")
    name: Slug | None = None
    practice: Practice = Field(default_factory=Practice)
    later: list[Later] = Field(
        default_factory=list, description="contracts that follow it within the months that count, by day"
    )
