"""``measures.csv``: one row a measure and regime, with mean, interval, count and unit."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

HEADER = ("measure", "regime", "mean", "low", "high", "n", "unit", "pooled_of")


class SummaryRow(NamedTuple):
    """A measure under a regime over ``n`` replications; None where it is undefined.

    ``pooled_of`` are the cases of all worlds together where they are pooled, else None.
    """

    measure: str
    regime: str
    mean: float | None
    low: float | None
    high: float | None
    n: int
    unit: str
    pooled_of: float | None = None


class MonthRow(NamedTuple):
    """A curve under a regime in one month over ``n`` replications: 1 is the first that counts, 0 the one before.

    ``mean`` has the interval from ``low`` to ``high``; one replication in ten lies below ``tenth``, one in ten above
    ``ninetieth``.
    """

    curve: str
    regime: str
    month: int
    mean: float | None
    low: float | None
    high: float | None
    n: int
    unit: str
    tenth: float | None
    median: float | None
    ninetieth: float | None


class ClauseRow(NamedTuple):
    """What a clause of a regime asked for within the window, on average over ``worlds``.

    ``paid`` is 1 where a block pays for it. ``falls``, ``done`` and ``late`` are counts of duties; minutes of advisers,
    of admin staff and of both have their 95 % interval, not below 0; None where one world was lived.
    """

    regime: str
    clause: str
    paid: int
    worlds: int
    falls: float
    done: float
    late: float
    adviser_minutes: float | None
    adviser_low: float | None
    adviser_high: float | None
    staff_minutes: float | None
    staff_low: float | None
    staff_high: float | None
    minutes: float | None
    low: float | None
    high: float | None


def write_summary(path: Path, rows: Iterable[SummaryRow]) -> None:
    """Write the rows as RFC 4180 text; an undefined value is an empty cell."""
    _write(path, HEADER, rows)


def write_monthly(path: Path, rows: Iterable[MonthRow]) -> None:
    """Write curves as RFC 4180 text; an undefined value is an empty cell."""
    _write(path, MonthRow._fields, rows)


def write_clause_rows(path: Path, rows: Iterable[ClauseRow]) -> None:
    """Write what clauses asked for as RFC 4180 text; a missing interval is two empty cells."""
    _write(path, ClauseRow._fields, rows)


def read_clause_rows(path: Path) -> list[ClauseRow]:
    """Read them back, in their order."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))[1:]
    return [
        ClauseRow(_text(g), _text(c), int(paid), int(n), *map(float, counts[:3]), *map(_number, counts[3:]))
        for g, c, paid, n, *counts in lines
    ]


def _text(cell: str) -> str:
    """Take off the quote that stands before what a spreadsheet would run."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r") else cell


def _write(path: Path, header: Sequence[str], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(tuple(_cell(value) for value in row) for row in rows)


def read_summary(path: Path) -> list[SummaryRow]:
    """Read the rows back."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))[1:]
    # A folder made before measures were pooled has no such column.
    return [
        SummaryRow(m, g, _number(a), _number(b), _number(c), int(n), unit, *map(_number, pooled))
        for m, g, a, b, c, n, unit, *pooled in lines
    ]


def read_monthly(path: Path) -> list[MonthRow]:
    """Read curves back; nothing of a file that was written before curves had their spread."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *lines = list(csv.reader(file))
    if tuple(head) != MonthRow._fields:
        return []
    return [
        MonthRow(
            c,
            g,
            int(m),
            _number(a),
            _number(b),
            _number(d),
            int(n),
            unit,
            _number(low),
            _number(half),
            _number(high),
        )
        for c, g, m, a, b, d, n, unit, low, half, high in lines
    ]


def _cell(value: object) -> object:
    # A text that begins like a formula would be run by a spreadsheet.
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return repr(value) if isinstance(value, float) else value


def _number(text: str) -> float | None:
    return float(text) if text else None
