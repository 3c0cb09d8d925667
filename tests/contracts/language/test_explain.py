"""Explaining: contracts in plain English, keys, codes, facts, pay against hours."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel

from legalaid_sim.authoring.checking import check_text
from legalaid_sim.authoring.explaining import explain_word, nearest_word
from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.analysis.paycurve import Reading, dead_zones
from legalaid_sim.contracts.kinds.registry import KINDS
from legalaid_sim.contracts.language.english import block_in_english, in_english
from legalaid_sim.contracts.language.english.curve import curves_in_text
from legalaid_sim.contracts.language.load import (
    compile_resolved,
    library_names,
    load_contract,
    load_terms,
    read_sound,
    resolve_document,
)
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.schema.contract import Example
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.diagnostics.codes import codes
from legalaid_sim.diagnostics.shape import kinds_of, shape_at
from legalaid_sim.measures.matters import LEAST
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
      hourly rates. It is measured at profit 65.35 an hour. Earned when the matter is closed. The
      day the matter was opened picks the version. Disbursements at most 400.00, unless there is
      prior authority; what is above it is not paid.

What is asked
  form: duty
      When a matter is opened: 18 minutes of an adviser and 12 minutes of admin staff, unpaid.

What names stand for
  fee (GBP per matter)
      157.00 from 2013-04-01, 223.00 from 2025-12-22.
"""
    )


def test_every_kind_of_block_has_its_english() -> None:
    rooms = ("payments", "taxes", "duties", "permissions", "standards", "controls", "adjustments", "cash")
    kinds = set()
    for room in rooms:
        shape = shape_at(Contract, (room, 0))
        assert shape is not None
        kinds.update(kinds_of(shape.type))
    assert kinds == set(KINDS)


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
    assert "work.hours.<heading>" in text
    assert "told only: nobody reviews files in a run" in " ".join(text.split())


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


def fields_below(model: type[BaseModel], path: str) -> Iterator[tuple[str, str]]:
    """Every key under a model, by its path, with what is said of it."""
    for name, field in model.model_fields.items():
        here = f"{path}.{field.alias or name}"
        yield here, field.description or ""
        shape = shape_at(model, (name,))
        item = shape_at(model, (name, 0))
        inner = (shape.model if shape else None) or (item.model if item else None)
        if inner is not None and "Source" not in inner.__name__:
            yield from fields_below(inner, here)


@pytest.mark.parametrize(
    ("path", "said"), list(fields_below(Example, "examples")), ids=lambda text: text[:40]
)
def test_every_key_of_a_worked_example_is_explained(path: str, said: str) -> None:
    shown = " ".join((explain_word(path) or "").split())
    assert said, path
    assert " ".join(said.split()) in shown


def test_the_index_names_only_what_can_be_explained() -> None:
    index = explain_word("topics") or ""
    assert index == explain_word("kinds") == explain_word("blocks")
    words = [
        word.strip(",:") for line in index.splitlines() if line.startswith("  ") for word in line.split()
    ]
    assert {"payments.fixed_fee", "taxes.tax", "CT400", "admin.share", "civil-scheme", "clients"} <= set(
        words
    )
    for word in words:
        assert word in library_names() or explain_word(word), word
    for kind in kinds_of(shape_at(Contract, ("payments",)).type.__args__[0]):  # type: ignore[union-attr]
        assert f"payments.{kind}" in words


EVENTS = """kind: contract
schema_version: 1
contract: events
title: Every event that an example may tell, with every key that explain names
term: {starts: 2026-04-01, months: 24}
payments:
  - {id: fee, kind: fixed_fee, amount: 100.00, escape: {over: 200.00, pays: on_assessment, rates: {profit: 50.00}}}
  - {id: part, kind: staged_fee, hit: sum, earned: on_stage, stages: [{stage: first, amount: 40.00}]}
  - {id: paid_out, kind: disbursements}
duties:
  - {id: form, kind: duty, falls_on: matter_opened, minutes: {admin: 5}}
cash: [{id: monthly, kind: variable_monthly, pays_for: all}]
examples:
  - name: Two months
    given: {matters: [{ref: A, opened: 2026-04-02}]}
    when:
      - {on: 2026-04-03, work_done: {ref: A, profit_minutes: 60, travel_hours: 1, adviser: someone}}
      - {on: 2026-04-04, stage_reached: {ref: A, stage: first}}
      - {on: 2026-04-05, disbursement: {ref: A, kind: disbursements, net: 30.00, vat: 6.00, units: 1}}
      - {on: 2026-04-06, event_happened: {ref: A, event: hearing, times: 2}}
      - {on: 2026-04-20, matter_closed: {ref: A, outcome: resolved}}
      - {on: 2026-04-30, month_ended: {closed: 1, clients_seen: 1, sessions: 0, minutes: {profit: 60}}}
      - {on: 2026-05-01, matter_opened: {ref: B, opened: 2026-05-01}}
      - {on: 2026-05-20, matter_closed: {ref: B}}
      - {on: 2026-05-31, month_ended: {closed: 1}}
    then:
      earned: {A: 170.00, B: 100.00}
      burden_minutes: {form: 10}
      cash_by: {2026-04-30: 0.00, 2026-12-31: 270.00}
"""


def test_an_example_written_from_explain_alone_passes_and_sums_cash_by_date() -> None:
    found = check_text(EVENTS, "f.yaml").problems
    assert [p for p in found if p.code == "CT400"] == []


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("A: 170.00", "A: 171.00", "it is made of: part 40.00, fee 100.00, paid_out 30.00"),
        ("form: 10", "form: 11", "it is made of: form 10"),
        ("2026-12-31: 270.00", "2026-12-31: 271.00", "monthly 100.00"),
    ],
)
def test_a_failing_example_says_what_the_figure_is_made_of(right: str, wrong: str, told: str) -> None:
    (failed,) = [p for p in check_text(EVENTS.replace(right, wrong), "f.yaml").problems if p.code == "CT400"]
    assert told in (failed.help or "")


@pytest.mark.parametrize("word", ["coc", "COC", "own adviser", "same adviser"])
def test_a_measure_is_found_by_what_readers_call_it(word: str) -> None:
    assert (explain_word(word) or "").startswith("continuity.coc\n")


def test_no_word_of_no_measure_is_explained_as_one() -> None:
    assert explain_word("penguins") is None


@pytest.mark.parametrize("name", LEAST)
def test_a_measure_says_from_which_difference_on_it_matters_and_that_it_is_assumed(name: str) -> None:
    least = LEAST[name]
    size = f"{100 * least.size:g} % of the baseline's value" if least.of_baseline else f"{least.size:g}"
    assert f"from a difference of {size} on (assumed)" in explain_word(name)


ESCAPING = """\
kind: contract
schema_version: 1
contract: fee
title: A fee that is escaped
term: {{starts: 2026-04-01, months: 36}}
payments:
  - {{id: fee, kind: fixed_fee, amount: 180.00, escape: {{over: 600.00, {}}}}}
"""
RATES = "rates: {profit: 60.00}"
REDUCES = "assessment: {outcomes_percent: {reduced: 100}}"


def escaped(more: str, minutes: int = 1200) -> tuple[str, int, int]:
    """Give what is said of an escape, and what a long matter earns at its closing and in all once assessed."""
    resolved = resolve_document(parse(ESCAPING.format(more), "fee.yaml"))
    compiled = compile_resolved(read_sound(resolved), resolved)
    account = Account(compiled, ProviderFacts("x"), date(2026, 4, 1))
    facts = MatterFacts("A", opened=date(2026, 5, 1), closed=date(2026, 6, 1), minutes={"profit": minutes})
    closing = account.closed(facts, date(2026, 6, 1))
    later = account.event("claim_assessed", facts, date(2026, 7, 1), u=(0.5,))
    at_closing = sum(line.pence for line in closing.lines)
    return (
        " ".join(in_english(compiled.contract).split()),
        at_closing,
        at_closing + sum(line.pence for line in later.lines),
    )


@pytest.mark.parametrize(
    ("more", "said", "at_closing", "assessed"),
    [
        (RATES, "nothing more is paid, now or later: no assessment stands here", 18000, 18000),
        (
            f"{RATES}, {REDUCES}",
            "nothing more is paid, and its assessment later can only take off",
            18000,
            18000,
        ),
        (f"pays: all_at_hourly, {RATES}", "the whole matter is paid at hourly rates", 120000, 120000),
        (
            f"pays: all_at_hourly, {RATES}, {REDUCES}",
            "its assessment later can only take off",
            120000,
            102000,
        ),
        (
            f"pays: on_assessment, {RATES}",
            "no assessment stands here, so it is paid in full once",
            18000,
            120000,
        ),
        (
            f"pays: on_assessment, {RATES}, {REDUCES}",
            "paid at hourly rates once the claim is assessed",
            18000,
            102000,
        ),
        (
            "pays: all_at_hourly",
            "no rate stands here for profit, so hours alone never reach it",
            18000,
            18000,
        ),
    ],
)
def test_what_explain_says_of_an_escape_is_what_it_pays(
    more: str, said: str, at_closing: int, assessed: int
) -> None:
    told, *paid = escaped(more)
    assert said.lower() in told.lower()
    assert paid == [at_closing, assessed]


def test_what_a_premium_adds_is_not_called_the_fee() -> None:
    premium = "  - {id: best, kind: continuity_premium, steps: [{at_least_percent: 80, amount: 12.00}]}\n"
    for more, words in (("", "the fee of 180.00 is used up"), (premium, "192.00 with all that comes on top")):
        text = ESCAPING.format(f"pays: flag_only, {RATES}") + more
        assert any(words in problem.message for problem in check_text(text, "fee.yaml").problems)


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            "kind: block_grant, per: month, amount: 3000.00, buys: {hours: 720}",
            "720 hours a year, though the amount is",
        ),
        ("kind: block_grant, amount: 36000.00, buys: {hours: 720}", "720 hours a year, counted"),
        (
            "kind: standing_charge, amount: 10.00, per: month",
            "Earned month by month. The end of the month picks",
        ),
        (
            "kind: fixed_fee, amount: 10.00",
            "Earned when the matter is closed. The day the matter was opened picks",
        ),
    ],
)
def test_what_comes_by_the_month_is_told_by_the_month(block: str, said: str) -> None:
    text = ESCAPING.format("pays: excess").rpartition("  - ")[0] + f"  - {{id: pay, {block}}}\n"
    resolved = resolve_document(parse(text, "pay.yaml"))
    assert said in " ".join(in_english(read_sound(resolved)).split())
