"""Search for better terms of a contract: the points that no other beats, each a contract file to run.

Points are proposed by a Parzen estimator for several goals (Ozaki et al. 2020, as Optuna has it), a dozen at
a time, and lived in the same worlds; the runs are kept as those of a sweep, so that a search is taken up
where it stood.
"""

import json
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.experiments.axes import Target, settled, target_of
from legalaid_sim.experiments.compare import BadQuestion
from legalaid_sim.experiments.design import ExtraMissing
from legalaid_sim.experiments.executors import workers_for
from legalaid_sim.experiments.pareto import Goal, front
from legalaid_sim.experiments.plans import Plan, plans_of
from legalaid_sim.experiments.replicate import Machine, the_machine
from legalaid_sim.experiments.running import refuse_unready
from legalaid_sim.experiments.statistics import Estimate, Value, estimate
from legalaid_sim.experiments.sweep_reading import read_sweep
from legalaid_sim.experiments.sweep_store import plain
from legalaid_sim.experiments.sweep_work import SweepTask, Unit
from legalaid_sim.experiments.sweeping import SweepJob, SweepWish, carry_out, job_of
from legalaid_sim.experiments.sweeps import Axis, Sweep
from legalaid_sim.files import write_whole
from legalaid_sim.results.folder import slug

if TYPE_CHECKING:
    from legalaid_sim.scenario.model import Scenario

GENERATION = 12
JSON_VERSION = 1
Progress = Callable[[int, int], None]
Point = tuple[Any, ...]
Results = Mapping[str, Sequence[Value]]


class Hunt(NamedTuple):
    """What to search: a contract, what is varied, towards which goals, how thoroughly."""

    contract: str
    vary: tuple[Axis, ...]
    goals: tuple[Goal, ...]
    points: int = 48
    replications: int = 5
    seed: int = 1


class Choice(NamedTuple):
    """A point that nothing beats: its values, its file, and every goal's measure over the worlds."""

    values: Point
    file: Path
    estimates: Mapping[str, Estimate]


class Found(NamedTuple):
    """What a search gave: the contract as it is, and the points that nothing beats."""

    folder: Path
    contract: str
    axes: tuple[str, ...]
    goals: tuple[Goal, ...]
    tried: int
    failed: int
    usual: Mapping[str, Estimate]
    choices: tuple[Choice, ...]


def _silent(done: int, most: int) -> None:
    return None


def search(
    path: Path,
    hunt: Hunt,
    wish: SweepWish | None = None,
    progress: Progress = _silent,
    machine: Callable[[], Machine] = the_machine,
) -> Found:
    """Search; write every point that nothing beats as a contract file, and all of it to ``search.json``.

    Raises ``ExtraMissing`` without the extra ``search``, ``BadQuestion`` for what cannot be asked, and what
    reading the files raises.
    """
    from dataclasses import replace

    from legalaid_sim.scenario import load_scenario

    wish = wish or SweepWish()
    _refuse_nothing(hunt)
    scenario = load_scenario(path)
    plans = plans_of(scenario, path.parent, (hunt.contract,))
    refuse_unready(path, scenario, plans)
    folder = wish.out or wish.root / slug(path.stem) / f"search-{slug(plans[0].name)}"
    place = replace(wish, out=folder)
    tried = _tried(path, hunt, scenario, plans, place, progress, machine)
    usual = _as_it_is(scenario, plans, hunt, wish, machine)
    found = _concluded(path, hunt, folder, plans[0], tried, usual)
    write_whole(folder / "search.json", as_text(found) + "\n")
    return found


def _refuse_nothing(hunt: Hunt) -> None:
    if not hunt.goals:
        raise BadQuestion("a search needs a goal or more, such as --goal max:continuity.coc")
    if not hunt.vary:
        raise BadQuestion("a search needs something to vary, such as --vary payments.fee.amount=150..250")


def _tried(
    path: Path,
    hunt: Hunt,
    scenario: "Scenario",
    plans: tuple[Plan, ...],
    wish: SweepWish,
    progress: Progress,
    machine: Callable[[], Machine],
) -> dict[Point, Results]:
    tried: dict[Point, Results] = {}
    most = hunt.points * hunt.replications
    targets = tuple(target_of(axis) for axis in hunt.vary)
    for points, tell in generations(hunt):
        fresh = [point for point in dict.fromkeys(points) if point not in tried]
        if fresh:
            job = job_of(path, _as_sweep(path, hunt, fresh), scenario, plans, targets, machine)
            swept = carry_out(job, wish)
            tried |= _results(swept.database, job, fresh, hunt)
        tell([tried[point] for point in points])
        progress(min(len(tried) * hunt.replications, most), most)
    return tried


def generations(hunt: Hunt) -> Iterator[tuple[list[Point], Callable[[Sequence[Results]], None]]]:
    """Give generation after generation of points, each with the function that takes what they gave."""
    try:
        import optuna
    except ImportError as error:
        raise ExtraMissing("a search", "search") from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    size = min(GENERATION, hunt.points)
    sampler = _sampler(optuna, size, hunt.seed)
    ways: Any = ["maximize" if goal.way == "max" else "minimize" for goal in hunt.goals]
    study = optuna.create_study(directions=ways, sampler=sampler)
    space = {f"x{at}": _distribution(optuna, axis) for at, axis in enumerate(hunt.vary)}
    for start in range(0, hunt.points, size):
        trials = [study.ask(space) for _ in range(min(size, hunt.points - start))]
        points = [_point(trial.params, hunt.vary) for trial in trials]
        yield points, lambda results, trials=trials: _tell(study, trials, results, hunt.goals)  # type: ignore[misc]


def _sampler(optuna: Any, size: int, seed: int) -> Any:
    # Points asked for together know nothing of one another's worth: each is taken for poor meanwhile.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return optuna.samplers.TPESampler(seed=seed % 2**32, constant_liar=True, n_startup_trials=size)


def _distribution(optuna: Any, axis: Axis) -> Any:
    if axis.values is not None:
        return optuna.distributions.CategoricalDistribution(list(range(len(axis.values))))
    low, high = axis.range or (0.0, 1.0)
    return optuna.distributions.FloatDistribution(low, high)


def _point(params: Mapping[str, Any], axes: Sequence[Axis]) -> Point:
    return tuple(_value(params[f"x{at}"], axis) for at, axis in enumerate(axes))


def _value(drawn: Any, axis: Axis) -> Any:
    return axis.values[drawn] if axis.values is not None else settled(drawn, target_of(axis).places)


def _tell(study: Any, trials: Sequence[Any], results: Sequence[Results], goals: Sequence[Goal]) -> None:
    from optuna.trial import TrialState

    for trial, result in zip(trials, results):
        means = [estimate(result[goal.measure]).mean for goal in goals]
        if None in means:
            study.tell(trial, state=TrialState.FAIL)
        else:
            study.tell(trial, means)


def _as_sweep(path: Path, hunt: Hunt, points: Sequence[Point]) -> Sweep:
    return Sweep(
        kind="sweep",
        schema_version=1,
        title=f"Search over {path.stem}",
        scenario=path.name,
        vary=[
            Axis(path=axis.path, values=[point[at] for point in points], places=axis.places)
            for at, axis in enumerate(hunt.vary)
        ],
        method="list",
        replications=hunt.replications,
        measures=_measures(hunt),
    )


def _measures(hunt: Hunt) -> list[str]:
    return list(dict.fromkeys(goal.measure for goal in hunt.goals))


def _results(database: Path, job: SweepJob, points: Sequence[Point], hunt: Hunt) -> dict[Point, Results]:
    axes = [target.name for target in job.targets]
    held: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in read_sweep(database):
        held.setdefault(tuple(row[axis] for axis in axes), []).append(row)
    return {
        point: {
            measure: [row[measure] for row in held.get(tuple(plain(value) for value in point), [])]
            for measure in _measures(hunt)
        }
        for point in points
    }


def _as_it_is(
    scenario: "Scenario",
    plans: tuple[Plan, ...],
    hunt: Hunt,
    wish: SweepWish,
    machine: Callable[[], Machine],
) -> dict[str, Estimate]:
    names = tuple(_measures(hunt))
    task = SweepTask("as it is", scenario.model_dump(mode="json"), plans, (), names, machine)
    units = [Unit((), world, (0,)) for world in range(1, hunt.replications + 1)]
    found = list(workers_for(wish.workers, len(units)).results(task, units))
    values = [done.outcomes[0].measures or (None,) * len(names) for done in found]  # type: ignore[union-attr]
    return {name: estimate(row[at] for row in values) for at, name in enumerate(names)}


def _concluded(
    path: Path,
    hunt: Hunt,
    folder: Path,
    plan: Plan,
    tried: Mapping[Point, Results],
    usual: Mapping[str, Estimate],
) -> Found:
    means = {
        point: {name: estimate(values) for name, values in results.items()}
        for point, results in tried.items()
    }
    whole = {
        point: {name: found.mean for name, found in row.items() if found.mean is not None}
        for point, row in means.items()
        if all(found.mean is not None for found in row.values())
    }
    points = list(whole)
    best = [points[at] for at in front([whole[point] for point in points], hunt.goals)]
    best.sort(key=lambda point: -hunt.goals[0].sign * whole[point][hunt.goals[0].measure])
    targets = tuple(target_of(axis) for axis in hunt.vary)
    choices = tuple(
        Choice(point, _write(path, hunt, folder, plan, targets, number, point), means[point])
        for number, point in enumerate(best, start=1)
    )
    axes = tuple(target.name for target in targets)
    return Found(folder, plan.name, axes, hunt.goals, len(tried), len(tried) - len(whole), usual, choices)


def _write(
    path: Path, hunt: Hunt, folder: Path, plan: Plan, targets: Sequence[Target], number: int, point: Point
) -> Path:
    """Write a point as a contract that extends the one searched; only what belongs to the contract."""
    from legalaid_sim.experiments.axes import written_value
    from legalaid_sim.yamlfile import dump

    place = folder / "better" / f"{number:02d}.yaml"
    place.parent.mkdir(parents=True, exist_ok=True)
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
    from legalaid_sim.contracts.load import find_contract, library_names

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
        "goals": [str(goal) for goal in found.goals],
        "tried": found.tried,
        "failed": found.failed,
        "as_it_is": {name: dict(held._asdict()) for name, held in found.usual.items()},
        "choices": [
            {
                "file": str(choice.file),
                "values": {axis: _told(value) for axis, value in zip(found.axes, choice.values)},
                "measures": {name: dict(held._asdict()) for name, held in choice.estimates.items()},
            }
            for choice in found.choices
        ],
    }


def _told(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
