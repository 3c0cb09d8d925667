"""Machines for sweeps: light enough to run thousands of times, and one that kills its worker."""

import gc
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from legalaid_sim.events import Entitled, Log
from legalaid_sim.experiments.shared.replicate import Pipeline
from legalaid_sim.measures import REGISTRY
from tests.experiments import fakes, small

SWEEP = """\
kind: sweep
schema_version: 1
scenario: small.yaml
{rest}
"""
GRID = """\
vary:
  - {path: clients.arrivals.per_week, values: [2, 4, 8]}
  - {path: assumptions.trust.memory_days, values: [100, 200]}
replications: 4
measures: [money.payer_spend]
"""


def written(folder: Path, rest: str = GRID, contracts: tuple[str, ...] = small.CONTRACTS) -> Path:
    """Write a sweep and its scenario."""
    small.scenario(folder, contracts=contracts)
    path = folder / "sweep.yaml"
    path.write_text(SWEEP.format(rest=rest), encoding="utf-8")
    return path


def measure(log: Log, names: Iterable[str] = ()) -> dict[str, float | None]:
    return {"money.payer_spend": log.of(Entitled)[0].pence / 100}


def simulate(world, scenario, regime):  # type: ignore[no-untyped-def]
    return richer(fakes.simulate(world, scenario, regime), round(scenario.clients.arrivals.per_week * 1000))


def richer(log: Log, pence: int) -> Log:
    *before, line = log.events
    assert isinstance(line, Entitled)
    return Log(log.window, [*before, line._replace(pence=line.pence + pence)])


def light() -> Pipeline:
    return Pipeline(fakes.sample, simulate, fakes.hold, measure)


def watched(seen: list[tuple[str, object, bool]]) -> Pipeline:
    """Tell what is asked of each step of a run, and whether the collector is on in it."""

    def hold(log: Log) -> None:
        seen.append(("hold", None, gc.isenabled()))

    def measured(log: Log, names: Iterable[str] = REGISTRY) -> dict[str, float | None]:
        seen.append(("measure", tuple(names), gc.isenabled()))
        return measure(log)

    return Pipeline(fakes.sample, simulate, hold, measured)


def slow() -> Pipeline:
    return Pipeline(fakes.sample, slowly, fakes.hold, measure)


def slowly(world, scenario, regime):  # type: ignore[no-untyped-def]
    time.sleep(0.01)
    return simulate(world, scenario, regime)


def deadly() -> Pipeline:
    return Pipeline(fakes.sample, kill_at_four, fakes.hold, measure)


def kill_at_four(world, scenario, regime):  # type: ignore[no-untyped-def]
    if scenario.clients.arrivals.per_week == 4 and world.seed % 4 == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(world, scenario, regime)


def faulty() -> Pipeline:
    return Pipeline(fakes.sample, fail_at_four, fakes.hold, measure)


def fail_at_four(world, scenario, regime):  # type: ignore[no-untyped-def]
    if scenario.clients.arrivals.per_week == 4:
        raise ArithmeticError("no such world")
    return simulate(world, scenario, regime)
