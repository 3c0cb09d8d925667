"""Kinds of matter that change alike, told as few rows: each a box of regions, categories, VAT, circumstances, days."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import product
from typing import Any, NamedTuple

from legalaid_sim.authoring.changing import changed, seen
from legalaid_sim.contracts.analysis.circumstances import USUAL
from legalaid_sim.contracts.analysis.population import MatterKind, Reply, Subject
from legalaid_sim.contracts.pricing.terms import CompiledTerms

MOST_NAMED = 6
NOTHING = "nothing out of the ordinary"
AXES = len(MatterKind._fields)
Box = tuple[tuple[Any, ...], ...]


class Group(NamedTuple):
    """Kinds of matter that change alike, and how."""

    kinds: tuple[MatterKind, ...]
    change: tuple[str, ...]


def groups_of(
    before: CompiledTerms, after: CompiledTerms, kinds: Iterable[MatterKind], points: Sequence[int]
) -> tuple[Group, ...]:
    """Ask both contracts about every kind, and put together those that change alike; the largest group first.

    Who is paid for, what they are paid and what it asks for are grouped each by itself: duties that change for
    everybody are told once, however many ways pay changes.
    """
    alike: dict[tuple[tuple[Reply, ...], ...], list[MatterKind]] = {}
    for kind in kinds:
        one, other = seen(before, kind, points), seen(after, kind, points)
        if one != other and not all(a.refused and b.refused for a, b in zip(one, other)):
            alike.setdefault((one, other), []).append(kind)
    told: dict[tuple[str, ...], list[MatterKind]] = {}
    for same in alike.values():
        for part in changed(before, after, same[0], points):
            told.setdefault(part, []).extend(same)
    return tuple(sorted((Group(tuple(same), change) for change, same in told.items()), key=_size))


def _size(group: Group) -> tuple[int, tuple[str, ...]]:
    return -len(group.kinds), group.change


def rows_of(group: Group, population: Sequence[MatterKind]) -> Iterator[str]:
    """Name the cases of a group in the fewest words: what all cases share is left out."""
    everyone, left = frozenset(population), dict.fromkeys(group.kinds)
    inside = frozenset(group.kinds)
    while left:
        box = _grown(next(iter(left)), everyone, inside, population)
        for kind in _members(box, everyone):
            left.pop(kind, None)
        yield _named(box, population)


def _grown(
    seed: MatterKind,
    everyone: frozenset[MatterKind],
    inside: frozenset[MatterKind],
    population: Sequence[MatterKind],
) -> Box:
    """Grow one kind into the largest box whose every member changes alike, axis by axis."""
    box: Box = tuple((value,) for value in seed)
    for axis in (2, 1, 4, 3, 0):
        for value in dict.fromkeys(kind[axis] for kind in population):
            slab = (*box[:axis], (value,), *box[axis + 1 :])
            members = _members(slab, everyone)
            if value not in box[axis] and members and members <= inside:
                box = (*box[:axis], (*box[axis], value), *box[axis + 1 :])
    return box


def _members(box: Box, everyone: frozenset[MatterKind]) -> frozenset[MatterKind]:
    return frozenset(kind for values in product(*box) if (kind := MatterKind(*values)) in everyone)


def _named(box: Box, population: Sequence[MatterKind]) -> str:
    parts = []
    for axis, name in ((1, _regions), (0, _abouts), (2, _registration), (3, _circumstances), (4, _days)):
        possible: Any = tuple(dict.fromkeys(kind[axis] for kind in population if _fits(kind, box, axis)))
        if set(possible) != set(box[axis]):
            parts.append(name(box[axis], possible))
    return "; ".join(parts) or "every case"


def _fits(kind: MatterKind, box: Box, besides: int) -> bool:
    return all(axis == besides or kind[axis] in box[axis] for axis in range(AXES))


def _listed(values: Sequence[Any], joined: str = ", ") -> str:
    shown = [str(value) for value in values[:MOST_NAMED]]
    more = len(values) - len(shown)
    return joined.join(shown) + (f" and {more} more" if more else "")


def _regions(values: Sequence[str], possible: Sequence[str]) -> str:
    return _listed(values)


def _abouts(values: Sequence[Subject], possible: Sequence[Subject]) -> str:
    return _listed(values)


def _registration(values: Sequence[bool], possible: Sequence[bool]) -> str:
    return "registered for VAT" if values[0] else "not registered for VAT"


def _circumstances(values: Sequence[Any], possible: Sequence[Any]) -> str:
    without = [value for value in possible if value not in values]
    if USUAL in values and len(without) < len(values):
        return "unless " + _listed(without, " or ")
    return _listed([NOTHING if value == USUAL else str(value) for value in values], " or ")


def _days(values: Sequence[date], possible: Sequence[date]) -> str:
    ordered, days = sorted(values), sorted(possible)
    if ordered == days[-len(ordered) :]:
        return f"opened from {ordered[0]} on"
    if ordered == days[: len(ordered)]:
        return f"opened before {days[len(ordered)]}"
    return "opened " + _listed(ordered, " or ")
