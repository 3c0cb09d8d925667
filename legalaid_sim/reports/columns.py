"""Rows of text in columns that fit a width: long headings go on below, what can be spared goes first."""

import shutil
from collections.abc import Iterator, Sequence
from textwrap import fill

from legalaid_sim.units import add_up

GAP = 2
LEAST = 16


def set_out(rows: Sequence[Sequence[str]], width: int, left: int = 1, spare: Sequence[int] = ()) -> str:
    """Set rows in columns, the first row as heading; the first ``left`` columns to the left, others right.

    Where the width does not hold them all, the columns of ``spare`` are left out in turn. Cells are never
    cut: in a width that holds not even the others, lines are longer.
    """
    kept = _kept(rows, width, spare)
    shown = [[row[at] for at in kept] for row in rows]
    widths = _widths(shown, width)
    lefts = add_up(at < left for at in kept)
    lines = [*_heading(shown[0], widths), *shown[1:]]
    return "\n".join(_line(line, widths, lefts) for line in lines)


def broken(text: str, width: int) -> list[str]:
    """Break a text into lines, after a hyphen or at a space where there is one, else wherever it must be.

    >>> broken("unified-contract-2007 (mechanical)", 16)
    ['unified-', 'contract-2007', '(mechanical)']
    """
    plain = "".join(letter if letter.isprintable() else "?" for letter in text)
    lines: list[str] = []
    while len(plain) > width:
        space = plain.rfind(" ", 1, width + 1)
        cut = max(space, plain.rfind("-", 1, width) + 1) if space > 0 else plain.rfind("-", 1, width) + 1
        cut = cut if cut > 0 else width
        lines.append(plain[:cut].rstrip())
        plain = plain[cut:].lstrip()
    return [*lines, plain]


def terminal_width() -> int:
    """Give the width to write to: the terminal's, or COLUMNS, or 100 characters."""
    return max(40, shutil.get_terminal_size((100, 24)).columns)


def wrapped(text: str, width: int | None = None) -> str:
    """Give a text in lines that the terminal holds; a name with hyphens, which is copied whole, is not parted."""
    held = terminal_width() if width is None else width
    return "\n".join(fill(line, held, break_on_hyphens=False) for line in text.split("\n"))


def _kept(rows: Sequence[Sequence[str]], width: int, spare: Sequence[int]) -> list[int]:
    kept = list(range(len(rows[0])))
    for column in spare:
        if add_up(_least(rows)[at] + GAP for at in kept) - GAP <= width:
            break
        kept.remove(column % len(rows[0]))
    return kept


def _least(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(_least_of(cells[0]), *map(len, cells[1:]), 0) for cells in zip(*rows)]


def _least_of(heading: str) -> int:
    # Wide enough for a word, unless that is longer than a column should be for its heading's sake.
    return min(LEAST, max(map(len, heading.replace("-", "- ").split()), default=0))


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    widths = _least(rows)
    room = width - add_up(widths) - GAP * (len(widths) - 1)
    # What is left goes to the narrowest of those whose heading is broken, until none is or nothing is left.
    while room > 0:
        short = [at for at, name in enumerate(rows[0]) if len(name) > widths[at]]
        if not short:
            break
        widths[min(short, key=lambda at: widths[at])] += 1
        room -= 1
    return widths


def _heading(names: Sequence[str], widths: Sequence[int]) -> Iterator[list[str]]:
    parts = [broken(name, width) if name else [""] for name, width in zip(names, widths)]
    for line in range(max(map(len, parts))):
        yield [part[line] if line < len(part) else "" for part in parts]


def _line(row: Sequence[str], widths: Sequence[int], left: int) -> str:
    cells = (
        f"{cell:<{width}}" if at < left else f"{cell:>{width}}"
        for at, (cell, width) in enumerate(zip(row, widths))
    )
    return (" " * GAP).join(cells).rstrip()
