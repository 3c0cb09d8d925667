"""What each key of a contract is said to do, held against what moving it does."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from legalaid_sim.authoring.explaining import explain_word
from legalaid_sim.authoring.jsonschemas import schema_of
from legalaid_sim.contracts.language.load import library_names, load_contract, resolve
from legalaid_sim.contracts.schema import marks
from legalaid_sim.contracts.schema.marks import TOLD, UNHEARD, mark_of, marked_models, unheard  # type: ignore[attr-defined]
from tests.builders.contracts import of_blocks
from tests.builders.scenarios import scenario
from tests.contracts.language.probing import Key, Spot, lived, made, moved, numeric_keys, spots, told

PROBES = Path(__file__).with_name("probes")
WORDS = Path(__file__).parents[2] / "words"
# What no worked example can show: when people come, to whom, and how long an assessor takes.
ONLY_LIVED = {
    ("NamedAdviser", "patience_days"),
    ("Outreach", "shortens_delay_percent"),
    ("Assessment", "days"),
    ("AskedException", "minutes"),
    ("AskedException", "days"),
    ("AskedException", "granted_percent"),
}


def sources() -> Iterator[str]:
    """Contracts with worked examples: those made for it, the words of regimes, and the library but for its largest."""
    yield from (str(path) for path in sorted((*PROBES.glob("*.yaml"), *WORDS.glob("*.yaml"))))
    yield from (name for name in library_names() if name != "civil-scheme")


@cache
def read(name: str) -> tuple[Any, tuple[Any, ...], tuple[Spot, ...]]:
    data = resolve(name).data
    terms = made(data)
    assert terms is not None, name
    return data, told(terms), tuple(spots(terms.contract))


def moves(name: str, spot: Spot) -> bool:
    """Whether moving a number moves anything that the contract answers in its worked examples."""
    data, before, _ = read(name)
    return any(
        told(terms) != before for other in moved(data, spot.path) if (terms := made(other)) is not None
    )


def test_every_key_has_a_mark_and_every_mark_a_key() -> None:
    missing = [
        (model.__name__, name)
        for model in marked_models()
        for name in model.model_fields
        if mark_of(model, name) is None
    ]
    assert missing == []
    named = {model.__name__: model for model in marked_models()}
    bases = {base.__name__: base for model in marked_models() for base in model.__mro__ if base is not object}
    for owner, by_mark in marks.MARKS.items():
        for names in by_mark.values():
            assert set(names.split()) <= set(bases[owner].model_fields), owner  # type: ignore[attr-defined]
    for owner, keys in UNHEARD.items():
        assert all(mark_of(named[owner], each.key) == TOLD for each in keys), owner


def test_each_number_that_is_said_to_act_moves_something_when_it_is_moved() -> None:
    wanted = numeric_keys() - ONLY_LIVED
    acting: set[Key] = set()
    for name in sources():
        for spot in read(name)[2]:
            if spot.key in wanted and spot.key not in acting and moves(name, spot):
                acting.add(spot.key)
    assert wanted - acting == set()


ASKED = "standards: [{id: no, kind: discretion, allowed: false, exceptions: {%s}}]"
LIVED = {
    ("AskedException", "minutes"): ASKED % "minutes: %d, granted_percent: 50",
    ("AskedException", "days"): ASKED % "minutes: 5, days: %d, granted_percent: 50",
    ("AskedException", "granted_percent"): ASKED % "minutes: 5, granted_percent: %d",
    ("NamedAdviser", "patience_days"): "standards: [{id: own, kind: named_adviser, patience_days: %d}]",
    (
        "Outreach",
        "shortens_delay_percent",
    ): "standards: [{id: out, kind: outreach, shortens_delay_percent: %d}]",
    ("Assessment", "days"): "",
}
ESCAPING = """\
payments:
  - {id: fee, kind: fixed_fee, amount: 20.00, escape: {over: 60.00, rates: {profit: 60.00}, pays: on_assessment,
     assessment: {minutes: 5, days: %d}}}
"""


@pytest.mark.parametrize("key", sorted(ONLY_LIVED), ids=".".join)
def test_what_only_a_life_can_show_moves_a_life(key: Key) -> None:
    days_before = {"days_before_asking": {"exponential": {"mean": 30}}}
    tried = scenario(per_week=8, clients=days_before, months=4, run_out=2)
    blocks = LIVED[key] + "\n" + ESCAPING if LIVED[key] else ESCAPING
    few, many = (
        lived(of_blocks(blocks.replace("%d", str(number), 1).replace("%d", "9")), tried) for number in (1, 40)
    )
    assert few != many


def test_what_is_told_only_moves_nothing() -> None:
    quiet = {
        (model.__name__, name)
        for model in marked_models()
        for name in model.model_fields
        if mark_of(model, name) == TOLD
    }
    loud = [
        (name, spot.path)
        for name in sources()
        for spot in read(name)[2]
        if spot.key in quiet and moves(name, spot)
    ]
    assert loud == []


def test_explain_and_the_schema_say_what_a_key_does() -> None:
    text = " ".join((explain_word("payments.personal_budget.spends_on") or "").split())
    assert "price needed; the posted price; paid" in text
    assert "with whom it may be spent; left out: any who holds the contract; permitted" in text
    told = " ".join((explain_word("payments.outcome_payment.outcome") or "").split())
    assert "told only (that a result has lasted is" in told
    budget = schema_of("contract")["definitions"]["Switch"]["properties"]
    assert budget["notice_days"]["description"].endswith("acted on")


@pytest.mark.parametrize("name", library_names())
def test_the_library_writes_nothing_that_is_not_heard(name: str) -> None:
    assert list(unheard(load_contract(name))) == []
