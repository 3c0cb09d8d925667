"""What nobody knows, drawn: the register's assumptions, and the fields of a scenario that are marked as guesses.

An interval over worlds holds chance and nothing else. With ``assumptions: drawn`` each world has a draw of
all that is not known, keyed by its name and the same under every contract, so that the worlds of a comparison
are spread over both. Every third draw is lived in two worlds: what two worlds of one draw differ by is chance.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import count
from math import fsum, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

from legalaid_sim.experiments.shared.axes import ASSUMPTIONS, SCENARIO, Target, scenario_with, value_at
from legalaid_sim.experiments.shared.design import uniform
from legalaid_sim.experiments.shared.statistics import LEVEL, Estimate, Value, estimate
from legalaid_sim.measures.statistics import Ratio, ratio
from legalaid_sim.units import add_up

if TYPE_CHECKING:
    from legalaid_sim.scenario.model import Scenario
    from legalaid_sim.scenario.parts import Guess

# Four worlds hold three draws. Fewer pairs leave the part of chance itself unknown: with every tenth draw, forty
# worlds would have four pairs.
WORLDS, DRAWS = 4, 3


class Unknown(NamedTuple):
    """Something not known: a number from ``low`` to ``high``, most likely at ``mode``; or one of ``options``.

    Numbers are triangular; ``weights`` say how likely each option is, whatever they add up to.
    """

    target: Target
    low: float = 0.0
    high: float = 1.0
    mode: float = 0.5
    whole: bool = False
    options: tuple[Any, ...] = ()
    weights: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """The parameter, or the path in the scenario."""
        return self.target.path if self.target.room == ASSUMPTIONS else self.target.name

    @property
    def usual(self) -> float:
        """Where it stands when nothing is drawn, in parts of its range."""
        if self.options:
            return 0.0
        return min(1.0, max(0.0, (self.mode - self.low) / (self.high - self.low)))

    def at(self, part: float) -> Any:
        """Give the value at a part of the range, from 0 to 1."""
        if self.options:
            return self.options[min(int(part * len(self.options)), len(self.options) - 1)]
        value = float(f"{self.low + part * (self.high - self.low):.9g}")
        return round(value) if self.whole else value

    def drawn(self, u: float) -> Any:
        """Give the value below which it lies with chance ``u``."""
        if self.options:
            whole, held = fsum(self.weights), 0.0
            for option, weight in zip(self.options, self.weights):
                held += weight / whole
                if u < held:
                    return option
            return self.options[-1]
        middle = self.usual
        part = sqrt(u * middle) if u < middle else 1 - sqrt((1 - u) * (1 - middle))
        return self.at(part)


def unknowns_of(scenario: "Scenario") -> tuple[Unknown, ...]:
    """Give all that is not known in a scenario: of the register, what it does not set itself; then its guesses."""
    return (*assumed_of(scenario.assumptions), *guesses_of(scenario))


def assumed_of(known: Container[str]) -> tuple[Unknown, ...]:
    """Give the parameters of the register that have a range, but for those that are known."""
    from legalaid_sim.evidence import register

    return tuple(
        # A switch is drawn as a number is, and rounded: three draws in four leave it as it stands.
        Unknown(
            Target(f"{ASSUMPTIONS}.{name}", ASSUMPTIONS, name), *held.range, held.value.mean, held.is_switch
        )
        for name, held in register().items()
        if held.range[0] < held.range[1] and name not in known
    )


def guesses_of(scenario: "Scenario") -> tuple[Unknown, ...]:
    """Give the fields of a scenario that it marks as guesses."""
    data = scenario.model_dump(mode="json")
    return tuple(_guess(path, guess, data) for path, guess in scenario.guesses.items())


def _guess(path: str, guess: "Guess", data: Mapping[str, Any]) -> Unknown:
    from legalaid_sim.experiments.shared.plans import RegimePlan
    from legalaid_sim.scenario.regimes import Practice

    target = Target(f"{SCENARIO}.{path}", SCENARIO, path)
    if guess.between is None:
        return Unknown(target, options=tuple(guess.one_of), weights=tuple(guess.shares))
    now = value_at(target, RegimePlan("", (), Practice()), data)
    low, high = guess.between
    usual = float(now) if isinstance(now, int | float) else (low + high) / 2
    return Unknown(target, low, high, min(max(usual, low), high), isinstance(now, int))


def draw_of(world: int) -> int:
    """Say which draw a world has: worlds 1 and 2 the first, 3 the second, 4 the third, 5 and 6 the fourth, …

    >>> [draw_of(world) for world in range(1, 10)]
    [1, 1, 2, 3, 4, 4, 5, 6, 7]
    """
    block, place = divmod(world - 1, WORLDS)
    return block * DRAWS + max(1, place)


def worlds_holding(draws: int) -> int:
    """Give how many worlds, from the first, hold so many draws.

    >>> [worlds_holding(draws) for draws in range(1, 8)]
    [1, 3, 4, 5, 7, 8, 9]
    """
    whole = (draws - 1) // DRAWS * WORLDS
    return next(world for world in count(whole + 1) if draw_of(world) >= draws)


def answers(values: Iterable[Value], drawn: bool, numbers: Iterable[int] = ()) -> list[Value]:
    """Give what every draw answers: the mean of its worlds, of a share all their cases.

    Worlds of one draw are no two answers to what is unknown; an interval over them as if they were is too narrow.
    Where nothing is drawn every world answers for itself. ``values`` are those of worlds 1 onward, or of ``numbers``.
    """
    if not drawn:
        return list(values)
    held: dict[int, list[Value]] = {}
    for world, value in zip(numbers or count(1), values):
        held.setdefault(draw_of(world), []).append(value)
    return [_together(each) for each in held.values()]


def estimate_of(
    values: Iterable[Value], drawn: bool, numbers: Iterable[int] = (), level: float = LEVEL
) -> Estimate:
    """Give mean and interval over what worlds answer; ``n`` counts the worlds that have a value."""
    held = list(values)
    return over_worlds(
        estimate(answers(held, drawn, numbers), level), add_up(value is not None for value in held)
    )


def over_worlds(found: Estimate, worlds: int) -> Estimate:
    """Let ``n`` of an interval over answers count the worlds that gave them; a single answer has none, and stays 1."""
    return found._replace(n=worlds) if found.n > 1 else found


def _together(values: Sequence[Value]) -> Value:
    told = [value for value in values if value is not None]
    shares = [value for value in told if isinstance(value, Ratio)]
    if len(shares) == len(told) > 1:
        return ratio(_added([each.part for each in shares]), _added([each.whole for each in shares]))
    return told[0] if len(told) == 1 else fsum(told) / len(told) if told else None


def _added(values: Sequence[float]) -> float:
    # What is counted stays counted: intervals of shares hang on whole numbers.
    total = fsum(values)
    return int(total) if all(isinstance(value, int) for value in values) else total


def values_for(scenario: "Scenario", world: int) -> dict[str, Any]:
    """Draw everything unknown for a world, by name; nothing where the scenario takes its assumptions as known."""
    if not scenario.ignorance:
        return {}
    return _drawn(scenario, world)


def scenario_for(scenario: "Scenario", world: int) -> "Scenario":
    """Give the scenario as it is in a world: with what is unknown drawn, or as it stands."""
    from legalaid_sim.scenario.model import Scenario

    if not scenario.ignorance:
        return scenario
    unknowns, values = unknowns_of(scenario), _drawn(scenario, world)
    targets, held = [each.target for each in unknowns], [values[each.name] for each in unknowns]
    data = scenario_with(scenario.model_dump(mode="json"), targets, held)
    return Scenario.model_validate(data)


def knowing(scenario: "Scenario", paths: Iterable[str]) -> "Scenario":
    """Give the scenario with its fields at these paths, and what stands within or around them, no longer guesses."""
    from legalaid_sim.contracts.language.changes import ChangeFailed, find_path

    if not scenario.ignorance or not scenario.guesses:
        return scenario
    data = scenario.model_dump(mode="json")
    known = [find_path(data, path) for path in paths]

    def stays(path: str) -> bool:
        try:
            place = find_path(data, path)
        except ChangeFailed:
            # It went with what stands there now.
            return False
        return not any(place[: len(each)] == each[: len(place)] for each in known)

    return scenario.model_copy(
        update={"guesses": {path: guess for path, guess in scenario.guesses.items() if stays(path)}}
    )


def _drawn(scenario: "Scenario", world: int) -> dict[str, Any]:
    return {
        each.name: each.drawn(uniform(scenario.seed, f"unknown/{each.name}", draw_of(world), 0))
        for each in unknowns_of(scenario)
    }
