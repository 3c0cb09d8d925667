"""Type commands as a user does."""

import os
import signal
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import NamedTuple, TextIO

import pytest

from legalaid_sim.cli import main

ROOT = Path(__file__).parents[2]

SMALL = """\
kind: scenario
schema_version: 1
about:
  title: A small agency
  question: Does everything hold together from end to end?
period: {starts: 2011-04-01, months: 2, lead_in_months: 1, run_out_months: 2}
seed: 5
replications: {at_least: 3, at_most: 3}
clients:
  arrivals: {per_week: 5}
  problems: {debt: {}, housing: {}}
advisers: [{number: 2}]
contracts: [standard-civil-contract-2010, core-and-case]
"""


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **more}


def line(*words: object) -> list[str]:
    return [sys.executable, "-m", "legalaid_sim", *map(str, words)]


class Typed(NamedTuple):
    """How a command ended and what it printed, as ``subprocess`` tells it."""

    returncode: int
    stdout: str
    stderr: str


def run(*words: object, cwd: Path, **more: str) -> Typed:
    """Type a command in a folder and wait for its end, in this process: what it begins with is imported already.

    Its line of words, place, width and streams are those of a process of its own; ``run_apart`` gives it one.
    """
    told, complained = (TextIOWrapper(BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    code = run_into(told, complained, *words, cwd=cwd, **more)
    return Typed(code, _printed(told), _printed(complained))


def run_into(told: TextIO, complained: TextIO, *words: object, cwd: Path, **more: str) -> int:
    """Type a command in this process whose streams are given, and give the code that it ends with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.delenv("NO_COLOR", raising=False)
        for name, value in {"COLUMNS": "80", **more}.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["legalaid-sim", *map(str, words)])
        patch.setattr(sys, "stdout", told)
        patch.setattr(sys, "stderr", complained)
        ended = signal.getsignal(signal.SIGTERM)
        try:
            main()
        except SystemExit as end:
            code = end.code
        finally:
            signal.signal(signal.SIGTERM, ended)
    return int(code or 0)


def _printed(stream: TextIOWrapper) -> str:
    stream.flush()
    held = stream.buffer
    assert isinstance(held, BytesIO)
    return held.getvalue().decode("utf-8").replace(os.linesep, "\n")


def run_apart(*words: object, cwd: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """Type a command in a folder and wait for its end, in a process of its own."""
    typed, surroundings = line(*words), environment(**more)
    return subprocess.run(typed, cwd=cwd, env=surroundings, capture_output=True, text=True, timeout=300)


def small(folder: Path, text: str = SMALL, name: str = "small.yaml") -> Path:
    path = folder / name
    path.write_text(text)
    return path
