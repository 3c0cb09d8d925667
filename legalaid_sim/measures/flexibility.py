"""Departures from a contract's procedure: by an adviser's own judgement, or by exceptions that are asked for."""

from collections import defaultdict
from math import fsum

from legalaid_sim.events import Contact, DutyFell, ExceptionAsked, MatterOpened, Person
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.measure import DONE_WITHIN, HIGHER, LOWER, NEITHER, Measure
from legalaid_sim.measures.statistics import mean, ratio, share
from legalaid_sim.units import add_up

NO_CONTACT = "no contact on a matter"


def _advising(folded: Folded) -> list[tuple[Contact, bool]]:
    """Give each contact of the window on an open matter, and whether its adviser had discretion."""
    free = {matter.matter: matter.discretion for matter in folded.log.of(MatterOpened)}
    return [(each, free[each.matter]) for each in folded.within(Contact) if each.matter in free and each.core]


def _discretion(folded: Folded) -> float | None:
    return mean([free for _, free in _advising(folded)])


def _departed(folded: Folded) -> float | None:
    return mean([free and each.listening > 0 for each, free in _advising(folded)])


def _asked(folded: Folded) -> float | None:
    opened = folded.within(MatterOpened)
    asked = {asking.matter for asking in folded.log.of(ExceptionAsked)}
    return ratio(add_up(matter.matter in asked for matter in opened), len(opened))


def _granted(folded: Folded) -> float | None:
    found = folded.within(ExceptionAsked)
    return ratio(add_up(asking.granted for asking in found), len(found))


def _minutes(folded: Folded) -> float | None:
    asked = {(asking.matter, asking.clause, asking.at) for asking in folded.within(ExceptionAsked)}
    fell = folded.within(DutyFell) if asked else ()
    minutes = add_up(each.adviser_minutes for each in fell if (each.matter, each.clause, each.at) in asked)
    return ratio(minutes, len(folded.within(MatterOpened)))


def _unlike(folded: Folded) -> float | None:
    """Give half of what advisers' listening differs from that of all for as much need, as a share of all listening."""
    listened, needs = defaultdict[str, int](int), defaultdict[str, list[float]](list)
    need_of = {person.client: person.relational_need for person in folded.log.of(Person)}
    for each, _ in _advising(folded):
        if each.client in need_of and not folded.is_companion(each.adviser):
            listened[each.adviser] += each.listening
            needs[each.adviser].append(need_of[each.client])
    need = {adviser: fsum(found) for adviser, found in needs.items()}
    whole, every = add_up(listened.values()), fsum(need.values())
    apart = fsum(abs(listened[each] - whole * need[each] / every) for each in need) if every else 0.0
    return share(apart, 2 * whole)


MEASURES = (
    Measure(
        "time.discretion_share",
        "The share of contacts in which the adviser was free to depart from the procedure of a contract.",
        "share",
        "contacts on matters opened with discretion / contacts on matters",
        DONE_WITHIN,
        HIGHER,
        _discretion,
        undefined=NO_CONTACT,
        short="contacts with discretion",
    ),
    Measure(
        "time.departures_share",
        "The share of contacts in which the adviser used that freedom to give more than facts and advice.",
        "share",
        "contacts with listening on matters opened with discretion / contacts on matters",
        DONE_WITHIN,
        HIGHER,
        _departed,
        undefined=NO_CONTACT,
        short="contacts with discretion used",
    ),
    Measure(
        "time.exceptions_asked_share",
        "The share of matters for which an exception to procedure was asked for.",
        "share",
        "matters opened for which an exception was asked for / matters opened",
        DONE_WITHIN,
        NEITHER,
        _asked,
        undefined="no matter opened",
        short="exceptions asked for",
    ),
    Measure(
        "time.exceptions_granted_share",
        "The share of exceptions to procedure asked for that were granted.",
        "share",
        "exceptions granted / exceptions asked for",
        DONE_WITHIN,
        NEITHER,
        _granted,
        undefined="no exception asked for",
        short="exceptions granted",
    ),
    Measure(
        "time.exception_minutes_per_matter",
        "The minutes that asking for exceptions to procedure took.",
        "minutes per matter",
        "minutes of asking for exceptions / matters opened",
        DONE_WITHIN,
        LOWER,
        _minutes,
        undefined="no matter opened",
        short="asking for exceptions per matter",
    ),
    Measure(
        "time.listening_unlike_share",
        "The share of listening that would have to change hands for advisers to listen alike for like need.",
        "share",
        "half the sum over advisers of |listening - all listening x need met / all need met| / all listening, in "
        "minutes; need is the relational need of clients by contacts, companions left out",
        DONE_WITHIN,
        LOWER,
        _unlike,
        source="the index of Hoover (1936), between advisers",
        undefined="nobody was listened to, or the log does not say who clients are",
        short="listening unlike between advisers",
    ),
)
