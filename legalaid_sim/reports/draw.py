"""Small functions that draw: texts, lines, scales and axes as SVG.

A colour is named by its variable of the page that shows it (``ink``, ``s1``), which has one set for light and one for
dark; no colour carries a meaning that a shape, a dash or a word does not carry as well. Every text says its width in
the font it is laid out for, so that a browser fits whatever font it has into the place that was kept.
"""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import pairwise
from math import ceil, floor, log10
from typing import NamedTuple

from legalaid_sim.reports.lettering import advance, width

SIZE, WIDEST = 11.0, 345.0
SERIES = tuple(f"s{place}" for place in range(1, 9))
DASHES = ("", "6 3", "2 2", "9 3 2 3", "12 4", "4 1", "1 3", "9 2 2 2 2 2")
# As on a page in daylight, for a file that stands alone.
DAYLIGHT = {
    "ink": "#1b1d1f", "muted": "#54595e", "rule": "#d9dbd8", "paper": "#ffffff", "card": "#ffffff",
    "better": "#00664f", "worse": "#b3400a", "unclear": "#6a6f74", "shade": "#eef1ef",
    "s1": "#0b6ba8", "s2": "#c04a06", "s3": "#00795a", "s4": "#8d3d7c", "s5": "#7a5c00", "s6": "#50555a",
    "s7": "#0e7490", "s8": "#b01040",
}  # fmt: skip


class Drawing(NamedTuple):
    """Markup with its size in pixels."""

    width: float
    height: float
    body: str


class Scale(NamedTuple):
    """Places values from ``low`` to ``high`` between two pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Give the pixel of a value; the middle where the scale has no width."""
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def of(name: str) -> str:
    """Give a colour of the page."""
    return f"var(--{name})"


def text(
    x: float, y: float, words: str, colour: str = "ink", size: float = SIZE, anchor: str = "start"
) -> str:
    """Write words, their baseline at ``y``."""
    held = width(words, size)
    if not words or not held:
        return ""
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{of(colour)}"'
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    fit = f' textLength="{held:.1f}" lengthAdjust="spacingAndGlyphs"'
    return f"<text {place}{side}{fit}>{escape(words)}</text>"


def clip(words: str, room: float, size: float = SIZE) -> str:
    """Cut words so that they fit.

    >>> clip("unified contract", 50), clip("short", 50)
    ('unified …', 'short')
    """
    if width(words, size) <= room:
        return words
    left, kept = room - width("…", size), ""
    for letter in words:
        left -= advance(letter) * size / 1000
        if left < 0:
            break
        kept += letter
    return kept + "…"


def line(
    x1: float, y1: float, x2: float, y2: float, colour: str = "rule", wide: float = 1, dash: str = ""
) -> str:
    """Draw a straight line."""
    how = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{of(colour)}" stroke-width="{wide:g}"{how}/>'
    )


def box(x: float, y: float, wide: float, high: float, fill: str, edge: str = "", opacity: float = 1.0) -> str:
    """Draw a rectangle; ``fill`` empty leaves it open."""
    inside = f'fill="{of(fill)}"' if fill else 'fill="none"'
    around = f' stroke="{of(edge)}" stroke-width="1.5"' if edge else ""
    faint = f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(wide, 0):.1f}" height="{high:.1f}" {inside}{around}{faint}/>'


def boxed(held: Sequence[tuple[float, float, float]], high: float, fill: str, edge: str = "") -> str:
    """Draw many rectangles of one height as one mark: each has x, y and width."""
    if not held:
        return ""
    parts = "".join(f"M{x:.1f},{y:.1f}h{wide:.1f}v{high:g}h-{wide:.1f}z" for x, y, wide in held)
    around = f' stroke="{of(edge)}" stroke-width="1.2"' if edge else ""
    return f'<path d="{parts}" fill="{of(fill)}"{around}/>'


def dot(x: float, y: float, colour: str, radius: float = 4, hollow: bool = False) -> str:
    """Draw a point."""
    how = f'fill="{of("paper")}" stroke="{of(colour)}" stroke-width="2"' if hollow else f'fill="{of(colour)}"'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" {how}/>'


def path(
    points: Sequence[tuple[float, float]], colour: str, dash: str = "", wide: float = 2, step: bool = False
) -> str:
    """Draw a line through points, or a flight of steps that keeps each height until the next."""
    if not points:
        return ""
    (x, y), *rest = points
    parts = [f"M{x:.1f},{y:.1f}"]
    for x, y in rest:
        parts.append(f"H{x:.1f}V{y:.1f}" if step else f"L{x:.1f},{y:.1f}")
    how = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{"".join(parts)}" fill="none" stroke="{of(colour)}" stroke-width="{wide:g}"{how}/>'


def area(points: Sequence[tuple[float, float, float]], colour: str, opacity: float = 0.16) -> str:
    """Fill between two lines: points have x, the upper y and the lower y."""
    if len(points) < 2:
        return ""
    there = "L".join(f"{x:.1f},{upper:.1f}" for x, upper, _ in points)
    back = "L".join(f"{x:.1f},{lower:.1f}" for x, _, lower in reversed(points))
    return f'<path d="M{there}L{back}Z" fill="{of(colour)}" fill-opacity="{opacity:g}"/>'


def ticks(low: float, high: float, most: int) -> list[float]:
    """Give round values within a range, at most so many.

    >>> ticks(0, 1, 5), ticks(-30, 70, 4), ticks(2, 2, 5)
    ([0.0, 0.5, 1.0], [0.0, 50.0], [2])
    """
    if high - low <= 1e-9 * max(abs(low), abs(high), 1e-290):
        return [low]
    for count in (most, most + 1):
        rough = (high - low) / max(count - 1, 1)
        power = 10.0 ** floor(log10(rough))
        step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough * 0.999)
        held = [step * place for place in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]
        if held:
            return held
    return [low]


def fitting(scale: Scale, show: Callable[[float], str], most: int = 6) -> list[float]:
    """Give ticks whose labels stand clear of one another along a level axis."""
    for count in range(most, 1, -1):
        held = ticks(scale.low, scale.high, count)
        ends = [(scale.at(value), width(show(value), SIZE) / 2 + 3) for value in held]
        if all(a + half <= b - other for (a, half), (b, other) in pairwise(ends)):
            return held
    return held[:1]


def centred(x: float, y: float, words: str, limit: float = WIDEST) -> str:
    """Write words about a place, moved as far as the drawing asks."""
    half = width(words, SIZE) / 2
    return text(max(half, min(x, limit - half)), y, words, "muted", anchor="middle")


def level_axis(scale: Scale, top: float, foot: float, show: Callable[[float], str], title: str = "") -> str:
    """Draw upright rules with their values below, held within the drawing, and a title under them."""
    parts = []
    for value in fitting(scale, show):
        x, words = scale.at(value), show(value)
        parts += [line(x, top, x, foot), centred(x, foot + 13, words)]
    if title:
        parts.append(centred((scale.start + scale.end) / 2, foot + 28, title))
    return "".join(parts)


def upright_axis(scale: Scale, left: float, right: float, show: Callable[[float], str], most: int = 5) -> str:
    """Draw level rules with their values to the left."""
    parts = []
    for value in ticks(scale.low, scale.high, most):
        y = scale.at(value)
        parts += [line(left, y, right, y), text(left - 5, y + 4, show(value), "muted", anchor="end")]
    return "".join(parts)


def apart(wanted: Sequence[float], gap: float, least: float, most: float) -> list[float]:
    """Give places for labels, each as near as can be to where it is wanted, none nearer than ``gap`` to another.

    The order stays; where the room does not hold them all they stand as far apart as it lets them.

    >>> apart([10, 11, 40], 12, 0, 100), apart([95, 99], 12, 0, 100)
    ([10, 22, 40], [88, 100])
    """
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
    room = min(gap, (most - least) / max(len(wanted) - 1, 1))
    placed: list[float] = []
    for at in order:
        placed.append(max(wanted[at], placed[-1] + room if placed else least))
    limit = most
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], limit)
        limit = placed[place] - room
    found = [0.0] * len(wanted)
    for at, y in zip(order, placed):
        found[at] = y
    return found


def some(length: float) -> float:
    """Give a length that a scale can be made of: 1 where there is none."""
    return length if length > 0 else 1.0


def padded(low: float, high: float, share: float = 0.05) -> tuple[float, float]:
    """Give a range with room at both ends; one of no width gets some."""
    room = some((high - low if high > low else abs(high)) * share)
    return low - room, high + room


def on_page(drawing: Drawing, label: str, kind: str = "") -> str:
    """Give a drawing as part of a page; ``label`` is its text alternative."""
    wide, high = f"{drawing.width:g}", f"{drawing.height:g}"
    named = f' class="{kind}"' if kind else ""
    return (
        f'<svg role="img"{named} aria-label="{escape(label)}" viewBox="0 0 {wide} {high}" '
        f'width="{wide}" height="{high}" style="--wide:{wide}px">{drawing.body}</svg>'
    )


def shifted(x: float, y: float, body: str) -> str:
    """Move markup."""
    return f'<g transform="translate({x:.1f},{y:.1f})">{body}</g>'


def as_file(
    title: str, sentence: str, parts: Iterable[tuple[str, Drawing]], source: str, across: float = 980
) -> str:
    """Set drawings with their headings on one sheet as a file that stands alone, in the colours of daylight."""
    body, y = [text(16, 30, clip(title, across - 32, 18), size=18)], 52.0
    for row in wrapped(sentence, across - 32, 13):
        body.append(text(16, y, row, size=13))
        y += 18
    x, high = 16.0, 0.0
    for heading, drawing in parts:
        if x > 16 and x + drawing.width > across - 16:
            x, y, high = 16.0, y + high + 14, 0.0
        body += [text(x, y + 14, clip(heading, drawing.width, 12), size=12)]
        body += [shifted(x, y + 22, drawing.body)]
        x, high = x + drawing.width + 24, max(high, drawing.height + 22)
    whole = y + high + 34
    body.append(text(16, whole - 10, clip(source, across - 32), "muted"))
    inside = box(0, 0, across, whole, "paper") + "".join(body)
    for name, colour in DAYLIGHT.items():
        inside = inside.replace(f"var(--{name})", colour)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across:g} {whole:g}" width="{across:g}" '
        f'height="{whole:g}" font-family="Arial, Helvetica, \'Liberation Sans\', sans-serif">'
        f"<title>{escape(title)}</title>{inside}</svg>\n"
    )


def wrapped(words: str, room: float, size: float = SIZE) -> list[str]:
    """Break words into lines that fit."""
    found = [""]
    for word in words.split():
        longer = f"{found[-1]} {word}".strip()
        if width(longer, size) > room and found[-1]:
            found.append(clip(word, room, size))
        else:
            found[-1] = clip(longer, room, size)
    return found
