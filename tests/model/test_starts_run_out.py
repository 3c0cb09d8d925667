"""Refusals for want of matter starts, held against a sum over who asked: max(0, demand - allowed), to the person."""

from collections import Counter
from datetime import date, timedelta

import pytest

from legalaid_sim import events as e
from tests.builders.contracts import fixed
from tests.builders.lives import live
from tests.builders.scenarios import scenario
from tests.model.relations.terms import STARTS


@pytest.mark.parametrize("allowed", [0, 1, 40, 95, 10_000])
@pytest.mark.parametrize("seed", [1, 2])
def test_refusals_are_what_is_asked_beyond_what_is_allowed(allowed: int, seed: int) -> None:
    made = scenario(
        advisers=[{"role": "caseworker", "number": 8}], months=24, run_out=0, per_week=2, starts="2008-01-01"
    )
    log = live(made, fixed(200, STARTS.format(allowed=allowed)), seed=seed)
    # Two contract years of twelve months, both begun on the first of January: the contract runs from that day.
    years = Counter((made.period.begins + timedelta(minutes=each.at)).year for each in log.of(e.Asked))
    refused = Counter((made.period.begins + timedelta(minutes=each.at)).year for each in log.of(e.TurnedAway))
    assert {each.reason for each in log.of(e.TurnedAway)} <= {"matter_starts"}
    assert set(years) == {2008, 2009}
    assert made.period.begins == date(2008, 1, 1)
    assert refused == Counter({year: max(0, demand - allowed) for year, demand in years.items()})
