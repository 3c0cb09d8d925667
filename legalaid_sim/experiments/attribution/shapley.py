"""Share a difference out over the changes that make it (Shapley 1953).

The share of a change is what it adds on average over all orders in which the changes could be made. Shares
sum to the whole difference exactly. A set of changes is a bit mask: bit n is change n.
"""

from collections.abc import Callable, Iterator, Sequence
from math import factorial, fsum

from legalaid_sim.experiments.shared.design import uniform

Order = tuple[int, ...]
Worth = Callable[[int], float]


def exact(changes: int, worth: Worth) -> list[float]:
    """Give the share of every change from the worth of all its 2^n sets.

    >>> exact(2, {0: 0.0, 1: 1.0, 2: 2.0, 3: 5.0}.__getitem__)
    [2.0, 3.0]
    """
    return [fsum(_weighted(change, changes, worth)) for change in range(changes)]


def sampled(orders: Sequence[Order], worth: Worth) -> list[float]:
    """Give the shares over some orders only; they too sum to the whole."""
    parts: list[list[float]] = [[] for _ in orders[0]]
    for order in orders:
        made = 0
        for change in order:
            parts[change].append(worth(made | 1 << change) - worth(made))
            made |= 1 << change
    return [fsum(part) / len(orders) for part in parts]


def all_sets(changes: int) -> list[int]:
    """Give every set of changes."""
    return list(range(1 << changes))


def sets_of(orders: Sequence[Order]) -> list[int]:
    """Give the sets that some orders pass through, each once."""
    return list(dict.fromkeys(made for order in orders for made in _passed(order)))


def orders_for(changes: int, pairs: int, seed: int, world: int) -> list[Order]:
    """Draw orders for a world, each with its reverse beside it, so that early in one is late in the other."""
    drawn = [
        tuple(sorted(range(changes), key=lambda n: (uniform(seed, f"order-{world}", pair, n), n)))
        for pair in range(pairs)
    ]
    return [order for way in drawn for order in (way, way[::-1])]


def _weighted(change: int, changes: int, worth: Worth) -> Iterator[float]:
    bit = 1 << change
    for made in range(1 << changes):
        if not made & bit:
            size = made.bit_count()
            weight = factorial(size) * factorial(changes - size - 1) / factorial(changes)
            yield weight * (worth(made | bit) - worth(made))


def _passed(order: Order) -> Iterator[int]:
    made = 0
    yield made
    for change in order:
        made |= 1 << change
        yield made
