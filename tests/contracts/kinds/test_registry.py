"""What is registered of kinds of block, and that nobody else knows one by its name."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import legalaid_sim
from legalaid_sim.contracts.kinds.registry import KINDS, LISTS, PAYMENTS

PACKAGE = Path(legalaid_sim.__file__).parent
# Words that mean something else as well: kinds of line, headings of costs, what an adviser's time goes into, reasons.
OTHERWISE = {
    "hourly", "disbursements", "limit", "tax", "duty", "return", "matter_starts", "authority", "scope", "audit",
    "discretion", "outreach",
}  # fmt: skip
LINES = {"e", "entry"}


def texts(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def is_kind(node: ast.AST) -> bool:
    # Lines of a receipt are of kinds of their own.
    return isinstance(node, ast.Attribute) and node.attr == "kind" and ast.unparse(node.value) not in LINES


def asked_by_name(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Give where what has a kind is compared with one in so many words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(map(is_kind, (node.left, *node.comparators))):
            yield from ((node.lineno, text) for text in texts(node) if text in KINDS)


def home(name: str) -> Path:
    return Path(*KINDS[name].model.__module__.split(".")).with_suffix(".py")


def test_nobody_knows_a_kind_by_its_name_but_its_own_file() -> None:
    named = [
        f"{path.relative_to(PACKAGE)}: {text}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for text in texts(ast.parse(path.read_text(encoding="utf-8")))
        if text in set(KINDS) - OTHERWISE and path.relative_to(PACKAGE.parent) != home(text)
    ]
    # The sample of a block that messages show is of some kind.
    assert named == ["diagnostics/saying.py: fixed_fee"], named


def test_no_test_of_a_block_asks_for_a_kind_in_so_many_words() -> None:
    assert list(asked_by_name(ast.parse("if placed.kind in ('kpi', 'other'): pass"))) == [(1, "kpi")]
    asked = [
        f"{path.relative_to(PACKAGE)}:{line} {text}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, text in asked_by_name(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert asked == []


def test_every_list_of_blocks_of_a_contract_has_its_kinds() -> None:
    assert [name for kinds in LISTS.values() for name in kinds] == list(KINDS), "two kinds have one name"
    for room, kinds in LISTS.items():
        for kind in kinds.values():
            assert f".kinds.{room}." in kind.model.__module__
            assert type(kind).__module__.startswith("legalaid_sim.contracts.kinds.")


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_in_a_file_of_its_own_with_what_its_keys_do(name: str) -> None:
    kind = KINDS[name]
    # ``return`` is no name of a file.
    assert kind.model.__module__.rpartition(".")[2] in (name, f"{name}_due")
    own = set(kind.model.__annotations__) - {"kind"}
    assert (kind.model.__name__ in kind.marks) == bool(own)


@pytest.mark.parametrize("name", PAYMENTS)
def test_a_payment_is_paid_in_some_way(name: str) -> None:
    kind = PAYMENTS[name]
    assert kind.price or kind.monthly or kind.holds or kind.own_moment
    assert not kind.is_base or kind.price
