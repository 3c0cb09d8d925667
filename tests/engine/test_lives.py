"""A life can be copied, parted between contracts, laid down and taken up, at any minute: the bytes stay the same."""

from datetime import date
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legalaid_sim.engine import Regime, simulate, simulate_each
from legalaid_sim.engine.life import Simulation
from legalaid_sim.engine.month_end import month_ends
from legalaid_sim.engine.simulate import differ_on
from legalaid_sim.events import Log
from legalaid_sim.experiments.shared.plans import plans_of, with_mechanical
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.units import MINUTES_PER_DAY
from legalaid_sim.world import World, sample
from tests.builders.lives import digest
from tests.builders.scenarios import small
from tests.oracle import BOOKED, BRINGING, SCENARIOS

MADE = {
    # Contracts that reach out differently, keep money back, audit, and are responded to; dates that wait for nobody.
    "switched": small(
        clients__problems={
            "debt": {"share": 2, "date": {"days": {"uniform": {"low": 0, "high": 60}}, "at": "court"}},
            "housing": {"follow_ons": {"debt": 0.3}, "date": {"share": 0.3, "days": 40}},
        },
        period={"starts": "2009-04-01", "months": 4, "lead_in_months": 3, "run_out_months": 2},
        start="switch",
        respond="all",
        organisation__door="appointment",
        organisation__may_shrink=True,
        contracts=["unified-contract-2007", "relational-pilot", "standard-civil-contract-2010"],
    ),
    # Diaries: slots given up, filled again, tired of; advisers who fall ill and leave.
    "booked": small(
        **{**BOOKED["booked"], "contracts": ["unified-contract-2007", "relational-pilot"], "start": "switch"}
    ),
    # Sessions, tenders, budgets of clients, disbursements claimed in stages.
    "brought": small(**{**BRINGING["brought-and-asked-for"], "start": "switch"}),
}


@cache
def set_up(name: str) -> tuple[Scenario, World, list[Regime]]:
    made = MADE[name]
    plans = with_mechanical(plans_of(made, SCENARIOS), made)
    return made, sample(made, 1), [plan.compiled() for plan in plans]


@cache
def straight(name: str) -> list[str]:
    made, world, regimes = set_up(name)
    return [digest(simulate(world, made, regime)) for regime in regimes]


def months(made: Scenario) -> list[int]:
    period = made.period
    return [(day - period.begins).days * MINUTES_PER_DAY for day in month_ends(period.begins, period.ends)]


@pytest.mark.parametrize("name", MADE)
def test_a_life_copied_at_any_month_gives_equal_bytes(name: str) -> None:
    made, world, (regime, *_) = set_up(name)
    life = Simulation.begun(world, made, regime)
    for at, (minute, next_month) in enumerate(pairwise(months(made))):
        life.live_to(minute)
        copy, own = life.parted([regime, regime])
        # In turn the copy and the life itself go on; the other one, lived a month further, must leave no trace.
        life, other = (own, copy) if at % 2 else (copy, own)
        other.live_to(next_month)
    assert digest(life.to_its_end()) == straight(name)[0]


@pytest.mark.parametrize("name", MADE)
def test_regimes_that_share_a_life_before_the_switch_live_as_each_alone(name: str) -> None:
    made, world, regimes = set_up(name)
    assert differ_on(regimes, made.period.begins) == made.period.starts
    assert [digest(log) for log in simulate_each(world, made, regimes)] == straight(name)


@pytest.mark.parametrize("name", MADE)
def test_a_life_laid_down_is_taken_up_where_nothing_of_it_is_left(name: str) -> None:
    made, _, (regime, *_) = set_up(name)
    life = Simulation.begun(sample(made, 1), made, regime)
    for minute in months(made)[1::3]:
        life.live_to(minute)
        text = life.laid_down()
        again = plans_of(MADE[name], SCENARIOS)[0].compiled()
        life = Simulation.taken_up(text, sample(made, 1), made, again)
    assert digest(life.to_its_end()) == straight(name)[0]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 9 * 30 * MINUTES_PER_DAY), st.integers(0, 40 * MINUTES_PER_DAY))
def test_any_minute_will_do(minute: int, further: int) -> None:
    made, world, (regime, *_) = set_up("switched")
    life = Simulation.begun(world, made, regime)
    life.live_to(minute)
    copy, life = life.parted([regime, regime])
    copy.live_to(minute + further)
    assert digest(copy.to_its_end()) == digest(life.to_its_end()) == straight("switched")[0]


def test_a_copy_shares_what_never_changes_and_nothing_else() -> None:
    made, world, (regime, *_) = set_up("switched")
    life = Simulation.begun(world, made, regime)
    life.live_to(months(made)[3])
    before = Log(life.log.window, life.log)
    copy, same = life.parted([regime, regime])
    assert same is life
    assert copy.world is life.world
    copy.to_its_end()
    assert list(life.log) == list(before)


@pytest.mark.parametrize(
    ("days", "first"),
    [
        ((date(2009, 4, 1), date(2009, 4, 1)), date(2009, 4, 1)),
        ((date(2009, 4, 1), date(2009, 6, 1)), date(2009, 4, 1)),
        ((date(2009, 7, 1), date(2009, 6, 1)), date(2009, 6, 1)),
    ],
)
def test_the_day_of_parting_is_the_first_that_differs(days: tuple[date, ...], first: date) -> None:
    _, _, (regime, other, *_) = set_up("switched")
    with_days = [each._replace(starts=day) for each, day in zip((regime, other), days)]
    assert differ_on(with_days, date(2009, 1, 1)) == first
    assert differ_on([regime, regime], date(2009, 1, 1)) is None
