"""Probes that strangers put to check: each a sound contract with one thing in it that nobody can mean.

Each row says what is changed, the code that must speak, and words that name what is wrong or what follows.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from legalaid_sim.authoring.checking import check_file, check_text
from legalaid_sim.contracts.language.load import library_names
from legalaid_sim.errors import ERROR, NOTE, WARNING

SOUND = """\
kind: contract
schema_version: 1
contract: sound
title: A sound contract
term: {starts: 2026-04-01, months: 36}
currency: GBP
categories: [housing, debt]
regions: [london, elsewhere]
values:
  fee:
    dated: {2026-04-01: 157.00, 2028-04-01: 223.00}
    source: {title: x, status: fictional}
tables:
  debts: {columns: [fee_code, fee], rows: [[D1, 90.00]], source: {title: x, status: fictional}}
payments:
  - id: fee   # allow CI201: a flat fee
    kind: fixed_fee
    applies_to: {category: housing}
    amount: {value: fee}
  - id: debt
    kind: fixed_fee
    applies_to: {category: debt}
    table: debts
    amount: {column: fee}
  - id: grant
    kind: block_grant
    earned: monthly
    amount: 60000.00
    buys: {hours: 1000}   # allow CI201: hours bought
  - {id: desk, kind: standing_charge, earned: monthly, amount: 120.00, per: session, sessions: {per_month: 4}}
  - id: premium
    kind: continuity_premium
    steps: [{at_least_percent: 60, amount: 10.00}, {at_least_percent: 90, amount: 60.00}]
  - {id: most, kind: limit, on: {payments: [fee]}, at_most: {amount: 90000.00}}
duties:
  - {id: form, kind: duty, falls_on: matter_opened, minutes: {adviser: 6}, due_days: 14}
  - {id: monthly, kind: return, falls_on: month_ended, due: {day: 20, months_after: 1}, minutes: {per_return: 30}}
standards:
  - {id: own, kind: named_adviser, patience_days: 30}
  - {id: free, kind: discretion, allowed: true}
  - {id: out, kind: outreach, shortens_delay_percent: 20}
controls:
  - {id: resolved, kind: kpi, measure: resolved_share, target: {at_least: 70}}
  - {id: ladder, kind: sanction_ladder, steps: [{at: 1, does: withhold_percent, percent: 10}]}
cash: [{id: variable, kind: variable_monthly}]
examples:
  - name: A matter
    given:
      provider: {region: london}
      matters: [{ref: A, category: housing, opened: 2026-05-01}]
    when:
      - {on: 2026-05-02, work_done: {ref: A, profit_minutes: 300}}
      - {on: 2026-05-30, matter_closed: {ref: A, outcome: resolved}}
    then: {earned: {A: 217.00}}
    source: {title: x, status: fictional}
"""


ROOT = Path(__file__).parents[3]


class Probe(NamedTuple):
    """What is changed into what; the code and words that must come."""

    found: str
    becomes: str
    code: str
    words: str


PROBES = (
    Probe("[housing, debt]", "[housing, debt, housing]", "CV116", "'housing' stands in categories already"),
    Probe(
        "[london, elsewhere]", "[london, elsewhere, london]", "CV116", "'london' stands in regions already"
    ),
    Probe("{region: london}", "{region: wales}", "CT407", "no region 'wales'"),
    Probe("{ref: A, category: housing, o", "{ref: A, category: family, o", "CT407", "no category 'family'"),
    Probe("opened: 2026-05-01", "opened: 2016-05-01", "CT407", "opened before the contract starts"),
    Probe("opened: 2026-05-01", "opened: 2036-05-01", "CT407", "opened after the contract ends"),
    Probe("currency: GBP", "currency: pounds", "CV114", "'pounds' is no currency"),
    Probe("2028-04-01: 223.00", "2028-04-01: -223.00", "CV115", "would owe 223.00"),
    Probe("[D1, 90.00]", "[D1, -90.00]", "CV115", "would owe 90.00"),
    Probe("2026-04-01: 157.00", "2026-04-01: 0.00", "CV117", "'fee' pays 0.00 from 2026-04-01"),
    Probe("{adviser: 6}", "{adviser: 100000}", "CV118", "1,667 hours: 105 percent of a working year"),
    Probe("percent: 20}", "percent: 500}", "CV105", "'500' is out of range"),
    Probe(
        "patience_days: 30}",
        "patience_days: 30}\n  - {id: any, kind: named_adviser, patience_days: 0}",
        "CP321",
        "'own' says: wait 30 days for the own adviser; 'any' says: wait 0 days",
    ),
    Probe(
        "allowed: true}",
        "allowed: true}\n  - {id: bound, kind: discretion, allowed: false}",
        "CP321",
        "leave to depart from procedure is true",
    ),
    Probe(
        "amount: {value: fee}",
        "amount: {by_region: {london: 200.00}}",
        "CV121",
        "there is no value for elsewhere",
    ),
    Probe("{at_least: 70}", "{at_least: 150}", "CP322", "resolved_share is from 0 to 100"),
    Probe(
        "{at_least: 70}}",
        "{at_least: 80}}\n  - {id: few, kind: kpi, measure: resolved_share, target: {at_most: 20}}",
        "CP321",
        "'resolved' and 'few' can never both be met",
    ),
    Probe(
        "  - {id: resolved, kind: kpi, measure: resolved_share, target: {at_least: 70}}\n",
        "",
        "CR047",
        "counts missed kpis, and this contract does not have a kpi",
    ),
    Probe("percent: 10}]", "percent: 300}]", "CV105", "'300' is out of range"),
    Probe("months_after: 1}", "months_after: 60}", "CV122", "is never late"),
    Probe("due_days: 14", "due_days: 10000", "CV122", "10,000 days are 27 years"),
    Probe("{amount: 90000.00}", "{amount: 100.00}", "CP323", "the first matter loses 57.00"),
    Probe("{hours: 1000}", "{hours: 900000}", "CV119", "0.07 each, for the work of 567 full-time posts"),
    Probe("per_month: 4", "per_month: 500", "CV119", "23 every working day, 60,000.00 a month"),
    Probe("90, amount: 60.00", "90, amount: 1.00", "CP324", "reaching more costs 9.00"),
    Probe(
        "values:\n",
        "values:\n  session_min: {amount: 40.00, source: {title: x, status: fictional}}\n",
        "CR048",
        "no block uses the value 'session_min'",
    ),
    Probe("tables:\n", "series: {cpi: {dated: {2026-04-01: 2.0}}}\ntables:\n", "CR048", "the series 'cpi'"),
    Probe("2028-04-01: 223.00", "2038-04-01: 223.00", "CV122", "what holds from 2038-04-01 is never used"),
    Probe("profit_minutes: 300", "profitt_minutes: 300", "CT406", "Did you mean 'profit'?"),
    Probe("profit_minutes: 300", "hours: 5", "CX506", "hours without a heading count as profit"),
    Probe("outcome: resolved}", "outcom: resolved}", "CT406", "Did you mean 'outcome'?"),
    Probe(
        "{category: debt}",
        "{category: debt, matter.colour: blue}",
        "CR049",
        "no matter is 'colour' by itself",
    ),
    Probe("then: {earned", "then: {lines: {fees: 0.00}, earned", "CT406", "Did you mean 'fee'?"),
)


def test_the_contract_that_is_probed_is_sound() -> None:
    assert check_text(SOUND, "f.yaml").problems == ()


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: f"{probe.code} {probe.becomes[:40]}")
def test_check_knows_nonsense(probe: Probe) -> None:
    assert SOUND.count(probe.found) == 1, probe.found
    found = check_text(SOUND.replace(probe.found, probe.becomes), "f.yaml").problems
    said = [p for p in found if p.code == probe.code]
    assert any(probe.words in p.message for p in said), found


def test_a_contract_whose_numbers_come_from_nowhere_is_noted() -> None:
    text = SOUND.replace("source: {title: x, status: fictional}", "").replace(", source: ,", ",")
    text = text.replace("[[D1, 90.00]], }", "[[D1, 90.00]]}")
    assert [p.code for p in check_text(text, "f.yaml").problems] == ["CX505"]


QUIET = (
    "CV116",
    "CV117",
    "CV118",
    "CV119",
    "CV121",
    "CV122",
    "CP321",
    "CP322",
    "CP323",
    "CP324",
    "CP325",
    "CR047",
    "CR048",
    "CR049",
)


@pytest.mark.parametrize("name", library_names())
def test_contracts_that_were_lived_are_not_called_nonsense(name: str) -> None:
    found = [
        p for p in check_file(name).problems if p.severity in (ERROR, WARNING) or p.code[:2] in ("CT", "CX")
    ]
    assert found == []


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.yaml")), ids=lambda path: path.stem)
def test_scenarios_that_were_published_are_not_called_nonsense(path: Path) -> None:
    found = [p for p in check_file(str(path)).problems if p.code in QUIET or p.severity == ERROR]
    assert found == []


def test_gravity_follows_from_whether_it_could_be_meant() -> None:
    from legalaid_sim.diagnostics.codes import codes

    grave = {probe.code for probe in PROBES if codes()[probe.code].severity == ERROR}
    assert grave == {"CV116", "CT407", "CV114", "CV115", "CV105", "CP321", "CV121", "CP322", "CR047", "CT406"}
    assert codes()["CX505"].severity == NOTE
