"""Set up a run: organisations with their people, books and contracts, and the parts that live."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial, reduce
from operator import add
from typing import Any

from legalaid_sim import events
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.engine.aftermath import Aftermath
from legalaid_sim.engine.careers import Careers
from legalaid_sim.engine.clock import Clock
from legalaid_sim.engine.floor import Floor
from legalaid_sim.engine.intake import Intake
from legalaid_sim.engine.matters import Matters
from legalaid_sim.engine.months import Change, Months
from legalaid_sim.engine.payer import Payer
from legalaid_sim.engine.regime import Phase, Regime, holds_other, outreach, take_up
from legalaid_sim.engine.run import Run
from legalaid_sim.engine.sessions import Sessions
from legalaid_sim.engine.settings import Settings, read_settings
from legalaid_sim.engine.state import House
from legalaid_sim.evidence import Assumptions, resolve
from legalaid_sim.scenario.model import Agency, Scenario
from legalaid_sim.units import MINUTES_PER_DAY, MINUTES_PER_HOUR, add_up, exact, round_half_up
from legalaid_sim.world import World, usual_minutes

OPERATORS = ("telephone_operator",)
COMPANIONS = ("volunteer", "peer_supporter")
OFFICE = ("admin",)


def window_of(scenario: Scenario) -> events.Window:
    """Give the minutes at which what counts begins, nobody new is taken on, and life ends."""
    period = scenario.period
    days = ((day - period.begins).days for day in (period.starts, period.closes, period.ends))
    return events.Window(*(day * MINUTES_PER_DAY for day in days))


def begun(world: World, scenario: Scenario, regime: Regime, tell: Callable[[Any], None]) -> Run:
    """Set up a run on its first day, with everything due that is known to come."""
    period, window = scenario.period, window_of(scenario)
    settings = read_settings(resolve(scenario.assumptions))
    phases = regime.phases(period.begins)
    now = phases[0]
    desks = [Desk(plan, index) for index, plan in enumerate(world.posts)]
    houses = [
        _house(n, agency, [desk for desk in desks if desk.house == n], scenario, settings)
        for n, agency in enumerate(scenario.houses)
    ]
    purses: dict[str, Any] = {}
    for house, agency in zip(houses, scenario.houses):
        house.purses = purses
        take_up(house, agency, now, period.begins, scenario, settings)
        house.outreach = outreach(phases, house.name, period.begins)
    respond = now.respond or scenario.respond
    run = Run(Clock(), world, settings, houses, period.begins, window.closes, tell, respond)
    run.switching = scenario.clients.switching
    run.floor = Floor(run, desks)
    run.intake = Intake(run, [agency.share_of_area for agency in scenario.houses])
    run.matters = Matters(run)
    run.aftermath = Aftermath(run)
    run.payer = Payer(run)
    run.months = Months(run, period.ends, changes_of(phases, scenario, settings))
    run.sessions = Sessions(run)
    run.careers = Careers(run, run.months.ends)
    run.months.begin()
    run.floor.open_shifts()
    run.intake.expect_everyone()
    run.sessions.expect()
    run.months.expect()
    return run


def changes_of(phases: Sequence[Phase], scenario: Scenario, settings: Settings) -> list[Change]:
    """Give the changes that put every phase but the first in force."""
    return [_change(phase, scenario, settings) for phase in phases[1:]]


def _change(phase: Phase, scenario: Scenario, settings: Settings) -> Change:
    """Make the change that puts a phase in force on its day."""
    on = phase.starts
    assert on is not None, "only the first phase may have no day"
    agencies = scenario.houses

    def taken_up(house: House) -> None:
        take_up(house, agencies[house.index], phase, on, scenario, settings)

    return Change(on, phase.respond or scenario.respond, partial(holds_other, phase), taken_up)


def _house(index: int, agency: Agency, desks: list[Desk], scenario: Scenario, settings: Settings) -> House:
    """Set up an organisation with its desks, its queues and its reserves; what is in force comes later."""
    organisation = agency.organisation
    house = House(index, organisation.name)
    house.region = organisation.region
    _people(house, desks, scenario, resolve(scenario.assumptions))
    house.may_shrink = organisation.may_shrink
    house.heads = dict(organisation.heads_later)
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


def _people(house: House, desks: list[Desk], scenario: Scenario, assumptions: Assumptions) -> None:
    """Seat advisers, operators and companions (admin staff meet nobody); say what problems may go through."""
    house.desks = [desk for desk in desks if desk.plan.role not in (*OPERATORS, *COMPANIONS, *OFFICE)]
    house.operators = [desk for desk in desks if desk.plan.role in OPERATORS]
    house.companions = [desk for desk in desks if desk.plan.role in COMPANIONS]
    kinds = scenario.clients.problems
    house.pools = {category: [] for category in kinds}
    for desk in house.operators:
        desk.pools = [house.calls]
    house.usual = {name: round_half_up(usual_minutes(kind, assumptions)) for name, kind in kinds.items()}
    house.by_hours = house.usual if assumptions.number("load.by_hours") > 0 else None
    house.outcomes = {name: kind.outcome for name, kind in kinds.items()}
    house.stages = {
        name: sorted(kind.stages.items(), key=lambda stage: stage[1]) for name, kind in kinds.items()
    }
    house.happenings = {name: list(kind.happenings.items())[:3] for name, kind in kinds.items()}
