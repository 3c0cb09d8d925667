"""Whatever is switched on, the equalities hold and nothing breaks: random scenarios over every switch."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legalaid_sim.contracts.language.load import library_names
from legalaid_sim.engine import Regime, simulate
from legalaid_sim.invariants import hold
from legalaid_sim.measures import measure
from legalaid_sim.scenario.regimes import Practice
from legalaid_sim.world import sample
from tests.builders.contracts import library
from tests.builders.scenarios import scenario

FIRSTS = ("least_loaded", "pool", "duty_rota", "telephone_hub", "specialist", "clients_choice")
DOORS = ("walk_in", "appointment", "telephone_gateway", "referral")
CHANNELS = ("as_preferred", "face_to_face", "telephone", "online")
ROLES = ("caseworker", "solicitor", "supervisor", "trainee")
HELPERS = ("telephone_operator", "volunteer", "peer_supporter")
CONTRACTS = tuple(library_names())
KINDS = ("debt", "housing", "welfare_benefits")

shares = st.floats(0, 1)


@st.composite
def organisations(draw: Any, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "region": draw(st.sampled_from(("london", "elsewhere"))),
        "heads": draw(st.sampled_from((0, 5000))),
        "door": draw(st.sampled_from(DOORS)),
        "appointments": draw(st.sampled_from(("drop_in", "booked"))),
        "channel": draw(st.sampled_from(CHANNELS)),
        "may_shrink": draw(st.booleans()),
        "opening_reserves": draw(st.sampled_from((-20_000, 0, 50_000))),
        "other_income": draw(st.sampled_from((0, 20_000))),
        "admin_staff_hours_per_week": draw(st.sampled_from((0, 10))),
        "admin_staff_pay": draw(st.sampled_from((0, 12))),
        "sessions": draw(st.sampled_from(({}, SESSIONS))),
        "allocation": {
            "first": draw(st.sampled_from(FIRSTS)),
            "own_adviser_patience_days": draw(st.sampled_from((0, 1, 5, "for_ever"))),
            "caseload_limit": draw(st.sampled_from((None, 2, 20))),
            "waiting_list_limit": draw(st.sampled_from((None, 0, 5))),
            "reserved_share": draw(st.sampled_from((0.0, 0.3, 1.0))),
        },
    }


@st.composite
def posts(draw: Any) -> list[dict[str, Any]]:
    found = [
        {
            "role": role,
            "number": draw(st.integers(1, 2)),
            "hours_per_week": draw(st.sampled_from((14, 35))),
            "days": draw(st.sampled_from((["mon", "tue", "wed", "thu", "fri"], ["tue", "wed"]))),
            "categories": draw(st.sampled_from(([], ["debt"], ["housing", "debt"]))),
            "skill": draw(st.sampled_from((1.0, {"debt": 1.3, "housing": 0.7}))),
            "always_on": draw(st.sampled_from((False, False, False, True))),
        }
        for role in draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=2, unique=True))
    ]
    helpers = draw(st.lists(st.sampled_from(HELPERS), max_size=2, unique=True))
    return found + [{"role": role, "hours_per_week": 14} for role in helpers]


BRINGS: dict[str, Any] = {
    "facts": {"type": {"court_bound": 0.2, "other": 0.2}, "complex": {"true": 0.3}},
    "work": {"travel": 30, "waiting": {"exponential": {"mean": 60}}, "advocacy": 45},
    "costs": {"counsel": {"chance": 0.3, "pounds": 250}},
    "disbursements": {"interpreter": {"chance": 0.5, "pounds": 80, "vat_percent": 20, "units": 3}},
}
SESSIONS: dict[str, Any] = {
    "court": {"days": ["tue", "sat"], "minutes": 400, "clients": {"poisson": {"mean": 2}}}
}
DATE: dict[str, Any] = {"date": {"share": 0.7, "days": {"uniform": {"low": 0, "high": 60}}}}
SWITCHING: dict[str, Any] = {"chance": 0.3, "why": "any_meeting"}


@st.composite
def problems(draw: Any) -> dict[str, Any]:
    return {
        kind: {
            "share": draw(st.sampled_from((0.2, 1.0))),
            "contacts": {"geometric": {"mean": 2.5, "at_most": 6}},
            "cluster": draw(st.sampled_from(("", "economic"))),
            "follow_ons": draw(st.sampled_from(({}, {"debt": 0.9}))),
            "stages": draw(st.sampled_from(({}, {"stage_1": 0.5, "stage_2": 1.0}))),
            "happenings": draw(st.sampled_from(({}, {"hearing": 0.5}))),
            **draw(st.sampled_from(({}, BRINGS))),
            **draw(st.sampled_from(({}, DATE, {"date": {**DATE["date"], "at": "court"}}))),
        }
        for kind in KINDS
    }


ASSUMPTIONS = {
    "adviser.leaving_per_month": (0, 0.3),
    "adviser.strain_leaving": (-0.2, 1.0),
    "adviser.vacancy_months": (0, 1, 3),
    "adviser.juggling": (0, 0.3),
    "adviser.usual_caseload": (1, 40),
    "adviser.supervision_minutes_per_week": (0, 45),
    "adviser.other_admin_minutes_per_day": (0, 30),
    "adviser.leave_days_per_year": (0, 27),
    "client.several_problems": (0, 0.8),
    "client.hidden_share": (0, 0.9),
    "client.disclosure": (0, 1),
    "client.disclosure_base": (0, 0.4),
    "trust.contacts": (0, 2.8),
    "trust.listening": (0, 2),
    "outcome.return_later": (0, 0.3),
    "client.evidence_refused": (0, 0.3),
    "client.patience_days": (0, 10, 3660),
    "date.urgent_days": (0, 3, 40),
    "missed.chance": (0, 0.3),
    "missed.in_a_row": (1, 3),
    "missed.per_log_day": (0, 2),
    "diary.refill": (0, 0.5, 1),
    "organisation.own_adviser_days": (0, 5, 30),
    "diary.leaves_after": (0, 5, 100),
    "contact.listening_minutes": (0, 40),
    "trust.carry_over": (0, 0.5),
    "door.lost": (0, 0.35, 1),
    "follow_on.chance": (0, 0.4, 1),
    "outcome.return_chance": (0, 0.7, 1),
    "capability.gain": (0, 0.5, 1),
    "goal.listening_minutes": (0, 6),
    "goal.days": (1, 120),
    "goal.effect": (0, 1),
    "missed.goal_effect": (0, 0.69),
    "companion.carries": (0, 1),
    "companion.minutes": (0, 30),
    "companion.supervision": (0, 1),
    "companion.need": (0, 0.5),
    "money.house_closes": (0, 3),
    "money.post_closes": (1, 3),
    "money.freeze_pressure": (0, 0.6),
    "problem.late_factor": (1, 2),
    "selection.strength": (0, 3),
    "multitask.response": (0, 3),
    "timing.held": (0, 1),
    "crowding.loss": (0, 0.05),
}


@st.composite
def whole(draw: Any) -> Any:
    """Draw a scenario and the regime under which it is lived."""
    names = ("north", "south", "west")[: draw(st.integers(1, 3))]
    houses = [
        {
            "organisation": draw(organisations(name)),
            "advisers": draw(posts()),
            "share_of_area": draw(st.sampled_from((0.5, 1.0))),
        }
        for name in names
    ]
    given_ = scenario(
        agencies=houses,
        problems=draw(problems()),
        clients={
            "arrivals": {"per_week": draw(st.sampled_from((3, 12)))},
            "asks": draw(st.sampled_from(("office_hours", "any_time"))),
            "channels": draw(st.sampled_from(({"face_to_face": 1}, {"face_to_face": 0.5, "telephone": 0.5}))),
            "days_before_asking": {"exponential": {"mean": 10}},
            "switching": draw(st.sampled_from((None, SWITCHING))),
        },
        assumptions={name: draw(st.sampled_from(values)) for name, values in ASSUMPTIONS.items()},
        months=draw(st.integers(1, 5)),
        lead_in=draw(st.integers(0, 2)),
        run_out=draw(st.integers(0, 3)),
        respond=draw(st.sampled_from(("none", "effort", "all"))),
    )
    held = draw(st.lists(st.sampled_from(CONTRACTS), max_size=2, unique=True))
    practice = Practice(
        own_adviser_patience_days=draw(st.sampled_from((None, 0, 3, "for_ever"))),
        first=draw(st.sampled_from((None, *FIRSTS))),
        channel=draw(st.sampled_from((None, "telephone"))),
        door=draw(st.sampled_from((None, *DOORS))),
        caseload_limit=draw(st.sampled_from((None, 3))),
    )
    own = draw(st.sampled_from(({}, {"north": ("unified-contract-2007",)})))
    return given_, tuple(held), practice, own, draw(st.integers(0, 2**31))


def lived(drawn: Any) -> Any:
    given_, held, practice, own, seed = drawn
    by_name = {name: tuple(library(each) for each in names) for name, names in own.items()}
    regime = Regime("any", tuple(library(each) for each in held), practice, by_name)
    return simulate(sample(given_, seed), given_, regime)


SLOWLY = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@SLOWLY
@given(whole())
def test_every_equality_holds_and_every_measure_can_be_taken(drawn: Any) -> None:
    log = lived(drawn)
    hold(log)
    taken = measure(log)
    for name, value in taken.items():
        if name.endswith(("_share", ".coc", ".secon", ".known_adviser")) and value is not None:
            assert -1e-9 <= value <= 1 + 1e-9, name


@settings(SLOWLY, max_examples=10)
@given(whole())
def test_the_same_world_under_the_same_terms_gives_the_same_log(drawn: Any) -> None:
    assert lived(drawn).events == lived(drawn).events


@pytest.mark.long
@settings(SLOWLY, max_examples=400)
@given(whole())
def test_every_equality_holds_in_many_more(drawn: Any) -> None:
    hold(lived(drawn))
