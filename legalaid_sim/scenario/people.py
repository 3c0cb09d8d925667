"""Who comes for help, with which problems."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from legalaid_sim.events import Channel
from legalaid_sim.scenario.brings import Costs, FixedDate, Outlay, SharesOfFacts, Switching, WholeMatterWork
from legalaid_sim.scenario.distribution import Amount
from legalaid_sim.scenario.parts import (
    NotNegative,
    Part,
    Slug,
    UnitShare,
)


class ProblemKind(Part):
    """One kind of problem: how common it is among problems, and what it needs. Left out: the evidence's values."""

    share: Annotated[float, Field(ge=0)] = Field(1.0, description="relative frequency among problems")
    contacts: Amount | None = Field(None, description="meetings needed")
    contact_minutes: Amount | None = Field(None, description="minutes of facts and advice in one meeting")
    casework_minutes: Amount | None = Field(
        None, description="minutes of work without the client, whole matter"
    )
    days_between: Amount | None = Field(None, description="days from the end of one meeting to the next")
    days_to_crisis: Amount | None = Field(None, description="days from onset to the crisis point")
    fee_code: str = Field("", description="the code that a contract may pay by")
    cluster: str = Field(
        "", description="problems of one cluster come together: economic, homelessness, family, health"
    )
    stages: dict[str, UnitShare] = Field(
        default_factory=dict,
        description="stages a contract may pay by: share of the meetings after which each is reached",
    )
    happenings: dict[str, UnitShare] = Field(
        default_factory=dict,
        description="things that may happen (hearing, interview): chance, at most three kinds",
    )
    date: FixedDate | None = Field(None, description="a day that waits for nobody; none = there is none")
    outcome: Slug = Field(
        "resolved", description="what a good end is called by contracts that pay for outcomes"
    )
    follow_ons: dict[str, UnitShare] = Field(
        default_factory=dict, description="kind of follow-on problem: chance if this one stays unresolved"
    )
    kept_back: UnitShare = Field(
        0.0, description="share that shame keeps back until the crisis, unless no name is asked for"
    )
    facts: SharesOfFacts = Field(
        default_factory=dict,
        description="facts that a contract may ask about: by name, the share of problems with each value",
    )
    work: WholeMatterWork = Field(
        default_factory=WholeMatterWork, description="minutes beyond meetings and casework, whole matter"
    )
    costs: Costs = Field(default_factory=dict, description="costs that are claimed as such, by heading")
    disbursements: dict[Slug, Outlay] = Field(
        default_factory=dict, description="money laid out for the client, by kind"
    )


class Rate(Part):
    """People who come for help: exactly one of the three."""

    per_week: Annotated[float, Field(gt=0)] | None = None
    per_hour: Annotated[float, Field(gt=0)] | None = None
    per_year: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _one_rate(self) -> Self:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"give exactly one of per_week, per_hour, per_year; found {' and '.join(given) or 'none'}"
            )
        return self

    @property
    def per_day(self) -> float:
        """Mean number of people a calendar day."""
        if self.per_hour is not None:
            return self.per_hour * 24
        if self.per_week is not None:
            return self.per_week / 7
        return (self.per_year or 0.0) / 365.25


def _face_to_face() -> dict[Channel, float]:
    return {"face_to_face": 1.0}


class Clients(Part):
    """Who seeks help."""

    arrivals: Rate = Field(description="people whose first problem begins, per week, hour or year")
    arrivals_until: Annotated[int, Field(ge=1)] | None = Field(
        None, description="stop after this many people"
    )
    asks: Literal["office_hours", "any_time"] = Field("office_hours", description="when people can ask")
    problems: Annotated[dict[str, ProblemKind], Field(min_length=1)] = Field(description="kinds of problem")
    several_problems: UnitShare | None = Field(None, description="share of people with more than one problem")
    days_before_asking: Amount | None = Field(None, description="days from onset to asking for help")
    relational_need: Amount | None = Field(None, description="0 = transactional, 1 = long-term relationship")
    vulnerability: Amount | None = Field(None, description="0 = least, 1 = most vulnerable")
    channels: dict[Channel, NotNegative] = Field(
        default_factory=_face_to_face,
        description="relative frequency of the way people prefer",
    )
    patience_days: Amount | None = Field(
        None, description="days a person waits for the first meeting; none = for ever"
    )
    choosing: Literal["nearest", "shortest_queue"] = Field(
        "nearest",
        description="which organisation of an area clients with a budget of their own go to who know no adviser yet",
    )
    switching: Switching | None = Field(
        None, description="why clients with a budget of their own go to another provider; none = they stay"
    )
