"""Contracts lived from a page: the folder is that of ``run``; Stop and a sudden end keep whole worlds."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from legalaid_sim.errors import ResultsError
from tests.cli.shell import environment, line, run, small
from tests.studio.client import Visitor, folder

ASKED = {"scenario": "small.yaml", "contract": "core-and-case", "worlds": "30", "how": "run", "seed": ""}
SAME = ("measures.csv", "months.csv", "clauses.csv")
PATIENCE = 300


@pytest.fixture
def visitor(tmp_path):
    made = Visitor(folder(tmp_path / "desk"))
    small(made.root)
    yield made
    made.studio.end()


def started(visitor, **more: str) -> str:
    answer = visitor.post("/try", {**ASKED, **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def until(visitor, at: str, words: str) -> str:
    late = time.monotonic() + PATIENCE
    while words not in (page := visitor.get(f"{at}/now").text):
        assert time.monotonic() < late, page
        time.sleep(0.1)
    return page


def test_a_run_that_was_stopped_and_went_on_is_that_of_the_command(visitor) -> None:
    assert "small.yaml" in visitor.get("/try").text
    at = started(visitor)
    until(visitor, at, "Looked at early")
    assert visitor.post(f"{at}/stop", {}).status_code == 303
    assert "kept; the same command goes on" in visitor.get(at).text
    home = visitor.root / "results" / "small"
    kept = next(home.glob(".run-*.worlds"))
    assert all(one.endswith(b"]") for one in kept.read_bytes().splitlines())
    assert list(home.glob("try-*")) == []
    assert started(visitor) == at
    until(visitor, at, "Read the report")
    (place,) = home.iterdir()
    typed = run(
        "run",
        "small.yaml",
        "-c",
        "core-and-case",
        "-r",
        30,
        "-w",
        1,
        "-q",
        "--out",
        "typed",
        cwd=visitor.root,
    )
    assert typed.returncode == 0, typed.stderr
    for name in SAME:
        assert (place / name).read_bytes() == (visitor.root / "typed" / name).read_bytes()
    assert started(visitor) == at
    report = visitor.get(f"/r/results/small/{place.name}")
    assert report.text == (place / "report.html").read_text(encoding="utf-8")
    assert report.headers["content-security-policy"].startswith("default-src 'none'")
    assert "script-src" not in report.headers["content-security-policy"]


def test_a_sudden_end_of_the_studio_loses_no_world_and_no_file(tmp_path) -> None:
    root = folder(tmp_path / "desk")
    small(root)
    typed = line("studio", root, "--no-open")
    with subprocess.Popen(typed, env=environment(), stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        address = served.stdout.readline().strip()
        begin = (
            "import sys, urllib.request as r, http.cookiejar as c; a = sys.argv[1]; h = a.partition('/?')[0]\n"
            "o = r.build_opener(r.HTTPCookieProcessor(c.CookieJar())); o.open(a)\n"
            "q = r.Request(h + '/try', sys.argv[2].encode(), {'Origin': h}); print(o.open(q).status)"
        )
        body = "scenario=small.yaml&contract=core-and-case&worlds=400&how=run"
        done = subprocess.run([sys.executable, "-c", begin, address, body], capture_output=True, text=True)
        assert done.stdout.strip() == "200", done.stderr
        kept = wait_for(lambda: next((root / "results" / "small").glob(".run-*.worlds")))
        wait_for(lambda: kept.read_bytes().count(b"\n") >= 2)
        os.kill(served.pid, signal.SIGKILL)
        served.wait()
    before = kept.read_bytes().count(b"\n")
    # The child is told by the end of its input, and ends as after Ctrl-C: what is kept stays, and nothing runs on.
    counts = [before, -1]
    while counts[-1] != counts[-2]:
        time.sleep(2)
        counts.append(kept.read_bytes().count(b"\n"))
    assert counts[-1] >= 2
    assert (root / "paid.yaml").read_text().startswith("# How we pay")


def wait_for(what):
    late = time.monotonic() + PATIENCE
    while time.monotonic() < late:
        try:
            found = what()
        except (StopIteration, OSError):
            found = None
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("nothing came of it")


@pytest.mark.parametrize(
    "wrong",
    [
        {"scenario": "../small.yaml"},
        {"scenario": "none.yaml"},
        {"contract": "/etc/passwd"},
        {"contract": "../x.yaml"},
        {"contract": ""},
        {"worlds": "0"},
        {"worlds": "99999999999"},
        {"worlds": "-3"},
        {"how": "rm"},
        {"seed": "x"},
    ],
)
def test_what_cannot_be_lived_is_refused_before_anything_is_begun(visitor, wrong: dict[str, str]) -> None:
    answer = visitor.post("/try", {**ASKED, **wrong})
    assert answer.status_code == 404
    assert "This cannot be done" in answer.text
    assert not (visitor.root / "results").exists()


def test_a_run_that_is_not_possible_says_why(visitor) -> None:
    (visitor.root / "small.yaml").write_text("kind: scenario\nperiod: 3\n")
    at = started(visitor)
    page = until(visitor, at, "Not possible")
    assert "small.yaml line" in page


def test_no_other_folder_is_shown_as_a_report(visitor) -> None:
    out = visitor.root.parent / "out"
    out.mkdir()
    (out / "report.html").write_text("TOPSECRET")
    (out / "manifest.json").write_text("{}")
    (visitor.root / "results").mkdir()
    (visitor.root / "results" / "a").mkdir()
    (visitor.root / "results" / "a" / "b").symlink_to(out)
    for name in ("../out", "results/a/b", "results/../../out", "", ".", "/etc", "results"):
        answer = visitor.get(f"/r/{name}")
        assert "TOPSECRET" not in answer.text
        assert answer.status_code in (307, 404)
    for key in ("x", "a/b", "%00"):
        assert visitor.get(f"/try/{key}").status_code == 404
    with pytest.raises(ResultsError):
        visitor.studio.runs.lives.stop("x")
    assert Path(out / "report.html").exists()
