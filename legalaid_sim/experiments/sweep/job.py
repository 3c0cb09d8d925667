"""A sweep that is ready to begin: its file, scenario and contracts read, its axes tried, its work laid out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice, repeat
from pathlib import Path
from typing import Any

from legalaid_sim.errors import Problem, ScenarioError
from legalaid_sim.experiments.shared.axes import Target, target_of
from legalaid_sim.experiments.shared.engine_version import engine_version
from legalaid_sim.experiments.shared.plans import RegimePlan, plans_of
from legalaid_sim.experiments.shared.readiness import Tell, ready, untold
from legalaid_sim.experiments.shared.replicate import Pipeline, the_pipeline, world_seed
from legalaid_sim.experiments.sweep.axis_checks import axis_problem
from legalaid_sim.experiments.sweep.points import count_points, points_of
from legalaid_sim.experiments.sweep.spec import Sweep, SweepFile, problem_at, read_sweep_file
from legalaid_sim.experiments.sweep.store import RunKey
from legalaid_sim.experiments.sweep.work import SweepTask, Unit
from legalaid_sim.results import manifest as manifests
from legalaid_sim.scenario import Scenario, read_scenario


@dataclass(frozen=True, slots=True)
class SweepOptions:
    """What the caller asked for beside the file.

    ``shard`` is (i, n): do every n-th unit, from the i-th, into a file of its own. ``merge`` names files of
    other shards to take in; those in the folder are found by themselves. ``again`` tries runs that failed.
    """

    workers: int | None = None
    out: Path | None = None
    root: Path = Path("results")
    shard: tuple[int, int] | None = None
    cluster: str | None = None
    merge: tuple[Path, ...] = ()
    again: bool = False


@dataclass(frozen=True)
class SweepJob:
    """A sweep that is ready to begin: read, checked, its work laid out.

    ``first_worlds`` is the number of the first world of every point; all begin with world 1 where it is empty.
    """

    path: Path
    sweep: Sweep
    scenario: Scenario
    plans: tuple[RegimePlan, ...]
    targets: tuple[Target, ...]
    task: SweepTask
    bases: Mapping[str, str]
    first_worlds: Sequence[int] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def points(self) -> int:
        """How many points there are."""
        return count_points(self.sweep)

    @property
    def runs(self) -> int:
        """How many runs there are: points by worlds by contracts."""
        return self.points * self.sweep.replications * len(self.plans)

    def units(self, shard: tuple[int, int] | None = None) -> Iterator[Unit]:
        """Give all units in order, or those of a shard."""
        everyone = tuple(range(len(self.plans)))
        firsts = self.first_worlds or repeat(1)
        every = (
            Unit(point, first + after, everyone)
            for point, first in zip(points_of(self.sweep), firsts)
            for after in range(self.sweep.replications)
        )
        return islice(every, shard[0] - 1, None, shard[1]) if shard else every

    def keys(self, shard: tuple[int, int] | None = None) -> set[str]:
        """Give the keys of all its runs, or of those of a shard: a file may hold others beside them."""
        return {self.key(unit, at).key for unit in self.units(shard) for at in unit.wanted}

    def key(self, unit: Unit, at: int) -> RunKey:
        """Give the identity of a run: everything that went in, and the part that can make a difference."""
        name, seed = self.plans[at].name, world_seed(self.scenario.seed, unit.replication)
        reached = [value for target, value in zip(self.targets, unit.values) if target.reaches(name)]
        return RunKey(
            _hashed(self.bases[name], unit.values, seed),
            _hashed(self.bases[name], ("reached", *reached), seed),
        )


def prepare_sweep(
    path: Path, pipeline: Callable[[], Pipeline] = the_pipeline, tell: Tell = untold
) -> SweepJob:
    """Read a sweep with its scenario and contracts, and try the ends of every axis; ``tell`` what is doubtful.

    Raises ``ScenarioError`` with every problem at its place in the file, and what the scenario or the
    contracts raise.
    """
    sweep_file = read_sweep_file(path)
    sweep = sweep_file.sweep
    place = path.parent / sweep.scenario
    if not place.is_file():
        raise ScenarioError((_no_scenario(sweep_file),))
    file = read_scenario(place)
    if sweep.contracts:
        file = file.but(contracts=sweep.contracts)
    plans = plans_of(file.scenario, file.folder)
    targets = tuple(target_of(axis) for axis in sweep.vary)
    warnings = ready(file, plans, tell)
    return job_of(sweep_file, file.scenario, plans, targets, pipeline, warnings=warnings)


def job_of(
    file: SweepFile,
    scenario: Scenario,
    plans: tuple[RegimePlan, ...],
    targets: tuple[Target, ...],
    pipeline: Callable[[], Pipeline] = the_pipeline,
    first_worlds: Sequence[int] = (),
    warnings: tuple[Problem, ...] = (),
) -> SweepJob:
    """Lay out the work of a sweep that is read; raises ``ScenarioError`` for axes that lead nowhere."""
    data = scenario.model_dump(mode="json")
    problems = tuple(_axis_problems(file, data, plans, targets))
    if problems:
        raise ScenarioError(problems)
    bases = {plan.name: base_of(data, plan) for plan in plans}
    name = manifests.digest([sorted(bases.items()), [target.name for target in targets]])
    task = SweepTask(name, data, plans, targets, _measures(file.sweep), pipeline, file.sweep.replications)
    return SweepJob(file.path, file.sweep, scenario, plans, targets, task, bases, first_worlds, warnings)


def _measures(swept: Sweep) -> tuple[str, ...]:
    from legalaid_sim.measures import REGISTRY

    return tuple(name for name in REGISTRY if not swept.measures or name in swept.measures)


def base_of(data: Mapping[str, Any], plan: RegimePlan) -> str:
    """Give the digest of what every run of a regime starts from; what a scenario is called makes no difference."""
    from legalaid_sim.evidence import register

    kept = {key: value for key, value in data.items() if key not in ("about", "contracts", "replications")}
    evidence = {path: known.value.model_dump(mode="json") for path, known in register().items()}
    # Rows of a scenario that says so were once made with nothing drawn.
    drawn = ["drawn"] if data.get("ignorance") else []
    said = [plan.name, *(_phase(part) for part in plan.parts), *drawn]
    return manifests.digest([engine_version(), kept, evidence, *said])


def _phase(part: RegimePlan) -> list[Any]:
    return [
        part.starts.isoformat() if part.starts else None,
        [_plain_data(written.data) for written in part.contracts],
        [dict(written.tables) for written in part.contracts],
        part.practice.model_dump(mode="json") if part.practice else None,
        {name: _plain_data(written.data) for name, written in part.own},
        part.respond,
    ]


def _plain_data(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {str(key): _plain_data(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain_data(value) for value in data]
    return data if isinstance(data, str | int | float | bool | None) else str(data)


def _hashed(base: str, values: Sequence[Any], seed: int) -> str:
    said = "\0".join([base, str(seed), *(f"{type(value).__name__}:{value!r}" for value in values)])
    return sha256(said.encode()).hexdigest()


def _no_scenario(file: SweepFile) -> Problem:
    words = f"there is no file '{file.sweep.scenario}' beside this one"
    return problem_at(file.place_of("scenario"), "no-scenario", words, "give its path from here")


def _axis_problems(
    file: SweepFile, data: Mapping[str, Any], plans: Sequence[RegimePlan], targets: Sequence[Target]
) -> Iterator[Problem]:
    for at, (axis, target) in enumerate(zip(file.sweep.vary, targets)):
        found = axis_problem(axis, target, data, plans)
        if found is not None:
            place = file.place_of("vary", at, found.key)
            yield problem_at(place, found.name, found.words, found.remedy, f"vary.{axis.path}")
