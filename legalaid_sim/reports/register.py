"""The assumptions register in words, as CSV and as JSON."""

import csv
import io
import json
import textwrap
from collections.abc import Iterator, Sequence

from legalaid_sim.evidence.report import RegisterEntry
from legalaid_sim.units import add_up

JSON_VERSION = 1
COLUMNS = (
    "id", "description", "basis", "value", "low", "high", "unit", "confidence", "quality_rating",
    "sensitivity", "drives", "where_used", "default", "set_by_scenario",
)  # fmt: skip
INDENT = "    "
LEAST_WIDTH = 40


def register_text(entries: Sequence[RegisterEntry], width: int) -> str:
    """Give the register as text to read, one paragraph an assumption, kept to the width."""
    set_here = add_up(bool(entry.set_by) for entry in entries)
    assumed = add_up(entry.confidence == "assumed" for entry in entries)
    head = f"{len(entries)} assumptions; {assumed} rest on no source; {set_here} set by the scenario"
    paragraphs = ("\n".join(_paragraph(entry, width)) for entry in entries)
    return "\n\n".join(["\n".join(_wrapped(head, "", width)), *paragraphs])


def _paragraph(entry: RegisterEntry, width: int) -> Iterator[str]:
    span = f" ({entry.low:g} to {entry.high:g})" if entry.low is not None else ""
    rated = f"{entry.confidence}, {entry.rating}"
    yield from _wrapped(f"{entry.id}: {entry.value} {entry.unit}{span}; {rated}", "", width)
    for label, text in _told(entry):
        yield from _wrapped(f"{label}{text}", INDENT, width)


def _told(entry: RegisterEntry) -> Iterator[tuple[str, str]]:
    yield "", entry.description
    yield "basis: ", entry.basis
    yield "drives: ", f"{entry.drives}; used in {', '.join(entry.used_in) or 'nothing'}"
    if entry.set_by:
        yield "set by the scenario: ", f"{entry.set_by}; the register has {entry.default}"
    if entry.sensitivity:
        yield "low to high moves: ", _moved(entry)


def _moved(entry: RegisterEntry) -> str:
    moved = entry.sensitivity
    return "; ".join(f"{measure} {change:+.3g} ({contract})" for measure, contract, change in moved)


def _wrapped(text: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, max(LEAST_WIDTH, width), initial_indent=indent, subsequent_indent=indent or INDENT,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def register_csv(entries: Sequence[RegisterEntry]) -> str:
    """Give the register as CSV, one row an assumption, with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(entry) for entry in entries)
    return out.getvalue()


def _cells(entry: RegisterEntry) -> list[object]:
    low, high = ("" if bound is None else f"{bound:g}" for bound in (entry.low, entry.high))
    return [
        entry.id, entry.description, entry.basis, entry.value, low, high, entry.unit, entry.confidence,
        entry.rating, _moved(entry), entry.drives, " ".join(entry.used_in), entry.default, entry.set_by,
    ]  # fmt: skip


def register_json(entries: Sequence[RegisterEntry]) -> str:
    """Give the register as one JSON object."""
    told = {"schema_version": JSON_VERSION, "kind": "assumptions", "assumptions": [*map(_data, entries)]}
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)


def _data(entry: RegisterEntry) -> dict[str, object]:
    moved = [
        {"measure": measure, "contract": contract, "change": change}
        for measure, contract, change in entry.sensitivity
    ]
    return {**entry._asdict(), "used_in": list(entry.used_in), "sensitivity": moved}
