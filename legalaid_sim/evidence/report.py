"""The assumptions register of one scenario, as analytical guidance asks (the UK government's Aqua Book).

Each assumption has an id, a plain description, its basis, value, range and unit, how well it is known, a
quality rating, what it moves, and where it is used. The last is read from the package source, so that it
cannot fall behind.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from legalaid_sim.errors import ResultsError
from legalaid_sim.evidence.register import Parameter, register
from legalaid_sim.scenario.distribution import Distribution
from legalaid_sim.scenario.model import Scenario

PACKAGE = Path(__file__).parent.parent
SETTINGS = "engine.settings"
NEEDS = ("contacts", "contact_minutes", "casework_minutes", "days_between", "days_to_crisis")
OWN_FIELDS = (
    "relational_need", "vulnerability", "patience_days", "several_problems", "days_before_asking",
)  # fmt: skip
NOT_RATED = "not rated"


class RegisterEntry(NamedTuple):
    """One assumption; texts are empty where there is nothing to say.

    ``default`` is the register's value where the scenario says otherwise, ``set_by`` the place where it does.
    ``sensitivity`` is the change of each measure from the low to the high end of the range, by contract.
    """

    id: str
    description: str
    value: str
    unit: str
    low: float | None
    high: float | None
    basis: str
    confidence: str
    rating: str
    drives: str
    used_in: tuple[str, ...]
    default: str = ""
    set_by: str = ""
    sensitivity: tuple[tuple[str, str, float], ...] = ()


Changes = Mapping[str, tuple[tuple[str, str, float], ...]]


def entries(scenario: Scenario, changes: Changes | None = None) -> list[RegisterEntry]:
    """Give the register of a scenario: every parameter, then what it says of its kinds of problem."""
    where = uses()
    known = [
        _entry(scenario, name, parameter, where.get(name, ()), (changes or {}).get(name, ()))
        for name, parameter in register().items()
    ]
    return [*known, *_needs(scenario)]


def _entry(
    scenario: Scenario,
    name: str,
    parameter: Parameter,
    used_in: tuple[str, ...],
    moved: tuple[tuple[str, str, float], ...],
) -> RegisterEntry:
    value, set_by = _resolved(scenario, name, parameter)
    low, high = parameter.range
    return RegisterEntry(
        name, parameter.title, said(value), parameter.unit, low, high, parameter.source, parameter.confidence,
        parameter.rating, parameter.drives, used_in, said(parameter.value) if set_by else "", set_by, moved,
    )  # fmt: skip


def _resolved(scenario: Scenario, name: str, parameter: Parameter) -> tuple[Distribution, str]:
    """Give the value that counts and where the scenario sets it (nothing: the register's value stands)."""
    if name in scenario.assumptions:
        return _as_distribution(scenario.assumptions[name]), f"assumptions.{name}"
    field = name.removeprefix("client.")
    own = getattr(scenario.clients, field) if name.startswith("client.") and field in OWN_FIELDS else None
    if own is not None:
        return _as_distribution(own), f"clients.{field}"
    kinds = scenario.clients.problems
    need = name.removeprefix("problem.")
    given = [kind for kind, held in kinds.items() if need in NEEDS and getattr(held, need) is not None]
    return parameter.value, f"clients.problems ({', '.join(given)})" if given else ""


def _as_distribution(value: float | Distribution) -> Distribution:
    return value if isinstance(value, Distribution) else Distribution(fixed=value)


def _needs(scenario: Scenario) -> Iterator[RegisterEntry]:
    """Give what the scenario itself says its kinds of problem need, on the word of its own sources."""
    sources = "; ".join(scenario.about.sources) or "the scenario names no source"
    for kind, held in scenario.clients.problems.items():
        for need in NEEDS:
            value = getattr(held, need)
            if value is not None:
                usual = register()[f"problem.{need}"]
                yield RegisterEntry(
                    f"clients.problems.{kind}.{need}", f"{usual.title}: {kind}", said(value), usual.unit,
                    None, None, sources, "scenario", NOT_RATED, usual.drives, ("world",),
                )  # fmt: skip


def said(value: Distribution) -> str:
    """Say a distribution in words.

    >>> said(Distribution(fixed=30.0))
    '30'
    >>> said(Distribution.model_validate({"exponential": {"mean": 60}}))
    'exponential, mean 60'
    """
    shape, held = next(iter(value.model_dump(exclude_none=True).items()))
    if shape == "fixed":
        return f"{held:.12g}"
    parts = [f"{name.replace('_', ' ')} {number:.12g}" for name, number in held.items()]
    return ", ".join([shape.replace("_", "-"), *parts])


# Where each parameter is used


@cache
def uses() -> dict[str, tuple[str, ...]]:
    """Give, by parameter, the modules that read it, by its name or as a setting of the engine."""
    files = sorted(PACKAGE.rglob("*.py"))
    trees = {_module(path): ast.parse(path.read_text(encoding="utf-8")) for path in files}
    by_setting = _settings(trees[SETTINGS])
    found = defaultdict[str, set[str]](set)
    for module, tree in trees.items():
        if module.startswith("evidence") or module == SETTINGS:
            continue
        for name in _names(tree, by_setting if module.startswith("engine") else {}):
            found[name].add(module)
    return {name: tuple(sorted(modules)) for name, modules in found.items()}


def _module(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def _settings(tree: ast.Module) -> dict[str, str]:
    """Give, by name of a setting, the parameter that it is read from."""
    read = [node for node in ast.walk(tree) if isinstance(node, ast.AnnAssign) and node.value is not None]
    return {ast.unparse(each.target): name for each in read for name in _constants(each.value or each)}


def _constants(tree: ast.AST) -> set[str]:
    held = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in held if isinstance(value, str) and value in register()}


def _names(tree: ast.Module, by_setting: Mapping[str, str]) -> set[str]:
    """Give the parameters that a module names, or reads as settings."""
    read = {
        by_setting[node.attr]
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in by_setting and _holds_settings(node.value)
    }
    return _constants(tree) | read


def _holds_settings(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "settings") or (
        isinstance(node, ast.Attribute) and node.attr.lstrip("_") == "settings"
    )


# What each parameter moves


def changes_in(folder: Path) -> Changes:
    """Read from a sensitivity folder how each measure changes from low to high, by parameter.

    Raises:
        ResultsError: where the folder holds no sensitivity results.
    """
    import json

    file = folder / "sensitivity.json"
    try:
        held: Any = json.loads(file.read_text(encoding="utf-8"))
        parameters = held["parameters"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        words = "there are no sensitivity results; give a folder that `legalaid-sim sensitivity` wrote"
        raise ResultsError(str(file), words) from error
    return {name.removeprefix("assumptions."): _changes(measures) for name, measures in parameters}


def _changes(measures: Mapping[str, Mapping[str, Any]]) -> tuple[tuple[str, str, float], ...]:
    return tuple(
        (measure, contract, effect["mean"]["mean"])
        for measure, contracts in measures.items()
        for contract, effect in contracts.items()
        if effect["mean"]["mean"] is not None
    )
