"""A real Dask scheduler with two workers as processes of their own, on loopback; one is killed mid-sweep."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from legalaid_sim.experiments.shared.cluster import Mourning, NoCluster, workers_on
from legalaid_sim.experiments.shared.design import ExtraMissing
from legalaid_sim.experiments.shared.executors import Elsewhere
from legalaid_sim.experiments.sweep.job import SweepOptions, prepare_sweep
from legalaid_sim.experiments.sweep.store import digest_of
from legalaid_sim.experiments.sweep.sweeping import carry_out
from tests.experiments import sweepers
from tests.experiments.tasks import Squares

ROOT = Path(__file__).parents[3]


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    pytest.importorskip("distributed")
    place = tmp_path / "scheduler.json"
    child = started("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                    "--no-show", "--scheduler-file", str(place))  # fmt: skip
    try:
        yield address_in(place)
    finally:
        child.kill()
        child.wait()


def started(module: str, *words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", module, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def address_in(place: Path) -> str:
    for _ in range(600):
        try:
            return str(json.loads(place.read_text())["address"])
        except (OSError, ValueError, KeyError):
            time.sleep(0.05)
    raise AssertionError("the scheduler did not start")


def worker(address: str, folder: Path) -> "subprocess.Popen[bytes]":
    words = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
    own = ["--death-timeout", "60", "--local-directory", str(folder)]
    return started("distributed.cli.dask_worker", address, *words, *own)


def wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_same_rows_though_a_worker_is_killed(tmp_path: Path, scheduler: str) -> None:
    path = sweepers.written(tmp_path, sweepers.GRID.replace("replications: 4", "replications: 40"))
    alone = carry_out(prepare_sweep(path, sweepers.light), SweepOptions(workers=1, out=tmp_path / "alone"))
    workers = [worker(scheduler, tmp_path) for _ in range(2)]
    try:
        wait_for_workers(scheduler, 2)
        killed = []

        def kill_one(done: int, most: int) -> None:
            if done > 40 and not killed:
                killed.append(workers[0])
                workers[0].kill()

        options = SweepOptions(out=tmp_path / "cluster", cluster=scheduler)
        found = carry_out(prepare_sweep(path, sweepers.slow), options, kill_one)
    finally:
        for child in workers:
            child.kill()
            child.wait()
    assert killed
    assert found.counts == {"ok": 480}
    assert digest_of(found.database) == digest_of(alone.database)


@pytest.mark.filterwarnings("ignore")
def test_an_address_where_nobody_answers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("legalaid_sim.experiments.shared.cluster.CONNECT_SECONDS", 0.5)
    with pytest.raises(
        NoCluster, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1 .*dask scheduler"
    ):
        next(workers_on("tcp://127.0.0.1:1").results(Squares(), [1]))


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(
        ExtraMissing, match=r"a cluster needs a package .* -m pip install 'distributed>=2024.1'"
    ):
        next(workers_on("tcp://127.0.0.1:1").results(Squares(), [1]))


class KilledWorker(Exception):
    pass


def kill(item: int) -> int:
    raise KilledWorker("gone")


def test_a_task_that_kills_its_workers_breaks_the_executor() -> None:
    with ThreadPoolExecutor(1) as threads:
        assert isinstance(Mourning(threads).submit(kill, 1).exception(), BrokenExecutor)
        assert list(Elsewhere(Mourning(threads)).results(Squares(), range(5))) == [0, 1, 4, 9, 16]


def test_a_cancelled_call_is_cancelled_here_too() -> None:
    class Never(ThreadPoolExecutor):
        def submit(self, *_: object, **__: object) -> "Future[int]":  # type: ignore[override]
            future: Future[int] = Future()
            future.cancel()
            return future

    with Never(1) as never:
        assert Mourning(never).submit(kill, 1).cancelled()
