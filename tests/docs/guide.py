"""Do what a guide says, block by block, in one folder.

A ``console`` block is typed: each line that begins with ``$`` must succeed (or, under a comment ``exits
1``, end so), and what stands below it must be in what it prints, in that order; ``…`` stands for
anything. A ``yaml`` block whose first line is a comment with a file name is written to that file.
``python`` and ``bash`` blocks are run. A guide's plain commands are typed within this process. Under a comment
``until Ctrl-C`` a command is interrupted when it has printed what stands there. A comment before a block may say
``long`` (run with ``-m long`` only), ``needs: x`` (a Python library that may be absent), ``not run: why``, or
``numbers of the day``: numbers and the breaks of lines may then differ from what stands there, and who is named is
whom the last run named.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

import pytest

from legalaid_sim.experiments.shared import executors
from tests.cli.shell import ROOT, Typed, environment, run

Ended = Typed | subprocess.CompletedProcess[str]
Typing = Callable[[str, Path, dict[str, str]], Ended]

BLOCK = re.compile(
    r"(?:^<!-- (?P<note>[^>]*) -->\n)?^```(?P<language>[a-z]+)\n(?P<body>.*?)^```$", re.M | re.S
)
EXECUTED = ("console", "python", "bash", "yaml")
SHOWN = ("text", "json", "mermaid")
FILE_NAME = re.compile(r"# ([a-z0-9/_-]+\.yaml)\b")


class Block(NamedTuple):
    """One block of a guide: its line, language, text, and what the comment before it says."""

    line: int
    language: str
    body: str
    note: str

    @property
    def is_long(self) -> bool:
        return self.note.startswith("long")

    @property
    def missing(self) -> str:
        """The library that the block needs and that is not here."""
        need = re.match(r"needs: ([a-z0-9_]+)", self.note)
        return need.group(1) if need and find_spec(need.group(1)) is None else ""

    @property
    def runs(self) -> bool:
        return self.language in EXECUTED and not self.note.startswith("not run: ") and not self.missing


def blocks_of(path: Path) -> Iterator[Block]:
    text = path.read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("language")) + 1
        yield Block(line, found["language"], found["body"], found["note"] or "")


def follow(path: Path, folder: Path, with_long: bool = False) -> None:
    """Do all that a guide says, in a folder that holds the scenarios of the repository and nothing else."""
    around = surroundings(folder)
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    for block in blocks_of(path):
        if block.runs and (with_long or not block.is_long):
            {**DOERS, "console": _console_here}[block.language](
                block, folder, around, f"{path.name}:{block.line}"
            )


def surroundings(folder: Path) -> dict[str, str]:
    """An environment in which the command and Python are those that run the tests."""
    tools = folder.parent / "bin"
    tools.mkdir(exist_ok=True)
    for name, words in (("legalaid-sim", "-m legalaid_sim "), ("python", "")):
        (tools / name).write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {words}"$@"\n')
        (tools / name).chmod(0o755)
    return environment(PATH=f"{tools}:{os.environ['PATH']}", COLUMNS="100", PYTHONWARNINGS="default")


NAMED = re.compile(r"--matter (\S+)")
SOMEBODY = re.compile(r"\b[ce]\d{5}(?:\.p\d+(?:\.m\d+)?)?\b")
NUMBER = re.compile(r"[+\u2212-]?\d[\d,.]*")


# What only a shell reads, outside quotes.
OF_A_SHELL = re.compile(r"[|&;<>$`*?~#!(){}\[\]]")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def plain_words(command: str) -> list[str] | None:
    """The words of a command that asks nothing of a shell but to call ``legalaid-sim``; None where it asks more."""
    line = command.replace("\\\n", " ")
    if OF_A_SHELL.search(QUOTED.sub("", line)) or "\n" in line:
        return None
    name, *words = shlex.split(line)
    return words if name == "legalaid-sim" else None


def _here(command: str, folder: Path, around: dict[str, str]) -> Ended:
    """Type a command: in this process, which has imported it already, where it is a plain one."""
    words = plain_words(command)
    if words is None:
        return _apart(command, folder, around)
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("default")
        # A pool of processes would import all of it again; that they move nothing is shown elsewhere.
        patch.setattr(executors, "available", lambda: 1)
        return run(*words, cwd=folder, COLUMNS=around["COLUMNS"])


def _apart(command: str, folder: Path, around: dict[str, str]) -> Ended:
    return _run(["bash", "-c", command], folder, around)


def _console(block: Block, folder: Path, around: dict[str, str], where: str, type_: Typing = _apart) -> None:
    of_the_day = block.note.startswith("numbers of the day")
    for command, expected in _typed(block.body):
        command = _with_those_named(command, folder) if of_the_day else command
        if block.note == "until Ctrl-C":
            _interrupted(command, expected, folder, around, where)
            continue
        done = type_(command, folder, around)
        wanted = int(match.group(1)) if (match := re.match(r"exits (\d+)", block.note)) else 0
        assert done.returncode == wanted, f"{where}: $ {command}\n{done.stdout}{done.stderr}"
        shown = done.stdout + done.stderr
        missed = first_unlike(expected, shown) if of_the_day else first_missing(expected, shown)
        _note_who_is_named(shown, folder)
        assert missed is None, (
            f"{where}: $ {command}\nprints no line\n  {missed}\nit prints\n{done.stdout}{done.stderr}"
        )


def _interrupted(
    command: str, expected: list[str], folder: Path, around: dict[str, str], where: str, patience: int = 120
) -> None:
    """Wait until a command has printed what is expected, then press Ctrl-C."""
    kept = folder.parent / "printed"
    with kept.open("w", encoding="utf-8") as out:
        running = subprocess.Popen(
            ["bash", "-c", f"exec {command}"], cwd=folder, env=around, stdout=out, stderr=out
        )
    late = monotonic() + patience
    while running.poll() is None and monotonic() < late:
        if first_missing(expected, kept.read_text(encoding="utf-8")) is None:
            break
        sleep(0.1)
    assert running.poll() is None, (
        f"{where}: $ {command}\nended by itself\n{kept.read_text(encoding='utf-8')}"
    )
    running.send_signal(signal.SIGINT)
    running.wait(patience)
    shown = kept.read_text(encoding="utf-8")
    assert first_missing(expected, shown) is None, f"{where}: $ {command}\nit prints\n{shown}"


def _typed(body: str) -> Iterator[tuple[str, list[str]]]:
    for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
        lines = part.rstrip("\n").split("\n")
        count = 1
        while not _is_whole("\n".join(lines[:count])):
            count += 1
        yield "\n".join(lines[:count]), [line for line in lines[count:] if line.strip()]


def _is_whole(command: str) -> bool:
    read = subprocess.run(["bash", "-n", "-c", command], capture_output=True, check=False)
    return read.returncode == 0 and not command.endswith("\\")


def first_missing(expected: list[str], shown: str) -> str | None:
    """Give the first expected line that does not follow in what was shown; ``…`` stands for anything."""
    lines = iter(" ".join(line.split()) for line in shown.splitlines())
    for line in expected:
        pattern = ".*".join(map(re.escape, " ".join(line.split()).split("…")))
        if not any(re.fullmatch(pattern, found) for found in lines):
            return line
    return None


def first_unlike(expected: list[str], shown: str) -> str | None:
    """Give the first expected part, between two ``…``, that does not follow in what was shown, whatever its numbers."""
    rest = " ".join(shown.split())
    for part in filter(None, (part.strip() for part in " ".join(" ".join(expected).split()).split("…"))):
        pattern = "#".join(map(re.escape, NUMBER.split(SOMEBODY.sub("@", part))))
        pattern = pattern.replace("#", NUMBER.pattern).replace("@", SOMEBODY.pattern)
        found = re.search(pattern, rest)
        if found is None:
            return part
        rest = rest[found.end() :]
    return None


def _with_those_named(command: str, folder: Path) -> str:
    """Put the matter that the last run named in place of the one that the guide names, or its client."""
    kept = folder.parent / "named"
    if not kept.exists():
        return command
    matter = kept.read_text(encoding="utf-8")
    return SOMEBODY.sub(lambda found: ".".join(matter.split(".")[: found[0].count(".") + 1]), command)


def _note_who_is_named(shown: str, folder: Path) -> None:
    if named := NAMED.findall(shown):
        (folder.parent / "named").write_text(named[-1], encoding="utf-8")


def _script(program: list[str]):  # type: ignore[no-untyped-def]
    def do(block: Block, folder: Path, around: dict[str, str], where: str) -> None:
        done = _run([*program, block.body], folder, around)
        assert done.returncode == 0, f"{where}\n{done.stdout}{done.stderr}"

    return do


def _file(block: Block, folder: Path, around: dict[str, str], where: str) -> None:
    name = FILE_NAME.match(block.body)
    if name is not None:
        (folder / name.group(1)).parent.mkdir(parents=True, exist_ok=True)
        (folder / name.group(1)).write_text(block.body, encoding="utf-8")


def _run(words: list[str], folder: Path, around: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        words, cwd=folder, env=around, capture_output=True, text=True, timeout=600, check=False
    )


_console_here = partial(_console, type_=_here)
DOERS = {
    "console": _console,
    "yaml": _file,
    "python": _script([sys.executable, "-c"]),
    "bash": _script(["bash", "-euc"]),
}
