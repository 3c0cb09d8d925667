"""The same world lived under two settings: how a relation is written down, and how it is looked at."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import lru_cache
from math import fsum
from types import MappingProxyType
from typing import Any, NamedTuple

from legalaid_sim import events as e
from legalaid_sim.engine import Phase, Regime, simulate
from legalaid_sim.events import Log
from legalaid_sim.invariants import hold
from legalaid_sim.measures import measure
from legalaid_sim.units import add_up
from legalaid_sim.world.again import MOST_KEPT, Worlds
from tests.builders.scenarios import scenario

Settings = Mapping[str, Any]
MANY = 5

# Strong: in every world. A chain of waits is not monotone world by world, so what passes through one is told of means.
RISES, FALLS = "rises in every world", "falls in every world"
NO_LESS, NO_MORE = "falls in no world", "rises in no world"
MORE, LESS = "rises on the mean", "falls on the mean"
SAME = "stays the same"


class Relation(NamedTuple):
    """What changes from ``one`` to ``other`` beside what is common (``on``), what comes of it, and why it must.

    Settings are arguments of the builder ``scenario``; those with a dot are assumptions, ``under`` names contracts.
    """

    change: str
    one: Settings
    other: Settings
    comes: Mapping[str, str]
    why: str
    on: Settings = MappingProxyType({})
    worlds: int = 0


def enough(relation: Relation) -> int:
    """Say in how many worlds a relation is looked at in the ordinary suite: two where it is told of means."""
    return relation.worlds or 1 + any(way in (MORE, LESS) for way in relation.comes.values())


# A town in which everything that the register has is on.
TOWN: Settings = {
    "quiet": False,
    "advisers": [{"role": "caseworker", "number": 2}],
    "per_week": 6,
    "months": 4,
    "lead_in": 1,
    "run_out": 2,
    "start": "own",
    "problems": {"debt": {}, "housing": {}},
}
# One mechanism at a time: all others off.
QUIET: Settings = {"quiet": True, "start": "empty", "lead_in": 0}


def own(days: float | str | None) -> Settings:
    """Say how long the own adviser is waited for."""
    return {"organisation": {"allocation": {"own_adviser_patience_days": days}}}


def shared(log: Log, kind: type, condition: Callable[[Any], bool]) -> float:
    """Give the share of records of a kind that meet a condition."""
    records = log.of(kind)  # type: ignore[type-var]
    return sum(map(condition, records)) / len(records) if records else 0.0


def later_tries(log: Log) -> float:
    """Give the share of problems brought back that were resolved then."""
    tries: dict[str, list[bool]] = defaultdict(list)
    for outcome in log.of(e.Outcome):
        tries[outcome.problem].append(outcome.resolved)
    later = [each for held in tries.values() for each in held[1:]]
    return sum(later) / len(later) if later else 0.0


def days_until_back(log: Log) -> float:
    """Give the mean of the days from a closing to when its problem is asked about again."""
    closed: dict[str, int] = {}
    gaps = []
    for event in log:
        if isinstance(event, e.Outcome):
            closed[event.problem] = event.at
        elif isinstance(event, e.Asked) and event.problem in closed:
            gaps.append(event.at - closed.pop(event.problem))
    return fsum(gaps) / len(gaps) / 1440 if gaps else 0.0


MONEY = (e.Entitled, e.Paid, e.Spent, e.Received, e.MonthClosed, e.Told, e.Flagged)


def without_money(log: Log) -> int:
    """Give a number that is the same where all was done alike, whatever was paid for it."""
    return hash(tuple(event for event in log if not isinstance(event, MONEY)))


# What the register of measures has no name for, in small.
COUNTS: Mapping[str, Callable[[Log], float]] = {
    "life": without_money,
    "everything": lambda log: hash(tuple(log)),
    "asked": lambda log: len(log.of(e.Asked)),
    "came back": lambda log: sum(each.returning for each in log.of(e.Asked)),
    "meetings": lambda log: len(log.of(e.Contact)),
    "matters opened": lambda log: len(log.of(e.MatterOpened)),
    "minutes needed": lambda log: add_up(each.needed for each in log.of(e.MatterOpened)),
    "needed per matter": lambda log: (
        add_up(each.needed for each in log.of(e.MatterOpened)) / len(log.of(e.MatterOpened))
    ),
    "given of needed": lambda log: (
        add_up(each.planned for each in log.of(e.MatterOpened))
        / add_up(each.needed for each in log.of(e.MatterOpened))
    ),
    "minutes heard": lambda log: add_up(each.listening for each in log.of(e.Contact)),
    "minutes retold and read": lambda log: add_up(
        each.retelling + each.reading for each in log.of(e.Contact)
    ),
    "missed": lambda log: len(log.of(e.Missed)) / (len(log.of(e.Missed)) + len(log.of(e.Contact))),
    "minutes available": lambda log: add_up(each.available for each in log.of(e.Diary)),
    "minutes of travel": lambda log: add_up(each.travel for each in log.of(e.Diary)),
    "minutes of supervision": lambda log: add_up(each.supervision for each in log.of(e.Diary)),
    "minutes of admin": lambda log: add_up(each.minutes for each in log.of(e.Work) if each.clause),
    "admin staff minutes": lambda log: add_up(each.minutes for each in log.of(e.AdminWork)),
    "handed over between meetings": lambda log: sum(each.reason == "stage" for each in log.of(e.HandOver)),
    "closed over misses": lambda log: sum(each.reason == "disengaged" for each in log.of(e.MatterClosed)),
    "left of own choice": lambda log: sum(each.reason == e.OWN_CHOICE for each in log.of(e.AdviserLeft)),
    "gave up": lambda log: len(log.of(e.Left)),
    "gave up before being seen": lambda log: sum(each.reason == "waiting" for each in log.of(e.Left)),
    "refused": lambda log: len(log.of(e.TurnedAway)),
    "begun early": lambda log: shared(log, e.Outcome, lambda each: each.early),
    "resolved of tries": lambda log: shared(log, e.Outcome, lambda each: each.resolved),
    "resolved of later tries": later_tries,
    "mean chance": lambda log: (
        fsum(each.chance for each in log.of(e.Outcome)) / max(1, len(log.of(e.Outcome)))
    ),
    "acted on": lambda log: shared(log, e.Aftermath, lambda each: each.acted),
    "went elsewhere": lambda log: shared(log, e.Aftermath, lambda each: each.elsewhere),
    "appealed": lambda log: shared(log, e.Aftermath, lambda each: each.appealed),
    "days until brought back": days_until_back,
    "spoken of": lambda log: len(log.of(e.Disclosed)),
    "pence earned": lambda log: add_up(each.pence for each in log.of(e.Entitled)),
    "pence spent": lambda log: add_up(each.pence for each in log.of(e.Spent)),
    "reserves at the end": lambda log: log.of(e.MonthClosed)[-1].reserves,
    "claims held": lambda log: sum(each.flag == "claim_held" for each in log.of(e.Flagged)),
    "organisations shut": lambda log: len(log.of(e.OrganisationClosed)),
    "posts closed": lambda log: len(log.of(e.PostClosed)),
    "in hand at the opening": lambda log: (
        sum(each.at < log.window.opens for each in log.of(e.MatterOpened))
        - sum(each.at < log.window.opens for each in log.of(e.MatterClosed))
    ),
    "wholes' part of matters": lambda log: shared(
        log, e.MatterOpened, lambda each: each.adviser.startswith("whole")
    ),
}


def scenario_of(settings: Settings) -> Any:
    """Make the scenario of some settings."""
    told = {**TOWN, **settings}
    assumed = {name: told.pop(name) for name in list(told) if "." in name}
    told.pop("under", None)
    told.pop("before", None)
    return scenario(**told, assumptions=assumed)


# What does not reach a world shares it (tests/model/test_worlds_again.py): most changes, and most relations.
WORLDS = Worlds()


# Few are held: a relation asks for one world after the other, and a log is large.
@lru_cache(4)
def _lived(told: str, seed: int) -> Log:
    from tests.model.relations.terms import TERMS

    settings = json.loads(told)
    made = scenario_of(settings)
    terms = tuple(TERMS[name]() for name in settings.get("under", ()))
    before = settings.get("before")
    which = (
        Regime("test", terms, starts=made.period.starts, before=(Phase((TERMS[before](),)),))
        if before
        else Regime("test", terms)
    )
    log = simulate(WORLDS.sample(made, seed, MOST_KEPT), made, which)
    hold(log)
    return log


def lived(settings: Settings, seed: int = 1) -> Log:
    """Live a world under some settings; invariants hold in it."""
    return _lived(json.dumps(settings, sort_keys=True), seed)


@lru_cache(1000)
def _values(told: str, seed: int, names: tuple[str, ...]) -> dict[str, float | None]:
    log = _lived(told, seed)
    known = {} if all(name in COUNTS for name in names) else measure(log)
    return {name: COUNTS[name](log) if name in COUNTS else known[name] for name in names}


def values(settings: Settings, names: tuple[str, ...], seed: int = 1) -> dict[str, float | None]:
    """Give measures, or counts of ``COUNTS``, of a world under some settings."""
    return _values(json.dumps(settings, sort_keys=True), seed, names)


Sides = list[tuple[float, float]]


def both(relation: Relation, worlds: int) -> dict[str, Sides]:
    """Give what measures are on both sides of a relation, for the worlds in which they are defined on both."""
    found: dict[str, Sides] = {name: [] for name in relation.comes}
    for seed in range(1, worlds + 1):
        before, after = (
            values({**relation.on, **side}, tuple(found), seed) for side in (relation.one, relation.other)
        )
        for name, sides in found.items():
            a, b = before[name], after[name]
            if a is not None and b is not None:
                sides.append((a, b))
    return found


def holds(way: str, sides: Sides) -> bool:
    """Say whether a measure went the way it must, over all worlds; at least one must have it."""
    gaps = [b - a for a, b in sides]
    if not gaps:
        return False
    return {
        RISES: min(gaps) > 0,
        FALLS: max(gaps) < 0,
        NO_LESS: min(gaps) >= 0 < max(gaps),
        NO_MORE: max(gaps) <= 0 > min(gaps),
        MORE: fsum(gaps) > 0,
        LESS: fsum(gaps) < 0,
        SAME: not any(gaps),
    }[way]
