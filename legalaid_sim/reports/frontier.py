"""What the price of the same person looks like: a table for the terminal, a figure and a headline for the page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports import charts
from legalaid_sim.reports.charts import CurveLine
from legalaid_sim.reports.columns import wrapped
from legalaid_sim.reports.comparison import set_out
from legalaid_sim.reports.dots import Data, called
from legalaid_sim.reports.figure import Figure, FigureTable, Panel
from legalaid_sim.reports.finding import label_of, upper
from legalaid_sim.reports.numbers import number, range_shown, shown
from legalaid_sim.units import counted

CONTINUITY = "continuity.coc"
LEGEND = (
    "± half of a 95 % interval over worlds, which holds chance; in brackets from where to where it goes over worlds in "
    "which what nobody knows is drawn"
)
PERCENT = 100.0


def render_frontier(data: Data) -> str:
    """Show the curves: a table for each contract, a row a patience; then what a tenth of continuity costs."""
    parts = [
        f"{contract}{_money(data, contract)}\n{set_out(_table(data, contract))}"
        for contract in data["contracts"]
    ]
    return "\n\n".join([*parts, "\n".join(_said(data, each) for each in data["prices"]), wrapped(LEGEND)])


def render_plan(data: Mapping[str, Any], seconds: str) -> str:
    """Say what a study would do, and how long it may take."""
    days = ", ".join(f"{each:g}" for each in data["patience"])
    return (
        f"{counted(len(data['contracts']), 'contract')} at {days} days of patience: {counted(data['runs'], 'run')} "
        f"in {counted(data['worlds'], 'world')} and {data['draws']} with the unknown drawn; about {seconds}"
    )


def _table(data: Data, contract: str) -> list[list[str]]:
    head = ["patience, days", *(label_of(name) for name in data["measures"])]
    rows = [
        [f"{point['patience']:g}", *(_cell(name, point["measures"][name]) for name in data["measures"])]
        for point in data["points"]
        if point["contract"] == contract
    ]
    return [head, *rows]


def _cell(name: str, found: Data) -> str:
    unit = REGISTRY[name].unit
    mean = Estimate(*(found[key] for key in ("mean", "low", "high", "n")))
    said = number(mean.mean, unit, mean.half_width)
    if mean.half_width is not None:
        said += f" ± {number(mean.half_width, unit, mean.half_width)}"
    if found["unknown_low"] is not None:
        said += f" [{number(found['unknown_low'], unit)} to {number(found['unknown_high'], unit)}]"
    return said


def _money(data: Data, contract: str) -> str:
    factor = data["money"][contract]
    return "" if factor == 1.0 else f", its amounts times {factor:.4f}"


def _said(data: Data, price: Data) -> str:
    """Say what a tenth of continuity costs under a contract."""
    label, unit = label_of(price["measure"]), REGISTRY[price["measure"]].unit
    who = called(data, price["contract"])
    found = Estimate(*(price[key] for key in ("mean", "low", "high", "n")))
    if found.mean is None:
        return f"{who}: patience moves continuity too little for a price in {label}."
    words = f"{who}: a tenth more of continuity costs {shown(found.mean, unit, sign=True)} of {label}"
    if found.low is not None:
        words += f" (chance {range_shown(found, unit, sign=True)}"
        if price["unknown_low"] is not None:
            over = Estimate(found.mean, price["unknown_low"], price["unknown_high"], 2)
            words += f"; over what nobody knows {range_shown(over, unit, sign=True)}"
        words += ")"
    return f"{words}."


def frontier_lines(data: Data) -> list[str]:
    """Say the prices, a sentence each, for the head of the page."""
    return [upper(_said(data, each)) for each in data["prices"]]


def frontier(data: Data) -> Iterator[Figure]:
    """Draw continuity against each wait and the load, a panel each, a line a contract, a corner a patience."""
    costs = [name for name in data["measures"] if name != CONTINUITY and _is_told(data, name)]
    yield Figure(
        "frontier",
        "What it takes to keep seeing the same person",
        " ".join(frontier_lines(data)),
        [
            Panel(f"{label_of(CONTINUITY)} against {label_of(name)}", _drawn(data, name), _heard(data, name))
            for name in costs
        ],
        FigureTable(
            "Continuity, waits and load by the days for which the own adviser is waited for",
            ["contract and patience", *(label_of(name) for name in data["measures"])],
            [
                [
                    f"{called(data, point['contract'])}, {counted_days(point['patience'])}",
                    *(_cell(name, point["measures"][name]) for name in data["measures"]),
                ]
                for point in data["points"]
            ],
        ),
        rows_of(data),
        list(data["measures"]),
        f"Each line goes through {', '.join(f'{days:g}' for days in data['patience'])} days of patience, "
        f"from left to right as it grows in most panels. {upper(LEGEND)}.",
    )


def rows_of(data: Data) -> list[tuple[object, ...]]:
    """Give the points as rows of a CSV file, its head first."""
    keys = ("mean", "low", "high", "unknown_low", "unknown_high")
    return [
        ("contract", "patience_days", "measure", *keys),
        *(
            (point["contract"], point["patience"], name, *(found[key] for key in keys))
            for point in data["points"]
            for name, found in point["measures"].items()
        ),
    ]


def counted_days(days: float) -> str:
    """Say how many days."""
    return "1 day" if days == 1 else f"{days:g} days"


def _points(data: Data, contract: str, name: str) -> list[tuple[float, float]]:
    held = [
        (point["measures"][name]["mean"], point["measures"][CONTINUITY]["mean"])
        for point in data["points"]
        if point["contract"] == contract
    ]
    scale = PERCENT if REGISTRY[name].unit == "share" else 1.0
    return [(x * scale, y) for x, y in held if x is not None and y is not None]


def _is_told(data: Data, name: str) -> bool:
    return any(_points(data, contract, name) for contract in data["contracts"])


def _drawn(data: Data, name: str) -> Any:
    unit = REGISTRY[name].unit
    series = [CurveLine(called(data, each), _points(data, each, name)) for each in data["contracts"]]
    title = f"{label_of(name)}, {'%' if unit == 'share' else unit}"
    return charts.lines(series, title, charts.plainly, tall=110)


def _heard(data: Data, name: str) -> str:
    heading = f"{label_of(CONTINUITY)} against {label_of(name)}"
    return f"{heading}: {'; '.join(_line_heard(data, each, name) for each in data['contracts'])}"


def _line_heard(data: Data, contract: str, name: str) -> str:
    points: Sequence[tuple[float, float]] = _points(data, contract, name)
    if not points:
        return f"{called(data, contract)} not told"
    (x, y), (x2, y2) = points[0], points[-1]
    return f"{called(data, contract)} from {y:.2f} at {x:.3g} to {y2:.2f} at {x2:.3g}"
