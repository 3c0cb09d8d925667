"""Worlds that are done, kept beside the place of a run until it stands whole, so that the same command goes on.

A file a run, a line of JSON a world, appended as each is done: what ends the process on the way cuts the last line at
most, and a line that is not whole is lived again. A world whose log is wanted is lived again too, since logs are not
kept here. What is read back is equal to what was lived, so that the results are the same bytes.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from legalaid_sim.experiments.shared.executors import Lost, Workers, WorkFunction
from legalaid_sim.experiments.shared.replicate import RegimeResult, Replication
from legalaid_sim.experiments.shared.statistics import Value
from legalaid_sim.measures.statistics import Ratio

R = TypeVar("R")
K = TypeVar("K")
ENDING = ".worlds"


@dataclass(slots=True)
class Kept:
    """The file of the worlds of one run, known by the digest of everything that went in."""

    path: Path
    key: str

    def read(self) -> dict[int, Any]:
        """Give what is kept by the number of the world; nothing where the file is of another run."""
        try:
            lines = self.path.read_bytes().split(b"\n")
        except OSError:
            return {}
        found: dict[int, Any] = {}
        for line in lines:
            with suppress(ValueError, TypeError, KeyError):
                key, number, plain = json.loads(line)
                if key == self.key:
                    found[int(number)] = plain
        return found

    def add(self, number: int, plain: Any) -> None:
        """Keep a world; where that cannot be done the run goes on without."""
        line = json.dumps([self.key, number, plain]).encode() + b"\n"
        with suppress(OSError):
            # In one call, so that lines of two runs of the same never mix.
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                os.write(handle, line)
            finally:
                os.close(handle)


@contextmanager
def kept_for(place: Path, kind: str, key: str, noun: str = "world") -> Iterator[Kept]:
    """Give the worlds kept for a run that will stand at ``place``; they are gone when it does, or after an error.

    Where it is interrupted they stay, and the interruption says how many; ``noun`` is what one of them is called.
    """
    kept = Kept(place.parent / f".{kind}-{key[:16]}{ENDING}", key)
    try:
        yield kept
    except Exception:
        _remove(kept)
        raise
    except BaseException as interruption:
        # Counted from the file: an interruption may fall between a line written and a number raised.
        count = len(kept.read())
        if count:
            worlds = f"1 {noun} is" if count == 1 else f"{count} {noun}s are"
            interruption.add_note(f"{worlds} kept; the same command goes on from there")
        raise
    _remove(kept)


def _remove(kept: Kept) -> None:
    with suppress(OSError):
        kept.path.unlink()


@dataclass(frozen=True, slots=True)
class GoingOn(Generic[R]):
    """Workers that live only the worlds that are not kept, and keep those they live.

    ``plain`` gives a result as plain data, None for one that is not kept; ``back`` makes it again; ``number`` gives
    the number of an item.
    """

    workers: Workers
    kept: Kept
    plain: Callable[[R], Any]
    back: Callable[[Any], R]
    number: Callable[[Any], int] = int

    def results(self, task: WorkFunction[Any, Any], items: Iterable[Any]) -> Iterator[Any]:
        """Give the results in the order of the items, wherever they come from."""
        wanted, held = list(items), self.kept.read()
        stream = self.workers.results(task, [item for item in wanted if self.number(item) not in held])
        try:
            for item in wanted:
                number = self.number(item)
                if number in held:
                    yield self.back(held[number])
                    continue
                done = next(stream)
                plain = None if isinstance(done, Lost) else self.plain(done)
                if plain is not None:
                    self.kept.add(number, plain)
                yield done
        finally:
            stream.close()  # type: ignore[attr-defined]


def plain_of(done: Replication) -> list[Any] | None:
    """Give a world as plain data; None where logs hang on it."""
    if any(lived.log is not None for lived in done.lived.values()):
        return None
    lived = {
        name: [
            {measure: _number(value) for measure, value in each.measures.items()},
            each.seconds,
            dict(each.curves),
            {clause: list(counts) for clause, counts in each.clauses.items()},
        ]
        for name, each in done.lived.items()
    }
    return [done.number, done.seed, done.world_digest, lived, dict(done.drawn)]


def replication_of(plain: Any) -> Replication:
    """Make a world again from plain data."""
    number, seed, digest, lived, drawn = plain
    told: Mapping[str, Any] = lived
    held = {
        name: RegimeResult(
            {measure: _value(each) for measure, each in values.items()}, None, seconds, curves, *clauses
        )
        for name, (values, seconds, curves, *clauses) in told.items()
    }
    return Replication(number, seed, digest, held, drawn)


def _number(value: Value) -> Any:
    """Give a measure as plain data: a ratio with what it is a ratio of."""
    return [value, value.part, value.whole] if isinstance(value, Ratio) else value


def _value(plain: Any) -> Value:
    return Ratio(*plain) if isinstance(plain, list) else plain
