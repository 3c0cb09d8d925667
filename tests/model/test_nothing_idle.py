"""No mechanism of the relation is idle: what it is for moves between the ends of its range."""

import pytest

from legalaid_sim.evidence import register
from legalaid_sim.measures import measure
from tests.model.relations.pairs import lived

# What each is for, and so what may not stay as it is from one end of its range to the other.
MOVES = {
    "trust.contacts": "outcomes.advice_acted_on",
    "trust.listening": "continuity.trust_at_closing",
    "after.acted_trust": "outcomes.advice_acted_on",
    "after.trust_effect": "outcomes.went_elsewhere",
    "goal.effect": "outcomes.advice_acted_on",
    "goal.listening_minutes": "outcomes.advice_acted_on",
    "goal.days": "outcomes.advice_acted_on",
    "companion.carries": "outcomes.advice_acted_on",
    "companion.minutes": "outcomes.advice_acted_on",
    "capability.gain": "outcomes.capability_gained",
}
THERE = {
    "advisers": [{"role": "caseworker", "number": 2}, {"role": "volunteer", "number": 3}],
    "companion.need": 0.2,
    "months": 5,
    "run_out": 3,
}


@pytest.mark.parametrize("name", MOVES)
def test_what_a_mechanism_is_for_moves_between_the_ends_of_its_range(name: str) -> None:
    parameter = register()[name]
    # The value in use stands between: a threshold may be off at both ends.
    ends = (*parameter.range, parameter.value.mean)
    found = {measure(lived({**THERE, name: end}))[MOVES[name]] for end in ends}
    assert None not in found
    assert len(found) > 1
