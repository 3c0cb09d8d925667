"""Studies from Python: what the commands live, as functions of plain arguments."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from legalaid_sim.api.named import Contracts, NameOrPath, Texts, several
from legalaid_sim.arguments import FLAG, SEED_OF_POINTS, WORLDS_OF_EACH, WORLDS_OF_PAIRS, asked, maybe

if TYPE_CHECKING:
    from legalaid_sim.experiments.attribution.attributing import Attributed
    from legalaid_sim.experiments.compare.comparison import ComparisonResult
    from legalaid_sim.experiments.frontier.study import Traced
    from legalaid_sim.experiments.run.running import Finished
    from legalaid_sim.experiments.search.searching import Found
    from legalaid_sim.experiments.sensitivity.inquiry import Sensitivity
    from legalaid_sim.experiments.sweep.sweeping import Swept

Progress = Callable[[int, int], None]


@asked()
def run(
    scenario: NameOrPath,
    *,
    contracts: Contracts = (),
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: NameOrPath | None = None,
    keep: Literal["first", "all", "none"] = "first",
    ignorance: bool = False,
    report: bool = True,
    progress: Progress | None = None,
) -> "Finished":
    """Live a scenario under its contracts, or those given, and write its results folder, whole or not at all.

    ``replications`` is how many worlds, as the scenario says where it is left out; ``keep`` which of them keep their
    log; ``ignorance`` draws what is only assumed; ``progress`` is told worlds done and worlds at most.
    """
    from legalaid_sim.experiments.run import running
    from legalaid_sim.experiments.run.job import RunOptions, prepare

    options = RunOptions(
        several(contracts),
        replications=replications,
        seed=seed,
        workers=workers,
        out=_path(out),
        keep=keep,
        ignorance=ignorance,
    )
    job = prepare(Path(scenario), options)
    return running.run(job, _shown(progress), finish=_finish(report))


@asked()
def compare(
    scenario: NameOrPath,
    *,
    contracts: Contracts = (),
    baseline: str | None = None,
    measures: Texts = (),
    replications: int | None = None,
    until: tuple[str, float] | None = None,
    best: tuple[str, float] | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: NameOrPath | None = None,
    ignorance: bool = False,
    equal_money: bool | None = None,
    report: bool = True,
    progress: Progress | None = None,
) -> "ComparisonResult":
    """Live contracts in the same worlds: paired differences from the baseline, and who gained and lost by them.

    ``until`` is a measure and the half-width at which to stop; ``best`` a measure and the difference that does not
    matter in it; ``equal_money`` lives contracts again so that the payer comes to owe the same (None: where they are
    more than 5 % apart).
    """
    from legalaid_sim.experiments.compare import comparing
    from legalaid_sim.experiments.compare.question import ComparisonOptions
    from legalaid_sim.experiments.run.job import RunOptions, prepare

    options = RunOptions(
        several(contracts),
        replications=replications,
        seed=seed,
        workers=workers,
        out=_path(out),
        ignorance=ignorance,
    )
    question = ComparisonOptions(baseline, tuple(measures), until, best, equal_money)
    job = prepare(Path(scenario), options)
    return comparing.compare(job, question, _shown(progress), finish=_finish(report))


@asked()
def sweep(
    file: NameOrPath,
    *,
    workers: int | None = None,
    out: NameOrPath | None = None,
    shard: tuple[int, int] | None = None,
    cluster: str | None = None,
    again: bool = False,
    progress: Progress | None = None,
) -> "Swept":
    """Carry out a sweep file, or go on where it stood; the rows of the result are all its runs."""
    from legalaid_sim.experiments.sweep import sweeping

    options = _wish(workers, out, shard=shard, cluster=cluster, again=again)
    return sweeping.sweep(Path(file), options, _shown(progress))


@asked(replications=maybe(WORLDS_OF_EACH), seed=SEED_OF_POINTS)
def sensitivity(
    scenario: NameOrPath,
    *,
    contracts: Contracts = (),
    measures: Texts = (),
    method: Literal["morris", "sobol", "oat"] = "morris",
    parameters: Texts = (),
    samples: int | None = None,
    replications: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    out: NameOrPath | None = None,
    progress: Progress | None = None,
) -> "Sensitivity":
    """Move parameters of the evidence (patterns; all where none is named) through their ranges.

    ``samples`` is the number of walks, ``replications`` that of the worlds of each.
    """
    from legalaid_sim.experiments.sensitivity import inquiry as moving

    inquiry = moving.Inquiry(
        tuple(measures) or moving.USUAL_MEASURES,
        method,
        tuple(parameters),
        samples,
        replications,
        seed,
        several(contracts),
    )
    return moving.sensitivity(Path(scenario), inquiry, _wish(workers, out), _shown(progress))


@asked(replications=WORLDS_OF_PAIRS, seed=SEED_OF_POINTS)
def search(
    scenario: NameOrPath,
    *,
    contract: NameOrPath,
    vary: Texts,
    goals: Texts,
    points: int = 48,
    replications: int = 5,
    fresh: int = 20,
    seed: int = 1,
    workers: int | None = None,
    out: NameOrPath | None = None,
    progress: Progress | None = None,
) -> "Found":
    """Search the numbers of a contract for what nothing else beats, and live that again in ``fresh`` worlds.

    ``vary`` is written ``payments.fee.amount=150..250``, ``goals`` ``max:continuity.coc``, as on the command line.
    """
    from legalaid_sim.experiments.search import searching
    from legalaid_sim.experiments.search.pareto import read_axis, read_goal
    from legalaid_sim.experiments.search.proposals import Hunt

    axes, wanted = tuple(map(read_axis, vary)), tuple(map(read_goal, goals))
    hunt = Hunt(str(contract), axes, wanted, points, replications, seed, fresh)
    return searching.search(Path(scenario), hunt, _wish(workers, out), _shown(progress))


@asked(replications=WORLDS_OF_PAIRS)
def attribute(
    scenario: NameOrPath,
    *,
    before: NameOrPath,
    after: NameOrPath,
    measures: Texts = (),
    replications: int = 5,
    exact_up_to: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> "Attributed":
    """Share the difference between two contracts out over their clauses (Shapley values).

    Up to ``exact_up_to`` clauses every set of them is lived; beyond, drawn orders.
    """
    from legalaid_sim.experiments.attribution import attributing

    most = attributing.EXACT_UP_TO if exact_up_to is None else exact_up_to
    question = attributing.AttributionOptions(
        str(before), str(after), tuple(measures), replications, most, seed=seed, workers=workers
    )
    return attributing.attribute(Path(scenario), question, _shown(progress))


@asked(replications=WORLDS_OF_EACH, equal_money=FLAG)
def frontier(
    scenario: NameOrPath,
    *,
    contracts: Contracts = (),
    patience: Iterable[float] = (),
    replications: int = 4,
    draws: int = 4,
    equal_money: bool = True,
    seed: int | None = None,
    workers: int | None = None,
    out: NameOrPath | None = None,
    progress: Progress | None = None,
) -> "Traced":
    """Live contracts at several patiences (days) for the own adviser: what it costs to keep seeing the same person.

    ``draws`` is the number of further worlds, which draw what nobody knows. Worlds that are done are
    kept beside ``out`` until all are, so that the same call goes on where it was stopped; nothing else is written.
    """
    from legalaid_sim.experiments.frontier import study
    from legalaid_sim.experiments.run.job import RunOptions

    days = tuple(sorted({*map(float, patience)})) or study.PATIENCE
    question = study.FrontierOptions(days, replications, draws, equal_money)
    options = RunOptions(
        several(contracts), replications=replications, seed=seed, workers=workers, out=_path(out)
    )
    return study.Traced(
        study.frontier(study.prepare_frontier(Path(scenario), question, options), _shown(progress))
    )


def _path(out: NameOrPath | None) -> Path | None:
    return None if out is None else Path(out)


def _wish(workers: int | None, out: NameOrPath | None, **more: Any) -> Any:
    from legalaid_sim.experiments.sweep.job import SweepOptions

    return SweepOptions(workers, _path(out), **more)


def _finish(report: bool) -> Callable[[Path], object]:
    from legalaid_sim.experiments.run.running import nothing_more

    if not report:
        return nothing_more
    from legalaid_sim.reports.html import write_report

    return write_report


def _shown(progress: Progress | None) -> Progress:
    from legalaid_sim.experiments.shared.progress import silent

    return progress or silent
