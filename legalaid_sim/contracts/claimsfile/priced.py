"""Priced claims: what each row of a claims file comes to under a contract, or why it cannot be priced."""

import csv
import re
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from hashlib import blake2b
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from typing import IO, NamedTuple

from legalaid_sim import files
from legalaid_sim.contracts.claimsfile.cells import USUAL_FORMS, Forms
from legalaid_sim.contracts.claimsfile.claims import (
    STANDARD,
    Claim,
    ClaimRow,
    Header,
    open_claims,
    read_rows,
)
from legalaid_sim.errors import Refusal, ResultsError


class PricedClaim(NamedTuple):
    """What one claim comes to, in whole pence: in all, and ``parts`` in the order of ``PARTS``."""

    total: int
    escape: bool
    scheme: str
    parts: tuple[int, ...]
    flags: tuple[str, ...] = ()


PriceClaim = Callable[[Claim], PricedClaim]
KeepClaim = Callable[[Header, ClaimRow], None]

OUTSIDE_TERM = "outside-term"
FORMULA_STARTS = frozenset("=+-@\t\r\n")
PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
REMEMBERED = 1 << 14
LONGEST_REFUSAL = 500

PARTS = (
    "fee", "bolt_ons", "extras", "total_limit", "vat", "disbursements_allowed", "disbursement_vat_allowed",
)  # fmt: skip
PRICED_COLUMNS = ("claim_id", "total", "escape", "scheme", *PARTS, "flags", "refusal_code", "refusal")


class PricingTally:
    """How many claims were priced, how many of these lie outside the term, how many were refused, and what was read.

    ``read`` and ``unread`` are its columns; ``again`` the lines whose claim id has stood before; ``remedies`` what
    would read the cells that were refused; ``unmeasured`` how many are priced at a fee whose escape nothing measures.
    """

    def __init__(self) -> None:
        self.priced = self.outside_term = 0
        self.refused: dict[str, int] = {}
        self.read: tuple[str, ...] = ()
        self.unread: tuple[str, ...] = ()
        self.again: list[int] = []
        self.remedies: list[str] = []
        self.unmeasured = 0

    def refuse(self, code: str) -> None:
        """Count one refusal."""
        self.refused[code] = self.refused.get(code, 0) + 1


class Ids:
    """The ids of all claims of a file, kept as sixteen bytes each so that a long file needs little room."""

    def __init__(self) -> None:
        self.marks, self.lines = array("q"), array("q")

    def add(self, claim_id: str, line: int) -> None:
        """Remember an id and its line; a row without an id is another matter."""
        if claim_id:
            digest = blake2b(claim_id.encode("utf-8", "surrogateescape"), digest_size=8).digest()
            self.marks.append(int.from_bytes(digest, "big", signed=True))
            self.lines.append(line)

    def again(self) -> list[int]:
        """Give the lines of rows whose id stood in a row before."""
        order = sorted(range(len(self.marks)), key=self.marks.__getitem__)
        same = (here for before, here in pairwise(order) if self.marks[before] == self.marks[here])
        return sorted(self.lines[place] for place in same)


def price_rows(
    header: Header, rows: Iterable[ClaimRow], price: PriceClaim, tally: PricingTally, ids: Ids
) -> Iterator[tuple[str, ...]]:
    """Price each row; a row that cannot be priced carries its refusal, and the rest go on."""
    for row in rows:
        ids.add(row.claim_id, row.line)
        try:
            priced = price(header.claim(row))
        except Refusal as refusal:
            tally.refuse(refusal.code)
            yield _refused(row, refusal)
        else:
            tally.priced += 1
            tally.outside_term += OUTSIDE_TERM in priced.flags
            yield _priced(row.claim_id, priced)


def _priced(claim_id: str, priced: PricedClaim) -> tuple[str, ...]:
    total, escape, scheme, parts, flags = priced
    return (
        safe_text(claim_id), in_pounds(total), "true" if escape else "false", scheme,
        *map(in_pounds, parts), ";".join(flags), "", "",
    )  # fmt: skip


def _refused(row: ClaimRow, refusal: Refusal) -> tuple[str, ...]:
    blank = ("",) * (len(PRICED_COLUMNS) - 3)
    named = refusal.why.startswith(f"{refusal.rule}: ")
    why = (refusal.why if named else f"{refusal.rule}: {refusal.why}")[:LONGEST_REFUSAL]
    return (safe_text(row.claim_id), *blank, refusal.code, safe_text(why))


@lru_cache(maxsize=REMEMBERED)
def in_pounds(pence: int) -> str:
    """Write whole pence as pounds.

    >>> in_pounds(-5)
    '-0.05'
    """
    whole, part = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}{whole}.{part:02d}"


def safe_text(text: str) -> str:
    """Keep a spreadsheet from running a cell: text that starts like a formula gets an apostrophe in front.

    A plain number, also a negative one, is no formula and stays as it is.

    >>> safe_text("=1+1")
    "'=1+1"
    """
    if text[:1] in FORMULA_STARTS and text and not PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def price_file(
    claims: Path, out: Path, price: PriceClaim, keep: KeepClaim | None = None, forms: Forms = USUAL_FORMS
) -> PricingTally:
    """Price a claims file into another, which is written whole or not at all; rows keep their order.

    ``keep`` is told of each row as it is read, to write its receipt. ``-`` stands for standard input and output;
    to standard output rows go as they are priced.

    Raises:
        InputError: the claims file cannot be read, or its header cannot be used.
        ResultsError: the prices cannot be written there.
    """
    if claims.exists() and out.exists() and claims.samefile(out):
        raise ResultsError(str(out), "is the claims file itself; give another name to write to")
    with open_claims(claims) as lines:
        header, rows = read_rows(lines, str(claims), forms)
        rows = rows if keep is None else _kept(header, rows, keep)
        tally, ids = PricingTally(), Ids()
        with standard_output() if str(out) == STANDARD else written_whole(out) as target:
            writer = csv.writer(target)
            writer.writerow(PRICED_COLUMNS)
            writer.writerows(price_rows(header, rows, price, tally, ids))
    tally.read, tally.unread = header.read, header.unread
    tally.again, tally.remedies = ids.again(), header.misread.remedies()
    return tally


@contextmanager
def standard_output() -> Iterator[IO[str]]:
    """Give standard output for text in UTF-8, and leave it open."""
    target = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="")
    try:
        yield target
        target.flush()
    finally:
        target.detach()


def _kept(header: Header, rows: Iterator[ClaimRow], keep: KeepClaim) -> Iterator[ClaimRow]:
    for row in rows:
        keep(header, row)
        yield row


@contextmanager
def written_whole(path: Path) -> Iterator[IO[str]]:
    """Open a text file that appears under its name only when all of it has been written.

    Raises:
        ResultsError: the folder is missing or cannot be written to.
    """
    if path.is_dir():
        raise ResultsError(str(path), "is a folder; name the file to write")
    with (
        files.written_whole(path) as partial,
        partial.open("w", encoding="utf-8", errors="replace", newline="") as target,
    ):
        yield target
