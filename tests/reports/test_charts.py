import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.reports import charts
from legalaid_sim.reports.charts import Bar, Both, CurveLine, IntervalRow, Stack
from legalaid_sim.reports.draw import (
    DAYLIGHT,
    SIZE,
    WIDEST,
    Drawing,
    Scale,
    apart,
    as_file,
    clip,
    fitting,
    on_page,
    ticks,
)
from legalaid_sim.reports.draw import width as drawn_width  # type: ignore[attr-defined]
from legalaid_sim.reports.lettering import width
from tests.reports.made import HOSTILE, HOSTILE_NAMES

ROWS = [
    IntervalRow("a", 5.0, 2.0, 90.0, "5 (2 to 90), better", "better"),
    IntervalRow("b", -5.0, -90.0, -2.0, "−5 (−90 to −2)", "cannot tell"),
]
NAMES = [*HOSTILE_NAMES, "a & b", "語"]
CIRCLE = re.compile(r'<circle cx="(-?[\d.]+)"')
TEXT = re.compile(
    r'<text x="(-?[\d.]+)" y="(-?[\d.]+)" font-size="([\d.]+)"[^>]*?(?: text-anchor="(\w+)")? textLength="([\d.]+)"'
)


def page(drawing: Drawing, label: str = "Differences") -> str:
    return on_page(drawing, label)


def every() -> list[Drawing]:
    """A drawing of each kind, with names that are out to break it."""
    names = [name[:60] for name in NAMES]
    return [
        charts.levels([row._replace(label=name) for row in ROWS for name in names], mark=0.0, show=charts.plainly),
        charts.bars([Bar(name, [3.0, 4.0], f"7 h, {name}"[:20], (6.5, 7.0)) for name in names], 7.0, "hours a year"),
        charts.columns(("0", "1"), [(names[0], (0.2, 0.8)), (names[1], (0.5, 0.5))], names[2], 0.8),
        charts.lines(
            [CurveLine(n, [(0, 1.0), (5, 2.0)], [(0, 0.5, 1.5), (5, 1, 3)]) for n in names], "x", charts.plainly
        ),
        charts.stacks([Stack(name, (0.7, 0.3), ("70%, 24 h", "30%, 11 h")) for name in names], names[:2]),
        charts.diverging(
            [Both(name, 0.2, 0.4, ("20%", "40%"), ((0.1, 0.3), (0.38, 0.4))) for name in names], 0.4, "lost · gained"
        ),
    ]  # fmt: skip


def test_a_chart_has_one_label_and_takes_its_colours_from_the_page() -> None:
    for drawing in every():
        svg = page(drawing)
        assert svg.startswith('<svg role="img" aria-label="Differences"')
        assert svg.count("aria-label") == 1
        assert not re.findall(r'(?:fill|stroke)="#[0-9a-f]{6}"', svg)
        assert set(re.findall(r"var\(--(\w+)\)", svg)) <= set(DAYLIGHT)


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e6)), min_size=1, max_size=8))
def test_no_mean_and_no_interval_falls_off_a_chart(values: list[tuple[float, float]]) -> None:
    rows = [
        IntervalRow(f"c{at}", mean, mean - half, mean + half, "x") for at, (mean, half) in enumerate(values)
    ]
    drawing = charts.levels(rows, mark=0.0)
    dots = [float(x) for x in CIRCLE.findall(drawing.body)]
    assert len(dots) == len(rows)
    assert all(0 <= x <= WIDEST for x in dots)
    ends = [
        float(x)
        for pair in re.findall(r'<line x1="(-?[\d.]+)"[^>]*? x2="(-?[\d.]+)"', drawing.body)
        for x in pair
    ]
    assert all(0 <= x <= WIDEST for x in ends)


def test_every_chart_fits_a_telephone_and_keeps_its_words_within() -> None:
    for drawing in every():
        assert drawing.width <= WIDEST
        for x, y, size, anchor, long in TEXT.findall(drawing.body):
            left = float(x) - {"": 0.0, "middle": 0.5, "end": 1.0}[anchor] * float(long)
            assert left >= -1, drawing.body
            assert left + float(long) <= drawing.width + 1
            assert float(size) - 1 <= float(y) <= drawing.height


def test_the_parts_of_a_bar_make_its_length_in_order_and_words_stand_within() -> None:
    rows = [
        Stack("a", (0.5, 0.3, 0.2), ("50%, 18 h", "30%, 11 h", "20%, 7 h")),
        Stack("b", (1.0, 0.0, 0.0), ("",) * 3),
    ]
    for wide in (WIDEST, 700.0):
        drawing = charts.stacks(rows, ("x", "y", "z"), wide)
        boxes = [
            (float(x), float(long))
            for x, long in re.findall(
                r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="17.0"', drawing.body
            )
        ]
        whole = boxes[3][1] + 1
        assert [round((long + 1) / whole, 2) for _, long in boxes[:3]] == [0.5, 0.3, 0.2]
        assert all(abs(a + long + 1 - b) < 0.2 for (a, long), (b, _) in pairwise(boxes[:3]))
        for x, _, _, anchor, long in TEXT.findall(drawing.body):
            if anchor == "middle":
                left = float(x) - float(long) / 2
                assert any(a <= left and left + float(long) <= a + wide_ for a, wide_ in boxes)


def test_every_text_of_a_chart_says_how_wide_it_is() -> None:
    texts = re.findall(r"<text[^>]*>[^<]+</text>", "".join(each.body for each in every()))
    assert len(texts) > 50
    assert [each for each in texts if not re.search(r' textLength="\d+\.\d" ', each)] == []


def test_hostile_names_are_text_in_a_chart() -> None:
    for drawing in every():
        svg = page(drawing, HOSTILE)
        assert "<img" not in svg
        assert "<script" not in svg
        assert 'aria-label="&lt;/script&gt;' in svg


def test_a_file_stands_alone() -> None:
    text = as_file(HOSTILE, "A sentence " * 40, [("One", every()[0]), ("Two", every()[3])], "source")
    assert text.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "var(" not in text
    assert "<img" not in text


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9), st.integers(2, 9))
def test_ticks_are_round_few_and_within(low: float, span: float, most: int) -> None:
    held = ticks(low, low + span, most)
    assert 1 <= len(held) <= most + 1
    assert all(
        low - 1e-6 * (abs(low) + span) <= each <= low + span + 1e-6 * (abs(low) + span) for each in held
    )


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(40, 300))
def test_labels_of_an_axis_stand_clear_of_one_another(low: float, span: float, room: float) -> None:
    scale = Scale(low, low + span, 0, room)
    held = fitting(scale, charts.plainly)
    ends = [(scale.at(value), drawn_width(charts.plainly(value), SIZE) / 2) for value in held]
    assert all(a + half < b - other for (a, half), (b, other) in pairwise(ends))


@given(st.lists(st.floats(0, 200), min_size=1, max_size=8))
def test_labels_moved_apart_keep_their_order_and_their_gap(wanted: list[float]) -> None:
    placed = apart(wanted, 13, 0, 200)
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
    ranked = [placed[at] for at in order]
    assert all(b - a >= 13 - 1e-6 for a, b in pairwise(ranked))
    assert all(-1e-6 <= y <= 200 + 1e-6 for y in placed)


@given(st.text(min_size=1, max_size=80), st.floats(20, 300))
def test_a_cut_text_fits(text: str, room: float) -> None:
    assert width(clip(text, room), SIZE) <= room + 1e-6


@given(st.text(min_size=1), st.floats(1, 100))
def test_a_text_is_as_wide_as_its_letters_and_never_wider_than_squares(text: str, size: float) -> None:
    assert 0 <= width(text, size) <= len(text) * size * 1.02
    assert width(text + "n", size) > width(text, size)
