"""End the parent at any moment with kill -9: nothing that was saved is lost, nothing is doubled."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from legalaid_sim.experiments.sweep.job import SweepOptions, prepare_sweep
from legalaid_sim.experiments.sweep.store import digest_of
from legalaid_sim.experiments.sweep.sweeping import carry_out
from tests.experiments import sweepers

ROOT = Path(__file__).parents[3]
PARENT = """
import sys
from pathlib import Path
from legalaid_sim.experiments.sweep.sweeping import Interrupted, SweepOptions, carry_out, prepare_sweep
from tests.experiments import sweepers
if __name__ == "__main__":
    job = prepare_sweep(Path(sys.argv[1]), sweepers.slow)
    try:
        carry_out(job, SweepOptions(workers=2, out=Path(sys.argv[2])))
    except Interrupted as interrupted:
        print(interrupted)
        sys.exit(130)
"""
MANY = sweepers.GRID.replace("replications: 4", "replications: 60")
RUNS = 720


def parent(script: Path, path: Path, out: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(script), str(path), str(out)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def saved(database: Path) -> int:
    if not database.is_file():
        return 0
    try:
        with closing(sqlite3.connect(database, timeout=30)) as held:
            return int(held.execute("SELECT COUNT(*) FROM runs").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def wait_for_some(database: Path, more_than: int, child: "subprocess.Popen[str]") -> None:
    for _ in range(1200):
        if saved(database) > more_than or child.poll() is not None:
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing more than {more_than} runs was saved")


def written(tmp_path: Path) -> tuple[Path, Path, str]:
    path, script = sweepers.written(tmp_path, MANY), tmp_path / "parent.py"
    script.write_text(PARENT)
    whole = carry_out(prepare_sweep(path, sweepers.light), SweepOptions(workers=1, out=tmp_path / "whole"))
    assert whole.counts == {"ok": RUNS}
    return path, script, digest_of(whole.database)


def kill_and_count(script: Path, path: Path, out: Path, delay: float) -> int:
    database = out / "sweep.sqlite"
    before = saved(database)
    child = parent(script, path, out)
    wait_for_some(database, before, child)
    time.sleep(delay)
    child.kill()
    child.communicate()
    with closing(sqlite3.connect(database)) as held:
        assert held.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows, keys = held.execute("SELECT COUNT(*), COUNT(DISTINCT key) FROM runs").fetchone()
    assert rows == keys
    assert rows >= before
    return int(rows)


def resumed(path: Path, out: Path, expected: str, kept: int) -> None:
    found = carry_out(prepare_sweep(path, sweepers.light), SweepOptions(workers=1, out=out))
    assert (found.now, found.counts) == (RUNS - kept, {"ok": RUNS})
    assert digest_of(found.database) == expected


def test_a_killed_sweep_goes_on_where_it_stood(tmp_path: Path) -> None:
    path, script, expected = written(tmp_path)
    kept = kill_and_count(script, path, tmp_path / "out", 0.0)
    assert 0 < kept < RUNS
    resumed(path, tmp_path / "out", expected, kept)


@pytest.mark.long
def test_ten_kills_at_random_moments_lose_and_double_nothing(tmp_path: Path) -> None:
    path, script, expected = written(tmp_path)
    chance, kept = random.Random(10), 0
    for _ in range(10):
        kept = kill_and_count(script, path, tmp_path / "out", chance.uniform(0, 0.5))
    resumed(path, tmp_path / "out", expected, kept)


def test_ctrl_c_on_a_sweep_with_workers_ends_cleanly(tmp_path: Path) -> None:
    path, script, expected = written(tmp_path)
    child = parent(script, path, tmp_path / "out")
    wait_for_some(tmp_path / "out" / "sweep.sqlite", 0, child)
    child.send_signal(signal.SIGINT)
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "the same command goes on from there" in said
    resumed(path, tmp_path / "out", expected, saved(tmp_path / "out" / "sweep.sqlite"))
