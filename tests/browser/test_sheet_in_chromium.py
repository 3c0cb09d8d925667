"""The consultation sheet in a real browser: quiet, readable by everybody, and printed on A4."""

import re
from base64 import b64decode
from pathlib import Path

import pytest

from legalaid_sim.reports.sheet import sheet
from tests.browser.access import barriers
from tests.browser.pages import A4_CONTENT, Page


@pytest.fixture(scope="module")
def page(driver, tmp_path_factory) -> Page:  # type: ignore[no-untyped-def]
    path = Path(tmp_path_factory.mktemp("sheet")) / "sheet.html"
    path.write_text(sheet("relational-pilot", "unified-contract-2007"), encoding="utf-8")
    return Page(driver, path)


def test_nothing_leaves_it_and_the_console_is_silent(page: Page) -> None:
    page.look()
    assert page.requests() == [page.path.absolute().as_uri()]
    assert page.complaints() == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_everybody_can_read_it(page: Page, width: int, scheme: str) -> None:
    page.look(width, scheme)
    assert barriers(page.driver) == []
    assert page.ask("return document.documentElement.scrollWidth") <= width


def test_it_prints_on_a4(page: Page) -> None:
    page.look(A4_CONTENT, media="print")
    assert page.ask("return document.documentElement.scrollWidth") <= A4_CONTENT
    printed = page.driver.execute_cdp_cmd(
        "Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True}
    )
    sheets = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", b64decode(printed["data"]))
    assert sheets
    assert {(round(float(wide)), round(float(high))) for wide, high in sheets} <= {
        (595, 842),
        (596, 842),
        (595, 841),
    }
