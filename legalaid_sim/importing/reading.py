"""Records as cases: each cell read by the reader that ``price`` uses, ids replaced, words taken from closed lists."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from legalaid_sim.contracts.claimsfile.cells import (
    DAYS,
    YES,
    Forms,
    Misread,
    is_placeholder,
    read_count,
    read_day,
)
from legalaid_sim.contracts.claimsfile.claims import read_header
from legalaid_sim.importing.fields import COUNT, DAY, FIELDS, MINUTES, OTHER_IDS, PRICED, VOID, WORD, plain
from legalaid_sim.importing.hiding import SecretKey
from legalaid_sim.importing.known import Known
from legalaid_sim.importing.layouts import MAPPED_LAYOUT, Layout, Record

OUTCOME_CODE = re.compile(r"[A-Z]{1,2}")
FILE_NUMBER = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})/[0-9]{3}")
DAY_CELL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
ZERO_DAY = re.compile(r"[0/. -]+")


class ImportedCase(NamedTuple):
    """A case without its person. ``line`` is its line in the file; days are as they were, until written.

    ``claim`` holds what a claim says, by the column of a claims file: days, whole pence, counts, minutes, yes or no.
    """

    line: int
    matter: str
    client: str
    adviser: str
    fee_code: str
    category: str
    outcome: str
    asked: date | None
    opened: date | None
    closed: date | None
    contacts: int | None
    contact_minutes: int | None
    casework_minutes: int | None
    claim: Mapping[str, Any]

    @property
    def minutes(self) -> int | None:
        """All minutes of work on it: as its time sheets say, or with the client and without."""
        told = self.claim.get("in_profit_minutes")
        if told is not None:
            return int(told)
        parts = (self.contact_minutes, self.casework_minutes)
        return None if None in parts else (parts[0] or 0) + (parts[1] or 0)

    @property
    def days(self) -> tuple[date, ...]:
        """Its days, those that are known."""
        return tuple(day for day in (self.asked, self.opened, self.closed) if day is not None)


@dataclass(slots=True)
class Read:
    """What came of a file: cases, and by reason the lines of rows that were left and of cells that count for nothing.

    ``filled`` are the fields that hold anything; ``again`` are lines whose case has stood before, ``unpriced`` those
    with neither fee code nor category, ``swapped`` those whose file number has day and month the other way round;
    ``agreeing`` counts those in which it has them as they are.
    """

    cases: list[ImportedCase] = field(default_factory=list)
    left: dict[str, list[int]] = field(default_factory=dict)
    emptied: dict[str, list[int]] = field(default_factory=dict)
    again: list[int] = field(default_factory=list)
    unpriced: list[int] = field(default_factory=list)
    swapped: list[int] = field(default_factory=list)
    agreeing: int = 0
    rows: int = 0
    filled: set[str] = field(default_factory=set)
    misread: Misread = field(default_factory=Misread)


class LayoutReader:
    """Reads records of one layout."""

    def __init__(
        self,
        layout: Layout,
        forms: Forms,
        known: Known,
        key: SecretKey,
        values: Mapping[str, Mapping[str, str]],
        of_sheet: bool = False,
    ) -> None:
        self.forms, self.known, self.key = forms, known, key
        # A workbook's days are cells of their own kind, which no form of writing touches.
        self.of_sheet = of_sheet
        self.values = {
            name: {_folded(word): meant for word, meant in words.items()} for name, words in values.items()
        }
        self.by_code = layout.name != MAPPED_LAYOUT
        columns = {FIELDS[name].column: name for name in layout.read if FIELDS[name].holds == PRICED}
        header = read_header(["claim_id", "fee_code", *columns], "", forms)
        self.priced = {columns[cell.column]: (cell.column, cell.read) for cell in header.cells}
        self.own: dict[str, Callable[[str], object]] = {
            name: DAYS[forms.dates] if FIELDS[name].holds == DAY else read_count
            for name in layout.read
            if FIELDS[name].holds in (DAY, COUNT, MINUTES)
        }
        self.words = tuple(name for name in layout.read if FIELDS[name].holds == WORD)

    def read(self, records: Iterable[Record]) -> Read:
        """Read all records; what cannot be read is left, and why is kept by its line, never by what it says."""
        found, seen = Read(), set[str]()
        for record in records:
            found.rows += 1
            case = None if record.left else self._case(record, found)
            if record.left:
                _note(found.left, record.left, record.line)
            if case is not None:
                if case.matter in seen:
                    found.again.append(case.line)
                seen.add(case.matter)
                found.cases.append(case)
        return found

    def _case(self, record: Record, found: Read) -> ImportedCase | None:
        cells, line = record.cells, record.line
        found.filled.update(name for name, text in cells.items() if text)
        if cells.get(VOID, "") in YES:
            _note(found.left, "void", line)
            return None
        number = next(filter(None, (cells.get(name, "") for name in ("claim_id", *OTHER_IDS.values()))), "")
        if not number or is_placeholder(number):
            _note(found.left, "no-id", line)
            return None
        wrong = list[str]()
        claim = {
            column: value
            for name, (column, read) in self.priced.items()
            if (value := self._cell(name, cells.get(name, ""), read, line, found, wrong)) is not None
        }
        own = {
            name: self._cell(name, cells.get(name, ""), read, line, found, wrong)
            for name, read in self.own.items()
        }
        opened, closed = claim.get("in_start_date"), claim.get("in_concluded_date")
        if not wrong and opened and closed and closed < opened:
            wrong.append("order")
        if wrong:
            for reason in wrong:
                _note(found.left, reason, line)
            return None
        self._compare(number, opened, line, found)
        words = {name: self._word(name, cells.get(name, ""), line, found) for name in self.words}
        code = self._code(cells.get("fee_code", ""), line, found)
        if not code and not words.get("category"):
            found.unpriced.append(line)
        for name in ("region", "channel"):
            if words.get(name):
                claim[FIELDS[name].column] = words[name]
        matter = self.key.pseudonym("matter", cells.get("office", ""), number)
        client = cells.get("client_id", "")
        client = "" if is_placeholder(client) else self.key.pseudonym("client", client)
        adviser = cells.get("adviser_id", "")
        return ImportedCase(
            line, matter, client, "" if is_placeholder(adviser) else self.key.pseudonym("adviser", adviser),
            code, words.get("category", ""), words.get("outcome", ""), own.get("asked_date"), opened, closed,
            own.get("contacts"), own.get("contact_minutes"), own.get("casework_minutes"), claim,
        )  # fmt: skip

    def _cell(
        self, name: str, text: str, read: Callable[[str], object], line: int, found: Read, wrong: list[str]
    ) -> Any:
        """Read a cell; what stands for nothing is nothing, and told."""
        if not text:
            return None
        stands_for_nothing = is_placeholder(text) and not any(mark.isdigit() for mark in text)
        zeros = read in DAYS.values() and ZERO_DAY.fullmatch(text) is not None
        if (
            stands_for_nothing
            or zeros
            or (name == "prior_authority" and is_placeholder(text) and text not in "0")
        ):
            _note(found.emptied, name, line)
            return None
        if self.of_sheet and read in DAYS.values() and DAY_CELL.fullmatch(text):
            read = read_day
        try:
            return read(text)
        except ValueError as error:
            if read in DAYS.values() and "systems write for no day" in str(error):
                _note(found.emptied, name, line)
                return None
            found.misread.note(text, read)
            wrong.append(name)
            return None

    def _word(self, name: str, text: str, line: int, found: Read) -> str:
        if not text or is_placeholder(text):
            return ""
        meant = self.values.get(name, {}).get(_folded(text), plain(text))
        if name == "outcome" and self.by_code and OUTCOME_CODE.fullmatch(text):
            return text
        if meant in self.known.words[name]:
            return meant
        _note(found.emptied, f"{name}?", line)
        return ""

    def _code(self, text: str, line: int, found: Read) -> str:
        code = text.upper()
        if not code or is_placeholder(code):
            return ""
        if code in self.known.fee_codes:
            return code
        _note(found.emptied, "fee_code?", line)
        return ""

    def _compare(self, number: str, opened: date | None, line: int, found: Read) -> None:
        """Hold the day in a file number against the day on which its case was opened."""
        parts = FILE_NUMBER.fullmatch(number) if self.by_code else None
        if parts is None or opened is None or opened.day == opened.month:
            return
        day, month, year = (int(part) for part in parts.groups())
        if year == opened.year % 100:
            found.agreeing += (day, month) == (opened.day, opened.month)
            if (day, month) == (opened.month, opened.day):
                found.swapped.append(line)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _note(reasons: dict[str, list[int]], reason: str, line: int) -> None:
    lines = reasons.setdefault(reason, [])
    if not lines or lines[-1] != line:
        lines.append(line)
