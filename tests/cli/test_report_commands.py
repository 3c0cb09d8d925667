"""What `report`, `journey` and `reproduce` print, as typed."""

import json
import re
import shutil
import sqlite3
from base64 import b64decode
from pathlib import Path

import pytest

from tests.cli.shell import SMALL, run, small
from tests.reports.made import SCENARIO, run_folder, scenario


@pytest.fixture(scope="module")
def one_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one world and two months: whatever it is changed into is told as soon."""
    folder = tmp_path_factory.mktemp("one")
    done = run("run", small(folder), "-r", 1, "-w", 1, "-o", "world", "-q", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "world"


def test_a_run_and_a_study_have_their_pages(tmp_path: Path) -> None:
    file = scenario(
        tmp_path, SCENARIO.replace("respond: effort", "respond: none").replace("months: 6", "months: 2")
    )
    done = run("run", file, "-r", 1, "-w", 1, "-o", "first", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("answer: One world cannot show whether the contracts differ\n")
    assert run("show", "first", cwd=tmp_path).stdout == done.stdout
    words = ("attribute", file, "--from", "unified-contract-2007", "--to", "relational-pilot")
    more = ("-m", "continuity.coc", "-r", 2, "--orders", 1, "-w", 1, "-o", "why.json")
    done = run(*words, *more, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    one = "One world cannot show whether the contracts differ"
    for page, title in (
        ("first/report.html", one),
        ("why.html", "Clients see the same adviser more often under "),
    ):
        text = (tmp_path / page).read_text(encoding="utf-8")
        assert text.startswith("<!DOCTYPE html>")
        told = re.search(r"<h1><bdi>(.*?)</bdi></h1>", text)
        assert told
        assert told[1].startswith(title) or told[1] == "2 worlds cannot tell the two contracts apart"
    assert '<p class="kicker"><bdi>Attribution: A small agency</bdi>' in text
    first = (tmp_path / "first" / "report.html").read_text(encoding="utf-8")
    picture = re.search(r"data:image/svg\+xml;base64,([^\"]+)", first)
    assert picture
    assert "; 1 world, seed " in b64decode(picture[1]).decode()


def test_a_report_is_written_again(tmp_path: Path) -> None:
    place = tmp_path / "again"
    shutil.copytree(run_folder(), place)
    old = (place / "report.html").read_bytes()
    (place / "report.html").unlink()
    done = run("report", "again", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "report in again/report.html\n", "")
    assert (place / "report.html").read_bytes() == old
    done = run("report", "again", "--summary", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "summary in again/summary.html\n", "")
    assert (place / "report.html").read_bytes() == old


def test_a_report_of_no_folder_is_refused(tmp_path: Path) -> None:
    done = run("report", "nowhere", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "Error: nowhere: is not a folder; give one that a run wrote\n"


def test_journeys_are_told(tmp_path: Path) -> None:
    done = run("journey", run_folder(), cwd=tmp_path, COLUMNS="150")
    assert done.returncode == 0
    assert "largest gain: client c" in done.stdout
    assert "What was paid, and why" in done.stdout


def test_a_client_whom_nobody_knows_is_refused(tmp_path: Path) -> None:
    done = run("journey", run_folder(), "--client", "nobody", cwd=tmp_path)
    assert done.returncode == 2
    assert "knows no client 'nobody' in the first world" in done.stderr


def test_a_contract_without_a_client_is_refused_by_journey(tmp_path: Path) -> None:
    done = run("journey", run_folder(), "-c", "nope", cwd=tmp_path)
    assert done.returncode == 2
    assert "--contract needs --client" in done.stderr


@pytest.mark.parametrize("command", ["run", "compare"])
def test_a_folder_comes_out_the_same_again(tmp_path: Path, command: str) -> None:
    small(tmp_path, SMALL.replace("clients:", "respond: effort\nclients:"))
    done = run(command, "small.yaml", "-r", 2, "-w", 1, "-o", "there", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = run("reproduce", "there", "-w", 1, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout.splitlines()
    assert all(line.startswith("same  ") for line in told)
    assert "same     run.sqlite, every byte" in told
    assert "same     report.html" in told


def test_a_folder_that_lacks_its_log_is_completed_by_what_comes_out_again(
    tmp_path: Path, one_world: Path
) -> None:
    place = Path(shutil.copytree(one_world, tmp_path / "bare"))
    lacking = {name: (place / name).read_bytes() for name in ("run.sqlite", "months.csv")}
    for name in lacking:
        (place / name).unlink()
    done = run("reproduce", "bare", "-w", 1, cwd=tmp_path)
    assert done.returncode == 2
    assert "`legalaid-sim reproduce bare --complete` makes it again" in done.stderr
    done = run("reproduce", "bare", "-w", 1, "--complete", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "run.sqlite, which was not there: made again" in done.stdout
    assert "same     report.html" in done.stdout
    assert {name: (place / name).read_bytes() for name in lacking} == lacking


def test_nothing_is_put_into_a_folder_of_which_something_differs(tmp_path: Path, one_world: Path) -> None:
    place = Path(shutil.copytree(one_world, tmp_path / "bare"))
    (place / "run.sqlite").unlink()
    text = (place / "measures.csv").read_text(encoding="utf-8")
    (place / "measures.csv").write_text(text.replace("continuity", "continuum", 1), encoding="utf-8")
    done = run("reproduce", "bare", "-w", 1, "--complete", "-q", cwd=tmp_path)
    assert done.returncode == 1
    assert "differs  measures.csv" in done.stdout
    assert not (place / "run.sqlite").exists()


def test_a_folder_of_another_kind_or_version_is_refused(tmp_path: Path, one_world: Path) -> None:
    place = tmp_path / "old"
    shutil.copytree(one_world, place)
    path = place / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**told, "kind": "sweep"}), encoding="utf-8")
    done = run("reproduce", "old", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "holds a sweep; only a run or a comparison is run again" in done.stderr
    del told["stopping"]
    path.write_text(json.dumps(told), encoding="utf-8")
    done = run("reproduce", "old", cwd=tmp_path)
    assert done.returncode == 2
    assert "holds no 'stopping' in its manifest" in done.stderr


def test_a_register_that_has_changed_since_is_named(tmp_path: Path, one_world: Path) -> None:
    place = tmp_path / "older"
    shutil.copytree(one_world, place)
    path = place / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["evidence"]["trust.growth_minutes"] = {"fixed": 1.0}
    told["digests"]["evidence"] = "0" * 64
    path.write_text(json.dumps(told), encoding="utf-8")
    done = run("reproduce", "older", "-w", 1, "-q", cwd=tmp_path)
    assert done.returncode == 1
    assert "1 parameters of the register have changed since: trust.growth_minutes" in done.stdout


def test_what_differs_is_told_with_its_place(tmp_path: Path, one_world: Path) -> None:
    place = tmp_path / "changed"
    shutil.copytree(one_world, place)
    lines = (place / "measures.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    lines[3] = lines[3].replace("continuity", "continuum", 1)
    (place / "measures.csv").write_text("".join(lines), encoding="utf-8")
    database = sqlite3.connect(place / "run.sqlite")
    database.execute("UPDATE contact SET core = core + 1")
    database.commit()
    database.close()
    done = run("reproduce", "changed", "-w", 1, "--quiet", cwd=tmp_path)
    assert done.returncode == 1
    assert "differs  measures.csv: line 4: 'continuum." in done.stdout
    assert "differs  run.sqlite: " in done.stdout
    assert "same" not in done.stdout
