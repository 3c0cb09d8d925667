"""The work of a sweep: one point in one world under every contract, as plain data that travels anywhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.errors import InvariantBroken, LegalAidSimError
from legalaid_sim.experiments.shared.axes import SCENARIO, Target, plan_with, scenario_with
from legalaid_sim.experiments.shared.engine_version import engine_version
from legalaid_sim.experiments.shared.ignorance import knowing, scenario_for
from legalaid_sim.experiments.shared.plans import RegimePlan
from legalaid_sim.experiments.shared.replicate import Pipeline, the_pipeline, world_seed
from legalaid_sim.garbage import collected_later

if TYPE_CHECKING:
    from legalaid_sim.engine import Regime
    from legalaid_sim.events import Log
    from legalaid_sim.scenario.model import Scenario

OK, REFUSED, BROKEN, DIED = "ok", "refused", "broken", "died"
REASON_LENGTH = 500


class Unit(NamedTuple):
    """What one call of the task does: a point, a world, and which of the contracts (by position)."""

    values: tuple[Any, ...]
    replication: int
    wanted: tuple[int, ...]


class RunOutcome(NamedTuple):
    """One run: how it ended, and its measures in the order of the task's; empty where it did not end well."""

    contract: str
    status: str
    reason: str
    measures: tuple[float | None, ...]


class Done(NamedTuple):
    """What a unit gave, by which engine."""

    unit: Unit
    seed: int
    world: str
    engine: str
    outcomes: tuple[RunOutcome, ...]


@dataclass(frozen=True)
class SweepTask:
    """Live a point in a world. ``scenario`` is the dumped data that the values of a point are put into.

    A run that cannot be (a refusal, a value the model does not allow) is an outcome, not an error: the sweep
    goes on. ``name`` tells tasks apart that share a worker; ``worlds`` is how many are lived at each point, kept for
    those points that do not reach them. Where the scenario says so a world draws what is unknown, the same at every
    point; what a point sets is known there.
    """

    name: str
    scenario: Mapping[str, Any]
    plans: tuple[RegimePlan, ...]
    targets: tuple[Target, ...]
    measures: tuple[str, ...]
    pipeline: Callable[[], Pipeline] = field(default=the_pipeline)
    worlds: int = 0

    def __call__(self, unit: Unit) -> Done:
        """Live one unit of the sweep."""
        plans = [self.plans[at] for at in unit.wanted]
        try:
            scenario = scenario_for(self._scenario(unit.values), unit.replication)
            seed = world_seed(scenario.seed, unit.replication)
            world = self.pipeline().world(scenario, seed, self.worlds)
        except Exception as error:
            seed = world_seed(int(self.scenario.get("seed", 1)), unit.replication)
            failed = tuple(_failed(plan.name, error) for plan in plans)
            return Done(unit, seed, "", engine_version(), failed)
        found = self._outcomes(world, scenario, unit)
        return Done(unit, seed, world.digest, engine_version(), tuple(found[at] for at in unit.wanted))

    def _outcomes(self, world: Any, scenario: "Scenario", unit: Unit) -> dict[int, RunOutcome]:
        """Live the contracts of a unit in turn, what they share once; after one that fails the rest begin anew."""
        found: dict[int, RunOutcome] = {}
        left: dict[int, Regime] = {}
        for at in unit.wanted:
            try:
                left[at] = self._regime(unit.values, at)
            except Exception as error:
                found[at] = _failed(self.plans[at].name, error)
        while left:
            logs = self.pipeline().logs(world, scenario, tuple(left.values()))
            for at in tuple(left):
                del left[at]
                found[at] = self._lived(logs, self.plans[at].name)
                if found[at].status != OK:
                    break
        return found

    def _lived(self, logs: "Iterator[Log]", name: str) -> RunOutcome:
        steps = self.pipeline()
        with collected_later():
            try:
                log = next(logs)
                steps.hold(log)
            except Exception as error:
                return _failed(name, error)
            measures = steps.measure(log, self.measures)
        return RunOutcome(name, OK, "", tuple(measures[measure] for measure in self.measures))

    def _scenario(self, values: tuple[Any, ...]) -> "Scenario":
        return _scenario(_Keyed(self, values))

    def _regime(self, values: tuple[Any, ...], at: int) -> "Regime":
        mine = tuple(
            value if target.room == "contract" else None for target, value in zip(self.targets, values)
        )
        return _regime(_Keyed(self, mine), at)


class _Keyed:
    """A task with the values of a point as a key of a cache: equal by name and by what is written for each value."""

    __slots__ = ("key", "task", "values")

    def __init__(self, task: SweepTask, values: tuple[Any, ...]) -> None:
        # A value may be a list, such as of posts, and has no hash of its own.
        self.key, self.task, self.values = (task.name, repr(values)), task, values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=8)
def _scenario(keyed: _Keyed) -> "Scenario":
    from legalaid_sim.scenario.model import Scenario

    targets = keyed.task.targets
    scenario = Scenario.model_validate(scenario_with(keyed.task.scenario, targets, keyed.values))
    return knowing(scenario, [target.path for target in targets if target.room == SCENARIO])


@lru_cache(maxsize=32)
def _regime(keyed: _Keyed, at: int) -> "Regime":
    return plan_with(keyed.task.plans[at], keyed.task.targets, keyed.values).compiled()


def lost(unit: Unit, plans: Sequence[RegimePlan], seed: int) -> Done:
    """Give the outcome of a unit that killed its worker twice."""
    reason = "the worker process died twice on this run: out of memory, or killed"
    outcomes = tuple(RunOutcome(plans[at].name, DIED, reason, ()) for at in unit.wanted)
    return Done(unit, seed, "", engine_version(), outcomes)


def _failed(name: str, error: Exception) -> RunOutcome:
    """Say how a run ended; what is no refusal but a fault of the simulator is told apart."""
    from pydantic import ValidationError

    from legalaid_sim.contracts.language.changes import ChangeFailed

    if isinstance(error, InvariantBroken) or not isinstance(
        error, LegalAidSimError | ValidationError | ChangeFailed
    ):
        return RunOutcome(name, BROKEN, f"{type(error).__name__}: {error}"[:REASON_LENGTH], ())
    words = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
    return RunOutcome(name, REFUSED, words[:REASON_LENGTH], ())
