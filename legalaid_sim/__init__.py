"""legalaid-sim: what a contract for advice does to the relationship between client and adviser.

For research from Python, ``import legalaid_sim as la``: everything named in ``__all__`` comes from here, and loads
when it is first used. ``la.run("scenario.yaml")`` is a study; the rest is in docs/reference/api.md.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legalaid_sim import events
    from legalaid_sim.api import (
        attribute,
        check,
        compare,
        frontier,
        price,
        run,
        search,
        sensitivity,
        simulate,
        sweep,
    )
    from legalaid_sim.contracts.language.load import load_contract, load_terms
    from legalaid_sim.engine.regime import Regime
    from legalaid_sim.errors import (
        ContractError,
        DrawsExhausted,
        InputError,
        InvariantBroken,
        LegalAidSimError,
        Refusal,
        ResultsError,
        ScenarioError,
        UnreadableFile,
    )
    from legalaid_sim.experiments.attribution.clauses import CannotAttribute
    from legalaid_sim.experiments.compare.question import BadQuestion
    from legalaid_sim.experiments.shared.cluster import NoCluster
    from legalaid_sim.experiments.shared.design import ExtraMissing
    from legalaid_sim.experiments.shared.executors import WorkerDied
    from legalaid_sim.experiments.sweep.reading import read_sweep
    from legalaid_sim.experiments.sweep.sweeping import Interrupted
    from legalaid_sim.measures import measure
    from legalaid_sim.results import open_run
    from legalaid_sim.scenario import load_scenario
    from legalaid_sim.world import sample

__version__ = "0.1.0"

# Where each public name lives.
HOMES = {
    "api": "attribute check compare frontier price run search sensitivity simulate sweep",
    "contracts.language.load": "load_contract load_terms",
    "engine": "Regime",
    "errors": "ContractError DrawsExhausted InputError InvariantBroken LegalAidSimError Refusal ResultsError "
    "ScenarioError UnreadableFile",
    "experiments.attribution.clauses": "CannotAttribute",
    "experiments.compare.question": "BadQuestion",
    "experiments.shared.cluster": "NoCluster",
    "experiments.shared.design": "ExtraMissing",
    "experiments.shared.executors": "WorkerDied",
    "experiments.sweep.reading": "read_sweep",
    "experiments.sweep.sweeping": "Interrupted",
    "measures": "measure",
    "results": "open_run",
    "scenario": "load_scenario",
    "world": "sample",
}
LATER = {name: home for home, names in HOMES.items() for name in names.split()}

__all__ = [
    "BadQuestion",
    "CannotAttribute",
    "ContractError",
    "DrawsExhausted",
    "ExtraMissing",
    "InputError",
    "Interrupted",
    "InvariantBroken",
    "LegalAidSimError",
    "NoCluster",
    "Refusal",
    "Regime",
    "ResultsError",
    "ScenarioError",
    "UnreadableFile",
    "WorkerDied",
    "__version__",
    "attribute",
    "check",
    "compare",
    "events",
    "frontier",
    "load_contract",
    "load_scenario",
    "load_terms",
    "measure",
    "open_run",
    "price",
    "read_sweep",
    "run",
    "sample",
    "search",
    "sensitivity",
    "simulate",
    "sweep",
]


def __getattr__(name: str) -> Any:
    if name in LATER:
        return getattr(import_module(f"{__name__}.{LATER[name]}"), name)
    if name == "events":
        return import_module(f"{__name__}.events")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
