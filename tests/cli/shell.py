"""Type commands as a user does."""

import os
import subprocess
import sys
from pathlib import Path

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


def run(*words: object, cwd: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """Type a command in a folder and wait for its end."""
    typed, surroundings = line(*words), environment(**more)
    return subprocess.run(typed, cwd=cwd, env=surroundings, capture_output=True, text=True, timeout=300)


def small(folder: Path, text: str = SMALL, name: str = "small.yaml") -> Path:
    path = folder / name
    path.write_text(text)
    return path
