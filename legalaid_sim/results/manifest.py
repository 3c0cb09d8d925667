"""The manifest of a run: what went in, what it was run with, what it gave.

All that depends on the moment, the machine's load or the way of calling stands under ``made``; everything
else is the same whenever and wherever the same inputs are run with the same versions.
"""

import json
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from legalaid_sim import __version__

SCHEMA_VERSION = 1
PACKAGES = ("numpy", "simpy", "pydantic", "pyyaml", "holidays")


def canonical(data: object) -> str:
    """Write plain data as JSON in one way only: sorted keys, no spaces.

    >>> canonical({"b": 1, "a": [2]})
    '{"a":[2],"b":1}'
    """
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(data: object) -> str:
    """Give the SHA-256 of plain data in canonical form."""
    return sha256(canonical(data).encode()).hexdigest()


def stamp(now: datetime | None = None) -> str:
    """Give a moment as a folder name bears it, in UTC.

    >>> stamp(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    '20260102T030405Z'
    """
    return (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")


def versions() -> dict[str, str | None]:
    """Give the versions that can move a result."""
    return {
        "legalaid-sim": __version__,
        "python": platform.python_version(),
        **{name: _version(name) for name in PACKAGES},
    }


def made(stamped: str, workers: int | None, seconds: float, timings: Mapping[str, float]) -> dict[str, Any]:
    """Give what depends on the moment and the machine."""
    return {
        "stamp": stamped,
        "command_line": ["legalaid-sim", *sys.argv[1:]],
        "workers": workers,
        "seconds": round(seconds, 3),
        "seconds_of_regime": {name: round(value, 3) for name, value in timings.items()},
        "platform": platform.platform(),
        "processor": platform.machine(),
        "commit": commit(),
    }


def commit() -> str | None:
    """Give the commit of the source this runs from, with ``+`` behind when files differ from it."""
    source = Path(__file__).parents[2]
    if not (source / ".git").exists() or not (source / "pyproject.toml").exists():
        return None
    head = _git(source, "rev-parse", "HEAD")
    changed = _git(source, "status", "--porcelain", "--untracked-files=no")
    return f"{head}+" if head and changed else head


def to_text(manifest: Mapping[str, Any]) -> str:
    """Write the manifest for people and programs."""
    return json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _git(source: Path, *words: str) -> str | None:
    call: Sequence[str] = ("git", "-C", str(source), *words)
    try:
        done = subprocess.run(call, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
