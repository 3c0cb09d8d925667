"""Carry out a sweep: plan it, take it up where it stood, share it out, merge it.

The order of work is that of the points, worlds within points. Work that is done already, here or in a shard
merged in, is never done again. Whatever ends the process, what has been saved stays whole.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice, repeat
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.errors import LegalAidSimError, Problem, ResultsError, ScenarioError
from legalaid_sim.experiments.axes import Target, target_of
from legalaid_sim.experiments.engine_version import engine_version
from legalaid_sim.experiments.executors import Lost, Workers, available, workers_for
from legalaid_sim.experiments.plans import Plan, plans_of
from legalaid_sim.experiments.readiness import Tell, ready, untold
from legalaid_sim.experiments.replicate import Machine, the_machine, world_seed
from legalaid_sim.experiments.sweep_points import count_points, points_of
from legalaid_sim.experiments.sweep_store import FIXED, Key, Store
from legalaid_sim.experiments.sweep_work import OK, Done, SweepTask, Unit, lost
from legalaid_sim.experiments.sweeps import Sweep, problem_at, read_sweep_file
from legalaid_sim.results import manifest as manifests
from legalaid_sim.results.folder import make_folder, slug
from legalaid_sim.tabular import as_html, counted
from legalaid_sim.units import add_up

if TYPE_CHECKING:
    from legalaid_sim.scenario.model import Scenario

Progress = Callable[[int, int], None]


class Interrupted(LegalAidSimError):
    """A sweep that was stopped by hand: how many runs are saved, of how many, and where."""

    def __init__(self, saved: int, of: int, path: str) -> None:
        super().__init__(saved, of, path)
        self.saved, self.of, self.path = saved, of, path

    def __str__(self) -> str:
        saved = f"{self.saved:,} of {self.of:,} runs are saved in {self.path}"
        return f"{saved}; the same command goes on from there"


@dataclass(frozen=True, slots=True)
class SweepWish:
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
    scenario: "Scenario"
    plans: tuple[Plan, ...]
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

    def key(self, unit: Unit, at: int) -> Key:
        """Give the identity of a run: everything that went in, and the part that can make a difference."""
        name, seed = self.plans[at].name, world_seed(self.scenario.seed, unit.replication)
        reached = [value for target, value in zip(self.targets, unit.values) if target.reaches(name)]
        return Key(
            _hashed(self.bases[name], unit.values, seed),
            _hashed(self.bases[name], ("reached", *reached), seed),
        )


class Swept(NamedTuple):
    """A sweep as it stands: the file, how many runs are in it by how they ended, how many were done now."""

    database: Path
    runs: int
    counts: Mapping[str, int]
    now: int
    merged: int
    seconds: float

    @property
    def failed(self) -> int:
        """How many runs did not end well."""
        return add_up(count for status, count in self.counts.items() if status != OK)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Every run as one mapping of column to value, in the order of the axes."""
        from legalaid_sim.experiments.sweep_reading import read_sweep

        return read_sweep(self.database)

    def __repr__(self) -> str:
        return f"Swept({counted(self.runs, 'run')}, {self.failed:,} failed; {self.database})"

    def _repr_html_(self) -> str:
        return as_html(repr(self), self.rows)


class Outlook(NamedTuple):
    """What a sweep would do: points, runs, how many are done, and seconds for the rest at so many workers."""

    points: int
    worlds: int
    contracts: tuple[str, ...]
    runs: int
    done: int
    seconds: float | None
    workers: int


def _silent(done: int, most: int) -> None:
    return None


def prepare_sweep(path: Path, machine: Callable[[], Machine] = the_machine, tell: Tell = untold) -> SweepJob:
    """Read a sweep with its scenario and contracts, and try the ends of every axis; ``tell`` what is doubtful.

    Raises ``ScenarioError`` with every problem at its place in the file, and what the scenario or the
    contracts raise.
    """
    from legalaid_sim.scenario import load_scenario

    sweep = read_sweep_file(path)
    place = path.parent / sweep.scenario
    if not place.is_file():
        raise ScenarioError((_no_scenario(path, sweep.scenario),))
    scenario = load_scenario(place)
    if sweep.contracts:
        scenario = scenario.model_copy(update={"contracts": sweep.contracts})
    plans = plans_of(scenario, place.parent)
    targets = tuple(target_of(axis) for axis in sweep.vary)
    warnings = ready(place, scenario, plans, tell)
    return job_of(path, sweep, scenario, plans, targets, machine, warnings=warnings)


def job_of(
    path: Path,
    sweep: Sweep,
    scenario: "Scenario",
    plans: tuple[Plan, ...],
    targets: tuple[Target, ...],
    machine: Callable[[], Machine] = the_machine,
    first_worlds: Sequence[int] = (),
    warnings: tuple[Problem, ...] = (),
) -> SweepJob:
    """Lay out the work of a sweep that is read; raises ``ScenarioError`` for axes that lead nowhere."""
    data = scenario.model_dump(mode="json")
    problems = tuple(_axis_problems(path, sweep, data, plans, targets))
    if problems:
        raise ScenarioError(problems)
    bases = {plan.name: base_of(data, plan) for plan in plans}
    name = manifests.digest([sorted(bases.items()), [target.name for target in targets]])
    task = SweepTask(name, data, plans, targets, _measures(sweep), machine)
    return SweepJob(path, sweep, scenario, plans, targets, task, bases, first_worlds, warnings)


def sweep(path: Path, wish: SweepWish | None = None, progress: Progress = _silent) -> Swept:
    """Carry out a sweep file, or go on with it where it stood.

    Raises ``Interrupted`` on Ctrl-C, with what was done saved; ``InputError`` for what is wrong with the
    files; ``ResultsError`` for a place that cannot be written.
    """
    wish = wish or SweepWish()
    return carry_out(prepare_sweep(path), wish, progress)


def carry_out(job: SweepJob, wish: SweepWish, progress: Progress = _silent) -> Swept:
    """Do what is left of a job, with the workers or the cluster of the wish."""
    from legalaid_sim.experiments.sweep_manifest import write_manifest

    began, folder = perf_counter(), folder_of(job, wish)
    make_folder(folder)
    database = folder / file_name(wish.shard)
    write_manifest(folder, job)
    try:
        with Store(database, [target.name for target in job.targets], job.task.measures) as store:
            merged = _merge(store, folder, wish)
            now = _work(job, wish, store, progress)
            counts = store.counts()
    except sqlite3.OperationalError as error:
        words = f"cannot be written: {error}; what was done is kept, and the same command goes on with it"
        raise ResultsError(str(database), words) from error
    return Swept(database, runs_of(job, wish.shard), counts, now, merged, perf_counter() - began)


def outlook(job: SweepJob, wish: SweepWish) -> Outlook:
    """Say what a sweep would do; the time is measured on its first unit that is not done yet."""
    database = folder_of(job, wish) / file_name(wish.shard)
    workers = available() if wish.workers is None else wish.workers
    seconds, total = None, runs_of(job, wish.shard)
    done = done_before(job, wish)
    missing = next(_missing(job, wish, database), None)
    if missing is not None:
        job.task(missing)
        began = perf_counter()
        job.task(missing)
        each = (perf_counter() - began) / len(missing.wanted)
        seconds = each * (total - done) / workers
    names = tuple(plan.name for plan in job.plans)
    return Outlook(job.points, job.sweep.replications, names, total, done, seconds, workers)


def folder_of(job: SweepJob, wish: SweepWish) -> Path:
    """Give the folder of a sweep: the same whenever the same axes and measures are swept."""
    if wish.out is not None:
        return wish.out
    shape = manifests.digest([[target.name for target in job.targets], list(job.task.measures)])
    return wish.root / slug(job.path.stem) / f"sweep-{shape[:8]}"


def file_name(shard: tuple[int, int] | None) -> str:
    """Name the database, or that of a shard.

    >>> file_name(None), file_name((3, 200))
    ('sweep.sqlite', 'shard-3-of-200.sqlite')
    """
    return f"shard-{shard[0]}-of-{shard[1]}.sqlite" if shard else "sweep.sqlite"


def runs_of(job: SweepJob, shard: tuple[int, int] | None) -> int:
    """Count the runs of a sweep or of its shard."""
    units = job.points * job.sweep.replications
    if shard:
        units = len(range(shard[0] - 1, units, shard[1]))
    return units * len(job.plans)


def _work(job: SweepJob, wish: SweepWish, store: Store, progress: Progress) -> int:
    from legalaid_sim.experiments.cluster import workers_on

    most = runs_of(job, wish.shard)
    items = _Items(job, wish, store)
    place = (
        workers_on(wish.cluster)
        if wish.cluster
        else workers_for(wish.workers, job.points * job.sweep.replications)
    )
    now = 0
    try:
        for done in _results(job, place, items):
            store.add(list(_rows(job, store, done)))
            now += len(done.outcomes)
            progress(items.skipped + now, most)
    except KeyboardInterrupt:
        store.save()
        raise Interrupted(items.skipped + now, most, str(store.path)) from None
    except BaseException as ended:
        store.save()
        if not isinstance(ended, Exception):
            ended.add_note(str(Interrupted(items.skipped + now, most, str(store.path))))
        raise
    if items.deferred:
        _fill_in(job, wish, store)
    return now


def _results(job: SweepJob, place: Workers, items: Iterable[Unit]) -> Iterator[Done]:
    stream = place.results(job.task, items)
    try:
        for found in stream:
            if isinstance(found, Lost):
                yield lost(found.item, job.plans, world_seed(job.scenario.seed, found.item.replication))
            else:
                yield found
    finally:
        stream.close()  # type: ignore[attr-defined]


class _Items:
    """The units that are left to do, found one after another as workers ask for them.

    ``skipped`` counts runs found done or copied; ``deferred`` those whose work another point does.
    """

    def __init__(self, job: SweepJob, wish: SweepWish, store: Store) -> None:
        self.job, self.wish, self.store = job, wish, store
        self.skipped, self.deferred = 0, 0
        self._begun: set[str] = set()
        self._shares = any(target.only for target in job.targets)

    def __iter__(self) -> Iterator[Unit]:
        for unit in self.job.units(self.wish.shard):
            wanted = tuple(at for at in unit.wanted if self._is_left(unit, at))
            if wanted:
                yield unit._replace(wanted=wanted)

    def _is_left(self, unit: Unit, at: int) -> bool:
        key = self.job.key(unit, at)
        if not _is_open(self.store.status(key.key), self.wish.again):
            self.skipped += 1
            return False
        if self._shares and (key.work in self._begun or self.store.same_work(key.work)):
            self.skipped, self.deferred = self.skipped + 1, self.deferred + 1
            return False
        if self._shares:
            self._begun.add(key.work)
        return True


def _is_open(status: str | None, again: bool) -> bool:
    return status is None or (again and status != OK)


def _fill_in(job: SweepJob, wish: SweepWish, store: Store) -> None:
    # Points that differ only where a contract is not reached share its runs: the row is copied.
    for unit in job.units(wish.shard):
        for at in unit.wanted:
            key = job.key(unit, at)
            row = (
                store.same_work(key.work, well=False) if _is_open(store.status(key.key), wish.again) else None
            )
            if row is not None:
                contract, replication, seed, world, status, reason = row[2 : len(FIXED)]
                measures = row[len(FIXED) + len(store.axes) :]
                fixed = (key, contract, replication, seed, world, status, reason)
                store.add([store.row(*fixed, unit.values, measures)])


def _rows(job: SweepJob, store: Store, done: Done) -> Iterator[tuple[Any, ...]]:
    if done.engine != engine_version():
        raise ResultsError(
            str(store.path),
            f"a worker runs engine {done.engine}, and this is {engine_version()}; install one version",
        )
    for at, outcome in zip(done.unit.wanted, done.outcomes):
        yield store.row(
            job.key(done.unit, at),
            outcome.contract,
            done.unit.replication,
            done.seed,
            done.world,
            outcome.status,
            outcome.reason,
            done.unit.values,
            outcome.measures,
        )


def _merge(store: Store, folder: Path, wish: SweepWish) -> int:
    found = () if wish.shard else sorted(folder.glob("shard-*-of-*.sqlite"))
    return add_up(store.take_in(path) for path in (*found, *wish.merge))


def done_before(job: SweepJob, wish: SweepWish) -> int:
    """Count the runs of a job that are done and saved already."""
    database = folder_of(job, wish) / file_name(wish.shard)
    if not database.is_file():
        return 0
    with Store(database, [target.name for target in job.targets], job.task.measures) as store:
        return add_up(
            not _is_open(store.status(job.key(unit, at).key), wish.again)
            for unit in job.units(wish.shard)
            for at in unit.wanted
        )


def _missing(job: SweepJob, wish: SweepWish, database: Path) -> Iterator[Unit]:
    if not database.is_file():
        yield from job.units(wish.shard)
        return
    with Store(database, [target.name for target in job.targets], job.task.measures) as store:
        yield from _Items(job, wish, store)


def _measures(swept: Sweep) -> tuple[str, ...]:
    from legalaid_sim.measures import REGISTRY

    return tuple(name for name in REGISTRY if not swept.measures or name in swept.measures)


def base_of(data: Mapping[str, Any], plan: Plan) -> str:
    """Give the digest of what every run of a regime starts from; what a scenario is called makes no difference."""
    from legalaid_sim.evidence import register

    kept = {key: value for key, value in data.items() if key not in ("about", "contracts", "replications")}
    evidence = {path: known.value.model_dump(mode="json") for path, known in register().items()}
    said = [plan.name, *(_phase(part) for part in plan.parts)]
    return manifests.digest([engine_version(), kept, evidence, *said])


def _phase(part: Plan) -> list[Any]:
    return [
        part.starts.isoformat() if part.starts else None,
        [_plain_data(written.data) for written in part.contracts],
        [written.tables() for written in part.contracts],
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


def _no_scenario(path: Path, name: str) -> Problem:
    from legalaid_sim.yamlfile import load_document

    mark = load_document(path).marks.value(("scenario",))
    return problem_at(
        mark, "no-scenario", f"there is no file '{name}' beside this one", "give its path from here"
    )


def _axis_problems(
    path: Path, swept: Sweep, data: Mapping[str, Any], plans: Sequence[Plan], targets: Sequence[Target]
) -> Iterator[Problem]:
    from legalaid_sim.experiments.axis_checks import axis_problem

    marks = None
    for at, (axis, target) in enumerate(zip(swept.vary, targets)):
        found = axis_problem(axis, target, data, plans)
        if found is not None:
            if marks is None and path.is_file():
                from legalaid_sim.yamlfile import load_document

                marks = load_document(path).marks
            place = marks.value(("vary", at, found.key)) if marks is not None else _Nowhere(str(path))
            yield problem_at(place, found.name, found.words, found.remedy, f"vary.{axis.path}")


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """A place in no file, for sweeps that are made by a command and not written by hand."""

    file: str
    line: int = 0
    column: int = 0
    width: int = 1
