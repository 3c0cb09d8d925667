"""The tables of a results folder, with the type and unit of every column, one row at a time."""

import csv
from collections.abc import Iterator
from typing import Any, NamedTuple

from legalaid_sim.events import KINDS
from legalaid_sim.exports.studies import Study
from legalaid_sim.results import Run
from legalaid_sim.results.tables import CLOCK, UNITS, VIEWS, TableColumn, columns_of, table_of

PYTHON = {"INTEGER": int, "REAL": float, "TEXT": str}
# SQLite knows no type for a column that a view works out.
WORKED_OUT = {"contacts": int, "earned_pence": int, "entry": str}
UNITS_OF_VIEWS = {
    "earned_pence": "pence",
    "closed_at": CLOCK,
    "left_at": CLOCK,
    "replication": "number, from 1",
}
LEAD = (TableColumn("regime", str, "text"), TableColumn("replication", int, "number, from 1"))
SUMMARY = (
    TableColumn("measure", str, "text"),
    TableColumn("regime", str, "text"),
    *(TableColumn(name, float, "the unit in this row") for name in ("mean", "low", "high")),
    TableColumn("n", int, "replications in which it was defined"),
    TableColumn("unit", str, "text"),
    TableColumn("pooled_of", float, "cases of all worlds together"),
)
MEASURES = (*LEAD, TableColumn("measure", str, "text"), TableColumn("value", float, "the unit in summary"))
COUNTED = (
    *LEAD,
    TableColumn("measure", str, "text"),
    TableColumn("part", float, "what the measure sums over its cases"),
    TableColumn("whole", float, "cases"),
)
RUNS = (
    *LEAD,
    TableColumn("world_seed", int, "number"),
    TableColumn("world_digest", str, "text"),
    TableColumn("logged", int, "1 = yes, 0 = no"),
    *(TableColumn(name, int, CLOCK) for name in ("opens", "closes", "ends")),
)
UNITS_TABLE = (
    TableColumn("table", str, "text"),
    TableColumn("column", str, "text"),
    TableColumn("unit", str, "text"),
)


class ExportTable(NamedTuple):
    """One table: rows are read once, in order; money is whole pence, times are whole minutes."""

    name: str
    columns: tuple[TableColumn, ...]
    rows: Iterator[tuple[Any, ...]]


def tables_of(run: Run | Study) -> Iterator[ExportTable]:
    """Give every table of a run or a study, those most asked for first, the units of all columns last.

    Raises ``ResultsError`` while rows are read where the file is damaged.
    """
    if isinstance(run, Study):
        held = [ExportTable(*told) for told in run.tables()]
        yield from (*held, ExportTable("columns", UNITS_TABLE, _units(held)))
        return
    shown = [
        ExportTable("summary", SUMMARY, (tuple(row.values()) for row in run.measures)),
        _measures(run),
        *_counted(run),
        _runs(run),
    ]
    shown += list(_compared(run))
    shown += [_view(run, name) for name in VIEWS if name != "events"]
    shown += [_events(run, kind) for kind in KINDS]
    yield from shown
    yield ExportTable("columns", UNITS_TABLE, _units(shown))


def _measures(run: Run) -> ExportTable:
    query = (
        "SELECT regime, replication, measure, value FROM measures JOIN runs USING (run) ORDER BY run, measure"
    )
    return ExportTable("measures", MEASURES, run.reader.rows(query))


def _counted(run: Run) -> Iterator[ExportTable]:
    """Give what each measure is a ratio of; nothing for a folder made before that was kept."""
    if run.reader.counts:
        query = (
            "SELECT regime, replication, measure, part * 1.0, whole * 1.0 FROM counted JOIN runs USING (run)"
        )
        yield ExportTable("counted", COUNTED, run.reader.rows(f"{query} ORDER BY run, measure"))


def _runs(run: Run) -> ExportTable:
    names = ", ".join(column.name for column in RUNS)
    return ExportTable("runs", RUNS, run.reader.rows(f"SELECT {names} FROM runs ORDER BY run"))


def _view(run: Run, name: str) -> ExportTable:
    columns = tuple(_viewed(*row) for row in _declared(run, name) if row[0] not in ("run", "seq"))
    names = ", ".join(f'"{column.name}"' for column in columns)
    return ExportTable(name, columns, run.reader.rows(f"SELECT {names} FROM {name}"))


def _events(run: Run, kind: type) -> ExportTable:
    own = columns_of(kind)
    names = ", ".join(f't."{column.name}"' for column in own)
    query = f"SELECT regime, replication, t.seq, {names} FROM {table_of(kind)} t JOIN runs USING (run)"
    place = TableColumn("seq", int, "place in the log, from 1")
    return ExportTable(table_of(kind), (*LEAD, place, *own), run.reader.rows(f"{query} ORDER BY run, t.seq"))


def _compared(run: Run) -> Iterator[ExportTable]:
    """Give what a comparison wrote beside the run: the differences, and who gained and lost."""
    for file, name in (("differences.csv", "differences"), ("clients.csv", "gains")):
        path = run.folder / file
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as opened:
                head, *rows = csv.reader(opened)
            yield _told(name, head, rows)


def _told(name: str, head: list[str], rows: list[list[str]]) -> ExportTable:
    numbers = [all(_is_number(row[at]) for row in rows) for at in range(len(head))]
    columns = tuple(
        TableColumn(title, float if number else str, "the unit in this row" if number else "text")
        for title, number in zip(head, numbers)
    )
    cells = (
        tuple((float(cell) if cell else None) if number else cell for cell, number in zip(row, numbers))
        for row in rows
    )
    return ExportTable(name, columns, cells)


def _is_number(text: str) -> bool:
    try:
        float(text or 0)
    except ValueError:
        return False
    return True


def _declared(run: Run, name: str) -> list[tuple[str, str]]:
    return list(run.reader.rows("SELECT name, type FROM pragma_table_info(?)", (name,)))


def _viewed(name: str, declared: str) -> TableColumn:
    python = PYTHON.get(declared) or WORKED_OUT.get(name, str)
    unit = "text" if python is str else UNITS_OF_VIEWS.get(name) or UNITS.get(name, "1 = yes, 0 = no")
    return TableColumn(name, python, unit)


def _units(tables: list[ExportTable]) -> Iterator[tuple[str, str, str]]:
    return ((table.name, column.name, column.unit) for table in tables for column in table.columns)
