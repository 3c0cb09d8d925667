"""CV: values that can hardly mean what they say, and histories that leave days without a value."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from legalaid_sim.contracts.kinds.registry import PAYMENTS
from legalaid_sim.contracts.language.lint.page import walk
from legalaid_sim.contracts.tools.page import ROOMS, Page
from legalaid_sim.errors import Problem
from legalaid_sim.yamlfile import Path

CONTRACT_PARTS = (*ROOMS, "values", "tables", "series")
BY_THE_HOUR = frozenset({"rates", "hourly", "recover_at", "pay_at"})


def check(page: Page) -> Iterator[Problem]:
    """Find fractions for percents, histories out of order or late, figures expected, wrong units."""
    for part in CONTRACT_PARTS:
        for path, found in walk(page.data.get(part), (part,)):
            yield from _fraction(page, path, found)
            if isinstance(found, dict) and isinstance(found.get("dated"), dict) and part != "series":
                yield from _history(page, (*path, "dated"), found["dated"])
            if isinstance(found, dict) and set(found) == {"value"}:
                yield from _unit(page, path, str(found["value"]))
    for name, value in page.contract.values.items():
        if value.unit != "percent":
            yield from _below_nothing(page, ("values", name))
    for name, series in page.contract.series.items():
        yield from _expected(page, ("series", name, "dated"), series.dated)
    yield from _assumed(page)


def _fraction(page: Page, path: Path, found: Any) -> Iterator[Problem]:
    number = isinstance(found, Decimal) and 0 < found < 1
    if number and any(isinstance(key, str) and key.endswith("_percent") for key in path):
        message = f"{found} percent is less than one in a hundred; percents are hundredths"
        yield page.problem(
            "CV101", message, path, help=f"write {found * 100:f} if that is the share you mean"
        )


def _below_nothing(page: Page, place: Path) -> Iterator[Problem]:
    for path, found in walk(page.data[place[0]][place[1]], place):
        if isinstance(found, int | Decimal) and not isinstance(found, bool) and found < 0:
            message = f"{found} is below 0: whoever should be paid here would owe {-found}"
            yield page.problem(
                "CV115", message, path, help=f"write {-found}, or unit: percent where it is one"
            )


def _history(page: Page, path: Path, dated: dict[str, Any]) -> Iterator[Problem]:
    days = list(dated)
    for earlier, later in pairwise(days):
        if later <= earlier:
            message = f"{later} stands after {earlier}; write a history from the oldest day to the newest"
            yield page.problem("CV110", message, (*path, later), at_key=True)
    starts = page.contract.term.starts
    first = date.fromisoformat(min(days))
    if first > starts:
        message = (
            f"this history starts on {first}, after the contract ({starts}): before it there is no value"
        )
        yield page.problem("CV111", message, (*path, min(days)), at_key=True, help="explain term.starts")
    yield from _expected(page, path, dated)


def _expected(page: Page, path: Path, dated: Any) -> Iterator[Problem]:
    for day, value in dated.items():
        if value == "expected":
            message = f"the figure of {day} is still expected; a run that reaches it is refused"
            yield page.problem("CV112", message, (*path, str(day)))


def _unit(page: Page, path: Path, name: str) -> Iterator[Problem]:
    value = page.contract.values.get(name)
    unit = (value.unit or "") if value else ""
    per_hour = unit.endswith("per hour")
    wants_hour = any(key in BY_THE_HOUR for key in path)
    if unit.startswith("GBP") and not per_hour and wants_hour:
        message = f"'{name}' is in {unit}, and an amount by the hour is needed here"
        yield page.problem("CV120", message, (*path, "value"))
    if per_hour and path[-1] == "amount" and _for_a_matter(page, path):
        message = f"'{name}' is in {unit}, and an amount for the whole matter is needed here"
        yield page.problem("CV120", message, (*path, "value"))
    if unit == "percent" and not any(str(key).endswith("percent") for key in path):
        yield page.problem("CV120", f"'{name}' is a percent, and money is needed here", (*path, "value"))


def _for_a_matter(page: Page, path: Path) -> bool:
    room, position, *inner = path
    if len(inner) != 1 or not isinstance(position, int):
        return False
    kind = PAYMENTS.get(str(page.data[room][position].get("kind")))
    return kind is not None and kind.for_a_matter


def _assumed(page: Page) -> Iterator[Problem]:
    for part in CONTRACT_PARTS:
        for path, found in walk(page.data.get(part), (part,)):
            source = found if path[-1] == "source" and isinstance(found, dict) else {}
            if source.get("status") == "assumed" and not source.get("note"):
                message = "this is assumed, and no note says on what grounds"
                yield page.problem("CV130", message, (*path, "status"), help="add note: ... to the source")
