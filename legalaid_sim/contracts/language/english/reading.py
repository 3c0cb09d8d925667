"""What a sentence read of a block, and what was written and not read: nothing that is written goes untold."""

from collections.abc import Iterator
from typing import Any

from legalaid_sim.contracts.vocabulary.values import ByRegion, Column, Comparison, Dated, NamedValue, Terms

# Told of every block in a place of their own.
APART = frozenset(
    {"id", "kind", "title", "source", "applies_to", "not_if", "earned", "dated_by", "exception_to"}
)
FORMS = (Dated, ByRegion, NamedValue, Column, Comparison)
Steps = tuple[str | int, ...]


class BlockReader:
    """A block as its sentences see it, that remembers which keys they asked for."""

    def __init__(self, model: Terms, path: Steps, read: set[Steps]) -> None:
        self._model, self._path, self._read = model, path, read

    def __getattr__(self, name: str) -> Any:
        worked_out = getattr(type(self._model), name, None)
        if isinstance(worked_out, property) and worked_out.fget is not None:
            return worked_out.fget(self)
        return self._hand_on(getattr(self._model, name), (*self._path, name))

    def _hand_on(self, found: Any, path: Steps) -> Any:
        if _is_part(found):
            return BlockReader(found, path, self._read)
        if _holds_parts(found):
            handed = [(key, self._hand_on(part, (*path, key))) for key, part in _parts(found)]
            return dict(handed) if isinstance(found, dict) else tuple(part for _, part in handed)
        self._read.add(path)
        return found


def unread(model: Terms, read: set[Steps], path: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Give what a file writes in a block and no sentence read, with its path, in the order of the model."""
    for name in type(model).model_fields:
        if name in model.model_fields_set and not (not path and name in APART):
            yield from _unread(getattr(model, name), read, (*path, name))


def _unread(found: Any, read: set[Steps], path: Steps) -> Iterator[tuple[Steps, Any]]:
    if _is_part(found):
        yield from unread(found, read, path)
    elif _holds_parts(found):
        for key, part in _parts(found):
            yield from _unread(part, read, (*path, key))
    elif path not in read and found is not None:
        yield path, found


def _is_part(found: Any) -> bool:
    return isinstance(found, Terms) and not isinstance(found, FORMS)


def _holds_parts(found: Any) -> bool:
    return isinstance(found, dict | tuple) and any(_is_part(part) for _, part in _parts(found))


def _parts(found: Any) -> Iterator[tuple[str | int, Any]]:
    yield from found.items() if isinstance(found, dict) else enumerate(found)
