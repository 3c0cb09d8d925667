"""The world: everybody who might come, everything that might befall them, everybody who might advise them.

All chance is drawn here, once, from the seed; what follows is deterministic. The world does not know which contract is
in force. Where an event depends on the regime, the world holds the *threshold* that the event must pass, keyed by
person or post and ordinal, so that a higher probability gives a superset of events.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate
from math import fsum, log
from typing import Any, NamedTuple
from zlib import crc32

from legalaid_sim import draws
from legalaid_sim.brought import Bringing, Brought
from legalaid_sim.calendars import Interval, office_hours, shifts, working_days
from legalaid_sim.events import Channel, Role
from legalaid_sim.evidence import Assumptions, resolve
from legalaid_sim.garbage import collected_later
from legalaid_sim.scenario.distribution import Distribution
from legalaid_sim.scenario.model import Post, ProblemKind, Scenario
from legalaid_sim.units import FIRST_DAY, MINUTES_PER_DAY, MINUTES_PER_HOUR, add_up, exact, round_half_up

BATCH = 2048
FOLLOW_ON_SLOT = 10
PERSON_COLUMNS = 16
# Columns of the tables that have a row a person and a slot a problem (or, for later tries, a try of a problem).
COLUMNS = {"problem": 24, "choice": 16, "lasting": 1, "attempt": 18}
TRIES_A_SLOT = 64
# The columns of a person and of a problem that say how these differ from others of their kind.
PRONE, STUBBORN = 10, 21
# People whose problems began before the window: the family of their streams, and where their running numbers begin.
EARLIER, EARLIER_NUMBERS = "earlier", 1_000_000
# So much of the time that people let pass before they ask is looked back on.
REACH = 0.999
RAGGED_COLUMNS = 8
CAREER_COLUMNS = 312
DAY_COLUMNS = 11_000
LAST_VINTAGE = 24
# As many comings back of one problem have draws.
RETURNS = 4
AUDITS = 64
FOR_EVER_DAYS = 3660
NEEDS = ("contacts", "contact_minutes", "casework_minutes")
AUDIT_COLUMNS = 256

# NamedTuple's own constructor costs twice as much; this makes the same record.
_record: Any = tuple.__new__


class Thresholds(NamedTuple):
    """Uniforms that decide one try of a problem: one asking, what comes of it, and its claim.

    A problem that is brought back is decided anew, by thresholds of its own: help that failed once may work the next
    time. ``refer`` has one for each time of being handed on, ``happen`` one for each happening its kind may meet.
    """

    select: float
    noise: float
    assess: float
    authority: float
    slow: float
    refer: tuple[float, float, float]
    acted: float
    elsewhere: float
    appeal: float
    gate: float
    door: float
    happen: tuple[float, float, float]
    resolve: float
    evidence: float


class ProblemPlan(NamedTuple):
    """A problem as it would unfold: minutes, days and thresholds; nothing about who helps or who pays.

    ``onset`` and ``crisis`` are minutes since the first day lived; ``delay`` minutes from onset to asking. ``contacts``
    are core minutes of each meeting needed, ``gaps`` the minutes from each to when the next is due, ``casework`` the
    minutes without the client. ``u_*`` are uniforms that decisions compare with a probability, ``tries`` those of the
    first asking and of each later one that can come about; ``stubborn`` says, in standard deviations, how much harder
    than its kind the problem is, whoever helps and however often.
    """

    id: str
    key: int
    client: int
    category: str
    fee_code: str
    onset: int
    delay: int
    crisis: int
    contacts: tuple[int, ...]
    gaps: tuple[int, ...]
    casework: int
    difficulty: str
    hidden: bool
    stubborn: float
    u_lasts: float
    u_stage: tuple[float, ...]
    u_returns: tuple[float, ...]
    return_gaps: tuple[int, ...]
    u_missed: tuple[float, ...]
    u_disclose: tuple[float, ...]
    tries: tuple[Thresholds, ...]
    follow_ons: tuple[tuple["ProblemPlan", float, float, int], ...]


class Person(NamedTuple):
    """Somebody who may come for help; ``patience`` is minutes waited for a first meeting (-1: for ever).

    ``prone`` says, in standard deviations, how much more than others this person misses meetings.
    """

    id: str
    number: int
    relational_need: float
    vulnerability: float
    channel: Channel
    patience: int
    nearness: float
    prone: float
    problems: tuple[ProblemPlan, ...]


class Session(NamedTuple):
    """A session at a desk elsewhere: at which minute, of which organisation, for how long, how many will come."""

    at: int
    house: int
    desk: str
    minutes: int
    clients: int


class Holder(NamedTuple):
    """A person who may hold a post: traits, and the monthly thresholds of leaving."""

    skill: float
    altruism: float
    u_leave: tuple[float, ...]


class PostPlan(NamedTuple):
    """A post: its working calendar with leave and sickness taken out, and all who may hold it, in order."""

    id: str
    role: Role
    house: int
    categories: frozenset[str]
    intervals: tuple[Interval, ...]
    full_time: Fraction
    annual_pay: int
    supervised: int
    skills: tuple[tuple[str, float], ...]
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class World:
    """Everything that chance decides, with a digest that is equal for equal worlds.

    ``brought`` says, by the id of a problem, what it brings with it; ``sessions`` are those at desks elsewhere, in
    order. Both hold nothing where the scenario says nothing.
    """

    seed: int
    people: tuple[Person, ...]
    posts: tuple[PostPlan, ...]
    opening: tuple[Interval, ...]
    days: int
    payer: tuple[tuple[float, ...], ...]
    brought: Mapping[str, Brought] = field(default_factory=dict)
    sessions: tuple[Session, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over everything in the world, in order."""
        told = hashlib.sha256(f"{self.seed} {self.days} {self.opening} {self.payer}".encode())
        for person in self.people:
            told.update(repr(tuple(person)).encode())
        for post in self.posts:
            told.update(repr((*post[:3], sorted(post.categories), *post[4:])).encode())
        if self.brought or self.sessions:
            told.update(repr((self.brought, self.sessions)).encode())
        return told.hexdigest()

    def __repr__(self) -> str:
        people = f"people={len(self.people):,}, posts={len(self.posts)}, days={self.days}"
        return f"World(seed={self.seed}, {people}, digest={self.digest[:8]}…)"


def sample(scenario: Scenario, seed: int) -> World:
    """Draw the world of a scenario from a seed: the same bytes for the same two, whatever the contract."""
    assumptions = resolve(scenario.assumptions)
    first, last = scenario.period.begins, scenario.period.ends
    open_minutes = max(1, round_half_up(assumptions.number("door.open_hours") * MINUTES_PER_HOUR))
    opening = office_hours(first, last, open_minutes) if scenario.clients.asks == "office_hours" else []
    payer = draws.Table(seed, "payer", 0, AUDIT_COLUMNS).lists(AUDITS)
    brought: dict[str, Brought] = {}
    with collected_later():
        people = tuple(_people(scenario, assumptions, seed, brought))
    posts = tuple(_posts(scenario, assumptions, seed))
    rows = tuple(tuple(row) for row in payer)
    sessions = tuple(sorted(_sessions(scenario, seed)))
    return World(seed, people, posts, tuple(opening), (last - first).days, rows, brought, sessions)


def _sessions(scenario: Scenario, seed: int) -> Iterator[Session]:
    """Put the sessions of every organisation into the calendar; who comes is keyed by desk and day.

    A desk has a stream of its own, with a row a day since the first that any scenario knows.
    """
    first, last = scenario.period.begins, scenario.period.ends
    for house, agency in enumerate(scenario.houses):
        for name, desk in agency.organisation.sessions.items():
            days = working_days(first, last, tuple(desk.days))
            number = crc32(name.encode()) * len(scenario.houses) + house
            table = draws.Table(seed, "session", number, 1)
            rows = table.picked((first - FIRST_DAY).days, days) if days else []
            opens = round_half_up(desk.opens * MINUTES_PER_HOUR)
            for day, came in zip(days, desk.clients.whole()([u for (u,) in rows])):
                yield Session(day * MINUTES_PER_DAY + opens, house, name, desk.minutes, came)


# ---- people ------------------------------------------------------------------------------------------------------


def usual_minutes(kind: ProblemKind, assumptions: Assumptions) -> float:
    """Minutes that a problem of a kind usually takes, met in full: mean meetings of mean length, and mean casework."""
    mean = {name: (getattr(kind, name) or assumptions[f"problem.{name}"]).mean for name in NEEDS}
    return mean["contacts"] * mean["contact_minutes"] + mean["casework_minutes"]


class _Needs:
    """What one kind of problem needs, as whole numbers of uniforms, from the scenario or the evidence."""

    def __init__(self, name: str, kind: ProblemKind, assumptions: Assumptions) -> None:
        def given(value: Distribution | None, path: str) -> Distribution:
            return value or assumptions[path]

        self.name = name
        self.fee_code = kind.fee_code
        self.contacts = given(kind.contacts, "problem.contacts").whole(1.0, 1)
        self.minutes = given(kind.contact_minutes, "problem.contact_minutes").whole(1.0, 1)
        self.casework = given(kind.casework_minutes, "problem.casework_minutes").whole()
        gap = given(kind.days_between, "problem.days_between")
        self.gap = gap.whole(MINUTES_PER_DAY)
        self.gap_varies = gap.fixed is None
        self.crisis = given(kind.days_to_crisis, "problem.days_to_crisis").whole(MINUTES_PER_DAY)
        self.cluster = kind.cluster
        self.usual = usual_minutes(kind, assumptions)
        self.follow_ons = kind.follow_ons


def _difficulty(need: int, usual: float, easy: float, hard: float) -> str:
    """Say how hard a matter is against the usual need of its kind, as contracts with a case-mix index ask."""
    return "easy" if need < easy * usual else "hard" if need > hard * usual else "usual"


def _thresholds(row: list[float]) -> Thresholds:
    """Name the columns of a try."""
    (
        select, noise, assess, authority, slow, refer_1, refer_2, refer_3, acted, elsewhere, appeal, gate, door,
        happen_1, happen_2, happen_3, resolve, evidence,
    ) = row  # fmt: skip
    return Thresholds(
        select, noise, assess, authority, slow, (refer_1, refer_2, refer_3), acted, elsewhere, appeal, gate, door,
        (happen_1, happen_2, happen_3), resolve, evidence,
    )  # fmt: skip


class _Ragged:
    """Uniforms in any number an entity: blocks of columns, each block a stream of its own."""

    def __init__(self, seed: int, purpose: str, slot: int, family: str) -> None:
        self._seed, self._purpose, self._slot, self._family = seed, purpose, slot, family
        self._blocks: list[draws.Table] = []

    def batch(self, first: int, counts: list[int]) -> list[list[float]]:
        """Give ``counts[i]`` uniforms for row ``first + i``; rows beyond earlier batches only."""
        blocks = -(-max(counts, default=0) // RAGGED_COLUMNS)
        tables = [self._block(block).at(first, len(counts)) for block in range(blocks)]
        flat = draws.ragged(tables, counts)
        return [flat[end - count : end] for count, end in zip(counts, accumulate(counts))]

    def _block(self, block: int) -> draws.Table:
        if block == len(self._blocks):
            slot = self._slot * 1000 + block
            self._blocks.append(draws.Table(self._seed, self._purpose, slot, RAGGED_COLUMNS, self._family))
        return self._blocks[block]


def _people(
    scenario: Scenario, assumptions: Assumptions, seed: int, brought: dict[str, Brought]
) -> Iterator[Person]:
    """Draw people outward from the first day that counts: onwards until it closes, then back from it.

    So the length of the lead-in never changes who comes in the window, and demand is as high on the first day lived as
    later. Of those before, only problems are kept that are brought after life begins. A scenario that starts empty
    draws onwards from the first day lived, with nobody before.
    """
    period = scenario.period
    closes = (period.closes - period.begins).days * MINUTES_PER_DAY
    if scenario.start == "empty":
        yield from _Crowd(scenario, assumptions, seed, brought).onwards(0, closes)
        return
    opens = (period.starts - period.begins).days * MINUTES_PER_DAY
    yield from _Crowd(scenario, assumptions, seed, brought).onwards(opens, closes)
    yield from _Crowd(scenario, assumptions, seed, brought, EARLIER).back(
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
        family: str = "",
    ) -> None:
        clients = scenario.clients
        self._gap = MINUTES_PER_DAY / clients.arrivals.per_day
        self._arrivals = draws.Table(seed, "arrival", 0, 1, family)
        self._traits = draws.Table(seed, "person", 0, PERSON_COLUMNS, family)
        self._sampler = _ProblemSampler(
            scenario, assumptions, seed, family, Bringing(scenario, seed, family, brought)
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
        self._most = clients.arrivals_until
        self._clock, self._index = 0.0, 0

    def onwards(self, start: int, until: int) -> Iterator[Person]:
        """Everybody whose first problem begins between two minutes, or as many as the scenario takes."""
        while True:
            onsets = [start + gone for gone in self._gaps()]
            kept = next((i for i, onset in enumerate(onsets) if onset >= until), BATCH)
            if self._most is not None:
                kept = min(kept, self._most - self._index)
            yield from self._batch(onsets, kept)
            if kept < BATCH:
                return

    def back(self, start: int, until: int) -> Iterator[Person]:
        """Everybody whose first problem began before ``start`` and who brings one from minute 0 on."""
        while True:
            onsets = [start - gone for gone in self._gaps()]
            kept = next((i for i, onset in enumerate(onsets) if onset < until), BATCH)
            for person in self._batch(onsets, kept):
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

    def _batch(self, onsets: list[int], kept: int) -> Iterator[Person]:
        rows = self._traits.lists(BATCH)
        weak = [self._vulnerability(row[2]) for row in rows[:kept]]
        counts = [
            _problem_count(
                row[6], min(0.9, self._several * (1.0 + self._unequal * (v - 0.5))), self._most_problems
            )
            for row, v in zip(rows, weak)
        ]
        plans = self._sampler.batch(self._index, onsets, rows, counts)
        for i in range(kept):
            row = rows[i]
            yield _record(
                Person,
                (
                    f"{self._prefix}{self._index + i:05d}",
                    self._offset + self._index + i,
                    self._need(row[1]),
                    weak[i],
                    self._channels[draws.weighted(row[3], self._shares)]
                    if len(self._channels) > 1
                    else self._channels[0],
                    -1 if self._for_ever else self._waits((row[4],))[0],
                    row[8],
                    draws.standard_normal(row[PRONE]),
                    plans[i],
                ),
            )
        self._index += kept


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


def _most_returns(assumptions: Assumptions) -> int:
    """How often one problem may be brought back, as far as there are draws for it."""
    wanted = round_half_up(assumptions.number("outcome.most_returns"))
    return max(0, min(RETURNS, wanted)) if assumptions.number("outcome.return_chance") > 0 else 0


class _ProblemSampler:
    """Draws the problems of a batch of people, slot by slot: slot s holds everybody's (s+1)th problem."""

    def __init__(
        self, scenario: Scenario, assumptions: Assumptions, seed: int, family: str, bringing: Bringing
    ) -> None:
        self._family, self._bringing = family, bringing
        self._prefix, self._offset = ("e", EARLIER_NUMBERS) if family else ("c", 0)
        kinds = scenario.clients.problems
        self._needs = [_Needs(name, kind, assumptions) for name, kind in kinds.items()]
        self._index = {need.name: i for i, need in enumerate(self._needs)}
        self._shares = [kind.share for kind in kinds.values()]
        self._delay = (
            scenario.clients.days_before_asking or assumptions["client.days_before_asking"]
        ).inverse()
        self._slower = assumptions.number("client.vulnerability_delay")
        self._hidden = assumptions.number("client.hidden_share")
        self._second = assumptions.number("client.second_problem_days")
        band = assumptions.number("problem.band")
        self._bands = 1.0 - band, 1.0 + band
        self._same_cluster = assumptions.number("client.same_cluster")
        self._lag = assumptions["follow_on.days"].whole(MINUTES_PER_DAY)
        self._follow_on = assumptions.number("follow_on.chance")
        self._return = assumptions["outcome.return_days"].whole(MINUTES_PER_DAY)
        self._gaps_vary = any(need.gap_varies for need in self._needs)
        self._in_a_row = round_half_up(assumptions.number("missed.in_a_row"))
        # A meeting can be missed so often before the matter is closed, in each matter that the problem may come to.
        closures = add_up(house.organisation.may_shrink for house in scenario.houses)
        self._most_returns = _most_returns(assumptions)
        # Whoever takes a problem to another provider asks once more.
        closures += scenario.clients.switching is not None and len(scenario.houses) > 1
        self._meetings = self._in_a_row * (1 + self._most_returns + closures)
        self._closures = closures
        self._return_chance = assumptions.number("outcome.return_chance")
        self._own_thresholds = assumptions.number("outcome.again") > 0
        self._misses = assumptions.number("missed.chance") > 0
        self._stages = assumptions.number("organisation.stage_hand_over") > 0
        self._undone = assumptions.number("outcome.undone_per_month") > 0
        self._clusters = self._follow_on > 0 or any(need.follow_ons for need in self._needs)
        self._seed = seed
        self._tables: dict[tuple[str, int], draws.Table] = {}
        self._ragged: dict[tuple[str, int], _Ragged] = {}

    def batch(
        self, first: int, onsets: list[int], rows: list[list[float]], counts: list[int]
    ) -> list[tuple[ProblemPlan, ...]]:
        """Give each of ``len(counts)`` people their problems, with follow-ons hanging from them."""
        plans: list[tuple[ProblemPlan, ...]] = [() for _ in counts]
        for slot in range(max(counts, default=0)):
            wanted = [i for i, count in enumerate(counts) if count > slot]
            if not wanted:
                break
            for i, plan in zip(wanted, self._slot(slot, first, onsets, rows, wanted)):
                plans[i] = (*plans[i], plan)
        return plans

    def _columns(self, purpose: str, slot: int, first: int, wanted: list[int]) -> list[list[float]]:
        table = self._tables.get((purpose, slot))
        if table is None:
            table = self._tables[purpose, slot] = draws.Table(
                self._seed, purpose, slot, COLUMNS[purpose], self._family
            )
        return table.picked(first, wanted)

    def _many(
        self, purpose: str, slot: int, first: int, wanted: list[int], counts: list[int]
    ) -> list[list[float]]:
        ragged = self._ragged.setdefault((purpose, slot), _Ragged(self._seed, purpose, slot, self._family))
        spread = [0] * (wanted[-1] + 1 if wanted else 0)
        for i, count in zip(wanted, counts):
            spread[i] = count
        found = ragged.batch(first, spread)
        return [found[i] for i in wanted]

    def _slot(
        self, slot: int, first: int, onsets: list[int], people: list[list[float]], wanted: list[int]
    ) -> list[ProblemPlan]:
        columns = self._columns("problem", slot, first, wanted)
        picks = [self._pick(row, people[i], slot) for i, row in zip(wanted, columns)]
        later = [
            0 if slot == 0 else round_half_up(row[4] * self._second * MINUTES_PER_DAY) for row in columns
        ]
        starts = [onsets[i] + extra for i, extra in zip(wanted, later)]
        plans = self._plans(slot, first, wanted, columns, picks, starts, people)
        if not self._clusters:
            return plans
        return self._with_follow_ons(slot, first, wanted, plans, picks, people)

    def _pick(self, row: list[float], person: list[float], slot: int) -> int:
        """Choose the kind of a problem: a later one is likely to belong to the cluster of the first."""
        if len(self._shares) == 1:
            return 0
        if slot and row[11] < self._same_cluster:
            first = draws.weighted(person[9], self._shares)
            shares = [
                share if need.cluster and need.cluster == self._needs[first].cluster else 0.0
                for share, need in zip(self._shares, self._needs)
            ]
            if any(shares):
                return draws.weighted(row[0], shares)
        return draws.weighted(row[0] if slot else person[9], self._shares)

    def _plans(
        self,
        slot: int,
        first: int,
        wanted: list[int],
        columns: list[list[float]],
        picks: list[int],
        starts: list[int],
        people: list[list[float]],
    ) -> list[ProblemPlan]:
        needs = [self._needs[pick] for pick in picks]
        counts = [need.contacts((row[1],))[0] for need, row in zip(needs, columns)]
        minutes = self._many("contact_minutes", slot, first, wanted, counts)
        gaps = self._many("gap", slot, first, wanted, counts) if self._gaps_vary else minutes
        tries = self._tries(slot, first, wanted, columns)
        none: list[list[float]] = [[] for _ in wanted]
        missed = (
            self._many("missed", slot, first, wanted, [n * self._meetings for n in counts])
            if self._misses
            else none
        )
        stages = self._many("stage", slot, first, wanted, counts) if self._stages else none
        opens_up = (
            self._many("hidden", slot, first, wanted, [RAGGED_COLUMNS * 2] * len(wanted)) if slot else none
        )
        lasting = self._lasting(slot, first, wanted)
        plans = []
        for n, i in enumerate(wanted):
            row, need, person = columns[n], needs[n], people[i]
            index = first + i
            if slot < FOLLOW_ON_SLOT:
                name = f"{self._prefix}{index:05d}.p{slot + 1}"
            else:
                name = f"{self._prefix}{index:05d}.p{slot - FOLLOW_ON_SLOT + 1}.f1"
            cores = need.minutes(minutes[n])
            casework = need.casework((row[2],))[0]
            delay = self._delay(row[5]) * (1.0 + self._slower * (person[2] - 0.5))
            plans.append(
                _record(
                    ProblemPlan,
                    (
                        name,
                        (self._offset + index) * 32 + slot,
                        self._offset + index,
                        need.name,
                        need.fee_code,
                        starts[n],
                        round_half_up(max(0.0, delay) * MINUTES_PER_DAY),
                        starts[n] + need.crisis((row[3],))[0],
                        cores,
                        need.gap(gaps[n]),
                        casework,
                        _difficulty(add_up(cores) + casework, need.usual, *self._bands),
                        0 < slot < FOLLOW_ON_SLOT and row[12] < self._hidden,
                        draws.standard_normal(row[STUBBORN]),
                        lasting[n],
                        tuple(stages[n]),
                        tuple(row[13 : 13 + self._most_returns]),
                        self._return(row[17 : 17 + self._most_returns]) if self._most_returns else (),
                        tuple(missed[n]),
                        tuple(opens_up[n]),
                        tuple(tries[n]),
                        (),
                    ),
                )
            )
        self._bringing.draw(slot, first, wanted, plans)
        return plans

    def _lasting(self, slot: int, first: int, wanted: list[int]) -> list[float]:
        """Draw how long a result lasts, where it need not last for ever."""
        if not self._undone:
            return [0.0] * len(wanted)
        return [u for (u,) in self._columns("lasting", slot, first, wanted)]

    def _tries(
        self, slot: int, first: int, wanted: list[int], columns: list[list[float]]
    ) -> list[list[Thresholds]]:
        """Thresholds of the first asking of each problem and of every later one that its own draws allow.

        Nobody comes back whose threshold of coming back lies above the chance, so most problems have one try.
        """
        choices = self._columns("choice", slot, first, wanted)
        # The first try has its columns where they have always been, so that it is what it was.
        tries = [[_thresholds([*choice, row[6], row[7]])] for choice, row in zip(choices, columns)]
        most = [self._most_tries(row) for row in columns] if self._own_thresholds else []
        for k in range(1, max(most, default=1)):
            again = [n for n, many in enumerate(most) if many > k]
            rows = self._columns("attempt", slot * TRIES_A_SLOT + k, first, [wanted[n] for n in again])
            for n, row in zip(again, rows):
                tries[n].append(_thresholds(row))
        return tries

    def _most_tries(self, row: list[float]) -> int:
        """How often a problem can be asked about: once, once for each possible return and each closing organisation."""
        returns = 0
        while returns < self._most_returns and row[13 + returns] < self._return_chance:
            returns += 1
        return 1 + returns + self._closures

    def _with_follow_ons(
        self,
        slot: int,
        first: int,
        wanted: list[int],
        plans: list[ProblemPlan],
        picks: list[int],
        people: list[list[float]],
    ) -> list[ProblemPlan]:
        """Hang onto each problem the follow-on that it may have, where its threshold can be met at all."""
        child_slot = FOLLOW_ON_SLOT + slot
        columns = self._columns("problem", child_slot, first, wanted)
        chances = [self._follow_on_chance(self._needs[pick]) for pick in picks]
        likely = [n for n, (row, chance) in enumerate(zip(columns, chances)) if row[10] < chance]
        rows = [columns[n] for n in likely]
        chosen = [self._follow_on_kind(self._needs[picks[n]], columns[n]) for n in likely]
        lags = self._lag([row[9] for row in rows])
        starts = [plans[n].onset + lag for n, lag in zip(likely, lags)]
        children = self._plans(child_slot, first, [wanted[n] for n in likely], rows, chosen, starts, people)
        for n, row, child in zip(likely, rows, children):
            plans[n] = plans[n]._replace(follow_ons=((child, row[10], chances[n], child.onset),))
        return plans

    def _follow_on_chance(self, need: _Needs) -> float:
        return min(1.0, fsum(need.follow_ons.values())) if need.follow_ons else self._follow_on

    def _follow_on_kind(self, need: _Needs, row: list[float]) -> int:
        named = need.follow_ons
        if named:
            names = list(named)
            return self._index[names[draws.weighted(row[8], list(named.values())) if len(names) > 1 else 0]]
        return draws.weighted(row[8], self._shares) if len(self._shares) > 1 else 0


# ---- posts -------------------------------------------------------------------------------------------------------


def _posts(scenario: Scenario, assumptions: Assumptions, seed: int) -> Iterator[PostPlan]:
    """Draw all posts with their calendars and possible holders."""
    row = 0
    for house, agency in enumerate(scenario.houses):
        ids: dict[str, int] = {}
        for post in agency.advisers:
            stem = post.name or post.role.replace("_", "-")
            for _ in range(post.number):
                ids[stem] = ids.get(stem, 0) + 1
                prefix = f"{agency.organisation.name}/" if len(scenario.houses) > 1 else ""
                yield _post(f"{prefix}{stem}-{ids[stem]:02d}", house, post, scenario, assumptions, seed, row)
                row += 1


def _post(
    name: str, house: int, post: Post, scenario: Scenario, assumptions: Assumptions, seed: int, row: int
) -> PostPlan:
    first, last = scenario.period.begins, scenario.period.ends
    if post.always_on:
        intervals: list[Interval] = [(0, (last - first).days * MINUTES_PER_DAY)]
    else:
        days = working_days(first, last, tuple(post.days))
        at_work = _less_absence(days, len(post.days), assumptions, seed, row)
        intervals = shifts(at_work, round_half_up(post.hours_per_week * 60 / len(post.days)))
    pay = post.annual_pay if post.annual_pay is not None else assumptions.number("money.adviser_pay")
    whole = exact(assumptions.number("adviser.full_time_hours"))
    full_time = Fraction(1) if post.always_on else min(Fraction(1), exact(post.hours_per_week) / whole)
    if post.role in ("volunteer", "peer_supporter") and post.annual_pay is None:
        pay = 0.0
    skills = tuple(sorted(post.skill.items())) if isinstance(post.skill, dict) else (("", float(post.skill)),)
    supervision = scenario.houses[house].organisation.supervision_minutes_per_week
    return PostPlan(
        name,
        post.role,
        house,
        frozenset(post.categories or scenario.clients.problems),
        tuple(intervals),
        full_time,
        round_half_up(exact(pay) * full_time * 100),
        round_half_up(assumptions.number("adviser.supervision_minutes_per_week"))
        if supervision is None
        else supervision,
        skills,
        tuple(_holders(assumptions, seed, row)),
    )


def _holders(assumptions: Assumptions, seed: int, row: int) -> Iterator[Holder]:
    altruism = assumptions["adviser.altruism"].inverse()
    later = assumptions.number("adviser.successor_skill")
    for vintage in range(LAST_VINTAGE):
        # One stream a post and vintage: a post added at the end leaves the others' people as they were.
        traits = draws.Table(seed, "adviser", row * LAST_VINTAGE + vintage, PERSON_COLUMNS).lists(1)[0]
        career = draws.Table(seed, "career", row * LAST_VINTAGE + vintage, CAREER_COLUMNS).lists(1)[0]
        yield Holder(1.0 if vintage == 0 else later, altruism(traits[0]), tuple(career))


def _less_absence(
    days: list[int], days_a_week: int, assumptions: Assumptions, seed: int, row: int
) -> list[int]:
    """Take leave (in weeks, spread by chance over each year) and sickness (in spells) out of a list of days."""
    sick = assumptions.number("adviser.sickness_days_per_year") * days_a_week / 5
    spell = max(1, round_half_up(assumptions.number("adviser.sickness_spell_days")))
    leave = round_half_up(assumptions.number("adviser.leave_days_per_year") * days_a_week / 5)
    if sick <= 0 and leave <= 0:
        return days
    rested = draws.Table(seed, "sickness", 2 * row, DAY_COLUMNS).lists(1)[0]
    chance = draws.Table(seed, "sickness", 2 * row + 1, DAY_COLUMNS).lists(1)[0]
    away: set[int] = set()
    a_year = max(1, round(52 * days_a_week))
    for start in range(0, len(days), a_year):
        year = days[start : start + a_year]
        weeks = [year[i : i + days_a_week] for i in range(0, len(year), days_a_week)]
        order = sorted(range(len(weeks)), key=lambda w: rested[start + w])
        left = round_half_up(leave * len(year) / a_year)
        for w in order:
            taken = weeks[w][:left]
            away.update(taken)
            left -= len(taken)
            if left <= 0:
                break
    ill = 0
    for n, day in enumerate(days):
        if ill > 0 or chance[n] < sick / (a_year * spell):
            ill = spell - 1 if ill == 0 else ill - 1
            away.add(day)
    return [day for day in days if day not in away]
