"""The pictures of the first screen: each contract's value beside the first contract's, for what was asked."""

from collections.abc import Sequence
from typing import NamedTuple

from legalaid_sim.experiments.shared.contrasts import Contrast
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.experiments.shared.verdicts import CANNOT_TELL, NO_MATTER
from legalaid_sim.reports.charts import IntervalRow, levels
from legalaid_sim.reports.draw import Drawing, Scale, apart, clip, dot, line, some, text, wrapped
from legalaid_sim.reports.numbers import shown
from legalaid_sim.units import add_up

WIDE, LEFT, RIGHT = 345.0, 104.0, 186.0
# More lines than so many cross one another, and are drawn as rows.
MOST_LINES = 6
COLOURS = {"better": "better", "worse": "worse", "more": "ink", "less": "ink"}
SAID = {CANNOT_TELL: "cannot tell", NO_MATTER: "about the same", "undefined": ""}


class End(NamedTuple):
    """Where a line ends: value, interval, the words beside it (a line each), the colour; hollow at another price."""

    value: float
    low: float | None
    high: float | None
    words: tuple[str, str]
    colour: str
    hollow: bool = False


def slope(
    contrasts: Sequence[Contrast],
    called: dict[str, str],
    baseline: str,
    equal: dict[str, tuple[Estimate, float]],
    tall: float,
) -> Drawing:
    """Draw one measure: the first contract's mean to the left, each other's to the right, from 0.

    ``equal`` are paired differences at equal money by contract, with the price level, drawn hollow. Whiskers are
    the 95 % interval of the paired difference. Beyond ``MOST_LINES`` every contract has a row, about an upright
    line at the first contract's mean.
    """
    if add_up(1 + (each.contract in equal) for each in contrasts) > MOST_LINES:
        return _rows(contrasts, called, baseline, equal)
    ends = [each for contrast in contrasts for each in _ends(contrast, called, equal.get(contrast.contract))]
    first = contrasts[0]
    base = first.baseline.mean or 0.0
    values = [0.0, base, *(v for end in ends for v in (end.value, end.low, end.high) if v is not None)]
    # Words of two lines stand at each end.
    tall = max(tall, 28.0 * len(ends) + 10)
    scale = Scale(min(values), some(max(values)), tall - 16, 16)
    zero = scale.at(0)
    parts = [
        line(LEFT, zero, RIGHT, zero, "rule"),
        text((LEFT + RIGHT) / 2, zero + 12, "0" if scale.low < 0 else "drawn from 0", "muted", 10, "middle"),
    ]
    parts += [line(x, 6, x, tall - 6, "rule") for x in (LEFT, RIGHT)]
    places = apart([scale.at(end.value) for end in ends], 28, 14, tall - 18)
    for place, (end, y) in enumerate(zip(ends, places)):
        parts.append(_line(scale, base, end, y, 3.0 * (place - (len(ends) - 1) / 2)))
    parts += [dot(LEFT, scale.at(base), "ink", 5)]
    parts.append(
        _start(shown(base, first.unit, first.baseline.half_width), called[baseline], scale.at(base), tall)
    )
    return Drawing(WIDE, tall, "".join(parts))


def _rows(
    contrasts: Sequence[Contrast],
    called: dict[str, str],
    baseline: str,
    equal: dict[str, tuple[Estimate, float]],
) -> Drawing:
    first = contrasts[0]
    base = first.baseline.mean or 0.0
    told = shown(base, first.unit, first.baseline.half_width)
    rows = [IntervalRow(called[baseline], base, None, None, told)]
    for contrast in contrasts:
        for end in _ends(contrast, called, equal.get(contrast.contract)):
            label = f"– equal money{end.words[1].removeprefix(called[contrast.contract])}"
            words = end.words[0].removesuffix(" at equal money")
            tone = end.colour if end.colour in ("better", "worse") else "untold"
            name = label if end.hollow else called[contrast.contract]
            rows.append(IntervalRow(name, end.value, end.low, end.high, words, tone, end.hollow))
    return levels(rows, mark=base)


def _ends(contrast: Contrast, called: dict[str, str], equal: tuple[Estimate, float] | None) -> list[End]:
    gap, base, unit = contrast.paired.difference, contrast.baseline.mean, contrast.unit
    if gap.mean is None or base is None:
        return []
    name = called[contrast.contract]
    word = SAID.get(contrast.verdict, contrast.verdict)
    told = shown(contrast.ours.mean, unit, contrast.ours.half_width)
    colour = COLOURS.get(contrast.verdict, "unclear")
    low, high = (
        (base + gap.low, base + gap.high) if gap.low is not None and gap.high is not None else (None, None)
    )
    found = [End(base + gap.mean, low, high, (f"{told} {word}".strip(), name), colour)]
    if equal is not None and equal[0].mean is not None:
        gap_then, factor = equal
        end = base + (gap_then.mean or 0.0)
        words = (f"{shown(end, unit, gap_then.half_width)} at equal money", f"{name}, × {factor:.2f}")
        found.append(End(end, None, None, words, colour, True))
    return found


def _line(scale: Scale, base: float, end: End, y: float, aside: float) -> str:
    at, quiet = scale.at(end.value), end.colour == "unclear"
    dash = "4 3" if end.hollow or quiet else ""
    parts = [line(LEFT, scale.at(base), RIGHT, at, end.colour, 2.4, dash)]
    if end.low is not None and end.high is not None:
        parts.append(
            line(RIGHT + aside, scale.at(end.low), RIGHT + aside, scale.at(end.high), end.colour, 1.6)
        )
    # A hollow point is smaller, so that one beneath it is still to be seen.
    parts.append(dot(RIGHT, at, end.colour, 3 if end.hollow else 5.5, end.hollow))
    parts.append(line(RIGHT + 6, at, RIGHT + 14, y, end.colour))
    parts.append(text(RIGHT + 17, y + 2, clip(end.words[0], WIDE - RIGHT - 17, 12), end.colour, 12))
    parts.append(text(RIGHT + 17, y + 15, clip(end.words[1], WIDE - RIGHT - 17), "muted"))
    return "".join(parts)


def _start(value: str, name: str, y: float, tall: float) -> str:
    rows = wrapped(name, LEFT - 14, 11)
    top = min(max(y, 14), tall - 6 - 13 * len(rows))
    parts = [text(LEFT - 10, top + 2, value, "ink", 12, "end")]
    parts += [
        text(LEFT - 10, top + 15 + 13 * place, row, "muted", anchor="end") for place, row in enumerate(rows)
    ]
    return "".join(parts)


def height_for(count: int, abreast: int) -> float:
    """Give how tall a slope may be so that all stand on the first screen, ``abreast`` in a row."""
    rows = add_up(1 for _ in range(0, count, max(abreast, 1)))
    return {1: 216.0, 2: 128.0}.get(rows, 96.0)
