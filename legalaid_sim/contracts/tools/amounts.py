"""Exact arithmetic of a contract: whole pence, percents as whole millionths, rounding, periods.

Guarantee: nothing here uses a float, so that a line is the same on every machine.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache, partial

from legalaid_sim.units import MINUTES_PER_HOUR, add_months

MILLION = 1_000_000
WHOLE = 100 * MILLION
SATURDAY = 5
# Matters open and close many a day, and each asks in which period that is.
DAYS_REMEMBERED = 1 << 14

Rounded = Callable[[int, int], int]


def pence_of(pounds: Decimal | int) -> int:
    """Turn pounds, as written, into whole pence.

    >>> pence_of(Decimal("157.00"))
    15700
    """
    return int(Decimal(pounds) * 100)


def millionths_of(percent: Decimal | int) -> int:
    """Turn a percent, as written, into whole millionths of a percent.

    >>> millionths_of(Decimal("17.5"))
    17500000
    """
    return int(Decimal(percent) * MILLION)


def minutes_of(hours: Decimal | int) -> int:
    """Turn hours, as written, into whole minutes."""
    return int(Decimal(hours) * MINUTES_PER_HOUR)


def whole(number: Decimal | int) -> int:
    """Turn a count, as written, into an int."""
    return int(number)


def half_up(over: int, under: int) -> int:
    """Divide two whole numbers and round half away from nought.

    >>> half_up(5, 2), half_up(-5, 2)
    (3, -3)
    """
    return (2 * over + under) // (2 * under) if over >= 0 else -((2 * -over + under) // (2 * under))


def half_even(over: int, under: int) -> int:
    """Divide and round halves to the even neighbour."""
    down, rest = divmod(over, under)
    return down + (2 * rest > under or (2 * rest == under and down % 2 == 1))


def toward_nought(over: int, under: int) -> int:
    """Divide and drop the remainder."""
    return over // under if over >= 0 else -(-over // under)


def away_from_nought(over: int, under: int) -> int:
    """Divide and let any remainder count as one more."""
    return -(-over // under) if over >= 0 else over // under


MODES: dict[str, Rounded] = {
    "half_up": half_up,
    "half_even": half_even,
    "down": toward_nought,
    "up": away_from_nought,
}


def rounding_rule(mode: str, to: Decimal) -> Rounded:
    """Give the rule that rounds a fraction of pence to the contract's step."""
    step, rule = max(1, pence_of(to)), MODES[mode]
    if step == 1:
        return rule
    return partial(_in_steps, rule, step)


def _in_steps(rule: Rounded, step: int, over: int, under: int) -> int:
    return rule(over, under * step) * step


def billed_minutes(minutes: int, unit: int, part: str) -> int:
    """Count minutes in whole billing units.

    >>> billed_minutes(7, 6, "up"), billed_minutes(7, 6, "down")
    (12, 6)
    """
    if unit <= 1:
        return minutes
    rule = {"up": away_from_nought, "down": toward_nought, "nearest": half_up}[part]
    return rule(minutes, unit) * unit


def last_of_month(day: date) -> date:
    """Give the last day of that month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def day_of_month(month: date, number: int) -> date:
    """Give that day of the month, or its last day where the month is shorter."""
    return month.replace(day=min(number, last_of_month(month).day))


def working_day(month: date, number: int) -> date:
    """Give the so-manieth Monday-to-Friday day of a month; public holidays are not known here.

    >>> working_day(date(2026, 8, 1), 1)
    datetime.date(2026, 8, 3)
    """
    day, seen = month.replace(day=1), 0
    while True:
        seen += day.weekday() < SATURDAY
        if seen == number:
            return day
        day += timedelta(days=1)


def next_month(day: date) -> date:
    """Give the first day of the next month."""
    return last_of_month(day) + timedelta(days=1)


def _year_from(anchor: date, day: date) -> date:
    years = day.year - anchor.year
    start = add_months(anchor, 12 * years)
    return start if start <= day else add_months(anchor, 12 * (years - 1))


def _quarter_from(anchor: date, day: date) -> date:
    start = _year_from(anchor, day)
    while add_months(start, 3) <= day:
        start = add_months(start, 3)
    return start


@lru_cache(maxsize=DAYS_REMEMBERED)
def period_start(scope: str, day: date, starts: date) -> date:
    """Give the first day of the period of that scope which holds a day.

    Years and quarters of a contract count from the first of the month in which it starts; a financial year
    from 1 April.
    """
    match scope:
        case "month":
            return day.replace(day=1)
        case "quarter":
            return _quarter_from(starts.replace(day=1), day)
        case "contract_year" | "year" | "client_year":
            return _year_from(starts.replace(day=1), day)
        case "calendar_year":
            return date(day.year, 1, 1)
        case "financial_year":
            return _year_from(date(starts.year, 4, 1), day)
        case _:
            return starts


MONTHS_OF = {
    "month": 1,
    "quarter": 3,
    "contract_year": 12,
    "year": 12,
    "calendar_year": 12,
    "financial_year": 12,
}


def period_after(scope: str, day: date, starts: date) -> date:
    """Give the first day of the next period (the far future for one that never ends)."""
    months = MONTHS_OF.get(scope)
    return add_months(period_start(scope, day, starts), months) if months else date.max


def ends_period(scope: str, last_day: date, starts: date) -> bool:
    """Tell whether a period of that scope ends on this day."""
    return period_after(scope, last_day, starts) == last_day + timedelta(days=1)
