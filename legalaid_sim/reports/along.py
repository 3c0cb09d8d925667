"""The figure of a sweep: measures along every thing that was varied."""

from collections.abc import Iterator, Sequence

from legalaid_sim.experiments.shared.statistics import Estimate, Value
from legalaid_sim.measures import REGISTRY
from legalaid_sim.reports import charts
from legalaid_sim.reports.charts import CurveLine
from legalaid_sim.reports.dots import Data, called
from legalaid_sim.reports.draw import WIDEST, Drawing, box, centred, clip, some, text
from legalaid_sim.reports.figure import Figure, FigureTable, Panel
from legalaid_sim.reports.finding import label_of, plain, upper
from legalaid_sim.reports.numbers import number, shown, spread_shown
from legalaid_sim.units import brief

MOST_PANELS = 12


def along(data: Data) -> Iterator[Figure]:
    """Draw each measure along each axis of numbers, a line a contract in a band, all points of a value together."""
    held = data.get("along", [])
    if not held:
        return
    pairs = list(dict.fromkeys((each["measure"], each["axis"]) for each in held))
    yield Figure(
        "along",
        "What moves with what was varied",
        _farthest(data, held),
        [
            _panel(data, [e for e in held if (e["measure"], e["axis"]) == pair], *pair)
            for pair in pairs[:MOST_PANELS]
        ],
        FigureTable(
            "Median over points (and what one in ten lies below, and above), at each value or around it",
            ["axis, measure and contract", "from", "at its lowest", "to", "at its highest"],
            [_row(data, each) for each in held],
        ),
        [
            ("axis", "measure", "contract", "value", "tenth", "median", "ninetieth"),
            *((e["axis"], e["measure"], e["contract"], *step) for e in held for step in e["steps"]),
        ],
        list(dict.fromkeys(measure for measure, _ in pairs)),
        "Lines are medians over all points with that value, whatever else was varied; bands hold eight points in ten. "
        f"{called(data, held[0]['contract'])} is what the others are set against; dotted lines stand at what is now.",
    )


def _panel(data: Data, held: Sequence[Data], measure: str, axis: str) -> Panel:
    unit = REGISTRY[measure].unit
    series = [
        CurveLine(
            called(data, each["contract"]),
            [(x, middle) for x, _, middle, _ in each["steps"]],
            [(x, low, high) for x, low, _, high in each["steps"]],
        )
        for each in held
    ]
    show = charts.percent if unit == "share" else charts.thousands if unit == "GBP" else charts.plainly
    heading = f"{label_of(measure)}, by {_words(data, axis)}"
    label = f"{heading}: {'; '.join(_ends(data, each) for each in held)}"
    return Panel(
        heading, charts.lines(series, _words(data, axis), show, marks=_now(data, axis, held), tall=130), label
    )


def _now(data: Data, axis: str, held: Sequence[Data]) -> list[float]:
    """Give the value that stands in the scenario or the contract, where it lies within what was tried."""
    now = data.get("now", {}).get(axis)
    tried = [step[0] for each in held for step in each["steps"]]
    return [] if now is None or not min(tried) <= now <= max(tried) else [now]


def _words(data: Data, axis: str) -> str:
    known = data.get("places", {}).get(axis)
    parts = [part for part in axis.split(".") if not part.isdigit()]
    return plain(known or " ".join(parts[-2:]).replace("_", " "))


def _ends(data: Data, each: Data) -> str:
    unit = REGISTRY[each["measure"]].unit
    first, last = each["steps"][0], each["steps"][-1]
    ends = ", ".join(f"{shown(step[2], unit)} at {brief(step[0])}" for step in (first, last))
    return f"{called(data, each['contract'])} {ends}"


def _row(data: Data, each: Data) -> list[str]:
    unit = REGISTRY[each["measure"]].unit
    cells = []
    for x, low, middle, high in (each["steps"][0], each["steps"][-1]):
        cells += [f"{x:g}", f"{shown(middle, unit)} ({shown(low, unit)} to {shown(high, unit)})"]
    return [
        f"{_words(data, each['axis'])}, {label_of(each['measure'])}: {called(data, each['contract'])}",
        *cells,
    ]


def _farthest(data: Data, held: Sequence[Data]) -> str:
    """Say where a line goes farthest, as a share of where it begins."""

    def way(each: Data) -> float:
        first, last = float(each["steps"][0][2]), float(each["steps"][-1][2])
        return abs(last - first) / some(abs(first))

    far = max(held, key=way)
    unit, (first, *_, last) = REGISTRY[far["measure"]].unit, far["steps"]
    return (
        f"{upper(label_of(far['measure']))} goes from {shown(first[2], unit)} to {shown(last[2], unit)} as "
        f"{_words(data, far['axis'])} goes from {brief(first[0])} to {brief(last[0])}."
    )


def maps(data: Data) -> Iterator[Figure]:
    """Draw what each contract differs by from the first over two axes, a number in every cell."""
    held = [each for each in data.get("maps", []) if each["cells"]]
    if not held:
        return
    yield Figure(
        "maps",
        "Where the difference is large",
        _widest(data, held),
        [
            Panel(f"{label_of(each['measure'])}: {called(data, each['contract'])}", _map(data, each))
            for each in held[:MOST_PANELS]
        ],
        FigureTable(
            "Differences from the first contract",
            ["contract and measure", *(_words(data, axis) for axis in held[0]["axes"]), "difference"],
            [
                [
                    f"{called(data, each['contract'])}, {label_of(each['measure'])}",
                    f"{x:g}",
                    f"{y:g}",
                    _gap(each, gap, half),
                ]
                for each in held
                for x, y, gap, half in each["cells"]
            ],
        ),
        [
            ("contract", "measure", *held[0]["axes"], "difference", "half_width"),
            *((each["contract"], each["measure"], *cell) for each in held for cell in each["cells"]),
        ],
        list(dict.fromkeys(each["measure"] for each in held)),
        "Means of the worlds at each point, chance included; in the table ± half the 95 % interval of each alone, over "
        "worlds that are the same at every point. The stronger a colour, the larger the difference; blue more, orange "
        "less.",
    )


def _gap(each: Data, gap: float, half: Value = None) -> str:
    unit = REGISTRY[each["measure"]].unit
    if half is None:
        return shown(gap, unit, sign=True)
    return spread_shown(Estimate(gap, gap - half, gap + half, 2), unit, sign=True)


def _map(data: Data, each: Data) -> Drawing:
    unit = REGISTRY[each["measure"]].unit
    xs, ys = (sorted({cell[place] for cell in each["cells"]}) for place in (0, 1))
    most = some(max(abs(gap) for _, _, gap, _ in each["cells"]))
    wide, high, left = (WIDEST - 46) / len(xs), 24.0, 46.0
    parts = []
    for x, y, gap, _ in each["cells"]:
        at, up = left + wide * xs.index(x), high * (len(ys) - 1 - ys.index(y))
        parts.append(
            box(at, up, wide - 2, high - 2, "s1" if gap >= 0 else "s2", "", 0.06 + 0.4 * abs(gap) / most)
        )
        words = number(gap, unit, sign=True).removesuffix(" points")
        parts.append(text(at + wide / 2 - 1, up + 15, clip(words, wide - 4), anchor="middle"))
    foot = high * len(ys)
    parts += [
        text(left - 5, high * (len(ys) - 1 - at) + 15, f"{y:g}", "muted", anchor="end")
        for at, y in enumerate(ys)
    ]
    parts += [
        text(left + wide * (at + 0.5), foot + 13, f"{x:g}", "muted", anchor="middle")
        for at, x in enumerate(xs)
    ]
    names = [clip(_words(data, axis), WIDEST - 60) for axis in each["axes"]]
    parts.append(centred((left + WIDEST) / 2, foot + 29, f"across: {names[0]}"))
    parts.append(centred((left + WIDEST) / 2, foot + 43, f"up: {names[1]}"))
    return Drawing(WIDEST, foot + 48, "".join(parts))


def _widest(data: Data, held: Sequence[Data]) -> str:
    each, (x, y, gap, _) = max(
        ((each, cell) for each in held[:1] for cell in each["cells"]), key=lambda pair: abs(pair[1][2])
    )
    under = called(data, each["contract"])
    return f"{upper(label_of(each['measure']))} differs most under {under}, by {_gap(each, gap)}, at {x:g} and {y:g}."
