"""An Excel workbook, one sheet a table. Every text is a text cell: nothing in it is a formula or a link."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

from legalaid_sim.exports.cells import in_xml, is_formula
from legalaid_sim.exports.studies import Study
from legalaid_sim.exports.tables import ExportTable, tables_of
from legalaid_sim.results import Run

ROWS = 1_048_575  # what a sheet holds below its header
LETTERS = 32_767  # what a cell holds
NAME = 31
TITLE = "Results of legalaid-sim"
WIDEST = 40
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


def write_workbook(run: Run | Study, path: Path) -> None:
    """Write all tables as sheets; a table too long for one goes on in further ones, ``work (2)`` and so on."""
    from xlsxwriter import Workbook

    with Workbook(str(path), OPTIONS) as book:
        book.set_properties({"title": TITLE, "comments": "Synthetic people only", "created": made(run)})
        bold, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        for table in tables_of(run):
            _add(book, table, bold, quoted)


def made(run: Run | Study) -> datetime:
    """Give the moment at which a run was made, so that the same results give the same workbook."""
    try:
        return datetime.strptime(run.manifest["made"]["stamp"], "%Y%m%dT%H%M%SZ")
    except (KeyError, ValueError, TypeError):
        return datetime(1980, 1, 1)


def _add(book: Any, table: ExportTable, bold: Any, quoted: Any) -> None:
    rows = iter(table.rows)
    for part in count(1):
        piece = list(islice(rows, 1))
        if not piece and part > 1:
            return
        sheet = book.add_worksheet(sheet_name(table.name, part))
        _head(sheet, table, bold)
        for place, row in enumerate(_onwards(piece, islice(rows, ROWS - 1)), start=1):
            _write(sheet, place, row, quoted)


def sheet_name(table: str, part: int) -> str:
    """Name a sheet.

    >>> sheet_name("work", 1), sheet_name("work", 2)
    ('work', 'work (2)')
    """
    behind = "" if part == 1 else f" ({part})"
    return table[: NAME - len(behind)] + behind


def _onwards(first: list[Any], rest: Iterator[Any]) -> Iterator[Any]:
    yield from first
    yield from rest


def _head(sheet: Any, table: ExportTable, bold: Any) -> None:
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, min(WIDEST, max(10, len(column.name) + 2)))
        sheet.write_string(0, place, column.name, bold)


def _write(sheet: Any, place: int, row: tuple[Any, ...], quoted: Any) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            sheet.write_string(place, column, fitting(value), quoted if is_formula(value) else None)
        elif value is not None:
            sheet.write_number(place, column, value)


def fitting(text: str) -> str:
    """Give a text as long as a cell can hold, of characters that it can hold.

    >>> len(fitting("x" * 40_000))
    32767
    """
    plain = in_xml(text)
    return plain if len(plain) <= LETTERS else plain[: LETTERS - 1] + "…"
