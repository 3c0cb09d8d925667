"""Looking a value up: the five value forms compiled to objects that answer "how much, on this day, here?"."""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from legalaid_sim.contracts.blocks.named import NamedAmount, Table
from legalaid_sim.contracts.blocks.written import WrittenContract
from legalaid_sim.contracts.tools.amounts import pence_of
from legalaid_sim.contracts.tools.csvfile import read_cell_day, read_csv
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.contracts.vocabulary.values import ByRegion, Column, Dated, NamedValue
from legalaid_sim.errors import Refusal
from legalaid_sim.units import round_half_up

Convert = Callable[[Any], int]
EXPECTED = "expected"
MOST_REMEMBERED = 1 << 14


class Seeker(Protocol):
    """What a lookup needs to see of a case."""

    facts: MatterFacts
    provider: ProviderFacts


class Lookup(ABC):
    """A value of a contract; ``None`` means that the contract says nothing here (an empty cell).

    ``alike`` says that on one day it is the same for every case.
    """

    __slots__ = ()
    alike = False

    @abstractmethod
    def on(self, day: date, case: Seeker) -> int | None:
        """Give the value in force on a day for a case."""

    def or_nought(self, day: date, case: Seeker) -> int:
        """Give the value in force on a day, nothing (an empty cell) counted as nought."""
        return self.on(day, case) or 0

    def version(self, day: date, case: Seeker) -> str:
        """Name the version in force; empty where a value has no history."""
        return ""

    def before(self, day: date, case: Seeker) -> int | None:
        """Give the value that the version in force replaced."""
        return None

    def changes(self) -> tuple[date, ...]:
        """Give the days on which the value changes."""
        return ()


class Constant(Lookup):
    """The same on every day."""

    __slots__ = ("value",)
    alike = True

    def __init__(self, value: int | None) -> None:
        self.value = value

    def on(self, day: date, case: Seeker) -> int | None:
        """Give the value."""
        return self.value


class History(Lookup):
    """A value that changes on days; a version that is still expected has no number and is refused."""

    __slots__ = ("days", "name", "values")
    alike = True

    def __init__(self, name: str, dated: Mapping[date, int | None]) -> None:
        self.name = name
        self.days = sorted(dated)
        self.values = [dated[day] for day in self.days]

    def on(self, day: date, case: Seeker) -> int | None:
        """Give the version in force on a day; refuse a day before the first one."""
        at = bisect_right(self.days, day)
        if not at:
            raise Refusal("no-version", self.name, f"the first version starts on {self.days[0]}, after {day}")
        value = self.values[at - 1]
        if value is None:
            since = self.days[at - 1]
            raise Refusal("expected-value", self.name, f"the figure of {since} is still 'expected'")
        return value

    def version(self, day: date, case: Seeker) -> str:
        """Name the version by its first day."""
        at = bisect_right(self.days, day)
        return str(self.days[at - 1]) if at else ""

    def before(self, day: date, case: Seeker) -> int | None:
        """Give what the version in force replaced."""
        at = bisect_right(self.days, day)
        return self.values[at - 2] if at > 1 else None

    def changes(self) -> tuple[date, ...]:
        """Give the first days of all versions."""
        return tuple(self.days)


class Regional(Lookup):
    """A value for each region."""

    __slots__ = ("name", "regions")

    def __init__(self, name: str, regions: Mapping[str, Lookup]) -> None:
        self.name, self.regions = name, dict(regions)

    def _of(self, case: Seeker) -> Lookup:
        region = case.facts.region or case.provider.region
        found = self.regions.get(region)
        if found is None:
            named = ", ".join(self.regions)
            raise Refusal("no-region", self.name, f"no value for region '{region}'; there are: {named}")
        return found

    def on(self, day: date, case: Seeker) -> int | None:
        """Give the value of the matter's region, or else of the provider's."""
        return self._of(case).on(day, case)

    def version(self, day: date, case: Seeker) -> str:
        """Name the version in force in that region."""
        return self._of(case).version(day, case)

    def before(self, day: date, case: Seeker) -> int | None:
        """Give what that version replaced."""
        return self._of(case).before(day, case)

    def changes(self) -> tuple[date, ...]:
        """Give the days on which any region changes."""
        return tuple(day for lookup in self.regions.values() for day in lookup.changes())


class ValueRow:
    """A row of a table: its cells by column, the days it is in force, the version it belongs to."""

    __slots__ = ("cells", "last", "numbers", "starts", "version")

    def __init__(self, cells: dict[str, Any], starts: date, last: date, version: str) -> None:
        self.cells, self.starts, self.last = cells, starts, last
        self.version = version or ("" if starts == date.min else str(starts))
        self.numbers: dict[tuple[str, Convert], int | None] = {}

    def number(self, column: str, convert: Convert) -> int | None:
        """Give a cell as a number, or nothing where it is empty."""
        key = (column, convert)
        if key not in self.numbers:
            self.numbers[key] = _cell_number(self.cells.get(column), column, convert)
        return self.numbers[key]


def _cell_number(cell: Any, column: str, convert: Convert) -> int | None:
    if cell is None or cell == "":
        return None
    try:
        return convert(Decimal(str(cell)))
    except InvalidOperation:
        raise Refusal("bad-cell", column, f"the cell holds '{cell}', which is no number") from None


class Rows:
    """A compiled table: rows by key, the latest start first."""

    __slots__ = ("by_key", "columns", "days", "keys", "name", "seen")

    def __init__(
        self, name: str, keys: tuple[str, ...], columns: tuple[str, ...], rows: list[ValueRow]
    ) -> None:
        self.name, self.keys, self.columns = name, keys, columns
        self.by_key: dict[Any, list[ValueRow]] = {}
        self.seen: dict[tuple[Any, ...], ValueRow | None] = {}
        firsts = {row.starts for row in rows if row.starts != date.min}
        after = {row.last + timedelta(days=1) for row in rows if row.last != date.max}
        self.days = tuple(sorted(firsts | after))
        # Of rows that start on one day the first in the file counts, since sorting keeps the order of equals.
        for row in sorted(rows, key=lambda row: row.starts, reverse=True):
            key = row.cells.get(keys[0])
            self.by_key.setdefault(None if key in (None, "") else str(key), []).append(row)

    def _fits(self, row: ValueRow, case: Seeker) -> bool:
        return all(
            (cell := row.cells.get(key)) in (None, "") or str(cell) == _key_fact(key, case)
            for key in self.keys[1:]
        )

    def find(self, day: date, case: Seeker) -> ValueRow | None:
        """Give the row in force; of several, the one that started last."""
        asked = (day, *[_key_fact(key, case) for key in self.keys])
        found = self.seen.get(asked)
        if found is None:
            # Facts of a claims file may be of any number.
            if len(self.seen) >= MOST_REMEMBERED:
                self.seen.clear()
            found = self.seen[asked] = self._in_force(day, case)
        return found

    def _in_force(self, day: date, case: Seeker) -> ValueRow | None:
        key = _key_fact(self.keys[0], case)
        for rows in (self.by_key.get(key, ()), self.by_key.get(None, ())):
            for row in rows:
                if row.starts <= day <= row.last and self._fits(row, case):
                    return row
        return None

    def row(self, day: date, case: Seeker) -> ValueRow:
        """Give the row in force, or refuse with the reason."""
        found = self.find(day, case)
        if found is not None:
            return found
        key = _key_fact(self.keys[0], case)
        rows = self.by_key.get(key, ())
        if not rows:
            raise Refusal("unknown-code", self.name, f"no row has {self.keys[0]} '{key}'")
        starts, last = min(row.starts for row in rows), max(row.last for row in rows)
        if starts <= day <= last and len(self.keys) > 1:
            rest = ", ".join(f"{name} '{_key_fact(name, case)}'" for name in self.keys[1:])
            raise Refusal("no-row", self.name, f"no row of '{key}' has {rest}")
        span = f"from {starts}" + ("" if last == date.max else f" to {last}")
        raise Refusal("no-version", self.name, f"'{key}' has rows {span}, none on {day}")


def _key_fact(key: str, case: Seeker) -> str:
    if key == "region":
        return case.facts.region or case.provider.region
    found = getattr(case.facts, key, None)
    return str(case.facts.facts.get(key, "") if found is None else found)


class ColumnLookup(Lookup):
    """A column of the row that the block's table picks."""

    __slots__ = ("column", "convert", "table")

    def __init__(self, table: Rows, column: str, convert: Convert) -> None:
        self.table, self.column, self.convert = table, column, convert

    def on(self, day: date, case: Seeker) -> int | None:
        """Give the cell, or nothing where it is empty."""
        return self.table.row(day, case).number(self.column, self.convert)

    def version(self, day: date, case: Seeker) -> str:
        """Name the row's version, or its first day."""
        row = self.table.row(day, case)
        return row.version

    def changes(self) -> tuple[date, ...]:
        """Give the days on which rows start or are no longer in force."""
        return self.table.days


def _day(cell: Any, otherwise: date, column: str | None) -> date:
    return otherwise if cell in (None, "") else read_cell_day(cell, column or "")


def _row(table: Table, columns: Sequence[str], cells: Sequence[Any]) -> ValueRow:
    named = dict(zip(columns, cells))
    starts = _day(named.get(table.starts or ""), date.min, table.starts)
    last = _day(named.get(table.ends or ""), date.max, table.ends)
    return ValueRow(named, starts, last, str(named.get(table.version or "") or ""))


def compile_table(name: str, table: Table, folder: Path, texts: Mapping[str, str] | None = None) -> Rows:
    """Read a table's rows, from the contract or the CSV file beside it; ``texts`` are of files read already."""
    if table.file:
        columns, cells = read_csv(folder / table.file, (texts or {}).get(str(table.file)))
    else:
        columns, cells = table.columns or (), [list(row) for row in table.rows]
    named = (*table.key, *(one for one in (table.starts, table.ends, table.version) if one))
    missing = [one for one in named if one not in columns]
    if missing or not table.key:
        raise Refusal("unknown-column", name, f"the table has no column '{missing[0] if missing else 'key'}'")
    for number, row in enumerate(cells, start=1):
        if len(row) != len(columns):
            why = f"row {number} has {len(row)} of the {len(columns)} cells that the columns name"
            raise Refusal("bad-row", name, why)
    return Rows(name, table.key, tuple(columns), [_row(table, columns, row) for row in cells])


class Library:
    """The values and tables of one contract, ready to look things up in."""

    def __init__(
        self,
        contract: WrittenContract,
        folder: Path,
        factor: Fraction = Fraction(1),
        texts: Mapping[str, str] | None = None,
    ) -> None:
        """``factor`` multiplies every amount of money that is looked up, to the nearest penny."""
        self.contract = contract
        self._pence: Convert = pence_of if factor == 1 else _times(factor)
        self.tables = {
            name: compile_table(name, table, folder, texts) for name, table in contract.tables.items()
        }
        self.indexed: dict[str, Any] = {}
        self.lifts = {block.id: block.lifts for block in contract.permissions if hasattr(block, "lifts")}
        self._days: set[date] = set()
        self._within: list[str] = []

    def lookup(self, form: Any, convert: Convert, where: str, table: str | None = None) -> Lookup:
        """Compile a value form; ``where`` names it in refusals."""
        made = self._compile(form, self._pence if convert is pence_of else convert, where, table)
        if not isinstance(made, Constant):
            self._days.update(made.changes())
        return made

    def maybe(self, form: Any, convert: Convert, where: str, table: str | None = None) -> Lookup | None:
        """Compile a value form that may be left out."""
        return None if form is None else self.lookup(form, convert, where, table)

    def changes(self) -> list[date]:
        """Give every day on which some value of the contract changes."""
        return sorted(self._days)

    def _compile(self, form: Any, convert: Convert, where: str, table: str | None) -> Lookup:
        if isinstance(form, Dated):
            return History(where, {day: _known(value, convert) for day, value in form.dated.items()})
        if isinstance(form, ByRegion):
            return Regional(
                where,
                {name: self._compile(one, convert, where, table) for name, one in form.by_region.items()},
            )
        if isinstance(form, NamedValue):
            return self._named(form.value, convert, where, table)
        if isinstance(form, Column):
            return ColumnLookup(self._table(table, where), form.column, convert)
        return Constant(convert(form))

    def _table(self, name: str | None, where: str) -> Rows:
        if name is None or name not in self.tables:
            raise Refusal("unknown-table", where, f"a column is read but there is no table '{name or ''}'")
        return self.tables[name]

    def _named(self, name: str, convert: Convert, where: str, table: str | None) -> Lookup:
        if name in self._within:
            raise Refusal("circular-value", where, f"the value '{name}' is defined by itself")
        entry = self.indexed.get(name) or self.contract.values.get(name)
        if entry is None:
            raise Refusal("unknown-value", where, f"there is no entry '{name}' under values")
        self._within.append(name)
        try:
            return self._compile(form_in(entry, name), convert, name, table)
        finally:
            self._within.pop()


def _times(factor: Fraction) -> Convert:
    def convert(pounds: Decimal | int) -> int:
        return round_half_up(pence_of(pounds) * factor)

    return convert


def _known(value: Any, convert: Convert) -> int | None:
    return None if value == EXPECTED else convert(value)


def form_in(entry: NamedAmount, name: str) -> Any:
    """Give the value form that an entry under ``values:`` holds."""
    if entry.dated is not None:
        return Dated[Decimal].model_construct(dated=entry.dated)
    if entry.by_region is not None:
        return ByRegion[Decimal].model_construct(by_region=entry.by_region)
    if entry.amount is None:
        raise Refusal("no-value", name, "the entry holds no number: write amount, dated or by_region")
    return entry.amount
