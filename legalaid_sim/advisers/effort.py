"""How many minutes a provider gives: the choice of Ellis and McGuire (1986).

The provider picks minutes ``q`` to maximise ``pay(q) − k·q + α·B(q)`` with ``B(q) = v·q − (v/n)·q²/2``: the first
minute is worth ``v``, the benefit is largest at the need ``n`` and falls beyond it. ``pay`` is a pay curve in straight
pieces, as any compiled contract gives it; what kind of contract it comes from is not known here.
"""

from collections.abc import Sequence
from itertools import accumulate
from math import exp

from legalaid_sim.contracts.vocabulary.facts import Segment
from legalaid_sim.units import add_up, round_half_up


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
            # Within a billionth of a penny worths tie, so that rounding does not choose between them.
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


def tightness(promised: float, planned: float, slack: float, full: float) -> float:
    """How scarce time is, in [0, 1]: 0 up to a load of ``slack``, 1 from a load of ``full`` on, straight between.

    The load is minutes promised to the matters in hand over the minutes at work in which they are to be done.

    >>> tightness(85, 100, slack=0.7, full=1.0)
    0.5
    """
    load = promised / planned if planned > 0 else full
    return min(1.0, max(0.0, (load - slack) / (full - slack)))


def solved_benefit(price: float, altruism: float, cut: float) -> float:
    """Value of the first minute at which flat pay cuts minutes by the share ``cut``: ``v = k / (α · cut)``.

    From ``q = n · (1 − k / (α · v))``; so a cut that was observed fixes the product of benefit and altruism, and
    nothing else of the two (Lee, North Carolina: 11 %).
    """
    return price / (altruism * cut)


def worth(pay: Sequence[Segment], q: float) -> float:
    """Pay for ``q`` minutes on a pay curve, in pence; on a jump the higher value."""
    at = [piece for piece in pay if piece.start <= q][-1:]
    return at[0].base + at[0].slope * (q - at[0].start) if at else 0.0


def listening_kept(listening: int, response: float, monitored: float, relations: float = 0.0) -> int:
    """Listening minutes that stay when effort moves to what is measured (after Holmström and Milgrom 1991).

    Two tasks share the time by ``exp(η·w)``: ``monitored`` draws away from listening, ``relations`` draws to it, and
    where both weigh the same, or responsiveness is 0, listening stays what it was; at most twice of it.
    """
    return int(listening * 2.0 / (1.0 + exp(response * (monitored - relations))) + 0.5)


def squeeze(
    planned: int, cores: Sequence[int], listening: int, casework: int, first: float = 1.0, drops: bool = True
) -> tuple[tuple[int, ...], int, int]:
    """Fit a matter into ``planned`` minutes: core minutes of each meeting, listening minutes a meeting, casework.

    Of a cut D, with Λ minutes of listening among N, listening loses ``s·min(D, Λ) + (1 − s)·D·Λ/N``: all that it can
    at s = ``first`` = 1, its share at 0 (hard-to-watch inputs fall most: Fenn, Gray and Rickman 2007, direction only).
    The rest comes off casework and then the last meetings where those may be dropped (``drops``), else off casework and
    meetings as they stand to each other. At least a minute of each meeting stays. Minutes beyond the need become
    casework.

    >>> squeeze(90, (30, 30), 10, 20, first=0.0, drops=False)
    ((27, 27), 9, 18)
    """
    wanted = listening * len(cores)
    held = add_up(cores)
    need = held + wanted + casework
    short = need - planned
    if short <= 0:
        return tuple(cores), listening, casework - short
    lost = min(wanted, round_half_up(first * min(short, wanted) + (1.0 - first) * short * wanted / need))
    kept, short = wanted - lost, short - lost
    if drops:
        return _dropped(cores, casework, short, kept)
    done = casework - min(casework, round_half_up(short * casework / max(1, held + casework)))
    return _shortened(cores, short - (casework - done)), kept // len(cores), done


def _dropped(cores: Sequence[int], casework: int, short: int, kept: int) -> tuple[tuple[int, ...], int, int]:
    """Take what is short off casework, then off the last meetings."""
    done = max(0, casework - short)
    short -= casework - done
    left = list(cores)
    while short > 0 and len(left) > 1 and left[-1] <= short:
        short -= left.pop()
    left[-1] = max(1, left[-1] - max(0, short))
    return tuple(left), kept // len(left), done


def _shortened(cores: Sequence[int], short: int) -> tuple[int, ...]:
    """Take minutes off every meeting as long as it is, a minute of each at least left."""
    held = add_up(cores)
    left, before = [], 0
    # Cumulative shares, so that the parts sum to the whole.
    for core, upto in zip(cores, accumulate(cores)):
        gone = round_half_up(max(0, short) * upto / held)
        left.append(max(1, core - (gone - before)))
        before = gone
    return tuple(left)
