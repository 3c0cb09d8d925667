"""A comparison as data: one JSON object, and tables of differences and of clients who gained and lost."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from legalaid_sim.experiments.compare.comparison import ComparisonResult
from legalaid_sim.experiments.compare.equal_money import equal_as_data
from legalaid_sim.experiments.compare.pairing import CLIENT_VALUES, GroupGain
from legalaid_sim.experiments.shared.contrasts import Contrast, difference_as_data
from legalaid_sim.experiments.shared.doubt_files import doubts_as_data
from legalaid_sim.experiments.shared.lasting import prices_as_data
from legalaid_sim.experiments.shared.statistics import Estimate

JSON_VERSION = 2
DIFFERENCE_HEADER = (
    "contract", "measure", "unit", "baseline", "mean", "difference", "low", "high", "together_low",
    "together_high", "n", "p_adjusted", "verdict", "worlds_needed", "correlation", "variance_ratio",
    "mechanical", "family", "smallest_that_matters", "worlds", "pooled_of",
)  # fmt: skip
CLIENT_HEADER = (
    "contract", "value", "grouping", "group", "clients", "gained", "gained_low", "gained_high", "lost",
    "lost_low", "lost_high", "change", "change_low", "change_high",
)  # fmt: skip


def comparison_as_text(found: ComparisonResult, answer: Sequence[str] = ()) -> str:
    """Give the comparison as one JSON object, as docs/json.md describes it; ``answer`` are its sentences."""
    data = {**as_data(found), **({"answer": list(answer)} if answer else {})}
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_data(found: ComparisonResult) -> dict[str, Any]:
    """Give the comparison as plain data."""
    told = found.manifest
    return {
        "schema_version": JSON_VERSION,
        "kind": "compare",
        "scenario": told["scenario"]["name"],
        "seed": told["seed"],
        "replications": found.worlds,
        "digests": told["digests"],
        "results": str(found.folder),
        "baseline": found.baseline,
        "prices": prices_as_data(found.prices),
        "ignorance": doubts_as_data(found.doubts),
        "equal_money": None if found.equal is None else equal_as_data(found.equal),
        "contracts": {name: {"measures": _means(means)} for name, means in found.estimates.items()},
        "differences": [difference_as_data(contrast) for contrast in found.contrasts],
        "clients": {name: [_gain(gain) for gain in rows] for name, rows in found.gains.items()},
        "client_values": {value.name: value.rule for value in CLIENT_VALUES},
        "best": _best(found),
    }


def write_differences(path: Path, contrasts: Iterable[Contrast]) -> None:
    """Write one row a contract and measure."""
    _write(path, DIFFERENCE_HEADER, (_difference_row(contrast) for contrast in contrasts))


def write_clients(path: Path, gains: Mapping[str, Sequence[GroupGain]]) -> None:
    """Write one row a contract, value and group of clients; group 0 is everyone, 1 the lowest fifth."""
    rows = (
        (name, *gain[:4], *gain.gained[:3], *gain.lost[:3], *gain.change[:3])
        for name, held in gains.items()
        for gain in held
    )
    _write(path, CLIENT_HEADER, rows)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([repr(cell) if isinstance(cell, float) else cell for cell in row] for row in rows)


def _difference_row(contrast: Contrast) -> tuple[object, ...]:
    gap, together = contrast.paired.difference, contrast.together
    return (
        contrast.contract, contrast.measure, contrast.unit, contrast.baseline.mean, contrast.ours.mean,
        gap.mean, gap.low, gap.high, together.low, together.high, gap.n, contrast.p_value, contrast.verdict,
        contrast.needed, contrast.paired.correlation, contrast.paired.variance_ratio,
        contrast.mechanical.mean if contrast.mechanical else None,
        contrast.family, contrast.least, contrast.lived, gap.pooled_of,
    )  # fmt: skip


def _gain(gain: GroupGain) -> dict[str, Any]:
    return {
        "value": gain.value,
        "grouping": gain.grouping,
        "group": gain.group,
        "clients": gain.clients,
        "gained": gain.gained.as_data(),
        "lost": gain.lost.as_data(),
        "change": gain.change.as_data(),
    }


def _best(found: ComparisonResult) -> dict[str, Any] | None:
    if found.best is None:
        return None
    return {
        "measure": found.best_measure,
        "indifference": found.best.indifference,
        "chosen": found.best.chosen,
        "still_in": list(found.best.still_in),
        "out_after": dict(found.best.out_after),
        "worlds": found.best.worlds,
    }


def _means(means: Mapping[str, Estimate]) -> dict[str, Any]:
    return {name: found.as_data() for name, found in means.items()}
