"""Casework: a matter from its first meeting to its last task, and from one adviser to another."""

from collections.abc import Mapping

from legalaid_sim import events
from legalaid_sim.advisers import allocation
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.brought import Brought
from legalaid_sim.draws import nth
from legalaid_sim.engine import keys
from legalaid_sim.engine.appointments import Appointments
from legalaid_sim.engine.booking import Booking
from legalaid_sim.engine.clock import Call, call_at
from legalaid_sim.engine.closing import SWITCHED, Closing
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.dates import NO_DATE, Dates
from legalaid_sim.engine.leave import Leave
from legalaid_sim.engine.ledger import Ledger
from legalaid_sim.engine.matter import Matter, Task
from legalaid_sim.engine.outcomes import Outcomes
from legalaid_sim.engine.planning import Planning
from legalaid_sim.engine.scheduler import Scheduler
from legalaid_sim.events import make
from legalaid_sim.scenario.brings import Switching
from legalaid_sim.units import round_half_up


class Casework:
    """All open matters; ``switching`` is why clients with a budget of their own go elsewhere, nothing: they stay."""

    def __init__(
        self, common: Common, scheduler: Scheduler, ways: Mapping[bool, Appointments], ledger: Ledger,
        booking: Booking, planning: Planning, outcomes: Outcomes, closing: Closing, leave: Leave,
        dates: Dates, switching: Switching | None,
    ) -> None:  # fmt: skip
        self._clock = common.clock
        self._calendar = common.calendar
        self._houses = common.houses
        self._brought_along = common.world.brought
        self._settings = common.settings
        self._tell = common.tell
        self._scheduler = scheduler
        self._ways = ways
        self._ledger = ledger
        self._booking = booking
        self._planning = planning
        self._outcomes = outcomes
        self._closing = closing
        self._leave = leave
        self._dates = dates
        self._switching = switching
        self._opening = common.calendar.has_hours

    # ---- opening -------------------------------------------------------------------------------------------------

    def open(self, matter: Matter, desk: Desk, now: int) -> bool:
        """Open a matter at its first meeting; False when the contract no longer permits it."""
        facts, house = matter.facts, matter.house
        day = self._calendar.day(now)
        matter.opens_on(day)
        if house.accounts or matter.account is not None:
            # Asked again: what was permitted at the door may have been used up by others meanwhile.
            account, clause, reason = self._ledger.account_for(house, facts, now)
            if reason:
                self._booking.refuse(matter, reason, clause, now)
                return False
            matter.under(account)
        if matter.lead is None:
            matter.led_by(desk)
        matter.opens()
        if self._settings.clock_runs:
            self._planning.late_by_now(matter, now)
        self._planning.plan(matter, desk, now)
        client = matter.problem.client
        self._tell(
            make.matter_opened(
                now, matter=matter.id, client=client.person.id, problem=matter.problem.plan.id,
                organisation=house.name, category=facts.category, contract=matter.contract,
                adviser=matter.lead.adviser, needed=matter.needed, planned=matter.planned,
                discretion=house.policy.discretion,
            )
        )  # fmt: skip
        house.month.opens(client.person.id, now - matter.problem.asked)
        if matter.account is not None:
            self._ledger.settle(house, matter.account, matter.account.opened(facts, day), now, matter)
            self._ledger.opened(matter, now)
        if house.policy.exceptions is not None:
            self._leave.ask(matter, house.policy.exceptions, now)
        return True

    # ---- meetings and casework -----------------------------------------------------------------------------------

    def after_meeting(self, matter: Matter, desk: Desk, now: int, trust: float, known: bool) -> None:
        """Go on after a meeting: pass the matter on, do casework, make the next meeting or finish."""
        house = matter.house
        if matter.lead is not desk:
            if house.policy.patience == 0:
                self.pass_on(matter, desk, now, "pool")
        elif house.policy.first == "duty_rota" and matter.ordinal == 1 and len(matter.cores) > 1:
            self._from_duty_desk(matter, desk, now)
        if (
            self._settings.stage_hand_over > 0.0
            and matter.lead is desk
            and matter.ordinal < len(matter.cores)
        ):
            self._next_stage(matter, desk, now)
        if matter.listening or matter.goal_due or house.companions or matter.problem.client.hidden:
            self._outcomes.met(matter, desk, now, trust)
        switching = self._switching
        more = matter.ordinal < len(matter.cores)
        if switching and more and self._goes_elsewhere(matter, switching, now, known):
            self._last_meeting(matter, now)
            return
        left = len(matter.cores) - matter.ordinal
        due = 0
        if left:
            gaps = matter.problem.plan.gaps
            # A meeting that was split has no gap of its own and takes the last.
            due = now + (gaps[matter.ordinal - 1] if matter.ordinal < len(gaps) else gaps[-1])
            if self._opening:
                due = self._calendar.open_minute(due)
            if due < matter.stopped_until:
                due = self._calendar.open_minute(matter.stopped_until)
            self._ways[house.by_diary].follow(matter, due, now, self._next_meeting)
        if matter.work:
            # What is left over by the division is done after the last meeting.
            minutes = matter.work // (left + 1)
            matter.take_work(minutes)
            if minutes:
                self._casework(matter, minutes, due if left else now + self._settings.wind_up)
        brought = self._brought_along.get(matter.problem.plan.id)
        if brought is not None:
            self._brought(matter, brought, not left, now)
        if matter.account is not None:
            self._ledger.after_meeting(matter, now)
        if not left and not matter.due_tasks:
            self._ends(matter, now)

    def _brought(self, matter: Matter, brought: Brought, last: bool, now: int) -> None:
        """Lay out what a problem needs after its first meeting; go out for it after its last one."""
        if matter.ordinal == 1:
            self._ledger.lay_out(matter, brought.outlays, now)
        if not last:
            return
        for n, (heading, minutes) in enumerate(brought.minutes):
            matter.expects_task()
            key = keys.of_outing(matter.key, n)
            activity: events.TaskActivity = events.CASEWORK if heading == "advocacy" else events.TRAVEL
            task = Task(now + self._settings.wind_up, key, activity, minutes, matter, heading)
            self._scheduler.add_task(matter.lead, task)

    def _casework(self, matter: Matter, minutes: int, due: int) -> None:
        matter.expects_task()
        lead = matter.lead
        self._scheduler.add_task(
            lead, Task(due, keys.of_casework(matter.key, matter.ordinal), events.CASEWORK, minutes, matter)
        )
        if self._settings.juggling > 0.0:
            juggled = self._settings.juggling * max(0.0, lead.load / self._settings.usual_caseload - 1.0)
            if juggled > 0.0 and (extra := round_half_up(minutes * juggled)):
                self._scheduler.add_routine(lead, due, events.ADMIN, extra, "juggling")

    def _goes_elsewhere(self, matter: Matter, switching: Switching, now: int, known: bool) -> bool:
        """Let a client who holds the money give notice, for the scenario's reason; say whether it has run out."""
        problem = matter.problem
        if matter.leaves < 0 and matter.account is not None and matter.account.terms.budgets:
            problem.count_reason(
                switching.why == "any_meeting" or (not known and len(problem.client.met) > 1)
            )
            left_by_now = 1.0 - (1.0 - switching.chance) ** problem.reasons
            if problem.goes_to is None and self._brought_along[problem.plan.id].u_leaves < left_by_now:
                matter.gives_notice(now + self._ledger.notice_given(matter, now))
        return 0 <= matter.leaves <= now

    def _last_meeting(self, matter: Matter, now: int) -> None:
        """End a matter whose client goes to another provider, once what is begun is done."""
        if matter.account is not None:
            self._ledger.after_meeting(matter, now)
        matter.stop()
        if not matter.due_tasks:
            self._closing.close(matter, now, SWITCHED)

    def _ends(self, matter: Matter, now: int) -> None:
        """Close a matter on which nothing is left to be done, or keep it open for a hearing that is still to come."""
        reason = self._ending(matter, now)
        if self._dates.bind and reason == "completed":
            problem = matter.problem
            hearing = self._dates.stands_open(problem.plan, problem.thresholds.authority, now)
            if hearing != NO_DATE:
                # A minute later it is known whether somebody stood by, and what is left to be done for it.
                call_at(self._clock, hearing + 1, self._after_hearing, matter)
                return
        self._closing.close(matter, now, reason)

    def _after_hearing(self, call: Call) -> None:
        """Close a matter at whose hearing nobody stood by; who did has work to end, and closes it then."""
        matter: Matter = call.arg
        if not matter.over and not matter.due_tasks:
            now: int = self._clock.now
            self._closing.close(matter, now, self._ending(matter, now))

    def _ending(self, matter: Matter, now: int) -> events.Ending:
        """Say why a matter ends on which nothing is left to be done."""
        if 0 <= matter.leaves <= now:
            return SWITCHED
        gone = matter.tired or matter.misses >= self._settings.missed_in_a_row
        return "disengaged" if gone else "completed"

    def _next_meeting(self, matter: Matter) -> None:
        now: int = self._clock.now
        if 0 <= matter.leaves <= now and not matter.over:
            matter.stop()
            if not matter.due_tasks:
                self._closing.close(matter, now, SWITCHED)
        elif matter.tired and not matter.over:
            self._disengages(matter, now)
        elif not matter.over:
            self._ways[matter.house.by_diary].ask(matter, now)

    def _from_duty_desk(self, matter: Matter, desk: Desk, now: int) -> None:
        """After the duty adviser's first meeting the matter goes to who has most room."""
        house = matter.house
        other = allocation.least_loaded(house.by_category[matter.facts.category], house.by_hours)
        if other is not desk:
            self.pass_on(matter, other, now, "duty_rota")

    def _next_stage(self, matter: Matter, desk: Desk, now: int) -> None:
        """Between meetings an agency of teams may give a matter to another adviser, though nobody has left."""
        plan = matter.problem.plan
        u = nth(plan.u_stage, min(matter.ordinal - 1, len(plan.u_stage) - 1), "stage", plan.id)
        others = [other for other in matter.house.by_category[matter.facts.category] if other is not desk]
        if others and u < self._settings.stage_hand_over:
            self.pass_on(matter, allocation.least_loaded(others, matter.house.by_hours), now, "stage")

    def pass_on(self, matter: Matter, desk: Desk, now: int, reason: events.Passing) -> None:
        """Give a matter to another adviser."""
        before = matter.lead
        matter.led_by(desk)
        if matter.open:
            self._tell(
                make.hand_over(
                    now, matter=matter.id, client=matter.problem.client.person.id, before=before.adviser,
                    after=desk.adviser, reason=reason,
                )
            )  # fmt: skip

    def after_miss(self, matter: Matter, desk: Desk, now: int) -> None:
        """Go on after a missed meeting: a new one, or closing when too many were missed in a row."""
        if matter.misses >= self._settings.missed_in_a_row:
            self._disengages(matter, now)
        else:
            self._ways[matter.house.by_diary].again(matter, desk, now, self._next_meeting)

    def _disengages(self, matter: Matter, now: int) -> None:
        """End a matter to whose meetings the client no longer comes, once what is begun is done."""
        matter.stop()
        if not matter.due_tasks:
            self._closing.close(matter, now, "disengaged")
        else:
            matter.give_up()
            self._ways[matter.house.by_diary].call_off(matter, now)

    def after_task(self, matter: Matter, task: Task, now: int) -> None:
        """Close a matter when its last casework is done and no meeting is left."""
        # Forms keep no matter open, whenever they are done.
        if task.activity not in (events.CASEWORK, events.LISTENING, events.TRAVEL):
            return
        matter.task_done()
        if not matter.over and not matter.due_tasks and matter.ordinal >= len(matter.cores):
            self._ends(matter, now)

    # ---- when an adviser leaves or an organisation closes ----------------------------------------------------------

    def hand_over(self, desk: Desk, now: int) -> None:
        """Give the open matters and duties of a leaver to colleagues; without any, they wait for a successor."""
        house = self._houses[desk.house]
        for matter in sorted(desk.matters.values(), key=lambda matter: matter.key):
            room = house.by_category[matter.facts.category]
            if not room:
                continue
            if self._settings.broken_promise:
                matter.problem.client.lose_trust(desk.adviser, self._settings.broken_promise)
            self.pass_on(matter, allocation.least_loaded(room, house.by_hours), now, "leaving")
            self._ways[house.by_diary].move(matter, desk, matter.lead)
        for task in desk.keep_own():
            if self._outcomes.takes_up(task):
                continue
            # What belongs to the person, such as their own admin and supervision, goes with them.
            if task.matter is not None or task.duty:
                waits = task.matter is not None and not task.matter.over
                self._scheduler.add_task(task.matter.lead if waits else self._ledger.manager(house), task)
        self._ways[house.by_diary].leaves(desk, now)
