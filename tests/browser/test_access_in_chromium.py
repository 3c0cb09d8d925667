"""Rules of access see one thing that is wrong among many that are alike, though each look is held a few times only."""

from pathlib import Path

import pytest

from tests.browser.access import barriers
from tests.browser.pages import Page

ROW = "<tr><th scope=row>row {n}</th><td>words {n}</td><td>more</td></tr>"
PAGE = """\
<!doctype html><html lang=en><title>t</title><style>.faint {{color: #ccc}} .dark {{background: #444}}</style>
<body style="background: #fff; color: #222"><main><h1>Title</h1><h2>Part</h2><p>See <a href="#rows">the rows</a>.</p>
<form><label for=a>amount</label><input id=a name=a value="some words"></form><ul><li>one</li></ul>
<table id=rows><caption>Rows</caption>{rows}</table></main></body></html>
"""
SOUND = PAGE.format(rows="".join(ROW.format(n=n) for n in range(40)))


@pytest.mark.parametrize(
    ("was", "becomes", "rule"),
    [
        ("<td>words 31", "<td style='color: #ccc'>words 31", "color-contrast"),
        ("<td>words 31", "<td class=faint>words 31", "color-contrast"),
        ("<td>words 31", "<td><b class=faint>words 31</b>", "color-contrast"),
        ("<tr><th scope=row>row 31", "<tr class=dark><th scope=row>row 31", "color-contrast"),
        ("<input", "<input class=faint", "color-contrast"),
        ("<td>words 31", "<td><img src='data:,'>words 31", "image-alt"),
        ("<td>words 31", "<td><button></button>words 31", "button-name"),
    ],
)
def test_one_fault_in_many_rows_is_seen(driver, tmp_path: Path, was: str, becomes: str, rule: str) -> None:  # type: ignore[no-untyped-def]
    place = tmp_path / "page.html"
    assert SOUND.count(was) == 1
    place.write_text(SOUND.replace(was, becomes), encoding="utf-8")
    told = barriers(Page(driver, place).look().driver)
    assert {each.partition(":")[0] for each in told} == {rule}


def test_a_page_that_is_sound_has_none(driver, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    place = tmp_path / "page.html"
    place.write_text(SOUND, encoding="utf-8")
    assert barriers(Page(driver, place).look().driver) == []
