"""Keys of contracts that only a life shows: who must be taken, who has won, what clients add, when it is assessed."""

from collections import Counter

import pytest

from legalaid_sim import events as e
from legalaid_sim.invariants import hold
from legalaid_sim.units import add_up
from tests.builders.contracts import of_blocks
from tests.builders.lives import live
from tests.builders.scenarios import PROBLEM, agency, scenario


def lived(made, terms, **how):
    log = live(made, terms, **how)
    hold(log)
    return log


HEADS = """\
payments:
  - id: heads
    kind: capitation
    amount: 12.00
"""
MUST = "    must_accept: {applies_to: {category: debt}}\n"


def test_whom_a_contract_must_accept_waits_and_is_not_turned_away_for_want_of_room():
    made = scenario(
        per_week=12,
        advisers=[{"role": "caseworker", "number": 1}],
        organisation={"heads": 1000, "allocation": {"caseload_limit": 3, "waiting_list_limit": 2}},
    )
    reasons = {}
    for name, blocks in (("may", HEADS), ("must", HEADS + MUST)):
        log = lived(made, of_blocks(blocks))
        reasons[name] = Counter(one.reason for one in log.of(e.TurnedAway))
    assert reasons["may"]["capacity"] > 0
    assert reasons["must"]["capacity"] == 0


TENDER = """\
payments:
  - id: unit
    kind: tendered_price
    award: {method: quality_weighted, price_weight_percent: %d, quality_weight_percent: %d, winners: 1}
    amount: 100.00
"""


@pytest.mark.parametrize(
    ("price", "quality", "winner", "pence"), [(100, 0, "cheap", 10000), (0, 100, "good", 15000)]
)
def test_whose_bid_wins_has_the_matters_and_its_own_price(price, quality, winner, pence):
    made = scenario(
        agencies=[agency("cheap", 2, bid=100, quality=20), agency("good", 2, bid=150, quality=90)],
    )
    log = lived(made, of_blocks(TENDER % (price, quality)))
    assert {opened.organisation for opened in log.of(e.MatterOpened)} == {winner}
    lines = log.of(e.Entitled)
    assert lines
    assert {(line.organisation, line.pence) for line in lines} == {(winner, pence)}
    assert {one.organisation for one in log.of(e.TurnedAway)} == {"cheap", "good"} - {winner}


BUDGET = """\
payments:
  - id: budget
    kind: personal_budget
    grants: {amount: 60.00, per: client}
    spends_on: {price: 60.00, client_may_top_up: %s}
"""


def test_what_clients_add_is_the_agencys_income_and_no_money_of_the_payers():
    made = scenario(problems={"debt": {**PROBLEM, "casework_minutes": 300}})
    spent, received, minutes = {}, {}, {}
    for may in ("true", "false"):
        log = lived(made, of_blocks(BUDGET % may))
        spent[may] = add_up(paid.pence for paid in log.of(e.Paid))
        received[may] = add_up(one.pence for one in log.of(e.Received) if one.item == "clients")
        minutes[may] = add_up(work.minutes for work in log.of(e.Work))
    assert spent["true"] == spent["false"] > 0
    assert received["true"] > received["false"] == 0
    assert minutes["true"] == minutes["false"]


ESCAPING = """\
payments:
  - id: fee
    kind: fixed_fee
    amount: 20.00
    escape:
      over: 60.00
      rates: {profit: 60.00}
      pays: on_assessment
      assessment: {minutes: 5, days: %d, outcomes_percent: {paid_in_full: 100}}
"""


def test_the_days_that_a_contract_gives_its_assessor_are_waited_for():
    made, gaps = scenario(), {}
    for days in (3, 40):
        log = lived(made, of_blocks(ESCAPING % days))
        claimed = {one.matter: one.at for one in log.of(e.Told)}
        assessed = {one.matter: one.at for one in log.of(e.Flagged) if one.flag.startswith("assessment:")}
        assert assessed
        gaps[days] = {(at - claimed[matter]) // 1440 for matter, at in assessed.items()}
    assert gaps == {3: {3}, 40: {40}}
