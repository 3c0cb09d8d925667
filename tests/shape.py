"""The shape of a checkout as numbers, by what the tests hold it to: ``python -m tests.shape [CHECKOUT …]``."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.test_house import imports_of

LONGEST_MODULE, LONGEST_FUNCTION = 400, 60
Trees = Mapping[str, ast.Module]


def trees_of(package: Path) -> Trees:
    """Give every module of a package as a tree, by its name within it; the front page is ``__init__``."""
    return {
        ".".join(path.relative_to(package).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(package.rglob("*.py"))
    }


def arrows_of(package: Path) -> dict[str, set[str]]:
    """Give what each file imports: at its top, in a function, for types alone. Nothing below reads the front page."""
    files = {
        ".".join((package.name, *name.split("."))).removesuffix(".__init__"): name
        for name in trees_of(package)
    }
    del files[package.name]
    return {
        name: {
            files[other]
            for other, _ in imports_of(package / f"{name.replace('.', '/')}.py", files)
            if other in files
        }
        - {name}
        for name in files.values()
    }


def circular(arrows: Mapping[str, set[str]]) -> list[str]:
    """Give the files that come back to themselves by what they import."""
    found = []
    for name in arrows:
        seen: set[str] = set()
        left = [*arrows[name]]
        while left:
            if (other := left.pop()) not in seen:
                seen.add(other)
                left += arrows[other]
        if name in seen:
            found.append(name)
    return sorted(found)


def long_modules(package: Path) -> dict[str, int]:
    """Give the lines of modules that are too long to be read at a sitting."""
    lines = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in package.rglob("*.py")}
    return {path: count for path, count in lines.items() if count > LONGEST_MODULE}


def long_functions(trees: Trees) -> dict[str, int]:
    """Give the lines of functions that are longer than a screen."""
    found = {
        f"{module}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return {name: count for name, count in found.items() if count > LONGEST_FUNCTION}


def _types_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give the names of the types that a module makes, each with what it is short for; nothing for a class."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name, ""
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id[0].isupper() and not target.id.isupper():
            yield target.id, ast.unparse(node.value)  # type: ignore[attr-defined]


def types_of(trees: Trees) -> dict[str, list[str]]:
    """Give the names of all types, each with the modules in which it means something of its own.

    What is short for the very same may stand twice; a class never, and what is called like one neither.
    """
    homes: dict[str, dict[str, str]] = defaultdict(dict)
    for module, tree in trees.items():
        for name, short_for in _types_in(tree):
            homes[name][short_for or module] = module
    return {name: list(what.values()) for name, what in homes.items()}


def written_from_outside(trees: Trees) -> Iterator[tuple[str, str]]:
    """Give each attribute that a file writes of anything but ``self``: file and ``thing.attribute``."""
    for name, tree in trees.items():
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
                yield name, ast.unparse(node)
            if not isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
                continue
            for target in targets:
                for each in ast.walk(target) if target is not None else ():
                    if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store):
                        owner = ast.unparse(each.value)
                        if owner != "self":
                            yield name, f"{owner}.{each.attr}"


def numbers_of(package: Path) -> dict[str, int]:
    """Count what the tests of shape hold."""
    trees = trees_of(package)
    return {
        "rooms": len({name.split(".")[0] for name in trees if not name.startswith("__")}),
        "modules": len(trees),
        "files in circles of imports, those for types too": len(circular(arrows_of(package))),
        "places of the engine that write what is another's": len(
            list(written_from_outside(trees_of(package / "engine")))
        ),
        "names of types that mean two things": len(
            [name for name, where in types_of(trees).items() if len(where) > 1]
        ),
        "modules of over 400 lines": len(long_modules(package)),
        "functions of over 60 lines": len(long_functions(trees)),
    }


def main(checkouts: list[str]) -> None:
    """Print a row a number, a column a checkout."""
    columns = [numbers_of(Path(each) / "legalaid_sim") for each in checkouts or ["."]]
    for name in columns[0]:
        print(f"{name:50}", *(f"{column[name]:6}" for column in columns))


if __name__ == "__main__":
    main(sys.argv[1:])
