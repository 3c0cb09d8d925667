"""Read a scenario file: YAML with marks, the models, then what only the whole file can tell."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from legalaid_sim.errors import ERROR, Problem, ScenarioError
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.yamlfile import Document, Marks, load_document


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario file as it was read, once: whatever lives worlds of it carries this and opens it no second time.

    ``warnings`` are what is doubtful and what is only to be noted.
    """

    path: Path
    document: Document
    scenario: Scenario
    warnings: tuple[Problem, ...]

    @property
    def text(self) -> str:
        """What stands in the file, with plain ends of lines."""
        return self.document.text

    @property
    def marks(self) -> Marks:
        """The place of everything in it."""
        return self.document.marks

    @property
    def folder(self) -> Path:
        """Where contracts that it names by a relative path are looked for first."""
        return self.path.parent

    def but(self, **values: Any) -> "ScenarioFile":
        """Give the same file with other values in its model, as a command asks for."""
        return replace(self, scenario=self.scenario.model_copy(update=values))


def read_document(document: Document) -> tuple[Scenario | None, tuple[Problem, ...]]:
    """Give the scenario in a document (None when it has errors) and every problem, in file order."""
    from legalaid_sim.diagnostics import in_file_order, validate
    from legalaid_sim.scenario.sense import senseless

    scenario, problems = validate(document, Scenario)
    if scenario is None:
        return None, problems
    return scenario, in_file_order((*problems, *senseless(scenario, document)))


def read_scenario(path: Path | str) -> ScenarioFile:
    """Read a scenario file; raises ``ScenarioError`` with every problem in it, or ``UnreadableFile``."""
    document = load_document(Path(path))
    scenario, problems = read_document(document)
    errors = tuple(problem for problem in problems if problem.severity == ERROR)
    if scenario is None or errors:
        raise ScenarioError(errors)
    return ScenarioFile(Path(path), document, scenario, problems)


def load_scenario(path: Path | str) -> Scenario:
    """Give the scenario, or raise ``ScenarioError`` with every problem in the file."""
    return read_scenario(path).scenario
