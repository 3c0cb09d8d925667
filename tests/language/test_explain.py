"""Explaining: contracts in plain English, keys, codes, facts, pay against hours."""

from typing import Any

import pytest

from legalaid_sim.authoring.checking import check_text
from legalaid_sim.authoring.explaining import explain_word, nearest_word
from legalaid_sim.contracts.english import block_in_english, in_english
from legalaid_sim.contracts.english.curve import curves_in_text
from legalaid_sim.contracts.english.payments import PAYMENTS
from legalaid_sim.contracts.english.rules import RULES
from legalaid_sim.contracts.load import (
    compile_resolved,
    library_names,
    load_contract,
    load_terms,
    read_sound,
    resolve_document,
)
from legalaid_sim.contracts.paycurve import Reading, dead_zones
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.diagnostics.codes import codes
from legalaid_sim.diagnostics.shape import kinds_of, shape_at
from legalaid_sim.yamlfile import parse

CONTRACT = """# allow CI202: as enacted
kind: contract
schema_version: 1
contract: housing
title: Housing advice
term: {starts: 2026-04-01, months: 36}
categories: [housing]
values:
  fee: {unit: GBP per matter, dated: {2013-04-01: 157.00, 2025-12-22: 223.00}}
payments:
  - id: housing_fee
    kind: fixed_fee
    title: Standard fee
    applies_to: {category: housing}
    dated_by: matter_opened
    amount: {value: fee}
    escape: {over: 669.00, pays: all_at_hourly, rates: {profit: 65.35}}
    limits: {disbursements: {at_most: 400.00, unless: prior_authority}}
    source: {title: worked example, status: fictional}
duties:
  - id: form
    kind: duty
    falls_on: matter_opened
    minutes: {adviser: 18, admin: 12}
"""


def terms() -> Any:
    resolved = resolve_document(parse(CONTRACT, "housing.yaml"))
    return compile_resolved(read_sound(resolved), resolved)


def test_a_contract_reads_as_english() -> None:
    assert in_english(terms().contract) == (
        """\
Housing advice (housing)
From 2026-04-01 for 36 months, amounts in GBP.
Categories: housing.

What is paid
  housing_fee: Standard fee  [fictional]
      For matters where category is housing: 157.00 from 2013-04-01, 223.00 from 2025-12-22 a
      matter, whatever the work. When profit comes to more than 669.00, the whole matter is paid at
      hourly rates. Earned when the matter is closed. The day the matter was opened picks the
      version. Disbursements at most 400.00, unless there is prior authority; what is above it is
      not paid.

What is asked
  form: duty
      When a matter is opened: 18 minutes of an adviser and 12 minutes of admin staff, unpaid.
"""
    )


def test_every_kind_of_block_has_its_english() -> None:
    rooms = ("payments", "taxes", "duties", "permissions", "standards", "controls", "adjustments", "cash")
    kinds = set()
    for room in rooms:
        shape = shape_at(Contract, (room, 0))
        assert shape is not None
        kinds.update(kinds_of(shape.type))
    assert kinds == {*PAYMENTS, *RULES}


@pytest.mark.parametrize("name", library_names())
def test_the_whole_library_can_be_explained(name: str) -> None:
    contract = load_contract(name)
    text = in_english(contract)
    for block in (*contract.payments, *contract.duties, *contract.cash):
        assert f"{block.id}: " in text
        said = block_in_english(block, contract)
        assert not said[0].islower()
        assert said.endswith(".")
        assert "None" not in said
        assert "root=" not in said


def test_pay_against_hours_shows_the_dead_zone_and_the_jump() -> None:
    text = curves_in_text(terms(), hours=12)
    assert "housing_fee: pay for a housing matter against hours (opened 2026-04-01, before tax)" in text
    assert "       3    223.00       0.00    196.05       26.95\n" in text
    assert "       4    223.00       0.00    261.40      -38.40  dead zone\n" in text
    assert "      11    718.85      65.35    718.85        0.00\n" in text
    assert "dead zone from 3.4 h to 10.2 h at 223.00" in text
    assert "jump at 10.2 h from 223.00 to 669.84" in text


@pytest.mark.parametrize("name", library_names())
def test_curves_of_the_whole_library_can_be_drawn(name: str) -> None:
    text = curves_in_text(load_terms(name), hours=10)
    assert "against hours" in text or "by itself" in text


def test_a_dead_zone_is_a_stretch_of_equal_pay_after_something_was_earned() -> None:
    curve = [Reading(m, p) for m, p in [(0, 0), (60, 0), (120, 5), (180, 5), (240, 5), (300, 9), (360, 9)]]
    assert [(z.start, z.end, z.pence, z.open) for z in dead_zones(curve)] == [
        (120, 240, 5, False),
        (300, 360, 9, True),
    ]


def test_every_code_is_explained_by_number_and_by_name() -> None:
    for code in codes().values():
        assert code.meaning.split()[0] in (explain_word(code.code) or "")
        assert explain_word(code.name) == explain_word(code.code.lower())


def test_a_key_is_explained_from_the_models() -> None:
    text = explain_word("payments.fixed_fee.escape")
    assert text is not None
    assert "When a matter leaves its fixed fee" in text
    assert "over           needed" in text
    assert "pays           default flag_only" in text
    assert "one of: all_at_hourly, excess," in (explain_word("payments.fixed_fee.escape.pays") or "")
    assert "default 6" in (explain_word("scenario.period.lead_in_months") or "")


def test_facts_are_listed() -> None:
    text = explain_word("facts")
    assert text is not None
    assert "matter.fee_code" in text
    assert "work.hours.<name>" in text


def test_an_unknown_word_gives_the_nearest() -> None:
    assert explain_word("payments.fixed_fe.escape") is None
    assert nearest_word("payments.fixed_fe.escape") == "payments.fixed_fee"
    assert nearest_word("civil-scem") == "civil-scheme"


def test_the_explained_example_is_what_check_finds() -> None:
    assert [p.code for p in check_text(CONTRACT, "f.yaml").problems] == ["CI201"]


def test_a_default_that_is_a_group_of_keys_is_shown() -> None:
    text = explain_word("payments.outcome_payment")
    assert text is not None
    assert "default {closing_percent: 100, proof_percent: 0}" in text
