"""Changing contract data: four verbs, dated changes, paths with the nearest match, references that follow."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.contracts.language.changes import ChangeFailed, apply_changes
from legalaid_sim.yamlfile import parse

BASE = parse(
    """
kind: contract
contract: base
values:
  fee: {unit: GBP per matter, dated: {2013-04-01: 157.00, 2025-12-22: 223.00}}
  rate: {by_region: {london: 52.65, elsewhere: {dated: {2011-10-03: 48.24}}}}
payments:
  - id: housing_fee
    kind: fixed_fee
    applies_to: {matter.channel: phone}
    amount: {value: fee}
    escape: {over: 471.00}
  - {id: extra, kind: fixed_fee, exception_to: housing_fee, amount: 10.00}
cash:
  - {id: monthly, kind: variable_monthly, pays_for: [housing_fee, extra]}
""".lstrip()
).data


def changed(*changes: dict[str, Any]) -> dict[str, Any]:
    return apply_changes(BASE, changes)


def test_set_overwrites_a_value() -> None:
    assert (
        changed({"set": "payments.housing_fee.escape.over", "to": 600})["payments"][0]["escape"]["over"]
        == 600
    )


def test_set_may_write_a_key_that_the_language_allows() -> None:
    data = changed({"set": "payments.housing_fee.escape.pays", "to": "excess"})
    assert data["payments"][0]["escape"] == {"over": Decimal("471.00"), "pays": "excess"}


def test_set_finds_keys_that_hold_dots() -> None:
    data = changed({"set": "payments.housing_fee.applies_to.matter.channel", "to": "post"})
    assert data["payments"][0]["applies_to"] == {"matter.channel": "post"}


def test_set_from_a_day_keeps_what_held_before() -> None:
    data = changed({"set": "payments.extra.amount", "to": 12, "from": "2026-10-01"})
    assert data["payments"][1]["amount"] == {"dated": {"1900-01-01": Decimal("10.00"), "2026-10-01": 12}}


def test_set_from_a_day_copies_the_history_of_a_named_value() -> None:
    data = changed({"set": "payments.housing_fee.amount", "to": 240, "from": "2024-10-01"})
    assert list(data["payments"][0]["amount"]["dated"].items()) == [
        ("2013-04-01", Decimal("157.00")),
        ("2024-10-01", 240),
        ("2025-12-22", Decimal("223.00")),
    ]
    assert data["values"]["fee"] == BASE["values"]["fee"]


def test_set_from_a_day_edits_a_named_value_and_each_region() -> None:
    data = changed(
        {"set": "values.fee", "to": 250, "from": "2026-10-01"},
        {"set": "values.rate", "to": {"london": 60}, "from": "2026-10-01"},
    )
    assert data["values"]["fee"]["dated"]["2026-10-01"] == 250
    assert data["values"]["rate"]["by_region"]["london"]["dated"]["2026-10-01"] == 60
    assert data["values"]["rate"]["by_region"]["elsewhere"]["dated"]["2011-10-03"] == Decimal("48.24")


def test_setting_a_named_value_outright_drops_its_history() -> None:
    assert changed({"set": "values.fee", "to": 99})["values"]["fee"] == {
        "unit": "GBP per matter",
        "amount": 99,
    }


def test_add_appends_a_block_or_adds_names_or_makes_the_list() -> None:
    block = {"id": "premium", "kind": "continuity_premium"}
    assert changed({"add": "payments", "block": block})["payments"][-1] == block
    assert changed({"add": "values", "block": {"new": {"amount": 1}}})["values"]["new"] == {"amount": 1}
    assert changed({"add": "controls", "block": {"id": "k", "kind": "kpi"}})["controls"] == [
        {"id": "k", "kind": "kpi"}
    ]


def test_remove_takes_a_block_or_a_key_away() -> None:
    assert [b["id"] for b in changed({"remove": "payments.extra"})["payments"]] == ["housing_fee"]
    assert "escape" not in changed({"remove": "payments.housing_fee.escape"})["payments"][0]


def test_rename_takes_all_references_along() -> None:
    data = changed({"rename": "payments.housing_fee", "to": "hf"}, {"rename": "values.fee", "to": "standard"})
    assert data["payments"][0]["id"] == "hf"
    assert data["payments"][1]["exception_to"] == "hf"
    assert data["cash"][0]["pays_for"] == ["hf", "extra"]
    assert data["payments"][0]["amount"] == {"value": "standard"}
    assert list(data["values"]) == ["standard", "rate"]


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"set": "payments.housing_fe.amount", "to": 1}, "CR037", "payments has no 'housing_fe'"),
        ({"set": "payments.housing_fee.amuont", "to": 1}, "CR037", "payments.housing_fee has no 'amuont'"),
        ({"remove": "controls.audit"}, "CR037", "the contract has no 'controls'"),
        ({"set": "payments.housing_fee.amount"}, "CR040", "'set' needs 'to'"),
        ({"add": "payments"}, "CR040", "'add' needs 'block'"),
        ({"add": "values", "block": {"fee": {}}}, "CR040", "already has 'fee'; use set"),
        ({"add": "payments.extra.amount", "block": {}}, "CR040", "neither a list of blocks nor a map"),
        ({"rename": "values.fee", "to": "rate"}, "CR040", "'rate' is already there"),
        ({"set": "a", "remove": "b"}, "CR040", "this one has set and remove"),
        ({"because": "no verb"}, "CR040", "this one has none of them"),
        ({"set": "values.fee", "to": 1, "form": "x"}, "CR040", "'set' has no 'form'"),
        ({"set": "payments.housing_fee.escape", "to": 1, "from": "2026-01-01"}, "CR040", "already there"),
        ("remove payments", "CR040", "a change is a map"),
        ({"set": "..", "to": 1}, "CR040", "names a path such as"),
    ],
)
def test_a_change_that_cannot_be_made_says_why(change: Any, code: str, words: str) -> None:
    with pytest.raises(ChangeFailed) as caught:
        apply_changes(BASE, [change])
    assert caught.value.code == code
    assert words in str(caught.value)


@given(st.sampled_from(["housing_fee", "extra"]), st.integers(0, 10**6))
def test_what_was_given_is_never_altered(name: str, amount: int) -> None:
    before = parse("x: 1").data | BASE
    changed({"set": f"payments.{name}.amount", "to": amount}, {"remove": f"payments.{name}"})
    assert before["payments"] == BASE["payments"]
    assert len(BASE["payments"]) == 2
