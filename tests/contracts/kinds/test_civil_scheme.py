"""The civil scheme: published claims to the penny, thresholds and days from both sides, two calculators."""

import csv
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legalaid_sim.contracts.claimsfile.cells import read_pence
from legalaid_sim.contracts.claimsfile.claims import Claim, read_header
from legalaid_sim.contracts.claimsfile.claims import ClaimRow as ClaimRow
from legalaid_sim.contracts.claimsfile.priced import PARTS, PricedClaim
from legalaid_sim.contracts.claimsfile.pricer import Pricer, open_pricer
from legalaid_sim.contracts.language.load import LIBRARY
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.errors import Refusal
from tests.contracts.kinds import civil_boundaries as boundaries
from tests.contracts.kinds import civil_oracle as oracle

CLOSED = date(2026, 8, 20)


@cache
def pricer() -> Pricer:
    return open_pricer("civil-scheme")


@cache
def published() -> dict[str, dict[str, str]]:
    with (LIBRARY / "civil-scheme-claims.csv").open(encoding="utf-8", newline="") as file:
        return {row["record_id"]: row for row in csv.DictReader(file)}


def published_claim(row: dict[str, str]) -> Claim:
    header = read_header(list(row), "civil-scheme-claims.csv")
    return header.claim(ClaimRow(row["record_id"], 2, list(row.values())))


def part(priced: PricedClaim, name: str) -> int:
    return priced.parts[PARTS.index(name)]


EXPECTED_PARTS = {
    "expected_vat_on_fee": "vat",
    "expected_fixed_fee": "fee",
    "expected_disbursements_allowed": "disbursements_allowed",
    "expected_disbursement_vat_allowed": "disbursement_vat_allowed",
}


@pytest.mark.parametrize("record", sorted(published()))
def test_a_published_claim_comes_out_to_the_penny(record: str) -> None:
    row = published()[record]
    priced = pricer().price(published_claim(row))
    assert priced.total == read_pence(row["expected_total"])
    assert {column: part(priced, name) for column, name in EXPECTED_PARTS.items() if row[column]} == {
        column: read_pence(row[column]) for column in EXPECTED_PARTS if row[column]
    }
    assert row["expected_escape"] in ("", str(priced.escape).lower())
    assert row["expected_scheme"] in ("", priced.scheme)


def test_the_published_claims_are_all_there() -> None:
    assert len(published()) == 199


def claim_of(code: str, opened: date, region: str = "", vat: bool | None = False, **more: Any) -> Claim:
    facts = MatterFacts("A", fee_code=code, opened=opened, closed=CLOSED, region=region)
    return Claim(replace(facts, **more), vat)


THRESHOLDS = [(name, row) for name, row in boundaries.rows() if boundaries.has_threshold(row)]


@pytest.mark.parametrize(
    ("name", "row"), THRESHOLDS, ids=[f"{row['fee_code']}-{row['scheme']}" for _, row in THRESHOLDS]
)
def test_escape_needs_a_penny_over_the_threshold(name: str, row: dict[str, Any]) -> None:
    def escapes(over: int) -> bool:
        facts = boundaries.escaping(name, row, over)
        return pricer().price(boundaries.claim_for(row, boundaries.starts(row), **facts)).escape

    assert [escapes(over) for over in (-1, 0, 1)] == [False, False, True]


def test_every_boundary_is_priced_the_same_by_another_calculator() -> None:
    for claim in boundaries.claims():
        assert answer_or_refusal(claim) == oracle_or_refusal(claim), claim


def test_the_examples_at_boundaries_are_fresh() -> None:
    assert boundaries.FILE.read_text(encoding="utf-8") == boundaries.text()


def answer_or_refusal(claim: Claim) -> tuple[int, bool, str] | str:
    try:
        priced = pricer().price(claim)
    except Refusal as refusal:
        return refusal.code
    return priced.total, priced.escape, priced.scheme


def oracle_or_refusal(claim: Claim) -> tuple[int, bool, str] | str:
    try:
        return oracle.answer(claim)[:3]
    except LookupError:
        return "no-version"


def test_each_code_of_the_tables_is_paid_by_some_block() -> None:
    assert sorted(set(pricer().codes)) == oracle.codes()


PENNIES = st.integers(min_value=0, max_value=3_000_00)
COSTS = st.dictionaries(
    st.sampled_from([
        "profit", "counsel", "travel", "waiting", "travel_and_waiting", "detention_travel_waiting",
        "jr_form_filling", "disbursements", "disbursement_vat",
    ]),
    PENNIES,
)  # fmt: skip
COUNTS = st.fixed_dictionaries(
    {"mediation_session": st.integers(min_value=1, max_value=5)},
    optional={
        kind: st.integers(min_value=0, max_value=9) for kind in (*oracle.EVENTS, "substantive_hearing")
    },
)
DAYS = st.dates(min_value=date(2013, 3, 1), max_value=date(2026, 8, 19))


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    return claim_of(
        draw(st.sampled_from(oracle.codes())),
        draw(DAYS),
        draw(st.sampled_from(["london", "elsewhere"])),
        draw(st.booleans()),
        costs=draw(COSTS),
        counts=draw(COUNTS),
        facts=draw(st.sampled_from([{}, {"prior_authority": True}])),
    )


@settings(max_examples=600, deadline=None)
@given(claims())
def test_another_calculator_agrees_on_any_claim(claim: Claim) -> None:
    assert answer_or_refusal(claim) == oracle_or_refusal(claim)


@given(claims())
def test_parts_sum_to_the_total_and_paid_out_money_comes_back(claim: Claim) -> None:
    try:
        priced = pricer().price(claim)
    except Refusal:
        return
    assert sum(priced.parts) == priced.total
    assert priced.total >= part(priced, "disbursements_allowed") + part(priced, "total_limit")
    assert part(priced, "disbursements_allowed") <= claim.facts.costs.get("disbursements", 0)
    assert part(priced, "disbursement_vat_allowed") <= claim.facts.costs.get("disbursement_vat", 0)


@given(claims(), st.integers(min_value=1, max_value=500_00))
def test_more_work_or_more_paid_out_never_lowers_the_price(claim: Claim, more: int) -> None:
    for heading in ("profit", "counsel", "disbursements", "disbursement_vat"):
        costs = {**claim.facts.costs, heading: claim.facts.costs.get(heading, 0) + more}
        before, after = (
            answer_or_refusal(claim),
            answer_or_refusal(Claim(replace(claim.facts, costs=costs), claim.vat_registered)),
        )
        if isinstance(before, str):
            assert after == before
        else:
            assert after[0] >= before[0]  # type: ignore[operator]
            assert after[1] >= before[1]  # type: ignore[operator]


@given(claims())
def test_authority_never_lowers_the_price(claim: Claim) -> None:
    without, with_it = (
        answer_or_refusal(Claim(replace(claim.facts, facts=facts), claim.vat_registered))  # type: ignore[arg-type]
        for facts in ({}, {"prior_authority": True})
    )
    assert with_it == without or with_it[0] > without[0]  # type: ignore[operator]


@given(claims())
def test_the_receipt_earns_what_the_row_says(claim: Claim) -> None:
    try:
        priced = pricer().price(claim)
    except Refusal:
        return
    provider = pricer().registered if claim.vat_registered else pricer().unregistered
    receipt = pricer().terms.receipt(claim.facts, provider)
    assert (receipt.earned, receipt.scheme) == (priced.total, priced.scheme)
    assert sum(step.pence or 0 for step in receipt.steps) == priced.total


def refusal_of(claim: Claim) -> Refusal:
    with pytest.raises(Refusal) as caught:
        pricer().price(claim)
    return caught.value


def test_an_unknown_code_is_refused_with_the_nearest_one() -> None:
    refusal = refusal_of(claim_of("HOUSE", date(2020, 1, 1)))
    assert refusal.code == "not-covered"
    assert refusal.why == "no payment block covers fee code 'HOUSE'; is HOUS meant?"


def test_a_code_in_small_letters_is_not_taken_for_the_code() -> None:
    assert refusal_of(claim_of("hous", date(2020, 1, 1))).why.endswith("is HOUS meant?")


def test_a_case_from_before_the_scheme_is_refused() -> None:
    refusal = refusal_of(claim_of("HOUS", date(2013, 3, 31)))
    assert refusal.code == "no-version"
    assert refusal.why == "'HOUS' has rows from 2013-04-01, none on 2013-03-31"


def test_a_code_that_has_ended_is_refused() -> None:
    refusal = refusal_of(claim_of("IACA", date(2023, 4, 1)))
    assert refusal.why == "'IACA' has rows from 2013-04-01 to 2023-03-31, none on 2023-04-01"


def test_family_work_needs_a_region() -> None:
    refusal = refusal_of(claim_of("FVP110", date(2020, 1, 1)))
    assert refusal.code == "no-row"
    assert refusal.why == "no row of 'FVP110' has region ''"


def test_mediation_needs_a_session() -> None:
    refusal = refusal_of(claim_of("MDAS2B", date(2020, 1, 1)))
    assert refusal.code == "no-band"
    assert refusal.why == "event.mediation_session is 0, and no band holds that"


def test_a_claim_without_a_start_is_refused() -> None:
    facts = MatterFacts("A", fee_code="HOUS", closed=CLOSED)
    assert refusal_of(Claim(facts, False)).code == "missing-date"


def test_a_claim_that_does_not_say_whether_vat_is_charged_is_refused_where_it_matters() -> None:
    refusal = refusal_of(claim_of("HOUS", date(2020, 1, 1), vat=None))
    assert (refusal.code, refusal.rule) == ("missing-input", "in_vat_registered")
    disbursement = claim_of("EDUDIS", date(2020, 1, 1), vat=None, costs={"disbursements": 100})
    assert pricer().price(disbursement).total == 100


def test_authority_lifts_a_limit_on_disbursements_but_not_vat_above_the_rate() -> None:
    costs = {"disbursements": 5000_00, "disbursement_vat": 1500_00}
    held = pricer().price(claim_of("ICASD", date(2013, 4, 1), costs=costs))
    lifted = pricer().price(claim_of("ICASD", date(2013, 4, 1), costs=costs, facts={"prior_authority": True}))
    assert (held.total, lifted.total) == (1920_00, 6000_00)


def test_vat_on_fees_is_worked_out_before_a_total_limit_bites() -> None:
    priced = pricer().price(claim_of("IAXC", date(2025, 12, 22), vat=True, costs={"profit": 3000_00}))
    assert (priced.total, part(priced, "total_limit"), part(priced, "vat")) == (2800_00, -800_00, 600_00)
