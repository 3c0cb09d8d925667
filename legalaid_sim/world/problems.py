"""What they come with: problems as they would unfold, slot by slot, with follow-ons hanging from them."""

from collections.abc import Iterable
from math import fsum

from legalaid_sim import draws
from legalaid_sim.brought import Bringing
from legalaid_sim.evidence import Assumptions
from legalaid_sim.scenario.distribution import Distribution
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.scenario.people import ProblemKind
from legalaid_sim.units import MINUTES_PER_DAY, add_up, round_half_up
from legalaid_sim.world.records import BookedDraws, ProblemPlan, Thresholds
from legalaid_sim.world.rows import (
    COLUMNS,
    EARLIER_NUMBERS,
    FOLLOW_ON_SLOT,
    RAGGED_COLUMNS,
    RETURNS,
    TRIES_A_SLOT,
    PersonDraws,
    ProblemDraws,
    Ragged,
    first_try,
    later_try,
    of_problem,
)  # fmt: skip

NEEDS = ("contacts", "contact_minutes", "casework_minutes")
# A key has so many slots for the problems of one person.
SLOTS_A_PERSON = 32


def usual_minutes(kind: ProblemKind, assumptions: Assumptions) -> float:
    """Minutes that a problem of a kind usually takes, met in full: mean meetings of mean length, and mean casework."""
    contacts, minutes, casework = usual_needs(kind, assumptions)
    return contacts * minutes + casework


def usual_needs(kind: ProblemKind, assumptions: Assumptions) -> tuple[float, float, float]:
    """Give the mean number of meetings of a kind, the mean minutes of one, and the mean minutes of casework."""
    contacts, minutes, casework = (
        (getattr(kind, name) or assumptions[f"problem.{name}"]).mean for name in NEEDS
    )
    return contacts, minutes, casework


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
        self.kept_back = kind.kept_back


def _difficulty(need: int, usual: float, easy: float, hard: float) -> str:
    """Say how hard a matter is against the usual need of its kind, as contracts with a case-mix index ask."""
    return "easy" if need < easy * usual else "hard" if need > hard * usual else "usual"


def _most_returns(assumptions: Assumptions) -> int:
    """How often one problem may be brought back, as far as there are draws for it."""
    wanted = round_half_up(assumptions.number("outcome.most_returns"))
    return max(0, min(RETURNS, wanted)) if assumptions.number("outcome.return_chance") > 0 else 0


class ProblemSampler:
    """Draws the problems of a batch of people, slot by slot: slot s holds everybody's (s+1)th problem."""

    def __init__(
        self, scenario: Scenario, assumptions: Assumptions, seed: int, family: str, bringing: Bringing,
        booked: dict[str, BookedDraws],
    ) -> None:  # fmt: skip
        self._family, self._bringing, self._booked = family, bringing, booked
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
        # Where none varies no uniforms are read for gaps; others stand in, of which only the number counts.
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
        self._documents = assumptions.number("channel.documents") > 0
        self._undone = assumptions.number("outcome.undone_per_month") > 0
        self._books = any(house.organisation.appointments == "booked" for house in scenario.houses)
        # What is written down beside the plans is so of all of them.
        self._tells_more = self._books or bringing.brings
        self._clusters = self._follow_on > 0 or any(need.follow_ons for need in self._needs)
        self._seed = seed
        self._tables: dict[tuple[str, int], draws.DrawTable] = {}
        self._ragged: dict[tuple[str, int], Ragged] = {}

    def batch(
        self, first: int, onsets: list[int], rows: list[PersonDraws], counts: list[int], since: int | None
    ) -> list[tuple[ProblemPlan, ...]]:
        """Give each of ``len(counts)`` people their problems, with follow-ons hanging from them.

        Of those that are brought before minute ``since`` as many may be missing as are not needed for anything else.
        """
        plans: list[tuple[ProblemPlan, ...]] = [() for _ in counts]
        for slot in range(max(counts, default=0)):
            wanted = [i for i, count in enumerate(counts) if count > slot]
            if not wanted:
                break
            for i, plan in self._slot(slot, first, onsets, rows, wanted, since):
                plans[i] = (*plans[i], plan)
        return plans

    def _columns(self, purpose: str, slot: int, first: int, wanted: list[int]) -> list[list[float]]:
        table = self._tables.get((purpose, slot))
        if table is None:
            table = self._tables[purpose, slot] = draws.DrawTable(
                self._seed, purpose, slot, COLUMNS[purpose], self._family
            )
        return table.picked(first, wanted)

    def _many(
        self, purpose: str, slot: int, first: int, wanted: list[int], counts: list[int]
    ) -> list[list[float]]:
        ragged = self._ragged.setdefault((purpose, slot), Ragged(self._seed, purpose, slot, self._family))
        spread = [0] * (wanted[-1] + 1 if wanted else 0)
        for i, count in zip(wanted, counts):
            spread[i] = count
        found = ragged.batch(first, spread)
        return [found[i] for i in wanted]

    def _slot(
        self, slot: int, first: int, onsets: list[int], people: list[PersonDraws], wanted: list[int],
        since: int | None,
    ) -> Iterable[tuple[int, ProblemPlan]]:  # fmt: skip
        columns = [of_problem(row) for row in self._columns("problem", slot, first, wanted)]
        picks = [self._pick(row, people[i], slot) for i, row in zip(wanted, columns)]
        later = [
            0 if slot == 0 else round_half_up(row.later * self._second * MINUTES_PER_DAY) for row in columns
        ]
        starts = [onsets[i] + extra for i, extra in zip(wanted, later)]
        if since is not None and not self._tells_more:
            # Of those before life most are over by then: nothing more is worked out of them.
            still = [
                n
                for n, i in enumerate(wanted)
                if self._brought_at(columns[n], self._needs[picks[n]], slot, starts[n], people[i]) >= since
            ]
            wanted, columns = [wanted[n] for n in still], [columns[n] for n in still]
            picks, starts = [picks[n] for n in still], [starts[n] for n in still]
        plans = self._plans(slot, first, wanted, columns, picks, starts, people)
        if self._clusters:
            plans = self._with_follow_ons(slot, first, wanted, plans, picks, people)
        return zip(wanted, plans)

    def _brought_at(self, row: ProblemDraws, need: _Needs, slot: int, start: int, person: PersonDraws) -> int:
        """Give the minute at which a problem is brought."""
        hidden, _ = self._hiding(row, need, slot)
        return start + (need.crisis((row.crisis,))[0] if hidden else self._lets_pass(row, person))

    def _pick(self, row: ProblemDraws, person: PersonDraws, slot: int) -> int:
        """Choose the kind of a problem: a later one is likely to belong to the cluster of the first."""
        if len(self._shares) == 1:
            return 0
        if slot and row.cluster < self._same_cluster:
            first = draws.weighted(person.kind, self._shares)
            shares = [
                share if need.cluster and need.cluster == self._needs[first].cluster else 0.0
                for share, need in zip(self._shares, self._needs)
            ]
            if any(shares):
                return draws.weighted(row.kind, shares)
        return draws.weighted(row.kind if slot else person.kind, self._shares)

    def _plans(
        self,
        slot: int,
        first: int,
        wanted: list[int],
        columns: list[ProblemDraws],
        picks: list[int],
        starts: list[int],
        people: list[PersonDraws],
    ) -> list[ProblemPlan]:
        needs = [self._needs[pick] for pick in picks]
        counts = [need.contacts((row.contacts,))[0] for need, row in zip(needs, columns)]
        minutes = self._many("contact_minutes", slot, first, wanted, counts)
        gaps = self._many("gap", slot, first, wanted, counts) if self._gaps_vary else minutes
        tries = self._tries(slot, first, wanted, columns)
        none: list[list[float]] = [[] for _ in wanted]
        most = [n * self._meetings for n in counts]
        missed = self._many("missed", slot, first, wanted, most) if self._misses else none
        stages = self._many("stage", slot, first, wanted, counts) if self._stages else none
        opens_up = (
            self._many("hidden", slot, first, wanted, [RAGGED_COLUMNS * 2] * len(wanted)) if slot else none
        )
        asked = list(map(len, tries))
        documents = self._many("document", slot, first, wanted, asked) if self._documents else none
        lasting = self._lasting(slot, first, wanted)
        plans = []
        for n, i in enumerate(wanted):
            row, need, person, index = columns[n], needs[n], people[i], first + i
            cores = need.minutes(minutes[n])
            casework = need.casework((row.casework,))[0]
            plans.append(
                ProblemPlan(
                    self._name(index, slot),
                    (self._offset + index) * SLOTS_A_PERSON + slot,
                    self._offset + index,
                    need.name,
                    need.fee_code,
                    starts[n],
                    self._lets_pass(row, person),
                    starts[n] + need.crisis((row.crisis,))[0],
                    cores,
                    need.gap(gaps[n]),
                    casework,
                    _difficulty(add_up(cores) + casework, need.usual, *self._bands),
                    *self._hiding(row, need, slot),
                    draws.standard_normal(row.stubborn),
                    lasting[n],
                    tuple(stages[n]),
                    tuple(row.returns[: self._most_returns]),
                    self._return(row.return_gaps[: self._most_returns]) if self._most_returns else (),
                    tuple(missed[n]),
                    tuple(opens_up[n]),
                    tuple(documents[n]),
                    tuple(tries[n]),
                    (),
                )
            )
        self._bringing.draw(slot, first, wanted, plans)
        self._book(slot, first, wanted, most, plans)
        return plans

    def _hiding(self, row: ProblemDraws, need: _Needs, slot: int) -> tuple[bool, float]:
        """Say whether a problem is kept back until its crisis; where shame is why, by what threshold no name helps."""
        if slot < FOLLOW_ON_SLOT and row.shames < need.kept_back:
            return True, row.nameless
        return 0 < slot < FOLLOW_ON_SLOT and row.hidden < self._hidden, 1.0

    def _lets_pass(self, row: ProblemDraws, person: PersonDraws) -> int:
        """Draw how many minutes pass before somebody asks: more with vulnerability."""
        days = self._delay(row.delay) * (1.0 + self._slower * (person.vulnerability - 0.5))
        return round_half_up(max(0.0, days) * MINUTES_PER_DAY)

    def _book(
        self, slot: int, first: int, wanted: list[int], most: list[int], plans: list[ProblemPlan]
    ) -> None:
        """Draw what decides about meetings where they are booked: a uniform for each try, and one for each slot."""
        if not self._books:
            return
        between = self._many("between", slot, first, wanted, [len(plan.tries) for plan in plans])
        refill = self._many("refill", slot, first, wanted, most)
        for plan, waits, slots in zip(plans, between, refill):
            self._booked[plan.id] = BookedDraws(tuple(waits), tuple(slots))

    def _name(self, index: int, slot: int) -> str:
        """Name a problem by its person and slot, a follow-on by its parent."""
        which = f"p{slot + 1}" if slot < FOLLOW_ON_SLOT else f"p{slot - FOLLOW_ON_SLOT + 1}.f1"
        return f"{self._prefix}{index:05d}.{which}"

    def _lasting(self, slot: int, first: int, wanted: list[int]) -> list[float]:
        """Draw how long a result lasts, where it need not last for ever."""
        if not self._undone:
            return [0.0] * len(wanted)
        return [u for (u,) in self._columns("lasting", slot, first, wanted)]

    def _tries(
        self, slot: int, first: int, wanted: list[int], columns: list[ProblemDraws]
    ) -> list[list[Thresholds]]:
        """Thresholds of the first asking of each problem and of every later one that its own draws allow.

        Nobody comes back whose threshold of coming back lies above the chance, so most problems have one try.
        """
        choices = self._columns("choice", slot, first, wanted)
        tries = [[first_try(choice, row)] for choice, row in zip(choices, columns)]
        most = [self._most_tries(row) for row in columns] if self._own_thresholds else []
        for k in range(1, max(most, default=1)):
            again = [n for n, many in enumerate(most) if many > k]
            rows = self._columns("attempt", slot * TRIES_A_SLOT + k, first, [wanted[n] for n in again])
            for n, row in zip(again, rows):
                tries[n].append(later_try(row))
        return tries

    def _most_tries(self, row: ProblemDraws) -> int:
        """How often a problem can be asked about: once, once for each possible return and each closing organisation."""
        returns = 0
        while returns < self._most_returns and row.returns[returns] < self._return_chance:
            returns += 1
        return 1 + returns + self._closures

    def _with_follow_ons(
        self,
        slot: int,
        first: int,
        wanted: list[int],
        plans: list[ProblemPlan],
        picks: list[int],
        people: list[PersonDraws],
    ) -> list[ProblemPlan]:
        """Hang onto each problem the follow-on that it may have, where its threshold can be met at all."""
        child_slot = FOLLOW_ON_SLOT + slot
        columns = [of_problem(row) for row in self._columns("problem", child_slot, first, wanted)]
        chances = [self._follow_on_chance(self._needs[pick]) for pick in picks]
        likely = [n for n, (row, chance) in enumerate(zip(columns, chances)) if row.child < chance]
        rows = [columns[n] for n in likely]
        chosen = [self._follow_on_kind(self._needs[picks[n]], columns[n]) for n in likely]
        lags = self._lag([row.child_lag for row in rows])
        starts = [plans[n].onset + lag for n, lag in zip(likely, lags)]
        children = self._plans(child_slot, first, [wanted[n] for n in likely], rows, chosen, starts, people)
        for n, row, child in zip(likely, rows, children):
            plans[n] = plans[n]._replace(follow_ons=((child, row.child, chances[n], child.onset),))
        return plans

    def _follow_on_chance(self, need: _Needs) -> float:
        return min(1.0, fsum(need.follow_ons.values())) if need.follow_ons else self._follow_on

    def _follow_on_kind(self, need: _Needs, row: ProblemDraws) -> int:
        named = need.follow_ons
        if named:
            names = list(named)
            return self._index[
                names[draws.weighted(row.child_kind, list(named.values())) if len(names) > 1 else 0]
            ]
        return draws.weighted(row.child_kind, self._shares) if len(self._shares) > 1 else 0
