"""Values with intervals as rows and charts, for the pages of studies."""

from collections.abc import Mapping, Sequence
from typing import Any

from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports import charts
from legalaid_sim.reports.finding import label_of

Data = Mapping[str, Any]


def dot(label: str, found: Data) -> dict[str, Any]:
    """Give a row of a chart of dots: a value with its interval, or alone where it has none."""
    mean, low, high = three(found)
    ends = (mean if low is None else low, mean if high is None else high)
    return {"label": label, "series": "change", "mean": mean, "low": ends[0], "high": ends[1]}


def three(found: Data) -> tuple[Any, Any, Any]:
    """Give mean, low and high."""
    return found["mean"], found["low"], found["high"]


def dotted(rows: Sequence[Data], name: str, mark: str) -> str:
    """Draw rows of changes in a measure of this name; ``mark`` tells charts of a page apart."""
    chart = charts.dots(rows, ["change"], REGISTRY[name].unit, shares=False)
    return charts.draw(chart, label_of(name), mark)
