"""CR: names that lead nowhere, blocks that collide or never apply, categories that nothing pays."""

from collections.abc import Iterator
from typing import Any

from legalaid_sim.contracts.kinds.registry import PAYMENTS
from legalaid_sim.contracts.language.lint.page import walk
from legalaid_sim.contracts.language.lint.reach import (
    can_hold,
    clearly_apart,
    disjoint,
    listed_words,
    ruled_out,
)
from legalaid_sim.contracts.tools.checking import each_known, known_as
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.vocabulary.conditions import FAMILIES, plain_name
from legalaid_sim.contracts.vocabulary.words import of_sort
from legalaid_sim.diagnostics import did_you_mean
from legalaid_sim.errors import Problem
from legalaid_sim.yamlfile import Path

CONDITION_KEYS = frozenset({"applies_to", "not_if", "when"})
PAYMENT_KEYS = frozenset({"exception_to", "pays_for", "not_on"})


def check(page: Page) -> Iterator[Problem]:
    """Find unknown names and facts, double ids, overlaps, blocks that cannot apply, categories never paid."""
    yield from _double_ids(page)
    payments = [block.id for block in page.contract.payments]
    for placed in page.blocks():
        yield from _names(page, placed, payments)
        yield from _facts(page, placed)
        yield from _unreachable(page, placed)
    yield from _overlaps(page)
    yield from _never_paid(page)


def _double_ids(page: Page) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for placed in page.blocks():
        if placed.id in first:
            also = ((page.mark((*first[placed.id], "id")).line, "first here"),)
            message = f"'{placed.id}' is the id of another block already"
            yield page.problem(
                "CR038", message, (*placed.path, "id"), also=also, help="give one of them another id"
            )
        first.setdefault(placed.id, placed.path)


def _names(page: Page, placed: Placed, payments: list[str]) -> Iterator[Problem]:
    contract = page.contract
    for path, found in walk(placed.written, placed.path):
        key = path[-1]
        if isinstance(found, dict) and set(found) == {"value"} and key not in CONDITION_KEYS:
            yield from known_as(page, (*path, "value"), found["value"], list(contract.values), "values")
        if isinstance(found, dict) and isinstance(found.get("column"), str):
            yield from _columns(page, placed, (*path, "column"), str(found["column"]))
        if (key in PAYMENT_KEYS or (path[2:3] == ("steps",) and key == "of")) and found != "all":
            yield from each_known(page, path, found, payments, "payments")
    yield from _table(page, placed)
    yield from _bolt_ons(page, placed)


def _table(page: Page, placed: Placed) -> Iterator[Problem]:
    name = placed.written.get("table")
    if isinstance(name, str):
        yield from known_as(page, (*placed.path, "table"), name, list(page.contract.tables), "tables")


def _bolt_ons(page: Page, placed: Placed) -> Iterator[Problem]:
    for name, bolt_on in (placed.written.get("bolt_ons") or {}).items():
        if not {"amount", "column"} & set(bolt_on):
            message = f"the bolt-on '{name}' needs 'amount', or the 'column' that holds it"
            yield page.problem("CS010", message, (*placed.path, "bolt_ons", name), at_key=True)


def _columns(page: Page, placed: Placed, path: Path, column: str) -> Iterator[Problem]:
    name = placed.written.get("table")
    table = page.contract.tables.get(name) if isinstance(name, str) else None
    if name is None:
        message = "a column is read here, and the block does not name its table"
        yield page.problem("CR042", message, path, help="write table: ... in this block")
    elif table and not table.file and column not in (table.columns or ()):
        message = f"table '{name}' has no column '{column}'.{did_you_mean(column, table.columns or ())}"
        yield page.problem("CR042", message, path, help=f"there is: {', '.join(table.columns or ())}")


def _facts(page: Page, placed: Placed) -> Iterator[Problem]:
    for path, found in walk(placed.written, placed.path):
        asks = path[-1] in CONDITION_KEYS or path[2:3] == ("order",)
        if asks and isinstance(found, dict):
            for name in found:
                yield from unknown_fact(page, (*path, name), name)


def unknown_fact(page: Page, path: Path, name: str) -> Iterator[Problem]:
    """Find a fact that nothing carries, or that is near enough to one that something does."""
    bare = plain_name(name)
    known = [word.name for word in of_sort("fact") if "<" not in word.name]
    if bare in known or bare.startswith(tuple(f"{family}." for family in FAMILIES)):
        return
    close = did_you_mean(bare, [*known, *FAMILIES])
    if "." in bare or (close and not name.startswith("matter.")):
        message = f"no event carries a fact '{name}'.{close}"
        yield page.problem("CR036", message, path, at_key=True, help="explain facts lists them")


def _unreachable(page: Page, placed: Placed) -> Iterator[Problem]:
    declared = {"category": page.contract.categories, "region": page.contract.regions}
    for name, condition in placed.block.applies_to.items():
        known = declared.get(plain_name(name))
        path = (*placed.path, "applies_to", name)
        if known and not can_hold(condition, known):
            here = f"no {plain_name(name)} of this contract fits ({', '.join(known)})"
            message = f"'{placed.id}' can never apply: {here}"
            yield page.problem("CR033", message, path)
        elif not can_hold(condition, None):
            yield page.problem("CR033", f"'{placed.id}' can never apply: nothing fits this condition", path)
    if ruled_out(placed.block.not_if, placed.block.applies_to):
        message = f"'{placed.id}' can never apply: not_if holds wherever applies_to does"
        yield page.problem("CR033", message, (*placed.path, "not_if"), at_key=True)


def _overlaps(page: Page) -> Iterator[Problem]:
    pricing = [p for p in page.blocks("payments") if PAYMENTS[p.kind].is_base and p.block.hit == "one"]
    pricing = [p for p in pricing if not any(_unreachable(page, p))]
    words = [listed_words(p.block.applies_to) for p in pricing]
    for position, later in enumerate(pricing):
        for before in range(position):
            earlier = pricing[before]
            if clearly_apart(words[before], words[position]) or _exempt(earlier, later):
                continue
            if not disjoint(earlier.block, later.block):
                yield _overlap(page, earlier, later)
                break


def _exempt(one: Placed, other: Placed) -> bool:
    return one.id in _exceptions(other) or other.id in _exceptions(one)


def _exceptions(placed: Placed) -> tuple[str, ...]:
    named = placed.block.exception_to
    return (named,) if isinstance(named, str) else tuple(named or ())


def _overlap(page: Page, earlier: Placed, later: Placed) -> Problem:
    shared = later.block.applies_to.get("category", earlier.block.applies_to.get("category"))
    scope = f" (category {_said(shared)})" if shared is not None else ""
    message = f"'{earlier.id}' and '{later.id}' can both pay for the same matter{scope}"
    also = ((page.mark((*earlier.path, "id")).line, "first here"),)
    remedy = f"fix: narrow applies_to, or write exception_to: {earlier.id}, or hit: sum"
    return page.problem("CR031", message, (*later.path, "id"), also=also, help=remedy)


def _said(condition: Any) -> str:
    return ", ".join(map(str, condition)) if isinstance(condition, tuple) else str(condition)


def _never_paid(page: Page) -> Iterator[Problem]:
    paying = [p for p in page.blocks("payments") if not PAYMENTS[p.kind].adds_only]
    if not paying:
        return
    for position, category in enumerate(page.contract.categories):
        if not any(_may_pay(placed, category) for placed in paying):
            message = f"matters of category '{category}' are in this contract and no payment applies to them"
            yield page.problem("CR034", message, ("categories", position))


def _may_pay(placed: Placed, category: str) -> bool:
    conditions = [c for name, c in placed.block.applies_to.items() if plain_name(name) == "category"]
    return all(can_hold(condition, (category,)) for condition in conditions)
