"""Search for better terms of a contract: the points that no other beats, each a contract file to run.

Points are proposed by a Parzen estimator for several goals (Ozaki et al. 2020, as Optuna has it), a dozen at
a time, and lived in the same worlds; the runs are kept as those of a sweep, so that a search is taken up
where it stood.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.errors import Problem
from legalaid_sim.experiments.compare.question import BadQuestion
from legalaid_sim.experiments.search.in_words import in_words
from legalaid_sim.experiments.search.pareto import Goal, front
from legalaid_sim.experiments.search.proposals import Hunt, generations
from legalaid_sim.experiments.search.relived import FoundPoint, Lives, Relived, Results, judged, shrinkage
from legalaid_sim.experiments.shared.axes import Target, target_of, value_at
from legalaid_sim.experiments.shared.axis import Axis
from legalaid_sim.experiments.shared.contrasts import least_for
from legalaid_sim.experiments.shared.executors import workers_for
from legalaid_sim.experiments.shared.ignorance import estimate_of
from legalaid_sim.experiments.shared.plans import RegimePlan, plans_of
from legalaid_sim.experiments.shared.progress import Progress, silent
from legalaid_sim.experiments.shared.readiness import Tell, ready, untold
from legalaid_sim.experiments.shared.replicate import Pipeline, the_pipeline
from legalaid_sim.experiments.shared.statistics import Estimate, Value
from legalaid_sim.experiments.sweep.job import SweepJob, SweepOptions, base_of, job_of
from legalaid_sim.experiments.sweep.reading import read_sweep
from legalaid_sim.experiments.sweep.spec import Sweep, SweepFile
from legalaid_sim.experiments.sweep.store import plain
from legalaid_sim.experiments.sweep.sweeping import carry_out
from legalaid_sim.experiments.sweep.work import SweepTask, Unit
from legalaid_sim.files import write_whole
from legalaid_sim.results.folder import make_folder, slug
from legalaid_sim.scenario import ScenarioFile, read_scenario
from legalaid_sim.tabular import as_html, counted
from legalaid_sim.units import add_up

if TYPE_CHECKING:
    from legalaid_sim.scenario.model import Scenario

JSON_VERSION = 2


class Found(NamedTuple):
    """What a search gave: the contract as it is, and what became of the points that nothing beat.

    ``now`` are the values that stand in the contract, ``usual`` its measures in the fresh worlds. ``files``
    are the contracts written, by the values of the points that hold; ``words`` say what each point changes.
    ``by_world`` are the measures of the contract as it is in every world, ``asked`` the options that ask for the same.
    """

    folder: Path
    contract: str
    axes: tuple[str, ...]
    goals: tuple[Goal, ...]
    tried: int
    failed: int
    fresh: int
    now: FoundPoint
    usual: Mapping[str, Estimate]
    relived: tuple[Relived, ...]
    files: Mapping[FoundPoint, Path]
    warnings: tuple[Problem, ...] = ()
    words: Mapping[FoundPoint, tuple[str, ...]] = MappingProxyType({})
    by_world: Mapping[str, Mapping[int, Value]] = MappingProxyType({})
    asked: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[Relived, ...]:
        """The points that hold in fresh worlds, the best by the first goal first."""
        return tuple(each for each in self.relived if not each.fell)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Every point that nothing beat, with what it gave in fresh worlds, and why it fell where it did."""
        return [
            dict(zip(self.axes, each.values))
            | {goal.measure: each.measures[goal.measure].mean for goal in self.goals}
            | {"fell": each.fell, "file": str(self.files.get(each.values, ""))}
            for each in self.relived
        ]

    def __repr__(self) -> str:
        goals = ", ".join(map(str, self.goals))
        return f"Found({self.contract}: {goals}; {counted(self.tried, 'point')}; {self.folder})"

    def _repr_html_(self) -> str:
        return as_html(repr(self), self.rows)


def search(
    path: Path,
    hunt: Hunt,
    options: SweepOptions | None = None,
    progress: Progress = silent,
    pipeline: Callable[[], Pipeline] = the_pipeline,
    tell: Tell = untold,
) -> Found:
    """Search, live what nothing beats again, write what holds as contract files, all of it to ``search.json``.

    ``tell`` hears what is doubtful before the first world.

    Raises ``ExtraMissing`` without the extra ``search``, ``BadQuestion`` for what cannot be asked, and what
    reading the files raises.
    """
    from dataclasses import replace

    options = options or SweepOptions()
    _refuse_nothing(hunt)
    file = read_scenario(path)
    plans = plans_of(file.scenario, file.folder, (hunt.contract,))
    warnings = ready(file, plans, tell)
    folder = options.out or options.root / slug(path.stem) / f"search-{slug(plans[0].name)}"
    place = replace(options, out=folder)
    tried = _tried(file, hunt, plans, place, progress, pipeline)
    relived = _lived_again(file, hunt, plans, place, tried, pipeline)
    usual = _as_it_is(file.scenario, plans, hunt, options, pipeline)
    found = _concluded(file, hunt, folder, plans[0], tried, relived, usual)._replace(warnings=warnings)
    write_whole(folder / "search.json", as_text(found) + "\n")
    return found


def _refuse_nothing(hunt: Hunt) -> None:
    if not hunt.goals:
        raise BadQuestion("a search needs a goal or more, such as --goal max:continuity.coc")
    if not hunt.vary:
        raise BadQuestion("a search needs something to vary, such as --vary payments.fee.amount=150..250")


def _tried(
    file: ScenarioFile,
    hunt: Hunt,
    plans: tuple[RegimePlan, ...],
    options: SweepOptions,
    progress: Progress,
    pipeline: Callable[[], Pipeline],
) -> dict[FoundPoint, Results]:
    tried: dict[FoundPoint, Results] = {}
    most = hunt.points * hunt.replications
    targets = tuple(target_of(axis) for axis in hunt.vary)
    for points, tell in generations(hunt, file.scenario.ignorance):
        fresh = [point for point in dict.fromkeys(points) if point not in tried]
        if fresh:
            made = _as_sweep(file, hunt, fresh, hunt.replications)
            job = job_of(made, file.scenario, plans, targets, pipeline)
            swept = carry_out(job, options)
            tried |= _results(swept.database, job, fresh, _measures(hunt), hunt.choosing)
        tell([tried[point] for point in points])
        progress(min(len(tried) * hunt.replications, most), most)
    return tried


def _as_sweep(file: ScenarioFile, hunt: Hunt, points: Sequence[FoundPoint], replications: int) -> SweepFile:
    sweep = Sweep(
        kind="sweep",
        schema_version=1,
        title=f"Search over {file.path.stem}",
        scenario=file.path.name,
        vary=[
            Axis(path=axis.path, values=[point[at] for point in points], places=axis.places)
            for at, axis in enumerate(hunt.vary)
        ],
        method="list",
        replications=replications,
        measures=_measures(hunt),
    )
    return SweepFile(file.path, sweep, file.marks)


def _measures(hunt: Hunt) -> list[str]:
    return list(dict.fromkeys(goal.measure for goal in hunt.goals))


def _results(
    database: Path, job: SweepJob, points: Sequence[FoundPoint], measures: Sequence[str], worlds: range
) -> dict[FoundPoint, Results]:
    axes = [target.name for target in job.targets]
    held: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in read_sweep(database, job.keys()):
        if row["replication"] in worlds:
            held.setdefault(tuple(row[axis] for axis in axes), []).append(row)
    return {
        point: {
            measure: [row[measure] for row in held.get(tuple(plain(value) for value in point), [])]
            for measure in measures
        }
        for point in points
    }


def _lived_again(
    file: ScenarioFile,
    hunt: Hunt,
    plans: tuple[RegimePlan, ...],
    options: SweepOptions,
    tried: Mapping[FoundPoint, Results],
    pipeline: Callable[[], Pipeline],
) -> dict[FoundPoint, Lives]:
    """Live the points that no other beats in worlds that chose nothing."""
    drawn = file.scenario.ignorance
    means = {
        point: {name: estimate_of(held, drawn).mean for name, held in row.items()}
        for point, row in tried.items()
    }
    whole = {
        point: {name: mean for name, mean in row.items() if mean is not None}
        for point, row in means.items()
        if None not in row.values()
    }
    points = list(whole)
    best = [points[at] for at in front([whole[point] for point in points], hunt.goals)]
    best.sort(key=lambda point: -hunt.goals[0].sign * whole[point][hunt.goals[0].measure])
    if not best:
        return {}
    worlds, targets = hunt.judging(drawn), tuple(target_of(axis) for axis in hunt.vary)
    made = _as_sweep(file, hunt, best, hunt.fresh)
    job = job_of(made, file.scenario, plans, targets, pipeline, [worlds[0]] * len(best))
    again = _results(carry_out(job, options).database, job, best, _measures(hunt), worlds)
    return {point: Lives(tried[point], again[point]) for point in best}


def _as_it_is(
    scenario: "Scenario",
    plans: tuple[RegimePlan, ...],
    hunt: Hunt,
    options: SweepOptions,
    pipeline: Callable[[], Pipeline],
) -> Lives:
    names = tuple(_measures(hunt))
    data = scenario.model_dump(mode="json")
    # What a worker keeps of a task goes by its name: another search is another.
    task = SweepTask(f"as it is: {base_of(data, plans[0])}", data, plans, (), names, pipeline)
    fresh = hunt.judging(scenario.ignorance)
    units = [Unit((), world, (0,)) for world in (*hunt.choosing, *fresh)]
    found = list(workers_for(options.workers, len(units)).results(task, units))
    values = [done.outcomes[0].measures or (None,) * len(names) for done in found]  # type: ignore[union-attr]
    whole = {name: [row[at] for row in values] for at, name in enumerate(names)}
    few = hunt.replications
    return Lives(
        {name: held[:few] for name, held in whole.items()},
        {name: held[few:] for name, held in whole.items()},
        scenario.ignorance,
        fresh,
    )


def _concluded(
    file: ScenarioFile,
    hunt: Hunt,
    folder: Path,
    plan: RegimePlan,
    tried: Mapping[FoundPoint, Results],
    again: Mapping[FoundPoint, Lives],
    usual: Lives,
) -> Found:
    targets = tuple(target_of(axis) for axis in hunt.vary)
    as_it_is = {name: usual.over_fresh(held) for name, held in usual.fresh.items()}
    asked = file.scenario.answer_with
    least = {name: least_for(name, asked, [as_it_is[name].mean]) for name in _measures(hunt)}
    relived = judged(again, usual, hunt.goals, least)
    for old in (folder / "better").glob("*.yaml"):
        old.unlink()
    kept = [each.values for each in relived if not each.fell]
    files = {
        point: _write(file.path, hunt, folder, plan, targets, number, point)
        for number, point in enumerate(kept, start=1)
    }
    data = file.scenario.model_dump(mode="json")
    failed = add_up(
        any(all(value is None for value in held) for held in row.values()) for row in tried.values()
    )
    now = tuple(value_at(target, plan, data) for target in targets)
    return Found(
        folder,
        plan.name,
        tuple(target.name for target in targets),
        hunt.goals,
        len(tried),
        failed,
        hunt.fresh,
        now,
        as_it_is,
        tuple(relived),
        files,
        words={each.values: in_words(plan, targets, now, each.values) for each in relived},
        by_world={
            name: dict(
                zip((*hunt.choosing, *usual.numbers), (*usual.chosen[name], *usual.fresh[name]), strict=True)
            )
            for name in usual.fresh
        },
        asked=hunt.options,
    )


def _write(
    path: Path,
    hunt: Hunt,
    folder: Path,
    plan: RegimePlan,
    targets: Sequence[Target],
    number: int,
    point: FoundPoint,
) -> Path:
    """Write a point as a contract that extends the one searched; only what belongs to the contract."""
    from legalaid_sim.experiments.shared.axes import written_value
    from legalaid_sim.yamlfile import dump

    place = folder / "better" / f"{number:02d}.yaml"
    make_folder(place.parent)
    goals = ", ".join(map(str, hunt.goals))
    changes = [
        {
            "set": target.path,
            "to": written_value(value, target.places),
            "because": f"found by search for {goals}",
        }
        for target, value in zip(targets, point)
        if target.room == "contract"
    ]
    data = {
        "kind": "contract",
        "schema_version": 1,
        "contract": f"{slug(plan.name)}-better-{number:02d}",
        "title": f"Terms found by search {number}",
        "extends": _parent(hunt.contract, path.parent, place.parent),
        "changes": changes,
    }
    write_whole(place, dump(data))
    return place


def _parent(name: str, beside: Path, folder: Path) -> str:
    from legalaid_sim.contracts.language.load import find_contract, library_names

    return (
        name
        if name in library_names()
        else os.path.relpath(find_contract(name, beside).resolve(), folder.resolve())
    )


def as_text(found: Found) -> str:
    """Give what was found as one JSON object."""
    return json.dumps(as_data(found), indent=2, ensure_ascii=False, allow_nan=False)


def as_data(found: Found) -> dict[str, Any]:
    """Give what was found as plain data, as docs/json.md describes it."""
    return {
        "schema_version": JSON_VERSION,
        "kind": "search",
        "contract": found.contract,
        "folder": str(found.folder),
        "warnings": [problem.message for problem in found.warnings],
        "asked": list(found.asked),
        "goals": [str(goal) for goal in found.goals],
        "tried": found.tried,
        "failed": found.failed,
        "fresh_worlds": found.fresh,
        "as_it_is": {
            "values": {axis: _told(value) for axis, value in zip(found.axes, found.now)},
            "measures": _estimates(found.usual),
            "by_world": {name: dict(held) for name, held in found.by_world.items()},
        },
        "choices": [_relived(found, each) for each in found.choices],
        "dropped": [_relived(found, each) for each in found.relived if each.fell],
        "shrinkage": {goal.measure: shrinkage(found.relived, goal.measure) for goal in found.goals},
    }


def _relived(found: Found, each: Relived) -> dict[str, Any]:
    return {
        "file": str(found.files[each.values]) if each.values in found.files else None,
        "why_dropped": each.fell or None,
        "in_words": list(found.words.get(each.values, ())),
        "values": {axis: _told(value) for axis, value in zip(found.axes, each.values)},
        "measures": _estimates(each.measures),
        "gains": {
            name: {"chosen": gain.chosen.as_data(), "fresh": gain.fresh.as_data()}
            for name, gain in each.gains.items()
        },
    }


def _estimates(held: Mapping[str, Estimate]) -> dict[str, Any]:
    return {name: found.as_data() for name, found in held.items()}


def _told(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
