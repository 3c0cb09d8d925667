"""Whose lives tell most of a contract: those that it touched, never those whose outcome fell otherwise by chance."""

from collections.abc import Mapping
from typing import NamedTuple

from legalaid_sim.events import Entitled, Log, TurnedAway
from legalaid_sim.experiments.compare.pairing import FIFTHS
from legalaid_sim.measures.folded import Folded
from legalaid_sim.measures.words import RED

RULE = (
    "Clients of the first world who met an adviser under at least one of the two contracts, and whom the contract "
    "touched, are put in order of what changed for them: whether they were seen at all, then how often they were "
    "turned away, then meetings with somebody else than the time before, then minutes of retelling, then days "
    "until first seen, then minutes with advisers. What was paid makes a client touched, and neither better nor "
    "worse off. Whether a problem was resolved and what the client then did are partly drawn by chance, are marked "
    "so, and choose nobody. Told are the last (largest gain), the first (largest loss), the middle one, and the "
    f"middle one of the fifth with the highest vulnerability ({RED}). The second contract is the one that differs "
    "most from the first in seeing the same adviser."
)


class Touched(NamedTuple):
    """What one life under a contract was like, outcomes left out.

    Times turned away; meetings with another adviser than the one before; minutes of retelling and with advisers;
    midnights from asking until seen, None for a client never seen; pence that their matters earned.
    """

    refused: int = 0
    passed: int = 0
    retelling: int = 0
    days: int | None = None
    minutes: int = 0
    pence: int = 0


def touched_of(log: Log) -> dict[str, Touched]:
    """Give, for every client of the cohort, what can be seen of the contract in their life."""
    folded = Folded(log)
    refused: dict[str, int] = {}
    for refusal in log.of(TurnedAway):
        refused[refusal.client] = refused.get(refusal.client, 0) + 1
    earned: dict[str, int] = {}
    for line in log.of(Entitled):
        client = line.matter.partition(".")[0]
        earned[client] = earned.get(client, 0) + line.pence
    found = {}
    for client, contacts in folded.contacts.items():
        retelling = minutes = passed = 0
        for place, contact in enumerate(contacts):
            retelling += contact.retelling
            minutes += contact.core + contact.listening + contact.retelling
            passed += place > 0 and contact.adviser != contacts[place - 1].adviser
        days = folded.midnights_to_first_contact.get(client)
        found[client] = Touched(
            refused.get(client, 0), passed, retelling, days, minutes, earned.get(client, 0)
        )
    return found


def gain(ours: Touched, theirs: Touched) -> tuple[int, int, int, int, int, int]:
    """Give what a client gains by one contract over another, in the order in which it counts."""
    sooner = 0 if ours.days is None or theirs.days is None else theirs.days - ours.days
    return (
        (ours.days is not None) - (theirs.days is not None),
        theirs.refused - ours.refused,
        theirs.passed - ours.passed,
        theirs.retelling - ours.retelling,
        sooner,
        ours.minutes - theirs.minutes,
    )


NO_GAIN = gain(Touched(), Touched())


def picked(
    ours: Mapping[str, Touched], theirs: Mapping[str, Touched], vulnerability: Mapping[str, float]
) -> list[tuple[str, str]]:
    """Pick by ``RULE`` why and of whom to tell; nobody twice, and nobody for a gain or a loss that is none."""
    seen = [name for name in ours if name in theirs and (ours[name].days, theirs[name].days) != (None, None)]
    changed = [name for name in seen if ours[name] != theirs[name]]
    order = sorted(changed, key=lambda name: (gain(ours[name], theirs[name]), name))
    if not order:
        return (
            [("touched by nothing in the contract, as everybody", sorted(seen)[len(seen) // 2])]
            if seen
            else []
        )
    frail = sorted(order, key=lambda name: (vulnerability[name], name))[-max(1, len(order) // FIFTHS) :]
    most = [name for name in order if name in set(frail)]
    best, worst = order[-1], order[0]
    chosen = [
        *([("largest gain", best)] if gain(ours[best], theirs[best]) > NO_GAIN else []),
        *([("largest loss", worst)] if gain(ours[worst], theirs[worst]) < NO_GAIN else []),
        ("the middle", order[len(order) // 2]),
        ("the middle of the most vulnerable fifth", most[len(most) // 2]),
    ]
    given: dict[str, str] = {}
    for why, client in chosen:
        given[client] = f"{given[client]}; {why}" if client in given else why
    return [(why, client) for client, why in given.items()]
