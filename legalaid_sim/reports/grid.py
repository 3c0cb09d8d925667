"""A grid: a row a measure, a column a contract, in each cell a value over its interval, and what is told of it."""

from collections.abc import Sequence
from typing import NamedTuple

from legalaid_sim.reports.draw import SIZE, Drawing, box, clip, line, text, wrapped

STEP, HEAD, SMALL = 32.0, 30.0, 10.0
TINTS = {"better": "better", "worse": "worse", "more": "s6", "less": "s6"}


class Cell(NamedTuple):
    """What stands in a cell: the value with what is told of it, its interval, and the verdict that tints it."""

    value: str
    interval: str
    verdict: str


def grid(
    names: Sequence[str], rows: Sequence[tuple[str, str, Sequence[Cell]]], wide: float, labels: float = 170.0
) -> Drawing:
    """Draw rows of cells below the names of their columns; a row has a label and a word beneath it.

    A tint says better or worse, and the word in the cell says it too.
    """
    across = (wide - labels) / max(len(names), 1)
    parts = []
    for place, name in enumerate(names):
        x = labels + place * across
        for at, row in enumerate(wrapped(name, across - 6)[:2]):
            parts.append(text(x + 4, 11 + 13 * at, row, "muted"))
    for place, (label, below, cells) in enumerate(rows):
        y = HEAD + place * STEP
        parts += [line(0, y, wide, y), text(2, y + 13, clip(label, labels - 8))]
        parts.append(text(2, y + 26, clip(below, labels - 8, SMALL), "muted", SMALL))
        for at, cell in enumerate(cells):
            x, tint = labels + at * across, TINTS.get(cell.verdict, "")
            if tint:
                parts.append(box(x + 1, y + 2, across - 2, STEP - 3, tint, opacity=0.13))
            colour = cell.verdict if cell.verdict in ("better", "worse") else "ink" if tint else "unclear"
            parts.append(text(x + 4, y + 13, clip(cell.value, across - 6), colour, SIZE))
            parts.append(text(x + 4, y + 26, clip(cell.interval, across - 6, SMALL), "muted", SMALL))
    foot = HEAD + STEP * len(rows)
    return Drawing(wide, foot + 2, "".join([*parts, line(0, foot, wide, foot)]))
