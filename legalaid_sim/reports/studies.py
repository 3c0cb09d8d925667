"""Figures and pages of sensitivity analyses, attributions, searches and sweeps, from their JSON objects."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from legalaid_sim.experiments.statistics import Estimate
from legalaid_sim.files import write_whole
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports import charts
from legalaid_sim.reports.figure import Figure, Panel, Table
from legalaid_sim.reports.finding import how_many, interval, label_of, plain
from legalaid_sim.reports.numbers import between, signed, spread
from legalaid_sim.units import counted

FILES = ("search.json", "sensitivity.json", "attribution.json")
MOST_SHOWN, MOST_PANELS, LABEL = 10, 8, 26
Data = Mapping[str, Any]


def figures_of(data: Data) -> list[Figure]:
    """Give the figures of one study; none for a kind that has none."""
    return list(KINDS.get(str(data.get("kind")), _nothing)(data))


def _nothing(data: Data) -> Iterator[Figure]:
    yield from ()


def sensitivity(data: Data) -> Iterator[Figure]:
    """Draw what moves the differences between contracts, the largest effects first."""
    baseline, *others = data["contracts"]
    pairs = [(measure, contract) for measure in data["measures"] for contract in others]
    alone = not pairs
    pairs = pairs or [(measure, baseline) for measure in data["measures"]]
    part = "parameters" if alone else "differences"
    effects = {
        (measure, contract): {name: data[part][name][measure][contract] for name in data[part]}
        for measure, contract in pairs
    }
    rows = [
        [name, label_of(measure), plain(contract), *_effect_cells(effect, REGISTRY[measure].unit)]
        for (measure, contract), held in effects.items()
        for name, effect in _largest(held, len(held))
    ]
    yield Figure(
        "sensitivity",
        "Which assumptions move the result",
        _rankings(data),
        list(_effect_panels(effects, baseline, alone)),
        Table(
            "Change as a parameter goes through its range",
            ["parameter", "measure", "contract", "change", "95 % interval", "clear of chance"],
            rows,
        ),
        [
            ("parameter", "measure", "contract", "change", "low", "high", "size", "noise", "clear"),
            *(
                (
                    name,
                    measure,
                    contract,
                    *_three(each["mean"]),
                    each["size"]["mean"],
                    each["noise"],
                    each["clear"],
                )
                for (measure, contract), held in effects.items()
                for name, each in held.items()
            ),
        ],
        list(data["measures"]),
        f"{counted(data['points'], 'point')} by {data['method']}, {counted(data['runs'], 'run')} in "
        f"{counted(data['worlds'], 'world')}. "
        "Drawn is the change of the difference from the first contract, with its 95 % interval.",
    )


def _largest(held: Mapping[str, Data], count: int) -> list[tuple[str, Data]]:
    moving = [(name, each) for name, each in held.items() if each["size"]["mean"]]
    return sorted(moving, key=lambda item: (-item[1]["size"]["mean"], item[0]))[:count]


def _effect_panels(
    effects: Mapping[tuple[str, str], Mapping[str, Data]], baseline: str, alone: bool
) -> Iterator[Panel]:
    for place, ((measure, contract), held) in enumerate(list(effects.items())[:MOST_PANELS]):
        rows = [_dot(plain(name, LABEL), each["mean"]) for name, each in _largest(held, MOST_SHOWN)]
        if rows:
            less = "" if alone else f" less {plain(baseline)}"
            heading = f"{label_of(measure)}: {plain(contract)}{less}"
            chart = charts.dots(rows, ["change"], REGISTRY[measure].unit, shares=False)
            yield Panel(heading, charts.draw(chart, heading, f"e{place}"))


def _dot(label: str, found: Data) -> dict[str, Any]:
    mean, low, high = _three(found)
    ends = (mean if low is None else low, mean if high is None else high)
    return {"label": label, "series": "change", "mean": mean, "low": ends[0], "high": ends[1]}


def _three(found: Data) -> tuple[Any, Any, Any]:
    return found["mean"], found["low"], found["high"]


def _effect_cells(effect: Data, unit: str) -> list[str]:
    return [*_change_cells(effect["mean"], unit), "yes" if effect["clear"] else "no"]


def _change_cells(found: Data, unit: str) -> list[str]:
    change = Estimate(**found)
    return [signed(change.mean, unit, change.half_width), between(change, unit, sign=True)]


def _rankings(data: Data) -> str:
    told = [_ranking(each) for each in data["rankings"] if each["share_with_more"]["mean"] is not None]
    return (
        " ".join(told)
        or "There is one contract only, so that no order can turn; what moves its measures is drawn."
    )


def _ranking(told: Data) -> str:
    share = told["share_with_more"]["mean"]
    turning = sorted(told["flips"].items(), key=lambda item: (-item[1], item[0]))
    by = (
        f"turned by {', '.join(plain(name) for name, _ in turning[:3])}"
        if turning
        else "turned by no parameter alone"
    )
    return (
        f"{plain(told['contract'])} has more than {plain(told['baseline'])} of "
        f"'{label_of(told['measure'])}' at "
        f"{share:.0%} of the points tried, {by}."
    )


def attribution(data: Data) -> Iterator[Figure]:
    """Draw which clauses cause the difference between two contracts, a panel for each measure."""
    held = {name: each for name, each in data["measures"].items() if each["total"]["mean"] is not None}
    ranked = {name: _shares(each) for name, each in held.items()}
    panels = [
        Panel(label_of(name), _dotted(rows, name, f"t{place}"))
        for place, (name, shares) in enumerate(list(ranked.items())[:MOST_PANELS])
        if (rows := [_dot(plain(clause, LABEL), share["share"]) for clause, share in shares[:MOST_SHOWN]])
    ]  # fmt: skip
    yield Figure(
        "attribution",
        "Which clauses cause the difference",
        " ".join(_cause(data, name, held[name], shares) for name, shares in ranked.items() if shares)
        or "No clause changes any of the measures.",
        panels,
        Table(
            f"From {plain(data['from'])} to {plain(data['to'])}: the change shared out over clauses",
            ["clause", "measure", "share of the change", "95 % interval", "alone"],
            [
                [plain(clause), label_of(name), *_share_cells(share, REGISTRY[name].unit)]
                for name, shares in ranked.items()
                for clause, share in shares
            ],
        ),
        [
            ("measure", "clause", "share", "low", "high", "alone", "alone_low", "alone_high"),
            *(
                (name, clause, *_three(share["share"]), *_three(share["alone"]))
                for name, shares in ranked.items()
                for clause, share in shares
            ),
        ],
        list(held),
        f"Shapley values over {counted(data['worlds'], 'world')}, "
        f"{'exact' if data['exact'] else 'over drawn orders'}: what a "
        "clause adds on average over all orders of making the changes. The shares sum to the whole change.",
    )


def _dotted(rows: Sequence[Data], name: str, mark: str) -> str:
    chart = charts.dots(rows, ["change"], REGISTRY[name].unit, shares=False)
    return charts.draw(chart, label_of(name), mark)


def _shares(measure: Data) -> list[tuple[str, Data]]:
    shares = [(clause, share) for clause, share in measure["shares"].items() if share["share"]["mean"]]
    return sorted(shares, key=lambda item: (-abs(item[1]["share"]["mean"]), item[0]))


def _share_cells(share: Data, unit: str) -> list[str]:
    alone = Estimate(**share["alone"])
    return [*_change_cells(share["share"], unit), signed(alone.mean, unit, alone.half_width)]


def _cause(data: Data, name: str, measure: Data, shares: Sequence[tuple[str, Data]]) -> str:
    unit, (clause, share) = REGISTRY[name].unit, shares[0]
    total, part = Estimate(**measure["total"]), Estimate(**share["share"])
    known = part.low is not None and part.high is not None and (part.low > 0 or part.high < 0)
    said = "accounts for" if known else "seems to account for, not clearly,"
    return (
        f"'{label_of(name)}' changes by {signed(total.mean, unit, total.half_width)} "
        f"({interval(total, unit, sign=True)}), of "
        f"which the clause '{plain(clause)}' {said} "
        f"{signed(part.mean, unit, part.half_width)} "
        f"({interval(part, unit, sign=True)})."
    )


def search(data: Data) -> Iterator[Figure]:
    """Draw the terms that no others beat, by the first two goals."""
    goals = [goal.partition(":")[2] for goal in data["goals"]]
    points = [
        ("as it is", data["as_it_is"]),
        *((Path(each["file"]).stem, each["measures"]) for each in data["choices"]),
    ]
    across, up = goals[0], goals[1] if len(goals) > 1 else goals[0]
    rows = [
        {"label": plain(name, LABEL), "kind": _kind(at), "x": held[across]["mean"], "y": held[up]["mean"]}
        for at, (name, held) in enumerate(points)
        if held[across]["mean"] is not None and held[up]["mean"] is not None
    ]
    axes = [f"{label_of(goal)}, {REGISTRY[goal].unit}" for goal in (across, up)]
    names = list(data["choices"][0]["values"]) if data["choices"] else []
    yield Figure(
        "search",
        "Terms that no others beat",
        f"Of {counted(data['tried'], 'point')} tried for {', '.join(map(plain, data['goals']))}, "
        f"{how_many(data['choices'])} beaten "
        "by no other in all goals at once.",
        [Panel("", charts.draw(charts.scatter(rows, *axes), "Terms that no others beat", "s"))],
        Table(
            "Means ± half the 95 % interval",
            ["terms", *map(plain, names), *map(label_of, goals)],
            [
                ["as it is", *("–" for _ in names), *_goal_cells(data["as_it_is"], goals)],
                *(
                    [stem, *map(plain, values.values()), *_goal_cells(measures, goals)]
                    for stem, values, measures in _choices(data)
                ),
            ],
        ),
        [
            ("terms", *names, *goals),
            *(
                (stem, *map(str, values.values()), *(measures[goal]["mean"] for goal in goals))
                for stem, values, measures in _choices(data)
            ),
        ],
        list(dict.fromkeys(goals)),
        "A square is the contract as it is, a circle a point that nothing beats. They were chosen and "
        "measured on the same worlds, which flatters them: compare them again with another seed before you "
        "believe them.",
    )  # fmt: skip


def _choices(data: Data) -> Iterator[tuple[str, Data, Data]]:
    return ((Path(each["file"]).stem, each["values"], each["measures"]) for each in data["choices"])


def _kind(at: int) -> str:
    return "as it is" if at == 0 else "found"


def _goal_cells(held: Data, goals: Sequence[str]) -> list[str]:
    return [spread(Estimate(**held[goal]), REGISTRY[goal].unit) for goal in goals]


def sweep(data: Data) -> Iterator[Figure]:
    """Draw how the differences from the first contract are spread over the points of a sweep."""
    held = [each for each in data["differences"] if each["quantiles"]]
    if not held:
        return
    names = list(dict.fromkeys(each["contract"] for each in held))
    panels = []
    for place, name in enumerate(names):
        rows = [
            _dot(label_of(each["measure"]), {"mean": 100 * middle, "low": 100 * low, "high": 100 * high})
            for each in held
            if each["contract"] == name and each["relative"]
            for low, _, middle, _, high in [each["relative"]]
        ]  # fmt: skip
        if rows:
            chart = charts.dots(rows, ["change"], "difference, per cent of the first contract", shares=False)
            panels.append(
                Panel(plain(name), charts.draw(chart, f"Differences of {plain(name)}", f"v{place}"))
            )
    yield Figure(
        "spread",
        "How the differences hold over all points",
        " ".join(_steady(name, [each for each in held if each["contract"] == name]) for name in names),
        panels,
        Table(
            "Differences from the first contract over points",
            ["measure", "contract", "5 %", "median", "95 %", "points with less"],
            [_spread_row(each) for each in held],
        ),
        [
            ("contract", "measure", "points", "q05", "q25", "q50", "q75", "q95", "share_of_points_with_less"),
            *((e["contract"], e["measure"], e["points"], *e["quantiles"], e["below"]) for e in held),
        ],
        list(dict.fromkeys(each["measure"] for each in held)),
        "Drawn are the median over points and the range that holds nine in ten of them.",
    )


def _steady(name: str, held: Sequence[Data]) -> str:
    one_way = [each for each in held if each["quantiles"][0] > 0 or each["quantiles"][-1] < 0]
    steady = ", ".join(
        f"{label_of(e['measure'])} {'more' if e['quantiles'][0] > 0 else 'less'}" for e in one_way[:5]
    )
    where = f"{plain(name)} lies on one side of the first contract in: {steady or 'nothing'}."
    return f"At nine in ten points or more, {where}"


def _spread_row(each: Data) -> list[str]:
    unit = REGISTRY[each["measure"]].unit
    low, _, middle, _, high = each["quantiles"]
    below = "–" if each["below"] is None else f"{each['below']:.0%}"
    return [
        label_of(each["measure"]),
        plain(each["contract"]),
        *(signed(v, unit) for v in (low, middle, high)),
        below,
    ]


KINDS: Mapping[str, Callable[[Data], Iterator[Figure]]] = {
    "sensitivity": sensitivity,
    "attribution": attribution,
    "search": search,
    "sweep": sweep,
}
TITLES = {
    "sensitivity": "Sensitivity",
    "attribution": "Attribution",
    "search": "Search",
    "sweep": "Sweep",
}


def rewrite_study(folder: Path) -> Path | None:
    """Write the page of a sensitivity analysis or a search again; None where the folder holds neither."""
    import json

    for name in FILES:
        if (folder / name).is_file():
            return write_study(
                folder / "report.html", json.loads((folder / name).read_text(encoding="utf-8"))
            )
    return None


def write_study(place: Path, data: Data) -> Path:
    """Write the page of one study to ``place``; the same object gives the same bytes."""
    from legalaid_sim import __version__
    from legalaid_sim.reports.html import TEMPLATES, environment

    name = plain(data.get("scenario") or data.get("sweep") or data.get("contract") or "")
    shown = {
        "title": f"{TITLES[data['kind']]}: {name}",
        "figures": figures_of(data),
        "version": __version__,
        "css": (TEMPLATES / "report.css").read_text(encoding="utf-8"),
    }
    write_whole(place, environment().get_template("study.html").render(shown))
    return place
