"""Booked diaries: no minute is promised twice, and a backlog is what a recursion by hand says it is."""

from bisect import bisect_right
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim.advisers.slots import NEVER, DeskSlots
from legalaid_sim.engine import Regime, simulate
from legalaid_sim.events import Asked, Booked, Contact, Freed, Left, Log, Missed
from legalaid_sim.invariants import hold
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.units import MINUTES_PER_DAY, add_up, round_half_up
from legalaid_sim.world import sample
from tests.builders.scenarios import PROBLEM, scenario

NOBODY = Regime("no-contract")
SHIFTS = [(day * 1440 + 540, day * 1440 + 960) for day in range(8)]


def lived(made: Scenario, seed: int = 1) -> Log:
    log = simulate(sample(made, seed), made, NOBODY)
    hold(log)
    return log


def booked(quiet: bool = True, **changes: Any) -> Scenario:
    organisation = {"appointments": "booked", **changes.pop("organisation", {})}
    return scenario(organisation=organisation, quiet=quiet, **changes)


# ---- one desk ----------------------------------------------------------------------------------------------------


class EveryMinute:
    """The same by brute force: every minute of every shift, promised or not."""

    def __init__(self) -> None:
        self.promised: set[int] = set()

    def fits(self, slot: int, room: int) -> bool:
        return not self.promised & set(range(slot, slot + room))


@given(
    st.lists(st.tuples(st.sampled_from(["book", "give_up", "close"]), st.integers(0, 8 * 1440)), max_size=60)
)
def test_no_minute_of_a_desk_is_promised_twice(acts: list[tuple[str, int]]) -> None:
    desk, minutes, kept = DeskSlots(SHIFTS, 50, 90), EveryMinute(), []
    closed: set[int] = set()
    for act, at in acts:
        if act == "book":
            slot = desk.first(at, 50, 90)
            if slot == NEVER:
                continue
            start, end = SHIFTS[bisect_right([start for start, _ in SHIFTS], slot) - 1]
            assert max(at, start) <= slot <= end - 50
            assert start not in closed
            assert minutes.fits(slot, 90), "promised before"
            desk.take(slot, 90)
            kept.append(slot)
            minutes.promised |= set(range(slot, slot + 90))
        elif act == "give_up" and kept:
            slot = kept.pop(at % len(kept))
            desk.give_up(slot, 90)
            minutes.promised -= set(range(slot, slot + 90))
            if SHIFTS[slot // 1440][0] not in closed:
                assert desk.first(slot, 50, 90) == slot, "free again"
        elif act == "close":
            start = SHIFTS[min(7, at // 1440)][0]
            desk.close(start)
            closed.add(start)
            kept = [slot for slot in kept if slot // 1440 != start // 1440]


def test_what_lies_in_a_hole_keeps_what_is_left_of_it() -> None:
    desk = DeskSlots(SHIFTS, 20, 20)
    for _ in range(3):
        desk.take(desk.first(0, 100, 100), 100)
    desk.give_up(640, 100)
    assert [desk.first(0, size, size) for size in (100, 30, 101)] == [640, 640, 840]
    desk.take(640, 30)
    assert desk.first(0, 60, 60) == 670


def test_what_is_held_of_a_shift_is_promised_to_emergencies_alone() -> None:
    desk = DeskSlots(SHIFTS, 50, 90, held=0.5)
    usual = [desk.first(0, 50, 90)]
    while usual[-1] != NEVER:
        desk.take(usual[-1], 90)
        usual.append(desk.first(0, 50, 90))
    # Of 210 minutes that anybody may book two rooms of 90, and none that begins with less than 50 left.
    assert usual[:-1] == [start + n * 90 for start, _ in SHIFTS for n in range(2)]
    assert desk.first(0, 50, 90, emergency=True) == SHIFTS[0][0] + 180
    desk.take(SHIFTS[0][0] + 180, 90)
    desk.give_up(SHIFTS[0][0] + 180, 90)
    desk.take(desk.first(0, 50, 90, emergency=True), 90)
    desk.take(desk.first(0, 50, 90, emergency=True), 90)
    desk.give_up(SHIFTS[0][0] + 180, 90)
    assert desk.first(0, 50, 90) == NEVER, "a slot given up stays held"
    desk.give_up(SHIFTS[3][0] + 90, 90)
    assert desk.first(0, 50, 90) == SHIFTS[3][0] + 90


# ---- an analytic oracle --------------------------------------------------------------------------------------------

ONE_MEETING = {**PROBLEM, "contacts": 1, "contact_minutes": 60, "casework_minutes": 0}


def by_hand(asked: list[int], shifts: list[tuple[int, int]], minutes: int) -> list[int]:
    """Slots of one adviser who is never late: each the first whole slot after all that were given before."""
    free = {start: start for start, _ in shifts}
    found = []
    for at in asked:
        start, end = next(shift for shift in shifts if max(free[shift[0]], at) + minutes <= shift[1])
        found.append(max(free[start], at))
        free[start] = found[-1] + minutes
        assert found[-1] < end
    return found


@pytest.mark.parametrize(("per_week", "held"), [(10, 0.0), (30, 0.0), (40, 0.0), (14, 0.4)])
def test_a_backlog_is_that_of_the_recursion(per_week: float, held: float) -> None:
    made = booked(
        advisers=[{"role": "caseworker"}],
        problems={"debt": {**ONE_MEETING, "days_to_crisis": 3000}},
        organisation={"held_for_emergencies": held},
        per_week=per_week,
        assumptions={"contact.listening_minutes": 0},
        months=3,
    )
    world = sample(made, 3)
    log = simulate(world, made, NOBODY)
    bookings = log.of(Booked)
    # What is held is the end of a shift, and nobody here is an emergency.
    shifts = [(start, end - round_half_up(held * (end - start))) for start, end in world.posts[0].intervals]
    assert [each.slot for each in bookings] == by_hand([each.at for each in bookings], shifts, 60)
    # Nobody is late, so everybody is met when promised.
    slots = {each.matter: each.slot for each in bookings}
    assert all(contact.began == slots[contact.matter] for contact in log.of(Contact))
    assert len(bookings) > 50
    assert max(each.slot - each.at for each in bookings) > MINUTES_PER_DAY


# ---- offers and patience ---------------------------------------------------------------------------------------------


BUSY: dict[str, Any] = {"per_week": 30, "advisers": [{"role": "caseworker", "number": 4}], "months": 4}


def days(minute: int) -> int:
    return minute // MINUTES_PER_DAY


@pytest.mark.parametrize("patience", [0, 3, "for_ever"])
def test_the_own_adviser_is_taken_exactly_within_patience(patience: float | str) -> None:
    log = lived(booked(organisation={"allocation": {"own_adviser_patience_days": patience}}, **BUSY))
    assert any(each.own > each.anyone for each in log.of(Booked))
    for each in log.of(Booked):
        later = days(each.own) - days(each.anyone)
        own = patience == "for_ever" or later <= float(patience)
        assert each.slot == (each.own if own else each.anyone)


def test_whoever_is_offered_a_first_meeting_too_late_leaves_at_once_and_takes_no_slot() -> None:
    made = booked(per_week=60, advisers=[{"role": "caseworker"}], clients={"patience_days": 5}, months=3)
    log = lived(made)
    left, taken = log.of(Left), {each.matter for each in log.of(Booked)}
    assert {each.reason for each in left} == {"waiting"}
    assert len(taken & {each.matter for each in left}) == 0
    waits = [days(each.slot) - days(each.at) for each in log.of(Booked) if each.ordinal == 1]
    assert 4 <= max(waits) <= 5


def test_with_nobody_leaving_and_one_adviser_for_ever_everybody_meets_one() -> None:
    log = lived(booked(organisation={"allocation": {"own_adviser_patience_days": "for_ever"}}, **BUSY))
    assert all(each.slot == each.own for each in log.of(Booked) if each.ordinal > 1)
    met: dict[str, set[str]] = {}
    for contact in log.of(Contact):
        met.setdefault(contact.matter, set()).add(contact.adviser)
    assert set(map(len, met.values())) == {1}


# ---- missing, tiring, falling ill ------------------------------------------------------------------------------------

LIVELY: dict[str, Any] = {"quiet": False, "per_week": 12, "months": 6}


def freed(log: Log) -> Counter[str]:
    return Counter(each.reason for each in log.of(Freed))


def test_what_is_off_frees_no_slot() -> None:
    off = {"diary.refill": 0, "diary.leaves_after": 0, "adviser.sickness_days_per_year": 0}
    on = freed(lived(booked(**LIVELY, assumptions={"diary.refill": 1, "diary.leaves_after": 5})))
    none = freed(lived(booked(**LIVELY, assumptions=off)))
    for reason in ("brought_forward", "tired", "sickness"):
        assert on[reason] > 0 == none[reason]


def test_lead_time_does_nothing_without_its_effect() -> None:
    digests = [
        lived(booked(**LIVELY, assumptions={"missed.per_log_day": 0, "missed.reference_days": days})).events
        for days in (1, 20)
    ]
    assert digests[0] == digests[1]


def test_the_longer_ahead_the_more_often_a_meeting_is_missed() -> None:
    log = lived(booked(**LIVELY, assumptions={"missed.per_log_day": 2, "missed.trust_effect": 0}))
    waiting: dict[str, Booked] = {}
    told = {True: [0, 0], False: [0, 0]}
    for event in log:
        if type(event) is Booked:
            waiting[event.matter] = event
        elif type(event) in (Missed, Contact) and event.matter in waiting:  # type: ignore[union-attr]
            each = waiting.pop(event.matter)  # type: ignore[union-attr]
            told[each.slot - each.at > 7 * MINUTES_PER_DAY][type(event) is Missed] += 1
    far, near = (told[long][1] / sum(told[long]) for long in (True, False))
    assert far > 2 * near


def test_a_person_who_is_ill_is_met_by_nobody_and_the_world_is_otherwise_the_same() -> None:
    made = booked(**LIVELY)
    world = sample(made, 1)
    assert world.sick
    for post in world.posts:
        for start, end in world.sick.get(post.id, ()):
            assert all(end <= begins or ends <= start for begins, ends in post.intervals)
    drop_in = made.model_copy(
        update={"organisation": made.organisation.model_copy(update={"appointments": "drop_in"})}
    )
    plain = sample(drop_in, 1)
    assert (plain.people, plain.posts) == (world.people, world.posts)
    assert plain.digest != world.digest
    for contact in lived(made).of(Contact):
        shifts = world.sick.get(contact.adviser.rpartition(".v")[0], ())
        assert not any(start <= contact.began < end for start, end in shifts)


def test_parameters_that_only_diaries_read_move_no_queue() -> None:
    logs = [
        lived(scenario(quiet=False, assumptions=changed)).events
        for changed in (
            {},
            {
                "missed.per_log_day": 0.5,
                "missed.reference_days": 1,
                "diary.refill": 0,
                "diary.leaves_after": 1,
            },
        )
    ]
    assert logs[0] == logs[1]


# ---- slots held free -------------------------------------------------------------------------------------------------


def waits(held: float, seed: int) -> dict[bool, list[int]]:
    """Minutes from the last asking to the slot of the first meeting, of those past their crisis and of all others."""
    crises = {**PROBLEM, "days_to_crisis": {"exponential": {"mean": 40}}}
    more: dict[str, Any] = {"organisation": {"held_for_emergencies": held}, "problems": {"debt": crises}}
    log = lived(booked(**{**BUSY, "per_week": 22}, **more), seed)
    asked = {each.client: each for each in log.of(Asked)}
    found: dict[bool, list[int]] = {True: [], False: []}
    for each in log.of(Booked):
        if each.ordinal == 1 and asked[each.client].at <= each.at:
            found[not asked[each.client].early].append(each.slot - each.at)
    return found


def test_slots_held_free_let_emergencies_in_sooner_and_everybody_else_later() -> None:
    mean = {}
    for held in (0.0, 0.15, 0.3):
        seen = [waits(held, seed) for seed in (1, 2)]
        mean[held] = {
            late: add_up(add_up(each[late]) for each in seen) / add_up(len(each[late]) for each in seen)
            for late in (True, False)
        }
    assert mean[0.0][True] > mean[0.15][True] > mean[0.3][True]
    assert mean[0.0][False] < mean[0.15][False] < mean[0.3][False]


def test_slots_are_held_in_diaries_alone() -> None:
    with pytest.raises(ValueError, match="set appointments to booked, or leave it out"):
        scenario(organisation={"held_for_emergencies": 0.2})
