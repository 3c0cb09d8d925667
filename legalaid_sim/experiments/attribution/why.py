"""Why the contracts of a results folder differ: what of each difference is typed into them, what was found.

The difference from the baseline is shared out over clauses (``attributing``) in the first worlds of the run itself, of
every draw one where it drew what is unknown: once with nobody responding to pay and, where the scenario has providers
respond, once as they do. *Typed* is the share of clauses that set the measure directly (``typed.SETS``) while nobody
responds; *followed* that of all other clauses and of taking up a new contract, by hours, queues and fresh accounts;
*found* is what responding to pay adds. The three sum to the difference.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import fsum
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.errors import ResultsError
from legalaid_sim.experiments.attribution.attributing import (
    TAKEN_UP,
    AttributionOptions,
    Orders,
    Portions,
    ends_of,
    items_of,
    orders_in,
    portions_of,
)
from legalaid_sim.experiments.attribution.clauses import CannotAttribute, ClauseSwitch, clauses_between
from legalaid_sim.experiments.attribution.lives import AttributionRun, SwitchTask, live_all
from legalaid_sim.experiments.attribution.typed import set_by
from legalaid_sim.experiments.compare.question import refuse_unknown_measure
from legalaid_sim.experiments.run.of_folder import job_of
from legalaid_sim.experiments.shared.doubt_files import doubts_from
from legalaid_sim.experiments.shared.executors import available, workers_for
from legalaid_sim.experiments.shared.ignorance import estimate_of, worlds_holding
from legalaid_sim.experiments.shared.plans import MECHANICAL, RegimePlan
from legalaid_sim.experiments.shared.progress import Progress, silent
from legalaid_sim.experiments.shared.replicate import Pipeline, Values, the_pipeline
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.results import Run

if TYPE_CHECKING:
    from legalaid_sim.scenario.model import Scenario

JSON_VERSION = 1
NAME = "why.json"
EXACT_UP_TO, PAIRS, WORLDS = 5, 2, 2


class Cause(NamedTuple):
    """One clause: whether it sets the measure directly, its share with nobody responding, what responding adds."""

    clause: str
    sets: bool
    share: Estimate
    found: Estimate


class Split(NamedTuple):
    """The difference of one measure in three parts; ``rest`` is what they leave of it, nearly 0."""

    measure: str
    before: Estimate
    after: Estimate
    total: Estimate
    typed: Estimate
    followed: Estimate
    found: Estimate
    rest: float
    causes: tuple[Cause, ...]


class Reasons(NamedTuple):
    """Why one contract differs from the baseline."""

    contract: str
    clauses: tuple[ClauseSwitch, ...]
    exact: bool
    measures: tuple[Split, ...]


class WhyJob(NamedTuple):
    """One contract set against the baseline: what has to be lived.

    ``sets`` has one entry more than ``clauses``: taking up a new contract comes last, and sets nothing.
    """

    contract: str
    clauses: tuple[ClauseSwitch, ...]
    sets: tuple[frozenset[str], ...]
    orders: Orders
    tasks: tuple[SwitchTask, ...]
    items: tuple[AttributionRun, ...]


class Plans(NamedTuple):
    """All that has to be lived for a results folder; ``seconds`` by what the run itself took, None where unknown.

    ``left_out`` says of contracts that cannot be taken apart why.
    """

    run: Run
    scenario: "Scenario"
    baseline: str
    measures: tuple[str, ...]
    worlds: int
    work: tuple[WhyJob, ...]
    left_out: Mapping[str, str]
    runs: int
    seconds: float | None


class Why(NamedTuple):
    """What was found for a results folder."""

    title: str
    baseline: str
    respond: str
    worlds: int
    seed: int
    runs: int
    reasons: tuple[Reasons, ...]
    left_out: Mapping[str, str]
    turned_by: Mapping[tuple[str, str], str]


def planned(
    run: Run,
    measures: Sequence[str] = (),
    worlds: int = WORLDS,
    workers: int | None = None,
    pipeline: Callable[[], Pipeline] = the_pipeline,
) -> Plans:
    """Lay out what has to be lived to say why the contracts of a run differ.

    ``measures`` are those of the question and the headlines where none is named. Raises ``CannotAttribute`` where no
    contract can be set against the baseline, ``BadQuestion`` for an unknown measure, ``ResultsError``.
    """
    for name in measures:
        refuse_unknown_measure(name)
    job = job_of(run)
    held = {plan.name: plan for plan in job.plans if not plan.name.endswith(MECHANICAL)}
    baseline = str(run.manifest.get("baseline") or next(iter(held)))
    if len(held) < 2:
        raise CannotAttribute("there is one contract only in this folder, so nothing differs")
    asked = tuple(measures) or _asked(job.scenario)
    work, left_out = [], {}
    for name, plan in held.items():
        if name != baseline:
            try:
                work.append(_work(job.scenario, held[baseline], plan, asked, worlds, pipeline))
            except CannotAttribute as error:
                left_out[name] = str(error)
    if not work:
        raise CannotAttribute("; ".join(f"{name}: {words}" for name, words in left_out.items()))
    runs = len([item for each in work for item in each.items for _ in each.tasks])
    seconds = _seconds(run, runs, workers)
    return Plans(run, job.scenario, baseline, asked, worlds, tuple(work), left_out, runs, seconds)


def _asked(scenario: "Scenario") -> tuple[str, ...]:
    from legalaid_sim.measures import HEADLINES

    return tuple(dict.fromkeys((*scenario.answer_with, *(measure.name for measure in HEADLINES))))


def _work(
    scenario: "Scenario",
    before: RegimePlan,
    after: RegimePlan,
    measures: tuple[str, ...],
    worlds: int,
    pipeline: Callable[[], Pipeline],
) -> WhyJob:
    clauses = clauses_between(before, after)
    question = AttributionOptions(before.name, after.name, measures, worlds, EXACT_UP_TO, PAIRS)
    # Two worlds of one draw would tell of one guess only, twice.
    lived = [worlds_holding(at) if scenario.ignorance else at for at in range(1, worlds + 1)]
    orders = orders_in(clauses, question, scenario.seed, lived)
    pairs = [(before.mechanical(), after.mechanical())]
    pairs += [] if scenario.respond == "none" else [(before, after)]
    tasks = [
        SwitchTask(f"{scenario.seed}/{old.name}/{new.name}", scenario, old, new, clauses, measures, pipeline)
        for old, new in pairs
    ]
    items = tuple(items_of(clauses, lived, orders, (before, after), alone=False))
    sets = (*(set_by(clause, before, after) for clause in clauses), frozenset[str]())
    return WhyJob(after.name, clauses, sets, orders, tuple(tasks), items)


def _seconds(run: Run, runs: int, workers: int | None) -> float | None:
    told: Mapping[str, float] = run.manifest["made"].get("seconds_of_regime", {})
    lived = len(told) * int(run.manifest["replications"])
    if not lived:
        return None
    return fsum(told.values()) / lived * runs / (workers or available())


def why(plans: Plans, workers: int | None = None, progress: Progress = silent) -> Why:
    """Live what was laid out and part every difference into typed, followed and found.

    Raises ``ResultsError`` where the folder's own lives do not come out again: then nothing could be said of them.
    """
    done, reasons = 0, []
    for work in plans.work:
        lived = []
        for task in work.tasks:
            found = live_all(
                task, work.items, workers_for(workers, len(work.items)), _onward(progress, done, plans.runs)
            )
            done += len(work.items)
            _held_against(plans.run, task, found, len(work.clauses))
            lived.append(found)
        reasons.append(_reasons(work, lived, plans.measures, plans.scenario.ignorance))
    manifest = plans.run.manifest
    return Why(
        manifest["scenario"]["title"], plans.baseline, plans.scenario.respond, plans.worlds, plans.scenario.seed,
        plans.runs, tuple(reasons), plans.left_out, _turned_by(plans.run),
    )  # fmt: skip


def _onward(progress: Progress, done: int, most: int) -> Progress:
    """Show the progress of one part as that of the whole."""
    return lambda now, _: progress(done + now, most)


def _held_against(run: Run, task: SwitchTask, found: Mapping[AttributionRun, Values], clauses: int) -> None:
    """Hold the lives at both ends against those that the folder keeps of the same worlds."""
    for plan, turned in zip((task.before, task.after), ends_of(found, clauses), strict=True):
        # Where nobody responds anyway, the run lived no mechanical twin.
        name = plan.name if plan.name in run.regimes else plan.name.removesuffix(MECHANICAL)
        for world, kept in enumerate(run.replications(name), start=1):
            again = found.get(AttributionRun(world, turned), {})
            apart = [measure for measure, value in again.items() if value != kept[measure]]
            if apart:
                words = (
                    f"{apart[0]} under {name} in world {world} was {kept[apart[0]]} and is now {again[apart[0]]}: "
                    "another version made it; run the scenario again"
                )
                raise ResultsError(str(run.folder), words)


def _reasons(
    work: WhyJob, lived: Sequence[Mapping[AttributionRun, Values]], measures: Sequence[str], drawn: bool
) -> Reasons:
    splits = [
        _split(
            measure,
            work,
            [portions_of(measure, len(work.clauses), found, work.orders) for found in lived],
            drawn,
        )
        for measure in measures
    ]
    return Reasons(work.contract, work.clauses, not work.orders, tuple(splits))


def _split(measure: str, work: WhyJob, portions: Sequence[Portions], drawn: bool) -> Split:
    alone, whole = portions[0], portions[-1]
    worlds = [world for world in alone.shares if world in whole.shares]
    sets = [measure in held for held in work.sets]
    names = [*(clause.name for clause in work.clauses), TAKEN_UP]
    changes = range(len(names))
    found = {
        world: [b - a for a, b in zip(alone.shares[world], whole.shares[world], strict=True)]
        for world in worlds
    }
    total = {world: whole.after[world] - whole.before[world] for world in worlds}
    typed = {world: fsum(alone.shares[world][at] for at in changes if sets[at]) for world in worlds}
    followed = {world: fsum(alone.shares[world][at] for at in changes if not sets[at]) for world in worlds}
    added = {world: fsum(found[world]) for world in worlds}

    def over(values: Iterable[float]) -> Estimate:
        return estimate_of(values, drawn, worlds)

    return Split(
        measure,
        over(whole.before[world] for world in worlds),
        over(whole.after[world] for world in worlds),
        over(total.values()),
        over(typed.values()),
        over(followed.values()),
        over(added.values()),
        max((abs(fsum((typed[w], followed[w], added[w])) - total[w]) for w in worlds), default=0.0),
        tuple(
            Cause(
                name,
                sets[at],
                over(alone.shares[world][at] for world in worlds),
                over(found[world][at] for world in worlds),
            )
            for at, name in enumerate(names)
        ),
    )


def _turned_by(run: Run) -> dict[tuple[str, str], str]:
    """Name the unknown that turns each difference most, where the folder's own worlds drew what is unknown."""
    import json

    path = run.folder / "ignorance.json"
    if not path.is_file():
        return {}
    doubts = doubts_from(json.loads(path.read_text(encoding="utf-8")))
    return {(doubt.contract, doubt.measure): doubt.turns[0].name for doubt in doubts if doubt.turns}


def as_data(found: Why) -> dict[str, Any]:
    """Give what was found as plain data, as docs/json.md describes it."""
    return {
        "schema_version": JSON_VERSION,
        "kind": "why",
        **{name: getattr(found, name) for name in ("title", "baseline", "respond", "worlds", "seed", "runs")},
        "left_out": dict(found.left_out),
        "contracts": {
            reasons.contract: {
                "exact": reasons.exact,
                "clauses": {
                    clause.name: [".".join(filter(None, place)) for place in clause.places]
                    for clause in reasons.clauses
                },
                "measures": {
                    split.measure: _split_as_data(
                        split, found.turned_by.get((reasons.contract, split.measure))
                    )
                    for split in reasons.measures
                },
            }
            for reasons in found.reasons
        },
    }


def _split_as_data(split: Split, turned_by: str | None) -> dict[str, Any]:
    return {
        "from": split.before.as_data(),
        "to": split.after.as_data(),
        **{part: getattr(split, part).as_data() for part in ("total", "typed", "followed", "found")},
        "rest": split.rest,
        "turned_by": turned_by,
        "causes": {
            cause.clause: {
                "sets": cause.sets,
                "share": cause.share.as_data(),
                "found": cause.found.as_data(),
            }
            for cause in split.causes
        },
    }


def ranked(causes: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the clauses of one measure that move it, as data, the largest whole share first."""

    def size(cause: Mapping[str, Any]) -> float:
        return abs(fsum(cause[part]["mean"] or 0.0 for part in ("share", "found")))

    moving = [item for item in causes.items() if item[1]["share"]["mean"] or item[1]["found"]["mean"]]
    yield from sorted(moving, key=lambda item: (-size(item[1]), item[0]))
