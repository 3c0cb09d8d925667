"""What is written and nothing reads: values, series and tables without a reader, numbers without a source."""

import csv
from collections.abc import Iterator
from pathlib import Path as FilePath

from legalaid_sim.contracts.language.lint.page import walk
from legalaid_sim.contracts.language.lint.references import CONDITION_KEYS, unknown_fact
from legalaid_sim.contracts.tools.page import ROOMS, Page
from legalaid_sim.contracts.vocabulary.conditions import FAMILIES, plain_name
from legalaid_sim.contracts.vocabulary.words import of_sort
from legalaid_sim.errors import Problem
from legalaid_sim.yamlfile import Path

OTHER_FAMILIES = tuple(f"{family}." for family in FAMILIES if family not in ("matter", "client"))


def check(page: Page) -> Iterator[Problem]:
    """Find values, series and tables that no block uses, and contracts whose numbers come from nowhere.

    An hourly rate that no block uses is what notes on incentives hold pay against.
    """
    used = _used(page)
    for room, what in (("values", "value"), ("series", "series"), ("tables", "table")):
        known = getattr(page.contract, room)
        # A name that leads nowhere is told by itself, and may be what one of these was meant to be called.
        for name in known if used[room] <= set(known) else ():
            unit = getattr(known[name], "unit", None) or ""
            if name not in used[room] and not unit.endswith("per hour"):
                message = f"no block uses the {what} '{name}': changing it changes nothing"
                yield page.problem("CR048", message, (room, name), at_key=True)
    yield from _never_stated(page)
    yield from _sources(page)


def _never_stated(page: Page) -> Iterator[Problem]:
    """Find conditions on facts of the matter that no worked example states, and that a run only has if told."""
    known = {word.name for word in of_sort("fact")}
    stated = _stated(page)
    for placed in page.blocks():
        for path, found in walk(placed.written, placed.path):
            for name in found if path[-1] in CONDITION_KEYS and isinstance(found, dict) else ():
                bare = plain_name(name).removeprefix("client.")
                if any(unknown_fact(page, (*path, name), name)):
                    continue
                if bare not in known | stated and not bare.startswith(OTHER_FAMILIES):
                    message = f"no matter is '{bare}' by itself: no worked example states it, and a run only where told"
                    remedy = (
                        f"state it in an example (facts: {{{bare}: ...}}), "
                        f"and in a scenario as clients.problems.<kind>.facts: {{{bare}: ...}}"
                    )
                    yield page.problem("CR049", message, (*path, name), at_key=True, help=remedy)


def _stated(page: Page) -> set[str]:
    """Name what worked examples state of their matters, as facts, events or columns of tables."""
    stated: set[str] = set()
    for path, found in walk(page.data.get("examples"), ("examples",)):
        if isinstance(found, dict):
            stated |= set(found)
        elif path[-1] == "columns" and isinstance(found, list):
            stated |= set(map(str, found))
        elif path[-2:] == ("table", "file") and isinstance(found, str):
            stated |= set(_heads(FilePath(page.mark(path).file or page.document.path).parent / found))
    return stated


def _heads(file: FilePath) -> list[str]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return next(csv.reader(lines), [])
    except (OSError, UnicodeError, csv.Error):
        return []  # what cannot be read is told where the example is worked out


def _used(page: Page) -> dict[str, set[str]]:
    used: dict[str, set[str]] = {"values": set(), "series": set(), "tables": set()}
    for room in ROOMS:
        for path, found in walk(page.data.get(room), (room,)):
            if isinstance(found, dict) and isinstance(found.get("value"), str):
                used["values"].add(found["value"])
            elif isinstance(found, str) and path[-1] in ("table", "rates_table"):
                used["tables"].add(found)
            elif isinstance(found, str) and path[-1] == "index":
                used["series"].add(found)
    return used


def _sources(page: Page) -> Iterator[Problem]:
    """Say once that no number of a contract says where it comes from; a child does not answer for its parent's."""
    first: Path = ("payments", 0)
    if not page.contract.payments or page.mark(first).file != page.document.path:
        return
    rooms = (*ROOMS, "values", "tables", "series")
    if not any(getattr(entry, "source", None) for room in rooms for entry in _entries(page, room)):
        message = "none of its numbers says where it comes from"
        remedy = (
            "write source: {title: ..., status: enacted, published, derived, assumed or fictional} in a block"
        )
        yield page.problem("CX505", message, ("contract",), at_key=True, help=remedy)


def _entries(page: Page, room: str) -> Iterator[object]:
    found = getattr(page.contract, room)
    yield from found.values() if isinstance(found, dict) else found
