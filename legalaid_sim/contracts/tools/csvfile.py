"""CSV files that stand beside a contract, and what their cells hold."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from legalaid_sim.errors import Refusal


def read_csv(path: Path, text: str | None = None) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Read a CSV file that stands beside a contract, or its ``text`` where that was read: column names, then rows."""
    try:
        if text is None:
            text = text_of(path)
        rows: list[list[Any]] = [
            row for row in csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")) if row
        ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Refusal(
            "unreadable-table", path.name, f"the file cannot be read as a CSV table: {error}"
        ) from None
    if not rows:
        raise Refusal("unreadable-table", path.name, "the file is empty; its first row names the columns")
    return tuple(rows[0]), rows[1:]


def text_of(path: Path) -> str:
    """Give the text of a file as it stands, with its ends of lines."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def read_cell_day(cell: Any, column: str) -> date:
    """Read a cell as a day, or refuse it."""
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(str(cell))
    except ValueError:
        why = f"the cell holds '{cell}' where a day such as 2025-12-22 is needed"
        raise Refusal("bad-cell", column, why) from None
