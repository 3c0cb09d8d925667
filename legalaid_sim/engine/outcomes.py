"""What meetings and matters do to people: disclosure, goals, companions, outcomes, acting, capability, coming back."""

from collections.abc import Callable
from typing import Any

from legalaid_sim import events
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.clients import centred, resolved_chance, trust_with_companion
from legalaid_sim.draws import hindered_chance, logistic
from legalaid_sim.engine import keys
from legalaid_sim.engine.agenda import Agenda
from legalaid_sim.engine.area import Area
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.matter import Matter, Task
from legalaid_sim.engine.state import ProblemState
from legalaid_sim.events import make
from legalaid_sim.units import MINUTES_PER_DAY, round_half_up


class Outcomes:
    """What follows from being met and from being helped."""

    def __init__(
        self, common: Common, area: Area, agenda: Agenda, add_task: Callable[[Desk, Task], None]
    ) -> None:
        self._calendar = common.calendar
        self._settings = settings = common.settings
        self._tell = common.tell
        self._area = area
        self._agenda = agenda
        self._add_task = add_task
        self._base = centred(settings.outcome_base, settings.outcome_stubborn)

    # ---- after a meeting -----------------------------------------------------------------------------------------

    def met(self, matter: Matter, desk: Desk, now: int, trust: float) -> None:
        """Let a meeting bring out what was hidden, set or review a goal, and call in a companion."""
        client, settings, house = matter.problem.client, self._settings, matter.house
        if client.hidden:
            self._disclose(matter, desk, self._counts(matter, trust, now), now)
        if matter.goal_due:
            if matter.goal_open:
                lapsed = now > matter.goal_due
                if lapsed:
                    matter.leave_goal()
                state: events.GoalState = "lapsed" if lapsed else "open"
                self._tell(
                    make.goal_reviewed(
                        now, client=client.person.id, matter=matter.id, adviser=desk.adviser, state=state
                    )
                )
        elif matter.ordinal == 1 and matter.listening >= settings.goal_listening > 0.0:
            matter.set_goal(now + settings.goal_time)
            self._tell(
                make.goal_set(
                    now, client=client.person.id, matter=matter.id, adviser=desk.adviser, due=matter.goal_due
                )
            )
        if (
            house.companions
            and not matter.nameless
            and client.person.relational_need >= settings.companion_need
        ):
            self._offer(matter, now)

    def _counts(self, matter: Matter, trust: float, now: int) -> float:
        """Trust in an adviser with what a companion adds to it."""
        settings, companions = self._settings, matter.house.companions
        if not companions or not settings.companion_carries:
            return trust
        beside = matter.problem.client.trust_beside(companions, now, settings.trust_memory)
        return trust_with_companion(trust, beside, settings.companion_carries)

    def _offer(self, matter: Matter, now: int) -> None:
        """Offer a companion at the first meeting to whom chance has chosen, and let one listen after each."""
        house, person = matter.house, matter.problem.client.person
        if matter.ordinal == 1:
            share = house.policy.companions_offered
            matter.offers_companion(share >= 1.0 or person.offered < share)
            if share < 1.0:
                self._tell(
                    make.companion_offered(
                        now, client=person.id, matter=matter.id, organisation=house.name, offered=matter.accompanied
                    )
                )  # fmt: skip
        if matter.accompanied:
            self._accompany(matter, house.companions, now)

    def _disclose(self, matter: Matter, desk: Desk, trust: float, now: int) -> None:
        """Let trust bring out what was hidden; a disclosed problem is asked about at once."""
        client, settings = matter.problem.client, self._settings
        # A copy, since what is disclosed leaves the list.
        for plan in list(client.hidden):
            problem = self._agenda.problems.get(plan.id)
            if plan.onset > now or (problem is not None and problem.stage != "unasked"):
                continue
            meeting = matter.ordinal - 1
            chance = hindered_chance(
                settings.disclosure_base + trust * settings.disclosure,
                client.person.vulnerability,
                -settings.barrier,
            )
            # So many meetings have draws; what has not been told by then is not told at all.
            if meeting < len(plan.u_disclose) and plan.u_disclose[meeting] < chance:
                client.hidden.remove(plan)
                self._tell(
                    make.disclosed(
                        now, client=client.person.id, problem=plan.id, adviser=desk.adviser,
                        early=now < plan.crisis,
                    )
                )  # fmt: skip
                self._agenda.ask_at(now, client.person, plan, False)

    def _accompany(self, matter: Matter, companions: list[Any], now: int) -> None:
        """Let a volunteer or peer supporter listen: the one met before, else the one with the least to do."""
        desk = self._companion_of(matter, companions)
        if desk is None or not self._settings.companion_minutes:
            return
        key = keys.of_outing(matter.key, matter.ordinal)
        self._add_task(desk, Task(now, key, events.LISTENING, self._settings.companion_minutes, matter))

    @staticmethod
    def _companion_of(matter: Matter, companions: list[Any]) -> Any:
        met = matter.problem.client.met
        held = [desk for desk in companions if not desk.vacant]
        known = [desk for desk in held if desk.adviser in met]
        return min(known or held, key=lambda desk: (len(desk.tasks), desk.index), default=None)

    def takes_up(self, task: Task) -> bool:
        """Let another companion listen where one has left, if there is one; False where an adviser takes it on.

        Where nothing carries, a companion is a colleague as in the first model, whose work goes to the adviser.
        """
        matter = task.matter
        if task.activity != events.LISTENING or matter is None or not self._settings.companion_carries:
            return False
        desk = None if matter.over else self._companion_of(matter, matter.house.companions)
        if desk is not None:
            self._add_task(desk, task)
        return True

    # ---- after closing -------------------------------------------------------------------------------------------

    def closed(self, matter: Matter, reason: events.Ending, trust: float, now: int) -> None:
        """Decide what became of the problem, what the client does, and whether they come back."""
        problem, settings = matter.problem, self._settings
        client, plan = problem.client, problem.plan
        thresholds = problem.thresholds
        trust = self._counts(matter, trust, now)
        goal = settings.goal_effect if matter.goal_open else 0.0
        acted = thresholds.acted < logistic(settings.acted_base + settings.acted_trust * trust + goal)
        helped = matter.ordinal and matter.given and reason != "switched"
        chance = self._chance(matter, trust) if helped else 0.0
        if not acted:
            chance *= 1.0 - settings.not_acted
        if problem.date_missed:
            chance *= 1.0 - settings.date_loss
        problem.end(thresholds.resolve < chance)
        self._tell(
            make.outcome(
                now, client=client.person.id, problem=plan.id, matter=matter.id, resolved=problem.resolved,
                early=not problem.late, chance=chance,
            )
        )  # fmt: skip
        less = settings.after_trust * trust
        elsewhere = reason == "switched" or thresholds.elsewhere < logistic(settings.discontent - less)
        appealed = not problem.resolved and thresholds.appeal < logistic(settings.discontent - less)
        # Before it is decided whether they come back, which what they have learned makes less likely.
        self._grow(matter, trust, now)
        self._tell(
            make.aftermath(
                now, client=client.person.id, problem=plan.id, matter=matter.id, acted=acted,
                elsewhere=elsewhere, appealed=appealed, capability=client.capability,
            )
        )  # fmt: skip
        matter.comes_to(matter.house.outcomes[plan.category] if problem.resolved else "unresolved")
        if problem.resolved:
            matter.house.counts(matter.account).resolves()
        elif reason == "organisation_closed":
            # A client of an organisation that is no more looks for another at once.
            self._agenda.ask_at(self._calendar.open_minute(now + MINUTES_PER_DAY), client.person, plan, True)
        elif reason != "switched":
            self._may_return(problem, trust, now)

    def switched(self, matter: Matter, now: int) -> None:
        """Let a client ask another organisation the next day; without one they are lost to the area."""
        problem = matter.problem
        problem.turn_to(self._area.turned_to(matter.house))
        if problem.goes_to is not None:
            when = self._calendar.open_minute(now + MINUTES_PER_DAY)
            self._agenda.ask_at(when, problem.client.person, problem.plan, True)
            return
        problem.stand("left")
        self._tell(
            make.left(
                now, client=problem.client.person.id, problem=problem.plan.id, matter=matter.id,
                reason="switched",
            )
        )  # fmt: skip

    def _chance(self, matter: Matter, trust: float) -> float:
        settings = self._settings
        return resolved_chance(
            self._base + settings.outcome_stubborn * matter.problem.plan.stubborn,
            (matter.given + matter.listened - matter.beside) / max(1, matter.needed),
            settings.outcome_minutes,
            trust,
            settings.outcome_trust,
            matter.problem.late,
            settings.outcome_late,
            matter.lead.skill_in(matter.facts.category),
            settings.outcome_skill,
        )

    def _grow(self, matter: Matter, trust: float, now: int) -> None:
        """Let a resolved problem and a goal reached in time raise what the client can do without help."""
        client, settings = matter.problem.client, self._settings
        gain = settings.capability_gain * trust if matter.problem.resolved else 0.0
        if matter.goal_open:
            reached = matter.problem.resolved and now <= matter.goal_due
            gain += settings.capability_goal if reached else 0.0
            state: events.GoalState = "reached" if reached else "lapsed"
            self._tell(
                make.goal_reviewed(
                    now, client=client.person.id, matter=matter.id, adviser=matter.lead.adviser, state=state
                )
            )
            matter.leave_goal()
        client.grow(gain)

    def _may_return(self, problem: ProblemState, trust: float, now: int) -> None:
        """Let an unresolved problem be brought back, the later the more its client trusts the adviser."""
        plan, n = problem.plan, problem.returns
        able = 1.0 - self._settings.capability_effect * problem.client.capability
        if n < len(plan.u_returns) and plan.u_returns[n] < self._settings.return_chance * able:
            problem.next_return()
            gap = plan.return_gaps[n]
            if later := self._settings.return_later:
                gap = round_half_up(gap * (1.0 + later * trust))
            self._agenda.ask_at(self._calendar.open_minute(now + gap), problem.client.person, plan, True)
