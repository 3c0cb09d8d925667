"""Read a sweep back: rows as plain data, differences between contracts point by point."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from math import fsum, sqrt
from pathlib import Path
from typing import Any, NamedTuple

from legalaid_sim.experiments.shared.contrasts import NONE_ASKED, least_for
from legalaid_sim.experiments.shared.ignorance import answers
from legalaid_sim.experiments.shared.statistics import Estimate, Value, deviation, estimate, mean_of, within
from legalaid_sim.experiments.shared.verdicts import CANNOT_TELL, LESS, MORE, NO_MATTER, Direction, standing
from legalaid_sim.experiments.sweep.store import FIXED, columns_of, quoted, read_only

MOST_STEPS = 10
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


class PointSpread(NamedTuple):
    """How a difference is spread over the points of a sweep.

    ``total`` is the change of the sum over points as a share of the baseline's; ``more`` and ``less`` are the
    shares of points at which the worlds tell the sign, ``no_matter`` that at which it is told to matter not,
    ``untold`` that at which they cannot tell.
    ``relative`` are quantiles of the difference as a share of the baseline; empty where that is 0 somewhere.
    ``noise`` is the standard error that the worlds leave to a point's difference, on average: what is not the
    points' own doing.
    """

    contract: str
    measure: str
    points: int
    mean: Estimate
    total: Value
    more: Value
    less: Value
    no_matter: Value
    untold: Value
    quantiles: tuple[float, ...]
    relative: tuple[float, ...]
    noise: Value


def read_sweep(path: Path | str, keys: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Give every run as one mapping of column to value, in the order of the axes: for pandas, polars, csv.

    Here and below ``keys`` name the runs that count; all that the file holds where they are left out.
    """
    place = Path(path)
    database = place / "sweep.sqlite" if place.is_dir() else place
    with closing(read_only(database, keys)) as open_database:
        names = columns_of(open_database)
        axes = _axes(names)
        order = ", ".join(quoted(name) for name in (*axes, "contract", "replication"))
        rows = open_database.execute(f"SELECT * FROM runs ORDER BY {order}")
        return [dict(zip(names, row)) for row in rows]


class Along(NamedTuple):
    """A measure along one axis: at each value, or around it, the tenth, the middle and the ninetieth of the points.

    A point is the mean of its worlds. Where an axis has more than ``MOST_STEPS`` values, points are put together in
    as many groups of equal number, each at the middle of its values.
    """

    axis: str
    measure: str
    contract: str
    steps: tuple[tuple[float, float, float, float], ...]


def along(
    path: Path,
    measures: Sequence[str],
    contracts: Sequence[str],
    keys: Collection[str] | None = None,
    drawn: bool = False,
) -> list[Along]:
    """Give measures along every axis of numbers, by contract in this order, for pictures of what was varied."""
    axes, found = _numbered(path, measures, keys, drawn), []
    for measure, (names, means) in axes.items():
        found += [
            each
            for place, axis in enumerate(names)
            for each in _along(axis, measure, place, means, contracts)
        ]
    return found


class Map(NamedTuple):
    """What a contract differs by from the first at every pair of values of two axes: (x, y, difference, half).

    ``half`` is half the 95 % interval of the difference at that point alone, None below two worlds or where all agree.
    """

    axes: tuple[str, str]
    measure: str
    contract: str
    cells: tuple[tuple[float, float, float, Value], ...]


def maps(
    path: Path,
    measures: Sequence[str],
    contracts: Sequence[str],
    keys: Collection[str] | None = None,
    drawn: bool = False,
) -> list[Map]:
    """Give the map of every measure and contract where two axes of few numbers were varied, and nothing else."""
    with closing(read_only(path, keys)) as database:
        names = _axes(columns_of(database))
    found = []
    for measure in measures:
        points = list(_points(path, measure, keys)) if len(names) == 2 else []
        few = [len({where[place] for where, _ in points}) <= MOST_STEPS for place in range(len(names))]
        numbers = all(isinstance(value, int | float) for where, _ in points for value in where)
        if not points or not all(few) or not numbers:
            continue
        for contract in contracts[1:]:
            cells = tuple(
                (float(x), float(y), *_gap(worlds[contract], worlds[contracts[0]], drawn))
                for (x, y), worlds in sorted(points, key=lambda point: point[0])
                if worlds.get(contract, {}).keys() & worlds.get(contracts[0], {}).keys()
            )
            found.append(Map((names[0], names[1]), measure, contract, cells))
    return found


def _gap(ours: Mapping[int, float], theirs: Mapping[int, float], drawn: bool) -> tuple[float, Value]:
    """Give what two contracts differ by at a point, and half its interval, over the worlds that have both."""
    apart = {world: ours[world] - theirs[world] for world in sorted(ours.keys() & theirs.keys())}
    held = _answers(apart, drawn)
    return mean_of(held), within(estimate(held), None, None).half_width


def _numbered(
    path: Path, measures: Sequence[str], keys: Collection[str] | None, drawn: bool
) -> dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]:
    """Give, by measure, the axes and the mean over worlds at each point: values of axes, contract, mean."""
    with closing(read_only(path, keys)) as database:
        axes = _axes(columns_of(database))
    return {
        measure: (
            axes,
            [
                (*where, contract, mean_of(_answers(held, drawn)))
                for where, worlds in _points(path, measure, keys)
                for contract, held in worlds.items()
            ],
        )
        for measure in measures
    }


def _answers(worlds: Mapping[int, float], drawn: bool) -> list[float]:
    """Give what worlds, by number, answer."""
    return [value for value in answers(worlds.values(), drawn, worlds) if value is not None]


def _along(
    axis: str, measure: str, place: int, means: Sequence[tuple[Any, ...]], contracts: Sequence[str]
) -> Iterator[Along]:
    if not all(isinstance(row[place], int | float) for row in means):
        return
    for contract in contracts:
        held = sorted((float(row[place]), float(row[-1])) for row in means if row[-2] == contract)
        steps = tuple(_step(group) for group in _groups(held))
        if len(steps) > 1:
            yield Along(axis, measure, contract, steps)


def _groups(held: Sequence[tuple[float, float]]) -> list[Sequence[tuple[float, float]]]:
    values = sorted({x for x, _ in held})
    if len(values) <= MOST_STEPS:
        return [[each for each in held if each[0] == value] for value in values]
    cuts = [round(len(held) * at / MOST_STEPS) for at in range(MOST_STEPS + 1)]
    return [held[a:b] for a, b in pairwise(cuts) if b > a]


def _step(group: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in group], sorted(y for _, y in group)
    return _quantile(xs, 0.5), _quantile(ys, 0.1), _quantile(ys, 0.5), _quantile(ys, 0.9)


def means_of(path: Path, measure: str, keys: Collection[str] | None = None) -> dict[str, float]:
    """Give the mean of a measure by contract over all runs that ended well, each counted once."""
    query = (
        f"SELECT contract, {quoted(measure)} FROM runs WHERE status = 'ok' AND {quoted(measure)} IS NOT NULL"
    )
    held: dict[str, list[float]] = {}
    with closing(read_only(path, keys)) as database:
        for contract, value in database.execute(query):
            held.setdefault(contract, []).append(value)
    return {contract: mean_of(values) for contract, values in held.items()}


def spreads(
    path: Path,
    contracts: Sequence[str],
    measures: Sequence[str],
    asked: Mapping[str, float] = NONE_ASKED,
    keys: Collection[str] | None = None,
    drawn: bool = False,
) -> Iterator[PointSpread]:
    """Give, for every contract but the first and every measure, how the difference is spread over points.

    ``asked`` are the smallest differences that matter, by measure; else the measures' own defaults count. ``drawn``
    says that worlds draw what is unknown, so that a point is known by its draws.
    """
    for measure in measures:
        apart = {contract: _Apart(drawn) for contract in contracts[1:]}
        for _, worlds in _points(path, measure, keys):
            for contract, held in apart.items():
                held.add(worlds.get(contract, {}), worlds.get(contracts[0], {}))
        yield from (held.spread(contract, measure, asked) for contract, held in apart.items())


ValuesByWorld = Mapping[str, Mapping[int, float]]


def _points(
    path: Path, measure: str, keys: Collection[str] | None
) -> Iterator[tuple[tuple[Any, ...], ValuesByWorld]]:
    """Give the values of every point, and what was measured there by contract and world."""
    with closing(read_only(path, keys)) as database:
        axes = ", ".join(quoted(name) for name in _axes(columns_of(database)))
        query = (
            f"SELECT {axes}, contract, replication, {quoted(measure)} FROM runs WHERE status = 'ok' "
            f"AND {quoted(measure)} IS NOT NULL ORDER BY {axes}, contract, replication"
        )
        here: tuple[Any, ...] | None = None
        held: dict[str, dict[int, float]] = {}
        for *values, contract, replication, value in database.execute(query):
            if here is not None and tuple(values) != here:
                yield here, held
                held = {}
            here = tuple(values)
            held.setdefault(contract, {})[replication] = value
        if here is not None:
            yield here, held


@dataclass(slots=True)
class _Apart:
    """The differences of one contract from the baseline, a number a point."""

    drawn: bool = False
    gaps: list[float] = field(default_factory=list)
    bases: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    found: list[Estimate] = field(default_factory=list)

    def add(self, ours: Mapping[int, float], theirs: Mapping[int, float]) -> None:
        shared = sorted(theirs.keys() & ours.keys())
        if not shared:
            return
        apart = _answers({world: ours[world] - theirs[world] for world in shared}, self.drawn)
        base = _answers({world: theirs[world] for world in shared}, self.drawn)
        self.gaps.append(mean_of(apart))
        self.found.append(estimate(apart))
        self.bases.append(fsum(base) / len(base))
        self.errors += [deviation(apart) / sqrt(len(apart))] if len(apart) > 1 else []

    def spread(self, contract: str, measure: str, asked: Mapping[str, float]) -> PointSpread:
        gaps, bases, errors = self.gaps, self.bases, self.errors
        whole = fsum(bases)
        least = least_for(measure, asked, bases)
        stands = [standing(each, least) for each in self.found]
        return PointSpread(
            contract,
            measure,
            len(gaps),
            # Over points, all in the same worlds: how far points differ, whatever those worlds drew.
            estimate(gaps),
            fsum(gaps) / whole if whole else None,
            _share(stands, MORE),
            _share(stands, LESS),
            _share(stands, NO_MATTER),
            _share(stands, CANNOT_TELL),
            _quantiles(gaps),
            () if 0 in bases else _quantiles([gap / base for gap, base in zip(gaps, bases)]),
            fsum(errors) / len(errors) if errors else None,
        )


def _share(stands: Sequence[Direction], which: Direction) -> Value:
    return stands.count(which) / len(stands) if stands else None


def _quantiles(values: Sequence[float]) -> tuple[float, ...]:
    """Give quantiles by linear interpolation (Hyndman and Fan 1996, type 7)."""
    ordered = sorted(values)
    return tuple(_quantile(ordered, part) for part in QUANTILES) if ordered else ()


def _quantile(ordered: Sequence[float], part: float) -> float:
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def _axes(columns: Sequence[str]) -> tuple[str, ...]:
    from legalaid_sim.measures import REGISTRY

    return tuple(name for name in columns if name not in FIXED and name not in REGISTRY)
