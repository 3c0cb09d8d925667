"""A whole run of what was prepared: replicate, estimate, and write the results folder."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.events import Log
from legalaid_sim.experiments.run.job import Job, measure_names, place_of, resumed_by
from legalaid_sim.experiments.run.recording import RunTally, record_worlds
from legalaid_sim.experiments.run.writing import (
    manifest_of,
    rows_of,
    write_clauses,
    write_inputs,
    write_months,
)
from legalaid_sim.experiments.shared.contrasts import Contrast, contrasts_of, difference_rows
from legalaid_sim.experiments.shared.doubt import Doubt, doubts_of
from legalaid_sim.experiments.shared.doubt_files import write_doubts
from legalaid_sim.experiments.shared.executors import workers_for
from legalaid_sim.experiments.shared.kept_worlds import GoingOn, Kept, kept_for, plain_of, replication_of
from legalaid_sim.experiments.shared.lasting import Price, prices
from legalaid_sim.experiments.shared.plans import MECHANICAL, RegimePlan
from legalaid_sim.experiments.shared.progress import Progress, silent
from legalaid_sim.experiments.shared.ratios import pooled_among
from legalaid_sim.experiments.shared.replicate import Keep, Replication, Trial, Values, estimates, replicate
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.results import manifest as manifests
from legalaid_sim.results.folder import checked_place, written_whole
from legalaid_sim.results.summary import write_summary
from legalaid_sim.tabular import as_html, counted

if TYPE_CHECKING:
    from legalaid_sim.scenario.model import Scenario

MakeTrial = Callable[["Scenario", tuple[RegimePlan, ...], Keep], Trial]
Finish = Callable[[Path], object]


class Finished(NamedTuple):
    """A run that is done: where it was written, means with intervals by regime and measure, what they say.

    ``contrasts`` set every contract against the first, in every headline measure; ``prices`` say what each costs;
    ``doubts``, what of each difference is chance and what ignorance, where what is unknown was drawn.
    """

    folder: Path
    manifest: Mapping[str, Any]
    estimates: Mapping[str, Mapping[str, Estimate]]
    example: Mapping[str, str]
    contrasts: tuple[Contrast, ...] = ()
    prices: tuple[Price, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def measures(self) -> list[dict[str, Any]]:
        """Mean and interval of every measure under every contract: the rows of ``measures.csv`` as plain data."""
        return [row._asdict() for row in rows_of(self.estimates)]

    @property
    def differences(self) -> list[dict[str, Any]]:
        """What each contract changes against the first, world by world, in every headline measure."""
        return difference_rows(self.contrasts)

    def log(self, contract: str | None = None, world: int = 1) -> Log:
        """Give the log of one world under a contract (the first where none is named), read from the folder."""
        from legalaid_sim.results import open_run

        with open_run(self.folder) as kept:
            return kept.log(contract, world)

    def __repr__(self) -> str:
        worlds = counted(
            max((mean.n for held in self.estimates.values() for mean in held.values()), default=0), "world"
        )
        return f"Finished({', '.join(self.estimates)}; {worlds}; {self.folder})"

    def _repr_html_(self) -> str:
        return as_html(repr(self), self.differences or self.measures)


def nothing_more(folder: Path) -> None:
    """Leave a results folder as it is."""


def run(
    job: Job,
    progress: Progress = silent,
    trial: MakeTrial = Trial,
    finish: Finish = nothing_more,
) -> Finished:
    """Run what was prepared and write its results folder, whole or not at all.

    ``finish`` may add to the folder what is made from all else in it, such as a report, before it stands.

    Raises ``ResultsError`` for a place that cannot be written, and ``InvariantBroken`` for a fault of the simulator.
    """
    stamp, began = manifests.stamp(), perf_counter()
    place = checked_place(place_of(job, stamp))
    tally = RunTally({plan.name: [] for plan in job.plans})
    with kept_for(place, "run", resumed_by("run", job)) as kept, written_whole(place) as folder:
        record_worlds(
            _replications(job, trial, kept), folder / "run.sqlite", tally, progress, job.rule.at_most
        )
        names, drawn = measure_names(), tally.draws
        pooled = pooled_among(_answering(tally.series), names, drawn)
        found = {name: estimates(worlds, names, pooled, drawn) for name, worlds in tally.series.items()}
        made = manifests.made(stamp, job.options.workers, perf_counter() - began, tally.seconds)
        manifest = manifest_of(job, tally, made)
        write_summary(folder / "measures.csv", rows_of(found))
        write_months(folder, job.scenario, tally.curves, drawn)
        write_clauses(folder, tally.clauses, drawn)
        write_inputs(folder / "inputs", job)
        contrasts, priced, doubts = _set_against(tally, job.scenario.answer_with)
        write_doubts(folder, doubts, tally.drawn)
        (folder / "manifest.json").write_text(manifests.to_text(manifest), encoding="utf-8", newline="\n")
        finish(folder)
    return Finished(place, manifest, found, tally.example, contrasts, priced, doubts)


def _set_against(
    tally: RunTally, asked: Mapping[str, float]
) -> tuple[tuple[Contrast, ...], tuple[Price, ...], tuple[Doubt, ...]]:
    from legalaid_sim.measures import HEADLINES

    series, drawn = tally.series, tally.draws
    lived = _answering(series)
    alone = {name.removesuffix(MECHANICAL): series[name] for name in series if name.endswith(MECHANICAL)}
    first = next(iter(lived))
    family = tuple(dict.fromkeys((*asked, *(measure.name for measure in HEADLINES))))
    contrasts = contrasts_of(lived, alone, first, family, asked, drawn)
    return contrasts, prices(lived, first, drawn), doubts_of(contrasts, lived, first, tally.drawn)


def _answering(series: Mapping[str, list[Values]]) -> dict[str, list[Values]]:
    """Give the contracts as they are lived, without their repetition by arithmetic alone."""
    return {name: worlds for name, worlds in series.items() if not name.endswith(MECHANICAL)}


def _replications(job: Job, trial: MakeTrial, kept: Kept) -> Iterator[Replication]:
    workers = GoingOn(workers_for(job.options.workers, job.rule.at_most), kept, plain_of, replication_of)
    return replicate(trial(job.scenario, job.plans, job.options.keep), job.rule, workers, job.watched)
