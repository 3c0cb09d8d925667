"""What a visit of the toy costs in the engine, part by part, beside the idiomatic script.

``python bench/toy_shares.py [--rounds N]``. All take turns within each round, in one process that is warmed; processor
time, medians of the rounds. What records cost is what the time falls by when their makers make nothing; what is done
once a client, what it falls by when as many visits are made by a quarter of the clients.
"""

import argparse
from collections.abc import Callable
from functools import partial
from statistics import median
from time import process_time
from typing import Any

import engine_toy
import idiomatic

from legalaid_sim.engine import Regime, simulate
from legalaid_sim.events import make
from legalaid_sim.invariants import hold
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.world import World, sample

CLIENTS, FOLD = 10_000, 4
REGIME = Regime("no-contract")


def toy(fold: int = 1) -> Scenario:
    """The toy with as many visits, by so many times fewer clients."""
    scenario = engine_toy.toy(CLIENTS // fold)
    clients = scenario.clients
    kind = clients.problems["toy"]
    contacts = kind.contacts.model_copy(
        update={"geometric": kind.contacts.geometric.model_copy(update={"mean": idiomatic.VISITS * fold})}
    )
    arrivals = clients.arrivals.model_copy(update={"per_hour": clients.arrivals.per_hour / fold})
    problems = {"toy": kind.model_copy(update={"contacts": contacts})}
    return scenario.model_copy(
        update={"clients": clients.model_copy(update={"problems": problems, "arrivals": arrivals})}
    )


def untold(world: World, scenario: Scenario) -> None:
    """Live with nothing written down: a record is made of nothing, and nothing is kept."""
    makers = {name: maker for name, maker in vars(make).items() if getattr(maker, "__name__", "") == "made"}
    for name in makers:
        setattr(make, name, _nothing)
    try:
        simulate(world, scenario, REGIME)
    finally:
        for name, maker in makers.items():
            setattr(make, name, maker)


def _nothing(*_: Any, **__: Any) -> None:
    return None


def seconds(step: Callable[[], Any]) -> float:
    """Processor time of a step."""
    began = process_time()
    step()
    return process_time() - began


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=7)
    rounds = asked.parse_args().rounds
    plain, few = toy(), toy(FOLD)
    world, rare = sample(plain, 1), sample(few, 1)
    log = simulate(world, plain, REGIME)
    steps: dict[str, Callable[[], Any]] = {
        "idiomatic": partial(idiomatic.run, CLIENTS),
        "world": partial(sample, plain, 2),
        "life": partial(simulate, world, plain, REGIME),
        "untold": partial(untold, world, plain),
        "few": partial(simulate, rare, few, REGIME),
        "invariants": lambda: hold(log),
    }
    found: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds + 1):
        for name, step in steps.items():
            found[name].append(seconds(step))
    spent = {name: median(each[1:]) for name, each in found.items()}
    records = spent["life"] - spent["untold"]
    once = (spent["life"] - spent["few"]) * FOLD / (FOLD - 1)
    visits = CLIENTS * idiomatic.VISITS
    rows = {
        "idiomatic script, all of it": spent["idiomatic"],
        "engine: drawing the world first": spent["world"],
        "engine: living it": spent["life"],
        "of that, writing records": records,
        "of that, once a client, records included": once,
        "beside it: invariants": spent["invariants"],
    }
    print("| | microseconds a visit | idiomatic script = 1 |\n| --- | ---: | ---: |")
    for name, whole in rows.items():
        print(f"| {name} | {whole / visits * 1e6:.1f} | {whole / spent['idiomatic']:.2f} |")


if __name__ == "__main__":
    main()
