"""Which layout a file has, and its rows under the fields that may enter: the payer's two, or as a mapping says."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import InputError
from legalaid_sim.importing.fields import BULK, EXPORT, FIELDS, OTHER_IDS, SIGNS, VOID, plain
from legalaid_sim.importing.mapping import Mapped
from legalaid_sim.importing.sources import TRIED_LINES, Lines, SourceFile
from legalaid_sim.yamlfile import Mark

BULK_LAYOUT, EXPORT_LAYOUT, MAPPED_LAYOUT = "claims sent in bulk", "export of claims", "a table, as mapped"
OFFICE, SCHEDULE, OUTCOME = "OFFICE", "SCHEDULE", "OUTCOME"
# Heads are quoted nowhere, nor is any other line: a first line may be somebody's row.
STARTS = frozenset({"MATTERSTARTS", "IMMIGRATIONCLR"})
RECORDS = frozenset({OFFICE, SCHEDULE, OUTCOME}) | STARTS


class Record(NamedTuple):
    """A row under its fields, each a text as it stands, or why it was left before it was read."""

    line: int
    cells: Mapping[str, str]
    left: str = ""


@dataclass(slots=True)
class Layout:
    """What a file is: the fields read, the places (from 1) of columns that are not, how many lines of other kinds.

    Heads of columns that are not read are never told: they may hold anything.
    """

    name: str
    read: tuple[str, ...]
    unread: tuple[int, ...] = ()
    other_lines: dict[str, int] = field(default_factory=dict)


def known_layout(cells: Sequence[str]) -> str:
    """Name the payer's layout that a first line is of; empty for any other.

    >>> known_layout(["OFFICE", "account=1X522G"]), known_layout(["Case no", "Opened"])
    ('claims sent in bulk', '')
    """
    if plain(cells[0]).upper() in RECORDS and any("=" in cell for cell in cells[1:]):
        return BULK_LAYOUT
    return EXPORT_LAYOUT if {plain(head) for head in cells} >= SIGNS else ""


def recognise(source: SourceFile, mapped: Mapped | None) -> tuple[Layout, Iterator[Record]]:
    """Find out the layout of a file and give its rows as they are asked for.

    Raises:
        InputError: nothing is in the file; it is of neither layout that is known and no mapping is given; or a head
            of the mapping is not in the file.
    """
    lines = source.again()
    first = first_line(lines, source)
    if mapped is not None and mapped.columns:
        return _mapped(source, mapped)
    known = known_layout(first)
    if known == BULK_LAYOUT:
        layout = Layout(BULK_LAYOUT, tuple(dict.fromkeys(BULK.values())))
        return layout, _outcomes(source, layout)
    if known == EXPORT_LAYOUT:
        heads = [plain(head) for head in first]
        fields = [EXPORT.get(head) or OTHER_IDS.get(head) or (VOID if head == VOID else "") for head in heads]
        return _under(lines, EXPORT_LAYOUT, fields, first)
    said = "the file is neither claims as they are sent in bulk nor the export of claims"
    help_text = "`legalaid-sim import FILE --suggest` writes a mapping to start from; give it with --mapping"
    raise InputError((problem_of("CL021", said, Mark(0, 0, 1, source.path), help=help_text),))


def first_line(lines: Lines, source: SourceFile) -> list[str]:
    """Give the first line that holds anything; raises ``InputError`` where none can be read."""
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells):
                return cells
    except csv.Error:
        pass
    said = "there is nothing in the file that can be read as a table"
    raise InputError((problem_of("CL020", said, Mark(0, 0, 1, source.path), help="Is it the right file?"),))


def _mapped(source: SourceFile, mapped: Mapped) -> tuple[Layout, Iterator[Record]]:
    """Find the line that has the most of the mapping's heads; lines above it are titles."""
    lines, wanted = source.again(), {plain(head): name for head, name in mapped.columns.items()}
    missing = list(mapped.columns)
    for cells in _some(lines):
        heads = {plain(cell) for cell in cells}
        lacking = [head for head in mapped.columns if plain(head) not in heads]
        twice = [head for head in mapped.columns if [plain(cell) for cell in cells].count(plain(head)) > 1]
        if not lacking and twice:
            said = f"more than one column has the head {' and that of '.join(map(repr, twice))}"
            mark = Mark(0, 0, 1, source.path)
            raise InputError((problem_of("CL024", said, mark, help="Rename all but the one that is meant."),))
        if not lacking:
            fields = [wanted.get(plain(cell), "") for cell in cells]
            return _under(lines, MAPPED_LAYOUT, fields, cells)
        missing = min(missing, lacking, key=len)
    said = f"no line has the heads of the mapping: {', '.join(map(repr, missing))} not found"
    raise InputError((problem_of("CL022", said, Mark(0, 0, 1, source.path), help="Mend the mapping."),))


def _some(lines: Lines) -> Iterator[list[str]]:
    for _ in range(TRIED_LINES):
        try:
            yield next(lines)
        except (StopIteration, csv.Error):
            return


def _under(lines: Lines, name: str, fields: list[str], heads: list[str]) -> tuple[Layout, Iterator[Record]]:
    """Give rows under the fields of their columns."""
    places: dict[str, int] = {}
    for place, name_of in enumerate(fields):
        if name_of:
            places.setdefault(name_of, place)
    unread = tuple(n for n, (head, field) in enumerate(zip(heads, fields), 1) if head.strip() and not field)
    layout = Layout(name, tuple(field for field in places if field in FIELDS), unread)
    return layout, _records(lines, len(heads), places)


def _records(lines: Lines, width: int, places: Mapping[str, int]) -> Iterator[Record]:
    for cells in _readable(lines):
        if cells is None:
            yield Record(lines.line_num, {}, "unreadable")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < width or any(cell.strip() for cell in cells[width:]):
            yield Record(lines.line_num, {}, "width")
        else:
            yield Record(lines.line_num, {name: cells[place].strip() for name, place in places.items()})


def _readable(lines: Lines) -> Iterator[list[str] | None]:
    """Give the cells of each line, and None for a line that is no row of cells, after which reading goes on."""
    while True:
        try:
            yield next(lines)
        except StopIteration:
            return
        except csv.Error:
            yield None


def _outcomes(source: SourceFile, layout: Layout) -> Iterator[Record]:
    """Give the outcomes of a bulk file; its other lines are counted by their kind."""
    lines, office = source.again(), ""
    for cells in _readable(lines):
        if cells is None:
            yield Record(lines.line_num, {}, "unreadable")
            continue
        kind = plain(cells[0]).upper() if cells else ""
        if kind == OUTCOME:
            yield _outcome(lines.line_num, cells[1:], office)
        elif any(cell.strip() for cell in cells):
            if kind == OFFICE:
                office = _pairs(cells[1:]).get("account", [""])[0]
            name = kind if kind in RECORDS else "other"
            layout.other_lines[name] = layout.other_lines.get(name, 0) + 1


def _pairs(cells: list[str]) -> dict[str, list[str]]:
    """Read ``KEY=value`` cells; a key may come again, and what is blank says nothing."""
    found: dict[str, list[str]] = {}
    for cell in cells:
        key, sign, value = cell.partition("=")
        if sign:
            told = found.setdefault(plain(key), [])
            if value.strip() and value.strip() not in told:
                told.append(value.strip())
    return found


def _outcome(line: int, cells: list[str], office: str) -> Record:
    pairs = _pairs(cells)
    read = {name: pairs.get(key, []) for key, name in BULK.items()}
    if any(len(values) > 1 for values in read.values()):
        return Record(line, {}, "twice")
    ids = {name: (pairs.get(key) or [""])[0] for key, name in OTHER_IDS.items()}
    return Record(
        line, {name: (values or [""])[0] for name, values in read.items()} | ids | {"office": office}
    )
