"""How people read numbers: shares in per cent, as many places as the interval bears out, no nought below nought."""

from collections.abc import Iterable
from math import floor, log10

from legalaid_sim.experiments.shared.ratios import FEW
from legalaid_sim.experiments.shared.statistics import Estimate

PER_CENT = "share"
INDICES = ("from 0 to 1", "index")
MOST_PLACES = 3
NOTHING, POINTS = "–", " points"


def number(value: float | None, unit: str, half: float | None = None, sign: bool = False) -> str:
    """Show a number; ``half``, half the width of its interval, decides the places where there is one.

    Half-widths are shown to two figures, and what they belong to as far. A share is shown in per cent, or,
    with ``sign``, as a difference between shares, in points.

    >>> number(0.4167, "share"), number(0.9166, "share", 0.0213), number(9.1, "days", 0.999)
    ('41.7%', '91.7%', '9.10')
    >>> number(-0.0001, "share"), number(12345.6, "GBP"), number(0.0612, "days"), number(None, "days")
    ('0.0%', '12,346', '0.061', '–')
    >>> number(0.0412, "share", sign=True), number(-3.0, "days", sign=True), number(0.0, "days", sign=True)
    ('+4.1 points', '−3.0', '0.0')
    """
    if value is None:
        return NOTHING
    scale = scale_of(unit)
    shown = digits(value * scale, places(value * scale, unit, (half or 0.0) * scale), sign)
    return shown if unit != PER_CENT else f"{shown}{POINTS if sign else '%'}"


def digits(value: float, figures: int, sign: bool = False) -> str:
    """Show a number with so many places; what is nought as shown has no sign."""
    shown = f"{abs(value):,.{figures}f}"
    nought = not any(digit in "123456789" for digit in shown)
    return shown if nought else ("−" if value < 0 else "+" if sign else "") + shown


def scale_of(unit: str) -> int:
    """Give by what a value of this unit is multiplied where people read it."""
    return 100 if unit == PER_CENT else 1


def signed(value: float | None, unit: str, half: float | None = None) -> str:
    """Show a difference with its sign, nought without one."""
    return number(value, unit, half, sign=True)


def places(value: float, unit: str, half: float = 0.0) -> int:
    """Say how many places to show of a value, given half the width of its interval in the same scale; 0 for none."""
    if half > 1e-9 * abs(value):
        return min(MOST_PLACES, max(0, 1 - floor(log10(half))))
    if unit == PER_CENT:
        return 1
    if unit in INDICES:
        return 3
    return 0 if abs(value) >= 100 or unit == "GBP" else 1 if abs(value) >= 1 or not value else MOST_PLACES


def spread(found: Estimate, unit: str, sign: bool = False, worlds: int = 0) -> str:
    """Show a mean with half the width of its interval, both to the same place; in how many of the worlds it is.

    Where the mean is not in the middle of the interval both its ends are shown; where cases are pooled over worlds,
    how many they are.

    >>> spread(Estimate(0.9, 0.7, 1.0, 4, 21), "share", worlds=10)
    '90% (70% to 100%), pooled of 21, 4 of 10'

    >>> spread(Estimate(0.9166, 0.8953, 0.9379, 5), "share"), spread(Estimate(0.5, None, None, 1), "share")
    ('91.7% ± 2.1%', '50.0%')
    >>> spread(Estimate(0.0412, 0.0200, 0.0624, 5), "share", sign=True)
    '+4.1 ± 2.1 points'
    """
    text = _spread(found, unit, sign)
    if found.pooled_of is not None:
        text += ", pooled" if sign else f", pooled of {found.pooled_of:,.0f}"
    return f"{text}, {found.n} of {worlds}" if found.n < worlds else text


def _spread(found: Estimate, unit: str, sign: bool) -> str:
    half = found.half_width
    if found.mean is None or half is None:
        return number(found.mean, unit, half, sign)
    if not found.even:
        return f"{number(found.mean, unit, half, sign)} ({between(found, unit, sign)})"
    scale = scale_of(unit)
    figures = places(found.mean * scale, unit, half * scale)
    behind = ("", "") if unit != PER_CENT else ("", POINTS) if sign else ("%", "%")
    return (
        f"{digits(found.mean * scale, figures, sign)}{behind[0]} ± {digits(half * scale, figures)}{behind[1]}"
    )


def pooling(shown: Iterable[Estimate]) -> str:
    """Say by which rule cases are pooled over worlds; empty where none of what is shown is."""
    rule = (
        "pooled: all cases of all worlds together, under every contract, where under one of them a world holds fewer "
        f"than {FEW} on average, or some world none"
    )
    return rule if any(found.pooled_of is not None for found in shown) else ""


def between(found: Estimate, unit: str, sign: bool = False) -> str:
    """Show from where to where an interval goes; a dash where there is none.

    >>> between(Estimate(0.0412, 0.0200, 0.0624, 5), "share", sign=True)
    '+2.0 to +6.2 points'
    """
    if found.low is None or found.high is None:
        return NOTHING
    low, high = (number(end, unit, found.half_width, sign) for end in (found.low, found.high))
    return f"{low.removesuffix(POINTS)} to {high}"


def shown(value: float | None, unit: str, half: float | None = None, sign: bool = False) -> str:
    """Show a value as people say it: pounds with their sign, less than a day in hours, what it is a unit of.

    What the unit is counted by is left to the label.

    >>> shown(96043.2, "GBP"), shown(-120.4, "GBP per matter"), shown(1.5, "days"), shown(0.0625, "days", 0.01)
    ('£96,043', '−£120', '1.5 days', '1.50 hours')
    >>> shown(0.13904, "share", 0.0003), shown(-0.0412, "share", 0.0012, sign=True), shown(0.002, "share", 0.001)
    ('13.9%', '−4.1 points', '0.20%')
    >>> shown(0.25, "share", sign=True), shown(2.5, "contacts", 0.3, sign=True), shown(0.25, "from 0 to 1")
    ('+25.0 points', '+2.50 contacts', '0.250')
    """
    if value is None:
        return NOTHING
    if unit == PER_CENT:
        return _share_said(value, half, sign)
    if unit in INDICES:
        return number(value, unit, half, sign)
    if unit == "days" and abs(value) < 1 and value:
        return f"{number(24 * value, 'hours', 24 * (half or 0.0), sign)} hours"
    told = number(value, unit, half, sign)
    if unit.startswith("GBP"):
        return f"{told[0]}£{told[1:]}" if told[0] in "+−" else f"£{told}"
    return f"{told} {unit.partition(' per ')[0]}"


def _share_said(value: float, half: float | None, sign: bool) -> str:
    """Say a share with no more places than anybody says aloud: one, two below one in a hundred."""
    figures = min(places(100 * value, PER_CENT, 100 * (half or 0.0)), 1 if abs(100 * value) >= 1 else 2)
    return f"{digits(100 * value, figures, sign)}{POINTS if sign else '%'}"


def spread_shown(found: Estimate, unit: str, sign: bool = False) -> str:
    """Show a mean as people say it, with half the width of its interval; both ends where it is uneven.

    >>> spread_shown(Estimate(0.0412, 0.0200, 0.0624, 5), "share", sign=True)
    '+4.1 ± 2.1 points'
    >>> spread_shown(Estimate(9100.0, 8100.0, 10100.0, 5), "GBP"), spread_shown(Estimate(0.5, 0.0, 1.5, 5), "days")
    ('£9,100 ± 1,000', '12 hours (0 to 36 hours)')
    """
    half = found.half_width
    told = shown(found.mean, unit, half, sign)
    if unit == PER_CENT or unit in INDICES or found.mean is None or half is None:
        return spread(found, unit, sign).replace(f"{POINTS} (", " (")
    hours = unit == "days" and 0 < abs(found.mean) < 1
    scale, name = (24, "hours") if hours else (1, unit)
    low, high = (number(scale * (end or 0.0), name, scale * half, sign) for end in (found.low, found.high))
    words, _, behind = told.partition(" ")
    if not found.even:
        return f"{told} ({low} to {high} {behind}".rstrip() + ")"
    return f"{words} ± {number(scale * half, name, scale * half)} {behind}".strip()


def range_shown(found: Estimate, unit: str, sign: bool = False) -> str:
    """Show from where to where an interval goes, as ``shown`` shows its mean.

    >>> range_shown(Estimate(9100.0, 8100.0, 10100.0, 5), "GBP", sign=True)
    '+£8,100 to +£10,100'
    >>> range_shown(Estimate(0.5, -0.25, 1.25, 5), "days"), range_shown(Estimate(0.04, 0.02, 0.06, 5), "share")
    ('−6 to 30 hours', '2.0% to 6.0%')
    """
    if found.low is None or found.high is None or found.mean is None:
        return NOTHING
    if unit.startswith("GBP") or unit == PER_CENT:
        low, high = (shown(end, unit, found.half_width, sign) for end in (found.low, found.high))
        return f"{low.removesuffix(POINTS)} to {high}"
    if unit == "days" and 0 < abs(found.mean) < 1:
        low, high = (
            number(24 * end, "hours", 24 * (found.half_width or 0.0), sign) for end in (found.low, found.high)
        )
        return f"{low} to {high} hours"
    return between(found, unit, sign)
