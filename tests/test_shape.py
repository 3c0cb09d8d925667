"""What somebody who reads the package relies on: short files, no circle, one name for one thing."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import legalaid_sim
from tests.test_house import PACKAGE, imports_of, modules

LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_TESTS = 400, 60, 500
# What only a checker reads: an account names who answers for it, and these are told for whom they do.
BACK_FOR_TYPES = {"contracts.account.contract_events": {"contracts.account.account"}}


@cache
def trees() -> dict[str, ast.Module]:
    """Give every module of the package as a tree, by its name within it; the front page is ``__init__``."""
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in modules()
    }


def arrows() -> dict[str, set[str]]:
    """Give what each file imports: at its top, in a function, for types alone. Nothing below reads the front page."""
    files = {".".join((PACKAGE.name, *name.split("."))).removesuffix(".__init__"): name for name in trees()}
    del files[PACKAGE.name]
    return {
        name: {
            files[other]
            for other, _ in imports_of(PACKAGE / f"{name.replace('.', '/')}.py", files)
            if other in files
        }
        - {name}
        - BACK_FOR_TYPES.get(name, set())
        for name in files.values()
    }


def circles(found: dict[str, set[str]]) -> list[list[str]]:
    """Give what is left when files that nothing left points to, or that point to nothing left, are taken away."""
    left = dict(found)
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
    found = arrows()
    assert max(map(len, found.values())) > 1, "imports are not seen at all"
    assert circles(found) == []


def test_no_module_is_longer_than_can_be_read_at_a_sitting() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {path: count for path, count in lines.items() if count > LONGEST_MODULE} == {}


def test_no_file_of_tests_is_of_many_subjects() -> None:
    lines = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for path in Path(__file__).parent.rglob("*.py")
    }
    assert {path: count for path, count in lines.items() if count > LONGEST_TESTS} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    found = {
        f"{module}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: count for name, count in found.items() if count > LONGEST_FUNCTION} == {}


def types_of(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give the names of the types that a module makes, each with what it is: itself, or what it is short for."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name, f"class in line {node.lineno}"
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id[0].isupper() and not target.id.isupper():
            yield target.id, ast.unparse(node.value)  # type: ignore[attr-defined]


def test_no_name_of_a_type_means_two_things() -> None:
    """What is short for the very same may stand twice; a class never, and what is called like one neither."""
    homes: dict[str, dict[str, str]] = defaultdict(dict)
    for module, tree in trees().items():
        for name, what in types_of(tree):
            homes[name][module if what.startswith("class") else what] = module
    assert len(homes) > 500, "types are not seen at all"
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}


def test_nothing_that_a_notebook_shows_is_longer_than_a_line() -> None:
    scenario = legalaid_sim.load_scenario(PACKAGE.parent / "scenarios" / "one-area.yaml")
    world = legalaid_sim.sample(scenario, 1)
    terms = legalaid_sim.load_terms("unified-contract-2007")
    for shown in (scenario, world, terms):
        assert len(repr(shown)) < 200, type(shown)
        assert "\n" not in repr(shown)
