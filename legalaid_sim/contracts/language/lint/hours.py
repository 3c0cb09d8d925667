"""Time that nobody has, and days that never come: minutes asked for, hours bought, values after the end."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from legalaid_sim.contracts.language.lint.page import Page, Placed, walk
from legalaid_sim.contracts.vocabulary.values import NamedValue
from legalaid_sim.errors import Problem
from legalaid_sim.evidence import register
from legalaid_sim.units import DAYS_PER_YEAR, MINUTES_PER_HOUR, MONTHS_PER_YEAR, add_months
from legalaid_sim.yamlfile import Path

WORKING_DAYS = 5
WEEKS = Decimal(str(DAYS_PER_YEAR)) / 7
# What a duty may take before check asks whether it is meant: a day for one matter, a quarter of the year for the rest.
A_QUARTER = Decimal("0.25")
# An hour bought for less than this share of what an hour of an adviser costs is hardly meant.
CHEAP = Decimal("0.2")
SESSIONS_A_DAY = 5
LATE_MONTHS = 12
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
    """Find duties, grants and sessions beyond what people can do, and days past the end of the contract."""
    for placed in page.blocks():
        yield from _asked(page, placed)
        yield from _RULES.get(placed.kind, _none)(page, placed)
    yield from _after_the_end(page)


def _none(page: Page, placed: Placed) -> Iterator[Problem]:
    yield from ()


@cache
def working_year() -> Decimal:
    """Give the hours that a full-time post works in a year, by the register: a week's, less leave and sickness."""
    off = _known("adviser.leave_days_per_year") + _known("adviser.sickness_days_per_year")
    return _known("adviser.full_time_hours") * (WEEKS - off / WORKING_DAYS)


def _hour_costs() -> Decimal:
    pay, overheads = (_known(name) for name in ("money.adviser_pay", "money.overheads_per_adviser"))
    return (pay + overheads) / working_year()


def _known(name: str) -> Decimal:
    return Decimal(str(register()[name].value.mean))


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
        day = _known("adviser.full_time_hours") / WORKING_DAYS
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


def _grant(page: Page, placed: Placed) -> Iterator[Problem]:
    if placed.block.buys is None:
        return
    months = MONTHS_PER_YEAR if placed.block.per == "month" else 1
    for _, hours, amount in page.pairs(placed.block.buys.hours, placed.block.amount, placed.block.table):
        if hours and amount * months / hours < CHEAP * _hour_costs():
            posts, costs = hours / working_year(), _hour_costs() * hours
            message = (
                f"{amount * months:,.2f} a year buys {hours:,} hours: {amount * months / hours:,.2f} each, "
                f"for the work of {posts:,.0f} full-time posts, which cost some {costs:,.0f} GBP"
            )
            yield page.problem("CV119", message, (*placed.path, "buys", "hours"))
            return


def _sessions(page: Page, placed: Placed) -> Iterator[Problem]:
    sessions = placed.block.sessions
    if sessions is None:
        return
    a_month = WEEKS * WORKING_DAYS / MONTHS_PER_YEAR
    for number in page.points(sessions.per_month).values():
        if number > SESSIONS_A_DAY * a_month:
            amounts = page.points(placed.block.amount).values()
            each = (
                f", {number * max(amounts):,.2f} a month" if amounts and placed.block.per == "session" else ""
            )
            message = f"{number:,} sessions a month are {number / a_month:.0f} every working day{each}"
            yield page.problem("CV119", message, (*placed.path, "sessions", "per_month"))
            return


def _return(page: Page, placed: Placed) -> Iterator[Problem]:
    months, term = placed.block.due.months_after, page.contract.term.months
    path = (*placed.path, "due", "months_after")
    if months >= term:
        message = (
            f"this return is due {months} months later, and the contract ends after {term}: it is never late"
        )
        yield page.problem("CV122", message, path)
    elif months > LATE_MONTHS:
        message = (
            f"this return is due {months} months later: only those of the first {term - months} can be late"
        )
        yield page.problem("CV122", message, path)


def _duty(page: Page, placed: Placed) -> Iterator[Problem]:
    days = placed.block.due_days
    starts, ends = page.contract.term.starts, _ends(page)
    length = (ends - starts).days
    if days > length:
        message = (
            f"{days:,} days are {days / DAYS_PER_YEAR:.0f} years, and the contract runs for {length:,} days: "
            f"'{placed.id}' is never late"
        )
        yield page.problem("CV122", message, (*placed.path, "due_days"))


def _ends(page: Page) -> date:
    term = page.contract.term
    return add_months(term.starts, term.months) - timedelta(days=1)


def _after_the_end(page: Page) -> Iterator[Problem]:
    """Find versions that begin after the last matter can be opened, where the day of opening picks them."""
    ends, told = _ends(page), set[Path]()
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


_RULES = {"block_grant": _grant, "standing_charge": _sessions, "return": _return, "duty": _duty}
__all__ = ["check", "working_year"]
