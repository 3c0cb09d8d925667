"""The figure of a search: what the best terms gain in worlds that did not choose them, and what they change."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports.charts import plainly, thousands
from legalaid_sim.reports.dots import Data, called, dot, dotted, three
from legalaid_sim.reports.figure import Figure, FigureTable, Panel
from legalaid_sim.reports.finding import label_of, plain, upper
from legalaid_sim.reports.front import Spot, front
from legalaid_sim.reports.numbers import between, shown, signed, spread
from legalaid_sim.units import counted

Points = Sequence[tuple[str, Data]]
MOST_WORDS = 600


def search(data: Data) -> Iterator[Figure]:
    """Draw the points that no others beat, goal against goal and goal by goal, and say what each changes."""
    goals, points = goals_of(data), points_of(data)
    usual, as_it_is = data["as_it_is"], f"{called(data, data['contract'])} as it is"
    names = list(usual["values"])
    yield Figure(
        "search",
        "Terms that no others beat, lived again",
        _held(data, goals),
        [*_fronts(data, points, goals, as_it_is), *_panels(points, goals)],
        FigureTable(
            "Gain over the contract as it is in fresh worlds, with an interval that holds for all together",
            ["terms", *(_place(data, name) for name in names), *map(label_of, goals)],
            [
                [
                    as_it_is,
                    *map(_value, usual["values"].values()),
                    *_goal_cells(usual["measures"], goals),
                ],
                *(
                    [stem, *map(_value, each["values"].values()), *(_gain_cell(each, goal) for goal in goals)]
                    for stem, each in points
                ),
            ],
        ),
        list(_rows(points, names, goals)),
        goals,
        f"Zero is {as_it_is}; its own row gives means ± half the 95 % interval. All lived the same "
        f"{data['fresh_worlds']} worlds, none of which had a part in choosing them. Intervals hold for all points and "
        "goals together; hollow and grey is what was dropped.",
        [(stem, list(_said(data, each))) for stem, each in points],
    )


def goals_of(data: Data) -> list[str]:
    """Give the measures that are goals, each once."""
    return list(dict.fromkeys(goal.partition(":")[2] for goal in data["goals"]))


def points_of(data: Data) -> list[tuple[str, Data]]:
    """Give every point with its name: the file that it is written to, or that it was dropped."""
    return [
        *((Path(each["file"]).stem, each) for each in data["choices"]),
        *((f"dropped {at}", each) for at, each in enumerate(data["dropped"], start=1)),
    ]


def _fronts(data: Data, points: Points, goals: Sequence[str], origin: str) -> Iterator[Panel]:
    """Draw the first goal against each other one."""
    wanted = dict(reversed(goal.partition(":")[::2]) for goal in reversed(data["goals"]))
    for goal in goals[1:] if points else ():
        pair = (goals[0], goal)
        spots = [Spot(stem, *_both(each, *pair), held=not each.get("why_dropped")) for stem, each in points]
        titles = tuple(f"{label_of(name)}{_unit(name)}, {_wanted(wanted[name])}" for name in pair)
        drawing = front(spots, (titles[0], titles[1]), (_show(pair[0]), _show(pair[1])), origin)
        label = "; ".join(f"{s.name} {_gain(s.x, pair[0])} and {_gain(s.y, pair[1])}" for s in spots)
        heading = f"{upper(label_of(pair[1]))} against {label_of(pair[0])}"
        yield Panel(heading, drawing, f"{heading}, gains over {origin}: {label}")


def _both(each: Data, one: str, other: str) -> tuple[Estimate, Estimate]:
    return Estimate(**each["gains"][one]["fresh"]), Estimate(**each["gains"][other]["fresh"])


def _wanted(way: str) -> str:
    return "more is wanted" if way == "max" else "less is wanted"


def _unit(name: str) -> str:
    unit = REGISTRY[name].unit
    return " (points)" if unit == "share" else "" if unit.startswith("GBP") else f" ({unit})"


def _show(name: str) -> Callable[[float], str]:
    unit = REGISTRY[name].unit
    if unit == "share":
        return lambda value: plainly(round(100 * value, 6))
    return thousands if unit.startswith("GBP") else plainly


def _gain(found: Estimate, name: str) -> str:
    unit = REGISTRY[name].unit
    ends = f" ({between(found, unit, sign=True)})" if found.low is not None else ""
    return f"{shown(found.mean, unit, found.half_width, sign=True)}{ends}"


def _panels(points: Points, goals: Sequence[str]) -> Iterator[Panel]:
    for goal in goals if points else ():
        rows = [dot(stem, each["gains"][goal]["fresh"], not each.get("why_dropped")) for stem, each in points]
        told = "; ".join(f"{stem} {_gain_cell(each, goal)}" for stem, each in points)
        yield Panel(label_of(goal), dotted(rows, goal), f"{label_of(goal)}: {told}")


def _said(data: Data, each: Data) -> Iterator[str]:
    """Say what a point changes, in the words of the contract where the search kept them."""
    words = each.get("in_words") or [
        f"{_place(data, name)}: {_value(value)}" for name, value in each["values"].items()
    ]
    yield from (plain(line, MOST_WORDS) for line in words)
    if each.get("why_dropped"):
        yield f"Dropped: {plain(each['why_dropped'])}."


def _place(data: Data, name: str) -> str:
    return str(data.get("places", {}).get(name) or plain(name))


def _value(value: Any) -> str:
    return plain(value).replace("_", " ")


def _rows(points: Points, names: Sequence[str], goals: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    parts = ("gain", "low", "high", "chosen")
    yield ("terms", *names, *(f"{goal}_{part}" for goal in goals for part in parts))
    for stem, each in points:
        values = map(str, each["values"].values())
        gains = [each["gains"][goal] for goal in goals]
        numbers = (value for gain in gains for value in (*three(gain["fresh"]), gain["chosen"]["mean"]))
        yield (stem, *values, *numbers)


def _held(data: Data, goals: Sequence[str]) -> str:
    best = len(data["choices"]) + len(data["dropped"])
    wanted = " and ".join(
        f"{way}imal {label_of(name)}" for way, _, name in (g.partition(":") for g in data["goals"])
    )
    said = (
        f"Of {counted(data['tried'], 'set')} of terms tried for {wanted}, {best} "
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
