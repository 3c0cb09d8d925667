"""The scenario file: pydantic models of what an analyst writes, with defaults that say so."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from legalaid_sim.scenario.agencies import Agency, Organisation, Post
from legalaid_sim.scenario.distribution import Distribution
from legalaid_sim.scenario.parts import (
    About,
    Guess,
    Part,
    Period,
    Replications,
)
from legalaid_sim.scenario.people import Clients
from legalaid_sim.scenario.regimes import ScenarioRegime, within_a_month
from legalaid_sim.units import counted


def _coc_and_admin() -> dict[str, float]:
    return {"continuity.coc": 0.05, "admin.share": 0.01}


class Scenario(Part):
    """A whole scenario file."""

    def __repr__(self) -> str:
        period = f"{counted(self.period.months, 'month')} from {self.period.starts}"
        return f"Scenario({self.about.title!r}, {period}, seed={self.seed})"

    kind: Literal["scenario"]
    schema_version: Literal[1]
    about: About
    period: Period
    start: Literal["switch", "own", "empty"] = Field(
        "switch",
        description="the months before those that count: lived by all under one contract (switch), by each "
        "under its own (own), or begun with nobody there and nobody waiting (empty)",
    )
    before: str | None = Field(
        None, description="the contract lived before the switch; the first of 'contracts' where left out"
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    replications: Replications = Field(default_factory=Replications)
    answer_with: dict[str, Annotated[float, Field(gt=0)]] = Field(
        default_factory=_coc_and_admin,
        min_length=1,
        max_length=5,
        description="the measures that answer the question, each with the smallest difference that matters",
    )
    respond: Literal["none", "effort", "all"] = Field("none", description="how providers respond to pay")
    clients: Clients
    advisers: list[Post] = Field(default_factory=list)
    organisation: Organisation = Field(default_factory=Organisation)
    agencies: list[Agency] = Field(
        default_factory=list, description="several organisations; instead of the two above"
    )
    contracts: list[str | ScenarioRegime] = Field(
        default_factory=list, description="contracts to try, one after another"
    )
    assumptions: dict[str, float | Distribution] = Field(
        default_factory=dict,
        description="evidence parameters by dotted path, overridden; or 'drawn', the same as ignorance: true",
        json_schema_extra=lambda schema: schema.update(
            anyOf=[{"const": "drawn"}, {key: schema.pop(key) for key in ("type", "additionalProperties")}]
        ),
    )
    ignorance: bool = Field(
        False, description="each world draws what is only assumed: the register's values and the guesses"
    )
    guesses: dict[str, Guess] = Field(
        default_factory=dict, description="fields of this file, by dotted path, that nobody knows"
    )

    @model_validator(mode="before")
    @classmethod
    def _draws(cls, data: object) -> object:
        if isinstance(data, dict) and data.get("assumptions") == "drawn":
            return {**data, "assumptions": {}, "ignorance": True}
        return data

    @model_validator(mode="after")
    def _has_people(self) -> Self:
        if not self.agencies and not self.advisers:
            raise ValueError(
                "there are no advisers: list at least one post under 'advisers' (role, number, hours_per_week)"
            )
        if self.agencies and self.advisers:
            raise ValueError("give either 'advisers' and 'organisation', or 'agencies', not both")
        return self

    @model_validator(mode="after")
    def _switches_with_a_month(self) -> Self:
        if len(self.contracts) > 1 and self.switches and self.period.starts.day != 1:
            raise ValueError(within_a_month(self.period.starts))
        if self.before and self.start != "switch":
            raise ValueError(
                f"'before' names what is lived before a switch, and start is '{self.start}': leave one out"
            )
        return self

    @property
    def switches(self) -> bool:
        """Whether contracts part a life that was lived before."""
        return self.start == "switch" and self.period.lead_in_months > 0

    @property
    def houses(self) -> list[Agency]:
        """The organisations, whichever way they were written."""
        return self.agencies or [Agency(organisation=self.organisation, advisers=self.advisers)]

    @property
    def regimes(self) -> list[ScenarioRegime]:
        """The contracts to try, each as a regime."""
        return [
            item if isinstance(item, ScenarioRegime) else ScenarioRegime(contract=item)
            for item in self.contracts
        ]
