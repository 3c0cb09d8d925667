"""What the rows of each figure must be, by queries that owe nothing to the report."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import inf
from statistics import fmean

from legalaid_sim.contracts.language.load import load_terms
from legalaid_sim.experiments.shared.plans import MECHANICAL
from legalaid_sim.measures import HEADLINES
from legalaid_sim.reports.comparison import GROUPS
from tests.reports.asked_again import Cell, Folder, Number, bounded, ends, spread
from tests.reports.queries import MEASURES, called, middle
from tests.reports.test_curves import given_by

Rows = Iterator[Sequence[Cell]]


def means(folder: Folder, names: Iterable[str]) -> Rows:
    for name in names:
        yield [called(name), *(folder.cell(regime, name) for regime in folder.ordered)]


def activities(folder: Folder) -> Rows:
    spent = [name for name in MEASURES if re.fullmatch(r"time\.[a-z]+_share", name) and name in OF_DIARIES]
    busy = [name for name in spent if any(folder.mean(regime, name)[0] for regime in folder.ordered)]
    yield from means(folder, sorted(busy, key=lambda name: -(folder.mean(folder.ordered[0], name)[0] or 0)))


OF_DIARIES = {f"time.{name}_share" for name in (
    "contact", "listening", "casework", "duty", "admin", "handover", "supervision", "travel", "missed", "idle",
)}  # fmt: skip


def access(folder: Folder) -> Rows:
    yield from means(folder, (
        "access.turned_away", "access.left_before_seen", "access.lost_at_referral",
        "access.helped_before_crisis", "outcomes.resolved_share", "outcomes.resolved_early_share",
    ))  # fmt: skip


# What was asked stands first.
FAMILY = tuple(dict.fromkeys(("continuity.coc", "admin.share", *(each.name for each in HEADLINES))))


def differences(folder: Folder) -> Rows:
    for other in folder.ordered[1:]:
        for name in FAMILY:
            gap = folder.gap(other, name)
            levels = [folder.mean(regime, name)[:1] for regime in (folder.ordered[0], other)]
            yield [called(name), folder.called[other], *levels, gap[:1], ends(gap) or [None], ""]


def mechanics(folder: Folder) -> Rows:
    for other in folder.ordered[1:]:
        for name in FAMILY:
            gaps = [folder.gap(other, name, kind)[:1] for kind in (MECHANICAL, "")]
            if gaps[0][0] is not None:
                yield [called(name), folder.called[other], *gaps]


CLAUSES = """WITH fell AS (SELECT clause, count(*) FILTER (WHERE at >= :opens AND at < :closes) AS falls,
 max(paid) AS paid FROM duty_fell WHERE run = :run GROUP BY clause),
 done AS (SELECT d.clause, count(*) AS done, sum(f.adviser_minutes) AS advisers, avg(d.late > 0) AS late
 FROM duty_done d JOIN duty_fell f USING (run, duty) WHERE run = :run AND d.at >= :opens AND d.at < :closes
 GROUP BY d.clause),
 staff AS (SELECT clause, sum(minutes) AS staff FROM admin_work WHERE run = :run AND at >= :opens
 AND at < :closes GROUP BY clause)
 SELECT clause, falls, coalesce(advisers, 0), coalesce(staff, 0), paid, late FROM fell
 LEFT JOIN done USING (clause) LEFT JOIN staff USING (clause)
 WHERE falls OR done OR staff ORDER BY -coalesce(advisers, 0) - coalesce(staff, 0), clause"""


def clause_worlds(folder: Folder, regime: str) -> dict[str, list[tuple[float, ...]]]:
    """Every clause with its row of each of the three worlds, nothing where a world has none; the costliest first."""
    worlds = [{row[0]: row[1:] for row in folder.world(regime, n).rows(CLAUSES)} for n in (1, 2, 3)]
    names = {name for world in worlds for name in world}
    held = {name: [world.get(name, (0, 0, 0, 0, None)) for world in worlds] for name in names}
    return dict(sorted(held.items(), key=lambda item: (-sum(row[1] + row[2] for row in item[1]), item[0])))


def hours_of(minutes: Sequence[float]) -> list[Number]:
    """Give hours a year with half their interval, or its ends where it would go below 0."""
    found = spread([each / 60 / 0.5 for each in minutes])
    return bounded(found, "hours", False) if found[1:] and found[1] else found[:1]


LATE = """SELECT sum(d.late > 0), count(*) FROM duty_done d JOIN duty_fell f USING (run, duty)
    WHERE run = :run AND f.clause = :clause AND d.at >= :opens AND d.at < :closes"""


def clauses(folder: Folder) -> Rows:
    for name in folder.ordered:
        for clause, rows in clause_worlds(folder, name).items():
            hours = [hours_of([row[place] for row in rows]) for place in (1, 2)]
            counts = [folder.world(name, n).rows(LATE, clause=clause)[0] for n in (1, 2, 3)]
            late, done = (sum(count[place] or 0 for count in counts) for place in (0, 1))
            paid = "yes" if any(row[3] for row in rows) else "no"
            times = fmean([row[0] for row in rows]) / 0.5
            said = clause if times else f"{clause}, due from before the switch"
            yield [said, folder.called[name], [times], *hours, paid, [late / done if done else None]]


COCS = f"""SELECT relational_need >= ({middle("SELECT relational_need AS v FROM who")}) AS high, c
 FROM (SELECT client, 1.0 * (sum(k * k) - sum(k)) / (sum(k) * (sum(k) - 1)) AS c
 FROM (SELECT client, adviser, count(*) AS k FROM met GROUP BY client, adviser) GROUP BY client
 HAVING sum(k) > 1) JOIN who USING (client)"""
CONTINUITY = f"""SELECT high, CASE WHEN c = 0 THEN 0 WHEN c = 1 THEN 5 WHEN c <= 0.25 THEN 1 WHEN c <= 0.5 THEN 2
 WHEN c <= 0.75 THEN 3 ELSE 4 END AS bin, count(*) FROM ({COCS}) GROUP BY high, bin"""


def continuity(folder: Folder) -> Rows:
    for name, world in folder.first.items():
        found = {(high, place): count for high, place, count in world.rows(CONTINUITY)}
        for high, words in enumerate(("need below the median", "need at or above it")):
            counts = [found.get((high, place), 0) for place in range(6)]
            middle_one = world.one(middle(f"SELECT c AS v FROM ({COCS}) WHERE high = {high}"))
            yield [
                f"{folder.called[name]}, {words}",
                *([count / (sum(counts) or 1)] for count in counts),
                [middle_one],
                [sum(counts)],
            ]


WAITING = """SELECT avg(midnights <= {day}) FROM (SELECT client, coalesce(min(CASE WHEN ordinal > 0
 THEN began END) / 1440 - asked / 1440, 1e9) AS midnights FROM cohort LEFT JOIN met USING (client) GROUP BY client)"""
NEVER = "SELECT avg(client NOT IN (SELECT client FROM met)) FROM cohort"


def waiting(folder: Folder) -> Rows:
    for name, world in folder.first.items():
        seen = [[world.one(WAITING.format(day=day))] for day in (0, 1, 7, 14, 30, 60)]
        yield [folder.called[name], *seen, [world.one(NEVER)]]


# Every curve, month by month: a month's number, from 0 for the first lived, and the value.
MONTH = "(SELECT count(*) FROM (SELECT DISTINCT at FROM month_closed WHERE run = :run) e WHERE e.at < t.at)"
DISTINCT = "(SELECT DISTINCT problem, at FROM {} WHERE run = :run{})"
SPENT = "SELECT {month} AS m, 1.0 * sum({what}) / sum(available) FROM diary t WHERE run = :run GROUP BY m"
CURVES = {
    "money.reserves": "SELECT {month} AS m, sum(reserves) / 100.0 FROM month_closed t WHERE run = :run GROUP BY m",
    "matters.open": "SELECT {month} AS m, sum(open_matters) FROM month_closed t WHERE run = :run GROUP BY m",
    "continuity.known_adviser": """SELECT {month} AS m, avg(known) FROM (SELECT *, row_number() OVER
        (PARTITION BY client ORDER BY seq) AS n FROM contact WHERE run = :run) t WHERE n > 1 GROUP BY m""",
    "access.days_to_first_contact": """SELECT {month} AS m, avg(at - (SELECT max(at) FROM asked a WHERE a.run = :run
        AND a.problem = t.problem AND a.at <= t.at)) / 1440.0 FROM matter_opened t WHERE run = :run GROUP BY m""",
    "access.turned_away": f"""SELECT {{month}} AS m, avg((problem, at) IN {DISTINCT.format("turned_away", "")}
        AND NOT (problem, at) IN {DISTINCT.format("referred", " AND reached")})
        FROM {DISTINCT.format("asked", "")} t GROUP BY m""",
    "outcomes.resolved_share": "SELECT {month} AS m, avg(resolved) FROM outcome t WHERE run = :run GROUP BY m",
    "admin.share": SPENT.replace("{what}", "duty + admin"),
    "time.idle_share": SPENT.replace("{what}", "idle"),
}


def by_month(folder: Folder, names: Sequence[str]) -> Rows:
    for curve in names:
        for regime in folder.ordered:
            worlds = [
                dict(folder.world(regime, n).rows(CURVES[curve].format(month=MONTH))) for n in (1, 2, 3)
            ]
            # Two months of lead-in: month 0 is the second lived.
            cells = [three_of([world.get(month + 1) for world in worlds]) for month in (0, 3, 6)]
            yield [folder.called[regime], *cells]


def three_of(values: Sequence[Number]) -> list[Number]:
    """Give the median, and what one in ten lies below and above, of the worlds that have a value."""
    held = sorted(value for value in values if value is not None)
    if not held:
        return [None]
    places = [part * (len(held) - 1) for part in (0.5, 0.1, 0.9)]
    return [
        held[int(p)] + (p - int(p)) * (held[min(int(p) + 1, len(held) - 1)] - held[int(p)]) for p in places
    ]


# Months 1 to 3 and 1 to 6 that count: the third lived and on.
PAID = f"SELECT coalesce(sum(pence), 0) / 100.0 FROM paid t WHERE run = :run AND {MONTH} BETWEEN 2 AND 1 + {{upto}}"


def money(folder: Folder) -> Rows:
    for regime in folder.ordered:
        worlds = [folder.world(regime, n) for n in (1, 2, 3)]
        sums = [fmean(world.one(PAID.format(upto=upto)) or 0.0 for world in worlds) for upto in (3, 6)]
        yield [folder.called[regime], [0.0], *([each] for each in sums)]
    yield from by_month(folder, ("money.reserves", "matters.open"))


def months(folder: Folder) -> Rows:
    yield from by_month(folder, (
        "continuity.known_adviser", "access.days_to_first_contact", "access.turned_away", "outcomes.resolved_share",
        "admin.share", "time.idle_share",
    ))  # fmt: skip


# The agency's first day lived, 1 February 2011, is a Tuesday.
ASKINGS = """SELECT :start + 10080 * k, (SELECT count(*) FROM asked WHERE run = :run AND at >= :start + 10080 * k
    AND at < :start + 10080 * (k + 1)) FROM (SELECT row_number() OVER (ORDER BY seq) - 1 AS k FROM asked
    WHERE run = :run) WHERE :start + 10080 * (k + 1) <= :closes ORDER BY k"""
SPELLS = """SELECT adviser, {} FROM (
    SELECT adviser, CASE WHEN known THEN 'known' ELSE 'first' END AS kind, at - began AS minutes, at FROM contact
    WHERE run = :run UNION ALL
    SELECT adviser, CASE WHEN activity IN ('casework', 'duty', 'admin') THEN activity ELSE 'other' END, at - began, at
    FROM work WHERE run = :run UNION ALL SELECT adviser, 'missed', minutes, at FROM missed WHERE run = :run)
    WHERE at >= :start AND at < :start + 10080 GROUP BY adviser ORDER BY adviser""".format(
    ", ".join(
        f"coalesce(sum(minutes) FILTER (WHERE kind = '{kind}'), 0)"
        for kind in ("known", "first", "casework", "duty", "admin", "other", "missed")
    )
)


def usual_week(folder: Folder) -> int:
    """Give the minute on which the week that is drawn begins."""
    world = folder.first[folder.ordered[0]]
    opens = int(world.one("SELECT opens FROM runs WHERE run = :run") or 0)
    monday = opens + (6 - (opens // 1440)) % 7 * 1440
    weeks = world.rows(ASKINGS, start=monday)
    counts = sorted(count for _, count in weeks)
    median = (counts[(len(counts) - 1) // 2] + counts[len(counts) // 2]) / 2
    return int(min(weeks, key=lambda week: (abs(week[1] - median), week[0]))[0])


def week(folder: Folder) -> Rows:
    for name, world in folder.first.items():
        for adviser, *minutes in world.rows(SPELLS, start=usual_week(folder)):
            yield [folder.called[name], adviser, *([each] for each in minutes)]


LIVES = """SELECT client, relational_need, vulnerability,
 (SELECT count(DISTINCT problem) FROM got g WHERE g.client = w.client AND resolved),
 (SELECT (min(began) - asked) / 1440.0 FROM met JOIN cohort USING (client) WHERE client = w.client),
 (SELECT 1.0 * (sum(k * k) - sum(k)) / nullif(sum(k) * (sum(k) - 1), 0)
 FROM (SELECT count(*) AS k FROM met m WHERE m.client = w.client GROUP BY adviser)),
 (SELECT sum(retelling) FROM met m WHERE m.client = w.client) FROM who w"""
# Of each value: its place in LIVES, whether more is better, the least that counts, the words.
VALUES = (
    (3, 1, 1.0, "more problems resolved"), (4, -1, 1.0, "seen a day or more sooner"),
    (5, 1, 0.01, "higher COC, with two contacts in both"), (6, -1, 1.0, "less retelling, seen in both"),
)  # fmt: skip


def gainers(folder: Folder) -> Rows:
    theirs = {row[0]: row for row in folder.first[folder.ordered[0]].rows(LIVES)}
    for other in folder.ordered[1:]:
        ours = {row[0]: row for row in folder.first[other].rows(LIVES)}
        for place, sign, least, words in VALUES:
            for grouping, group, label in GROUPS:
                held = [
                    (late(ours[client][place], place), late(theirs[client][place], place))
                    for client in grouped(theirs, ours, grouping, group)
                ]
                both = [(a, b) for a, b in held if a is not None and b is not None]
                won = [sum(a != b and s * (a - b) >= least for a, b in both) for s in (sign, -sign)]
                yield [
                    f"{words}: {label}",
                    folder.called[other],
                    [len(both)],
                    *([n / len(both)] for n in won),
                ]


def late(value: Number, place: int) -> Number:
    """Take never having been seen for infinitely late."""
    return inf if value is None and place == 4 else value


def grouped(theirs: Mapping[str, tuple], ours: Mapping[str, tuple], grouping: str, group: int) -> list[str]:  # type: ignore[type-arg]
    both = [client for client in theirs if client in ours]
    if grouping == "everyone":
        return both
    place = {"relational_need": 1, "vulnerability": 2}[grouping]
    ranked = sorted(both, key=lambda client: (theirs[client][place], client))
    return ranked[len(ranked) * (group - 1) // 5 : len(ranked) * group // 5]


# Read once: a curve asks for two hundred points of each.
_terms = cache(load_terms)


@cache
def paid_after(folder: Folder, regime: str, kind: str, minutes: int) -> float:
    """What an account of the folder's own copy of a contract gives for a closed matter, in pounds."""
    terms = _terms(folder.material.run.folder / "inputs" / "resolved" / f"{regime}.yaml")
    return (given_by(terms, folder.material.scenario, kind, minutes) or 0.0) / 100


def curves(folder: Folder) -> Rows:
    for kind in ("debt", "housing"):
        for regime in folder.ordered:
            none = paid_after(folder, regime, kind, 0)
            tenths = (at for at in range(201) if paid_after(folder, regime, kind, 6 * at) != none)
            flat = next(tenths, 0)
            more = f"0.0 to {(flat - 1) / 10:.1f} hours" if flat else "at any hour"
            shown = [[paid_after(folder, regime, kind, 60 * hours)] for hours in (1, 2, 5, 10, 20)]
            yield [f"{kind}: {folder.called[regime]}", *shown, more]


# Of each figure: the rows of its table, and a pool of numbers from which its sentence may be made.
CELLS: Mapping[str, Callable[[Folder], Rows]] = {
    "differences": differences, "activities": activities, "clauses": clauses, "continuity": continuity,
    "access": access, "waiting": waiting, "money": money, "months": months, "gainers": gainers, "week": week,
    "mechanics": mechanics, "curves": curves,
}  # fmt: skip
