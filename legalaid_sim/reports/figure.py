"""A figure of the report: charts, one sentence of finding, a table, definitions, and its data to download."""

import csv
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import NamedTuple

from legalaid_sim.measures import REGISTRY, Measure
from legalaid_sim.reports.draw import Drawing, as_file, on_page, shifted, text

ABREAST = 4


class Panel(NamedTuple):
    """One chart of a figure, with its heading, what that says in full, its text alternative, its telephone's form."""

    heading: str
    drawing: Drawing
    label: str = ""
    narrow: Drawing | None = None
    said: str = ""

    @property
    def svg(self) -> str:
        """The markup, safe as it is."""
        label = self.label or self.heading
        if self.narrow is None:
            return on_page(self.drawing, label)
        return on_page(self.drawing, label, "broad") + on_page(self.narrow, label, "narrow")


class FigureTable(NamedTuple):
    """A table: what it shows, its column heads, its rows; the first cell of a row is its head."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Figure:
    """What one section shows. ``measures`` are defined below it; ``data`` is downloaded, its head first.

    ``words`` stand under the charts: of each thing drawn, sentences that say what it is.
    """

    key: str
    title: str
    finding: str
    panels: Sequence[Panel]
    table: FigureTable
    data: Sequence[Sequence[object]]
    measures: Sequence[str] = ()
    note: str = ""
    words: Sequence[tuple[str, Sequence[str]]] = ()

    @property
    def defined(self) -> list[Measure]:
        """The measures that the figure shows, as the registry defines them."""
        return [REGISTRY[name] for name in self.measures]

    @property
    def link(self) -> str:
        """The data as a ``data:`` URI of an RFC 4180 file."""
        return csv_link(self.data)


def below(panels: Sequence[Panel]) -> Drawing:
    """Set panels below one another with their headings, for a telephone."""
    parts, y = [], 0.0
    for panel in panels:
        parts += [text(2, y + 14, panel.heading, size=12), shifted(0, y + 22, panel.drawing.body)]
        y += panel.drawing.height + 34
    return Drawing(max(panel.drawing.width for panel in panels), y, "".join(parts))


def picture_link(figure: Figure, source: str) -> str:
    """Give all charts of a figure on one sheet as a ``data:`` URI of an SVG file; ``source`` says where it is from."""
    parts = [(panel.heading, panel.drawing) for panel in figure.panels]
    drawn = as_file(figure.title, figure.finding, parts, source)
    return f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}"


def csv_link(rows: Iterable[Sequence[object]]) -> str:
    """Give rows as a ``data:`` URI; a quote stands before what a spreadsheet would run as a formula."""
    text = StringIO()
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    return f"data:text/csv;charset=utf-8;base64,{b64encode(text.getvalue().encode()).decode()}"


def _cell(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return repr(value) if isinstance(value, float) else "" if value is None else value


def abreast(names: Sequence[str]) -> list[Sequence[str]]:
    """Part names into rows of as many as stand side by side on a sheet of A4."""
    return [names[start : start + ABREAST] for start in range(0, len(names), ABREAST)] or [()]
