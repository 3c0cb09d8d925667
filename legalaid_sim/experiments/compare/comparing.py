"""Compare contracts on the same worlds: paired differences from a baseline, and who gained and lost by them.

What was asked is one family of tests, the further measures another, each over every contract; p-values are
adjusted within each (Holm 1979), so that where nothing differs a family has anything at all that is said to in no
more than five of a hundred comparisons, whatever the dependence that common worlds bring.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from legalaid_sim.experiments.compare.comparison import ComparisonResult
from legalaid_sim.experiments.compare.equal_money import Equal, apart, equal_money, live_with, write_equal
from legalaid_sim.experiments.compare.pairing import Tallied, gains, lives_of, tally
from legalaid_sim.experiments.compare.question import BadQuestion, ComparisonOptions, refuse_unknown_measure
from legalaid_sim.experiments.compare.ranking import Best, best_of
from legalaid_sim.experiments.run.job import Job, measure_names, place_of, resumed_by
from legalaid_sim.experiments.run.recording import RunTally, record_worlds
from legalaid_sim.experiments.run.running import Finish, MakeTrial, nothing_more
from legalaid_sim.experiments.run.writing import (
    manifest_of,
    rows_of,
    write_clauses,
    write_inputs,
    write_months,
)
from legalaid_sim.experiments.shared.contrasts import contrasts_of
from legalaid_sim.experiments.shared.doubt import doubts_of
from legalaid_sim.experiments.shared.doubt_files import write_doubts
from legalaid_sim.experiments.shared.executors import Lost, WorkerDied, Workers, workers_for
from legalaid_sim.experiments.shared.ignorance import answers, worlds_holding
from legalaid_sim.experiments.shared.kept_worlds import GoingOn, kept_for, plain_of, replication_of
from legalaid_sim.experiments.shared.lasting import prices
from legalaid_sim.experiments.shared.plans import MECHANICAL
from legalaid_sim.experiments.shared.progress import Progress, silent
from legalaid_sim.experiments.shared.ratios import pooled_among
from legalaid_sim.experiments.shared.replicate import Keep, Replication, Trial, Values, estimates
from legalaid_sim.experiments.shared.statistics import Value
from legalaid_sim.experiments.shared.stopping import Rule
from legalaid_sim.results import manifest as manifests
from legalaid_sim.results.folder import checked_place, written_whole
from legalaid_sim.results.summary import write_summary


class Contested(NamedTuple):
    """One world under every contract: what was measured, and who gained by each."""

    replication: Replication
    tallies: Mapping[str, Sequence[Tallied]]


@dataclass(frozen=True)
class Contest:
    """The task of one world: live it under every contract, and set each client's lives side by side.

    Where providers respond to pay, each contract is lived once more with nobody responding.
    """

    trial: Trial
    baseline: str
    keep: Keep = "first"

    def __call__(self, number: int) -> Contested:
        """Live world ``number`` under every contract."""
        whole = self.trial(number)
        lives = {
            name: lives_of(lived.log)
            for name, lived in whole.lived.items()
            if lived.log is not None and not name.endswith(MECHANICAL)
        }
        tallies = {
            name: tally(ours, lives[self.baseline]) for name, ours in lives.items() if name != self.baseline
        }
        kept = self.keep == "all" or (self.keep == "first" and number == 1)
        return Contested(whole if kept else _without_logs(whole), tallies)


@dataclass(slots=True)
class PairedSeries:
    """What is kept of all worlds while they are lived."""

    names: tuple[str, ...]
    measures: dict[str, list[Values]] = field(default_factory=dict)
    mechanical: dict[str, list[Values]] = field(default_factory=dict)
    tallies: dict[str, list[Sequence[Tallied]]] = field(default_factory=dict)
    drawn: list[Mapping[str, Any]] = field(default_factory=list)

    def add(self, done: Contested) -> None:
        """Count one world in."""
        self.drawn.append(done.replication.drawn)
        for name, lived in done.replication.lived.items():
            held = self.mechanical if name.endswith(MECHANICAL) else self.measures
            held.setdefault(name.removesuffix(MECHANICAL), []).append(lived.measures)
        for name, rows in done.tallies.items():
            self.tallies.setdefault(name, []).append(rows)

    @property
    def draws(self) -> bool:
        """Say whether what is unknown was drawn, so that intervals are over draws."""
        return any(self.drawn)

    def of(self, name: str, measure: str) -> list[Value]:
        """Give a measure under a contract, world by world."""
        return [values.get(measure) for values in self.measures.get(name, [])]

    def apart(self, baseline: str, measure: str) -> list[list[Value]]:
        """Give the differences of a measure from the baseline, a list of worlds for every other contract."""
        theirs = self.of(baseline, measure)
        return [
            [None if a is None or b is None else a - b for a, b in zip(self.of(name, measure), theirs)]
            for name in self.names
            if name != baseline
        ]


def compare(
    job: Job,
    question: ComparisonOptions | None = None,
    progress: Progress = silent,
    trial: MakeTrial = Trial,
    finish: Finish = nothing_more,
) -> ComparisonResult:
    """Compare the contracts of what was prepared, and write the results folder.

    ``finish`` may add to the folder what is made from all else in it, such as a report, before it stands.

    Raises ``BadQuestion`` for what cannot be asked, ``ResultsError`` for a place that cannot be written.
    """
    stamp, began, question = manifests.stamp(), perf_counter(), question or ComparisonOptions()
    given = checked_place(job.options.out) if job.options.out is not None else None
    baseline = baseline_of(job, question)
    family = family_of(question, job.scenario.answer_with)
    place = given or checked_place(place_of(job, stamp))
    count = RunTally({plan.name: [] for plan in job.plans})
    series = PairedSeries(names_of(job))
    key = resumed_by("compare", job, baseline)
    with kept_for(place, "compare", key) as kept, written_whole(place) as folder:
        contest = Contest(trial(job.scenario, job.plans, "all"), baseline, job.options.keep)
        rule, asked = _until(job, question)
        workers = GoingOn(workers_for(job.options.workers, rule.at_most), kept, _plain, _contested)
        stream = (done.replication for done in contests(contest, rule, workers, asked, series))
        record_worlds(stream, folder / "run.sqlite", count, progress, rule.at_most)
        found = _concluded(place, job, baseline, family, question, series)
        made = manifests.made(stamp, job.options.workers, perf_counter() - began, count.seconds)
        manifest = {**manifest_of(job, count, made), "kind": "compare", "baseline": baseline}
        equal = _equal(job, question, found, series, trial)
        found = found._replace(manifest=manifest, equal=equal)
        _write(folder, found, job, series)
        write_months(folder, job.scenario, count.curves, series.draws)
        write_clauses(folder, count.clauses, series.draws)
        finish(folder)
    return found


def baseline_of(job: Job, question: ComparisonOptions) -> str:
    """Find the baseline among the regimes: by its name, or as it was named on the command line."""
    names = names_of(job)
    if len(names) < 2:
        raise BadQuestion(
            f"there is only '{names[0]}' to compare; name two contracts or more with --contract, "
            "or list them under 'contracts' in the scenario"
        )
    if question.baseline is None:
        return names[0]
    named = job.options.contracts
    called = dict(zip(named, names)) if len(named) == len(names) else {}
    name = called.get(question.baseline, question.baseline)
    if name not in names:
        raise BadQuestion(f"the baseline '{name}' is none of the contracts compared: {', '.join(names)}")
    return name


def names_of(job: Job) -> tuple[str, ...]:
    """Name the regimes that are compared: not those that repeat one without any response to pay."""
    return tuple(plan.name for plan in job.plans if not plan.name.endswith(MECHANICAL))


def family_of(question: ComparisonOptions, asked: Iterable[str] = ()) -> tuple[str, ...]:
    """Give the measures that are looked at: those of the question, or what was asked and the headline measures.

    Raises ``BadQuestion`` for a measure that there is not.
    """
    from legalaid_sim.measures import HEADLINES

    watched = [question.until, question.best]
    for name in (*question.measures, *(pair[0] for pair in watched if pair)):
        refuse_unknown_measure(name)
    return question.measures or tuple(dict.fromkeys((*asked, *(measure.name for measure in HEADLINES))))


def contests(
    contest: Contest, rule: Rule, workers: Workers, question: ComparisonOptions, series: PairedSeries
) -> Iterator[Contested]:
    """Give worlds 1, 2, … in order, counting each into ``series``, until the question is settled."""
    stream = workers.results(contest, range(1, rule.at_most + 1))
    try:
        for done in stream:
            if isinstance(done, Lost):
                raise WorkerDied(f"replication {done.item}")
            series.add(done)
            yield done
            if settled(series, contest.baseline, rule, question):
                return
    finally:
        stream.close()  # type: ignore[attr-defined]


def settled(series: PairedSeries, baseline: str, rule: Rule, question: ComparisonOptions) -> bool:
    """Say whether the worlds so far answer the question: narrow enough, and one contract left as the best."""
    worlds = len(series.measures[baseline])
    if worlds >= rule.at_most:
        return True
    narrow = rule.half_width is None or question.until is None
    if not narrow and question.until is not None:
        narrow = rule.enough(series.apart(baseline, question.until[0]))
    chosen = question.best is None or best_so_far(series, question.best) is not None
    asked = question.best is not None or rule.half_width is not None
    return asked and worlds >= rule.at_least and narrow and chosen


def best_so_far(series: PairedSeries, best: tuple[str, float]) -> str | None:
    """Name the contract that the screening has left alone, None while there are several."""
    return ranked(series, best).chosen


def ranked(series: PairedSeries, best: tuple[str, float]) -> Best:
    """Screen the contracts by a measure, on the worlds in which it is defined under all of them, draw by draw."""
    from legalaid_sim.measures import REGISTRY

    measure, indifference = best
    rows = list(zip(*(series.of(name, measure) for name in series.names)))
    told = [row if None not in row else (None,) * len(row) for row in rows]
    columns = (answers((row[at] for row in told), series.draws) for at, _ in enumerate(series.names))
    values = {
        name: [float(value) for value in held if value is not None]
        for name, held in zip(series.names, columns)
    }
    found = best_of(values, indifference, higher=REGISTRY[measure].better != "lower")
    return _in_worlds(found) if series.draws else found


def _in_worlds(found: Best) -> Best:
    """Count a screening in worlds, whose draws it went through."""
    out = {name: worlds_holding(draws) for name, draws in found.out_after.items()}
    return found._replace(out_after=out, worlds=worlds_holding(found.worlds) if found.worlds else 0)


def rule_for(job: Job, question: ComparisonOptions) -> Rule:
    """Say when to stop: the scenario's rule, on differences; or as the question asks."""
    if job.options.replications is not None or (question.until is None and question.best is None):
        return job.rule
    asked = job.scenario.replications
    until = question.until[1] if question.until else None
    return Rule(asked.at_least, asked.at_most, until, job.scenario.ignorance)


def _until(job: Job, question: ComparisonOptions) -> tuple[Rule, ComparisonOptions]:
    """Say when to stop, and the question with the measure whose differences are watched until then."""
    watched = question.until or (job.watched, job.rule.half_width)
    asked = replace(question, until=watched if watched[0] and watched[1] else None)  # type: ignore[arg-type]
    return rule_for(job, asked), asked


def _concluded(
    place: Path,
    job: Job,
    baseline: str,
    family: Sequence[str],
    question: ComparisonOptions,
    series: PairedSeries,
) -> ComparisonResult:
    best = ranked(series, question.best) if question.best else None
    asked, names, drawn = job.scenario.answer_with, measure_names(), series.draws
    pooled = pooled_among(series.measures, names, drawn)
    contrasts = contrasts_of(series.measures, series.mechanical, baseline, family, asked, drawn)
    return ComparisonResult(
        place,
        {},
        baseline,
        series.names,
        len(series.measures[baseline]),
        {name: estimates(worlds, names, pooled, drawn) for name, worlds in series.measures.items()},
        contrasts,
        {name: gains(rows, drawn) for name, rows in series.tallies.items()},
        best,
        question.best[0] if question.best else None,
        prices(series.measures, baseline, drawn),
        doubts_of(contrasts, series.measures, baseline, series.drawn),
        None,
        apart(series.measures, baseline),
    )


def _equal(
    job: Job, question: ComparisonOptions, found: ComparisonResult, series: PairedSeries, trial: MakeTrial
) -> tuple[Equal, ...] | None:
    names = found.apart if question.equal_money is None else found.contracts if question.equal_money else ()
    plans = [plan for plan in job.plans if plan.name in names]
    if not plans:
        return None
    workers = workers_for(job.options.workers, found.worlds)
    live = live_with(lambda plans: trial(job.scenario, plans, "none"), workers, found.worlds)
    family = tuple(dict.fromkeys(contrast.measure for contrast in found.contrasts))
    asked = job.scenario.answer_with
    return equal_money(plans, series.measures, found.baseline, family, asked, live, series.draws)


def _write(folder: Path, found: ComparisonResult, job: Job, series: PairedSeries) -> None:
    from legalaid_sim.experiments.compare.differences import (
        comparison_as_text,
        write_clients,
        write_differences,
    )

    write_summary(folder / "measures.csv", rows_of(found.estimates))
    write_differences(folder / "differences.csv", found.contrasts)
    write_clients(folder / "clients.csv", found.gains)
    write_inputs(folder / "inputs", job)
    write_doubts(folder, found.doubts, series.drawn)
    write_equal(folder, found.baseline, found.equal)
    (folder / "manifest.json").write_text(manifests.to_text(found.manifest), encoding="utf-8", newline="\n")
    (folder / "comparison.json").write_text(comparison_as_text(found), encoding="utf-8", newline="\n")


def _plain(done: Contested) -> list[Any] | None:
    whole = plain_of(done.replication)
    return (
        None
        if whole is None
        else [whole, {name: [list(row) for row in rows] for name, rows in done.tallies.items()}]
    )


def _contested(plain: Any) -> Contested:
    whole, tallies = plain
    rows = {name: [Tallied(*row) for row in told] for name, told in tallies.items()}
    return Contested(replication_of(whole), rows)


def _without_logs(whole: Replication) -> Replication:
    return whole._replace(lived={name: lived._replace(log=None) for name, lived in whole.lived.items()})
