"""Figures of clauses: what was only left over from before the switch says so in its row and beside its bar."""

from types import SimpleNamespace
from typing import Any

from legalaid_sim.reports.first_world import clauses
from legalaid_sim.results.summary import ClauseRow


def row(clause: str, falls: float, minutes: float) -> ClauseRow:
    none = (None, None)
    return ClauseRow("new", clause, 0, 4, falls, 2.0, 2.0, minutes, *none, 0.0, *none, minutes, *none)


def test_a_clause_that_asked_for_nothing_since_the_switch_says_so() -> None:
    held = [row("form", 9.0, 90.0), row("old_form", 0.0, 60.0), row("nothing", 0.0, 0.0)]
    material: Any = SimpleNamespace(
        clauses={"new": held},
        called={"new": "New"},
        scenario=SimpleNamespace(period=SimpleNamespace(months=12)),
    )
    figure = clauses(material)
    assert figure is not None
    assert [cells[0] for cells in figure.table.rows] == [
        "form",
        "old_form, due from before the switch",
        "nothing",
    ]
    assert [cells[2] for cells in figure.table.rows[1:]] == ["0.0", "0.0"]
    assert figure.panels[0].label.count("from before") == 1
    assert "old form 1.0 h, unpaid, from before" in figure.panels[0].label
