"""What the experiment layer costs beside the simulation, and what a sweep costs to keep.

Overhead of the layer in processor time, two workers against one, memory at 1,000 and 10,000 runs, the cost of
appending a run and of finding what is done among 100,000. Run from the repository:
``python bench/experiments.py [--units N] [--skip-workers]``.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from legalaid_sim.events import Log, Window
from legalaid_sim.experiments.shared.replicate import Pipeline, the_pipeline
from legalaid_sim.experiments.sweep.job import SweepJob, SweepOptions, prepare_sweep
from legalaid_sim.experiments.sweep.store import RunKey, Store
from legalaid_sim.experiments.sweep.sweeping import carry_out
from legalaid_sim.measures import REGISTRY

KILOBYTES_A_MEGABYTE = 1024
ROOT = Path(__file__).parents[1]
SWEEP = """\
kind: sweep
schema_version: 1
scenario: {scenario}
contracts: [not-for-profit-hours-2004, relational-pilot]
vary:
  - {{path: clients.arrivals.per_week, range: [15, 20], steps: {points}}}
replications: 2
"""


class Nothing:
    """A world in which nothing happens, for what is left when the simulation costs nothing."""

    digest = "0" * 64


def empty() -> Pipeline:
    measures = dict.fromkeys(REGISTRY, 0.5)
    return Pipeline(
        lambda scenario, seed: Nothing(),
        lambda world, scenario, regime: Log(Window(0, 1, 2)),
        lambda log: None,
        lambda log, names=(): measures,
    )


def job(folder: Path, points: int, pipeline: Callable[[], Pipeline] = the_pipeline) -> SweepJob:
    path = folder / "sweep.yaml"
    path.write_text(
        SWEEP.format(scenario=ROOT / "scenarios" / "canning-town-2008.yaml", points=max(2, points))
    )
    return prepare_sweep(path, pipeline)


def overhead(folder: Path, units: int) -> float:
    # A run in which nothing is simulated costs the layer as much as any other.
    layer = each(job(folder, 100, empty), folder / "layer")
    return layer / each(job(folder, units // 2), folder / "whole")


def each(work: SweepJob, out: Path) -> float:
    """Processor time of a run, with what is imported and compiled once paid before."""
    work.task(next(work.units()))
    began = time.process_time()
    swept = carry_out(work, SweepOptions(workers=1, out=out))
    return (time.process_time() - began) / swept.now


def speed_up(folder: Path, units: int) -> float:
    work, seconds = job(folder, units // 2), []
    for workers in (1, 2):
        began = time.perf_counter()
        carry_out(work, SweepOptions(workers=workers, out=folder / f"workers-{workers}"))
        seconds.append(time.perf_counter() - began)
    return seconds[0] / seconds[1]


def peak(folder: Path, runs: int) -> int:
    words = [sys.executable, __file__, "--only-memory", str(runs), "--folder", str(folder / f"memory-{runs}")]
    return int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def memory(folder: Path, runs: int) -> None:
    folder.mkdir()
    carry_out(job(folder, runs // 4, empty), SweepOptions(workers=1, out=folder))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KILOBYTES_A_MEGABYTE)


def keeping(folder: Path, runs: int) -> tuple[float, float]:
    measures = tuple(REGISTRY)
    values = (0.123456,) * len(measures)
    with Store(folder / "kept.sqlite", ["clients.arrivals.per_week"], measures) as store:
        began = time.process_time()
        for run in range(runs):
            key = RunKey(f"{run:064x}", f"{run:064x}")
            store.add([store.row(key, "a-contract", run, run, "0" * 64, "ok", "", (1.5,), values)])
        store.save()
        appending = (time.process_time() - began) / runs
        began = time.process_time()
        assert len(store.done()) == runs
        return appending, time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=12, help="worlds lived for overhead and speed-up")
    parser.add_argument("--skip-workers", action="store_true", help="do not measure two workers against one")
    parser.add_argument("--only-memory", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only_memory:
        memory(given.folder, given.only_memory)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"overhead of the layer {overhead(folder, given.units):.1%} of simulation time")
        if not given.skip_workers:
            print(f"two workers {speed_up(folder, given.units):.2f} times one")
        print(f"memory at 1,000 runs {peak(folder, 1000)} MB, at 10,000 runs {peak(folder, 10_000)} MB")
        appending, listing = keeping(folder, 100_000)
        print(f"appending a run of {len(REGISTRY)} measures {appending * 1e6:.0f} microseconds")
        print(f"finding what is done among 100,000 runs {listing:.2f} s")


if __name__ == "__main__":
    main()
