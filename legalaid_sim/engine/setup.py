"""Set up a run: organisations with their people, books and contracts, and the parts that live.

Here alone all parts are known: each is built with the clock and the calendar and the few others that it calls.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial, reduce
from math import fsum
from operator import add
from typing import Any

from legalaid_sim import events
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.advisers.slots import DeskSlots
from legalaid_sim.calendars import MinuteSpan
from legalaid_sim.engine.agency import Books, House
from legalaid_sim.engine.agenda import Agenda
from legalaid_sim.engine.appointments import Appointments, DropIn
from legalaid_sim.engine.area import Area
from legalaid_sim.engine.booking import Booking
from legalaid_sim.engine.careers import Careers
from legalaid_sim.engine.casework import Casework
from legalaid_sim.engine.clock import Clock
from legalaid_sim.engine.closing import Closing
from legalaid_sim.engine.common import Calendar, Common
from legalaid_sim.engine.dates import Dates
from legalaid_sim.engine.diary import Diaries
from legalaid_sim.engine.hearings import Hearings
from legalaid_sim.engine.intake import Intake
from legalaid_sim.engine.leave import Leave
from legalaid_sim.engine.ledger import Ledger
from legalaid_sim.engine.meetings import Encounters
from legalaid_sim.engine.month_end import MonthClosing, PhaseChange, month_ends
from legalaid_sim.engine.outcomes import Outcomes
from legalaid_sim.engine.planning import Planning
from legalaid_sim.engine.regime import Phase, Regime, holds_other, outreach, take_up
from legalaid_sim.engine.scarcity import Scarcity
from legalaid_sim.engine.scheduler import Scheduler
from legalaid_sim.engine.sessions import OutsideSessions
from legalaid_sim.engine.settings import Settings, read_settings
from legalaid_sim.evidence import resolve
from legalaid_sim.scenario.agencies import Agency
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.units import MINUTES_PER_DAY, MINUTES_PER_HOUR, add_up, exact, round_half_up
from legalaid_sim.world import World, usual_minutes, usual_needs

# As many kinds of things that may happen have thresholds.
MOST_HAPPENINGS = 3


@dataclass(frozen=True, slots=True)
class Engine:
    """The parts of a run that are driven from outside; none of them knows it."""

    common: Common
    agenda: Agenda
    intake: Intake
    booking: Booking
    diaries: Diaries
    scheduler: Scheduler
    month_end: MonthClosing
    hearings: Hearings

    def decide(self, now: int) -> None:
        """Once a minute is over: consider those who asked in it, admit who waits, book meetings, let desks work.

        Room that somebody leaves who is refused at a first meeting is found at the next event, as in the first model.
        """
        if self.agenda.asking:
            self.intake.consider_all(now)
        if self.booking.room:
            self.booking.admit_all(now)
        diaries, scheduler = self.diaries, self.scheduler
        while True:
            if diaries.wishes:
                self.booking.make_appointments(now)
            elif not scheduler.ready:
                break
            scheduler.decide(now)

    def turn_to(self, regime: Regime, scenario: Scenario) -> None:
        """Let another regime's later phases come into force than were foreseen."""
        common = self.common
        phases = regime.phases(common.calendar.begins)
        self.month_end.come(changes_of(phases, scenario, common.settings))
        otherwise = [house.reach_out(_outreach(phases, house, common.calendar)) for house in common.houses]
        if any(otherwise):
            self.agenda.expect_anew()

    def end(self) -> None:
        """Let go of what points to each other, so that a finished run is freed at once and not by the collector."""
        common = self.common
        common.clock.clear()
        for desk in self.scheduler.desks:
            desk.let_go()
        for house in common.houses:
            house.let_go()
        self.scheduler.let_go()
        self.agenda.let_go()
        self.hearings.let_go()


def window_of(scenario: Scenario) -> events.Window:
    """Give the minutes at which what counts begins, nobody new is taken on, and life ends."""
    period = scenario.period
    days = ((day - period.begins).days for day in (period.starts, period.closes, period.ends))
    return events.Window(*(day * MINUTES_PER_DAY for day in days))


def begun(world: World, scenario: Scenario, regime: Regime, tell: Callable[[Any], None]) -> Engine:
    """Set up a run on its first day, with everything due that is known to come."""
    begins, window = scenario.period.begins, window_of(scenario)
    settings = read_settings(resolve(scenario.assumptions))
    calendar = Calendar(begins, world)
    phases = regime.phases(begins)
    desks = [Desk(plan, index) for index, plan in enumerate(world.posts)]
    purses: dict[str, Any] = {}
    houses = [
        _house(n, agency, [desk for desk in desks if desk.house == n], scenario, settings, purses)
        for n, agency in enumerate(scenario.houses)
    ]
    for house, agency in zip(houses, scenario.houses):
        take_up(house, agency, phases[0], begins, scenario, settings)
        house.reach_out(_outreach(phases, house, calendar))
        if agency.organisation.appointments == "booked":
            _open_diaries(house, agency.organisation.held_for_emergencies, world.sick, scenario, settings)
    common = Common(Clock(), calendar, world, settings, houses, tell)
    return _parts(common, desks, phases, window.closes, scenario)


def _parts(
    common: Common, desks: list[Desk], phases: Sequence[Phase], closes: int, scenario: Scenario
) -> Engine:
    """Build the parts, each after those that it calls, and let them begin."""
    settings = common.settings
    scheduler = Scheduler(common, desks)
    area = Area(
        common.houses, [agency.share_of_area for agency in scenario.houses], scenario.clients.choosing
    )
    dates = Dates(common.world, common.calendar, settings)
    agenda = Agenda(common, area, dates, closes, scheduler.add_routine)
    ledger = Ledger(common, scheduler.add_task)
    diaries = Diaries(common, scheduler)
    ways: dict[bool, Appointments] = {False: DropIn(common, scheduler), True: diaries}
    booking = Booking(common, scheduler, ways, diaries)
    pay = Scarcity(settings)
    sessions = OutsideSessions(common, scheduler.add_task)
    hearings = Hearings(common, dates, scheduler, booking, sessions)
    intake = Intake(common, agenda, area, ledger, booking, pay, hearings)
    outcomes = Outcomes(common, area, agenda, scheduler.add_task)
    closing = Closing(common, booking, ledger, outcomes)
    planning = Planning(common, pay)
    switching = scenario.clients.switching
    leave = Leave(common, ledger)
    casework = Casework(
        common, scheduler, ways, ledger, booking, planning, outcomes, closing, leave, dates, switching
    )
    meetings = Encounters(common, ways, booking, ledger, casework, sessions)
    ends = month_ends(common.calendar.begins, scenario.period.ends)
    careers = Careers(common, ends, casework.hand_over)
    changes = changes_of(phases, scenario, settings)
    month_end = MonthClosing(common, ends, changes, ledger, careers, closing, booking, scheduler.add_routine)
    # The order tells where several are due at one minute, of which the first scheduled comes first.
    month_end.begin()
    scheduler.open_shifts(meetings)
    agenda.expect_everyone()
    sessions.expect()
    diaries.expect()
    month_end.expect()
    return Engine(common, agenda, intake, booking, diaries, scheduler, month_end, hearings)


def changes_of(phases: Sequence[Phase], scenario: Scenario, settings: Settings) -> list[PhaseChange]:
    """Give the changes that put every phase but the first in force."""
    return [_change(phase, scenario, settings) for phase in phases[1:]]


def _change(phase: Phase, scenario: Scenario, settings: Settings) -> PhaseChange:
    """Make the change that puts a phase in force on its day."""
    on = phase.starts
    assert on is not None, "only the first phase may have no day"
    agencies = scenario.houses

    def taken_up(house: House) -> None:
        take_up(house, agencies[house.index], phase, on, scenario, settings)

    return PhaseChange(on, partial(holds_other, phase), taken_up)


def _outreach(phases: Sequence[Phase], house: House, calendar: Calendar) -> list[tuple[int, float]]:
    return outreach(phases, house.name, calendar.begins)


def _house(
    index: int,
    agency: Agency,
    desks: list[Desk],
    scenario: Scenario,
    settings: Settings,
    purses: dict[str, Any],
) -> House:
    """Set up an organisation with its desks, its queues and its reserves; what is in force comes later.

    Advisers, operators and companions have desks at which people are met; admin staff are minutes a month.
    """
    organisation, kinds = agency.organisation, scenario.clients.problems
    assumptions = resolve(scenario.assumptions)
    usual = {name: round_half_up(usual_minutes(kind, assumptions)) for name, kind in kinds.items()}
    beside = (*events.OPERATORS, *events.COMPANIONS, *events.OFFICE)
    office = [desk.plan for desk in desks if desk.plan.role in events.OFFICE]
    a_week = exact(organisation.admin_staff_hours_per_week)
    hours = exact(settings.full_time_hours) * reduce(add, (plan.full_time for plan in office), Fraction(0))
    hired = a_week * exact(organisation.admin_staff_pay) * 100 * 52
    given = organisation.overheads_per_adviser
    return House(
        index=index,
        name=organisation.name,
        region=organisation.region,
        desks=[desk for desk in desks if desk.plan.role not in beside],
        operators=[desk for desk in desks if desk.plan.role in events.OPERATORS],
        companions=[desk for desk in desks if desk.plan.role in events.COMPANIONS],
        usual=usual,
        by_hours=usual if assumptions.number("load.by_hours") > 0 else None,
        outcomes={name: kind.outcome for name, kind in kinds.items()},
        stages={
            name: sorted(kind.stages.items(), key=lambda stage: stage[1]) for name, kind in kinds.items()
        },
        happenings={name: list(kind.happenings.items())[:MOST_HAPPENINGS] for name, kind in kinds.items()},
        purses=purses,
        books=Books(round_half_up(exact(organisation.opening_reserves) * 100)),
        may_shrink=organisation.may_shrink,
        heads=dict(organisation.heads_later),
        overheads=round_half_up(exact(settings.overheads if given is None else given) * 100),
        other_income=round_half_up(exact(organisation.other_income) * 100),
        admin_month=round_half_up((a_week + hours) * MINUTES_PER_HOUR * 52 / 12),
        admin_cost=round_half_up(hired) + add_up(plan.annual_pay for plan in office),
    )


def _expected(scenario: Scenario, settings: Settings) -> tuple[dict[str, int], float]:
    """Give the minutes that a meeting of each kind is expected to take, and the share of all need that is met there."""
    assumptions = resolve(scenario.assumptions)
    need = scenario.clients.relational_need or assumptions["client.relational_need"]
    heard = settings.listening * need.mean
    lengths, met, other = {}, [], []
    for name, kind in scenario.clients.problems.items():
        contacts, minutes, casework = usual_needs(kind, assumptions)
        lengths[name] = max(1, round_half_up(minutes + heard))
        met.append(kind.share * contacts * (minutes + heard))
        other.append(kind.share * casework)
    in_all = fsum(met) + fsum(other)
    return lengths, fsum(met) / in_all if in_all > 0.0 and any(met) else 1.0


def _open_diaries(
    house: House, held: float, sick: Mapping[str, tuple[MinuteSpan, ...]], scenario: Scenario,
    settings: Settings,
) -> None:  # fmt: skip
    """Open the diaries of all who advise: leave is known in them, sickness is not; ``held`` is for emergencies."""
    lengths, share = _expected(scenario, settings)
    house.books_meetings(lengths, share)
    least = min(lengths.values())
    for desk in house.desks:
        foreseen = sorted((*desk.intervals, *sick.get(desk.plan.id, ())))
        desk.open_diary(DeskSlots(foreseen, least, house.room_of(least), held))
