"""The figure of advisers' time: a bar a contract of what a week goes on, and what of it was told over all worlds."""

from collections.abc import Sequence
from math import fsum

from legalaid_sim.events import ACTIVITIES
from legalaid_sim.reports import charts
from legalaid_sim.reports.charts import Stack
from legalaid_sim.reports.draw import WIDEST
from legalaid_sim.reports.figure import Figure, Panel
from legalaid_sim.reports.figures import level_panels, means_data, means_table, said
from legalaid_sim.reports.finding import leading
from legalaid_sim.reports.material import Material

BROAD, FULL_TIME = 1000.0, 35
OF_CONTRACT, DUTY = "admin of a contract", "Duty"
# What a bar parts time into, in the order drawn; small ones together.
PARTS: dict[str, tuple[str, ...]] = {
    "advising clients": ("contact",),
    "listening": ("listening",),
    "casework": ("casework",),
    OF_CONTRACT: ("duty",),
    "own admin": ("admin",),
    "supervision, hand-over, travel, missed": ("supervision", "handover", "travel", "missed"),
    "no work": ("idle",),
}
DRAWN = ("time.contact_share", "time.listening_share", "time.duty_share")
TOLD = ("admin.share", "time.contact_share", "time.listening_share")


def activities(material: Material, broad: float = BROAD) -> Figure | None:
    """Draw where adviser time goes, the bars so wide as ``broad``."""
    names = [f"time.{activity}_share" for activity in ACTIVITIES]
    kept = [n for n in names if any((material.means[r][n].mean or 0) > 0 for r in material.ordered)]
    if not kept:
        return None
    kept.sort(key=lambda name: -(material.means[material.baseline][name].mean or 0))
    return Figure(
        "activities", "Where adviser time goes", said(material, _most_told(material)),
        [_week(material, broad), *(_called_as_in_bars(panel) for panel in level_panels(material, DRAWN))],
        means_table(material, kept), means_data(material, kept), kept,
        f"Shares of advisers' time at work, by their own diaries, over the months that count; hours are of a week of "
        f"{FULL_TIME} at work.",
    )  # fmt: skip


def _week(material: Material, broad: float) -> Panel:
    rows = [_bar(material, regime) for regime in material.ordered]
    spoken = "; ".join(
        f"{row.label} {', '.join(f'{name} {words}' for name, words in zip(PARTS, row.words))}" for row in rows
    )
    wide, narrow = (charts.stacks(rows, list(PARTS), width) for width in (broad, WIDEST))
    return Panel("A week of an adviser", wide, f"A week of an adviser: {spoken}", narrow)


def _called_as_in_bars(panel: Panel) -> Panel:
    return panel._replace(heading=f"{panel.heading}: {OF_CONTRACT}") if panel.heading == DUTY else panel


def _bar(material: Material, regime: str) -> Stack:
    shares = [_part(material, regime, held) for held in PARTS.values()]
    return Stack(material.called[regime], shares, [f"{100 * v:.1f}%, {FULL_TIME * v:.1f} h" for v in shares])


def _part(material: Material, regime: str, held: Sequence[str]) -> float:
    return fsum(material.means[regime][f"time.{activity}_share"].mean or 0.0 for activity in held)


def _most_told(material: Material) -> str:
    """Name the measure of time in which a contract differs most of those that are told."""
    found = [each for each in material.contrasts if each.measure in TOLD and each.differs]
    return leading(found).measure if found else DRAWN[0]
