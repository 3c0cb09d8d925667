"""A contract laid open for checking: its blocks with their places in the file, and its values worked out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from legalaid_sim.contracts.blocks.written import WrittenContract
from legalaid_sim.contracts.vocabulary.values import ByRegion, Column, Dated, NamedValue
from legalaid_sim.diagnostics import OLD_WORDS, named_path
from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import Problem
from legalaid_sim.yamlfile import Document, Mark, Path

ROOMS = ("payments", "taxes", "duties", "permissions", "standards", "controls", "adjustments", "cash")


EVERYWHERE = "any region"


FOREVER = date.min


class Placed(NamedTuple):
    """A block with its path in the file."""

    path: Path
    block: Any
    written: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The id of the block."""
        return str(self.block.id)

    @property
    def kind(self) -> str:
        """The kind of the block."""
        return str(self.block.kind)


class Point(NamedTuple):
    """Where a value holds: from which day, in which region."""

    day: date
    region: str


@dataclass(frozen=True, slots=True)
class Page:
    """A contract with the document it was read from."""

    contract: WrittenContract
    document: Document

    @property
    def data(self) -> Any:
        """The plain data, as written."""
        return self.document.data

    def problem(self, code: str, message: str, path: Path, at_key: bool = False, **more: Any) -> Problem:
        """Make a problem at a path of the file, on the value, or on the key where asked."""
        return problem_of(code, message, self.mark(path, at_key), named_path(self.data, path), **more)

    def mark(self, path: Path, at_key: bool = False) -> Mark:
        """Give the place of a path."""
        return self.document.marks.key(path) if at_key else self.document.marks.value(path)

    def as_written(self, path: Path) -> Path:
        """Give a path with the word that the file uses for its last key, where that is an old one."""
        here: Any = self.data
        for key in path[:-1]:
            here = here[key]
        old = next(
            (word for word in OLD_WORDS.get(path[-1], ()) if path[-1] not in here and word in here), None
        )
        return path if old is None else (*path[:-1], old)

    def blocks(self, *rooms: str) -> Iterator[Placed]:
        """Go through the blocks of the named lists (all lists when none is named), in file order."""
        for room in rooms or ROOMS:
            for position, block in enumerate(getattr(self.contract, room)):
                yield Placed((room, position), block, self.data[room][position])

    def points(self, form: Any) -> dict[Point, Decimal]:
        """Work a value form out: what it is from which day in which region; nothing for a table's column."""
        if form is None or isinstance(form, Column):
            return {}
        if isinstance(form, NamedValue):
            return self._named(form.value)
        if isinstance(form, Dated):
            return {Point(day, EVERYWHERE): Decimal(n) for day, n in form.dated.items() if n != "expected"}
        if isinstance(form, ByRegion):
            return {
                Point(at.day, region): number
                for region, inner in form.by_region.items()
                for at, number in self.points(inner).items()
            }
        return {Point(FOREVER, EVERYWHERE): Decimal(form)} if isinstance(form, int | Decimal) else {}

    def _named(self, name: str) -> dict[Point, Decimal]:
        value = self.contract.values.get(name)
        if value is None:
            return {}
        if value.dated is not None:
            return self.points(Dated[Any](dated=value.dated))
        if value.by_region is not None:
            return self.points(ByRegion[Any](by_region=value.by_region))
        return self.points(value.amount)

    def days_of_change(self, form: Any) -> tuple[date, ...]:
        """List the days on which a value takes a new version, without its first."""
        days = sorted({at.day for at in self.points(form)})
        return tuple(days[1:])

    def pairs(self, one: Any, other: Any, table: str | None) -> Iterator[tuple[str, Decimal, Decimal]]:
        """Put two values side by side wherever both are known: by day and region, or row by row."""
        if isinstance(one, Column) and isinstance(other, Column) and table:
            yield from self._row_pairs(one.column, other.column, table)
            return
        ones, others = self.points(one), self.points(other)
        for at in sorted({*ones, *others}):
            left, right = _in_force(ones, at), _in_force(others, at)
            if left is not None and right is not None:
                yield _said(at), left, right

    def _row_pairs(self, one: str, other: str, table: str) -> Iterator[tuple[str, Decimal, Decimal]]:
        rows = self.contract.tables.get(table)
        columns = list((rows.columns if rows else None) or ())
        if rows is None or one not in columns or other not in columns:
            return
        for row in rows.rows:
            cells = dict(zip(columns, row))
            if _is_number(cells.get(one)) and _is_number(cells.get(other)):
                yield f"row {row[0]}", Decimal(str(cells[one])), Decimal(str(cells[other]))


def _in_force(points: Mapping[Point, Decimal], at: Point) -> Decimal | None:
    fitting = [p for p in points if p.day <= at.day and p.region in (at.region, EVERYWHERE)]
    return points[max(fitting, key=lambda p: p.day)] if fitting else None


def _said(at: Point) -> str:
    when = "" if at.day == FOREVER else f"from {at.day}"
    where = "" if at.region == EVERYWHERE else f"in {at.region}"
    return " ".join(filter(None, (when, where))) or "always"


def _is_number(found: Any) -> bool:
    return isinstance(found, int | Decimal) and not isinstance(found, bool)
