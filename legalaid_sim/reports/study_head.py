"""What stands first on the page of a study: the answer in words, and what it rests on with intervals."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.measures import REGISTRY
from legalaid_sim.measures.words import moved
from legalaid_sim.reports.dots import Data, called
from legalaid_sim.reports.finding import label_of, plain, upper
from legalaid_sim.reports.frontier import frontier_lines
from legalaid_sim.reports.numbers import range_shown, shown
from legalaid_sim.reports.search_figure import goals_of
from legalaid_sim.reports.titles import clause_in_short, unknown_in_words
from legalaid_sim.units import counted

MOST_LINES, NEARLY = 4, 0.9


class Head(NamedTuple):
    """A title of few words, and lines with ranges."""

    title: str
    ranges: list[str]


def head_of(data: Data) -> Head | None:
    """Give the answer of a study; None for a kind that has none of its own or where nothing was found."""
    write = HEADS.get(str(data.get("kind")))
    found = write(data) if write else None
    return found._replace(ranges=found.ranges[:MOST_LINES]) if found else None


def _sweep(data: Data) -> Head | None:
    held = [each for each in data["differences"] if each["quantiles"]]
    if not held:
        return None
    asked = list(dict.fromkeys(each["measure"] for each in data.get("along", ())))
    names = asked or list(dict.fromkeys(each["measure"] for each in held))
    first = [each for name in names for each in held if each["measure"] == name]
    steady = [each for each in first if max(each["more"], each["less"]) >= NEARLY]
    ordered = [*steady[:1], *(each for each in first if each not in steady[:1])]
    return Head(_swept(data, first, steady), [_over_points(data, each) for each in ordered])


def _swept(data: Data, first: Sequence[Data], steady: Sequence[Data]) -> str:
    if steady:
        each = steady[0]
        told = round(max(each["more"], each["less"]) * each["points"])
        words = moved(REGISTRY[each["measure"]], each["more"] > each["less"])
        where = f"all {told} points" if told == each["points"] else f"{told} of {each['points']} points"
        return f"{words} under {called(data, each['contract'])} at {where}"
    turning = [each for each in first if each["more"] > 0 and each["less"] > 0]
    if turning:
        return f"What was varied turns “{label_of(turning[0]['measure'])}” under {called(data, turning[0]['contract'])}"
    return f"At most points the worlds cannot tell whether “{label_of(first[0]['measure'])}” differs"


def _over_points(data: Data, each: Data) -> str:
    unit = REGISTRY[each["measure"]].unit
    low, _, middle, _, high = each["quantiles"]
    spread = range_shown(Estimate(middle, low, high, 2), unit, sign=True)
    told = ", ".join(
        f"{word} at {each[key]:.0%}"
        for key, word in (("more", "more"), ("less", "less"), ("no_matter", "no difference that matters"),
                          ("untold", "not told"))
        if each[key]
    )  # fmt: skip
    return (
        f"{upper(label_of(each['measure']))} under {called(data, each['contract'])}: {shown(middle, unit, sign=True)} "
        f"at the middle point, nine in ten {spread}; {told} of {counted(each['points'], 'point')}."
    )


def _sensitivity(data: Data) -> Head:
    effects = _effects(data)
    clear = [each for each in effects if each[3]["clear"]]
    if not clear:
        title = "No assumption tried is seen to move the result beyond chance"
    else:
        name, measure, contract, _ = clear[0]
        title = (
            f"“{unknown_in_words(name, 60)}” moves {label_of(measure)} most under {called(data, contract)}"
        )
    lines = [_order(data, told) for told in data["rankings"] if told["share_with_more"]["mean"] is not None]
    return Head(title, [*(_effect(data, each) for each in clear[:1]), *lines])


def _effects(data: Data) -> list[tuple[str, str, str, Data]]:
    """Give what every parameter does to the differences of the first measure, the largest first."""
    part = "differences" if len(data["contracts"]) > 1 else "parameters"
    measure = data["measures"][0]
    held = [
        (name, measure, contract, effect)
        for name, measures in data[part].items()
        for contract, effect in measures[measure].items()
        if effect["size"]["mean"]
    ]
    return sorted(held, key=lambda each: (-each[3]["size"]["mean"], each[0]))


def _effect(data: Data, each: tuple[str, str, str, Data]) -> str:
    _, measure, contract, effect = each
    unit, mean = REGISTRY[measure].unit, Estimate(**effect["mean"])
    return (
        f"Through its range it changes {_difference(data, contract, measure)} by "
        f"{shown(mean.mean, unit, mean.half_width, sign=True)} (95 % interval {range_shown(mean, unit, sign=True)})."
    )


def _difference(data: Data, contract: str, measure: str) -> str:
    baseline = data["contracts"][0]
    if contract == baseline:
        return label_of(measure)
    return f"the difference of {called(data, contract)} from {called(data, baseline)} in {label_of(measure)}"


def _order(data: Data, told: Data) -> str:
    ours, theirs = (called(data, told[side]) for side in ("contract", "baseline"))
    label = upper(label_of(told["measure"]))
    more, less, hidden = (told[f"share_{key}"]["mean"] for key in ("with_more", "with_less", "not_told"))
    if hidden == 1:
        return f"{label}: nowhere can the worlds tell {ours} from {theirs}."
    side, share = ("more", told["share_with_more"]) if more >= less else ("less", told["share_with_less"])
    ends = "" if share["low"] is None else f" ({share['low']:.0%} to {share['high']:.0%})"
    rest = "" if not hidden else f"; at {hidden:.0%} the worlds cannot tell"
    return f"{label}: {ours} has {side} than {theirs} at {share['mean']:.0%}{ends} of the points{rest}."


def _attribution(data: Data) -> Head | None:
    held = {name: each for name, each in data["measures"].items() if each["total"]["mean"] is not None}
    if not held:
        return None
    told = [name for name, each in held.items() if _told(each["total"])]
    if not told:
        title = f"{counted(data['worlds'], 'world')} cannot tell the two contracts apart"
    else:
        words = moved(REGISTRY[told[0]], held[told[0]]["total"]["mean"] > 0)
        title = f"{words} under {called(data, data['to'])}"
    return Head(title, list(_causes(held)))


def _told(found: Data) -> bool:
    return found["low"] is not None and (found["low"] > 0 or found["high"] < 0)


def _causes(held: Mapping[str, Data]) -> Iterator[str]:
    for name, each in held.items():
        unit, total = REGISTRY[name].unit, Estimate(**each["total"])
        said = f"{upper(label_of(name))}: {shown(total.mean, unit, total.half_width, sign=True)} "
        said += f"({range_shown(total, unit, sign=True)})"
        shares = [
            (clause, share["share"]) for clause, share in each["shares"].items() if share["share"]["mean"]
        ]
        clear = [(clause, share) for clause, share in shares if _told(share)]
        if clear:
            clause, share = max(clear, key=lambda pair: abs(pair[1]["mean"]))
            part = Estimate(**share)
            accounts = (
                f"{shown(part.mean, unit, part.half_width, sign=True)} ({range_shown(part, unit, sign=True)})"
            )
            said += f"; “{clause_in_short(clause)}” accounts for {accounts}"
        elif shares:
            said += ", no clause told from chance"
        yield f"{said}."


def _search(data: Data) -> Head:
    name, kept = called(data, data["contract"]), len(data["choices"])
    if kept:
        title = f"{upper(_sets(kept))} of terms better {name} in worlds that did not choose them"
    else:
        title = f"No terms tried are told to better {name} in fresh worlds"
    lines = [
        f"{counted(data['tried'], 'set')} of terms tried; {kept + len(data['dropped'])} were beaten by no other."
    ]
    return Head(title, [*_gains(data), *lines])


def _sets(count: int) -> str:
    return f"{count} {'set' if count == 1 else 'sets'}"


def _gains(data: Data) -> Iterator[str]:
    """Say, of each goal, what the best of the terms that hold gain in it."""
    ways = {name: way for way, _, name in (goal.partition(":") for goal in data["goals"])}
    for goal in goals_of(data) if data["choices"] else ():
        unit, sign = REGISTRY[goal].unit, 1 if ways[goal] == "max" else -1
        best = max(data["choices"], key=lambda each: sign * each["gains"][goal]["fresh"]["mean"])
        gain = Estimate(**best["gains"][goal]["fresh"])
        yield (
            f"{upper(label_of(goal))}, {'more' if sign > 0 else 'less'} wanted: at best "
            f"{shown(gain.mean, unit, gain.half_width, sign=True)} ({range_shown(gain, unit, sign=True)}), by terms "
            f"{plain(str(best['file']).rpartition('/')[2].removesuffix('.yaml'))}."
        )


def _frontier(data: Data) -> Head | None:
    """Say the largest price in days of waiting for a further meeting, and all prices with their ranges."""
    held = [each for each in data["prices"] if each["mean"] is not None]
    if not held:
        return None
    dearest = max(held, key=lambda each: float(each["mean"]))
    unit = REGISTRY[dearest["measure"]].unit
    days = shown(dearest["mean"], unit, sign=True)
    words = f"A tenth more of continuity costs {days} of {label_of(dearest['measure'])}"
    return Head(f"{words} at most, under {called(data, dearest['contract'])}", frontier_lines(data))


HEADS: Mapping[str, Callable[[Data], Head | None]] = {
    "sweep": _sweep,
    "sensitivity": _sensitivity,
    "attribution": _attribution,
    "search": _search,
    "frontier": _frontier,
}
