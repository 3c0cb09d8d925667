"""When the machine says no: a sentence with the place, exit 2, nothing half-written, and no traceback."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from legalaid_sim import files
from legalaid_sim.errors import ResultsError
from legalaid_sim.extras import install_line
from tests.experiments import sweepers

CLAIMS = (
    "claim_id,category,fee_code,opened,concluded,in_vat_registered\nA,housing,HOUS,2014-01-01,2014-05-01,no\n"
)


def full() -> None:
    # No file may grow beyond nothing: to a writer that is a disk with no room left.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def typed(folder: Path, *words: str | bytes, **how: object) -> "subprocess.CompletedProcess[str]":
    call = [sys.executable, "-B", "-m", "legalaid_sim", *words]
    given = {"capture_output": True, "text": True, "timeout": 120, **how}
    return subprocess.run(call, cwd=folder, **given)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    "words",
    [
        ("init", "new.yaml"),
        ("resolve", "civil-scheme", "--out", "flat.yaml"),
        ("validate", "--copy", "there"),
        ("price", "civil-scheme", "--claims", "claims.csv", "--out", "priced.csv"),
        ("run", "small.yaml", "-r", "1", "-q", "--out", "out"),
        ("compare", "small.yaml", "-r", "2", "-q", "--out", "out", "--workers", "1"),
        ("sweep", "sweep.yaml", "-q", "--out", "out", "--workers", "1"),
    ],
    ids=lambda words: words[0],
)
def test_a_full_disk_is_told_and_nothing_is_left(tmp_path: Path, words: tuple[str, ...]) -> None:
    sweepers.written(tmp_path)
    (tmp_path / "claims.csv").write_text(CLAIMS, encoding="utf-8")
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    said = typed(tmp_path, *words, preexec_fn=full)
    assert said.returncode == 2, said.stdout + said.stderr
    assert "Traceback" not in said.stderr
    place = words[words.index("--out") + 1] if "--out" in words else words[-1]
    assert place in said.stderr
    assert "File too large" in said.stderr or "disk" in said.stderr
    assert {path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size} == before


def test_output_that_nobody_takes_is_told_once(tmp_path: Path) -> None:
    with open("/dev/full", "w") as nowhere:
        said = typed(
            tmp_path, "list", "contracts", capture_output=False, stdout=nowhere, stderr=subprocess.PIPE
        )
    assert said.returncode == 2
    assert said.stderr.count("\n") == 1
    assert "No space left on device" in said.stderr


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
def test_a_service_with_closed_streams_does_its_work(tmp_path: Path, closed: tuple[int, ...]) -> None:
    def shut() -> None:
        for number in closed:
            os.close(number)

    said = typed(tmp_path, "init", "new.yaml", capture_output=False, preexec_fn=shut)
    assert said.returncode == 0
    assert (tmp_path / "new.yaml").read_text(encoding="utf-8").startswith("#")


def test_a_name_that_is_no_text_is_refused_before_the_work(tmp_path: Path) -> None:
    said = typed(tmp_path, "run", b"caf\xe9.yaml")
    assert (said.returncode, said.stdout) == (2, "")
    assert r"'caf\xe9.yaml' is not UTF-8 text; give the file another name" in said.stderr


def half_write(place: Path) -> None:
    with files.written_whole(place) as partial:
        partial.write_text("half")
        raise OSError(28, "No space left on device")


def test_what_fails_on_the_way_leaves_what_was_there(tmp_path: Path) -> None:
    place = tmp_path / "a.txt"
    files.write_whole(place, "before")
    with pytest.raises(ResultsError, match="cannot be written: No space left"):
        half_write(place)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]
    with pytest.raises(ResultsError, match="is there already"):
        files.write_new(place, "after")


def test_a_place_is_tried_before_the_work(tmp_path: Path) -> None:
    begun = False
    with (
        pytest.raises(ResultsError, match="cannot be written"),
        files.written_whole(tmp_path / "no" / "a.txt"),
    ):
        begun = True
    assert not begun


@pytest.mark.parametrize(
    ("extra", "library"),
    [("sensitivity", "SALib"), ("search", "optuna"), ("cluster", "distributed"), ("parquet", "pyarrow")],
)
def test_the_hint_for_an_extra_names_libraries_and_no_project_of_this_name(extra: str, library: str) -> None:
    line = install_line(extra)
    assert line.lower().startswith(f"{sys.executable} -m pip install '{library}>=".lower())
    assert "legalaid-sim" not in line.removeprefix(sys.executable)
