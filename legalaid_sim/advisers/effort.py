"""How many minutes a provider gives: the choice of Ellis and McGuire (1986).

The provider picks minutes ``q`` to maximise ``pay(q) − k·q + α·B(q)`` with ``B(q) = v·q − (v/n)·q²/2``: the first
minute is worth ``v``, the benefit is largest at the need ``n`` and falls beyond it. ``pay`` is a pay curve in straight
pieces, as any compiled contract gives it; what kind of contract it comes from is not known here.
"""

from collections.abc import Sequence
from math import exp

from legalaid_sim.contracts.facts import Segment
from legalaid_sim.units import add_up


def benefit(q: float, need: float, value: float) -> float:
    """Benefit to the client of ``q`` minutes, in pence: ``value`` a minute at first, nothing more at ``need``."""
    return value * q - value / need * q * q / 2 if need > 0 else 0.0


def choose_minutes(
    pay: Sequence[Segment], need: float, cost: float, altruism: float, value: float, most: float
) -> float:
    """Give the minutes in [0, most] at which pay less cost plus weighted benefit is largest.

    On each straight piece the best is either its ends or the interior point ``q = n·(1 − (k − slope)/(α·v))``, which
    for linear pay ``r·k·q`` is Ellis and McGuire's ``(b − (1 − r)k/α)/c`` with ``b = v`` and ``c = v/n``. Ties go to
    more minutes. ``altruism`` 0 gives the provider's own best.

    >>> choose_minutes([Segment(0, 0.0, 0.0)], need=10, cost=2, altruism=0.5, value=10, most=20)
    6.0
    """
    best_q, best_worth = 0.0, float("-inf")
    for i, piece in enumerate(pay):
        start = float(piece.start)
        if start > most:
            break
        end = min(float(pay[i + 1].start), most) if i + 1 < len(pay) else most
        for q in _candidates(start, end, piece.slope, need, cost, altruism, value):
            worth = piece.base + piece.slope * (q - start) - cost * q + altruism * benefit(q, need, value)
            if worth > best_worth + 1e-9 or (worth > best_worth - 1e-9 and q > best_q):
                best_q, best_worth = q, worth
    return best_q


def _candidates(
    start: float, end: float, slope: float, need: float, cost: float, altruism: float, value: float
) -> tuple[float, ...]:
    if altruism <= 0 or value <= 0 or need <= 0:
        return start, end
    inside = need - need * (cost - slope) / (altruism * value)
    return (start, inside, end) if start < inside < end else (start, end)


def worth(pay: Sequence[Segment], q: float) -> float:
    """Pay for ``q`` minutes on a pay curve, in pence; on a jump the higher value."""
    at = [piece for piece in pay if piece.start <= q][-1:]
    return at[0].base + at[0].slope * (q - at[0].start) if at else 0.0


def listening_kept(listening: int, response: float, monitored: float) -> int:
    """Listening minutes that stay when effort moves to what is measured (after Holmström and Milgrom 1991).

    Two tasks share the time by ``exp(η·w)``; at responsiveness 0, or where nothing is monitored, all of it stays.
    """
    return int(listening * 2.0 / (1.0 + exp(response * monitored)) + 0.5)


def squeeze(
    planned: int, cores: Sequence[int], listening: int, casework: int
) -> tuple[tuple[int, ...], int, int]:
    """Fit a matter into ``planned`` minutes: core minutes of each meeting, listening minutes a meeting, casework.

    Listening goes first, then casework, then the last meetings; at least one minute of the first meeting stays. Minutes
    beyond the need become casework.
    """
    wanted = listening * len(cores)
    short = add_up(cores) + wanted + casework - planned
    if short <= 0:
        return tuple(cores), listening, casework - short
    kept = max(0, wanted - short)
    short -= wanted - kept
    done = max(0, casework - short)
    short -= casework - done
    left = list(cores)
    while short > 0 and len(left) > 1 and left[-1] <= short:
        short -= left.pop()
    left[-1] = max(1, left[-1] - max(0, short))
    return tuple(left), kept // len(left), done
