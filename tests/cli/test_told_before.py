"""What every command that lives worlds, or that writes where it is told, does before its work: asked of all of them."""

import json
import sys
from pathlib import Path

import click
import pytest

from legalaid_sim import cli
from legalaid_sim.cli import group
from legalaid_sim.experiments.run.steadiness import MARGIN
from tests.experiments import small, sweepers
from tests.importing.making import bulk, outcome, published

SWEEP = """\
vary: [{path: clients.arrivals.per_week, values: [2]}]
replications: 1
measures: [continuity.coc]
"""
# Its term is over before the days that are lived.
PAST = "relational-pilot"
TERM = f"'{PAST}': what is lived from"
OTHER = ("-c", "capitation-with-access-floor")
# Each as it is typed, without where it writes.
LIVES: dict[str, tuple[str, ...]] = {
    "run": ("small.yaml", "-r", "1", "-w", "1", "-q"),
    "compare": ("small.yaml", "-c", PAST, *OTHER, "-r", "2", "-w", "1", "-q", "--no-equal-money"),
    "sweep": ("sweep.yaml", "-w", "1", "-q"),
    "sensitivity": ("small.yaml", "-p", "trust.memory_days", "-n", "1", "-r", "1", "-w", "1", "--json"),
    "search": (
        "small.yaml", "-c", PAST, "--vary", "duties.short_form.minutes.adviser=2,30", "-g", "max:continuity.coc",
         "-n", "2", "-r", "2", "--fresh", "2", "-w", "1", "--json",
    ),
    "attribute": (
        "small.yaml", "--from", PAST, "--to", "unified-contract-2007", "-m", "continuity.coc", "-r", "2",
        "--exact-up-to", "0", "--orders", "1", "-w", "1",
    ),
    "frontier": (
        "small.yaml", "-c", PAST, *OTHER, "--patience", "0", "--patience", "9", "-r", "1", "--draws", "1", "-w", "1",
        "--own-money", "--json",
    ),
    "steady": ("small.yaml", "-r", "2", "-w", "1"),
}  # fmt: skip
WRITES: dict[str, tuple[str, ...]] = {
    **{name: words for name, words in LIVES.items() if name != "steady"},
    "export": ("made", "-f", "csv"),
    "price": ("unified-contract-2007", "--claims", "claims.csv"),
    "import": ("bulk.csv",),
    "resolve": ("unified-contract-2007",),
}
CLAIMS = (
    "claim_id,category,fee_code,opened,concluded,in_vat_registered\nA,housing,HOUS,2014-01-01,2014-05-01,no\n"
)


def typed(monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str) -> int:
    """Type a command, caught where the command line catches."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["legalaid-sim", *words])
    return cli._guarded()


def written(folder: Path, starts: str = "2015", contract: str = PAST) -> None:
    sweepers.written(folder, SWEEP)
    path, text = folder / "small.yaml", small.TEXT.format(respond="none", contracts=contract)
    few = text.replace("per_week: 4", "per_week: 1").replace("starts: 2008", f"starts: {starts}")
    path.write_text(few, encoding="utf-8")
    (folder / "claims.csv").write_text(CLAIMS, encoding="utf-8")
    (folder / "bulk.csv").write_text(bulk([outcome(1, published()[0])]), encoding="utf-8")


def commands_with(option: str) -> set[str]:
    context = click.Context(group)
    commands = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {
        name for name, known in commands.items() if known and option in {each.name for each in known.params}
    }


def test_every_command_that_writes_or_lives_is_asked_here() -> None:
    assert set(WRITES) == commands_with("out")
    # `why` and `reproduce` live what a results folder holds, which was told when it was made.
    assert set(LIVES) == commands_with("workers") - {"why", "reproduce", "validate"}


def extra(name: str) -> None:
    if name == "search":
        pytest.importorskip("optuna")
    if name == "sensitivity":
        pytest.importorskip("SALib")


@pytest.mark.parametrize("name", LIVES)
def test_what_is_doubtful_is_told_once_before_it_is_lived(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    extra(name)
    written(tmp_path)
    assert typed(monkeypatch, tmp_path, name, *LIVES[name]) == 0
    told = capsys.readouterr()
    assert told.err.count(TERM) == 1, told.err
    if "--json" in LIVES[name]:
        assert [TERM in words for words in json.loads(told.out)["warnings"]].count(True) == 1


@pytest.mark.parametrize("name", LIVES)
def test_a_contract_that_cannot_answer_is_refused_by_all(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    extra(name)
    written(tmp_path, "2008", "civil-scheme")
    words = [word if word != PAST else "civil-scheme" for word in LIVES[name]]
    assert typed(monkeypatch, tmp_path, name, *words) == 2
    assert "'civil-scheme' cannot answer for a debt matter" in capsys.readouterr().err
    assert not list(tmp_path.glob("results/**/*.*"))


@pytest.mark.parametrize("name", WRITES)
def test_a_place_in_a_file_is_refused_with_its_name_before_the_work(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    extra(name)
    written(tmp_path)
    if name == "export":
        assert typed(monkeypatch, tmp_path, "run", *LIVES["run"], "-o", "made") == 0
    (tmp_path / "home").write_text("a file", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr("legalaid_sim.world.sample", pytest.fail)
    capsys.readouterr()
    assert typed(monkeypatch, tmp_path, name, *WRITES[name], "--out", "home/there") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "there: cannot be" in said.err, said.err
    assert sorted(tmp_path.rglob("*")) == before


def test_the_margin_of_steady_is_the_library_s_and_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path)
    command = group.get_command(click.Context(group), "steady")
    assert command is not None
    assert next(each for each in command.params if each.name == "margin").default == MARGIN
    found = {}
    for margin in ("0.05", "1"):
        assert typed(monkeypatch, tmp_path, "steady", *LIVES["steady"], "--margin", margin) == 0
        found[margin] = capsys.readouterr().out
        assert f"surely less than {100 * float(margin):g} % of its level" in found[margin]
    assert found["1"].count("  steady") > found["0.05"].count("  steady")
