"""Who asks when: every problem that begins, follow-ons that come alive, and whoever asks later or comes back.

It stands below all that decides: whoever lets somebody ask later writes it down here, and the door looks here for those
who ask now.
"""

from collections.abc import Callable, Sequence

from legalaid_sim import events
from legalaid_sim.advisers import allocation
from legalaid_sim.engine.agency import Fixed, House
from legalaid_sim.engine.area import Area
from legalaid_sim.engine.clock import Call, call_at
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.dates import Dates
from legalaid_sim.engine.state import Client, ProblemState
from legalaid_sim.events import make
from legalaid_sim.units import MINUTES_PER_DAY, round_half_up
from legalaid_sim.world import PersonDraw, ProblemPlan

Asking = tuple[int, ProblemState, bool]


class Agenda:
    """Everybody who has asked or will; ``asking`` are those of this minute: key, problem, whether it is brought back.

    ``closes`` is the minute from which on nobody new is taken on.
    """

    def __init__(
        self, common: Common, area: Area, dates: Dates, closes: int, add_routine: Callable[..., None]
    ) -> None:  # fmt: skip
        self.problems: dict[str, ProblemState] = {}
        self.asking: list[Asking] = []
        self._clock = common.clock
        self._calendar = common.calendar
        self._people = common.world.people
        self._settings = common.settings
        self._tell = common.tell
        self._area = area
        self._dates = dates
        self._closes = closes
        self._add_routine = add_routine
        self._clients: dict[int, Client] = {}
        self._known: set[int] = set()
        self._expected: Sequence[tuple[int, int, PersonDraw, ProblemPlan]] = ()
        self._next = 0
        self._waits_for: Call | None = None

    def those_asking(self) -> list[Asking]:
        """Give who asks in this minute, in the order of their ids, each once."""
        asking, self.asking = self.asking, []
        if len(asking) > 1:
            asking.sort(key=lambda ask: ask[0])
        return asking

    # ---- problems that begin -------------------------------------------------------------------------------------

    def expect_everyone(self) -> None:
        """Let every problem of the world begin, except follow-ons, which wait for their parents."""
        self._expected = self._all_expected()
        for person in self._people:
            for plan in person.problems:
                if plan.follow_ons:
                    self._may_follow(person, plan)
        self._expect_next()

    def expect_anew(self) -> None:
        """Work out again who asks when, where contracts to come reach out otherwise; who has asked has asked."""
        self._expected = self._all_expected()
        if self._next < len(self._expected):
            self._clock.put_off(self._waits_for, self._expected[self._next][0])

    def _all_expected(self) -> Sequence[tuple[int, int, PersonDraw, ProblemPlan]]:
        asking = (
            (self._asking_minute(person, plan, self._area.first_choice(person)), plan.key, person, plan)
            for person in self._people
            for plan in person.problems
        )
        # Whom a date prompted before life began has asked before.
        return Fixed(sorted(asks for asks in asking if asks[0] >= 0))

    def _expect_next(self) -> None:
        # One event at a time keeps SimPy's queue short.
        if self._next < len(self._expected):
            self._waits_for = call_at(self._clock, self._expected[self._next][0], self._expected_asks)

    def _expected_asks(self, _: Call) -> None:
        """Let those ask who were expected at this minute."""
        expected, now = self._expected, self._clock.now
        n = self._next
        while n < len(expected) and expected[n][0] == now:
            self._ask(expected[n][2], expected[n][3], False)
            n += 1
        self._next = n
        self._expect_next()

    def _asking_minute(self, person: PersonDraw, plan: ProblemPlan, house: House) -> int:
        """When a problem is brought: hidden ones at their crisis, others after a delay that outreach shortens.

        One that shame alone keeps back may be brought as soon as others, where no name is asked for.
        """
        if plan.hidden:
            natural = plan.onset + plan.delay
            sooner = self._would_come_nameless(person, plan) and 0 <= natural < plan.crisis
            return self._opens(plan, natural if sooner else plan.crisis)
        percent = house.outreach_at(plan.onset)
        delay = round_half_up(plan.delay * (100.0 - percent) / 100.0) if percent else plan.delay
        return self._opens(plan, plan.onset + delay)

    def _would_come_nameless(self, person: PersonDraw, plan: ProblemPlan) -> bool:
        return plan.u_nameless < self._settings.anonymity and not person.in_person

    def _opens(self, plan: ProblemPlan, when: int) -> int:
        """When somebody can ask who would at a minute, or is prompted by a date before it."""
        return self._calendar.open_minute(self._dates.prompted(plan, when) if self._dates.bind else when)

    def _may_follow(self, person: PersonDraw, plan: ProblemPlan) -> None:
        for child, u, chance, at in plan.follow_ons:
            # Of those who came before life began it may have been due before the first day.
            when = max(at, self._clock.now)
            call_at(self._clock, when, self._follows, (person, plan, child, u, chance))

    def _follows(self, call: Call) -> None:
        """A follow-on problem comes alive if its parent is still unresolved and the client not able to prevent it."""
        person, plan, child, u, chance = call.arg
        now = self._clock.now
        parent = self.problems.get(plan.id)
        if parent is not None and parent.resolved:
            return
        client = self._clients.get(person.number)
        # Whoever has never asked has learned nothing, and ``u`` lies below the chance itself: no others are drawn.
        if client is not None and u >= chance * (1.0 - self._settings.capability_effect * client.capability):
            return
        self._problem_of(person, child)
        self._tell(make.activated(now, client=person.id, problem=child.id, parent=plan.id))
        self.ask_at(
            max(self._asking_minute(person, child, self._area.nearest(person)), now), person, child, False
        )
        self._may_follow(person, child)

    # ---- asking --------------------------------------------------------------------------------------------------

    def ask_at(self, when: int, person: PersonDraw, plan: ProblemPlan, returning: bool) -> None:
        """Let a person ask about a problem at a later minute."""
        call_at(self._clock, when, self._asks, (person, plan, returning))

    def _asks(self, call: Call) -> None:
        self._ask(*call.arg)

    def _ask(self, person: PersonDraw, plan: ProblemPlan, returning: bool) -> None:
        # The run-out takes on nobody new, but lets those who have asked before go on asking: a story that began late
        # must not be a shorter one.
        now = self._clock.now
        if now >= self._closes and person.number not in self._known:
            return
        nameless = not returning and now < plan.crisis and self._is_kept_back(person, plan)
        if nameless and not self._area.nearest(person).policy.nameless:
            self.ask_at(self._calendar.open_minute(plan.crisis), person, plan, False)
            return
        self._known.add(person.number)
        problem = self._problem_of(person, plan)
        if not returning and problem.stage != "unasked":
            return
        problem.stand("asked")
        if nameless:
            problem.give_no_name()
        self.asking.append((plan.key, problem, returning))
        if self._settings.outreach_minutes and not returning:
            self._went_out(person, plan)

    def _is_kept_back(self, person: PersonDraw, plan: ProblemPlan) -> bool:
        """Whether a problem is one that would be brought without a name only, and has not been spoken of."""
        client = self._clients.get(person.number)
        return self._would_come_nameless(person, plan) and (client is None or plan in client.hidden)

    def _problem_of(self, person: PersonDraw, plan: ProblemPlan) -> ProblemState:
        """The problem as it fares in this run, known from now on."""
        problem = self.problems.get(plan.id)
        if problem is None:
            client = self._clients.get(person.number)
            if client is None:
                client = self._clients[person.number] = Client(person)
                self._tell(
                    make.person(
                        self._clock.now, client=person.id, relational_need=person.relational_need,
                        vulnerability=person.vulnerability, channel=person.channel,
                    )
                )  # fmt: skip
            problem = self.problems[plan.id] = ProblemState(plan, client)
        return problem

    def _went_out(self, person: PersonDraw, plan: ProblemPlan) -> None:
        """Charge an adviser with the minutes of having gone out to somebody who therefore asks earlier."""
        house = self._area.nearest(person)
        if not house.outreach_at(plan.onset):
            return
        held = [desk for desk in house.desks if not desk.vacant]
        if held:
            desk = allocation.least_loaded(held, house.by_hours)
            due = int(self._clock.now) + 7 * MINUTES_PER_DAY
            self._add_routine(desk, due, events.TRAVEL, self._settings.outreach_minutes)

    # ---- the very end --------------------------------------------------------------------------------------------

    def leave_open(self, now: int) -> None:
        """At the very end, say of every problem that has not come to an end where it stands."""
        for problem in self.problems.values():
            if problem.stage in ("asked", "waiting", "open", "unasked"):
                known = problem.matters and problem.stage != "unasked"
                number = f"{problem.plan.id}.m{problem.matters}" if known else ""
                self._tell(
                    make.still_open(
                        now, client=problem.client.person.id, problem=problem.plan.id, matter=number,
                        stage=problem.stage,
                    )
                )  # fmt: skip

    def let_go(self) -> None:
        """Point to nobody any more, at the end of a run."""
        self._waits_for = None
        self.problems = {}
