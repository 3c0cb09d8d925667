"""Read a scenario file: YAML with marks, the models, then what only the whole file can tell."""

from pathlib import Path

from legalaid_sim.errors import ERROR, Problem, ScenarioError
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.yamlfile import Document, load_document


def read_document(document: Document) -> tuple[Scenario | None, tuple[Problem, ...]]:
    """Give the scenario in a document (None when it has errors) and every problem, in file order."""
    from legalaid_sim.diagnostics import in_file_order, validate
    from legalaid_sim.scenario.sense import senseless

    scenario, problems = validate(document, Scenario)
    if scenario is None:
        return None, problems
    return scenario, in_file_order((*problems, *senseless(scenario, document)))


def read_scenario(path: Path | str) -> tuple[Scenario | None, tuple[Problem, ...]]:
    """Give the scenario of a file (None when it has errors) and every problem, in file order."""
    return read_document(load_document(Path(path)))


def load_scenario(path: Path | str) -> Scenario:
    """Give the scenario, or raise ``ScenarioError`` with every problem in the file."""
    scenario, problems = read_scenario(path)
    errors = tuple(problem for problem in problems if problem.severity == ERROR)
    if scenario is None or errors:
        raise ScenarioError(errors)
    return scenario
