"""Figures over time, in all worlds: money by month, and everything else by month since the switch."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from legalaid_sim.measures.monthly import CURVES
from legalaid_sim.reports import charts
from legalaid_sim.reports.charts import CurveLine
from legalaid_sim.reports.draw import Drawing
from legalaid_sim.reports.figure import Figure, FigureTable, Panel
from legalaid_sim.reports.finding import label_of, upper
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.numbers import shown
from legalaid_sim.results.summary import MonthRow
from legalaid_sim.units import MONTHS_PER_YEAR

MONEY = ("money.payer_spend", "money.reserves", "matters.open")
SINCE = (
    "continuity.known_adviser", "access.days_to_first_contact", "access.turned_away", "outcomes.resolved_share",
    "admin.share", "time.idle_share",
)  # fmt: skip
BANDS = "Lines are medians of all worlds, bands hold eight worlds in ten."
ALONE = (
    "Lines are medians of all worlds; where eight worlds in ten lie, and further curves, stand in the table."
)
COUNTED = (
    "The shaded months count; dotted lines end the years of the window. Months before the first were lived under what "
    "was held before."
)
SUMMED = "What is paid is summed from the switch on, on the days on which it is paid, the mean of all worlds."
# What flows is summed: read at single months, a payer who pays each quarter would pay all of it or nothing.
FLOWS = {
    "money.payer_spend": "Cash paid by the payer since the switch",
    "access.asked": "Askings since the switch, first and later ones",
}
MOST_BANDS, MOST_CURVES = 4, 3
DATA = ("curve", "contract", "month", "mean_of_the_sum", "tenth", "median", "ninetieth")
Held = Mapping[str, Sequence[MonthRow]]


def money(material: Material) -> Figure | None:
    """Draw what the payer has paid and what agencies have left, month by month."""
    return _figure(material, "money", "Money, month by month", MONEY, _lowest,
                   f"{SUMMED} Reserves below the line of 0 are debts: who has nothing cannot pay.")  # fmt: skip


def months(material: Material) -> Figure | None:
    """Draw how everything else runs, month by month since the first that counts."""
    return _figure(material, "months", "Month by month since the switch", SINCE, _settled, "")


def _figure(
    material: Material,
    key: str,
    title: str,
    names: Sequence[str],
    say: Callable[[Material, Mapping[str, Held]], str],
    note: str,
) -> Figure | None:
    meanings = {curve.name: curve.meaning for curve in CURVES} | FLOWS
    told = {name: _of_regimes(material, name) for name in names}
    held = {name: each for name, each in told.items() if each}
    if not held:
        return None
    crowd = len(material.ordered) > MOST_BANDS
    panels = [Panel(upper(meanings[name]), _drawn(material, rows), _told(material, name, rows))
              for name, rows in list(held.items())[: MOST_CURVES if crowd else None]]  # fmt: skip
    shown_months = _round_months(material)
    rows = [
        [
            f"{meanings[name]}{', mean' if name in FLOWS else ''}: {material.called[regime]}",
            *_cells(series, shown_months),
        ]
        for name, each in held.items()
        for regime, series in each.items()
    ]
    return Figure(
        key,
        title,
        say(material, held),
        panels,
        FigureTable("Median of all worlds (and what one in ten lies below, and above), by month",
              ["curve and contract", *(f"month {month}" for month in shown_months)], rows),
        [DATA, *(_data(row) for each in held.values() for series in each.values() for row in series)],
        [],
        f"{ALONE if crowd else BANDS} {COUNTED} {note}".strip(),
    )  # fmt: skip


def _of_regimes(material: Material, name: str) -> dict[str, Sequence[MonthRow]]:
    held = material.months.get(name, {})
    shape = so_far if name in FLOWS else list
    return {regime: shape(held[regime]) for regime in material.ordered if regime in held}


def so_far(rows: Sequence[MonthRow]) -> list[MonthRow]:
    """Sum the means of a flow from the switch on, 0 in the month before it.

    A mean of sums is the sum of means; medians and tenths cannot be summed, so there are none.
    """
    found, total = [], 0.0
    for row in sorted(rows, key=lambda each: each.month):
        if row.month >= 0:
            total += (row.mean or 0.0) if row.month else 0.0
            found.append(
                MonthRow(
                    *row[:3], total, None, None, row.n, row.unit, tenth=None, median=None, ninetieth=None
                )
            )
    return found


def _middle(row: MonthRow) -> float | None:
    return row.mean if row.curve in FLOWS else row.median


def _data(row: MonthRow) -> tuple[object, ...]:
    return (*row[:3], row.mean if row.curve in FLOWS else None, *row[-3:])


def _drawn(material: Material, held: Held) -> Drawing:
    months = material.scenario.period.months
    series = [
        CurveLine(
            material.called[name],
            [(row.month, _middle(row)) for row in rows],
            [(row.month, row.tenth, row.ninetieth) for row in rows
             if row.tenth is not None and row.ninetieth is not None and len(held) <= MOST_BANDS],
        )
        for name, rows in held.items()
    ]  # fmt: skip
    unit = next(row.unit for rows in held.values() for row in rows)
    ends = [0.5 + year for year in range(MONTHS_PER_YEAR, months, MONTHS_PER_YEAR)]
    shaded = (0.5, months + 0.5)
    return charts.lines(series, "month", _axis(unit), shaded=shaded, marks=ends, low=_least(held), tall=130)


def _least(held: Held) -> float | None:
    """Begin at 0 where nothing lies below it."""
    lows = [row.tenth for rows in held.values() for row in rows if row.tenth is not None]
    return 0.0 if min(lows, default=0.0) >= 0 else None


def _axis(unit: str) -> Callable[[float], str]:
    if unit == "share":
        return charts.percent
    return charts.thousands if unit == "GBP" else charts.plainly


def _told(material: Material, name: str, held: Held) -> str:
    """Say a panel aloud: where each contract stands at the end of the window."""
    last = material.scenario.period.months
    ends = [(regime, row) for regime, rows in held.items() for row in rows if row.month == last]
    said = "; ".join(f"{material.called[regime]} {shown(_middle(row), row.unit)}" for regime, row in ends)
    return f"{FLOWS.get(name, name.partition('.')[2].replace('_', ' '))} by month; in month {last}: {said}"


def _round_months(material: Material) -> list[int]:
    """Give the months that a table shows: the one before the switch, every third that counts, and the last."""
    last = material.scenario.period.months
    return [0, *range(3, last, 3), last]


def _cells(rows: Sequence[MonthRow], wanted: Sequence[int]) -> Iterator[str]:
    held = {row.month: row for row in rows}
    for month in wanted:
        row = held.get(month)
        if row is None or (middle := _middle(row)) is None:
            yield "–"
        elif row.curve in FLOWS:
            yield shown(middle, row.unit)
        else:
            ends = " to ".join(shown(value, row.unit) for value in (row.tenth, row.ninetieth))
            yield f"{shown(middle, row.unit)} ({ends})"


def _lowest(material: Material, held: Mapping[str, Held]) -> str:
    rows = [
        row for series in held.get("money.reserves", {}).values() for row in series if row.median is not None
    ]
    counted = [row for row in rows if 1 <= row.month <= material.scenario.period.months]
    if not counted:
        return "Nothing is known of reserves."
    low = min(counted, key=lambda row: row.median or 0.0)
    return (
        f"Reserves fall lowest under {material.called[low.regime]}, to {shown(low.median, 'GBP')} "
        f"in month {low.month}, the median of all worlds."
    )


def _settled(material: Material, held: Mapping[str, Held]) -> str:
    """Say how the first curve stands at the end of the window under the first contract and the farthest other."""
    last = material.scenario.period.months
    for name, each in held.items():
        ends = {regime: row for regime, rows in each.items() for row in rows if row.month == last}
        first = ends.get(material.baseline)
        others = [
            row for regime, row in ends.items() if regime != material.baseline and row.median is not None
        ]
        if first is None or first.median is None:
            continue
        label = upper(label_of(name))
        base = f"{shown(first.median, first.unit)} under {material.called[first.regime]}"
        if not others:
            return f"{label}, month {last}: {base}."
        far = max(others, key=lambda row: abs((row.median or 0.0) - (first.median or 0.0)))
        return f"{label}, month {last}: {shown(far.median, far.unit)} under {material.called[far.regime]}, {base}."
    return "Nothing is known by month."
