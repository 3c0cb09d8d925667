"""What must hold of people: everybody is accounted for, nobody is helped after the end, waits add up."""

from collections import Counter
from itertools import accumulate, pairwise
from operator import itemgetter

from legalaid_sim.events import (
    FACE_TO_FACE,
    Activated,
    Asked,
    Contact,
    Event,
    Left,
    Log,
    MatterClosed,
    MatterOpened,
    Missed,
    Outcome,
    StillOpen,
    TurnedAway,
)
from legalaid_sim.invariants.residual import Residual, compare, in_order, none_of
from legalaid_sim.units import add_up

LIVE, RESOLVED, CLOSED, LEFT, TURNED_AWAY, OPEN = "live", "resolved", "closed", "left", "turned away", "open"
_FATES: dict[type[Event], str] = {
    Asked: LIVE,
    Activated: LIVE,
    MatterOpened: LIVE,
    TurnedAway: TURNED_AWAY,
    Left: LEFT,
    MatterClosed: CLOSED,
    StillOpen: OPEN,
}
_ENDED = (RESOLVED, LEFT)
_STORY = (*_FATES, Outcome, Contact, Missed)


def time_runs_forward(log: Log) -> Residual:
    """Look for records of an earlier minute than those before them."""
    minutes = list(map(itemgetter(0), log.events))
    # A list in order is sorted at once.
    if minutes == sorted(minutes):
        return Residual("time never runs backwards", 0, 0)
    back = [after for after in range(1, len(minutes)) if minutes[after - 1] > minutes[after]]
    where = [f"event {index} at minute {minutes[index]}" for index in back]
    return none_of("time never runs backwards", where)


def people(log: Log) -> tuple[Residual, ...]:
    """Give the equalities that follow a client's story in its order."""
    story = in_order(log, _STORY)
    return (*_everyone_accounted_for(log, story), _nothing_after_leaving(log, story), _in_person(log))


def _in_person(log: Log) -> Residual:
    """Look for meetings at a distance with somebody who was turned away because none can be held."""
    cannot = {away.client for away in log.of(TurnedAway) if away.reason == "channel"}
    met = [each for each in log.of(Contact) if each.client in cannot] if cannot else []
    return none_of(
        "no meeting at a distance with whom no such channel reaches",
        [f"{each.client} at minute {each.began}" for each in met if each.channel != FACE_TO_FACE],
    )


def _everyone_accounted_for(log: Log, story: list[Event]) -> tuple[Residual, Residual]:
    """Compare all clients and problems that came alive with what each came to, exactly once."""
    clients: dict[str, str] = {}
    problems: dict[str, str] = {}
    twice = Counter[str]()
    for event in story:
        kind = type(event)
        if kind is Contact or kind is Missed:
            continue
        # What kind it is was asked of its type, which is faster than ``isinstance`` and says nothing to a checker.
        problem: str = event.problem  # type: ignore[union-attr]
        if kind is Outcome:
            fate = _fate_by_outcome(event.resolved, problems.get(problem, ""))  # type: ignore[union-attr]
        else:
            fate = _FATES[kind]
            if fate is OPEN and problems.get(problem) in (*_ENDED, OPEN):
                twice[problem] += 1
            elif fate is CLOSED and problems.get(problem) in _ENDED:
                # Closing a matter does not undo what was already its end.
                fate = problems[problem]
        clients[event.client] = problems[problem] = fate  # type: ignore[union-attr]
    born: list[Asked | Activated] = [*log.of(Asked), *log.of(Activated)]
    ended = {problem: 1 + twice.get(problem, 0) for problem, fate in problems.items() if fate != LIVE}
    return (
        compare(
            "clients with a problem = resolved, closed, left, turned away or still open",
            dict.fromkeys([event.client for event in born], 1),
            {client: 1 for client, fate in clients.items() if fate != LIVE},
        ),
        compare(
            "problems alive = problems accounted for once",
            dict.fromkeys([event.problem for event in born], 1),
            ended,
        ),
    )


def _fate_by_outcome(resolved: bool, before: str) -> str:
    return RESOLVED if resolved else before if before in _ENDED else CLOSED


def _nothing_after_leaving(log: Log, story: list[Event]) -> Residual:
    """Look for help on a problem that its client left, that was turned away, or whose matter is closed."""
    problem_of = {matter.matter: matter.problem for matter in log.of(MatterOpened)}
    gone: set[str] = set()
    offenders = []
    for event in story:
        kind = type(event)
        if kind is Contact or kind is Missed:
            matter: str = event.matter  # type: ignore[union-attr]
            if matter in gone or problem_of.get(matter) in gone:
                offenders.append(f"{kind.__name__} of {matter} at minute {event.at}")
        elif kind is MatterClosed:
            gone.add(event.matter)  # type: ignore[union-attr]
        elif kind is Asked:
            gone.discard(event.problem)  # type: ignore[union-attr]
        elif kind is Left or kind is TurnedAway:
            gone.add(event.problem)  # type: ignore[union-attr]
        elif kind is MatterOpened and event.problem in gone:  # type: ignore[union-attr]
            offenders.append(f"MatterOpened for {event.problem} at minute {event.at}")  # type: ignore[union-attr]
    return none_of("no help after leaving, being turned away or closing, unless asked again", offenders)


def littles_law(log: Log) -> tuple[int, int]:
    """Give the time integral of the number waiting for a contact, and the sum of the waits.

    In sample-path form (Little 1961) the two are equal over any stretch that begins and ends with nobody
    waiting, as the waits of contacts that took place do. The first is counted by sweeping over the ends of
    waits in order.
    """
    changes: dict[int, int] = {}
    waits = 0
    for contact in log.of(Contact):
        waited, began = contact.waited, contact.began
        if waited:
            changes[began - waited] = changes.get(began - waited, 0) + 1
            changes[began] = changes.get(began, 0) - 1
            waits += waited
    minutes = sorted(changes)
    numbers = accumulate([changes[minute] for minute in minutes])
    return add_up(
        [number * (after - before) for number, (before, after) in zip(numbers, pairwise(minutes))]
    ), waits


def waiting(log: Log) -> tuple[Residual, Residual, Residual]:
    """Look for contacts before they were due or that cost trust, and compare what waiting comes to by two routes."""
    contacts = log.of(Contact)
    early = [f"{contact.matter} at minute {contact.began}" for contact in contacts if contact.waited < 0]
    lost = [
        f"{contact.matter} at minute {contact.at}"
        for contact in contacts
        if not 0.0 <= contact.trust_before <= contact.trust_after <= 1.0
    ]
    return (
        none_of("no contact costs trust, and none has more than all of it", lost),
        none_of("no contact before it was due", early),
        Residual("time integral of the number waiting = sum of waits", *littles_law(log)),
    )
