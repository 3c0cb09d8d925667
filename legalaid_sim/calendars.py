"""Working days and minutes: when an organisation is open, when a post is at work.

A calendar is a list of intervals ``(start, end)`` in whole minutes since midnight of the first day lived, in order
and without overlap; ``end`` is exclusive.
"""

from datetime import date, timedelta

from legalaid_sim.units import MINUTES_PER_DAY, MINUTES_PER_HOUR

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OPENS = 9 * MINUTES_PER_HOUR

MinuteSpan = tuple[int, int]


def bank_holidays(first: date, last: date) -> frozenset[date]:
    """Public holidays of England between two dates."""
    import holidays

    years = range(first.year, last.year + 1)
    return frozenset(
        day for day in holidays.country_holidays("GB", subdiv="ENG", years=years) if first <= day <= last
    )


def working_days(first: date, last: date, names: "list[str] | tuple[str, ...]") -> list[int]:
    """Indices (0 = ``first``) of the days from ``first`` up to but without ``last`` that are worked."""
    closed = bank_holidays(first, last)
    weekdays = {DAY_NAMES.index(name) for name in names}
    days = range((last - first).days)
    return [i for i in days if (day := first + timedelta(days=i)).weekday() in weekdays and day not in closed]


def office_hours(first: date, last: date, minutes_a_day: int) -> list[MinuteSpan]:
    """From nine o'clock on Mondays to Fridays that are no bank holidays: when people can ask for help."""
    return shifts(working_days(first, last, DAY_NAMES[:5]), minutes_a_day)


def shifts(days: list[int], minutes_a_day: int) -> list[MinuteSpan]:
    """One shift a day from nine o'clock, of so many minutes."""
    return [(day * MINUTES_PER_DAY + OPENS, day * MINUTES_PER_DAY + OPENS + minutes_a_day) for day in days]
