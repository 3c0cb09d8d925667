"""The price of the same person: each contract lived at several patiences, at equal money, with both ranges.

At a patience the own adviser is waited for so many days whatever contract and practice say, so that contracts are set
beside each other and not the numbers typed into them. Chance is what differs over the worlds; of what nobody knows,
further worlds have a draw, keyed as in ``compare --ignorance``: of four, two the same. Their range is from the least to
the most of them and no interval. Money is made equal once, on the worlds as the contracts are written, and held at that
factor along the curve.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.errors import Problem
from legalaid_sim.experiments.compare.equal_money import apart, equal_money, live_with
from legalaid_sim.experiments.run.job import Job, RunOptions, prepare, resumed_by
from legalaid_sim.experiments.shared.executors import Lost, WorkerDied, Workers, available, workers_for
from legalaid_sim.experiments.shared.kept_worlds import GoingOn, kept_for, plain_of, replication_of
from legalaid_sim.experiments.shared.plans import MECHANICAL, RegimePlan
from legalaid_sim.experiments.shared.progress import Progress, silent
from legalaid_sim.experiments.shared.readiness import Tell, untold
from legalaid_sim.experiments.shared.replicate import Replication, Trial, Values
from legalaid_sim.experiments.shared.statistics import Estimate, estimate
from legalaid_sim.measures.statistics import quantile
from legalaid_sim.results.folder import slug
from legalaid_sim.tabular import as_html, counted

if TYPE_CHECKING:
    from legalaid_sim.scenario.model import Scenario

PATIENCE = (0.0, 2.0, 5.0, 14.0, 28.0)
CONTINUITY = "continuity.coc"
WAITS = ("access.days_to_first_contact_mean", "access.days_to_follow_up")
MEASURES = (CONTINUITY, *WAITS, "continuity.days_waited_for_own_adviser", "time.idle_share")
NAME = "frontier.json"
JSON_VERSION = 1
TENTH = 0.1


@dataclass(frozen=True, slots=True)
class FrontierOptions:
    """What is asked: days of patience, worlds as the scenario is, and worlds in which the unknown is drawn."""

    patience: tuple[float, ...] = PATIENCE
    worlds: int = 4
    draws: int = 4
    equal_money: bool = True

    @property
    def options(self) -> tuple[str, ...]:
        """The options of the command that asks for this."""
        days = (part for each in self.patience for part in ("--patience", f"{each:g}"))
        money = () if self.equal_money else ("--own-money",)
        return (*days, "-r", str(self.worlds), "--draws", str(self.draws), *money)


class FrontierJob(NamedTuple):
    """A study that is ready to begin."""

    job: Job
    asked: FrontierOptions

    @property
    def plans(self) -> tuple[RegimePlan, ...]:
        """The contracts that are tried: without those lived again with nobody responding."""
        return tuple(plan for plan in self.job.plans if not plan.name.endswith(MECHANICAL))

    @property
    def lives(self) -> int:
        """How many lives the curves need."""
        return len(self.plans) * len(self.asked.patience) * (self.asked.worlds + self.asked.draws)

    @property
    def plan(self) -> dict[str, Any]:
        """Say what would be lived, as plain data."""
        asked = self.asked
        return {
            "contracts": [plan.name for plan in self.plans],
            "patience": list(asked.patience),
            "worlds": asked.worlds,
            "draws": asked.draws,
            "runs": self.lives,
        }


class Traced(NamedTuple):
    """The curves that were found, as the command writes them, and their points as plain rows."""

    data: Mapping[str, Any]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each measure of each contract at each patience, with the range of chance and that of what is not known."""
        return [
            {"contract": point["contract"], "patience_days": point["patience"], "measure": name, **found}
            for point in self.data["points"]
            for name, found in point["measures"].items()
        ]

    @property
    def prices(self) -> list[dict[str, Any]]:
        """The days of each wait that a tenth of continuity costs, by contract."""
        return [dict(each) for each in self.data["prices"]]

    def __repr__(self) -> str:
        asked = f"{counted(len(self.data['patience']), 'patience')}, {counted(self.data['worlds'], 'world')}"
        return f"Traced({', '.join(self.data['contracts'])}; {asked}, {self.data['draws']} with the unknown drawn)"

    def _repr_html_(self) -> str:
        return as_html(repr(self), self.prices)


@dataclass(frozen=True)
class FrontierTask:
    """One world under every contract at every patience: as the scenario is, or (negative) with the unknown drawn."""

    known: Trial
    drawn: Trial

    def __call__(self, number: int) -> Replication:
        """Live a world."""
        done = self.known(number) if number > 0 else self.drawn(-number)
        return done._replace(number=number)


def prepare_frontier(
    path: Path, asked: FrontierOptions, options: RunOptions, tell: Tell = untold
) -> FrontierJob:
    """Read and check a scenario with its contracts; raises what ``run`` raises."""
    return FrontierJob(prepare(path, options, tell), asked)


def place_of(held: FrontierJob) -> Path:
    """Give the folder of a study: the same whenever the same is asked of the same files."""
    options = held.job.options
    return options.out or options.root / slug(held.job.path.stem) / f"frontier-{_key(held)[:8]}"


def seconds_for(held: FrontierJob) -> float:
    """Say how long it may take, by the time of one life: the curves, and as much as money made equal may need."""
    began = perf_counter()
    Trial(held.job.scenario, held.plans[:1], "none")(1)
    each = perf_counter() - began
    workers = available() if held.job.options.workers is None else held.job.options.workers
    money = 3 * len(held.plans) * held.asked.worlds if held.asked.equal_money and len(held.plans) > 1 else 0
    return each * (held.lives + money) / max(1, workers)


def at_patience(plan: RegimePlan, days: float) -> RegimePlan:
    """Give a regime in which the own adviser is waited for so many days, from its first day on."""

    def waits(part: RegimePlan) -> RegimePlan:
        practice = part.practice.model_copy(update={"own_adviser_patience_days": days})
        return replace(part, practice=practice)

    return replace(waits(plan), name=label(plan.name, days), after=tuple(map(waits, plan.after)))


def label(contract: str, days: float) -> str:
    """Name a contract at a patience."""
    return f"{contract} at {days:g} days"


def frontier(held: FrontierJob, progress: Progress = silent) -> dict[str, Any]:
    """Live the curves, those worlds taken over that an interrupted study has kept; give all that was found as data.

    Raises ``WorkerDied`` when a world kills its worker twice.
    """
    job, asked = held.job, held.asked
    factors = _factors(held)
    lived = tuple(
        at_patience(plan.scaled(Fraction(f"{factors[plan.name]:.4f}")), days)
        for plan in held.plans
        for days in asked.patience
    )
    drawn = job.scenario.model_copy(update={"ignorance": True})
    task = FrontierTask(Trial(_known(job), lived, "none"), Trial(drawn, lived, "none"))
    numbers = [*range(1, asked.worlds + 1), *range(-1, -asked.draws - 1, -1)]
    worlds: dict[int, Mapping[str, Values]] = {}
    place = place_of(held)
    place.parent.mkdir(parents=True, exist_ok=True)
    with kept_for(place, "frontier", _key(held)) as kept:
        workers: GoingOn[Replication] = GoingOn(
            workers_for(job.options.workers, len(numbers)), kept, plain_of, replication_of
        )
        for done in workers.results(task, numbers):
            if isinstance(done, Lost):
                raise WorkerDied(f"world {done.item}")
            worlds[done.number] = {name: life.measures for name, life in done.lived.items()}
            progress(len(worlds) * len(lived), held.lives)
    return _as_data(held, factors, worlds)


def _known(job: Job) -> "Scenario":
    """Give the scenario with what is unknown where it stands, so that worlds differ by chance alone."""
    return job.scenario.model_copy(update={"ignorance": False})


def _key(held: FrontierJob) -> str:
    return resumed_by("frontier", held.job, *held.asked.options)


def _factors(held: FrontierJob) -> dict[str, float]:
    """Give the factor on the amounts of each contract at which the payer owes the first one's sum; 1 where none is."""
    job, asked, plans = held.job, held.asked, held.plans
    factors = {plan.name: 1.0 for plan in plans}
    if not asked.equal_money or len(plans) < 2:
        return factors
    workers: Workers = workers_for(job.options.workers, asked.worlds)
    live = live_with(lambda some: Trial(_known(job), some, "none"), workers, asked.worlds)
    measures = {plan.name: live(plan) for plan in plans}
    baseline = plans[0].name
    names = apart(measures, baseline)
    uneven = [plan for plan in plans if plan.name in names]
    for each in equal_money(uneven, measures, baseline, (CONTINUITY,), {}, live):
        if each.factor is not None:
            factors[each.contract] = each.factor
    return factors


# ---- what was found ----------------------------------------------------------------------------------------------

WorldsOfPoint = Mapping[int, Mapping[str, Values]]


def _of_the_run(options: RunOptions) -> Iterator[str]:
    """Give the options that name contracts and a seed in place of the scenario's."""
    for contract in options.contracts:
        yield from ("-c", contract)
    if options.seed is not None:
        yield from ("--seed", str(options.seed))


def _as_data(held: FrontierJob, factors: Mapping[str, float], worlds: WorldsOfPoint) -> dict[str, Any]:
    job, asked = held.job, held.asked
    names = [plan.name for plan in held.plans]
    return {
        "schema_version": JSON_VERSION,
        "kind": "frontier",
        "scenario": job.path.stem,
        "title": job.scenario.about.title,
        "seed": job.scenario.seed,
        "asked": [*_of_the_run(job.options), *asked.options],
        "warnings": _words(job.warnings),
        "contracts": names,
        "short_titles": {plan.name: plan.short_title for plan in held.plans if plan.short_title},
        "appointments": sorted({house.organisation.appointments for house in job.scenario.houses}),
        "patience": list(asked.patience),
        "worlds": asked.worlds,
        "draws": asked.draws,
        "runs": held.lives,
        "measures": list(MEASURES),
        "money": {name: factors[name] for name in names},
        "points": [_point(name, days, worlds) for name in names for days in asked.patience],
        "prices": [_price(name, wait, asked.patience, worlds) for name in names for wait in WAITS],
    }


def _words(warnings: Sequence[Problem]) -> list[str]:
    return [problem.message for problem in warnings]


def _point(contract: str, days: float, worlds: WorldsOfPoint) -> dict[str, Any]:
    """Give a contract at a patience: each measure with its chance and over what is not known."""
    name = label(contract, days)
    found = {}
    for measure in MEASURES:
        known, drawn = (_values(worlds, name, measure, positive) for positive in (True, False))
        over = [quantile(drawn, part) for part in (0.0, 1.0)] if drawn else [None, None]
        found[measure] = {**estimate(known).as_data(), "unknown_low": over[0], "unknown_high": over[1]}
    return {"contract": contract, "patience": days, "measures": found}


def _values(worlds: WorldsOfPoint, name: str, measure: str, known: bool) -> list[float]:
    held = [lived[name].get(measure) for number, lived in worlds.items() if (number > 0) == known]
    return [float(value) for value in held if value is not None]


def _price(contract: str, wait: str, patience: Sequence[float], worlds: WorldsOfPoint) -> dict[str, Any]:
    """Give the days of a wait that a tenth of continuity costs from the least to the most patience, world by world."""
    ends = label(contract, min(patience)), label(contract, max(patience))
    found: dict[bool, list[float]] = {True: [], False: []}
    for number, lived in worlds.items():
        (less, soon), (more, late) = ((lived[end].get(CONTINUITY), lived[end].get(wait)) for end in ends)
        if less is None or more is None or soon is None or late is None or more - less < TENTH / 2:
            continue
        found[number > 0].append(TENTH * (late - soon) / (more - less))
    priced: Estimate = estimate(found[True])
    low, high = (quantile(found[False], part) for part in (0.0, 1.0)) if found[False] else (None, None)
    return {
        "contract": contract,
        "measure": wait,
        **priced.as_data(),
        "unknown_low": low,
        "unknown_high": high,
    }


def as_text(data: Mapping[str, Any]) -> str:
    """Give the object as it is written and printed."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
