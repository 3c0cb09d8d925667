"""Going out to people brings help before the crisis: worth it where there is time, and not where there is none."""

from math import fsum

import pytest

from legalaid_sim.measures import measure
from tests.builders.lives import live
from tests.builders.scenarios import scenario
from tests.model.relations.terms import TERMS

NAMES = (
    "access.helped_before_crisis",
    "outcomes.resolved_share",
    "access.never_seen",
    "money.hours_worked_per_matter",
)


def means(advisers, percent):
    made = scenario(
        quiet=False, problems={"debt": {}}, per_week=6, months=8, lead_in=3, run_out=4, start="own",
        advisers=[{"role": "caseworker", "number": advisers}],
        clients={"days_before_asking": {"exponential": {"mean": 60}}},
        assumptions={"outreach.minutes": 60},
    )  # fmt: skip
    lives = [measure(live(made, TERMS[f"reaching {percent}"](), seed=seed), NAMES) for seed in (1, 2)]
    return {name: fsum(each[name] or 0.0 for each in lives) / len(lives) for name in NAMES}


@pytest.fixture(scope="module")
def found():
    return {(advisers, percent): means(advisers, percent) for advisers in (1, 5) for percent in (0, 50)}


def test_with_time_to_spare_more_is_helped_early_more_resolved_and_with_fewer_hours(found):
    stays, goes = found[5, 0], found[5, 50]
    assert goes["access.helped_before_crisis"] > stays["access.helped_before_crisis"] + 0.03
    assert goes["outcomes.resolved_share"] > stays["outcomes.resolved_share"]
    assert goes["money.hours_worked_per_matter"] < stays["money.hours_worked_per_matter"]


def test_without_time_to_spare_who_is_gone_out_to_takes_the_place_of_others(found):
    stays, goes = found[1, 0], found[1, 50]
    assert goes["access.never_seen"] > stays["access.never_seen"]
    assert goes["outcomes.resolved_share"] < stays["outcomes.resolved_share"]
