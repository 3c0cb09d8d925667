"""Figures of the first world, from its log: clauses, continuity by need, waiting, gains and losses."""

from collections.abc import Mapping, Sequence
from math import fsum
from typing import Any

from legalaid_sim.experiments.compare.pairing import CLIENT_VALUES, GroupGain
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.words import RED
from legalaid_sim.reports import charts
from legalaid_sim.reports.charts import Bar, Both, CurveLine
from legalaid_sim.reports.comparison import GROUPS
from legalaid_sim.reports.figure import Figure, FigureTable, Panel
from legalaid_sim.reports.figures import level_panels, said
from legalaid_sim.reports.finding import plain
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.numbers import number, spread
from legalaid_sim.results.summary import ClauseRow
from legalaid_sim.units import MINUTES_PER_HOUR, MONTHS_PER_YEAR, counted

ONE_WORLD = "From the log of the first world, which shows one possible course of events and has no interval."
MOST_CLAUSES = 8
DAYS = 60
WAITS = ("access.days_to_first_contact", "access.days_to_first_contact_p90")


def clauses(material: Material) -> Figure | None:
    """Draw which clause of which contract costs how many hours a year, whose, and whether anybody pays."""
    held = material.clauses
    if not held:
        return None
    years = material.scenario.period.months / MONTHS_PER_YEAR
    worlds = max([row.worlds for rows in held.values() for row in rows], default=1)
    most = max([_most(row) for rows in held.values() for row in rows], default=0.0) / MINUTES_PER_HOUR / years
    drawn = {name: [_clause_bar(row, years) for row in rows[:MOST_CLAUSES]] for name, rows in held.items()}
    panels = [
        Panel(
            material.called[name],
            charts.bars(rows, most, "hours a year"),
            f"Admin by clause of {material.called[name]}: {'; '.join(f'{bar.label} {bar.words}' for bar in rows)}",
        )
        for name, rows in drawn.items()
        if rows
    ]
    where = f"mean of {counted(worlds, 'world')}" if worlds > 1 else "first world"
    return Figure(
        "clauses",
        "Which clause costs the admin",
        _costliest(held, years, material),
        panels,
        FigureTable(
            f"Admin by clause, {where}",
            ["clause", "contract", "times a year", "adviser hours", "staff hours", "paid for", "late"],
            [
                [
                    f"{plain(row.clause)}{', due from before the switch' if _from_before(row) else ''}",
                    material.called[name],
                    *_clause_cells(row, years),
                ]
                for name, rows in held.items()
                for row in rows
            ],
        ),
        [ClauseRow._fields, *(row for rows in held.values() for row in rows)],
        ["admin.contract_duty_share", "admin.unpaid_duty_minutes_per_matter", "admin.late_share"],
        f"{'Means of all worlds; dark lines are 95 % intervals of the whole.' if worlds > 1 else ONE_WORLD} Solid: "
        "advisers' hours; outlined: admin staff's. Hours are a year's.",
    )


def _most(row: ClauseRow) -> float:
    return max(row.minutes or 0.0, row.high or 0.0)


def _from_before(row: ClauseRow) -> bool:
    """Say whether a clause asked for nothing within the window, and only what it had asked for before was done."""
    return not row.falls and bool(row.minutes)


def _hours(minutes: float | None, years: float) -> float:
    return (minutes or 0.0) / MINUTES_PER_HOUR / years


def _clause_bar(row: ClauseRow, years: float) -> Bar:
    told = row.low is not None and row.high is not None
    return Bar(
        plain(row.clause).replace("_", " "),
        [_hours(minutes, years) for minutes in (row.adviser_minutes, row.staff_minutes)],
        f"{_whole(row, years)} h, {'paid' if row.paid else 'unpaid'}{', from before' if _from_before(row) else ''}",
        (_hours(row.low, years), _hours(row.high, years)) if told else None,
    )


def _whole(row: ClauseRow, years: float) -> str:
    return _spread_of(row.minutes, row.low, row.high, years)


def _spread_of(mean: float | None, low: float | None, high: float | None, years: float) -> str:
    """Show hours a year with half their interval."""
    ends = [None if end is None else _hours(end, years) for end in (low, high)]
    held = Estimate(_hours(mean, years), ends[0], ends[1], 2)
    return spread(held, "hours") if held.half_width else number(held.mean, "hours")


def _clause_cells(row: ClauseRow, years: float) -> list[str]:
    late = "–" if not row.done else f"{row.late / row.done:.0%}"
    hours = (
        _spread_of(row.adviser_minutes, row.adviser_low, row.adviser_high, years),
        _spread_of(row.staff_minutes, row.staff_low, row.staff_high, years),
    )
    return [number(row.falls / years, "times"), *hours, "yes" if row.paid else "no", late]


def _costliest(held: Mapping[str, Sequence[ClauseRow]], years: float, material: Material) -> str:
    tops = [(name, rows[0]) for name, rows in held.items() if rows]
    if not tops:
        return "No clause of any contract asked for admin."
    name, row = max(tops, key=lambda top: top[1].minutes or 0.0)
    total = fsum(_hours(each.minutes, years) for each in held[name])
    return (
        f"“{_words(row.clause)}” of {material.called[name]} takes {_whole(row, years)} of its {total:,.0f} hours a "
        f"year, {'paid' if row.paid else 'unpaid'}."
    )


def _words(clause: str) -> str:
    return " ".join(plain(clause, 40).replace("_", " ").split()[:5])


def waiting(material: Material) -> Figure | None:
    """Draw how many clients are seen within how many days of the calendar, the day of asking being day 0."""
    if not material.logged:
        return None
    folds = {name: folded for name, log in material.logs.items() if (folded := Folded(log)).cohort}
    seen = {name: [_seen_by(folded, day) for day in range(DAYS + 1)] for name, folded in folds.items()}
    if not seen:
        return None
    series = [CurveLine(material.called[name], list(enumerate(values))) for name, values in seen.items()]
    chart = charts.lines(series, "days after the day of asking", charts.percent, low=0.0, high=1.0, step=True)
    shown = (0, 1, 7, 14, 30, DAYS)
    table = [
        [material.called[name], *(f"{values[day]:.0%}" for day in shown), f"{_never(folds[name]):.0%}"]
        for name, values in seen.items()
    ]
    return Figure(
        "waiting",
        "How long people wait",
        said(material, "access.days_to_first_contact"),
        [Panel("Share of clients seen", chart, _waits(material, seen)), *level_panels(material, WAITS)],
        FigureTable(
            "Clients seen within so many days, first world",
            ["contract", "same day", "by the next day", *(f"{day} days" for day in shown[2:]), "never"],
            table,
        ),
        [
            ["contract", "days", "share_seen"],
            *([name, day, value] for name, values in seen.items() for day, value in enumerate(values)),
        ],
        list(WAITS),
        f"The lines: {ONE_WORLD[0].lower()}{ONE_WORLD[1:]} Whoever is seen before midnight is seen on the same day. "
        "All else speaks of all worlds.",
    )


def _waits(material: Material, seen: Mapping[str, Sequence[float]]) -> str:
    held = "; ".join(f"{material.called[name]} {values[0]:.0%} on the day, {values[7]:.0%} within a week"
                     for name, values in seen.items())  # fmt: skip
    return f"Share of clients seen within so many days: {held}"


def _seen_by(folded: Folded, day: int) -> float:
    seen = [midnights <= day for midnights in folded.midnights_to_first_contact.values()]
    return seen.count(True) / len(folded.cohort)


def _never(folded: Folded) -> float:
    return 1 - len(folded.seen) / len(folded.cohort)


def gainers(material: Material) -> Figure | None:
    """Draw who gains and who loses: the same clients under the first contract and under another."""
    if not material.gains or not material.others:
        return None
    held = {name: _picked(rows) for name, rows in material.gains.items()}
    shares = [
        share
        for rows in held.values()
        for gain in rows
        for share in (gain.gained.mean, gain.lost.mean, gain.gained.high, gain.lost.high)
        if share is not None
    ]
    limit = max(shares, default=0.0)
    limit = limit if limit > 0 else 0.1

    panels = [
        Panel(
            material.called[name],
            charts.diverging(
                [_gain_row(gain) for gain in rows], limit, "lost · share of the same clients · gained"
            ),
            f"Who gains and who loses by {material.called[name]}: "
            + "; ".join(
                f"{both.label}, {both.words[0]} gained, {both.words[1]} lost" for both in map(_gain_row, rows)
            ),
        )
        for name, rows in held.items()
    ]
    worlds = "over all worlds" if material.compared else "in the first world"
    return Figure(
        "gainers",
        "Who gains and who loses",
        _balance(held, material),
        [*panels, *([] if material.compared else level_panels(material, LEVELS))],
        FigureTable(
            f"The same clients under {material.called[material.baseline]} and under another contract, {worlds}",
            ["gain and group", "contract", "clients", "gained", "lost"],
            _gain_table(material),
        ),
        _gain_data(material),
        [] if material.compared else list(LEVELS),
        "Solid to the right: gained; outlined to the left: lost; the rest of the clients had neither. "
        f"'Vulnerable' is the fifth with the highest vulnerability ({RED}). "
        + f"Gained is: {'; '.join(value.rule for value in CLIENT_VALUES)}; lost is the opposite. "
        + (ALL_WORLDS if material.compared else f"Gains: {ONE_WORLD[0].lower()}{ONE_WORLD[1:]} {BESIDE}"),
    )


def _gain_table(material: Material) -> list[list[str]]:
    rules = {value.name: value.rule for value in CLIENT_VALUES}
    labels = {(grouping, group): words for grouping, group, words in GROUPS}
    return [
        [
            f"{rules[gain.value]}: {labels[gain[1:3]]}",
            material.called[name],
            f"{gain.clients:,.0f}",
            _percent(gain.gained),
            _percent(gain.lost),
        ]
        for name, rows in material.gains.items()
        for gain in rows
        if gain[1:3] in labels
    ]


def _gain_data(material: Material) -> list[list[Any]]:
    heads = "contract gain grouping group clients gained gained_low gained_high lost lost_low lost_high"
    return [
        heads.split(),
        *(
            [n, g.value, g.grouping, g.group, g.clients, *g.gained[:3], *g.lost[:3]]
            for n, rows in material.gains.items()
            for g in rows
        ),
    ]


def _picked(rows: Sequence[GroupGain]) -> list[GroupGain]:
    return [gain for gain in rows if gain[1:3] in (("everyone", 0), ("vulnerability", 5))]


# What gains and losses of a plain run, of its first world, are to be read beside.
LEVELS = (
    "outcomes.resolved_share", "access.days_to_first_contact", "continuity.coc",
    "continuity.retelling_minutes_per_matter",
)  # fmt: skip
ALL_WORLDS = "Means over all worlds; dark lines are 95 % intervals."
BESIDE = "The same of all clients in all worlds stands beside them, with its interval; compare counts gains over all."
NAMES = {
    "problems_resolved": "resolved",
    "days_to_first_contact": "seen sooner",
    "coc": "same adviser",
    "retelling_minutes": "less retelling",
}


def _gain_row(gain: GroupGain) -> Both:
    gained, lost = gain.gained.mean or 0.0, gain.lost.mean or 0.0
    who = "all" if gain.grouping == "everyone" else "vulnerable (red)"
    both = [(found.low, found.high) for found in (gain.gained, gain.lost)]
    ends = [(max(low, 0.0), high) for low, high in both if low is not None and high is not None]
    told = (ends[0], ends[1]) if len(ends) == 2 else None
    return Both(f"{NAMES[gain.value]}: {who}", gained, lost, (f"{gained:.0%}", f"{lost:.0%}"), told)


def _percent(found: "object") -> str:
    mean, low, high = found[:3]  # type: ignore[index]
    if mean is None:
        return "–"
    return f"{mean:.1%}" if low is None else f"{mean:.1%} ({low:.1%} to {high:.1%})"


def _balance(held: Mapping[str, Sequence[GroupGain]], material: Material) -> str:
    told = [
        (name, gain)
        for name, rows in held.items()
        for gain in rows
        if gain.value == "problems_resolved" and gain.grouping == "everyone" and gain.gained.mean is not None
    ]
    if not told:
        return "No client can be compared."
    name, gain = max(told, key=lambda each: abs((each[1].gained.mean or 0.0) - (each[1].lost.mean or 0.0)))
    under = f"{'Under' if material.compared else 'In the first world, under'} {material.called[name]}"
    return (
        f"{under}, {gain.gained.mean or 0.0:.1%} of the same clients have more problems "
        f"resolved, {gain.lost.mean or 0.0:.1%} fewer."
    )
