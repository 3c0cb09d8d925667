"""Make the digests again, or say what moved.

    python -m tests.oracle [scenario …]                 write them, and say what moved
    python -m tests.oracle --check [scenario …]         write nothing; exit 1 where something moved
    python -m tests.oracle --lines FOLDER [scenario …]  write every record and measure as lines, to be compared

``--first`` takes the first world only (with ``--check`` or ``--lines``). Say in CHANGELOG, under "moves results", what
moved and why.
"""

import argparse
import json
import sys
from pathlib import Path

from legalaid_sim.experiments.shared.replicate import world_seed
from legalaid_sim.world import sample
from tests.oracle import KEPT, REPLICATIONS, digests, kept, lines_of, live, moved, names, read


def main() -> int:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description="Make the digests again.")
    parser.add_argument("scenario", nargs="*", help="one of these scenarios only (all, if none is named)")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where something moved")
    parser.add_argument(
        "--lines", type=Path, help="write logs and measures as lines into this folder instead"
    )
    parser.add_argument("--first", action="store_true", help="the first world only")
    asked = parser.parse_args()
    which = REPLICATIONS[:1] if asked.first else REPLICATIONS
    if asked.first and not (asked.check or asked.lines):
        parser.error("--first goes with --check or --lines")
    if unknown := set(asked.scenario) - set(names()):
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    told = []
    for name in asked.scenario or names():
        if asked.lines:
            _write_lines(name, which, asked.lines)
            continue
        found = {
            entry: digest for replication in which for entry, digest in digests(name, replication).items()
        }
        before = kept(name) if (KEPT / f"{name}.json").exists() else {}
        if asked.first:
            before = {entry: digest for entry, digest in before.items() if entry.startswith("world 1")}
        told += [f"{name}, {words}" for words in moved(before, found)]
        if not asked.check:
            text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
            (KEPT / f"{name}.json").write_text(text, encoding="utf-8")
    if not (asked.check or asked.lines or asked.scenario):
        _drop_what_is_no_more()
    print("\n".join(told) or "Nothing moved.")
    return 1 if asked.check and told else 0


def _write_lines(name: str, which: tuple[int, ...], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    made, plans = read(name)
    for replication in which:
        world = sample(made, world_seed(made.seed, replication))
        for lived in live(world, made, plans, replication):
            measures = (f"{measure} {value!r}" for measure, value in lived.measures.items())
            text = "\n".join([*lines_of(lived.log), *measures]) + "\n"
            (folder / f"{name}, {lived.name}.txt").write_text(text, encoding="utf-8")


def _drop_what_is_no_more() -> None:
    for path in KEPT.glob("*.json"):
        if path.stem not in names():
            path.unlink()


if __name__ == "__main__":
    sys.exit(main())
