import subprocess
import sys
from inspect import cleandoc
from pathlib import Path

import pytest

from legalaid_sim.cli import COMMANDS, group
from tests.cli.shell import ROOT, environment, run, run_apart

HEAVY = ("pydantic", "numpy", "simpy", "yaml", "sqlite3", "holidays", "multiprocessing", "concurrent.futures")
ASK = """
import sys
from legalaid_sim.cli import main
sys.argv = ["legalaid-sim", {words}]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print([name for name in {heavy} if name in sys.modules], file=sys.stderr)
"""


HELPS = ('"--help"', '"-h"', '"--version"', '"run", "--help"', '"list", "-h"', '"init", "-h"')


@pytest.mark.parametrize("words", HELPS)
def test_help_imports_nothing_heavy(words: str) -> None:
    script = ASK.format(words=words, heavy=HEAVY)
    typed, where = [sys.executable, "-c", script], environment()
    done = subprocess.run(typed, env=where, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr.strip() == "[]"
    assert done.stdout


def test_help_begins_with_examples_and_lists_what_is_there(tmp_path: Path) -> None:
    done = run_apart("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.index("legalaid-sim run scenarios/") < done.stdout.index("Options:")
    modules = (ROOT / "legalaid_sim/cli").glob("*_command.py")
    there = {path.name.removesuffix("_command.py") for path in modules}
    assert set(group.list_commands(None)) == there  # type: ignore[arg-type]
    assert there <= set(COMMANDS)
    shown = " ".join(done.stdout.split())
    for name in there:
        assert COMMANDS[name] in shown


@pytest.mark.parametrize("name", [name for name in COMMANDS if name in group.list_commands(None)])  # type: ignore[arg-type]
def test_every_command_has_help_with_an_example(name: str) -> None:
    command = group.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert cleandoc(command.help or "").startswith(f"\b\nExamples:\n  legalaid-sim {name}")


def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    from legalaid_sim import __version__

    assert run_apart("--version", cwd=tmp_path).stdout == f"legalaid-sim, version {__version__}\n"


def test_a_misspelt_command_is_guessed(tmp_path: Path) -> None:
    done = run_apart("rum", cwd=tmp_path)
    assert done.returncode == 2
    assert "There is no command 'rum'. Did you mean 'run'?" in done.stderr


def test_a_misspelt_option_is_guessed(tmp_path: Path) -> None:
    done = run("run", "x.yaml", "--replication", "3", cwd=tmp_path)
    assert done.returncode == 2
    assert "--replications" in done.stderr


def test_init_writes_a_scenario_that_is_valid_and_never_overwrites(tmp_path: Path) -> None:
    done = run("init", "mine.yaml", cwd=tmp_path)
    assert done.returncode == 0
    assert "next: legalaid-sim run mine.yaml" in done.stdout
    text = (tmp_path / "mine.yaml").read_text()
    assert "# the first day that counts" in text
    from legalaid_sim.scenario import read_scenario

    file = read_scenario(tmp_path / "mine.yaml")
    assert file.scenario.contracts
    assert file.warnings == ()
    again = run("init", "mine.yaml", cwd=tmp_path)
    assert again.returncode == 2
    assert "mine.yaml: is there already and is left as it is; give another name" in again.stderr
    assert (tmp_path / "mine.yaml").read_text() == text


def test_init_fills_a_folder(tmp_path: Path) -> None:
    assert run("init", "deep/studies", cwd=tmp_path).returncode == 0
    assert (tmp_path / "deep/studies/scenario.yaml").exists()
    assert run("init", cwd=tmp_path).returncode == 0
    assert (tmp_path / "scenario.yaml").exists()


def test_lists(tmp_path: Path) -> None:
    import json

    from legalaid_sim.contracts.language.load import library_names
    from legalaid_sim.measures import REGISTRY

    known = json.loads(run("list", "contracts", "--json", cwd=tmp_path).stdout)
    assert known["schema_version"] == 1
    assert [row["name"] for row in known["contracts"]] == list(library_names())
    assert all(row["title"] for row in known["contracts"])
    rows = json.loads(run("list", "measures", "--json", cwd=tmp_path).stdout)["measures"]
    assert [row["name"] for row in rows] == list(REGISTRY)
    assert all(row["formula"] and row["unit"] for row in rows)
    assert run("list", "scenarios", cwd=tmp_path).stdout == "there are no scenarios here\n"
    asked = run("list", cwd=tmp_path)
    assert asked.returncode == 0
    assert f"{len(rows)} measures   legalaid-sim list measures" in asked.stdout
    (tmp_path / "other.yaml").write_text("a: b\n")
    (tmp_path / "broken.yaml").write_bytes(b"\xff\xfe")
    run("init", cwd=tmp_path)
    listed = run("list", "scenarios", cwd=tmp_path).stdout
    assert listed.startswith("scenario.yaml  A small advice agency  What does")


def test_tables_fit_the_width(tmp_path: Path) -> None:
    for width in (80, 110, 160):
        for what, name in (("measures", "continuity.coc"), ("contracts", "relational-pilot")):
            table = run("list", what, cwd=tmp_path, COLUMNS=str(width)).stdout
            assert max(map(len, table.splitlines())) <= width
            assert name in table


def test_a_reader_that_leaves_early_causes_no_noise(tmp_path: Path) -> None:
    words = f"{sys.executable} -m legalaid_sim list measures --json | head -c 5"
    done = subprocess.run(
        ["bash", "-c", words], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.stdout == '{\n  "'
    assert done.stderr == ""
