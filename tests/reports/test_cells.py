"""Every cell that a report shows and every number in its sentences, asked again of the log in SQL.

``CELLS`` has a row for every figure, ``FACTS`` one for every fact of a told life, ``queries.MEASURES`` one for
every measure that is drawn: what is new and has no row fails here.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import inf, sqrt
from statistics import correlation, fmean, stdev
from typing import NamedTuple

import pytest

from legalaid_sim.contracts.language.load import load_terms
from legalaid_sim.experiments.shared.plans import MECHANICAL
from legalaid_sim.measures import HEADLINES, REGISTRY
from legalaid_sim.measures.scorecard import FEATURES
from legalaid_sim.reports.comparison import GROUPS
from legalaid_sim.reports.figure import Figure
from legalaid_sim.reports.headline import first_screen
from legalaid_sim.reports.html import built, lines
from legalaid_sim.reports.journeys import story
from legalaid_sim.reports.material import Material
from legalaid_sim.results import open_run
from tests.reports.made import rich_folder
from tests.reports.queries import MEASURES, World, middle
from tests.reports.test_curves import given_by

STUDENT = {2: 12.706204736432102, 3: 4.302652729911275}  # 97.5 % of t with n - 1 degrees of freedom
NUMBER = re.compile(r"(?<![\w.])([+−-]?)£?(\d[\d,]*(?:\.\d+)?)(?:\s?(%|points|hours(?! a)))?")
ANY = ("never", "–")
Number = float | None
Cell = str | Sequence[Number]  # words that must be there, or the numbers in their order


class Folder:
    """The folder as SQL sees it: a connection for every run, and every drawn measure of each."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.ordered = material.ordered
        self.called = material.called
        self.first = {name: self.world(name, 1) for name in material.ordered}
        every = [*material.ordered, *(f"{name}{MECHANICAL}" for name in material.ordered)]
        self.values = {name: [self._measured(self.world(name, n)) for n in (1, 2, 3)] for name in every}
        self.cases = {name: [self._cases(self.world(name, n)) for n in (1, 2, 3)] for name in every}

    def world(self, regime: str, replication: int) -> World:
        path = self.material.run.folder / "run.sqlite"
        return World(sqlite3.connect(f"file:{path}?mode=ro", uri=True), regime, replication)

    @staticmethod
    def _measured(world: World) -> dict[str, Number]:
        return {name: world.one(read.query) for name, read in MEASURES.items()}

    @staticmethod
    def _cases(world: World) -> dict[str, float]:
        return dict(world.rows("SELECT measure, whole FROM counted WHERE run = :run"))

    def is_pooled(self, measure: str) -> bool:
        """Say whether a contract has a world without, or on average fewer than 30 cases."""
        held = [[world.get(measure, 0) for world in self.cases[name]] for name in self.ordered]
        return any(sum(cases) > 0 and (0 in cases or fmean(cases) < 30) for cases in held)

    def sums(self, regime: str, measure: str) -> list[tuple[float, float]]:
        """What is summed, and cases, of the worlds that have any; the value is that of the query."""
        worlds = zip(self.series(regime, measure), self.cases[regime])
        return [
            (value * held[measure], held[measure])
            for value, held in worlds
            if value is not None and measure in held
        ]

    def series(self, regime: str, measure: str) -> list[Number]:
        return [world[measure] for world in self.values[regime]]

    def mean(self, regime: str, measure: str) -> list[Number]:
        """Mean and half the interval, or both its ends."""
        known, sums = REGISTRY[measure], self.sums(regime, measure)
        share = known.unit in ("share", "from 0 to 1", "index")
        shown = stands_for(sums) if self.is_pooled(measure) else self.series(regime, measure)
        few = counted(sums, shown, share) if len(sums) > 1 else None
        if few is not None and (self.is_pooled(measure) or few.is_rare):
            return [few.mean, *few.ends(STUDENT[len(sums)])]
        return bounded(spread(shown), known.unit, measure.endswith("_gap"))

    def cell(self, regime: str, measure: str, worlds: bool = False) -> list[Number]:
        """The mean as a table shows it: with its cases where they are pooled, and with the worlds that have it."""
        found, held = self.mean(regime, measure), [v for v in self.series(regime, measure) if v is not None]
        pooled = (
            [sum(cases for _, cases in self.sums(regime, measure))]
            if self.is_pooled(measure) and held
            else []
        )
        return [*found, *pooled, *([len(held), 3] if worlds and len(held) < 3 else [])]

    def gap(self, regime: str, measure: str, kind: str = "") -> list[Number]:
        """Mean difference from the first contract, and half its interval."""
        names = [f"{name}{kind}" for name in (regime, self.ordered[0])]
        both = [n for n in range(3) if all(self.values[name][n][measure] is not None for name in names)]
        series = [[self.series(name, measure)[n] for n in both] for name in names]
        counts = [[self.cases[name][n].get(measure) for n in both] for name in names]
        if None in counts[0] or not both:
            return spread([a - b for a, b in zip(*series)])  # type: ignore[operator]
        sums = [[(v * c, c) for v, c in zip(*side)] for side in zip(series, counts)]  # type: ignore[operator]
        pooled, share = self.is_pooled(measure), REGISTRY[measure].unit in ("share", "from 0 to 1", "index")
        shown = [stands_for(side) for side in sums] if pooled else series
        gaps = [a - b for a, b in zip(*shown)]  # type: ignore[operator]
        few = [counted(side, each, share) for side, each in zip(sums, shown)] if len(both) > 1 else [None]
        if (
            kind
            or None in few
            or max(gaps) - min(gaps) < 1e-12
            or not (pooled or any(f.is_rare for f in few if f))
        ):
            return spread(gaps)
        return [fmean(gaps), *ends_apart([f for f in few if f], shown, STUDENT[len(both)])]


class Few(NamedTuple):
    """A share or rate of few counts: its mean, and the variance of that mean if the truth were ``x``."""

    mean: float
    cases: float
    clusters: float
    share: bool

    @property
    def is_rare(self) -> bool:
        return (min(self.mean, 1 - self.mean) if self.share else self.mean) * self.cases / self.clusters < 30

    def variance(self, x: float) -> float:
        return x * (1 - x if self.share else 1) * self.clusters / self.cases

    def ends(self, t: float) -> tuple[float, float]:
        """Look for the values that lie just so many standard errors, as they would have them, from the mean."""
        found = []
        for far in (0.0, 1.0 if self.share else self.mean + 100 * t * t * self.clusters / self.cases):
            inside, outside = self.mean, far
            for _ in range(200):
                middle_ = (inside + outside) / 2
                near = abs(self.mean - middle_) <= t * sqrt(max(0.0, self.variance(middle_)))
                inside, outside = (middle_, outside) if near else (inside, middle_)
            found.append(inside)
        return found[0], found[1]


def stands_for(sums: Sequence[tuple[float, float]]) -> list[Number]:
    """Give the pooled ratio moved by what each world does to it."""
    if not sums:
        return []
    ratio = sum(part for part, _ in sums) / sum(whole for _, whole in sums)
    return [ratio + len(sums) * (part - ratio * whole) / sum(w for _, w in sums) for part, whole in sums]


def counted(sums: Sequence[tuple[float, float]], shown: Sequence[Number], share: bool) -> Few | None:
    """Give what is counted; None where sums are none of whole events."""
    if any(abs(part - round(part)) > 1e-6 or part < -1e-9 for part, _ in sums):
        return None
    cases, mean = sum(whole for _, whole in sums), fmean(each for each in shown if each is not None)
    mean = 0.0 if abs(mean) < 1e-12 else 1.0 if share and abs(mean - 1) < 1e-12 else mean
    alone = Few(mean, cases, 1.0, share).variance(mean)
    found = stdev([each for each in shown if each is not None]) ** 2 / len(shown) / alone if alone > 0 else 1
    return Few(mean, cases, max(1.0, found), share)


def ends_apart(few: Sequence[Few], shown: Sequence[Sequence[Number]], t: float) -> tuple[float, float]:
    """Put the interval of a difference together from both sides, with their correlation over worlds."""
    most = max(each.clusters for each in few)
    one, other = (each._replace(clusters=most) if each.is_rare else each for each in few)
    varies = all(max(side) - min(side) > 1e-12 for side in shown)  # type: ignore[type-var, operator]
    r = correlation(*shown) if varies else 0.0  # type: ignore[arg-type]
    (a, b), (c, d), gap = one.ends(t), other.ends(t), one.mean - other.mean
    down, up = (one.mean - a, d - other.mean), (b - one.mean, other.mean - c)
    low, high = (sqrt(max(0.0, x * x + y * y - 2 * r * x * y)) for x, y in (down, up))
    return gap - low, gap + high


def spread(values: Iterable[Number]) -> list[Number]:
    held = [value for value in values if value is not None]
    if not held:
        return [None]
    if len(held) == 1:
        return [held[0]]
    if len(set(held)) == 1:
        return [held[0]]
    return [fmean(held), STUDENT[len(held)] * stdev(held) / sqrt(len(held))]


def bounded(found: list[Number], unit: str, gap: bool) -> list[Number]:
    """Give a mean and half its interval; its two ends in place of the half where what can be cuts one off."""
    if len(found) < 2 or found[0] is None or found[1] is None or unit.startswith("GBP"):
        return found
    share = unit in ("share", "from 0 to 1", "index")
    least = (-1.0 if share else -inf) if gap else 0.0
    low, high = max(least, found[0] - found[1]), min(1.0 if share else inf, found[0] + found[1])
    even = abs((high - found[0]) - (found[0] - low)) < 1e-12
    return found if even else [found[0], low, high]


def ends(found: Sequence[Number]) -> list[Number]:
    """Give low and high of a mean and half its interval."""
    if len(found) < 2 or found[0] is None or found[1] is None:
        return []
    return list(found[1:]) if len(found) == 3 else [found[0] - found[1], found[0] + found[1]]


def numbers(text: str) -> list[tuple[float, float]]:
    """Give the numbers of a text, each with half a unit of its last place; what is said of two is said once."""
    found = []
    whole = re.sub(r"([\d.]) (to|±) ([+−]?[\d.,]+) (points|hours)", r"\1 \4 \2 \3 \4", text)
    whole = re.sub(r"([\d.]) \(([^()]*points)\)", r"\1 points (\2)", whole)
    for sign, digits, unit in NUMBER.findall(whole):
        scale = {"": 1.0, "hours": 1 / 24}.get(unit, 0.01)
        places = len(digits.partition(".")[2])
        value = float(digits.replace(",", "")) * (-1 if sign in ("−", "-") else 1)
        found.append((value * scale, (0.5 * 10**-places) * scale + 1e-9))
    return found


def says(text: str, cell: Cell) -> bool:
    """Say whether a cell shows these words, or exactly these numbers as far as it shows places."""
    if isinstance(cell, str):
        return cell in text
    wanted = [value for value in cell if value is not None]
    if not wanted:
        return text in ANY
    shown = numbers(text)
    return len(shown) == len(wanted) and all(abs(a - b) <= reach for (a, reach), b in zip(shown, wanted))


@pytest.mark.parametrize(
    ("text", "cell", "right"),
    [
        ("0.41", [0.4149], True), ("0.41", [0.4151], False), ("41 %", [0.4149], True), ("42%", [0.4149], False),
        ("−£1,234", [-1234.4], True), ("£1,234", [-1234.4], False), ("0.41 ± 0.02", [0.41], False),
        ("0.41 ± 0.02", [0.41, 0.02], True), ("0.41", [None], False), ("–", [None], True), ("–", [0.0], False),
        ("+3.2 points", [0.0321], True), ("3.2 to 4.1", [3.2, 4.2], False),
        ("12 ± 6 hours", [0.5, 0.25], True), ("+3.2 ± 1.1 points", [0.032, 0.011], True),
        ("−1.0 to +3.2 points", [-0.01, 0.032], True),
    ],
)  # fmt: skip
def test_a_cell_that_says_something_else_is_told(text: str, cell: Cell, right: bool) -> None:
    assert says(text, cell) == right


@pytest.fixture(scope="module")
def folder() -> Iterator[Folder]:
    with open_run(rich_folder()) as run:
        yield Folder(Material(run))


@pytest.fixture(scope="module")
def figures(folder: Folder) -> dict[str, Figure]:
    return {figure.key: figure for figure in built(folder.material)}


# ---- tables: what each figure's rows must be -------------------------------------------------------------------

Rows = Iterator[Sequence[Cell]]


def means(folder: Folder, names: Iterable[str]) -> Rows:
    for name in names:
        yield [MEASURES[name].label, *(folder.cell(regime, name) for regime in folder.ordered)]


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
            yield [MEASURES[name].label, folder.called[other], *levels, gap[:1], ends(gap) or [None], ""]


def mechanics(folder: Folder) -> Rows:
    for other in folder.ordered[1:]:
        for name in FAMILY:
            gaps = [folder.gap(other, name, kind)[:1] for kind in (MECHANICAL, "")]
            if gaps[0][0] is not None:
                yield [MEASURES[name].label, folder.called[other], *gaps]


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
            yield [clause, folder.called[name], [times], *hours, paid, [late / done if done else None]]


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
    "money.payer_spend": "SELECT {month} AS m, sum(pence) / 100.0 FROM paid t WHERE run = :run GROUP BY m",
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
NOUGHT_WHERE_NOTHING = ("money.payer_spend",)


def by_month(folder: Folder, names: Sequence[str]) -> Rows:
    for curve in names:
        for regime in folder.ordered:
            worlds = [
                dict(folder.world(regime, n).rows(CURVES[curve].format(month=MONTH))) for n in (1, 2, 3)
            ]
            missing = 0.0 if curve in NOUGHT_WHERE_NOTHING else None
            # Two months of lead-in: month 0 is the second lived.
            cells = [three_of([world.get(month + 1, missing) for world in worlds]) for month in (0, 3, 6)]
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


def money(folder: Folder) -> Rows:
    yield from by_month(folder, ("money.payer_spend", "money.reserves", "matters.open"))


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


def paid_after(folder: Folder, regime: str, kind: str, minutes: int) -> float:
    """What an account of the folder's own copy of a contract gives for a closed matter, in pounds."""
    terms = load_terms(folder.material.run.folder / "inputs" / "resolved" / f"{regime}.yaml")
    return (given_by(terms, folder.material.scenario, kind, minutes) or 0.0) / 100


def curves(folder: Folder) -> Rows:
    for kind in ("debt", "housing"):
        for regime in folder.ordered:
            pay = [paid_after(folder, regime, kind, minutes) for minutes in range(0, 1201, 6)]
            flat = next((at for at in range(201) if pay[at] != pay[0]), 0)
            more = f"0.0 to {(flat - 1) / 10:.1f} hours" if flat else "at any hour"
            shown = [[pay[10 * hours]] for hours in (1, 2, 5, 10, 20)]
            yield [f"{kind}: {folder.called[regime]}", *shown, more]


# Of each figure: the rows of its table, and a pool of numbers from which its sentence may be made.
CELLS: Mapping[str, Callable[[Folder], Rows]] = {
    "differences": differences, "activities": activities, "clauses": clauses, "continuity": continuity,
    "access": access, "waiting": waiting, "money": money, "months": months, "gainers": gainers, "week": week,
    "mechanics": mechanics, "curves": curves,
}  # fmt: skip


@pytest.mark.parametrize("key", CELLS)
def test_every_cell_is_what_the_log_says(key: str, folder: Folder, figures: dict[str, Figure]) -> None:
    shown, wanted = figures[key].table.rows, list(CELLS[key](folder))
    assert len(shown) == len(wanted) > 0
    for row, cells in zip(shown, wanted):
        assert len(row) == len(cells), (row, cells)
        for text, cell in zip(row, cells):
            assert says(text, cell), f"{key}: '{text}' in {row}, where the log says {cell}"


DRAWN = {
    "activities": (1, None), "continuity": (2, None), "access": (0, None), "waiting": (1, None),
    "differences": (0, None), "gainers": (1, None),
}  # fmt: skip
BAR = r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="13.0"'
STROKE = (
    r'<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="[\d.]+" stroke="var\(--ink\)" stroke-width="1.5"'
)


def test_bars_of_clauses_and_their_intervals_are_as_long_as_the_log_says(
    folder: Folder, figures: dict[str, Figure]
) -> None:
    asked = 0
    for regime, panel in zip(folder.ordered, figures["clauses"].panels, strict=True):
        bars: dict[float, float] = {}
        for x, y, wide in re.findall(BAR, panel.drawing.body):
            bars[float(y)] = max(bars.get(float(y), 0.0), float(x) + float(wide))
        starts = min(float(x) for x, _, _ in re.findall(BAR, panel.drawing.body))
        strokes = {float(y) - 6.5: (float(a), float(b)) for a, y, b in re.findall(STROKE, panel.drawing.body)}
        hours = [
            hours_of([row[1] + row[2] for row in rows]) for rows in clause_worlds(folder, regime).values()
        ]
        scale = (bars[min(bars)] - starts) / (hours[0][0] or 1.0)
        for (y, foot), found in zip(sorted(bars.items()), hours):
            assert foot - starts == pytest.approx(scale * (found[0] or 0.0), abs=0.3)
            for drawn, end in zip(strokes[y], ends(found), strict=True):
                assert drawn - starts == pytest.approx(scale * (end or 0.0), abs=0.3)
                asked += 1
    assert asked > 8


@pytest.mark.parametrize("key", DRAWN)
def test_every_number_beside_a_point_is_what_the_log_says(
    key: str, folder: Folder, figures: dict[str, Figure]
) -> None:
    names = {MEASURES[name].label: name for name in MEASURES}
    panels = figures[key].panels[slice(*DRAWN[key])]
    assert panels
    for panel in panels:
        label, _, words = panel.label.partition(": ")
        for place, (regime, said) in enumerate(zip(folder.ordered, words.split("; "), strict=True)):
            gap = key == "differences" and place
            wanted = folder.gap(regime, names[label]) if gap else folder.mean(regime, names[label])
            assert said.startswith(folder.called[regime])
            assert says(said.removeprefix(folder.called[regime]).replace("never differs", ""), wanted), (
                panel.label
            )


WEEK = {
    "advising clients": ("contact",), "listening": ("listening",), "casework": ("casework",),
    "admin of a contract": ("duty",), "own admin": ("admin",),
    "supervision, hand-over, travel, missed": ("supervision", "handover", "travel", "missed"), "no work": ("idle",),
}  # fmt: skip


def test_the_parts_of_a_week_are_what_diaries_say_and_make_a_whole(
    folder: Folder, figures: dict[str, Figure]
) -> None:
    for regime, words in zip(folder.ordered, figures["activities"].panels[0].label.split("; "), strict=True):
        parts = re.findall(
            r"([a-z][a-z, -]+) (\d[\d.]*)%, ([\d.]+) h", words.partition(folder.called[regime])[2]
        )
        assert [name for name, *_ in parts] == list(WEEK)
        shares = [
            sum(folder.mean(regime, f"time.{each}_share")[0] or 0 for each in held) for held in WEEK.values()
        ]
        assert sum(shares) == pytest.approx(1)
        assert [(float(share), float(hours)) for _, share, hours in parts] == [  # type: ignore[comparison-overlap]
            (pytest.approx(100 * share, abs=0.0501), pytest.approx(35 * share, abs=0.0501))
            for share in shares
        ]


def test_every_figure_and_every_drawn_measure_has_its_queries(figures: dict[str, Figure]) -> None:
    drawn = {name for figure in figures.values() for name in figure.measures}
    scored = {name for feature in FEATURES for name in feature.measures}
    assert set(figures) == set(CELLS) == set(SENTENCES), "a new figure needs its queries here"
    named = {"money.earned", *(each.name for each in HEADLINES)}
    defined_only = {
        "continuity.coc_low_need", "continuity.coc_high_need", "continuity.excluded_share",
        "admin.contract_duty_share", "admin.late_share",
    }  # fmt: skip
    assert drawn | scored | named <= set(MEASURES) | defined_only, "a new measure on a page needs its query"


# ---- measures: phrase, label and number --------------------------------------------------------------------------


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_is_called_what_its_query_counts(name: str, folder: Folder) -> None:
    known, read = REGISTRY[name], MEASURES[name]
    assert (known.phrase, known.label) == (read.phrase, read.label), "look at the query before the words move"
    for regime in folder.values:
        measured = [world[name] for world in folder.material.run.reader.measures(regime)]
        assert measured == pytest.approx(folder.series(regime, name), rel=1e-9, abs=1e-12)


def test_the_folder_has_something_to_count_for_every_query(folder: Folder) -> None:
    nothing = {
        name for name in MEASURES if not any(world[name] for held in folder.values.values() for world in held)
    }
    assert not nothing, "a query that finds nothing cannot fail"


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.key)
def test_every_cell_of_the_scorecard_is_what_the_log_says(feature, folder: Folder) -> None:  # type: ignore[no-untyped-def]
    for line, name in zip(lines(folder.material, feature), feature.measures, strict=True):
        assert line.label == MEASURES[name].label
        for mark, regime in zip(line.marks, folder.ordered, strict=True):
            assert says(mark.text, folder.cell(regime, name, worlds=True)), f"{name} of {regime}: {mark.text}"


# ---- sentences: no number that no query gives --------------------------------------------------------------------


def told(*names: str) -> Callable[[Folder], list[Number]]:
    """Give the numbers that a sentence on measures may hold: levels, differences, the ends of intervals."""

    def pool(folder: Folder) -> list[Number]:
        found = [folder.mean(regime, name) for regime in folder.ordered for name in names]
        found += [folder.gap(regime, name) for regime in folder.ordered[1:] for name in names]
        # The smallest difference that matters is asked by the scenario, not of the log.
        asked = [each.least for each in folder.material.contrasts if each.measure in names]
        return [number for each in found for number in (*each, *ends(each))] + [0.95, *asked]

    return pool


def costliest(folder: Folder) -> list[Number]:
    hours = [
        [
            spread([(row[1] + row[2]) / 60 / 0.5 for row in rows])
            for rows in clause_worlds(folder, name).values()
        ]
        for name in folder.ordered
    ]
    top = max(hours, key=lambda each: each[0][0] or 0.0)
    return [*top[0], sum(each[0] or 0.0 for each in top)]


def lowest(folder: Folder) -> list[Number]:
    worlds = {
        name: [
            dict(folder.world(name, n).rows(CURVES["money.reserves"].format(month=MONTH))) for n in (1, 2, 3)
        ]
        for name in folder.ordered
    }
    medians = [
        (three_of([world[month + 1] for world in each])[0] or 0.0, float(month))
        for each in worlds.values()
        for month in range(1, 7)
    ]
    return list(min(medians))


def last_month(folder: Folder) -> list[Number]:
    return [6.0, *(cell[0] for row in by_month(folder, ("continuity.known_adviser",)) for cell in row[-1:])]  # type: ignore[list-item]


def first_meetings(folder: Folder) -> list[Number]:
    count = """SELECT count(*), sum(NOT known) FROM contact WHERE run = :run AND at >= :start AND at < :start + 10080"""
    return [
        n
        for world in folder.first.values()
        for row in world.rows(count, start=usual_week(folder))
        for n in row
    ]


def balance(folder: Folder) -> list[Number]:
    rows = [row for row in gainers(folder) if row[0] == "more problems resolved: everyone"]
    return [float(cell[0] or 0) for row in rows for cell in row[3:] if not isinstance(cell, str)]


def tally(folder: Folder) -> list[Number]:
    """Count the verdicts of the table, each kind, and those of neither side together."""
    rows = next(each for each in built(folder.material) if each.key == "differences").table.rows
    words = Counter(row[-1] for row in rows)
    quiet = words["cannot tell"] + words["never seen to differ"]
    return [len(rows) - words["undefined"], *words.values(), words["more"] + words["less"], quiet, 0]


def apart(folder: Folder) -> list[Number]:
    held = [
        [ends(folder.gap(other, each.name, kind)) for kind in (MECHANICAL, "")]
        for other in folder.ordered[1:]
        for each in HEADLINES
    ]
    both = [(a, b) for a, b in held if a and b]
    return [len(held), sum((a[0] or 0) > (b[1] or 0) or (b[0] or 0) > (a[1] or 0) for a, b in both)]


def mean_matter(folder: Folder) -> list[Number]:
    hours = folder.mean(folder.ordered[0], "money.hours_worked_per_matter")[0] or 0.0
    pay = [paid_after(folder, regime, "debt", round(60 * hours)) for regime in folder.ordered]
    return [hours / 24, *pay]  # hours are read as parts of a day


SENTENCES: Mapping[str, Callable[[Folder], list[Number]]] = {
    "differences": tally, "activities": told("time.contact_share", "time.listening_share", "admin.share"),
    "clauses": costliest,
    "continuity": told("continuity.coc"), "access": told("access.turned_away"),
    "waiting": told("access.days_to_first_contact"), "money": lowest, "months": last_month, "gainers": balance,
    "week": first_meetings, "mechanics": apart, "curves": mean_matter,
}  # fmt: skip
# What contracts are called and what a list leaves out are no figures of the log.
NAMES = re.compile(r"\S*(?:contract-2010|relational-pilot)\S*|Standard contract, 2010|\b\d+ more\b")


def strangers(text: str, pool: Iterable[Number]) -> list[float]:
    """Give the numbers of a sentence that no query gave."""
    known = [number for number in pool if number is not None]
    shown = numbers(NAMES.sub("", text))
    return [value for value, reach in shown if not any(abs(value - each) <= reach for each in known)]


@pytest.mark.parametrize("key", SENTENCES)
def test_every_number_in_a_sentence_is_of_the_log(
    key: str, folder: Folder, figures: dict[str, Figure]
) -> None:
    assert strangers(figures[key].finding, SENTENCES[key](folder)) == []


@pytest.mark.parametrize("key", SENTENCES)
def test_a_sentence_has_twenty_words_at_most(key: str, figures: dict[str, Figure]) -> None:
    assert len(figures[key].finding.split()) <= 20


BELOW = (
    "SELECT count(*) FROM month_closed WHERE run = :run AND reserves < 0 AND at > :opens AND at <= :closes"
)


def test_the_first_screen_holds_no_number_that_is_not_of_the_log(folder: Folder) -> None:
    first = first_screen(folder.material)
    assert len(first.title.split()) <= 15
    pool = told("continuity.coc", "admin.share")(folder)
    assert strangers(" ".join((first.title, *first.ranges)), pool) == []
    assert all(numbers(NAMES.sub("", panel.label)) for panel in first.slopes)
    assert strangers(" ".join(panel.label for panel in first.slopes), pool) == []
    base = folder.mean(folder.ordered[0], "money.earned")[0] or 0.0
    for regime, row in zip(folder.ordered, first.costs, strict=True):
        owed = folder.mean(regime, "money.earned")[0] or 0.0
        assert says(row.owed, [owed])
        times = owed / base
        part = [times] if times >= 2 else [100 * abs(times - 1)]
        assert says(row.times, part if regime != folder.ordered[0] else [None])
        assert ("less" in row.times) == (times < 0.995)
        worlds = [folder.world(regime, n).one(BELOW) for n in (1, 2, 3)]
        assert row.lasts == (f"{sum(map(bool, worlds))} of 3 worlds" if any(worlds) else "never")


def test_the_answer_holds_no_number_that_is_not_of_the_log(folder: Folder) -> None:
    said = folder.material.answer
    assert [bool(numbers(NAMES.sub("", sentence))) for sentence in said] == [True] * 3
    money = [folder.mean(regime, "money.earned")[0] for regime in folder.ordered]
    levels = [each / money[0] for each in money if each is not None and money[0]]
    pool = [*told("continuity.coc", "admin.share")(folder), *levels]
    assert strangers(" ".join(said[:2]), pool) == []
    below = [means["money.months_below_zero"].mean for means in folder.material.means.values()]
    scenario = folder.material.scenario
    ends = [float(scenario.period.months), float(scenario.period.months * len(scenario.houses))]
    # How many worlds, and the lowest reserves of all, are asked of the log in test_answer.py.
    counts = [float(number) for number in range(folder.material.worlds + 1)]
    last = re.sub(r"down to −?£[\d,]+", "", said[2])
    assert strangers(last, [*money, *levels, *below, *counts, *ends]) == []


# ---- lives: every fact ----------------------------------------------------------------------------------------------

MET = "FROM contact WHERE run = :run AND client = :client"
FACTS: Mapping[str, str] = {
    "need of a relationship": "SELECT relational_need FROM person WHERE run = :run AND client = :client",
    "vulnerability": "SELECT vulnerability FROM person WHERE run = :run AND client = :client",
    "first seen": f"""SELECT (min(began) - (SELECT min(at) FROM asked WHERE run = :run AND client = :client))
        / 1440.0 {MET} AND ordinal > 0""",
    "contacts": f"SELECT count(*) {MET}",
    "advisers met": f"SELECT count(DISTINCT adviser) {MET}",
    "same adviser": f"""SELECT 1.0 * (sum(k * k) - sum(k)) / nullif(sum(k) * (sum(k) - 1), 0)
        FROM (SELECT count(*) AS k {MET} GROUP BY adviser)""",
    "time with advisers": f"SELECT coalesce(sum(core + listening + retelling), 0) {MET}",
    "told the story again": f"SELECT coalesce(sum(retelling > 0), 0), coalesce(sum(retelling), 0) {MET}",
    "problems resolved, partly by chance": """SELECT (SELECT count(DISTINCT problem) FROM outcome WHERE run = :run
        AND client = :client AND resolved), count(DISTINCT problem) FROM asked
        WHERE run = :run AND client = :client""",
    "never asked about": """SELECT count(DISTINCT problem) FROM still_open WHERE run = :run AND client = :client
        AND stage = 'unasked'""",
    "trust at the last contact": f"SELECT trust_after {MET} ORDER BY seq DESC LIMIT 1",
    "earned by the agency": """SELECT coalesce(sum(pence), 0) / 100.0 FROM entitled WHERE run = :run
        AND matter LIKE :client || '.%'""",
}


def test_every_fact_of_a_told_life_is_what_the_log_says(folder: Folder) -> None:
    seen = set()
    for regime, world in folder.first.items():
        for client in folder.material.run.reader.clients(regime, 1)[::2]:
            for fact in story(folder.material, regime, client).facts:
                seen.add(fact.name)
                (wanted,) = world.rows(FACTS[fact.name], client=client)
                assert says(fact.value, wanted), f"{client}: {fact}, where the log says {wanted}"
    assert seen == set(FACTS)
