"""Figures and pages of sensitivity analyses, attributions, searches and sweeps, from their JSON objects."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from legalaid_sim.errors import ResultsError
from legalaid_sim.files import write_whole
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports import charts, tall
from legalaid_sim.reports.along import along, maps
from legalaid_sim.reports.attribution_figure import attribution
from legalaid_sim.reports.charts import IntervalRow
from legalaid_sim.reports.dots import Data, called, change_cells, heard, swing, three
from legalaid_sim.reports.equal_money import equal_money
from legalaid_sim.reports.figure import Figure, FigureTable, Panel
from legalaid_sim.reports.finding import label_of, plain
from legalaid_sim.reports.frontier import frontier
from legalaid_sim.reports.ignorance import ignorance
from legalaid_sim.reports.numbers import number, signed
from legalaid_sim.reports.provenance import provenance
from legalaid_sim.reports.search_figure import search
from legalaid_sim.reports.study_head import head_of
from legalaid_sim.reports.titles import (
    now_of,
    places_of,
    titles_of,
    unknown_in_words,
)
from legalaid_sim.reports.why import why
from legalaid_sim.units import counted

FILES = (
    "equal-money.json", "ignorance.json", "why.json", "search.json", "sensitivity.json", "attribution.json",
    "frontier.json",
)  # fmt: skip
MOST_SHOWN, MOST_PANELS = 8, 8
NEARLY, TOLD = 0.9, ("more", "less", "no_matter", "untold")


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
        [
            unknown_in_words(name),
            label_of(measure),
            called(data, contract),
            *_effect_cells(effect, REGISTRY[measure].unit),
        ]
        for (measure, contract), held in effects.items()
        for name, effect in _largest(held, len(held))
    ]
    yield Figure(
        "sensitivity",
        "Which assumptions move the result",
        _turned(data),
        list(_effect_panels(data, effects, baseline, alone)),
        FigureTable(
            "Change as a parameter goes through its range",
            ["assumption", "measure", "contract", "change", "95 % interval", "clear of chance"],
            rows,
        ),
        [
            ("parameter", "measure", "contract", "change", "low", "high", "size", "noise", "clear"),
            *(
                (
                    name,
                    measure,
                    contract,
                    *three(each["mean"]),
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
        "Drawn is the change of the difference from the first contract, with its 95 % interval, the largest first; "
        "grey may be chance, and shaded is what the worlds of one step alone may do (two standard errors).",
        _rankings(data),
    )


def _largest(held: Mapping[str, Data], count: int) -> list[tuple[str, Data]]:
    moving = [(name, each) for name, each in held.items() if each["size"]["mean"]]
    return sorted(moving, key=lambda item: (-item[1]["size"]["mean"], item[0]))[:count]


def _effect_panels(
    data: Data, effects: Mapping[tuple[str, str], Mapping[str, Data]], baseline: str, alone: bool
) -> Iterator[Panel]:
    for (measure, contract), held in list(effects.items())[:MOST_PANELS]:
        rows = [
            swing(unknown_in_words(name), each, REGISTRY[measure].unit)
            for name, each in _largest(held, MOST_SHOWN)
        ]
        if rows:
            less = "" if alone else f" less {called(data, baseline)}"
            heading = f"{label_of(measure)}: {called(data, contract)}{less}"
            yield Panel(heading, tall.tornado(rows), heard(heading, [each.row for each in rows]))


def _effect_cells(effect: Data, unit: str) -> list[str]:
    return [*change_cells(effect["mean"], unit), "yes" if effect["clear"] else "no"]


def _turned(data: Data) -> str:
    """Say which assumptions turn the order of contracts most, over all measures."""
    flips: dict[str, float] = {}
    for told in data["rankings"]:
        for name, share in told["flips"].items():
            flips[name] = max(share, flips.get(name, 0.0))
    if not data["rankings"]:
        return "There is one contract only, so that no order can turn; what moves its measures is drawn."
    if not flips:
        return "No assumption alone is seen to turn the order of two contracts."
    most = sorted(flips, key=lambda name: (-flips[name], name))[:2]
    return f"The order of contracts turns with: {'; '.join(unknown_in_words(name, 60) for name in most)}."


def _rankings(data: Data) -> list[tuple[str, list[str]]]:
    told = [_ranking(data, each) for each in data["rankings"] if each["share_with_more"]["mean"] is not None]
    return [("How often one contract has more than another", told)] if told else []


def _ranking(data: Data, told: Data) -> str:
    ours, theirs = (called(data, told[side]) for side in ("contract", "baseline"))
    label = label_of(told["measure"])
    more, less, hidden = (
        told[key]["mean"] for key in ("share_with_more", "share_with_less", "share_not_told")
    )
    if hidden == 1:
        return f"'{label}': at no point tried can the worlds tell {ours} from {theirs}."
    turning = sorted(told["flips"].items(), key=lambda item: (-item[1], item[0]))
    by = (
        f"turned by {', '.join(unknown_in_words(name, 60) for name, _ in turning[:3])}"
        if turning
        else "no assumption alone is seen to turn it"
    )
    return (
        f"{ours} has more than {theirs} of '{label}' at {more:.0%} of the points tried, less at {less:.0%}; at "
        f"{hidden:.0%} the worlds cannot tell; {by}."
    )


def sweep(data: Data) -> Iterator[Figure]:
    """Draw what moves with what was varied, and how the differences from the first contract are spread over points."""
    yield from along(data)
    yield from maps(data)
    held = [each for each in data["differences"] if each["quantiles"]]
    if not held:
        return
    names = list(dict.fromkeys(each["contract"] for each in held))
    panels = []
    for name in names:
        rows = [
            IntervalRow(label_of(each["measure"]), middle, low, high, _per_cents(low, middle, high))
            for each in held
            if each["contract"] == name and each["relative"]
            for low, _, middle, _, high in [each["relative"]]
        ]  # fmt: skip
        if rows:
            panels.append(
                Panel(
                    called(data, name), charts.levels(rows, mark=0.0), f"Differences of {called(data, name)}"
                )
            )
    yield Figure(
        "spread",
        "How the differences hold over all points",
        " ".join(_steady(data, name, [each for each in held if each["contract"] == name]) for name in names),
        panels,
        FigureTable(
            "Differences from the first contract over points",
            [
                "measure",
                "contract",
                "5 %",
                "median",
                "95 %",
                "noise",
                "points with more",
                "with less",
                "no matter",
                "not told",
            ],
            [_spread_row(data, each) for each in held],
        ),
        [
            ("contract", "measure", "points", "q05", "q25", "q50", "q75", "q95", "noise", *TOLD),
            *(
                (e["contract"], e["measure"], e["points"], *e["quantiles"], e["noise"], *(e[k] for k in TOLD))
                for e in held
            ),
        ],
        list(dict.fromkeys(each["measure"] for each in held)),
        "Drawn are the median over points and the range that holds nine in ten of them, chance included. A sign "
        "is told at a point whose 95 % interval over its worlds leaves out 0; one in twenty by chance.",
    )


def _per_cents(low: float, middle: float, high: float) -> str:
    return f"{middle:+.0%} ({low:+.0%} to {high:+.0%})".replace("-", "−")


def _steady(data: Data, name: str, held: Sequence[Data]) -> str:
    one_way = [each for each in held if max(each["more"], each["less"]) >= NEARLY]
    steady = ", ".join(
        f"{label_of(e['measure'])} {'more' if e['more'] > e['less'] else 'less'}" for e in one_way[:5]
    )
    hidden = [each for each in held if each["untold"] > 1 - NEARLY]
    untold = "; the worlds cannot tell it at more than a tenth of the points for "
    untold += f"{len(hidden)} of {len(held)} measures"
    where = f"{called(data, name)} lies on one side of the first contract in: {steady or 'nothing'}"
    return f"At nine in ten points or more, {where}{untold if hidden else ''}."


def _spread_row(data: Data, each: Data) -> list[str]:
    unit = REGISTRY[each["measure"]].unit
    low, _, middle, _, high = each["quantiles"]
    return [
        label_of(each["measure"]),
        called(data, each["contract"]),
        *(signed(v, unit) for v in (low, middle, high)),
        number(each["noise"], unit),
        *(f"{each[key]:.0%}" for key in TOLD),
    ]


KINDS: Mapping[str, Callable[[Data], Iterator[Figure]]] = {
    "equal-money": equal_money,
    "ignorance": ignorance,
    "why": why,
    "sensitivity": sensitivity,
    "attribution": attribution,
    "search": search,
    "sweep": sweep,
    "frontier": frontier,
}
TITLES = {
    "equal-money": "At equal money",
    "ignorance": "What is not known",
    "why": "Typed or found",
    "sensitivity": "Sensitivity",
    "attribution": "Attribution",
    "search": "Search",
    "sweep": "Sweep",
    "frontier": "The price of the same person",
}


def rewrite_study(folder: Path) -> Path | None:
    """Write the page of a sensitivity analysis or a search again; None where the folder holds neither.

    Raises ``ResultsError`` for one that another version made.
    """
    import json

    for name in FILES:
        if (folder / name).is_file():
            data = json.loads((folder / name).read_text(encoding="utf-8"))
            try:
                return write_study(folder / "report.html", data)
            except KeyError as missing:
                why = f"holds no {missing}: it was made by another version; make the study again"
                raise ResultsError(str(folder / name), why) from missing
    return None


def write_study(place: Path, data: Data) -> Path:
    """Write the page of one study to ``place``; the same object, beside the same manifest, gives the same bytes."""
    from legalaid_sim import __version__
    from legalaid_sim.reports.pages import TEMPLATES, TEXT_LIMIT, environment

    source = provenance(place.parent, data)
    titles = titles_of(data, source.manifest)
    data = {
        **data,
        "called": titles,
        "places": places_of(source.manifest, titles),
        "now": now_of(source.manifest),
    }
    shown = {
        "kicker": f"{TITLES[data['kind']]}: {source.title}",
        "head": head_of(data),
        "source": source,
        "warnings": [plain(words, TEXT_LIMIT) for words in data.get("warnings", ())],
        "figures": figures_of(data),
        "version": __version__,
        "css": (TEMPLATES / "report.css").read_text(encoding="utf-8"),
    }
    write_whole(place, environment().get_template("study.html").render(shown))
    return place
