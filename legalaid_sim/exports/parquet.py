"""A folder of Parquet files, one a table, typed; the unit of a column is in its metadata."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from legalaid_sim.exports.extras import wanted
from legalaid_sim.exports.studies import Study
from legalaid_sim.exports.tables import ExportTable, tables_of
from legalaid_sim.results import Run

CHUNK = 65_536  # rows held in memory at a time


def write_parquet(run: Run | Study, folder: Path) -> None:
    """Write ``<table>.parquet`` for every table; texts stand as they are, an undefined value is null.

    Raises ``ResultsError`` where the extra ``parquet`` is not installed.
    """
    arrow, parquet = wanted("pyarrow", "parquet"), wanted("pyarrow.parquet", "parquet")
    for table in tables_of(run):
        shape = _shape(arrow, table)
        with parquet.ParquetWriter(folder / f"{table.name}.parquet", shape, compression="zstd") as writer:
            for rows in _chunks(table):
                writer.write_table(_piece(arrow, shape, rows))


def _shape(arrow: Any, table: ExportTable) -> Any:
    types = {int: arrow.int64(), bool: arrow.bool_(), float: arrow.float64(), str: arrow.string()}
    return arrow.schema(
        [
            arrow.field(column.name, types[column.python], metadata={"unit": column.unit})
            for column in table.columns
        ]
    )


def _piece(arrow: Any, shape: Any, rows: list[tuple[Any, ...]]) -> Any:
    columns = [
        arrow.array([_as(row[place], field.type == arrow.bool_()) for row in rows], field.type)
        for place, field in enumerate(shape)
    ]
    return arrow.Table.from_arrays(columns, schema=shape)


def _as(value: Any, truth: bool) -> Any:
    return bool(value) if truth and value is not None else value


def _chunks(table: ExportTable) -> Iterator[list[tuple[Any, ...]]]:
    while rows := list(islice(table.rows, CHUNK)):
        yield rows
