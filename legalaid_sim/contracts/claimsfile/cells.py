"""Cells of a claims file: amounts, counts, days, yes and no, texts; and what a whole file writes in another form."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

MONEY = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2}0*|\.)?|\.[0-9]{1,2}0*")
PRINTED = re.compile(r"£? ?([0-9]{1,3}(,[0-9]{3})*|[0-9]{1,9})(\.[0-9]{1,2})?")
COUNT = re.compile(r"[0-9]{1,6}(\.0+)?")
DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})( 00:00:00(\.0+)?)?")
PARTED = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2}|[A-Za-z]{3,9})[/. -]([0-9]{4})( 00:00(:00)?)?")
EXCEL = re.compile(r"([2-7][0-9]{4})(\.0+)?")
EXCEL_STARTS = date(1899, 12, 30)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
YES = frozenset({"true", "TRUE", "True", "yes", "Yes", "YES", "Y", "y", "1"})
NO = frozenset({"false", "FALSE", "False", "no", "No", "NO", "N", "n", "0"})
# What systems write where they know nothing; compared without anything but letters and digits.
PLACEHOLDERS = frozenset({
    "", "na", "none", "nil", "null", "nan", "tbc", "tba", "tbd", "nk", "unknown", "notknown", "notapplicable",
    "notprovided", "notset", "notrecorded", "pending", "awaited", "awaiting", "blank", "empty", "missing", "test",
    "default", "undefined", "x", "xx", "xxx", "xxxx", "nothing", "noref", "noreference",
})  # fmt: skip
NO_DAYS = frozenset({
    date(1, 1, 1), EXCEL_STARTS, date(1900, 1, 1), date(1970, 1, 1), date(9999, 12, 31),
})  # fmt: skip
REMEMBERED = 1 << 14
LONGEST_SHOWN = 40


class Forms(NamedTuple):
    """How a file writes its days and its amounts: keys of ``DAYS`` and ``AMOUNTS``."""

    dates: str = "iso"
    amounts: str = "plain"


USUAL_FORMS = Forms()


def shown(text: str) -> str:
    """Cut a cell down to what a message can hold."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def is_placeholder(text: str) -> bool:
    """Tell whether a text is what systems write for nothing, zeros in any spelling included.

    >>> [is_placeholder(text) for text in ("N/A", "0000", "-", "PA1234", "111")]
    [True, True, True, False, False]
    """
    core = re.sub(r"[\W_]", "", text.lower())
    return core in PLACEHOLDERS or not core.strip("0")


def _refuse_placeholder(text: str) -> None:
    if is_placeholder(text):
        raise ValueError(f"'{shown(text)}' stands for nothing; leave the cell empty where there is none")


@lru_cache(maxsize=REMEMBERED)
def read_pence(text: str) -> int:
    """Read pounds such as ``157``, ``157.5`` or ``157.50`` as whole pence.

    >>> read_pence("157.5")
    15750
    """
    if not MONEY.fullmatch(text):
        raise ValueError(f"'{shown(text)}' is no amount; money is written 157.00, without sign or comma")
    return int(Decimal(text).scaleb(2))


@lru_cache(maxsize=REMEMBERED)
def read_printed_pence(text: str) -> int:
    """Read pounds as they are printed, with a sign and commas.

    >>> read_printed_pence("£1,500.5")
    150050
    """
    if MONEY.fullmatch(text):
        return read_pence(text)
    if not PRINTED.fullmatch(text):
        raise ValueError(f"'{shown(text)}' is no amount; money is printed £1,500.00")
    return int(Decimal(text.lstrip("£ ").replace(",", "")).scaleb(2))


@lru_cache(maxsize=REMEMBERED)
def read_count(text: str) -> int:
    """Read how many: a whole number, or yes and no for one and none."""
    if text in YES or text in NO:
        return int(text in YES)
    if not COUNT.fullmatch(text):
        raise ValueError(f"'{shown(text)}' is no count; write a whole number such as 2")
    return int(Decimal(text))


def _real(day: date, text: str) -> date:
    if day in NO_DAYS:
        raise ValueError(f"'{shown(text)}' is what systems write for no day; leave the cell empty")
    return day


@lru_cache(maxsize=REMEMBERED)
def read_day(text: str) -> date:
    """Read a day written 2025-12-22; a midnight after it says nothing more."""
    found = DAY.fullmatch(text)
    if not found:
        raise ValueError(f"'{shown(text)}' is no day; a day is written 2025-12-22")
    try:
        return _real(date.fromisoformat(found[1]), text)
    except ValueError as error:
        raise ValueError(
            str(error) if "systems" in str(error) else f"'{shown(text)}' is not a day of the calendar"
        ) from None


def _parted(text: str, day_first: bool) -> date:
    found = PARTED.fullmatch(text)
    if not found:
        example = "22/12/2025 or 22-DEC-2025" if day_first else "12/22/2025"
        raise ValueError(f"'{shown(text)}' is no day; a day of this file is written {example}")
    one, other, year = found[1], found[2], found[3]
    day, month = (one, other) if day_first or other.isalpha() else (other, one)
    try:
        number = MONTHS.index(month[:3].lower()) + 1 if month.isalpha() else int(month)
        made = date(int(year), number, int(day))
    except ValueError:
        raise ValueError(f"'{shown(text)}' is not a day of the calendar") from None
    return _real(made, text)


@lru_cache(maxsize=REMEMBERED)
def read_dmy(text: str) -> date:
    """Read a day written 22/12/2025, 22.12.2025 or 22-DEC-2025.

    >>> read_dmy("01-MAY-2024")
    datetime.date(2024, 5, 1)
    """
    return _parted(text, day_first=True)


@lru_cache(maxsize=REMEMBERED)
def read_mdy(text: str) -> date:
    """Read a day written 12/22/2025."""
    return _parted(text, day_first=False)


@lru_cache(maxsize=REMEMBERED)
def read_excel_day(text: str) -> date:
    """Read a day as a workbook counts it, from 30 December 1899.

    >>> read_excel_day("45413")
    datetime.date(2024, 5, 1)
    """
    found = EXCEL.fullmatch(text)
    if not found:
        raise ValueError(f"'{shown(text)}' is no day; a day of this file is a number such as 45413")
    return _real(EXCEL_STARTS + timedelta(days=int(found[1])), text)


def read_yes_no(text: str) -> bool:
    """Read true or false."""
    if text in YES or text in NO:
        return text in YES
    raise ValueError(f"'{shown(text)}' is neither true nor false")


def is_authority(text: str) -> bool:
    """Tell whether prior authority was given: a yes or any reference counts, a plain no does not.

    Raises:
        ValueError: a placeholder, which says neither.
    """
    if text in YES or text in NO:
        return text in YES
    _refuse_placeholder(text)
    return True


def read_text(text: str) -> str:
    """Read a word such as a category, in small letters; a placeholder is none."""
    _refuse_placeholder(text)
    return text.lower()


DAYS: Mapping[str, Callable[[str], date]] = {
    "iso": read_day, "dmy": read_dmy, "mdy": read_mdy, "excel": read_excel_day,
}  # fmt: skip
AMOUNTS: Mapping[str, Callable[[str], int]] = {"plain": read_pence, "printed": read_printed_pence}


def form_of_day(text: str) -> str:
    """Name the form in which a cell could be a day: dmy, mdy, either, excel, iso; empty where it is none.

    >>> [form_of_day(text) for text in ("29/4/2019", "4/29/2019", "4/5/2019", "45413", "soon")]
    ['dmy', 'mdy', 'either', 'excel', '']
    """
    found = PARTED.fullmatch(text)
    if found and not found[2].isalpha():
        one, other = int(found[1]), int(found[2])
        return "dmy" if one > len(MONTHS) else "mdy" if other > len(MONTHS) else "either"
    if found:
        return "dmy"
    return "excel" if EXCEL.fullmatch(text) else "iso" if DAY.fullmatch(text) else ""


class Misread:
    """What a file writes in a form that it was not read in, counted, so that one remedy can be named for all of it."""

    def __init__(self) -> None:
        self.days: dict[str, int] = {}
        self.amounts = 0

    def note(self, text: str, read: Callable[[str], object]) -> None:
        """Count a cell that could not be read, where another form would read it."""
        if read in DAYS.values():
            form = form_of_day(text)
            if form and DAYS.get(form) is not read:
                self.days[form] = self.days.get(form, 0) + 1
        elif read is read_pence and PRINTED.fullmatch(text):
            self.amounts += 1

    def remedies(self) -> list[str]:
        """Name what to add to the command, one sentence for each kind of cell."""
        said = []
        ways = [form for form in ("dmy", "mdy", "excel", "iso") if form in self.days]
        if len(ways) > 1:
            said.append(f"days are written in several ways ({', '.join(ways)}): write them in one")
        elif ways:
            said.append(f"days of this file are read by --dates {ways[0]}")
        elif self.days:
            said.append(
                "days of this file are read by --dates dmy (the day first) or --dates mdy (the month first)"
            )
        if self.amounts:
            said.append("amounts with a sign or commas are read by --amounts printed")
        return said
