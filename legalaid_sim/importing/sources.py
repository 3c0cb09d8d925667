"""Files of cases as lists of cells: text in any encoding and with any delimiter, packed, a workbook, standard input."""

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from legalaid_sim.contracts.claimsfile.claims import STANDARD
from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import InputError, UnreadableFile
from legalaid_sim.extras import install_line
from legalaid_sim.files import reason_of
from legalaid_sim.yamlfile import Mark

LARGEST = 500_000_000
GZIP, WORKBOOK = b"\x1f\x8b", b"PK\x03\x04"
DELIMITERS = ",;\t|"
TRIED_LINES = 20
EXCEL = "excel"


class Lines(Protocol):
    """Lists of cells one after another, and the line on which the last one ended; ``csv.reader`` is one."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


class SourceFile(NamedTuple):
    """A file as lines of cells, and how it was read, in words; ``again`` gives the lines anew."""

    path: str
    text: str
    delimiter: str
    sheet: tuple[list[str], ...] | None
    how: tuple[str, ...] = ()

    def again(self) -> Lines:
        """Give the lines from the first."""
        if self.sheet is not None:
            return _Sheet(self.sheet)
        return csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True)


class _Sheet:
    """The rows of a workbook's sheet, as ``csv.reader`` would give them."""

    def __init__(self, rows: tuple[list[str], ...]) -> None:
        self._rows, self.line_num = iter(rows), 0

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        row = next(self._rows)
        self.line_num += 1
        return row


def open_source(path: Path, delimiter: str = "", encoding: str = "") -> SourceFile:
    """Read a file, or standard input for ``-``; what is not said (delimiter, encoding) is found out and told.

    Raises:
        UnreadableFile: it is missing, a folder, larger than 500 MB unpacked, or no table.
        InputError: it is a workbook, and what reads workbooks is not installed.
    """
    raw, how = _bytes_of(path), list[str]()
    if raw.startswith(GZIP):
        raw = _unpacked(path, raw)
        how.append("unpacked")
    if raw.startswith(WORKBOOK):
        return SourceFile(str(path), "", ",", _sheet_of(path, raw), (*how, "first sheet of a workbook"))
    text, found = _text_of(path, raw, encoding)
    if found != "utf-8":
        how.append(f"encoding {found}")
    text, used = _without_sign(text, delimiter)
    if used != ",":
        how.append("columns parted by " + {"\t": "tabs", ";": "semicolons", "|": "bars"}.get(used, used))
    return SourceFile(str(path), text, used, None, tuple(how))


def _bytes_of(path: Path) -> bytes:
    try:
        if str(path) == STANDARD:
            raw = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with path.open("rb") as file:
                raw = file.read(LARGEST + 1)
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {reason_of(error)}", "Check the path.") from None
    return _not_too_large(path, raw)


def _not_too_large(path: Path, raw: bytes) -> bytes:
    if len(raw) > LARGEST:
        raise _unreadable(path, "holds more than 500 MB", "Import it in parts.")
    return raw


def _unpacked(path: Path, raw: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            return _not_too_large(path, packed.read(LARGEST + 1))
    except (OSError, EOFError, zlib.error):
        raise _unreadable(path, "is packed and cannot be unpacked", "Is all of it there?") from None


def _text_of(path: Path, raw: bytes, encoding: str) -> tuple[str, str]:
    """Decode a text and name its encoding: as its first bytes say, as asked, UTF-8, or else Windows-1252."""
    marked = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    unmarked = {b"\0": "utf-16-be"}.get(raw[:1], "utf-16-le" if raw[1:2] == b"\0" else "")
    tried = [encoding] if encoding else ["utf-16"] if marked else [unmarked or "utf-8-sig", "cp1252"]
    for name in tried:
        try:
            text = raw.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" not in text:
            return text.removeprefix("\ufeff"), name.removesuffix("-sig")
    said = f"is not text in {encoding}" if encoding else "is no text that can be read"
    raise _unreadable(path, said, "Save it as CSV in UTF-8, or say its encoding in a mapping.")


def _without_sign(text: str, delimiter: str) -> tuple[str, str]:
    """Take off a workbook's ``sep=;`` line, and find out by what the columns are parted."""
    first, _, rest = text.partition("\n")
    sign = first.strip().strip('"').lower()
    if sign.startswith("sep=") and len(sign) == len("sep=;"):
        return "\n" + rest, delimiter or sign[-1]
    return text, delimiter or _delimiter_of(text)


def _delimiter_of(text: str) -> str:
    lines = [line for line in text.split("\n", TRIED_LINES)[:TRIED_LINES] if line.strip()]
    most = {mark: max((line.count(mark) for line in lines), default=0) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: most[mark]) if any(most.values()) else ","


def _sheet_of(path: Path, raw: bytes) -> tuple[list[str], ...]:
    try:
        library: Any = import_module("openpyxl")
    except ImportError:
        said = "the file is a workbook, and what reads workbooks is not installed"
        help_text = f"save it as CSV, or: {install_line(EXCEL)}"
        raise InputError((problem_of("CL023", said, Mark(0, 0, 1, str(path)), help=help_text),)) from None
    try:
        book = library.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
        return tuple([_as_text(value) for value in row] for row in rows)
    except Exception:
        # A file that is no workbook fails in as many ways as there are parts of one.
        raise _unreadable(path, "is packed and is no workbook", "Save it as CSV in UTF-8.") from None


def _as_text(value: object) -> str:
    """Write a cell of a workbook as a file of text would have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.10f}".rstrip("0").rstrip(".")
    return str(value)


def _unreadable(path: Path, found: str, remedy: str) -> UnreadableFile:
    name = "standard input" if str(path) == STANDARD else str(path)
    return UnreadableFile((problem_of("CL020", f"{name} {found}", Mark(0, 0, 1, str(path)), help=remedy),))
