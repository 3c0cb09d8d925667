"""Closing a matter: the record, what becomes of the problem, the claim; and the end of all matters of a desk."""

from typing import Final

from legalaid_sim import events
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.engine.booking import Booking
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.ledger import Ledger
from legalaid_sim.engine.matter import Matter
from legalaid_sim.engine.outcomes import Outcomes
from legalaid_sim.events import make

# Why a matter is closed whose client goes to another provider.
SWITCHED: Final = "switched"


class Closing:
    """The end of matters."""

    def __init__(self, common: Common, booking: Booking, ledger: Ledger, outcomes: Outcomes) -> None:
        self._calendar = common.calendar
        self._settings = common.settings
        self._tell = common.tell
        self._booking = booking
        self._ledger = ledger
        self._outcomes = outcomes

    def close(self, matter: Matter, now: int, reason: events.Ending) -> None:
        """Close a matter: what became of the problem, and the claim."""
        problem, facts, house, lead = matter.problem, matter.facts, matter.house, matter.lead
        client, plan = problem.client, problem.plan
        matter.end()
        self._booking.release(matter)
        trust = client.trust_in(lead.adviser, now, self._settings.trust_memory, self._settings.carry_over)
        self._tell(
            make.matter_closed(
                now, matter=matter.id, client=client.person.id, problem=plan.id, organisation=house.name,
                adviser=lead.adviser, reason=reason, needed=matter.needed, planned=matter.planned,
                given=matter.given, listened=matter.listened, contacts=matter.meetings, trust=trust,
            )
        )  # fmt: skip
        matter.closes(self._calendar.day(now))
        client.closes(now)
        house.counts(matter.account).closes(len(facts.contacts_by_adviser) == 1)
        self._outcomes.closed(matter, reason, trust, now)
        # After the outcome, which a claim may be paid by.
        if matter.account is not None:
            self._ledger.claim(matter, now)
        if reason == SWITCHED:
            self._outcomes.switched(matter, now)

    def wind_up(self, desk: Desk, now: int) -> None:
        """Close every matter of a desk whose organisation is no more; the clients may ask elsewhere."""
        for matter in sorted(desk.matters.values(), key=lambda matter: matter.key):
            matter.forget_meeting()
            if matter.open:
                self.close(matter, now, "organisation_closed")
            else:
                self._booking.refuse(matter, "closed", "", now)
