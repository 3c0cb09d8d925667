"""The same agency on the same day, parted by a contract: what is shared, what runs out, what begins anew."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from legalaid_sim import events as e
from legalaid_sim.engine import Phase, Regime, simulate
from legalaid_sim.errors import ScenarioError
from legalaid_sim.experiments.shared.plans import plans_of, with_mechanical
from legalaid_sim.invariants import hold
from legalaid_sim.scenario.regimes import Practice
from tests.builders.contracts import fixed, hourly, of_blocks
from tests.builders.lives import world_of
from tests.builders.scenarios import PROBLEM, agency, scenario

OPENS = date(2008, 7, 1)
HOUSE = Practice()
GRANT = """\
payments:
  - id: grant
    kind: block_grant
    earned: monthly
    amount: 12000.00
    per: contract_year
    buys: {hours: 1200, counted_on: work_done.hours}
    shortfall: {tolerance_percent: 0, recover_at: 10.00}
"""
STARTS = """\
permissions:
  - id: starts
    kind: matter_starts
    per: contract_year
    allowed: 60
    when_used_up: refuse
"""


def town(**changes: Any) -> Any:
    """Six months that all regimes share, then twelve that count."""
    told: dict[str, Any] = {
        "start": "switch",
        "starts": OPENS.isoformat(),
        "lead_in": 6,
        "months": 12,
        "run_out": 6,
        "per_week": 8,
        "problems": {"debt": {**PROBLEM, "days_to_crisis": {"exponential": {"mean": 60}}}},
    }
    return scenario(**{**told, **changes})


def regime(before: Any, after: Any, practice: Practice = HOUSE, starts: date = OPENS) -> Regime:
    """One contract, then another from a day on."""
    return Regime("switched", (after,), practice, starts=starts, before=(Phase((before,)),))


def lived(made: Any, which: Regime, seed: int = 1) -> e.Log:
    log = simulate(world_of(made, seed), made, which)
    hold(log)
    return log


def until(log: e.Log, minute: int) -> list[Any]:
    return [event for event in log if event.at < minute]


def minute_of(made: Any, day: date) -> int:
    return (day - made.period.begins).days * 1440


OLD, NEW = fixed(100, name="old"), hourly(60, name="new")


@pytest.mark.parametrize("starts", [OPENS, date(2008, 9, 1)])
def test_regimes_share_every_record_before_the_switch(starts):
    made = town(
        advisers=[{"number": 3}],
        assumptions={"adviser.leaving_per_month": 0.03, "outcome.return_chance": 0.4},
    )
    alone = lived(made, Regime("old", (OLD,)))
    switched = lived(made, regime(OLD, NEW, Practice(own_adviser_patience_days=0), starts))
    cut = minute_of(made, starts)
    assert until(alone, cut) == until(switched, cut)
    assert list(alone) != list(switched)
    (changed,) = switched.of(e.ContractChanged)
    assert changed == (cut, "agency", "old", "new")


def test_a_switch_to_the_same_contract_changes_nothing():
    made = town()
    assert list(lived(made, Regime("old", (OLD,)))) == list(lived(made, regime(OLD, fixed(100, name="old"))))


def test_matters_in_hand_run_out_on_their_own_account():
    made = town()
    log = lived(made, regime(OLD, NEW))
    cut = minute_of(made, OPENS)
    opened = {event.matter: event for event in log.of(e.MatterOpened)}
    assert {opened[name].contract for name in opened} == {"old", "new"}
    for event in opened.values():
        assert event.contract == ("old" if event.at < cut else "new")
    for line in log.of(e.Entitled):
        assert line.contract == opened[line.matter].contract
    late = [line for line in log.of(e.Entitled) if line.contract == "old" and line.at >= cut]
    assert late
    earned, paid = Counter(), Counter()
    for line in log.of(e.Entitled):
        earned[line.contract] += line.pence
    for payment in log.of(e.Paid):
        paid[payment.contract] += payment.pence
    # With half a year to run out, everything is paid on both.
    assert paid == earned


def test_what_was_bought_by_the_year_is_settled_on_the_day_it_ends():
    made = town(per_week=1)
    log = lived(made, regime(of_blocks(GRANT, "old"), NEW))
    cut = minute_of(made, OPENS)
    lines = [line for line in log.of(e.Entitled) if line.contract == "old"]
    months = [line.pence for line in lines if line.pence > 0]
    assert months == [100_000] * len(months)
    assert all(line.at <= cut for line in lines)
    (settled,) = [line for line in lines if line.at == cut and line.pence < 0]
    worked = sum(
        contact.core + contact.listening + contact.retelling
        for contact in log.of(e.Contact)
        if contact.at < cut
    ) + sum(work.minutes for work in log.of(e.Work) if work.activity == "casework" and work.at < cut)
    # The grant's year runs from January: six months that have ended by the last day of June, 100 hours each.
    bought = 6 * 100 * 60
    assert len(months) == 6
    # A matter that is still open has been worked on too; no minute is lost between the months.
    assert settled.pence == -round((bought - worked) * 1000 / 60)


def test_the_day_of_the_switch_is_the_first_of_a_contract_year_with_a_whole_allotment():
    made = town(per_week=20, advisers=[{"number": 6}])
    log = lived(made, regime(OLD, of_blocks(STARTS + "payments:\n" + HOURS, "new")))
    cut = minute_of(made, OPENS)
    opened = [event for event in log.of(e.MatterOpened) if event.contract == "new"]
    year = [event for event in opened if event.at < cut + 365 * 1440]
    assert len(year) == 60
    refused = [turned for turned in log.of(e.TurnedAway) if turned.reason == "matter_starts"]
    assert all(turned.at >= cut for turned in refused)
    # Nothing else turns anybody away: refusals are what was asked for beyond the cap.
    assert {turned.reason for turned in log.of(e.TurnedAway)} == {"matter_starts"}


HOURS = """\
  - id: hours
    kind: hourly
    earned: on_close
    dated_by: matter_opened
    rates: {profit: 60.00}
"""


def test_patience_and_outreach_are_those_of_what_is_in_force():
    made = town(
        advisers=[{"number": 4}],
        per_week=14,
        clients={"days_before_asking": 40},
        organisation={"allocation": {"own_adviser_patience_days": 0}},
    )
    reaching = of_blocks(
        "standards: [{id: out, kind: outreach, shortens_delay_percent: 50}]\npayments:\n" + HOURS, "reaching"
    )
    log = lived(made, regime(OLD, reaching, Practice(own_adviser_patience_days="for_ever")))
    cut = minute_of(made, OPENS)
    onsets = {plan.id: plan for person in world_of(made).people for plan in person.problems}
    for asked in log.of(e.Asked):
        if asked.returning:
            continue
        plan = onsets[asked.problem]
        waited = asked.at - plan.onset
        closed = 7 * 1440
        delay = plan.delay // 2 if plan.onset >= cut else plan.delay
        assert delay - 1 <= waited < delay + closed
    pooled = [h for h in log.of(e.HandOver) if h.reason == "pool"]
    assert pooled
    grace = cut + 60 * 1440
    assert not [h for h in pooled if h.at > grace]


def test_one_organisation_may_change_alone():
    made = town()
    area = scenario(
        agencies=[agency("one"), agency("two")],
        start="own",
        starts="2008-01-01",
        lead_in=3,
        months=6,
        per_week=6,
    )
    cut = date(2008, 3, 1)
    held = Regime(
        "area", (OLD,), own={"one": (OLD,)}, after=(Phase((OLD,), own={"one": (NEW,)}, starts=cut),)
    )
    log = lived(area, held)
    assert [(c.organisation, c.after) for c in log.of(e.ContractChanged)] == [("one", "new")]
    assert {m.contract for m in log.of(e.MatterOpened) if m.organisation == "two"} == {"old"}
    assert made.start == "switch"


def test_the_twin_that_does_not_respond_shares_the_past_as_it_was_lived(tmp_path):
    made = town(respond="effort").model_copy(
        update={"contracts": ["unified-contract-2007", "relational-pilot"]}
    )
    plans = with_mechanical(plans_of(made, tmp_path), made)
    logs = {plan.name: simulate(world_of(made), made, plan.compiled()) for plan in plans}
    cut = minute_of(made, OPENS)
    pasts = [until(log, cut) for log in logs.values()]
    assert all(past == pasts[0] for past in pasts)
    assert len({len(log) for log in logs.values()}) > 1
    responding, mechanical = (logs[plan.name] for plan in plans[:2])
    planned = [(m.matter, m.planned) for m in responding.of(e.MatterOpened) if m.at >= cut]
    assert any(
        opened.planned < opened.needed
        for opened in until(mechanical, cut)
        if isinstance(opened, e.MatterOpened)
    )
    assert all(
        opened.planned == opened.needed for opened in mechanical.of(e.MatterOpened) if opened.at >= cut
    )
    assert planned


def test_a_contract_of_before_is_the_one_named_or_the_first(tmp_path):
    made = town().model_copy(update={"contracts": ["unified-contract-2007", "relational-pilot"]})
    first = plans_of(made, tmp_path)
    assert [[part.contracts[0].name for part in plan.parts] for plan in first] == [
        ["unified-contract-2007", "unified-contract-2007"],
        ["unified-contract-2007", "relational-pilot"],
    ]
    named = plans_of(made.model_copy(update={"before": "tailored-fixed-fees-2005"}), tmp_path)
    assert {plan.before[0].contracts[0].name for plan in named} == {"tailored-fixed-fees-2005"}
    own = plans_of(made.model_copy(update={"start": "own"}), tmp_path)
    assert [plan.parts for plan in own] == [(plan,) for plan in own]
    assert first[0].starts == OPENS
    assert OPENS - timedelta(days=1) > made.period.begins


def test_contracts_named_later_are_not_switched_within_a_month(tmp_path):
    made = town(starts="2008-07-07")
    with pytest.raises(ScenarioError, match=r"first day of a month, and period\.starts is 2008-07-07"):
        plans_of(made, tmp_path, ("unified-contract-2007", "relational-pilot"))
    assert plans_of(made, tmp_path, ("unified-contract-2007",))
