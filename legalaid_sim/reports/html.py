"""``report.html``: one file that needs no network and no script, a function of its results folder alone."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from legalaid_sim.errors import ResultsError
from legalaid_sim.files import written_whole
from legalaid_sim.garbage import collected_later
from legalaid_sim.glossary import GLOSSARY
from legalaid_sim.measures import REGISTRY
from legalaid_sim.measures.scorecard import FEATURES, SOURCE, Feature
from legalaid_sim.reports import figures, first_world, hours, overtime
from legalaid_sim.reports.answer import RULE
from legalaid_sim.reports.curves import curves
from legalaid_sim.reports.figure import Figure, csv_link
from legalaid_sim.reports.figures import Build
from legalaid_sim.reports.finding import label_of, plain
from legalaid_sim.reports.headline import RULE as TITLE_RULE
from legalaid_sim.reports.headline import first_screen
from legalaid_sim.reports.journeys import tellings
from legalaid_sim.reports.lanes import KEY
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.numbers import pooling, spread
from legalaid_sim.reports.pages import TEMPLATES, TEXT_LIMIT, TITLE_LIMIT, environment
from legalaid_sim.reports.quality import SOURCE as AQUA
from legalaid_sim.reports.sameness import continuity
from legalaid_sim.reports.standings import standings
from legalaid_sim.reports.stress import SOURCE as STRESS
from legalaid_sim.reports.studies import FILES, figures_of
from legalaid_sim.reports.touched import RULE as TELLING_RULE
from legalaid_sim.reports.trail import trail
from legalaid_sim.reports.week import week
from legalaid_sim.results import Run, open_run
from legalaid_sim.results.database import DatabaseReader
from legalaid_sim.units import counted

NAME = "report.html"
# In the order in which they are read; what stands after the story is folded. A comparison begins with what it adds,
# and where there are many contracts what is drawn one by one, such as a week or a life, is folded too.
COMPARED: tuple[Build, ...] = (figures.differences, standings)
COMPARED_FILES = ("equal-money.json", "ignorance.json")
STORY: tuple[Build, ...] = (
    hours.activities, first_world.clauses, continuity, figures.access, first_world.waiting, overtime.money, curves,
    overtime.months, first_world.gainers, week,
)  # fmt: skip
ANNEX: tuple[Build, ...] = (figures.differences, figures.mechanics)
CROWD = 4


class ScorecardCell(NamedTuple):
    """One cell of the scorecard: a mean, and whether it differs from the first contract's."""

    text: str
    sign: str
    words: str


class ScorecardLine(NamedTuple):
    """One measure of the scorecard, contract by contract."""

    label: str
    unit: str
    meaning: str
    marks: Sequence[ScorecardCell]


SIGNS = {"better": ("▲", "better"), "worse": ("▼", "worse"), "": ("●", "different")}


def write_report(folder: Path) -> Path:
    """Write ``report.html`` into a results folder, finished or still being written; give its path.

    The same folder gives the same bytes. Raises ``ResultsError`` where the folder is damaged.
    """
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    with Run(folder, manifest, DatabaseReader(folder / "run.sqlite")) as run:
        return _written(run)


def rewrite_report(folder: Path) -> Path:
    """Write the report of a finished results folder again; raises ``ResultsError`` where it is none."""
    with open_run(folder) as run:
        return _written(run)


def rendered(folder: Path) -> str:
    """Give what the report of a finished results folder would be, without writing it."""
    with open_run(folder) as run:
        return _rendered(run)


def _rendered(run: Run) -> str:
    try:
        with collected_later():
            return render(Material(run))
    except KeyError as error:
        words = f"holds no {error}: it is damaged or was made by another version; run the scenario again"
        raise ResultsError(str(run.folder), words) from error


def _written(run: Run) -> Path:
    path = run.folder / NAME
    with written_whole(path) as partial:
        partial.write_text(_rendered(run), encoding="utf-8", newline="\n")
    return path


def render(material: Material) -> str:
    """Give the whole page."""
    return environment().get_template("report.html").render(page(material))


def page(material: Material) -> Mapping[str, Any]:
    """Give everything that the template shows."""
    about, compared = material.scenario.about, bool(material.compared)
    crowd = len(material.ordered) > CROWD
    folded: tuple[Build, ...] = (
        *((first_world.clauses, curves) if compared and crowd else ()),
        *((week,) if crowd else ()),
    )
    comparison = [*drawn(material, COMPARED), *studied(material, COMPARED_FILES)] if compared else []
    return {
        **first_of(material),
        "source": f"legalaid-sim {material.manifest['versions']['legalaid-sim']}; {plain(about.title, TITLE_LIMIT)}; "
        f"{counted(material.worlds, 'world')}, seed {material.manifest['seed']}",
        "question": plain(about.question, TEXT_LIMIT),
        "about": {
            name: plain(getattr(about, name), TEXT_LIMIT) for name in ("purpose", "reading", "limitations")
        },
        "answer": material.answer,
        "warnings": [plain(words, TEXT_LIMIT) for words in material.manifest.get("warnings", ())],
        "rules": (TITLE_RULE, RULE),
        "contracts": [
            (words, plain(name), described(material, name)) for name, words in material.called.items()
        ],
        "called": material.called,
        "baseline": material.called[material.baseline],
        "features": [(feature.title, list(lines(material, feature))) for feature in FEATURES],
        "scorecard_source": SOURCE,
        "scorecard_pooling": pooling(
            material.means[regime][name]
            for regime in material.ordered
            for feature in FEATURES
            for name in feature.measures
        ),
        "scorecard_link": csv_link(scorecard_data(material)),
        "compared": comparison,
        "figures": [*drawn(material, [each for each in STORY if each not in folded])],
        "further": [
            *drawn(material, [each for each in (*folded, *ANNEX) if not (compared and each in COMPARED)]),
            *studied(material, [name for name in FILES if not (compared and name in COMPARED_FILES)]),
        ],
        "tellings": tellings(material),
        "lives_folded": crowd,
        "shown_lives": 1 if compared else 2,
        "telling_rule": TELLING_RULE,
        "key": KEY,
        "trail": trail(material),
        "sources": {"stress": STRESS, "quality": AQUA},
        "registry": list(REGISTRY.values()),
        "glossary": GLOSSARY,
        "label_of": label_of,
        "css": (TEMPLATES / "report.css").read_text(encoding="utf-8"),
    }


def first_of(material: Material) -> Mapping[str, Any]:
    """Give what the first screen shows, and what every page says of a run."""
    return {
        "title": plain(material.scenario.about.title, TITLE_LIMIT),
        "first": first_screen(material),
        "names": list(material.called.values()),
        "worlds": material.worlds,
        "manifest": material.manifest,
    }


def drawn(material: Material, builds: Sequence[Build]) -> Iterator[Figure]:
    """Give those of some figures that the folder has data for."""
    for build in builds:
        figure = build(material)
        if figure is not None:
            yield figure


def studied(material: Material, names: Sequence[str]) -> Iterator[Figure]:
    """Give the figures of those studies that stand in the folder."""
    for name in names:
        data = material.beside(name)
        if data:
            yield from figures_of({**data, "called": material.called, "asked": material.asked})


def described(material: Material, name: str) -> str:
    """Say in its own words what a contract is."""
    held = material.manifest["regimes"][name]["contracts"]
    titles = [str(contract["resolved"].get("title") or contract["name"]) for contract in held]
    return plain("; together with: ".join(titles) or "no contract pays", TITLE_LIMIT)


def lines(material: Material, feature: Feature) -> Iterator[ScorecardLine]:
    """Give the measures of one feature of the scorecard."""
    for name in feature.measures:
        known = REGISTRY[name]
        marks = [mark(material, regime, name) for regime in material.ordered]
        yield ScorecardLine(label_of(name), known.unit, known.meaning, marks)


def mark(material: Material, regime: str, name: str) -> ScorecardCell:
    """Show a mean, and by sign and word whether it differs from the first contract's."""
    text = spread(material.means[regime][name], REGISTRY[name].unit, worlds=material.worlds)
    told = material.scored.get((regime, name))
    return ScorecardCell(text, *(("", "") if told is None else SIGNS[told.direction]))


def scorecard_data(material: Material) -> list[Sequence[object]]:
    """Give the scorecard as rows to download."""
    rows = [
        (feature.key, name, REGISTRY[name].unit, regime, *material.means[regime][name][:4])
        for feature in FEATURES
        for name in feature.measures
        for regime in material.ordered
    ]
    return [("feature", "measure", "unit", "contract", "mean", "low", "high", "worlds"), *rows]
