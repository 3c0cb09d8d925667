"""What every part of a scenario is made of, and its head: what it is for, which days count, how many worlds."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from legalaid_sim.units import FIRST_DAY, LAST_DAY, add_months

NotNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
UnitShare = Annotated[float, Field(ge=0, le=1)]
Minutes = Annotated[int, Field(ge=0, le=100_000)]
Days = Annotated[float, Field(ge=0, le=3660)]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,79}$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
FirstChoice = Literal["least_loaded", "pool", "duty_rota", "telephone_hub", "specialist", "clients_choice"]


class Part(BaseModel):
    """A piece of a scenario: closed (unknown keys are errors) and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class About(Part):
    """What the scenario is for; the report's reporting checklist is filled from here."""

    title: Annotated[str, Field(min_length=3, max_length=10_000)]
    question: Annotated[str, Field(min_length=10)] = Field(
        description="the question that the run is to answer"
    )
    purpose: str = Field("", description="who asks, and what will be decided with the answer")
    sources: list[str] = Field(default_factory=list, description="where the figures come from")
    reading: str = Field("", description="one paragraph: how to read the result")
    limitations: str = ""
    stakeholders: str = ""
    funding: str = ""
    validation: dict[str, str] = Field(default_factory=dict, description="face, cross, external, predictive")
    roles: dict[str, str] = Field(
        default_factory=dict, description="commissioner, analyst, assurer, approver"
    )


class Period(Part):
    """The dates that count, with a lead-in before and a run-out (no new clients) after."""

    starts: date = Field(description="first day that counts", ge=FIRST_DAY, le=LAST_DAY)
    months: Annotated[int, Field(ge=1, le=240)] = Field(description="how many months count")
    lead_in_months: Annotated[int, Field(ge=0, le=60)] = Field(
        6, description="months lived before, not counted"
    )
    run_out_months: Annotated[int, Field(ge=0, le=60)] = Field(
        6, description="months after, without new clients; each is followed so long from first asking"
    )

    @property
    def begins(self) -> date:
        """The first day that is lived."""
        return add_months(self.starts, -self.lead_in_months)

    @property
    def closes(self) -> date:
        """The first day after those that count."""
        return add_months(self.starts, self.months)

    @property
    def ends(self) -> date:
        """The first day that is no longer lived."""
        return add_months(self.starts, self.months + self.run_out_months)


class Until(Part):
    """Stop when the 95 % interval of a measure is this narrow."""

    measure: str = Field(description="name of a measure, as `list measures` gives it")
    half_width: Annotated[float, Field(gt=0)] = Field(description="absolute half-width of the 95 % interval")


class Replications(Part):
    """How many independent worlds to live."""

    at_least: Annotated[int, Field(ge=1, le=1_000_000)] = 10
    at_most: Annotated[int, Field(ge=1, le=1_000_000)] = 200
    until: Until | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_most < self.at_least:
            raise ValueError(f"at_most ({self.at_most}) is below at_least ({self.at_least})")
        return self


class Guess(Part):
    """A field that is guessed: the range it may lie in, most likely where it stands, or what else it might be."""

    between: tuple[float, float] | None = None
    one_of: list[str | bool | int | float] = Field(
        default_factory=list, description="for what is no number, such as a door or how providers respond"
    )
    weights: list[Positive] = Field(
        default_factory=list, description="how likely each is; all alike where it is left out"
    )

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if (self.between is None) == (not self.one_of):
            raise ValueError("give either 'between' (a lowest and a highest number) or 'one_of' (a list)")
        if self.between is not None and self.between[0] >= self.between[1]:
            raise ValueError(f"the range must rise; found {self.between[0]:g} to {self.between[1]:g}")
        if self.weights and len(self.weights) != len(self.one_of):
            raise ValueError(
                f"give a weight for each of 'one_of'; found {len(self.weights)} for {len(self.one_of)}"
            )
        return self

    @property
    def shares(self) -> list[float]:
        """The weight of each of ``one_of``."""
        return self.weights or [1.0] * len(self.one_of)
