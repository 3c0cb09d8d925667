"""A client's story: asking, being taken on, meetings, casework, closing, what becomes of the problem, coming back."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from heapq import heappop, heappush
from typing import Any

from simpy import Environment

from legalaid_sim import events
from legalaid_sim.advisers import allocation
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.advisers.effort import choose_minutes, squeeze
from legalaid_sim.clients import resolved_chance
from legalaid_sim.contracts.facts import Burden, MatterFacts, Settlement
from legalaid_sim.engine.clock import NORMAL, Call, call_at
from legalaid_sim.engine.floor import FOR_EVER, Floor
from legalaid_sim.engine.settings import Settings
from legalaid_sim.engine.state import Affair, Client, House, Matter, Task
from legalaid_sim.units import MINUTES_PER_DAY, round_half_up
from legalaid_sim.world import Person, ProblemPlan, World

MATTERS_A_PROBLEM = 8
REQUESTS_A_MATTER = 4096


class Matters:
    """Everything that happens to clients and their matters, in all organisations of the run."""

    def __init__(
        self,
        env: Environment,
        world: World,
        begins: date,
        closes: int,
        floor: Floor,
        houses: list[House],
        settings: Settings,
        respond: bool,
        shares: list[float],
        tell: Callable[[Any], None],
    ) -> None:
        self.env = env
        self.world = world
        self.closes = closes
        self.floor = floor
        self.houses = houses
        self.settings = settings
        self.respond = respond
        self.shares = shares
        self.tell = tell
        self.dates = [begins + timedelta(days=n) for n in range(world.days + 800)]
        self.first_ordinal = begins.toordinal()
        self.clients: dict[int, Client] = {}
        self.affairs: dict[str, Affair] = {}
        self._opening = [start for start, _ in world.opening]
        self._asking: list[tuple[int, Affair, bool]] = []
        self._expected: list[tuple[int, int, Person, ProblemPlan]] = []
        self._next = 0
        self._admitting = False
        self._duties = 0

    # ---- when people ask -----------------------------------------------------------------------------------------

    def expect_everyone(self) -> None:
        """Let every problem of the world begin, except follow-ons, which wait for their parents."""
        for person in self.world.people:
            for plan in person.problems:
                when = self._asking_minute(person, plan)
                if when < self.closes:
                    self._expected.append((when, plan.key, person, plan))
                if plan.follow_ons:
                    self._may_follow(person, plan)
        self._expected.sort()
        if self._expected:
            call_at(self.env, self._expected[0][0], self._expected_asks)

    def _expected_asks(self, _: Call) -> None:
        """Let those ask who were expected at this minute; one event at a time keeps SimPy's queue short."""
        expected, now = self._expected, self.env.now
        n = self._next
        while n < len(expected) and expected[n][0] == now:
            self._ask(expected[n][2], expected[n][3], False)
            n += 1
        self._next = n
        if n < len(expected):
            call_at(self.env, expected[n][0], self._expected_asks)

    def _expect(self, person: Person, plan: ProblemPlan) -> None:
        """Schedule the asking for a follow-on problem, and its own possible follow-ons."""
        when = max(self._asking_minute(person, plan), self.env.now)  # type: ignore[type-var]
        if when < self.closes:
            call_at(self.env, when, self._asks, (person, plan, False))  # type: ignore[arg-type]
        self._may_follow(person, plan)

    def _asking_minute(self, person: Person, plan: ProblemPlan) -> int:
        """When a problem is brought: hidden ones at their crisis, others after a delay that outreach shortens."""
        service = self.houses[self._nearest(person)].service
        delay = plan.delay
        if service is not None and service.outreach_percent:
            delay = round_half_up(delay * (100.0 - service.outreach_percent) / 100.0)
        return self.open_minute(plan.crisis if plan.hidden else plan.onset + delay)

    def _may_follow(self, person: Person, plan: ProblemPlan) -> None:
        for child, _, _, at in plan.follow_ons:
            if at < self.closes:
                call_at(self.env, max(at, self.env.now), self._follows, (person, plan, child))  # type: ignore[arg-type, type-var]

    def open_minute(self, when: int) -> int:
        """The first minute not before ``when`` at which people can ask."""
        if not self._opening:
            return when
        at = bisect_right(self._opening, when) - 1
        if at >= 0 and when < self.world.opening[at][1]:
            return when
        return self._opening[at + 1] if at + 1 < len(self._opening) else self.closes + self.world.days * MINUTES_PER_DAY

    def _nearest(self, person: Person) -> int:
        if len(self.houses) == 1:
            return 0
        from legalaid_sim.draws import weighted

        return weighted(person.nearness, self.shares)

    def affair_of(self, person: Person, plan: ProblemPlan) -> Affair:
        """The problem as it fares in this run, known from now on."""
        affair = self.affairs.get(plan.id)
        if affair is None:
            client = self.clients.get(person.index)
            if client is None:
                client = self.clients[person.index] = Client(person)
                self.tell(
                    events.Person(
                        self.env.now, person.id, person.relational_need, person.vulnerability, person.channel  # type: ignore[arg-type]
                    )
                )
            affair = self.affairs[plan.id] = Affair(plan, client)
        return affair

    def _asks(self, call: Call) -> None:
        self._ask(*call.arg)

    def _ask(self, person: Person, plan: ProblemPlan, returning: bool) -> None:
        affair = self.affair_of(person, plan)
        if not returning and affair.stage != "unasked":
            return
        affair.stage = "asked"
        self._asking.append((plan.key, affair, returning))

    def _follows(self, call: Call) -> None:
        """A follow-on problem comes alive if its parent is still unresolved."""
        person, plan, child = call.arg
        parent = self.affairs.get(plan.id)
        if parent is not None and parent.resolved:
            return
        affair = self.affair_of(person, child)
        affair.stage = "unasked"
        self.tell(events.Activated(self.env.now, person.id, child.id, plan.id))  # type: ignore[arg-type]
        self._expect(person, child)

    def _disclose(self, matter: Matter, desk: Desk, trust: float, now: int) -> None:
        """Let trust bring out what was hidden; a disclosed problem is asked about at once."""
        client = matter.affair.client
        for plan in list(client.hidden):
            affair = self.affairs.get(plan.id)
            if plan.onset > now or (affair is not None and affair.stage != "unasked"):
                continue
            met = matter.ordinal - 1
            if met < len(plan.u_disclose) and plan.u_disclose[met] < trust * self.settings.disclosure:
                client.hidden.remove(plan)
                self.tell(events.Disclosed(now, client.person.id, plan.id, desk.adviser, now < plan.crisis))
                call_at(self.env, now, self._asks, (client.person, plan, False))

    # ---- being taken on ------------------------------------------------------------------------------------------

    def undecided(self) -> bool:
        """Whether anybody asked, may be admitted, or has a desk that could take something up."""
        return bool(self.floor.ready or self._asking or self._admitting)

    def decide(self, now: int) -> None:
        """Decide about those who asked in this minute, in the order of their ids; admit who waits; let desks work."""
        if self._asking or self._admitting:
            self._receive(now)
        self.floor.decide(now)

    def _receive(self, now: int) -> None:
        if self._asking:
            asking, self._asking = self._asking, []
            if len(asking) > 1:
                asking.sort(key=lambda ask: ask[0])
            for _, affair, returning in asking:
                self._consider(affair, returning, now)
        if self._admitting:
            self._admitting = False
            for house in self.houses:
                self._admit(house, now)

    def _consider(self, affair: Affair, returning: bool, now: int) -> None:
        client, plan = affair.client, affair.plan
        person = client.person
        house = self.houses[self._nearest(person)]
        early = now < plan.crisis
        affair.late = not early
        affair.asked = now
        self.tell(
            events.Asked(now, person.id, plan.id, house.name, plan.category, person.channel, early, returning)
        )
        if house.accounts and self.settings.evidence_refused > plan.u_evidence:
            self._turn_away(affair, house, now, "evidence", "")
            return
        facts = MatterFacts(
            "", plan.category, plan.fee_code, house.region, person.channel,
            opened=self.dates[now // MINUTES_PER_DAY], client=person.id, reopened=returning,
        )  # fmt: skip
        facts.facts["matter.early"] = early
        account, clause, reason = self._account(house, facts, now)
        if reason:
            self._turn_away(affair, house, now, reason, clause)
            return
        if house.waiting_limit is not None and len(house.waiting) >= house.waiting_limit:
            self._turn_away(affair, house, now, "capacity", "")
            return
        affair.matters += 1
        number = affair.matters
        facts.ref = f"{plan.id}.m{number}"
        key = (plan.key * MATTERS_A_PROBLEM + number) * REQUESTS_A_MATTER
        matter = Matter(facts.ref, key, affair, house, account, facts)
        if affair.late and self.settings.late_factor != 1.0:
            matter.cores = tuple([round_half_up(m * self.settings.late_factor) for m in plan.contacts])
        affair.stage = "waiting"
        if person.patience >= 0:
            call_at(self.env, now + person.patience, self._gives_up, matter)
        if not self._allocate(matter, now):
            heappush(house.waiting, (now, matter.key, matter))

    def _account(self, house: House, facts: MatterFacts, now: int) -> tuple[Any, str, str]:
        """Which contract the matter may be opened under: (account, "", "") or (None, clause, reason)."""
        if not house.accounts:
            return None, "", ""
        clause, reason = "", "scope"
        day = self.dates[now // MINUTES_PER_DAY]
        for account in house.accounts:
            if account.covers(facts):
                permission = account.may_open(facts, day)
                if permission.manner == "yes":
                    return account, "", ""
                clause, reason = permission.clause, permission.reason or "matter_starts"
        return None, clause, reason

    def _turn_away(self, affair: Affair, house: House, now: int, reason: str, clause: str) -> None:
        affair.stage = "turned_away"
        self.tell(events.TurnedAway(now, affair.client.person.id, affair.plan.id, house.name, reason, clause))

    def _allocate(self, matter: Matter, now: int) -> bool:
        """Find a desk (or the pool) for a new matter; False when everybody is full."""
        house, category = matter.house, matter.facts.category
        if house.first == "pool":
            matter.lead = None
            self.floor.ask_meeting(matter, now)
            return True
        room: Any = house.by_category[category]
        if house.cap is not None:
            room = allocation.with_room(room, house.cap)
        if not room:
            return False
        matter.lead = self._lead(matter, room, now)
        matter.lead.load += 1
        matter.lead.matters[matter.id] = matter
        self.floor.ask_meeting(matter, now)
        return True

    def _lead(self, matter: Matter, room: Any, now: int) -> Any:
        house, category = matter.house, matter.facts.category
        met = matter.affair.client.met
        if met and house.patience != 0:
            known = [desk for desk in room if desk.adviser in met]
            if known:
                return max(known, key=lambda desk: met[desk.adviser][1])
        if house.first == "specialist":
            return allocation.specialist(room, category)
        if house.first == "duty_rota":
            return allocation.on_duty(room, now // MINUTES_PER_DAY)
        return allocation.least_loaded(room)

    def _admit(self, house: House, now: int) -> None:
        """Take people from the waiting list while somebody has room for them, longest waiting first."""
        waiting, house.waiting = house.waiting, []
        while waiting:
            entry = heappop(waiting)
            matter = entry[2]
            if not matter.over and not self._allocate(matter, now):
                heappush(house.waiting, entry)

    def _gives_up(self, call: Call) -> None:
        """Patience has run out: who has not been seen by now leaves."""
        matter: Matter = call.arg
        if matter.ordinal or matter.over or matter.open:
            return
        now: int = self.env.now  # type: ignore[assignment]
        self.floor.drop_meeting(matter)
        self._release(matter)
        matter.over = True
        matter.affair.stage = "left"
        plan = matter.affair.plan
        self.tell(events.Left(now, matter.affair.client.person.id, plan.id, matter.id, "waiting"))

    def _release(self, matter: Matter) -> None:
        """Take a matter off its adviser's desk and let the waiting list move."""
        lead = matter.lead
        if lead is not None and lead.matters.pop(matter.id, None) is not None:
            lead.load -= 1
        if matter.house.waiting:
            self._admitting = True

    # ---- opening -------------------------------------------------------------------------------------------------

    def open(self, matter: Matter, desk: Desk, now: int) -> bool:
        """Open a matter at its first meeting; False when the contract no longer permits it."""
        facts, house = matter.facts, matter.house
        day = self.dates[now // MINUTES_PER_DAY]
        facts.opened = day
        if matter.account is not None:
            account, clause, reason = self._account(house, facts, now)
            if reason:
                self._turn_away(matter.affair, house, now, reason, clause)
                self._release(matter)
                matter.over = True
                return False
            matter.account = account
            matter.contract = account.terms.name
        if matter.lead is None:
            matter.lead = desk
            desk.load += 1
            desk.matters[matter.id] = matter
        matter.open = True
        matter.affair.stage = "open"
        self._plan_effort(matter, desk)
        client = matter.affair.client
        self.tell(
            events.MatterOpened(
                now, matter.id, client.person.id, matter.affair.plan.id, house.name, facts.category,
                matter.contract, matter.lead.adviser, matter.needed, matter.planned,
            )
        )  # fmt: skip
        month = day.year * 12 + day.month
        house.opened[month] = house.opened.get(month, 0) + 1
        if matter.account is not None:
            self.settle(house, matter.account, matter.account.opened(facts, day), now, matter)
        return True

    def _plan_effort(self, matter: Matter, desk: Desk) -> None:
        """Plan the minutes of a matter: what it needs, or what the provider chooses to give under its pay."""
        settings, plan, house = self.settings, matter.affair.plan, matter.house
        person = matter.affair.client.person
        listening = round_half_up(settings.listening * person.relational_need)
        if house.service is not None and house.service.discretion is False:
            listening = 0
        factor = settings.late_factor if matter.affair.late else 1.0
        casework = round_half_up(plan.casework * factor)
        matter.listening, matter.work = listening, casework
        matter.needed = matter.planned = sum(matter.cores) + listening * len(matter.cores) + casework
        if not self.respond or matter.account is None:
            return
        altruism = desk.holder.altruism * (1.0 - settings.pressure_weight * house.pressure)
        matter.planned = round_half_up(
            choose_minutes(
                matter.account.incentive(matter.facts),
                matter.needed,
                settings.cost,
                altruism,
                settings.benefit,
                matter.needed * settings.most_effort,
            )
        )
        matter.cores, matter.listening, matter.work = squeeze(matter.planned, matter.cores, listening, casework)

    # ---- meetings and casework -----------------------------------------------------------------------------------

    def after_meeting(self, matter: Matter, desk: Desk, now: int, trust: float) -> None:
        """Go on after a meeting: pass the matter on, do casework, make the next meeting or finish."""
        house = matter.house
        if matter.lead is not desk:
            if house.patience == 0:
                self._pass_on(matter, desk, now, "pool")
        elif house.first == "duty_rota" and matter.ordinal == 1 and len(matter.cores) > 1:
            self._from_duty_desk(matter, desk, now)
        client = matter.affair.client
        if client.hidden:
            self._disclose(matter, desk, trust, now)
        left = len(matter.cores) - matter.ordinal
        due = 0
        if left:
            gaps = matter.affair.plan.gaps
            due = now + gaps[min(matter.ordinal, len(gaps)) - 1]
            if self._opening:
                due = self.open_minute(due)
            self.floor.schedule(Call(self._next_meeting, matter), NORMAL, due - now)
        if matter.work:
            minutes = matter.work // (left + 1)
            matter.work -= minutes
            if minutes:
                self._casework(matter, minutes, due if left else now + 7 * MINUTES_PER_DAY)
        if not left and not matter.due_tasks:
            self.close(matter, now, "completed")

    def _casework(self, matter: Matter, minutes: int, due: int) -> None:
        matter.due_tasks += 1
        task = Task(due, matter.key + matter.ordinal, events.CASEWORK, minutes, matter)
        self.floor.add_task(matter.lead, task)
        juggled = self._juggling(matter.lead)
        if juggled > 0.0 and (extra := round_half_up(minutes * juggled)):
            self.floor.add_routine(matter.lead, due, events.ADMIN, extra, "juggling")

    def _juggling(self, desk: Desk) -> float:
        settings = self.settings
        if settings.juggling <= 0.0:
            return 0.0
        return settings.juggling * max(0.0, desk.load / settings.usual_caseload - 1.0)

    def _next_meeting(self, call: Call) -> None:
        matter: Matter = call.arg
        if not matter.over:
            self.floor.ask_meeting(matter, self.env.now)  # type: ignore[arg-type]

    def _from_duty_desk(self, matter: Matter, desk: Desk, now: int) -> None:
        """After the duty adviser's first meeting the matter goes to who has most room."""
        others: Any = allocation.least_loaded(matter.house.by_category[matter.facts.category])
        if others is not desk:
            self._pass_on(matter, others, now, "duty_rota")

    def _pass_on(self, matter: Matter, desk: Any, now: int, reason: str) -> None:
        before = matter.lead
        before.matters.pop(matter.id, None)
        before.load -= 1
        matter.lead = desk
        desk.matters[matter.id] = matter
        desk.load += 1
        self.tell(
            events.HandOver(now, matter.id, matter.affair.client.person.id, before.adviser, desk.adviser, reason)
        )

    def after_miss(self, matter: Matter, now: int) -> None:
        """Go on after a missed meeting: a new one, or closing when too many were missed in a row."""
        if matter.misses >= self.settings.missed_in_a_row:
            if not matter.due_tasks:
                self.close(matter, now, "disengaged")
            else:
                matter.cores = matter.cores[: matter.ordinal]
            return
        call_at(self.env, self.open_minute(now + self.settings.rebook), self._next_meeting, matter)

    def after_task(self, matter: Matter, task: Task, now: int) -> None:
        """Close a matter when its last casework is done and no meeting is left."""
        if task.activity != events.CASEWORK:
            return
        matter.due_tasks -= 1
        if not matter.over and not matter.due_tasks and matter.ordinal >= len(matter.cores):
            self.close(matter, now, "completed" if matter.misses < self.settings.missed_in_a_row else "disengaged")

    # ---- closing -------------------------------------------------------------------------------------------------

    def close(self, matter: Matter, now: int, reason: str) -> None:
        """Close a matter: the claim, the outcome, and what an unresolved problem leads to."""
        affair, facts, house = matter.affair, matter.facts, matter.house
        client, plan = affair.client, affair.plan
        lead = matter.lead
        matter.over = True
        self._release(matter)
        trust = self.floor.trust_in(client, lead.adviser, now) if client.met else 0.0
        self.tell(
            events.MatterClosed(
                now, matter.id, client.person.id, plan.id, house.name, lead.adviser, reason, matter.needed,
                matter.planned, matter.given, matter.listened, matter.ordinal, trust,
            )
        )  # fmt: skip
        settings = self.settings
        chance = 0.0
        if matter.ordinal:
            chance = resolved_chance(
                settings.outcome_base,
                (matter.given + matter.listened) / max(1, matter.needed),
                settings.outcome_minutes,
                trust,
                settings.outcome_trust,
                affair.late,
                settings.outcome_late,
                lead.skill_in(facts.category),
                settings.outcome_skill,
            )
        affair.resolved = plan.u_resolve < chance
        affair.stage = "resolved" if affair.resolved else "unresolved"
        self.tell(
            events.Outcome(now, client.person.id, plan.id, matter.id, affair.resolved, not affair.late, chance)
        )
        day = self.dates[now // MINUTES_PER_DAY]
        facts.closed = day
        facts.outcome = "resolved" if affair.resolved else "unresolved"
        month = day.year * 12 + day.month
        house.closed[month] = house.closed.get(month, 0) + 1
        if matter.account is not None:
            self.settle(house, matter.account, matter.account.closed(facts, day), now, matter)
        if not affair.resolved:
            self._may_return(affair, now)

    def _may_return(self, affair: Affair, now: int) -> None:
        plan, n = affair.plan, affair.returns
        if n < len(plan.u_returns) and plan.u_returns[n] < self.settings.return_chance:
            affair.returns += 1
            when = self.open_minute(now + plan.return_gaps[n])
            if when < self.closes:
                call_at(self.env, when, self._asks, (affair.client.person, plan, True))

    # ---- what a contract answers ---------------------------------------------------------------------------------

    def settle(self, house: House, account: Any, settlement: Settlement, now: int, matter: Matter | None) -> None:
        """Write a contract's answer into the log and onto the desks: lines, flags, duties."""
        ref = matter.id if matter is not None else ""
        name = account.terms.name
        for line in settlement.lines:
            house.entitled += line.pence
            self.tell(events.Entitled(now, house.name, name, ref, line.phase, line.block, line.pence))
        for flag in settlement.flags:
            self.tell(events.Flagged(now, name, ref, flag))
        for burden in settlement.burdens:
            self._burden(house, name, burden, now, matter)

    def _burden(self, house: House, contract: str, burden: Burden, now: int, matter: Matter | None) -> None:
        """Give a duty to admin staff as far as their month reaches, the rest to an adviser."""
        by_staff = min(burden.admin_minutes, house.admin_left)
        house.admin_left -= by_staff
        minutes = burden.adviser_minutes + burden.admin_minutes - by_staff
        self._duties += 1
        duty = f"d{self._duties:06d}"
        due = (burden.due.toordinal() - self.first_ordinal + 1) * MINUTES_PER_DAY - 1
        desk = matter.lead if matter is not None else self._manager(house)
        ref = matter.id if matter is not None else ""
        self.tell(
            events.DutyFell(
                now, duty, contract, burden.clause, house.name, desk.adviser if minutes else "", ref, minutes,
                by_staff, due, burden.paid,
            )
        )  # fmt: skip
        if by_staff:
            self.tell(events.AdminWork(now, house.name, by_staff, ref, burden.clause))
        if minutes:
            if matter is not None and burden.paid:
                facts = matter.facts
                facts.minutes["profit"] = facts.minutes.get("profit", 0) + minutes
            key = (matter.key if matter is not None else 0) + 2048 + self._duties
            self.floor.add_task(desk, Task(due, key, events.DUTY, minutes, matter, burden.clause, duty))

    def _manager(self, house: House) -> Any:
        """Whoever does the organisation's own returns: a supervisor, else the adviser with the fewest matters."""
        held = [desk for desk in house.desks if not desk.vacant] or house.desks
        supervisors = [desk for desk in held if desk.plan.role == "supervisor"]
        return allocation.least_loaded(supervisors or held)

    # ---- when an adviser leaves ----------------------------------------------------------------------------------

    def hand_over(self, desk: Desk, now: int) -> None:
        """Give the open matters and duties of a leaver to colleagues; without any, they wait for a successor."""
        house = self.houses[desk.house]
        for matter in sorted(desk.matters.values(), key=lambda matter: matter.key):
            room: Any = house.by_category[matter.facts.category]
            if not room:
                continue
            met = matter.affair.client.met
            if desk.adviser in met and self.settings.broken_promise:
                value, at = met[desk.adviser]
                met[desk.adviser] = (value * (1.0 - self.settings.broken_promise), at)
            self._pass_on(matter, allocation.least_loaded(room), now, "leaving")
            self._move_work(matter, desk, matter.lead)
        desk.contacts = [entry for entry in desk.contacts if entry[2].lead is desk]
        desk.contacts.sort()
        kept = [entry for entry in desk.tasks if entry[2].matter is not None or entry[2].duty]
        desk.tasks = []
        for _, _, task in sorted(kept, key=lambda entry: entry[:2]):
            to = task.matter.lead if task.matter is not None and not task.matter.over else self._manager(house)
            self.floor.add_task(to, task)

    def _move_work(self, matter: Matter, before: Desk, after: Any) -> None:
        """Let the meeting that waits with a leaver wait with the successor."""
        for entry in before.contacts:
            if entry[2] is matter and entry[1] == matter.asked:
                heappush(after.contacts, entry)
                self.floor.wake(after)

    def leave_open(self, now: int) -> None:
        """At the very end, say of every problem that has not come to an end where it stands."""
        for affair in self.affairs.values():
            if affair.stage in ("asked", "waiting", "open", "unasked"):
                number = f"{affair.plan.id}.m{affair.matters}" if affair.matters and affair.stage != "unasked" else ""
                self.tell(events.StillOpen(now, affair.client.person.id, affair.plan.id, number, affair.stage))


__all__ = ["FOR_EVER", "Matters"]
