"""The sweep file: what is varied, how, how often; read with every problem named at its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from legalaid_sim.errors import ERROR, Problem, ScenarioError
from legalaid_sim.experiments.shared.axis import Axis
from legalaid_sim.scenario.regimes import ScenarioRegime
from legalaid_sim.yamlfile import Document, Mark, Marks, load_document

Method = Literal["grid", "list", "latin_hypercube", "sobol", "random"]
DRAWN = ("latin_hypercube", "sobol", "random")
MOST_POINTS = 10_000_000


class Sweep(BaseModel):
    """A whole sweep file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["sweep"]
    schema_version: Literal[1]
    title: str = Field(default="", description="what the sweep is to find out")
    reading: str = Field(default="", description="how to read the result")
    scenario: str = Field(description="path of a scenario file, from this file")
    contracts: list[str | ScenarioRegime] = Field(
        default_factory=list, description="contracts to try in every point; the scenario's own where left out"
    )
    vary: Annotated[list[Axis], Field(min_length=1)] = Field(description="what is varied")
    method: Method = Field(default="grid", description="how points are chosen")
    points: Annotated[int, Field(ge=1, le=MOST_POINTS)] | None = Field(
        default=None, description="how many, for methods that draw them"
    )
    replications: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=5, description="worlds in every point"
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = Field(
        default=1, description="seed of drawn points; the worlds are those of the scenario's seed"
    )
    measures: list[str] = Field(default_factory=list, description="measures kept; all where left out")

    @model_validator(mode="after")
    def _fits_its_method(self) -> Self:
        if self.method in DRAWN and self.points is None:
            raise ValueError(f"method {self.method} needs 'points': how many to draw")
        if self.method not in DRAWN and self.points is not None:
            raise ValueError(f"'points' goes with {', '.join(DRAWN)}; method {self.method} takes them all")
        paths = [axis.path for axis in self.vary if not axis.only]
        twice = sorted({path for path in paths if paths.count(path) > 1})
        if twice:
            raise ValueError(f"'{twice[0]}' is varied twice")
        return self

    @model_validator(mode="after")
    def _values_fit_the_method(self) -> Self:
        if self.method == "list":
            counts = {len(axis.values or ()) for axis in self.vary}
            if len(counts) != 1 or counts == {0}:
                raise ValueError("method list takes the values of all axes in step: as many in each")
        if self.method == "grid":
            for axis in self.vary:
                if axis.values is None and axis.steps is None:
                    raise ValueError(f"method grid needs values, or range and steps, for '{axis.path}'")
        return self


class SweepFile(NamedTuple):
    """A sweep file as it was read, once; a sweep that a command makes has a path, and no places in it."""

    path: Path
    sweep: Sweep
    marks: Marks | None = None

    def place_of(self, *at: str | int) -> Mark:
        """Give the place of a value of the file."""
        return self.marks.value(at) if self.marks is not None else Mark(0, 0, file=str(self.path))


def read_sweep_file(path: Path) -> SweepFile:
    """Read a sweep file; raises ``ScenarioError`` with every problem, or ``UnreadableFile``."""
    return sweep_in(load_document(path), path)


def sweep_in(document: Document, path: Path) -> SweepFile:
    """Give the sweep in a document; raises ``ScenarioError`` with every problem."""
    from legalaid_sim.diagnostics import validate

    sweep, problems = validate(document, Sweep)
    errors = tuple(problem for problem in problems if problem.severity == ERROR)
    if sweep is None or errors:
        raise ScenarioError(errors)
    file = SweepFile(path, sweep, document.marks)
    unknown = tuple(_unknown_measures(file))
    if unknown:
        raise ScenarioError(unknown)
    return file


def _unknown_measures(file: SweepFile) -> Iterator[Problem]:
    from difflib import get_close_matches

    from legalaid_sim.measures import REGISTRY

    for at, name in enumerate(file.sweep.measures):
        if name not in REGISTRY:
            near = get_close_matches(name, REGISTRY, 1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            mark = file.place_of("measures", at)
            words = f"there is no measure '{name}'.{hint}"
            yield problem_at(mark, "unknown-measure", words, "`legalaid-sim list measures` gives them all")


def problem_at(mark: Mark, name: str, words: str, remedy: str = "", where: str = "") -> Problem:
    """Make a problem of a sweep file at a place in it."""
    codes = {
        "unknown-measure": "SW001",
        "unknown-path": "SW002",
        "bad-value": "SW003",
        "no-scenario": "SW004",
    }
    return Problem(
        codes[name], name, ERROR, words, mark.file, mark.line, mark.column, mark.width, where, help=remedy
    )
