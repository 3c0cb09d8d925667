"""Compare speeds side by side: several rounds, one run of everything in each, medians in one Markdown table.

    python bench/run.py [--rounds N] [--callgrind]

Every run is a process of its own, so that none is warmed or slowed by another; reading and compiling are not
timed.
"""

import argparse
import importlib
import importlib.util
import json
import re
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

BENCH = Path(__file__).parent
ROOT = BENCH.parent

# Module, clients of one run, package that must be there. Slow ones get fewer clients: visits a second count.
TOYS = {
    "engine, toy": ("engine_toy", 50_000, "simpy"),
    "idiomatic SimPy, toy": ("idiomatic", 50_000, "simpy"),
    "Ciw, toy": ("ciw_toy", 8_000, "ciw"),
    "salabim, toy": ("salabim_toy", 8_000, "salabim"),
}
MODELS = {
    "engine, Canning Town 2008 with a contract": "REAL",
    "engine, three years of ten advisers": "THREE_YEARS",
}
FEW, MANY = 500, 2_500


def one(name: str) -> dict[str, float]:
    """Run one candidate here; give visits, seconds of processor time and the most memory held."""
    if name in TOYS:
        module, clients, _ = TOYS[name]
        run = importlib.import_module(module).run
        began = process_time()
        visits = _counted_visits(run(clients))
    else:
        full = importlib.import_module("full_model")
        scenario, regime = full.ready(getattr(full, MODELS[name]))
        began = process_time()
        visits = full.live(scenario, regime)
    seconds = process_time() - began
    return {
        "visits": visits,
        "seconds": seconds,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _counted_visits(found: int | list[object]) -> int:
    return found if isinstance(found, int) else len(found)


def process(*words: str) -> str:
    """Run Python in a process of its own and give what it prints."""
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=_with_paths(), capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stderr}")
    return done.stdout


def _with_paths() -> dict[str, str]:
    import os

    paths = [str(ROOT), str(BENCH), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def start_up() -> float:
    """Seconds until ``--help`` is printed."""
    began = perf_counter()
    process("-m", "legalaid_sim", "--help")
    return perf_counter() - began


def rounds(names: list[str], count: int) -> dict[str, list[dict[str, float]]]:
    """One run of everything a round, so that a slow spell of the machine meets all alike."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for number in range(count):
        print(f"round {number + 1} of {count}", file=sys.stderr)
        for name in names:
            found[name].append(json.loads(process(str(BENCH / "run.py"), "--one", name)))
    return found


def instructions(module: str) -> float:
    """Instructions a visit under callgrind: two sizes, so that starting up falls out."""
    (few, less), (many, more) = (_counted(module, clients) for clients in (FEW, MANY))
    return (more - less) / (many - few)


def _counted(module: str, clients: int) -> tuple[int, int]:
    grind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable]
    environment = {**_with_paths(), "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [*grind, str(BENCH / f"{module}.py"), str(clients)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    counted = re.search(r"Collected : (\d+)", done.stderr)
    assert counted is not None, done.stderr
    return int(done.stdout), int(counted.group(1))


def table(found: dict[str, list[dict[str, float]]], ground: dict[str, float]) -> str:
    """Write the medians as Markdown; the ratio is to idiomatic SimPy, round by round."""
    lines = ["| | visits/s | to idiomatic | CPU seconds | MB |" + (" instructions/visit |" if ground else "")]
    lines.append("| --- | ---: | ---: | ---: | ---: |" + (" ---: |" if ground else ""))
    base = [run["visits"] / run["seconds"] for run in found["idiomatic SimPy, toy"]]
    for name, runs in found.items():
        rates = [run["visits"] / run["seconds"] for run in runs]
        ratio = median(rate / other for rate, other in zip(rates, base))
        seconds, size = (median(run[key] for run in runs) for key in ("seconds", "megabytes"))
        line = f"| {name} | {median(rates):,.0f} | {ratio:.2f} | {seconds:.2f} | {size:,.0f} |"
        lines.append(line + (f" {ground[name]:,.0f} |" if name in ground else " |" if ground else ""))
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--callgrind", action="store_true", help="also count instructions; needs valgrind")
    asked.add_argument("--one", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one:
        print(json.dumps(one(given.one)))
        return
    there = [name for name, (_, _, package) in TOYS.items() if importlib.util.find_spec(package)]
    for name in TOYS.keys() - set(there):
        print(f"{name}: {TOYS[name][2]} is not installed, left out")
    found = rounds([*there, *MODELS], given.rounds)
    helped = median(start_up() for _ in range(given.rounds))
    ground = {name: instructions(TOYS[name][0]) for name in there} if given.callgrind else {}
    print(
        f"{table(found, ground)}\n\n`--help`: {helped:.2f} s. Medians of {given.rounds} interleaved rounds."
    )


if __name__ == "__main__":
    main()
