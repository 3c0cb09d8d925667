"""Every matter's money and every grant and advance, worked out from the log by another way, to the penny."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from legalaid_sim import events as e
from legalaid_sim.contracts.language.load import library_names
from legalaid_sim.scenario.parts import Period
from legalaid_sim.units import add_months, add_up
from tests.builders.contracts import library
from tests.builders.lives import live
from tests.builders.scenarios import PROBLEM, agency, scenario
from tests.model import second_route as route

FEE_CODES = {"housing": "HOUS", "debt": "DEBT", "welfare_benefits": "WFB1", "community_care": "COM"}
OTHERS = {"civil-legal-advice-2018": {"education": "EDUFIN"}}
# Where a contract changes its amounts within its term, so that both sides of the change are lived.
BEGINS = {
    "civil-scheme": date(2025, 7, 1),
    "scotland-advice-and-assistance": date(2022, 12, 1),
    "standard-civil-contract-2010": date(2011, 5, 1),
    "unified-contract-2007": date(2008, 4, 1),
}
OUT_OF_SCOPE_UNTIL_THE_CRISIS = ("civil-legal-advice-2018", "ontario-tariff")
ADVISERS = {"city": 3, "town": 4}
HEADS = {"city": 40_000, "town": 60_000}


def kinds(name: str) -> dict[str, Any]:
    held = library(name).categories
    codes = {**FEE_CODES, **OTHERS.get(name, {})}
    hard = {"lognormal": {"mean": 260, "cv": 1.2}}
    late = {"days_to_crisis": 1} if name in OUT_OF_SCOPE_UNTIL_THE_CRISIS else {}
    stages = {"first_meeting": 0.3, "negotiation": 0.6, "hearing": 1.0} if name == "telephone-gateway" else {}
    return {
        kind: {
            **PROBLEM,
            "casework_minutes": hard,
            "days_between": 4,
            "fee_code": code,
            "stages": stages,
            **late,
        }
        for kind, code in codes.items()
        if not held or kind in held
    }


@cache
def lived(name: str, months: int, per_week: float) -> tuple[Period, e.Log]:
    begins = BEGINS.get(name, add_months(library(name).starts, 1))
    period = Period(starts=begins, months=months, lead_in_months=0, run_out_months=9)
    made = scenario(
        agencies=[
            agency("city", ADVISERS["city"], region="london", vat_registered=True, heads=HEADS["city"]),
            agency("town", ADVISERS["town"], heads=HEADS["town"]),
        ],
        problems=kinds(name),
        clients={"days_before_asking": 2},
        per_week=per_week,
        assumptions={
            "outcome.return_chance": 0.3, "client.several_problems": 0.4, "outcome.undone_per_month": 0.05,
            "follow_on.chance": 0.1, "payer.assessment_days": 30,
        },
    )  # fmt: skip
    return period, live(made.model_copy(update={"period": period}), name)


def check_matters(name: str, period: Period, log: e.Log) -> int:
    claims = route.matters(log, period.begins, {"city"})
    wanted = route.BOOKS[name](log, list(claims.values()))
    ledger = route.earned(log)
    wrong = {ref: (pence, ledger[ref]) for ref, pence in wanted.items() if pence != ledger[ref]}
    assert not wrong, (
        f"{len(wrong)} of {len(wanted)}: {dict(list(wrong.items())[:3])} {claims[next(iter(wrong))]}"
    )
    # What no claim explains is a matter still open, and no matter lives that was not paid for by this contract.
    assert {ref for ref in ledger if ref} <= claims.keys() | {one.matter for one in log.of(e.MatterOpened)}
    return len(wanted)


def test_every_contract_of_the_library_is_worked_out_again() -> None:
    assert sorted(route.BOOKS) == sorted(library_names())


@pytest.mark.parametrize("name", sorted(route.BOOKS))
def test_a_matter_earns_what_another_way_gives(name: str) -> None:
    assert check_matters(name, *lived(name, 4, 5)) >= 40


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(route.BOOKS))
def test_a_thousand_matters_earn_what_another_way_gives(name: str) -> None:
    assert check_matters(name, *lived(name, 18, 21)) >= 1000


@pytest.mark.parametrize("name", sorted({*route.LENGTHS, *route.AFTER}))
def test_every_month_of_a_grant_and_every_advance_is_what_another_way_gives(name: str) -> None:
    period, log = lived(name, 4, 5)
    months = [add_months(period.begins, n) for n in range(13)]
    # What is rounded is what has been granted so far in a year, so a month differs from a twelfth by a penny at most.
    for house, advisers in ADVISERS.items():
        region = "london" if house == "city" else "elsewhere"
        yearly = [route.grant_of(name, region, advisers, month) for month in months]
        granted = [
            line.pence
            for line in log.of(e.Entitled)
            if (line.organisation, line.matter, line.phase) == (house, "", 1)
        ]
        assert [abs(12 * pence - year) <= 12 for pence, year in zip(granted, yearly, strict=True)] == [
            True
        ] * 13
        ahead = {
            paid.since: paid for paid in log.of(e.Paid) if paid.organisation == house and paid.since >= 0
        }
        if name in route.AFTER:
            assert not ahead
            continue
        for month, year in zip(months, span_starts(name, months, region, advisers)):
            paid = ahead[(month - period.begins).days * route.DAY]
            assert abs(12 * paid.pence - year) <= 12
            assert period.begins + timedelta(days=paid.at // route.DAY) <= month + timedelta(days=2)
        spans = list(Counter(paid.at for paid in ahead.values()).values())
        assert spans == [left_of(name, months[0]), *[route.LENGTHS[name]] * (len(spans) - 1)]


def left_of(name: str, month: date) -> int:
    """How many months of its span a month and what follows it are, counted from the contract's first month."""
    first = library(name).starts
    gone = (month.year - first.year) * 12 + month.month - first.month
    return route.LENGTHS[name] - gone % route.LENGTHS[name]


def span_starts(name: str, months: list[date], region: str, advisers: int) -> list[Fraction]:
    """The yearly grant on the day on which each month's advance was paid."""
    found: list[Fraction] = []
    for month in months:
        begins = not found or left_of(name, month) == route.LENGTHS[name]
        found.append(route.grant_of(name, region, advisers, month) if begins else found[-1])
    return found


@pytest.mark.parametrize("name", sorted(set(route.LENGTHS) - {"relational-pilot", "core-and-case"}))
def test_a_contract_that_grants_alone_has_paid_what_was_earned_and_the_months_ahead(name: str) -> None:
    _, log = lived(name, 4, 5)
    for house in ADVISERS:
        lines = [line for line in log.of(e.Entitled) if line.organisation == house]
        back = [line.at for line in lines if line.pence < 0]
        assert bool(back) is (name == "not-for-profit-hours-2004")
        for month in [each for each in log.of(e.MonthClosed) if each.organisation == house]:
            paid = [each for each in log.of(e.Paid) if each.organisation == house and each.at <= month.at]
            ahead = add_up(each.pence for each in paid if each.since >= month.at)
            owed = add_up(line.pence for line in lines if line.at <= month.at) - add_up(
                each.pence for each in paid
            )
            assert month.unpaid == owed
            assert (back and month.at >= back[0]) or abs(owed + ahead) <= 12


@pytest.mark.parametrize(
    ("name", "year_ends", "hours"),
    [
        ("not-for-profit-hours-2004", date(2005, 4, 1), 1100),
        ("traditional-administration", date(2003, 4, 1), 900),
    ],
)
def test_hours_that_were_bought_and_not_worked_are_taken_back_at_the_end_of_the_year(
    name: str, year_ends: date, hours: int
) -> None:
    period, log = lived(name, 4, 5)
    ends = (year_ends - period.begins).days * route.DAY
    for house, advisers in ADVISERS.items():
        worked = route.minutes_of(log, house, ends)
        allowed = hours * 60 * advisers * 11 // 12 * 9 // 10
        rate = route.hour_taken_back(name, "london" if house == "city" else "elsewhere")
        back = [line for line in log.of(e.Entitled) if line.organisation == house and line.pence < 0]
        assert [(line.at, -line.pence) for line in back] == [
            (ends, route.penny(rate * (allowed - worked) / 60))
        ]


def test_heads_are_paid_for_by_the_month() -> None:
    name = "capitation-with-access-floor"
    weights = {
        "city": Fraction(route.written(name)["payments"][0]["heads"]["weights"]["london"]),
        "town": Fraction(1),
    }
    _, log = lived(name, 4, 5)
    for house, heads in HEADS.items():
        yearly = route.amount(name, "head_year") * heads * weights[house]
        pence = [line.pence for line in log.of(e.Entitled) if line.organisation == house and line.phase == 1]
        assert len(pence) == 13
        assert all(abs(12 * month - yearly) <= 12 for month in pence)


@pytest.mark.parametrize("per_week", [5, 26])
def test_the_bonus_for_being_seen_soon_is_paid_for_the_quarters_that_another_way_gives(
    per_week: float,
) -> None:
    period, log = lived("personalisation-1-friendlier-front", 4, per_week)
    months = [add_months(period.begins, n) for n in range(14)]
    paid = {
        house: {
            period.begins + timedelta(days=-(-line.at // route.DAY)): line.pence
            for line in log.of(e.Entitled)
            if line.organisation == house and line.block == "soon"
        }
        for house in ADVISERS
    }
    assert paid == {house: route.soon_enough(log, house, months, period.begins) for house in ADVISERS}
    # With few clients the last quarters have too few cases; with many they are seen too late in some.
    assert 2 <= len(paid["city"]) < 4
