"""Library contracts of other shapes: bands of minutes, a flat pilot fee, a cut of ten percent."""

from datetime import date
from functools import cache
from typing import Any

import pytest

from legalaid_sim.contracts.language.load import load_contract
from legalaid_sim.contracts.pricing.terms import CompiledTerms, PricedMatter, compile_terms
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.errors import Refusal

PROVIDER = ProviderFacts(region="elsewhere")


@cache
def terms(name: str) -> CompiledTerms:
    return compile_terms(load_contract(name))


def priced(name: str, opened: date, category: str, **more: Any) -> PricedMatter:
    facts = MatterFacts("A", category=category, opened=opened, closed=date(opened.year, 12, 31), **more)
    return terms(name).price(facts, PROVIDER)


@pytest.mark.parametrize(
    ("minutes", "pence"),
    [(0, 65_00), (1, 65_00), (132, 65_00), (133, 130_00), (899, 130_00), (900, 689_25), (901, 690_02)],
)
def test_a_telephone_case_is_paid_by_its_band_of_minutes(minutes: int, pence: int) -> None:
    case = priced("civil-legal-advice-2018", date(2019, 1, 2), "debt", minutes={"profit": minutes})
    assert case.earned == pence


def test_education_by_telephone_is_paid_by_the_hour_in_units_of_six_minutes() -> None:
    case = priced("civil-legal-advice-2018", date(2019, 1, 2), "education", minutes={"profit": 61})
    assert case.earned == 50_55


@pytest.mark.parametrize("category", ["debt", "education"])
def test_a_caller_out_of_scope_earns_a_determination_and_nothing_else(category: str) -> None:
    case = priced(
        "civil-legal-advice-2018", date(2019, 1, 2), category, minutes={"profit": 18}, outcome="out_of_scope"
    )
    assert [(entry.block, entry.pence) for entry in case.entries] == [("determination", 40_00)]


@pytest.mark.parametrize("minutes", [0, 60, 180, 600])
def test_the_pilot_pays_three_hours_and_a_quarter_whatever_the_time(minutes: int) -> None:
    case = priced("early-legal-advice-pilot-2022", date(2022, 10, 3), "housing", minutes={"profit": minutes})
    assert case.earned == 172_31


@pytest.mark.parametrize(
    ("category", "before", "after"),
    [("debt", 200, 180), ("housing", 174, 157), ("welfare_benefits", 167, 150), ("employment", 230, 207)],
)
def test_fees_fell_by_a_tenth_on_3_october_2011(category: str, before: int, after: int) -> None:
    days = date(2011, 10, 2), date(2011, 10, 3)
    fees = [priced("standard-civil-contract-2010", day, category).earned for day in days]
    assert fees == [before * 100, after * 100]


@pytest.mark.parametrize(("over", "pence", "flags"), [(0, 180_00, ()), (1, 540_01, ("escape",))])
def test_an_escape_pays_all_at_hourly_rates(over: int, pence: int, flags: tuple[str, ...]) -> None:
    costs = {"profit": 540_00 + over}
    case = priced("standard-civil-contract-2010", date(2012, 1, 3), "debt", costs=costs)
    assert (case.earned, case.flags) == (pence, flags)


def test_a_category_that_a_contract_does_not_pay_is_refused() -> None:
    with pytest.raises(Refusal, match="no payment block covers category 'immigration'"):
        priced("early-legal-advice-pilot-2022", date(2022, 10, 3), "immigration")
