"""Mutation testing (DeMillo, Lipton and Sayward 1978): one small fault at a time, and whether the tests see it.

Faults are made by cosmic-ray. What tests a fault is a child of this process, forked before anything of the package is
imported: its importer hands out the module with the fault in it, so nothing is written, and the checkout stays as it
is. Only faults that a test could see in process are tried. A fault with which nothing can be imported is left out of
the score; one that runs ten times longer than all tests take is seen.
"""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
ANSWERED = Path(__file__).with_name("answered.json")
SEED = 1936

# Each operator of the language becomes its neighbour and its opposite; all pairs would say the same more often.
OPERATORS = (
    *(
        f"ReplaceComparisonOperator_{pair}"
        for pair in (
            "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt", "Eq_NotEq", "NotEq_Eq",
            "Is_IsNot", "IsNot_Is",
        )
    ),
    *(
        f"ReplaceBinaryOperator_{pair}"
        for pair in (
            "Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "Pow_Mul", "BitAnd_BitOr",
            "BitOr_BitAnd",
        )
    ),
    "ReplaceUnaryOperator_USub_UAdd",
    "ReplaceUnaryOperator_Delete_Not",
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "NumberReplacer",
    "ZeroIterationForLoop",
)  # fmt: skip


class Group(NamedTuple):
    """Modules that are tried together, by the tests that speak of them; quick tests first.

    ``called_only``: what none of these tests calls is told by number and not tried, for other tests speak of it.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    called_only: bool = False


GROUPS = {
    "statistics": Group(
        (
            "legalaid_sim/experiments/shared/statistics.py",
            "legalaid_sim/experiments/shared/ratios.py",
            "legalaid_sim/experiments/shared/verdicts.py",
        ),
        (
            "tests/experiments/shared/test_statistics.py",
            "tests/experiments/search/test_told_from_noise.py::"
            "test_shares_and_combined_p_values_against_known_ones",
            "tests/test_docstrings.py",
            "tests/experiments/shared/test_verdicts.py",
            "tests/experiments/shared/test_ratios.py",
            "tests/experiments/shared/test_ratios_kept.py",
        ),
    ),
    "measures": Group(
        ("legalaid_sim/measures/*.py",),
        ("tests/test_docstrings.py", "tests/measures"),
    ),
    "pricing": Group(
        (
            # What is told and checked of contracts stands among the tools too, and is not tried.
            "legalaid_sim/contracts/tools/[!chp]*[!g].py",
            "legalaid_sim/contracts/tools/pricing_state.py",
            "legalaid_sim/contracts/pricing/*.py",
            "legalaid_sim/contracts/kinds/payments/*.py",
            "legalaid_sim/contracts/kinds/taxes/*.py",
            "legalaid_sim/contracts/kinds/adjustments/*.py",
        ),
        (
            "tests/test_docstrings.py",
            *(
                f"tests/contracts/{room}"
                for room in ("account", "claimsfile", "kinds", "pricing", "tools", "vocabulary")
            ),
            "tests/contracts/library/test_library_terms.py",
            "tests/contracts/library/test_terms_of_contracts.py",
            # These live in processes of their own, which no fault of this one reaches.
            "--deselect=tests/contracts/kinds/test_new_kind.py",
            "--deselect=tests/contracts/pricing/test_price.py",
        ),
        # What a kind of block says and checks stands in its file too, and is tested with the language.
        called_only=True,
    ),
}


class Mutant(NamedTuple):
    """One fault: what a line says and what it would say, in which function of which module."""

    module: str
    within: str
    operator: str
    occurrence: int
    line: int
    says: str
    would_say: str
    source: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What stays the same of it when lines are added elsewhere."""
        return self.module, self.within, self.says, self.would_say


def modules_of(group: Group) -> list[str]:
    """Name the files of a group."""
    found = (path for pattern in group.modules for path in ROOT.glob(pattern))
    return sorted(path.relative_to(ROOT).as_posix() for path in found if path.name != "__init__.py")


def places_of(module: str) -> list[tuple[str, int, str]]:
    """List the faults that can be made of the functions of a module: an operator, which of its places, where.

    What stands outside of functions is tables and defaults: a test of those could only repeat them.
    """
    import cosmic_ray.plugins
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.ast.ast_query import ASTQuery

    tree = get_ast((ROOT / module).read_text(encoding="utf-8"))
    found = []
    for name in OPERATORS:
        operator = cosmic_ray.plugins.get_operator(f"core/{name}")()
        nodes = (node for node in ast_nodes(tree) for _ in operator.mutation_positions(node))
        found += [
            (name, at, ASTQuery(node).get_definition_name() or "")
            for at, node in enumerate(nodes)
            if _is_done(node)
        ]
    return found


def _is_done(node: Any) -> bool:
    """Say whether a node stands in the body of a function."""
    while node.parent is not None:
        if node.parent.type == "funcdef" and node.parent.children[-1] is node:
            return True
        node = node.parent
    return False


def drawn(places: Sequence[tuple[str, int, str]], share: float, seed: int) -> list[tuple[str, int, str]]:
    """Draw a share of the faults of a module, the same ones every time."""
    return random.Random(seed).sample(list(places), round(len(places) * share))


def mutants_of(module: str, places: Sequence[tuple[str, int, str]]) -> list[Mutant]:
    """Make faults of a module, in the order of its lines."""
    source = (ROOT / module).read_text(encoding="utf-8")
    found = []
    for operator, occurrence, within in places:
        mutated = _mutated(source, operator, occurrence)
        line, says, would_say = _changed(source, mutated)
        found.append(Mutant(module, within, operator, occurrence, line, says, would_say, mutated))
    return sorted(found, key=lambda mutant: (mutant.line, mutant.operator, mutant.occurrence))


def _mutated(source: str, operator: str, occurrence: int) -> str:
    import cosmic_ray.plugins
    from cosmic_ray.mutating import mutate_code

    return str(mutate_code(source, cosmic_ray.plugins.get_operator(f"core/{operator}")(), occurrence))


def _changed(source: str, mutated: str) -> tuple[int, str, str]:
    for line, (old, new) in enumerate(zip(source.splitlines(), mutated.splitlines()), start=1):
        if old != new:
            return line, " ".join(old.split()), " ".join(new.split())
    raise ValueError("a fault that changes nothing")


def answered() -> dict[tuple[str, str, str, str], str]:
    """Give the survivors that nothing can tell from the code, each with the reason why."""
    kept = json.loads(ANSWERED.read_text(encoding="utf-8"))
    return {
        (module, each["within"], each["says"], each["would_say"]): each["because"]
        for module, listed in kept.items()
        for each in listed
    }
