"""Whole minutes, whole pence, calendar days; conversions, rounding and counts in words, and nothing else.

Simulated time is a whole number of minutes since midnight at the start of the lead-in. Money inside the simulator is
a whole number of pence. Both are plain ``int`` so that sums are exact.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 1440
DAYS_PER_YEAR = 365.25
MONTHS_PER_YEAR = 12

PENNY = Decimal("0.01")
# Room on both sides for every month that a scenario or contract counts on from a day.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)


def pence(pounds: Decimal) -> int:
    """Turn pounds into whole pence, half a penny up.

    >>> pence(Decimal("157.00"))
    15700
    """
    return int((pounds * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def pounds(whole_pence: int) -> Decimal:
    """Turn whole pence into pounds with two places.

    >>> pounds(15705)
    Decimal('157.05')
    """
    return Decimal(whole_pence).scaleb(-2).quantize(PENNY)


def add_up(whole_numbers: Iterable[int]) -> int:
    """Add whole numbers (or count what is true), exactly; floats are added by ``math.fsum``.

    The built-in ``sum`` adds floats otherwise in Python 3.12 than in 3.11, so it is used nowhere else. Raises
    ``TypeError`` when something else than a whole number was among them.

    >>> add_up(wanted > 1 for wanted in (1, 2, 3))
    2
    """
    total = sum(whole_numbers)
    if type(total) is not int:
        raise TypeError(f"add_up takes whole numbers; these came to {total!r}")
    return total


def add_months(day: date, months: int) -> date:
    """Move a date by whole months, clamping to the end of a shorter month.

    >>> add_months(date(2008, 1, 31), 1)
    datetime.date(2008, 2, 29)
    """
    index = day.year * MONTHS_PER_YEAR + day.month - 1 + months
    year, month = divmod(index, MONTHS_PER_YEAR)
    first_of_next = date(year + (month == MONTHS_PER_YEAR - 1), (month + 1) % MONTHS_PER_YEAR + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def months_between(earlier: date, later: date) -> int:
    """Count whole months from one date to another (negative when they are out of order)."""
    months = (later.year - earlier.year) * MONTHS_PER_YEAR + later.month - earlier.month
    return months - (later.day < earlier.day)


def counted(count: int, noun: str) -> str:
    """Say how many of a thing there are.

    >>> counted(1, "month"), counted(1200, "world")
    ('1 month', '1,200 worlds')
    """
    return f"{count:,} {noun}{'s' * (count != 1)}"


def brief(value: float, figures: int = 3, sign: bool = False) -> str:
    """Show a number of any unit with so many figures, and from there on whole: never with an exponent for its size.

    >>> brief(51600.0), brief(0.0678912), brief(4.0), brief(-6812.4, 2, sign=True)
    ('51,600', '0.0679', '4', '-6,812')
    """
    whole = abs(value) >= 10**figures - 0.5
    return f"{value:{'+' * sign}{',.0f' if whole else f',.{figures}g'}}"


def exact(written: float | Decimal) -> Fraction:
    """Give a number as it was written, with nothing lost to binary: for what is cut or compared.

    >>> exact(0.6) * 2 + 5
    Fraction(31, 5)
    """
    return Fraction(str(written))


def round_half_up(value: float | Fraction) -> int:
    """Round to the nearest whole number, halves upward, the same on every platform."""
    return int(value + 0.5) if value >= 0 else -int(0.5 - value)
