"""Carry out a sweep: plan it, take it up where it stood, share it out, merge it.

The order of work is that of the points, worlds within points. Work that is done already, here or in a shard
merged in, is never done again. Whatever ends the process, what has been saved stays whole.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from legalaid_sim.errors import LegalAidSimError, ResultsError
from legalaid_sim.experiments.shared.engine_version import engine_version
from legalaid_sim.experiments.shared.executors import Lost, Workers, available, workers_for
from legalaid_sim.experiments.shared.progress import Progress, silent
from legalaid_sim.experiments.shared.replicate import world_seed
from legalaid_sim.experiments.sweep.job import SweepJob, SweepOptions, prepare_sweep
from legalaid_sim.experiments.sweep.manifest import write_manifest
from legalaid_sim.experiments.sweep.reading import read_sweep
from legalaid_sim.experiments.sweep.store import FIXED, Store
from legalaid_sim.experiments.sweep.work import OK, Done, Unit, lost
from legalaid_sim.results import manifest as manifests
from legalaid_sim.results.folder import make_folder, slug
from legalaid_sim.tabular import as_html, counted
from legalaid_sim.units import add_up


class Interrupted(LegalAidSimError):
    """A sweep that was stopped by hand: how many runs are saved, of how many, and where."""

    def __init__(self, saved: int, of: int, path: str) -> None:
        super().__init__(saved, of, path)
        self.saved, self.of, self.path = saved, of, path

    def __str__(self) -> str:
        saved = f"{self.saved:,} of {self.of:,} runs are saved in {self.path}"
        return f"{saved}; the same command goes on from there"


class Swept(NamedTuple):
    """A sweep as it stands: the file, how many of its runs are in it by how they ended, how many were done now.

    ``keys`` name its runs: the file may hold those of another engine, or of a scenario as it was before, beside them.
    """

    database: Path
    runs: int
    counts: Mapping[str, int]
    now: int
    merged: int
    seconds: float
    keys: Collection[str]

    @property
    def failed(self) -> int:
        """How many runs did not end well."""
        return add_up(count for status, count in self.counts.items() if status != OK)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Every run of it as one mapping of column to value, in the order of the axes."""
        return read_sweep(self.database, self.keys)

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


def sweep(path: Path, options: SweepOptions | None = None, progress: Progress = silent) -> Swept:
    """Carry out a sweep file, or go on with it where it stood.

    Raises ``Interrupted`` on Ctrl-C, with what was done saved; ``InputError`` for what is wrong with the
    files; ``ResultsError`` for a place that cannot be written.
    """
    options = options or SweepOptions()
    return carry_out(prepare_sweep(path), options, progress)


def carry_out(job: SweepJob, options: SweepOptions, progress: Progress = silent) -> Swept:
    """Do what is left of a job, with the workers or the cluster of the options."""
    began, folder = perf_counter(), folder_of(job, options)
    make_folder(folder)
    database = folder / file_name(options.shard)
    write_manifest(folder, job)
    try:
        with Store(database, [target.name for target in job.targets], job.task.measures) as store:
            merged = _merge(store, folder, options)
            now = _work(job, options, store, progress)
            keys = job.keys(options.shard)
            counts = store.counts(keys)
    except sqlite3.OperationalError as error:
        words = f"cannot be written: {error}; what was done is kept, and the same command goes on with it"
        raise ResultsError(str(database), words) from error
    return Swept(database, runs_of(job, options.shard), counts, now, merged, perf_counter() - began, keys)


def outlook(job: SweepJob, options: SweepOptions) -> Outlook:
    """Say what a sweep would do; the time is measured on its first unit that is not done yet."""
    database = folder_of(job, options) / file_name(options.shard)
    workers = available() if options.workers is None else options.workers
    seconds, total = None, runs_of(job, options.shard)
    done = done_before(job, options)
    missing = next(_missing(job, options, database), None)
    if missing is not None:
        job.task(missing)
        began = perf_counter()
        job.task(missing)
        each = (perf_counter() - began) / len(missing.wanted)
        seconds = each * (total - done) / workers
    names = tuple(plan.name for plan in job.plans)
    return Outlook(job.points, job.sweep.replications, names, total, done, seconds, workers)


def folder_of(job: SweepJob, options: SweepOptions) -> Path:
    """Give the folder of a sweep: the same whenever the same axes and measures are swept."""
    if options.out is not None:
        return options.out
    shape = manifests.digest([[target.name for target in job.targets], list(job.task.measures)])
    return options.root / slug(job.path.stem) / f"sweep-{shape[:8]}"


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


def _work(job: SweepJob, options: SweepOptions, store: Store, progress: Progress) -> int:
    from legalaid_sim.experiments.shared.cluster import workers_on

    most = runs_of(job, options.shard)
    items = _Items(job, options, store)
    place = (
        workers_on(options.cluster)
        if options.cluster
        else workers_for(options.workers, job.points * job.sweep.replications)
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
        _fill_in(job, options, store)
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

    def __init__(self, job: SweepJob, options: SweepOptions, store: Store) -> None:
        self.job, self.options, self.store = job, options, store
        self.skipped, self.deferred = 0, 0
        self._begun: set[str] = set()
        self._shares = any(target.only for target in job.targets)

    def __iter__(self) -> Iterator[Unit]:
        for unit in self.job.units(self.options.shard):
            wanted = tuple(at for at in unit.wanted if self._is_left(unit, at))
            if wanted:
                yield unit._replace(wanted=wanted)

    def _is_left(self, unit: Unit, at: int) -> bool:
        key = self.job.key(unit, at)
        if not _is_open(self.store.status(key.key), self.options.again):
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


def _fill_in(job: SweepJob, options: SweepOptions, store: Store) -> None:
    # Points that differ only where a contract is not reached share its runs: the row is copied.
    for unit in job.units(options.shard):
        for at in unit.wanted:
            key = job.key(unit, at)
            row = (
                store.same_work(key.work, well=False)
                if _is_open(store.status(key.key), options.again)
                else None
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


def _merge(store: Store, folder: Path, options: SweepOptions) -> int:
    found = () if options.shard else sorted(folder.glob("shard-*-of-*.sqlite"))
    return add_up(store.take_in(path) for path in (*found, *options.merge))


def done_before(job: SweepJob, options: SweepOptions) -> int:
    """Count the runs of a job that are done and saved already."""
    database = folder_of(job, options) / file_name(options.shard)
    if not database.is_file():
        return 0
    with Store(database, [target.name for target in job.targets], job.task.measures) as store:
        return add_up(
            not _is_open(store.status(job.key(unit, at).key), options.again)
            for unit in job.units(options.shard)
            for at in unit.wanted
        )


def _missing(job: SweepJob, options: SweepOptions, database: Path) -> Iterator[Unit]:
    if not database.is_file():
        yield from job.units(options.shard)
        return
    with Store(database, [target.name for target in job.targets], job.task.measures) as store:
        yield from _Items(job, options, store)
