"""Charts whose rows have long names: each name stands above its bar, over the whole width."""

from collections.abc import Sequence
from math import fsum
from typing import NamedTuple

from legalaid_sim.reports.charts import IntervalRow
from legalaid_sim.reports.draw import (
    SIZE,
    WIDEST,
    Drawing,
    Scale,
    box,
    clip,
    dot,
    line,
    padded,
    text,
    wrapped,
)
from legalaid_sim.reports.lettering import width

LINE, BAR, EDGE, MOST_LINES = 13.0, 17.0, 6.0, 2


class Swing(NamedTuple):
    """What a parameter does: a row, and how far chance alone goes to each side of nothing; None where not known."""

    row: IntervalRow
    noise: float | None = None


def tornado(swings: Sequence[Swing]) -> Drawing:
    """Draw changes about nothing, what chance alone may do shaded behind each, names in full above."""
    ends = [v for swing in swings for v in (swing.row.mean, swing.row.low, swing.row.high) if v is not None]
    ends += [side * swing.noise for swing in swings if swing.noise is not None for side in (-1, 1)]
    scale = Scale(*padded(min([0.0, *ends]), max([0.0, *ends])), EDGE, WIDEST - EDGE)
    parts, y = [], 0.0
    for swing in swings:
        row, colour = swing.row, "unclear" if swing.row.tone else "s1"
        told, y = _named(row.label, row.words, y)
        parts += told
        if swing.noise:
            left, right = scale.at(-swing.noise), scale.at(swing.noise)
            parts.append(box(left, y + 1, right - left, BAR - 6, "unclear", "", 0.22))
        parts.append(line(scale.at(0), y, scale.at(0), y + BAR - 3, "ink"))
        if row.low is not None and row.high is not None:
            parts.append(line(scale.at(row.low), y + 6, scale.at(row.high), y + 6, colour, 2))
        parts.append(dot(scale.at(row.mean), y + 6, colour))
        y += BAR
    return Drawing(WIDEST, y + 2, "".join(parts))


def waterfall(start: IntervalRow, rows: Sequence[IntervalRow], whole: IntervalRow) -> Drawing:
    """Draw how parts lead from a level to another: each bar begins where the one before ends, the whole in outline.

    ``start`` gives the level that is begun at, ``whole`` the difference; an upright line stands at the level begun at.
    """
    sums = [start.mean + fsum(row.mean for row in rows[:place]) for place in range(len(rows) + 1)]
    scale = Scale(
        *padded(min(*sums, start.mean + whole.mean), max(*sums, start.mean + whole.mean)), EDGE, WIDEST - EDGE
    )
    told, y = _named(start.label, start.words, 0.0)
    parts = [*told, dot(scale.at(start.mean), y + 6, "ink", 4)]
    y += BAR
    for place, (row, begins) in enumerate(zip((*rows, whole), (*sums[:-1], start.mean))):
        told, y = _named(row.label, row.words, y)
        a, b = sorted((scale.at(begins), scale.at(begins + row.mean)))
        last = place == len(rows)
        fill = "paper" if last else "s1" if row.mean >= 0 else "s2"
        parts += [*told, box(a, y, max(b - a, 1), 11, fill, "s6" if last else "")]
        parts.append(line(scale.at(start.mean), y - 2, scale.at(start.mean), y + 13, "ink", 1, "2 2"))
        y += BAR
    return Drawing(WIDEST, y + 2, "".join(parts))


def _named(label: str, words: str, y: float) -> tuple[list[str], float]:
    """Write a name and, at its end, what is said of it; give where the bar begins."""
    said = width(words, SIZE) + 8
    lines = wrapped(label, WIDEST - 4)
    if len(lines) > MOST_LINES or width(lines[-1], SIZE) + said > WIDEST - 4:
        lines = wrapped(label, WIDEST - 4 - said)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], clip(" ".join(lines[MOST_LINES - 1 :]), WIDEST - 4 - said)]
    parts = [text(2, y + LINE * (place + 1) - 2, line_) for place, line_ in enumerate(lines)]
    foot = y + LINE * len(lines)
    parts.append(text(WIDEST - 2, foot - 2, words, anchor="end"))
    return parts, foot + 2
