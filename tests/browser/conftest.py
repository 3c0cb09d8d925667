"""One browser for all that is looked at in the fonts of the machine; each look sets all that the last one set."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.pages import browser_is_there, chromium


@pytest.fixture(scope="session")
def driver() -> Iterator[Any]:
    browser_is_there()
    with chromium() as running:
        yield running
