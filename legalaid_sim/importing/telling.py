"""What an import says of a file: what was read, what was left, in which rows and why; never what a row says."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from legalaid_sim.contracts.claimsfile.cells import Forms
from legalaid_sim.importing.fields import FIELDS
from legalaid_sim.importing.hiding import FEWEST, without_small
from legalaid_sim.importing.layouts import RECORDS, STARTS, Layout
from legalaid_sim.importing.reading import Read

MOST_LINES = 8
LEFT = {
    "unreadable": "no line of cells: is a quotation mark never closed",
    "width": "more or fewer cells than heads: is a delimiter inside a cell that is not quoted",
    "twice": "a key stands twice and says two things",
    "void": "void",
    "no-id": "no number by which the case is told from others",
    "order": "closed before it was opened",
}
DAY_WORDS = {"iso": "2025-12-22", "dmy": "22/12/2025", "mdy": "12/22/2025", "excel": "46013"}


def in_words(layout: Layout, read: Read, forms: Forms, how: Sequence[str]) -> Iterator[str]:
    """Say what was read of a file and what was not, a line each."""
    aside = f" ({', '.join(how)})" if how else ""
    yield f"Read as {layout.name}{aside}: {counted(read.rows, 'row')}, {counted(len(read.cases), 'case')}"
    filled = [name for name in layout.read if name in read.filled]
    yield f"Fields read: {', '.join(filled) or 'none'}"
    if layout.unread:
        yield f"Columns not looked at, by place: {spans(layout.unread)}"
    yield from _other_lines(layout)
    for reason, lines in read.left.items():
        yield f"Left: {at(lines)}: {_why(reason, forms)}"
    for remedy in read.misread.remedies():
        yield f"  {remedy}"
    for reason, lines in read.emptied.items():
        yield f"Taken as empty: {reason.rstrip('?')} in {at(lines)}: {_emptied(reason)}"
    if read.again:
        yield f"Stood before: {at(read.again)}: the same case number; each is kept"
    if read.unpriced:
        yield f"Not among the claims: {at(read.unpriced)}: neither a fee code nor a category"
    if read.swapped and len(read.swapped) > read.agreeing:
        other = "mdy" if forms.dates == "dmy" else "dmy"
        yield (
            f"Doubtful: {at(read.swapped)}: file number and start day have day and month the other way round; "
            f"is it --dates {other}?"
        )
    yield from _by_kind(read)


def _other_lines(layout: Layout) -> Iterator[str]:
    starts = [f"{layout.other_lines[kind]:,} {kind}" for kind in sorted(STARTS) if kind in layout.other_lines]
    if starts:
        yield f"Lines that are no claims, left: {', '.join(starts)}"
    if "other" in layout.other_lines:
        yield f"Lines of no known kind, left: {layout.other_lines['other']:,}; known are {', '.join(sorted(RECORDS))}"


def _why(reason: str, forms: Forms) -> str:
    if reason in LEFT:
        return LEFT[reason]
    wanted = "no day written " + DAY_WORDS[forms.dates] if reason.endswith("_date") else _wanted(reason)
    return f"{reason} is {wanted}"


def _wanted(field: str) -> str:
    column = FIELDS[field].column
    if (
        "costs" in column
        or "disbursement" in column
        or column in ("in_detention_travel_waiting", "in_jr_form_filling")
    ):
        return "no amount such as 157.00"
    return "neither yes nor no" if field in ("vat_registered", "london_rate") else "no whole number"


def _emptied(reason: str) -> str:
    if reason == "fee_code?":
        return "no contract known here has it; name its contract with --contract, or list it in a mapping"
    if reason.endswith("?"):
        return "no word known here; say what it means under 'values' of a mapping"
    return "what systems write for nothing"


def _by_kind(read: Read) -> Iterator[str]:
    """Say how many cases there are of each kind, none of under ten."""
    counts: dict[str, int] = {}
    for case in read.cases:
        kind = case.category or case.fee_code or "kind not known"
        counts[kind] = counts.get(kind, 0) + 1
    told = without_small(counts)
    parts = [f"{count:,} {kind}" for kind, count in sorted(told.counts.items(), key=lambda item: -item[1])]
    if told.withheld:
        parts.append(f"kinds of under {FEWEST} withheld")
    if parts:
        yield f"Cases by kind: {', '.join(parts)}"


def at(lines: Sequence[int]) -> str:
    """Say how many rows and on which lines.

    >>> at([4]), at([4, 5, 6, 9])
    ('1 row (line 4)', '4 rows (lines 4-6, 9)')
    """
    word = "line" if len(lines) == 1 else "lines"
    return f"{counted(len(lines), 'row')} ({word} {spans(lines)})"


def spans(numbers: Sequence[int]) -> str:
    """Write rising numbers as spans, the first few of them."""
    starts = [number for before, number in pairwise((-1, *numbers)) if number != before + 1]
    ends = [before for before, number in pairwise((*numbers, -1)) if number != before + 1]
    parts = [f"{one}-{other}" if one != other else str(one) for one, other in zip(starts, ends)]
    more = f" and {len(parts) - MOST_LINES} more" if len(parts) > MOST_LINES else ""
    return ", ".join(parts[:MOST_LINES]) + more


def counted(number: int, noun: str) -> str:
    """Say how many.

    >>> counted(1, "row"), counted(2000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
