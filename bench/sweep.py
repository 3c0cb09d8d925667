"""A run in a sweep of four contracts, phase by phase, and the same in another checkout beside it.

Canning Town with its four contracts, the headline measures asked for, a point that no run before it had. Each tree
lives in a process of its own that is warmed once; the two take turns world by world. Seconds are of processor time
and of one run, the world's share of drawing and digest included. Run from the repository:
``python bench/sweep.py [--rounds N] [--all-measures] [--against ANOTHER_CHECKOUT]``.
"""

import argparse
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PHASES = ("sample", "digest", "simulate", "hold", "measure")
SWEEP = """\
kind: sweep
schema_version: 1
scenario: {scenario}
vary:
  - {{path: clients.arrivals.per_week, range: [15, 20], steps: 2}}
replications: 1
measures: {measures}
"""


def module(name: str) -> Any:
    """Import a module of the experiments by its last name, since the other checkout may have it in another room."""
    import legalaid_sim.experiments as experiments

    found = pkgutil.walk_packages(experiments.__path__, f"{experiments.__name__}.")
    return importlib.import_module(next(each.name for each in found if each.name.endswith(f".{name}")))


def timed(seconds: dict[str, float], phase: str, step: Callable[..., Any]) -> Callable[..., Any]:
    def and_count(*given: Any, **named: Any) -> Any:
        began = process_time()
        try:
            return step(*given, **named)
        finally:
            seconds[phase] += process_time() - began

    return and_count


def in_steps(seconds: dict[str, float], logs: Iterator[Any]) -> Iterator[Any]:
    one = timed(seconds, "simulate", lambda: next(logs, None))
    while (log := one()) is not None:
        yield log
        # Else it lives on here while the next one is made.
        del log


def serve(everything: bool) -> None:
    """Live a world a line read, and answer with seconds by phase and a digest of what came out."""
    from legalaid_sim.measures import HEADLINES

    sweeping, replicate = module("sweeping"), module("replicate")
    seconds = dict.fromkeys(PHASES, 0.0)
    # Called a machine before.
    steps = (getattr(replicate, "the_pipeline", None) or replicate.the_machine)()
    told = timed(seconds, "digest", lambda world: world.digest)

    def drawn(*given: Any) -> Any:
        world = timed(seconds, "sample", steps.sample)(*given)
        told(world)
        return world

    pipeline = steps._replace(
        sample=drawn, **{phase: timed(seconds, phase, getattr(steps, phase)) for phase in PHASES[2:]}
    )
    if hasattr(steps, "sample_again"):
        # Every world is drawn here, as where an axis reaches it.
        pipeline = pipeline._replace(sample_again=None)
    in_turn = getattr(steps, "simulate_each", None)
    if in_turn is not None:
        # What contracts share is lived on the way to the first of their logs.
        pipeline = pipeline._replace(simulate_each=lambda *given: in_steps(seconds, in_turn(*given)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sweep.yaml"
        asked = [] if everything else [measure.name for measure in HEADLINES]
        path.write_text(
            SWEEP.format(
                scenario=Path("scenarios/canning-town-2008.yaml").resolve(), measures=json.dumps(asked)
            )
        )
        job = sweeping.prepare_sweep(path, lambda: pipeline)
    first = next(job.units())
    runs = len(first.wanted)
    for line in sys.stdin:
        seconds.update(dict.fromkeys(PHASES, 0.0))
        unit = first._replace(values=(15 + int(line) / 1024,), replication=int(line))
        began = process_time()
        done = job.task(unit)
        whole = process_time() - began
        digest = sha256(repr([tuple(each) for each in done.outcomes]).encode()).hexdigest()
        # The task takes the digest once more itself.
        whole -= seconds["digest"]
        each = {phase: spent / runs for phase, spent in seconds.items()}
        print(json.dumps({**each, "whole": whole / runs, "digest of results": digest}), flush=True)


def started(tree: Path, words: list[str]) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).resolve()), "--serve", *words],
        cwd=tree,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def asked(server: "subprocess.Popen[str]", number: int) -> dict[str, Any]:
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(f"{number}\n")
    server.stdin.flush()
    found: dict[str, Any] = json.loads(server.stdout.readline())
    return found


def taking_turns(servers: list["subprocess.Popen[str]"], rounds: int) -> Iterator[list[dict[str, Any]]]:
    """Give what each tree took, world by world; who begins changes, and the first world of each warms it."""
    for number in range(rounds + 1):
        order = range(len(servers)) if number % 2 else reversed(range(len(servers)))
        found = {at: asked(servers[at], number + 1) for at in order}
        if number:
            yield [found[at] for at in range(len(servers))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--against", type=Path, help="another checkout, lived in turn with this one")
    parser.add_argument("--all-measures", action="store_true", help="keep every measure, not the headlines")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.all_measures)
        return
    words = ["--all-measures"] if given.all_measures else []
    trees = [ROOT, *([given.against.resolve()] if given.against else [])]
    servers = [started(tree, words) for tree in trees]
    try:
        rounds = list(taking_turns(servers, given.rounds))
    finally:
        for server in servers:
            server.stdin.close()  # type: ignore[union-attr]
            server.wait()
    print("| a run | " + " | ".join(("here, s", "there, s", "there / here")[: 2 * len(trees) - 1]) + " |")
    print("| --- |" + " ---: |" * (2 * len(trees) - 1))
    for phase in (*PHASES, "whole"):
        columns = [f"{median(each[at][phase] for each in rounds):.4f}" for at in range(len(trees))]
        if len(trees) > 1:
            columns.append(f"{median(there[phase] / here[phase] for here, there in rounds):.2f}")
        print(f"| {phase} | " + " | ".join(columns) + " |")
    if len(trees) > 1:
        same = all(here["digest of results"] == there["digest of results"] for here, there in rounds)
        print(f"\nMedians of {given.rounds} worlds. The results are {'equal' if same else 'NOT equal'}.")


if __name__ == "__main__":
    main()
