"""What a contract says once for all of its blocks: its term, rounding, values, tables and series."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from legalaid_sim.contracts.vocabulary.values import (
    AnyNumber,
    Count,
    Day,
    Number,
    NumberOrExpected,
    Plain,
    RegionNumber,
    Source,
    Terms,
)


class Term(Terms):
    """When the contract starts and how many months it runs."""

    starts: Day
    months: Count = Field(ge=1, le=600)


class Rounding(Terms):
    """How every line is rounded."""

    to: Number = Field(default=Decimal("0.01"), gt=0)
    mode: Literal["half_up", "half_even", "down", "up"] = "half_up"
    at: Literal["every_line"] = "every_line"


class NamedAmount(Terms):
    """An entry under ``values:``: a title, a unit, one value form, a source."""

    title: str | None = None
    unit: str | None = None
    amount: AnyNumber | None = None
    dated: dict[Day, NumberOrExpected] | None = None
    by_region: dict[str, RegionNumber] | None = None
    source: Source | None = None


class Table(Terms):
    """Rows of values, one for each key; ``rows`` here, or a CSV ``file`` beside the contract.

    ``key`` names the columns that pick a row by facts of the same name (an empty cell fits anything).
    ``starts`` and ``ends`` name the columns of its first and last day; of rows that are in force, the one
    that started last is used. ``version`` names the column that says which scheme a row belongs to.
    """

    title: str | None = None
    key: tuple[str, ...] = ("fee_code",)
    starts: str | None = None
    ends: str | None = None
    version: str | None = None
    columns: tuple[str, ...] | None = Field(
        default=None, description="column names of rows; a CSV file has its own"
    )
    rows: tuple[tuple[Plain | None, ...], ...] = ()
    file: str | None = None
    source: Source | None = None


class Series(Terms):
    """A path over time that an indexation follows; ``expected`` must be filled in before a run needs it."""

    title: str | None = None
    unit: str | None = None
    dated: dict[Day, NumberOrExpected] = Field(min_length=1)
    source: Source | None = None
