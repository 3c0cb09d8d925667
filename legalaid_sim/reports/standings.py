"""The figure of which contract is best by what was asked, and how surely: a row a contract, the best first."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from legalaid_sim.experiments.shared.contrasts import Contrast, contrasts_of
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports import charts
from legalaid_sim.reports.charts import IntervalRow
from legalaid_sim.reports.figure import Figure, FigureTable, Panel
from legalaid_sim.reports.finding import label_of, leading, listed, upper
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.numbers import range_shown, shown, spread_shown
from legalaid_sim.units import counted

FEWEST, ALPHA = 3, 0.05
BEST, MAY_BE, BEATEN = "best", "may be best", "beaten"
NOTE = (
    "Best first. Beaten: on the same worlds another contract is better, adjusted over all pairs of contracts (Holm for "
    "each, Bonferroni over them), so that the best is called beaten in at most 5 of 100 such panels. Strokes are 95 % "
    "intervals of each mean alone."
)


class Standing(NamedTuple):
    """How a contract stands by one measure: in how many worlds it was the best, and who beats it."""

    regime: str
    won: int
    said: str
    by: str | None = None


class Standings(NamedTuple):
    """All contracts by one measure, the best first, over the worlds in which all have it."""

    measure: str
    worlds: int
    rows: tuple[Standing, ...]


def standings(material: Material) -> Figure | None:
    """Draw who is best by each measure asked that has a better side; None under fewer than three contracts."""
    if len(material.ordered) < FEWEST:
        return None
    held = [each for name in _asked(material) if (each := standing(material, name)).worlds > 1]
    if not held:
        return None
    return Figure(
        "best", "Which is best, and how surely", _said(material, held[0]),
        [_panel(material, each) for each in held],
        FigureTable(
            "Contracts by what was asked, the best first",
            ["measure", "contract", "mean", "best in", "stands"],
            [_row(material, each, row) for each in held for row in each.rows],
        ),
        [
            ("measure", "contract", "mean", "best_in_worlds", "worlds", "stands", "beaten_by"),
            *((e.measure, r.regime, material.means[r.regime][e.measure].mean, r.won, e.worlds, r.said, r.by)
              for e in held for r in e.rows),
        ],
        [each.measure for each in held],
        " ".join([NOTE, *_screened(material)]),
    )  # fmt: skip


def standing(material: Material, name: str) -> Standings:
    """Set all contracts in order by one measure; who is beaten is told of the paired differences between all."""
    columns = [[values.get(name) for values in material.series[regime]] for regime in material.ordered]
    whole = [[float(v) for v in row if v is not None] for row in zip(*columns) if None not in row]
    sign = 1.0 if REGISTRY[name].better == "higher" else -1.0
    tops = [max(sign * value for value in row) for row in whole]
    won = [
        [sign * row[at] == top for row, top in zip(whole, tops)].count(True)
        for at, _ in enumerate(material.ordered)
    ]
    by = {regime: _beats(material, name, regime, sign) for regime in material.ordered}
    alone = list(by.values()).count(None) == 1
    rows = [
        Standing(regime, count, BEATEN if by[regime] else BEST if alone else MAY_BE, by[regime])
        for regime, count in zip(material.ordered, won)
    ]
    rows.sort(key=lambda row: -sign * (material.means[row.regime][name].mean or 0.0))
    return Standings(name, len(whole), tuple(rows))


def _beats(material: Material, name: str, regime: str, sign: float) -> str | None:
    """Name the contract that is most better than another on the same worlds, None where none is."""
    found = contrasts_of(material.series, {}, regime, (name,), drawn=material.scenario.ignorance)
    better = [each for each in found if _is_better(each, sign, len(material.ordered))]
    return leading(better).contract if better else None


def _is_better(contrast: Contrast, sign: float, contracts: int) -> bool:
    p, gap = contrast.p_value, contrast.paired.difference.mean
    return p is not None and gap is not None and sign * gap > 0 and p * contracts <= ALPHA


def _asked(material: Material) -> Iterator[str]:
    yield from (name for name in material.asked if REGISTRY[name].better != "neither")


def _panel(material: Material, each: Standings) -> Panel:
    unit, rows = REGISTRY[each.measure].unit, []
    for row in each.rows:
        mean = material.means[row.regime][each.measure]
        words = f"{spread_shown(mean, unit)}, {row.said}"
        tone = {BEST: "better", BEATEN: "untold"}.get(row.said, "")
        rows.append(
            IntervalRow(material.called[row.regime], mean.mean or 0.0, mean.low, mean.high, words, tone)
        )
    spoken = "; ".join(f"{row.label} {row.words}" for row in rows)
    label = upper(label_of(each.measure))
    return Panel(
        f"{label}: {_won(material, each)}", charts.levels(rows), f"{label}, the best first: {spoken}"
    )


def _won(material: Material, each: Standings) -> str:
    most = max(each.rows, key=lambda row: row.won)
    return f"{material.called[most.regime]} best in {most.won} of {counted(each.worlds, 'world')}"


def _said(material: Material, each: Standings) -> str:
    """Say who is best by the first measure, in at most twenty words."""
    label = f"“{label_of(each.measure)}”"
    left = [material.called[row.regime] for row in each.rows if row.by is None]
    if len(left) == 1:
        return f"By {label}, {left[0]} is the best, 95 % sure."
    if len(left) == len(each.rows):
        return f"By {label}, every contract may still be the best in {counted(each.worlds, 'world')}."
    named = listed(left) if len(left) == FEWEST - 1 else counted(len(left), "contract")
    return f"By {label}, {named} may be the best; the others are beaten."


def _row(material: Material, each: Standings, row: Standing) -> list[str]:
    found, unit = material.means[row.regime][each.measure], REGISTRY[each.measure].unit
    ends = f" ({range_shown(found, unit)})" if found.low is not None else ""
    return [
        label_of(each.measure), material.called[row.regime], f"{shown(found.mean, unit, found.half_width)}{ends}",
        f"{row.won} of {counted(each.worlds, 'world')}",
        f"{row.said} by {material.called[row.by]}" if row.by else row.said,
    ]  # fmt: skip


def _screened(material: Material) -> Sequence[str]:
    """Say what the screening found that a comparison was asked for by --best."""
    own: Mapping[str, object] = material.compared.get("best") or {}
    if not own:
        return []
    chosen = own["chosen"]
    found = f"chose {material.called[str(chosen)]}" if chosen else "left more than one"
    return [
        f"--best asked by “{label_of(str(own['measure']))}” from world to world, differences under "
        f"{own['indifference']:g} aside: it {found}."
    ]
