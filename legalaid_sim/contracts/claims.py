"""A claims file: rows of closed cases, read as the same facts that a simulated matter states.

Rows are read as they are asked for: a file of a million claims needs no more memory than one of ten. A
row that cannot be read is a refusal of its own and the rows after it go on.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, NamedTuple

from legalaid_sim.contracts.facts import MatterFacts
from legalaid_sim.errors import ERROR, InputError, Problem, Refusal, UnreadableFile

CLAIM_ID = ("claim_id", "record_id")
COSTS = {
    "in_net_profit_costs": "profit",
    "in_net_counsel_costs": "counsel",
    "in_net_travel_costs": "travel",
    "in_net_waiting_costs": "waiting",
    "in_travel_and_waiting_costs": "travel_and_waiting",
    "in_detention_travel_waiting": "detention_travel_waiting",
    "in_jr_form_filling": "jr_form_filling",
    "in_net_disbursements": "disbursements",
    "in_disbursement_vat": "disbursement_vat",
}
COUNTS = {
    "in_mediation_sessions": "mediation_session",
    "in_n_home_office_interview": "home_office_interview",
    "in_n_cmrh_oral": "cmrh_oral",
    "in_n_cmrh_telephone": "cmrh_telephone",
    "in_n_substantive_hearing": "substantive_hearing",
    "in_n_adjourned_hearing": "adjourned_hearing",
}
MINUTES = {
    "in_profit_minutes": "profit",
    "in_travel_minutes": "travel",
    "in_waiting_minutes": "waiting",
    "in_advocacy_minutes": "advocacy",
}
TEXTS = {
    "in_category": "category",
    "category_type": "category",
    "in_region": "region",
    "in_channel": "channel",
    "in_outcome": "outcome",
}
OTHERS = ("in_start_date", "in_concluded_date", "in_vat_registered", "in_london_rate", "in_prior_authority")
KNOWN = (*COSTS, *COUNTS, *MINUTES, *TEXTS, *OTHERS)

MONEY = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2}0*|\.)?|\.[0-9]{1,2}0*")
COUNT = re.compile(r"[0-9]{1,6}(\.0+)?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YES = frozenset({"true", "TRUE", "True", "yes", "Yes", "YES", "Y", "y", "1"})
NO = frozenset({"false", "FALSE", "False", "no", "No", "NO", "N", "n", "0"})
REMEMBERED = 1 << 14
LONGEST_SHOWN = 40
OTHER_SEPARATORS = ";\t|"
UNREADABLE_ROW, MISSING_INPUT, BAD_VALUE = "unreadable-row", "missing-input", "bad-value"

Groups = Mapping[str, dict[str, Any]]


class Claim(NamedTuple):
    """A claim as the contract sees it: the matter, and whether its provider bears VAT, if said."""

    facts: MatterFacts
    vat_registered: bool | None


class Row(NamedTuple):
    """A row as it stands in the file: its id, its last line, and its cells, or why it cannot be read."""

    claim_id: str
    line: int
    cells: list[str]
    unreadable: str = ""


def shown(text: str) -> str:
    """Cut a cell down to what a message can hold."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


@lru_cache(maxsize=REMEMBERED)
def read_pence(text: str) -> int:
    """Read pounds such as ``157``, ``157.5`` or ``157.50`` as whole pence.

    >>> read_pence("157.5")
    15750
    """
    if not MONEY.fullmatch(text):
        raise ValueError(f"'{shown(text)}' is no amount; money is written 157.00, without sign or comma")
    return int(Decimal(text).scaleb(2))


@lru_cache(maxsize=REMEMBERED)
def read_count(text: str) -> int:
    """Read how many: a whole number, or yes and no for one and none."""
    if text in YES or text in NO:
        return int(text in YES)
    if not COUNT.fullmatch(text):
        raise ValueError(f"'{shown(text)}' is no count; write a whole number such as 2")
    return int(Decimal(text))


@lru_cache(maxsize=REMEMBERED)
def read_day(text: str) -> date:
    """Read a day written 2025-12-22."""
    if not DAY.fullmatch(text):
        raise ValueError(f"'{shown(text)}' is no day; a day is written 2025-12-22")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{shown(text)}' is not a day of the calendar") from None


def read_yes_no(text: str) -> bool:
    """Read true or false."""
    if text in YES or text in NO:
        return text in YES
    raise ValueError(f"'{shown(text)}' is neither true nor false")


def is_authority(text: str) -> bool:
    """Tell whether prior authority was given: any reference counts, a plain no does not."""
    return text not in NO


class Cell(NamedTuple):
    """A column that a contract hears about: its place, the facts it joins, its name there, how it is read."""

    place: int
    column: str
    into: str
    name: str
    read: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns of a claims file mean."""

    width: int
    claim_id: int
    fee_code: int
    cells: tuple[Cell, ...]

    def claim(self, row: Row) -> Claim:
        """Read one row as facts.

        Raises:
            Refusal: a cell cannot be read; every bad cell of the row is named.
        """
        if row.unreadable:
            raise Refusal(UNREADABLE_ROW, "claims file", row.unreadable)
        if not row.claim_id:
            raise Refusal(MISSING_INPUT, "claim_id", "the claim has no id to find its price by")
        facts = MatterFacts(row.claim_id, fee_code=row.cells[self.fee_code].strip())
        found: dict[str, Any] = {}
        groups = {"costs": facts.costs, "counts": facts.counts, "minutes": facts.minutes, "found": found}
        wrong = _fill(groups, self.cells, row.cells)
        if wrong:
            raise Refusal(BAD_VALUE, wrong[0][0], "; ".join(f"{column}: {why}" for column, why in wrong))
        return _settle(facts, found)


def _fill(groups: Groups, columns: tuple[Cell, ...], cells: list[str]) -> list[tuple[str, str]]:
    wrong = []
    for place, column, into, name, read in columns:
        text = cells[place].strip()
        if text:
            try:
                groups[into][name] = read(text)
            except ValueError as error:
                wrong.append((column, str(error)))
    return wrong


def _settle(facts: MatterFacts, found: Mapping[str, Any]) -> Claim:
    for name, value in found.items():
        if name == "london":
            facts.region = "london" if value else "elsewhere"
        elif name == "prior_authority":
            facts.facts |= {name: True} if value else {}
        elif name != "vat_registered":
            setattr(facts, name, value)
    if facts.opened and facts.closed and facts.closed < facts.opened:
        why = f"the case ended on {facts.closed}, before it started on {facts.opened}"
        raise Refusal(BAD_VALUE, "in_concluded_date", why)
    return Claim(facts, found.get("vat_registered"))


def _cells_of(names: list[str]) -> Iterator[Cell]:
    groups = ((COSTS, "costs", read_pence), (COUNTS, "counts", read_count), (MINUTES, "minutes", read_count))
    for index, column in enumerate(names):
        for columns, into, read in groups:
            if column in columns:
                yield Cell(index, column, into, columns[column], read)
        if column in TEXTS:
            yield Cell(index, column, "found", TEXTS[column], str.lower)
        if column in SINGLE:
            yield Cell(index, column, "found", *SINGLE[column])


SINGLE: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "in_start_date": ("opened", read_day),
    "in_concluded_date": ("closed", read_day),
    "in_vat_registered": ("vat_registered", read_yes_no),
    "in_london_rate": ("london", read_yes_no),
    "in_prior_authority": ("prior_authority", is_authority),
}


def read_header(names: list[str], path: str) -> Header:
    """Learn what each column means.

    Raises:
        InputError: no id, no fee code, a column twice, or an input column that looks misspelt.
    """
    names = [name.strip() for name in names]
    problems = tuple(_header_problems(names, path))
    if problems:
        raise InputError(problems)
    claim_id = next(names.index(name) for name in CLAIM_ID if name in names)
    return Header(len(names), claim_id, names.index("fee_code"), tuple(_cells_of(names)))


def unread_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Name the input columns that no contract hears about."""
    return tuple(name for name in names if name.startswith("in_") and name not in KNOWN)


def _header_problems(names: list[str], path: str) -> Iterator[Problem]:
    if any("\0" in name for name in names):
        said = "this is not UTF-8 text"
        yield _problem(path, "CL005", "unreadable-header", said, "Save it as CSV in UTF-8.")
    elif len(names) == 1 and any(mark in names[0] for mark in OTHER_SEPARATORS):
        said = "the columns are not separated by commas"
        yield _problem(path, "CL008", "other-separator", said, "Save it as CSV with commas.")
    else:
        yield from _column_problems(names, path)


def _column_problems(names: list[str], path: str) -> Iterator[Problem]:
    if not any(name in names for name in CLAIM_ID):
        said = "no column 'claim_id' (or 'record_id')"
        yield _problem(path, "CL001", "no-claim-id", said, _nearest("claim_id", names))
    if "fee_code" not in names:
        yield _problem(path, "CL002", "no-fee-code", "no column 'fee_code'", _nearest("fee_code", names))
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        said = f"column '{name}' stands in the file more than once"
        yield _problem(path, "CL003", "column-twice", said, "Keep one of them.")
    for name in unread_columns(names):
        near = get_close_matches(name, KNOWN, n=1, cutoff=0.85)
        if near:
            said, remedy = f"no input is called '{name}'", f"Did you mean '{near[0]}'?"
            yield _problem(path, "CL004", "unknown-column", said, remedy)


def _nearest(wanted: str, names: list[str]) -> str:
    near = get_close_matches(wanted, names, n=1, cutoff=0.6)
    return f"Is '{near[0]}' meant? Rename it." if near else "Add it: each claim needs one."


def _problem(path: str, code: str, name: str, message: str, remedy: str, line: int = 1) -> Problem:
    return Problem(code, name, ERROR, message, file=path, line=line, column=line, help=remedy)


def read_rows(lines: IO[str], path: str) -> tuple[Header, Iterator[Row]]:
    """Read the header of a claims file now and its rows as they are asked for; blank lines are no rows.

    Raises:
        InputError: an empty file, or a header that cannot be used.
    """
    reader = csv.reader(lines, strict=True)
    header = read_header(_names(reader, path), path)
    return header, _rows(reader, header)


def _names(reader: Any, path: str) -> list[str]:
    try:
        names: list[str] = next(reader, [])
    except csv.Error as error:
        unreadable = _problem(path, "CL005", "unreadable-header", str(error), "Save it as CSV in UTF-8.")
        raise InputError((unreadable,)) from None
    if not names:
        said = "there is nothing on the first line"
        raise InputError((_problem(path, "CL006", "empty-file", said, "The first line names the columns."),))
    return names


def _rows(reader: Any, header: Header) -> Iterator[Row]:
    before = reader.line_num
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row("", reader.line_num, [], _why_unreadable(before + 1, reader.line_num, error))
            before = reader.line_num
            continue
        if cells:
            yield _row(cells, header, reader.line_num)
        before = reader.line_num


def _why_unreadable(first: int, last: int, error: csv.Error) -> str:
    if first == last:
        return f"line {last} cannot be read: {error}"
    return f"lines {first} to {last} cannot be read ({error}): is a quotation mark never closed?"


def _row(cells: list[str], header: Header, line: int) -> Row:
    claim_id = cells[header.claim_id].strip() if header.claim_id < len(cells) else ""
    if len(cells) == header.width:
        return Row(claim_id, line, cells)
    why = f"line {line} has {len(cells)} cells where the header has {header.width}"
    return Row(claim_id, line, cells, why)


def open_claims(path: Path) -> IO[str]:
    """Open a claims file; a byte that is not UTF-8 spoils only its own cell.

    Raises:
        UnreadableFile: it is missing, a folder, or not ours to read.
    """
    try:
        return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    except OSError as error:
        why = error.strerror or "it cannot be opened"
        said = _problem(str(path), "CL007", "unreadable-file", why, "Check the path.", line=0)
        raise UnreadableFile((said,)) from None
