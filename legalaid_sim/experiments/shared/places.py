"""What a place of the scenario, the evidence or a contract is called, for whoever has not written the path."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from legalaid_sim.experiments.shared.axes import ASSUMPTIONS, CONTRACT, Target

# Ends of paths that say nothing beside the title of what they are in.
SILENT_ENDS = frozenset({"amount", "value", "mean", "fixed"})
MOST_PARTS = 2


class Place(NamedTuple):
    """A place in words: what it is in, the rest of the path, its unit where one is written down."""

    title: str
    key: str
    unit: str = ""

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.title, self.key)))


def place_of(target: Target, contracts: Sequence[Mapping[str, Any]]) -> Place:
    """Call a place by the title of the block or value that it is in, or of the parameter; else by its path in words.

    >>> str(place_of(Target("x", "scenario", "clients.arrivals.per_week"), ()))
    'arrivals per week'
    """
    from legalaid_sim.evidence import register

    if target.room == ASSUMPTIONS:
        known = register().get(target.path)
        return Place(known.title, "", known.unit) if known else Place(_words(target.path.split(".")), "")
    held = [_titled(data, target.path) for data in contracts] if target.room == CONTRACT else []
    return next(filter(None, held), Place(_words(target.path.split(".")), ""))


def _titled(data: Mapping[str, Any], dotted: str) -> Place | None:
    """Find the innermost thing on a path that has a title; None where the path is not there or nothing has."""
    from legalaid_sim.contracts.language.changes import ChangeFailed, find_path

    try:
        path = find_path(data, dotted)
    except ChangeFailed:
        return None
    here: Any = data
    found = None
    for at, segment in enumerate(path[:-1]):
        here = here[segment]
        if at and isinstance(here, Mapping) and here.get("title"):
            rest = [str(part) for part in path[at + 1 :] if isinstance(part, str)]
            key = "" if rest[-1:] and rest[-1] in SILENT_ENDS and len(rest) == 1 else _words(rest)
            found = Place(str(here["title"]), key, str(here.get("unit") or ""))
    return found


def _words(parts: Sequence[str]) -> str:
    """Give the last parts of a path in words, positions left out."""
    named = [part for part in parts if not part.isdigit()]
    return " ".join(named[-MOST_PARTS:]).replace("_", " ")
