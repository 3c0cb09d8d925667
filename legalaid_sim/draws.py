"""Chance, once: stable uniforms keyed by (seed, purpose, slot) and row, and the inverse distributions applied to them.

A table of uniforms has one row an entity and a fixed number of columns a purpose, so adding entities leaves every
earlier row as it was. Raw PCG64 words are shifted to (0, 1) here, and the inverse distribution functions are our own,
because only the raw stream is promised to stay the same between versions of numpy.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import accumulate
from math import exp, log, log1p, sqrt
from operator import itemgetter
from statistics import NormalDist
from typing import Any, TypeVar

from legalaid_sim.errors import DrawsExhausted

Item = TypeVar("Item")
Laid = TypeVar("Laid", bound=tuple[Any, ...])

# One number a purpose, never reused: changing one moves every result. (A change here is flagged in CHANGELOG.)
PURPOSES = {
    "arrival": 1,
    "person": 2,
    "problem": 3,
    "contact_minutes": 5,
    "gap": 6,
    "missed": 8,
    "adviser": 10,
    "sickness": 11,
    "career": 12,
    "payer": 13,
    "choice": 16,
    "hidden": 17,
    "trial": 18,
    "lasting": 19,
    "attempt": 20,
    "earlier": 21,
    "stage": 22,
    "fact": 23,
    "errand": 24,
    "outlay": 25,
    "session": 26,
    "switch": 27,
    "document": 28,
    "date": 31,
    "between": 40,
    "refill": 41,
}

_NORMAL = NormalDist()
_SHIFT = 2.0**-53


class DrawTable:
    """Uniforms strictly inside (0, 1) for one purpose and slot: one row an entity, a fixed number of columns.

    A ``family`` (itself a purpose) has streams of its own for every purpose.

    Row r depends on nothing but (seed, purpose, slot, columns, r), so a larger population leaves earlier rows as they
    were. Rows are read in order, a batch at a time; rows in between may be passed over.
    """

    def __init__(self, seed: int, purpose: str, slot: int, columns: int, family: str = "") -> None:
        import numpy as np

        apart = (PURPOSES[family],) if family else ()
        self._stream = np.random.PCG64(
            np.random.SeedSequence(entropy=seed, spawn_key=(*apart, PURPOSES[purpose], slot))
        )
        self._columns = columns
        self._next = 0

    def batch(self, rows: int) -> Any:
        """Give the next ``rows`` rows as a (rows, columns) float array."""
        import numpy as np

        self._next += rows
        raw = self._stream.random_raw(rows * self._columns)
        # The 53 bits of a float, in the middle of their cell: never 0 and never 1, so that every inverse is finite.
        table = ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * _SHIFT
        return table.reshape(rows, self._columns)

    def at(self, first: int, rows: int) -> Any:
        """Give ``rows`` rows from row ``first`` on, which must not lie before what has been read."""
        self._stream.advance((first - self._next) * self._columns)
        self._next = first
        return self.batch(rows)

    def lists(self, rows: int) -> list[list[float]]:
        """Give the next ``rows`` rows as plain lists."""
        plain: list[list[float]] = self.batch(rows).tolist()
        return plain

    def picked(self, first: int, wanted: list[int], columns: int | None = None) -> list[list[float]]:
        """Give the ``wanted`` rows, counted from row ``first`` and in order, as plain lists of so many columns."""
        table = self.at(first, wanted[-1] + 1 if wanted else 0)
        plain: list[list[float]] = table[wanted, :columns].tolist()
        return plain


def layout(kind: type[Laid], width: int, /, **places: int | slice) -> Callable[[Sequence[float]], Laid]:
    """Name the columns of a row: give a function from a row to a record that says for each field where it stands.

    Every field has a place and no column two of them; a ``ValueError`` says so where the layout is written down.

    >>> from typing import NamedTuple
    >>> Coins = NamedTuple("Coins", [("first", float), ("later", tuple[float, ...])])
    >>> layout(Coins, 4, first=0, later=slice(2, 4))((0.1, 0.2, 0.3, 0.4))
    Coins(first=0.1, later=(0.3, 0.4))
    """
    fields: tuple[str, ...] = getattr(kind, "_fields", ())
    taken = [
        n for place in places.values() for n in (range(width)[place] if isinstance(place, slice) else [place])
    ]
    if tuple(places) != fields or len({*taken}) < len(taken) or not {*taken} <= {*range(width)}:
        raise ValueError(f"{kind.__name__} needs a column within {width} for each of {', '.join(fields)}")
    # The record's own ``_make`` counts the fields each time; here they have been counted.
    pick, make = itemgetter(*places.values()), tuple.__new__
    return lambda row: make(kind, pick(row))


def ragged(blocks: list[Any], counts: list[int]) -> list[float]:
    """Give the first ``counts[i]`` uniforms of row i of tables that stand side by side, all rows in one list."""
    if not blocks:
        return []
    import numpy as np

    table = np.hstack(blocks)
    given = np.zeros(len(table), dtype=np.int64)
    given[: len(counts)] = counts
    plain: list[float] = table[np.arange(table.shape[1]) < given[:, None]].tolist()
    return plain


def nth(row: Sequence[Item], ordinal: int, purpose: str, entity: str) -> Item:
    """Take what was drawn as number ``ordinal`` (from 0) of an entity; a typed error when there is none."""
    if ordinal >= len(row):
        raise DrawsExhausted(purpose, entity, ordinal, len(row))
    return row[ordinal]


def apart(u: float, purpose: str) -> float:
    """Make a further uniform of one that was drawn, for a purpose that came later: keyed as that one is, and unlike it.

    >>> apart(0.25, "leave") == apart(0.25, "leave") != apart(0.25, "judgement")
    True
    """
    number = int.from_bytes(sha256(f"{purpose} {u.hex()}".encode()).digest()[:8], "big")
    return ((number >> 11) + 0.5) * 2.0**-53


def exponential(u: float, mean: float) -> float:
    """Inverse of the exponential distribution function."""
    return -mean * log1p(-u)


def geometric(u: float, mean: float) -> int:
    """Inverse of the geometric distribution on 1, 2, 3, … with the given mean (at least 1)."""
    if mean <= 1.0:
        return 1
    # ``log1p(-u)`` would be closer by a last digit, which every result rests on.
    return int(log(1.0 - u) / log1p(-1.0 / mean)) + 1


def lognormal(u: float, mean: float, cv: float) -> float:
    """Inverse of the lognormal with the given mean and coefficient of variation (standard deviation over mean)."""
    variance = log1p(cv * cv)
    return exp(log(mean) - variance / 2 + sqrt(variance) * _NORMAL.inv_cdf(u))


def lognormal_inverse(mean: float, cv: float, at_most: float | None = None) -> Callable[[float], float]:
    """Give ``lognormal`` as a function of the uniform alone, cut at ``at_most``; the constants are worked out once."""
    variance = log1p(cv * cv)
    middle, spread, inverse = log(mean) - variance / 2, sqrt(variance), _NORMAL.inv_cdf
    if at_most is None:
        return lambda u: exp(middle + spread * inverse(u))
    return lambda u: min(exp(middle + spread * inverse(u)), at_most)


def triangular(u: float, low: float, mode: float, high: float) -> float:
    """Inverse of the triangular distribution function."""
    if high == low:
        return low
    turn = (mode - low) / (high - low)
    if u < turn:
        return low + float((u * (high - low) * (mode - low)) ** 0.5)
    return high - float(((1.0 - u) * (high - low) * (high - mode)) ** 0.5)


def uniform(u: float, low: float, high: float) -> float:
    """Inverse of the uniform distribution function on [low, high]."""
    return low + u * (high - low)


def poisson(u: float, mean: float) -> int:
    """Inverse of the Poisson distribution function, by summation (for means up to a few hundred)."""
    term, total, k = exp(-mean), exp(-mean), 0
    # For a ``u`` next to 1 the sum may never reach it, by rounding.
    while u > total and k < 10_000:
        k += 1
        term *= mean / k
        total += term
    return k


def weighted(u: float, shares: "list[float] | tuple[float, ...]") -> int:
    """Pick the index at which the cumulative share passes ``u``; shares need not sum to 1."""
    cumulative = list(accumulate(shares))
    # The product may lie above the last sum by a last digit.
    return min(bisect_left(cumulative, u * cumulative[-1]), len(shares) - 1)


def standard_normal(u: float) -> float:
    """Inverse of the standard normal distribution function."""
    return _NORMAL.inv_cdf(u)


def logistic(x: float) -> float:
    """Turn log-odds into a probability, without overflow."""
    return 1.0 / (1.0 + exp(-x)) if x >= 0 else exp(x) / (1.0 + exp(x))


def log_odds(chance: float) -> float:
    """Log-odds of a chance in [0, 1): minus infinity at 0."""
    return log(chance / (1.0 - chance)) if chance > 0.0 else float("-inf")


def hindered_chance(chance: float, vulnerability: float, effect: float) -> float:
    """Chance of what hinders the vulnerable more than others: itself at middling vulnerability, else by log-odds.

    ``effect`` is by how much the log-odds differ between the most and the least vulnerable; below 0 of what comes to
    the vulnerable less.
    """
    if effect == 0.0 or chance <= 0.0 or chance >= 1.0:
        return chance
    return logistic(log_odds(chance) + effect * (vulnerability - 0.5))
