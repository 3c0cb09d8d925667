"""People from before life begins: what is not worked out of them is what would be left out anyway."""

from legalaid_sim.world import sample
from legalaid_sim.world.problems import ProblemSampler
from tests.builders.scenarios import small


def test_leaving_out_those_before_life_changes_no_world(monkeypatch):
    changes = {
        "start": "own",
        "clients__several_problems": 0.7,
        "clients__days_before_asking": 60,
        "assumptions": {"client.hidden_share": 0.5, "outcome.undone_per_month": 0.1},
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
