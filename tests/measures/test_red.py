"""Whatever tells people of much from people of little vulnerability says that no source stands behind it."""

import ast
from pathlib import Path

from legalaid_sim import events as e
from legalaid_sim.evidence import register
from legalaid_sim.measures import REGISTRY, measure
from legalaid_sim.measures.words import RED
from legalaid_sim.reports import comparison, touched
from tests.builders.logs import story

PACKAGE = Path(comparison.__file__).parents[1]
# Words on single lives or on what the model is, where nobody is set against anybody.
NO_GAP = {
    "authoring", "clients.py", "contracts", "engine", "events", "evidence", "exports", "importing", "scenario",
    "world", "measures/access.py", "measures/words.py", "reports/stress.py",
}  # fmt: skip


def turned(log):
    """Give a log in which whoever was the most vulnerable is the least."""
    records = [
        record._replace(vulnerability=1.0 - record.vulnerability) if isinstance(record, e.Person) else record
        for record in log
    ]
    return e.Log(log.window, records)


def test_it_is_red_in_the_register():
    assert register()["client.vulnerability"].rating == "red"


def test_every_measure_that_moves_with_who_is_vulnerable_is_marked_and_no_other():
    log = story()
    before, after = measure(log), measure(turned(log))
    moved = {name for name in REGISTRY if before[name] != after[name]}
    marked = {name for name, known in REGISTRY.items() if known.label.endswith("(red)")}
    assert moved
    assert moved <= marked
    assert marked == {name for name in REGISTRY if "vulnerable" in REGISTRY[name].meaning}
    assert all(
        REGISTRY[name].meaning == f"{REGISTRY[name].meaning.partition(':')[0]}: {RED}." for name in marked
    )


def told(path):
    """Give the words of a module that speak of the vulnerable, its own notes left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    notes = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
        if isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes
        if "vulnerable" in node.value and " " in node.value
    ]


def test_whatever_module_speaks_of_the_most_vulnerable_says_that_it_is_red():
    found = {}
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        if name not in NO_GAP and name.split("/")[0] not in NO_GAP and told(path):
            found[name] = "RED" in path.read_text(encoding="utf-8")
    assert len(found) >= 4
    assert all(found.values()), found


def test_columns_and_rules_carry_the_mark():
    assert all("(red)" in label for grouping, _, label in comparison.GROUPS if grouping == "vulnerability")
    assert RED in touched.RULE
