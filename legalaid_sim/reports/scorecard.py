"""The one-to-one scorecard on the console: features down, contracts across, never one number for all."""

from collections.abc import Iterator, Mapping, Sequence

from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.measures import REGISTRY
from legalaid_sim.measures.scorecard import FEATURES, SOURCE, Feature, places
from legalaid_sim.reports.console import ARROWS
from legalaid_sim.reports.numbers import number, pooling, spread

Estimates = Mapping[str, Mapping[str, Estimate]]

HEAD = f"one-to-one scorecard (features: {SOURCE})"
NOTE = "mean ± half the 95 % interval; ×: weight within the feature"
PLACES = "place: 0 worst, 1 best of these, over measures whose intervals lie apart"
PLACE = "place"
GAP = 2
LEAST_COLUMN = 12


def scorecard_table(results: Estimates, width: int, weights: Mapping[str, float] | None = None) -> str:
    """Set the contracts of a run side by side, feature by feature, as many abreast as the width holds.

    ``results`` are means with intervals by contract and measure; ``weights`` by measure, 1 where left out.

    Raises:
        ValueError: for a weight below 0.
    """
    labels = {feature: _labels(feature, weights) for feature in FEATURES}
    stub = max(len(label) for names in labels.values() for label in names)
    cells = {feature: _cells(feature, results, weights) for feature in FEATURES}
    column = max([LEAST_COLUMN, *(len(cell) for rows in cells.values() for row in rows for cell in row)])
    abreast = max(1, (width - stub) // (column + GAP))
    rule = pooling(
        means[name] for means in results.values() for feature in FEATURES for name in feature.measures
    )
    head = "\n".join([HEAD, NOTE, *([rule] if rule else []), *([PLACES] if len(results) > 1 else [])])
    names = list(results)
    blocks = [
        _block(labels, stub, cells, column, names, range(start, min(start + abreast, len(names))))
        for start in range(0, len(names), abreast)
    ]
    return "\n\n".join([head, *blocks])


def _labels(feature: Feature, weights: Mapping[str, float] | None) -> list[str]:
    given = feature.weights(weights)
    longest = max(len(name) for each in FEATURES for name in each.measures)
    measures = [f"{_arrow(feature, name)} {name:<{longest}} ×{given[name]:g}" for name in feature.measures]
    return [*measures, f"  {PLACE}"]


def _arrow(feature: Feature, name: str) -> str:
    return "0" if feature.even else ARROWS[REGISTRY[name].better]


def _cells(feature: Feature, results: Estimates, weights: Mapping[str, float] | None) -> list[list[str]]:
    """Give the rows of a feature: one a measure, then the places where there is more than one contract."""
    worlds = max((found.n for means in results.values() for found in means.values()), default=0)
    rows = [
        [spread(means[name], REGISTRY[name].unit, worlds=worlds) for means in results.values()]
        for name in feature.measures
    ]
    telling = [name for name in feature.measures if _apart([means[name] for means in results.values()])]
    means = {regime: _means(feature, found) for regime, found in results.items()}
    found = places(feature, means, weights, telling)
    return [*rows, [number(place, "index") for place in found.values()]] if len(results) > 1 else rows


def _apart(found: Sequence[Estimate]) -> bool:
    """Say whether any two intervals lie apart; what may be noise gives no contract a place."""
    lows = [each.low for each in found if each.low is not None]
    highs = [each.high for each in found if each.high is not None]
    return bool(lows) and max(lows) > min(highs)


def _means(feature: Feature, means: Mapping[str, Estimate]) -> dict[str, float | None]:
    return {name: means[name].mean for name in feature.measures}


def _block(
    labels: Mapping[Feature, Sequence[str]],
    stub: int,
    cells: Mapping[Feature, Sequence[Sequence[str]]],
    column: int,
    names: Sequence[str],
    shown: range,
) -> str:
    lines = list(_heads(stub, column, [names[n] for n in shown]))
    for feature in FEATURES:
        lines += ["", feature.title]
        for label, row in zip(labels[feature], cells[feature]):
            lines.append(f"{label:<{stub}}" + "".join(f"{row[n]:>{column + GAP}}" for n in shown))
    return "\n".join(lines)


def _heads(stub: int, column: int, names: Sequence[str]) -> Iterator[str]:
    """Write the names of contracts over their columns, long ones over several lines."""
    parts = [_pieces(name, column) for name in names]
    for line in range(max(map(len, parts), default=0)):
        row = (f"{part[line] if line < len(part) else '':>{column + GAP}}" for part in parts)
        yield " " * stub + "".join(row)


def _pieces(name: str, width: int) -> list[str]:
    plain = "".join(letter if letter.isprintable() else "?" for letter in name)
    pieces = []
    while len(plain) > width:
        hyphen = plain.rfind("-", 1, width)
        cut = width if hyphen < 0 else hyphen + 1
        pieces.append(plain[:cut])
        plain = plain[cut:]
    return [*pieces, plain]
