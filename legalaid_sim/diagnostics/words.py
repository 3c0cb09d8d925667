"""Words and paths as a reader knows them."""

import difflib
from collections.abc import Sequence
from typing import Any

from legalaid_sim.yamlfile import Path


def nearest(word: str, known: Sequence[str]) -> str:
    """Find the known word that looks most like this one; empty when none does.

    >>> nearest("rat", ("rates", "limits"))
    'rates'
    """
    lower = {w.lower(): w for w in known}
    close = difflib.get_close_matches(str(word).lower(), list(lower), n=1, cutoff=0.6)
    return lower[close[0]] if close else ""


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Say ' Did you mean ...?' when a known word is near, else nothing."""
    close = nearest(word, known)
    return f" Did you mean '{close}'?" if close else ""


def named_path(data: Any, path: Path) -> str:
    """Write a path with the ids of blocks in place of their positions: ``payments.housing_fee.amount``."""
    parts, here = [], data
    for segment in path:
        here = enter(here, segment)
        named = here.get("id", here.get("name")) if isinstance(here, dict) else None
        parts.append(str(named) if isinstance(segment, int) and isinstance(named, str) else str(segment))
    return ".".join(parts)


def known_path(data: Any, path: Path) -> str:
    """Write a path as ``explain`` knows it: kinds in place of positions, other positions left out.

    >>> known_path({"payments": [{"id": "fee", "kind": "fixed_fee"}]}, ("payments", 0, "amount"))
    'payments.fixed_fee.amount'
    """
    parts: list[str] = []
    here = data
    for segment in path:
        here = enter(here, segment)
        kind = here.get("kind") if isinstance(here, dict) else None
        if isinstance(kind, str) and isinstance(segment, int):
            parts.append(kind)
        elif not isinstance(segment, int):
            parts.append(str(segment))
    return ".".join(parts)


def show(found: Any) -> str:
    """Quote what was found, as the file writes it, shortened."""
    if isinstance(found, dict):
        return "a map"
    if isinstance(found, list | tuple):
        return "a list"
    if found is None:
        return "nothing"
    word = str(found).lower() if isinstance(found, bool) else str(found)
    return f"'{word[:37]}...'" if len(word) > 40 else f"'{word}'"


def enter(here: Any, segment: str | int) -> Any:
    """Give what stands at a key or a position; None where nothing does."""
    if isinstance(here, dict):
        return here.get(segment)
    return (
        here[segment] if isinstance(here, list) and isinstance(segment, int) and segment < len(here) else None
    )
