"""The folder of a sweep, a sensitivity analysis or a search as tables: its rows, what was varied, units."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from legalaid_sim.errors import ResultsError
from legalaid_sim.experiments.sweep.store import FIXED, read_only
from legalaid_sim.results.tables import TableColumn

ROWS, MANIFEST = "sweep.sqlite", "sweep.json"
TYPES: Mapping[str, type] = {"replication": int, "seed": int}
StudyTable = tuple[str, tuple[TableColumn, ...], Iterator[tuple[Any, ...]]]


class Study(NamedTuple):
    """A folder that holds the rows of a study. Raises ``ResultsError`` where it is damaged."""

    folder: Path

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Everything that went in, as the folder keeps it."""
        path = self.folder / MANIFEST
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise ResultsError(str(path), "is missing or damaged: make the study again") from error

    def tables(self) -> Iterator[StudyTable]:
        """Give name, columns and rows of each table, ``runs`` in the order of points, contracts and worlds."""
        manifest = self.manifest
        with closing(read_only(self.folder / ROWS)) as database:
            names = [row[1] for row in database.execute("PRAGMA table_info(runs)")]
            rows = database.execute("SELECT * FROM runs ORDER BY work, contract, replication").fetchall()
        columns = tuple(
            TableColumn(name, _type(name, [row[at] for row in rows], manifest), _unit(name, manifest))
            for at, name in enumerate(names)
        )
        yield "runs", columns, (_typed(row, columns) for row in rows)
        vary = manifest.get("vary", ())
        texts = (TableColumn("varied", str, "text"), TableColumn("how", str, "text"))
        yield "varied", texts, ((name, json.dumps(how)) for name, how in zip(manifest["axes"], vary))


def _type(name: str, held: list[Any], manifest: Mapping[str, Any]) -> type:
    if name in TYPES:
        return TYPES[name]
    if name in manifest["measures"]:
        return float
    numeric = name not in FIXED and all(isinstance(value, int | float | None) for value in held)
    return float if numeric else str


def _unit(name: str, manifest: Mapping[str, Any]) -> str:
    unit = manifest["measures"].get(name)
    return str(unit) if unit else "as varied" if name in manifest["axes"] else "text"


def _typed(row: tuple[Any, ...], columns: tuple[TableColumn, ...]) -> tuple[Any, ...]:
    return tuple(None if cell is None else column.python(cell) for cell, column in zip(row, columns))
