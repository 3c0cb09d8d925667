"""``legalaid-sim import`` as it is typed, and when it is ended on the way."""

import errno
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from legalaid_sim.errors import ResultsError
from legalaid_sim.importing import writing
from tests.cli.shell import environment, line, run
from tests.importing.making import bulk, outcome, published, rows_of, typed
from tests.importing.test_mapped_tables import table


def test_a_bulk_file_is_imported_and_priced(tmp_path: Path) -> None:
    rows = published()[:20]
    (tmp_path / "bulk.csv").write_text(bulk(outcome(n, row) for n, row in enumerate(rows)), encoding="utf-8")
    done = run("import", "bulk.csv", "--out", "mine", cwd=tmp_path, XDG_CONFIG_HOME=str(tmp_path / "home"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "home/legalaid-sim/import.key").is_file()
    assert done.stdout.splitlines()[0] == "Read as claims sent in bulk: 20 rows, 20 cases"
    priced = run("price", "civil-scheme", "--claims", "mine/claims.csv", "--out", "priced.csv", cwd=tmp_path)
    assert priced.returncode == 0, priced.stderr
    assert [row["total"] for row in rows_of(tmp_path / "priced.csv")] == [
        f"{float(row['expected_total']):.2f}" for row in rows
    ]


def test_a_suggested_mapping_reads_what_comes_by_standard_input(tmp_path: Path) -> None:
    def piped(*words: str) -> "subprocess.CompletedProcess[str]":
        given = {
            "cwd": tmp_path,
            "env": environment(),
            "input": table(";"),
            "text": True,
            "capture_output": True,
        }
        return subprocess.run(line("import", "-", *words), timeout=300, check=False, **given)  # type: ignore[call-overload,no-any-return]

    suggested = piped("--suggest")
    assert (suggested.returncode, suggested.stderr) == (0, "")
    (tmp_path / "map.yaml").write_text(suggested.stdout, encoding="utf-8")
    done = piped("--mapping", "map.yaml", "--out", "mine", "--key", "mine.key")
    assert (done.returncode, done.stderr) == (0, "")
    assert "columns parted by semicolons" in done.stdout
    assert len(rows_of(tmp_path / "mine/cases.csv")) == 3


def test_rows_that_were_left_make_the_exit_status_1_and_no_folder_to_make_2(tmp_path: Path) -> None:
    text = bulk([outcome(1, published()[0], CASE_START_DATE="soon")])
    assert typed(tmp_path, text).exit_code == 1
    (tmp_path / "bulk.csv").write_text(text, encoding="utf-8")
    done = run("import", "bulk.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "Missing option '--out'" in done.stderr
    taken = run("import", "bulk.csv", "--out", "out", "--key", "mine.key", cwd=tmp_path)
    assert (taken.returncode, "already holds something" in taken.stderr) == (2, True)


@pytest.mark.parametrize("end", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")])
def test_an_import_that_is_ended_on_the_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: BaseException
) -> None:
    def ended(*_: object) -> Iterator[list[str]]:
        yield ["matter"]
        raise end

    monkeypatch.setattr(writing, "case_rows", ended)
    result = typed(tmp_path, bulk([outcome(1, published()[0])]))
    assert result.exit_code != 0
    assert isinstance(result.exception, ResultsError | SystemExit)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "mine.key"]
