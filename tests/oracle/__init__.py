"""The one oracle of sameness: every scenario under each of its contracts, told as digests.

``python -m tests.oracle`` makes the digests again and says what moved; nothing else in the suite keeps a second set.
A digest is taken of values by their position: a class or a field may be renamed and nothing moves, but a value, an
order or a further field does.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from legalaid_sim.contracts.language.load import LIBRARY
from legalaid_sim.engine import Regime
from legalaid_sim.engine.life import Simulation
from legalaid_sim.engine.simulate import differ_on
from legalaid_sim.events import Log
from legalaid_sim.events.log import Window
from legalaid_sim.experiments.shared.plans import RegimePlan, plans_of
from legalaid_sim.experiments.shared.replicate import world_seed
from legalaid_sim.invariants import hold
from legalaid_sim.measures import measure
from legalaid_sim.scenario import load_scenario
from legalaid_sim.scenario.agencies import Organisation
from legalaid_sim.scenario.distribution import Distribution, Lognormal
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.units import MINUTES_PER_DAY
from legalaid_sim.world import World, sample
from tests.builders.scenarios import small

KEPT = Path(__file__).with_name("digests")
SCENARIOS = Path(__file__).parents[2] / "scenarios"
REPLICATIONS = (1, 2)
_SINGLE = {int, float, str, bool, type(None)}

Digests = dict[str, str]

# What no scenario in the folder does: agencies that nobody pays, with the rest of the ways to allocate.
UNPAID: Mapping[str, Mapping[str, object]] = {
    "unpaid-least-loaded": {},
    "unpaid-pool": {
        "organisation__allocation": {"first": "pool", "own_adviser_patience_days": 0},
        "clients__patience_days": {"exponential": {"mean": 30}},
    },
    "unpaid-strict": {
        "organisation__allocation": {"first": "specialist", "own_adviser_patience_days": "for_ever"},
        "assumptions": {"adviser.leaving_per_month": 0.1},
    },
}

# Where each mechanism of the second model does nothing: with all of them so, a log is that of the first model.
OFF: Mapping[str, float] = {
    "outcome.again": 0,
    "outcome.stubborn": 0,
    "missed.person": 0,
    "effort.slack_is_free": 0,
    # The cut that goes with what the first minute was worth, 1,460 pence.
    "effort.flat_cut": 80 / 730,
    "effort.squeeze": 1,
    "effort.drop_meetings": 1,
    "multitask.relations": 0,
    "problem.clock_runs": 0,
    "learning.extra": 0,
    "adviser.settles_in_months": 0,
    "adviser.shares_supervision": 0,
    "load.by_hours": 0,
    "outreach.minutes": 0,
    "date.loss": 0,
    "date.stays_open": 0,
    "trust.contacts": 0,
    "client.disclosure_base": 0,
    "outcome.return_later": 0,
    "channel.minutes": 0,
    "channel.missed": 0,
    "channel.documents": 0,
    "vulnerability.barrier": 0,
    "vulnerability.forms": 0,
    "channel.excluded": 0,
    "client.only_own": 0,
    "discretion.spread": 0,
    "goal.effect": 0,
    "missed.goal_effect": 0,
    "companion.carries": 0,
}

# What the register said in the first model, where it says something else now; a scenario's own values go before it.
FIRST: Mapping[str, float | Distribution] = {
    "adviser.leaving_per_month": 0.0044,
    "after.trust_effect": 1.0,
    "client.disclosure": 0.5,
    "missed.vulnerability_effect": 0.5,
    "outcome.late_effect": 0.7,
    "outcome.trust_effect": 0.5,
    "problem.casework_minutes": Distribution(lognormal=Lognormal(mean=140, cv=0.8, at_most=1500)),
    "trust.broken_promise": 0.3,
}


# What problems bring with them and contracts ask for, where no scenario in the folder says it.
BRINGING: Mapping[str, Mapping[str, object]] = {
    "brought-and-asked-for": {
        "period": {"starts": "2009-04-01", "months": 6, "lead_in_months": 1, "run_out_months": 3},
        "clients__problems": {
            "debt": {
                "share": 2,
                "facts": {"service": {"in_court": 0.3, "by_post": 0.2}},
                "work": {"travel": 40, "waiting": {"exponential": {"mean": 50}}, "advocacy": 30},
                "disbursements": {
                    "interpreter": {"chance": 0.4, "pounds": 60, "vat_percent": 20, "units": 2}
                },
            },
            "housing": {"follow_ons": {"debt": 0.3}, "costs": {"counsel": {"chance": 0.5, "pounds": 300}}},
        },
        "clients__switching": {"chance": 0.2, "why": "any_meeting"},
        "organisation__sessions": {"court": {"days": ["tue"], "clients": {"poisson": {"mean": 2}}}},
        "contracts": ["best-value-tender", "direct-payments", "solicitors-hourly-2001"],
    },
}
# Meetings by appointment, with offers, sickness, slots filled again and clients who tire of waiting.
BOOKED: Mapping[str, Mapping[str, object]] = {
    "booked": {
        "organisation__appointments": "booked",
        "clients__patience_days": {"exponential": {"mean": 30}},
        "assumptions": {
            "adviser.leaving_per_month": 0.05,
            "diary.leaves_after": 20,
            "missed.goal_effect": 0.62,
        },
    },
    "booked-and-held": {"organisation__appointments": "booked", "organisation__held_for_emergencies": 0.2},
    "booked-pool": {
        "organisation__appointments": "booked",
        "organisation__allocation": {"first": "pool", "own_adviser_patience_days": 0},
    },
}

# Dates at court and elsewhere, with a waiting list, a duty desk beside them and providers who choose.
_WITH_DATES: Mapping[str, object] = {
        "clients__problems": {
            "debt": {"share": 2, "date": {"share": 0.5, "days": {"uniform": {"low": 0, "high": 40}}}},
            "housing": {
                "follow_ons": {"debt": 0.3},
                "date": {"days": {"uniform": {"low": 3, "high": 50}}, "at": "court"},
            },
        },
        "respond": "effort",
        "organisation__allocation": {
            "first": "least_loaded", "own_adviser_patience_days": 5, "caseload_limit": 8,
        },
        "organisation__sessions": {"court": {"days": ["tue"], "clients": {"poisson": {"mean": 2}}}},
        "contracts": ["unified-contract-2007"],
}  # fmt: skip
DATED: Mapping[str, Mapping[str, object]] = {
    "dates-that-do-not-wait": {**_WITH_DATES, "assumptions": {"date.stays_open": 0}},
    "kept-open-for-hearings": _WITH_DATES,
}
# What else a shipped scenario has on, and nothing else, off: its first contract in its first world.
WITHOUT: Mapping[str, Mapping[str, float]] = {
    "city-bureau-hub": {"companion.carries": 0, "companion.supervision": 0, "channel.excluded": 0},
    "one-area": {"client.only_own": 0, "companion.carries": 0},
}
# Every contract that is shipped, lived by a small agency to its end: a year is settled, and what runs out runs out.
EVERY: Mapping[str, Mapping[str, object]] = {
    "every-contract": {
        "period": {"starts": "2009-04-01", "months": 13, "lead_in_months": 1, "run_out_months": 2},
        "clients__arrivals": {"per_week": 3},
        "respond": "effort",
        "contracts": [
            *sorted(path.stem for path in LIBRARY.glob("*.yaml")),
            *sorted(f"contracts/{path.name}" for path in (SCENARIOS / "contracts").glob("*.yaml")),
        ],
    }
}
MADE: Mapping[str, Mapping[str, object]] = {**UNPAID, **BRINGING, **BOOKED, **DATED, **EVERY}
# A scenario of the folder is told twice: so many days after its contracts came into force, which the ordinary suite
# lives, and at its end. What only an end can show, the scenarios that are made above show for little.
DAYS_TOLD = 120


class Lived(NamedTuple):
    """One regime in one world: where it stands in the file of its scenario, its log and its measures.

    ``to`` is the last day of a life that goes on; None where it was lived to its end.
    """

    name: str
    log: Log
    measures: Mapping[str, float | None]
    to: date | None = None

    @property
    def digests(self) -> Digests:
        """Digests of the log and of the measures."""
        so_far = _so_far(self.to)
        return {
            f"{self.name}, log{so_far}": of_log(self.log),
            f"{self.name}, measures{so_far}": of_measures(self.measures),
        }


def names() -> list[str]:
    """Every scenario that the oracle keeps."""
    return [*sorted(path.stem for path in SCENARIOS.glob("*.yaml")), *MADE]


def read(name: str) -> tuple[Scenario, tuple[RegimePlan, ...]]:
    """A scenario with its regimes."""
    made = small(**MADE[name]) if name in MADE else load_scenario(SCENARIOS / f"{name}.yaml")
    return made, plans_of(made, SCENARIOS)


def told_on(name: str, made: Scenario) -> date | None:
    """Give the day on which a scenario is told before its end, if it is."""
    return None if name in MADE else made.period.starts + timedelta(days=DAYS_TOLD)


def digests(name: str, replication: int, whole: bool = True) -> Digests:
    """Digests of one world of a scenario, and of the log and the measures that it gives under each contract.

    Not ``whole``: a scenario of the folder is lived no further than the day on which it is told before its end. What
    is told then and at the end is told of one life.
    """
    made, plans = read(name)
    world = sample(made, world_seed(made.seed, replication))
    found: Digests = {}
    to = told_on(name, made) if replication == REPLICATIONS[0] else None
    if to:
        found[f"world {replication}{_so_far(to)}"] = of_world(world, _minute(made, to))
    if whole or to is None:
        found[f"world {replication}"] = of_world(world)
    for lived in live(world, made, plans, replication, to, whole):
        found |= lived.digests
    if replication == REPLICATIONS[0]:
        found |= _first_model(name, made, whole) | _with_its_point_off(name, made, whole)
    return found


def begun(name: str, entries: Digests) -> Digests:
    """Of the digests of a scenario those that ``digests`` gives where it is not whole."""
    to = told_on(name, read(name)[0])
    return {entry: digest for entry, digest in entries.items() if entry.endswith(_so_far(to))}


def _so_far(to: date | None) -> str:
    return f" to {to}" if to else ""


def _with_its_point_off(name: str, made: Scenario, whole: bool) -> Digests:
    """Digest of the log with what this scenario is for off."""
    if name not in WITHOUT:
        return {}
    off = made.model_copy(update={"assumptions": {**made.assumptions, **WITHOUT[name]}})
    return _of_first_contract("without", name, off, whole)


def _of_first_contract(what: str, name: str, made: Scenario, whole: bool) -> Digests:
    """Digests of the log of the first contract in the first world of a scenario that was changed."""
    plan = plans_of(made, SCENARIOS)[0]
    life = Simulation.begun(sample(made, world_seed(made.seed, REPLICATIONS[0])), made, plan.compiled())
    return {
        f"world {REPLICATIONS[0]}, {what}, {plan.name}, log{_so_far(to)}": of_log(log)
        for log, to in _told(life, told_on(name, made), whole)
    }


def _first_model(name: str, made: Scenario, whole: bool) -> Digests:
    """Digest of the log of the first contract in the first world with every later mechanism off."""
    if name in EVERY:
        # The first model never lived it.
        return {}
    assumptions = {**FIRST, **made.assumptions, **OFF}
    # Shame is said of a kind of problem, and nothing in the register takes it back.
    kinds = {name: kind.model_copy(update={"kept_back": 0.0}) for name, kind in made.clients.problems.items()}
    clients = made.clients.model_copy(update={"problems": kinds})
    house = _without(made.organisation)
    agencies = [
        each.model_copy(update={"organisation": _without(each.organisation)}) for each in made.agencies
    ]
    off = made.model_copy(
        update={
            "start": "empty",
            "clients": clients,
            "assumptions": assumptions,
            "organisation": house,
            "agencies": agencies,
        }
    )
    return _of_first_contract("first model", name, off, whole)


def _without(house: Organisation) -> Organisation:
    return house.model_copy(
        update={"appointments": "drop_in", "held_for_emergencies": 0.0, "companions_offered": 1.0}
    )


def live(
    world: World,
    made: Scenario,
    plans: tuple[RegimePlan, ...],
    replication: int,
    to: date | None = None,
    whole: bool = True,
) -> Iterator[Lived]:
    """Live one world under each contract as a run does, and hold what must hold in every run.

    A life is told when it has come to the day ``to``, and (where it is to be lived whole) at its end.
    """
    for plan, life in zip(plans, _parted(world, made, [plan.compiled() for plan in plans])):
        for log, day in _told(life, to, whole or to is None):
            if day is None:
                hold(log)
            yield Lived(f"world {replication}, {plan.name}", log, measure(log), day)


def _parted(world: World, made: Scenario, regimes: Sequence[Regime]) -> Iterator[Simulation]:
    """Begin a life under each regime, lived once for all while they are alike: so does ``simulate_each``."""
    begins = made.period.begins
    for _, group in groupby(regimes, key=lambda regime: regime.phases(begins)[0]):
        alike = list(group)
        life = Simulation.begun(world, made, alike[0])
        if len(alike) > 1:
            life.live_to(_minute(made, differ_on(alike, begins) or made.period.ends))
        yield from life.parted(alike)


def _told(life: Simulation, to: date | None, whole: bool) -> Iterator[tuple[Log, date | None]]:
    """Give what a life has told by a day, its window ending then, and what it tells by its end."""
    if to is not None:
        ends = _minute(life.scenario, to)
        life.live_to(ends)
        yield Log(Window(life.log.window.opens, ends, ends), life.log.events), to
    if whole or to is None:
        yield life.to_its_end(), None


def _minute(made: Scenario, day: date) -> int:
    return (day - made.period.begins).days * MINUTES_PER_DAY


def kept(name: str) -> Digests:
    """The digests of a scenario as they were last written."""
    return dict(json.loads((KEPT / f"{name}.json").read_text(encoding="utf-8")))


def moved(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """What differs, one sentence each: the world, contract and kind of digest."""
    gone = [f"{entry}: is no more" for entry in before if entry not in after]
    new = [f"{entry}: is new" for entry in after if entry not in before]
    return [
        *(f"{entry}: moved" for entry in after if entry in before and after[entry] != before[entry]),
        *new,
        *gone,
    ]


# ---- values by position ------------------------------------------------------------------------------------------


def of_log(log: Log) -> str:
    """How many records, and their digest: a kind of record is told by when it first appears, never by its name."""
    return f"{len(log)} records {_digest(lines_of(log))}"


def lines_of(log: Log) -> Iterator[str]:
    """The window and every record, a line each."""
    numbers: dict[type, int] = {}
    yield repr(tuple(log.window))
    for event in log:
        # A slice is a plain tuple: records hold single values, as a test says.
        yield f"{numbers.setdefault(type(event), len(numbers))} {event[:]!r}"


def of_measures(measures: Mapping[str, float | None]) -> str:
    """How many measures, and their digest in the order of the registry."""
    return f"{len(measures)} measures {_digest(map(repr, measures.values()))}"


def of_world(world: World, to: int | None = None) -> str:
    """How many people, and the digest of all that chance decides; those whose problems begin before a minute alone."""
    if to is not None:
        early = tuple(person for person in world.people if person.problems[0].onset < to)
        world = replace(world, people=early)
    return f"{len(world.people)} people {_digest([repr(plain(world))])}"


def plain(value: object) -> object:
    """A value as tuples, numbers and texts alone."""
    if type(value) in _SINGLE or isinstance(value, int | float | str):
        return value
    if isinstance(value, tuple):
        return tuple([each if type(each) in _SINGLE else plain(each) for each in value])
    if isinstance(value, dict):
        return tuple([(key, plain(each)) for key, each in value.items()])
    if isinstance(value, frozenset):
        return sorted(map(repr, value))
    if is_dataclass(value):
        # What a scenario need not say stands last, and is left out where nothing is said.
        said = [getattr(value, field.name) for field in fields(value)]
        while said and said[-1] in ({}, ()):
            said.pop()
        return tuple(map(plain, said))
    return value


def _digest(lines: Iterable[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()[:32]
