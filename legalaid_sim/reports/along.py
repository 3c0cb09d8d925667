"""The figure of a sweep: measures along every thing that was varied."""

from collections.abc import Iterator, Sequence

from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports import charts
from legalaid_sim.reports.charts import Line
from legalaid_sim.reports.dots import Data
from legalaid_sim.reports.draw import some
from legalaid_sim.reports.figure import Figure, Panel, Table
from legalaid_sim.reports.finding import label_of, plain, upper
from legalaid_sim.reports.numbers import shown

MOST_PANELS = 12


def along(data: Data) -> Iterator[Figure]:
    """Draw each measure along each axis of numbers, a line a contract in a band, all points of a value together."""
    held = data.get("along", [])
    if not held:
        return
    pairs = list(dict.fromkeys((each["measure"], each["axis"]) for each in held))
    yield Figure(
        "along",
        "What moves with what was varied",
        _farthest(held),
        [
            _panel([e for e in held if (e["measure"], e["axis"]) == pair], *pair)
            for pair in pairs[:MOST_PANELS]
        ],
        Table(
            "Median over points (and what one in ten lies below, and above), at each value or around it",
            ["axis, measure and contract", "from", "at its lowest", "to", "at its highest"],
            [_row(each) for each in held],
        ),
        [
            ("axis", "measure", "contract", "value", "tenth", "median", "ninetieth"),
            *((e["axis"], e["measure"], e["contract"], *step) for e in held for step in e["steps"]),
        ],
        list(dict.fromkeys(measure for measure, _ in pairs)),
        "Lines are medians over all points with that value, whatever else was varied; bands hold eight points in ten. "
        "The first line is the contract that the others are set against.",
    )


def _panel(held: Sequence[Data], measure: str, axis: str) -> Panel:
    unit = REGISTRY[measure].unit
    series = [
        Line(
            plain(each["contract"]),
            [(x, middle) for x, _, middle, _ in each["steps"]],
            [(x, low, high) for x, low, _, high in each["steps"]],
        )
        for each in held
    ]
    show = charts.percent if unit == "share" else charts.thousands if unit == "GBP" else charts.plainly
    heading = f"{label_of(measure)}, by {_words(axis)}"
    label = f"{heading}: {'; '.join(_ends(each) for each in held)}"
    return Panel(heading, charts.lines(series, _words(axis), show, tall=130), label)


def _words(axis: str) -> str:
    return plain(" ".join(axis.split(".")[-2:]), 44).replace("_", " ")


def _ends(each: Data) -> str:
    unit = REGISTRY[each["measure"]].unit
    first, last = each["steps"][0], each["steps"][-1]
    return f"{plain(each['contract'])} {shown(first[2], unit)} at {first[0]:g}, {shown(last[2], unit)} at {last[0]:g}"


def _row(each: Data) -> list[str]:
    unit = REGISTRY[each["measure"]].unit
    cells = []
    for x, low, middle, high in (each["steps"][0], each["steps"][-1]):
        cells += [f"{x:g}", f"{shown(middle, unit)} ({shown(low, unit)} to {shown(high, unit)})"]
    return [f"{_words(each['axis'])}, {label_of(each['measure'])}: {plain(each['contract'])}", *cells]


def _farthest(held: Sequence[Data]) -> str:
    """Say where a line goes farthest, as a share of where it begins."""

    def way(each: Data) -> float:
        first, last = float(each["steps"][0][2]), float(each["steps"][-1][2])
        return abs(last - first) / some(abs(first))

    far = max(held, key=way)
    unit, (first, *_, last) = REGISTRY[far["measure"]].unit, far["steps"]
    return (
        f"{upper(label_of(far['measure']))} goes from {shown(first[2], unit)} to {shown(last[2], unit)} as "
        f"{_words(far['axis'])} goes from {first[0]:g} to {last[0]:g}."
    )
