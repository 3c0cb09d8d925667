"""Every cell that a report shows and every number in its sentences, asked again of the log in SQL.

``CELLS`` has a row for every figure, ``FACTS`` one for every fact of a told life, ``queries.MEASURES`` one for
every measure that is drawn: what is new and has no row fails here.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

import pytest

from legalaid_sim.experiments.shared.plans import MECHANICAL
from legalaid_sim.measures import HEADLINES, REGISTRY
from legalaid_sim.measures.scorecard import FEATURES
from legalaid_sim.reports.figure import Figure
from legalaid_sim.reports.headline import first_screen
from legalaid_sim.reports.html import ANNEX, STORY, drawn, lines, studied
from legalaid_sim.reports.journeys import story
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.studies import FILES
from legalaid_sim.results import open_run
from tests.reports.asked_again import Cell, Folder, Number, ends, numbers, says, spread
from tests.reports.cells import (
    CELLS,
    CURVES,
    MONTH,
    by_month,
    clause_worlds,
    gainers,
    hours_of,
    paid_after,
    three_of,
    usual_week,
)
from tests.reports.made import rich_folder
from tests.reports.queries import MEASURES, called


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


def all_figures(material: Material) -> list[Figure]:
    return [*drawn(material, (*STORY, *ANNEX)), *studied(material, FILES)]


@pytest.fixture(scope="module")
def figures(folder: Folder) -> dict[str, Figure]:
    return {figure.key: figure for figure in all_figures(folder.material)}


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
            for stroke, end in zip(strokes[y], ends(found), strict=True):
                assert stroke - starts == pytest.approx(scale * (end or 0.0), abs=0.3)
                asked += 1
    assert asked > 8


@pytest.mark.parametrize("key", DRAWN)
def test_every_number_beside_a_point_is_what_the_log_says(
    key: str, folder: Folder, figures: dict[str, Figure]
) -> None:
    names = {called(name): name for name in MEASURES}
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
        assert line.label == called(name)
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
    rows = next(each for each in all_figures(folder.material) if each.key == "differences").table.rows
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
