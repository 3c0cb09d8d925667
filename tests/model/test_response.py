"""How providers respond to pay: effort, selection, shifting, timing, crowding; each off is exactly off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim import events as e
from legalaid_sim.advisers.effort import benefit, choose_minutes, listening_kept, squeeze, worth
from legalaid_sim.contracts.vocabulary.facts import Segment
from legalaid_sim.measures import measure
from tests.builders.contracts import fixed, hourly, of_blocks
from tests.builders.lives import live
from tests.builders.scenarios import PROBLEM, scenario

# ---- the choice of effort


@pytest.mark.parametrize(
    ("weight", "rate", "minutes"),
    [(1, 0, 8), (0.5, 0, 6), (0.5, 0.5, 8), (0.5, 1, 10), (0.25, 0, 2), (0.25, 0.75, 8)],
)
def test_the_vectors_of_ellis_and_mcguire(weight, rate, minutes):
    pay = [Segment(0, 0.0, rate * 2.0)]
    assert choose_minutes(pay, need=10, cost=2, altruism=weight, value=10, most=20) == pytest.approx(minutes)


@given(st.floats(0.05, 3), st.floats(0, 1.2), st.floats(10, 500))
def test_the_choice_is_the_best_of_all_minutes(weight, rate, need):
    pay = [Segment(0, 500.0, rate * 80)]
    most = 1.5 * need
    chosen = choose_minutes(pay, need, 80, weight, 1460, most)

    def value(q):
        return worth(pay, q) - 80 * q + weight * benefit(q, need, 1460)

    assert 0 <= chosen <= most
    assert all(value(chosen) >= value(most * n / 50) - 1e-6 for n in range(51))


@given(st.floats(0.05, 2), st.floats(0.05, 2), st.floats(0, 80))
def test_more_altruism_gives_no_less_below_cost(less, more, slope):
    less, more = sorted((less, more))
    pay = [Segment(0, 0.0, slope)]
    assert (
        choose_minutes(pay, 300, 80, less, 1460, 450) <= choose_minutes(pay, 300, 80, more, 1460, 450) + 1e-9
    )


@given(st.floats(0, 80), st.floats(0, 80), st.floats(0.1, 2))
def test_a_better_rate_gives_no_fewer_minutes(low, high, weight):
    low, high = sorted((low, high))
    give = [choose_minutes([Segment(0, 0.0, slope)], 300, 80, weight, 1460, 450) for slope in (low, high)]
    assert give[0] <= give[1] + 1e-9


@given(st.floats(0, 1e6), st.floats(0.1, 2))
def test_a_fee_that_does_not_follow_minutes_does_not_move_them(fee, weight):
    bare, paid = ([Segment(0, base, 0.0)] for base in (0.0, fee))
    assert choose_minutes(bare, 300, 80, weight, 1460, 450) == choose_minutes(
        paid, 300, 80, weight, 1460, 450
    )


@given(st.floats(0.1, 2), st.floats(0.2, 1), st.floats(0.5, 3), st.floats(100, 600))
def test_scaling_pay_cost_and_benefit_together_moves_no_choice(weight, rate, scale, need):
    one = choose_minutes([Segment(0, 100.0, rate * 80)], need, 80, weight, 1460, 900)
    other = choose_minutes(
        [Segment(0, 100.0 * scale, rate * 80 * scale)], need, 80 * scale, weight, 1460 * scale, 900
    )
    assert one == pytest.approx(other, abs=1e-3)


JUMP = [Segment(0, 6000.0, 0.0), Segment(300, 40_000.0, 0.0)]


def test_a_notch_bunches_choices_just_at_it_and_leaves_a_hole_below():
    chosen = [choose_minutes(JUMP, need, 80, 0.3, 1460, 1.5 * need) for need in range(150, 450, 2)]
    assert sum(q == 300 for q in chosen) > 20
    assert not [q for q in chosen if 250 < q < 300]
    flat = [
        choose_minutes([Segment(0, 6000.0, 0.0)], need, 80, 0.3, 1460, 1.5 * need)
        for need in range(150, 450, 2)
    ]
    assert [q for q in flat if 250 < q < 300]


@given(
    st.integers(0, 1000),
    st.lists(st.integers(1, 120), min_size=1, max_size=8),
    st.integers(0, 40),
    st.integers(0, 500),
)
def test_squeezing_takes_listening_first_and_keeps_a_minute(planned, cores, listening, casework):
    left, kept, work = squeeze(planned, cores, listening, casework)
    given_ = sum(left) + kept * len(left) + work
    assert kept <= listening
    assert len(left) >= 1
    assert min(left) >= 1
    if planned >= 1:
        assert given_ <= max(planned, 1)
    if work < casework:
        assert kept == 0
    if sum(left) < sum(cores):
        assert work == 0
    if planned == sum(cores) + listening * len(cores) + casework:
        assert (left, kept, work) == (tuple(cores), listening, casework)


# ---- effort in the simulation


def lived(terms, respond="effort", **how):
    return live(scenario(respond=respond, **how), terms)


def given_minutes(log):
    closed = log.of(e.MatterClosed)
    return sum(each.planned for each in closed) / sum(each.needed for each in closed)


def test_switched_off_nobody_responds_to_pay():
    logs = [live(scenario(respond="none"), terms) for terms in (fixed(1, name="a"), fixed(1000, name="a"))]
    kept = [
        [event for event in log if not isinstance(event, e.Entitled | e.Paid | e.MonthClosed)] for log in logs
    ]
    assert kept[0] == kept[1]
    assert given_minutes(logs[0]) == 1


def test_a_flat_fee_gives_less_than_pay_by_the_hour_at_cost():
    by_hour, flat = given_minutes(lived(hourly(48))), given_minutes(lived(fixed(200)))
    assert by_hour == pytest.approx(1, abs=0.01)
    assert flat < 0.95


def test_pay_above_cost_gives_more_than_is_needed_and_never_beyond_the_most():
    more = lived(hourly(90), assumptions={"effort.most": 1.2})
    assert 1 < given_minutes(more) <= 1.2 + 0.01


def test_selfless_providers_give_what_is_needed_and_selfish_ones_as_little_as_they_may():
    def of(altruism):
        return given_minutes(lived(fixed(200), assumptions={"adviser.altruism": altruism}))

    assert of(1000) == pytest.approx(1, abs=0.01)
    assert of(0.01) < 0.1
    assert of(0.3) < of(0.6) < of(1.2)


def test_pressure_lowers_effort_by_its_weight_and_not_at_nought():
    poor = {"organisation": {"opening_reserves": -500_000}}

    def of(weight):
        return given_minutes(lived(fixed(200), assumptions={"effort.pressure_weight": weight}, **poor))

    assert of(0.9) < of(0.5) < of(0)
    rich = lived(
        fixed(200), assumptions={"effort.pressure_weight": 0}, organisation={"opening_reserves": 10**6}
    )
    assert of(0) == pytest.approx(given_minutes(rich))


def test_what_is_squeezed_first_is_listening():
    log = lived(fixed(200), clients={"relational_need": 1})
    listened = sum(contact.listening for contact in log.of(e.Contact))
    needed = 16 * len(log.of(e.Contact))
    core = sum(contact.core for contact in log.of(e.Contact)) / (40 * len(log.of(e.Contact)))
    assert listened / needed < core


# ---- selection

VARIED = {"debt": {**PROBLEM, "casework_minutes": {"two_point": {"low": 20, "high": 600, "share_high": 0.5}}}}


def accepted(terms, respond="all", **assumptions):
    """Give the share taken on of those whose matters are small and of those whose are large."""
    numbers = {"selection.noise": 0, "selection.strength": 1, "selection.kindness": 0, **assumptions}
    given_ = scenario(respond=respond, problems=VARIED, per_week=15, assumptions=numbers)
    log = live(given_, terms)
    refused = {each.problem for each in log.of(e.TurnedAway) if each.reason == "selection"}
    from tests.builders.lives import world_of

    large = {plan.id: plan.casework > 300 for person in world_of(given_).people for plan in person.problems}
    asked = {each.problem for each in log.of(e.Asked)}
    return tuple(
        sum(problem not in refused for problem in asked if large[problem] is big)
        / sum(large[problem] is big for problem in asked)
        for big in (False, True)
    )


def test_a_fixed_fee_makes_the_hard_less_welcome():
    small, large = accepted(fixed(150), **{"adviser.altruism": 1.5})
    assert large < small - 0.1


def test_pay_of_exactly_the_cost_makes_need_no_matter():
    small, large = accepted(hourly(48), **{"selection.base": 0.5})
    assert small == pytest.approx(large, abs=0.12)
    assert 0.4 < small < 0.9


def test_selection_is_off_at_nought_and_without_its_switch():
    assert accepted(fixed(150), **{"selection.strength": 0, "selection.base": 50}) == (1, 1)
    assert accepted(fixed(150), respond="effort", **{"selection.base": -50}) == (1, 1)


def test_kindness_takes_more_people_on():
    whole = [sum(accepted(fixed(100), **{"selection.kindness": hours})) for hours in (0, 4, 20)]
    assert whole[0] < whole[1] < whole[2]


# ---- effort that moves to what is measured


@given(st.integers(0, 60), st.floats(0, 5), st.floats(0, 1))
def test_listening_kept_is_all_of_it_at_nought_and_falls(listening, response, monitored):
    kept = listening_kept(listening, response, monitored)
    assert 0 <= kept <= listening
    assert listening_kept(listening, 0, monitored) == listening_kept(listening, response, 0) == listening
    assert listening_kept(listening, response + 1, monitored) <= kept


KPI = """\
controls:
  - id: resolved
    kind: kpi
    measure: resolved_share
    target: {at_least: 30}
"""


def listened(response, more=KPI):
    numbers = {"multitask.response": response, "adviser.altruism": 1000, "payer.full_monitoring": 1}
    log = lived(hourly(48, more), "all", clients={"relational_need": 1}, assumptions=numbers)
    return measure(log)["time.listening_minutes_per_client"]


def test_monitoring_moves_effort_off_listening_and_not_at_nought():
    assert listened(0) == listened(2, more="") > listened(1) > listened(3)


def test_time_is_conserved_when_effort_moves():
    numbers = {"multitask.response": 2, "adviser.altruism": 1000, "payer.full_monitoring": 1}
    log = lived(hourly(48, KPI), "all", clients={"relational_need": 1}, assumptions=numbers)
    for closing in log.of(e.MatterClosed):
        assert closing.given + closing.listened == closing.planned


# ---- timing of claims

MARGIN = """\
controls:
  - id: margin
    kind: kpi
    measure: fixed_fee_margin_share
    target: {at_most: 20}
"""


def held(share, respond="all", more=MARGIN):
    log = lived(fixed(500, more), respond, assumptions={"timing.held": share, "selection.base": 50})
    return {flag.matter for flag in log.of(e.Flagged) if flag.flag == "claim_held"}, log


def test_claims_are_held_only_where_that_suits_a_target_and_the_switch_is_on():
    assert held(0)[0] == set()
    assert held(1, respond="effort")[0] == set()
    assert held(1, more="")[0] == set()
    some, all_of_them = held(0.3)[0], held(1)[0]
    assert set() < some < all_of_them


def test_what_is_held_is_claimed_in_the_month_after():
    matters, log = held(1)
    closed = {each.matter: each.at for each in log.of(e.MatterClosed)}
    earned = {line.matter: line.at for line in log.of(e.Entitled)}
    waits = [earned[matter] - closed[matter] for matter in matters if matter in earned]
    assert waits
    assert all(0 < wait <= 32 * 1440 for wait in waits)


# ---- motivation


def effort_at_the_end(loss, more=KPI):
    numbers = {
        "crowding.loss": loss, "payer.full_monitoring": 1, "selection.base": 50, "multitask.response": 0,
        "effort.pressure_weight": 0,
    }  # fmt: skip
    log = lived(fixed(200, more), "all", assumptions=numbers, months=12)
    closed = log.of(e.MatterClosed)
    late = closed[len(closed) // 2 :]
    return sum(each.planned for each in late) / sum(each.needed for each in late)


def test_crowding_wears_altruism_down_only_where_it_is_on_and_somebody_watches():
    none, some, much = (effort_at_the_end(loss) for loss in (0, 0.05, 0.2))
    assert much < some < none
    assert effort_at_the_end(0.2, more="") == pytest.approx(none)


BANDED = """\
payments:
  - id: fee
    kind: banded_fee
    earned: on_close
    dated_by: matter_opened
    band_by: work.minutes
"""


def test_contracts_of_other_words_and_equal_pay_are_answered_alike():
    banded = BANDED + "    bands: [{from: 0, amount: 200.00}]\n"
    one = live(scenario(respond="effort"), fixed(200, name="a"))
    other = live(scenario(respond="effort"), of_blocks(banded, "a"))
    assert without_phase(one) == without_phase(other)


def without_phase(log):
    return [event._replace(phase=0) if isinstance(event, e.Entitled) else event for event in log]
