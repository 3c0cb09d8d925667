"""What may be said of a difference: the one place in which a verdict is given.

An interval is held against the smallest difference that matters. Where it leaves out 0 and reaches as far as
that difference, the sign is told; where the whole of it lies nearer to 0, there is no difference that matters
(the two-sided form of equivalence testing, Schuirmann 1987); else it cannot be told.
"""

from collections.abc import Sequence
from math import sqrt
from typing import Literal, NamedTuple

from legalaid_sim.experiments.shared.ignorance import worlds_holding
from legalaid_sim.experiments.shared.statistics import (
    LEVEL,
    Estimate,
    deviation,
    holm,
    mean_of,
    replications_for,
    two_sided_p,
)

MORE: Literal["more"] = "more"
LESS: Literal["less"] = "less"
NO_MATTER: Literal["no difference that matters"] = "no difference that matters"
CANNOT_TELL: Literal["cannot tell"] = "cannot tell"

Direction = Literal["more", "less", "no difference that matters", "cannot tell"]


def standing(found: Estimate, least: float = 0.0) -> Direction:
    """Say where a difference stands by its interval; ``least`` is the smallest that matters, in its unit.

    With ``least`` 0 every difference matters, so only its sign can be told. Without an interval, or with one
    of no width (a spread of 0 shows nothing of the worlds not lived), it cannot be told.

    >>> standing(Estimate(0.5, 0.25, 0.75, 9)), standing(Estimate(-0.5, -0.75, -0.25, 9), 0.125)
    ('more', 'less')
    >>> standing(Estimate(0.03, 0.01, 0.05, 9), 0.1), standing(Estimate(0.3, -0.1, 0.7, 9), 0.1)
    ('no difference that matters', 'cannot tell')
    """
    low, high = found.low, found.high
    if low is None or high is None or low == high:
        return CANNOT_TELL
    if -least < low and high < least:
        return NO_MATTER
    if low > 0:
        return MORE
    return LESS if high < 0 else CANNOT_TELL


VerdictWord = Literal[
    "better", "worse", "more", "less", "no difference that matters", "cannot tell", "never seen to differ",
    "undefined",
]  # fmt: skip
FAMILY_LEVEL = 1 - LEVEL
DIFFERS = ("better", "worse", "more", "less")


class Weighed(NamedTuple):
    """One difference of a family, with what its worlds are evidence of.

    ``differs`` is the p-value of no difference, ``alike`` that of one at least as large as matters, both two-sided,
    so that each at most 0.05 says what ``standing`` says of the 95 % interval; None where nothing can be tested.
    """

    differs: float | None
    alike: float | None
    never: bool


def weighed(gaps: Sequence[float], least: float) -> Weighed:
    """Test the differences of worlds that have both sides against 0 and against the smallest that matters."""
    if len(gaps) < 2:
        return Weighed(None, None, False)
    mean, spread = mean_of(gaps), deviation(gaps)
    if spread == 0:
        # All worlds agree. No spread is no proof: worlds are counted (sign test, Arbuthnott 1710).
        chance = 2 * 0.5 ** len(gaps)
        return Weighed(1.0 if mean == 0 else chance, chance if abs(mean) < least else 1.0, mean == 0)
    error, freedom = spread / sqrt(len(gaps)), len(gaps) - 1
    inside = min(least - mean, least + mean)
    alike = two_sided_p(inside / error, freedom) if inside > 0 else 1.0
    return Weighed(two_sided_p(mean / error, freedom), alike, False)


def judged(
    means: Sequence[float | None], found: Sequence[Weighed], better: Sequence[str]
) -> list[tuple[float | None, VerdictWord]]:
    """Give the adjusted p-value of no difference and the verdict for each difference of one family.

    Holm (1979) over the family, once for what differs and once for what does not matter, so that each of the two
    is said wrongly anywhere in at most 5 of 100 families, whatever the dependence. ``better`` is ``higher``,
    ``lower`` or ``neither`` for each measure.
    """
    differs, alike = _adjusted([each.differs for each in found]), _adjusted([each.alike for each in found])
    return [
        (p, _verdict(mean or 0.0, p, q, each.never, way))
        for mean, p, q, each, way in zip(means, differs, alike, found, better, strict=True)
    ]


def _adjusted(p_values: Sequence[float | None]) -> list[float | None]:
    held = [(at, p) for at, p in enumerate(p_values) if p is not None]
    adjusted = dict(zip((at for at, _ in held), holm([p for _, p in held])))
    return [adjusted.get(at) for at in range(len(p_values))]


def _verdict(
    mean: float, differs: float | None, alike: float | None, never: bool, better: str
) -> VerdictWord:
    if differs is None or alike is None:
        return "undefined"
    if never:
        return "never seen to differ"
    if alike <= FAMILY_LEVEL:
        return NO_MATTER
    if differs > FAMILY_LEVEL:
        return CANNOT_TELL
    if better == "neither":
        return MORE if mean > 0 else LESS
    return "better" if (mean > 0) == (better == "higher") else "worse"


def most_that_differ(worlds: int, level: float = LEVEL) -> float:
    """Give the largest share of worlds that may differ when none of so many was seen to (about 3 / N).

    >>> round(most_that_differ(10), 3)
    0.259
    """
    return float(1 - (1 - level) ** (1 / worlds))


def worlds_needed(
    gaps: Sequence[float], least: float, level: float = LEVEL, drawn: bool = False
) -> int | None:
    """Say how many worlds would settle a difference as large as it looks; None where any size matters.

    Where what is unknown is ``drawn`` the gaps are those of draws, and the worlds those that hold draws enough.

    The half-width asked for leaves out 0 or lies within what matters, whichever takes fewer worlds. It is never
    below half the smallest difference that matters, at which every difference is settled.
    """
    if least <= 0 or len(gaps) < 2:
        return None
    size = abs(mean_of(gaps))
    needed = replications_for(gaps, max(size, least - size), level)
    if needed is None:
        return None
    more = max(needed, len(gaps) + 1)
    return worlds_holding(more) if drawn else more
