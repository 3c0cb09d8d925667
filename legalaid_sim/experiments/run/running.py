"""A whole run of a scenario file: read, replicate, estimate, and write the results folder."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.errors import ERROR, ContractError, Problem, Refusal, ScenarioError
from legalaid_sim.events import Log, MatterClosed
from legalaid_sim.experiments.shared.contrasts import Contrast, contrasts_of, difference_rows
from legalaid_sim.experiments.shared.doubt import Doubt, doubts_of
from legalaid_sim.experiments.shared.doubt_files import write_doubts
from legalaid_sim.experiments.shared.engine_version import engine_version
from legalaid_sim.experiments.shared.executors import workers_for
from legalaid_sim.experiments.shared.kept_worlds import GoingOn, Kept, kept_for, plain_of, replication_of
from legalaid_sim.experiments.shared.lasting import Price, prices
from legalaid_sim.experiments.shared.plans import MECHANICAL, Plan, Written, plans_of, with_mechanical
from legalaid_sim.experiments.shared.ratios import pooled_among
from legalaid_sim.experiments.shared.readiness import Tell, ready, untold
from legalaid_sim.experiments.shared.replicate import (
    Curves,
    Keep,
    Replication,
    Trial,
    Values,
    estimates,
    replicate,
)
from legalaid_sim.experiments.shared.statistics import Estimate, estimate
from legalaid_sim.experiments.shared.stopping import Rule, exactly
from legalaid_sim.results import manifest as manifests
from legalaid_sim.results.database import Writer
from legalaid_sim.results.folder import checked_place, place_for, slug, written_whole
from legalaid_sim.results.summary import MonthRow, Row, write_monthly, write_summary
from legalaid_sim.tabular import as_html, counted

if TYPE_CHECKING:
    from legalaid_sim.scenario.model import Scenario

Progress = Callable[[int, int], None]
MakeTrial = Callable[["Scenario", tuple[Plan, ...], Keep], Trial]
Finish = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller asked for beside the scenario; None and empty leave it to the scenario.

    ``ignorance`` draws what is unknown even where the scenario takes its assumptions as known.
    """

    contracts: tuple[str, ...] = ()
    replications: int | None = None
    seed: int | None = None
    workers: int | None = None
    out: Path | None = None
    root: Path = Path("results")
    keep: Keep = "first"
    ignorance: bool = False


class Job(NamedTuple):
    """A run that is ready to begin: everything read, compiled once and found to be in order."""

    path: Path
    text: str
    scenario: "Scenario"
    plans: tuple[Plan, ...]
    rule: Rule
    watched: str | None
    digests: Mapping[str, Any]
    warnings: tuple[Problem, ...] = ()


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


@dataclass(slots=True)
class Tally:
    """What is kept of every replication while the run goes on."""

    series: dict[str, list[Values]]
    worlds: list[dict[str, Any]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    example: dict[str, str] = field(default_factory=dict)
    drawn: list[Mapping[str, Any]] = field(default_factory=list)
    curves: dict[str, list[Curves]] = field(default_factory=dict)

    def add(self, done: Replication) -> None:
        """Count one replication in."""
        self.drawn.append(done.drawn)
        self.worlds.append({"replication": done.number, "seed": done.seed, "digest": done.world_digest})
        for regime, lived in done.lived.items():
            self.series[regime].append(lived.measures)
            self.curves.setdefault(regime, []).append(lived.curves)
            self.seconds[regime] = self.seconds.get(regime, 0.0) + lived.seconds
            if lived.log is not None and regime not in self.example:
                self.example[regime] = telling_matter(lived.log)


def _silent(done: int, most: int) -> None:
    return None


def nothing_more(folder: Path) -> None:
    """Leave a results folder as it is."""


def run(
    path: Path,
    wish: Wish,
    progress: Progress = _silent,
    trial: MakeTrial = Trial,
    finish: Finish = nothing_more,
    job: Job | None = None,
) -> Finished:
    """Run a scenario and write its results folder, whole or not at all.

    ``finish`` may add to the folder what is made from all else in it, such as a report, before it stands.
    ``job`` is what to run where that is at hand; otherwise it is read from ``path``.

    Raises ``InputError`` for what is wrong with the files, ``ResultsError`` for a place that cannot be
    written, and ``InvariantBroken`` for a fault of the simulator.
    """
    stamp, began = manifests.stamp(), perf_counter()
    given = checked_place(wish.out) if wish.out is not None else None
    job = job or prepare(path, wish)
    place = given or checked_place(place_for(wish.root, path.stem, stamp, job.digests["inputs"]))
    tally = Tally({plan.name: [] for plan in job.plans})
    with kept_for(place, "run", resumed_by("run", job, wish)) as kept, written_whole(place) as folder:
        _live_all(job, wish, folder, tally, progress, trial, kept)
        pooled = pooled_among(_answering(tally), measure_names())
        found = {
            regime: estimates(series, measure_names(), pooled) for regime, series in tally.series.items()
        }
        made = manifests.made(stamp, wish.workers, perf_counter() - began, tally.seconds)
        manifest = manifest_of(job, wish, tally, made)
        write_summary(folder / "measures.csv", rows_of(found))
        write_months(folder, job.scenario, tally.curves)
        write_inputs(folder / "inputs", job)
        contrasts, priced, doubts = _set_against(tally, job.scenario.answer_with)
        write_doubts(folder, doubts, tally.drawn)
        (folder / "manifest.json").write_text(manifests.to_text(manifest), encoding="utf-8", newline="\n")
        finish(folder)
    return Finished(place, manifest, found, tally.example, contrasts, priced, doubts)


def _set_against(
    tally: Tally, asked: Mapping[str, float]
) -> tuple[tuple[Contrast, ...], tuple[Price, ...], tuple[Doubt, ...]]:
    from legalaid_sim.measures import HEADLINES

    series = tally.series
    lived = _answering(tally)
    alone = {name.removesuffix(MECHANICAL): series[name] for name in series if name.endswith(MECHANICAL)}
    first = next(iter(lived))
    family = tuple(dict.fromkeys((*asked, *(measure.name for measure in HEADLINES))))
    contrasts = contrasts_of(lived, alone, first, family, asked)
    return contrasts, prices(lived, first), doubts_of(contrasts, lived, first, tally.drawn)


def _answering(tally: Tally) -> dict[str, list[Values]]:
    """Give the worlds of the contracts as they are lived, without their repetition by arithmetic alone."""
    return {name: worlds for name, worlds in tally.series.items() if not name.endswith(MECHANICAL)}


def prepare(path: Path, wish: Wish, tell: Tell = untold) -> Job:
    """Read and check everything that a run needs, before anything is written or started; ``tell`` what is doubtful."""
    from legalaid_sim.scenario import load_scenario

    scenario = load_scenario(path)
    if wish.seed is not None:
        scenario = scenario.model_copy(update={"seed": wish.seed})
    if wish.ignorance:
        scenario = scenario.model_copy(update={"ignorance": True})
    tried = plans_of(scenario, path.parent, wish.contracts)
    warnings = ready(path, scenario, tried, tell)
    plans = with_mechanical(tried, scenario)
    watched = scenario.replications.until.measure if scenario.replications.until else None
    named = {"replications.until.measure": watched, **{f"answer_with.{n}": n for n in scenario.answer_with}}
    unknown = [
        (place, name) for place, name in named.items() if name is not None and name not in measure_names()
    ]
    if unknown:
        raise ScenarioError(tuple(_unknown_measure(path, name, place) for place, name in unknown))
    text = path.read_text(encoding="utf-8-sig")
    digests = digests_of(scenario, plans, wish)
    return Job(path, text, scenario, plans, rule_of(scenario, wish), watched, digests, warnings)


def rule_of(scenario: "Scenario", wish: Wish) -> Rule:
    """Say when to stop: at the number asked for on the command line, else as the scenario says."""
    asked, until = scenario.replications, scenario.replications.until
    if wish.replications is not None:
        return exactly(wish.replications)
    return Rule(asked.at_least, asked.at_most, until.half_width) if until else exactly(asked.at_least)


def resumed_by(kind: str, job: Job, wish: Wish, *more: str) -> str:
    """Give the digest of all that must be equal for worlds to be taken over from a run that was interrupted."""
    return manifests.digest(
        [kind, job.digests["inputs"], engine_version(), manifests.versions(), wish.keep, *more]
    )


def _live_all(
    job: Job, wish: Wish, folder: Path, tally: Tally, progress: Progress, trial: MakeTrial, kept: Kept
) -> None:
    writer = Writer(folder / "run.sqlite")
    try:
        for done in _replications(job, wish, trial, kept):
            for regime, lived in done.lived.items():
                writer.add(regime, done.number, done.seed, done.world_digest, lived.measures, lived.log)
            tally.add(done)
            progress(done.number, job.rule.at_most)
        writer.close()
    except BaseException:
        writer.abandon()
        raise


def _replications(job: Job, wish: Wish, trial: MakeTrial, kept: Kept) -> Iterator[Replication]:
    workers = GoingOn(workers_for(wish.workers, job.rule.at_most), kept, plain_of, replication_of)
    return replicate(trial(job.scenario, job.plans, wish.keep), job.rule, workers, job.watched)


def measure_names() -> tuple[str, ...]:
    """Name every measure, in the order of the registry."""
    from legalaid_sim.measures import REGISTRY

    return tuple(REGISTRY)


def write_months(folder: Path, scenario: "Scenario", curves: Mapping[str, Sequence[Curves]]) -> None:
    """Write ``months.csv``: every curve under every regime, by month since the first that counts."""
    from legalaid_sim.measures.monthly import CURVES

    opens = scenario.period.lead_in_months
    rows = [
        MonthRow(
            curve.name,
            regime,
            month + 1 - opens,
            *estimate(values := [world[curve.name][month] for world in worlds])[:4],
            curve.unit,
            *_spread(values),
        )
        for curve in CURVES
        for regime, worlds in curves.items()
        if worlds and curve.name in worlds[0]
        for month in range(len(worlds[0][curve.name]))
    ]
    write_monthly(folder / "months.csv", rows)


def _spread(values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Give the tenth, the middle and the ninetieth of a hundred replications."""
    from legalaid_sim.measures.statistics import quantile

    held = [value for value in values if value is not None]
    return tuple(quantile(held, part) for part in (0.1, 0.5, 0.9))


def rows_of(found: Mapping[str, Mapping[str, Estimate]]) -> Iterator[Row]:
    """Lay out means by regime and measure as the rows of ``measures.csv``."""
    from legalaid_sim.measures import REGISTRY

    for name, measure in REGISTRY.items():
        for regime, means in found.items():
            told = means[name]
            yield Row(name, regime, *told[:4], measure.unit, told.pooled_of)


def digests_of(scenario: "Scenario", plans: Sequence[Plan], wish: Wish) -> dict[str, Any]:
    """Give the SHA-256 of everything that goes into a run, as the manifest keeps them."""
    contracts = {plan.name: [_digest_of(written) for written in plan.written()] for plan in plans}
    practices = {plan.name: [_phase(part) for part in plan.parts] for plan in plans}
    said = manifests.digest(scenario.model_dump(mode="json"))
    evidence = manifests.digest(_evidence(scenario))
    whole = [said, evidence, contracts, practices, wish.replications, manifests.versions()["legalaid-sim"]]
    return {"inputs": manifests.digest(whole), "scenario": said, "evidence": evidence, "contracts": contracts}


def _digest_of(written: Written) -> str:
    try:
        return written.compiled().digest
    except Refusal as refusal:
        file = next(iter(written.files), written.name)
        words = f"the contract cannot be worked out: {refusal}"
        raise ContractError((Problem("CR030", "unknown-id", ERROR, words, file=file),)) from refusal


def _evidence(scenario: "Scenario") -> dict[str, Any]:
    from legalaid_sim.evidence import resolve

    resolved = resolve(scenario.assumptions)
    return {path: resolved[path].model_dump(mode="json", exclude_none=True) for path in resolved}


def manifest_of(job: Job, wish: Wish, tally: Tally, made: Mapping[str, Any]) -> dict[str, Any]:
    """Say what went in, what it was run with and what it gave."""
    return {
        "schema_version": manifests.SCHEMA_VERSION,
        "kind": "run",
        "scenario": {
            "name": job.path.stem,
            "title": job.scenario.about.title,
            "file": f"inputs/{job.path.name}",
            "resolved": job.scenario.model_dump(mode="json"),
        },
        "regimes": {plan.name: _regime(plan) for plan in job.plans},
        "evidence": _evidence(job.scenario),
        "warnings": [warning.message for warning in job.warnings],
        "digests": job.digests,
        "seed": job.scenario.seed,
        "replications": len(tally.worlds),
        "stopping": {
            "at_least": job.rule.at_least,
            "at_most": job.rule.at_most,
            "measure": job.watched if job.rule.half_width is not None else None,
            "half_width": job.rule.half_width,
        },
        "logs": wish.keep,
        "worlds": tally.worlds,
        "versions": manifests.versions(),
        "made": dict(made),
    }


def _regime(plan: Plan) -> dict[str, Any]:
    return {
        "contracts": [
            {"name": written.name, "file": _resolved_name(written), "resolved": _as_json(written.data)}
            for written in plan.written()
        ],
        "practice": plan.practice.model_dump(mode="json", exclude_none=True),
        "respond": plan.respond,
        "phases": [_phase(part) for part in plan.parts],
        "itself": len(plan.before),
    }


def _phase(part: Plan) -> dict[str, Any]:
    """Give what is in force from a day on by the names of its contracts."""
    return {
        "starts": part.starts.isoformat() if part.starts else None,
        "contracts": [written.name for written in part.contracts],
        "practice": part.practice.model_dump(mode="json", exclude_none=True),
        "own": {name: written.name for name, written in part.own},
        "respond": part.respond,
    }


def _as_json(data: Any) -> Any:
    # Amounts stay the text they were written as: a JSON number would be read back as a binary fraction.
    if isinstance(data, Mapping):
        return {str(key): _as_json(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_as_json(value) for value in data]
    return data if isinstance(data, str | int | float | bool | None) else str(data)


def _resolved_name(written: Written) -> str:
    return f"inputs/resolved/{slug(written.name)}.yaml"


def write_inputs(folder: Path, job: Job) -> None:
    """Write the files that went in as they were read, and every contract in its flat form."""
    from legalaid_sim.yamlfile import dump

    (folder / "resolved").mkdir(parents=True)
    (folder / job.path.name).write_text(job.text, encoding="utf-8", newline="\n")
    for written in (written for plan in job.plans for written in plan.written()):
        for name, text in written.files.items():
            (folder / Path(name).name).write_text(text, encoding="utf-8", newline="\n")
        (folder.parent / _resolved_name(written)).write_text(
            dump(dict(written.data)), encoding="utf-8", newline="\n"
        )
        for name, text in written.tables().items():
            (folder / "resolved" / Path(name).name).write_text(text, encoding="utf-8", newline="\n")


def telling_matter(log: Log) -> str:
    """Give the matter with most contacts among those closed within the window: there is much to tell."""
    closed = [event for event in log.of(MatterClosed) if log.window.opens <= event.at < log.window.closes]
    return max(closed, key=lambda event: event.contacts).matter if closed else ""


def _unknown_measure(path: Path, name: str, where: str) -> Problem:
    from difflib import get_close_matches

    near = get_close_matches(name, measure_names(), 1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    words = f"{where} is '{name}', which is no measure.{hint}"
    remedy = "`legalaid-sim list measures` gives them all"
    return Problem("SR002", "unknown-measure", ERROR, words, file=str(path), path=where, help=remedy)
