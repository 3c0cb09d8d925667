"""Scripts that start workers, as strangers write them: without ``if __name__ == "__main__"``, from wherever."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from legalaid_sim.experiments.shared.executors import Local
from legalaid_sim.yamlfile import dump, load_document
from tests.cli.shell import ROOT
from tests.experiments.tasks import Squares

SCRIPT = """
import __main__
import legalaid_sim as la
from legalaid_sim.experiments.shared.executors import Local
from tests.experiments.tasks import Squares

held = __main__
print("once", list(Local(2).results(Squares(slow=3), range(6))), __main__ is held)
"""
STUDY = """
import legalaid_sim as la

print("once")
try:
    la.run("short.yaml", replications=2, workers=2, out="m1", report=False)
except Exception as error:
    print(error)
    la.run("short.yaml", replications=2, workers=2, report=False)
"""


def told(words: list[str], place: Path, typed: str = "") -> str:
    path = f"{place}:{ROOT}"
    done = subprocess.run(
        [sys.executable, *words],
        input=typed,
        capture_output=True,
        text=True,
        cwd=place,
        env={"PYTHONPATH": path},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize(
    "words", [["study.py"], ["-"], ["-m", "study"], ["-c", SCRIPT]], ids=lambda words: words[0]
)
def test_a_script_runs_once_and_its_workers_do_not_run_it(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "study.py").write_text(SCRIPT)
    assert told(words, tmp_path, SCRIPT) == "once [0, 1, 4, 9, 16, 25] True\n"


def test_a_study_in_a_plain_script_writes_its_folder_and_nothing_else(tmp_path: Path) -> None:
    data = load_document(ROOT / "scenarios" / "hours-to-fees.yaml").data
    data["period"] |= {"months": 1, "run_out_months": 1, "lead_in_months": 0}
    (tmp_path / "short.yaml").write_text(dump(data))
    (tmp_path / "study.py").write_text(STUDY)
    assert told(["study.py"], tmp_path) == "once\n"
    assert {place.name for place in tmp_path.iterdir()} == {"short.yaml", "study.py", "m1"}


def test_threads_that_start_workers_at_once_leave_the_main_module_in_its_place() -> None:
    main, found = sys.modules["__main__"], []
    threads = [
        threading.Thread(target=lambda: found.append(list(Local(2).results(Squares(), range(4)))))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[0, 1, 4, 9]] * 2
    assert sys.modules["__main__"] is main


def test_every_process_of_the_package_is_started_in_that_way() -> None:
    sources = (ROOT / "legalaid_sim").rglob("*.py")
    others = [
        path for path in sources if "get_context" in (text := path.read_text()) or "SpawnContext" in text
    ]
    assert [path.name for path in others] == ["processes.py"]
