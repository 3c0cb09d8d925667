"""Draw the picture of the README: one client lives the same months under two contracts. A made-up example.

``python docs/picture.py`` writes ``picture.svg``.
"""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from legalaid_sim.reports.lettering import fitted

PLACE = Path(__file__).with_name("picture.svg")
WIDTH, HEIGHT = 860, 330
LEFT, RIGHT = 225, 615
INK, SOFT, PAPER = "#1d2733", "#5b6775", "#ffffff"
# Colours that differ for everybody (Okabe and Ito 2008); a letter says the same.
ADVISERS = {"A": "#0072b2", "B": "#d55e00", "C": "#009e73"}
TOLD = (
    "One client lives the same months under two contracts; the advisers seen, the admin and the pay differ."
)
MONTHS = ("month 1", "month 2", "month 3", "month 4")


class Lane(NamedTuple):
    """The same client under one contract: who was met when (share of the time), admin, what came of it."""

    title: str
    clause: str
    meetings: Sequence[tuple[float, str]]
    admin: Sequence[tuple[float, float]]
    ends: Sequence[str]


LANES = (
    Lane(
        "One fee a case",
        "a form to open, a line to claim",
        ((0.06, "A"), (0.32, "B"), (0.62, "C"), (0.9, "B")),
        ((0.1, 0.12), (0.36, 0.06), (0.66, 0.06), (0.94, 0.06)),
        ("3 advisers, story told 3 times", "admin 119 minutes", "paid 200 pounds"),
    ),
    Lane(
        "An adviser of one's own",
        "a premium for seeing it through",
        ((0.06, "A"), (0.3, "A"), (0.55, "A"), (0.8, "A")),
        ((0.1, 0.04), (0.84, 0.03)),
        ("1 adviser, story told once", "admin 16 minutes", "paid by the year, and 15 pounds"),
    ),
)


def drawn() -> str:
    """Give the picture as SVG."""
    body = "\n".join((*_frame(), *_time(), *_lane(LANES[0], 110), *_lane(LANES[1], 220), *_legend()))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="title" font-family="system-ui, sans-serif">\n'
        f'<title id="title">{TOLD}</title>\n{fitted(body)}\n</svg>\n'
    )


def _frame() -> Iterator[str]:
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="{PAPER}"/>'
    yield _text(24, 36, "The same client, the same problem, the same days; two contracts", 17, INK, "600")
    yield _text(24, 56, "a made-up example of what the simulation writes down for everybody", 12.5, SOFT)


def _time() -> Iterator[str]:
    step = (RIGHT - LEFT) / len(MONTHS)
    for place, month in enumerate(MONTHS):
        x = LEFT + place * step
        yield f'<line x1="{x:.0f}" y1="84" x2="{x:.0f}" y2="280" stroke="#d9dee4"/>'
        yield _text(x + 4, 92, month, 11, SOFT)


def _lane(lane: Lane, top: int) -> Iterator[str]:
    yield _text(24, top + 18, lane.title, 14, INK, "600")
    yield _text(24, top + 36, lane.clause, 11.5, SOFT)
    yield f'<line x1="{LEFT}" y1="{top + 14}" x2="{RIGHT}" y2="{top + 14}" stroke="{SOFT}"/>'
    for share, adviser in lane.meetings:
        yield from _meeting(_x(share), top + 14, adviser)
    for share, length in lane.admin:
        width = length * (RIGHT - LEFT)
        yield _admin(_x(share), top + 38, width)
    for line, words in enumerate(lane.ends):
        yield _text(RIGHT + 20, top + 6 + 18 * line, words, 12.5, INK)


def _admin(x: float, y: float, width: float) -> str:
    place = f'x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="10"'
    return f'<rect {place} fill="url(#admin)" stroke="{SOFT}"/>'


def _meeting(x: float, y: float, adviser: str) -> Iterator[str]:
    yield f'<circle cx="{x:.0f}" cy="{y:.0f}" r="12" fill="{ADVISERS[adviser]}"/>'
    yield _text(x, y + 4.5, adviser, 13, PAPER, "600", "middle")


def _legend() -> Iterator[str]:
    yield (
        '<defs><pattern id="admin" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="5" stroke="{SOFT}" stroke-width="2"/>'
        "</pattern></defs>"
    )
    yield from _meeting(LEFT + 12, 304, "A")
    yield _text(LEFT + 32, 308, "a meeting, with adviser A", 12, SOFT)
    yield _admin(LEFT + 210, 299, 30)
    yield _text(LEFT + 248, 308, "admin that a clause asks for", 12, SOFT)


def _x(share: float) -> float:
    return LEFT + share * (RIGHT - LEFT)


def _text(
    x: float, y: float, words: str, size: float, colour: str, weight: str = "400", anchor: str = "start"
) -> str:
    place = f'x="{x:.0f}" y="{y:.1f}" font-size="{size}" fill="{colour}"'
    return f'<text {place} font-weight="{weight}" text-anchor="{anchor}">{escape(words)}</text>'


if __name__ == "__main__":
    PLACE.write_text(drawn(), encoding="utf-8")
