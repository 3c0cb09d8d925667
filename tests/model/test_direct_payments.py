"""Direct payments lived: who holds the money, whom it is taken to, what is spent of it and what goes back."""

from collections import Counter

import pytest

from legalaid_sim import events as e
from legalaid_sim.invariants import check, hold
from legalaid_sim.measures import measure
from legalaid_sim.units import add_up
from tests.builders.contracts import of_blocks
from tests.builders.lives import live
from tests.builders.scenarios import PROBLEM, agency, scenario

BUDGET = """\
payments:
  - id: pay
    kind: personal_budget
    earned: on_close
    grants: {{amount: {amount}, per: {per}}}
    spends_on: {{price: 60.00, per: hour, approved: [{approved}]}}
    switch: {{notice_days: 3, fee: 20.00}}
    unspent: {{returns_to: {to}, after_months: {months}}}
"""
BY_THE_HOUR = """\
payments:
  - id: pay
    kind: hourly
    earned: on_close
    rates: {profit: 60.00}
    time_unit: {minutes: 1, part_unit: up}
"""
# Twelve hours a year of 60 pounds would be 720: these cases take three hours each.
TWO = [agency("one", 2), agency("two", 1, share=3.0)]
LEAVING = {"switching": {"chance": 0.3, "why": "any_meeting"}}


def budget(amount="600.00", per="client_year", approved="", months=12, to="payer"):
    return of_blocks(BUDGET.format(amount=amount, per=per, approved=approved, months=months, to=to))


def lived(terms, **more):
    log = live(scenario(**more), terms)
    hold(log)
    return log


def without_purses(log):
    return [event for event in log if not isinstance(event, e.BudgetMoved | e.Told)]


def pence(log, what):
    return add_up(move.pence for move in log.of(e.BudgetMoved) if move.what == what)


def spent(log):
    return add_up(line.pence for line in log.of(e.Entitled))


@pytest.mark.parametrize("respond", ["none", "effort", "all"])
def test_a_budget_that_nobody_can_spend_up_is_pay_by_the_hour(respond):
    large, hours = (
        lived(terms, agencies=TWO, respond=respond)
        for terms in (budget("9999999.00"), of_blocks(BY_THE_HOUR))
    )
    assert without_purses(large) == without_purses(hours)


def test_nobody_is_taken_on_with_a_budget_of_nothing():
    log = lived(budget("0.00"), agencies=TWO)
    assert log.of(e.MatterOpened) == []
    asked, refused = Counter(), Counter()
    for ask in log.of(e.Asked):
        asked[ask.problem] += 1
    for one in log.of(e.TurnedAway):
        refused[one.problem] += 1
        assert (one.reason, one.clause) == ("budget", "pay")
    assert asked == refused


@pytest.mark.parametrize("per", ["client_year", "client", "matter"])
@pytest.mark.parametrize("more", [{}, {"agencies": TWO}, {"agencies": TWO, "clients": LEAVING}])
def test_what_was_granted_was_spent_has_gone_back_or_is_still_held(per, more):
    log = lived(budget("200.00", per, months=2), months=12, **more)
    granted = Counter(move.client for move in log.of(e.BudgetMoved) if move.what == "granted")
    back = Counter(move.client for move in log.of(e.BudgetMoved) if move.what == "returned")
    assert back
    assert not back - granted
    held = 20000 * (granted - back).total()
    left = pence(log, "granted") - spent(log) - pence(log, "returned")
    assert 0 <= left <= held
    assert left == held or any(back[client] < granted[client] for client in granted)


def test_what_a_client_may_keep_never_goes_back():
    log = lived(budget("200.00", months=1, to="client"))
    assert pence(log, "returned") == 0
    assert pence(log, "granted") >= spent(log) > 0


@pytest.mark.parametrize("per", ["client_year", "matter"])
def test_what_is_not_spent_of_budgets_is_what_was_granted_less_what_the_ledger_drew(per):
    log = lived(budget("200.00", per, months=2), months=12)
    back = {move.client: move.at for move in log.of(e.BudgetMoved) if move.what == "returned"}
    moves = Counter(move.client for move in log.of(e.BudgetMoved) if move.what == "granted")
    # Whoever held one budget in all has drawn of that one.
    once = {client for client in back if moves[client] == 1}
    assert len(once) >= 20
    client_of = {opened.matter: opened.client for opened in log.of(e.MatterOpened)}
    drawn = add_up(line.pence for line in log.of(e.Entitled) if client_of[line.matter] in once)
    alone = e.Log(log.window, [each for each in log.of(e.BudgetMoved) if each.client in once])
    measured = measure(alone)["money.budget_unspent_share"]
    assert measured == pytest.approx(1 - drawn / (20000 * len(once)), abs=1e-12)
    assert 0 < measured < 1
    larger, kept = (
        measure(lived(budget("900.00", per, months=2, to=to), months=12))["money.budget_unspent_share"]
        for to in ("payer", "client")
    )
    assert kept is None
    assert larger > measured


def test_a_larger_budget_turns_fewer_away_and_is_spent_to_a_smaller_share():
    follow = {"debt": {**PROBLEM, "contacts": 4}}
    logs = [
        lived(budget(amount), problems=follow, assumptions={"client.several_problems": 0.9})
        for amount in ("100.00", "300.00", "2000.00")
    ]
    refused = [len(log.of(e.TurnedAway)) for log in logs]
    shares = [spent(log) / pence(log, "granted") for log in logs]
    assert refused[0] > refused[1] >= refused[2] == 0
    assert shares[0] > shares[1] > shares[2]


def test_a_budget_may_be_spent_with_those_on_the_list_only():
    log = lived(budget(approved="one"), agencies=TWO)
    assert {opened.organisation for opened in log.of(e.MatterOpened)} == {"one"}
    assert {(one.organisation, one.reason) for one in log.of(e.TurnedAway)} == {("two", "budget")}
    open_to_all, both = (lived(budget(approved=names), agencies=TWO) for names in ("", "'one', two"))
    assert list(open_to_all) == list(both)


def test_clients_who_choose_go_where_the_queue_is_shortest_and_those_who_hold_nothing_to_the_nearest():
    choice = {"choosing": "shortest_queue"}
    near, chosen = (lived(budget(), agencies=TWO, clients=c, per_week=12) for c in ({}, choice))
    first = [Counter(ask.organisation for ask in log.of(e.Asked)) for log in (near, chosen)]
    # Three in four live near an organisation that has one of the three advisers.
    assert first[0]["two"] > first[0]["one"]
    assert first[1]["one"] > first[1]["two"] > 0

    def waited(log):
        opened = {each.matter: each.at for each in log.of(e.MatterOpened)}
        asked = {}
        for ask in log.of(e.Asked):
            asked.setdefault(ask.problem, ask.at)
        return add_up(each.at - asked[each.problem] for each in log.of(e.MatterOpened)) / len(opened)

    assert waited(chosen) < waited(near)
    fee = of_blocks(BY_THE_HOUR)
    assert list(lived(fee, agencies=TWO, clients=choice)) == list(lived(fee, agencies=TWO))


def test_who_chooses_goes_only_where_the_budget_may_be_spent():
    log = lived(budget(approved="two"), agencies=TWO, clients={"choosing": "shortest_queue"})
    assert {ask.organisation for ask in log.of(e.Asked)} == {"two"}
    assert log.of(e.TurnedAway) == []


def test_who_knows_an_adviser_takes_the_next_problem_to_them_whatever_the_queue():
    more = {"choosing": "shortest_queue", "several_problems": 0.9}
    log = lived(budget("9000.00"), agencies=TWO, clients=more, per_week=12, months=12)
    asked, met = Counter(), {}
    for each in log:
        if isinstance(each, e.Asked) and each.client in met:
            asked[each.organisation == met[each.client]] += 1
        elif isinstance(each, e.Contact):
            met[each.client] = each.organisation
    assert asked[True] >= 50
    assert asked[False] == 0


def test_whoever_leaves_takes_along_what_is_left_and_the_fee_comes_out_of_it():
    more = {"agencies": TWO, "clients": {"switching": {"chance": 1, "why": "any_meeting"}}}
    log = lived(budget("150.00"), problems={"debt": {**PROBLEM, "contacts": 8}}, **more)
    client_of = {opened.matter: opened.client for opened in log.of(e.MatterOpened)}
    drawn, places = Counter(), {}
    for line in log.of(e.Entitled):
        drawn[client_of[line.matter]] += line.pence
        places.setdefault(client_of[line.matter], set()).add(line.organisation)
    assert {2} == {len(each) for each in places.values()}
    assert set(drawn.values()) == {15000}


def test_a_penny_too_much_is_found():
    log = lived(budget("200.00", months=2), months=12)
    worse = [
        event._replace(pence=event.pence + 1)
        if isinstance(event, e.BudgetMoved) and event.what == "returned"
        else event
        for event in log
    ]
    names = {residual.name for residual in check(e.Log(log.window, worse)) if not residual.holds}
    assert any("budgets granted" in name for name in names)
    assert any("more than was granted" in name for name in names)
