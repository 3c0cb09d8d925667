"""One JSON file with the manifest and every table; docs/json.md describes it."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from legalaid_sim.exports.studies import Study
from legalaid_sim.exports.tables import ExportTable, tables_of
from legalaid_sim.results import Run

SCHEMA_VERSION = 1


def write_json(run: Run | Study, path: Path) -> None:
    """Write the whole results folder as one object, a row a line; an undefined value is null."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            f'{{"schema_version": {SCHEMA_VERSION}, "kind": "export",\n"manifest": {dumped(run.manifest)},\n'
        )
        file.write('"tables": {')
        for place, table in enumerate(tables_of(run)):
            file.write(",\n" if place else "\n")
            _write(file, table)
        file.write("\n}}\n")


def dumped(value: object) -> str:
    """Write a value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def listed(rows: Iterable[object]) -> Iterator[str]:
    """Give the pieces of a JSON list, an entry a line, without ever holding all of it."""
    yield "["
    for place, row in enumerate(rows):
        yield f"{',' if place else ''}\n{dumped(row)}"
    yield "\n]"


def _write(file: TextIO, table: ExportTable) -> None:
    columns = [{"name": column.name, "unit": column.unit} for column in table.columns]
    file.write(f'{dumped(table.name)}: {{"columns": {dumped(columns)}, "rows": ')
    file.writelines(listed(list(row) for row in table.rows))
    file.write("}")
