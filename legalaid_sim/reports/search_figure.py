"""The figure of a search: what the best terms gain in worlds that did not choose them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports.dots import Data, called, dot, dotted, three
from legalaid_sim.reports.figure import Figure, Panel, Table
from legalaid_sim.reports.finding import label_of, plain
from legalaid_sim.reports.numbers import between, signed, spread
from legalaid_sim.units import counted


def search(data: Data) -> Iterator[Figure]:
    """Draw what the terms that no others beat gain in worlds that did not choose them, a panel for each goal."""
    goals = list(dict.fromkeys(goal.partition(":")[2] for goal in data["goals"]))
    points = [
        *((Path(each["file"]).stem, each) for each in data["choices"]),
        *((f"dropped {at}", each) for at, each in enumerate(data["dropped"], start=1)),
    ]
    usual, as_it_is = data["as_it_is"], f"{called(data, data['contract'])} as it is"
    names = list(usual["values"])
    yield Figure(
        "search",
        "Terms that no others beat, lived again",
        _held(data, goals),
        list(_panels(points, goals)),
        Table(
            "Gain over the contract as it is in fresh worlds, with an interval that holds for all together",
            ["terms", *map(plain, names), *map(label_of, goals)],
            [
                [
                    as_it_is,
                    *map(plain, usual["values"].values()),
                    *_goal_cells(usual["measures"], goals),
                ],
                *(
                    [stem, *map(plain, each["values"].values()), *(_gain_cell(each, goal) for goal in goals)]
                    for stem, each in points
                ),
            ],
        ),
        list(_rows(points, names, goals)),
        goals,
        f"Zero is {as_it_is}; its own row gives means ± half the 95 % interval. All lived the same "
        f"{data['fresh_worlds']} worlds, none of which had a part in choosing them.",
    )


def _panels(points: Sequence[tuple[str, Data]], goals: Sequence[str]) -> Iterator[Panel]:
    for goal in goals if points else ():
        rows = [dot(_terms(stem, each), each["gains"][goal]["fresh"]) for stem, each in points]
        yield Panel(label_of(goal), dotted(rows, goal))


def _terms(stem: str, each: Data) -> str:
    """Name a point by what it changes, as far as there is room."""
    values = ", ".join(f"{plain(name.rpartition('.')[2])} {value}" for name, value in each["values"].items())
    return f"{stem}: {values}"


def _rows(
    points: Sequence[tuple[str, Data]], names: Sequence[str], goals: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    parts = ("gain", "low", "high", "chosen")
    yield ("terms", *names, *(f"{goal}_{part}" for goal in goals for part in parts))
    for stem, each in points:
        values = map(str, each["values"].values())
        gains = [each["gains"][goal] for goal in goals]
        numbers = (value for gain in gains for value in (*three(gain["fresh"]), gain["chosen"]["mean"]))
        yield (stem, *values, *numbers)


def _held(data: Data, goals: Sequence[str]) -> str:
    best = len(data["choices"]) + len(data["dropped"])
    said = (
        f"Of {counted(data['tried'], 'point')} tried for {', '.join(map(plain, data['goals']))}, {best} "
        f"{'was' if best == 1 else 'were'} beaten by no other; in {data['fresh_worlds']} fresh worlds "
        f"{len(data['choices'])} of them {'holds' if len(data['choices']) == 1 else 'hold'}."
    )
    for goal in goals:
        if data["shrinkage"][goal] is not None:
            chosen, fresh = (signed(value, REGISTRY[goal].unit) for value in data["shrinkage"][goal])
            said += (
                f" In '{label_of(goal)}' they gained {chosen} on average where they were chosen, {fresh} in"
            )
            said += " fresh worlds."
    return said


def _gain_cell(each: Data, goal: str) -> str:
    unit, gain = REGISTRY[goal].unit, Estimate(**each["gains"][goal]["fresh"])
    said = signed(gain.mean, unit, gain.half_width)
    return said if gain.low is None else f"{said} ({between(gain, unit, sign=True)})"


def _goal_cells(held: Data, goals: Sequence[str]) -> list[str]:
    return [spread(Estimate(**held[goal]), REGISTRY[goal].unit) for goal in goals]
