"""Strain, leaving because of it, and what a successor has yet to learn."""

from math import exp


def next_strain(
    strain: float, overload: float, admin_share: float, memory: float, per_overload: float, per_admin: float
) -> float:
    """Strain a month later, in [0, 1]: what is left of it, plus overload and admin (both in [0, 1])."""
    return min(1.0, memory * strain + per_overload * min(1.0, overload) + per_admin * admin_share)


def leaving_chance(base: float, strain: float, effect: float) -> float:
    """Monthly chance of leaving: ``base · exp(effect · strain)``, at most 1 (form after Hamidi et al. 2018)."""
    return min(1.0, base * exp(effect * strain))


def learning(extra: float, weeks: float, scale: float) -> float:
    """Times the usual minutes that somebody so many weeks in a post takes: ``1 + extra · exp(−weeks / scale)``."""
    return 1.0 + extra * exp(-weeks / scale)
