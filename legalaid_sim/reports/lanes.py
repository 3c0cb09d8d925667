"""A client's lane: whom they met and when, the forms, the pay and the ends, one contract above another."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from legalaid_sim.events import Contact, DutyFell, Entitled, Left, Log, TurnedAway
from legalaid_sim.reports.draw import (
    SERIES,
    SIZE,
    WIDEST,
    Drawing,
    Scale,
    box,
    clip,
    dot,
    line,
    of,
    text,
    wrapped,
)
from legalaid_sim.reports.lettering import width
from legalaid_sim.units import MINUTES_PER_DAY, add_up, counted, pounds

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
RADIUS, LEVELS, BROAD = 9.0, 3, 980.0
FORM, PAY, END = "form", "pay", "end"
KEY = (
    "A letter is an adviser, the same in both lanes; a ring, the first meeting with them; a hatched box, a form or "
    "return on the matter; £, money earned by it; ×, turned away or gave up."
)


class Meeting(NamedTuple):
    """A meeting on a day, counted from the first drawn, with an adviser known by letter."""

    day: float
    letter: str
    first: bool


class Lane(NamedTuple):
    """One client under one contract; marks have a day and a kind, ``said`` is what came of it, a line each."""

    title: str
    meetings: Sequence[Meeting]
    marks: Sequence[tuple[float, str]]
    said: Sequence[str]


def lanes(held: Sequence[Lane], days: float, begins: date | None, wide: float) -> Drawing:
    """Draw lanes below one another over so many days; ``begins`` is the date of day 0, None for bare months."""
    broad = wide > WIDEST
    right = wide - 190 if broad else wide - 6
    scale = Scale(0, max(days, 1), 14, right - 10)
    parts, y = [], 4.0
    for each in held:
        drawn, y = _lane(each, scale, y, wide, broad)
        parts.append(drawn)
    grid = [
        line(x, 2, x, y, "rule")
        + (text(x + 3, y + 11, words, "muted") if x + 3 + width(words, SIZE) <= wide else "")
        for x, words in _dates(scale, begins, days)
    ]
    return Drawing(wide, y + 16, "".join([*grid, *parts]))


def _lane(each: Lane, scale: Scale, top: float, wide: float, broad: bool) -> tuple[str, float]:
    levels = _levels([scale.at(meeting.day) for meeting in each.meetings])
    level = top + 24 + 2 * (RADIUS + 1) * max(levels, default=0) + RADIUS
    parts = [text(4, top + 12, clip(each.title, wide - 8, 12.5), size=12.5)]
    parts.append(line(scale.start - 10, level, scale.end + 10, level, "muted"))
    for meeting, up in zip(each.meetings, levels):
        parts.append(_meeting(scale.at(meeting.day), level - up * 2 * (RADIUS + 1), meeting))
    for day, kind in each.marks:
        parts.append(_mark(scale.at(day), level, kind))
    foot = level + 46
    rows = [row for words in each.said for row in (wrapped(words, 178, 12) if broad else [words])]
    if broad:
        parts += [text(wide - 176, top + 26 + 16 * place, row, size=12) for place, row in enumerate(rows)]
        foot = max(foot, top + 30 + 16 * len(rows))
    else:
        kept = wrapped("; ".join(rows), wide - 8)
        parts += [text(4, foot + 2 + 14 * place, row, "muted") for place, row in enumerate(kept)]
        foot += 14 * len(kept) + 4
    return "".join(parts), foot


def _levels(places: Sequence[float]) -> list[int]:
    """Give each meeting a level, 0 on the line, so that few lie on one another.

    >>> _levels([0, 5, 40]), _levels([])
    ([0, 1, 0], [])
    """
    last = [-100.0] * LEVELS
    found = []
    for x in places:
        free = next((at for at, before in enumerate(last) if x - before >= 2 * RADIUS + 1), None)
        at = last.index(min(last)) if free is None else free
        last[at] = x
        found.append(at)
    return found


def _meeting(x: float, y: float, meeting: Meeting) -> str:
    colour = SERIES[LETTERS.find(meeting.letter) % len(SERIES)]
    ring = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS + 2.5:g}" fill="none" stroke="{of(colour)}" stroke-width="1.5"/>'
        if meeting.first
        else ""
    )
    return ring + dot(x, y, colour, RADIUS) + text(x, y + 4, meeting.letter, "paper", 11, "middle")


def _mark(x: float, level: float, kind: str) -> str:
    if kind == FORM:
        y = level + 15
        strokes = "".join(line(x - 4 + at, y + 10, x + at, y, "muted", 1) for at in (1, 4))
        return box(x - 4, y, 8, 10, "", "muted") + strokes
    if kind == PAY:
        return text(x, level + 39, "£", "s3", 12, "middle")
    return text(x, level + 6, "×", "worse", 22, "middle")


def _dates(scale: Scale, begins: date | None, days: float) -> list[tuple[float, str]]:
    if begins is None:
        return [(scale.at(day), f"month {day // 30 + 1}") for day in range(0, int(days), 30)]
    found, at = [], begins.replace(day=1)
    while (at - begins).days <= days:
        if at >= begins:
            found.append(at)
        at = (at + timedelta(days=32)).replace(day=1)
    step = max(1, -(-len(found) * 58 // max(int(scale.end - scale.start), 1)))
    return [(scale.at((each - begins).days), f"{each:%b} {each.year}") for each in found[::step]]


def lane_of(title: str, log: Log, letters: dict[str, str], begins: int) -> Lane:
    """Read a lane from what a log says of one client; ``letters`` grows by the advisers met, ``begins`` in minutes."""
    meetings = []
    for contact in log.of(Contact):
        letter = letters.setdefault(contact.adviser, LETTERS[min(len(letters), len(LETTERS) - 1)])
        meetings.append(Meeting((contact.began - begins) / MINUTES_PER_DAY, letter, not contact.known))
    marks = [
        *(_at(log.of(DutyFell), begins, FORM)),
        *(_at((each for each in log.of(Entitled) if each.pence > 0), begins, PAY)),
        *(_at((*log.of(TurnedAway), *log.of(Left)), begins, END)),
    ]
    return Lane(title, meetings, marks, _said(log))


def _at(
    events: Iterable[DutyFell | Entitled | TurnedAway | Left], begins: int, kind: str
) -> list[tuple[float, str]]:
    return [((event.at - begins) / MINUTES_PER_DAY, kind) for event in events]


def _said(log: Log) -> list[str]:
    contacts = log.of(Contact)
    again = add_up(contact.retelling for contact in contacts)
    earned = pounds(add_up(line.pence for line in log.of(Entitled)))
    return [
        f"{counted(len(contacts), 'meeting')}, {counted(len({c.adviser for c in contacts}), 'adviser')}",
        f"told the story again for {counted(again, 'minute')}",
        f"earned by the agency: £{earned:,}",
    ]


def told(held: Sequence[Lane]) -> str:
    """Say lanes aloud."""
    parts = []
    for each in held:
        letters = ", ".join(meeting.letter for meeting in each.meetings) or "nobody"
        parts.append(f"{each.title}: meets {letters}; {'; '.join(each.said)}")
    return ". ".join(parts)
