"""What is registered of kinds of payment, and that nobody else knows one by its name."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import legalaid_sim
from legalaid_sim.contracts.kinds.registry import KINDS

PACKAGE = Path(legalaid_sim.__file__).parent
# Words that mean something else as well: kinds of line, headings of costs, what an authority was given up to.
OF_A_BLOCK = {
    f"{name}.kind" for name in ("block", "placed", "p", "one", "other", "paying.block", "block.block")
}
OTHERWISE = {"hourly", "disbursements", "limit"}


def quoted(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def test_nobody_knows_a_kind_by_its_name_but_its_own_file() -> None:
    named = [
        f"{path.relative_to(PACKAGE)}:{line} {text}"
        for path in PACKAGE.rglob("*.py")
        for text, line in quoted(path)
        if text in set(KINDS) - OTHERWISE and path.stem != text
    ]
    # The sample of a block that messages show is of some kind.
    assert [line.split("/")[0] for line in named] == ["diagnostics"], named


def test_no_test_of_a_block_asks_for_a_kind_in_so_many_words() -> None:
    asked = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare) and ast.unparse(node.left) in OF_A_BLOCK
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and part.value in KINDS
    ]
    assert not asked


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_in_the_file_of_its_name_and_is_paid_in_some_way(name: str) -> None:
    kind = KINDS[name]
    assert kind.model.__module__.endswith(f".kinds.{name}")
    assert kind.price or kind.monthly or kind.holds or kind.own_moment
    assert kind.model.__name__ in kind.marks
    assert not kind.is_base or kind.price
