import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from legalaid_sim.experiments.shared.executors import (
    Elsewhere,
    Here,
    Local,
    Lost,
    Workers,
    available,
    workers_for,
)
from tests.experiments.tasks import AlwaysDies, DiesOnce, Fails, Squares

SQUARES = [n * n for n in range(40)]


def test_one_worker_or_one_item_stays_in_this_process() -> None:
    assert isinstance(workers_for(1, 100), Here)
    assert isinstance(workers_for(8, 1), Here)
    assert workers_for(8, 3) == Local(3)
    assert isinstance(workers_for(None, 10**6), Local if available() > 1 else Here)


@pytest.mark.parametrize("workers", [Here(), Local(2)])
def test_results_come_in_the_order_of_the_items(workers: Workers) -> None:
    assert list(workers.results(Squares(slow=3), range(40))) == SQUARES


def test_any_executor_will_do() -> None:
    with ThreadPoolExecutor(3) as threads:
        assert list(Elsewhere(threads).results(Squares(slow=5), range(40))) == SQUARES


def test_a_worker_that_dies_costs_nothing_but_time(tmp_path: Path) -> None:
    task = DiesOnce(tmp_path / "died", deadly=7)
    assert list(Local(2).results(task, range(20))) == SQUARES[:20]
    assert (tmp_path / "died").exists()


def test_an_item_that_always_kills_its_worker_is_named() -> None:
    found = list(Local(2).results(AlwaysDies(5), range(12)))
    assert found[5] == Lost(5)
    assert [r for r in found if not isinstance(r, Lost)] == [n * n for n in range(12) if n != 5]


def test_an_error_of_the_task_reaches_the_caller() -> None:
    with pytest.raises(ArithmeticError, match="no answer for 0"):
        list(Local(2).results(Fails(), range(4)))


def test_an_endless_supply_is_left_when_the_reader_stops() -> None:
    def for_ever():  # type: ignore[no-untyped-def]
        n = 0
        while True:
            yield n
            n += 1

    stream = Local(2).results(Squares(), for_ever())
    assert [next(stream) for _ in range(5)] == SQUARES[:5]
    stream.close()  # type: ignore[attr-defined]


PARENT = """
import sys
from pathlib import Path
from legalaid_sim.experiments.shared.executors import Local
from tests.experiments.tasks import Sleeps
if __name__ == "__main__":
    list(Local(2).results(Sleeps(Path(sys.argv[1])), range(4)))
"""


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    marks = tmp_path / "marks"
    marks.mkdir()
    root = Path(__file__).parents[3]
    parent = subprocess.Popen(
        [sys.executable, str(script), str(marks)], env={**os.environ, "PYTHONPATH": str(root)}, cwd=root
    )
    try:
        pids = _wait_for(lambda: [int(p.name) for p in marks.iterdir()], 2)
    finally:
        parent.kill()
        parent.wait()
    _gone(pids)


def _wait_for(look: Callable[[], list[int]], count: int) -> list[int]:
    for _ in range(600):
        found = look()
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError(f"only {look()} of {count} workers came")


def _gone(pids: list[int]) -> None:
    for _ in range(600):
        if not any(_lives(pid) for pid in pids):
            return
        time.sleep(0.05)
    raise AssertionError(f"still there: {[pid for pid in pids if _lives(pid)]}")


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
