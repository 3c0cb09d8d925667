"""Every measure there is, in the order in which tables, footnotes and result columns show them."""

from collections.abc import Iterable

from legalaid_sim.events import Log
from legalaid_sim.measures import (
    access,
    admin,
    by_hours,
    continuity_measures,
    costs,
    dates,
    diversity,
    flexibility,
    goals,
    money,
    outcomes,
    time_use,
)
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.measure import Measure

REGISTRY: dict[str, Measure] = {
    measure.name: measure
    for theme in (
        continuity_measures,
        by_hours,
        admin,
        time_use,
        flexibility,
        access,
        dates,
        goals,
        outcomes,
        money,
        costs,
        diversity,
    )
    for measure in theme.MEASURES
}

HEADLINES: tuple[Measure, ...] = tuple(measure for measure in REGISTRY.values() if measure.headline)


def measure(log: Log, names: Iterable[str] = REGISTRY) -> dict[str, float | None]:
    """Take the measures named, in that order, or every one in that of the registry; ``None`` where one is undefined.

    The log is read and folded once for all; money is in pounds, shares run from 0 to 1. Raises ``KeyError`` for a
    name that is none.
    """
    folded = Folded(log)
    return {name: REGISTRY[name].fold(folded) for name in names}
