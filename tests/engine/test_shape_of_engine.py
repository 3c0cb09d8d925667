"""The engine as a house: nobody writes into what belongs to somebody else, and no part reaches all others."""

import ast
from pathlib import Path

from tests.shape import written_from_outside

ENGINE = Path(__file__).parents[2] / "legalaid_sim" / "engine"
FILES = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(ENGINE.glob("*.py"))}
PACKAGE = "legalaid_sim.engine."


def imported(tree: ast.Module) -> set[str]:
    """Files of the engine that a file imports, within functions and for types too."""
    named = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.removeprefix(PACKAGE) for name in named if name.startswith(PACKAGE)}


# What is written from outside all the same, by file, and why.
OWNED = {
    # The loop of SimPy's ``step``, written out.
    "clock": {"env.now", "event.callbacks"},
    # What was laid down is put where it was.
    "copies": {"setattr(thing, name, value)"},
    # What the contract is told of a matter is the matter's own to write.
    "matter": {"facts.ref", "self.facts.opened", "self.facts.closed", "self.facts.outcome"},
    # The scheduler's own mark on a desk.
    "scheduler": {"desk.flagged"},
}


def test_nobody_writes_into_what_belongs_to_somebody_else() -> None:
    found: dict[str, set[str]] = {}
    for name, what in written_from_outside(FILES):
        found.setdefault(name, set()).add(what)
    assert found == OWNED


def test_no_part_reaches_all_others() -> None:
    """Only what sets a run up and what drives it knows more than half of the parts."""
    parts = {
        name for name, tree in FILES.items() if any(isinstance(node, ast.ClassDef) for node in tree.body)
    }
    knows = {name: len(imported(tree) & parts) for name, tree in FILES.items()}
    assert [name for name, known in knows.items() if known > len(parts) // 2] == ["setup"]
