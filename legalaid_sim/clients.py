"""Who is advised: trust, disclosure, keeping meetings, outcomes. Pure functions of state and parameters."""

from functools import lru_cache
from math import exp, fsum, log
from typing import NamedTuple

from legalaid_sim.draws import logistic
from legalaid_sim.units import MINUTES_PER_DAY

# How far out a standard normal is summed, at how many nodes a side, and how often an interval is halved.
REACH, NODES, BISECTIONS = 8.0, 64, 60


def grown_trust(trust: float, listening: float, growth: float) -> float:
    """Trust after so many minutes of being listened to: ``1 − (1 − T)·exp(−listening/τ)``, in [0, 1]."""
    return 1.0 - (1.0 - trust) * exp(-listening / growth)


class Growth(NamedTuple):
    """How trust grows by meetings: ``contacts`` is τ in usual meetings, ``usual`` the minutes of one.

    ``share`` is σ₀, what of a usual meeting is listening; ``quickens`` is b, by how much more of it quickens trust.
    """

    contacts: float
    usual: float
    share: float
    quickens: float

    def after(self, trust: float, minutes: int, listening: int) -> float:
        """Trust after a meeting of so many minutes, ``listening`` among them, in [0, 1] and never less than before.

        ``1 − (1 − T)·exp(−w·(1 + b·(σ − σ₀))/τ)`` with w = min(1, minutes / usual) and σ = listening / minutes; τ is
        counted in meetings, as published (Hjortdahl 1992), the rest is our own form.
        """
        pace = 1.0 + self.quickens * (listening / minutes - self.share) if minutes > 0 else 0.0
        if pace <= 0.0:
            return trust
        return 1.0 - (1.0 - trust) * exp(-min(1.0, minutes / self.usual) * pace / self.contacts)


def trust_with_companion(trust: float, beside: float, carries: float) -> float:
    """Trust that counts: that in the adviser, and a share of that in a companion for what is wanting to it.

    ``1 − (1 − T)·(1 − carries·T′)``, in [0, 1]: T itself without a companion, or where nothing carries.
    """
    return 1.0 - (1.0 - trust) * (1.0 - carries * beside) if beside and carries else trust


def faded_trust(trust: float, gap: int, memory_days: float) -> float:
    """Trust after a gap of so many minutes without a meeting: ``T·exp(−gap/L)``."""
    return trust * exp(-gap / (memory_days * MINUTES_PER_DAY))


def missed_chance(
    base: float, trust: float, trust_effect: float, vulnerability: float, effect: float
) -> float:
    """Chance that a meeting is missed: logistic, of log-odds ``base`` at half trust and middling vulnerability."""
    return logistic(base - trust_effect * (trust - 0.5) + effect * (vulnerability - 0.5))


def missed_by_wait(days: float, reference: float, per_log_day: float) -> float:
    """Log-odds that so many days between booking and meeting add to a missed one: 0 at the days of reference."""
    return per_log_day * (log(1.0 + days) - log(1.0 + reference))


@lru_cache(maxsize=64)
def centred(base: float, spread: float) -> float:
    """Log-odds b at which people (or problems) that differ have the mean chance of log-odds ``base``.

    Solves ``E[logistic(b + spread·z)] = logistic(base)`` for z standard normal, by bisection over a sum at fixed nodes,
    so that a spread moves who is concerned and not how many. ``base`` itself where nobody differs. Every life asks for
    the same two or three again.
    """
    if spread <= 0.0 or base == float("-inf"):
        return base
    aim = logistic(base)
    low, high = base - REACH * spread, base + REACH * spread
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if fsum(w * logistic(middle + spread * z) for z, w in _NODES) < aim:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _normal_nodes() -> tuple[tuple[float, float], ...]:
    """Nodes and weights of the trapezoidal rule for a standard normal: exact to a dozen digits for smooth functions."""
    nodes = [REACH * k / NODES for k in range(-NODES, NODES + 1)]
    weights = [exp(-z * z / 2) for z in nodes]
    whole = fsum(weights)
    return tuple((z, w / whole) for z, w in zip(nodes, weights))


_NODES = _normal_nodes()


def resolved_chance(
    base: float,
    given_over_needed: float,
    minutes_effect: float,
    trust: float,
    trust_effect: float,
    late: bool,
    late_effect: float,
    skill: float,
    skill_effect: float,
) -> float:
    """Chance that a problem is resolved: logistic in minutes given over needed, trust, stage and skill."""
    return logistic(
        base
        + minutes_effect * (min(given_over_needed, 1.0) - 1.0)
        + trust_effect * trust
        - late_effect * late
        + skill_effect * (skill - 1.0)
    )


def lasting_chance(undone: float, months: int) -> float:
    """Chance that a result still stands after so many months: ``(1 − undone)^months``, never rising in either."""
    return float((1.0 - undone) ** months)


def hand_on_chance(base: float, more: float, step: int) -> float:
    """Chance of being lost at the hand-on number ``step`` (from 0): logistic, ``base`` at the first and rising."""
    if base <= 0.0:
        return 0.0
    if base >= 1.0:
        return 1.0
    return logistic(log(base / (1.0 - base)) + more * step)
