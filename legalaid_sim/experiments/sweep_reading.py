"""Read a sweep back: rows as plain data, differences between contracts point by point."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from math import fsum
from pathlib import Path
from typing import Any, NamedTuple

from legalaid_sim.experiments.statistics import Estimate, Value, estimate
from legalaid_sim.experiments.sweep_store import FIXED, columns_of, quoted, read_only

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


class Spread(NamedTuple):
    """How a difference is spread over the points of a sweep.

    ``total`` is the change of the sum over points as a share of the baseline's; ``below`` the share of points
    in which the contract has less. ``noise`` is the
    half-width that worlds leave to a point's difference, halved and averaged over points: what is not the
    points' own doing. ``relative`` are quantiles of the difference as a share of the baseline; empty where
    that is 0 somewhere.
    """

    contract: str
    measure: str
    points: int
    mean: Estimate
    total: Value
    below: Value
    quantiles: tuple[float, ...]
    relative: tuple[float, ...]
    noise: Value


def read_sweep(path: Path | str) -> list[dict[str, Any]]:
    """Give every run as one mapping of column to value, in the order of the axes: for pandas, polars, csv."""
    place = Path(path)
    database = place / "sweep.sqlite" if place.is_dir() else place
    with closing(read_only(database)) as open_database:
        names = columns_of(open_database)
        axes = _axes(names)
        order = ", ".join(quoted(name) for name in (*axes, "contract", "replication"))
        rows = open_database.execute(f"SELECT * FROM runs ORDER BY {order}")
        return [dict(zip(names, row)) for row in rows]


def means_of(path: Path, measure: str) -> dict[str, Estimate]:
    """Give the mean of a measure by contract over all runs that ended well."""
    query = f"SELECT contract, {quoted(measure)} FROM runs WHERE status = 'ok' ORDER BY key"
    held: dict[str, list[Value]] = {}
    with closing(read_only(path)) as database:
        for contract, value in database.execute(query):
            held.setdefault(contract, []).append(value)
    return {contract: estimate(values) for contract, values in held.items()}


def spreads(path: Path, contracts: Sequence[str], measures: Sequence[str]) -> Iterator[Spread]:
    """Give, for every contract but the first and every measure, how the difference is spread over points."""
    for measure in measures:
        points = list(_points(path, measure))
        for contract in contracts[1:]:
            yield _spread(contract, measure, points, contracts[0])


Worlds = Mapping[str, Mapping[int, float]]


def _points(path: Path, measure: str) -> Iterator[Worlds]:
    with closing(read_only(path)) as database:
        axes = ", ".join(quoted(name) for name in _axes(columns_of(database)))
        query = (
            f"SELECT {axes}, contract, replication, {quoted(measure)} FROM runs WHERE status = 'ok' "
            f"AND {quoted(measure)} IS NOT NULL ORDER BY {axes}, contract, replication"
        )
        here: tuple[Any, ...] | None = None
        held: dict[str, dict[int, float]] = {}
        for *values, contract, replication, value in database.execute(query):
            if here is not None and tuple(values) != here:
                yield held
                held = {}
            here = tuple(values)
            held.setdefault(contract, {})[replication] = value
        if held:
            yield held


def _spread(contract: str, measure: str, points: Sequence[Worlds], baseline: str) -> Spread:
    gaps, bases, relative, errors = list[float](), list[float](), list[float](), list[float]()
    for worlds in points:
        theirs, ours = worlds.get(baseline, {}), worlds.get(contract, {})
        shared = sorted(theirs.keys() & ours.keys())
        if not shared:
            continue
        apart = estimate(ours[world] - theirs[world] for world in shared)
        base = sum(theirs[world] for world in shared) / len(shared)
        gaps.append(apart.mean or 0.0)
        bases.append(base)
        relative += [(apart.mean or 0.0) / base] if base else []
        errors += [apart.half_width / 2] if apart.half_width is not None else []
    whole = len(relative) == len(gaps)
    return Spread(
        contract,
        measure,
        len(gaps),
        estimate(gaps),
        fsum(gaps) / fsum(bases) if fsum(bases) else None,
        sum(gap < 0 for gap in gaps) / len(gaps) if gaps else None,
        _quantiles(gaps),
        _quantiles(relative) if whole else (),
        sum(errors) / len(errors) if errors else None,
    )


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
