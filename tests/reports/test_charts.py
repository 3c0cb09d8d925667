import re

from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.reports import charts
from legalaid_sim.reports.lettering import width
from tests.reports.made import HOSTILE, HOSTILE_NAMES

ROWS = [
    {"label": "a", "mean": 5.0, "low": 2.0, "high": 90.0, "verdict": "better"},
    {"label": "b", "mean": -5.0, "low": -90.0, "high": -2.0, "verdict": "cannot tell"},
]


def forest() -> str:
    return charts.draw(charts.forest(ROWS, 20.0), "Differences", "x")


def test_a_chart_is_drawn_alike_every_time() -> None:
    assert forest() == forest()


def test_a_chart_has_one_label_and_takes_its_colours_from_the_page() -> None:
    svg = forest()
    assert svg.startswith('<svg role="img" aria-label="Differences"')
    assert svg.count("aria-label") == 1
    assert "var(--better)" in svg
    assert not re.findall(r'(?:fill|stroke)="#[0-9a-f]{6}"', svg)


def test_an_interval_that_runs_on_has_an_arrow() -> None:
    assert "→" in forest()
    assert "←" in forest()


def test_what_lies_wholly_beyond_the_reach_does_not_widen_the_chart() -> None:
    wild = {"label": "c", "mean": 900.0, "low": 800.0, "high": 1000.0, "verdict": "cannot tell"}
    svg = charts.draw(charts.forest([*ROWS, wild], 20.0), "l", "x")
    assert re.findall(r'width="([\d.]+)"', svg)[0] == re.findall(r'width="([\d.]+)"', forest())[0]
    rows = [{**row, "series": "a"} for row in (*ROWS, wild)]
    drawn = charts.draw(charts.dots(rows, ["a"], "x", shares=False, limit=20.0), "l", "x")
    assert float(re.findall(r'width="([\d.]+)"', drawn)[0]) < charts.WIDEST
    assert drawn.count("→") == 2


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(1, 1e3))
def test_no_end_is_drawn_beyond_the_reach(mean: float, half: float, limit: float) -> None:
    row = charts.cut({"low": mean - half, "high": mean + half}, -limit, limit)
    assert -limit <= row["from"] <= row["to"] <= limit


def test_ids_of_two_charts_do_not_fall_together() -> None:
    rows = [{"x": 0, "y": 1.0, "series": "a"}, {"x": 1, "y": 2.0, "series": "a"}]
    drawn = [charts.draw(charts.lines(rows, ["a"], "x", "y"), "l", mark) for mark in ("p", "q")]
    ids = [set(re.findall(r'id="([^"]+)"', svg)) for svg in drawn]
    assert not ids[0] & ids[1]
    for svg, held in zip(drawn, ids):
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= held


def test_every_chart_fits_a_telephone() -> None:
    dots = charts.dots(
        [{"label": "m" * 40, "series": s, "mean": 0.5, "low": 0.4, "high": 0.6} for s in ("a", "b")],
        ["a", "b"],
        "share",
    )
    for chart in (charts.forest(ROWS, 20.0), dots):
        width = float(re.findall(r'width="([\d.]+)"', charts.draw(chart, "l", "x"))[0])
        assert width <= charts.WIDEST + 25


def test_hostile_names_are_text_in_a_chart() -> None:
    rows = [{**ROWS[0], "label": name[:40]} for name in HOSTILE_NAMES]
    svg = charts.draw(charts.forest(rows, 20.0), HOSTILE, "x")
    assert "<img" not in svg
    assert "<script" not in svg
    assert 'aria-label="&lt;/script&gt;' in svg


def test_every_text_of_a_chart_says_how_wide_it_is() -> None:
    rows = [{**ROWS[0], "label": name} for name in ("a & b", "<i>", "語", *HOSTILE_NAMES)]
    texts = re.findall(r"<text[^>]*>[^<]+</text>", charts.draw(charts.forest(rows, 20.0), "l", "x"))
    assert len(texts) > 10
    assert [each for each in texts if not re.search(r' textLength="\d+\.\d" ', each)] == []


@given(st.text(min_size=1), st.floats(1, 100))
def test_a_text_is_as_wide_as_its_letters_and_never_wider_than_squares(text: str, size: float) -> None:
    assert 0 <= width(text, size) <= len(text) * size * 1.02
    assert width(text + "n", size) > width(text, size)
