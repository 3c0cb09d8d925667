"""Small scenarios and digests of logs for the tests of the engine."""

from hashlib import sha256

from legalaid_sim.engine import Regime, simulate
from legalaid_sim.events import Log
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.world import World, sample

NOBODY_PAYS = Regime("no-contract")


def scenario(**changes: object) -> Scenario:
    """A small agency; a dotted name changes one part of it (``__`` stands for the dot)."""
    data: dict[str, object] = {
        "kind": "scenario",
        "schema_version": 1,
        "about": {"title": "test", "question": "does the engine keep to its laws?"},
        "period": {"starts": "2008-01-01", "months": 6, "lead_in_months": 1, "run_out_months": 3},
        "start": "empty",
        "clients": {
            "arrivals": {"per_week": 6},
            "several_problems": 0.3,
            "problems": {"debt": {"share": 2}, "housing": {"follow_ons": {"debt": 0.3}}},
        },
        "advisers": [{"role": "supervisor"}, {"number": 2}],
        "organisation": {"allocation": {"first": "least_loaded", "own_adviser_patience_days": 5}},
        "assumptions": {},
    }
    for name, value in changes.items():
        *path, last = name.split("__")
        part = data
        for step in path:
            part = part.setdefault(step, {})  # type: ignore[assignment]
        part[last] = value
    return Scenario.model_validate(data)


def lived(made: Scenario, seed: int = 1, regime: Regime = NOBODY_PAYS) -> Log:
    """Draw a world and live it."""
    return simulate(sample(made, seed), made, regime)


def digest(log: Log) -> str:
    """SHA-256 over every record of a log, in order."""
    told = sha256()
    for event in log:
        told.update(f"{type(event).__name__}{tuple(event)!r}\n".encode())
    return told.hexdigest()


def grown(made: Scenario, people: int) -> World:
    """The world of a scenario that stops after so many people."""
    clients = made.clients.model_copy(update={"arrivals_until": people})
    return sample(made.model_copy(update={"clients": clients}), 1)
