"""What must hold between people and organisations: each equality holds of a small story, and breaks."""

import pytest

from legalaid_sim import events as e
from legalaid_sim.invariants import check
from tests.builders import logs
from tests.builders.logs import AGENCY, ANN, minute

REACHED = "hand-ons that reached = askings there"
LOST = "hand-ons that did not reach = clients who left"
GOALS = "no goal set twice, ended twice, or reviewed without being set"
OFFERED = "no companion for whom none was offered, and no offer twice"
ENDED = "goals of closed matters = goals reached or lapsed"
POSTS = "one holder a post at a time, and none once it is closed"
SHUT = "no help by an organisation that has shut"
LEAVE = "leave asked for on open matters, answered no sooner than asked"
EXCEPTIONS = "exceptions asked for once, where procedure binds"
UNHEARD = "nobody listened to against procedure"
AUDITS = "taken back at audits = lines of the audit"
PAYER = "payer's spend = organisations' income from it"


def found(name, *events):
    return next(residual for residual in check(logs.log(*events)) if residual.name == name)


def referred(reached, of_day=0):
    return e.Referred(minute(31, of_day), "c1", "c1.p1", "agency", "other", "scope", reached)


def asked_there(of_day=0):
    return logs.asked(31, "c1", "p1", of_day=of_day)._replace(organisation="other")


def lost(of_day=0):
    return e.Left(minute(31, of_day), "c1", "c1.p1", "", "referral")


def goal():
    return e.GoalSet(minute(33), "c1", "c1.p1.m1", ANN, minute(60))


def review(day, state):
    return e.GoalReviewed(minute(day), "c1", "c1.p1.m1", ANN, state)


def leaves(adviser, day):
    return e.AdviserLeft(minute(day), adviser, adviser[:-3], "own choice", 0.0)


def asks_leave(at, decided):
    return e.AuthorityAsked(minute(at), AGENCY, "c1.p1.m1", "c", "limit", 1, minute(decided), "granted")


def bound(day=32):
    return logs.opened(day, "c1", "p1")._replace(discretion=False)


def asks_exception(granted=True, decided=33):
    return e.ExceptionAsked(minute(33), AGENCY, "c1.p1.m1", "c", "leave", ANN, minute(decided), granted)


def heard(day, minutes=10):
    return logs.contact(day, "c1", "p1", listening=minutes)


def audit(pence):
    return e.Audited(minute(50), AGENCY, "c", "audit", 3, pence, "audit_class:2")


def taken_back(pence, block="audit"):
    return e.Entitled(minute(50), AGENCY, "c", "", 1, block, -pence)


SHUTS = (logs.joined(ANN), e.OrganisationClosed(minute(40), AGENCY, -1, 0))
CLOSED = logs.closed(45, "c1", "p1", 0, 0, 0)


def offer(offered=True):
    return e.CompanionOffered(minute(33), "c1", "c1.p1.m1", AGENCY, offered)


VERA = "volunteer-01.v1"
VOLUNTEER = e.AdviserJoined(0, VERA, "volunteer-01", 1, "volunteer", AGENCY)
ACCOMPANIED = logs.contact(34, "c1", "p1", adviser=VERA, core=0, listening=30)

HOLDING = {
    "somebody offered a companion": (OFFERED, VOLUNTEER, offer(), ACCOMPANIED),
    "a companion where all are offered one": (OFFERED, VOLUNTEER, ACCOMPANIED),
    "a hand-on that reached": (REACHED, referred(True), asked_there()),
    "a hand-on that did not": (LOST, referred(False), lost()),
    "a goal reached": (ENDED, goal(), review(35, "open"), review(45, "reached"), CLOSED),
    "a goal that lapsed in a meeting": (ENDED, goal(), review(40, "lapsed"), CLOSED),
    "a goal of a matter still open": (ENDED, goal()),
    "a successor": (POSTS, logs.joined(ANN), leaves(ANN, 40), logs.joined("caseworker-01.v2", 50)),
    "work on the day of shutting": (SHUT, *SHUTS, logs.work(39, ANN, e.CASEWORK, 10)),
    "leave asked for": (LEAVE, logs.opened(32, "c1", "p1"), asks_leave(33, 40)),
    "an exception": (EXCEPTIONS, bound(), asks_exception()),
    "listening by leave": (UNHEARD, bound(), asks_exception(), heard(34)),
    "listening by judgement": (UNHEARD, logs.opened(32, "c1", "p1"), heard(33)),
    "an audit": (AUDITS, audit(500), taken_back(500), taken_back(70, "reconciliation")),
    "an audit that found nothing": (AUDITS, audit(0)),
    "income of both kinds": (
        PAYER, e.Paid(minute(40), AGENCY, "c", "fee", 700),
        e.Received(minute(41), AGENCY, "other_income", 300),
        logs.books(60, 1, 1_000, 0, 1_000, -700),
    ),
}  # fmt: skip

BROKEN = {
    "an offer made twice": (OFFERED, 1, 0, offer(), offer()),
    "a companion for whom none was offered": (OFFERED, 1, 0, VOLUNTEER, offer(False), ACCOMPANIED),
    "a hand-on that reached nobody": (REACHED, 1, 0, referred(True)),
    "one that arrived a minute late": (REACHED, 1, 0, referred(True), asked_there(1)),
    "one lost who did not leave": (LOST, 1, 0, referred(False)),
    "one who left and was not sent on": (LOST, 0, 1, lost()),
    "a goal set twice": (GOALS, 1, 0, goal(), goal()),
    "a goal ended twice": (GOALS, 1, 0, goal(), review(40, "lapsed"), review(41, "reached")),
    "a goal never set": (GOALS, 1, 0, review(40, "open")),
    "a goal forgotten": (ENDED, 1, 0, goal(), CLOSED),
    "two in one post": (POSTS, 1, 0, logs.joined(ANN), logs.joined("caseworker-01.v2", 50)),
    "a leaver who never came": (POSTS, 1, 0, leaves(ANN, 40)),
    "a successor in a closed post": (
        POSTS, 1, 0, logs.joined(ANN), e.PostClosed(minute(40), AGENCY, "caseworker-01"), leaves(ANN, 40),
        logs.joined("caseworker-01.v2", 50),
    ),
    "a contact after shutting": (SHUT, 1, 0, *SHUTS, logs.contact(41, "c1", "p1")),
    "a matter after shutting": (SHUT, 1, 0, *SHUTS, logs.opened(41, "c1", "p1")),
    "work after shutting": (SHUT, 1, 0, *SHUTS, logs.work(41, ANN, e.CASEWORK, 10)),
    "waiting after shutting": (SHUT, 1, 0, *SHUTS, e.Missed(minute(41), "c1", "c1.p1.m1", ANN, 10)),
    "leave answered before it was asked": (LEAVE, 1, 0, logs.opened(32, "c1", "p1"), asks_leave(33, 32)),
    "leave for a matter never opened": (LEAVE, 1, 0, asks_leave(33, 40)),
    "an exception where nothing binds": (
        EXCEPTIONS, 1, 0, logs.opened(32, "c1", "p1"), asks_exception(),
    ),
    "an exception asked for twice": (EXCEPTIONS, 2, 0, bound(), asks_exception(), asks_exception()),
    "an exception answered before it was asked": (
        EXCEPTIONS, 1, 0, bound(), asks_exception(decided=32),
    ),
    "listening without leave": (UNHEARD, 1, 0, bound(), heard(34)),
    "listening though leave was refused": (UNHEARD, 1, 0, bound(), asks_exception(granted=False), heard(34)),
    "listening before leave is given": (UNHEARD, 1, 0, bound(), asks_exception(decided=40), heard(34)),
    "an audit whose line is another sum": (AUDITS, 500, 400, audit(500), taken_back(400)),
    "an audit without a line": (AUDITS, 500, 0, audit(500)),
    "a payment that nobody booked": (PAYER, 700, 0, e.Paid(minute(40), AGENCY, "c", "fee", 700)),
    "other income booked as the payer's": (
        PAYER, 0, -300, e.Received(minute(41), AGENCY, "other_income", 300),
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", HOLDING)
def test_it_holds(story):
    name, *events = HOLDING[story]
    assert found(name, *events).holds


@pytest.mark.parametrize("story", BROKEN)
def test_it_breaks(story):
    name, left, right, *events = BROKEN[story]
    residual = found(name, *events)
    assert (residual.left, residual.right) == (left, right)
    assert not residual.holds
    assert residual.where


def test_all_of_the_story_of_two_advisers_holds():
    assert all(residual.holds for residual in check(logs.story()))
