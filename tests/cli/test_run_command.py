import json
import os
import re
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from legalaid_sim.errors import ResultsError
from legalaid_sim.results import open_run
from tests.cli.shell import SMALL, environment, line, run, run_apart, small


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> "tuple[Path, subprocess.CompletedProcess[str]]":
    """One run in two processes, looked at by many tests."""
    folder = tmp_path_factory.mktemp("run")
    small(folder)
    surroundings = {"COLUMNS": "110", "PYTHONHASHSEED": "1"}
    return folder, run_apart("run", "small.yaml", "--workers", 2, "--out", "two", cwd=folder, **surroundings)


def test_a_run_ends_with_a_table_a_place_and_a_next_step(done) -> None:  # type: ignore[no-untyped-def]
    _, finished = done
    assert finished.returncode == 0, finished.stderr
    # What no run brings about is a note of check, and no warning to somebody who cannot mend it.
    assert finished.stderr == ""
    table = finished.stdout
    assert table.startswith("A small agency\n\n")
    assert "the payer comes to owe £" in table
    assert "\n\n3 worlds, the same under every contract; mean ± half the 95 %" in table
    assert "standard-civil-contra" in table
    for name in ("↑ continuity.coc", "↓ admin.share", "  money.payer_spend"):
        assert name in table
    assert max(map(len, table.split("\n\nresults")[0].splitlines())) <= 110
    assert re.search(r"\nresults in two\nnext: legalaid-sim explain two --matter [ce]\d{5}\.", table)
    assert "\x1b" not in table


def test_the_folder_holds_all_that_went_in(done) -> None:  # type: ignore[no-untyped-def]
    folder, _ = done
    two = folder / "two"
    assert (two / "inputs/small.yaml").read_text() == SMALL
    names = {path.name for path in (two / "inputs").iterdir()}
    assert {"standard-civil-contract-2010.yaml", "core-and-case.yaml", "resolved"} <= names
    manifest = json.loads((two / "manifest.json").read_text())
    assert manifest["seed"] == 5
    assert manifest["replications"] == 3
    assert list(manifest["regimes"]) == ["standard-civil-contract-2010", "core-and-case"]
    assert [world["replication"] for world in manifest["worlds"]] == [1, 2, 3]
    assert all(len(world["digest"]) >= 32 for world in manifest["worlds"])
    assert manifest["versions"]["simpy"]
    assert manifest["made"]["command_line"][:2] == ["legalaid-sim", "run"]
    assert manifest["made"]["workers"] == 2
    assert manifest["digests"]["contracts"]["core-and-case"]


def test_the_number_of_workers_moves_no_byte(done) -> None:  # type: ignore[no-untyped-def]
    folder, _ = done
    finished = run_apart("run", "small.yaml", "-w", 1, "-o", "one", "-q", cwd=folder, PYTHONHASHSEED="2")
    assert finished.stdout == "one\n"
    for name in ("run.sqlite", "measures.csv"):
        assert (folder / "one" / name).read_bytes() == (folder / "two" / name).read_bytes()
    one, two = (json.loads((folder / name / "manifest.json").read_text()) for name in ("one", "two"))
    assert one.pop("made") != two.pop("made")
    assert one == two


def test_what_is_read_back_is_what_was_shown(done) -> None:  # type: ignore[no-untyped-def]
    folder, _ = done
    with open_run(folder / "two") as opened:
        assert opened.regimes == ("standard-civil-contract-2010", "core-and-case")
        log = opened.log("core-and-case")
        from legalaid_sim.invariants import hold
        from legalaid_sim.measures import measure

        hold(log)
        first = opened.replications("core-and-case")[0]
        assert measure(log) == first
        assert len(opened.measures) == 2 * len(first)


def test_every_view_can_be_read(done) -> None:  # type: ignore[no-untyped-def]
    folder, _ = done
    database = sqlite3.connect(folder / "two/run.sqlite")
    earned = "SELECT sum(pence) FROM ledger WHERE entry = 'entitled' AND matter <> ''"
    by_matter = "SELECT sum(earned_pence) FROM matters"
    assert database.execute(earned).fetchone() == database.execute(by_matter).fetchone()
    for view in ("clients", "advisers", "events"):
        assert database.execute(f"SELECT count(*) FROM {view}").fetchone()[0] > 0
    database.close()


def test_json_is_one_documented_object(done) -> None:  # type: ignore[no-untyped-def]
    folder, _ = done
    finished = run("run", "small.yaml", "--json", "-w", 1, "-r", 2, "--seed", 0, cwd=folder)
    told = json.loads(finished.stdout)
    documented = (Path(__file__).parents[2] / "docs/json.md").read_text()
    for key in told:
        assert f"| `{key}` |" in documented
    assert told["schema_version"] == 1
    assert told["seed"] == 0
    assert told["replications"] == 2
    assert set(told["measures"]["continuity.coc"]) == {"mean", "low", "high", "n"}
    assert told["measures"] == told["contracts"]["standard-civil-contract-2010"]["measures"]
    assert (folder / told["results"] / "manifest.json").exists()
    assert told["results"].startswith("results/small/2")


def test_seeds_give_other_worlds_and_seed_0_is_one(done) -> None:  # type: ignore[no-untyped-def]
    folder, _ = done

    def spent(seed: int) -> object:
        told = run("run", "small.yaml", "--json", "-w", 1, "-r", 1, "--seed", seed, cwd=folder)
        return json.loads(told.stdout)["measures"]["money.earned"]

    zero, again, five = map(spent, (0, 0, 5))
    assert zero == again != five
    assert zero["low"] is None  # type: ignore[index]


def test_contracts_of_the_command_line_take_the_place_of_the_own(done) -> None:  # type: ignore[no-untyped-def]
    folder, _ = done
    words = ("-c", "core-and-case", "-r", 1, "-w", 1, "--log", "none", "-o", "cla")
    finished = run("run", "small.yaml", *words, cwd=folder)
    assert finished.returncode == 0, finished.stderr
    with open_run(folder / "cla") as opened:
        assert opened.regimes == ("core-and-case",)
        with pytest.raises(ResultsError, match="keeps no log of run 1"):
            opened.log()


def test_a_scenario_without_contracts_runs_unpaid(tmp_path: Path) -> None:
    small(tmp_path, SMALL.replace("contracts: [standard-civil-contract-2010, core-and-case]\n", ""))
    told = json.loads(run("run", "small.yaml", "--json", "-w", 1, "-r", 1, cwd=tmp_path).stdout)
    assert list(told["contracts"]) == ["no-contract"]
    assert told["measures"]["money.payer_spend"]["mean"] == 0


def test_it_stops_when_the_interval_is_narrow_enough(tmp_path: Path) -> None:
    until = "{at_least: 4, at_most: 30, until: {measure: continuity.coc, half_width: 0.2}}"
    small(tmp_path, SMALL.replace("{at_least: 3, at_most: 3}", until))
    done = [run("run", "small.yaml", "--json", "-w", workers, cwd=tmp_path) for workers in (1, 2)]
    told = [json.loads(finished.stdout) for finished in done]
    assert told[0]["measures"] == told[1]["measures"]
    assert told[0]["replications"] in (4, 9, 14, 19, 24, 29)
    found = told[0]["measures"]["continuity.coc"]
    assert (found["high"] - found["low"]) / 2 <= 0.2


def test_an_unknown_measure_to_watch_is_guessed(tmp_path: Path) -> None:
    until = "{at_least: 4, at_most: 30, until: {measure: continuity.cox, half_width: 0.2}}"
    small(tmp_path, SMALL.replace("{at_least: 3, at_most: 3}", until))
    finished = run("run", "small.yaml", cwd=tmp_path)
    assert finished.returncode == 2
    assert "is 'continuity.cox', which is no measure. Did you mean 'continuity.coc'?" in finished.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing.yaml",), "nothing.yaml"),
        (("small.yaml", "-c", "standard-civil-contract-2011"), "Did you mean 'standard-civil-contract-201"),
        (("small.yaml", "-r", "0"), "'-r' / '--replications': 0 is not in the range"),
        (("small.yaml", "--seed", "-1"), "'--seed': -1 is not in the range"),
        (("small.yaml", "-w", "0"), "'-w' / '--workers': 0 is not in the range"),
        (("small.yaml", "-o", "full"), "full: already holds something and is left as it is"),
        (("small.yaml", "-o", "small.yaml"), "small.yaml: is a file; give the name of a folder"),
        (("small.yaml", "-o", "way/x"), "the link 'way' leads out to"),
        (("small.yaml", "-o", "small.yaml/x"), "small.yaml/x: cannot be made"),
    ],
)
def test_wrong_input_is_a_sentence_and_exit_2(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    home = tmp_path / "home"
    (home / "full").mkdir(parents=True)
    (home / "full/x").touch()
    (home / "way").symlink_to(tmp_path)
    small(home)
    before = sorted(home.rglob("*"))
    finished = run("run", *words, cwd=home)
    assert finished.returncode == 2
    assert said in finished.stderr
    assert "Traceback" not in finished.stderr
    assert finished.stdout == ""
    assert sorted(home.rglob("*")) == before


def test_all_problems_of_a_scenario_are_shown_with_their_lines(tmp_path: Path) -> None:
    text = SMALL.replace("seed: 5", "sead: 5").replace("number: 2", "number: none")
    small(tmp_path, text)
    finished = run("run", "small.yaml", cwd=tmp_path)
    assert finished.returncode == 2
    assert "small.yaml:7:1" in finished.stderr
    assert "Did you mean 'seed'?" in finished.stderr
    assert "2 problems" in finished.stderr
    assert not (tmp_path / "results").exists()


def test_warnings_name_their_consequence_and_stop_nothing(tmp_path: Path) -> None:
    path = tmp_path / "doubtful.yaml"
    text = SMALL.replace("advisers:", "assumptions: {trust.carry_over: 0.9}\nadvisers:", 1)
    path.write_text(text, encoding="utf-8")
    done = run("run", path, "-r", "1", "--out", "out", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (
        "CV160 outside-range  warning: 0.9 is outside the plausible range of 'trust.carry_over'"
        in done.stderr
    )
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_what_is_lived_past_a_term_is_told_by_check_and_compare_and_kept_for_the_report(
    tmp_path: Path,
) -> None:
    small(tmp_path, SMALL.replace("core-and-case", "not-for-profit-hours-2004"))
    done = run("compare", "small.yaml", "-r", "2", "-w", "1", "--out", "out", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = "what is lived from 2011-04-01 to 2011-07-31 lies past its term, which ended on 2007-09-30"
    assert told in done.stderr
    assert told in run("check", "small.yaml", cwd=tmp_path).stdout
    assert told in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert told in json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["warnings"][0]


def test_a_hostile_name_stays_inside(tmp_path: Path) -> None:
    title = '"=HYPERLINK(1)</script> \\u00e9"'
    small(tmp_path, SMALL.replace("A small agency", title), name="..%2f $(x) ;'.yaml")
    finished = run("run", "..%2f $(x) ;'.yaml", "-w", 1, "-r", 1, cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    (found,) = (tmp_path / "results").iterdir()
    assert found.name == "2f-x"
    assert finished.stdout.startswith("=HYPERLINK(1)</script> é\n")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_ended_run_leaves_nothing_that_looks_finished(tmp_path: Path, ending: signal.Signals) -> None:
    small(tmp_path)
    process = subprocess.Popen(
        line("run", "small.yaml", "-r", 100_000, "-w", 2, "-o", "out/here"),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        _wait_for(lambda: any(path.stat().st_size for path in (tmp_path / "out").glob(".*.worlds")))
        (os.killpg if ending == signal.SIGINT else os.kill)(process.pid, ending)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    kept, *left = sorted(
        (path.name for path in (tmp_path / "out").iterdir()), key=lambda name: name.endswith(".partial")
    )
    assert kept.startswith(".run-")
    assert kept.endswith(".worlds")
    if ending == signal.SIGKILL:
        assert [name.startswith(".here.") and name.endswith(".partial") for name in left] == [True]
        with pytest.raises(ResultsError, match="was interrupted while it was written"):
            open_run(tmp_path / "out" / left[0])
    else:
        assert process.returncode == (130 if ending == signal.SIGINT else 143)
        assert left == []
        assert re.fullmatch(
            r"Interrupted: (1 world is|\d+ worlds are) kept; the same command goes on from there\.",
            err.strip().splitlines()[-1],
        )
    assert out == ""
    _wait_for(lambda: not _group(process.pid))


def _group(leader: int) -> list[str]:
    """Processes that still live in a session that a test started."""
    lives = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            lives.append(stat.parent.name)
    return lives


def _wait_for(ready) -> None:  # type: ignore[no-untyped-def]
    for _ in range(1200):
        if ready():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


TIERED = """\
kind: contract
schema_version: 1
contract: tiered
title: A price for the first two matters of a year and no more
term: {starts: 2020-04-01, months: 120}
payments:
  - id: by_volume
    kind: tiers
    tiers:
      - {at_most: 2, amount: 90.00}
"""


def test_a_run_that_comes_beyond_the_last_tier_says_which_and_what_to_write(tmp_path: Path) -> None:
    (tmp_path / "tiered.yaml").write_text(TIERED)
    checked = run("check", "tiered.yaml", cwd=tmp_path)
    assert "tiered.yaml:10:9  CR032" in checked.stdout
    assert (
        "beyond 2 no tier applies, and a matter there is refused\n   fix: end with {over: ...}"
        in checked.stdout
    )
    asked = ("run", small(tmp_path), "-c", "tiered.yaml", "-r", 1, "-w", 1, "-o", "there")
    done = run(*asked, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    last = done.stderr.strip().splitlines()[-1]
    assert last == (
        "Error: no-tier (tiered, by_volume): it is matter 3 of the contract year, and no tier holds that; "
        "end its tiers with {over: ...}; `legalaid-sim check` of the contract shows the line"
    )
    assert not (tmp_path / "there").exists()
    (tmp_path / "tiered.yaml").write_text(f"{TIERED}      - {{over: 2, amount: 80.00}}\n")
    assert run(*asked, cwd=tmp_path).returncode == 0
