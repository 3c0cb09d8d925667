"""The assumptions register: parameters as YAML beside this file, and what a scenario overrides."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from legalaid_sim.errors import Problem, ScenarioError
from legalaid_sim.scenario.distribution import Amount, Distribution

Confidence = Literal["seen", "derived", "recalled", "assumed"]

FOLDER = Path(__file__).parent
SWITCH = "0 or 1"


class Parameter(BaseModel):
    """One number (or distribution) that the model assumes when a scenario says nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(description="what it is, in plain words")
    value: Amount
    unit: str
    range: tuple[Annotated[float, BeforeValidator(float)], Annotated[float, BeforeValidator(float)]] = Field(
        description="lowest and highest plausible value (of the mean, for a distribution)"
    )
    source: str
    confidence: Confidence
    drives: str = Field(description="the mechanism it feeds")
    rating: Literal["green", "amber", "red"] = Field("red", description="Aqua Book quality rating")

    @property
    def is_switch(self) -> bool:
        """Whether it turns a rule on (1) or off (0), with nothing between."""
        return self.unit == SWITCH


class Assumptions(Mapping[str, Distribution]):
    """Resolved parameters by dotted path; ``number`` gives the plain number of a fixed one."""

    def __init__(self, values: dict[str, Distribution], overridden: frozenset[str]) -> None:
        self._values = values
        self.overridden = overridden

    def __getitem__(self, path: str) -> Distribution:
        return self._values[path]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def number(self, path: str) -> float:
        """The value of a fixed parameter, or the mean of one given as a distribution."""
        value = self._values[path]
        return value.fixed if value.fixed is not None else value.mean


@cache
def register() -> dict[str, Parameter]:
    """Give all parameters by dotted path, in file order. The files are part of the package and hold no errors."""
    from legalaid_sim.yamlfile import load_document

    found: dict[str, Parameter] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for name, body in load_document(path).data["parameters"].items():
            found[name] = Parameter.model_validate(body)
    return found


def resolve(overrides: Mapping[str, float | Distribution]) -> Assumptions:
    """Give the register's values with a scenario's overrides in their place.

    Raises ``ScenarioError`` naming every path that is no parameter, with the nearest one.
    """
    known = register()
    wrong = [path for path in overrides if path not in known]
    if wrong:
        raise ScenarioError(tuple(unknown_parameter(path) for path in wrong))
    values = {name: parameter.value for name, parameter in known.items()}
    for path, value in overrides.items():
        values[path] = value if isinstance(value, Distribution) else Distribution(fixed=value)
    return Assumptions(values, frozenset(overrides))


def unknown_parameter(path: str) -> Problem:
    """Say that a dotted path is no evidence parameter, and which one may have been meant."""
    near = get_close_matches(path, register(), 1, 0.5)
    hint = f"Did you mean '{near[0]}'?" if near else "`legalaid-sim assumptions SCENARIO` lists them."
    return Problem(
        "CR060",
        "unknown-assumption",
        "error",
        f"there is no parameter '{path}'",
        path="assumptions." + path,
        help=hint,
    )
