"""A real Chromium, driven as a reader drives it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
# Where Debian keeps them; the first is what a browser brings with it, as wide as fonts get.
FONTS = {
    "DejaVu": Path("/usr/share/fonts/truetype/dejavu"),
    "Liberation": Path("/usr/share/fonts/truetype/liberation"),
}
PACKAGES = "apt-get install chromium chromium-driver fonts-dejavu-core fonts-liberation"
A4_CONTENT = 695  # pixels between the margins of a sheet at 96 to the inch


def browser_is_there() -> None:
    """Go on where there is a browser; where there is none, fail under CI and skip elsewhere."""
    _needed(BROWSER and DRIVER, "chromium and chromedriver")


def font_is_there(font: str) -> None:
    """Go on where a font is installed; where it is not, fail under CI and skip elsewhere."""
    _needed(FONTS[font].is_dir(), f"the fonts of {FONTS[font]}")


def _needed(there: object, what: str) -> None:
    if there:
        return
    words = f"{what} are not installed: {PACKAGES}"
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)


@contextmanager
def chromium(font: str | None = None) -> Iterator[Any]:
    """Give a running browser, closed at the end; one that knows a single font where one is named."""
    with tempfile.TemporaryDirectory(prefix="fonts-") as home:
        yield from _running(_only(font, Path(home)) if font else {})


def _only(font: str, home: Path) -> dict[str, str]:
    settings = home / "fonts.conf"
    settings.write_text(
        f"<fontconfig><dir>{FONTS[font]}</dir><cachedir>{home / 'cache'}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return {"FONTCONFIG_FILE": str(settings)}


def _running(settings: dict[str, str]) -> Iterator[Any]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for word in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
    ):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER), env={**os.environ, **settings}))
    driver.set_script_timeout(
        300
    )  # rules of access take their time on a busy machine, and no speed is promised
    try:
        yield driver
    finally:
        driver.quit()


class Page:
    """A report as one reader sees it."""

    def __init__(self, driver: Any, path: Path) -> None:
        self.driver, self.path = driver, path

    def look(
        self, width: int = 1280, scheme: str = "light", media: str = "screen", scripts: bool = True
    ) -> "Page":
        """Open the page at a width, in a colour scheme, on screen or on paper, with or without scripts."""
        send = self.driver.execute_cdp_cmd
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        send("Emulation.setEmulatedMedia", {"media": media, "features": features})
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        send("Emulation.setDeviceMetricsOverride", size)
        send("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        self.driver.get_log("performance"), self.driver.get_log("browser")
        self.driver.get(self.path.absolute().as_uri())
        return self

    def open_all(self) -> "Page":
        """Open everything that can be opened."""
        self.ask("document.querySelectorAll('details').forEach(each => each.open = true)")
        return self

    def ask(self, words: str) -> Any:
        """Run a script in the page, as a test may and the page may not."""
        return self.driver.execute_script(words)

    def requests(self) -> list[str]:
        """Give every address that was asked for."""
        import json

        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        sent = [each["params"] for each in messages if each["method"] == "Network.requestWillBeSent"]
        return [each["request"]["url"] for each in sent]

    def complaints(self) -> list[str]:
        """Give what the console says."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def too_wide(self, width: int) -> list[str]:
        """Name what sticks out to the right and is in no box that scrolls."""
        found: list[str] = self.ask(
            "const scrolled = each => {"
            " for (let at = each; at; at = at.parentElement) {"
            " const how = getComputedStyle(at).overflowX;"
            " if (how === 'auto' || how === 'scroll') return true; }"
            " return false; };"
            "return [...document.querySelectorAll('body *')].filter(each => {"
            f" const box = each.getBoundingClientRect(); return box.width > 0 && box.right > {width} + 1"
            "  && !each.closest('.skip') && !scrolled(each); })"
            ".map(each => each.tagName + ' ' + (each.textContent || '').slice(0, 60));"
        )
        return found

    def out_of_the_drawing(self) -> list[str]:
        """Name the texts of drawings that leave the drawing they belong to, to any side; what is not drawn cannot."""
        found: list[str] = self.ask(
            "return [...document.querySelectorAll('svg text:not([opacity=\"0\"])')].filter(each => {"
            " let around = each.ownerSVGElement;"
            " const box = each.getBoundingClientRect(), all = around.getBoundingClientRect();"
            " return box.width > 0 && (box.left < all.left - 1 || box.right > all.right + 1"
            "  || box.top < all.top - 1 || box.bottom > all.bottom + 1); })"
            ".map(each => each.textContent);"
        )
        return found

    def overlapping(self) -> list[str]:
        """Name the pairs of texts of one drawing that lie over each other, as far as drawings are shown."""
        found: list[str] = self.ask(
            "const told = [];"
            "for (const drawing of document.querySelectorAll('figure svg')) {"
            " const held = [...drawing.querySelectorAll('text')].map(each => [each, each.getBoundingClientRect()])"
            "  .filter(pair => pair[1].width > 0).sort((a, b) => a[1].top - b[1].top);"
            " held.forEach(([one, a], at) => { for (const [other, b] of held.slice(at + 1)) {"
            # The box of a text is taller than its letters.
            "  if (b.top > a.bottom - a.height * 0.35) break;"
            # The same mark twice at one place, such as a £, says no more and no less.
            "  if (one.textContent !== other.textContent"
            "   && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1.5)"
            "   told.push(one.textContent + ' / ' + other.textContent); } });"
            "} return told;"
        )
        return found

    def fonts(self, selector: str) -> set[str]:
        """Name the fonts that the texts of an element are really drawn in."""
        send = self.driver.execute_cdp_cmd
        for domain in ("DOM", "CSS"):
            send(f"{domain}.enable", {})
        root = send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        node = send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        return {each["familyName"] for each in send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]}
