"""Which assumptions move the result, and does the ranking of the contracts hold across their ranges.

Every parameter of the evidence register is moved through its plausible range while the worlds stay the same.
The runs are those of a sweep, in a file that can be taken up again.
"""

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.experiments.compare.question import BadQuestion, refuse_unknown_measure
from legalaid_sim.experiments.sensitivity.effects import (
    ContractMeasure,
    Effect,
    WalkTable,
    effects_of,
    gaps_of,
)
from legalaid_sim.experiments.sensitivity.screening import Screening, ScreeningMethod, screening
from legalaid_sim.experiments.sensitivity.turning import Ranking, rankings_of
from legalaid_sim.experiments.sensitivity.variance import deviation_over
from legalaid_sim.experiments.shared.axis import Axis
from legalaid_sim.experiments.shared.contrasts import least_for
from legalaid_sim.experiments.shared.engine_version import engine_version
from legalaid_sim.experiments.shared.ignorance import Unknown, assumed_of, guesses_of
from legalaid_sim.experiments.shared.plans import plans_of
from legalaid_sim.experiments.shared.progress import Progress, silent
from legalaid_sim.experiments.shared.readiness import Tell, ready, untold
from legalaid_sim.experiments.shared.replicate import Pipeline, the_pipeline
from legalaid_sim.experiments.shared.statistics import Value
from legalaid_sim.experiments.sweep.job import SweepJob, SweepOptions, job_of
from legalaid_sim.experiments.sweep.reading import read_sweep
from legalaid_sim.experiments.sweep.spec import Sweep, SweepFile
from legalaid_sim.experiments.sweep.sweeping import Swept, carry_out, folder_of
from legalaid_sim.files import write_whole
from legalaid_sim.scenario import read_scenario
from legalaid_sim.tabular import as_html, counted

if TYPE_CHECKING:
    from legalaid_sim.scenario.model import Scenario

USUAL_MEASURES = ("continuity.coc", "admin.share", "outcomes.resolved_share")
USUAL_SAMPLES: Mapping[ScreeningMethod, int] = {"morris": 4, "sobol": 16, "oat": 1}
# Where there is a single walk, worlds alone must tell chance from an effect.
USUAL_WORLDS: Mapping[ScreeningMethod, int] = {"morris": 3, "sobol": 3, "oat": 10}
JSON_VERSION = 2


class Inquiry(NamedTuple):
    """What to find out: measures, method, which parameters (patterns; all where empty), how thoroughly.

    ``samples`` is the number of walks, ``replications`` that of the worlds of each; None is what is usual.
    """

    measures: tuple[str, ...] = USUAL_MEASURES
    method: ScreeningMethod = "morris"
    parameters: tuple[str, ...] = ()
    samples: int | None = None
    replications: int | None = None
    seed: int = 1
    contracts: tuple[str, ...] = ()

    @property
    def walks(self) -> int:
        """How many walks: as asked, or as is usual for the method."""
        return USUAL_SAMPLES[self.method] if self.samples is None else self.samples

    @property
    def options(self) -> tuple[str, ...]:
        """The options of the command that asks for this."""
        named = {"-c": self.contracts, "-m": self.measures, "-p": self.parameters}
        counts = {"-n": self.walks, "-r": self.worlds, "--seed": self.seed}
        return (
            *("--method", self.method),
            *(part for option, held in named.items() for each in held for part in (option, each)),
            *(part for option, count in counts.items() for part in (option, str(count))),
        )

    @property
    def worlds(self) -> int:
        """How many worlds a walk: as asked, or as is usual for the method."""
        return USUAL_WORLDS[self.method] if self.replications is None else self.replications


class Sensitivity(NamedTuple):
    """What was found. ``effects`` and ``differences`` are by contract, measure and parameter in order.

    ``differences`` are effects on the difference from the first contract. ``worlds`` is how many each walk
    has. ``deviations`` is the standard deviation over the space that shares of variance are of: of the first
    contract's measures, and of the others' differences from it; for method sobol.
    """

    folder: Path
    swept: Swept
    design: Screening
    parameters: tuple[str, ...]
    contracts: tuple[str, ...]
    measures: tuple[str, ...]
    worlds: int
    effects: Mapping[ContractMeasure, Sequence[Effect]]
    differences: Mapping[ContractMeasure, Sequence[Effect]]
    rankings: Mapping[ContractMeasure, Ranking]
    deviations: Mapping[ContractMeasure, Value]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What each parameter does to each measure, and to the difference from the first contract."""
        return [
            {
                "contract": contract,
                "measure": measure,
                "of": of,
                "parameter": name,
                "effect": effect.mean.mean,
                "low": effect.mean.low,
                "high": effect.mean.high,
                "size": effect.size.mean,
                "p_value": effect.p_value,
                "clear": effect.clear,
            }
            for of, held in (("measure", self.effects), ("difference", self.differences))
            for (contract, measure), effects in held.items()
            for name, effect in zip(self.parameters, effects)
        ]

    def __repr__(self) -> str:
        asked = f"{counted(len(self.parameters), 'parameter')}, {counted(len(self.measures), 'measure')}"
        return f"Sensitivity({', '.join(self.contracts)}; {asked}; {self.folder})"

    def _repr_html_(self) -> str:
        return as_html(repr(self), self.rows)


def sensitivity(
    path: Path,
    inquiry: Inquiry | None = None,
    options: SweepOptions | None = None,
    progress: Progress = silent,
    pipeline: Callable[[], Pipeline] = the_pipeline,
    tell: Tell = untold,
) -> Sensitivity:
    """Move the parameters of the evidence through their ranges; write ``sensitivity.json`` beside the runs.

    ``tell`` hears what is doubtful before the first world.

    Raises ``BadQuestion`` for what cannot be asked, and what reading the files raises.
    """
    asked, options = inquiry or Inquiry(), options or SweepOptions()
    job, design, names = prepare_sensitivity(path, asked, pipeline, tell)
    options = _placed(job, options, asked)
    swept = carry_out(job, options, progress)
    found = _read(job, options, swept, design, names, asked)
    _write(found, job, asked)
    return found


def prepare_sensitivity(
    path: Path, asked: Inquiry, pipeline: Callable[[], Pipeline] = the_pipeline, tell: Tell = untold
) -> tuple[SweepJob, Screening, tuple[str, ...]]:
    """Read the scenario and lay out the runs; gives the job, the design and the parameters."""
    for name in asked.measures:
        refuse_unknown_measure(name)
    # What is unknown is moved here, one by one through its range, and not drawn beside.
    file = read_scenario(path).but(ignorance=False)
    scenario = file.scenario
    moved = parameters_for(asked.parameters, scenario)
    names = tuple(each.name for each in moved)
    plans = plans_of(scenario, file.folder, asked.contracts)
    warnings = ready(file, plans, tell)
    design = screening(asked.method, tuple(each.usual for each in moved), asked.walks, asked.seed)
    targets = tuple(each.target for each in moved)
    made = SweepFile(path, _as_sweep(path, asked, moved, design), file.marks)
    firsts = [design.worlds_of(at, asked.worlds)[0] for at in range(len(design.points))]
    return job_of(made, scenario, plans, targets, pipeline, firsts, warnings), design, names


def parameters_for(patterns: Sequence[str], scenario: "Scenario | None" = None) -> tuple[Unknown, ...]:
    """Give what matches any pattern such as ``trust.*``: of the register what has a range, of a scenario its guesses.

    All where there is no pattern. What the scenario sets itself is moved as well.
    """
    from legalaid_sim.evidence import register

    guesses = guesses_of(scenario) if scenario is not None else ()
    known = [*register(), *(each.name for each in guesses)]
    strangers = [pattern for pattern in patterns if not any(fnmatchcase(name, pattern) for name in known)]
    if strangers:
        raise BadQuestion(
            f"no parameter matches '{strangers[0]}'; `legalaid-sim assumptions` lists them, and guesses of the "
            "scenario go by their path, such as 'scenario.clients.*'"
        )
    return tuple(
        each
        for each in (*assumed_of(()), *guesses)
        if not patterns or any(fnmatchcase(each.name, pattern) for pattern in patterns)
    )


def _as_sweep(path: Path, asked: Inquiry, moved: Sequence[Unknown], design: Screening) -> Sweep:
    return Sweep(
        kind="sweep",
        schema_version=1,
        title=f"Sensitivity of {path.stem} by {asked.method}",
        scenario=path.name,
        vary=[
            Axis(path=each.target.name, values=[each.at(row[at]) for row in design.points])
            for at, each in enumerate(moved)
        ],
        method="list",
        replications=asked.worlds,
        measures=list(asked.measures),
    )


def _placed(job: SweepJob, options: SweepOptions, asked: Inquiry) -> SweepOptions:
    from dataclasses import replace

    if options.out is not None:
        return options
    usual = folder_of(job, options)
    return replace(options, out=usual.with_name(usual.name.replace("sweep-", f"sensitivity-{asked.method}-")))


def _read(
    job: SweepJob,
    options: SweepOptions,
    swept: Swept,
    design: Screening,
    names: tuple[str, ...],
    asked: Inquiry,
) -> Sensitivity:
    contracts = tuple(plan.name for plan in job.plans)
    tables = tables_of(swept.database, job, design, asked)
    base = contracts[0]
    gaps = {
        (contract, measure): gaps_of(tables[contract, measure], tables[base, measure])
        for contract in contracts[1:]
        for measure in asked.measures
    }
    least = {
        (contract, measure): least_for(
            measure, job.scenario.answer_with, [value for row in tables[base, measure] for value in row]
        )
        for contract, measure in tables
    }
    return Sensitivity(
        folder_of(job, options),
        swept,
        design,
        names,
        contracts,
        asked.measures,
        asked.worlds,
        effects_of(design, tables, least),
        effects_of(design, gaps, least),
        rankings_of(design, gaps, least),
        {key: deviation_over(design, table) for key, table in {**gaps, **_levels(tables, base)}.items()}
        if design.method == "sobol"
        else {},
    )


def _levels(tables: Mapping[ContractMeasure, WalkTable], base: str) -> dict[ContractMeasure, WalkTable]:
    return {key: table for key, table in tables.items() if key[0] == base}


def tables_of(
    database: Path, job: SweepJob, design: Screening, asked: Inquiry
) -> dict[ContractMeasure, WalkTable]:
    """Give every measure under every contract: a row a point in the order of the design, a column a world."""
    axes = [target.name for target in job.targets]
    held: dict[tuple[Any, ...], Mapping[str, Any]] = {
        (*(row[axis] for axis in axes), row["contract"], row["replication"]): row
        for row in read_sweep(database, job.keys())
    }
    points = list(zip(*(axis.values or () for axis in job.sweep.vary)))

    def value(point: tuple[Any, ...], contract: str, world: int, measure: str) -> Value:
        row = held.get((*point, contract, world))
        return None if row is None else row[measure]

    return {
        (plan.name, measure): [
            [value(point, plan.name, world, measure) for world in design.worlds_of(at, asked.worlds)]
            for at, point in enumerate(points)
        ]
        for plan in job.plans
        for measure in asked.measures
    }


def _write(found: Sensitivity, job: SweepJob, asked: Inquiry) -> None:
    import json

    text = json.dumps(as_data(found, job, asked), indent=2, ensure_ascii=False, allow_nan=False)
    write_whole(found.folder / "sensitivity.json", text + "\n")


def as_data(found: Sensitivity, job: SweepJob, asked: Inquiry) -> dict[str, Any]:
    """Give what was found as plain data, as docs/json.md describes it."""
    return {
        "schema_version": JSON_VERSION,
        "kind": "sensitivity",
        "scenario": job.path.stem,
        "warnings": [problem.message for problem in job.warnings],
        "asked": list(asked.options),
        "method": asked.method,
        "samples": asked.walks,
        "worlds": asked.worlds,
        "points": len(found.design.points),
        "runs": found.swept.runs,
        "failed": found.swept.failed,
        "engine": engine_version(),
        "contracts": list(found.contracts),
        "measures": list(found.measures),
        "parameters": {
            name: {
                measure: {
                    contract: _effect(found.effects[contract, measure][at]) for contract in found.contracts
                }
                for measure in found.measures
            }
            for at, name in enumerate(found.parameters)
        },
        "differences": {
            name: {
                measure: {
                    contract: _effect(found.differences[contract, measure][at])
                    for contract in found.contracts[1:]
                }
                for measure in found.measures
            }
            for at, name in enumerate(found.parameters)
        },
        "rankings": [_ranking(found, *key) for key in found.rankings],
        "deviations": [
            {"contract": contract, "measure": measure, "deviation": value}
            for (contract, measure), value in found.deviations.items()
        ],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "mean": effect.mean.as_data(),
        "size": effect.size.as_data(),
        "spread": effect.spread,
        "noise": effect.noise,
        "p_adjusted": effect.p_value,
        "clear": effect.clear,
        "needed": effect.needed,
        "first": list(effect.first) if effect.first else None,
        "total": list(effect.total) if effect.total else None,
    }


def _ranking(found: Sensitivity, contract: str, measure: str) -> dict[str, Any]:
    ranking = found.rankings[contract, measure]
    return {
        "contract": contract,
        "baseline": found.contracts[0],
        "measure": measure,
        "share_with_more": ranking.more.as_data(),
        "share_with_less": ranking.less.as_data(),
        "share_without_difference_that_matters": ranking.no_matter.as_data(),
        "share_not_told": ranking.untold.as_data(),
        "points": ranking.points,
        "worlds_needed": ranking.needed,
        "flips": {found.parameters[factor]: share for factor, share in sorted(ranking.flips.items())},
    }
