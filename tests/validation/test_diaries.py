"""The facts of appointment systems: where they come out, what takes them away, and that nothing else makes them."""

import pytest

from legalaid_sim.engine import simulate
from legalaid_sim.events import Log
from legalaid_sim.scenario.distribution import Distribution
from legalaid_sim.validation import laws
from legalaid_sim.validation.diaries import Facts, facts_of, odds_of


def life(world: int, **assumptions: float) -> Log:
    plain = laws.small_agency()
    organisation = plain.organisation.model_copy(update={"appointments": "booked"})
    given = {name.replace("__", "."): Distribution(fixed=value) for name, value in assumptions.items()}
    made = plain.model_copy(
        update={"organisation": organisation, "assumptions": {**plain.assumptions, **given}}
    )
    return simulate(laws._world(made, world), made, laws.NOBODY_PAYS)


def lived(world: int, **assumptions: float) -> Facts:
    return facts_of(life(world, **assumptions))


@pytest.mark.parametrize("world", [1, 2])
def test_both_facts_come_out_as_shipped(world: int) -> None:
    facts = lived(world)
    assert 1.0 < facts.ahead_missed / facts.ahead_kept < 11.7 / 8.8 + 0.05
    assert facts.first_missed < facts.later_missed
    assert facts.first_missed == pytest.approx(0.099, abs=0.04)
    assert facts.later_missed == pytest.approx(0.105, abs=0.05)


def test_goals_that_bring_people_to_meetings_take_from_both_facts() -> None:
    """Why ``missed.goal_effect`` is 0; if this no longer holds, history has to be written anew."""
    brought, shipped = lived(1, missed__goal_effect=0.62), lived(1)
    assert brought.later_missed < shipped.later_missed
    assert brought.ahead_missed / brought.ahead_kept < shipped.ahead_missed / shipped.ahead_kept


def test_two_facts_chosen_before_they_were_measured_have_their_sign_and_not_their_size() -> None:
    """History says how far off they are; if they come out one day, that page has to be written anew."""
    odds = odds_of(*(life(world) for world in (1, 2)))
    assert 1.0 < odds.far_ahead < 2.38
    assert 1.0 < odds.missed_before < 4.42


def test_who_has_missed_before_is_told_by_a_disposition_of_people() -> None:
    alike, unlike = (odds_of(life(1, missed__person=spread)) for spread in (0, 1.2))
    assert alike.missed_before < unlike.missed_before


def test_without_an_effect_of_lead_time_first_appointments_are_missed_more() -> None:
    facts = lived(1, missed__per_log_day=0)
    assert facts.first_missed > facts.later_missed
