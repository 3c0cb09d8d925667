"""An option that several commands have is declared once, and is the same wherever it stands."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from inspect import isfunction
from pathlib import Path

import click
import pytest

from legalaid_sim import cli
from legalaid_sim.cli import options
from tests.cli.shell import ROOT

HERE = Path(cli.__file__).parent

# One flag that means another thing in each command: what it is there.
MEANINGS = {
    "--format": "how to print (assumptions, check), which file to write (export)",
    "--scenario": "a scenario to price matters of (diff), queueing scenarios to check (validate)",
    "--matter": "a matter in words (check), the id of one that was lived (explain)",
    "--from": "a contract to start from (attribute), a scenario to copy (init)",
    "--to": "a contract to arrive at (attribute), a copy to write (import)",
    "--contract": "codes that are known (import), a contract of a run (journey)",
    "--out": "a folder to make (import), a table or - (price), a flat contract (resolve)",
    "--until": "a day (import), a width (compare)",
}


def written_flags() -> Iterator[tuple[str, str]]:
    """Every flag that stands in the module of a command itself, with the command."""
    for path in sorted(HERE.glob("*_command.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "click.option":
                flags = [str(arg.value) for arg in node.args if isinstance(arg, ast.Constant)]
                for flag in flags:
                    if flag.startswith("--"):
                        yield flag, path.stem.removesuffix("_command")


def test_no_option_is_declared_in_two_commands() -> None:
    held: dict[str, list[str]] = {}
    for flag, command in written_flags():
        held.setdefault(flag, []).append(command)
    assert {flag for flag, commands in held.items() if len(commands) > 1} <= MEANINGS.keys()
    assert MEANINGS.keys() <= held.keys()


def commands() -> Iterator[click.Command]:
    for name in cli.COMMANDS:
        if (HERE / f"{name}_command.py").is_file():
            yield import_module(f"legalaid_sim.cli.{name}_command").command


@pytest.mark.parametrize("flag", ["--workers", "--seed", "--json", "--quiet", "--replications", "--measure"])
def test_what_is_shared_looks_the_same_in_every_command(flag: str) -> None:
    found = [
        param
        for command in commands()
        for param in command.params
        if isinstance(param, click.Option) and flag in param.opts
    ]
    assert len(found) > 1
    for what in ("name", "metavar", "multiple", "is_flag"):
        assert len({getattr(param, what) for param in found}) == 1, what
    assert len({tuple(param.opts) for param in found}) == 1


def test_every_option_that_is_shared_is_used() -> None:
    names = {
        name
        for name, value in vars(options).items()
        if isfunction(value) and value.__module__ == options.__name__
    }
    used = {
        node.func.attr
        for path in HERE.glob("*_command.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func.value) == "options"
    }
    assert names == used


def test_whatever_prints_json_is_described() -> None:
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    described = set(re.findall(r"(?m)^## `legalaid-sim (\w+)\b[^`]*--json`", page))
    has_it = {
        name
        for name in cli.COMMANDS
        if any(
            "--json" in each.opts for each in import_module(f"legalaid_sim.cli.{name}_command").command.params
        )
    }
    assert "run" in has_it
    assert has_it == described
