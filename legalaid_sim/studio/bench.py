"""The bench of worked examples: expected against got, with the line of each, and what accepting one would write."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from legalaid_sim.contracts.language.comparing import ExampleOutcome
from legalaid_sim.yamlfile import Document, Path, held_or_none, is_number

MOST_SHOWN = 60
COLUMN = {"earned": ("earned", "total", "expected_total")}


class BenchRow(NamedTuple):
    """An expectation of an example; ``place`` is the number that accepting it would set, empty where there is none."""

    example: str
    what: str
    expected: str
    got: str
    passed: bool
    line: int
    place: str
    because: str


class Bench(NamedTuple):
    """What the worked examples say: those that fail first, and how many there are of each."""

    rows: tuple[BenchRow, ...]
    passed: int
    failed: int
    hidden: int


def bench_of(outcomes: Sequence[tuple[int, ExampleOutcome]], document: Document) -> Bench:
    """Show what came of every worked example, as check ran them: each with the place of its example among them."""
    ordered = sorted(outcomes, key=lambda each: each[1].passed)
    rows = tuple(_row(at, outcome, document) for at, outcome in ordered[:MOST_SHOWN])
    passed = len([outcome for _, outcome in outcomes if outcome.passed])
    return Bench(rows, passed, len(outcomes) - passed, max(0, len(outcomes) - MOST_SHOWN))


def _row(at: int, outcome: ExampleOutcome, document: Document) -> BenchRow:
    data = document.data if isinstance(document.data, dict) else {}
    if held_or_none(data, ("examples", at)) is None:
        return BenchRow(*_told(outcome), 0, "", outcome.receipt_line)
    path = next((path for path in _places(outcome, at, data["examples"][at]) if _number_at(data, path)), None)
    mark = document.marks.value(path or ("examples", at))
    place = ".".join(map(str, path)) if path and not outcome.passed and is_number(outcome.got) else ""
    return BenchRow(*_told(outcome), mark.line, place, outcome.receipt_line)


def _told(outcome: ExampleOutcome) -> tuple[str, str, str, str, bool]:
    row = f", row {outcome.row}" if outcome.row else ""
    return f"{outcome.example}{row}", outcome.what, outcome.expected, outcome.got, outcome.passed


def _places(outcome: ExampleOutcome, at: int, example: Any) -> Iterator[Path]:
    """Give where the expectation may stand as a number: in a ``then``, or in a cell of a table written here."""
    kind, _, name = outcome.what.partition(".")
    if not outcome.row:
        yield ("examples", at, "then", kind, *([name] if name else []))
        return
    table = example.get("table") or {}
    columns = list(table.get("columns") or ())
    for column in COLUMN.get(kind, (f"line.{name}", f"lines.{name}", outcome.what)):
        if column in columns and not table.get("file"):
            yield ("examples", at, "table", "rows", outcome.row - 1, columns.index(column))


def _number_at(data: Any, path: Path) -> bool:
    found = held_or_none(data, path)
    return is_number(str(found)) and not isinstance(found, str)
