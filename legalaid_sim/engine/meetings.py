"""What meetings, calls and work come to: the record, trust, minutes told to the contract; then on with the matter."""

from collections.abc import Mapping
from typing import Any

from legalaid_sim import events
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.clients import (
    Growth,
    centred,
    grown_trust,
    missed_by_wait,
    missed_chance,
    trust_with_companion,
)
from legalaid_sim.draws import log_odds
from legalaid_sim.engine.appointments import Appointments
from legalaid_sim.engine.booking import Booking
from legalaid_sim.engine.casework import Casework
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.ledger import Ledger
from legalaid_sim.engine.matter import Matter, Task
from legalaid_sim.engine.sessions import OutsideSessions, Sitting
from legalaid_sim.engine.settings import Settings
from legalaid_sim.engine.state import Client
from legalaid_sim.events import make
from legalaid_sim.units import MINUTES_PER_DAY


def _growth(settings: Settings) -> Growth | None:
    """How trust grows by meetings; nothing where it grows by minutes of listening alone."""
    if settings.trust_contacts <= 0.0:
        return None
    # Contact minutes are without listening, which is that share of a usual meeting.
    usual = max(1.0, settings.meeting / (1.0 - settings.trust_usual))
    return Growth(settings.trust_contacts, usual, settings.trust_usual, settings.trust_listening)


class Encounters:
    """Told by the scheduler what desks have done (its ``MeetingEnds``)."""

    def __init__(
        self, common: Common, ways: Mapping[bool, Appointments], booking: Booking, ledger: Ledger,
        casework: Casework, sessions: OutsideSessions,
    ) -> None:  # fmt: skip
        self._calendar = common.calendar
        self._houses = common.houses
        self._settings = settings = common.settings
        self._tell = common.tell
        self._ways = ways
        self._booking = booking
        self._ledger = ledger
        self._casework = casework
        self._sessions = sessions
        self._missed_base = centred(log_odds(settings.missed_chance), settings.missed_person)
        self._growth = _growth(settings)

    def opens(self, matter: Matter, desk: Desk, now: int) -> bool:
        """Open a matter at its first meeting; False when the contract no longer permits it."""
        return self._casework.open(matter, desk, now)

    def is_missed(self, matter: Matter, desk: Desk, now: int) -> bool:
        """Say whether the client fails to come."""
        settings, problem = self._settings, matter.problem
        client = problem.client
        trust = client.trust_in(desk.adviser, now, settings.trust_memory, settings.carry_over)
        if matter.house.companions and settings.companion_carries:
            beside = client.trust_beside(matter.house.companions, now, settings.trust_memory)
            trust = trust_with_companion(trust, beside, settings.companion_carries)
        base = self._missed_base
        if matter.appointment is not None:
            ahead = (matter.appointment.slot - matter.appointment.made) / MINUTES_PER_DAY
            base += missed_by_wait(ahead, settings.missed_reference, settings.missed_log_day)
        chance = missed_chance(
            base
            + settings.missed_person * client.person.prone
            + (settings.channel_missed if settings.channel_missed and matter.remote else 0.0)
            - (settings.missed_goal if matter.goal_open else 0.0),
            trust,
            settings.missed_trust,
            client.person.vulnerability,
            settings.missed_vulnerability,
        )
        missed = problem.next_attempt() < chance
        matter.misses_meeting(missed)
        return missed

    def _trust(self, client: Client, desk: Desk, now: int) -> float:
        return client.trust_in(desk.adviser, now, self._settings.trust_memory, self._settings.carry_over)

    # ---- with the client -----------------------------------------------------------------------------------------

    def met(
        self, desk: Desk, now: int, matter: Matter, due: int, began: int,
        core: int, listening: int, retelling: int, reading: int,
    ) -> None:  # fmt: skip
        """A meeting is over: write it down, let trust grow, tell the contract, go on with the matter."""
        problem, adviser = matter.problem, desk.adviser
        client = problem.client
        # Facts may come from a claims file, which names what channel it likes; here it is that of the door.
        channel: Any = matter.facts.channel
        met = client.met
        known = adviser in met
        before = after = 0.0
        if self._growth is not None:
            before = self._trust(client, desk, now)
            after = self._growth.after(before, core + listening, listening)
        elif listening or (known and met[adviser][0]):
            before = self._trust(client, desk, now)
            after = grown_trust(before, listening, self._settings.trust_growth) if listening else before
        if not matter.nameless:
            met[adviser] = (after, now)
        ordinal = matter.met(core, listening)
        self._tell(
            make.contact(
                now, began=began, client=client.person.id, matter=matter.id, adviser=adviser,
                organisation=matter.house.name, ordinal=ordinal, channel=channel, core=core,
                listening=listening, retelling=retelling, reading=reading, known=known, waited=began - due,
                trust_before=before, trust_after=after,
            )
        )  # fmt: skip
        # Without a name no file is found again, so that the next meeting begins by telling, whoever holds it.
        problem.readers.add("" if matter.nameless else adviser)
        if matter.account is not None:
            spent = core + listening + retelling
            matter.works_on("profit", adviser, spent)
            matter.sees(adviser)
            month = matter.house.counts(matter.account)
            month.worked_on("profit", spent)
            month.met(known)
            if matter.account.follows_work:
                self._ledger.worked(matter, now)
        self._casework.after_meeting(matter, desk, now, after, known)

    def stood_up(self, desk: Desk, matter: Matter, minutes: int, now: int) -> None:
        """The client did not come: make a new meeting, or close the matter."""
        self._tell(
            make.missed(
                now, client=matter.problem.client.person.id, matter=matter.id, adviser=desk.adviser,
                minutes=minutes,
            )
        )  # fmt: skip
        if not matter.over:
            self._casework.after_miss(matter, desk, now)

    def put_off(self, matter: Matter, now: int) -> None:
        """The day is too short for a meeting that was booked: it is booked anew."""
        self._ways[matter.house.by_diary].put_off(matter, now)

    def answered(self, desk: Desk, matter: Matter, due: int, began: int, now: int) -> None:
        """An operator has told a caller whom to see."""
        client, minutes = matter.problem.client, now - began
        known = desk.adviser in client.met
        client.met.setdefault(desk.adviser, (0.0, now))
        matter.was_called(minutes)
        self._tell(
            make.contact(
                now, began=began, client=client.person.id, matter=matter.id, adviser=desk.adviser,
                organisation=matter.house.name, ordinal=0, channel="telephone", core=minutes, listening=0,
                retelling=0, reading=0, known=known, waited=began - due, trust_before=0.0, trust_after=0.0,
            )
        )  # fmt: skip
        self._ledger.answered(matter, began - due, now)
        self._booking.after_call(matter, now)

    # ---- without the client --------------------------------------------------------------------------------------

    def worked(self, desk: Desk, task: Task, began: int, now: int) -> None:
        """A stretch of work is over: write it down, tell the contract, and go on where the task is done."""
        matter, activity, minutes = task.matter, task.activity, now - began
        if activity == events.LISTENING:
            if matter is not None:
                self._listened(desk, matter, minutes, began, now)
        else:
            self._tell(
                make.work(
                    now, began=began, adviser=desk.adviser, activity=activity, minutes=minutes,
                    matter="" if matter is None else matter.id, clause=task.clause, duty=task.duty,
                )
            )  # fmt: skip
            if matter is None or activity == events.DUTY:
                pass
            elif activity == events.CASEWORK:
                # Under a heading of its own, such as advocacy, it was not part of the plan.
                matter.worked(minutes, bool(task.clause))
                self._told(desk, matter, task.clause or "profit", minutes, now)
            else:
                self._told(desk, matter, task.clause, minutes, now)
        if task.at_once and isinstance(task, Sitting):
            self._sessions.over(task, minutes, now)
        elif task.minutes <= 0:
            self._done(desk, task, now)

    def _done(self, desk: Desk, task: Task, now: int) -> None:
        if task.duty:
            late = now - task.due if now > task.due else 0
            self._tell(
                make.duty_done(now, duty=task.duty, clause=task.clause, adviser=desk.adviser, late=late)
            )
            if late:
                self._ledger.duty_late(self._houses[desk.house], task, late, now)
        elif task.matter is not None:
            self._casework.after_task(task.matter, task, now)

    def _told(self, desk: Desk, matter: Matter, heading: str, minutes: int, now: int) -> None:
        """Tell the matter's contract of a stretch of work under its heading of time."""
        account = matter.account
        if account is None:
            return
        matter.works_on(heading, desk.adviser, minutes)
        matter.house.counts(account).worked_on(heading, minutes)
        if account.follows_work:
            self._ledger.worked(matter, now)

    def _listened(self, desk: Desk, matter: Matter, minutes: int, began: int, now: int) -> None:
        """A volunteer or peer supporter has listened: it is a contact, and trust grows in that person."""
        client = matter.problem.client
        known = desk.adviser in client.met
        before = self._trust(client, desk, now)
        if self._growth is not None:
            after = self._growth.after(before, minutes, minutes)
        else:
            after = grown_trust(before, minutes, self._settings.trust_growth)
        client.met[desk.adviser] = (after, now)
        matter.was_heard(minutes)
        self._tell(
            make.contact(
                now, began=began, client=client.person.id, matter=matter.id, adviser=desk.adviser,
                organisation=matter.house.name, ordinal=matter.ordinal, channel="face_to_face", core=0,
                listening=minutes, retelling=0, reading=0, known=known, waited=0, trust_before=before,
                trust_after=after,
            )
        )  # fmt: skip
