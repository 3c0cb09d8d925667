"""What a terminal sees, through a real pseudo-terminal."""

import os
import pty
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO

from tests.cli.shell import environment, line, run, run_into, small


def shown(folder: Path, *words: object, **more: str) -> str:
    """Type a command in a terminal; give all that it shows."""
    ours, theirs = pty.openpty()
    with ThreadPoolExecutor(1) as reader, open(ours, "rb", buffering=0) as far:
        seen = reader.submit(all_of, far)
        with open(theirs, "w", encoding="utf-8") as near:
            run_into(near, near, *words, cwd=folder, **{"TERM": "xterm", **more})
        return seen.result().decode()


def all_of(far: IO[bytes]) -> bytes:
    """Read to the end, which Linux tells of a terminal that nobody holds any more by an error."""
    seen = b""
    with suppress(OSError):
        while more := far.read(65536):
            seen += more
    return seen


def shown_apart(folder: Path, *words: object) -> str:
    """Type a command in a terminal in a process of its own; give all that it shows."""
    ours, theirs = pty.openpty()
    started = subprocess.Popen(
        line(*words), cwd=folder, env=environment(TERM="xterm"), stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    with open(ours, "rb", buffering=0) as far, started:
        return all_of(far).decode()


def test_a_terminal_shows_a_bar_and_then_clears_it(tmp_path: Path) -> None:
    small(tmp_path)
    text = shown_apart(tmp_path, "run", "small.yaml", "-w", 1)
    assert "3 of 3 worlds, about 0 s left" in text
    assert text.index("of 3 worlds") < text.index("\r\x1b[K") < text.index("A small agency")


def test_quiet_shows_no_bar(tmp_path: Path) -> None:
    small(tmp_path)
    text = shown(tmp_path, "run", "small.yaml", "-w", 1, "-r", 1, "-q")
    assert "worlds" not in text
    assert text.startswith("results/small/")


def test_errors_are_red_unless_no_color_is_set(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").touch()
    assert "\x1b[31mError:\x1b[0m mine.yaml: is there already" in shown(tmp_path, "init", "mine.yaml")
    plain = shown(tmp_path, "init", "mine.yaml", NO_COLOR="1")
    assert plain.startswith("Error: mine.yaml: is there already")
    assert "\x1b" not in plain


def test_a_table_has_colour_in_a_terminal_and_the_same_words_without(tmp_path: Path) -> None:
    from click import unstyle

    small(tmp_path)
    words = ("compare", "small.yaml", "-w", 1, "-r", 2, "--no-equal-money")
    coloured = shown(tmp_path, *words, "-o", "runa").rpartition("\x1b[K")[2]
    plain = shown(tmp_path, *words, "-o", "runb", NO_COLOR="1").rpartition("\x1b[K")[2]
    dumb = shown(tmp_path, *words, "-o", "runc", TERM="dumb").rpartition("\x1b[K")[2]
    assert "\x1b[1mA small agency\x1b[0m" in coloured
    assert "\x1b[" not in plain
    assert unstyle(coloured).replace("runa", "runb") == plain == dumb.replace("runc", "runb")


def test_what_is_not_a_terminal_gets_no_colour(tmp_path: Path) -> None:
    small(tmp_path)
    done = run("run", "small.yaml", "-w", 1, "-r", 1, cwd=tmp_path)
    assert "A small agency" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
