"""What to try next in a search: generations of points from a Parzen estimator, told what came of them."""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from legalaid_sim.experiments.search.pareto import Goal, axis_text
from legalaid_sim.experiments.search.relived import FoundPoint, Results
from legalaid_sim.experiments.shared.axes import settled, target_of
from legalaid_sim.experiments.shared.axis import Axis
from legalaid_sim.experiments.shared.design import ExtraMissing
from legalaid_sim.experiments.shared.ignorance import draw_of, estimate_of, worlds_holding

GENERATION = 12


class Hunt(NamedTuple):
    """What to search: a contract, what is varied, towards which goals, how thoroughly.

    ``fresh`` is how many further worlds the points that nothing beats are lived again in.
    """

    contract: str
    vary: tuple[Axis, ...]
    goals: tuple[Goal, ...]
    points: int = 48
    replications: int = 5
    seed: int = 1
    fresh: int = 20

    @property
    def choosing(self) -> range:
        """The worlds that points are chosen in."""
        return range(1, self.replications + 1)

    def judging(self, drawn: bool) -> range:
        """Worlds that chose nothing, nor share a draw of what is unknown with those that did."""
        chose = self.replications
        first = worlds_holding(draw_of(chose) + 1) if drawn else chose + 1
        return range(first, first + self.fresh)

    @property
    def options(self) -> tuple[str, ...]:
        """The options of the command that asks for this."""
        counts = {"-n": self.points, "-r": self.replications, "--fresh": self.fresh, "--seed": self.seed}
        return (
            *("-c", self.contract),
            *(part for axis in self.vary for part in ("--vary", axis_text(axis))),
            *(part for goal in self.goals for part in ("-g", str(goal))),
            *(part for option, count in counts.items() for part in (option, str(count))),
        )


def generations(
    hunt: Hunt, drawn: bool = False
) -> Iterator[tuple[list[FoundPoint], Callable[[Sequence[Results]], None]]]:
    """Give generation after generation of points, each with the function that takes what they gave.

    ``drawn`` says that worlds draw what is unknown.
    """
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
        yield points, lambda results, trials=trials: _tell(study, trials, results, hunt.goals, drawn)  # type: ignore[misc]


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


def _point(params: Mapping[str, Any], axes: Sequence[Axis]) -> FoundPoint:
    return tuple(_value(params[f"x{at}"], axis) for at, axis in enumerate(axes))


def _value(drawn: Any, axis: Axis) -> Any:
    return axis.values[drawn] if axis.values is not None else settled(drawn, target_of(axis).places)


def _tell(
    study: Any, trials: Sequence[Any], results: Sequence[Results], goals: Sequence[Goal], drawn: bool
) -> None:
    from optuna.trial import TrialState

    for trial, result in zip(trials, results):
        means = [estimate_of(result[goal.measure], drawn).mean for goal in goals]
        if None in means:
            study.tell(trial, state=TrialState.FAIL)
        else:
            study.tell(trial, means)
