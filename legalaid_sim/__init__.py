"""legalaid-sim: what a contract for advice does to the relationship between client and adviser.

For research from Python, ``import legalaid_sim as la``: everything named in ``__all__`` comes from here, and loads
when it is first used. ``la.run("scenario.yaml")`` is a study; the rest is in docs/reference/api.md.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legalaid_sim import events
    from legalaid_sim.api.pieces import (
        check,
        load_contract,
        load_scenario,
        load_terms,
        measure,
        open_run,
        price,
        read_sweep,
        sample,
        simulate,
    )
    from legalaid_sim.api.studies import attribute, compare, frontier, run, search, sensitivity, sweep
    from legalaid_sim.arguments import BadArguments
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
    from legalaid_sim.experiments.sweep.sweeping import Interrupted

__version__ = "0.1.0"

# Where each public name lives.
HOMES = {
    "api.pieces": "check load_contract load_scenario load_terms measure open_run price read_sweep sample simulate",
    "api.studies": "attribute compare frontier run search sensitivity sweep",
    "arguments": "BadArguments",
    "engine": "Regime",
    "errors": "ContractError DrawsExhausted InputError InvariantBroken LegalAidSimError Refusal ResultsError "
    "ScenarioError UnreadableFile",
    "experiments.attribution.clauses": "CannotAttribute",
    "experiments.compare.question": "BadQuestion",
    "experiments.shared.cluster": "NoCluster",
    "experiments.shared.design": "ExtraMissing",
    "experiments.shared.executors": "WorkerDied",
    "experiments.sweep.sweeping": "Interrupted",
}
LATER = {name: home for home, names in HOMES.items() for name in names.split()}

__all__ = [
    "BadArguments",
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
