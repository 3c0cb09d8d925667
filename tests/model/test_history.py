"""What history says should come out, from sourced parameters. docs/history.md states the gaps in words."""

from functools import cache
from math import log, sqrt
from pathlib import Path
from statistics import NormalDist, fmean
from typing import Any

import pytest

from legalaid_sim import events as e
from legalaid_sim.advisers.strain import leaving_chance
from legalaid_sim.engine import Regime, simulate
from legalaid_sim.evidence import resolve
from legalaid_sim.measures import measure
from legalaid_sim.scenario import load_scenario
from legalaid_sim.world import sample
from tests.builders.contracts import fixed, hourly, library
from tests.builders.lives import live
from tests.builders.scenarios import PROBLEM, scenario

FILE = Path(__file__).with_name("adapted-2009.yaml")
DOCS = Path(__file__).parents[2] / "docs" / "history.md"
WORLDS = 3

# What a paid day goes on besides the clients' matters: the non-chargeable time of the 2024-25 survey.
NON_CHARGEABLE = ("duty", "admin", "supervision", "handover", "missed")


@cache
def lived(respond):
    given_ = load_scenario(FILE)
    regime = Regime("adapted", (library("unified-contract-2007"),), respond=respond)
    return tuple(simulate(sample(given_, seed), given_, regime) for seed in range(1, WORLDS + 1))


@cache
def taken(respond):
    return tuple(measure(each) for each in lived(respond))


def mean_of(name, respond):
    return fmean(found[name] for found in taken(respond))


def non_chargeable(respond):
    return fmean(sum(found[f"time.{what}_share"] for what in NON_CHARGEABLE) for found in taken(respond))


def failure_demand(respond):
    """Give the share of askings that are about a problem brought back or grown from an unresolved one."""
    shares = []
    for each in lived(respond):
        asked = each.of(e.Asked)
        shares.append(fmean(ask.returning or ".f" in ask.problem for ask in asked))
    return fmean(shares)


def leaving_in_a_year(respond):
    """Give the chance to leave within a year at the strain that is lived: three worlds have too few leavers."""
    given_ = resolve(load_scenario(FILE).assumptions)
    base, effect = given_.number("adviser.leaving_per_month"), given_.number("adviser.strain_leaving")
    months = [
        leaving_chance(base, diary.strain, effect)
        for each in lived(respond)
        for diary in each.of(e.Diary)
        if each.window.opens < diary.at <= each.window.closes
    ]
    return 1 - (1 - fmean(months)) ** 12


# The targets of 2009-10, with the room that a published round figure leaves.
TARGETS: dict[str, Any] = {
    "cases an adviser-year": (250, 0.15, lambda respond: mean_of("money.matters_per_adviser_year", respond)),
    "pounds a case": (229, 0.12, lambda respond: mean_of("money.earned_per_matter", respond)),
    "pounds an adviser-year": (
        57_100,
        0.20,
        lambda respond: mean_of("money.earned_per_adviser_year", respond),
    ),
    "non-chargeable share": (0.245, 0.20, non_chargeable),
    "leaving in a year": (1 - (2 / 3) ** (1 / 3), 0.20, leaving_in_a_year),
}


# What comes out, as the page says it: nothing is tuned to the targets, so a miss stays a miss until the model moves.
COMES_OUT: dict[str, Any] = {
    "cases an adviser-year": {"none": (212, "miss"), "effort": (201, "miss")},
    "pounds a case": {"none": (229, "hit"), "effort": (287, "miss")},
    "pounds an adviser-year": {"none": (48_600, "hit"), "effort": (57_600, "hit")},
    "non-chargeable share": {"none": (0.216, "hit"), "effort": (0.220, "hit")},
    "leaving in a year": {"none": (0.194, "miss"), "effort": (0.200, "miss")},
}


@pytest.mark.long
@pytest.mark.parametrize("respond", ["none", "effort"])
@pytest.mark.parametrize("target", TARGETS)
def test_what_comes_out_is_what_the_page_says_hit_or_miss(target, respond):
    published, room, found = TARGETS[target]
    told, verdict = COMES_OUT[target][respond]
    assert found(respond) == pytest.approx(told, rel=0.005)
    assert (found(respond) == pytest.approx(published, rel=room)) == (verdict == "hit")


@pytest.mark.parametrize("target", TARGETS)
def test_the_page_gives_each_figure_with_its_verdict(target):
    text = DOCS.read_text(encoding="utf-8")
    for told, verdict in COMES_OUT[target].values():
        figure = f"{told:.1%}".replace("%", " %") if told < 1 else f"{told:,}"
        assert f"{figure}, {verdict}" in text


@pytest.mark.long
def test_failure_demand_falls_short_of_the_published_share():
    # 42 % were caused by failures of all public bodies; the model has those of one agency only.
    assert 0.15 < failure_demand("none") < 0.42


def test_about_fifteen_in_a_hundred_come_with_several_problems():
    given_ = load_scenario(FILE)
    people = sample(given_, 1).people
    assert fmean(len(person.problems) > 1 for person in people) == pytest.approx(0.15, abs=0.02)


# ---- the switch from paid hours to one national fee (Legal Services Commission 2006)

RATE = 48.0
PRIVATE_HOURS = 3.0
AGENCIES = 24


def spread_for(losing, ratio):
    """Give the spread of a lognormal of mean ``ratio`` of which this share lies above 1."""
    z = NormalDist().inv_cdf(losing)
    return -z + sqrt(z * z + 2 * log(ratio))


def hours_of_agencies(ratio, spread):
    """Give the mean hours a case of agencies at the middles of equal parts of the distribution."""
    from math import exp

    levels = [(n + 0.5) / AGENCIES for n in range(AGENCIES)]
    shape = [exp(spread * NormalDist().inv_cdf(level) - spread * spread / 2) for level in levels]
    return [PRIVATE_HOURS * ratio * each for each in shape]


PLAIN = {"contact.listening_minutes": 0, "contact.retelling_minutes": 0, "contact.reading_minutes": 0}


def income(hours, contract):
    minutes = round(hours * 60)
    needs = {
        "debt": {**PROBLEM, "contacts": 2, "contact_minutes": 30, "casework_minutes": max(1, minutes - 60)}
    }
    given_ = scenario(
        problems=needs, per_week=3, months=3, run_out=6,
        assumptions=PLAIN,
    )  # fmt: skip
    return measure(live(given_, contract))["money.earned"]


def test_the_ratio_and_spread_that_the_figures_ask_for():
    spread = spread_for(0.92, 2.0)
    assert spread == pytest.approx(0.428, abs=0.001)


@pytest.mark.long
def test_moving_from_hours_to_one_fee_halves_income_and_nine_in_ten_lose():
    agencies = hours_of_agencies(2.0, spread_for(0.92, 2.0))
    by_hour, by_fee = hourly(RATE), fixed(RATE * PRIVATE_HOURS)
    before = [income(hours, by_hour) for hours in agencies]
    after = [income(hours, by_fee) for hours in agencies]
    assert sum(after) / sum(before) == pytest.approx(0.5, abs=0.03)
    assert fmean(new < old for new, old in zip(after, before)) == pytest.approx(0.92, abs=0.04)


def test_the_note_on_history_names_every_target_and_every_gap():
    text = DOCS.read_text(encoding="utf-8")
    for said in ("250", "229", "57,100", "24.5 %", "42 %", "15 %", "92 %", "What does not come out"):
        assert said in text
