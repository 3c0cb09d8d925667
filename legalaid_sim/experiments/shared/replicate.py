"""Live one scenario in many worlds: the same world for every regime, replication after replication.

Replication r (from 1) lives in the world of seed ``world_seed(scenario.seed, r)``. Results come in the order
of replications whatever was finished first, and a decision to stop sees complete prefixes only, so the
number of workers moves no byte of a result.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from legalaid_sim.errors import Refusal
from legalaid_sim.events import Log
from legalaid_sim.experiments.shared.executors import Lost, WorkerDied, Workers
from legalaid_sim.experiments.shared.ignorance import answers, over_worlds, scenario_for, values_for
from legalaid_sim.experiments.shared.plans import RegimePlan
from legalaid_sim.experiments.shared.ratios import level_of
from legalaid_sim.experiments.shared.statistics import Estimate, Value
from legalaid_sim.experiments.shared.stopping import Rule
from legalaid_sim.garbage import collected_later
from legalaid_sim.units import add_up

if TYPE_CHECKING:
    from legalaid_sim.engine import Regime
    from legalaid_sim.scenario.model import Scenario

Keep = Literal["all", "first", "none"]
Values = Mapping[str, Value]
Curves = Mapping[str, Sequence[Value]]
# By clause: how often it fell, duties done, those done late, minutes of advisers and of admin staff, 1 if it is paid.
Clauses = Mapping[str, Sequence[int]]


def _no_curves(log: Log) -> "Curves":
    return {}


def _no_clauses(log: Log) -> Clauses:
    return {}


class Pipeline(NamedTuple):
    """The steps of a run; another set of them can be put in their place.

    ``measure`` takes every measure of a log or those named, ``curves`` follow it month by month, ``clauses`` say which
    clause asked for how much admin. ``simulate_each`` gives what ``simulate`` gives for each regime of several, and may
    live what they share once; ``sample_again`` gives what ``sample`` gives, and may keep so many worlds to give them
    again.
    """

    sample: Callable[["Scenario", int], Any]
    simulate: Callable[[Any, "Scenario", "Regime"], Log]
    hold: Callable[[Log], None]
    measure: Callable[..., Values]
    curves: "Callable[[Log], Curves]" = _no_curves
    simulate_each: "Callable[[Any, Scenario, Sequence[Regime]], Iterator[Log]] | None" = None
    sample_again: "Callable[[Scenario, int, int], Any] | None" = None
    clauses: Callable[[Log], Clauses] = _no_clauses

    def world(self, scenario: "Scenario", seed: int, most: int) -> Any:
        """Draw a world, or give it again from so many kept."""
        if self.sample_again is None or not most:
            return self.sample(scenario, seed)
        return self.sample_again(scenario, seed, most)

    def logs(self, world: Any, scenario: "Scenario", regimes: "Sequence[Regime]") -> Iterator[Log]:
        """Live the world under one regime after the other."""
        if self.simulate_each is not None:
            return self.simulate_each(world, scenario, regimes)
        return (self.simulate(world, scenario, regime) for regime in regimes)


class RegimeResult(NamedTuple):
    """One regime in one world: what was measured, in all, by month and by clause; the log where it is to be kept."""

    measures: Values
    log: Log | None
    seconds: float
    curves: Curves = MappingProxyType({})
    clauses: Clauses = MappingProxyType({})


class Replication(NamedTuple):
    """One world under every regime, in the order of the regimes; ``drawn`` is what of the unknown it had."""

    number: int
    seed: int
    world_digest: str
    lived: Mapping[str, RegimeResult]
    drawn: Mapping[str, Any] = MappingProxyType({})


def world_seed(seed: int, replication: int) -> int:
    """Derive the seed of a replication's world: 63 bits of SHA-256 over ``seed/replication``.

    >>> world_seed(0, 1) != world_seed(1, 1) != world_seed(1, 2)
    True
    """
    # Half the hash's range: databases and other languages hold whole numbers with a sign.
    return int.from_bytes(sha256(f"{seed}/{replication}".encode()).digest()[:8], "big") >> 1


@dataclass(frozen=True)
class Trial:
    """The task of one replication: sample the world once, then live it under each regime.

    It is plain data until it is called, so it travels to workers as it is. ``pipeline`` gives the steps of a
    run when it is called; a function, so that nothing heavy is imported before.
    """

    scenario: "Scenario"
    plans: tuple[RegimePlan, ...]
    keep: Keep = "first"
    pipeline: "Callable[[], Pipeline]" = field(default_factory=lambda: the_pipeline)

    def __call__(self, number: int) -> Replication:
        """Live replication ``number``; raises ``InvariantBroken`` when what must hold exactly does not."""
        steps, seed = self.pipeline(), world_seed(self.scenario.seed, number)
        scenario = scenario_for(self.scenario, number)
        world = steps.sample(scenario, seed)
        logs = steps.logs(world, scenario, self._regimes)
        lived = {regime.name: self._live(steps, logs, regime, number) for regime in self._regimes}
        return Replication(number, seed, world.digest, lived, values_for(self.scenario, number))

    def _live(self, steps: Pipeline, logs: Iterator[Log], regime: "Regime", number: int) -> RegimeResult:
        began = perf_counter()
        with collected_later():
            try:
                log = next(logs)
            except Refusal as refusal:
                raise Refusal(refusal.code, f"{regime.name}, {refusal.rule}", refusal.why) from refusal
            steps.hold(log)
            kept = self.keep == "all" or (self.keep == "first" and number == 1)
            found = steps.measure(log)
            curves, clauses = steps.curves(log), steps.clauses(log)
            return RegimeResult(found, log if kept else None, perf_counter() - began, curves, clauses)

    @cached_property
    def _regimes(self) -> "tuple[Regime, ...]":
        return tuple(plan.compiled() for plan in self.plans)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "_regimes"}


def the_pipeline() -> Pipeline:
    """Give the steps of a real run, imported when they are first needed."""
    from legalaid_sim.engine import simulate, simulate_each
    from legalaid_sim.invariants import hold
    from legalaid_sim.measures import measure
    from legalaid_sim.measures.monthly import by_month
    from legalaid_sim.world import sample
    from legalaid_sim.world.again import sample_again

    return Pipeline(sample, simulate, hold, measure, by_month, simulate_each, sample_again, _clauses)


def _clauses(log: Log) -> Clauses:
    from legalaid_sim.measures import admin_by_clause

    return {
        name: (row.falls, row.done, row.late, row.adviser_minutes, row.staff_minutes, int(row.paid))
        for name, row in admin_by_clause(log).items()
    }


def replicate(
    trial: Trial, rule: Rule, workers: Workers, measure: str | None = None
) -> Iterator[Replication]:
    """Give replications 1, 2, … in order until the rule says stop; ``measure`` is the one it watches.

    Raises ``WorkerDied`` when a replication kills its worker twice. Closing the iterator stops the workers.
    """
    watched: list[list[Value]] = [[] for _ in trial.plans]
    stream = workers.results(trial, range(1, rule.at_most + 1))
    try:
        for done in stream:
            if isinstance(done, Lost):
                raise WorkerDied(f"replication {done.item}")
            yield done
            for values, plan in zip(watched, trial.plans):
                values.append(done.lived[plan.name].measures.get(measure) if measure else None)
            if rule.enough(watched):
                return
    finally:
        stream.close()  # type: ignore[attr-defined]


def estimates(
    series: Sequence[Values],
    names: Sequence[str],
    pooled: Collection[str] = (),
    drawn: bool = False,
    numbers: Sequence[int] = (),
) -> dict[str, Estimate]:
    """Fold the measures of all replications of one regime into means, each interval within what can be.

    ``pooled`` are the measures whose cases are pooled over worlds; ``drawn`` says that worlds draw what is unknown,
    so that intervals are over draws; ``numbers`` are those of the worlds where they are not 1 onward.
    """
    from legalaid_sim.measures import REGISTRY
    from legalaid_sim.measures.matters import bounds_of

    columns = {name: [values.get(name) for values in series] for name in names}
    return {
        name: over_worlds(
            level_of(answers(held, drawn, numbers), bounds_of(REGISTRY[name]), name in pooled),
            add_up(value is not None for value in held),
        )
        for name, held in columns.items()
    }
