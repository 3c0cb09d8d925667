"""Write and read ``run.sqlite``. The same runs in the same order give the same bytes."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from heapq import merge
from itertools import chain
from pathlib import Path
from typing import Any

from legalaid_sim.errors import ResultsError
from legalaid_sim.events import KINDS, DutyDone, Event, Log, Window
from legalaid_sim.measures.statistics import Ratio
from legalaid_sim.results.tables import columns_of, lay_out, table_of

DATABASE = "run.sqlite"
APPLICATION = 0x4C41534D
FORMAT = 1


class Writer:
    """An open database that takes runs one after another; memory does not grow with their number."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        for pragma in (
            # SQLite may come to choose another size; no journal, since the folder is renamed once it is whole.
            "page_size=4096",
            "journal_mode=OFF",
            "synchronous=OFF",
            f"application_id={APPLICATION}",
        ):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute(f"PRAGMA user_version={FORMAT}")
        self._database.execute("BEGIN")
        lay_out(self._database)
        self._runs = 0

    def add(
        self,
        regime: str,
        replication: int,
        seed: int,
        digest: str,
        measures: Mapping[str, float | None],
        log: Log | None = None,
    ) -> None:
        """Append one run, with its log where it is to be kept."""
        self._runs += 1
        window = tuple(log.window) if log else (None, None, None)
        row = (self._runs, regime, replication, seed, digest, log is not None, *window)
        self._database.execute(f"INSERT INTO runs VALUES ({_marks(len(row))})", row)
        rows = ((self._runs, name, value) for name, value in sorted(measures.items()))
        self._database.executemany("INSERT INTO measures VALUES (?, ?, ?)", rows)
        counts = (
            (self._runs, name, value.part, value.whole)
            for name, value in sorted(measures.items())
            if isinstance(value, Ratio)
        )
        self._database.executemany("INSERT INTO counted VALUES (?, ?, ?, ?)", counts)
        if log:
            self._add_log(log)

    def close(self) -> None:
        """Finish the file."""
        self._database.execute("COMMIT")
        self._database.close()

    def abandon(self) -> None:
        """Let go of the file as it is."""
        self._database.close()

    def _add_log(self, log: Log) -> None:
        rows: dict[type, list[tuple[object, ...]]] = {kind: [] for kind in KINDS}
        for seq, event in enumerate(log, start=1):
            rows[type(event)].append((self._runs, seq, *event))
        for kind in KINDS:
            marks = _marks(len(columns_of(kind)) + 2)
            self._database.executemany(f"INSERT INTO {table_of(kind)} VALUES ({marks})", rows[kind])


class DatabaseReader:
    """A finished database, opened for reading only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.is_file():
            again = f"`legalaid-sim reproduce {path.parent} --complete` makes it again"
            raise ResultsError(str(path), f"is missing: the folder is not complete; {again}")
        self._database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            self._check()
        except ResultsError:
            self._database.close()
            raise

    def runs(self) -> list[tuple[str, int, int, str, bool]]:
        """Give regime, replication, world seed, world digest and whether its log was kept, for every run."""
        query = "SELECT regime, replication, world_seed, world_digest, logged FROM runs ORDER BY run"
        rows = self.rows(query)
        return [(str(g), int(r), int(s), str(d), bool(k)) for g, r, s, d, k in rows]

    def measures(self, regime: str) -> list[dict[str, float | None]]:
        """Give the measures of one regime, one mapping a replication, in order."""
        found: dict[int, dict[str, float | None]] = {}
        # A folder made before measures kept what they count has no such table.
        counts = (
            "counted" if self.counts else "(SELECT NULL AS run, NULL AS measure, NULL AS part, NULL AS whole)"
        )
        query = (
            "SELECT replication, m.measure, value, part, whole FROM measures m JOIN runs USING (run) "
            f"LEFT JOIN {counts} c ON c.run = m.run AND c.measure = m.measure "
            "WHERE regime = ? ORDER BY replication, m.measure"
        )
        for replication, name, value, part, whole in self.rows(query, (regime,)):
            found.setdefault(replication, {})[name] = value if whole is None else Ratio(value, part, whole)
        return list(found.values())

    def log(self, regime: str, replication: int) -> Log:
        """Rebuild the log of one run, equal to the one that was written."""
        run, window = self._logged(regime, replication)
        return _merged(window, [self._events(kind, "run = ?", (run,)) for kind in KINDS])

    def story(self, regime: str, replication: int, matter: str) -> Log:
        """Give what a log holds of one matter and of the problem it was opened for, nothing else."""
        run, window = self._logged(regime, replication)
        problem = matter.rpartition(".m")[0]
        wheres: dict[type[Event], tuple[str, tuple[object, ...]]] = {
            kind: ("run = ? AND matter = ?", (run, matter))
            if "matter" in kind._fields
            else ("run = ? AND problem = ?", (run, problem))
            for kind in KINDS
            if {"matter", "problem"} & set(kind._fields)
        }
        duties = "duty IN (SELECT duty FROM duty_fell WHERE run = ? AND matter = ?)"
        wheres[DutyDone] = (f"run = ? AND {duties}", (run, run, matter))
        return _merged(window, [self._events(kind, *where) for kind, where in wheres.items()])

    def part(self, regime: str, replication: int, kinds: Collection[type[Event]]) -> Log:
        """Rebuild of one run only the records of some kinds, kind after kind, each in order."""
        run, window = self._logged(regime, replication)
        return Log(window, chain.from_iterable(self._all(kind, run) for kind in KINDS if kind in kinds))

    def between(
        self, regime: str, replication: int, kinds: Collection[type[Event]], opens: int, closes: int
    ) -> Log:
        """Give the records of some kinds from one minute on and before another, in the order of the log."""
        run, window = self._logged(regime, replication)
        where = ("run = ? AND at >= ? AND at < ?", (run, opens, closes))
        return _merged(window, [self._events(kind, *where) for kind in KINDS if kind in kinds])

    def life(self, regime: str, replication: int, client: str) -> Log:
        """Give what a log holds of one client: their asking, contacts, problems and matters, and what these earned."""
        run, window = self._logged(regime, replication)
        named = ("run = ? AND client = ?", (run, client))
        # Ids read as paths: all that is a client's begins with the client's id and a full stop.
        # The slash follows the full stop in ASCII.
        inside = ("run = ? AND matter >= ? AND matter < ?", (run, f"{client}.", f"{client}/"))
        wheres = {
            kind: named if "client" in kind._fields else inside
            for kind in KINDS
            if {"client", "matter"} & set(kind._fields)
        }
        return _merged(window, [self._events(kind, *where) for kind, where in wheres.items()])

    def clients(self, regime: str, replication: int) -> list[str]:
        """Name all clients of a run, in the order in which they first asked."""
        run, _ = self._logged(regime, replication)
        return [
            str(row[0]) for row in self.rows("SELECT client FROM person WHERE run = ? ORDER BY seq", (run,))
        ]

    def matters(self, regime: str, replication: int) -> list[str]:
        """Name all matters that were opened in a run, in order."""
        run, _ = self._logged(regime, replication)
        return [str(row[0]) for row in self.rows("SELECT matter FROM matter_opened WHERE run = ?", (run,))]

    def _logged(self, regime: str, replication: int) -> tuple[int, Window]:
        query = "SELECT run, logged, opens, closes, ends FROM runs WHERE regime = ? AND replication = ?"
        row = next(iter(self.rows(query, (regime, replication))), None)
        if row is None:
            raise ResultsError(
                str(self._path), f"holds no run {replication} of '{regime}'; {self._offer(regime)}"
            )
        if not row[1]:
            raise ResultsError(
                str(self._path), f"keeps no log of run {replication} of '{regime}'; run again with --log all"
            )
        return row[0], Window(*row[2:])

    def rows(self, query: str, values: tuple[object, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """Give the rows of a query; raises ``ResultsError`` where the file is damaged."""
        try:
            yield from self._database.execute(query, values)
        except sqlite3.Error as error:
            raise ResultsError(str(self._path), f"is damaged ({error}); run the scenario again") from error

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _all(self, kind: type[Event], run: int) -> Iterator[Event]:
        query = f"SELECT {_names(kind)} FROM {table_of(kind)} WHERE run = ? ORDER BY seq"
        truths = [index for index, column in enumerate(columns_of(kind)) if column.python is bool]
        rows = self.rows(query, (run,))
        return map(kind._make, (_with_truths(row, truths) for row in rows) if truths else rows)

    def _events(
        self, kind: type[Event], where: str, values: tuple[object, ...]
    ) -> Iterator[tuple[int, Event]]:
        truths = [index for index, column in enumerate(columns_of(kind)) if column.python is bool]
        for seq, *fields in self.rows(
            f"SELECT seq, {_names(kind)} FROM {table_of(kind)} WHERE {where} ORDER BY seq", values
        ):
            for index in truths:
                fields[index] = bool(fields[index])
            yield seq, kind(*fields)

    def _check(self) -> None:
        try:
            self._check_format()
            tables = self._database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            held = {row[0] for row in tables}
            self.counts = "counted" in held
        except sqlite3.DatabaseError as error:
            raise ResultsError(
                str(self._path), f"is not a whole database ({error}); run the scenario again"
            ) from error
        missing = [name for name in ("runs", "measures", *map(table_of, KINDS)) if name not in held]
        if missing:
            words = f"lacks the table '{missing[0]}': damaged, or of another version; run the scenario again"
            raise ResultsError(str(self._path), words)

    def _check_format(self) -> None:
        found = self._database.execute("PRAGMA user_version").fetchone()[0]
        if found != FORMAT:
            raise ResultsError(
                str(self._path),
                f"has format {found}, and this version reads format {FORMAT}; run the scenario again",
            )

    def _offer(self, regime: str) -> str:
        """Say which worlds there are of a regime, or which regimes there are."""
        runs = list(self.runs())
        if worlds := sorted(run[1] for run in runs if run[0] == regime):
            return f"it has {worlds[0]}" + (f" to {worlds[-1]}" if worlds[1:] else "")
        return f"it has {', '.join(repr(name) for name in sorted({run[0] for run in runs}))}"


def _merged(window: Window, streams: list[Iterator[tuple[int, Event]]]) -> Log:
    return Log(window, (event for _, event in merge(*streams, key=lambda pair: pair[0])))


def _with_truths(row: tuple[Any, ...], truths: list[int]) -> list[Any]:
    # SQLite has no truth values: they come back as 0 and 1.
    fields = list(row)
    for index in truths:
        fields[index] = bool(fields[index])
    return fields


def _names(kind: type[Event]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns_of(kind))


def _marks(count: int) -> str:
    return ", ".join("?" * count)
