"""Where runs are done: in this process, in local processes, or on any ``concurrent.futures`` executor.

Every one gives ``results(items)``: the answers in the order of the items, whatever order they were finished
in, so that nothing a reader sees depends on the number of workers. The task is sent to a local worker once,
when it starts. A worker that dies costs its chunk, which is tried again item by item; an item that kills its
worker twice is given back as ``Lost``.
"""

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any, Generic, Protocol, TypeVar

from legalaid_sim.errors import LegalAidSimError
from legalaid_sim.experiments.shared.processes import CONTEXT

CHUNK_SECONDS = 1.0
CHUNK_LIMIT = 50
# A process there waits for at most 63 others, and the pool needs two of these for itself.
MOST_ON_WINDOWS = 61

K = TypeVar("K")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
WorkFunction = Callable[[K], R]


class WorkerDied(LegalAidSimError):
    """A worker process died twice on the same ``item``: out of memory, killed, or a crash below Python."""

    def __init__(self, item: str) -> None:
        super().__init__(item)
        self.item = item

    def __str__(self) -> str:
        return (
            f"the worker process died twice while doing {self.item}: it most likely ran out of memory "
            "or was killed. Try --workers 1, or a smaller scenario."
        )


@dataclass(frozen=True, slots=True)
class Lost:
    """What stands in place of a result when its worker died twice."""

    item: Any


class Workers(Protocol):
    """Something that does a task on many items and gives the results in order."""

    def results(self, task: WorkFunction[K, R], items: Iterable[K]) -> Iterator[R | Lost]:
        """Do the task on every item, results in the order of the items; closing it ends the work."""
        ...


class Here:
    """Do everything in this process, one after another."""

    def results(self, task: WorkFunction[K, R], items: Iterable[K]) -> Iterator[R | Lost]:
        """Do the task on every item, in order, each when it is asked for."""
        for item in items:
            yield task(item)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Do it on an executor that someone else started and will stop; the task travels with every chunk."""

    executor: Executor
    abreast: int = 4

    def results(self, task: WorkFunction[K, R], items: Iterable[K]) -> Iterator[R | Lost]:
        """Do the task on every item; what is still waiting is cancelled when the iterator is closed."""
        stream = _Stream(lambda chunk: self.executor.submit(_do, task, chunk), self.abreast, items)
        try:
            yield from stream
        finally:
            stream.cancel()


@dataclass(frozen=True, slots=True)
class Local:
    """Do it in local processes, started afresh (never forked) and gone as soon as the parent is."""

    workers: int

    def results(self, task: WorkFunction[K, R], items: Iterable[K]) -> Iterator[R | Lost]:
        """Do the task on every item; workers are stopped at once when the iterator is closed."""
        pool = _Pool(task, self.workers)
        try:
            yield from _Stream(pool.submit, self.workers, items, pool.renew)
        finally:
            pool.stop()


def workers_for(count: int | None, items: int) -> Workers:
    """Give the place to work: never more processes than items, and none at all for one."""
    wanted = min(count if count is not None else available(), items)
    if os.name == "nt":
        wanted = min(wanted, MOST_ON_WINDOWS)
    return Here() if wanted <= 1 else Local(wanted)


def available() -> int:
    """Count the processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    if affinity:
        return len(affinity(0))
    count = os.cpu_count()
    return 1 if count is None else count


@dataclass(slots=True)
class _Chunk(Generic[K]):
    """Some items with their positions; ``alone`` when a worker died on it and it is tried by itself."""

    positions: Sequence[int]
    items: Sequence[K]
    alone: bool = False

    def singles(self) -> "list[_Chunk[K]]":
        return [_Chunk((p,), (item,), alone=True) for p, item in zip(self.positions, self.items)]


@dataclass(frozen=True, slots=True)
class _Raised:
    """What the task raised in a chunk, kept until its turn: the first error in order is the one seen."""

    error: Exception


@dataclass(slots=True)
class _Stream(Generic[K, R]):
    """Keep some chunks in flight and give results in the order of the items."""

    submit: Callable[[Sequence[K]], "Future[tuple[list[R], float]]"]
    abreast: int
    items: Iterable[K]
    renew: Callable[[], None] = lambda: None
    _flying: "dict[Future[tuple[list[R], float]], _Chunk[K]]" = field(default_factory=dict)
    _suspects: "deque[_Chunk[K]]" = field(default_factory=deque)
    _done: dict[int, R | Lost | _Raised] = field(default_factory=dict)
    _seconds: float = 0.0
    _finished: int = 0

    def __iter__(self) -> Iterator[R | Lost]:
        source = iter(enumerate(self.items))
        following = 0
        while True:
            self._fill(source)
            while following in self._done:
                yield _or_raise(self._done.pop(following))
                following += 1
            if not self._flying and not self._suspects and following not in self._done:
                return
            self._gather()

    def cancel(self) -> None:
        """Take back whatever has not begun."""
        for future in self._flying:
            future.cancel()

    def _fill(self, source: Iterator[tuple[int, K]]) -> None:
        # A suspect flies alone, so that when the pool breaks again there is no doubt which item broke it.
        if self._suspects:
            if not self._flying:
                self._launch(self._suspects.popleft())
            return
        # Two chunks a worker, so that none waits; results are held for a slow one before them, and not without end.
        while len(self._flying) < 2 * self.abreast and len(self._done) < 4 * self.abreast * CHUNK_LIMIT:
            taken = list(islice(source, self._size()))
            if not taken:
                return
            self._launch(_Chunk(tuple(p for p, _ in taken), tuple(item for _, item in taken)))

    def _size(self) -> int:
        if not self._finished:
            return 1
        return max(1, min(CHUNK_LIMIT, int(CHUNK_SECONDS * self._finished / max(self._seconds, 1e-9))))

    def _launch(self, chunk: _Chunk[K]) -> None:
        try:
            self._flying[self.submit(chunk.items)] = chunk
        except BrokenExecutor:
            self._suspects.append(chunk)
            self._broken()

    def _gather(self) -> None:
        if not self._flying:
            return
        ready, _ = wait(self._flying, return_when=FIRST_COMPLETED)
        for future in ready:
            if future in self._flying:
                self._take(future, self._flying.pop(future))

    def _take(self, future: "Future[tuple[list[R], float]]", chunk: _Chunk[K]) -> None:
        try:
            results, seconds = future.result()
        except BrokenExecutor:
            self._mourn(chunk)
            return
        except Exception as error:
            self._done[chunk.positions[0]] = _Raised(error)
            return
        self._seconds, self._finished = self._seconds + seconds, self._finished + len(results)
        self._done.update(zip(chunk.positions, results))

    def _mourn(self, chunk: _Chunk[K]) -> None:
        if chunk.alone:
            self._done[chunk.positions[0]] = Lost(chunk.items[0])
        else:
            self._suspects.extend(chunk.singles())
        self._broken()

    def _broken(self) -> None:
        # Everything in flight fell with the pool; what had finished before that is kept.
        for future, chunk in list(self._flying.items()):
            if future.done() and not future.cancelled() and future.exception() is None:
                continue
            del self._flying[future]
            self._suspects.extend(chunk.singles())
        self.renew()


def _or_raise(result: R | Lost | _Raised) -> R | Lost:
    if isinstance(result, _Raised):
        raise result.error
    return result


class _Pool:
    """A process pool with a lifeline: when the parent's end closes, by will or by death, the workers end."""

    def __init__(self, task: Callable[[Any], Any], workers: int) -> None:
        self._task, self._workers = task, workers
        self._start()

    def submit(self, chunk: Sequence[Any]) -> "Future[tuple[list[Any], float]]":
        with _deaf_children():
            return self._executor.submit(_do_installed, chunk)

    def renew(self) -> None:
        self.stop()
        self._start()

    def stop(self) -> None:
        self._lifeline.close()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._far_end.close()

    def _start(self) -> None:
        # Forked, a child would hold locks of threads that it does not have.
        self._far_end, self._lifeline = CONTEXT.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(
            self._workers, CONTEXT, initializer=_install, initargs=(self._task, self._far_end)
        )


@contextmanager
def _deaf_children() -> Iterator[None]:
    # A process started here inherits the mask and never hears Ctrl-C, not even while it is starting; one that
    # comes in between is kept for the parent.
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_installed: Callable[[Any], Any] | None = None


def _install(task: Callable[[Any], Any], lifeline: "Connection[Any, Any]") -> None:
    # Ctrl-C reaches the whole group of processes: the parent decides what it means.
    global _installed
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(lifeline,), daemon=True).start()
    _installed = task


def _end_with_parent(lifeline: "Connection[Any, Any]") -> None:
    # Nothing is ever sent: this returns when the parent's end is closed, also by its death.
    lifeline.poll(None)
    os._exit(1)


def _do_installed(chunk: Sequence[Any]) -> tuple[list[Any], float]:
    assert _installed is not None
    return _do(_installed, chunk)


def _do(task: Callable[[Any], Any], chunk: Sequence[Any]) -> tuple[list[Any], float]:
    began = time.perf_counter()
    return [task(item) for item in chunk], time.perf_counter() - began
