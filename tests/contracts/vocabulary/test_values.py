"""The value grammar: what each form means, and what is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from legalaid_sim.contracts.blocks.named import NamedAmount
from legalaid_sim.contracts.tools.amounts import (
    MODES,
    billed_minutes,
    ends_period,
    half_even,
    half_up,
    millionths_of,
    pence_of,
    period_after,
    period_start,
    working_day,
)
from legalaid_sim.contracts.vocabulary.conditions import compile_conditions
from legalaid_sim.contracts.vocabulary.values import Condition, Count, Money, MoneyValue, Percent, YesNo
from legalaid_sim.errors import Refusal
from tests.builders.contracts import AGENCY, matter, payment, terms


class Sample(BaseModel):
    money: Money | None = None
    percent: Percent | None = None
    count: Count | None = None
    yes: YesNo | None = None
    value: MoneyValue | None = None
    test: Condition | None = None
    named: NamedAmount | None = None


def refused(**given: object) -> tuple[str, str]:
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate(given)
    return caught.value.errors()[0]["type"], caught.value.errors()[0]["msg"]


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        ({"money": "157.OO"}, "bad_money", "money is written 157.00, found '157.OO'"),
        ({"money": True}, "bad_money", "money is written 157.00, found True"),
        ({"money": 157.5}, "bad_money", "money is written 157.00, found 157.5"),
        ({"money": Decimal("1.005")}, "money_places", "money has at most two decimals, found 1.005"),
        ({"money": 10**12}, "money_size", "1000000000000 is beyond 1000000000, the most allowed here"),
        ({"count": True}, "bad_count", "a whole number, 0 or more, is needed; found True"),
        ({"count": -1}, "bad_count", "a whole number, 0 or more, is needed; found -1"),
        ({"yes": "yes"}, "bad_yes_no", "write true or false; found 'yes'"),
        ({"yes": 1}, "bad_yes_no", "write true or false; found 1"),
        (
            {"percent": "ten"},
            "bad_percent",
            "a percent is written as a number of hundredths, such as 20, found 'ten'",
        ),
        (
            {"value": {"by_region": {"london": {"dated": {"2025-12-01": "x"}}}}},
            "bad_money",
            "money is written 157.00, found 'x'",
        ),
        (
            {"named": {"by_region": {"london": {"dated": {"2025-12-01": {}}}}}},
            "bad_number",
            "a plain number is needed, found {}",
        ),
        (
            {"value": {"dated": {"2025-13-01": 1}}},
            "bad_day",
            "a day is written 2025-12-22; found '2025-13-01'",
        ),
    ],
)
def test_what_is_no_value_is_refused_in_words(given: dict[str, object], kind: str, words: str) -> None:
    assert refused(**given) == (kind, words)


def test_whole_numbers_and_two_decimals_are_money() -> None:
    assert Sample.model_validate({"money": 157}).money == Decimal(157)
    assert Sample.model_validate({"money": Decimal("157.10")}).money == Decimal("157.10")


FORMS = """
    values:
      named: {amount: 30.00}
      history: {dated: {2026-01-01: 10.00, 2026-05-01: 20.00}}
    tables:
      rates:
        key: [fee_code]
        starts: starts
        version: scheme
        columns: [fee_code, starts, scheme, fee]
        rows:
          - [X, 2026-01-01, OLD, 70.00]
          - [X, 2026-05-01, NEW, 80.00]
          - [Y, 2026-01-01, OLD, null]
    payments:
      - {id: fee, kind: fixed_fee, table: rates, amount: AMOUNT}
"""


@pytest.mark.parametrize(
    ("form", "opened", "pence"),
    [
        ("12.34", date(2026, 4, 30), 1234),
        ("{value: named}", date(2026, 4, 30), 3000),
        ("{value: history}", date(2026, 4, 30), 1000),
        ("{value: history}", date(2026, 5, 1), 2000),
        ("{dated: {2026-05-01: 6.00, 2020-01-01: 5.00}}", date(2026, 4, 30), 500),
        ("{by_region: {elsewhere: 40.00, london: {dated: {2020-01-01: 50.00}}}}", date(2026, 4, 30), 4000),
        ("{column: fee}", date(2026, 4, 30), 7000),
        ("{column: fee}", date(2026, 5, 1), 8000),
    ],
)
def test_each_form_gives_its_number(form: str, opened: date, pence: int) -> None:
    made = terms(FORMS.replace("AMOUNT", form))
    assert made.price(matter(fee_code="X", opened=opened), AGENCY).earned == pence


@pytest.mark.parametrize(
    ("form", "facts", "words"),
    [
        (
            "{dated: {2026-06-01: 6.00}}",
            {},
            "no-version (fee.amount): the first version starts on 2026-06-01, after 2026-05-01",
        ),
        (
            "{by_region: {london: 1.00}}",
            {},
            "no-region (fee.amount): no value for region 'elsewhere'; there are: london",
        ),
        ("{column: fee}", {"fee_code": "Z"}, "unknown-code (rates): no row has fee_code 'Z'"),
        (
            "{column: fee}",
            {"fee_code": "X", "opened": date(2025, 1, 1)},
            "no-version (rates): 'X' has rows from 2026-01-01, none on 2025-01-01",
        ),
        ("{column: fee}", {"fee_code": "Y"}, "no-value (fee): the contract gives no amount for this matter"),
    ],
)
def test_a_value_that_is_not_there_is_a_refusal_never_a_guess(
    form: str, facts: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refusal) as caught:
        terms(FORMS.replace("AMOUNT", form)).price(matter(**facts), AGENCY)
    assert str(caught.value) == words


def test_an_unknown_value_name_is_refused_at_compilation() -> None:
    with pytest.raises(Refusal, match="there is no entry 'nil' under values"):
        payment("- {id: fee, kind: fixed_fee, amount: {value: nil}}")


def test_a_value_that_is_defined_by_itself_is_refused() -> None:
    with pytest.raises(Refusal, match="the value 'a' is defined by itself"):
        terms("""
            values:
              a: {amount: {value: b}}
              b: {amount: {value: a}}
            payments: [{id: fee, kind: fixed_fee, amount: {value: a}}]
        """)


def test_the_row_that_started_last_wins_where_two_are_in_force() -> None:
    made = terms(FORMS.replace("AMOUNT", "{column: fee}"))
    assert made.price(matter(fee_code="X"), AGENCY).scheme == "NEW"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("housing", True),
        (["debt", "housing"], True),
        (["debt"], False),
        ({"is": "housing"}, True),
        ({"one_of": ["debt"]}, False),
    ],
)
def test_conditions_on_text(condition: object, holds: bool) -> None:
    written = Sample.model_validate({"test": condition}).test
    clause = compile_conditions({"category": written})[0]
    assert clause.holds(_case(matter())) is holds


@pytest.mark.parametrize(
    ("condition", "minutes", "holds"),
    [
        ({"under": 1}, 59, True),
        ({"under": 1}, 60, False),
        ({"at_most": 1}, 60, True),
        ({"over": 1}, 60, False),
        ({"at_least": 1}, 60, True),
        ({"between": [1, 2]}, 120, True),
        ({"between": [1, 2]}, 121, False),
        ({"over": 1, "under": 2}, 90, True),
        ({"over": 1, "under": 2}, 120, False),
    ],
)
def test_conditions_on_hours(condition: object, minutes: int, holds: bool) -> None:
    written = Sample.model_validate({"test": condition}).test
    clause = compile_conditions({"work.hours.profit": written})[0]
    assert clause.holds(_case(matter(minutes={"profit": minutes}))) is holds


def test_a_failing_condition_says_what_is_and_what_is_needed() -> None:
    written = Sample.model_validate({"test": ["debt", "welfare"]}).test
    clause = compile_conditions({"matter.category": written})[0]
    assert clause.failing(_case(matter())) == "category is housing, needs debt or welfare"


def test_true_is_not_the_number_one() -> None:
    written = Sample.model_validate({"test": True}).test
    clause = compile_conditions({"detained": written})[0]
    assert clause.holds(_case(matter(facts={"detained": True})))
    assert not clause.holds(_case(matter(facts={"detained": 1})))


def _case(facts: object) -> object:
    from legalaid_sim.contracts.tools.pricing_state import PricingState

    return PricingState(facts, AGENCY, date(2026, 4, 1))  # type: ignore[arg-type]


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_rounding_modes_stay_within_one_and_agree_on_whole_results(over: int, under: int) -> None:
    exact = Decimal(over) / Decimal(under)
    for rule in MODES.values():
        assert abs(rule(over, under) - exact) < 1
        assert rule(over * under, under) == over


def test_halves_round_as_named() -> None:
    assert [half_up(5, 10), half_up(-5, 10), half_even(5, 10), half_even(15, 10)] == [1, -1, 0, 2]
    assert (MODES["down"](-19, 10), MODES["up"](-11, 10), MODES["up"](11, 10)) == (-1, -2, 2)


def test_a_part_of_a_time_unit_counts_as_the_contract_says() -> None:
    assert [billed_minutes(7, 6, part) for part in ("up", "down", "nearest")] == [12, 6, 6]
    assert billed_minutes(9, 6, "nearest") == 12
    assert billed_minutes(7, 1, "up") == 7


def test_pounds_and_percents_become_whole_numbers_exactly() -> None:
    assert pence_of(Decimal("0.29")) == 29
    assert millionths_of(Decimal("17.5")) == 17_500_000


def test_years_of_a_contract_run_from_its_start() -> None:
    starts = date(2026, 10, 1)
    assert period_start("contract_year", date(2027, 9, 30), starts) == date(2026, 10, 1)
    assert period_after("contract_year", date(2027, 9, 30), starts) == date(2027, 10, 1)
    assert period_start("financial_year", date(2027, 3, 31), starts) == date(2026, 4, 1)
    assert period_start("calendar_year", date(2027, 3, 31), starts) == date(2027, 1, 1)
    assert period_start("quarter", date(2027, 3, 31), starts) == date(2027, 1, 1)
    assert ends_period("contract_year", date(2027, 9, 30), starts)
    assert ends_period("contract_year", date(2027, 9, 30), date(2026, 10, 15))
    assert not ends_period("quarter", date(2027, 4, 30), starts)
    assert period_after("contract", date(2027, 1, 1), starts) == date.max


def test_the_tenth_working_day_skips_weekends() -> None:
    assert working_day(date(2026, 8, 1), 10) == date(2026, 8, 14)
