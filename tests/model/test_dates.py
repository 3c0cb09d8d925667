"""Dates that wait for nobody: who is hurried for them, what they displace, what comes of missing one."""

from collections import Counter
from datetime import timedelta

import pytest

from legalaid_sim import events as e
from legalaid_sim.invariants import check, hold
from legalaid_sim.measures import measure
from legalaid_sim.units import MINUTES_PER_DAY, add_up
from tests.builders.contracts import of_blocks
from tests.builders.lives import live, world_of
from tests.builders.scenarios import PROBLEM, scenario

FAR = 20_000
HEARINGS = {"share": 0.5, "days": {"uniform": {"low": 3, "high": 40}}, "at": "court"}
BUSY = {"per_week": 14, "clients": {"days_before_asking": {"exponential": {"mean": 20}}}}


def dated(date=None, kind=PROBLEM, **more):
    return scenario(problems={"debt": {**kind, **({"date": date} if date else {})}}, **more)


def lived(made, contract=None):
    log = live(made, *([contract] if contract else []))
    hold(log)
    return log


def fates(log):
    return Counter(came.fate for came in log.of(e.DateCame))


# ---- where they do nothing


@pytest.mark.parametrize("at", [{}, {"at": "court"}])
def test_dates_far_away_are_none(at):
    # A matter may be kept open for a hearing, however far away it is.
    calm = {**BUSY, "assumptions": {"date.stays_open": 0}}
    without, far = (dated(date, **calm) for date in (None, {"days": FAR, **at}))
    assert live(far).events == live(without).events


@pytest.mark.parametrize("share", [0, 1])
def test_where_nothing_hangs_on_a_date_or_nobody_has_one_the_log_is_as_without(share):
    date = {**HEARINGS, "share": share}
    off = dated(date, **BUSY, assumptions={"date.loss": 0} if share else {})
    assert live(off).events == live(dated(**BUSY)).events


def test_a_date_moves_no_other_draw():
    without, with_dates = world_of(dated(**BUSY)), world_of(dated(HEARINGS, **BUSY))
    assert with_dates.people == without.people
    assert with_dates.digest != without.digest


def test_dates_are_met_by_those_who_have_them_alone():
    made = dated(HEARINGS, **BUSY)
    has = {problem for problem, brought in world_of(made).brought.items() if brought.date is not None}
    came = {each.problem for each in lived(made).of(e.DateCame)}
    assert came <= has
    assert len(came) > 20


# ---- when there are enough advisers


def test_all_dates_are_met_where_advisers_are_many_and_notice_is_a_day():
    many = [{"role": "caseworker", "number": 60}]
    made = dated({"days": 0, "at": "court"}, advisers=many, assumptions={"date.notice_days": 0})
    log = lived(made)
    # Who asks when the hour has begun is too late for it; whoever asks before is seen at once.
    asked = {each.problem: each.at for each in log.of(e.Asked)}
    late = {each.problem for each in log.of(e.DateCame) if each.fate != "represented"}
    assert 0 < len(late) < len(log.of(e.DateCame))
    assert all(each.at - asked[each.problem] < 60 for each in log.of(e.DateCame) if each.problem in late)
    tomorrow = dated({"days": 2, "at": "court"}, advisers=many, per_week=2)
    assert set(fates(lived(tomorrow))) == {"represented"}
    assert (
        measure(lived(tomorrow))["access.dates_met"] == measure(lived(tomorrow))["access.dates_stood_by"] == 1
    )


# ---- until when a matter stays open


def closed_before_its_hearing(log):
    """Matters in which nothing was left to be done before their hearing came, by whether they were closed by then."""
    closed = {each.matter: each for each in log.of(e.MatterClosed)}
    known = [closed[each.matter] for each in log.of(e.DateCame) if each.matter in closed]
    came = {each.matter: each.at for each in log.of(e.DateCame)}
    return [one for one in known if one.reason == "completed" and one.contacts and one.at < came[one.matter]]


def test_a_matter_stays_open_until_its_hearing_and_is_closed_after_it():
    logs = {
        share: lived(dated(HEARINGS, **BUSY, assumptions={"date.stays_open": share})) for share in (0, 0.5, 1)
    }
    early = {share: len(closed_before_its_hearing(log)) for share, log in logs.items()}
    assert early[0] > early[0.5] > early[1] == 0
    assert fates(logs[0])["settled"] > fates(logs[1])["settled"]
    assert fates(logs[0])["represented"] < fates(logs[1])["represented"]
    # Nobody is forgotten: what was kept open is closed once its day is over.
    last = logs[1].events[-1].at
    closed = {each.matter for each in logs[1].of(e.MatterClosed)}
    past = [each for each in logs[1].of(e.DateCame) if each.fate == "represented" and each.at < last - 9000]
    assert past
    assert {each.matter for each in past} <= closed


def test_a_limit_at_which_nobody_is_stood_by_keeps_nothing_open():
    limit = {"share": 0.5, "days": {"uniform": {"low": 3, "high": 40}}}
    kept, not_kept = (lived(dated(limit, **BUSY, assumptions={"date.stays_open": n})) for n in (1, 0))
    assert kept.events == not_kept.events
    assert fates(kept)["settled"] > 0


def test_hearings_that_are_waited_for_take_time_at_court_from_everybody_else():
    settled, waited_for = means(**{"date.stays_open": 0}), means(**{"date.stays_open": 1})
    assert waited_for["access.dates_stood_by"] > settled["access.dates_stood_by"]
    assert waited_for["time.travel_share"] > settled["time.travel_share"]
    assert waited_for["money.matters_open"] > settled["money.matters_open"]


# ---- one adviser, known minutes


def test_one_adviser_and_dates_at_known_minutes():
    """All problems ask at once when they begin, need one meeting of forty minutes, and are due at ten in two days."""
    one = [{"role": "caseworker", "number": 1}]
    kind = {**PROBLEM, "contacts": 1, "casework_minutes": 3000, "days_to_crisis": 3000}
    made = dated({"days": 2, "at": "court"}, kind, advisers=one, per_week=0.7, months=3)
    log = lived(made)
    court, hearing = 180, 30
    by_matter = {contact.matter: contact for contact in log.of(e.Contact)}
    represented = [each for each in log.of(e.DateCame) if each.fate == "represented"]
    assert len(represented) >= 4
    onsets = {plan.id: plan.onset for person in world_of(made).people for plan in person.problems}
    for came in represented:
        day = (onsets[came.problem] + 2 * MINUTES_PER_DAY) // MINUTES_PER_DAY
        while (made.period.begins + timedelta(days=day)).weekday() > 4 or came.at // MINUTES_PER_DAY > day:
            day += 1
            assert day <= came.at // MINUTES_PER_DAY
        assert came.at == day * MINUTES_PER_DAY + 600
        assert by_matter[came.matter].at <= came.at
        away = [work for work in log.of(e.Work) if work.clause == "court" and work.began == came.at]
        stood = [work for work in log.of(e.Work) if work.clause == "advocacy" and work.matter == came.matter]
        # At his desk at ten with nothing but casework in hand, he ends what he has begun before he goes.
        assert add_up(work.minutes for work in stood) == hearing
        assert all(work.minutes == court for work in away)
        assert all(work.began >= came.at + court for work in stood)


def test_one_adviser_stands_by_all_whose_dates_fall_on_one_morning():
    made = dated(HEARINGS, **{**BUSY, "per_week": 30}, advisers=[{"role": "caseworker", "number": 12}])
    log = lived(made)
    seen = Counter(each.at for each in log.of(e.DateCame) if each.fate == "represented")
    held = [each for each in log.of(e.SessionHeld) if each.adviser]
    assert max(seen.values()) > 1
    assert len(held) == len(seen)
    assert add_up(each.clients for each in held) == add_up(seen.values())
    sat = [work.minutes for work in log.of(e.Work) if work.clause == "court"]
    assert add_up(sat) == add_up(each.minutes for each in held)


# ---- what they displace, and what comes of missing one


def means(**assumptions):
    made = dated(
        HEARINGS,
        **{**BUSY, "per_week": 20},
        advisers=[{"role": "caseworker", "number": 2}],
        assumptions=assumptions,
    )
    found = [measure(live(made, seed=seed)) for seed in (1, 2, 3)]
    return {name: sum(each[name] for each in found) / 3 for name in found[0] if found[0][name] is not None}


def test_hurry_meets_more_dates_and_lets_everybody_else_wait():
    calm, hurried = means(**{"date.urgent_days": 0}), means(**{"date.urgent_days": 5})
    assert hurried["access.dates_met"] > calm["access.dates_met"]
    assert hurried["access.dates_waited_out"] < calm["access.dates_waited_out"]
    assert hurried["access.days_to_first_contact_undated"] > calm["access.days_to_first_contact_undated"]


def test_time_at_court_is_taken_from_the_desk():
    short, long = means(**{"date.court_minutes": 60}), means(**{"date.court_minutes": 400})
    assert long["time.travel_share"] > short["time.travel_share"]
    assert long["access.days_to_first_contact_undated"] > short["access.days_to_first_contact_undated"]


def test_help_after_a_date_is_worth_what_is_left():
    logs = {
        loss: live(
            dated(HEARINGS, **BUSY, advisers=[{"role": "caseworker"}], assumptions={"date.loss": loss})
        )
        for loss in (1.0, 0.25)
    }
    for loss, log in logs.items():
        missed = {each.problem: each.at for each in log.of(e.DateCame) if each.fate not in e.IN_TIME}
        after = [o for o in log.of(e.Outcome) if o.at > missed.get(o.problem, o.at)]
        assert after
        assert {outcome.chance == 0 for outcome in after} == {loss == 1.0}


# ---- what is paid for it

DESK = """\
payments:
  - {id: fee, kind: fixed_fee, earned: on_close, amount: 157.00}
"""
PAID = (
    DESK
    + """\
  - {id: desk, kind: standing_charge, earned: monthly, amount: 71.55, per: client,
     sessions: {desk: court, least_clients: 2}}
"""
)


def test_a_fee_pays_nothing_for_the_day_and_a_desk_pays_for_at_least_two():
    made = dated(HEARINGS, **BUSY)
    unpaid, paid = (lived(made, of_blocks(block)) for block in (DESK, PAID))
    held = [each for each in paid.of(e.SessionHeld) if each.adviser]
    assert unpaid.of(e.SessionHeld) == paid.of(e.SessionHeld)
    at_desk = add_up(line.pence for line in paid.of(e.Entitled) if line.block == "desk")
    ends = paid.of(e.MonthClosed)[-1].at
    assert at_desk == add_up(7155 * max(2, each.clients) for each in held if each.at < ends)
    assert {line.block for line in unpaid.of(e.Entitled)} == {"fee"}


# ---- what must always hold


def broken(log, *records):
    log = type(log)(log.window, [*log.events, *records])
    return {each.name for each in check(log) if not each.holds}


def test_a_date_that_comes_twice_or_is_met_by_nobody_is_found():
    log = lived(dated(HEARINGS, **BUSY))
    last = log.events[-1].at
    came = log.of(e.DateCame)[-1]._replace(at=last)
    assert "every date comes once, to a problem asked about" in broken(log, came)
    settled = next(each for each in log.of(e.DateCame) if each.fate == "represented")._replace(
        fate="settled", adviser=""
    )
    others = [each for each in log if not (isinstance(each, e.DateCame) and each.problem == settled.problem)]
    assert "who is stood by has a matter open, and what is settled is closed" in broken(
        e.Log(log.window, sorted([*others, settled], key=lambda each: each.at))
    )
    strange = came._replace(problem="c99999.p1", fate="settled", adviser="")
    assert "no date is met without a meeting before it" in broken(log, strange)


# ---- by appointment


@pytest.mark.parametrize("first", ["least_loaded", "pool"])
def test_dates_hurry_bookings_too(first):
    def found(**assumptions):
        made = dated(
            HEARINGS,
            **{**BUSY, "per_week": 20},
            advisers=[{"role": "caseworker", "number": 2}],
            organisation={"appointments": "booked", "allocation": {"first": first}},
            assumptions=assumptions,
        )
        return measure(lived(made))

    calm, hurried = found(**{"date.urgent_days": 0}), found(**{"date.urgent_days": 5})
    assert hurried["access.dates_met"] > calm["access.dates_met"]
    assert found(**{"date.loss": 0})["access.dates_met"] is None
