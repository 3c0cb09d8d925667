"""A folder of CSV files, one a table, as RFC 4180 (2005) has them: commas, CRLF, quotes; in UTF-8."""

import csv
from pathlib import Path

from legalaid_sim.exports.cells import inert
from legalaid_sim.exports.studies import Study
from legalaid_sim.exports.tables import ExportTable, tables_of
from legalaid_sim.results import Run


def write_csv(run: Run | Study, folder: Path) -> None:
    """Write ``<table>.csv`` for every table; an undefined value is an empty cell, a formula is made inert."""
    for table in tables_of(run):
        _write(table, folder / f"{table.name}.csv")


def _write(table: ExportTable, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in table.columns])
        writer.writerows([_cell(value) for value in row] for row in table.rows)


def _cell(value: object) -> object:
    return inert(value) if isinstance(value, str) else value
