"""Every check of ``legalaid-sim validate``: each lives its worlds in the real engine."""

from collections.abc import Callable, Iterator
from pathlib import Path

from legalaid_sim.engine import simulate
from legalaid_sim.events import Log
from legalaid_sim.experiments.shared.replicate import world_seed
from legalaid_sim.invariants import littles_law
from legalaid_sim.scenario import read_scenario
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.validation import laws
from legalaid_sim.validation.queues import Queue, answers, queue_of, seen, theory
from legalaid_sim.validation.verdict import Verdict, exactly, within_chance
from legalaid_sim.world import sample

SCENARIOS = Path(__file__).parent / "scenarios"
QUEUES = ("erlang-c-3", "erlang-c-4", "erlang-c-10", "erlang-a-10", "regular-service", "uneven-service")
SHORT = 8

TellCheck = Callable[[str], None]


def validate(quick: bool = False, progress: TellCheck = lambda name: None) -> Iterator[Verdict]:
    """Give every verdict, one after another; ``quick`` lives fewer worlds, so that intervals are wider."""
    for name in QUEUES:
        progress(name)
        yield from queueing(SCENARIOS / f"{name}.yaml", quick)
    for check in laws.CHECKS:
        progress(check.__name__)
        yield from check()


def queueing(path: Path, quick: bool = False) -> Iterator[Verdict]:
    """Hold a queueing scenario against theory, and its sample paths against Little's law.

    Raises ``ScenarioError`` where the scenario is more than a queue, or theory has no answer.
    """
    file = read_scenario(path)
    scenario, marks = file.scenario, file.marks
    queue = queue_of(scenario, marks)
    theirs = answers(queue, marks)
    ours: dict[str, list[float]] = {what: [] for what in theirs}
    area = waits = 0
    for log in _logs(scenario, quick):
        found = seen(log)
        for what, values in ours.items():
            values.append(found[what])
        swept, summed = littles_law(log)
        area, waits = area + swept, waits + summed
    name = _title(queue)
    for what, values in ours.items():
        yield within_chance(name, what, theirs[what], values)
    yield exactly(name, "Little's law: people waiting x minutes = sum of waits", area, waits)


def _title(queue: Queue) -> str:
    advisers = "1 adviser" if queue.servers == 1 else f"{queue.servers} advisers"
    offered = f"{queue.rate * queue.mean / queue.servers:.0%}"
    return f"{theory(queue)}, {advisers}, {offered} offered, service variability {queue.squared_cv:g}"


def _logs(scenario: Scenario, quick: bool) -> Iterator[Log]:
    worlds = max(2, scenario.replications.at_least)
    for replication in range(1, (min(SHORT, worlds) if quick else worlds) + 1):
        world = sample(scenario, world_seed(scenario.seed, replication))
        yield simulate(world, scenario, laws.NOBODY_PAYS)
