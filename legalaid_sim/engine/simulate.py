"""Live a world under contracts, and tell it as a log."""

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from operator import add
from types import MappingProxyType
from typing import Any, NamedTuple

from legalaid_sim import events
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.contracts.facts import ProviderFacts
from legalaid_sim.engine.aftermath import Aftermath
from legalaid_sim.engine.clock import Clock, live
from legalaid_sim.engine.floor import FOR_EVER, Floor
from legalaid_sim.engine.intake import Intake
from legalaid_sim.engine.matters import Matters
from legalaid_sim.engine.months import Months
from legalaid_sim.engine.payer import Payer
from legalaid_sim.engine.run import Run
from legalaid_sim.engine.settings import Settings, read_settings
from legalaid_sim.engine.state import House
from legalaid_sim.evidence import resolve
from legalaid_sim.garbage import collected_later
from legalaid_sim.scenario.model import Agency, Practice, Scenario
from legalaid_sim.units import MINUTES_PER_DAY, MINUTES_PER_HOUR, add_up, exact, round_half_up
from legalaid_sim.world import World

OPERATORS = ("telephone_operator",)
COMPANIONS = ("volunteer", "peer_supporter")
OFFICE = ("admin",)


class Regime(NamedTuple):
    """A contract (or several held together) and the practice that goes with it; ``terms`` are compiled contracts.

    ``own`` gives organisations (by name) contracts of their own instead; ``respond`` overrides the scenario's.
    """

    name: str
    terms: tuple[Any, ...] = ()
    practice: Practice = Practice()
    own: Mapping[str, tuple[Any, ...]] = MappingProxyType({})
    respond: str | None = None


def simulate(world: World, scenario: Scenario, regime: Regime) -> events.Log:
    """Live ``world`` under ``regime``: the same three give the same log, whatever else runs or ran.

    Raises ``DrawsExhausted`` when somebody decides more often than the world foresees, ``Refusal`` when a contract
    cannot answer.
    """
    period = scenario.period
    opens, closes, ends = (
        (day - period.begins).days * MINUTES_PER_DAY for day in (period.starts, period.closes, period.ends)
    )
    log = events.Log(events.Window(opens, closes, ends))
    settings = read_settings(resolve(scenario.assumptions))
    respond = regime.respond or scenario.respond
    desks = [Desk(plan, index) for index, plan in enumerate(world.posts)]
    houses = [
        _house(n, agency, regime, [desk for desk in desks if desk.house == n], scenario, settings)
        for n, agency in enumerate(scenario.houses)
    ]
    run = Run(Clock(), world, settings, houses, period.begins, closes, log.events.append)
    run.floor = Floor(run, desks)
    run.intake = Intake(run, [agency.share_of_area for agency in scenario.houses], respond == "all")
    run.matters = Matters(run, respond)
    run.aftermath = Aftermath(run)
    run.payer = Payer(run, respond == "all")
    run.months = Months(run, period.ends, respond)
    with collected_later():
        run.months.begin()
        run.floor.open_shifts()
        run.intake.expect_everyone()
        live(run.env, ends, run.intake)
        run.intake.leave_open(ends)
        run.end()
    return log


def _house(
    index: int, agency: Agency, regime: Regime, desks: list[Desk], scenario: Scenario, settings: Settings
) -> House:
    """Set up an organisation with its desks, its queues, its policies under this regime, its accounts and reserves."""
    organisation, practice = agency.organisation, regime.practice
    house = House(index, organisation.name)
    _people(house, desks, scenario)
    _contracts(house, agency, regime, scenario, settings)
    policy = organisation.allocation
    house.first = practice.first or policy.first
    house.door = practice.door or organisation.door
    house.channel = practice.channel or organisation.channel
    house.patience = _patience(house, practice, policy.own_adviser_patience_days)
    house.cap = policy.caseload_limit if practice.caseload_limit is None else practice.caseload_limit
    house.cap_for_new = house.cap and max(1, round_half_up(house.cap * (1 - exact(policy.reserved_share))))
    house.waiting_limit = policy.waiting_list_limit
    house.may_shrink = organisation.may_shrink
    pooled = house.patience != FOR_EVER or house.first == "pool"
    for desk in house.desks:
        desk.pools = [pool for name, pool in house.pools.items() if desk.takes(name)] if pooled else []
    given = organisation.overheads_per_adviser
    house.overheads = round_half_up(exact(settings.overheads if given is None else given) * 100)
    house.other_income = round_half_up(exact(organisation.other_income) * 100)
    house.reserves = round_half_up(exact(organisation.opening_reserves) * 100)
    office = [desk.plan for desk in desks if desk.plan.role in OFFICE]
    a_week = exact(organisation.admin_staff_hours_per_week)
    hours = exact(settings.full_time_hours) * reduce(add, (plan.full_time for plan in office), Fraction(0))
    house.admin_month = round_half_up((a_week + hours) * MINUTES_PER_HOUR * 52 / 12)
    hired = a_week * exact(organisation.admin_staff_pay) * 100 * 52
    house.admin_cost = round_half_up(hired) + add_up(plan.annual_pay for plan in office)
    return house


def _people(house: House, desks: list[Desk], scenario: Scenario) -> None:
    """Seat advisers, operators and companions (admin staff meet nobody); say what problems may go through."""
    house.desks = [desk for desk in desks if desk.plan.role not in (*OPERATORS, *COMPANIONS, *OFFICE)]
    house.operators = [desk for desk in desks if desk.plan.role in OPERATORS]
    house.companions = [desk for desk in desks if desk.plan.role in COMPANIONS]
    kinds = scenario.clients.problems
    house.pools = {category: [] for category in kinds}
    for desk in house.operators:
        desk.pools = [house.calls]
    house.outcomes = {name: kind.outcome for name, kind in kinds.items()}
    house.stages = {
        name: sorted(kind.stages.items(), key=lambda stage: stage[1]) for name, kind in kinds.items()
    }
    house.happenings = {name: list(kind.happenings.items())[:3] for name, kind in kinds.items()}


def _contracts(house: House, agency: Agency, regime: Regime, scenario: Scenario, settings: Settings) -> None:
    """Open the organisation's accounts, and take from its contracts what they ask of the service."""
    organisation = agency.organisation
    house.region = organisation.region
    # In fractions: five whole posts and two of 0.6 are 6.2, and not a little less in one Python than in another.
    paid = reduce(add, (desk.plan.full_time for desk in house.desks if desk.plan.annual_pay), Fraction(0))
    terms = regime.own.get(organisation.name, regime.terms)
    for each in terms:
        facts = {"advisers": paid, **organisation.foreseen(each.name)}
        provider = ProviderFacts(
            organisation.name, organisation.region, organisation.vat_registered, organisation.heads, facts
        )
        house.accounts.append(each.open_account(provider, scenario.period.begins))
    house.service = terms[0].service if terms else None
    house.discretion = house.service is None or house.service.discretion is not False
    house.monitored = min(
        1.0, add_up(len(account.kpis) for account in house.accounts) / settings.fully_monitored
    )
    house.sessions = 0


def _patience(house: House, practice: Practice, usual: Any) -> int:
    """Minutes the own adviser is waited for: as the contract demands, else as the practice, else the organisation."""
    days: Any = practice.own_adviser_patience_days
    if days is None:
        days = house.service.patience_days if house.service is not None else None
    if days is None:
        days = usual
    return FOR_EVER if days == "for_ever" else round_half_up(exact(days) * MINUTES_PER_DAY)
