"""Another number in the text of a file, put where the old one stood: every other character stays as it is."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from legalaid_sim.yamlfile.marks import Document, Mark, Path, held_or_none
from legalaid_sim.yamlfile.reading import WHOLE, WITH_POINT

LINE_END = re.compile("\r\n|\r|\n")
BYTE_ORDER_MARK = "\ufeff"


class PlacedNumber(NamedTuple):
    """A number of a file: its path, what is written, and where."""

    path: Path
    value: int | Decimal
    mark: Mark


def numbers_of(document: Document) -> Iterator[PlacedNumber]:
    """Give every plain number of a document, in the order of the file."""
    found = [
        PlacedNumber(path, value, mark)
        for path, mark in document.marks.values.items()
        if isinstance(value := held_or_none(document.data, path), int | Decimal)
        and not isinstance(value, bool)
    ]
    yield from sorted(found, key=lambda number: number.mark[:2])


def with_number(raw: str, mark: Mark, number: str) -> str:
    """Give a file's text with another number at the place of one that ``numbers_of`` found there.

    ``raw`` is the text as it was read, with its own line ends and byte order mark. A whole number that
    takes the place of one with decimals is given as many: money stays written 250.00. Raises ``ValueError``
    where ``number`` is not a plain number or none stands at ``mark``.

    >>> with_number("fee: 157.00  # kept", Mark(1, 6, 6), "250")
    'fee: 250.00  # kept'
    """
    start = _offset(raw, mark.line, mark.column)
    old = raw[start : start + mark.width]
    if not is_number(old) or not is_number(number):
        raise ValueError(f"{old!r} cannot be replaced by {number!r}")
    return f"{raw[:start]}{_as_exact_as(number, old)}{raw[start + mark.width :]}"


def is_number(text: str) -> bool:
    """Say whether a text is read as a number where it stands without quotes.

    >>> is_number("157.00"), is_number("12"), is_number("007"), is_number("1,000")
    (True, True, False, False)
    """
    return bool(WHOLE.fullmatch(text) or WITH_POINT.fullmatch(text))


def _as_exact_as(number: str, old: str) -> str:
    places, had = len(number.partition(".")[2]), len(old.partition(".")[2])
    return number if places >= had else f"{number}{'' if places else '.'}{'0' * (had - places)}"


def _offset(raw: str, line: int, column: int) -> int:
    start = len(BYTE_ORDER_MARK) if raw.startswith(BYTE_ORDER_MARK) else 0
    ends = LINE_END.finditer(raw)
    for _ in range(line - 1):
        start = next(ends).end()
    return start + column - 1
