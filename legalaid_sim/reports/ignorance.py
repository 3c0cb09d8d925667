"""What is said of a difference under what nobody knows: in a sentence, in a table of the terminal, in a figure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from legalaid_sim.experiments.shared.doubt import Doubt
from legalaid_sim.experiments.shared.doubt_files import doubts_from
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports import columns
from legalaid_sim.reports.dots import Data, called, dot, dotted
from legalaid_sim.reports.figure import Figure, FigureTable, Panel
from legalaid_sim.reports.finding import label_of, listed, plain
from legalaid_sim.reports.numbers import number, range_shown, signed, spread
from legalaid_sim.reports.titles import unknown_in_words
from legalaid_sim.units import brief, counted

MOST_PANELS = 3
BY_CHANCE = "chance alone"
FEW = "too few worlds to part chance from what is not known (12 do)"
# How much of what may come of guesses lies in the range, by how many draws it is from.
HELD = {9: 0.75, 30: 0.85}
ROUGHLY = (
    "Of all that may come of guesses it holds less: "
    + ", ".join(f"about {share:.0%} from {draws} draws" for draws, share in HELD.items())
    + "."
)
LEGEND = (
    "difference: the mean over what is not known, ± half its 95 % interval (other draws as well as other people); "
    "chance ±: what chance alone leaves of that; over what is not known: where nine in ten of the draws "
    "lie, chance taken out; turned by: what it goes along with, beyond chance (Holm)"
)


def in_doubt(doubt: Doubt) -> str:
    """Say both ranges of a difference in a sentence."""
    if doubt.chance is None:
        return f"What is not known was drawn, but these are {FEW}."
    over = over_what(doubt)
    goes = f"over what is not known it goes from {over} (nine in ten)"
    if over == BY_CHANCE:
        goes = "what is not known adds nothing that is seen beyond it"
    turned = f"; it turns with {listed([turn.name for turn in doubt.turns])}" if doubt.turns else ""
    return (
        f"Chance alone leaves ± {_alone(doubt)} to that; {goes}, "
        f"{_way(doubt)} in {doubt.ahead} of {counted(doubt.worlds, 'world')}{turned}."
    )


def _mean(doubt: Doubt) -> str:
    """Give the mean with half its interval, as a difference is shown; without it where it is not known."""
    half, mean = doubt.half, doubt.mean
    low, high = (None, None) if half is None or mean is None else (mean - half, mean + half)
    return spread(Estimate(mean, low, high, doubt.worlds), REGISTRY[doubt.measure].unit, sign=True)


def _alone(doubt: Doubt) -> str:
    """Give what chance leaves, as a difference is shown."""
    return number(doubt.chance, REGISTRY[doubt.measure].unit, doubt.chance, sign=True).removeprefix("+")


def over_what(doubt: Doubt) -> str:
    """Give the range over what is not known, or say that chance alone made it."""
    found = Estimate(doubt.mean, doubt.low, doubt.high, doubt.worlds)
    text = range_shown(found, REGISTRY[doubt.measure].unit, sign=True)
    low, _, high = text.partition(" to ")
    return BY_CHANCE if high.partition(" ")[0] == low else text


def _way(doubt: Doubt) -> str:
    """Name the side on which the mean lies: better or worse where the measure has a better side."""
    more = (doubt.mean or 0.0) > 0
    best = REGISTRY[doubt.measure].better
    if best == "neither":
        return "more" if more else "less"
    return "better" if more == (best == "higher") else "worse"


def doubts_table(doubts: Sequence[Doubt]) -> str:
    """Set out the doubts of one contract for the terminal; empty where there are none."""
    from legalaid_sim.reports.columns import terminal_width, wrapped

    if not doubts:
        return ""
    if all(doubt.chance is None for doubt in doubts):
        return wrapped(f"what is not known was drawn: {FEW}")
    rows = [["", "", "difference", "chance ±", "over what is not known", "side", "turned by"]]
    for doubt in doubts:
        unit = REGISTRY[doubt.measure].unit
        rows.append(
            [
                doubt.measure,
                unit,
                _mean(doubt),
                _alone(doubt),
                over_what(doubt),
                f"{_way(doubt)} in {doubt.ahead} of {doubt.worlds}" if doubt.mean else "",
                doubt.turns[0].name if doubt.turns else "",
            ]
        )
    return f"what is not known\n{columns.set_out(rows, terminal_width(), 2, (1, 3))}\n{wrapped(LEGEND)}"


def ignorance(data: Mapping[str, Any]) -> Iterator[Figure]:
    """Draw every difference over what is not known, a panel a measure, and set out what turns it."""
    doubts = [doubt for doubt in doubts_from(data) if doubt.low is not None]
    if not doubts:
        return
    asked = [*data.get("asked", ()), *(doubt.measure for doubt in doubts)]
    names = list(dict.fromkeys(name for name in asked if any(doubt.measure == name for doubt in doubts)))
    yield Figure(
        "ignorance",
        "What is not known",
        _turned(doubts),
        list(_panels(doubts, names, data)),
        FigureTable(
            "Differences, chance, and the range over what is not known",
            ["measure", "contract", "difference", "chance ±", "over what is not known", "side", "turned by"],
            [_row(doubt, data) for doubt in doubts],
        ),
        [
            (
                "measure",
                "contract",
                "difference",
                "half",
                "chance",
                "low",
                "high",
                "ahead",
                "worlds",
                "turned_by",
            ),
            *(
                (
                    d.measure,
                    d.contract,
                    d.mean,
                    d.half,
                    d.chance,
                    d.low,
                    d.high,
                    d.ahead,
                    d.worlds,
                    "; ".join(_turns(d)),
                )
                for d in doubts
            ),
        ],
        names,
        "Under each difference lies what nobody knows: assumptions without a source, and guesses of the scenario. "
        "Worlds drew it, of four two the same. "
        f"Drawn is the mean with the range that holds nine in ten of the draws, chance taken out. {ROUGHLY} "
        f"{LEGEND[:1].upper()}{LEGEND[1:]}. " + " ".join(_branches(doubts, data)),
    )


def _panels(doubts: Sequence[Doubt], names: Sequence[str], data: Data) -> Iterator[Panel]:
    for name in names[:MOST_PANELS]:
        rows = [
            dot(called(data, doubt.contract), {"mean": doubt.mean, "low": doubt.low, "high": doubt.high})
            for doubt in doubts
            if doubt.measure == name
        ]
        yield Panel(label_of(name), dotted(rows, name))


def _turned(doubts: Sequence[Doubt]) -> str:
    turned = list(dict.fromkeys(unknown_in_words(turn.name) for doubt in doubts for turn in doubt.turns))
    both = _either_sign(doubts)
    said = f"{both} of {counted(len(doubts), 'difference')} may turn over what is not known"
    return (
        f"{said}; what turns most: {listed([unknown_in_words(name, 60) for name in turned[:2]])}."
        if turned
        else f"{said}; no single unknown stands clear of chance."
    )


def _either_sign(doubts: Sequence[Doubt]) -> int:
    """Count the differences whose range over what is not known holds 0 inside."""
    return len([d for d in doubts if d.low is not None and d.high is not None and d.low < 0 < d.high])


def _row(doubt: Doubt, data: Data) -> list[str]:
    side = f"{_way(doubt)} in {doubt.ahead} of {doubt.worlds}"
    return [
        label_of(doubt.measure), called(data, doubt.contract), _mean(doubt),
        _alone(doubt), over_what(doubt), side, "; ".join(_turns(doubt)) or "–",
    ]  # fmt: skip


def _turns(doubt: Doubt) -> list[str]:
    return [f"{unknown_in_words(turn.name)} ({turn.correlation:+.2f})" for turn in doubt.turns[:3]]


def _branches(doubts: Sequence[Doubt], data: Data) -> Iterator[str]:
    for doubt in doubts:
        unit = REGISTRY[doubt.measure].unit
        for branch in doubt.branches:
            where = "".join(f"{plain(word)}, " for word in branch.within)
            number_ = isinstance(branch.at, int | float) and not isinstance(branch.at, bool)
            at = f"at most {brief(branch.at)}" if number_ else str(branch.at)
            yield (
                f"'{label_of(doubt.measure)}' under {called(data, doubt.contract)}: where {where}"
                f"{unknown_in_words(branch.name)} is "
                f"{plain(at)}, {signed(branch.here, unit)} ({counted(branch.draws[0], 'draw')}), else "
                f"{signed(branch.there, unit)} ({branch.draws[1]})."
            )
