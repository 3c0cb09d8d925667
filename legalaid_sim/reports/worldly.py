"""Figures of the first world, from its log: clauses, continuity by need, waiting, gains and losses."""

from collections.abc import Mapping, Sequence
from math import fsum

from legalaid_sim.experiments.compare.pairing import CLIENT_VALUES, Gain
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.folds import ClauseAdmin, admin_by_clause
from legalaid_sim.reports import charts
from legalaid_sim.reports.charts import Bar, Both, Line
from legalaid_sim.reports.comparison import GROUPS
from legalaid_sim.reports.figure import Figure, Panel, Table
from legalaid_sim.reports.figures import level_panels, said
from legalaid_sim.reports.finding import plain
from legalaid_sim.reports.material import Material
from legalaid_sim.units import MINUTES_PER_HOUR, MONTHS_PER_YEAR

ONE_WORLD = "From the log of the first world, which shows one possible course of events and has no interval."
MOST_CLAUSES = 8
DAYS = 60
WAITS = ("access.days_to_first_contact", "access.days_to_first_contact_p90")


def clauses(material: Material) -> Figure | None:
    """Draw which clause of which contract costs how many hours a year, whose, and whether anybody pays."""
    if not material.logged:
        return None
    years = material.scenario.period.months / MONTHS_PER_YEAR
    held = {name: list(admin_by_clause(log).values()) for name, log in material.logs.items()}
    most = max([_hours(row, years) for rows in held.values() for row in rows], default=0.0)
    panels = [
        Panel(
            material.called[name],
            charts.bars(_clause_rows(rows, years), most, "hours a year"),
            f"Admin by clause of {material.called[name]}: "
            + "; ".join(f"{bar.label} {bar.words}" for bar in _clause_rows(rows, years)),
        )
        for name, rows in held.items()
        if rows
    ]
    table = [
        [plain(row.clause), material.called[name], *_clause_cells(row, years)]
        for name, rows in held.items()
        for row in rows
    ]
    return Figure(
        "clauses",
        "Which clause costs the admin",
        _costliest(held, years, material),
        panels,
        Table(
            "Admin by clause, first world",
            ["clause", "contract", "times", "adviser hours a year", "staff hours a year", "paid for", "late"],
            table,
        ),
        [
            ["contract", "clause", "times", "adviser_minutes", "staff_minutes", "paid", "done", "late"],
            *(
                [n, r.clause, r.falls, r.adviser_minutes, r.staff_minutes, r.paid, r.done, r.late]
                for n, rows in held.items()
                for r in rows
            ),
        ],
        ["admin.contract_duty_share", "admin.unpaid_duty_minutes_per_matter", "admin.late_share"],
        f"{ONE_WORLD} Solid: advisers' hours; outlined: admin staff's.",
    )


def _hours(row: ClauseAdmin, years: float) -> float:
    return (row.adviser_minutes + row.staff_minutes) / MINUTES_PER_HOUR / years


def _clause_rows(rows: Sequence[ClauseAdmin], years: float) -> list[Bar]:
    return [
        Bar(
            plain(row.clause).replace("_", " "),
            [minutes / MINUTES_PER_HOUR / years for minutes in (row.adviser_minutes, row.staff_minutes)],
            f"{_hours(row, years):,.0f} h, {'paid' if row.paid else 'unpaid'}",
        )
        for row in rows[:MOST_CLAUSES]
    ]


def _clause_cells(row: ClauseAdmin, years: float) -> list[str]:
    hours = (minutes / MINUTES_PER_HOUR / years for minutes in (row.adviser_minutes, row.staff_minutes))
    late = "–" if row.late_share is None else f"{row.late_share:.0%}"
    return [f"{row.falls:,}", *(f"{value:,.1f}" for value in hours), "yes" if row.paid else "no", late]


def _costliest(held: Mapping[str, Sequence[ClauseAdmin]], years: float, material: Material) -> str:
    tops = [(name, rows[0]) for name, rows in held.items() if rows]
    if not tops:
        return "No clause of any contract asked for admin in the first world."
    name, row = max(tops, key=lambda top: _hours(top[1], years))
    total = fsum(_hours(each, years) for each in held[name])
    return (
        f"“{_words(row.clause)}” of {material.called[name]} takes {_hours(row, years):,.0f} of its "
        f"{total:,.0f} hours a year, {'paid' if row.paid else 'unpaid'}."
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
    series = [Line(material.called[name], list(enumerate(values))) for name, values in seen.items()]
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
        Table(
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
    rules = {value.name: value.rule for value in CLIENT_VALUES}
    held = {name: _picked(rows) for name, rows in material.gains.items()}
    shares = [
        share
        for rows in held.values()
        for gain in rows
        for share in (gain.gained.mean, gain.lost.mean)
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
    labels = {(grouping, group): words for grouping, group, words in GROUPS}
    table = [
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
    worlds = "over all worlds" if material.compared else "in the first world"
    return Figure(
        "gainers",
        "Who gains and who loses",
        _balance(held, material),
        panels,
        Table(
            f"The same clients under {material.called[material.baseline]} and under another contract, {worlds}",
            ["gain and group", "contract", "clients", "gained", "lost"],
            table,
        ),
        [
            [
                "contract",
                "gain",
                "grouping",
                "group",
                "clients",
                "gained",
                "gained_low",
                "gained_high",
                "lost",
                "lost_low",
                "lost_high",
            ],
            *(
                [n, g.value, g.grouping, g.group, g.clients, *g.gained[:3], *g.lost[:3]]
                for n, rows in material.gains.items()
                for g in rows
            ),
        ],
        [],
        "Solid to the right: gained; outlined to the left: lost; the rest of the clients had neither. "
        "'Most vulnerable' is the fifth with the highest vulnerability. "
        + f"Gained is: {'; '.join(value.rule for value in CLIENT_VALUES)}; lost is the opposite. "
        + ("Means over all worlds." if material.compared else ONE_WORLD),
    )


def _picked(rows: Sequence[Gain]) -> list[Gain]:
    return [gain for gain in rows if gain[1:3] in (("everyone", 0), ("vulnerability", 5))]


NAMES = {
    "problems_resolved": "resolved",
    "days_to_first_contact": "seen sooner",
    "coc": "same adviser",
    "retelling_minutes": "less retelling",
}


def _gain_row(gain: Gain) -> Both:
    gained, lost = gain.gained.mean or 0.0, gain.lost.mean or 0.0
    who = "all" if gain.grouping == "everyone" else "most vulnerable"
    return Both(f"{NAMES[gain.value]}: {who}", gained, lost, (f"{gained:.0%}", f"{lost:.0%}"))


def _percent(found: "object") -> str:
    mean, low, high = found[:3]  # type: ignore[index]
    if mean is None:
        return "–"
    return f"{mean:.1%}" if low is None else f"{mean:.1%} ({low:.1%} to {high:.1%})"


def _balance(held: Mapping[str, Sequence[Gain]], material: Material) -> str:
    told = [
        (name, gain)
        for name, rows in held.items()
        for gain in rows
        if gain.value == "problems_resolved" and gain.grouping == "everyone" and gain.gained.mean is not None
    ]
    if not told:
        return "No client can be compared."
    name, gain = max(told, key=lambda each: abs((each[1].gained.mean or 0.0) - (each[1].lost.mean or 0.0)))
    return (
        f"Under {material.called[name]}, {gain.gained.mean or 0.0:.1%} of the same clients have more problems "
        f"resolved, {gain.lost.mean or 0.0:.1%} fewer."
    )
