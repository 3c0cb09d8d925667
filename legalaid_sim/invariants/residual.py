"""One equality that must hold exactly: both sides, and the first place at which they differ."""

from collections.abc import Iterable, Mapping
from itertools import compress
from typing import NamedTuple, TypeVar

from legalaid_sim.events import Event, Log
from legalaid_sim.units import add_up

K = TypeVar("K")


class Residual(NamedTuple):
    """One equality: its name, both sides, and where they first differ (or nothing)."""

    name: str
    left: int
    right: int
    where: str = ""

    @property
    def holds(self) -> bool:
        """Say whether the two sides are equal."""
        return self.left == self.right


def compare(name: str, left: Mapping[K, int], right: Mapping[K, int]) -> Residual:
    """Give both totals where two tallies agree, else the first key, in order, at which they do not."""
    keys = () if left == right else dict.fromkeys([*left, *right])
    for key in keys:
        if left.get(key, 0) != right.get(key, 0):
            return Residual(name, left.get(key, 0), right.get(key, 0), _place(key))
    return Residual(name, add_up(left.values()), add_up(right.values()))


def _place(key: object) -> str:
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def none_of(name: str, offenders: list[str]) -> Residual:
    """Give an equality that says there are none of these."""
    return Residual(name, len(offenders), 0, offenders[0] if offenders else "")


def in_order(log: Log, kinds: Iterable[type[Event]]) -> list[Event]:
    """Give the records of several kinds in the order in which they happened."""
    return list(compress(log.events, map(frozenset(kinds).__contains__, map(type, log.events))))
