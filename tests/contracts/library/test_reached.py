"""The table of what can happen, held against lives: what is said to happen does, and what is not does not."""

import inspect
from dataclasses import fields
from functools import cache
from importlib import import_module
from inspect import isfunction
from typing import Any

import pytest

from legalaid_sim.contracts.analysis.needs import Need, Unreached, needs_of, unreached
from legalaid_sim.contracts.kinds.kind import nothing
from legalaid_sim.contracts.kinds.payments.limit import Limit
from legalaid_sim.contracts.kinds.registry import KINDS
from legalaid_sim.contracts.language.load import library_names, load_contract
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.vocabulary.words import WORDS, named
from legalaid_sim.diagnostics import validate
from legalaid_sim.yamlfile import parse
from tests.builders.contracts import LONG_HEADER
from tests.builders.scenarios import PROBLEM, scenario
from tests.contracts.library.reaching import Seen, live, scenarios_for, settings, together

NAMES = tuple(library_names())


@cache
def tried(name: str) -> tuple[Contract, Seen, tuple[Unreached, ...]]:
    contract = load_contract(name)
    made = tuple(scenarios_for(contract))
    return contract, together([live(contract, each) for each in made]), unreached(contract, settings(made))


def lost(contract: Contract, found: tuple[Unreached, ...]) -> tuple[list[Need], list[Need]]:
    """Part what a contract needs into what is said to be reached and what is not."""
    paths = {one.path for one in found}
    whole = {one.block for one in found if one.whole}
    out = [need for need in needs_of(contract) if need.path in paths or need.block in whole]
    return [need for need in needs_of(contract) if need not in out], [n for n in out if n.path in paths]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_to_be_reached_is_reached_in_a_life(name: str) -> None:
    contract, seen, found = tried(name)
    reached, _ = lost(contract, found)
    missed = [need.path for need in reached if not seen.met(need)]
    assert missed == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_never_to_be_reached_is_not_reached(name: str) -> None:
    contract, seen, found = tried(name)
    _, out = lost(contract, found)
    alarms = [need.path for need in out if seen.met(need)]
    assert alarms == []
    blocks = {one.block for one in found if one.whole}
    assert not blocks & (seen.paid | seen.fell)


@pytest.mark.parametrize("name", NAMES)
def test_every_payment_that_is_reached_pays_and_every_duty_falls(name: str) -> None:
    contract, seen, found = tried(name)
    gone = {one.block for one in found if one.whole}
    paying = {block.id for block in contract.payments if not isinstance(block, Limit)} - gone
    duties = {block.id for block in contract.duties} - gone
    assert paying - seen.paid == set()
    assert duties - seen.fell == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_life_raises_what_the_table_does_not_hold(name: str) -> None:
    _, seen, _ = tried(name)
    for sort, names in seen.raised.items():
        for each in names:
            word, _ = named(sort, each)  # type: ignore[arg-type]
            assert word is not None, f"{sort} {each}"
            assert word.raised, f"{sort} {each} is said to be told only"


def test_a_word_that_no_run_raises_says_why_and_each_stands_once() -> None:
    assert all(word.needs for word in WORDS if not word.raised)
    assert len({(word.sort, word.name) for word in WORDS}) == len(WORDS)


FIRST = "permissions: [{id: first, kind: priority, order: [{matter.service: in_court}, {category: debt}]}]\n"
HEADS = (
    "payments: [{id: heads, kind: capitation, earned: monthly, amount: 1.00, per: head_year,"
    " heads: {counted_every_years: 3}, must_accept: {applies_to: {category: debt}, unless: conflict}}]\n"
)


@pytest.mark.parametrize(
    ("blocks", "organisation", "facts", "paths"),
    [
        (FIRST, {}, {}, ["permissions.first.order.0"]),
        (FIRST, {}, {"service": {"in_court": 0.3}}, []),
        (
            HEADS,
            {"heads": 900},
            {},
            ["payments.heads.heads.counted_every_years", "payments.heads.must_accept.unless"],
        ),
        (
            HEADS,
            {"heads": 900, "heads_later": {"2008-06-01": 800}},
            {"conflict": {"known": 0.1}},
            [],
        ),
    ],
)
def test_keys_that_wait_for_a_fact_or_a_count_are_told(
    blocks: str, organisation: dict[str, Any], facts: dict[str, Any], paths: list[str]
) -> None:
    made, problems = validate(parse(LONG_HEADER.format(name="test") + blocks), Contract)
    assert made is not None, problems
    given = scenario(organisation=organisation, problems={"debt": {**PROBLEM, "facts": facts}})
    assert [one.path for one in unreached(made, settings([given]))] == paths


FACETS = ("needs", "parts", "circumstances", "work_edges", "inputs", "headings")


@pytest.mark.parametrize("name", KINDS)
def test_whatever_the_file_of_a_kind_says_of_it_is_registered(name: str) -> None:
    kind = KINDS[name]
    file = kind.model.__module__
    said = vars(import_module(file))
    for facet in FACETS:
        made = said.get(facet)
        if isfunction(made) and made.__module__ == file:
            assert getattr(kind, facet) is made
    held = [getattr(kind, entry.name) for entry in fields(kind)]
    registered = {
        one for found in held for one in (found if isinstance(found, tuple) else (found,)) if callable(one)
    }
    source = inspect.getsource(import_module(file))
    for called, made in said.items():
        if getattr(made, "__module__", "") == file and isfunction(made):
            assert made in registered or source.count(called) > 1, called


def test_a_kind_says_what_a_run_must_raise_for_more_than_a_few() -> None:
    assert sum(kind.parts is not nothing for kind in KINDS.values()) > 8
    assert sum(kind.needs is not nothing for kind in KINDS.values()) > 6
