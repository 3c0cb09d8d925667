"""The tables of ``run.sqlite``: one a kind of event, built from the records; views; units of columns."""

import re
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from legalaid_sim.events import KINDS, plain_types

SQL_TYPES = {int: "INTEGER", bool: "INTEGER", float: "REAL", str: "TEXT"}
CLOCK = "minutes since midnight at the start of the lead-in"

UNITS = {
    **dict.fromkeys(("at", "began", "due", "decided", "since", "opens", "closes", "ends", "wanted", "slot"), CLOCK),
    **dict.fromkeys(("own", "anyone"), f"{CLOCK}; -1: no slot was free"),
    **dict.fromkeys(
        (
            "needed", "planned", "core", "listening", "retelling", "reading", "waited", "minutes", "given",
            "listened", "adviser_minutes", "admin_minutes", "late", "available", "contact", "casework",
            "duty", "admin", "handover", "supervision", "travel", "missed", "idle",
        ),
        "minutes",
    ),
    **dict.fromkeys(("pence", "income", "spending", "reserves", "unpaid", "requested"), "pence"),
    **dict.fromkeys(
        ("relational_need", "vulnerability", "trust", "trust_before", "trust_after", "chance", "strain",
        "pressure", "capability"), "from 0 to 1",
    ),
    **dict.fromkeys(("ordinal", "vintage", "replication", "run", "seq", "phase", "month"), "number, from 1"),
    **dict.fromkeys(("clients", "contacts", "files", "open_matters"), "count"),
}  # fmt: skip
WORDS = {"month": "months since the lead-in began", "seq": "place in the log, from 1", "run": "a row of runs"}


class TableColumn(NamedTuple):
    """A column of a table: what SQLite holds, what Python gets back, in which unit."""

    name: str
    python: type
    unit: str

    @property
    def sql(self) -> str:
        """The column as SQLite declares it."""
        return f'"{self.name}" {SQL_TYPES[self.python]} NOT NULL'


def table_of(kind: type) -> str:
    """Name the table of a kind of event.

    >>> from legalaid_sim.events import MatterOpened
    >>> table_of(MatterOpened)
    'matter_opened'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def columns_of(kind: type) -> tuple[TableColumn, ...]:
    """Give the columns of a kind of event, one a field, in the order of the record."""
    return tuple(
        TableColumn(name, python, unit_of(table_of(kind), name, python))
        for name, python in plain_types(kind).items()
    )


def unit_of(table: str, name: str, python: type) -> str:
    """Say in which unit a column is."""
    if python is bool:
        return "1 = yes, 0 = no"
    if python is str:
        return "text"
    if table == "diary" and name == "duty":
        return "minutes"
    return WORDS.get(name) or UNITS[name]


RUNS = """CREATE TABLE runs (run INTEGER PRIMARY KEY, regime TEXT NOT NULL, replication INTEGER NOT NULL,
 world_seed INTEGER NOT NULL, world_digest TEXT NOT NULL, logged INTEGER NOT NULL,
 opens INTEGER, closes INTEGER, ends INTEGER, UNIQUE (regime, replication))"""

MEASURES = """CREATE TABLE measures (run INTEGER NOT NULL, measure TEXT NOT NULL, value REAL,
 PRIMARY KEY (run, measure)) WITHOUT ROWID"""

# Columns without a type keep whole numbers whole.
COUNTED = """CREATE TABLE counted (run INTEGER NOT NULL, measure TEXT NOT NULL, part NOT NULL, whole NOT NULL,
 PRIMARY KEY (run, measure)) WITHOUT ROWID"""

COLUMNS = 'CREATE TABLE "columns" ("table" TEXT NOT NULL, "column" TEXT NOT NULL, unit TEXT NOT NULL)'

VIEWS = {
    "ledger": """SELECT regime, replication, e.at, organisation, contract, matter, phase, block, pence,
 'entitled' AS entry FROM entitled e JOIN runs USING (run)
 UNION ALL SELECT regime, replication, p.at, organisation, contract, '', 0, block, pence, 'paid'
 FROM paid p JOIN runs USING (run)""",
    "clients": """SELECT regime, replication, c.*,
 (SELECT count(*) FROM contact k WHERE k.run = c.run AND k.client = c.client) AS contacts
 FROM person c JOIN runs USING (run)""",
    "matters": """SELECT regime, replication, o.*, c.at AS closed_at, c.reason, c.given, c.listened,
 c.contacts, c.trust, (SELECT coalesce(sum(pence), 0) FROM entitled e
 WHERE e.run = o.run AND e.matter = o.matter) AS earned_pence
 FROM matter_opened o JOIN runs USING (run) LEFT JOIN matter_closed c USING (run, matter)""",
    "advisers": """SELECT regime, replication, j.*, l.at AS left_at, l.reason, l.strain
 FROM adviser_joined j JOIN runs USING (run) LEFT JOIN adviser_left l USING (run, adviser)""",
    "events": " UNION ALL ".join(
        f"SELECT run, seq, at, '{table_of(kind)}' AS kind FROM {table_of(kind)}" for kind in KINDS
    ),
}

INDEXES = {
    "entitled_by_matter": "entitled (run, matter)",
    "contact_by_client": "contact (run, client)",
    "matter_closed_by_matter": "matter_closed (run, matter)",
    "adviser_left_by_adviser": "adviser_left (run, adviser)",
}


def statements() -> Iterator[str]:
    """Give the statements that lay out an empty database."""
    yield from (RUNS, MEASURES, COUNTED, COLUMNS)
    for kind in KINDS:
        fields = ", ".join(column.sql for column in columns_of(kind))
        yield (
            f"CREATE TABLE {table_of(kind)} (run INTEGER NOT NULL, seq INTEGER NOT NULL, {fields}, "
            "PRIMARY KEY (run, seq)) WITHOUT ROWID"
        )
    yield from (f"CREATE INDEX {name} ON {where}" for name, where in INDEXES.items())
    yield from (f"CREATE VIEW {name} AS {query}" for name, query in VIEWS.items())


def lay_out(database: sqlite3.Connection) -> None:
    """Make the tables and views, and write down the unit of every column."""
    for statement in statements():
        database.execute(statement)
    database.executemany('INSERT INTO "columns" VALUES (?, ?, ?)', _documented())


def _documented() -> Iterator[tuple[str, str, str]]:
    for name in ("opens", "closes", "ends"):
        yield "runs", name, CLOCK
    for kind in KINDS:
        yield from ((table_of(kind), column.name, column.unit) for column in columns_of(kind))
    yield "matters", "earned_pence", "pence"
    yield "measures", "value", "the unit in measures.csv"
    yield "counted", "part", "what a measure sums over its cases"
    yield "counted", "whole", "cases that it is taken over"
