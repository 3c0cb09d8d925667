"""Rounding, billing units and periods, held against the calendar and the decimal arithmetic of the language."""

from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

import numpy as np
import pytest

from legalaid_sim.contracts.tools.amounts import (
    MODES,
    billed_minutes,
    day_of_month,
    ends_period,
    last_of_month,
    minutes_of,
    next_month,
    period_after,
    period_start,
    rounding_rule,
    working_day,
)
from legalaid_sim.contracts.tools.pricing_state import money
from legalaid_sim.units import add_months

DECIMAL = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}
ONE = timedelta(days=1)
DAYS = [date(2023, 11, 20) + timedelta(days=n) for n in range(830)]


@pytest.mark.parametrize("mode", DECIMAL)
def test_rounding_is_that_of_decimals_on_both_sides_of_nought(mode: str) -> None:
    assert set(MODES) == set(DECIMAL)
    for under in (1, 2, 4, 5, 8, 10):
        for over in range(-45, 46):
            exact = (Decimal(over) / under).quantize(Decimal(1), DECIMAL[mode])
            assert MODES[mode](over, under) == exact, (over, under)
            for pence in (1, 2, 5, 100):
                step = rounding_rule(mode, Decimal(pence) / 100)
                assert step(over * pence, under) == exact * pence
    assert rounding_rule(mode, Decimal("0.05"))(12, 1) == {"down": 10, "up": 15}.get(mode, 10)
    assert rounding_rule(mode, Decimal(0))(7, 1) == 7


def test_time_is_billed_by_whole_units() -> None:
    for minutes in range(60):
        up, down, nearest = (billed_minutes(minutes, 6, part) for part in ("up", "down", "nearest"))
        assert down <= minutes <= up < down + 12
        assert up - minutes < 6
        assert minutes - down < 6
        assert nearest == (up if minutes % 6 >= 3 else down)
        assert billed_minutes(minutes, 2, "up") == minutes + minutes % 2
        assert billed_minutes(minutes, 1, "nearest") == billed_minutes(minutes, 0, "down") == minutes
    assert minutes_of(Decimal("1.5")) == 90


def test_days_of_a_month_are_those_of_the_calendar() -> None:
    for day in DAYS:
        last = last_of_month(day)
        assert (last + ONE).day == 1
        assert last.month == day.month
        assert next_month(day) == last + ONE
        assert day_of_month(day, day.day) == day
        assert day_of_month(day, 31) == last
        assert day_of_month(day, 1).day == 1


def test_working_days_are_counted_from_monday_to_friday() -> None:
    for month in range(1, 13):
        for number in (1, 2, 5, 6, 10, 20):
            first = np.datetime64(f"2026-{month:02d}-01")
            expected = np.busday_offset(first, number - 1, roll="forward").astype(date)
            assert working_day(date(2026, month, 17), number) == expected


@pytest.mark.parametrize("starts", [date(2024, 4, 1), date(2024, 10, 15), date(2025, 1, 31)])
@pytest.mark.parametrize(
    ("scope", "months"),
    [
        ("month", 1), ("quarter", 3), ("contract_year", 12), ("year", 12), ("calendar_year", 12),
        ("financial_year", 12),
    ],
)  # fmt: skip
def test_periods_follow_each_other_without_a_gap(scope: str, months: int, starts: date) -> None:
    anchor = {"calendar_year": 1, "financial_year": 4, "month": 1}.get(scope, starts.month)
    for day in DAYS:
        first, after = period_start(scope, day, starts), period_after(scope, day, starts)
        assert first <= day < after == add_months(first, months)
        assert first.day == 1
        assert (first.month - anchor) % months == 0
        assert ends_period(scope, day, starts) == (day + ONE == after)
        if day + ONE < after:
            assert period_start(scope, day + ONE, starts) == first


def test_a_contract_is_one_period_without_an_end() -> None:
    starts = date(2024, 4, 1)
    assert period_start("contract", date(2025, 1, 1), starts) == starts
    assert not any(ends_period("contract", day, starts) for day in DAYS)


def test_a_client_year_is_counted_as_the_contract_s_year() -> None:
    starts = date(2024, 10, 15)
    for day in DAYS:
        assert period_start("client_year", day, starts) == period_start("contract_year", day, starts)


def test_pence_are_written_as_pounds() -> None:
    for pence in range(-205, 206):
        assert Decimal(money(pence)) * 100 == pence
        assert len(money(pence).partition(".")[2]) == 2
    assert (money(-5), money(0)) == ("-0.05", "0.00")
