"""What may be said of a difference: the one place in which a verdict is given.

An interval is held against the smallest difference that matters. Where it leaves out 0 and reaches as far as
that difference, the sign is told; where the whole of it lies nearer to 0, there is no difference that matters
(the two-sided form of equivalence testing, Schuirmann 1987); else it cannot be told.
"""

from typing import Literal

from legalaid_sim.experiments.statistics import Estimate

MORE: Literal["more"] = "more"
LESS: Literal["less"] = "less"
NO_MATTER: Literal["no difference that matters"] = "no difference that matters"
CANNOT_TELL: Literal["cannot tell"] = "cannot tell"

Standing = Literal["more", "less", "no difference that matters", "cannot tell"]


def standing(found: Estimate, least: float = 0.0) -> Standing:
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
