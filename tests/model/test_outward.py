"""People are drawn outward from the first day that counts: flat demand, and a window that no lead-in moves."""

from collections import Counter
from math import sqrt

import pytest

from legalaid_sim import events as e
from tests.builders.lives import live, world_of
from tests.builders.scenarios import PROBLEM, scenario

SLOW = {"exponential": {"mean": 45}}


def town(lead_in: int = 6, start: str = "own", months: int = 12, several: float = 0.3, **clients: object):
    """An agency with desks to spare, whose clients think for a long time before they ask."""
    return scenario(
        advisers=[{"role": "caseworker", "number": 8}],
        clients={"days_before_asking": SLOW, "several_problems": several, **clients},
        problems={"debt": {**PROBLEM, "contacts": 1, "days_to_crisis": SLOW}},
        lead_in=lead_in,
        months=months,
        per_week=25,
        assumptions={"client.hidden_share": 0.5},
        start=start,
    )


def first_askings(made, seed: int) -> list[int]:
    """How many people asked for the first time in each month of thirty days that is lived before the run-out."""
    log = live(made, seed=seed)
    first: dict[str, int] = {}
    for asked in log.of(e.Asked):
        if not asked.returning:
            first.setdefault(asked.problem, asked.at)
    counts = Counter(at // (30 * 1440) for at in first.values())
    return [counts[month] for month in range(log.window.closes // (30 * 1440))]


@pytest.mark.parametrize("several", [0.0, 0.3])
def test_demand_is_flat_from_the_first_month_lived(several):
    worlds = [first_askings(town(several=several), seed) for seed in range(4)]
    months = [sum(world[m] for world in worlds) for m in range(len(worlds[0]))]
    mean = sum(months) / len(months)
    # Some 450 askings a month over four worlds; two problems of one person make them more uneven than Poisson's.
    error = sqrt(mean * (1 + 2 * several))
    assert max(abs(each - mean) for each in months) < 4 * error
    assert abs(sum(months[:3]) - sum(months[-3:])) < 4 * sqrt(2 * 3) * error


def test_a_start_with_nobody_there_begins_with_hardly_any_demand():
    months = first_askings(town(start="empty"), 1)
    assert months[0] < 0.6 * months[-1]


def test_the_length_of_the_lead_in_never_changes_who_comes_in_the_window():
    short, long = (
        {person.id: person for person in world_of(town(lead_in=lead_in)).people if person.id.startswith("c")}
        for lead_in in (3, 12)
    )
    assert list(short) == list(long)
    first = next(iter(short))
    shift = long[first].problems[0].onset - short[first].problems[0].onset
    for name, person in short.items():
        for ours, theirs in zip(person.problems, long[name].problems, strict=True):
            assert theirs._replace(onset=ours.onset, crisis=ours.crisis, follow_ons=()) == ours._replace(
                follow_ons=()
            )
            assert theirs.onset - ours.onset == theirs.crisis - ours.crisis == shift


def test_nobody_of_before_brings_what_was_brought_before_life_began():
    people = world_of(town()).people
    earlier = [person for person in people if person.id.startswith("e")]
    assert earlier
    for person in earlier:
        assert person.problems
        for plan in person.problems:
            assert (plan.crisis if plan.hidden else plan.onset + plan.delay) >= 0
    numbers = [person.number for person in people]
    assert len(set(numbers)) == len(numbers)
    keys = [plan.key for person in people for plan in person.problems]
    assert len(set(keys)) == len(keys)
