"""What of a contract nothing in a scenario reaches, as text."""

from collections.abc import Iterator

from legalaid_sim.authoring.filling import filled
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.experiments.shared.reaching import never_reached_of
from legalaid_sim.scenario.model import Scenario


def unreached_in_text(contract: Contract, scenario: Scenario) -> str:
    """List every block and key that nothing in the scenario reaches: what each waits for, what would bring it."""
    return "\n".join(_lines(contract, scenario)) + "\n"


def _lines(contract: Contract, scenario: Scenario) -> Iterator[str]:
    found = never_reached_of(contract, scenario)
    if not found:
        yield f"Everything in it can happen in '{scenario.about.title}'"
        return
    yield f"What nothing in '{scenario.about.title}' reaches"
    for one in found:
        remedy = f": {one.remedy}" if one.remedy else ""
        yield filled(f"{one.path} waits for {one.because}{remedy}", " " * 6)
