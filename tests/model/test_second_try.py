"""What a second try is worth, and who misses twice: held against sums that the model does not make."""

from collections import defaultdict
from math import sqrt
from typing import Any

import numpy as np
import pytest

from legalaid_sim import events as e
from legalaid_sim.draws import logistic
from legalaid_sim.world.rows import RETURNS
from tests.builders.lives import live, world_of
from tests.builders.scenarios import PROBLEM, agency, scenario

BASE = 0.4
CERTAIN_TO_RETURN = {"outcome.return_chance": 1, "outcome.return_days": 1}
PLAIN_OUTCOME = {
    "outcome.base": BASE,
    "outcome.trust_effect": 0,
    "after.not_acted": 0,
    "capability.effect": 0,
}
SHORT = {**PROBLEM, "contacts": 1, "contact_minutes": 10, "casework_minutes": 0}


def crowd(**assumptions: Any) -> Any:
    """Some two thousand people, helped at once and in full, who all come back when it did not work."""
    return scenario(
        advisers=[{"role": "caseworker", "number": 8}],
        problems={"debt": SHORT},
        per_week=80,
        months=6,
        assumptions={**PLAIN_OUTCOME, **CERTAIN_TO_RETURN, **assumptions},
    )


def tries_of(log: Any) -> list[list[bool]]:
    """Give, for each problem, whether each closing resolved it."""
    found = defaultdict(list)
    for outcome in log.of(e.Outcome):
        found[outcome.problem].append(outcome.resolved)
    return list(found.values())


def moments(mean: float, spread: float) -> tuple[float, float]:
    """Give E[p] and E[p²] for p = logistic(b + spread·z) of this mean: Gauss–Hermite, and a search of its own."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    weights = weights / weights.sum()
    low, high = -10.0, 10.0
    for _ in range(80):
        b = (low + high) / 2
        p = np.array([logistic(b + spread * z) for z in nodes])
        low, high = (b, high) if float(weights @ p) < mean else (low, b)
    return float(weights @ p), float(weights @ p**2)


@pytest.mark.parametrize("spread", [0.0, 0.5, 1.5])
def test_a_second_try_works_as_often_as_those_left_over_would_have_it(spread: float) -> None:
    tried = tries_of(live(crowd(**{"outcome.stubborn": spread})))
    first = [each[0] for each in tried]
    again = [each[1] for each in tried if len(each) > 1]
    mean, square = moments(logistic(BASE), spread)
    expected = (mean - square) / (1 - mean)
    # About 800 second tries: an error of 0.06 would be seen.
    assert len(again) > 600
    assert sum(first) / len(first) == pytest.approx(mean, abs=3.3 * sqrt(mean * (1 - mean) / len(first)))
    assert sum(again) / len(again) == pytest.approx(expected, abs=3.3 * sqrt(0.25 / len(again)))


def test_one_threshold_for_all_tries_makes_coming_back_useless() -> None:
    tried = tries_of(live(crowd(**{"outcome.stubborn": 0, "outcome.again": 0})))
    assert not any(resolved for each in tried for resolved in each[1:])
    assert max(len(each) for each in tried) == 1 + RETURNS


def test_who_differs_in_missing_misses_again_as_often_as_the_sum_says() -> None:
    plain = {"missed.chance": 0.2, "missed.trust_effect": 0, "missed.vulnerability_effect": 0}
    made = scenario(
        advisers=[{"role": "caseworker", "number": 8}],
        problems={"debt": {**SHORT, "contacts": 2}},
        per_week=80,
        assumptions={**plain, "missed.person": 1.2, "missed.in_a_row": 5, "door.days_to_appointment": 1},
    )
    kept: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    log = live(made)
    for event in log.of(e.Missed):
        kept[event.client].append((event.at, True))
    for met in log.of(e.Contact):
        kept[met.client].append((met.began, False))
    asked = [[missed for _, missed in sorted(each)] for each in kept.values() if len(each) > 1]
    mean, square = moments(0.2, 1.2)
    first = [each[0] for each in asked]
    again = [each[1] for each in asked if each[0]]
    expected = square / mean
    assert sum(first) / len(first) == pytest.approx(0.2, abs=3.3 * sqrt(0.16 / len(first)))
    assert sum(again) / len(again) == pytest.approx(expected, abs=3.3 * sqrt(0.25 / len(again)))
    assert expected > 0.3


def test_tries_are_as_many_as_returns_and_closing_organisations_allow() -> None:
    made = scenario(
        agencies=[agency("one", may_shrink=True), agency("two", may_shrink=True)],
        assumptions={"outcome.return_chance": 0.4},
        per_week=30,
    )
    for person in world_of(made).people:
        for plan in person.problems:
            returns = 0
            while returns < RETURNS and plan.u_returns[returns] < 0.4:
                returns += 1
            assert len(plan.tries) == 1 + returns + 2


def test_more_tries_leave_the_first_as_it_was() -> None:
    few, many = (world_of(crowd(**{"outcome.return_chance": chance})) for chance in (0.1, 0.9))
    for one, other in zip(few.people, many.people):
        for ours, theirs in zip(one.problems, other.problems):
            shared = min(len(ours.tries), len(theirs.tries))
            assert ours.tries[:shared] == theirs.tries[:shared]
            assert ours.stubborn == theirs.stubborn
