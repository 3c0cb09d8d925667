"""Each invariant holds of a story that balances, and breaks where one record is changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legalaid_sim import events as e
from legalaid_sim.errors import InvariantBroken
from legalaid_sim.events import Log
from legalaid_sim.invariants import check, hold, littles_law
from tests.builders import logs
from tests.builders.logs import ANN, BOB, ENDS, WINDOW, minute


def broken(log, **limits):
    return {residual.name: residual for residual in check(log, **limits) if not residual.holds}


def changed(kind, place=0, **changes):
    """Give the story with one record of a kind, counted from 0, changed."""
    story = logs.story()
    old = story.of(kind)[place]
    return Log(WINDOW, [event._replace(**changes) if event is old else event for event in story])


def without(kind, place=0):
    story = logs.story()
    old = story.of(kind)[place]
    return Log(WINDOW, [event for event in story if event is not old])


def plus(*events):
    return logs.log(*logs.story(), *events)


def test_the_story_balances():
    hold(logs.story())
    hold(logs.story(), allowed_starts={"c": 6})
    assert broken(logs.story()) == {}


def test_an_empty_log_balances():
    hold(Log(WINDOW))


def test_the_totals_of_what_holds_are_those_of_the_story():
    totals = {residual.name: residual.left for residual in check(logs.story())}
    assert totals["contact minutes by diary = by event"] == 352
    assert totals["problems alive = problems accounted for once"] == 8
    assert totals["payments and other receipts = income in the books"] == 28_000
    assert totals["time integral of the number waiting = sum of waits"] == 300


PROBLEMS = "problems alive = problems accounted for once"
CLIENTS = "clients with a problem = resolved, closed, left, turned away or still open"
SILENCE = "no help after leaving, being turned away or closing, unless asked again"
AVAILABLE = "adviser minutes available = minutes by activity"
INCOME = "payments and other receipts = income in the books"
SPENDING = "cash spent = spending in the books"
RESERVES = "reserves = reserves a month before + income - spending"
ENTITLED = "entitlement = payments + what is unpaid"
MATTERS_OPEN = "matters opened less closed = matters open in the books"
IN_POST = "no contact with an adviser who is not in post"
ONE_AT_A_TIME = "no adviser in two contacts at once"
GIVEN = "matter minutes given at closing = by event"
LISTENED = "matter minutes listened at closing = by event"
CONTACTS = "matter contacts at closing = by event"
DUTY_FELL = "no duty done twice, or done or worked on that did not fall"
DUTY_WORK = "adviser minutes of each duty done = work on it"
NO_COST = "no contact costs trust, and none has more than all of it"
NOT_EARLY = "no contact before it was due"


def diary_name(activity):
    return f"{activity} minutes by diary = by event"


BREACHES = {
    "a problem forgotten": (without(e.StillOpen, 0), PROBLEMS, 1, 0, "c2.p1"),
    "a client forgotten": (without(e.TurnedAway), CLIENTS, 1, 0, "c4"),
    "a follow-on forgotten": (without(e.StillOpen, 1), PROBLEMS, 1, 0, "c5.p1.f1"),
    "a problem that left and is open": (
        plus(e.StillOpen(ENDS, "c3", "c3.p1", "", "waiting")),
        PROBLEMS,
        1,
        2,
        "c3.p1",
    ),
    "a problem that is open twice": (
        plus(e.StillOpen(ENDS, "c2", "c2.p1", "", "waiting")),
        PROBLEMS,
        1,
        2,
        "c2.p1",
    ),
    "a matter nobody asked about": (
        plus(e.StillOpen(ENDS, "c9", "c9.p1", "", "waiting")),
        CLIENTS,
        0,
        1,
        "c9",
    ),
    "help after being turned away": (
        plus(logs.opened(40, "c4", "p1")),
        SILENCE,
        1,
        0,
        f"MatterOpened for c4.p1 at minute {minute(40)}",
    ),
    "help after leaving": (
        plus(logs.opened(45, "c3", "p1"), logs.contact(51, "c3", "p1")),
        SILENCE,
        1,
        0,
        f"Contact of c3.p1.m1 at minute {minute(51, 660)}",
    ),
    "a contact on a closed matter": (
        plus(logs.contact(52, "c5", "p2")),
        SILENCE,
        1,
        0,
        f"Contact of c5.p2.m1 at minute {minute(52, 660)}",
    ),
    "time nobody accounts for": (changed(e.Diary, 1, idle=601), AVAILABLE, 1000, 1001, None),
    "contact the diary does not know": (
        changed(e.Diary, 1, contact=209, idle=601),
        diary_name("contact"),
        209,
        210,
        f"{ANN}, month 1",
    ),
    "listening the diary does not know": (
        changed(e.Diary, 1, listening=89, idle=601),
        diary_name("listening"),
        89,
        90,
        f"{ANN}, month 1",
    ),
    "casework the diary does not know": (
        changed(e.Diary, 2, casework=79, idle=801),
        diary_name("casework"),
        79,
        80,
        f"{BOB}, month 1",
    ),
    "duty the diary does not know": (
        changed(e.Diary, 1, duty=29, idle=601),
        diary_name("duty"),
        29,
        30,
        f"{ANN}, month 1",
    ),
    "reading the diary does not know": (
        changed(e.Diary, 2, handover=17, idle=801),
        diary_name("handover"),
        17,
        18,
        f"{BOB}, month 1",
    ),
    "waiting in vain the diary does not know": (
        changed(e.Diary, 1, missed=14, idle=601),
        diary_name("missed"),
        14,
        15,
        f"{ANN}, month 1",
    ),
    "work after the last diary": (
        plus(logs.work(100, BOB, e.CASEWORK, 7)),
        diary_name("casework"),
        0,
        7,
        f"{BOB}, after the last diary",
    ),
    "work by one who keeps no diary": (
        plus(logs.work(40, "temp-01.v1", e.CASEWORK, 7)),
        diary_name("casework"),
        0,
        7,
        "temp-01.v1, after the last diary",
    ),
    "a payment not in the books": (
        changed(e.Paid, 0, pence=15_001),
        INCOME,
        15_001,
        15_000,
        "agency, month 1",
    ),
    "a payment after the books": (
        plus(e.Paid(minute(95), "agency", "c", "fee", 5)),
        INCOME,
        5,
        0,
        "agency, after the last month",
    ),
    "spending not in the books": (
        changed(e.Spent, 1, pence=7_999),
        SPENDING,
        7_999,
        8_000,
        "agency, month 1",
    ),
    "spending after the books": (
        plus(e.Spent(minute(95), "agency", "salaries", 5)),
        SPENDING,
        5,
        0,
        "agency, after the last month",
    ),
    "reserves that jump": (
        changed(e.MonthClosed, 2, reserves=21_001),
        RESERVES,
        21_000,
        21_001,
        "agency, month 2",
    ),
    "entitlement lost": (changed(e.Entitled, 0, pence=20_001), ENTITLED, 28_001, 28_000, "agency, month 1"),
    "entitlement after the books": (
        plus(e.Entitled(minute(95), "agency", "c", "", 1, "fee", 5)),
        ENTITLED,
        28_005,
        28_000,
        "agency, after the last month",
    ),
    "matters the books miscount": (
        changed(e.MonthClosed, 1, open_matters=2),
        MATTERS_OPEN,
        1,
        2,
        "agency, month 1",
    ),
    "an adviser not yet there": (
        changed(e.AdviserJoined, 1, at=minute(40, 601)),
        IN_POST,
        1,
        0,
        f"{BOB} with c1 at minute {minute(40, 600)}",
    ),
    "an adviser nobody appointed": (
        without(e.AdviserJoined, 1),
        IN_POST,
        2,
        0,
        f"{BOB} with c1 at minute {minute(40, 600)}",
    ),
    "an adviser already gone": (
        plus(e.AdviserLeft(minute(71, 659), BOB, BOB[:-3], e.OWN_CHOICE, 0.1)),
        IN_POST,
        1,
        0,
        f"{BOB} with c1 at minute {minute(71, 600)}",
    ),
    "an adviser in two places": (
        plus(logs.contact(42, "c5", "p1", of_day=659)),
        ONE_AT_A_TIME,
        1,
        0,
        f"{ANN} with c5 at minute {minute(42, 659)}",
    ),
    "minutes given made up": (changed(e.MatterClosed, 1, given=201), GIVEN, 201, 200, "c1.p1.m1"),
    "listening made up": (changed(e.MatterClosed, 1, listened=31), LISTENED, 31, 30, "c1.p1.m1"),
    "contacts made up": (changed(e.MatterClosed, 1, contacts=4), CONTACTS, 4, 3, "c1.p1.m1"),
    "a duty done twice": (plus(e.DutyDone(minute(48), "d1", "claim", BOB, 0)), DUTY_FELL, 1, 0, "d1"),
    "a duty done that never fell": (without(e.DutyFell, 0), DUTY_FELL, 2, 0, "d1"),
    "duty minutes that nothing demanded": (
        changed(e.DutyFell, 1, adviser_minutes=29),
        DUTY_WORK,
        29,
        30,
        "d2",
    ),
    "a contact that costs trust": (
        changed(e.Contact, 0, trust_before=0.5, trust_after=0.4),
        NO_COST,
        1,
        0,
        f"c0.p1.m1 at minute {minute(11, 660)}",
    ),
    "a contact before it was due": (
        changed(e.Contact, 0, waited=-5),
        NOT_EARLY,
        1,
        0,
        f"c0.p1.m1 at minute {minute(11, 600)}",
    ),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_found_where_it_is(breach):
    log, name, left, right, where = BREACHES[breach]
    found = broken(log)[name]
    assert (found.left, found.right) == (left, right)
    assert where is None or found.where == where


def test_time_that_runs_backwards_is_found():
    story = list(logs.story())
    story[3], story[40] = story[40], story[3]
    assert broken(Log(WINDOW, story))["time never runs backwards"].where.startswith("event 4 at minute")


def test_more_matter_starts_than_allowed_are_found():
    found = broken(logs.story(), allowed_starts={"c": 5, "other": 0})
    assert found["matter starts used are no more than allowed"].where == "c: 6 used of 5"


def test_hold_raises_the_first_breach_in_words():
    log = changed(e.Diary, 1, contact=209, idle=601)
    with pytest.raises(InvariantBroken) as raised:
        hold(log)
    assert str(raised.value) == (
        "invariant 'contact minutes by diary = by event' is broken "
        "at caseworker-01.v1, month 1: 209 is not 210"
    )


def test_asking_again_lifts_the_silence():
    again = [
        logs.asked(52, "c3", "p1", returning=True),
        logs.opened(53, "c3", "p1"),
        logs.contact(53, "c3", "p1"),
    ]
    assert SILENCE not in broken(plus(*again))


def test_closing_the_matter_of_one_who_left_leaves_them_accounted_for_once():
    log = logs.log(
        logs.asked(31, "c1", "p1"),
        logs.opened(32, "c1", "p1"),
        logs.closed(40, "c1", "p1", 0, 0, 0, reason="switched"),
        logs.outcome(40, "c1", "p1", resolved=False),
        e.Left(minute(40, 1000), "c1", "c1.p1", "c1.p1.m1", "switched"),
    )
    assert {PROBLEMS, CLIENTS}.isdisjoint(broken(log))


def test_work_laid_down_over_a_month_end_makes_two_months_one():
    def log(first, second):
        return logs.log(
            logs.diary(60, ANN, 1, casework=first),
            logs.diary(90, ANN, 2, casework=second),
            e.Work(minute(61), minute(59), ANN, e.CASEWORK, 30, "", ""),
        )

    assert broken(log(10, 20)) == {}
    assert broken(log(10, 21))[diary_name("casework")].where == f"{ANN}, month 2"


def test_organisations_keep_separate_books():
    other = e.Paid(minute(55), "law centre", "c", "fee", 100)
    assert broken(plus(other))[INCOME].where == "law centre, after the last month"


waits = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 200)), max_size=30)


@given(waits)
def test_littles_law_counts_the_same_area_minute_by_minute(waits):
    contacts = [logs.contact(0, "c1", "p1", of_day=due + wait, waited=wait) for due, wait in waits]
    number_waiting = [sum(due <= now < due + wait for due, wait in waits) for now in range(701)]
    assert littles_law(logs.log(*contacts)) == (sum(number_waiting), sum(wait for _, wait in waits))


def test_the_minute_of_a_month_end_may_be_in_either_month():
    def log(first, second):
        diaries = [logs.diary(60, ANN, 1, missed=first), logs.diary(90, ANN, 2, missed=second)]
        return logs.log(*diaries, e.Missed(minute(60), "c1", "c1.p1.m1", ANN, 15))

    missed = diary_name("missed")
    assert {missed} & broken(log(15, 0)).keys() == {missed} & broken(log(0, 15)).keys() == set()
    assert (broken(log(15, 15))[missed].left, broken(log(15, 15))[missed].right) == (30, 15)


def test_a_duty_begun_and_not_done_is_no_breach():
    fell = e.DutyFell(minute(61), "d3", "c", "claim", "agency", ANN, "", 60, 0, minute(70), False)
    begun = e.Work(minute(62), minute(62) - 20, ANN, e.DUTY, 20, "", "claim", "d3")
    found = broken(logs.log(fell, begun, logs.diary(90, ANN, 2, duty=20)))
    assert found == {}


def test_other_income_is_in_the_books():
    grant = e.Received(minute(85), "agency", "other_income", 500)
    assert (broken(plus(grant))[INCOME].left, broken(plus(grant))[INCOME].right) == (13_500, 13_000)


def test_a_client_known_only_by_a_follow_on_is_accounted_for():
    alive = e.Activated(minute(40), "c1", "c1.p1.f1", "c1.p1")
    assert broken(logs.log(alive))[CLIENTS].where == "c1"
    assert broken(logs.log(alive, e.StillOpen(ENDS, "c1", "c1.p1.f1", "", "unasked"))) == {}


# ---- booked diaries ------------------------------------------------------------------------------------------------

SLOTS = "slots booked = kept, missed, freed or still to come"
BEFORE = "no booked meeting before its slot"
SHARED = "no desk and no matter is booked twice at a minute"


def slot(at, matter, begins, minutes=50, adviser=ANN):
    return e.Booked(at, "c", matter, adviser, 1, at, begins, begins, begins, minutes)


def seen(matter, began, adviser=ANN):
    return e.Contact(
        began + 30, began, "c", matter, adviser, "o", 1, "face_to_face", 30, 0, 0, 0, True, 0, 0.0, 0.0
    )


KEPT = (slot(1, "m1", 100), slot(1, "m2", 150), slot(2, "m3", 200), seen("m1", 100), seen("m2", 160))
DIARIES = {
    "all is well": (KEPT, None),
    "one is missed, one freed and booked anew": (
        (
            *KEPT,
            e.Missed(210, "c", "m3", ANN, 10),
            slot(210, "m4", 300),
            slot(210, "m5", 400),
            e.Freed(220, "c", "m4", ANN, 300, "sickness"),
            slot(220, "m4", 300),
        ),
        None,
    ),
    "somebody else is met without a slot": ((*KEPT, seen("m3", 180, BOB), seen("m3", 200)), None),
    "a slot is shared": ((*KEPT, slot(195, "m4", 240)), SHARED),
    "a matter has two": ((*KEPT, slot(195, "m3", 300)), SHARED),
    "somebody is met too early": ((*KEPT, seen("m3", 199)), BEFORE),
}


@pytest.mark.parametrize("what", DIARIES)
def test_what_breaks_of_a_diary_is_found(what):
    events, name = DIARIES[what]
    names = {SLOTS, BEFORE, SHARED}
    found = {residual.name for residual in check(logs.log(*events)) if not residual.holds} & names
    assert name in found if name else not found


def test_a_slot_that_comes_to_no_end_is_still_to_come():
    held = {residual.name: residual for residual in check(logs.log(*KEPT))}
    assert (held[SLOTS].left, held[SLOTS].right) == (3, 3)
    assert SLOTS not in {residual.name for residual in check(logs.story())}
