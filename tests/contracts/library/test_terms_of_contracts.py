"""That contracts of the library say what their sources say, and keep to the rules behind their tables."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import pytest

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.kinds.permissions.matter_starts import StartsBook
from legalaid_sim.contracts.language.load import find_contract, load_contract
from legalaid_sim.contracts.pricing.terms import CompiledTerms, compile_terms
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, PeriodFacts, ProviderFacts

PENNY = Decimal("0.01")
FEES_2013 = {
    "actions_against_police": 239, "clinical_negligence": 195, "community_care": 266, "consumer": 159,
    "debt": 180, "education": 272, "employment": 207, "family": 86, "family_public": 132, "housing": 157,
    "miscellaneous": 79, "personal_injury": 203, "public_law": 259, "welfare_benefits": 150,
}  # fmt: skip


@cache
def contract(name: str) -> Contract:
    return load_contract(name)


@cache
def terms(name: str) -> CompiledTerms:
    return compile_terms(contract(name))


def rows(name: str, table: str) -> list[dict[str, Any]]:
    found = contract(name).tables[table]
    return [dict(zip(found.columns or (), row)) for row in found.rows]


def admin_of_one_case(name: str) -> int:
    facts = MatterFacts("A", "debt", opened=date(2008, 5, 6), closed=date(2008, 8, 1))
    books = Account(terms(name), ProviderFacts(), date(2008, 4, 1))
    burdens = (*books.opened(facts, date(2008, 5, 6)).burdens, *books.closed(facts, date(2008, 8, 1)).burdens)
    return sum(b.adviser_minutes + b.admin_minutes for b in burdens if not b.paid)


def test_fees_of_2007_are_those_of_2013_before_the_cut_of_ten_percent() -> None:
    found = {row["category"]: row["fee"] for row in rows("unified-contract-2007", "standard_fees")}
    turned_back = {
        category: (Decimal(fee) / Decimal("0.9")).quantize(Decimal(1), ROUND_HALF_UP)
        for category, fee in FEES_2013.items()
    }
    assert found == turned_back


def test_escape_in_2007_is_at_three_times_the_fee() -> None:
    assert all(row["escape_over"] == 3 * row["fee"] for row in rows("unified-contract-2007", "standard_fees"))


def test_a_case_is_exceptional_from_three_times_the_fee_or_2500_whichever_is_lower() -> None:
    for row in rows("tailored-fixed-fees-2005", "own_average_cost"):
        assert row["exceptional_over"] == min(3 * row["fee"], Decimal(2500)) - PENNY


def test_the_rule_of_2500_binds_for_one_category_at_least() -> None:
    binding = [row for row in rows("tailored-fixed-fees-2005", "own_average_cost") if 3 * row["fee"] > 2500]
    assert binding


def test_the_average_of_a_tailored_fee_pays_for_the_hours_of_an_average_case() -> None:
    mix = {"debt": 56_990, "welfare_benefits": 43_234, "housing": 9_129, "employment": 2_954}
    fees = {row["category"]: row["fee"] for row in rows("tailored-fixed-fees-2005", "own_average_cost")}
    mean = sum(fees[category] * count for category, count in mix.items()) / sum(mix.values())
    assert float(mean / Decimal("53.09")) == pytest.approx(1100 / 250, abs=0.05)


def test_hours_bought_are_1100_and_their_value_is_the_years_amount_over_them() -> None:
    values = contract("not-for-profit-hours-2004").values
    assert values["hours_bought"].amount == 1100
    year, hour = values["year_of_hours"].by_region or {}, values["hour_value"].by_region or {}
    assert set(year) == set(hour) == {"london", "elsewhere"}
    assert all(year[region] == 1100 * Decimal(str(hour[region])) for region in year)


def test_a_year_of_grants_sums_to_the_pound_for_part_time_advisers_too() -> None:
    provider = ProviderFacts(region="london", facts={"advisers": 6.2})
    books = Account(terms("relational-pilot"), provider, date(2007, 10, 1))
    for year, month in [*((2007, m) for m in (10, 11, 12)), *((2008, m) for m in range(1, 10))]:
        last = date(year + month // 12, month % 12 + 1, 1).toordinal() - 1
        books.month_ended(PeriodFacts(date(year, month, 1), date.fromordinal(last)))
    assert books.earned == 347_200_00


def test_an_advance_follows_the_number_of_advisers() -> None:
    paid = {}
    for advisers in (1, 6):
        provider = ProviderFacts(facts={"advisers": advisers})
        books = Account(terms("not-for-profit-hours-2004"), provider, date(2004, 4, 1))
        books.month_ended(PeriodFacts(date(2004, 4, 1), date(2004, 4, 30), {"profit": 33_000}))
        paid[advisers] = sum(payment.pence for payment in books.cash_due(date(2004, 4, 30)))
    assert paid == {1: 9_166_66, 6: 55_000_00}


def test_the_relational_pilot_asks_for_a_fraction_of_the_admin() -> None:
    assert admin_of_one_case("relational-pilot") == 7
    assert admin_of_one_case("not-for-profit-hours-2004") == 51
    assert admin_of_one_case("unified-contract-2007") == 55
    assert admin_of_one_case("tailored-fixed-fees-2005") == 65


def test_the_relational_pilot_names_an_adviser_and_allows_discretion_and_early_help() -> None:
    made = terms("relational-pilot")
    assert (made.service.patience_days, made.service.discretion) == (28, True)
    assert made.service.outreach_percent == pytest.approx(20.0)
    early = MatterFacts("A", "debt", opened=date(2004, 4, 5), facts={"early": True})
    assert made.out_of_scope(early, ProviderFacts()) is None
    assert terms("ontario-tariff").out_of_scope(early, ProviderFacts()) is not None


def test_hours_bought_leave_a_case_without_a_price_and_a_year_with_one() -> None:
    books = Account(terms("not-for-profit-hours-2004"), ProviderFacts(), date(2004, 4, 1))
    facts = MatterFacts("A", "debt", opened=date(2004, 4, 5))
    assert [segment.slope for segment in books.incentive(facts)] == [pytest.approx(5000 / 60)]


def test_a_result_without_guards_pays_for_a_minute_and_one_with_guards_does_not() -> None:
    facts = MatterFacts(
        "A", "debt", opened=date(2008, 5, 6), closed=date(2008, 9, 1), outcome="resolved",
        minutes={"profit": 1},
    )  # fmt: skip
    assert terms("outcome-payments").price(facts, ProviderFacts()).earned == 320_00
    guarded = terms("outcome-payments-guarded").price(facts, ProviderFacts())
    assert {entry.block: entry.pence for entry in guarded.entries} == {"case_part": 110_00}


def test_results_stop_at_the_ceiling_of_the_year() -> None:
    books = Account(terms("outcome-payments-guarded"), ProviderFacts(), date(2008, 4, 1))
    for number in range(1001):
        facts = MatterFacts(
            f"m{number}", "debt", opened=date(2008, 5, 6), closed=date(2008, 9, 1), outcome="resolved",
            minutes={"profit": 60}, facts={"lasted_months": 6},
        )  # fmt: skip
        settled = books.closed(facts, date(2008, 9, 1))
    assert books.earned == 1001 * 110_00 + 180_000_00
    assert settled.flags == ("lasting_result_at_limit",)
    assert sum(line.pence for line in settled.lines) == 110_00


def test_unguarded_results_are_named_as_an_invitation_and_silenced_with_a_reason() -> None:
    text = find_contract("outcome-payments").read_text(encoding="utf-8")
    assert "# allow CI205: this contract leaves the guards out to show what follows" in text


@pytest.mark.parametrize(
    ("name", "begins", "used", "allowed"),
    [
        ("not-for-profit-hours-2004", date(2004, 4, 1), 240, 264),
        ("not-for-profit-hours-2004", date(2004, 4, 1), 100, 200),
        ("not-for-profit-hours-2004", date(2004, 10, 1), 120, 264),
        ("unified-contract-2007", date(2007, 10, 1), 240, 240),
        ("unified-contract-2007", date(2007, 10, 1), 100, 200),
        ("unified-contract-2007", date(2008, 4, 1), 120, 240),
    ],
)
def test_next_years_starts_follow_a_whole_years_use(name: str, begins: date, used: int, allowed: int) -> None:
    """A first year begun late counts as whole; the earlier rule adds ten percent; 80 percent is the least."""
    books = Account(terms(name), ProviderFacts(), begins)
    for number in range(used):
        books.opened(MatterFacts(f"m{number}", "debt", opened=begins), begins)
    next_year = terms(name).starts.replace(year=terms(name).starts.year + 1)
    books.may_open(MatterFacts("last", "debt", opened=next_year), next_year)
    (book,) = books.admission.books
    assert isinstance(book, StartsBook)
    assert book.allowed == allowed
