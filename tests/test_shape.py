"""What somebody who reads the package relies on: short files, no circle, one name for one thing."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path

import legalaid_sim

PACKAGE = Path(legalaid_sim.__file__).parent
LONGEST_MODULE, LONGEST_FUNCTION = 400, 60


def name_of(path: Path) -> str:
    return ".".join((PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
        ".__init__"
    )


@cache
def trees() -> dict[str, ast.Module]:
    """Give every module of the package as a tree, by its dotted name."""
    return {
        name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))
    }


def imported(tree: ast.Module, known: frozenset[str]) -> Iterator[str]:
    """Name the modules that a file imports when it runs, at its top or in a function; not what only a checker reads."""
    checked = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.unparse(branch.test)
        for node in ast.walk(branch)
    }
    for node in ast.walk(tree):
        if id(node) in checked:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                part = f"{node.module}.{alias.name}"
                yield part if part in known else node.module


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """Give what is left when files that nothing left points to, or that point to nothing left, are taken away."""
    left = dict(arrows)
    while True:
        aimed = set().union(*left.values()) if left else set()
        loose = [name for name, targets in left.items() if not targets & left.keys() or name not in aimed]
        if not loose:
            return [sorted(left)] if left else []
        for name in loose:
            del left[name]


def test_a_circle_is_found_where_there_is_one() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]


def test_no_file_comes_back_to_itself_by_what_it_imports() -> None:
    known = frozenset(trees())
    front = {PACKAGE.name}
    arrows = {
        name: ({target for target in imported(tree, known) if target in known} - {name} - front)
        for name, tree in trees().items()
        if name not in front
    }
    assert len(list(chain.from_iterable(arrows.values()))) > len(arrows), "imports are not seen at all"
    assert circles(arrows) == []


def test_no_module_is_longer_than_can_be_read_at_a_sitting() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {path: count for path, count in lines.items() if count > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    found = {
        f"{module}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: count for name, count in found.items() if count > LONGEST_FUNCTION} == {}


def test_no_two_classes_share_a_name() -> None:
    homes = defaultdict(list)
    for module, tree in trees().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(module)
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}


def test_nothing_that_a_notebook_shows_is_longer_than_a_line() -> None:
    scenario = legalaid_sim.load_scenario(PACKAGE.parent / "scenarios" / "one-area.yaml")
    world = legalaid_sim.sample(scenario, 1)
    terms = legalaid_sim.load_terms("unified-contract-2007")
    for shown in (scenario, world, terms):
        assert len(repr(shown)) < 200, type(shown)
        assert "\n" not in repr(shown)
