"""Sentences of finding, each made by a stated rule and never saying more than its interval does.

A difference is called clear when its p-value, adjusted by Holm's method over every difference looked at, is
at most 0.05; its own 95 % interval then leaves out 0. Anything else is told as not clear, never as none.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from legalaid_sim.experiments.shared.contrasts import Contrast
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.experiments.shared.verdicts import CANNOT_TELL, NO_MATTER
from legalaid_sim.measures import REGISTRY, Measure
from legalaid_sim.reports.numbers import between, number, signed

NOTHING: Mapping[str, str] = MappingProxyType({})
# What is owed for the work of some months and what is paid within them are two sums.
OWED, CASH = ", by entitlement", ", in cash"
MONEYS: Mapping[str, str] = MappingProxyType(
    {
        "money.payer_spend": CASH,
        "money.payer_spend_per_resolved": CASH,
        "diversity.spend_share_of_smaller": CASH,
        "money.earned": OWED,
        "money.earned_per_matter": OWED,
        "money.earned_per_adviser_year": OWED,
        "money.margin": OWED,
        "money.taken_back": OWED,
        "money.assessed_off": OWED,
        "money.margin_worst_category": OWED,
        "money.margin_best_category": OWED,
    }
)
NAME_LIMIT, MOST_NAMED = 60, 3


def plain(text: object, limit: int = NAME_LIMIT) -> str:
    """Give a text from a file so that it can be shown anywhere: no control or direction marks, not too long.

    >>> plain("a\\u202eb"), plain("x" * 9, 5)
    ('a?b', 'xxxx…')
    """
    shown = "".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in str(text))
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def label_of(measure: str) -> str:
    """Name a measure in a few words, and which money it is where there are two.

    >>> label_of("access.days_to_first_contact")
    'median days until seen'
    >>> label_of("money.payer_spend")
    "payer's spending, in cash"
    """
    return f"{REGISTRY[measure].label}{MONEYS.get(measure, '')}"


def upper(words: str) -> str:
    """Begin with a capital letter.

    >>> upper("time on admin")
    'Time on admin'
    """
    return words[:1].upper() + words[1:]


def listed(names: Sequence[str]) -> str:
    """Put names in a row; beyond a few, the rest by number.

    >>> listed(["a", "b"]), listed(["a", "b", "c", "d", "e"])
    ('a and b', 'a, b, c and 2 more')
    """
    shown = [plain(name) for name in names[:MOST_NAMED]]
    rest = len(names) - len(shown)
    parts = [*shown, f"{rest} more"] if rest else shown
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def interval(found: Estimate, unit: str, sign: bool = False) -> str:
    """Give the 95 % interval in words; why there is none where one world was lived, or all agree."""
    if found.low is None or found.high is None:
        return "one world, no interval" if found.n < 2 else f"the same in all {found.n} worlds"
    return f"95 % interval {between(found, unit, sign)}" + ", pooled over worlds" * (
        found.pooled_of is not None
    )


def level_of(regime: str, measure: Measure, found: Estimate) -> str:
    """Say how high a measure is under one contract."""
    if found.mean is None:
        return f"Under {plain(regime)}, {measure.phrase} is undefined ({measure.undefined})."
    return (
        f"Under {plain(regime)}, {measure.phrase}: {value_of(found, measure)} "
        f"({interval(found, measure.unit)})."
    )


def value_of(found: Estimate, measure: Measure) -> str:
    """Show a mean with its unit, as far as its interval bears out; a share without one."""
    shown = number(found.mean, measure.unit, found.half_width)
    return shown if measure.unit in ("share", "from 0 to 1", "index") else f"{shown} {measure.unit}"


def difference_of(
    contrasts: Iterable[Contrast], measure: Measure, baseline: str, beside: Mapping[str, str] = NOTHING
) -> str:
    """Say which contracts differ clearly from the baseline in one measure; of the largest, by how much.

    ``beside`` is what is to stand beside the difference of each contract, such as for how much money.
    """
    known = [each for each in contrasts if each.paired.difference.mean is not None]
    if not known:
        return f"No contract can be set against {plain(baseline)}: {measure.phrase} is undefined."
    clear = [each for each in known if each.differs]
    most = leading(known)
    rest = [each for each in known if each is not most]
    return (
        _most(most, measure, baseline, beside) + _others(rest, most)
        if clear
        else _unclear(most, measure, baseline)
    )


def leading(known: Sequence[Contrast]) -> Contrast:
    """Give the difference that a sentence speaks of: the largest of those that are clear, else of all."""
    return max([each for each in known if each.differs] or known, key=_size)


def _size(contrast: Contrast) -> float:
    return abs(contrast.paired.difference.mean or 0.0)


def _most(most: Contrast, measure: Measure, baseline: str, beside: Mapping[str, str]) -> str:
    gap, unit = most.paired.difference, measure.unit
    moved = "higher" if (gap.mean or 0) > 0 else "lower"
    words = beside.get(most.contract, "")
    return (
        f"Under {plain(most.contract)}, {measure.phrase} is {moved} than under {plain(baseline)}: "
        f"{number(most.ours.mean, unit, most.ours.half_width)} against {value_of(most.baseline, measure)} "
        f"(difference {signed(gap.mean, unit, gap.half_width)}, {interval(gap, unit, sign=True)})"
        f"{f', {words}' if words else ''}"
    )


def _others(rest: Sequence[Contrast], most: Contrast) -> str:
    upward = (most.paired.difference.mean or 0) > 0
    clear = [each for each in rest if each.differs]
    same = [each.contract for each in clear if ((each.paired.difference.mean or 0) > 0) == upward]
    other = [each.contract for each in clear if each.contract not in same]
    alike = [each.contract for each in rest if each.verdict == NO_MATTER]
    quiet = [each.contract for each in rest if not each.differs and each.contract not in alike]
    words = ("higher", "lower") if upward else ("lower", "higher")
    parts = [
        *([f"also {words[0]} under {listed(same)}"] if same else []),
        *([f"{words[1]} under {listed(other)}"] if other else []),
        *([f"no difference that matters under {listed(alike)}"] if alike else []),
        *([f"it cannot be told under {listed(quiet)}"] if quiet else []),
    ]
    return f"; {'; '.join(parts)}." if parts else "."


def _unclear(most: Contrast, measure: Measure, baseline: str) -> str:
    gap, unit = most.paired.difference, measure.unit
    level = value_of(most.baseline, measure)
    if gap.n < 2:
        return (
            f"One world cannot show whether {measure.phrase} differs: it is "
            f"{number(most.ours.mean, unit)} under {plain(most.contract)} and {level} under {plain(baseline)}."
        )
    if most.at_most is not None:
        return (
            f"In {gap.n} worlds no contract was seen to differ from {plain(baseline)} in {measure.phrase} ({level}); "
            f"in at most {100 * most.at_most:.0f} % of worlds it may."
        )
    largest = (
        f"the largest difference is {signed(gap.mean, unit, gap.half_width)} under {plain(most.contract)} "
        f"({interval(gap, unit, sign=True)}{_alone(most)})"
    )
    if most.verdict == NO_MATTER:
        least = signed(most.least, unit, most.least / 2).removeprefix("+")
        matters = f"less than {least}, the smallest that matters"
        none = f"No contract differs from {plain(baseline)} by what matters in {measure.phrase} ({level})"
        return f"{none}; {largest}, {matters}."
    open_ = (
        f"It cannot be told whether a contract differs from {plain(baseline)} in {measure.phrase} ({level})"
    )
    return f"{open_}; {largest}."


def _alone(contrast: Contrast) -> str:
    """Say why an interval that leaves out 0 is not enough."""
    gap = contrast.paired.difference
    leaves_out = gap.low is not None and gap.high is not None and (gap.low > 0 or gap.high < 0)
    untold = leaves_out and contrast.verdict == CANNOT_TELL
    return ", taken alone; among several differences chance can do that" if untold else ""
