"""The first screen says which clause sets what was asked, and says nothing where none does."""

from types import SimpleNamespace
from typing import Any

import pytest

from legalaid_sim.reports.typed_in import typed_in

OWN = {"id": "own_adviser", "kind": "named_adviser", "patience_days": 14}
FORM = {"id": "short_form", "kind": "duty", "minutes": 8}


def material(old: list[dict[str, Any]], new: list[dict[str, Any]], **practice: object) -> Any:
    def regime(name: str, blocks: list[dict[str, Any]], habits: dict[str, object]) -> dict[str, Any]:
        resolved = {
            "standards": [each for each in blocks if each["kind"] == "named_adviser"],
            "duties": [each for each in blocks if each["kind"] == "duty"],
        }
        before = {"name": "before", "resolved": {"standards": [{**OWN, "id": "of_before"}]}}
        phases = [{"contracts": ["before"]}, {"contracts": [name]}]
        contracts = [{"name": name, "resolved": resolved}, before]
        return {"contracts": contracts, "practice": habits, "phases": phases, "itself": 1}

    held = {"old": regime("old", old, {}), "new": regime("new", new, practice)}
    return SimpleNamespace(manifest={"regimes": held}, baseline="old", called={"old": "Old", "new": "New"})


@pytest.mark.parametrize(
    ("old", "new", "measure", "said"),
    [
        ([], [OWN, FORM], "continuity.coc", "“own adviser” of New sets"),
        ([OWN], [], "continuity.coc", "“own adviser” of Old sets"),
        ([{**OWN, "patience_days": 5}], [OWN], "continuity.coc", "“own adviser” of New sets"),
        ([OWN], [{**OWN, "title": "another"}], "continuity.coc", ""),
        ([OWN], [OWN, FORM], "continuity.coc", ""),
        ([OWN], [FORM], "admin.share", "“short form” of New sets"),
        ([], [FORM, {**FORM, "id": "goals"}], "admin.share", "“short form” and 1 more of New set "),
        ([], [OWN, FORM], "access.days_to_first_contact", ""),
    ],
)
def test_a_clause_that_sets_it_is_named(old: Any, new: Any, measure: str, said: str) -> None:
    words = typed_in(material(old, new), "new", measure)
    assert said in words
    assert bool(words) == bool(said)


def test_what_an_agency_does_differently_is_typed_too() -> None:
    words = typed_in(material([], [], own_adviser_patience_days=14), "new", "continuity.coc")
    assert words == "Typed in: “own adviser patience days” of New sets this directly."
