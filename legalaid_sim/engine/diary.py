"""Booked appointments: what is offered, what is taken, and what becomes of a slot that is given up.

Bookings are made when a minute is over, the most urgent first, so that none depends on the order of events. Nobody
foresees sickness, an overrun, or whether a client will come.
"""

from bisect import insort
from math import log1p
from typing import Any, NamedTuple

from legalaid_sim import events
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.advisers.slots import NEVER
from legalaid_sim.draws import nth
from legalaid_sim.engine.agency import FOR_EVER
from legalaid_sim.engine.appointments import Asks
from legalaid_sim.engine.clock import Call, call_at
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.matter import Appointment, Matter
from legalaid_sim.engine.scheduler import Scheduler
from legalaid_sim.events import make
from legalaid_sim.units import MINUTES_PER_DAY, round_half_up


class SlotWish(NamedTuple):
    """A meeting to be booked, in the order in which wishes of one minute are met: urgency, promised minute, key."""

    relaxed: bool
    wanted: int
    key: int
    matter: Matter
    asks: Asks | None


class SlotOffer(NamedTuple):
    """The first free slots of the own adviser and of anyone (-1: none), and who has the latter."""

    own: int
    anyone: int
    desk: Desk | None


class Diaries:
    """The diaries of all organisations that book: one of the two ways to a meeting (see ``appointments``)."""

    def __init__(self, common: Common, scheduler: Scheduler) -> None:
        self._clock = common.clock
        self._settings = common.settings
        self._draws = common.world.booked
        self._sick = common.world.sick
        self._tell = common.tell
        self._scheduler = scheduler
        self.wishes: list[SlotWish] = []

    # ---- what is asked -------------------------------------------------------------------------------------------

    def ask(self, matter: Matter, now: int) -> None:
        """Come to a booked meeting that is due, or book a first one."""
        booked = matter.appointment
        if booked is None:
            self._wish(matter, now, None)
        else:
            self._scheduler.wake(booked.desk)

    def follow(self, matter: Matter, due: int, now: int, asks: Asks) -> None:
        """Book the next meeting, at the end of the one before."""
        self._wish(matter, due, asks)

    def again(self, matter: Matter, desk: Desk, now: int, asks: Asks) -> None:
        """Book another meeting for one that was missed, whose slot may be filled by somebody who waits for one."""
        self._wish(matter, now, asks)
        problem = matter.problem.plan.id
        drawn = self._draws[problem].refill
        if nth(drawn, matter.problem.attempts - 1, "refill", problem) < self._settings.refill:
            self._bring_forward(desk, now)

    def call_off(self, matter: Matter, now: int) -> None:
        """Give up the slot of a matter that is over."""
        if matter.appointment is not None:
            self._free(matter, now, "tired" if matter.tired else "over")

    def move(self, matter: Matter, before: Desk, after: Desk) -> None:
        """Do nothing: slots with a leaver are all booked anew, whoever leads the matter."""

    def leaves(self, desk: Desk, now: int) -> None:
        """Book anew whatever was booked with an adviser who has left."""
        for _, _, matter in list(desk.booked):
            self._book_anew(matter, now, "adviser_left")

    def give_up_slot(self, matter: Matter, now: int) -> int:
        """Let a client come before the slot that was booked; give the minute at which the meeting was wanted."""
        return self._free(matter, now, "brought_forward").wanted

    def put_off(self, matter: Matter, now: int) -> None:
        """Book a meeting anew for which the day was too short."""
        self._book_anew(matter, now, "overrun")

    # ---- booking -------------------------------------------------------------------------------------------------

    def wished(self) -> list[SlotWish]:
        """Give what is to be booked in this minute, in order, and begin a new list."""
        wishes, self.wishes = sorted(self.wishes, key=_in_order), []
        return wishes

    def book(self, wish: SlotWish, now: int) -> bool:
        """Book a meeting; False where the client will not wait for the first one as long as that.

        Where nobody has a free slot at all, the client asks again the next day.
        """
        matter = wish.matter
        if wish.asks is None and (matter.asked or matter.open or matter.appointment is not None):
            # A date has come near meanwhile, and somebody sees the client without a slot.
            return True
        # Whoever is past the crisis may have what is held free, for the first meeting.
        emergency = not (wish.relaxed or matter.ordinal)
        offer = self._offer(matter, max(now, wish.wanted - wish.wanted % MINUTES_PER_DAY), emergency)
        if offer.desk is None:
            call_at(self._clock, now + MINUTES_PER_DAY, self._asks_again, wish)
            return True
        slot, desk = offer.anyone, offer.desk
        near = matter.presses and not matter.ordinal
        if offer.own != NEVER and not near and _is_taken(offer, matter.patience):
            slot, desk = offer.own, matter.lead
        problem = matter.problem
        patience = problem.client.person.patience
        if not matter.open and 0 <= patience < slot - problem.asked:
            return False
        minutes, room = self._length(matter, desk)
        desk.slots.take(slot, room)  # type: ignore[union-attr]
        self._put_down(wish, offer, slot, desk, minutes, room, now)
        return True

    def _put_down(
        self, wish: SlotWish, offer: SlotOffer, slot: int, desk: Any, minutes: int, room: int, now: int
    ) -> None:
        """Write a meeting into a diary, and wait until it is due, or until the client has had enough."""
        matter = wish.matter
        since = max(now, wish.wanted)
        matter.books(Appointment(slot, room, wish.wanted, now, since, desk, wish.asks))
        insort(desk.booked, (slot, matter.key, matter))
        self._tell(
            make.booked(
                now, client=matter.problem.client.person.id, matter=matter.id, adviser=desk.adviser,
                ordinal=matter.ordinal + 1, wanted=wish.wanted, own=offer.own, anyone=offer.anyone, slot=slot,
                minutes=minutes,
            )
        )  # fmt: skip
        if (
            self._settings.leaves_after
            and wish.asks is not None
            and (ends := self._endures(matter, since)) < slot
        ):
            call_at(self._clock, ends, self._tires, (matter, matter.appointment))
        else:
            call_at(self._clock, slot, self._comes, (matter, matter.appointment))

    def _offer(self, matter: Matter, earliest: int, emergency: bool) -> SlotOffer:
        """Look up the first free slots from a minute on."""
        lead = matter.lead
        earliest = max(earliest, matter.stopped_until)
        own = anyone = NEVER
        found = None
        for desk in matter.house.by_category[matter.facts.category]:
            # Where meetings are booked every adviser has a diary.
            first = desk.slots.first(earliest, *self._length(matter, desk), emergency)  # type: ignore[union-attr]
            if desk is lead:
                own = first
            if first != NEVER and (found is None or first < anyone or (first == anyone and desk is lead)):
                anyone, found = first, desk
        # Under notice nobody is offered to others, but the own clients are seen until the end.
        if lead is not None and lead.goes and not lead.vacant:
            own = lead.slots.first(earliest, *self._length(matter, lead), emergency)
            if own != NEVER and (found is None or own <= anyone):
                anyone, found = own, lead
        return SlotOffer(own, anyone, found)

    def _length(self, matter: Matter, desk: Any) -> tuple[int, int]:
        """Give the minutes that a meeting is expected to take at a desk, and the room that goes with them."""
        house = matter.house
        minutes = house.slot_minutes[matter.facts.category]
        readers = matter.problem.readers
        if readers and desk.adviser not in readers:
            minutes += self._settings.reading + self._settings.retelling
        return minutes, house.room_of(minutes)

    def _wish(self, matter: Matter, wanted: int, asks: Asks | None) -> None:
        self.wishes.append(
            SlotWish(not (matter.problem.late or matter.presses), wanted, matter.key, matter, asks)
        )

    def _asks_again(self, call: Call) -> None:
        self.wishes.append(call.arg)

    # ---- waiting -------------------------------------------------------------------------------------------------

    def _endures(self, matter: Matter, since: int) -> int:
        """The minute at which a client who waits between meetings has had enough of it."""
        if matter.endures < 0.0:
            tries = self._draws[matter.problem.plan.id].between
            # A uniform for each asking that the world foresees; any beyond have the last.
            u = tries[min(matter.problem.askings, len(tries)) - 1]
            matter.may_wait(-log1p(-u) * self._settings.leaves_after)
        return since + round_half_up(matter.endures)

    def _comes(self, call: Call) -> None:
        """A slot has come: the client is there, unless it was given up."""
        matter, appointment = call.arg
        if matter.appointment is appointment:
            if appointment.asks is None:
                self.ask(matter, self._clock.now)
            else:
                appointment.asks(matter)

    def _tires(self, call: Call) -> None:
        matter, appointment = call.arg
        if matter.appointment is appointment:
            matter.has_enough()
            appointment.asks(matter)

    # ---- slots given up ------------------------------------------------------------------------------------------

    def _free(self, matter: Matter, now: int, reason: events.Freeing) -> Appointment:
        booked: Appointment = matter.appointment
        desk = booked.desk
        desk.booked.remove((booked.slot, matter.key, matter))
        if booked.room:
            desk.slots.give_up(booked.slot, booked.room)
        matter.was_waiting(now)
        self._tell(
            make.freed(
                now, client=matter.problem.client.person.id, matter=matter.id, adviser=desk.adviser,
                slot=booked.slot, reason=reason,
            )
        )  # fmt: skip
        return booked

    def _book_anew(self, matter: Matter, now: int, reason: events.Freeing) -> None:
        booked = self._free(matter, now, reason)
        self._wish(matter, booked.wanted, booked.asks)

    def _bring_forward(self, desk: Desk, now: int) -> None:
        """Give the rest of a missed slot to who waits longest with that adviser for a later day and would come now."""
        tomorrow = now - now % MINUTES_PER_DAY + MINUTES_PER_DAY
        for slot, _, matter in desk.booked:
            booked = matter.appointment
            if slot >= tomorrow and booked.wanted <= now and matter.stopped_until <= now:
                self._free(matter, now, "brought_forward")
                # The meeting that was missed has taken the room already.
                wish = SlotWish(True, booked.wanted, matter.key, matter, booked.asks)
                self._put_down(wish, SlotOffer(now, now, desk), now, desk, 0, 0, now)
                return

    # ---- sickness ------------------------------------------------------------------------------------------------

    def expect(self) -> None:
        """Let sickness come as it was drawn: it is known of on its own morning."""
        for desk in self._scheduler.desks:
            if desk.slots is not None:
                self._expect(desk, 0)

    def _expect(self, desk: Desk, n: int) -> None:
        shifts = self._sick.get(desk.plan.id, ())
        if n < len(shifts):
            call_at(self._clock, shifts[n][0], self._is_sick, (desk, n))

    def _is_sick(self, call: Call) -> None:
        desk, n = call.arg
        now = self._clock.now
        begins, ends = self._sick[desk.plan.id][n]
        for slot, _, matter in list(desk.booked):
            if slot < ends:
                self._book_anew(matter, now, "sickness")
        # After the slots were given up, which opens the shift again.
        desk.slots.close(begins)
        self._expect(desk, n + 1)


def _in_order(wish: SlotWish) -> tuple[bool, int, int]:
    # Without the matter, which has no order.
    return wish[:3]


def _is_taken(offer: SlotOffer, patience: int) -> bool:
    """Whether the own adviser's slot is taken: it lies at most so many calendar days behind anyone's."""
    later = offer.own // MINUTES_PER_DAY - offer.anyone // MINUTES_PER_DAY
    return patience == FOR_EVER or later * MINUTES_PER_DAY <= patience
