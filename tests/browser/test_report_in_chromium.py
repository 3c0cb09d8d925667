"""The report in a real browser: nothing leaves it or sticks out, and everybody can read it."""

import re
import shutil
from base64 import b64decode
from itertools import pairwise

import pytest

from legalaid_sim.reports.summary import write_two_sheets
from tests.browser.access import barriers
from tests.browser.made import FOLDERS, study_pages
from tests.browser.pages import Page
from tests.reports.made import eight_folder, hostile_folder, run_folder


@pytest.fixture(params=FOLDERS)
def page(request, driver) -> Page:  # type: ignore[no-untyped-def]
    return Page(driver, FOLDERS[request.param]() / "report.html")


def test_no_request_leaves_the_file_and_the_console_is_silent(page: Page) -> None:
    page.look().open_all()
    assert page.requests() == [page.path.absolute().as_uri()]
    assert page.complaints() == []


# Pages have their colours and parts in common, and a look of one with everything open costs seconds: each page has both
# widths and both schemes, all four stand together once, and the names of the hostile folder are read where least fits.
LOOKS = {
    "run": [(1280, "light"), (390, "dark")],
    "compare": [(1280, "dark"), (390, "light")],
    "hostile": [(390, "dark")],
    "study": [(1280, "light"), (390, "dark")],
}


@pytest.mark.parametrize(
    ("folder", "width", "scheme"), [(folder, *look) for folder in FOLDERS for look in LOOKS[folder]]
)
def test_everybody_can_read_it(folder: str, width: int, scheme: str, driver) -> None:  # type: ignore[no-untyped-def]
    page = Page(driver, FOLDERS[folder]() / "report.html")
    page.look(width, scheme).open_all()
    assert barriers(page.driver) == []


@pytest.mark.parametrize("folder", ["run", "compare"])
def test_the_answer_stands_on_the_first_screen(folder: str, driver) -> None:  # type: ignore[no-untyped-def]
    page = Page(driver, FOLDERS[folder]() / "report.html").look(1280)
    feet = page.ask(
        "return ['h1', '.ranges', '.slopes', '.facts'].map(each =>"
        " document.querySelector(each).getBoundingClientRect().bottom);"
    )
    assert max(feet) <= 800
    annex = page.ask("return document.getElementById('annex').getBoundingClientRect().top")
    assert annex <= 8 * 800
    aloud = page.ask(
        "return [...document.querySelectorAll('h1, h2, h3, h4')].map(each => Number(each.tagName[1]))"
    )
    assert aloud[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(aloud))


def test_it_prints_on_twenty_sheets_of_a4_at_most(page: Page) -> None:
    page.look(media="print")
    printed = page.driver.execute_cdp_cmd(
        "Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True}
    )
    sheets = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", b64decode(printed["data"]))
    assert 1 <= len(sheets) <= 20
    assert {(round(float(wide)), round(float(high))) for wide, high in sheets} <= {
        (595, 842),
        (596, 842),
        (595, 841),
    }


def test_the_summary_is_two_sheets_that_hold_what_is_on_them(driver, tmp_path) -> None:  # type: ignore[no-untyped-def]
    for name in ("compare", "hostile"):
        place = tmp_path / name
        shutil.copytree(FOLDERS[name](), place)
        page = Page(driver, write_two_sheets(place)).look()
        spare = page.ask(
            "return [...document.querySelectorAll('.sheet')].map(each => each.clientHeight - each.scrollHeight);"
        )
        assert len(spare) == 2
        assert min(spare) >= 0, name
        assert page.too_wide(1280) == page.out_of_the_drawing() == []
        assert barriers(page.driver) == []
        settings = {"preferCSSPageSize": True, "printBackground": True}
        page.look(media="print")
        printed = page.driver.execute_cdp_cmd("Page.printToPDF", settings)
        assert len(re.findall(rb"/MediaBox", b64decode(printed["data"]))) == 2
        page.look(390)
        assert page.ask("return document.documentElement.scrollWidth") <= 390


def test_the_page_of_every_study_is_read_by_everybody(driver, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Its answer stands on the first screen, nothing sticks out, and it prints on few sheets."""
    pages = study_pages(tmp_path)
    assert len(pages) == 5
    for kind, path in pages.items():
        page = Page(driver, path)
        for width, scheme in ((1280, "light"), (390, "dark")):
            page.look(width, scheme)
            feet = "return ['h1', '.ranges'].map(e => document.querySelector(e)?.getBoundingClientRect().bottom || 0)"
            assert max(page.ask(feet)) <= 800, kind
            page.open_all()
            assert page.too_wide(width) == page.out_of_the_drawing() == [], kind
            assert barriers(driver) == [], kind
        page.look(media="print")
        settings = {"preferCSSPageSize": True, "printBackground": True}
        printed = driver.execute_cdp_cmd("Page.printToPDF", settings)
        assert len(re.findall(rb"/MediaBox", b64decode(printed["data"]))) <= 4, kind


def test_all_charts_are_there_with_scripts_off(page: Page) -> None:
    page.look(scripts=False)
    send = page.driver.execute_cdp_cmd
    root = send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    charts = send("DOM.querySelectorAll", {"nodeId": root, "selector": "figure svg"})["nodeIds"]
    assert len(charts) == page.path.read_text(encoding="utf-8").count("<svg role")
    assert len(charts) >= 1
    folds = send("DOM.querySelectorAll", {"nodeId": root, "selector": "details"})["nodeIds"]
    for fold in folds:
        send("DOM.setAttributeValue", {"nodeId": fold, "name": "open", "value": ""})
    broad = send("DOM.querySelectorAll", {"nodeId": root, "selector": "figure svg:not(.narrow)"})["nodeIds"]
    for chart in broad:
        box = send("DOM.getBoxModel", {"nodeId": chart})["model"]
        assert box["width"] > 150
        assert box["height"] > 20
    page.look()


def test_hostile_names_do_nothing(driver) -> None:  # type: ignore[no-untyped-def]
    page = Page(driver, hostile_folder() / "report.html").look().open_all()
    assert page.ask("return document.querySelectorAll('img, script, [onerror], [onload]').length") == 0
    assert page.ask("return document.querySelector('.kicker bdi').textContent").startswith(
        "\"'><svg onload=alert(2)>"
    )
    assert "=HYPERLINK" in page.ask("return document.querySelector('h1').textContent")
    assert page.ask("return document.scripts.length") == 0


def test_a_chart_reads_its_colours_from_the_scheme(driver) -> None:  # type: ignore[no-untyped-def]
    page = Page(driver, run_folder() / "report.html")
    colour = "return getComputedStyle(document.querySelector('figure svg text')).fill"
    light, dark = (page.look(scheme=scheme).ask(colour) for scheme in ("light", "dark"))
    assert light != dark


def test_eight_contracts_stay_readable(driver, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """The first screen, the length, every label, access, paper and the two sheets, of as many as are promised."""
    place = tmp_path / "eight"
    shutil.copytree(eight_folder(), place)
    page = Page(driver, place / "report.html").look(1280)
    feet = page.ask(
        "return ['.slopes', '.facts'].map(each => document.querySelector(each).getBoundingClientRect().bottom)"
    )
    assert max(feet) <= 800
    assert page.ask("return document.getElementById('annex').getBoundingClientRect().top") <= 8 * 800
    words = "return [...document.querySelectorAll('main svg text')].map(each => each.textContent)"
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.look(width, scheme).open_all()
        assert page.overlapping() == page.out_of_the_drawing() == page.too_wide(width) == []
        assert [each for each in page.ask(words) if each.endswith("…")] == []
        assert barriers(page.driver) == []
    assert printed(page.look(media="print")) <= 20
    summary = Page(driver, write_two_sheets(place)).look()
    assert spare(summary) >= 0
    assert summary.overlapping() == summary.out_of_the_drawing() == []
    assert printed(summary.look(media="print")) == 2


def printed(page: Page) -> int:
    """Count the sheets that a page prints on."""
    found = page.driver.execute_cdp_cmd(
        "Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True}
    )
    return len(re.findall(rb"/MediaBox", b64decode(found["data"])))


def spare(page: Page) -> float:
    """Give the pixels that are left below what stands on the fuller sheet."""
    return min(
        page.ask(
            "return [...document.querySelectorAll('.sheet')].map(each => each.clientHeight - each.scrollHeight);"
        )
    )
