"""Values with intervals as rows and charts, for the pages of studies."""

from collections.abc import Mapping, Sequence
from typing import Any

from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports import charts
from legalaid_sim.reports.charts import IntervalRow
from legalaid_sim.reports.draw import Drawing
from legalaid_sim.reports.finding import plain
from legalaid_sim.reports.numbers import between, shown, signed
from legalaid_sim.reports.tall import Swing

Data = Mapping[str, Any]
ERRORS = 2  # standard errors to each side of nothing that chance is taken to reach


def dot(label: str, found: Data, clear: bool = True) -> dict[str, Any]:
    """Give a row of a chart: a value with its interval, or alone where it has none; grey where not ``clear``."""
    mean, low, high = three(found)
    return {"label": label, "mean": mean, "low": low, "high": high, "clear": clear}


def summand(label: str, found: Data, unit: str) -> IntervalRow:
    """Give a row of a waterfall."""
    return _row(dot(label, found), unit)


def swing(label: str, effect: Data, unit: str) -> Swing:
    """Give a row of a tornado: what a parameter does, and what the worlds of one step alone may do."""
    noise = None if effect["noise"] is None else ERRORS * float(effect["noise"])
    return Swing(_row(dot(label, effect["mean"], effect["clear"]), unit), noise)


def three(found: Data) -> tuple[Any, Any, Any]:
    """Give mean, low and high."""
    return found["mean"], found["low"], found["high"]


def dotted(rows: Sequence[Data], name: str) -> Drawing:
    """Draw changes in a measure about 0, each with its value and range in words."""
    unit = REGISTRY[name].unit
    return charts.levels([_row(row, unit) for row in rows if row["mean"] is not None], mark=0.0)


def _row(row: Data, unit: str) -> IntervalRow:
    found = Estimate(row["mean"], row["low"], row["high"], 2)
    ends = f" ({between(found, unit, sign=True)})" if found.low is not None else ""
    words = f"{shown(found.mean, unit, found.half_width, sign=True).removesuffix(' points')}{ends}"
    return IntervalRow(
        row["label"], found.mean or 0.0, found.low, found.high, words, "" if row["clear"] else "untold"
    )


def called(data: Data, name: str) -> str:
    """Give what a page calls a contract: its short title where the page knows it."""
    return str(data.get("called", {}).get(name) or plain(name))


def change_cells(found: Data, unit: str) -> list[str]:
    """Give the cells of a change: its mean, and its interval."""
    change = Estimate(**found)
    return [signed(change.mean, unit, change.half_width), between(change, unit, sign=True)]


def heard(heading: str, rows: Sequence[IntervalRow]) -> str:
    """Say a chart aloud: its heading, and every row with its words."""
    return f"{heading}: {'; '.join(f'{row.label} {row.words}' for row in rows)}"
