"""Lives of an attribution: a world lived under the first contract with some of its clauses changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.experiments.attribution.clauses import ClauseSwitch, anew, hybrid
from legalaid_sim.experiments.shared.executors import Lost, WorkerDied, Workers
from legalaid_sim.experiments.shared.ignorance import scenario_for
from legalaid_sim.experiments.shared.plans import RegimePlan
from legalaid_sim.experiments.shared.progress import Progress
from legalaid_sim.experiments.shared.replicate import Pipeline, Values, the_pipeline, world_seed
from legalaid_sim.garbage import collected_later

if TYPE_CHECKING:
    from legalaid_sim.scenario.model import Scenario

# Every set of clauses, even the empty one, is taken up as a new contract: accounts run out, a new year and a new
# allotment begin. Where one of the two is what was held before, it just goes on; what that makes is a share of its own.
FIRST_GOES_ON, SECOND_GOES_ON = -1, -2


class AttributionRun(NamedTuple):
    """One run: a world, and the set of clauses turned in it; or a contract that just goes on."""

    world: int
    turned: int


@dataclass(frozen=True)
class SwitchTask:
    """Live a world with a set of clauses turned; plain data that travels to workers."""

    name: str
    scenario: "Scenario"
    before: RegimePlan
    after: RegimePlan
    clauses: tuple[ClauseSwitch, ...]
    measures: tuple[str, ...]
    pipeline: Callable[[], Pipeline] = field(default=the_pipeline)

    def __call__(self, item: AttributionRun) -> Values:
        """Give the measures of one run; raises what the run raises."""
        steps = self.pipeline()
        scenario, world = _world(self, item.world)
        with collected_later():
            log = steps.simulate(world, scenario, _regime(self, item.turned))
            steps.hold(log)
            found = steps.measure(log, self.measures)
        return {name: found[name] for name in self.measures}

    def __hash__(self) -> int:
        return hash(self.name)


@lru_cache(maxsize=2)
def _world(task: SwitchTask, number: int) -> Any:
    # With what is unknown drawn, as a run or a comparison has it in this world.
    scenario = scenario_for(task.scenario, number)
    return scenario, task.pipeline().sample(scenario, world_seed(task.scenario.seed, number))


@lru_cache(maxsize=600)
def _regime(task: SwitchTask, turned: int) -> Any:
    if turned < 0:
        return (task.before if turned == FIRST_GOES_ON else task.after).compiled()
    chosen = [clause for at, clause in enumerate(task.clauses) if turned >> at & 1]
    return anew(hybrid(task.before, task.after, chosen)).compiled()


def live_all(
    task: SwitchTask, items: Sequence[AttributionRun], workers: Workers, progress: Progress
) -> dict[AttributionRun, Values]:
    """Live all of them; raises ``WorkerDied`` when one kills its worker twice, and what a run raises."""
    found: dict[AttributionRun, Values] = {}
    stream = workers.results(task, items)
    try:
        for item, values in zip(items, stream):
            if isinstance(values, Lost):
                raise WorkerDied(f"world {item.world} with clauses {item.turned:b}")
            found[item] = values
            progress(len(found), len(items))
    finally:
        stream.close()  # type: ignore[attr-defined]
    return found
