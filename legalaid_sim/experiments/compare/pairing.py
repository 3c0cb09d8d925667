"""The same client under two contracts: who gained, who lost, by relational need and vulnerability.

Clients are the same people in both lives, so they are compared one by one. Four values are looked at, each
with its own rule for better; clients for whom a value is undefined on a side are left out and counted.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import fsum, inf
from typing import NamedTuple

from legalaid_sim.events import Log
from legalaid_sim.experiments.shared.ignorance import estimate_of
from legalaid_sim.experiments.shared.statistics import Estimate, Value
from legalaid_sim.measures.folded import Folded
from legalaid_sim.units import add_up

FIFTHS = 5
EVERYONE = ("everyone", 0)
GROUPINGS = ("relational_need", "vulnerability")


class ClientLife(NamedTuple):
    """What one client had: problems resolved, days to first contact, COC, minutes of retelling.

    ``days`` is infinite for a client never seen; ``coc`` None below two contacts; ``retelling`` None
    without a contact. Both needs run from 0 (none) to 1 (most).
    """

    relational_need: float
    vulnerability: float
    resolved: int
    days: float
    coc: float | None
    retelling: int | None


class ClientValue(NamedTuple):
    """One thing by which a client is said to gain: ``sign`` is +1 where more is better, -1 where less is.

    A change smaller than ``least`` is neither gain nor loss.
    """

    name: str
    unit: str
    sign: int
    least: float
    of: Callable[[ClientLife], float | None]
    rule: str


CLIENT_VALUES: tuple[ClientValue, ...] = (
    ClientValue("problems_resolved", "problems", 1, 1, lambda life: life.resolved, "more problems resolved"),
    ClientValue("days_to_first_contact", "days", -1, 1, lambda life: life.days, "seen a day or more sooner"),
    ClientValue("coc", "share", 1, 0.01, lambda life: life.coc, "higher COC, with two contacts in both"),
    ClientValue(
        "retelling_minutes", "minutes", -1, 1, lambda life: life.retelling, "less retelling, seen in both"
    ),
)


class Tallied(NamedTuple):
    """In one world: of ``clients`` in a group, how many gained and lost; ``change`` is the mean difference.

    ``change`` is over those for whom the difference is finite, None where there are none.
    """

    value: str
    grouping: str
    group: int
    clients: int
    gained: int
    lost: int
    change: float | None


class GroupGain(NamedTuple):
    """Over all worlds: the share of a group that gained, that lost, and the mean change of the value."""

    value: str
    grouping: str
    group: int
    clients: float
    gained: Estimate
    lost: Estimate
    change: Estimate


def lives_of(log: Log) -> dict[str, ClientLife]:
    """Give what every client who first asked within the window had, each followed as long as all."""
    folded = Folded(log)
    resolved: dict[str, set[str]] = {}
    for outcome in folded.outcomes:
        if outcome.resolved:
            resolved.setdefault(outcome.client, set()).add(outcome.problem)
    days, spreads = folded.days_to_first_contact, folded.adviser_spread
    return {
        client: ClientLife(
            person.relational_need,
            person.vulnerability,
            len(resolved.get(client, ())),
            days.get(client, inf),
            spreads[client].coc if client in spreads else None,
            add_up(contact.retelling for contact in folded.seen[client]) if client in folded.seen else None,
        )
        for client, person in folded.persons.items()
    }


def tally(ours: Mapping[str, ClientLife], theirs: Mapping[str, ClientLife]) -> list[Tallied]:
    """Compare clients who asked within the window under both: ``ours`` against ``theirs``, group by group."""
    both = sorted(ours.keys() & theirs.keys())
    groups = [(EVERYONE, both), *_fifths({client: theirs[client] for client in both})]
    return [
        _tallied(value, group, [(ours[client], theirs[client]) for client in clients])
        for value in CLIENT_VALUES
        for group, clients in groups
    ]


def gains(worlds: Sequence[Iterable[Tallied]], drawn: bool = False) -> list[GroupGain]:
    """Fold the tallies of all worlds into shares with intervals, in the order of the first world."""
    held: dict[tuple[str, str, int], dict[int, Tallied]] = {}
    for number, world in enumerate(worlds, start=1):
        for row in world:
            held.setdefault(row[:3], {})[number] = row
    return [_gain(key, rows, drawn) for key, rows in held.items()]


def _gain(key: tuple[str, str, int], held: Mapping[int, Tallied], drawn: bool) -> GroupGain:
    rows = held.values()
    return GroupGain(
        *key,
        add_up(row.clients for row in rows) / len(rows),
        estimate_of((_share(row.gained, row.clients) for row in rows), drawn, held),
        estimate_of((_share(row.lost, row.clients) for row in rows), drawn, held),
        estimate_of((row.change for row in rows), drawn, held),
    )


def _share(part: int, whole: int) -> Value:
    return part / whole if whole else None


def _fifths(lives: Mapping[str, ClientLife]) -> Iterator[tuple[tuple[str, int], list[str]]]:
    # By rank, so that every fifth holds as many; clients who tie are parted by their ids, not by chance.
    for grouping in GROUPINGS:
        ranked = sorted(lives, key=lambda client: (getattr(lives[client], grouping), client))
        for fifth in range(FIFTHS):
            first, last = (len(ranked) * step // FIFTHS for step in (fifth, fifth + 1))
            yield (grouping, fifth + 1), ranked[first:last]


def _tallied(
    value: ClientValue, group: tuple[str, int], lives: Sequence[tuple[ClientLife, ClientLife]]
) -> Tallied:
    pairs = [(value.of(ours), value.of(theirs)) for ours, theirs in lives]
    held = [(a, b) for a, b in pairs if a is not None and b is not None]
    gained = add_up(_ahead(a, b, value) for a, b in held)
    lost = add_up(_ahead(b, a, value) for a, b in held)
    finite = [a - b for a, b in held if a < inf and b < inf]
    change = fsum(finite) / len(finite) if finite else None
    return Tallied(value.name, *group, len(held), gained, lost, change)


def _ahead(ours: float, theirs: float, value: ClientValue) -> bool:
    # Never seen is infinitely late: it loses to any day, and ties with itself.
    return ours != theirs and value.sign * (ours - theirs) >= value.least
