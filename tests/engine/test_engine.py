"""What must hold of every run: the same from the same, one world for all contracts, and exact sums."""

import gc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legalaid_sim import events, invariants
from legalaid_sim.contracts.language.load import load_terms
from legalaid_sim.engine import Regime, simulate
from legalaid_sim.measures import measure
from legalaid_sim.validation import laws
from legalaid_sim.world import sample
from tests.builders.lives import NOBODY_PAYS, digest, grown, lived
from tests.builders.scenarios import small

EQUAL_TERMS = laws.HERE / "contracts" / "equal-terms.yaml"


def regime(text: str, folder: Path) -> Regime:
    place = folder / "contract.yaml"
    place.write_text(text, encoding="utf-8")
    return Regime("tried", (load_terms(place),))


def paid() -> Regime:
    return Regime("equal-terms", (load_terms(EQUAL_TERMS),))


def test_the_same_seed_gives_the_same_log():
    made = small()
    assert digest(lived(made, 7, paid())) == digest(lived(made, 7, paid()))
    assert digest(lived(made, 7)) != digest(lived(made, 8))


def test_a_world_is_not_changed_by_being_lived_in():
    made = small()
    world = sample(made, 3)
    before = world.digest
    first = digest(simulate(world, made, paid()))
    simulate(world, made, NOBODY_PAYS)
    assert world.digest == before
    assert digest(simulate(world, made, paid())) == first


def test_more_people_leave_those_before_them_as_they_were():
    made = small()
    fewer, more = grown(made, 40).people, grown(made, 41).people
    assert len(more) == 41
    assert more[:40] == fewer


def test_another_post_leaves_people_and_earlier_posts_as_they_were():
    plain = sample(small(), 1)
    more = sample(small(advisers=[{"role": "supervisor"}, {"number": 3}]), 1)
    assert more.people == plain.people
    assert more.posts[:3] == plain.posts


FREE = """
kind: contract
schema_version: 1
contract: pays-nothing
title: A contract that pays nothing and asks for nothing
summary: Made up for a test.
term: {starts: 2007-01-01, months: 120}
currency: GBP
categories: [debt, housing]
payments:
  - id: nothing
    kind: fixed_fee
    title: No fee
    earned: on_close
    dated_by: matter_opened
    amount: 0.00
    source: {title: made up, status: fictional}
"""


def test_a_contract_that_pays_and_asks_nothing_changes_nothing_but_its_name(tmp_path):
    made = small(assumptions={"client.evidence_refused": 0})
    without, free = lived(made), lived(made, 1, regime(FREE, tmp_path))
    assert unnamed(free) == unnamed(without)
    assert {opened.contract for opened in free.of(events.MatterOpened)} == {"pays-nothing"}


def unnamed(log):
    told = []
    for event in log:
        if isinstance(event, events.Entitled | events.Paid):
            assert event.pence == 0
        elif isinstance(event, events.Told):
            assert event.contract == "pays-nothing"
        elif isinstance(event, events.MatterOpened):
            told.append(event._replace(contract=""))
        else:
            told.append(event)
    return told


few_changes = st.fixed_dictionaries(
    {
        "clients__arrivals": st.sampled_from([{"per_week": n} for n in (1, 4, 9)]),
        "clients__several_problems": st.sampled_from([0, 0.4]),
        "clients__patience_days": st.sampled_from([3660, {"exponential": {"mean": 20}}]),
        "clients__asks": st.sampled_from(["any_time", "office_hours"]),
        "organisation__allocation": st.fixed_dictionaries(
            {
                "first": st.sampled_from(["least_loaded", "pool", "duty_rota", "specialist"]),
                "own_adviser_patience_days": st.sampled_from([0, 3, "for_ever"]),
            },
            optional={"caseload_limit": st.integers(1, 30), "waiting_list_limit": st.integers(0, 5)},
        ),
        "advisers": st.sampled_from(
            [
                [{"number": 1}],
                [{"role": "supervisor"}, {"number": 2, "hours_per_week": 14, "days": ["mon", "thu"]}],
                [{"number": 2, "categories": ["debt"]}, {"role": "solicitor", "skill": {"housing": 1.4}}],
            ]
        ),
        "respond": st.sampled_from(["none", "effort"]),
        "assumptions": st.fixed_dictionaries(
            {},
            optional={
                "adviser.leaving_per_month": st.sampled_from([0, 0.2]),
                "missed.chance": st.sampled_from([0, 0.4]),
                "adviser.juggling": st.sampled_from([0, 0.5]),
                "outcome.return_chance": st.sampled_from([0, 1]),
                "contact.listening_minutes": st.sampled_from([0, 45]),
            },
        ),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(few_changes, st.integers(0, 2**32), st.booleans())
def test_everything_adds_up_in_any_small_agency(changes, seed, under_contract):
    log = lived(small(**changes), seed, paid() if under_contract else NOBODY_PAYS)
    invariants.hold(log)


QUEUEING = {
    "clients__asks": "any_time",
    "clients__patience_days": 3660,
    "assumptions": {"adviser.leaving_per_month": 0, "missed.chance": 0, "follow_on.chance": 0},
}


def mean_wait(**changes: object) -> float:
    waits = []
    for seed in range(1, 6):
        waits += [meeting.waited for meeting in lived(small(**QUEUEING, **changes), seed).of(events.Contact)]
    return sum(waits) / len(waits)


def test_more_advisers_do_not_lengthen_waits():
    waits = [mean_wait(advisers=[{"number": number}]) for number in (2, 3, 6)]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > waits[-1]


def coc(patience: object, first: str, seed: int) -> float:
    policy = {"first": first, "own_adviser_patience_days": patience}
    made = small(**QUEUEING, organisation__allocation=policy, advisers=[{"number": 5}])
    found = measure(lived(made, seed))["continuity.coc"]
    assert found is not None
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_waiting_for_the_own_adviser_gives_more_continuity_than_a_pool(seed):
    pooled, strict = coc(0, "pool", seed), coc("for_ever", "least_loaded", seed)
    assert pooled < 0.8 < strict


def test_whoever_needs_nothing_leaves_others_alone():
    met, unchanged = None, None
    for verdict in laws.inert_client():
        assert verdict.holds, verdict
        unchanged = unchanged or "records of other clients that differ" in verdict.what
        met = met or "meetings of the additional client" in verdict.what
    assert unchanged
    assert met


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_everything_adds_up_in_many_worlds(seed):
    invariants.hold(lived(laws.small_agency(), seed, paid()))


def test_a_finished_run_is_freed_without_the_collector():
    made = small()
    world = sample(made, 1)
    gc.disable()
    try:
        # The first leaves what is kept for ever. What is there is counted: a collector would look through every test.
        left = []
        for _ in range(2):
            simulate(world, made, paid())
            left.append(len(gc.get_objects()))
        assert left[1] - left[0] < 50
    finally:
        gc.enable()


def test_every_record_has_all_its_fields():
    logs = lived(laws.small_agency(), 1, paid()), lived(small(respond="effort"), 2)
    for event in (event for log in logs for event in log):
        assert len(event) == len(type(event)._fields), event
