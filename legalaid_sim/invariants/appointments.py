"""What must hold of booked meetings: each slot comes to one end, nobody is met before it, no two share a desk."""

from bisect import bisect_left, insort
from collections import Counter

from legalaid_sim.events import Booked, Contact, Event, Freed, Log, Missed
from legalaid_sim.invariants.residual import Residual, compare, in_order, none_of


def appointments(log: Log) -> tuple[Residual, ...]:
    """Give the equalities of diaries; nothing where no meeting is booked."""
    if not log.of(Booked):
        return ()
    waiting: dict[str, Booked] = {}
    made, ended = Counter[str](), Counter[str]()
    early: list[str] = []
    twice: list[str] = []
    desks: dict[str, list[tuple[int, int]]] = {}
    for event in in_order(log, (Booked, Freed, Missed, Contact)):
        if type(event) is Booked:
            made[event.matter] += 1
            if event.matter in waiting:
                twice.append(f"{event.matter} at minute {event.at}")
            waiting[event.matter] = event
            if _overlaps(desks.setdefault(_post(event.adviser), []), event):
                twice.append(f"{event.adviser} at minute {event.slot}")
            continue
        booked = waiting.get(event.matter)  # type: ignore[union-attr]
        if booked is None or not _ends(event, booked):
            continue
        ended[booked.matter] += 1
        del waiting[booked.matter]
        if booked.minutes:
            desks[_post(booked.adviser)].remove((booked.slot, booked.slot + booked.minutes))
        if type(event) is Contact and event.began < booked.slot:
            early.append(f"{event.matter} at minute {event.began}")
    still = Counter(dict.fromkeys(waiting, 1))
    return (
        compare("slots booked = kept, missed, freed or still to come", made, ended + still),
        none_of("no booked meeting before its slot", early),
        none_of("no desk and no matter is booked twice at a minute", twice),
    )


def _ends(event: Event, booked: Booked) -> bool:
    """Whether a record ends a booking: operators and companions see people without a slot."""
    return type(event) is not Contact or _post(event.adviser) == _post(booked.adviser)


def _overlaps(taken: list[tuple[int, int]], booked: Booked) -> bool:
    """Put a slot among those of a desk; whether it overlaps one of them."""
    if not booked.minutes:
        return False
    span = (booked.slot, booked.slot + booked.minutes)
    at = bisect_left(taken, span)
    found = (at > 0 and taken[at - 1][1] > span[0]) or (at < len(taken) and taken[at][0] < span[1])
    insort(taken, span)
    return found


def _post(adviser: str) -> str:
    """Give the post of an adviser: whoever takes one over takes over its diary."""
    return adviser.rpartition(".v")[0]
