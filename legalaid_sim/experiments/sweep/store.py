"""One SQLite file a sweep, one wide row a run; whole after any kind of end, as rows come in transactions.

Rows are keyed by the SHA-256 of all that went into the run. ``work`` is the hash of what can make a
difference to it: runs of the same work are done once and copied. Only one process writes; two at once do no
harm beyond doing work twice.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from legalaid_sim.errors import ResultsError

APPLICATION = 0x4C415357
FORMAT = 1
FIXED = ("key", "work", "contract", "replication", "seed", "world", "status", "reason")
COMMIT_SECONDS = 0.5


class RunKey(NamedTuple):
    """What identifies a run, and the work that it is."""

    key: str
    work: str


class Store:
    """The database of a sweep, open for writing. ``axes`` and ``measures`` are its columns."""

    def __init__(self, path: Path, axes: Sequence[str], measures: Sequence[str]) -> None:
        self.path, self.axes, self.measures = path, tuple(axes), tuple(measures)
        self._database = _opened(path)
        try:
            self._set_up()
        except sqlite3.DatabaseError as error:
            self._database.close()
            raise ResultsError(str(path), f"is not a sweep that can be written: {error}") from error
        except ResultsError:
            self._database.close()
            raise
        self._committed = monotonic()
        self._insert = (
            f"INSERT OR REPLACE INTO runs VALUES ({', '.join('?' * (len(FIXED) + len(self._columns)))})"
        )

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Append runs: fixed columns, values of axes, measures. Saved at least twice a second."""
        self._database.executemany(self._insert, rows)
        if monotonic() - self._committed > COMMIT_SECONDS:
            self.save()

    def row(
        self, key: RunKey, contract: str, replication: int, seed: int, world: str, status: str, reason: str,
        values: Sequence[Any], measures: Sequence[float | None],
    ) -> tuple[Any, ...]:  # fmt: skip
        """Lay out one run as a row; a run without measures has them empty."""
        measured = tuple(measures) or (None,) * len(self.measures)
        fixed = (*key, contract, replication, seed, world, status, reason)
        return (*fixed, *(plain(value) for value in values), *measured)

    def save(self) -> None:
        """Commit what has been added."""
        self._database.commit()
        self._committed = monotonic()

    def status(self, key: str) -> str | None:
        """Give how a run ended, None when it has not been done."""
        found = self._database.execute("SELECT status FROM runs WHERE key = ?", (key,)).fetchone()
        return None if found is None else str(found[0])

    def same_work(self, work: str, well: bool = True) -> tuple[Any, ...] | None:
        """Give the row of a run that did the same work; only one that ended well, unless told otherwise."""
        query = f"SELECT * FROM runs WHERE work = ?{' AND status = ' + repr('ok') if well else ''} LIMIT 1"
        found: tuple[Any, ...] | None = self._database.execute(query, (work,)).fetchone()
        return found

    def counts(self, keys: Collection[str]) -> dict[str, int]:
        """Give the number of those runs that are there, by how they ended; the file may hold others beside them."""
        rows = self._database.execute("SELECT key, status FROM runs ORDER BY status")
        return dict(Counter(status for key, status in rows if key in keys))

    def done(self) -> set[str]:
        """Give the keys of all runs."""
        return {row[0] for row in self._database.execute("SELECT key FROM runs")}

    def take_in(self, path: Path) -> int:
        """Take in the runs of another file of the same sweep; gives how many were new."""
        with closing(read_only(path)) as other:
            theirs = columns_of(other)
            if theirs != self.columns:
                raise ResultsError(str(path), f"is of another sweep: {_unlike(theirs, self.columns)}")
            before = self._database.total_changes
            marks = ", ".join("?" * len(self.columns))
            self._database.executemany(
                f"INSERT OR IGNORE INTO runs VALUES ({marks})", other.execute("SELECT * FROM runs")
            )
        self.save()
        return self._database.total_changes - before

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, in order."""
        return (*FIXED, *self._columns)

    def close(self) -> None:
        """Save and let go of the file."""
        self.save()
        self._database.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _columns(self) -> tuple[str, ...]:
        return (*self.axes, *self.measures)

    def _set_up(self) -> None:
        found = self._database.execute("PRAGMA user_version").fetchone()[0]
        if found == 0:
            self._lay_out()
        elif found != FORMAT:
            raise ResultsError(str(self.path), f"has format {found}, and this version writes format {FORMAT}")
        elif columns_of(self._database) != self.columns:
            unlike = _unlike(columns_of(self._database), self.columns)
            raise ResultsError(
                str(self.path),
                f"holds a sweep with other columns: {unlike}. Give another --out, or the file as it was",
            )

    def _lay_out(self) -> None:
        fixed = "key TEXT NOT NULL UNIQUE, work TEXT NOT NULL, contract TEXT NOT NULL, replication INTEGER"
        ended = "seed INTEGER, world TEXT, status TEXT NOT NULL, reason TEXT NOT NULL"
        own = [quoted(name) for name in self.axes] + [f"{quoted(name)} REAL" for name in self.measures]
        self._database.execute(f"PRAGMA application_id={APPLICATION}")
        self._database.execute(f"CREATE TABLE runs ({', '.join([fixed, ended, *own])})")
        self._database.execute("CREATE INDEX runs_by_work ON runs (work)")
        self._database.execute(f"PRAGMA user_version={FORMAT}")
        self._database.commit()


def _opened(path: Path) -> sqlite3.Connection:
    # A rollback journal, not a write-ahead log: the file may stand on a network disk.
    try:
        database = sqlite3.connect(path, timeout=30)
        database.execute("PRAGMA journal_mode=TRUNCATE")
        database.execute("PRAGMA synchronous=NORMAL")
    except sqlite3.Error as error:
        raise ResultsError(str(path), f"cannot be written as a sweep: {error}") from error
    return database


def read_only(path: Path, keys: Collection[str] | None = None) -> sqlite3.Connection:
    """Open a sweep for reading; raises ``ResultsError`` where there is none.

    Where ``keys`` are given the table ``runs`` holds those rows alone: a file may keep runs of another engine, or of a
    scenario or contract as it was before, beside those that were asked for.
    """
    if not path.is_file():
        raise ResultsError(str(path), "is missing; give the file that a sweep wrote, such as sweep.sqlite")
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=30)
    try:
        found = database.execute("PRAGMA application_id").fetchone()[0]
    except sqlite3.DatabaseError as error:
        database.close()
        raise ResultsError(str(path), f"is not a whole database ({error})") from error
    if found != APPLICATION:
        database.close()
        raise ResultsError(str(path), "is not the database of a sweep")
    if keys is not None:
        database.execute("CREATE TEMP TABLE wanted (key TEXT PRIMARY KEY) WITHOUT ROWID")
        database.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", ((key,) for key in keys))
        database.execute(
            "CREATE TEMP VIEW runs AS SELECT * FROM main.runs WHERE key IN (SELECT key FROM temp.wanted)"
        )
    return database


def columns_of(database: sqlite3.Connection) -> tuple[str, ...]:
    """Name the columns of a sweep."""
    return tuple(str(row[1]) for row in database.execute("PRAGMA table_info(runs)"))


def rows_in_order(path: Path) -> Iterator[tuple[Any, ...]]:
    """Give all rows in an order that depends on nothing but their content: by key."""
    with closing(read_only(path)) as database:
        yield from database.execute("SELECT * FROM runs ORDER BY key")


def digest_of(path: Path) -> str:
    """Give the SHA-256 of all rows: the same wherever and in whatever order they were done."""
    seen = sha256()
    for row in rows_in_order(path):
        seen.update(repr(row).encode())
    return seen.hexdigest()


def plain(value: Any) -> Any:
    """Give a value of an axis as SQLite holds it: a number or a text, which is JSON of what has parts."""
    if isinstance(value, bool) or value is None or isinstance(value, int | float | str):
        return value
    return float(value) if isinstance(value, Decimal) else json.dumps(value, default=_told)


def _told(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)


def quoted(name: str) -> str:
    """Quote a name for SQL."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _unlike(theirs: Sequence[str], ours: Sequence[str]) -> str:
    missing = [name for name in ours if name not in theirs]
    surplus = [name for name in theirs if name not in ours]
    said = [f"it has no '{missing[0]}'"] if missing else []
    said += [f"it has '{surplus[0]}'"] if surplus else []
    return " and ".join(said) or "they stand in another order"
