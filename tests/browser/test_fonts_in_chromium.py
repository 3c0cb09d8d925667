"""Pages hold in whatever font is there: in the wide one that a browser brings, and in the one they are laid out for."""

from pathlib import Path

import pytest

from tests.browser.made import FOLDERS
from tests.browser.pages import A4_CONTENT, FONTS, Page, browser_is_there, chromium, font_is_there

PICTURE = Path(__file__).parents[2] / "docs" / "picture.svg"


@pytest.fixture(scope="module", params=FONTS)
def font(request):  # type: ignore[no-untyped-def]
    browser_is_there()
    font_is_there(request.param)
    return request.param


@pytest.fixture(scope="module")
def driver(font):  # type: ignore[no-untyped-def]
    with chromium(font) as running:
        yield running


@pytest.fixture(params=FOLDERS)
def page(request, driver) -> Page:  # type: ignore[no-untyped-def]
    return Page(driver, FOLDERS[request.param]() / "report.html")


def test_the_browser_knows_that_font_alone(driver, font: str) -> None:  # type: ignore[no-untyped-def]
    page = Page(driver, FOLDERS["run"]() / "report.html").look().open_all()
    for selector in ("figcaption", "figure svg text", "h1", "code"):
        names = page.fonts(selector)
        assert names, selector
        assert all(name.startswith(font) for name in names), selector


@pytest.mark.parametrize("width", [390, 320, 820, 1280])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.look(width).open_all()
    assert page.ask("return document.documentElement.scrollWidth") <= width
    assert page.too_wide(width) == []
    assert page.out_of_the_drawing() == []


def test_nothing_is_clipped_on_paper(page: Page) -> None:
    page.look(A4_CONTENT, media="print").open_all()
    assert page.too_wide(A4_CONTENT) == []
    hidden = page.ask(
        "return [...document.querySelectorAll('.scroll')]"
        ".filter(each => each.scrollWidth > each.clientWidth + 1).length"
    )
    assert hidden == 0


def test_the_picture_of_the_readme_holds(driver) -> None:  # type: ignore[no-untyped-def]
    assert Page(driver, PICTURE).look().out_of_the_drawing() == []


@pytest.mark.parametrize("font", ["Liberation"], indirect=True)
def test_texts_are_as_wide_as_the_font_they_are_laid_out_for(driver) -> None:  # type: ignore[no-untyped-def]
    """Hold the table of widths against a browser that has the font: what it would give each text of itself."""
    page = Page(driver, FOLDERS["compare"]() / "report.html").look().open_all()
    # Drawn large, so that no letter is moved to a whole pixel.
    pairs = page.ask(
        "document.querySelectorAll('svg').forEach(each => {"
        " each.style.maxWidth = 'none'; each.style.width = 'calc(var(--wide) * 6)'; });"
        "return [...document.querySelectorAll('figure svg:not(.narrow) text')].map(each => {"
        " const held = each.textLength.baseVal.value; each.removeAttribute('textLength');"
        " return [each.textContent, held, each.getComputedTextLength()]; });"
    )
    assert len(pairs) > 50
    assert [pair for pair in pairs if abs(pair[1] - pair[2]) > 0.5 + pair[2] / 50] == []
