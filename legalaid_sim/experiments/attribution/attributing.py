"""Which clauses cause the difference between two contracts.

Every set of clauses is a contract of its own, lived in the same worlds as the two. The change of a measure is
shared out over the clauses by Shapley values, world by world: exactly up to eight clauses, beyond that over
drawn orders, other ones in every world, so that the intervals hold both kinds of chance.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import fsum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.errors import Problem
from legalaid_sim.experiments.attribution.clauses import ClauseSwitch, clauses_between, titles_of
from legalaid_sim.experiments.attribution.lives import (
    FIRST_GOES_ON,
    SECOND_GOES_ON,
    AttributionRun,
    SwitchTask,
    live_all,
)
from legalaid_sim.experiments.attribution.shapley import Order, all_sets, exact, orders_for, sampled, sets_of
from legalaid_sim.experiments.compare.question import BadQuestion, refuse_unknown_measure
from legalaid_sim.experiments.shared.executors import workers_for
from legalaid_sim.experiments.shared.ignorance import estimate_of, worlds_holding
from legalaid_sim.experiments.shared.kept_worlds import GoingOn, kept_for
from legalaid_sim.experiments.shared.plans import RegimePlan, plans_of
from legalaid_sim.experiments.shared.progress import Progress, silent
from legalaid_sim.experiments.shared.readiness import Tell, ready, untold
from legalaid_sim.experiments.shared.replicate import Pipeline, Values, the_pipeline
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.experiments.sweep.job import base_of
from legalaid_sim.results import manifest as manifests
from legalaid_sim.scenario import ScenarioFile, read_scenario
from legalaid_sim.tabular import as_html, counted

if TYPE_CHECKING:
    pass

EXACT_UP_TO = 8
TAKEN_UP = "taking up a new contract"
PAIRS = 4
JSON_VERSION = 1


class AttributionOptions(NamedTuple):
    """What to attribute: from which contract to which, on which measures, how thoroughly.

    ``beside`` is the place beside which runs that are done are kept until all are, so that an interrupted attribution
    goes on; none are where it is left out.
    """

    before: str
    after: str
    measures: tuple[str, ...] = ()
    replications: int = 5
    exact_up_to: int = EXACT_UP_TO
    pairs: int = PAIRS
    seed: int | None = None
    workers: int | None = None
    beside: Path | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """The options of the command that asks for this."""
        seed = () if self.seed is None else ("--seed", str(self.seed))
        counts = {"-r": self.replications, "--exact-up-to": self.exact_up_to, "--orders": self.pairs}
        return (
            *("--from", self.before, "--to", self.after),
            *(part for name in self.measures for part in ("-m", name)),
            *(part for option, count in counts.items() for part in (option, str(count))),
            *seed,
        )


class ClauseShare(NamedTuple):
    """What one clause adds to a measure on average, and what it would do alone."""

    clause: str
    share: Estimate
    alone: Estimate


class Attribution(NamedTuple):
    """The difference of one measure, shared out: ``rest`` is what the shares leave of it, nearly 0."""

    measure: str
    before: Estimate
    after: Estimate
    total: Estimate
    shares: tuple[ClauseShare, ...]
    rest: float


class Attributed(NamedTuple):
    """All that was found between two contracts."""

    before: str
    after: str
    clauses: tuple[ClauseSwitch, ...]
    exact: bool
    worlds: int
    runs: int
    measures: tuple[Attribution, ...]
    title: str
    seed: int
    warnings: tuple[Problem, ...] = ()
    short_titles: Mapping[str, str] = MappingProxyType({})
    asked: tuple[str, ...] = ()
    clause_titles: Mapping[str, str] = MappingProxyType({})

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What each clause adds to each measure, as plain rows."""
        return [
            {
                "measure": found.measure,
                "clause": share.clause,
                "share": share.share.mean,
                "low": share.share.low,
                "high": share.share.high,
                "alone": share.alone.mean,
            }
            for found in self.measures
            for share in found.shares
        ]

    def __repr__(self) -> str:
        asked = f"{counted(len(self.clauses), 'clause')}, {counted(self.worlds, 'world')}"
        return f"Attributed({self.before} to {self.after}; {asked})"

    def _repr_html_(self) -> str:
        return as_html(repr(self), self.rows)


class Portions(NamedTuple):
    """A measure world by world: under both contracts, and the share of each clause, of ``TAKEN_UP`` last.

    Worlds in which the measure is undefined under some set of clauses are left out.
    """

    before: Mapping[int, float]
    after: Mapping[int, float]
    shares: Mapping[int, Sequence[float]]


Orders = Mapping[int, Sequence[Order]]


def attribute(
    path: Path,
    asked: AttributionOptions,
    progress: Progress = silent,
    pipeline: Callable[[], Pipeline] = the_pipeline,
    tell: Tell = untold,
) -> Attributed:
    """Share the difference between two contracts out over their clauses; ``tell`` what is doubtful before.

    Raises ``CannotAttribute`` where they cannot be taken apart, ``BadQuestion`` for what cannot be asked, and
    what reading the files raises.
    """
    file, before, after = _read(path, asked)
    scenario, warnings = file.scenario, ready(file, (before, after), tell)
    measures = _measures(asked, scenario.ignorance)
    clauses, worlds = clauses_between(before, after), range(1, asked.replications + 1)
    orders = orders_in(clauses, asked, scenario.seed, worlds)
    items = list(items_of(clauses, worlds, orders, (before, after)))
    name = f"{path}/{scenario.seed}/{before.name}/{after.name}"
    task = SwitchTask(name, scenario, before, after, clauses, measures, pipeline)
    found = _live(task, items, asked, progress)
    shared = tuple(_shared(measure, clauses, found, orders, scenario.ignorance) for measure in measures)
    return Attributed(
        before.name, after.name, clauses, not orders, asked.replications, len(items), shared,
        scenario.about.title, scenario.seed, warnings,
        {plan.name: plan.short_title for plan in (before, after) if plan.short_title}, asked.options,
        titles_of(clauses, before, after),
    )  # fmt: skip


def _live(
    task: SwitchTask, items: Sequence[AttributionRun], asked: AttributionOptions, progress: Progress
) -> dict[AttributionRun, Values]:
    """Live all of them, those that an interrupted attribution has kept taken over."""
    workers = workers_for(asked.workers, len(items))
    if asked.beside is None:
        return live_all(task, items, workers, progress)
    numbers = {item: number for number, item in enumerate(items)}
    with kept_for(asked.beside, "attribute", _key(task, items), "run") as kept:
        going_on: GoingOn[Values] = GoingOn(workers, kept, dict, dict, numbers.__getitem__)
        return live_all(task, items, going_on, progress)


def _key(task: SwitchTask, items: Sequence[AttributionRun]) -> str:
    """Give the digest of all that must be equal for runs to be taken over."""
    data = task.scenario.model_dump(mode="json")
    went_in = [base_of(data, plan) for plan in (task.before, task.after)]
    return manifests.digest([*went_in, task.measures, items, manifests.versions()])


def _read(path: Path, asked: AttributionOptions) -> tuple[ScenarioFile, RegimePlan, RegimePlan]:
    file = read_scenario(path)
    if asked.seed is not None:
        file = file.but(seed=asked.seed)
    scenario = file.scenario
    named = {plan.name: plan for plan in plans_of(scenario, file.folder)} if scenario.regimes else {}
    strangers = [name for name in (asked.before, asked.after) if name not in named]
    read = dict(zip(strangers, plans_of(scenario, file.folder, strangers))) if strangers else {}
    before, after = ({**named, **read}[name] for name in (asked.before, asked.after))
    # Both part from one and the same life, that of the first.
    after = replace(after, before=before.before, starts=before.starts)
    return file, before, after


def _measures(asked: AttributionOptions, drawn: bool) -> tuple[str, ...]:
    from legalaid_sim.measures import HEADLINES

    for name in asked.measures:
        refuse_unknown_measure(name)
    if asked.replications < 2:
        raise BadQuestion("an attribution needs two worlds or more, so that its shares have intervals")
    if drawn and asked.replications < worlds_holding(2):
        raise BadQuestion(
            "an attribution of a scenario that draws what is not known needs three worlds or more: the first two share "
            "a draw, and one draw has no interval"
        )
    return asked.measures or tuple(measure.name for measure in HEADLINES)


def orders_in(
    clauses: Sequence[ClauseSwitch], asked: AttributionOptions, seed: int, worlds: Sequence[int]
) -> Orders:
    """Draw the orders of each world; none where every set of clauses is tried."""
    if len(clauses) <= asked.exact_up_to:
        return {}
    return {world: orders_for(len(clauses), asked.pairs, seed, world) for world in worlds}


def items_of(
    clauses: Sequence[ClauseSwitch],
    worlds: Sequence[int],
    orders: Orders,
    plans: tuple[RegimePlan, RegimePlan],
    alone: bool = True,
) -> Iterator[AttributionRun]:
    """Give every run that is needed, each once; ``alone`` with each clause as the only change too."""
    each = [1 << change for change in range(len(clauses))] if alone else []
    ends = (FIRST_GOES_ON, SECOND_GOES_ON)
    each += [mark for mark, plan in zip(ends, plans, strict=True) if _goes_on(plan)]
    for world in worlds:
        sets = sets_of(orders[world]) if orders else all_sets(len(clauses))
        yield from (AttributionRun(world, turned) for turned in dict.fromkeys((*sets, *each)))


def _goes_on(plan: RegimePlan) -> bool:
    """Say whether a regime holds the contracts that were held before it."""
    held = [[written.data for written in part.contracts] for part in (plan, *plan.before[-1:])]
    return len(held) > 1 and held[0] == held[1]


def portions_of(
    measure: str, changes: int, found: Mapping[AttributionRun, Values], orders: Orders
) -> Portions:
    """Share the change of a measure out in each world that was lived."""
    lacking = {item.world for item, values in found.items() if values[measure] is None}
    worlds = [world for world in dict.fromkeys(item.world for item in found) if world not in lacking]

    worth = partial(_worth, found, measure)

    def shares(world: int) -> list[float]:
        taken_up = worth(world, 0) - worth(world, first) + worth(world, last) - worth(world, every)
        return [*_shares_in(changes, orders.get(world, ()), partial(worth, world)), taken_up]

    every = (1 << changes) - 1
    first, last = ends_of(found, changes)
    return Portions(
        {world: worth(world, first) for world in worlds},
        {world: worth(world, last) for world in worlds},
        {world: shares(world) for world in worlds},
    )


def _worth(found: Mapping[AttributionRun, Values], measure: str, world: int, turned: int) -> float:
    value = found[AttributionRun(world, turned)][measure]
    assert value is not None
    return value


def ends_of(found: Mapping[AttributionRun, Values], changes: int) -> tuple[int, int]:
    """Say which runs are those of the two contracts themselves."""
    marks = {item.turned for item in found}
    return (
        FIRST_GOES_ON if FIRST_GOES_ON in marks else 0,
        SECOND_GOES_ON if SECOND_GOES_ON in marks else (1 << changes) - 1,
    )


def _shared(
    measure: str,
    clauses: Sequence[ClauseSwitch],
    found: Mapping[AttributionRun, Values],
    orders: Orders,
    drawn: bool,
) -> Attribution:
    before, after, shares = portions_of(measure, len(clauses), found, orders)
    totals = {world: after[world] - before[world] for world in shares}
    worth = partial(_worth, found, measure)
    alone = [[worth(world, 1 << at) - worth(world, 0) for world in shares] for at in range(len(clauses))]
    alone += [[parts[-1] for parts in shares.values()]]
    names = [*(clause.name for clause in clauses), TAKEN_UP]

    def over(values: Iterable[float]) -> Estimate:
        return estimate_of(values, drawn, shares)

    return Attribution(
        measure,
        over(before.values()),
        over(after.values()),
        over(totals.values()),
        tuple(
            ClauseShare(name, over(parts[at] for parts in shares.values()), over(alone[at]))
            for at, name in enumerate(names)
        ),
        max((abs(fsum(parts) - totals[world]) for world, parts in shares.items()), default=0.0),
    )


def _shares_in(changes: int, orders: Sequence[Order], worth: Callable[[int], float]) -> list[float]:
    return sampled(orders, worth) if orders else exact(changes, worth)


def as_data(path: Path, found: Attributed) -> dict[str, Any]:
    """Give what was found as plain data, as docs/json.md describes it."""
    return {
        "schema_version": JSON_VERSION,
        "kind": "attribution",
        "scenario": path.stem,
        "title": found.title,
        "seed": found.seed,
        "warnings": [problem.message for problem in found.warnings],
        "from": found.before,
        "to": found.after,
        "short_titles": dict(found.short_titles),
        "asked": list(found.asked),
        "exact": found.exact,
        "worlds": found.worlds,
        "runs": found.runs,
        "clauses": {
            clause.name: [".".join(filter(None, place)) for place in clause.places]
            for clause in found.clauses
        },
        "clause_titles": dict(found.clause_titles),
        "measures": {
            shared.measure: {
                "from": shared.before.as_data(),
                "to": shared.after.as_data(),
                "total": shared.total.as_data(),
                "rest": shared.rest,
                "shares": {
                    share.clause: {"share": share.share.as_data(), "alone": share.alone.as_data()}
                    for share in shared.shares
                },
            }
            for shared in found.measures
        },
    }
