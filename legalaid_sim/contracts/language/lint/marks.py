"""CP: keys that read as if they did something, and are told only."""

from collections.abc import Iterator

from legalaid_sim.contracts.schema.marks import unheard
from legalaid_sim.contracts.tools.page import Page
from legalaid_sim.errors import Problem


def check(page: Page) -> Iterator[Problem]:
    """Find every key that is written, moves nothing, and would be expected to."""
    for path, found in unheard(page.contract):
        message = f"'{found.key}' is told only: it changes nothing that is paid, asked or permitted"
        yield page.problem("CP340", message, path, at_key=True, help=found.instead)
