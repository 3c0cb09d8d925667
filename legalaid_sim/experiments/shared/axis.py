"""One thing that is varied: where it stands, and its values or where they are drawn from."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from legalaid_sim.scenario.distribution import Distribution


class Axis(BaseModel):
    """One thing that is varied: where it stands, and its values or where they are drawn from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: Annotated[str, Field(min_length=3)] = Field(
        description="contract.…, assumptions.… or a path of the scenario such as clients.arrivals.per_week"
    )
    values: Annotated[list[Any], Field(min_length=1)] | None = Field(
        default=None, description="the values to try"
    )
    range: tuple[float, float] | None = Field(default=None, description="lowest and highest value")
    distribution: Distribution | None = Field(default=None, description="values are drawn from this")
    steps: Annotated[int, Field(ge=2, le=100_000)] | None = Field(
        default=None, description="with range and method grid: how many values, both ends included"
    )
    places: Annotated[int, Field(ge=0, le=12)] | None = Field(
        default=None, description="decimal places kept; 0 gives whole numbers"
    )
    only: list[str] = Field(default_factory=list, description="contracts it applies to; all where left out")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [name for name in ("values", "range", "distribution") if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"give one of values, range and distribution; found {' and '.join(given)}")
        if not given and not self.path.startswith("assumptions."):
            raise ValueError("give values, range or distribution; only assumptions have a range of their own")
        if self.range and self.range[0] > self.range[1]:
            raise ValueError(f"range must not fall; found {self.range[0]:g} to {self.range[1]:g}")
        if self.only and not self.path.startswith("contract."):
            raise ValueError("'only' goes with a path that begins with contract.")
        return self
