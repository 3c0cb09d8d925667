"""legalaid-sim: what a contract for advice does to the relationship between client and adviser.

For research from Python: everything named in ``__all__`` comes from here, and loads when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legalaid_sim.contracts.load import load_contract, load_terms
    from legalaid_sim.engine.regime import Regime
    from legalaid_sim.engine.simulate import simulate
    from legalaid_sim.experiments.attribution import attribute
    from legalaid_sim.experiments.compare import Question, compare
    from legalaid_sim.experiments.running import Wish, run
    from legalaid_sim.experiments.sensitivity import sensitivity
    from legalaid_sim.experiments.sweep_reading import read_sweep
    from legalaid_sim.experiments.sweeping import SweepWish, sweep
    from legalaid_sim.measures import measure
    from legalaid_sim.results import open_run
    from legalaid_sim.scenario import load_scenario
    from legalaid_sim.world import sample

__version__ = "0.1.0"

LATER = {
    "Question": "experiments.compare",
    "Regime": "engine",
    "SweepWish": "experiments.sweeping",
    "Wish": "experiments.running",
    "attribute": "experiments.attribution",
    "compare": "experiments.compare",
    "load_contract": "contracts.load",
    "load_scenario": "scenario",
    "load_terms": "contracts.load",
    "measure": "measures",
    "open_run": "results",
    "read_sweep": "experiments.sweep_reading",
    "run": "experiments.running",
    "sample": "world",
    "sensitivity": "experiments.sensitivity",
    "simulate": "engine",
    "sweep": "experiments.sweeping",
}

__all__ = [
    "Question",
    "Regime",
    "SweepWish",
    "Wish",
    "__version__",
    "attribute",
    "compare",
    "load_contract",
    "load_scenario",
    "load_terms",
    "measure",
    "open_run",
    "read_sweep",
    "run",
    "sample",
    "sensitivity",
    "simulate",
    "sweep",
]


def __getattr__(name: str) -> Any:
    if name in LATER:
        return getattr(import_module(f"{__name__}.{LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
