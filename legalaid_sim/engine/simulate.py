"""Live a world under contracts, and tell it as a log."""

import gc
from collections.abc import Callable
from typing import Any, NamedTuple

from simpy import Environment

from legalaid_sim import events
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.contracts.facts import ProviderFacts
from legalaid_sim.engine.clock import live
from legalaid_sim.engine.floor import FOR_EVER, Floor
from legalaid_sim.engine.matters import Matters
from legalaid_sim.engine.months import Months
from legalaid_sim.engine.settings import read_settings
from legalaid_sim.engine.state import House
from legalaid_sim.evidence import resolve
from legalaid_sim.scenario.model import Agency, Practice, Scenario
from legalaid_sim.units import MINUTES_PER_DAY, MINUTES_PER_HOUR, round_half_up
from legalaid_sim.world import World

ADVISING = ("caseworker", "solicitor", "supervisor", "trainee", "telephone_operator")


class Regime(NamedTuple):
    """A contract (or several held together) and the practice that goes with it; ``terms`` are compiled contracts."""

    name: str
    terms: tuple[Any, ...] = ()
    practice: Practice = Practice()


def simulate(world: World, scenario: Scenario, regime: Regime) -> events.Log:
    """Live ``world`` under ``regime``: the same three give the same log, whatever else runs or ran.

    Raises ``DrawsExhausted`` when somebody decides more often than the world foresees, ``Refusal`` when a contract
    cannot answer.
    """
    period = scenario.period
    opens = (period.starts - period.begins).days * MINUTES_PER_DAY
    closes = (period.closes - period.begins).days * MINUTES_PER_DAY
    ends = (period.ends - period.begins).days * MINUTES_PER_DAY
    log = events.Log(events.Window(opens, closes, ends))
    settings = read_settings(resolve(scenario.assumptions))
    env = Environment()
    desks = [Desk(plan, index) for index, plan in enumerate(world.posts)]
    houses = [
        _house(n, agency, regime, [desk for desk in desks if desk.house == n], scenario, settings.overheads)
        for n, agency in enumerate(scenario.houses)
    ]
    floor = Floor(env, desks, houses, settings, log)
    tell = log.events.append
    shares = [agency.share_of_area for agency in scenario.houses]
    matters = Matters(
        env, world, period.begins, closes, floor, houses, settings, scenario.respond != "none", shares, tell
    )
    floor.matters = matters
    months = Months(env, period.begins, period.ends, houses, matters, settings, tell)
    months.begin()
    floor.open_shifts()
    matters.expect_everyone()
    _without_collector(lambda: live(env, ends, matters))
    matters.leave_open(ends)
    return log


def _without_collector(act: Callable[[], None]) -> None:
    """Run with the cyclic garbage collector off: a run makes hundreds of thousands of records and hardly a cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        act()
    finally:
        if was_on:
            gc.enable()


def _house(
    index: int, agency: Agency, regime: Regime, desks: list[Desk], scenario: Scenario, overheads: float
) -> House:
    """Set up an organisation with its desks, its queues, its policies under this regime, its accounts and reserves."""
    organisation, practice = agency.organisation, regime.practice
    house = House(index, organisation.name)
    provider = ProviderFacts(
        organisation.name, organisation.region, organisation.vat_registered, organisation.heads,
        {"advisers": round(sum(desk.plan.full_time for desk in desks if desk.plan.role in ADVISING), 6)},
    )  # fmt: skip
    house.accounts = [terms.open_account(provider, scenario.period.begins) for terms in regime.terms]
    house.service = regime.terms[0].service if regime.terms else None
    policy = organisation.allocation
    house.first = practice.first or policy.first
    house.patience = _patience(house, practice, policy.own_adviser_patience_days)
    house.cap = practice.caseload_limit or policy.caseload_limit
    house.waiting_limit = policy.waiting_list_limit
    house.region = organisation.region
    house.vat = organisation.vat_registered
    house.desks = [desk for desk in desks if desk.plan.role in ADVISING]
    house.pools = {category: [] for category in scenario.clients.problems}
    pooled = house.patience != FOR_EVER or house.first == "pool"
    for desk in house.desks:
        desk.pools = [pool for name, pool in house.pools.items() if desk.takes(name)] if pooled else []
    given = organisation.overheads_per_adviser
    house.overheads = (overheads if given is None else given) * 100
    house.other_income = round_half_up(organisation.other_income * 100)
    house.reserves = round_half_up(organisation.opening_reserves * 100)
    house.admin_month = round_half_up(organisation.admin_staff_hours_per_week * MINUTES_PER_HOUR * 52 / 12)
    house.admin_rate = organisation.admin_staff_hours_per_week * organisation.admin_staff_pay * 100 * 52 / 12
    return house


def _patience(house: House, practice: Practice, usual: Any) -> int:
    """Minutes the own adviser is waited for: as the contract demands, else as the practice, else the organisation."""
    days: Any = practice.own_adviser_patience_days
    if days is None:
        days = house.service.patience_days if house.service is not None else None
    if days is None:
        days = usual
    return FOR_EVER if days == "for_ever" else round_half_up(float(days) * MINUTES_PER_DAY)
