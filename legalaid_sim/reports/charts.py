"""Charts as static SVG: drawn by Vega-Lite when the report is written, coloured by the page that shows them.

Every chart is at most ``WIDEST`` wide, so that it can be read on a telephone at its own size. Colours in a
specification are placeholders that become CSS variables of the page, one set for light and one for dark; no
colour carries a meaning that a shape, a dash or a word does not carry as well.
"""

import re
from collections.abc import Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from legalaid_sim.experiments.verdicts import CANNOT_TELL, DIFFERS, NO_MATTER
from legalaid_sim.reports.lettering import fitted

if TYPE_CHECKING:
    import altair as alt

    Drawn = alt.Chart | alt.LayerChart | alt.FacetChart

WIDEST = 345
INK, MUTED, RULE, PAPER = "#101112", "#505152", "#d0d1d2", "#fefdfc"
BETTER, WORSE, UNCLEAR = "#0a0b01", "#0a0b02", "#0a0b03"
SERIES = tuple(f"#0c0d{place:02d}" for place in range(1, 9))
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "stroke")
DASHES = ([1, 0], [6, 3], [2, 2], [9, 3, 2, 3], [12, 4], [4, 1], [1, 3], [9, 2, 2, 2, 2, 2])
VARIABLES = {
    INK: "--ink", MUTED: "--muted", RULE: "--rule", PAPER: "--paper",
    BETTER: "--better", WORSE: "--worse", UNCLEAR: "--unclear",
    **{colour: f"--s{place}" for place, colour in enumerate(SERIES, start=1)},
}  # fmt: skip
# Bundled with the renderer, so that a chart is laid out alike on every machine; in another font, texts keep its widths.
FONT = "Liberation Sans"
CONFIG: Mapping[str, Any] = {
    "background": None,
    "font": FONT,
    "padding": 2,
    "view": {"stroke": None},
    "axis": {
        "domain": False, "grid": False, "ticks": False, "labelColor": INK, "titleColor": MUTED,
        "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelLimit": 150,
        "labelPadding": 4, "gridColor": RULE,
    },
    "axisX": {"grid": True, "tickCount": 5},
    "legend": {
        "labelColor": INK, "labelFontSize": 11, "title": None, "orient": "top", "columns": 1,
        "labelLimit": 320, "symbolSize": 70, "symbolStrokeWidth": 2, "rowPadding": 3, "direction": "vertical",
    },
    "text": {"color": INK, "fontSize": 11, "font": FONT},
}  # fmt: skip


def draw(chart: "Drawn", label: str, mark: str) -> str:
    """Render a chart as one ``<svg>``; ``label`` is its text alternative, ``mark`` makes its ids its own."""
    import vl_convert

    spec = chart.to_dict(validate=False)
    spec["config"] = dict(CONFIG)
    return themed(vl_convert.vegalite_to_svg(spec, vl_version="6.1"), label, mark)


def themed(svg: str, label: str, mark: str) -> str:
    """Make a rendered chart part of a page: colours as CSS variables, own ids, texts held to their width, one label."""
    from html import escape

    for colour, variable in VARIABLES.items():
        svg = svg.replace(f'"{colour}"', f'"var({variable})"')
    svg = re.sub(
        r' (?:role|aria-[a-z]+|class|font-family|pointer-events|xmlns(?::xlink)?|version)="[^"]*"', "", svg
    )
    svg = re.sub(r' (?:opacity="1"|display="inline"|transform="translate\(0,0\)")', "", svg)
    # The renderer numbers ids on from chart to chart; each chart here has its own, whatever came before.
    for place, old in enumerate(dict.fromkeys(re.findall(r'id="([^"]+)"', svg))):
        svg = svg.replace(f'id="{old}"', f'id="{mark}-{place}"').replace(
            f"url(#{old})", f"url(#{mark}-{place})"
        )
    svg = fitted(svg)
    svg = re.sub(r"<path d=\"M0,0h0v0h0Z\"/>|<path d=\"\" display=\"none\"/>", "", svg)
    wide, high = _size(svg)
    head = (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {wide} {high}" '
        f'width="{wide}" height="{high}" style="--wide:{wide}px">'
    )
    return re.sub(r"^<svg[^>]*>", lambda _: head, svg, count=1)


def _size(svg: str) -> tuple[str, str]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found is not None
    return found[1], found[2]


def data(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Give rows as the inline data of a chart."""
    import altair as alt

    return alt.Data(values=[dict(row) for row in rows])  # type: ignore[no-untyped-call]


def forest(rows: Sequence[Mapping[str, Any]], limit: float) -> "Drawn":
    """Draw differences with intervals about 0: rows have label, mean, low, high, verdict.

    Means and intervals are per cent of the baseline; what runs beyond ``limit`` is cut there with an arrow.
    """
    import altair as alt

    order = [row["label"] for row in rows]
    held = [cut(row, -limit, limit) for row in rows]
    y = alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=165))
    scale = alt.Scale(domain=[-limit, limit], nice=False)
    x = alt.X(
        "from:Q", scale=scale, title="difference, per cent of the first contract's value", axis=_signed()
    )
    kinds = [*DIFFERS, NO_MATTER, CANNOT_TELL, "never seen to differ", "undefined"]
    colours = [BETTER, WORSE, MUTED, MUTED, *[UNCLEAR] * 4]
    shapes = ["triangle-up", "triangle-down", "circle", "circle", *["stroke"] * 4]
    colour = alt.Color("verdict:N", scale=alt.Scale(domain=kinds, range=colours), legend=None)
    shape = alt.Shape(
        "verdict:N",
        scale=alt.Scale(domain=kinds, range=shapes),
        legend=None,
    )
    base = alt.Chart(data(held)).encode(y=y)
    zero = (
        alt.Chart(data([{"zero": 0}]))
        .mark_rule(stroke=INK, strokeWidth=1)
        .encode(x=alt.X("zero:Q", scale=scale))
    )
    lines = base.mark_rule(strokeWidth=2).encode(x=x, x2="to:Q", color=colour)
    seen = base.transform_filter(f"abs(datum.mean) <= {limit}")
    points = seen.mark_point(size=75, filled=True, opacity=1).encode(
        x=alt.X("mean:Q", scale=scale), color=colour, shape=shape
    )
    beyond = arrows(base, rows, limit, 175)
    return alt.layer(zero, lines, points, *beyond).properties(width=175, height=alt.Step(22))


def cut(row: Mapping[str, Any], least: float, most: float) -> dict[str, Any]:
    """Give a row with the ends of its interval as they are drawn, none of them outside ``least`` to ``most``.

    >>> cut({"low": -9, "high": 3}, -5, 5)["from"], cut({"low": 7, "high": 8}, -5, 5)["to"]
    (-5, 5)
    """
    ends = (min(max(row[end], least), most) for end in ("low", "high"))
    return {**row, **dict(zip(("from", "to"), ends))}


def arrows(base: Any, rows: Sequence[Mapping[str, Any]], limit: float, width: int) -> list[Any]:
    """Mark what runs on beyond ``limit``, to the right and to the left; no layer where nothing does."""
    import altair as alt

    drawn = []
    if any(row["high"] > limit for row in rows):
        right = base.transform_filter(f"datum.high > {limit}").mark_text(align="right", text="→", dx=3)
        drawn.append(right.encode(x=alt.value(width)))
    if any(row["low"] < -limit for row in rows):
        left = base.transform_filter(f"datum.low < -{limit}").mark_text(align="left", text="←", dx=-3)
        drawn.append(left.encode(x=alt.value(0)))
    return drawn


def _signed() -> Any:
    import altair as alt

    return alt.Axis(tickCount=4, labelExpr="(datum.value > 0 ? '+' : '') + datum.label + ' %'")


def dots(
    rows: Sequence[Mapping[str, Any]],
    series: Sequence[str],
    title: str,
    shares: bool = True,
    limit: float | None = None,
) -> "Drawn":
    """Draw values with intervals, a line for each label and a shape for each series.

    Rows have label, series, mean, low, high. Intervals of shares are cut at 0 and 1, others at ``limit`` to both
    sides of 0, with an arrow, where one is given.
    """
    import altair as alt

    order = list(dict.fromkeys(row["label"] for row in rows))
    y = alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=140, grid=True))
    offset = alt.YOffset("series:N", sort=list(series))
    colour, shape = paints(series)
    axis = alt.Axis(format="%") if shares else alt.Axis()
    least, most = (0.0, 1.0) if shares else (-limit, limit) if limit is not None else (-inf, inf)
    scale = alt.Scale(domain=[least, most], nice=False) if limit is not None else alt.Scale()
    base = alt.Chart(data([cut(row, least, most) for row in rows])).encode(y=y, yOffset=offset)
    lines = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("from:Q", title=title, axis=axis, scale=scale), x2="to:Q", color=colour
    )
    seen = base if limit is None else base.transform_filter(f"abs(datum.mean) <= {limit}")
    points = seen.mark_point(size=45, filled=True, opacity=1).encode(
        x=alt.X("mean:Q", scale=scale), color=colour, shape=shape
    )
    beyond = arrows(base, rows, limit, 190) if limit is not None else []
    step = 11 * len(series) + 6
    return alt.layer(lines, points, *beyond).properties(width=190, height=step * len(order))


def paints(series: Sequence[str]) -> tuple[Any, Any]:
    """Give colour and shape by series, with one legend for both; none for a series alone."""
    import altair as alt

    legend = alt.Legend() if len(series) > 1 else None
    names = list(series)
    colours = [SERIES[place % len(SERIES)] for place in range(len(names))]
    shapes = [SHAPES[place % len(SHAPES)] for place in range(len(names))]
    return (
        alt.Color("series:N", sort=names, scale=alt.Scale(domain=names, range=colours), legend=legend),
        alt.Shape("series:N", sort=names, scale=alt.Scale(domain=names, range=shapes), legend=legend),
    )


def bars(rows: Sequence[Mapping[str, Any]], kinds: Sequence[str], title: str, most: float) -> "Drawn":
    """Draw stacked bars with a word at the end.

    Rows have label, kind, value and place, and total and word on the last kind. The first kind is
    solid, the second an outline, so that they can be told apart without colour.
    """
    import altair as alt

    order = list(dict.fromkeys(row["label"] for row in rows))
    y = alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=130))
    scale = alt.Scale(domain=[0, most * 1.45 if most else 1], nice=False)
    names = list(kinds)
    base = alt.Chart(data(rows)).encode(y=y)
    solid = base.mark_bar(height=14, strokeWidth=1.5).encode(
        x=alt.X("value:Q", scale=scale, title=title, stack="zero", axis=alt.Axis(tickCount=4)),
        order=alt.Order("place:Q"),
        fill=alt.Fill(
            "kind:N",
            scale=alt.Scale(domain=names, range=[SERIES[0], PAPER][: len(names)]),
            legend=_top(names),
        ),
        stroke=alt.Stroke(
            "kind:N", scale=alt.Scale(domain=names, range=[SERIES[0]] * len(names)), legend=_top(names)
        ),
    )
    words = (
        base.transform_filter("isValid(datum.word)")
        .mark_text(align="left", dx=4)
        .encode(x=alt.X("total:Q", scale=scale), text="word:N")
    )
    return alt.layer(solid, words).properties(width=195, height=alt.Step(22))


def _top(names: Sequence[str]) -> Any:
    import altair as alt

    return alt.Legend(symbolType="square", direction="horizontal", columns=2) if len(names) > 1 else None


def columns(
    rows: Sequence[Mapping[str, Any]], kinds: Sequence[str], x_title: str, y_title: str, top: float
) -> "Drawn":
    """Draw columns side by side: rows have bin, kind, value; the first kind solid, the second an outline."""
    import altair as alt

    order = list(dict.fromkeys(row["bin"] for row in rows))
    names = list(kinds)
    colours = alt.Scale(domain=names, range=[SERIES[0], PAPER])
    edges = alt.Scale(domain=names, range=[SERIES[0], SERIES[0]])
    drawn: Drawn = (
        alt.Chart(data(rows))
        .mark_bar(strokeWidth=1.5)
        .encode(
            x=alt.X(
                "bin:N", sort=order, title=x_title, axis=alt.Axis(labelAngle=0, grid=False, labelLimit=60)
            ),
            xOffset=alt.XOffset("kind:N", sort=names),
            y=alt.Y(
                "value:Q",
                title=y_title,
                scale=alt.Scale(domain=[0, top]),
                axis=alt.Axis(format="%", grid=True, tickCount=4),
            ),
            fill=alt.Fill("kind:N", scale=colours, legend=_top(names)),
            stroke=alt.Stroke("kind:N", scale=edges, legend=_top(names)),
        )
        .properties(width=280, height=130)
    )
    return drawn


def lines(
    rows: Sequence[Mapping[str, Any]],
    series: Sequence[str],
    x_title: str,
    y_title: str,
    *,
    percent: bool = False,
    step: bool = False,
    low: float | None = None,
    high: float | None = None,
) -> "Drawn":
    """Draw lines told apart by dash and colour: rows have x, y, series."""
    import altair as alt

    names = list(series)
    colours = [SERIES[place % len(SERIES)] for place in range(len(names))]
    dashes = [DASHES[place % len(DASHES)] for place in range(len(names))]
    legend = alt.Legend(symbolType="stroke", symbolSize=350)
    span = alt.Scale(domain=[low, high], nice=False) if low is not None else alt.Scale()
    axis = alt.Axis(format="%", grid=True, tickCount=4) if percent else alt.Axis(grid=True, tickCount=5)
    zero = alt.Chart(data([{"zero": 0}])).mark_rule(stroke=MUTED, strokeWidth=1).encode(y="zero:Q")
    drawn = (
        alt.Chart(data(rows))
        .mark_line(strokeWidth=2, interpolate="step-after" if step else "linear")
        .encode(
            x=alt.X("x:Q", title=x_title, axis=alt.Axis(tickCount=6)),
            y=alt.Y("y:Q", title=y_title, scale=span, axis=axis),
            color=alt.Color(
                "series:N", sort=names, scale=alt.Scale(domain=names, range=colours), legend=legend
            ),
            strokeDash=alt.StrokeDash(
                "series:N", sort=names, scale=alt.Scale(domain=names, range=dashes), legend=legend
            ),
        )
    )
    return alt.layer(zero, drawn).properties(width=285, height=165)


def diverging(rows: Sequence[Mapping[str, Any]], limit: float) -> "Drawn":
    """Draw shares who gained to the right, solid, and who lost to the left, outlined.

    Rows have label, gained, minus (the share who lost, below 0), and words for both.
    """
    import altair as alt

    order = [row["label"] for row in rows]
    y = alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=165))
    scale = alt.Scale(domain=[-limit * 1.35, limit * 1.35], nice=False)
    axis = alt.Axis(labelExpr="format(abs(datum.value), '.0%')", tickCount=5)
    base = alt.Chart(data(rows)).encode(y=y)
    gained = base.mark_bar(fill=BETTER, stroke=BETTER, height=13).encode(
        x=alt.X("gained:Q", scale=scale, title="← lost · share of the same clients · gained →", axis=axis)
    )
    lost = base.mark_bar(fill=PAPER, stroke=WORSE, strokeWidth=1.5, height=13).encode(
        x=alt.X("minus:Q", scale=scale)
    )
    right = base.mark_text(align="left", dx=3).encode(x=alt.X("gained:Q", scale=scale), text="gained_words:N")
    left = base.mark_text(align="right", dx=-3).encode(x=alt.X("minus:Q", scale=scale), text="lost_words:N")
    zero = alt.Chart(data([{"zero": 0}])).mark_rule(stroke=INK).encode(x=alt.X("zero:Q", scale=scale))
    return alt.layer(gained, lost, right, left, zero).properties(width=165, height=alt.Step(22))
