"""CR: codes that a block lists and its table does not know, and rows of a table that no block reads."""

from collections.abc import Iterator
from typing import Any

from legalaid_sim.contracts.blocks.named import Table
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.vocabulary.conditions import plain_name
from legalaid_sim.diagnostics import did_you_mean
from legalaid_sim.errors import Problem
from legalaid_sim.yamlfile import Path


def check(page: Page) -> Iterator[Problem]:
    """Compare the keys that blocks list with the keys of the tables they read."""
    for placed in page.blocks("payments"):
        yield from _unknown_keys(page, placed)
    for name, table in page.contract.tables.items():
        yield from _rows_never_read(page, name, table)


def _unknown_keys(page: Page, placed: Placed) -> Iterator[Problem]:
    table = page.contract.tables.get(placed.block.table or "")
    if table is None:
        return
    known = _keys(table)
    for path, key in _listed(placed, table.key[0]):
        if known and key not in known:
            message = f"table '{placed.block.table}' has no row '{key}'.{did_you_mean(str(key), known)}"
            yield page.problem("CR045", message, path)


def _rows_never_read(page: Page, name: str, table: Table) -> Iterator[Problem]:
    readers = [placed for placed in page.blocks("payments") if placed.block.table == name]
    read = {key for placed in readers for _, key in _listed(placed, table.key[0])}
    if not read or not all(any(_listed(placed, table.key[0])) for placed in readers):
        return
    keys = _keys(table)
    for number, key in enumerate(keys):
        if key not in read and key not in keys[:number]:
            message = f"no block that reads table '{name}' applies to '{key}'"
            yield page.problem("CR046", message, ("tables", name, "rows", number))


def _listed(placed: Placed, key: str) -> Iterator[tuple[Path, str]]:
    for name, condition in placed.written.get("applies_to", {}).items():
        if plain_name(name) != key:
            continue
        path = (*placed.path, "applies_to", name)
        if isinstance(condition, list):
            yield from (((*path, at), str(one)) for at, one in enumerate(condition))
        elif not isinstance(condition, dict):
            yield path, str(condition)


def _keys(table: Table) -> list[str]:
    if table.file or not table.columns or table.key[0] not in table.columns:
        return []
    at = table.columns.index(table.key[0])
    keys: list[Any] = [row[at] if at < len(row) else None for row in table.rows]
    return [str(key) for key in keys] if all(key not in (None, "") for key in keys) else []
