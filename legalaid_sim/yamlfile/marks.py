"""The place of every key and value of a file, by its path."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from legalaid_sim.errors import Problem

Path: TypeAlias = tuple[str | int, ...]


class Mark(NamedTuple):
    """Where something stands: line and column from 1, how many characters it is wide, and in which file."""

    line: int
    column: int
    width: int = 1
    file: str = ""


@dataclass(slots=True)
class Marks:
    """The places of all keys and values by their path, of one file or of a contract resolved from several."""

    keys: dict[Path, Mark] = field(default_factory=dict)
    values: dict[Path, Mark] = field(default_factory=dict)

    def key(self, path: Path) -> Mark:
        """Give the place of the key at the end of ``path``, or of the nearest thing that holds it."""
        return self._nearest(path, self.keys, self.values)

    def value(self, path: Path) -> Mark:
        """Give the place of the value at ``path``, or of the nearest thing that holds it."""
        return self._nearest(path, self.values, self.keys)

    def without(self, path: Path) -> "Marks":
        """Forget the places of everything at and under ``path``; later items of a list move up."""
        return self._moved(lambda place: _after_removal(place, path))

    def grafted(self, path: Path, source: "Marks", origin: Path) -> "Marks":
        """Give what is at and under ``path`` the places that ``source`` knows for ``origin``."""
        kept, size = self.without_under(path), len(origin)
        for mine, theirs in ((kept.keys, source.keys), (kept.values, source.values)):
            mine.update({path + at[size:]: mark for at, mark in theirs.items() if at[:size] == origin})
        return kept

    def without_under(self, path: Path) -> "Marks":
        """Forget the places of everything at and under ``path``, moving nothing."""
        return self._moved(lambda place: None if place[: len(path)] == path else place)

    def renamed(self, path: Path, key: str) -> "Marks":
        """Move everything at and under ``path`` to another last key."""
        size, target = len(path), (*path[:-1], key)
        return self._moved(lambda place: target + place[size:] if place[:size] == path else place)

    def _moved(self, move: Callable[[Path], Path | None]) -> "Marks":
        keys = {new: mark for old, mark in self.keys.items() if (new := move(old)) is not None}
        values = {new: mark for old, mark in self.values.items() if (new := move(old)) is not None}
        return Marks(keys, values)

    def _nearest(self, path: Path, first: dict[Path, Mark], then: dict[Path, Mark]) -> Mark:
        for length in range(len(path), -1, -1):
            found = first.get(path[:length]) or then.get(path[:length])
            if found:
                return found
        return Mark(1, 1)


@dataclass(slots=True)
class Document:
    """One file: its plain data, the place of everything in it, its text, and what was wrong with its form."""

    data: Any
    marks: Marks
    text: str
    path: str
    problems: tuple[Problem, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The lines of the file without their ends."""
        return self.text.split("\n")


def _after_removal(place: Path, gone: Path) -> Path | None:
    size, last = len(gone), gone[-1]
    if place[:size] == gone:
        return None
    follows = len(place) >= size and place[: size - 1] == gone[:-1]
    if follows and isinstance(last, int) and isinstance(there := place[size - 1], int) and there > last:
        return (*place[: size - 1], there - 1, *place[size:])
    return place


def held_at(data: Any, path: Sequence[str | int]) -> Any:
    """Give what stands at a path of plain data.

    Raises ``KeyError``, ``IndexError`` or ``TypeError`` where nothing does.
    """
    for part in path:
        data = data[part]
    return data


def held_or_none(data: Any, path: Sequence[str | int]) -> Any:
    """Give what stands at a path of plain data; None where nothing does."""
    try:
        return held_at(data, path)
    except (KeyError, IndexError, TypeError):
        return None


def dotted(path: Path) -> str:
    """Write a path the way a reader says it: ``payments[0].escape.over``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
