"""The table of what can happen, held against lives: what is said to happen does, and what is not does not."""

from functools import cache

import pytest

from legalaid_sim.contracts.load import library_names, load_contract
from legalaid_sim.contracts.needs import Need, Unreached, needs_of, unreached
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.schema.payments import Limit
from legalaid_sim.contracts.vocabulary import WORDS, named
from tests.library.reaching import Seen, live, scenarios_for, settings, together

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
