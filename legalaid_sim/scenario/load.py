"""Read a scenario file: YAML with marks, the models, then what only the whole file can tell."""

from pathlib import Path

from legalaid_sim.errors import Problem, ScenarioError
from legalaid_sim.scenario.model import Scenario


def read_scenario(path: Path | str) -> tuple[Scenario | None, tuple[Problem, ...]]:
    """Give the scenario (None when it has errors) and every problem in the file, in file order."""
    from legalaid_sim.diagnostics import validate
    from legalaid_sim.yamlfile import load_document

    return validate(load_document(Path(path)), Scenario)


def load_scenario(path: Path | str) -> Scenario:
    """Give the scenario, or raise ``ScenarioError`` with every problem in the file."""
    scenario, problems = read_scenario(path)
    errors = tuple(problem for problem in problems if problem.severity == "error")
    if scenario is None or errors:
        raise ScenarioError(errors)
    return scenario
