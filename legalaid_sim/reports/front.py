"""The picture of a Pareto front: points with the intervals of two goals, about the contract as it is."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.reports.draw import (
    SIZE,
    WIDEST,
    Drawing,
    Scale,
    apart,
    centred,
    clip,
    dot,
    level_axis,
    line,
    padded,
    path,
    text,
    upright_axis,
)
from legalaid_sim.reports.lettering import width

TALL, LEFT, GAP = 210.0, 56.0, 12.0
Show = Callable[[float], str]


class Spot(NamedTuple):
    """A point of the front: its gains in two goals, with intervals where there are any; hollow where it was dropped."""

    name: str
    x: Estimate
    y: Estimate
    held: bool = True


def front(spots: Sequence[Spot], titles: tuple[str, str], show: tuple[Show, Show], origin: str) -> Drawing:
    """Draw gains in one goal against those in another, 0 being the contract as it is; what holds is joined."""
    names = max((width(spot.name, SIZE) for spot in spots), default=0.0)
    level = Scale(*_reach([spot.x for spot in spots]), LEFT, WIDEST - names - 16)
    upright = Scale(*_reach([spot.y for spot in spots]), 14 + TALL, 14)
    parts = [
        text(0, 11, clip(titles[1], WIDEST), "muted"),
        upright_axis(upright, LEFT, level.end, show[1], 5),
        level_axis(level, 14, 14 + TALL, show[0], titles[0]),
        line(level.at(0), 14, level.at(0), 14 + TALL, "ink", 1.2),
        line(LEFT, upright.at(0), level.end, upright.at(0), "ink", 1.2),
    ]
    joined = sorted((level.at(s.x.mean or 0.0), upright.at(s.y.mean or 0.0)) for s in spots if s.held)
    parts.append(path(joined, "muted", "2 3", 1))
    parts += [_crossed(spot, level, upright) for spot in spots]
    parts.append(dot(level.at(0), upright.at(0), "ink", 3))
    parts += _labels(spots, level, upright)
    parts.append(centred(WIDEST / 2, TALL + 60, f"the two strong lines meet at {clip(origin, 190)}"))
    return Drawing(WIDEST, TALL + 66, "".join(parts))


def _reach(held: Sequence[Estimate]) -> tuple[float, float]:
    ends = [value for each in held for value in (each.mean, each.low, each.high) if value is not None]
    return padded(min([0.0, *ends]), max([0.0, *ends]), 0.06)


def _crossed(spot: Spot, level: Scale, upright: Scale) -> str:
    x, y = level.at(spot.x.mean or 0.0), upright.at(spot.y.mean or 0.0)
    colour = "s1" if spot.held else "unclear"
    parts = []
    if spot.x.low is not None and spot.x.high is not None:
        parts.append(line(level.at(spot.x.low), y, level.at(spot.x.high), y, colour, 2))
    if spot.y.low is not None and spot.y.high is not None:
        parts.append(line(x, upright.at(spot.y.low), x, upright.at(spot.y.high), colour, 2))
    return "".join([*parts, dot(x, y, colour, 4, not spot.held)])


def _labels(spots: Sequence[Spot], level: Scale, upright: Scale) -> list[str]:
    """Name every point at the right, as near to its height as can be, with a thin line to it."""
    wanted = [upright.at(spot.y.mean or 0.0) for spot in spots]
    found = []
    for spot, y, want in zip(spots, apart(wanted, GAP, 20, TALL + 10), wanted):
        x = level.at(spot.x.mean or 0.0)
        found.append(line(x + 4, want, level.end + 8, y, "rule"))
        found.append(text(level.end + 11, y + 4, spot.name, "ink" if spot.held else "muted"))
    return found
