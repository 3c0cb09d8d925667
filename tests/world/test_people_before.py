"""People from before life begins: what is not worked out of them is what would be left out anyway."""

import pytest

from legalaid_sim.world import sample
from legalaid_sim.world.problems import ProblemSampler
from tests.builders.scenarios import small

# All that draws a number of its own for each meeting or each asking, on; and those who keep a problem back for shame.
VARIED = {
    "contacts": {"uniform": {"low": 1, "high": 9}},
    "days_between": {"uniform": {"low": 3, "high": 30}},
    "days_to_crisis": 90,
    "kept_back": 0.5,
    "follow_ons": {"debt": 0.5},
}
DRAWS = {
    "missed.chance": 0.2,
    "organisation.stage_hand_over": 0.2,
    "channel.documents": 0.2,
    "outcome.again": 0.5,
    "outcome.return_chance": 0.5,
}


@pytest.mark.parametrize(("kinds", "more"), [({}, {}), ({"clients__problems__debt": VARIED}, DRAWS)])
def test_leaving_out_those_before_life_changes_no_world(monkeypatch, kinds, more):
    changes = {
        **kinds,
        "start": "own",
        "clients__several_problems": 0.7,
        "clients__days_before_asking": 60,
        "assumptions": {"client.hidden_share": 0.5, "outcome.undone_per_month": 0.1, **more},
    }
    scenario = small(**changes)
    plans, made = ProblemSampler._plans, []

    def counted(self, *given):
        found = plans(self, *given)
        made.extend(found)
        return found

    monkeypatch.setattr(ProblemSampler, "_plans", counted)
    thinned, few = sample(scenario, 3), len(made)
    monkeypatch.setattr(ProblemSampler, "_brought_at", lambda *_: 0)
    whole = sample(scenario, 3)
    assert whole.people == thinned.people
    assert whole.digest == thinned.digest
    assert any(person.id.startswith("e") for person in whole.people)
    assert len(made) - few > few
