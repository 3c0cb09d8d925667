"""Booking: how a client gets from the door to a desk, waits, and is lost on the way."""

from collections.abc import Mapping
from heapq import heappush

from legalaid_sim import events
from legalaid_sim.advisers import allocation
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.clients import hand_on_chance
from legalaid_sim.engine.agency import House
from legalaid_sim.engine.appointments import Appointments
from legalaid_sim.engine.clock import Call, call_at
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.diary import Diaries
from legalaid_sim.engine.matter import Matter
from legalaid_sim.engine.scheduler import Scheduler
from legalaid_sim.events import make
from legalaid_sim.units import MINUTES_PER_DAY

# Whoever has a lower rank stands on a waiting list as if so many minutes later: longer than any run.
LATER = 1 << 40


class Booking:
    """Doors, waiting lists and who leads which matter; ``room`` says that somebody may have room again."""

    def __init__(
        self, common: Common, scheduler: Scheduler, ways: Mapping[bool, Appointments], diaries: Diaries
    ) -> None:
        self.room = False
        self._clock = common.clock
        self._calendar = common.calendar
        self._houses = common.houses
        self._settings = common.settings
        self._tell = common.tell
        self._scheduler = scheduler
        self._ways = ways
        self._diaries = diaries

    def let_in(self, matter: Matter, now: int) -> None:
        """Let a client in at once, at the first appointment, or past a gateway that loses some."""
        house = matter.house
        if house.policy.door == "referral":
            lost = hand_on_chance(self._settings.hand_on_lost, self._settings.hand_on_more, 0)
            if matter.problem.thresholds.door < lost:
                self.lose(matter, "referral", now)
                return
        if house.policy.door == "appointment" and not (house.by_diary or matter.presses):
            when = self._calendar.open_minute(now + self._settings.appointment)
            call_at(self._clock, when, self._arrives, matter)
            return
        self._seat(matter, now)

    def _arrives(self, call: Call) -> None:
        matter: Matter = call.arg
        now: int = self._clock.now
        if matter.house.shut and not matter.over:
            self.refuse(matter, "closed", "", now)
        elif not matter.over:
            self._seat(matter, now)

    def _seat(self, matter: Matter, now: int) -> None:
        if not self._allocate(matter, now):
            rank = matter.account.rank(matter.facts) if matter.account is not None else 0
            heappush(matter.house.waiting, (rank * LATER + now, matter.key, matter))

    def _allocate(self, matter: Matter, now: int) -> bool:
        """Find a desk (or the pool) for a new matter; False when everybody is full."""
        house, category = matter.house, matter.facts.category
        by_telephone = house.policy.first == "telephone_hub" or house.policy.door == "telephone_gateway"
        if by_telephone and not matter.called and not matter.problem.client.person.in_person:
            self._scheduler.ask_call(matter, now)
            return True
        # Whose date is near takes what is left of a day between booked meetings.
        way = self._ways[house.by_diary and not matter.presses]
        if house.policy.first == "pool":
            way.ask(matter, now)
            return True
        room = house.by_category[category]
        # A part of each caseload is kept for those who have been here before.
        cap = house.policy.cap if matter.problem.client.met else house.policy.cap_for_new
        if matter.presses:
            cap = None
        if cap is not None:
            room = allocation.with_room(room, cap)
        if house.policy.cap_minutes is not None and not matter.presses:
            room = allocation.with_hours(room, house.policy.cap_minutes, house.usual)
        if not room:
            return False
        matter.led_by(self._lead(matter, room, now))
        way.ask(matter, now)
        return True

    def _lead(self, matter: Matter, room: list[Desk], now: int) -> Desk:
        house, category = matter.house, matter.facts.category
        met = matter.problem.client.met
        if met and house.policy.patience != 0:
            known = [desk for desk in room if desk.adviser in met]
            if known:
                if house.policy.first == "clients_choice":
                    # Of each who was met stand trust and the minute it is of: the most trusted, or the one seen last.
                    return max(known, key=lambda desk: met[desk.adviser])
                return max(known, key=lambda desk: met[desk.adviser][1])
        if house.policy.first == "specialist":
            return allocation.specialist(room, category)
        if house.policy.first == "duty_rota":
            return allocation.on_duty(room, now // MINUTES_PER_DAY)
        return allocation.least_loaded(room, house.by_hours)

    def hurry(self, matter: Matter, date: int) -> None:
        """Let a matter whose date has come near go before all others, wherever it waits for its first meeting."""
        if matter.appointment is not None:
            if not matter.ordinal and matter.appointment.slot >= date:
                wanted = self._diaries.give_up_slot(matter, self._clock.now)
                self._scheduler.ask_meeting(matter, wanted)
        # On the waiting list, which is gone through again: a date lifts the limit on caseloads.
        elif not matter.asked:
            self.room |= bool(matter.house.waiting)
        elif not matter.ordinal and not matter.open:
            if any(entry[2] is matter and entry[1] == matter.asked for entry in matter.house.calls):
                self._scheduler.ask_call(matter, matter.due)
            else:
                self._scheduler.ask_meeting(matter, matter.due)

    def after_call(self, matter: Matter, now: int) -> None:
        """Pass a caller on from the operator to an adviser; some are lost on the way."""
        lost = hand_on_chance(self._settings.hand_on_lost, self._settings.hand_on_more, 0)
        if matter.problem.thresholds.gate < lost:
            self.lose(matter, "referral", now)
            return
        self._seat(matter, now)

    def make_appointments(self, now: int) -> None:
        """Book what was asked for in this minute; whoever is offered a first meeting too late leaves."""
        for wish in self._diaries.wished():
            if not wish.matter.over and not self._diaries.book(wish, now):
                self.release(wish.matter)
                self.lose(wish.matter, "waiting", now)

    def lose(self, matter: Matter, reason: events.Loss, now: int) -> None:
        """Lose a client before the first meeting."""
        matter.end()
        matter.problem.stand("left")
        plan = matter.problem.plan
        self._tell(
            make.left(
                now, client=matter.problem.client.person.id, problem=plan.id, matter=matter.id, reason=reason
            )
        )

    def admit_all(self, now: int) -> None:
        """Take people from the waiting lists wherever there may be room."""
        self.room = False
        for house in self._houses:
            self._admit(house, now)

    def _admit(self, house: House, now: int) -> None:
        """Take people from the waiting list while somebody has room for them, as the contract ranks them.

        Of one rank who has waited longest is first.
        Taking somebody on leaves less room, so once one is not taken nobody else of that sort is: each sort that cannot
        be taken is asked about once.
        """
        # In order of rank and time; what is left is in order too, and so a heap again.
        full = set()
        for entry in sorted(house.wait_again([])):
            matter = entry[2]
            if matter.over:
                continue
            sort = (matter.facts.category, not matter.problem.client.met, matter.called, matter.presses)
            if sort in full or not self._allocate(matter, now):
                full.add(sort)
                house.waiting.append(entry)

    def await_patience(self, matter: Matter, now: int) -> None:
        """Let a client leave who has not been seen when their patience has run out."""
        patience = matter.problem.client.person.patience
        if patience >= 0:
            call_at(self._clock, now + patience, self._gives_up, matter)

    def _gives_up(self, call: Call) -> None:
        """Patience has run out: who has not been seen by now leaves, unless with a slot taken that was in time."""
        matter: Matter = call.arg
        if matter.ordinal or matter.over or matter.open or matter.appointment is not None:
            return
        # Nobody leaves in the midst of a call.
        if matter.phoning:
            now: int = self._clock.now
            call_at(self._clock, now + self._settings.call_minutes, self._gives_up, matter)
            return
        matter.forget_meeting()
        self.release(matter)
        self.lose(matter, "waiting", self._clock.now)

    def release(self, matter: Matter) -> None:
        """Take a matter off its adviser's desk and let the waiting list move."""
        self._ways[matter.house.by_diary].call_off(matter, self._clock.now)
        if matter.lead is not None:
            matter.lead.drop(matter)
        if matter.house.waiting:
            self.room = True

    def refuse(self, matter: Matter, reason: events.RefusalReason, clause: str, now: int) -> None:
        """Turn a client away at the first meeting, when the contract no longer permits the matter."""
        problem = matter.problem
        problem.stand("turned_away")
        self._tell(
            make.turned_away(
                now, client=problem.client.person.id, problem=problem.plan.id, organisation=matter.house.name,
                reason=reason, clause=clause,
            )
        )  # fmt: skip
        self.release(matter)
        matter.end()

    def empty_waiting(self, house: House, now: int) -> None:
        """Send everybody away who still waits at an organisation that shuts: on its list, its telephone, in a pool."""
        for queue in (house.waiting, house.calls, *house.pools.values()):
            # By minute and key alone: matters have no order.
            for _, _, matter in sorted(queue, key=lambda entry: entry[:2]):
                if not matter.over and not matter.open:
                    matter.forget_meeting()
                    self.refuse(matter, "closed", "", now)
            queue.clear()
