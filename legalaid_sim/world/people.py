"""Who comes: people outward from the first day that counts, with their traits."""

from collections.abc import Iterator
from math import log

from legalaid_sim import draws
from legalaid_sim.brought import Bringing, Brought
from legalaid_sim.events import FACE_TO_FACE, Channel
from legalaid_sim.evidence import Assumptions
from legalaid_sim.scenario.distribution import Distribution
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.units import MINUTES_PER_DAY, round_half_up
from legalaid_sim.world.problems import ProblemSampler
from legalaid_sim.world.records import BookedDraws, PersonDraw
from legalaid_sim.world.rows import (
    BATCH,
    COLUMNS,
    EARLIER,
    EARLIER_NUMBERS,
    FOLLOW_ON_SLOT,
    PersonDraws,
    of_person,
)  # fmt: skip

# So much of the time that people let pass before they ask is looked back on.
REACH = 0.999
# Ten years: whoever is as patient as this never leaves, which saves an event a client.
FOR_EVER_DAYS = 3660


def people_of(
    scenario: Scenario,
    assumptions: Assumptions,
    seed: int,
    brought: dict[str, Brought],
    booked: dict[str, BookedDraws],
) -> Iterator[PersonDraw]:
    """Draw people outward from the first day that counts: onwards until it closes, then back from it.

    So the length of the lead-in never changes who comes in the window, and demand is as high on the first day lived as
    later. Of those before, only problems are kept that are brought after life begins. A scenario that starts empty
    draws onwards from the first day lived, with nobody before.
    """
    period = scenario.period
    closes = (period.closes - period.begins).days * MINUTES_PER_DAY
    if scenario.start == "empty":
        yield from _Crowd(scenario, assumptions, seed, brought, booked).onwards(0, closes)
        return
    opens = (period.starts - period.begins).days * MINUTES_PER_DAY
    yield from _Crowd(scenario, assumptions, seed, brought, booked).onwards(opens, closes)
    yield from _Crowd(scenario, assumptions, seed, brought, booked, EARLIER).back(
        opens, -_reach(scenario, assumptions)
    )


def _reach(scenario: Scenario, assumptions: Assumptions) -> int:
    """How many minutes before the first day lived a problem may have begun that is brought after it.

    A thousandth of those who wait longest before they ask is left out (``REACH``).
    """
    clients = scenario.clients

    def long(path: str, given: Distribution | None = None) -> float:
        return float((given or assumptions[path]).inverse()(REACH))

    slowest = 1.0 + assumptions.number("client.vulnerability_delay") * 0.5
    days = long("client.days_before_asking", clients.days_before_asking) * slowest
    if _several(scenario, assumptions) > 0.0:
        crises = [long("problem.days_to_crisis", kind.days_to_crisis) for kind in clients.problems.values()]
        days = assumptions.number("client.second_problem_days") + max(days, *crises)
    return round_half_up(days) * MINUTES_PER_DAY


def _several(scenario: Scenario, assumptions: Assumptions) -> float:
    given = scenario.clients.several_problems
    return assumptions.number("client.several_problems") if given is None else given


class _Crowd:
    """People in order of how far their first problem's onset lies from a day; ``earlier`` ones have streams apart."""

    def __init__(
        self,
        scenario: Scenario,
        assumptions: Assumptions,
        seed: int,
        brought: dict[str, Brought],
        booked: dict[str, BookedDraws],
        family: str = "",
    ) -> None:
        clients = scenario.clients
        self._gap = MINUTES_PER_DAY / clients.arrivals.per_day
        self._arrivals = draws.DrawTable(seed, "arrival", 0, COLUMNS["arrival"], family)
        self._traits = draws.DrawTable(seed, "person", 0, COLUMNS["person"], family)
        self._sampler = ProblemSampler(
            scenario, assumptions, seed, family, Bringing(scenario, seed, family, brought), booked
        )
        self._prefix, self._offset = ("e", EARLIER_NUMBERS) if family else ("c", 0)
        self._need = (clients.relational_need or assumptions["client.relational_need"]).inverse()
        self._vulnerability = (clients.vulnerability or assumptions["client.vulnerability"]).inverse()
        patience = clients.patience_days or assumptions["client.patience_days"]
        self._for_ever = patience.fixed is not None and patience.fixed >= FOR_EVER_DAYS
        self._waits = patience.whole(MINUTES_PER_DAY)
        self._several = _several(scenario, assumptions)
        self._unequal = assumptions.number("client.several_vulnerability")
        self._most_problems = _most_problems(assumptions)
        self._channels = list(clients.channels)
        self._shares = list(clients.channels.values())
        self._excluded = assumptions.number("channel.excluded")
        self._barrier = assumptions.number("vulnerability.barrier")
        self._only_own = assumptions.number("client.only_own")
        self._most = clients.arrivals_until
        self._clock, self._index = 0.0, 0

    def onwards(self, start: int, until: int) -> Iterator[PersonDraw]:
        """Everybody whose first problem begins between two minutes, or as many as the scenario takes."""
        while True:
            onsets = [start + gone for gone in self._gaps()]
            kept = next((i for i, onset in enumerate(onsets) if onset >= until), BATCH)
            if self._most is not None:
                kept = min(kept, self._most - self._index)
            yield from self._batch(onsets, kept)
            if kept < BATCH:
                return

    def back(self, start: int, until: int) -> Iterator[PersonDraw]:
        """Everybody whose first problem began before ``start`` and who brings one from minute 0 on."""
        while True:
            onsets = [start - gone for gone in self._gaps()]
            kept = next((i for i, onset in enumerate(onsets) if onset < until), BATCH)
            for person in self._batch(onsets, kept, 0):
                brought = tuple(
                    plan
                    for plan in person.problems
                    if (plan.crisis if plan.hidden else plan.onset + plan.delay) >= 0
                )
                if brought:
                    yield (
                        person if len(brought) == len(person.problems) else person._replace(problems=brought)
                    )
            if kept < BATCH:
                return

    def _gaps(self) -> list[int]:
        """Minutes from the day to each onset of the next batch."""
        found = []
        for (u,) in self._arrivals.lists(BATCH):
            self._clock += draws.exponential(u, self._gap)
            found.append(round_half_up(self._clock))
        return found

    def _batch(self, onsets: list[int], kept: int, since: int | None = None) -> Iterator[PersonDraw]:
        # A whole batch is read even where fewer are kept, so that rows stay with their people.
        rows = [of_person(row) for row in self._traits.lists(BATCH)[:kept]]
        weak = [self._vulnerability(row.vulnerability) for row in rows]
        counts = [
            _problem_count(
                row.problems, min(0.9, self._several * (1.0 + self._unequal * (v - 0.5))), self._most_problems
            )
            for row, v in zip(rows, weak)
        ]
        plans = self._sampler.batch(self._index, onsets, rows, counts, since)
        for i, row in enumerate(rows):
            if not plans[i]:
                continue
            in_person = row.reach < draws.hindered_chance(self._excluded, weak[i], self._barrier)
            yield PersonDraw(
                f"{self._prefix}{self._index + i:05d}",
                self._offset + self._index + i,
                self._need(row.need),
                weak[i],
                FACE_TO_FACE if in_person else self._channel(row),
                -1 if self._for_ever else self._waits((row.patience,))[0],
                row.nearness,
                draws.standard_normal(row.prone),
                in_person,
                row.own < self._only_own,
                row.offered,
                plans[i],
            )
        self._index += kept

    def _channel(self, row: PersonDraws) -> Channel:
        several = len(self._channels) > 1
        return self._channels[draws.weighted(row.channel, self._shares) if several else 0]


def _problem_count(u: float, several: float, most: int) -> int:
    """One problem, and with chance ``several`` another, and so on up to ``most``.

    ``several`` rises with vulnerability, so counts are over-dispersed: some people have many problems, most have one.
    """
    if several <= 0.0 or u >= several:
        return 1
    return most if several >= 1.0 else min(most, 1 + int(log(u) / log(several)))


def _most_problems(assumptions: Assumptions) -> int:
    """How many problems one person may have: at least one, and as many as there are slots before the follow-ons'."""
    return max(1, min(FOLLOW_ON_SLOT, round_half_up(assumptions.number("client.most_problems"))))
