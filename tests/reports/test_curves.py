"""Pay curves beside each other, held to what a run is given when such a matter is closed."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import fsum
from types import SimpleNamespace
from typing import Any

import pytest

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.analysis.paycurve import Reading
from legalaid_sim.contracts.language.load import load_terms
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.pricing_state import TAX
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.experiments.shared.statistics import Estimate
from legalaid_sim.reports.curves import LONGEST_HOURS, NOT_PAID, corners, curves, curves_of
from legalaid_sim.reports.figure import Figure
from legalaid_sim.scenario.model import Scenario

CONTRACTS = (
    "standard-civil-contract-2010", "not-for-profit-hours-2004", "relational-pilot", "outcome-payments",
    "rural-of-nobody",
)  # fmt: skip
DAY = date(2011, 4, 1)
KINDS = {"debt": "DEBT", "housing": "HOUS", "employment": "EMPL"}


def made(hours: float | None = 5.25) -> Any:
    """What a report reads, of contracts of the library that nobody has lived; the last covers nothing."""
    scenario = Scenario.model_validate(
        {
            "kind": "scenario", "schema_version": 1,
            "about": {"title": "A town", "question": "What is paid?", "purpose": "To be priced."},
            "period": {"starts": DAY, "months": 6},
            "clients": {"arrivals": {"per_week": 5}, "problems": {
                name: {"share": 3 - at, "fee_code": code} for at, (name, code) in enumerate(KINDS.items())
            }},
            "advisers": [{"number": 2}], "contracts": list(CONTRACTS[:-1]),
        }
    )  # fmt: skip
    mean = Estimate(hours, None if hours is None else hours - 1, None if hours is None else hours + 1, 5)
    return SimpleNamespace(
        scenario=scenario, ordered=CONTRACTS, baseline=CONTRACTS[0],
        called={name: name.replace("-", " ") for name in CONTRACTS},
        means={CONTRACTS[0]: {"money.hours_worked_per_matter": mean}},
        manifest={"regimes": {name: {"contracts": [{"name": name}]} for name in CONTRACTS}},
        terms=lambda regime, name: None if regime == CONTRACTS[-1] else load_terms(name),
    )  # fmt: skip


@pytest.fixture(scope="module")
def figure() -> Figure:
    found = curves(made())
    assert found is not None
    return found


def given(contract: str, kind: str, minutes: int) -> float | None:
    return given_by(load_terms(contract), made().scenario, kind, minutes)


def given_by(terms: CompiledTerms, scenario: Scenario, kind: str, minutes: int) -> float | None:
    """What an account gives when the matter is closed, in pence, with what its minutes count for where hours are
    bought; None where the contract is not about it."""
    house, problem = scenario.houses[0].organisation, scenario.clients.problems[kind]
    opened = scenario.period.starts
    closed = opened + timedelta(days=90)
    provider = ProviderFacts(house.name, house.region, house.vat_registered, facts={"advisers": 1})
    account = Account(terms, provider, opened)
    facts = MatterFacts(
        "m", kind, problem.fee_code, house.region, opened=opened, closed=closed, outcome=problem.outcome,
        minutes={"profit": minutes},
        by_adviser={"lead": max(minutes, 1)},  # a forecast supposes one adviser before any work
        facts={"lasted_months": 600, "stages": []},
    )  # fmt: skip
    if not account.covers(facts):
        return None
    lines = account.opened(facts, opened).lines + account.closed(facts, closed).lines
    paid = sum(line.pence for line in lines if line.phase != TAX)
    # What an hour counts for is asked of the curve that providers see in a run.
    seen = account.incentive(replace(facts, minutes={}, by_adviser={}))
    slope = seen[-1].slope if account.monthly else 0.0
    return paid + slope * minutes


def test_every_reading_is_what_an_account_gives() -> None:
    held = curves_of(made())
    asked = 0
    for kinds, each in held.items():
        for name, curve in each.items():
            for kind in kinds:
                for minutes in (0, 6, 60, 126, 300, 612, 900, 1200):
                    wanted = None if name == CONTRACTS[-1] else given(name, kind, minutes)
                    assert (wanted is None) == (not curve.readings), (name, kind)
                    if wanted is not None:
                        asked += 1
                        assert curve.pays(minutes) == pytest.approx(wanted, abs=0.01), (name, kind, minutes)
                        assert curve.readings[minutes // 6] == (minutes, round(wanted))
    assert asked > 50


POINT = re.compile(r"[ML](-?[\d.]+),(-?[\d.]+)")


def drawn(figure: Figure, place: int) -> Mapping[str, list[tuple[float, float]]]:
    """The points of every line of a panel in hours and pounds, by the places of the axes' own words."""
    body = figure.panels[place].drawing.body
    texts = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*?>([^<]+)</text>', body)
    ups = [
        (float(y) - 4, float(w[1:].replace("k", "")) * (1000 if "k" in w else 1))
        for _, y, w in texts
        if w.startswith("£")
    ]
    across = [(float(x), float(w)) for x, _, w in texts if re.fullmatch(r"\d+", w)]
    (y0, v0), (y1, v1), (x0, h0), (x1, h1) = ups[0], ups[-1], across[0], across[-1]
    found = {}
    for at, path in enumerate(re.findall(r'<path d="(M[^"Zh]*)" fill="none"', body)):
        found[str(at)] = [
            (h0 + (float(x) - x0) / (x1 - x0) * (h1 - h0), v0 + (float(y) - y0) / (y1 - y0) * (v1 - v0))
            for x, y in POINT.findall(path)
        ]
    return found


def test_every_drawn_point_is_on_the_curve_and_none_between_is_left_out(figure: Figure) -> None:
    held = list(curves_of(made()).values())
    assert len(figure.panels) == len(held)
    for place, each in enumerate(held):
        lines = drawn(figure, place)
        paying = [curve for curve in each.values() if curve.readings]
        assert len(lines) == len(paying)
        for line, curve in zip(lines.values(), paying):
            for hours, pounds in line:
                near = [curve.pays(round(hours * 60) + step) / 100 for step in range(-8, 9)]
                assert min(near) - 8 <= pounds <= max(near) + 8, (hours, pounds)
            assert line[0][0] == pytest.approx(0, abs=0.2)
            assert line[-1][0] == pytest.approx(LONGEST_HOURS, abs=0.2)
            for one, other in pairwise(line):
                middle = round(30 * (one[0] + other[0]))
                if other[0] - one[0] < 0.2:  # a cliff
                    continue
                assert curve.pays(middle) / 100 == pytest.approx((one[1] + other[1]) / 2, abs=12)


def test_corners_give_every_reading_back_to_the_penny() -> None:
    for each in curves_of(made()).values():
        for curve in each.values():
            kept = corners(curve.readings)
            for one, other in pairwise(kept):
                for minutes, pence in curve.readings:
                    if one.minutes <= minutes <= other.minutes:
                        slope = (other.pence - one.pence) / (other.minutes - one.minutes)
                        assert one.pence + slope * (minutes - one.minutes) == pytest.approx(pence, abs=1)
    assert corners([Reading(0, 5)]) == [Reading(0, 5)]


def test_the_table_says_what_is_not_covered_and_where_nothing_more_is_paid(figure: Figure) -> None:
    rows = {row[0]: row[1:] for row in figure.table.rows}
    assert all(len(row) == len(figure.table.head) for row in figure.table.rows)
    assert rows["debt: rural of nobody"][0] == NOT_PAID
    assert rows["debt: standard civil contract 2010"][-1].startswith("0.0 to ")
    assert rows["debt: not for profit hours 2004"][-1] == "never"
    for label, cells in rows.items():
        kind, name = label.split(": ")
        contract = name.replace(" ", "-")
        if contract == CONTRACTS[-1]:
            continue
        for hours, cell in zip((1, 2, 5, 10, 20), cells):
            assert cell == f"£{round((given(contract, kind.split(' ')[0], hours * 60) or 0) / 100):,}"


def test_the_sentence_names_who_pays_most_and_least_for_the_mean_matter(figure: Figure) -> None:
    pay = {name: given(name, "debt", 315) or 0.0 for name in CONTRACTS[:-1]}
    most, least = max(pay, key=lambda n: pay[n]), min(pay, key=lambda n: pay[n])
    assert figure.finding == (
        f"One debt matter of 5.2 hours earns £{round(pay[most] / 100):,} under {most.replace('-', ' ')}, "
        f"£{round(pay[least] / 100):,} under {least.replace('-', ' ')}."
    )
    assert "buys hours: each counts £" in figure.note
    without = curves(made(None))
    assert without is not None
    assert "matter of 5.0 hours" in without.finding
    assert "dotted" not in without.note
    assert fsum(pay.values()) > 0
