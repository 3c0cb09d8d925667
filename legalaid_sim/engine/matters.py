"""A client's story from the first meeting to closing: planning, meetings, casework, hand-overs, the claim."""

from heapq import heappush
from typing import Any, Final

from legalaid_sim import events
from legalaid_sim.advisers import allocation
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.advisers.effort import choose_minutes, listening_kept, squeeze
from legalaid_sim.advisers.strain import learning
from legalaid_sim.brought import Brought
from legalaid_sim.draws import nth
from legalaid_sim.engine.clock import NORMAL
from legalaid_sim.engine.run import Run
from legalaid_sim.engine.state import Matter, Task
from legalaid_sim.events import make
from legalaid_sim.scenario.brings import Switching
from legalaid_sim.units import MINUTES_PER_DAY, add_up, round_half_up

# Why a matter is closed whose client goes to another provider.
SWITCHED: Final = "switched"
# Among the tasks of a matter, those on the way come after its casework.
OUT_KEYS = 1024


class Matters:
    """All matters of the run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.env = run.env
        self.tell = run.tell
        self.settings = run.settings
        self.pay = run.pay
        self._opening = bool(run.opening)
        self._meets_again = (self._next_meeting,)

    # ---- opening -------------------------------------------------------------------------------------------------

    def open(self, matter: Matter, desk: Desk, now: int) -> bool:
        """Open a matter at its first meeting; False when the contract no longer permits it."""
        facts, house = matter.facts, matter.house
        day = self.run.day(now)
        facts.opened = day
        if house.accounts or matter.account is not None:
            account, clause, reason = self.run.intake.account_for(house, facts, now)
            if reason:
                self.run.intake.refuse(matter, reason, clause, now)
                return False
            matter.account = account
            matter.contract = account.terms.name if account is not None else ""
        if matter.lead is None:
            matter.lead = desk
            desk.load += 1
            desk.matters[matter.id] = matter
        matter.open = True
        matter.affair.stage = "open"
        if self.settings.clock_runs:
            self._late_by_now(matter, now)
        self._plan_effort(matter, desk, now)
        client = matter.affair.client
        self.tell(
            make.matter_opened(
                now, matter.id, client.person.id, matter.affair.plan.id, house.name, facts.category,
                matter.contract, matter.lead.adviser, matter.needed, matter.planned, house.discretion,
            )
        )  # fmt: skip
        month = house.month
        month.opened += 1
        month.seen.add(client.person.id)
        month.waits.append(now - matter.affair.asked)
        if matter.account is not None:
            self.run.payer.settle(house, matter.account, matter.account.opened(facts, day), now, matter)
            self.run.payer.opened(matter, desk, now)
        return True

    def _late_by_now(self, matter: Matter, now: int) -> None:
        """Let a problem become late while its client waits: help is early or late where it is given."""
        affair = matter.affair
        if affair.late or now < affair.plan.crisis:
            return
        affair.late = True
        matter.facts.facts["early"] = False
        if self.settings.late_factor != 1.0:
            matter.cores = tuple([round_half_up(m * self.settings.late_factor) for m in affair.plan.contacts])

    def _plan_effort(self, matter: Matter, desk: Desk, now: int) -> None:
        """Plan the minutes of a matter: what it needs, or what the provider chooses to give under its pay."""
        settings, plan, house = self.settings, matter.affair.plan, matter.house
        person = matter.affair.client.person
        listening = round_half_up(settings.listening * person.relational_need) if house.discretion else 0
        factor = settings.late_factor if matter.affair.late else 1.0
        casework = round_half_up(plan.casework * factor)
        slow = self._learning(desk, now)
        if slow > 1.0:
            casework = round_half_up(casework * slow)
            matter.cores = tuple([round_half_up(core * slow) for core in matter.cores])
        matter.listening, matter.work = listening, casework
        matter.needed = matter.planned = add_up(matter.cores) + listening * len(matter.cores) + casework
        respond = self.run.respond
        if respond == "none" or matter.account is None:
            return
        altruism = desk.altruism * (1.0 - settings.pressure_weight * house.pressure)
        matter.planned = round_half_up(
            choose_minutes(
                matter.account.incentive(matter.facts),
                matter.needed,
                self.pay.price([desk], house),
                altruism,
                self.pay.benefit,
                matter.needed * settings.most_effort,
            )
        )
        matter.cores, matter.listening, matter.work = squeeze(
            matter.planned, matter.cores, listening, casework, settings.squeeze, settings.drops_meetings
        )
        if respond == "all" and settings.multitask > 0.0 and matter.listening:
            work = house.monitored - house.relations
            kept = listening_kept(matter.listening, settings.multitask, work, house.relations)
            matter.work += (matter.listening - kept) * len(matter.cores)
            matter.listening = kept

    def _learning(self, desk: Desk, now: int) -> float:
        """How much longer somebody who has come to a post takes: more at first, and less every week."""
        settings = self.settings
        if desk.vintage <= 1 or settings.learning_extra <= 0.0:
            return 1.0
        weeks = (now - desk.joined) / (7 * MINUTES_PER_DAY)
        return learning(settings.learning_extra, weeks, settings.learning_weeks)

    # ---- meetings and casework -----------------------------------------------------------------------------------

    def after_meeting(self, matter: Matter, desk: Desk, now: int, trust: float, known: bool) -> None:
        """Go on after a meeting: pass the matter on, do casework, make the next meeting or finish."""
        house = matter.house
        if matter.lead is not desk:
            if house.patience == 0:
                self.pass_on(matter, desk, now, "pool")
        elif house.first == "duty_rota" and matter.ordinal == 1 and len(matter.cores) > 1:
            self._from_duty_desk(matter, desk, now)
        if self.settings.stage_hand_over > 0.0 and matter.lead is desk and matter.ordinal < len(matter.cores):
            self._next_stage(matter, desk, now)
        if matter.listening or matter.goal_due or house.companions or matter.affair.client.hidden:
            self.run.aftermath.met(matter, desk, now, trust)
        switching = self.run.switching
        more = matter.ordinal < len(matter.cores)
        if switching and more and self._goes_elsewhere(matter, switching, now, known):
            self._last_meeting(matter, now)
            return
        left = len(matter.cores) - matter.ordinal
        due = 0
        if left:
            gaps = matter.affair.plan.gaps
            due = now + (gaps[matter.ordinal - 1] if matter.ordinal < len(gaps) else gaps[-1])
            if self._opening:
                due = self.run.open_minute(due)
            if due < matter.stopped_until:
                due = self.run.open_minute(matter.stopped_until)
            matter.callbacks = self._meets_again
            self.run.floor.schedule(matter, NORMAL, due - now)
        if matter.work:
            minutes = matter.work // (left + 1)
            matter.work -= minutes
            if minutes:
                self._casework(matter, minutes, due if left else now + self.settings.wind_up)
        brought = self.run.world.brought.get(matter.affair.plan.id)
        if brought is not None:
            self._brought(matter, brought, not left, now)
        if matter.account is not None:
            self.run.payer.after_meeting(matter, now)
        if not left and not matter.due_tasks:
            self.close(matter, now, self._ending(matter, now))

    def _brought(self, matter: Matter, brought: Brought, last: bool, now: int) -> None:
        """Lay out what a problem needs after its first meeting; go out for it after its last one."""
        if matter.ordinal == 1:
            self.run.payer.lay_out(matter, brought.outlays, now)
        if not last:
            return
        for n, (heading, minutes) in enumerate(brought.minutes):
            matter.due_tasks += 1
            key = matter.key + OUT_KEYS + n
            activity: events.TaskActivity = events.CASEWORK if heading == "advocacy" else events.TRAVEL
            task = Task(now + self.settings.wind_up, key, activity, minutes, matter, heading)
            self.run.floor.add_task(matter.lead, task)

    def _casework(self, matter: Matter, minutes: int, due: int) -> None:
        matter.due_tasks += 1
        lead = matter.lead
        self.run.floor.add_task(
            lead, Task(due, matter.key + matter.ordinal, events.CASEWORK, minutes, matter)
        )
        juggled = self._juggling(lead)
        if juggled > 0.0 and (extra := round_half_up(minutes * juggled)):
            self.run.floor.add_routine(lead, due, events.ADMIN, extra, "juggling")

    def _juggling(self, desk: Desk) -> float:
        settings = self.settings
        if settings.juggling <= 0.0:
            return 0.0
        return settings.juggling * max(0.0, desk.load / settings.usual_caseload - 1.0)

    def _goes_elsewhere(self, matter: Matter, switching: Switching, now: int, known: bool) -> bool:
        """Let a client who holds the money give notice, for the scenario's reason; say whether it has run out."""
        affair = matter.affair
        if matter.leaves < 0 and matter.account is not None and matter.account.terms.budgets:
            affair.reasons += switching.why == "any_meeting" or (not known and len(affair.client.met) > 1)
            left_by_now = 1.0 - (1.0 - switching.chance) ** affair.reasons
            if affair.goes_to is None and self.run.world.brought[affair.plan.id].u_leaves < left_by_now:
                matter.leaves = now + self.run.payer.notice_given(matter, now)
        return 0 <= matter.leaves <= now

    def _stop(self, matter: Matter) -> None:
        """Hold no further meeting, and begin no further work."""
        matter.cores = matter.cores[: max(1, matter.ordinal)]
        matter.work = 0

    def _last_meeting(self, matter: Matter, now: int) -> None:
        """End a matter whose client goes to another provider, once what is begun is done."""
        if matter.account is not None:
            self.run.payer.after_meeting(matter, now)
        self._stop(matter)
        if not matter.due_tasks:
            self.close(matter, now, SWITCHED)

    def _ending(self, matter: Matter, now: int) -> events.Ending:
        """Say why a matter ends on which nothing is left to be done."""
        if 0 <= matter.leaves <= now:
            return SWITCHED
        return "completed" if matter.misses < self.settings.missed_in_a_row else "disengaged"

    def _next_meeting(self, matter: Matter) -> None:
        now: int = self.env.now
        if 0 <= matter.leaves <= now and not matter.over:
            self._stop(matter)
            if not matter.due_tasks:
                self.close(matter, now, SWITCHED)
        elif not matter.over:
            self.run.floor.ask_meeting(matter, self.env.now)

    def _from_duty_desk(self, matter: Matter, desk: Desk, now: int) -> None:
        """After the duty adviser's first meeting the matter goes to who has most room."""
        house = matter.house
        other: Any = allocation.least_loaded(house.by_category[matter.facts.category], house.by_hours)
        if other is not desk:
            self.pass_on(matter, other, now, "duty_rota")

    def _next_stage(self, matter: Matter, desk: Desk, now: int) -> None:
        """Between meetings an agency of teams may give a matter to another adviser, though nobody has left."""
        plan = matter.affair.plan
        u = nth(plan.u_stage, min(matter.ordinal - 1, len(plan.u_stage) - 1), "stage", plan.id)
        others = [other for other in matter.house.by_category[matter.facts.category] if other is not desk]
        if others and u < self.settings.stage_hand_over:
            self.pass_on(matter, allocation.least_loaded(others, matter.house.by_hours), now, "stage")

    def pass_on(self, matter: Matter, desk: Any, now: int, reason: events.Passing) -> None:
        """Give a matter to another adviser."""
        before = matter.lead
        before.matters.pop(matter.id, None)
        before.load -= 1
        matter.lead = desk
        desk.matters[matter.id] = matter
        desk.load += 1
        if matter.open:
            self.tell(
                make.hand_over(
                    now, matter.id, matter.affair.client.person.id, before.adviser, desk.adviser, reason
                )
            )

    def after_miss(self, matter: Matter, now: int) -> None:
        """Go on after a missed meeting: a new one, or closing when too many were missed in a row."""
        if matter.misses >= self.settings.missed_in_a_row:
            self._stop(matter)
            if not matter.due_tasks:
                self.close(matter, now, "disengaged")
            else:
                matter.ordinal = max(matter.ordinal, 1)
            return
        matter.callbacks = self._meets_again
        self.run.floor.schedule(matter, NORMAL, self.run.open_minute(now + self.settings.appointment) - now)

    def after_task(self, matter: Matter, task: Task, now: int) -> None:
        """Close a matter when its last casework is done and no meeting is left."""
        if task.activity not in (events.CASEWORK, events.LISTENING, events.TRAVEL):
            return
        matter.due_tasks -= 1
        if not matter.over and not matter.due_tasks and matter.ordinal >= len(matter.cores):
            self.close(matter, now, self._ending(matter, now))

    # ---- closing -------------------------------------------------------------------------------------------------

    def close(self, matter: Matter, now: int, reason: events.Ending) -> None:
        """Close a matter: what became of the problem, and the claim."""
        affair, facts, house, lead = matter.affair, matter.facts, matter.house, matter.lead
        client, plan = affair.client, affair.plan
        matter.over = True
        self.run.intake.release(matter)
        trust = self.run.floor.trust_in(client, lead.adviser, now) if client.met else 0.0
        self.tell(
            make.matter_closed(
                now, matter.id, client.person.id, plan.id, house.name, lead.adviser, reason, matter.needed,
                matter.planned, matter.given, matter.listened, matter.meetings, trust,
            )
        )  # fmt: skip
        facts.closed = self.run.day(now)
        client.last_closed = now
        month = house.counts(matter.account)
        month.closed += 1
        month.one_adviser += len(facts.contacts_by_adviser) == 1
        self.run.aftermath.closed(matter, reason, trust, now)
        if matter.account is not None:
            self.run.payer.claim(matter, now)
        if reason == SWITCHED:
            self.run.aftermath.switched(matter, now)

    # ---- when an adviser leaves or an organisation closes ----------------------------------------------------------

    def hand_over(self, desk: Desk, now: int) -> None:
        """Give the open matters and duties of a leaver to colleagues; without any, they wait for a successor."""
        house = self.run.houses[desk.house]
        for matter in sorted(desk.matters.values(), key=lambda matter: matter.key):
            room: Any = house.by_category[matter.facts.category]
            if not room:
                continue
            met = matter.affair.client.met
            if desk.adviser in met and self.settings.broken_promise:
                value, at = met[desk.adviser]
                met[desk.adviser] = (value * (1.0 - self.settings.broken_promise), at)
            self.pass_on(matter, allocation.least_loaded(room, house.by_hours), now, "leaving")
            self._move_meeting(matter, desk, matter.lead)
        desk.contacts = [entry for entry in desk.contacts if entry[2].lead is desk]
        desk.contacts.sort()
        kept = [entry for entry in desk.tasks if entry[2].matter is not None or entry[2].duty]
        desk.tasks = []
        for _, _, task in sorted(kept, key=lambda entry: entry[:2]):
            waits = task.matter is not None and not task.matter.over
            self.run.floor.add_task(task.matter.lead if waits else self.run.payer.manager(house), task)

    def _move_meeting(self, matter: Matter, before: Desk, after: Any) -> None:
        """Let the meeting that waits with a leaver wait with the successor."""
        for entry in before.contacts:
            if entry[2] is matter and entry[1] == matter.asked:
                heappush(after.contacts, entry)
                self.run.floor.wake(after)

    def wind_up(self, desk: Desk, now: int) -> None:
        """Close every matter of a desk whose organisation is no more; the clients may ask elsewhere."""
        for matter in sorted(desk.matters.values(), key=lambda matter: matter.key):
            self.run.floor.drop_meeting(matter)
            if matter.open:
                self.close(matter, now, "organisation_closed")
            else:
                self.run.intake.refuse(matter, "closed", "", now)
        desk.contacts = []
        desk.tasks = []
