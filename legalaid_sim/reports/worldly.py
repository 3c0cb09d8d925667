"""Figures of the first world, from its log: clauses, continuity by need, waiting, money, gains and losses."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import fsum

from legalaid_sim.experiments.pairing import CLIENT_VALUES, Gain, Life
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.folds import ClauseAdmin, MonthMoney, admin_by_clause, money_by_month
from legalaid_sim.measures.statistics import quantile
from legalaid_sim.reports import charts
from legalaid_sim.reports.comparison import GROUPS
from legalaid_sim.reports.figure import Figure, Panel, Table
from legalaid_sim.reports.figures import known, said
from legalaid_sim.reports.finding import plain
from legalaid_sim.reports.material import Material
from legalaid_sim.units import MINUTES_PER_HOUR, MONTHS_PER_YEAR, add_up, counted

ONE_WORLD = "From the log of the first world, which shows one possible course of events and has no interval."
MOST_CLAUSES = 8
WHO = ("advisers", "admin staff")
BINS = ("0", "to ¼", "to ½", "to ¾", "below 1", "1")
NEEDS = ("need below the median", "need at or above it")
DAYS = 60
BOOKS = ("reserves", "earned, not yet paid")


def clauses(material: Material) -> Figure | None:
    """Draw which clause of which contract costs how many hours a year, whose, and whether anybody pays."""
    if not material.logged:
        return None
    years = material.scenario.period.months / MONTHS_PER_YEAR
    held = {name: list(admin_by_clause(log).values()) for name, log in material.logs.items()}
    most = max([_hours(row, years) for rows in held.values() for row in rows], default=0.0)
    panels = [
        Panel(
            plain(name),
            charts.draw(
                charts.bars(_clause_rows(rows, years), WHO, "hours a year", most),
                f"Admin by clause of {plain(name)}",
                f"c{place}",
            ),
        )
        for place, (name, rows) in enumerate(held.items())
        if rows
    ]
    table = [
        [plain(row.clause), plain(name), *_clause_cells(row, years)]
        for name, rows in held.items()
        for row in rows
    ]
    return Figure(
        "clauses",
        "Which clause costs the admin",
        _costliest(held, years),
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


def _clause_rows(rows: Sequence[ClauseAdmin], years: float) -> list[Mapping[str, object]]:
    drawn: list[Mapping[str, object]] = []
    for row in rows[:MOST_CLAUSES]:
        label, total = plain(row.clause, 24), _hours(row, years)
        pay = "paid" if row.paid else "unpaid"
        for place, (kind, minutes) in enumerate(zip(WHO, (row.adviser_minutes, row.staff_minutes))):
            value = minutes / MINUTES_PER_HOUR / years
            last = {"total": total, "word": f"{total:,.0f} h, {pay}"} if place else {}
            drawn.append({"label": label, "kind": kind, "value": value, "place": place, **last})
    return drawn


def _clause_cells(row: ClauseAdmin, years: float) -> list[str]:
    hours = (minutes / MINUTES_PER_HOUR / years for minutes in (row.adviser_minutes, row.staff_minutes))
    late = "–" if row.late_share is None else f"{row.late_share:.0%}"
    return [f"{row.falls:,}", *(f"{value:,.1f}" for value in hours), "yes" if row.paid else "no", late]


def _costliest(held: Mapping[str, Sequence[ClauseAdmin]], years: float) -> str:
    tops = [(name, rows[0], fsum(_hours(row, years) for row in rows)) for name, rows in held.items() if rows]
    if not tops:
        return "No clause of any contract asked for admin in the first world."
    name, row, _ = max(tops, key=lambda top: _hours(top[1], years))
    totals = "; ".join(f"{plain(n)} {total:,.0f}" for n, _, total in tops)
    return (
        f"In the first world the costliest clause is '{plain(row.clause)}' of {plain(name)}, with "
        f"{_hours(row, years):,.0f} "
        f"hours a year, {'paid for' if row.paid else 'for which nobody pays'}; all clauses together, hours "
        f"a year: {totals}."
    )


def continuity(material: Material) -> Figure | None:
    """Draw how COC is spread over clients, by relational need."""
    if not material.logged:
        return None
    spread = {name: _by_need(lives) for name, lives in material.lives.items()}
    shares = {
        name: [[_share(count, bin_) for bin_ in range(len(BINS))] for count in both]
        for name, both in spread.items()
    }
    top = max([value for both in shares.values() for half in both for value in half], default=1.0)
    panels = [
        Panel(
            plain(name),
            charts.draw(
                charts.columns(_bin_rows(both), NEEDS, "COC of a client", "share of clients", top),
                f"Continuity of clients under {plain(name)}, by relational need", f"k{place}",
            ),
        )
        for place, (name, both) in enumerate(shares.items())
    ]  # fmt: skip
    rows = [
        [f"{plain(name)}, {need}", *(f"{value:.0%}" for value in half), str(add_up(count.values()))]
        for name, both in shares.items()
        for need, half, count in zip(NEEDS, both, spread[name])
    ]
    return Figure(
        "continuity",
        "Whether people see the same adviser",
        said(material, "continuity.coc"),
        panels,
        Table("Clients by COC, first world", ["contract and need", *BINS, "clients"], rows),
        [
            ["contract", "need", "coc", "clients"],
            *(
                [n, need, BINS[b], count[b]]
                for n, both in spread.items()
                for need, count in zip(NEEDS, both)
                for b in range(len(BINS))
            ),
        ],
        [
            "continuity.coc",
            "continuity.secon",
            "continuity.coc_low_need",
            "continuity.coc_high_need",
            "continuity.excluded_share",
        ],
        f"The sentence speaks of all worlds. The columns: {ONE_WORLD[0].lower()}{ONE_WORLD[1:]} Clients "
        "with two contacts or more; "
        "the share of clients seen once is below, under 'clients seen only once'.",
    )


def _by_need(lives: Mapping[str, Life]) -> tuple[Counter[int], Counter[int]]:
    middle = quantile([life.relational_need for life in lives.values()], 0.5) or 0.0
    halves: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
    for life in lives.values():
        if life.coc is not None:
            halves[life.relational_need >= middle][_bin(life.coc)] += 1
    return halves


def _bin(coc: float) -> int:
    """Place a COC: none, four quarters, all.

    >>> [_bin(value) for value in (0.0, 0.2, 0.25, 0.5, 0.9, 1.0)]
    [0, 1, 1, 2, 4, 5]
    """
    if coc in (0.0, 1.0):
        return 0 if coc == 0 else len(BINS) - 1
    return 1 + next(place for place, edge in enumerate((0.25, 0.5, 0.75, 1.0)) if coc <= edge)


def _share(count: Counter[int], bin_: int) -> float:
    return count[bin_] / add_up(count.values()) if count else 0.0


def _bin_rows(both: Sequence[Sequence[float]]) -> list[Mapping[str, object]]:
    return [
        {"bin": BINS[place], "kind": need, "value": half[place]}
        for need, half in zip(NEEDS, both)
        for place in range(len(BINS))
    ]


def waiting(material: Material) -> Figure | None:
    """Draw how many clients are seen within how many days of the calendar, the day of asking being day 0."""
    if not material.logged:
        return None
    called = known(material)
    folds = {name: folded for name, log in material.logs.items() if (folded := Folded(log)).cohort}
    seen = {name: [_seen_by(folded, day) for day in range(DAYS + 1)] for name, folded in folds.items()}
    if not seen:
        return None
    rows = [
        {"x": day, "y": value, "series": called[name]}
        for name, values in seen.items()
        for day, value in enumerate(values)
    ]
    chart = charts.lines(
        rows,
        [called[name] for name in seen],
        "days after the day of asking",
        "share of clients seen",
        percent=True,
        step=True,
        low=0.0,
        high=1.0,
    )
    shown = (0, 1, 7, 14, 30, DAYS)
    table = [
        [plain(name), *(f"{values[day]:.0%}" for day in shown), f"{_never(folds[name]):.0%}"]
        for name, values in seen.items()
    ]
    return Figure(
        "waiting",
        "How long people wait",
        said(material, "access.days_to_first_contact"),
        [Panel("", charts.draw(chart, "Share of clients seen within so many days", "w"))],
        Table(
            "Clients seen within so many days, first world",
            ["contract", "same day", "by the next day", *(f"{day} days" for day in shown[2:]), "never"],
            table,
        ),
        [
            ["contract", "days", "share_seen"],
            *([name, day, value] for name, values in seen.items() for day, value in enumerate(values)),
        ],
        ["access.days_to_first_contact"],
        f"The sentence speaks of all worlds. The lines: {ONE_WORLD[0].lower()}{ONE_WORLD[1:]} Days are those "
        "of the calendar: whoever is seen before midnight is seen on the same day.",
    )


def _seen_by(folded: Folded, day: int) -> float:
    seen = [midnights <= day for midnights in folded.midnights_to_first_contact.values()]
    return seen.count(True) / len(folded.cohort)


def _never(folded: Folded) -> float:
    return 1 - len(folded.seen) / len(folded.cohort)


def money(material: Material) -> Figure | None:
    """Draw reserves and work in progress, month by month."""
    if not material.logged:
        return None
    held = {name: money_by_month(log) for name, log in material.logs.items()}
    held = {name: rows for name, rows in held.items() if rows}
    if not held:
        return None
    values = [
        value / 100_000 for rows in held.values() for row in rows for value in (row.reserves, row.unpaid)
    ]
    low, high = min(0.0, *values), max(0.0, *values)
    panels = [
        Panel(
            plain(name),
            charts.draw(
                charts.lines(
                    _month_rows(rows), BOOKS, "months since the lead-in began", "thousand pounds",
                    low=low, high=high,
                ),
                f"Reserves and unpaid work under {plain(name)}, month by month", f"p{place}",
            ),
        )
        for place, (name, rows) in enumerate(held.items())
    ]  # fmt: skip
    table = [
        [
            f"{plain(name)}, month {row.month}",
            *(
                f"{pence / 100:,.0f}"
                for pence in (row.entitled.total(), row.paid, row.spent, row.reserves, row.unpaid)
            ),
        ]
        for name, rows in held.items()
        for row in rows
    ]
    return Figure(
        "money",
        "Money, month by month",
        _lowest(held),
        panels,
        Table(
            "All organisations, first world, in pounds",
            ["contract and month", "earned", "paid", "spent", "reserves", "earned, not yet paid"],
            table,
        ),
        [
            [
                "contract",
                "month",
                "earned_pence",
                "paid_pence",
                "spent_pence",
                "reserves_pence",
                "unpaid_pence",
            ],
            *(
                [n, r.month, r.entitled.total(), r.paid, r.spent, r.reserves, r.unpaid]
                for n, rows in held.items()
                for r in rows
            ),
        ],
        ["money.payer_spend", "money.payer_spend_per_resolved"],
        f"{ONE_WORLD} Lead-in and run-out are shown too. 'Earned, not yet paid' falls below 0 where money "
        "was paid in advance.",
    )


def _month_rows(rows: Sequence[MonthMoney]) -> list[Mapping[str, object]]:
    return [
        {"x": row.month, "y": pence / 100_000, "series": series}
        for row in rows
        for series, pence in zip(BOOKS, (row.reserves, row.unpaid))
    ]


def _lowest(held: Mapping[str, Sequence[MonthMoney]]) -> str:
    parts = []
    for name, rows in held.items():
        row = min(rows, key=lambda each: each.reserves)
        below = add_up(each.reserves < 0 for each in rows)
        months = f"; {counted(below, 'month')} below nothing" if below else ""
        parts.append(f"{plain(name)} {_pounds(row.reserves)} (month {row.month}{months})")
    return f"The lowest reserves in the first world: {', '.join(parts)}."


def _pounds(pence: int) -> str:
    return f"{'−' if pence < 0 else ''}£{abs(pence) / 100:,.0f}"


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
            plain(name),
            charts.draw(
                charts.diverging([_gain_row(gain) for gain in rows], limit),
                f"Who gains and who loses by {plain(name)}",
                f"g{place}",
            ),
        )
        for place, (name, rows) in enumerate(held.items())
    ]
    labels = {(grouping, group): words for grouping, group, words in GROUPS}
    table = [
        [
            f"{rules[gain.value]}: {labels[gain[1:3]]}",
            plain(name),
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
        _balance(held, worlds),
        panels,
        Table(
            f"The same clients under {plain(material.baseline)} and under another contract, {worlds}",
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


def _gain_row(gain: Gain) -> dict[str, object]:
    gained, lost = gain.gained.mean or 0.0, gain.lost.mean or 0.0
    who = "all" if gain.grouping == "everyone" else "most vulnerable"
    return {
        "label": f"{NAMES[gain.value]}: {who}", "gained": gained, "minus": -lost,
        "gained_words": f"{gained:.0%}", "lost_words": f"{lost:.0%}",
    }  # fmt: skip


def _percent(found: "object") -> str:
    mean, low, high = found[:3]  # type: ignore[index]
    if mean is None:
        return "–"
    return f"{mean:.1%}" if low is None else f"{mean:.1%} ({low:.1%} to {high:.1%})"


def _balance(held: Mapping[str, Sequence[Gain]], worlds: str) -> str:
    parts = []
    for name, rows in held.items():
        gain = next(
            (row for row in rows if row.value == "problems_resolved" and row.grouping == "everyone"), None
        )
        if gain is not None and gain.gained.mean is not None and gain.lost.mean is not None:
            parts.append(
                f"under {plain(name)} {gain.gained.mean:.1%} have more problems resolved and "
                f"{gain.lost.mean:.1%} fewer"
            )
    return f"Of the same clients, {worlds}, {'; '.join(parts)}." if parts else "No client can be compared."
