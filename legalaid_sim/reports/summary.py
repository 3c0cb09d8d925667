"""``summary.html``: the answer and the story on two sheets of A4 that print as they look."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from legalaid_sim.files import write_whole
from legalaid_sim.reports import figures, first_world, hours, overtime
from legalaid_sim.reports.figure import Figure, Panel
from legalaid_sim.reports.figures import Build
from legalaid_sim.reports.finding import plain
from legalaid_sim.reports.html import described, first_of
from legalaid_sim.reports.journeys import tellings
from legalaid_sim.reports.lanes import KEY
from legalaid_sim.reports.material import Material
from legalaid_sim.reports.pages import TEMPLATES, environment
from legalaid_sim.reports.quality import invariants
from legalaid_sim.results import open_run
from legalaid_sim.units import counted

NAME, BROAD = "summary.html", 720.0
FEW, MANY, QUESTION, CUT = 2, 4, 240, 80
# Of each figure, which panels there is room for.
SHOWN: tuple[tuple[Build, slice], ...] = (
    (partial(hours.activities, broad=BROAD), slice(0, 1)),
    (overtime.months, slice(0, 2)),
    (overtime.money, slice(0, 2)),
)
LAST: tuple[tuple[Build, slice], ...] = (
    (first_world.gainers, slice(-2, None)),
    (figures.access, slice(0, 2)),
)


class FittedFigure(NamedTuple):
    """A figure as far as there is room for it."""

    title: str
    finding: str
    panels: list[Panel]


def write_two_sheets(folder: Path) -> Path:
    """Write ``summary.html`` into a finished results folder; raises ``ResultsError`` where it is none."""
    path = folder / NAME
    with open_run(folder) as run:
        write_whole(path, environment().get_template("summary.html").render(shown(Material(run))))
    return path


def shown(material: Material) -> Mapping[str, Any]:
    """Give everything that the two sheets show."""
    # With many contracts and measures the first sheet is full.
    many, lined = len(material.ordered) > MANY, bool(material.equal)
    told = [] if many else tellings(material, BROAD)
    room = len(material.asked) <= FEW and not (many and lined)
    return {
        **first_of(material),
        "question": plain(material.scenario.about.question, QUESTION) if room or not many else "",
        "contracts": list(_described(material, many)) if room and not told else [],
        "parts": list(_parts(material)),
        "telling": told[0] if told else None,
        "key": KEY,
        "trust": list(_trust(material)),
        "css": (TEMPLATES / "report.css").read_text(encoding="utf-8"),
    }


def _described(material: Material, many: bool) -> Iterator[tuple[str, str]]:
    for name, words in material.called.items():
        whole = described(material, name)
        # Of many, a line each: what a title says before its first comma, and of what stands beside it nothing.
        yield (
            words,
            plain(whole.partition("; ")[0].partition(", ")[0], CUT) if many else plain(whole, QUESTION),
        )


def _parts(material: Material) -> Iterator[FittedFigure]:
    for build, panels in SHOWN:
        yield from _part(build(material), panels)
    if len(material.ordered) <= MANY:
        yield from islice((part for build, panels in LAST for part in _part(build(material), panels)), 1)


def _part(figure: Figure | None, panels: slice) -> Iterator[FittedFigure]:
    if figure is not None:
        yield FittedFigure(figure.title, figure.finding, list(figure.panels[panels]))


def _trust(material: Material) -> Iterator[str]:
    """Say what stands behind the numbers."""
    made = material.manifest
    yield f"{counted(material.worlds, 'world')}, seed {made['seed']}; the same worlds under every contract."
    yield f"{len(invariants())} equalities of minutes and pence held exactly in every run."
    version, inputs = made["versions"]["legalaid-sim"], made["digests"]["inputs"][:12]
    yield f"Version {version}, inputs {inputs}, made {made['made']['stamp']}."
    yield "The whole of it, with every measure, source and assumption, stands in report.html beside this file."
