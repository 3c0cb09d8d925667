"""What holds for every contract of the library: clean checks, passing examples, numbers with sources."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.authoring.checking import NUMBERED, Checked, check_file
from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.language.load import library_names, load_contract, resolve
from legalaid_sim.contracts.pricing.terms import CompiledTerms, compile_terms
from legalaid_sim.contracts.vocabulary.facts import CashPayment, MatterFacts, PeriodFacts, ProviderFacts
from legalaid_sim.units import add_months

NAMES = tuple(library_names())
BY_CATEGORY = tuple(name for name in NAMES if name != "civil-scheme")
PROVIDER = ProviderFacts(region="elsewhere", heads=60_000, facts={"advisers": 6})


@cache
def checked(name: str) -> Checked:
    return check_file(name, "publish")


@cache
def terms(name: str) -> CompiledTerms:
    return compile_terms(load_contract(name))


def account(name: str) -> Account:
    return Account(terms(name), PROVIDER, terms(name).starts)


def numbers_without_status(found: Any, status: str, path: str) -> Iterator[str]:
    if isinstance(found, dict):
        source = found.get("source")
        nearest = source["status"] if isinstance(source, dict) else status
        for key, value in found.items():
            if key != "source":
                yield from numbers_without_status(value, nearest, f"{path}.{key}")
    elif isinstance(found, list):
        for at, item in enumerate(found):
            yield from numbers_without_status(item, status, f"{path}.{at}")
    elif isinstance(found, int | Decimal) and not isinstance(found, bool) and not status:
        yield path


def test_the_library_holds_the_regimes_that_were_promised() -> None:
    assert set(NAMES) >= {
        "australian-centre-grant", "best-value-tender", "capitation-with-access-floor",
        "civil-legal-advice-2018", "civil-scheme", "community-legal-advice-centre-2008", "core-and-case",
        "direct-payments",
        "early-legal-advice-pilot-2022", "netherlands-points", "not-for-profit-hours-2004", "ontario-clinic",
        "ontario-tariff", "outcome-payments", "outcome-payments-guarded", "relational-pilot",
        "scotland-advice-and-assistance", "solicitors-hourly-2001", "standard-civil-contract-2010",
        "tailored-fixed-fees-2005", "telephone-gateway", "unified-contract-2007",
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_it_may_be_published(name: str) -> None:
    errors = [problem for problem in checked(name).problems if problem.severity != "note"]
    assert not errors
    assert checked(name).exit_status == 0


@pytest.mark.parametrize("name", NAMES)
def test_all_of_its_examples_pass_and_there_are_some(name: str) -> None:
    assert checked(name).passed == checked(name).examples > 0


@pytest.mark.parametrize("name", NAMES)
def test_every_number_says_where_it_comes_from(name: str) -> None:
    data = resolve(name).data
    bare = [path for room in NUMBERED for path in numbers_without_status(data.get(room), "", room)]
    assert bare == []


@pytest.mark.parametrize("name", BY_CATEGORY)
def test_it_takes_on_every_category_that_it_names(name: str) -> None:
    for category in terms(name).categories:
        facts = MatterFacts("A", category, opened=terms(name).starts)
        assert account(name).may_open(facts, terms(name).starts).manner == "yes", category


@pytest.mark.parametrize("name", BY_CATEGORY)
@given(data=st.data())
def test_a_matter_can_be_lived_and_every_penny_is_paid_or_owed(name: str, data: st.DataObject) -> None:
    books, starts = account(name), terms(name).starts
    opened = starts + timedelta(days=data.draw(st.integers(0, 300), "days"))
    category = data.draw(st.sampled_from(terms(name).categories), "category")
    facts = MatterFacts("A", category, opened=opened, client="anna")
    facts.minutes["profit"] = facts.by_adviser["amina"] = data.draw(st.integers(0, 6000), "minutes")
    lines = [*books.opened(facts, opened).lines]
    facts.closed = opened + timedelta(days=90)
    facts.outcome = data.draw(st.sampled_from(["resolved", "unresolved"]), "outcome")
    lines += books.closed(facts, facts.closed).lines
    payments: list[CashPayment] = []
    for month in range(15):
        first = add_months(starts.replace(day=1), month)
        period = PeriodFacts(first, add_months(first, 1) - timedelta(days=1), {"profit": 500}, 1, 1, 1)
        lines += books.month_ended(period).lines
        payments += books.cash_due(period.last)
    assert books.earned == sum(line.pence for line in lines)
    assert books.outstanding() == books.earned - sum(payment.pence for payment in payments)
    assert all(isinstance(line.pence, int) for line in lines)


@pytest.mark.parametrize("name", BY_CATEGORY)
def test_it_can_still_be_asked_outside_its_term(name: str) -> None:
    """Regimes are tried on other years than their own; they answer, or refuse in words."""
    books, day = account(name), date(2030, 1, 2)
    facts = MatterFacts("A", terms(name).categories[0], opened=day, minutes={"profit": 240})
    lines = [*books.opened(facts, day).lines]
    facts.closed = date(2030, 3, 1)
    lines += books.closed(facts, facts.closed).lines
    assert books.earned == sum(line.pence for line in lines) >= 0
