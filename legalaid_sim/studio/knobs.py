"""Every number of a contract's text as something to turn: its name, unit, source, and how far a slider reaches."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from legalaid_sim.authoring.keys import meaning_of, owner_of, takes
from legalaid_sim.contracts.language.english import ROOMS as SECTIONS
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.tools.wording import words
from legalaid_sim.diagnostics.shape import shape_at, with_kinds
from legalaid_sim.yamlfile import Document, Path, PlacedNumber, held_at, numbers_of

ROOMS: Mapping[str, str] = {
    "term": "Term",
    "values": "Named values",
    "tables": "Tables",
    "series": "Series",
    **SECTIONS,
    "changes": "What is changed",
}
MONEY, PERCENT = "an amount of money", "percent"
WHOLE_PERCENT = Decimal(100)
UNITS = ("minutes", "hours", "days", "weeks", "months", "years", "heads", "clients")
STEPS_OF_A_SLIDER = 100
# Up to here an arrow key moves a number by one.
FINE = 1000


class Knob(NamedTuple):
    """A number: the place by which it is set, what it is called, and what a slider may do with it."""

    place: str
    label: str
    value: str
    unit: str
    meaning: str
    source: str
    line: int
    low: str
    high: str
    step: str


class KnobGroup(NamedTuple):
    """The numbers of one block, table or value."""

    room: str
    title: str
    line: int
    knobs: tuple[Knob, ...]


def knob_groups(document: Document) -> tuple[KnobGroup, ...]:
    """Give the numbers of a contract that rules are made of, block by block, in the order of the file."""
    found: dict[Path, list[PlacedNumber]] = {}
    for number in numbers_of(document):
        if number.path[0] in ROOMS and "source" not in number.path:
            found.setdefault(number.path[:2] if number.path[0] != "term" else ("term",), []).append(number)
    return tuple(_group(document, path, numbers) for path, numbers in found.items())


def _group(document: Document, path: Path, numbers: list[PlacedNumber]) -> KnobGroup:
    room, held = ROOMS[str(path[0])], held_at(document.data, path)
    name = held.get("id") if isinstance(held, dict) else None
    title = held.get("title") if isinstance(held, dict) else None
    called = f"{title} ({name or path[-1]})" if title else str(name or words(str(path[-1])))
    if path[0] == "changes" and isinstance(held, dict):
        called = str(held.get("set", held.get("add", called)))
    knobs = tuple(_knob(document, number, len(path)) for number in numbers)
    return KnobGroup(room, called[:120], document.marks.value(path).line, knobs)


def _knob(document: Document, number: PlacedNumber, size: int) -> Knob:
    path, value = number.path, Decimal(number.value)
    taken, meaning = _schema_of(document.data, path)
    low, high, step = _reach(value, taken, isinstance(number.value, int))
    return Knob(
        ".".join(map(str, path)),
        _label(document.data, path, size),
        str(number.value),
        _unit(document.data, path, taken),
        meaning,
        _source(document.data, path),
        number.mark.line,
        *(format(each, "f") for each in (low, high, step)),
    )


def _label(data: Any, path: Path, size: int) -> str:
    if path[0] == "tables" and len(path) == 5 and path[2] == "rows":
        table = held_at(data, path[:2])
        columns: list[Any] = list(table.get("columns") or ())
        at = int(path[4])
        column = columns[at] if len(columns) > at else at
        row = ", ".join(str(cell) for cell in table["rows"][path[3]] if isinstance(cell, str))
        return f"{row or path[3]}: {words(str(column))}"
    said = [
        words(str(part)) if not isinstance(part, int) else str(part + 1)
        for part in path[size:]
        if part not in ("by_region", "dated")
    ]
    return " ".join(said) or words(str(path[-1]))


def _schema_of(data: Any, path: Path) -> tuple[str, str]:
    """Say what the schema takes at a place, and what it means; empty where it does not say."""
    steps = list(with_kinds(data, path))
    shape = shape_at(Contract, steps)
    for form in ("by_region", "dated"):
        if form in steps:
            steps = steps[: steps.index(form)]
    owner = owner_of(Contract, [str(step) for step in steps if not isinstance(step, int)])
    if shape is None:
        return "", ""
    metadata = tuple(shape.field.metadata) if shape.field is not None else ()
    meaning = meaning_of(*owner) if owner and path[0] not in ("values", "tables", "series") else ""
    return takes(shape.type, metadata), meaning


def _unit(data: Any, path: Path, taken: str) -> str:
    if path[0] == "values":
        return str(held_at(data, path[:2]).get("unit") or "")
    currency = data.get("currency", "GBP")
    if MONEY in taken:
        return str(currency)
    if PERCENT in taken:
        return "percent"
    named = [str(part) for part in path if not isinstance(part, int)]
    return next((unit for unit in UNITS for part in reversed(named) if unit in part), "")


def _source(data: Any, path: Path) -> str:
    """Give the nearest source above a number, with its status."""
    for size in range(len(path) - 1, 0, -1):
        held = held_at(data, path[:size])
        source = held.get("source") if isinstance(held, dict) else None
        if isinstance(source, dict):
            return f"{source.get('title', '')} [{source.get('status', '')}]"[:200]
    return ""


def _reach(value: Decimal, taken: str, whole: bool) -> tuple[Decimal, Decimal, Decimal]:
    """Say from where to where a slider goes, and by what steps: what a hand needs, and no evidence of any kind."""
    if "from 0 to 100" in taken:
        return Decimal(0), WHOLE_PERCENT, Decimal(1)
    high = _round_up(2 * abs(value)) if value else Decimal(100 if MONEY in taken else 10)
    step = _round_up(high / STEPS_OF_A_SLIDER / 2)
    if whole or MONEY in taken:
        step = Decimal(1) if high <= FINE else max(step, Decimal(1))
    return (-high if value < 0 else Decimal(0)), high, step


def _round_up(number: Decimal) -> Decimal:
    """Give the next of 1, 2, 5, 10 and so on.

    >>> [str(_round_up(Decimal(each))) for each in ("3", "400", "0.3")]
    ['5', '500', '0.5']
    """
    power = Decimal(1).scaleb(number.adjusted())
    return next(Decimal(format(power * each, "f")) for each in (1, 2, 5, 10) if power * each >= number)
