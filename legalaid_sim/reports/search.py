"""What the terminal shows of a search: the contract as it is, and the terms that nothing beats."""

from typing import TYPE_CHECKING

from legalaid_sim.reports.comparison import set_out
from legalaid_sim.reports.console import shown_path
from legalaid_sim.reports.numbers import spread
from legalaid_sim.units import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from legalaid_sim.experiments.search import Found
    from legalaid_sim.experiments.statistics import Estimate


def render_search(found: "Found") -> str:
    """Show a search: one row a point that no other beats in all goals."""
    goals = ", ".join(map(str, found.goals))
    head = f"{counted(found.tried, 'point')} tried for {goals}; {len(found.choices)} that no other beats"
    failed = f"; {found.failed} could not be lived" if found.failed else ""
    rows = [["", "", *found.axes, *(str(goal) for goal in found.goals)]]
    rows.append(["as it is", "", *("" for _ in found.axes), *_cells(found, found.usual)])
    for choice in found.choices:
        values = [str(value) for value in choice.values]
        rows.append([choice.file.stem, "", *values, *_cells(found, choice.estimates)])
    where = f"contracts in {shown_path(found.folder / 'better')}; compare them with: legalaid-sim compare"
    return f"{head}{failed}\n\n{set_out(rows)}\n\nmean ± half the 95 % interval over the worlds\n{where}"


def _cells(found: "Found", estimates: "Mapping[str, Estimate]") -> list[str]:
    from legalaid_sim.measures import REGISTRY

    return [spread(estimates[goal.measure], REGISTRY[goal.measure].unit) for goal in found.goals]
