"""What queueing theory says, as pure formulas: the answers that the engine is held against.

Rates are arrivals a unit of time, means are times in the same unit, ``servers`` serve alike and never rest,
arrivals are Poisson. Every function raises ``ValueError`` for a queue that the formula does not cover.
"""

from math import exp, fsum, log
from typing import NamedTuple

NEGLIGIBLE = 40.0
NEARLY = 1e-9


class Impatient(NamedTuple):
    """The steady state of Erlang A: shares of arrivals, mean number waiting, share of servers busy."""

    leaving: float
    waiting: float
    queue: float
    busy: float


def erlang_b(load: float, servers: int) -> float:
    """Share of arrivals lost where nobody waits; ``load`` is rate times mean service (Erlang 1917).

    >>> round(erlang_b(3, 5), 6), round(erlang_b(8, 10), 6)
    (0.110054, 0.121661)
    """
    _positive(load=load, servers=servers)
    lost = 1.0
    for k in range(1, servers + 1):
        lost = load * lost / (k + load * lost)
    return lost


def erlang_c(load: float, servers: int) -> float:
    """Share of arrivals that wait where everybody waits as long as it takes (Erlang 1917)."""
    _stable(load, servers)
    lost = erlang_b(load, servers)
    return lost / (1.0 - load / servers * (1.0 - lost))


def mean_wait(rate: float, mean: float, servers: int) -> float:
    """Mean wait over all arrivals with exponential service (Erlang 1917)."""
    return erlang_c(rate * mean, servers) / (servers / mean - rate)


def pollaczek_khinchine(rate: float, mean: float, squared_cv: float) -> float:
    """Mean wait at one server whose service has any distribution (Pollaczek 1930, Khinchine 1932).

    ``squared_cv`` is variance over squared mean: 0 for a constant, 1 for the exponential.

    >>> round(pollaczek_khinchine(0.8, 1, 0.25), 9)
    2.5
    """
    busy = rate * mean
    _stable(busy, 1)
    return busy * mean * (1.0 + squared_cv) / (2.0 * (1.0 - busy))


def erlang_a(rate: float, mean: float, servers: int, patience: float) -> Impatient:
    """Steady state where each who waits leaves after an exponential time of mean ``patience`` (Palm 1957).

    A birth-and-death chain: from n people one goes at the rate
    ``min(n, servers)/mean + max(0, n − servers)/patience``.
    """
    _positive(rate=rate, mean=mean, servers=servers, patience=patience)
    weights = _weights(rate, mean, servers, patience)
    total = fsum(weights)
    waits = fsum(weights[servers:]) / total
    queue = fsum((n - servers) * weight for n, weight in enumerate(weights) if n > servers) / total
    leaving = queue / patience / rate
    return Impatient(leaving, waits, queue, rate * (1.0 - leaving) * mean / servers)


def _weights(rate: float, mean: float, servers: int, patience: float) -> list[float]:
    # Logarithms of unnormalised weights, scaled by the largest at the end, so that no load overflows.
    logs, highest, n = [0.0], 0.0, 0
    while n < servers or logs[-1] > highest - NEGLIGIBLE:
        n += 1
        going = min(n, servers) / mean + max(0, n - servers) / patience
        logs.append(logs[-1] + log(rate / going))
        highest = max(highest, logs[-1])
    return [exp(each - highest) for each in logs]


def _stable(load: float, servers: int) -> None:
    _positive(load=load, servers=servers)
    if load > servers * (1.0 - NEARLY):
        raise ValueError(f"the queue grows without end: {servers} servers are offered the work of {load:g}")


def _positive(**values: float) -> None:
    for name, value in values.items():
        if value <= 0:
            raise ValueError(f"{name} must be above 0; found {value:g}")
