"""The studio in a real browser: what is typed is answered beside it, by hand, by keyboard and without scripts."""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from legalaid_sim import studio
from legalaid_sim.cli import group
from legalaid_sim.contracts.language.load import LIBRARY
from tests.browser.access import barriers
from tests.browser.studio import StudioPage, served
from tests.studio.client import CONTRACT, FEE, folder

RIGHT, TAB, ENTER, CONTROL, SPACE = "\ue014", "\ue004", "\ue007", "\ue009", "\ue00d"
AMOUNT = f"s-{FEE}"


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return folder(tmp_path_factory.mktemp("studio") / "desk")


@pytest.fixture(scope="module")
def entered(driver, place):
    with served(place) as address:
        yield StudioPage(driver, address)


@pytest.fixture
def page(entered, place) -> StudioPage:
    for path in place.iterdir():
        path.unlink()
    folder(place)
    shutil.copy(LIBRARY / "unified-contract-2007.yaml", place / "unified.yaml")
    entered.look().visit("/c/paid.yaml")
    entered.driver.execute_script("sessionStorage.clear()")
    entered.driver.get_log("browser")
    return entered


def by_id(page: StudioPage, name: str):
    return page.driver.find_element("id", name)


def put(page: StudioPage, text: str) -> None:
    """Let a text stand in the editor as if it had been pasted."""
    page.driver.execute_script(
        "const area = document.getElementById('text'); area.value = arguments[0];"
        "area.dispatchEvent(new Event('input', {bubbles: true}))",
        text,
    )


def priced(place: Path, hours: int) -> str:
    """Price a claim with the command, as a stranger to the studio would."""
    claims, out = place.parent / "claims.csv", place.parent / "priced.csv"
    head = "claim_id,category,in_start_date,in_profit_minutes,in_vat_registered"
    claims.write_text(f"{head}\n1,housing,2026-04-01,{60 * hours},false\n")
    typed = ["price", str(place / "paid.yaml"), "--claims", str(claims), "--out", str(out)]
    assert CliRunner().invoke(group, typed).exit_code == 0
    with out.open() as rows:
        return next(csv.DictReader(rows))["total"]


def test_an_error_is_told_at_its_line_and_its_mending_offered(page: StudioPage) -> None:
    put(page, CONTRACT.replace("kind: fixed_fee", "kind: fixd_fee", 1))
    page.until(lambda: "there is no block of kind 'fixd_fee'" in page.words("#problems"))
    line = CONTRACT.split("\n").index("    kind: fixed_fee") + 1
    page.until(lambda: page.find(f"#gutter span:nth-child({line}).error"))
    page.until(lambda: page.find("#problems [data-jump]").click() is None)
    chosen = page.driver.execute_script(
        "const area = document.getElementById('text');"
        "return area.value.slice(area.selectionStart, area.selectionEnd)"
    )
    assert chosen == "fixd_fee"
    page.button("Write “fixed_fee”").click()
    page.until(lambda: page.text() == CONTRACT)


def test_a_slider_the_text_the_curve_the_receipt_and_price_agree_to_the_penny(
    page: StudioPage, place: Path
) -> None:
    by_id(page, AMOUNT).send_keys(RIGHT, RIGHT, RIGHT)
    page.until(lambda: page.words("#earned") == "203.00")
    page.until(lambda: "amount: 203.00   # since 2007" in page.text())
    label = page.find("#answers svg").get_attribute("aria-label")
    assert label == "A housing matter of 6 hours pays 203.00 before tax (saved: 200.00)"
    page.until(lambda: "the example says 200.00" in page.words("#state"))
    page.button("Accept what comes out").click()
    page.until(lambda: "{A: 203.00}" in page.text())
    by_id(page, "because").send_keys("a little more")
    page.button("Save").click()
    page.until(lambda: "Saved." in page.words("#state"))
    assert (place / "paid.yaml").read_text() == CONTRACT.replace("200.00   #", "203.00   #").replace(
        "{A: 200.00}", "{A: 203.00}"
    )
    assert priced(place, 6) == "203.00"


def test_a_text_can_be_taken_back_and_the_slider_goes_with_it(page: StudioPage) -> None:
    by_id(page, AMOUNT).send_keys(RIGHT)
    page.until(lambda: "201.00" in page.text())
    page.until(lambda: page.button("Undo the number").click() is None)
    page.until(lambda: page.text() == CONTRACT)
    page.until(lambda: by_id(page, f"k-{FEE}").get_attribute("value") == "200.00")


def test_without_scripts_the_whole_way_goes_by_forms(page: StudioPage, place: Path) -> None:
    page.look(scripts=False).visit("/c/paid.yaml")
    number = by_id(page, f"k-{FEE}")
    number.clear()
    number.send_keys("250")
    page.button("Set the numbers").click()
    page.until(lambda: "comes to 250.00" in page.find("#state").text)
    page.button("Accept what comes out").click()
    page.until(lambda: "1 expectation" in page.find("#state").text)
    hours = by_id(page, "m-profit_hours")
    hours.clear()
    hours.send_keys("9")
    page.button("Try it").click()
    page.until(lambda: "of 9 hours pays 250.00" in page.find("#pay-said").text)
    page.button("Keep as worked example").click()
    page.until(lambda: "Kept as a worked example" in page.find("#state").text)
    page.button("Save").click()
    page.until(lambda: "Saved." in page.find("#state").text)
    text = (place / "paid.yaml").read_text()
    assert "amount: 250.00   # since 2007" in text
    assert "9 hours" in text
    checked = CliRunner().invoke(group, ["check", str(place / "paid.yaml"), "--format", "json"])
    assert json.loads(checked.output)["examples"] == {"passed": 2, "of": 2}


def test_everything_is_done_by_keyboard_alone(page: StudioPage, place: Path) -> None:
    def focus() -> str:
        return str(
            page.driver.execute_script("return document.activeElement.id || document.activeElement.innerText")
        )

    def tab_to(wanted: str) -> None:
        for _ in range(150):
            if focus() == wanted:
                return
            page.keys(TAB)
        raise AssertionError(f"{wanted} is not reached")

    tab_to("because")
    tab_to("text")
    page.keys("# by hand ")
    page.until(lambda: "Not saved yet" in page.words("#state"))
    tab_to(AMOUNT)
    page.keys(RIGHT)
    page.until(lambda: page.words("#earned") == "201.00")
    tab_to("m-profit_hours")
    page.keys("0")
    page.until(lambda: "of 60 hours" in page.words("#pay-said") or "of 0 hours" in page.words("#pay-said"))
    tab_to("Keep as worked example")
    page.keys(ENTER)
    page.until(lambda: "Kept as a worked example" in page.words("#state"))
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(page.driver).key_down(CONTROL).send_keys("s").key_up(CONTROL).perform()
    page.until(lambda: "Saved." in page.words("#state"))
    assert "201.00" in (place / "paid.yaml").read_text()


# A scheme is of colours alone and a width of places alone, as the style says: each screen has both widths and both
# schemes, and all four stand together once, for the contract that has most in it.
SCREENS = ("/", "/try", "/c/unified.yaml", "/c/paid.yaml", "/c/none.yaml")
LOOKS = [
    (1280, "light", SCREENS),
    (390, "dark", SCREENS),
    (1280, "dark", ("/c/unified.yaml",)),
    (390, "light", ("/c/unified.yaml",)),
]


@pytest.mark.parametrize(("width", "scheme", "paths"), LOOKS)
def test_everybody_can_read_every_screen(
    page: StudioPage, width: int, scheme: str, paths: tuple[str, ...]
) -> None:
    page.look(width, scheme)
    for path in paths:
        page.visit(path)
        page.driver.execute_script("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert barriers(page.driver) == [], path
        assert page.driver.execute_script("return document.documentElement.scrollWidth") <= width, path


def test_what_a_scheme_sets_is_colour_alone() -> None:
    """What is read in one width and scheme would else not be known of the other."""
    style = (Path(studio.__file__).parent / "static" / "studio.css").read_text(encoding="utf-8")
    schemes = re.findall(r"@media \(prefers-color-scheme: dark\) \{\s*(.*?)\n\}", style, re.S)
    assert len(schemes) == 1
    assert re.fullmatch(r":root \{(\s*--[a-z0-9]+: #[0-9a-f]{6};)+\s*\}", schemes[0])
    by_width = re.findall(r"@media \(min-width[^{]*\{((?:[^{}]*\{[^{}]*\})+)\s*\}", style)
    assert len(by_width) == style.count("@media (min-width")
    assert not [part for part in by_width if re.search(r"color|background|opacity|#[0-9a-f]{3}|var\(", part)]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_everybody_can_read_what_is_wrong(page: StudioPage, place: Path, width: int, scheme: str) -> None:
    page.look(width, scheme).visit("/c/paid.yaml")
    put(page, CONTRACT.replace("200.00   #", "250.00   #").replace("fixed_fee", "fixd_fee", 1))
    page.until(lambda: "fixd_fee" in page.words("#problems"))
    assert barriers(page.driver) == []
    (place / "paid.yaml").write_text(CONTRACT.replace("90.00", "95.00"))
    page.button("Save").click()
    page.until(lambda: "Somebody else has saved this file" in page.words("h1"))
    assert barriers(page.driver) == []
    assert "95.00" in page.words(".differences")


def test_nothing_is_asked_of_any_other_machine_and_the_console_is_silent(page: StudioPage) -> None:
    page.driver.get_log("performance")
    page.visit("/c/unified.yaml")
    by_id(page, "m-profit_hours").send_keys("0")
    page.until(lambda: "of 60 hours" in page.words("#pay-said"))
    messages = [json.loads(entry["message"])["message"] for entry in page.driver.get_log("performance")]
    asked = [
        each["params"]["request"]["url"] for each in messages if each["method"] == "Network.requestWillBeSent"
    ]
    assert len(asked) >= 4
    assert [url for url in asked if not url.startswith((page.home, "data:"))] == []
    assert page.driver.get_log("browser") == []


def test_hostile_texts_do_nothing(page: StudioPage) -> None:
    attack = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
    put(page, CONTRACT.replace("A fee for each matter", f"'{attack.replace(chr(39), chr(39) * 2)}'"))
    page.until(lambda: "onerror" in page.words("#english"))
    assert page.driver.title != "taken"
    page.button("Save").click()
    page.until(lambda: "Saved." in page.words("#state"))
    page.visit("/c/paid.yaml").visit("/")
    page.until(lambda: "onerror" in page.words(".cards"))
    assert page.driver.title == "Shelf"
    assert page.driver.execute_script("return document.querySelectorAll('main img, main script').length") == 0


def test_text_that_was_not_saved_is_offered_again(page: StudioPage) -> None:
    put(page, CONTRACT + "# not saved\n")
    page.until(lambda: "Not saved yet" in page.words("#state"))
    page.visit("/").visit("/c/paid.yaml")
    assert "# not saved" not in page.text()
    page.button("Bring back the text").click()
    page.until(lambda: "# not saved" in page.text() and "Not saved yet" in page.words("#state"))


def test_the_sentence_under_the_cursor_is_lit(page: StudioPage) -> None:
    line = CONTRACT.split("\n").index("    amount: 90.00") + 1
    page.until(lambda: page.find(f"#english [data-jump='{line}']").click() is None)
    page.until(
        lambda: page.words("#english .lit").startswith("90.00") or "90.00" in page.words("#english .lit")
    )


AGENCY = """\
kind: scenario
schema_version: 1
about: {title: A small agency, question: Whom do they see under my contract?}
period: {starts: 2011-04-01, months: 2, lead_in_months: 1, run_out_months: 2}
seed: 5
replications: {at_least: 3, at_most: 3}
clients:
  arrivals: {per_week: 5}
  problems: {debt: {}, housing: {}}
advisers: [{number: 2}]
contracts: [unified-contract-2007]
"""


def test_a_designer_goes_from_an_empty_folder_to_a_comparison(
    driver, tmp_path: Path, record_property
) -> None:
    """Only what a person can see is used: labels, buttons, links, sliders; the seconds of each step are kept."""
    from selenium.webdriver.support.ui import Select

    (tmp_path / "agency.yaml").write_text(AGENCY, encoding="utf-8")  # somebody gave them the agency
    seconds: dict[str, float] = {}
    with served(tmp_path) as address:
        page = StudioPage(driver, address)

        def labelled(words: str):
            label = next(each for each in page.all("label") if each.text == words and each.is_displayed())
            return by_id(page, label.get_attribute("for"))

        def write(words: str, value: str) -> None:
            field = labelled(words)
            field.clear()
            field.send_keys(value)

        form = page.find("form[aria-label='A new contract of a shape']")
        form.find_element("name", "called").send_keys("Our own contract")
        Select(labelled("paid")).select_by_visible_text("a fee for each matter")
        write("pounds", "180.00")
        write("categories", "debt, housing")
        page.button("Begin from this shape").click()
        seconds["begun from a shape"] = page.until(lambda: "Our own contract" in page.words("h1"))
        for fee in ("190.00", "205.00", "220.00"):
            number = labelled("amount GBP")
            number.clear()
            number.send_keys(fee, TAB)
            took = page.until(lambda: fee in page.words("#pay-said") and f"amount: {fee}" in page.text())  # noqa: B023
            seconds[f"a fee of {fee}"] = took
        page.button("Accept what comes out").click()
        seconds["the example says so"] = page.until(lambda: "earned: 220.00" in page.text())
        write("hours of work", "9")
        page.until(lambda: "of 9 hours" in page.words("#pay-said"))
        page.button("Keep as worked example").click()
        seconds["a worked example kept"] = page.until(
            lambda: "Kept as a worked example" in page.words("#state")
        )
        write("because", "near what debt paid in 2007")
        page.button("Save").click()
        seconds["saved"] = page.until(lambda: "Saved." in page.words("#state"))
        page.find("nav a[href='/try']").click()
        page.until(lambda: "Live contracts" in page.words("h1"))
        Select(labelled("contract 1, held against the others")).select_by_visible_text(
            "unified-contract-2007"
        )
        Select(labelled("contract 2")).select_by_visible_text("our-own-contract.yaml")
        write("worlds", "2")
        Select(labelled("as")).select_by_visible_text("a comparison, also at equal money")
        page.button("Start").click()
        page.until(lambda: page.find("#life progress"))
        assert barriers(page.driver) == []
        seconds["compared at equal money"] = page.until(lambda: "Read the report" in page.words("#life"))
        page.find("#life a").click()
        seconds["report read"] = page.until(lambda: page.all("figure svg"))
        assert "equal money" in page.find("body").text.lower() or "equal" in page.driver.page_source.lower()
        page.look(1280, "light").visit("/")
        page.until(lambda: "2 of 2 examples pass" in page.words(".cards"))
        assert barriers(page.driver) == []
    record_property("seconds", json.dumps({step: round(took, 2) for step, took in seconds.items()}))
    text = (tmp_path / "our-own-contract.yaml").read_text(encoding="utf-8")
    assert "amount: 220.00" in text
    assert "near what debt paid" in (tmp_path / "reasons.csv").read_text(encoding="utf-8")
    checked = CliRunner().invoke(
        group, ["check", str(tmp_path / "our-own-contract.yaml"), "--format", "json"]
    )
    assert json.loads(checked.output)["examples"] == {"passed": 2, "of": 2}
