"""The figure of contracts at equal money: differences when the payer comes to owe what it does under the baseline."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from legalaid_sim.experiments.shared.lasting import SPEND
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.experiments.shared.verdicts import CANNOT_TELL
from legalaid_sim.reports.comparison import MADE
from legalaid_sim.reports.dots import called, dot, dotted
from legalaid_sim.reports.figure import Figure, FigureTable, Panel
from legalaid_sim.reports.finding import label_of, plain
from legalaid_sim.reports.numbers import between, signed, spread_shown

MOST_PANELS = 3


def equal_money(data: Mapping[str, Any]) -> Iterator[Figure]:
    """Draw the differences from the baseline at equal money, a panel for each measure."""
    held = [each for each in data["contracts"] if each["factor"] is not None]
    rows = [
        (called(data, each["contract"]), difference) for each in held for difference in each["differences"]
    ]
    asked = [*data.get("asked", ()), *(difference["measure"] for _, difference in rows)]
    names = list(dict.fromkeys(name for name in asked if any(d["measure"] == name for _, d in rows)))
    found = [name for name in names if name != SPEND]
    yield Figure(
        "equal_money",
        "At equal money",
        _answer(rows, found),
        list(_panels(rows, found)),
        FigureTable(
            f"Differences from {called(data, data['baseline'])} when the payer comes to owe the same",
            ["measure", "contract", "difference", "95 % interval", "verdict"],
            [
                [label_of(d["measure"]), name, signed(d["mean"], d["unit"]), _between(d), _verdict(d)]
                for name, d in rows
            ],
        ),
        [
            ("measure", "contract", "difference", "low", "high", "n", "verdict"),
            *((d["measure"], name, d["mean"], d["low"], d["high"], d["n"], d["verdict"]) for name, d in rows),
        ],
        names,
        " ".join(
            [*_factors(held, data), *(_failed(each, data) for each in data["contracts"] if each not in held)]
        )
        + " Every amount that a contract names was multiplied by one factor: fees, rates, caps and thresholds in "
        "money, not what is claimed as it was spent. The worlds are the same.",
    )


def _answer(rows: Sequence[tuple[str, Mapping[str, Any]]], names: Sequence[str]) -> str:
    """Say, of the first measure, what is left of the largest difference at equal money."""
    for measure in names:
        held = [(name, d) for name, d in rows if d["measure"] == measure and d["mean"] is not None]
        if held:
            name, most = max(held, key=lambda each: abs(each[1]["mean"]))
            found = Estimate(*(most[key] for key in ("mean", "low", "high", "n")))
            said = spread_shown(found, most["unit"], sign=True)
            return f"For the same money, {label_of(measure)} under {name}: {said}, {most['verdict']}."
    return "No contract could be brought to the same money."


def _factors(held: Sequence[Mapping[str, Any]], data: Mapping[str, Any]) -> list[str]:
    """Say what the amounts of each contract were multiplied by, and how near the payer's sum then is."""
    if not held:
        return []
    times = ", ".join(f"{called(data, each['contract'])} {each['factor']:.4f}" for each in held)
    near = [each["times_baseline"] for each in held if each["times_baseline"] is not None]
    ends = dict.fromkeys(f"{end(near):.3f}" for end in (min, max)) if near else ()
    owed = f"; the payer then comes to owe {' to '.join(ends)} of the first sum" if near else ""
    return [f"Amounts times: {times}{owed}."]


def _failed(each: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    name, first = called(data, each["contract"]), called(data, data["baseline"])
    return f"{name} could not be brought to the money of {first}: {plain(each['why_not'], 200)}."


def _verdict(difference: Mapping[str, Any]) -> str:
    return MADE if difference["measure"] == SPEND else str(difference["verdict"])


def _between(difference: Mapping[str, Any]) -> str:
    found = Estimate(*(difference[key] for key in ("mean", "low", "high", "n")))
    return between(found, difference["unit"], sign=True) + ", pooled" * ("pooled_of" in difference)


def _panels(rows: Sequence[tuple[str, Mapping[str, Any]]], names: Sequence[str]) -> Iterator[Panel]:
    for measure in names[:MOST_PANELS]:
        held = [
            dot(name, d, d["verdict"] != CANNOT_TELL)
            for name, d in rows
            if d["measure"] == measure and d["mean"] is not None
        ]
        if held:
            yield Panel(label_of(measure), dotted(held, measure))
