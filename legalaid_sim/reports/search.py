"""What the terminal shows of a search: what becomes of the best terms in worlds that did not choose them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from legalaid_sim.experiments.search.relived import shrinkage
from legalaid_sim.reports.columns import wrapped
from legalaid_sim.reports.comparison import set_out
from legalaid_sim.reports.console import shown_path
from legalaid_sim.reports.numbers import number, signed, spread
from legalaid_sim.units import counted

if TYPE_CHECKING:
    from legalaid_sim.experiments.search.searching import Found

LEGEND = (
    "gain: from the contract as it is, in the same fresh worlds, with an interval that holds for all points and "
    "goals together; in the search: in the worlds that chose the point, which flatters it"
)


def render_search(found: "Found") -> str:
    """Show a search: terms that hold in fresh worlds with what they gain, those that do not, how much was luck."""
    goals, best = ", ".join(map(str, found.goals)), len(found.relived)
    head = f"{counted(found.tried, 'point')} tried for {goals}; {best} that no other beats, lived again in "
    failed = f"; {found.failed} could not be lived" if found.failed else ""
    head += f"{found.fresh} fresh worlds: {len(found.choices)} hold{failed}"
    parts = [wrapped(head), "\n".join(_terms(found)), _table(found), wrapped(LEGEND), "\n".join(_luck(found))]
    if found.choices:
        parts.append(f"contracts in {shown_path(found.folder / 'better')}")
    return "\n\n".join(part for part in parts if part)


def _terms(found: "Found") -> Iterator[str]:
    yield "as it is"
    yield from (f"  {axis} = {value}" for axis, value in zip(found.axes, found.now))
    for each in found.choices:
        yield found.files[each.values].stem
        yield from (f"  {axis} = {value}" for axis, value in zip(found.axes, each.values))
    fallen = [each for each in found.relived if each.fell]
    for why in dict.fromkeys(each.fell for each in fallen):
        dropped = ["(" + ", ".join(map(str, each.values)) + ")" for each in fallen if each.fell == why]
        yield wrapped(f"dropped, {why}: {', '.join(dropped)}")


def _table(found: "Found") -> str:
    from legalaid_sim.measures import REGISTRY

    rows = [["", "", "as it is", "gain", "in the search"]]
    for each in found.choices:
        for goal in found.goals:
            gain, unit = each.gains[goal.measure], REGISTRY[goal.measure].unit
            name = f"{found.files[each.values].stem} {goal}"
            usual = number(found.usual[goal.measure].mean, unit)
            rows.append(
                [name, unit, usual, spread(gain.fresh, unit, sign=True), signed(gain.chosen.mean, unit)]
            )
    return set_out(rows) if len(rows) > 1 else ""


def _luck(found: "Found") -> Iterator[str]:
    """Say, by goal, what the points gained where they were chosen and what is left of it."""
    from legalaid_sim.measures import REGISTRY

    for goal in found.goals:
        both = shrinkage(found.relived, goal.measure)
        if both is not None:
            chosen, fresh = (signed(value, REGISTRY[goal.measure].unit) for value in both)
            yield f"{goal}: {chosen} on average where these points were chosen, {fresh} in fresh worlds"
