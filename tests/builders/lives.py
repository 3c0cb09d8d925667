"""Worlds and lives of small scenarios, and the digest of a log."""

from functools import cache
from hashlib import sha256
from typing import Any

from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.engine import Regime, simulate
from legalaid_sim.events import Log
from legalaid_sim.scenario import Scenario
from legalaid_sim.world import World, sample
from tests.builders.contracts import library

NOBODY_PAYS = Regime("no-contract")


@cache
def _world(told: str, seed: int) -> World:
    return sample(Scenario.model_validate_json(told), seed)


def world_of(given: Scenario, seed: int = 1) -> World:
    """Give the world of a scenario; the same again where it was asked for before."""
    return _world(given.model_dump_json(exclude_none=True), seed)


def live(given: Scenario, *contracts: str | CompiledTerms, seed: int = 1, **how: Any) -> Log:
    """Live a scenario once, under contracts of the library (by name) or compiled terms."""
    held = tuple(library(each) if isinstance(each, str) else each for each in contracts)
    return simulate(world_of(given, seed), given, Regime("test", held, **how))


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
