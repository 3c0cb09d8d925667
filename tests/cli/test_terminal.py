"""What a terminal sees, through a real pseudo-terminal."""

import os
import pty
import subprocess
from pathlib import Path

from tests.cli.shell import environment, line, small


def shown(folder: Path, *words: object, **more: str) -> str:
    """Type a command in a terminal; give all that it shows."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        line(*words), cwd=folder, env=environment(**{"TERM": "xterm", **more}), stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            more_bytes = os.read(ours, 65536)
        except OSError:
            break
        if not more_bytes:
            break
        seen += more_bytes
    os.close(ours)
    process.wait(timeout=60)
    return seen.decode()


def test_a_terminal_shows_a_bar_and_then_clears_it(tmp_path: Path) -> None:
    small(tmp_path)
    text = shown(tmp_path, "run", "small.yaml", "-w", 1)
    assert "3 of 3 worlds, about 0 s left" in text
    assert text.index("of 3 worlds") < text.index("\r\x1b[K") < text.index("A small agency")


def test_quiet_shows_no_bar(tmp_path: Path) -> None:
    small(tmp_path)
    text = shown(tmp_path, "run", "small.yaml", "-w", 1, "-q")
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
    words = ("compare", "small.yaml", "-w", 1)
    coloured = shown(tmp_path, *words, "-o", "runa").rpartition("\x1b[K")[2]
    plain = shown(tmp_path, *words, "-o", "runb", NO_COLOR="1").rpartition("\x1b[K")[2]
    dumb = shown(tmp_path, *words, "-o", "runc", TERM="dumb").rpartition("\x1b[K")[2]
    assert "\x1b[1mA small agency\x1b[0m" in coloured
    assert "\x1b[" not in plain
    assert unstyle(coloured).replace("runa", "runb") == plain == dumb.replace("runc", "runb")


def test_what_is_not_a_terminal_gets_no_colour(tmp_path: Path) -> None:
    from tests.cli.shell import run

    small(tmp_path)
    assert "\x1b" not in run("run", "small.yaml", "-w", 1, cwd=tmp_path).stdout
