"""The door: when people ask, whether they are taken on, by whom, and how they are lost."""

from collections.abc import Sequence
from heapq import heappush
from math import exp
from typing import Any, Literal

from legalaid_sim import events
from legalaid_sim.advisers import allocation
from legalaid_sim.advisers.effort import choose_minutes, worth
from legalaid_sim.brought import NOTHING
from legalaid_sim.clients import hand_on_chance
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.draws import logistic, nth, standard_normal, weighted
from legalaid_sim.engine.clock import Call, call_at
from legalaid_sim.engine.run import Run
from legalaid_sim.engine.state import Affair, Client, Fixed, House, Matter
from legalaid_sim.events import make
from legalaid_sim.units import MINUTES_PER_DAY, MINUTES_PER_HOUR, add_up, round_half_up
from legalaid_sim.world import Person, ProblemPlan, Thresholds

MATTERS_A_PROBLEM = 8
REQUESTS_A_MATTER = 4096
# Whoever has a lower rank stands on a waiting list as if so many minutes later: longer than any run.
LATER = 1 << 40
# Why an organisation refuses; empty where it does not.
Refused = Literal[events.Refusal, ""]


class Intake:
    """Everybody who asks, at every organisation of the run."""

    def __init__(self, run: Run, shares: list[float]) -> None:
        self.run = run
        self.env = run.env
        self.tell = run.tell
        self.settings = run.settings
        self.shares = shares
        self.clients: dict[int, Client] = {}
        self.affairs: dict[str, Affair] = {}
        self.asking: list[tuple[int, Affair, bool]] = []
        self.admitting = False
        self.known: set[int] = set()
        self._expected: Sequence[tuple[int, int, Person, ProblemPlan]] = ()
        self._next = 0
        self._waits_for = Call(self._expected_asks, None)

    # ---- when people ask -----------------------------------------------------------------------------------------

    def expect_everyone(self) -> None:
        """Let every problem of the world begin, except follow-ons, which wait for their parents."""
        self._expected = self._all_expected()
        for person in self.run.world.people:
            for plan in person.problems:
                if plan.follow_ons:
                    self._may_follow(person, plan)
        self._expect_next()

    def expect_anew(self) -> None:
        """Work out again who asks when, where contracts to come reach out otherwise; who has asked has asked."""
        self._expected = self._all_expected()
        if self._next < len(self._expected):
            self.env.put_off(self._waits_for, self._expected[self._next][0])

    def _all_expected(self) -> Sequence[tuple[int, int, Person, ProblemPlan]]:
        asking = (
            (self._asking_minute(plan, self._first_choice(person)), plan.key, person, plan)
            for person in self.run.world.people
            for plan in person.problems
        )
        return Fixed(sorted(asking))

    def _expect_next(self) -> None:
        # One event at a time keeps SimPy's queue short.
        if self._next < len(self._expected):
            self._waits_for = call_at(self.env, self._expected[self._next][0], self._expected_asks)

    def _expected_asks(self, _: Call) -> None:
        """Let those ask who were expected at this minute."""
        expected, now = self._expected, self.env.now
        n = self._next
        while n < len(expected) and expected[n][0] == now:
            self._ask(expected[n][2], expected[n][3], False)
            n += 1
        self._next = n
        self._expect_next()

    def _asking_minute(self, plan: ProblemPlan, house: House) -> int:
        """When a problem is brought: hidden ones at their crisis, others after a delay that outreach shortens."""
        percent = house.outreach_at(plan.onset)
        delay = round_half_up(plan.delay * (100.0 - percent) / 100.0) if percent else plan.delay
        return self.run.open_minute(plan.crisis if plan.hidden else plan.onset + delay)

    def _may_follow(self, person: Person, plan: ProblemPlan) -> None:
        for child, u, chance, at in plan.follow_ons:
            call_at(self.env, max(at, self.env.now), self._follows, (person, plan, child, u, chance))

    def _follows(self, call: Call) -> None:
        """A follow-on problem comes alive if its parent is still unresolved and the client not able to prevent it."""
        person, plan, child, u, chance = call.arg
        parent = self.affairs.get(plan.id)
        if parent is not None and parent.resolved:
            return
        client = self.clients.get(person.number)
        if client is not None and u >= chance * (1.0 - self.settings.capability_effect * client.capability):
            return
        self.affair_of(person, child)
        self.tell(make.activated(self.env.now, person.id, child.id, plan.id))
        when = max(self._asking_minute(child, self.nearest(person)), self.env.now)
        call_at(self.env, when, self._asks, (person, child, False))
        self._may_follow(person, child)

    def nearest(self, person: Person) -> House:
        """The organisation that a person goes to first: by nearness among those that still exist."""
        houses = self.run.houses
        if len(houses) == 1:
            return houses[0]
        shares = [0.0 if house.shut else share for house, share in zip(houses, self.shares)]
        return houses[weighted(person.nearness, shares if any(shares) else self.shares)]

    def _first_choice(self, person: Person) -> House:
        """Give the organisation nearest to a person when life begins, and all exist."""
        return self.run.houses[weighted(person.nearness, self.shares) if len(self.shares) > 1 else 0]

    def affair_of(self, person: Person, plan: ProblemPlan) -> Affair:
        """The problem as it fares in this run, known from now on."""
        affair = self.affairs.get(plan.id)
        if affair is None:
            client = self.clients.get(person.number)
            if client is None:
                client = self.clients[person.number] = Client(person)
                self.tell(
                    make.person(
                        self.env.now,
                        person.id,
                        person.relational_need,
                        person.vulnerability,
                        person.channel,
                    )
                )
            affair = self.affairs[plan.id] = Affair(plan, client)
        return affair

    def ask_at(self, when: int, person: Person, plan: ProblemPlan, returning: bool) -> None:
        """Let a person ask about a problem at a later minute."""
        call_at(self.env, when, self._asks, (person, plan, returning))

    def _asks(self, call: Call) -> None:
        self._ask(*call.arg)

    def _ask(self, person: Person, plan: ProblemPlan, returning: bool) -> None:
        # The run-out takes on nobody new, but lets those who have asked before go on asking: a story that began late
        # must not be a shorter one.
        if self.env.now >= self.run.closes and person.number not in self.known:
            return
        self.known.add(person.number)
        affair = self.affair_of(person, plan)
        if not returning and affair.stage != "unasked":
            return
        affair.stage = "asked"
        self.asking.append((plan.key, affair, returning))
        if self.settings.outreach_minutes and not returning:
            self._went_out(person, plan)

    def _went_out(self, person: Person, plan: ProblemPlan) -> None:
        """Charge an adviser with the minutes of having gone out to somebody who therefore asks earlier."""
        house = self.nearest(person)
        held = [desk for desk in house.desks if not desk.vacant]
        if held and house.outreach_at(plan.onset):
            desk: Any = allocation.least_loaded(held, house.by_hours)
            due = int(self.env.now) + 7 * MINUTES_PER_DAY
            self.run.floor.add_routine(desk, due, events.TRAVEL, self.settings.outreach_minutes)

    # ---- deciding ------------------------------------------------------------------------------------------------

    def decide(self, now: int) -> None:
        """Decide about those who asked in this minute, in the order of their ids; admit who waits; let desks work."""
        if self.asking:
            asking, self.asking = self.asking, []
            if len(asking) > 1:
                asking.sort(key=lambda ask: ask[0])
            for _, affair, returning in asking:
                self._consider(affair, returning, now)
        if self.admitting:
            self.admitting = False
            for house in self.run.houses:
                self._admit(house, now)
        floor = self.run.floor
        if floor.ready:
            floor.decide(now)

    def _consider(self, affair: Affair, returning: bool, now: int) -> None:
        """Take a client on, refer them to another organisation, or turn them away."""
        person = affair.client.person
        house = affair.goes_to or self.nearest(person)
        affair.late = now >= affair.plan.crisis
        affair.asked = now
        affair.thresholds = self._thresholds(affair)
        affair.tried = []
        most = min(self.settings.most_hand_ons, len(affair.thresholds.refer))
        for hand_on in range(most + 1):
            reason, clause = self._try(affair, house, returning, now)
            if not reason:
                return
            self.tell(make.turned_away(now, person.id, affair.plan.id, house.name, reason, clause))
            affair.stage = "turned_away"
            house.month.turned_away += 1
            other = self._other_house(house, affair)
            if other is None or hand_on == most or reason == "evidence":
                return
            reached = affair.thresholds.refer[hand_on] < 1.0 - hand_on_chance(
                self.settings.hand_on_lost, self.settings.hand_on_more, hand_on
            )
            self.tell(make.referred(now, person.id, affair.plan.id, house.name, other.name, reason, reached))
            if not reached:
                affair.stage = "left"
                self.tell(make.left(now, person.id, affair.plan.id, "", "referral"))
                return
            house = other

    def _thresholds(self, affair: Affair) -> Thresholds:
        """Give the thresholds of this asking: those of its own number, or the first ones where one try decides all."""
        tries, n = affair.plan.tries, affair.askings
        affair.askings += 1
        return nth(tries, n, "attempt", affair.plan.id) if self.settings.own_thresholds else tries[0]

    def _other_house(self, house: House, affair: Affair) -> House | None:
        affair.tried.append(house)
        return self.other_than(*affair.tried)

    def other_than(self, *houses: House) -> House | None:
        """Give the nearest organisation that still exists and is none of these."""
        others = [other for other in self.run.houses if other not in houses and not other.shut]
        return min(others, key=lambda other: (-self.shares[other.index], other.index)) if others else None

    def _try(self, affair: Affair, house: House, returning: bool, now: int) -> tuple[Refused, str]:
        """Ask one organisation; ("", "") when it takes the client on, else the reason and the clause."""
        client, plan, settings = affair.client, affair.plan, self.settings
        person = client.person
        channel = person.channel if house.channel == "as_preferred" else house.channel
        self.tell(
            make.asked(
                now, person.id, plan.id, house.name, plan.category, channel, not affair.late, returning
            )
        )
        house.month.asked += 1
        if house.shut:
            return "closed", ""
        if house.accounts and settings.evidence_refused > affair.thresholds.evidence:
            return "evidence", ""
        facts = self._facts(affair, house, channel, returning, now)
        account, clause, reason = self.account_for(house, facts, now)
        if reason:
            return reason, clause
        must = account is not None and account.must and account.must_accept(facts)
        if not must and house.waiting_limit is not None and len(house.waiting) >= house.waiting_limit:
            return "capacity", ""
        if (
            self.run.respond == "all"
            and account is not None
            and not must
            and not self._selected(affair, house, account, facts)
        ):
            return "selection", ""
        affair.matters += 1
        facts.ref = f"{plan.id}.m{affair.matters}"
        key = (plan.key * MATTERS_A_PROBLEM + affair.matters) * REQUESTS_A_MATTER
        matter = Matter(facts.ref, key, affair, house, account, facts)
        if affair.late and settings.late_factor != 1.0:
            matter.cores = tuple([round_half_up(m * settings.late_factor) for m in plan.contacts])
        # Foreseen, so that a first meeting is not begun where it does not fit into the shift.
        matter.listening = (
            round_half_up(settings.listening * person.relational_need) if house.discretion else 0
        )
        affair.stage = "waiting"
        if person.patience >= 0:
            call_at(self.env, now + person.patience, self._gives_up, matter)
        self._through_the_door(matter, now)
        return "", ""

    def _facts(
        self, affair: Affair, house: House, channel: events.Channel, returning: bool, now: int
    ) -> MatterFacts:
        plan = affair.plan
        facts = MatterFacts(
            "", plan.category, plan.fee_code, house.region, channel,
            opened=self.run.day(now), client=affair.client.person.id, reopened=returning,
        )  # fmt: skip
        told = facts.facts
        told["early"] = not affair.late
        told.update(self.run.world.brought.get(plan.id, NOTHING).facts)
        told["difficulty_band"] = plan.difficulty
        since = affair.client.last_closed
        if since >= 0:
            told["months_since_last_matter"] = (now - since) // (30 * MINUTES_PER_DAY)
        return facts

    def account_for(self, house: House, facts: MatterFacts, now: int) -> tuple[Any, str, Refused]:
        """Which contract a matter may be opened under: (account, "", "") or (None, clause, reason)."""
        if not house.accounts:
            return None, "", ""
        clause = ""
        reason: events.Refusal = "scope"
        day = self.run.day(now)
        for account in house.accounts:
            if account.covers(facts):
                permission = account.may_open(facts, day)
                if permission.manner == "yes":
                    return account, "", ""
                clause, reason = permission.clause, _reason(permission.clause, account)
        return None, clause, reason

    def _selected(self, affair: Affair, house: House, account: Any, facts: MatterFacts) -> bool:
        """Whether a provider who may choose takes this client on: logistic in what the matter brings, as it looks."""
        settings, plan = self.settings, affair.plan
        need = add_up(plan.contacts) + plan.casework
        noise = exp(settings.selection_noise * standard_normal(affair.thresholds.noise))
        seen = need * noise
        curve = account.incentive(facts)
        altruism = house.altruism * (1.0 - settings.pressure_weight * house.pressure)
        price = self.run.pay.price(house.desks, house)
        q = choose_minutes(curve, seen, price, altruism, self.run.pay.benefit, seen * settings.most_effort)
        margin = worth(curve, q) - price * q
        hours = margin / (settings.cost * MINUTES_PER_HOUR) + altruism * settings.kindness
        chance = logistic(settings.selection_base + settings.selection * hours)
        return affair.thresholds.select < chance

    def _through_the_door(self, matter: Matter, now: int) -> None:
        """Let a client in at once, at the first appointment, or past a gateway that loses some."""
        house = matter.house
        if house.door == "referral":
            lost = hand_on_chance(self.settings.hand_on_lost, self.settings.hand_on_more, 0)
            if matter.affair.thresholds.door < lost:
                self._lose(matter, "referral", now)
                return
        if house.door == "appointment":
            when = self.run.open_minute(now + self.settings.appointment)
            call_at(self.env, when, self._arrives, matter)
            return
        self._seat(matter, now)

    def _arrives(self, call: Call) -> None:
        matter: Matter = call.arg
        now: int = self.env.now
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
        by_telephone = house.first == "telephone_hub" or house.door == "telephone_gateway"
        if by_telephone and not matter.called:
            self.run.floor.ask_call(matter, now)
            return True
        if house.first == "pool":
            self.run.floor.ask_meeting(matter, now)
            return True
        room: Any = house.by_category[category]
        cap = house.cap if matter.affair.client.met else house.cap_for_new
        if cap is not None:
            room = allocation.with_room(room, cap)
        if house.cap_minutes is not None:
            room = allocation.with_hours(room, house.cap_minutes, house.usual)
        if not room:
            return False
        matter.lead = self._lead(matter, room, now)
        matter.lead.load += 1
        matter.lead.matters[matter.id] = matter
        self.run.floor.ask_meeting(matter, now)
        return True

    def _lead(self, matter: Matter, room: Any, now: int) -> Any:
        house, category = matter.house, matter.facts.category
        met = matter.affair.client.met
        if met and house.patience != 0:
            known = [desk for desk in room if desk.adviser in met]
            if known:
                if house.first == "clients_choice":
                    return max(known, key=lambda desk: met[desk.adviser])
                return max(known, key=lambda desk: met[desk.adviser][1])
        if house.first == "specialist":
            return allocation.specialist(room, category)
        if house.first == "duty_rota":
            return allocation.on_duty(room, now // MINUTES_PER_DAY)
        return allocation.least_loaded(room, house.by_hours)

    def after_call(self, matter: Matter, now: int) -> None:
        """Pass a caller on from the operator to an adviser; some are lost on the way."""
        lost = hand_on_chance(self.settings.hand_on_lost, self.settings.hand_on_more, 0)
        if matter.affair.thresholds.gate < lost:
            self._lose(matter, "referral", now)
            return
        self._seat(matter, now)

    def _lose(self, matter: Matter, reason: events.Loss, now: int) -> None:
        matter.over = True
        matter.affair.stage = "left"
        plan = matter.affair.plan
        self.tell(make.left(now, matter.affair.client.person.id, plan.id, matter.id, reason))

    def _admit(self, house: House, now: int) -> None:
        """Take people from the waiting list while somebody has room for them, as the contract ranks them.

        Of one rank who has waited longest is first.
        Taking somebody on leaves less room, so once one is not taken nobody else of that sort is: each sort that cannot
        be taken is asked about once.
        """
        # In order of rank and time; what is left is in order too, and so a heap again.
        waiting, house.waiting = sorted(house.waiting), []
        full = set()
        for entry in waiting:
            matter = entry[2]
            if matter.over:
                continue
            sort = (matter.facts.category, not matter.affair.client.met, matter.called)
            if sort in full or not self._allocate(matter, now):
                full.add(sort)
                house.waiting.append(entry)

    def _gives_up(self, call: Call) -> None:
        """Patience has run out: who has not been seen by now leaves."""
        matter: Matter = call.arg
        if matter.ordinal or matter.over or matter.open:
            return
        if matter.phoning:
            now: int = self.env.now
            call_at(self.env, now + self.settings.call_minutes, self._gives_up, matter)
            return
        self.run.floor.drop_meeting(matter)
        self.release(matter)
        self._lose(matter, "waiting", self.env.now)

    def release(self, matter: Matter) -> None:
        """Take a matter off its adviser's desk and let the waiting list move."""
        lead = matter.lead
        if lead is not None and lead.matters.pop(matter.id, None) is not None:
            lead.load -= 1
        if matter.house.waiting:
            self.admitting = True

    def refuse(self, matter: Matter, reason: events.Refusal, clause: str, now: int) -> None:
        """Turn a client away at the first meeting, when the contract no longer permits the matter."""
        affair = matter.affair
        affair.stage = "turned_away"
        self.tell(
            make.turned_away(now, affair.client.person.id, affair.plan.id, matter.house.name, reason, clause)
        )
        self.release(matter)
        matter.over = True

    def empty_waiting(self, house: House, now: int) -> None:
        """Send everybody away who still waits at an organisation that shuts: on its list, its telephone, in a pool."""
        for queue in (house.waiting, house.calls, *house.pools.values()):
            for _, _, matter in sorted(queue, key=lambda entry: entry[:2]):
                if not matter.over and not matter.open:
                    self.run.floor.drop_meeting(matter)
                    self.refuse(matter, "closed", "", now)
            queue.clear()

    def leave_open(self, now: int) -> None:
        """At the very end, say of every problem that has not come to an end where it stands."""
        for affair in self.affairs.values():
            if affair.stage in ("asked", "waiting", "open", "unasked"):
                number = (
                    f"{affair.plan.id}.m{affair.matters}"
                    if affair.matters and affair.stage != "unasked"
                    else ""
                )
                self.tell(make.still_open(now, affair.client.person.id, affair.plan.id, number, affair.stage))


def _reason(clause: str, account: Any) -> events.Refusal:
    """Name the kind of refusal for the log: a scope rule, a sanction, or matter starts."""
    if clause == "sanctions":
        return "suspended"
    return (
        "scope"
        if any(scope.id == clause for scope, _ in account.terms.scopes) or not clause
        else "matter_starts"
    )
