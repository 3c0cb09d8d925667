"""CX: the form that makes every contract read the same: key order, names, titles, sources."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from legalaid_sim.contracts.blocks.common import InOldWords
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.vocabulary.values import Terms
from legalaid_sim.errors import Problem
from legalaid_sim.yamlfile import Path

FIRST = ("id", "kind", "title", "applies_to", "not_if", "earned", "dated_by")
LAST = ("limits", "source")
WITH_LIMITS = ("tax_on", "tax_before")
HEADER = (
    "kind",
    "schema_version",
    "contract",
    "title",
    "short_title",
    "summary",
    "term",
    "currency",
    "rounding",
    "categories",
)
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def check(page: Page) -> Iterator[Problem]:
    """Find keys out of order, names out of form, blocks without a title, numbers without a source."""
    contract = page.contract
    if not KEBAB.fullmatch(contract.contract):
        message = f"a contract is named in small letters with hyphens, not '{contract.contract}'"
        yield page.problem("CX502", message, ("contract",), help=f"fix: {_kebab(contract.contract)}")
    if not contract.title:
        yield page.problem("CX503", "this contract has no title", ("contract",), at_key=True)
    for placed in page.blocks():
        yield from _block(page, placed)
    for room in ("values", "tables", "series"):
        for name, entry in getattr(contract, room).items():
            if entry.source is None:
                message = f"'{name}' does not say where its numbers come from"
                yield page.problem("CX504", message, (room, name), at_key=True, help="write source: {...}")
            if not SNAKE.fullmatch(name):
                yield page.problem("CX502", _snake_case(name), (room, name), at_key=True)


def _block(page: Page, placed: Placed) -> Iterator[Problem]:
    yield from _old_words(page, placed)
    misplaced = out_of_order(list(placed.written))
    if misplaced:
        key, before = misplaced
        message = (
            f"'{key}' comes after '{before}' here; the order is {', '.join(FIRST)}, terms, limits, source"
        )
        yield page.problem("CX501", message, (*placed.path, key), at_key=True)
    if not SNAKE.fullmatch(placed.id):
        yield page.problem("CX502", _snake_case(placed.id), (*placed.path, "id"))
    if not placed.block.title:
        yield page.problem("CX503", f"'{placed.id}' has no title", (*placed.path, "id"))
    if placed.block.source is None:
        message = f"'{placed.id}' does not say where its terms come from"
        yield page.problem(
            "CX504", message, (*placed.path, "id"), help="write source: {title: ..., status: ...}"
        )


def _old_words(page: Page, placed: Placed) -> Iterator[Problem]:
    """Find words that parts of blocks had before they were written as conditions are."""
    yield from _old_in(page, placed.path, placed.block, placed.written)


def _old_in(page: Page, path: Path, found: Any, written: Any) -> Iterator[Problem]:
    if isinstance(found, InOldWords):
        yield from _old(page, path, written, found.OLD)
    if isinstance(found, Terms) and isinstance(written, Mapping):
        for name in type(found).model_fields:
            if name in written:
                yield from _old_in(page, (*path, name), getattr(found, name), written[name])
    elif isinstance(found, tuple) and isinstance(written, list):
        for at, (part, of) in enumerate(zip(found, written)):
            yield from _old_in(page, (*path, at), part, of)


def _old(page: Page, path: Path, written: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[Problem]:
    for old in (word for word in written if word in words):
        message = f"'{old}' is written '{words[old]}' now, as in conditions"
        yield page.problem(
            "CX506", message, (*path, old), at_key=True, help=f"write {words[old]}: {written[old]}"
        )


def out_of_order(keys: Sequence[str]) -> tuple[str, str] | None:
    """Name the first key that stands after one that it should precede, and that one.

    >>> out_of_order(["kind", "id"])
    ('id', 'kind')
    """
    ranks: Mapping[str, int] = {key: rank for rank, key in enumerate(FIRST)}
    last = {key: len(FIRST) + 1 + rank for rank, key in enumerate(LAST)}
    last |= dict.fromkeys(WITH_LIMITS, last["limits"])
    highest, holder = -1, ""
    for key in keys:
        rank = ranks.get(key, last.get(key, len(FIRST)))
        if rank < highest:
            return key, holder
        highest, holder = rank, key
    return None


def _snake_case(name: str) -> str:
    return f"blocks and values are named in small letters with underscores, not '{name}'"


def _kebab(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()).strip("-")


__all__: list[Any] = ["check", "out_of_order"]
