"""How what has become of a run so far is copied and laid down: state is written out, what never changes is shared.

A run holds things of two sorts. What it was given (the world and everybody in it, compiled contracts, settings) never
changes: a copy points to the very same. What has come about (clients, matters, desks, accounts, the clock with all that
is due) is written out and read back. Things that point to each other in long chains are written one by one, so that no
agency is too large for Python's stack.
"""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pickle import Pickler, Unpickler, dumps, loads
from types import FunctionType
from typing import Any

from pydantic import BaseModel

from legalaid_sim.advisers.desk import Desk
from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.lookups import Library, Lookup
from legalaid_sim.contracts.vocabulary.conditions import CompiledCondition
from legalaid_sim.engine.agency import Fixed, House
from legalaid_sim.engine.matter import Matter
from legalaid_sim.engine.settings import Settings
from legalaid_sim.engine.state import Client, ProblemState
from legalaid_sim.world import Holder, PersonDraw, PostPlan, ProblemPlan, Session, World

# Never changed by a run, whatever it comes to.
CONSTANT = (
    World, PersonDraw, ProblemPlan, PostPlan, Holder, Session, Settings, CompiledTerms, Library, Lookup,
    CompiledCondition, BaseModel, FunctionType, Fixed,
)  # fmt: skip
# Written one by one.
APART: tuple[type, ...] = (Client, ProblemState, Matter, House, Desk, Account)


class _StateWriter(Pickler):
    """Writes state; what is shared is told by its place among ``shared``, what stands apart by its number."""

    def __init__(self, into: BytesIO, shared: Iterable[object], grows: bool) -> None:
        super().__init__(into, protocol=5)
        self.shared = list(shared)
        self.apart: list[Any] = []
        self._places = {id(thing): 2 * n for n, thing in enumerate(self.shared)}
        self._numbers: dict[int, int] = {}
        self._sorts: dict[type, int] = dict.fromkeys(APART, 2)
        self._grows = grows

    def persistent_id(self, thing: Any) -> int | None:
        """Give the place of what is shared (even), the number of what stands apart (odd), None for all else."""
        kind = type(thing)
        sort = self._sorts.get(kind)
        if sort is None:
            sort = self._sorts[kind] = int(self._grows and issubclass(kind, CONSTANT))
        if sort == 0:
            return self._places.get(id(thing))
        known, things, odd = (self._places, self.shared, 0) if sort == 1 else (self._numbers, self.apart, 1)
        found = known.get(id(thing))
        if found is None:
            found = known[id(thing)] = 2 * len(things) + odd
            things.append(thing)
        return found


class _StateReader(Unpickler):
    """Reads what ``_StateWriter`` wrote."""

    def __init__(self, data: bytes, shared: Sequence[object], apart: Sequence[object]) -> None:
        super().__init__(BytesIO(data))
        self._shared, self._apart = shared, apart

    def persistent_load(self, place: int) -> Any:
        """Give what is shared, or what stands apart."""
        return (self._apart if place % 2 else self._shared)[place // 2]


def _written(thing: object, shared: Iterable[object], grows: bool) -> tuple[bytes, list[int], list[object]]:
    into = BytesIO()
    writer = _StateWriter(into, shared, grows)
    writer.dump(thing)
    for each in _growing(writer.apart):
        writer.dump(each.__getstate__())
    return into.getvalue(), [APART.index(type(each)) for each in writer.apart], writer.shared


def _growing(things: list[Any]) -> Iterator[Any]:
    """Give the things of a list, with those that are added meanwhile."""
    n = 0
    while n < len(things):
        yield things[n]
        n += 1


def _read(data: bytes, kinds: Iterable[int], shared: Sequence[object]) -> Any:
    apart: list[object] = [object.__new__(APART[kind]) for kind in kinds]
    reader = _StateReader(data, shared, apart)
    thing = reader.load()
    for each in apart:
        _set(each, reader.load())
    return thing


def _set(thing: object, state: Any) -> None:
    named, slots = state if isinstance(state, tuple) else (state, None)
    for name, value in {**(named or {}), **(slots or {})}.items():
        setattr(thing, name, value)


class Copies:
    """A thing as it stood at a moment, from which as many copies can be made as are wanted.

    ``given`` are things that each copy has others of, in the same order.
    """

    def __init__(self, thing: object, given: Sequence[object]) -> None:
        self._data, self._kinds, shared = _written(thing, given, True)
        self._shared = shared[len(given) :]

    def another(self, given: Sequence[object]) -> Any:
        """Make a copy."""
        return _read(self._data, self._kinds, [*given, *self._shared])


def laid_down(thing: object, shared: Sequence[object]) -> bytes:
    """Write a thing so that it can be taken up in another process that has the same ``shared`` things, in order."""
    data, kinds, _ = _written(thing, shared, False)
    return dumps((data, kinds))


def taken_up(text: bytes, shared: Sequence[object]) -> Any:
    """Read what was laid down."""
    data, kinds = loads(text)
    return _read(data, kinds, shared)


def parts_of(world: World) -> Iterator[object]:
    """Give the world and everything in it that a run points to, in order."""
    yield world
    for person in world.people:
        yield person
        for plan in person.problems:
            yield from _with_follow_ons(plan)
    for post in world.posts:
        yield post
        yield from post.holders
    yield from world.sessions


def _with_follow_ons(plan: ProblemPlan) -> Iterator[ProblemPlan]:
    yield plan
    for child, *_ in plan.follow_ons:
        yield from _with_follow_ons(child)
