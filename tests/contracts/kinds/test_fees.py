"""Fees of a matter, run from events through an account: what each earns, and when."""

from datetime import date

import pytest

from legalaid_sim.contracts.vocabulary.facts import (
    Line,
)
from legalaid_sim.errors import Refusal
from tests.builders.contracts import AGENCY, CLOSED, OPENED, matter, payment
from tests.contracts.kinds.opened import months, open_, paid

BANDS = """
    - id: phone
      kind: banded_fee
      applies_to: {matter.channel: phone}
      band_by: work.minutes
      bands: [{up_to: 132, amount: 65.00}, {up_to: 899, amount: 150.00}, {from: 900, hourly: 60.00}]
"""


@pytest.mark.parametrize(
    ("minutes", "pence"), [(0, 6500), (132, 6500), (133, 15000), (899, 15000), (900, 90000), (960, 96000)]
)
def test_banded_fee_at_each_edge(minutes: int, pence: int) -> None:
    facts = matter(channel="phone", minutes={"profit": minutes})
    assert payment(BANDS).price(facts, AGENCY).earned == pence


def test_a_count_in_no_band_is_refused_unless_there_is_an_otherwise() -> None:
    text = """
        - {id: sessions, kind: banded_fee, band_by: event.session, bands: [{from: 1, amount: 10.00}]MORE}
    """
    with pytest.raises(Refusal, match=r"event\.session is 0, and no band holds that"):
        payment(text.replace("MORE", "")).price(matter(), AGENCY)
    assert payment(text.replace("MORE", ", otherwise: 2.00")).price(matter(), AGENCY).earned == 200


TRIAGE = """
    - id: triage
      kind: triage
      applies_to: {matter.channel: phone}
      earned: on_event
      amount: 9.50
      answer: {within_minutes: 20, else_no_fee: true}
      determination: {at_most: 12.00, when: out_of_scope}
      passes_on:
        referred_face_to_face: {amount: 15.00, only_if: accepted_by_provider}
        advised_and_closed: {amount: 0.00}
      exempt: [detained]
"""


@pytest.mark.parametrize(
    ("details", "pence"),
    [
        ({"answered_after": 20, "result": "advised_and_closed"}, 950),
        ({"answered_after": 21, "result": "advised_and_closed"}, 0),
        ({"result": "referred_face_to_face"}, 950),
        ({"result": "referred_face_to_face", "accepted_by_provider": True}, 2450),
        ({"result": "referred_face_to_face", "accepted_by_provider": True, "out_of_scope": True}, 1200),
        ({"result": "advised_and_closed", "detained": True}, 0),
    ],
)
def test_triage_pays_each_call_by_its_answer_and_result(details: dict[str, object], pence: int) -> None:
    account = open_(TRIAGE)
    settled = account.event("call_answered", matter(channel="phone"), OPENED, **details)
    assert sum(line.pence for line in settled.lines) == pence == account.outstanding()


def test_a_call_that_does_not_say_how_long_it_waited_was_answered_at_once() -> None:
    account = open_(TRIAGE.replace("within_minutes: 20", "within_minutes: 0"))
    paid_ = [
        sum(
            line.pence
            for line in account.event("call_answered", matter(channel="phone"), OPENED, **told).lines
        )
        for told in ({}, {"answered_after": 0}, {"answered_after": 1})
    ]
    assert paid_ == [950, 950, 0]


def test_triage_refuses_a_wait_that_is_no_number() -> None:
    with pytest.raises(Refusal, match="answered_after is a number of minutes, found 'soon'"):
        open_(TRIAGE).event("call_answered", matter(channel="phone"), OPENED, answered_after="soon")


def test_an_early_end_must_name_a_stage_of_the_ladder() -> None:
    with pytest.raises(Refusal, match="no stage 'three'; there are: one, two"):
        open_(STAGES.replace("disengaged: {stage: one", "disengaged: {stage: three"))


def test_triage_does_not_pay_other_channels() -> None:
    assert open_(TRIAGE).event("call_answered", matter(), OPENED, result="advised_and_closed").lines == ()


STAGES = """
    - id: tribunal
      kind: staged_fee
      earned: on_stage
      stages: [{stage: one, amount: 129.00}, {stage: two, amount: 321.00}]
      ends_early: {disengaged: {stage: one, pays_percent: 50}}
"""


def test_stages_are_paid_as_they_are_reached_and_once() -> None:
    account, facts = open_(STAGES), matter(closed=None)
    assert paid(account.event("stage_reached", facts, OPENED, stage="one")) == {"tribunal": 12900}
    assert paid(account.event("stage_reached", facts, OPENED, stage="one")) == {}
    assert paid(account.event("stage_reached", facts, OPENED, stage="two")) == {"tribunal": 32100}
    facts.closed = CLOSED
    assert paid(account.closed(facts, CLOSED)) == {}
    assert account.receipt(facts).earned == account.earned == 45000


def test_an_early_end_pays_its_share_where_no_stage_was_reached() -> None:
    account, facts = open_(STAGES), matter(outcome="disengaged")
    assert paid(account.closed(facts, CLOSED)) == {"tribunal": 6450}


GRADUATED = """
    - id: trial
      kind: graduated_fee
      combine: COMBINE
      drivers:
        - {by: days, base: {from: 1, amount: 500.00}, then: {from: 3, each: 150.00}}
        - {by: pages, base: {from: 0, amount: 400.00}, then: {from: 80, each: 1.50}}
      uplifts:
        - {when: {defendants: {between: [2, 4]}}, add_percent: 20}
        - {when: {defendants: {at_least: 5}}, add_percent: 30}
"""


@pytest.mark.parametrize(
    ("combine", "counts", "pence"),
    [
        ("max", {"days": 2, "pages": 10}, 50000),
        ("max", {"days": 3, "pages": 10}, 65000),
        ("max", {"days": 1, "pages": 179}, 55000),
        ("sum", {"days": 3, "pages": 80}, 65000 + 40150),
        ("max", {"days": 2, "pages": 0, "defendants": 4}, 60000),
        ("max", {"days": 2, "pages": 0, "defendants": 5}, 65000),
    ],
)
def test_graduated_fee_by_the_larger_driver_with_uplifts(
    combine: str, counts: dict[str, int], pence: int
) -> None:
    made = payment(GRADUATED.replace("COMBINE", combine))
    assert made.price(matter(counts=counts), AGENCY).earned == pence


TIERS = """
    - id: volume
      kind: tiers
      per: contract_year
      tiers: [{up_to: 2, amount: 223.00}, {up_to: 3, amount: 205.00}, {over: 3, amount: 180.00}]
"""


def test_tiers_follow_the_place_in_the_year_and_start_again() -> None:
    account = open_(TIERS)
    day = date(2027, 3, 31)
    earned = [paid(account.closed(matter(str(at)), day))["volume"] for at in range(4)]
    assert earned == [22300, 22300, 20500, 18000]
    assert paid(account.closed(matter("next"), date(2027, 4, 1))) == {"volume": 22300}
    assert account.receipt(matter("3")).earned == 18000


def test_a_slab_pays_every_matter_at_the_tier_reached() -> None:
    account = open_(TIERS.replace("per: contract_year", "per: contract_year\n      style: slab"))
    earned = [paid(account.closed(matter(str(at)), CLOSED))["volume"] for at in range(4)]
    assert earned == [22300, 22300, 3 * 20500 - 2 * 22300, 4 * 18000 - 3 * 20500]
    assert account.earned == 4 * 18000


TENDER = """
    - id: unit
      kind: tendered_price
      unit_of_work: UNIT
      award: {method: pay_as_bid, volume_guarantee_percent: 60, guaranteed_matters: 120}
      amount: 95.00
"""


def test_a_tendered_price_pays_by_the_matter_or_the_hour() -> None:
    made = payment(TENDER.replace("UNIT", "matter"))
    assert made.price(matter(minutes={"profit": 90}), AGENCY).earned == 9500
    assert (
        payment(TENDER.replace("UNIT", "hour")).price(matter(minutes={"profit": 90}), AGENCY).earned == 14250
    )


def test_a_volume_guarantee_makes_up_matters_that_did_not_come() -> None:
    settled = months(open_(TENDER.replace("UNIT", "matter")), 12, closed=5)
    assert [line for one in settled for line in one.lines] == [Line(10, "unit", (72 - 60) * 9500)]
