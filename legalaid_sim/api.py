"""The front page for research from Python: the commands as functions of plain arguments, with typed results.

A scenario is named by its file; a contract by its name in the library, by its file, or by its text; one contract or
several. Results know their rows: lists of mappings that pandas and polars take as they are. Nothing is printed.
Whatever is wrong with files or questions is raised as a ``LegalAidSimError`` that says what to do.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from legalaid_sim.authoring.checking import Checked
    from legalaid_sim.contracts.pricing.terms import CompiledTerms
    from legalaid_sim.engine.regime import Regime
    from legalaid_sim.events import Log
    from legalaid_sim.experiments.attribution.attributing import Attributed
    from legalaid_sim.experiments.compare.comparison import ComparisonResult
    from legalaid_sim.experiments.frontier.study import Traced
    from legalaid_sim.experiments.run.running import Finished
    from legalaid_sim.experiments.search.searching import Found
    from legalaid_sim.experiments.sensitivity.inquiry import Sensitivity
    from legalaid_sim.experiments.sweep.sweeping import Swept
    from legalaid_sim.scenario.model import Scenario
    from legalaid_sim.world import World

Named = str | Path
Contracts = Named | Sequence[Named]
Progress = Callable[[int, int], None]


def run(
    scenario: Named,
    *,
    contracts: Contracts = (),
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: Named | None = None,
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
        _several(contracts), replications, seed, workers, _path(out), keep=keep, ignorance=ignorance
    )
    job = prepare(Path(scenario), options)
    return running.run(job, _shown(progress), finish=_finish(report))


def compare(
    scenario: Named,
    *,
    contracts: Contracts = (),
    baseline: str | None = None,
    measures: Sequence[str] = (),
    replications: int | None = None,
    until: tuple[str, float] | None = None,
    best: tuple[str, float] | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: Named | None = None,
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

    options = RunOptions(_several(contracts), replications, seed, workers, _path(out), ignorance=ignorance)
    question = ComparisonOptions(baseline, tuple(measures), until, best, equal_money)
    job = prepare(Path(scenario), options)
    return comparing.compare(job, question, _shown(progress), finish=_finish(report))


def sweep(
    file: Named,
    *,
    workers: int | None = None,
    out: Named | None = None,
    shard: tuple[int, int] | None = None,
    cluster: str | None = None,
    again: bool = False,
    progress: Progress | None = None,
) -> "Swept":
    """Carry out a sweep file, or go on where it stood; the rows of the result are all its runs."""
    from legalaid_sim.experiments.sweep import sweeping

    options = _wish(workers, out, shard=shard, cluster=cluster, again=again)
    return sweeping.sweep(Path(file), options, _shown(progress))


def sensitivity(
    scenario: Named,
    *,
    contracts: Contracts = (),
    measures: Sequence[str] = (),
    method: Literal["morris", "sobol", "oat"] = "morris",
    parameters: Sequence[str] = (),
    samples: int | None = None,
    replications: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    out: Named | None = None,
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
        _several(contracts),
    )
    return moving.sensitivity(Path(scenario), inquiry, _wish(workers, out), _shown(progress))


def search(
    scenario: Named,
    *,
    contract: Named,
    vary: Sequence[str],
    goals: Sequence[str],
    points: int = 48,
    replications: int = 5,
    fresh: int = 20,
    seed: int = 1,
    workers: int | None = None,
    out: Named | None = None,
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


def attribute(
    scenario: Named,
    *,
    before: Named,
    after: Named,
    measures: Sequence[str] = (),
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
    asked = attributing.AttributionOptions(
        str(before), str(after), tuple(measures), replications, most, seed=seed, workers=workers
    )
    return attributing.attribute(Path(scenario), asked, _shown(progress))


def frontier(
    scenario: Named,
    *,
    contracts: Contracts = (),
    patience: Sequence[float] = (),
    replications: int = 4,
    draws: int = 4,
    equal_money: bool = True,
    seed: int | None = None,
    workers: int | None = None,
    out: Named | None = None,
    progress: Progress | None = None,
) -> "Traced":
    """Live contracts at several patiences (days) for the own adviser: what it costs to keep seeing the same person.

    ``draws`` is the number of further worlds, each with its own draw of what nobody knows. Worlds that are done are
    kept beside ``out`` until all are, so that the same call goes on where it was stopped; nothing else is written.
    """
    from legalaid_sim.experiments.frontier import study
    from legalaid_sim.experiments.run.job import RunOptions

    days = tuple(sorted({*map(float, patience)})) or study.PATIENCE
    asked = study.FrontierOptions(days, replications, draws, equal_money)
    options = RunOptions(_several(contracts), replications, seed, workers, _path(out))
    return study.Traced(
        study.frontier(study.prepare_frontier(Path(scenario), asked, options), _shown(progress))
    )


def price(contract: Named, claims: Named | Iterable[Mapping[str, object]]) -> list[dict[str, str]]:
    """Price closed claims under a contract: a CSV file of them, or rows with the same columns.

    Gives a row a claim, in order, as ``legalaid-sim price`` writes it: amounts in pounds as text, and why a claim was
    refused where it was.
    """
    from legalaid_sim.contracts.claimsfile.claims import open_claims, read_rows
    from legalaid_sim.contracts.claimsfile.priced import PRICED_COLUMNS, Ids, PricingTally, price_rows
    from legalaid_sim.contracts.claimsfile.pricer import Pricer
    from legalaid_sim.contracts.language.load import load_terms

    pricer = Pricer(load_terms(contract))
    given = isinstance(claims, (str, Path))
    with open_claims(Path(claims)) if given else nullcontext(_as_csv(claims)) as lines:  # type: ignore[arg-type]
        header, rows = read_rows(lines, str(claims) if given else "claims")
        return [
            dict(zip(PRICED_COLUMNS, row))
            for row in price_rows(header, rows, pricer.price, PricingTally(), Ids())
        ]


def check(file_or_text: Named, *, profile: Literal["draft", "working", "publish"] = "working") -> "Checked":
    """Check a file, a contract of the library by name, or text; everything found stands in the rows of the answer."""
    from legalaid_sim.authoring.checking import check_file, check_text
    from legalaid_sim.contracts.language.load import is_text

    if is_text(file_or_text):
        return check_text(str(file_or_text), profile=profile)
    return check_file(str(file_or_text), profile)


def simulate(world: "World", scenario: "Scenario", contract: "Regime | CompiledTerms | Contracts") -> "Log":
    """Live a world under a regime, or one contract or several held together, and give the log.

    Nothing is random from here on: the same three give the same log.
    """
    from legalaid_sim.contracts.language.load import load_terms
    from legalaid_sim.contracts.pricing.terms import CompiledTerms
    from legalaid_sim.engine import Regime
    from legalaid_sim.engine import simulate as live

    if isinstance(contract, Regime):
        return live(world, scenario, contract)
    terms = (contract,) if isinstance(contract, CompiledTerms) else tuple(map(load_terms, _several(contract)))
    return live(world, scenario, Regime("+".join(each.name for each in terms), terms))


def _several(contracts: Contracts) -> tuple[str, ...]:
    if isinstance(contracts, (str, Path)):
        return (str(contracts),)
    return tuple(str(contract) for contract in contracts)


def _path(out: Named | None) -> Path | None:
    return None if out is None else Path(out)


def _wish(workers: int | None, out: Named | None, **more: Any) -> Any:
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


def _as_csv(claims: Iterable[Mapping[str, object]]) -> IO[str]:
    held = list(claims)
    written = StringIO(newline="")
    writer = csv.DictWriter(written, list(dict.fromkeys(name for claim in held for name in claim)))
    writer.writeheader()
    writer.writerows(held)
    written.seek(0)
    return written
