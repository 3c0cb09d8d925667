"""What is written and nothing reads: values, series and tables without a reader, numbers without a source."""

from collections.abc import Iterator

from legalaid_sim.contracts.lint.page import ROOMS, Page, walk
from legalaid_sim.errors import Problem
from legalaid_sim.yamlfile import Path


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
    yield from _sources(page)


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
