"""A world and an engine small enough to work out by hand; importable by worker processes."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace

from legalaid_sim.events import Asked, Entitled, Log, Person, Window
from legalaid_sim.experiments.shared import replicate
from legalaid_sim.experiments.shared.plans import RegimePlan


@dataclass(frozen=True)
class FakeWorld:
    seed: int

    @property
    def digest(self) -> str:
        return f"{self.seed:016x}"


def sample(scenario, seed):  # type: ignore[no-untyped-def]
    return FakeWorld(seed)


def simulate(world, scenario, regime):  # type: ignore[no-untyped-def]
    pence = world.seed % 1000
    return Log(
        Window(0, 1000, 2000),
        [
            Person(1, "c1", 0.5, 0.25, "telephone"),
            Asked(1, "c1", "c1.p1", "agency", "debt", "telephone", True, False),
            Entitled(9, "agency", regime.name, "c1.p1.m1", 1, "fee", pence),
        ],
    )


def hold(log: Log) -> None:
    assert log.of(Person)


def measure(log: Log, names: Iterable[str] = ()) -> dict[str, float | None]:
    return {"money.earned": log.of(Entitled)[0].pence / 100, "continuity.coc": None}


def pipeline() -> replicate.Pipeline:
    return replicate.Pipeline(sample, simulate, hold, measure)


@dataclass(frozen=True)
class FakeTrial(replicate.Trial):
    """A trial whose regimes need no contract, the first replications slowest."""

    slow: int = 0

    def __call__(self, number: int) -> replicate.Replication:
        time.sleep(0.05 if number <= self.slow else 0)
        return super().__call__(number)

    @property
    def _regimes(self):  # type: ignore[no-untyped-def,override]
        return tuple(SimpleNamespace(name=plan.name) for plan in self.plans)


def trial(seed: int = 7, slow: int = 0, keep: replicate.Keep = "first") -> FakeTrial:
    plans = (RegimePlan("a", (), None), RegimePlan("b", (), None))  # type: ignore[arg-type]
    return FakeTrial(SimpleNamespace(seed=seed, ignorance=False), plans, keep, pipeline, slow)  # type: ignore[arg-type]
