"""What becomes of those who advise: strain, leaving, notice, vacancies, successors."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from legalaid_sim import events
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.advisers.load import planned
from legalaid_sim.advisers.strain import leaving_chance, next_strain
from legalaid_sim.engine.agency import House
from legalaid_sim.engine.clock import Call, call_at
from legalaid_sim.engine.common import Common
from legalaid_sim.events import make
from legalaid_sim.units import add_months, add_up


class Careers:
    """Who holds the posts of all organisations, from month to month."""

    def __init__(self, common: Common, ends: Sequence[date], hand_over: Callable[[Desk, int], None]) -> None:
        self._clock = common.clock
        self._calendar = common.calendar
        self._houses = common.houses
        self._settings = common.settings
        self._tell = common.tell
        self._ends = ends
        self._hand_over = hand_over

    def month(
        self, house: House, everybody: Sequence[Desk], month: int, admin: Mapping[int, float], now: int
    ) -> None:
        """Let a month end for everybody of an organisation: ``admin`` is the share of it that went on admin, by desk.

        Whoever decides to leave goes at once and the post stands empty, or goes a month later where notice is given.
        """
        settings = self._settings
        for desk in everybody:
            if desk.vacant or desk.index not in admin:
                continue
            strain = next_strain(
                desk.strain, self._overload(desk, now), admin[desk.index], settings.strain_memory,
                settings.strain_overload, settings.strain_admin,
            )  # fmt: skip
            responds = house.policy.respond == "all"
            desk.feel(strain, settings.crowding * house.policy.monitored if responds else 0.0)
            if desk.goes:
                self._end_of_notice(house, desk, month, now)
            elif self._decides(desk, now):
                if settings.vacancy_months:
                    self.leave(desk, events.OWN_CHOICE, now)
                    self._call_successor(house, desk, month)
                else:
                    desk.give_notice()
                    house.people_changed()

    def _decides(self, desk: Desk, now: int) -> bool:
        """Whether somebody decides this month to leave; nobody does who is in the midst of something."""
        settings = self._settings
        base = settings.leaving
        if desk.plan.role in events.COMPANIONS:
            base *= settings.companion_leaving
        # Nothing is drawn then, so the threshold is there for the next month.
        if base <= 0.0 or desk.busy or self._just_joined(desk, now):
            return False
        return desk.next_threshold() < leaving_chance(base, desk.strain, settings.strain_leaving)

    def _just_joined(self, desk: Desk, now: int) -> bool:
        """Whether somebody came within so many months that they do not leave yet."""
        months = self._settings.settles_in
        if not months or desk.vintage <= 1:
            return False
        return self._calendar.day(now) < add_months(self._calendar.day(desk.joined), months)

    def _overload(self, desk: Desk, now: int) -> float:
        """Minutes overdue on a desk against a week's minutes at work, at most 1."""
        late: float = add_up(task.minutes for due, _, task in desk.tasks if due < now)
        late += self._settings.meeting * add_up(
            1 for due, key, matter in desk.contacts if due < now and matter.asked == key
        )
        by_hours = self._houses[desk.house].by_hours is not None
        week = planned(desk.hours, self._settings.full_time_hours, 1) if by_hours else 5 * desk.shift_minutes
        return min(1.0, late / week) if week else 0.0

    # ---- going ---------------------------------------------------------------------------------------------------

    def leave(self, desk: Desk, reason: events.Parting, now: int) -> None:
        """Let somebody go on the spot; what they have in hand goes to colleagues."""
        self._tell(
            make.adviser_left(now, adviser=desk.adviser, post=desk.plan.id, reason=reason, strain=desk.strain)
        )
        desk.empty()
        self._houses[desk.house].people_changed()
        self._hand_over(desk, now)

    def _end_of_notice(self, house: House, desk: Desk, month: int, now: int) -> None:
        """Let the successor take over on the day of going; where vacancies are frozen, the post stands empty."""
        if desk.busy:
            return
        if self._frozen(house):
            self.leave(desk, events.OWN_CHOICE, now)
            self._call_successor(house, desk, month)
            return
        self._tell(
            make.adviser_left(
                now, adviser=desk.adviser, post=desk.plan.id, reason=events.OWN_CHOICE, strain=desk.strain
            )
        )
        self._take_over(desk, "notice", now)

    # ---- coming --------------------------------------------------------------------------------------------------

    def join(self, desk: Desk, now: int) -> None:
        """Let the next holder of a post begin."""
        desk.taken_by_next_holder(now)
        house = self._houses[desk.house]
        house.people_changed()
        self._tell(
            make.adviser_joined(
                now, adviser=desk.adviser, post=desk.plan.id, vintage=desk.vintage, role=desk.plan.role,
                organisation=house.name,
            )
        )  # fmt: skip

    def _frozen(self, house: House) -> bool:
        return house.may_shrink and house.books.pressure >= self._settings.freeze_pressure

    def _call_successor(self, house: House, desk: Desk, month: int) -> None:
        """Fill a vacancy after some months, unless pressure freezes it when the time has come."""
        back = month + max(1, self._settings.vacancy_months)
        # Nobody begins on the day on which life ends.
        if back < len(self._ends) - 1:
            when = self._calendar.midnight(self._ends[back])
            call_at(self._clock, when, self._succeed, (house, desk, back))

    def _succeed(self, call: Call) -> None:
        house, desk, month = call.arg
        if desk.gone or house.shut:
            return
        if self._frozen(house):
            self._call_successor(house, desk, month)
            return
        self._take_over(desk, "leaving", self._clock.now)

    def _take_over(self, desk: Desk, reason: events.Passing, now: int) -> None:
        """Let the next holder begin with the matters that are in hand at the post."""
        before = desk.adviser
        self.join(desk, now)
        for matter in sorted(desk.matters.values(), key=lambda matter: matter.key):
            if matter.open:
                client = matter.problem.client.person.id
                self._tell(
                    make.hand_over(
                        now, matter=matter.id, client=client, before=before, after=desk.adviser, reason=reason
                    )
                )
