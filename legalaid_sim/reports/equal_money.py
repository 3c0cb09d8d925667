"""The figure of contracts at equal money: differences when the payer comes to owe what it does under the baseline."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from legalaid_sim.experiments.shared.lasting import SPEND
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.reports.comparison import MADE, factor_in_words
from legalaid_sim.reports.dots import called, dot, dotted
from legalaid_sim.reports.figure import Figure, Panel, Table
from legalaid_sim.reports.finding import label_of, plain
from legalaid_sim.reports.numbers import between, signed

MOST_PANELS = 8


def equal_money(data: Mapping[str, Any]) -> Iterator[Figure]:
    """Draw the differences from the baseline at equal money, a panel for each measure."""
    held = [each for each in data["contracts"] if each["factor"] is not None]
    rows = [
        (called(data, each["contract"]), difference) for each in held for difference in each["differences"]
    ]
    names = list(dict.fromkeys(difference["measure"] for _, difference in rows))
    found = [name for name in names if name != SPEND]
    yield Figure(
        "equal_money",
        "At equal money",
        " ".join(_said(each, data) for each in data["contracts"]),
        list(_panels(rows, found)),
        Table(
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
        "Every amount that a contract names was multiplied by one factor: fees, rates, caps and thresholds in money, "
        "not what is claimed as it was spent. The worlds are the same.",
    )


def _said(each: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    name = called(data, each["contract"])
    if each["factor"] is None:
        first = called(data, data["baseline"])
        return f"{name} could not be brought to the money of {first}: {plain(each['why_not'], 200)}."
    return f"{name} is lived with {factor_in_words(each['factor'], each['times_baseline'])}."


def _verdict(difference: Mapping[str, Any]) -> str:
    return MADE if difference["measure"] == SPEND else str(difference["verdict"])


def _between(difference: Mapping[str, Any]) -> str:
    found = Estimate(*(difference[key] for key in ("mean", "low", "high", "n")))
    return between(found, difference["unit"], sign=True) + ", pooled" * ("pooled_of" in difference)


def _panels(rows: Sequence[tuple[str, Mapping[str, Any]]], names: Sequence[str]) -> Iterator[Panel]:
    for measure in names[:MOST_PANELS]:
        held = [dot(name, d) for name, d in rows if d["measure"] == measure and d["mean"] is not None]
        if held:
            yield Panel(label_of(measure), dotted(held, measure))
