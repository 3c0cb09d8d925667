"""Work on a Dask cluster that somebody else started; needs the extra ``cluster``.

A worker that dies costs its tasks, which Dask gives to another. A task that kills every worker it meets is
handed back as a broken executor, as the local pool does, so that both are treated alike.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from legalaid_sim.errors import LegalAidSimError
from legalaid_sim.experiments.shared.design import ExtraMissing
from legalaid_sim.experiments.shared.executors import Elsewhere, Lost, Workers, WorkFunction
from legalaid_sim.units import add_up

K = TypeVar("K")
R = TypeVar("R")
P = ParamSpec("P")
CONNECT_SECONDS = 20


class NoCluster(LegalAidSimError):
    """There is no scheduler that answers at an address."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(address, why)
        self.address, self.why = address, why

    def __str__(self) -> str:
        return (
            f"no Dask scheduler answers at {self.address} ({self.why}); start one with `dask scheduler` and "
            "workers with `dask worker`, in an environment with this version of legalaid-sim"
        )


def workers_on(address: str) -> Workers:
    """Give a place to work on the cluster of a scheduler; it is reached when the work begins."""
    return OnCluster(address)


@dataclass(frozen=True, slots=True)
class OnCluster:
    """Do the work on the workers of a Dask scheduler."""

    address: str

    def results(self, task: WorkFunction[K, R], items: Iterable[K]) -> Iterator[R | Lost]:
        """Do the task on every item, results in the order of the items."""
        client = _connected(self.address)
        try:
            abreast = max(1, add_up(client.nthreads().values()))
            with client.get_executor() as inner:
                stream = Elsewhere(Mourning(inner), abreast).results(task, items)
                try:
                    yield from stream
                finally:
                    stream.close()  # type: ignore[attr-defined]
        finally:
            client.close()


class Mourning(Executor):
    """An executor that says of a task which killed its workers what a local pool says: it is broken."""

    def __init__(self, inner: Executor) -> None:
        self._inner = inner

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> "Future[R]":
        """Hand a call on, and translate its end."""
        outer: Future[R] = Future()
        inner = self._inner.submit(fn, *args, **kwargs)
        inner.add_done_callback(lambda done: _pass_on(done, outer))
        return outer


def _pass_on(done: "Future[Any]", outer: "Future[Any]") -> None:
    if done.cancelled() or not outer.set_running_or_notify_cancel():
        outer.cancel()
        return
    error = done.exception()
    if error is None:
        outer.set_result(done.result())
    elif type(error).__name__ == "KilledWorker":
        outer.set_exception(BrokenExecutor(str(error)))
    else:
        outer.set_exception(error)


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise ExtraMissing("a cluster", "cluster") from error
    try:
        connect: Any = Client
        return connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise NoCluster(address, str(error) or type(error).__name__) from error
