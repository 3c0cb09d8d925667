"""A week in the agency, adviser by adviser, the same week under each contract; from the log of the first world."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from legalaid_sim.events import Asked, Contact, Log, Missed, Work
from legalaid_sim.measures.statistics import quantile
from legalaid_sim.reports.draw import WIDEST, Drawing, box, boxed, clip, line, text
from legalaid_sim.reports.figure import Figure, FigureTable, Panel
from legalaid_sim.reports.finding import plain, upper
from legalaid_sim.reports.journeys import farthest
from legalaid_sim.reports.material import Material
from legalaid_sim.units import MINUTES_PER_DAY, add_up

DAYS, WEEK = 5, 7 * MINUTES_PER_DAY
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri")
MOST_ADVISERS = 12
ROW, LEFT = 17.0, 84.0
# Of each kind: how it is called, how high it stands in its row, how it is filled.
KINDS: Mapping[str, tuple[str, float, str, str]] = {
    "known": ("meets again", 13, "s1", ""),
    "first": ("meets for the first time", 13, "paper", "s2"),
    "casework": ("casework", 8, "s3", ""),
    "duty": ("form or return", 6, "worse", ""),
    "admin": ("own admin", 4, "s6", ""),
    "other": ("supervision and the rest", 8, "paper", "s6"),
    "missed": ("missed", 3, "s8", ""),
}
RULE = (
    "The week, from Monday, of those that count whose askings under the first contract are nearest the median, the "
    "first of them. Heights tell what colours tell; blank is time without work, leave or sickness."
)


class Spell(NamedTuple):
    """What an adviser did from one minute of the week to another."""

    adviser: str
    begins: int
    ends: int
    kind: str


def week(material: Material) -> Figure | None:
    """Draw the same week under each contract."""
    if not material.logged:
        return None
    start = _usual(material)
    if start is None:
        return None
    held = {name: list(spells(log, start)) for name, log in material.days(start, start + WEEK).items()}
    begins = material.scenario.period.begins + timedelta(days=start // MINUTES_PER_DAY)
    names = {name: sorted({spell.adviser for spell in each}) for name, each in held.items()}
    rows = [
        [material.called[name], plain(adviser), *(str(minutes) for minutes in _minutes(held[name], adviser))]
        for name, advisers in names.items()
        for adviser in advisers
    ]
    heads = [words for words, *_ in KINDS.values()]
    day = f"{begins.day} {begins:%B %Y}"
    return Figure(
        "week",
        "A week in the agency",
        _said(material, held),
        [*(Panel(material.called[name], _drawn(each, names[name]), _aloud(material.called[name], each, day))
           for name, each in held.items()), Panel("What the bars are", _key(), f"Key: {', '.join(heads)}")],
        FigureTable(f"Minutes of the week from {day}, first world", ["contract", "adviser", *heads], rows),
        [["contract", "adviser", "begins", "ends", "kind"],
         *([name, *spell] for name, each in held.items() for spell in each)],
        [],
        f"The week from {day}. {RULE} One world, one course of events.",
    )  # fmt: skip


def _usual(material: Material) -> int | None:
    """Give the minute at which the week begins that is drawn; None where no whole week counts."""
    window = material.logs[material.baseline].window
    begins = material.scenario.period.begins
    monday = (
        window.opens
        + (-(begins + timedelta(days=window.opens // MINUTES_PER_DAY)).weekday() % 7) * MINUTES_PER_DAY
    )
    starts = list(range(monday, window.closes - WEEK + 1, WEEK))
    asked = [event.at for event in material.logs[material.baseline].of(Asked)]
    counts = [add_up(start <= at < start + WEEK for at in asked) for start in starts]
    middle = quantile(counts, 0.5)
    if middle is None:
        return None
    return min(zip(starts, counts), key=lambda each: (abs(each[1] - middle), each[0]))[0]


def spells(log: Log, start: int) -> Iterator[Spell]:
    """Give what was done in the week, in the order of the log; minutes count from the start of the week."""
    for event in log:
        if not start <= event.at < start + WEEK:
            continue
        if isinstance(event, Contact):
            yield Spell(
                event.adviser, event.began - start, event.at - start, "known" if event.known else "first"
            )
        elif isinstance(event, Work):
            kind = event.activity if event.activity in KINDS else "other"
            yield Spell(event.adviser, event.began - start, event.at - start, kind)
        elif isinstance(event, Missed):
            yield Spell(event.adviser, event.at - event.minutes - start, event.at - start, "missed")


def _minutes(held: Sequence[Spell], adviser: str) -> Iterator[int]:
    for kind in KINDS:
        yield add_up(
            spell.ends - spell.begins for spell in held if (spell.adviser, spell.kind) == (adviser, kind)
        )


def _drawn(held: Sequence[Spell], advisers: Sequence[str]) -> Drawing:
    shown = list(advisers)[:MOST_ADVISERS]
    first = min((spell.begins % MINUTES_PER_DAY for spell in held), default=540)
    last = max((spell.ends % MINUTES_PER_DAY for spell in held), default=1020)
    day = (WIDEST - LEFT) / DAYS
    minute = (day - 6) / max(last - first, 1)
    foot = 16 + ROW * len(shown)
    parts = [text(LEFT + day * at, 10, name, "muted") for at, name in enumerate(NAMES)]
    parts += [line(LEFT + day * at - 3, 2, LEFT + day * at - 3, foot) for at in range(DAYS)]
    for place, adviser in enumerate(shown):
        base = 16 + ROW * (place + 1) - 2
        parts += [
            text(2, base - 2, clip(plain(adviser).split(".")[0], LEFT - 8)),
            line(LEFT, base, WIDEST, base),
        ]
    for kind, (_, high, fill, edge) in KINDS.items():
        boxes = [
            (
                LEFT
                + day * (spell.begins // MINUTES_PER_DAY)
                + (spell.begins % MINUTES_PER_DAY - first) * minute,
                16 + ROW * (shown.index(spell.adviser) + 1) - 2 - high,
                max((spell.ends - spell.begins) * minute - 0.4, 0.6),
            )
            for spell in held
            if spell.kind == kind and spell.adviser in shown and spell.begins // MINUTES_PER_DAY < DAYS
        ]
        parts.append(boxed(boxes, high, fill, edge))
    return Drawing(WIDEST, foot + 2, "".join(parts))


def _key() -> Drawing:
    parts = []
    for place, (words, high, fill, edge) in enumerate(KINDS.values()):
        y = 16 + 18 * place
        parts += [box(2, y - high, 16, high, fill, edge), text(26, y - 1, words)]
    return Drawing(WIDEST, 18 * len(KINDS) + 4, "".join(parts))


def _said(material: Material, held: Mapping[str, Sequence[Spell]]) -> str:
    other = farthest(material) if material.others else ""
    parts: list[str] = []
    for name in (material.baseline, *([other] if other else [])):
        kinds = [spell.kind for spell in held[name]]
        met = kinds.count("first") + kinds.count("known")
        words = f"of {met} meetings {{}} are first ones" if not parts else f"of {met}, {{}}"
        parts.append(f"{words.format(kinds.count('first'))} under {material.called[name]}")
    return upper(f"{'; '.join(parts)}.")


def _aloud(name: str, held: Sequence[Spell], day: str) -> str:
    kinds = ", ".join(
        f"{words} {add_up(s.ends - s.begins for s in held if s.kind == kind)} minutes"
        for kind, (words, *_) in KINDS.items()
    )
    return f"{name}, the week from {day}: {kinds}"
