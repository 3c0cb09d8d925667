"""The charts of the report, each a function from plain rows to a drawing.

Everything is labelled where it stands: a row carries its mean and interval as words, a line its name at its end. A
chart of rows or lines is at most ``WIDEST`` wide, so that several stand abreast on a screen and one on a telephone.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from legalaid_sim.reports.draw import (
    DASHES,
    SERIES,
    SIZE,
    WIDEST,
    Drawing,
    Scale,
    apart,
    area,
    box,
    centred,
    clip,
    dot,
    level_axis,
    line,
    padded,
    path,
    some,
    text,
    ticks,
    upright_axis,
)
from legalaid_sim.reports.lettering import width
from legalaid_sim.reports.numbers import PER_CENT

ROW, LABELS, LEAST_PLOT = 18.0, 122.0, 60.0
TONES = {"better": "better", "worse": "worse", "more": "ink", "less": "ink"}


class IntervalRow(NamedTuple):
    """A value with its interval; ``words`` say both, and whether it is better or worse, which ``tone`` colours."""

    label: str
    mean: float
    low: float | None
    high: float | None
    words: str
    tone: str = ""
    hollow: bool = False


class CurveLine(NamedTuple):
    """A line with a name; points have x and y, those of the band around it x, low and high. No y: a gap."""

    name: str
    points: Sequence[tuple[float, float | None]]
    band: Sequence[tuple[float, float, float]] = ()


class Bar(NamedTuple):
    """A bar in parts, the first solid and the second an outline, with words at its end; ``ends`` are of its whole."""

    label: str
    parts: Sequence[float]
    words: str
    ends: tuple[float, float] | None = None


class Stack(NamedTuple):
    """Shares that make up a whole, one after another, each with the words that stand in it where there is room."""

    label: str
    parts: Sequence[float]
    words: Sequence[str]


class Both(NamedTuple):
    """Shares to both sides of nothing: who gained, to the right, and who lost, to the left; ``ends`` of both."""

    label: str
    gained: float
    lost: float
    words: tuple[str, str]
    ends: tuple[tuple[float, float], tuple[float, float]] | None = None


def percent(value: float) -> str:
    """Show a share as an axis does.

    >>> percent(0.25), percent(0.004)
    ('25%', '0.4%')
    """
    return f"{100 * value:.3g}%"


def plainly(value: float) -> str:
    """Show a number as an axis does."""
    return f"{value:,.6g}".replace("-", "−")


def thousands(value: float) -> str:
    """Show money as an axis does.

    >>> thousands(20_000), thousands(-500), thousands(1_250_000)
    ('£20k', '−£500', '£1.25m')
    """
    size = abs(value)
    shown = f"{size / 1e6:g}m" if size >= 1e6 else f"{size / 1e3:g}k" if size >= 1e3 else f"{size:g}"
    return f"{'−' if value < 0 else ''}£{shown}"


def axis_of(unit: str) -> Callable[[float], str]:
    """Give how an axis of values in this unit shows them."""
    return percent if unit == PER_CENT else thousands if unit.startswith("GBP") else plainly


def reach_of(rows: Sequence[IntervalRow], nothing: bool = True) -> tuple[float, float]:
    """Give the range that holds every mean and interval, and 0 where it is asked for."""
    ends = [value for row in rows for value in (row.mean, row.low, row.high) if value is not None]
    ends += [0.0] if nothing else []
    return (min(ends), max(ends)) if ends else (0.0, 1.0)


def levels(
    rows: Sequence[IntervalRow],
    reach: tuple[float, float] | None = None,
    mark: float | None = None,
    show: Callable[[float], str] | None = None,
    title: str = "",
) -> Drawing:
    """Draw a line for every row: its label, its value with interval, both in words at the end.

    ``reach`` is the range drawn, else one that holds everything. An upright line stands at ``mark``; ``show``, where it
    is given, writes an axis below. Where labels and words leave no room for the plot it stands under them, and where
    they leave none for each other words stand under their label.
    """
    ends = max((width(row.words, SIZE) for row in rows), default=0.0)
    room = min(LABELS, max((width(row.label, SIZE) for row in rows), default=0.0))
    below = WIDEST - room - ends - 20 < LEAST_PLOT
    start, end = (6.0, WIDEST - 6) if below else (room + 10, WIDEST - ends - 10)
    parted = 13.0 * any(width(row.label, SIZE) + width(row.words, SIZE) + 14 > WIDEST for row in rows)
    step = ROW + 13 + parted if below else ROW
    scale = Scale(*(reach or padded(*reach_of(rows))), start, end)
    foot = step * len(rows)
    parts = [level_axis(scale, 0, foot, show, title)] if show else [line(start, foot, end, foot)]
    parts += [line(scale.at(mark), 0, scale.at(mark), foot, "ink")] if mark is not None and not below else []
    for place, row in enumerate(rows):
        y = place * step + ROW / 2
        if mark is not None and below:
            parts.append(line(scale.at(mark), y + parted + 6, scale.at(mark), y + parted + 20, "ink"))
        told = y + parted if below else y
        beside = WIDEST - 4 - (0 if parted else width(row.words, SIZE) + 10)
        parts += [text(2, y + 4, clip(row.label, beside if below else room))]
        parts += [text(WIDEST - 2, told + 4, row.words, TONES.get(row.tone, "ink"), anchor="end")]
        parts += _spread(scale, row, told + 13 if below else y)
    return Drawing(WIDEST, foot + (14 if show else 4) + (18 if title else 2), "".join(parts))


def _spread(scale: Scale, row: IntervalRow, y: float) -> list[str]:
    colour = TONES.get(row.tone, "unclear" if row.tone else "s1")
    drawn = [dot(scale.at(row.mean), y, colour, 4, row.hollow)]
    if row.low is None or row.high is None:
        return drawn
    # A sliver of an interval is still to be seen beside its point.
    return [line(scale.at(row.low), y, scale.at(row.high), y, colour, 2), *drawn]


def bars(rows: Sequence[Bar], most: float, title: str, show: Callable[[float], str] = plainly) -> Drawing:
    """Draw bars in two parts with words at the end; ``most`` is the longest of all that are to be compared."""
    room = min(150.0, max((width(row.label, SIZE) for row in rows), default=0.0))
    ends = max((width(row.words, SIZE) for row in rows), default=0.0)
    scale = Scale(0, some(most), room + 10, WIDEST - ends - 8)
    foot = (ROW + 2) * len(rows)
    parts = [level_axis(scale, 0, foot, show, title)]
    for place, row in enumerate(rows):
        y, x = place * (ROW + 2) + 3, scale.start
        parts.append(text(2, y + 11, clip(row.label, room)))
        for value, (fill, edge) in zip(row.parts, (("s1", "s1"), ("paper", "s1"))):
            wide = scale.at(value) - scale.start
            parts += [box(x, y, wide, 13, fill, edge)] if wide > 0 else []
            x += wide
        if row.ends is not None:
            low, x = scale.at(max(row.ends[0], 0.0)), max(x, scale.at(row.ends[1]))
            parts.append(line(low, y + 6.5, scale.at(row.ends[1]), y + 6.5, "ink", 1.5))
        parts.append(text(x + 5, y + 11, row.words))
    return Drawing(WIDEST, foot + 34, "".join(parts))


def stacks(
    rows: Sequence[Stack], names: Sequence[str], wide: float = WIDEST, mark: float | None = None
) -> Drawing:
    """Draw bars of one length in parts, the parts in one order and named above; words in a part where it holds them.

    Beyond ``WIDEST`` labels stand to the left of their bars, else above them. Strokes stand at ``mark``.
    """
    broad = wide > WIDEST
    left = min(LABELS, max((width(row.label, SIZE) for row in rows), default=0.0)) + 10 if broad else 0.0
    scale, step = Scale(0, 1, left, wide), 22.0 if broad else 33.0
    head, top = _named(names, left, wide)
    parts = [head]
    for place, row in enumerate(rows):
        y = top + place * step
        parts.append(text(2, y + 13 if broad else y + 10, clip(row.label, LABELS if broad else wide)))
        y, at = y if broad else y + 14, 0.0
        for tone, (part, words) in enumerate(zip(row.parts, row.words)):
            x, end = scale.at(at), scale.at(at + part)
            at += part
            parts.append(box(x, y, max(end - x - 1, 0.0), 17, SERIES[tone % len(SERIES)]))
            shown = next((w for w in (words, words.partition(",")[0]) if width(w, SIZE) < end - x - 5), "")
            parts.append(text((x + end - 1) / 2, y + 12.5, shown, "paper", anchor="middle"))
        if mark is not None:
            # Above and below the bar, so that it crosses no word.
            parts += [
                line(scale.at(mark), a, scale.at(mark), b, "ink", 2)
                for a, b in ((y - 4, y), (y + 17, y + 21))
            ]
    return Drawing(wide, top + step * len(rows) + 2, "".join(parts))


def _named(names: Sequence[str], left: float, wide: float) -> tuple[str, float]:
    """Name the parts in their order, each behind a patch of its colour; give the foot of that too."""
    parts, x, y = [], left, 2.0
    for tone, name in enumerate(names):
        if x > left and x + 15 + width(name, SIZE) > wide:
            x, y = left, y + 16
        parts += [box(x, y, 10, 10, SERIES[tone % len(SERIES)]), text(x + 14, y + 9, name)]
        x += 14 + width(name, SIZE) + 14
    return "".join(parts), y + 18


def columns(
    bins: Sequence[str], series: Sequence[tuple[str, Sequence[float]]], title: str, top: float
) -> Drawing:
    """Draw columns side by side, those of the first series solid, of the second an outline; all shares."""
    left, high = 36.0, 130.0
    scale = Scale(0, some(top), high, 18)
    parts = [upright_axis(scale, left, WIDEST, percent, 4)]
    step = (WIDEST - left) / len(bins)
    wide = (step - 8) / max(len(series), 1)
    for place, name in enumerate(bins):
        middle = left + step * (place + 0.5)
        parts.append(text(middle, high + 14, name, "muted", anchor="middle"))
        for at, (_, values) in enumerate(series):
            y = scale.at(values[place])
            fill = "s1" if at == 0 else "paper"
            parts.append(box(left + step * place + 4 + at * wide, y, wide - 2, high - y, fill, "s1"))
    parts.append(centred((left + WIDEST) / 2, high + 30, title))
    return Drawing(WIDEST, high + 36, "".join(parts))


def lines(
    series: Sequence[CurveLine],
    title: str,
    show: Callable[[float], str],
    *,
    low: float | None = None,
    high: float | None = None,
    step: bool = False,
    shaded: tuple[float, float] | None = None,
    marks: Sequence[float] = (),
    tall: float = 150.0,
) -> Drawing:
    """Draw lines with their names at their ends, told apart by dash and colour, in bands where they have one.

    What is ``shaded`` counts; an upright line stands at each of ``marks``. Where 0 lies within, it is drawn in ink.
    """
    left, right, top = 46.0, WIDEST - _names(series), 8.0
    xs = [x for each in series for x, _ in each.points] or [0.0, 1.0]
    ys = [y for each in series for _, y in each.points if y is not None]
    ys += [y for each in series for _, a, b in each.band for y in (a, b)]
    least, most = padded(min(ys, default=0.0), max(ys, default=1.0), 0.04)
    upright = Scale(least if low is None else low, most if high is None else high, top + tall, top)
    level = Scale(min(xs), max(xs), left, right)
    parts = []
    if shaded:
        x, end = level.at(max(shaded[0], level.low)), level.at(min(shaded[1], level.high))
        parts.append(box(x, top, end - x, tall, "shade"))
    parts.append(upright_axis(upright, left, right, show, 4))
    parts += [line(level.at(x), top, level.at(x), top + tall, "muted", 1, "2 3") for x in marks]
    if upright.low < 0 < upright.high:
        parts.append(line(left, upright.at(0), right, upright.at(0), "ink", 1.4))
    for place, each in enumerate(series):
        colour = SERIES[place % len(SERIES)]
        parts.append(area([(level.at(x), upright.at(b), upright.at(a)) for x, a, b in each.band], colour))
        dash = DASHES[place % len(DASHES)]
        parts += [path(run, colour, dash, step=step) for run in _runs(each, level, upright)]
    parts.append(_ends(series, upright, right, top, tall))
    for x in ticks(level.low, level.high, 6):
        parts.append(text(level.at(x), top + tall + 14, plainly(x), "muted", anchor="middle"))
    parts.append(centred((left + right) / 2, top + tall + 29, title))
    return Drawing(WIDEST, top + tall + 34, "".join(parts))


def _names(series: Sequence[CurveLine]) -> float:
    longest = max((width(each.name, SIZE) for each in series), default=0.0)
    return min(122.0, longest) + 8


def _runs(each: CurveLine, level: Scale, upright: Scale) -> list[list[tuple[float, float]]]:
    """Give the stretches of a line that have values."""
    found: list[list[tuple[float, float]]] = [[]]
    for x, y in each.points:
        if y is None:
            found.append([])
        else:
            found[-1].append((level.at(x), upright.at(y)))
    return [run for run in found if run]


def _ends(series: Sequence[CurveLine], upright: Scale, right: float, top: float, tall: float) -> str:
    last = [next((y for _, y in reversed(each.points) if y is not None), None) for each in series]
    held = [(place, y) for place, y in enumerate(last) if y is not None]
    wanted = [upright.at(y) for _, y in held]
    parts = []
    for (place, _), y, want in zip(held, apart(wanted, 13, top + 4, top + tall), wanted):
        colour = SERIES[place % len(SERIES)]
        parts.append(line(right, want, right + 5, y, colour))
        parts.append(text(right + 7, y + 4, clip(series[place].name, WIDEST - right - 7), colour))
    return "".join(parts)


def diverging(rows: Sequence[Both], limit: float, title: str) -> Drawing:
    """Draw shares who gained to the right, solid, and who lost to the left, outlined, with words for both."""
    room = min(150.0, max((width(row.label, SIZE) for row in rows), default=0.0))
    side = max((width(words, SIZE) for row in rows for words in row.words), default=0.0) + 6
    scale = Scale(-some(limit), some(limit), room + 10 + side, WIDEST - side)
    foot = (ROW + 2) * len(rows)
    parts = [level_axis(scale, 0, foot, lambda value: percent(abs(value)), title)]
    middle = scale.at(0)
    for place, row in enumerate(rows):
        y = place * (ROW + 2) + 3
        left, right = scale.at(-row.lost), scale.at(row.gained)
        parts += [text(2, y + 11, clip(row.label, room))]
        parts += [box(middle, y, right - middle, 13, "better", "better")] if row.gained > 0 else []
        parts += [box(left, y, middle - left, 13, "paper", "worse")] if row.lost > 0 else []
        for sign, ends in zip((1, -1), row.ends or ()):
            near, far = (scale.at(sign * end) for end in ends)
            parts.append(line(near, y + 6.5, far, y + 6.5, "ink", 1.5))
            left, right = min(left, far), max(right, far)
        parts += [text(right + 4, y + 11, row.words[0]), text(left - 4, y + 11, row.words[1], anchor="end")]
    parts.append(line(middle, 0, middle, foot, "ink"))
    return Drawing(WIDEST, foot + 34, "".join(parts))
