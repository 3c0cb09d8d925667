"""A claims file: rows of closed cases, read as the same facts that a simulated matter states.

Rows are read as they are asked for: a file of a million claims needs no more memory than one of ten. A
row that cannot be read is a refusal of its own and the rows after it go on.
"""

import csv
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any, NamedTuple

from legalaid_sim.contracts.claimsfile.cells import (
    AMOUNTS,
    DAYS,
    USUAL_FORMS,
    Forms,
    Misread,
    is_authority,
    is_placeholder,
    read_count,
    read_text,
    read_yes_no,
    shown,
)
from legalaid_sim.contracts.vocabulary.columns import CLAIM_ID, COSTS, COUNTS, KNOWN, MINUTES, TEXTS
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.errors import ERROR, InputError, Problem, Refusal, UnreadableFile

NEEDED = (*CLAIM_ID, "fee_code")
# Heads may leave out the in_ that inputs begin with.
HEADS = {name.removeprefix("in_"): name for name in KNOWN} | {name: name for name in (*KNOWN, *NEEDED)}
EMPTY_WORDS = frozenset({"in", "net", "total", "amount", "value", "gbp", "claimed", "n", "number", "of"})
SAME_WORDS = {"fee": "cost", "charge": "cost"}

STANDARD = "-"
WORKBOOK = "PK\x03\x04"
OTHER_SEPARATORS = ";\t|"
UNREADABLE_ROW, MISSING_INPUT, BAD_VALUE = "unreadable-row", "missing-input", "bad-value"

Groups = Mapping[str, dict[str, Any]]


class Claim(NamedTuple):
    """A claim as the contract sees it: the matter, and whether its provider bears VAT, if said.

    ``inputs`` are the costs, minutes and counts that its file has columns for, such as ``costs.profit``; None where
    no file is known.
    """

    facts: MatterFacts
    vat_registered: bool | None
    inputs: frozenset[str] | None = None


class ClaimRow(NamedTuple):
    """A row as it stands in the file: its id, its last line, and its cells, or why it cannot be read."""

    claim_id: str
    line: int
    cells: list[str]
    unreadable: str = ""


class HeardColumn(NamedTuple):
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
    fee_code: int | None
    cells: tuple[HeardColumn, ...]
    inputs: frozenset[str] = frozenset()
    read: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    misread: Misread = field(default_factory=Misread, compare=False)

    def claim(self, row: ClaimRow) -> Claim:
        """Read one row as facts.

        Raises:
            Refusal: a cell cannot be read; every bad cell of the row is named.
        """
        if row.unreadable:
            raise Refusal(UNREADABLE_ROW, "claims file", row.unreadable)
        if not row.claim_id:
            raise Refusal(MISSING_INPUT, "claim_id", "the claim has no id to find its price by")
        code = "" if self.fee_code is None else row.cells[self.fee_code].strip()
        if code and is_placeholder(code):
            raise Refusal(BAD_VALUE, "fee_code", f"'{shown(code)}' is no code")
        facts = MatterFacts(row.claim_id, fee_code=code)
        found: dict[str, Any] = {}
        groups = {"costs": facts.costs, "counts": facts.counts, "minutes": facts.minutes, "found": found}
        wrong = _fill(groups, self.cells, row.cells, self.misread)
        if wrong:
            raise Refusal(BAD_VALUE, wrong[0][0], "; ".join(f"{column}: {why}" for column, why in wrong))
        if not code and "category" not in found:
            why = "the claim has neither a fee code nor a category to be paid by"
            raise Refusal(MISSING_INPUT, "fee_code", why)
        return _settle(facts, found, self.inputs)


def _fill(
    groups: Groups, columns: tuple[HeardColumn, ...], cells: list[str], misread: Misread
) -> list[tuple[str, str]]:
    wrong = []
    for place, column, into, name, read in columns:
        text = cells[place].strip()
        if text:
            try:
                groups[into][name] = read(text)
            except ValueError as error:
                wrong.append((column, str(error)))
                misread.note(text, read)
    return wrong


def _settle(facts: MatterFacts, found: Mapping[str, Any], inputs: frozenset[str]) -> Claim:
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
    return Claim(facts, found.get("vat_registered"), inputs)


def _cells_of(heads: list[str], names: list[str], forms: Forms) -> Iterator[HeardColumn]:
    """Give what each column means; ``heads`` are what the file says, for messages."""
    amount = AMOUNTS[forms.amounts]
    groups = ((COSTS, "costs", amount), (COUNTS, "counts", read_count), (MINUTES, "minutes", read_count))
    for index, (head, column) in enumerate(zip(heads, names)):
        for columns, into, read in groups:
            if column in columns:
                yield HeardColumn(index, head, into, columns[column], read)
        if column in TEXTS:
            yield HeardColumn(index, head, "found", TEXTS[column], read_text)
        if column in DATES:
            yield HeardColumn(index, head, "found", DATES[column], DAYS[forms.dates])
        if column in SINGLE:
            yield HeardColumn(index, head, "found", *SINGLE[column])


DATES = {"in_start_date": "opened", "in_concluded_date": "closed"}
SINGLE: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "in_vat_registered": ("vat_registered", read_yes_no),
    "in_london_rate": ("london", read_yes_no),
    "in_prior_authority": ("prior_authority", is_authority),
}


def plain_head(head: str) -> str:
    """Give the name that a head means: in any case, with blanks or dashes for underscores, in_ left out or not.

    >>> plain_head("Net Profit Costs"), plain_head("CLAIM-ID"), plain_head("Office")
    ('in_net_profit_costs', 'claim_id', 'Office')
    """
    return HEADS.get(re.sub(r"[\W_]+", "_", head.lower()).strip("_"), head)


def read_header(heads: list[str], path: str, forms: Forms = USUAL_FORMS) -> Header:
    """Learn what each column means.

    Raises:
        InputError: no id, no fee code nor category, an input given twice, or a column that looks like an input
            under another name.
    """
    heads = [head.strip() for head in heads]
    names = [plain_head(head) for head in heads]
    problems = tuple(_header_problems(heads, names, path))
    if problems:
        raise InputError(problems)
    claim_id = next(names.index(name) for name in CLAIM_ID if name in names)
    fee_code = names.index("fee_code") if "fee_code" in names else None
    cells = tuple(_cells_of(heads, names, forms))
    used = {claim_id, *(cell.place for cell in cells), *(() if fee_code is None else (fee_code,))}
    read = tuple(head for place, head in enumerate(heads) if place in used)
    unread = tuple(head for place, head in enumerate(heads) if place not in used and head)
    inputs = frozenset(f"{cell.into}.{cell.name}" for cell in cells if cell.into != "found")
    return Header(len(heads), claim_id, fee_code, cells, inputs, read, unread)


def _words(name: str) -> frozenset[str]:
    """Reduce a head to the words that carry its meaning, so that counsel_fees and in_net_counsel_costs are one."""
    words = (word.removesuffix("s") for word in re.split(r"[\W_]+", name.lower()) if word)
    return frozenset(SAME_WORDS.get(word, word) for word in words) - EMPTY_WORDS


def meant_by(head: str) -> str:
    """Name the input that an unknown head seems to mean; empty where it seems to mean none."""
    words = _words(head)
    same = next((name for name in KNOWN if words and _words(name) == words), "")
    near = get_close_matches(head.lower(), KNOWN, n=1, cutoff=0.85) if head.lower().startswith("in_") else []
    return same or next(iter(near), "")


def _header_problems(heads: list[str], names: list[str], path: str) -> Iterator[Problem]:
    if heads[0].startswith(WORKBOOK):
        said = "this is an Excel workbook, or another packed file"
        yield _problem(path, "CL005", "unreadable-header", said, "Save it as CSV in UTF-8.")
    elif any("\0" in name or "\udc8b" in name for name in heads):
        said = "this is not UTF-8 text"
        yield _problem(path, "CL005", "unreadable-header", said, "Save it as CSV in UTF-8, unpacked.")
    elif len(heads) == 1 and any(mark in heads[0] for mark in OTHER_SEPARATORS):
        said = "the columns are not separated by commas"
        yield _problem(path, "CL008", "other-separator", said, "Save it as CSV with commas.")
    else:
        yield from _column_problems(heads, names, path)


def _column_problems(heads: list[str], names: list[str], path: str) -> Iterator[Problem]:
    if not any(name in names for name in CLAIM_ID):
        said = "no column 'claim_id' (or 'record_id')"
        yield _problem(path, "CL001", "no-claim-id", said, _nearest("claim_id", heads))
    if "fee_code" not in names and not any(TEXTS.get(name) == "category" for name in names):
        said = "no column 'fee_code', and none of 'category'"
        yield _problem(path, "CL002", "no-fee-code", said, _nearest("fee_code", heads))
    inputs = [TEXTS.get(name, name) for name in names]
    for name in sorted({name for name in inputs if name and inputs.count(name) > 1}):
        said = f"column '{name}' stands in the file more than once"
        same = [head for head, one in zip(heads, inputs) if one == name]
        if len(set(same)) > 1:
            said = f"columns {' and '.join(repr(head) for head in same)} mean the same"
        yield _problem(path, "CL003", "column-twice", said, "Keep one of them.")
    for head, name in zip(heads, names):
        meant = "" if name in HEADS.values() else meant_by(head)
        if meant:
            said = f"no input is called '{head}'"
            remedy = f"Did you mean '{meant}'? Rename it, or take the column out."
            yield _problem(path, "CL004", "unknown-column", said, remedy)


def _nearest(wanted: str, names: list[str]) -> str:
    known = {re.sub(r"[\W_]+", "_", name.lower()): name for name in names}
    near = get_close_matches(wanted, known, n=1, cutoff=0.6)
    if near:
        return f"Is '{known[near[0]]}' meant? Rename it."
    title = " If the first line is a title, delete it." if len([name for name in names if name]) == 1 else ""
    return f"Add it: each claim needs one.{title}"


def _problem(path: str, code: str, name: str, message: str, remedy: str, line: int = 1) -> Problem:
    return Problem(code, name, ERROR, message, file=path, line=line, column=line, help=remedy)


def read_rows(lines: IO[str], path: str, forms: Forms = USUAL_FORMS) -> tuple[Header, Iterator[ClaimRow]]:
    """Read the header of a claims file now and its rows as they are asked for; lines of commas only are no rows.

    Raises:
        InputError: an empty file, or a header that cannot be used.
    """
    reader = csv.reader(lines, strict=True)
    header = read_header(first_line(reader, path), path, forms)
    return header, rows_of(reader, header)


def first_line(reader: Any, path: str) -> list[str]:
    """Give the first line that holds anything; a workbook's ``sep=,`` is no header.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    try:
        for names in reader:
            if any(name.strip() for name in names) and names != ["sep=", ""]:
                return list(names)
    except csv.Error as error:
        unreadable = _problem(path, "CL005", "unreadable-header", str(error), "Save it as CSV in UTF-8.")
        raise InputError((unreadable,)) from None
    said = "there is nothing in the file"
    raise InputError((_problem(path, "CL006", "empty-file", said, "The first line names the columns."),))


def rows_of(reader: Any, header: Header) -> Iterator[ClaimRow]:
    """Give the rows after the header as they are asked for; ``reader`` gives lists of cells and its ``line_num``."""
    before = reader.line_num
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield ClaimRow("", reader.line_num, [], _why_unreadable(before + 1, reader.line_num, error))
            before = reader.line_num
            continue
        if any(cell.strip() for cell in cells):
            yield _row(cells, header, reader.line_num)
        before = reader.line_num


def _why_unreadable(first: int, last: int, error: csv.Error) -> str:
    if first == last:
        return f"line {last} cannot be read: {error}"
    return f"lines {first} to {last} cannot be read ({error}): is a quotation mark never closed?"


def _row(cells: list[str], header: Header, line: int) -> ClaimRow:
    claim_id = cells[header.claim_id].strip() if header.claim_id < len(cells) else ""
    if len(cells) == header.width:
        return ClaimRow(claim_id, line, cells)
    why = f"line {line} has {len(cells)} cells where the header has {header.width}"
    return ClaimRow(claim_id, line, cells, why)


def open_claims(path: Path) -> IO[str]:
    """Open a claims file, or standard input for ``-``; a byte that is not UTF-8 spoils only its own cell.

    Raises:
        UnreadableFile: it is missing, a folder, or not ours to read.
    """
    try:
        source = sys.stdin.buffer if str(path) == STANDARD else path.open("rb")
        return TextIOWrapper(source, encoding="utf-8-sig", errors="surrogateescape", newline="")
    except OSError as error:
        why = f"{path} cannot be opened: {error.strerror or type(error).__name__}"
        help_text = "Name a CSV file."
        said = _problem(str(path), "CL007", "unreadable-file", why, help_text, line=0)
        raise UnreadableFile((said,)) from None
