"""Hold the oracle, and a results folder with its report, under every CPython from 3.11 to 3.14 that is found.

    python -m tests.interpreters [scenario …]    one line an interpreter; exit 1 where something differs

An environment of its own is built for each from ``requirements/run.txt``. What is not found is said, never passed over.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.cli.shell import SMALL

ROOT = Path(__file__).parents[1]
PROMISED = ("3.11", "3.12", "3.13", "3.14")
WHO = "import ensurepip, platform, venv; print(platform.python_implementation(), platform.python_version())"


class Told(NamedTuple):
    """What one interpreter says: which it is, whether all is the same, and its words."""

    version: str
    same: bool
    words: str


def found(places: Iterable[Path] | None = None) -> dict[str, Path]:
    """Every promised version with an interpreter that runs and can make environments; the first place wins."""
    which: dict[str, Path] = {}
    for place in _places() if places is None else places:
        if not place.is_file():
            continue
        done = _typed([str(place), "-c", WHO])
        kind, _, version = done.stdout.strip().partition(" ")
        short = ".".join(version.split(".")[:2])
        if done.returncode == 0 and kind == "CPython" and short in PROMISED:
            which.setdefault(short, place)
    return dict(sorted(which.items()))


def compared(which: dict[str, Path], scenarios: tuple[str, ...], home: Path) -> Iterator[Told]:
    """Check the oracle's first worlds under each interpreter, and run again what the first of them has written."""
    scenario, written = home / "small.yaml", home / "written"
    scenario.write_text(SMALL, encoding="utf-8", newline="\n")
    for short, place in which.items():
        python = environment(place, home / short)
        steps = [("tests.oracle", "--check", "--first", *scenarios)]
        if written.exists():
            steps.append(("legalaid_sim", "reproduce", str(written), "--quiet", "--workers", "1"))
        else:
            steps.append(("legalaid_sim", "run", str(scenario), "--out", str(written), "--workers", "1"))
        done = [_typed([str(python), "-m", *step]) for step in steps]
        words = "\n".join(f"{each.stdout}{each.stderr}".strip() for each in done if each.returncode)
        yield Told(short, all(each.returncode == 0 for each in done), words)


def environment(place: Path, home: Path) -> Path:
    """Build an environment with the locked requirements; gives its interpreter."""
    subprocess.run([place, "-m", "venv", home], check=True)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install: list[Path | str] = [
        python,
        "-m",
        "pip",
        "install",
        "-q",
        "--require-hashes",
        "-r",
        ROOT / "requirements/run.txt",
    ]
    subprocess.run(install, check=True)
    return python


def _places() -> Iterator[Path]:
    for short in PROMISED:
        if named := shutil.which(f"python{short}"):
            yield Path(named)
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    yield from sorted(versions.glob("3.*/bin/python"))


def _typed(words: list[str]) -> "subprocess.CompletedProcess[str]":
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)


def main() -> int:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m tests.interpreters")
    parser.add_argument(
        "scenario", nargs="*", help="one of the oracle's scenarios only (all, if none is named)"
    )
    which, good = found(), True
    for short in PROMISED:
        if short not in which:
            print(f"{short}: not found, not tried")
    with tempfile.TemporaryDirectory(prefix="interpreters-") as home:
        for told in compared(which, tuple(parser.parse_args().scenario), Path(home)):
            print(f"{told.version}: {'the same bytes' if told.same else told.words}", flush=True)
            good &= told.same
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
