"""The door: whoever asks is considered, and taken on, handed on to another organisation, or turned away."""

from math import exp
from typing import Any

from legalaid_sim import events
from legalaid_sim.advisers.effort import choose_minutes, worth
from legalaid_sim.brought import NOTHING
from legalaid_sim.clients import hand_on_chance
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.draws import hindered_chance, logistic, standard_normal
from legalaid_sim.engine import keys
from legalaid_sim.engine.agency import House
from legalaid_sim.engine.agenda import Agenda
from legalaid_sim.engine.area import Area
from legalaid_sim.engine.booking import Booking
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.hearings import Hearings
from legalaid_sim.engine.ledger import Ledger, Refused
from legalaid_sim.engine.matter import Matter
from legalaid_sim.engine.scarcity import Scarcity
from legalaid_sim.engine.state import ProblemState
from legalaid_sim.events import make
from legalaid_sim.units import MINUTES_PER_DAY, MINUTES_PER_HOUR, add_up, round_half_up


class Intake:
    """Everybody who asks, at every organisation of the run."""

    def __init__(
        self, common: Common, agenda: Agenda, area: Area, ledger: Ledger, booking: Booking, pay: Scarcity,
        hearings: Hearings,
    ) -> None:  # fmt: skip
        self._calendar = common.calendar
        self._brought = common.world.brought
        self._settings = common.settings
        self._tell = common.tell
        self._agenda = agenda
        self._area = area
        self._ledger = ledger
        self._booking = booking
        self._pay = pay
        self._hearings = hearings

    def consider_all(self, now: int) -> None:
        """Consider those who ask in this minute."""
        for _, problem, returning in self._agenda.those_asking():
            self._consider(problem, returning, now)

    def _consider(self, problem: ProblemState, returning: bool, now: int) -> None:
        """Take a client on, refer them to another organisation, or turn them away."""
        person = problem.client.person
        house = problem.goes_to or self._area.asked_first(person, problem.client.met)
        problem.be_considered(now, self._settings.own_thresholds)
        if self._hearings.bind:
            self._hearings.expect(problem, now)
        tried: list[House] = []
        most = min(self._settings.most_hand_ons, len(problem.thresholds.refer))
        for hand_on in range(most + 1):
            reason, clause = self._try(problem, house, returning, now)
            if not reason:
                return
            self._tell(
                make.turned_away(
                    now, client=person.id, problem=problem.plan.id, organisation=house.name, reason=reason,
                    clause=clause,
                )
            )  # fmt: skip
            problem.stand("turned_away")
            house.month.turns_away()
            tried.append(house)
            other = self._area.other_than(*tried)
            # Who lacks proof lacks it at every door.
            if other is None or hand_on == most or reason == "evidence" or person.only_own:
                return
            # As everywhere, a uniform below the chance of what happens; here, of being reached.
            reached = problem.thresholds.refer[hand_on] < 1.0 - hand_on_chance(
                self._settings.hand_on_lost, self._settings.hand_on_more, hand_on
            )
            self._tell(
                make.referred(
                    now, client=person.id, problem=problem.plan.id, organisation=house.name, to=other.name,
                    reason=reason, reached=reached,
                )
            )  # fmt: skip
            if not reached:
                problem.stand("left")
                self._tell(
                    make.left(now, client=person.id, problem=problem.plan.id, matter="", reason="referral")
                )
                return
            house = other

    def _try(self, problem: ProblemState, house: House, returning: bool, now: int) -> tuple[Refused, str]:
        """Ask one organisation; ("", "") when it takes the client on, else the first reason found, and the clause."""
        client, plan, settings = problem.client, problem.plan, self._settings
        person = client.person
        policy = house.policy
        channel = person.channel if policy.channel == "as_preferred" else policy.channel
        if problem.nameless and policy.nameless:
            channel = "online"
        self._tell(
            make.asked(
                now, client=person.id, problem=plan.id, organisation=house.name, category=plan.category,
                channel=channel, early=not problem.late, returning=returning,
            )
        )  # fmt: skip
        house.month.asks()
        if house.shut:
            return "closed", ""
        if person.in_person and policy.only_remote:
            return "channel", ""
        if self._area.has_other_for(plan.category, house):
            return "scope", ""
        refused = hindered_chance(settings.evidence_refused, person.vulnerability, settings.barrier)
        if house.accounts and refused > problem.thresholds.evidence:
            return "evidence", ""
        facts = self._facts(problem, house, channel, returning, now)
        account, clause, reason = self._ledger.account_for(house, facts, now)
        if reason:
            return reason, clause
        must = account is not None and account.admission.must and account.must_accept(facts)
        if (
            not must
            and house.policy.waiting_limit is not None
            and len(house.waiting) >= house.policy.waiting_limit
            and not self._hearings.is_near(problem, now)
        ):
            return "capacity", ""
        if (
            house.policy.respond == "all"
            and account is not None
            and not must
            and not self._selected(problem, house, account, facts)
        ):
            return "selection", ""
        number = problem.next_matter()
        matter = Matter(
            f"{plan.id}.m{number}", keys.of_matter(plan.key, number), problem, house, account, facts
        )
        late = problem.late and settings.late_factor != 1.0
        cores = (
            tuple([round_half_up(m * settings.late_factor) for m in plan.contacts]) if late else plan.contacts
        )
        # Foreseen, so that a first meeting is not begun where it does not fit into the shift.
        heard = round_half_up(settings.listening * person.relational_need) if house.policy.discretion else 0
        matter.lasts(cores, heard)
        problem.stand("waiting")
        if self._hearings.bind:
            self._hearings.taken_on(matter, now)
        self._booking.await_patience(matter, now)
        self._booking.let_in(matter, now)
        return "", ""

    def _facts(
        self, problem: ProblemState, house: House, channel: events.Channel, returning: bool, now: int
    ) -> MatterFacts:
        plan = problem.plan
        facts = MatterFacts(
            "", plan.category, plan.fee_code, house.region, channel,
            opened=self._calendar.day(now), client=problem.client.person.id, reopened=returning,
        )  # fmt: skip
        told = facts.facts
        told["early"] = not problem.late
        told.update(self._brought.get(plan.id, NOTHING).facts)
        told["difficulty_band"] = plan.difficulty
        since = problem.client.last_closed
        if since >= 0:
            told["months_since_last_matter"] = (now - since) // (30 * MINUTES_PER_DAY)
        return facts

    def _selected(self, problem: ProblemState, house: House, account: Any, facts: MatterFacts) -> bool:
        """Whether a provider who may choose takes this client on: logistic in what the matter brings, as it looks."""
        settings, plan = self._settings, problem.plan
        need = add_up(plan.contacts) + plan.casework
        noise = exp(settings.selection_noise * standard_normal(problem.thresholds.noise))
        seen = need * noise
        curve = account.incentive(facts)
        altruism = house.altruism * (1.0 - settings.pressure_weight * house.books.pressure)
        price = self._pay.price(house.desks, house)
        q = choose_minutes(curve, seen, price, altruism, self._pay.benefit, seen * settings.most_effort)
        margin = worth(curve, q) - price * q
        hours = margin / (settings.cost * MINUTES_PER_HOUR) + altruism * settings.kindness
        chance = logistic(settings.selection_base + settings.selection * hours)
        return problem.thresholds.select < chance
