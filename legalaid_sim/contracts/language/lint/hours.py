"""Time that nobody has, and days that never come: minutes asked for, hours bought, values after the end."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from legalaid_sim.contracts.language.lint.page import walk
from legalaid_sim.contracts.tools.checking import last_day
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.working_time import WORKING_DAYS, known, working_year
from legalaid_sim.contracts.vocabulary.values import NamedValue
from legalaid_sim.errors import Problem
from legalaid_sim.units import MINUTES_PER_HOUR, MONTHS_PER_YEAR
from legalaid_sim.yamlfile import Path

# What a duty may take before check asks whether it is meant: a day for one matter, a quarter of the year for the rest.
A_QUARTER = Decimal("0.25")
TIMES = {"month_ended": MONTHS_PER_YEAR, "quarter_ended": 4, "year_ended": 1}
OF_TIME = frozenset(
    {
        "minutes",
        "adviser",
        "admin",
        "per_return",
        "per_claim_line",
        "provider_minutes_per_file",
        "minutes_per_file",
    }
)
KEPT = frozenset({"matter_opened", "contract_started"})


def check(page: Page) -> Iterator[Problem]:
    """Find minutes beyond what people can do, and values that begin after the end of the contract."""
    for placed in page.blocks():
        yield from _asked(page, placed)
    yield from _after_the_end(page)


def _asked(page: Page, placed: Placed) -> Iterator[Problem]:
    """Find minutes that no working day or year holds."""
    falls = getattr(placed.block, "falls_on", "")
    times = TIMES.get(falls)
    for path, minutes in _minutes(page, placed):
        if path[-1] == "per_claim_line" or not times:
            once, yearly = minutes, None
        else:
            once, yearly = minutes, minutes * times
        share = (yearly or once) / (working_year() * MINUTES_PER_HOUR)
        day = known("adviser.full_time_hours") / WORKING_DAYS
        if share > A_QUARTER if yearly or "steps" in path else once > day * MINUTES_PER_HOUR:
            each = falls.removesuffix("_ended") if yearly else _each(path, falls)
            message = (
                f"{once:,.0f} minutes a {each} are {once / MINUTES_PER_HOUR:,.0f} hours: "
                f"{100 * share:,.0f} percent of a working year{' each year' if yearly else ' each time'}"
            )
            yield page.problem("CV118", message, path)


def _each(path: Path, falls: str) -> str:
    if path[-1] == "per_claim_line":
        return "claim line"
    if str(path[-1]).endswith("per_file"):
        return "file"
    if "steps" in path:
        return "step"
    return {"work_done": "piece of work", "first_contact": "client"}.get(falls, "matter")


def _minutes(page: Page, placed: Placed) -> Iterator[tuple[Path, Decimal]]:
    for path, found in walk(placed.written, placed.path):
        if path[-1] not in OF_TIME or "time_unit" in path or path[-2:] == ("minutes", "minutes"):
            continue
        if isinstance(found, int) and not isinstance(found, bool):
            yield path, Decimal(found)
        elif isinstance(found, dict) and isinstance(found.get("value"), str):
            numbers = page.points(NamedValue(value=found["value"])).values()
            yield path, max(numbers, default=Decimal(0))


def _after_the_end(page: Page) -> Iterator[Problem]:
    """Find versions that begin after the last matter can be opened, where the day of opening picks them."""
    ends, told = last_day(page), set[Path]()
    others = {name for placed in page.blocks() if _picked_later(placed) for name in _names(placed.written)}
    for placed in page.blocks("payments"):
        for path, found in walk(placed.written, placed.path) if not _picked_later(placed) else ():
            name = found.get("value") if isinstance(found, dict) and set(found) == {"value"} else None
            if isinstance(found, dict) and isinstance(found.get("dated"), dict):
                told.update(_late(page, (*path, "dated"), ends))
            elif name is not None and name not in others and name in page.contract.values:
                for inner, value in walk(page.data["values"][name], ("values", name)):
                    if isinstance(value, dict) and isinstance(value.get("dated"), dict):
                        told.update(_late(page, (*inner, "dated"), ends))
    for path in sorted(told, key=str):
        message = f"the contract ends on {ends}, so what holds from {path[-1]} is never used"
        yield page.problem("CV122", message, path, at_key=True, help="explain term.months")


def _late(page: Page, path: Path, ends: date) -> Iterator[Path]:
    here: Any = page.data
    for key in path:
        here = here[key]
    yield from ((*path, day) for day in here if date.fromisoformat(str(day)) > ends)


def _picked_later(placed: Placed) -> bool:
    picked = getattr(placed.block, "dated_by", "event")
    return picked not in KEPT


def _names(written: Any) -> Iterator[str]:
    for _, found in walk(written):
        if isinstance(found, dict) and set(found) == {"value"}:
            yield str(found["value"])


__all__ = ["check", "working_year"]
