"""The studio as a designer has it: started by its command, opened in a real Chromium by the address it prints."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.shell import environment, line

PATIENCE = 60.0  # on a busy machine; no speed is promised


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Give the address that ``legalaid-sim studio`` prints, until the end."""
    typed = line("studio", folder, "--no-open")
    with subprocess.Popen(typed, env=environment(), stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            yield running.stdout.readline().strip()
        finally:
            running.terminate()
            running.wait(timeout=PATIENCE)


class StudioPage:
    """What a designer sees and does; times are waited for, never asserted."""

    def __init__(self, driver: Any, address: str) -> None:
        self.driver, self.home = driver, address.partition("/?")[0]
        self.look()
        driver.get(address)

    def look(
        self, width: int = 1280, scheme: str = "light", scripts: bool = True, height: int = 900
    ) -> "StudioPage":
        """Choose a width and a colour scheme, with or without scripts, for what is opened next."""
        send = self.driver.execute_cdp_cmd
        send("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        send("Emulation.setDeviceMetricsOverride", size)
        send("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        return self

    def visit(self, path: str) -> "StudioPage":
        """Go to a page."""
        self.driver.get(f"{self.home}{path}")
        return self

    def find(self, css: str) -> Any:
        """Give one element."""
        return self.driver.find_element("css selector", css)

    def all(self, css: str) -> list[Any]:
        """Give every element."""
        found: list[Any] = self.driver.find_elements("css selector", css)
        return found

    def button(self, words: str) -> Any:
        """Give the button that says this."""
        return next(each for each in self.all("button") if words in each.text and each.is_displayed())

    def words(self, css: str) -> str:
        """Give the text of an element, whatever was swapped meanwhile."""
        return str(self.driver.execute_script(f"return document.querySelector({css!r})?.innerText ?? ''"))

    def text(self) -> str:
        """Give the contract's text as it stands in the page."""
        return str(self.driver.execute_script("return document.getElementById('text').value"))

    def until(self, what: Any) -> float:
        """Wait until something holds, and give the seconds that it took."""
        began, pause = time.perf_counter(), 0.02
        while not _holds(what):
            assert time.perf_counter() - began < PATIENCE, what
            time.sleep(pause)
            # To ask takes the time of those who are asked.
            pause = min(1.5 * pause, 0.2)
        return time.perf_counter() - began

    def keys(self, *keys: str) -> None:
        """Press keys where the focus is."""
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()


def _holds(what: Any) -> bool:
    from selenium.common.exceptions import WebDriverException

    try:
        return bool(what())
    except (WebDriverException, StopIteration):
        return False
