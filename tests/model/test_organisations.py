"""Organisations: pressure, frozen vacancies, posts closed, closing, several contracts, an area of several."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim import events as e
from legalaid_sim.engine.agency import pressure
from legalaid_sim.measures import measure
from tests.builders.contracts import fixed, hourly, of_blocks
from tests.builders.lives import live
from tests.builders.scenarios import agency, scenario

sums = st.lists(st.integers(0, 10**7), min_size=1, max_size=12)


# ---- pressure


@given(sums, st.data(), st.integers(-(10**8), 10**8), st.floats(0, 12))
def test_pressure_lies_within_bounds_and_falls_with_reserves_and_income(cost, data, reserves, months):
    income = data.draw(st.lists(st.integers(0, 10**7), min_size=len(cost), max_size=len(cost)))
    found = pressure(income, cost, reserves, months)
    assert 0 <= found <= 1
    assert pressure(income, cost, reserves + 10**6, months) <= found + 1e-12
    assert pressure([each + 1000 for each in income], cost, reserves, months) <= found + 1e-12


@given(sums, st.floats(0, 12))
def test_who_earns_their_cost_and_has_reserves_feels_none(cost, months):
    assert pressure(cost, cost, int(sum(cost) * 13), months) == 0


def test_who_earns_nothing_and_has_nothing_feels_it_wholly():
    assert pressure([0, 0], [100, 100], -1000, 3) == 1
    assert pressure([0, 0], [0, 0], -1000, 3) == 0


# ---- shrinking

POOR = {"opening_reserves": -1_000, "may_shrink": True}


def lived(organisation, *terms, months=18, per_week=5, **assumptions):
    advisers = [{"role": "caseworker", "number": 4}]
    given_ = scenario(
        organisation=organisation,
        advisers=advisers,
        months=months,
        run_out=6,
        per_week=per_week,
        assumptions=assumptions,
    )
    return live(given_, *terms)


def test_nothing_shrinks_where_it_may_not():
    log = lived({**POOR, "may_shrink": False}, fixed(1))
    assert log.of(e.PostClosed) == log.of(e.OrganisationClosed) == []
    assert min(month.reserves for month in log.of(e.MonthClosed)) < -10_000_000


def test_who_can_pay_never_shrinks():
    log = lived({"opening_reserves": 10**6, "may_shrink": True}, hourly(200))
    assert log.of(e.PostClosed) == log.of(e.OrganisationClosed) == []


def test_posts_close_one_by_one_and_the_last_stays():
    log = lived(POOR, fixed(1), **{"money.post_closes": 1, "money.house_closes": 1000})
    closed = [each.post for each in log.of(e.PostClosed)]
    assert len(closed) == len(set(closed)) == 3
    reasons = {each.reason for each in log.of(e.AdviserLeft)}
    assert reasons == {"post closed"}


def test_more_patience_with_an_overdraft_closes_fewer_posts():
    def posts(months):
        return len(
            lived(POOR, fixed(1), **{"money.post_closes": months, "money.house_closes": 1000}).of(
                e.PostClosed
            )
        )

    assert posts(1) >= posts(6) > posts(100) == 0


def test_an_organisation_closes_when_it_is_overdrawn_too_far_and_later_where_it_may_be_more():
    def closes(months):
        found = lived(POOR, fixed(1), **{"money.house_closes": months, "money.post_closes": 1000})
        return [each.at for each in found.of(e.OrganisationClosed)]

    assert closes(1)[0] < closes(6)[0]
    assert closes(10_000) == []


@pytest.mark.parametrize(
    "meets",
    [
        {},
        {"allocation": {"first": "pool"}},
        {"appointments": "booked", "allocation": {"own_adviser_patience_days": 0}},
    ],
    ids=["at their own desk", "in a pool", "in whoever's diary"],
)
def test_when_it_closes_its_matters_end_and_nobody_works_there(meets):
    log = lived({**POOR, **meets}, fixed(1), per_week=15, **{"money.house_closes": 1})
    closing = log.of(e.OrganisationClosed)[0]
    ended = [each for each in log.of(e.MatterClosed) if each.reason == "organisation_closed"]
    assert len(ended) == closing.open_matters > 0
    assert {each.at for each in ended} == {closing.at}
    later = [each for each in log.of(e.TurnedAway) if each.at > closing.at]
    assert {each.reason for each in later} == {"closed"}
    assert not [each for each in log.of(e.Spent) if each.at > closing.at + 1]


@pytest.mark.parametrize(
    "way_in",
    [
        {"door": "telephone_gateway"},
        {"door": "appointment"},
        {"allocation": {"first": "pool"}},
        {"allocation": {"caseload_limit": 1}},
        {"appointments": "booked", "allocation": {"own_adviser_patience_days": 0}},
    ],
    ids=["at the telephone", "for an appointment", "in a pool", "on the list", "in a diary"],
)
def test_nobody_waits_on_for_an_organisation_that_has_closed(way_in):
    soon = {"money.house_closes": 1, "door.days_to_appointment": 20}
    log = lived({**POOR, **way_in}, fixed(1), months=3, per_week=60, **soon)
    closing = log.of(e.OrganisationClosed)[0]
    gone = {each.problem: each.at for each in log.of(e.TurnedAway) if each.reason == "closed"}
    asked = {each.problem: each.at for each in log.of(e.Asked) if each.at < closing.at}
    ended = {each.problem for each in log.of(e.MatterClosed) if each.at <= closing.at}
    waiting = set(asked) - ended
    assert waiting
    assert all(gone[problem] <= closing.at + 21 * 1440 for problem in waiting)


def test_vacancies_are_frozen_under_pressure_and_only_there():
    def successors(freeze, may=True):
        organisation = {"opening_reserves": -(10**6), "may_shrink": may}
        numbers = {
            "adviser.leaving_per_month": 0.2, "adviser.vacancy_months": 1, "money.freeze_pressure": freeze,
            "money.post_closes": 1000, "money.house_closes": 10**6,
        }  # fmt: skip
        log = lived(organisation, fixed(1), **numbers)
        return sum(each.vintage > 1 for each in log.of(e.AdviserJoined))

    assert successors(0.1) == 0
    assert successors(1.1) > 0
    assert successors(0.1, may=False) > 0


# ---- several organisations


def area(*terms, own=None, **assumptions):
    agencies = [
        agency("poor", 2, opening_reserves=-1_000, may_shrink=True),
        agency("rich", 4, opening_reserves=10**7, may_shrink=True),
    ]
    given_ = scenario(agencies=agencies, months=18, per_week=10, assumptions={"door.lost": 0, **assumptions})
    return live(given_, *terms, own=own or {})


def test_clients_of_one_that_closes_go_to_the_others():
    log = area(fixed(1), **{"money.house_closes": 1})
    shut = log.of(e.OrganisationClosed)[0]
    assert shut.organisation == "poor"
    moved = {each.client for each in log.of(e.MatterClosed) if each.reason == "organisation_closed"}
    after = {each.client for each in log.of(e.Contact) if each.organisation == "rich" and each.at > shut.at}
    assert moved & after
    assert measure(log)["diversity.organisations_surviving"] == 0.5
    before, later = (
        sum(each.organisation == "rich" and (each.at > shut.at) is late for each in log.of(e.MatterOpened))
        for late in (False, True)
    )
    assert before / shut.at < later / (log.window.closes - shut.at)


def test_where_all_close_there_is_a_desert():
    both = [agency(name, 2, opening_reserves=-1_000, may_shrink=True) for name in ("one", "two")]
    log = live(scenario(agencies=both, months=18, assumptions={"money.house_closes": 1}), fixed(1))
    assert measure(log)["diversity.organisations_surviving"] == 0
    last = max(each.at for each in log.of(e.OrganisationClosed))
    assert not [each for each in log.of(e.Contact) if each.at > last]
    assert measure(log)["access.turned_away_closed"] > 0


def test_people_go_to_the_nearer_more_often():
    def asked(share):
        agencies = [agency("one", 3, share), agency("two", 3, 1.0)]
        log = live(scenario(agencies=agencies))
        return sum(each.organisation == "one" for each in log.of(e.Asked)) / len(log.of(e.Asked))

    assert asked(0.2) < asked(1.0) < asked(5.0)
    assert asked(1.0) == pytest.approx(0.5, abs=0.15)


def test_organisations_may_hold_contracts_of_their_own():
    log = area(fixed(100, name="usual"), own={"rich": (fixed(300, name="better"),)})
    held = {(matter.organisation, matter.contract) for matter in log.of(e.MatterOpened)}
    assert held == {("poor", "usual"), ("rich", "better")}


# ---- several contracts at once

DEBT = """\
payments:
  - id: fee
    kind: fixed_fee
    applies_to: {category: debt}
    earned: on_close
    dated_by: matter_opened
    amount: 100.00
permissions:
  - id: starts
    kind: matter_starts
    allowed: 5
"""


def test_a_second_contract_takes_what_the_first_does_not_allow():
    first, second = of_blocks(DEBT, "first"), fixed(80, name="second")
    log = live(scenario(), first, second)
    held = [matter.contract for matter in log.of(e.MatterOpened)]
    assert held.count("first") == 5
    assert set(held) == {"first", "second"}
    assert log.of(e.TurnedAway) == []


def test_without_a_second_they_are_turned_away():
    log = live(scenario(), of_blocks(DEBT, "first"))
    assert len(log.of(e.MatterOpened)) == 5
    assert {each.reason for each in log.of(e.TurnedAway)} == {"matter_starts"}


GRANT = """\
payments:
  - id: core
    kind: block_grant
    earned: monthly
    dated_by: month_ended
    amount: 60000.00
"""


def test_a_grant_beside_pays_whoever_comes_and_subsidises_the_rest():
    grant = of_blocks(GRANT, "grant")
    alone, beside = live(scenario(), fixed(50)), live(scenario(), fixed(50), grant)
    extra = measure(beside)["money.earned"] - measure(alone)["money.earned"]
    # From 7 January: 25 of the 31 days of its month, and five whole ones that end in the window.
    assert extra == pytest.approx(60_000 / 12 * (25 / 31 + 5), abs=1)
    pressures = [sum(month.pressure for month in log.of(e.MonthClosed)) for log in (alone, beside)]
    assert pressures[1] < pressures[0]


# ---- the books


def test_costs_are_salaries_and_overheads_of_those_in_post():
    log = lived({"overheads_per_adviser": 12_000}, months=12, **{"money.adviser_pay": 24_000})
    spent = {}
    for line in log.of(e.Spent):
        spent.setdefault(line.item, []).append(line.pence)
    # The first month begins on the 7th and has 25 of its 31 days; the last ends on the 6th.
    assert spent == {
        "salaries": [645_161, *[800_000] * 17, 154_839],
        "overheads": [322_581, *[400_000] * 17, 77_419],
    }


def test_other_income_comes_in_by_twelfths():
    log = lived({"other_income": 12_000}, months=12)
    assert [receipt.pence for receipt in log.of(e.Received)] == [80_645, *[100_000] * 17, 19_355]


def test_overheads_of_the_evidence_count_where_none_are_given():
    spent = [
        sum(line.pence for line in lived({}, **{"money.overheads_per_adviser": pounds}).of(e.Spent))
        for pounds in (0, 10_000)
    ]
    assert spent[0] < spent[1]
