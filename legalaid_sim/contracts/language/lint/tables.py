"""CR, CV: tables whose rows do not fit their columns, whose days are no days, whose files are not there."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path as FilePath
from typing import Any

from legalaid_sim.contracts.blocks.named import Table
from legalaid_sim.contracts.schema.contract import ExampleTable
from legalaid_sim.contracts.tools.page import Page
from legalaid_sim.diagnostics import did_you_mean, show
from legalaid_sim.errors import Problem
from legalaid_sim.yamlfile import Path

LARGEST_TABLE = 20_000_000


def check(page: Page) -> Iterator[Problem]:
    """Find tables and example tables that could not be read row by row."""
    for name, table in page.contract.tables.items():
        path: Path = ("tables", name)
        columns, faults = _columns(page, path, table)
        yield from faults
        if columns is not None:
            yield from _named_columns(page, path, table, columns)
            yield from _rows(page, path, table, columns)
    for position, example in enumerate(page.contract.examples):
        if example.table is not None:
            path = ("examples", position, "table")
            columns, faults = _columns(page, path, example.table)
            yield from faults
            yield from _widths(page, path, example.table.rows, columns or ())


def _columns(
    page: Page, path: Path, table: Table | ExampleTable
) -> tuple[Sequence[str] | None, tuple[Problem, ...]]:
    if table.file is None:
        missing = page.problem("CS010", "this table needs 'columns', which is not there", path, at_key=True)
        return (table.columns, ()) if table.columns else (None, (missing,))
    place = (*path, "file")
    file = FilePath(page.mark(place).file or page.document.path).parent / table.file
    try:
        return _header(file), ()
    except (OSError, ValueError, StopIteration, csv.Error) as error:
        why = "is not there" if isinstance(error, FileNotFoundError) else "cannot be read as a table"
        return None, (page.problem("CR043", f"the file '{table.file}' {why}", place),)


def _header(file: FilePath) -> Sequence[str]:
    if file.stat().st_size > LARGEST_TABLE:
        raise ValueError(file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return next(csv.reader(lines))


def _named_columns(page: Page, path: Path, table: Table, columns: Sequence[str]) -> Iterator[Problem]:
    for key in ("starts", "ends", "version"):
        name = getattr(table, key)
        if name is not None and name not in columns:
            yield _no_column(page, (*path, key), name, columns)
    for position, name in enumerate(table.key):
        if name not in columns:
            yield _no_column(page, (*path, "key", position), name, columns)


def _no_column(page: Page, path: Path, name: str, columns: Sequence[str]) -> Problem:
    message = f"this table has no column '{name}'.{did_you_mean(name, columns)}"
    return page.problem("CR042", message, path, help=f"there is: {', '.join(columns)}")


def _rows(page: Page, path: Path, table: Table, columns: Sequence[str]) -> Iterator[Problem]:
    yield from _widths(page, path, table.rows, columns)
    days = [at for at, column in enumerate(columns) if column in (table.starts, table.ends)]
    for number, row in enumerate(table.rows):
        for cell in days:
            if cell < len(row) and not _is_day(row[cell]):
                message = f"found {show(row[cell])} where a day such as 2025-12-22 is needed"
                yield page.problem("CV106", message, (*path, "rows", number, cell))


def _widths(
    page: Page, path: Path, rows: Sequence[Sequence[Any]], columns: Sequence[str]
) -> Iterator[Problem]:
    for number, row in enumerate(rows if columns else ()):
        if len(row) != len(columns):
            message = f"this row has {len(row)} of the {len(columns)} cells that the columns name"
            yield page.problem(
                "CS018", message, (*path, "rows", number), help=f"columns: {', '.join(columns)}"
            )


def _is_day(cell: Any) -> bool:
    if cell in (None, "") or isinstance(cell, date):
        return True
    try:
        return bool(date.fromisoformat(cell)) and len(cell) == 10
    except (ValueError, TypeError):
        return False
