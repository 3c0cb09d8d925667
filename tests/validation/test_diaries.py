"""The facts of appointment systems: where they come out, what takes them away, and that nothing else makes them."""

import pytest

from legalaid_sim.engine import simulate
from legalaid_sim.scenario.distribution import Distribution
from legalaid_sim.validation import laws
from legalaid_sim.validation.diaries import Facts, facts_of


def lived(world: int, **assumptions: float) -> Facts:
    plain = laws.small_agency()
    organisation = plain.organisation.model_copy(update={"appointments": "booked"})
    given = {name.replace("__", "."): Distribution(fixed=value) for name, value in assumptions.items()}
    made = plain.model_copy(
        update={"organisation": organisation, "assumptions": {**plain.assumptions, **given}}
    )
    return facts_of(simulate(laws._world(made, world), made, laws.NOBODY_PAYS))


@pytest.mark.parametrize("world", [1, 2])
def test_both_facts_come_out_where_no_goal_brings_people_to_meetings(world: int) -> None:
    facts = lived(world, goal__effect=0)
    assert 1.0 < facts.ahead_missed / facts.ahead_kept < 11.7 / 8.8 + 0.05
    assert facts.first_missed < facts.later_missed
    assert facts.first_missed == pytest.approx(0.099, abs=0.04)
    assert facts.later_missed == pytest.approx(0.105, abs=0.05)


def test_goals_bring_people_to_later_meetings_and_so_take_from_both_facts() -> None:
    """History says so; if it no longer holds, that page has to be written anew."""
    shipped, without = lived(1), lived(1, goal__effect=0)
    assert shipped.later_missed < without.later_missed
    assert shipped.ahead_missed / shipped.ahead_kept < without.ahead_missed / without.ahead_kept


def test_without_an_effect_of_lead_time_first_appointments_are_missed_more() -> None:
    facts = lived(1, missed__per_log_day=0)
    assert facts.first_missed > facts.later_missed
