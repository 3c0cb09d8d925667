"""Who is advised: trust, disclosure, keeping meetings, outcomes. Pure functions of state and parameters."""

from math import exp, log

from legalaid_sim.draws import logistic
from legalaid_sim.units import MINUTES_PER_DAY


def grown_trust(trust: float, listening: float, growth: float) -> float:
    """Trust after so many minutes of being listened to: ``1 − (1 − T)·exp(−listening/τ)``, in [0, 1]."""
    return 1.0 - (1.0 - trust) * exp(-listening / growth)


def faded_trust(trust: float, gap: int, memory_days: float) -> float:
    """Trust after a gap of so many minutes without a meeting: ``T·exp(−gap/L)``."""
    return trust * exp(-gap / (memory_days * MINUTES_PER_DAY))


def missed_chance(
    base: float, trust: float, trust_effect: float, vulnerability: float, effect: float
) -> float:
    """Chance that a meeting is missed: logistic, equal to ``base`` at half trust and middling vulnerability."""
    if base <= 0.0:
        return 0.0
    return logistic(log(base / (1.0 - base)) - trust_effect * (trust - 0.5) + effect * (vulnerability - 0.5))


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
