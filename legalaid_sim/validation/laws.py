"""Laws that hold exactly, whatever the world: no tolerance, no interval."""

from collections.abc import Iterator, Sequence
from functools import cache
from math import fsum
from pathlib import Path
from typing import Any, TypeVar

from legalaid_sim import events
from legalaid_sim.advisers.effort import choose_minutes
from legalaid_sim.contracts.language.load import load_terms
from legalaid_sim.contracts.vocabulary.facts import Segment
from legalaid_sim.engine import Regime, simulate
from legalaid_sim.events import Event, Log
from legalaid_sim.experiments.shared.replicate import world_seed
from legalaid_sim.invariants import check
from legalaid_sim.scenario import load_scenario
from legalaid_sim.scenario.agencies import Post
from legalaid_sim.scenario.distribution import Distribution
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.scenario.parts import Part
from legalaid_sim.units import add_up
from legalaid_sim.validation.diaries import facts_of
from legalaid_sim.validation.verdict import Verdict, exactly
from legalaid_sim.world import PersonDraw, World, sample

P = TypeVar("P", bound=Part)

HERE = Path(__file__).parent
CONTRACT = "equal-terms"
FACTOR = 2
DIARIES = 3
NOBODY_PAYS = Regime("no-contract")

# Altruism, share of cost that is paid back, minutes chosen; b = 10, c = 1, k = 2 (Ellis and McGuire 1986).
ELLIS_MCGUIRE = ((1.0, 0.0, 8), (0.5, 0.0, 6), (0.5, 0.5, 8), (0.5, 1.0, 10), (0.25, 0.0, 2), (0.25, 0.75, 8))

MONEY = (events.Entitled, events.Paid, events.Spent, events.Received, events.MonthClosed)


def ellis_mcguire() -> Iterator[Verdict]:
    """The choice of effort under linear pay is the published one."""
    for altruism, paid_back, minutes in ELLIS_MCGUIRE:
        pay = [Segment(0, 0.0, paid_back * 2.0)]
        chosen = choose_minutes(pay, need=10, cost=2.0, altruism=altruism, value=10.0, most=20.0)
        what = f"minutes at altruism {altruism:g}, paid back {paid_back:g}"
        yield exactly("Ellis-McGuire", what, minutes, chosen)


def equal_terms() -> Iterator[Verdict]:
    """Two contracts that say the same in other words give the same log."""
    one, other = _lived(CONTRACT), _lived("equal-terms-in-other-words")
    yield _same("Equal terms, other words", "log, records that differ", one.events, other.events)


def doubled_fees() -> Iterator[Verdict]:
    """Doubling every fee doubles what is earned and moves nothing but money, while nobody responds to pay."""
    one, doubled = _lived(CONTRACT), _lived("doubled-fees")
    name = "Every fee doubled, nobody responds"
    yield exactly(name, "pence earned, twice", FACTOR * _earned(one), _earned(doubled))
    yield _same(name, "records that differ, money aside", _without_money(one), _without_money(doubled))


def scaled_money() -> Iterator[Verdict]:
    """Doubling fees, costs and what a benefit is worth moves no choice, while everybody responds to pay."""
    plain = _with(small_agency(), respond="effort")
    one, doubled = _lived(CONTRACT, plain), _lived("doubled-fees", _dearer(plain))
    name = "Fees and costs doubled, effort responds"
    yield _same(name, "records that differ, money aside", _without_money(one), _without_money(doubled))
    chosen = [opened.needed != opened.planned for opened in one.of(events.MatterOpened)]
    yield exactly(name, "some matter is given other minutes than it needs (1 = yes)", 1, int(any(chosen)))


def inert_client() -> Iterator[Verdict]:
    """One more client, who needs a minute of somebody otherwise idle, changes nothing for anybody else."""
    scenario = _with_a_spare_adviser(small_agency())
    world = _world(scenario)
    inert = _inert(world)
    more = _replaced(world, (*world.people, inert))
    without, with_it = (simulate(w, scenario, NOBODY_PAYS) for w in (world, more))
    name = "One more client, who needs next to nothing"
    others = [event for event in _of_clients(with_it) if event.client != inert.id]
    yield _same(name, "records of other clients that differ", _of_clients(without), others)
    met = add_up(contact.client == inert.id for contact in with_it.of(events.Contact))
    yield exactly(name, "meetings of the additional client", 1, met)


def conservation() -> Iterator[Verdict]:
    """People, minutes, pence and waiting add up by two routes in every run."""
    for words, log in _ordinary_runs():
        broken = [residual for residual in check(log) if not residual.holds]
        where = ", ".join(map(str, broken[0])) if broken else ""
        yield exactly("Conservation", f"equalities broken, {words}", 0, len(broken), where)


def appointments() -> Iterator[Verdict]:
    """Two published facts of appointment systems come out of booked diaries, in direction (see ``diaries``)."""
    plain = small_agency()
    booked = _with(plain, organisation=_with(plain.organisation, appointments="booked"))
    facts = [facts_of(simulate(_world(booked, n), booked, NOBODY_PAYS)) for n in range(1, DIARIES + 1)]
    ahead = fsum(each.ahead_missed - each.ahead_kept for each in facts) > 0
    later = fsum(each.later_missed - each.first_missed for each in facts) > 0
    name = "Booked diaries, against what is published"
    yield exactly(
        name, "missed appointments were booked further ahead than kept ones (1 = yes)", 1, int(ahead)
    )
    yield exactly(name, "later appointments are missed more often than first ones (1 = yes)", 1, int(later))


CHECKS = (ellis_mcguire, equal_terms, doubled_fees, scaled_money, inert_client, conservation, appointments)


# ---- runs ------------------------------------------------------------------------------------------------


@cache
def small_agency() -> Scenario:
    """The scenario in which these laws are tried."""
    return load_scenario(HERE / "scenarios" / "small-agency.yaml")


def _world(scenario: Scenario, replication: int = 1) -> World:
    return sample(scenario, world_seed(scenario.seed, replication))


def _regime(contract: str) -> Regime:
    return Regime(contract, (load_terms(HERE / "contracts" / f"{contract}.yaml"),))


def _lived(contract: str, scenario: Scenario | None = None) -> Log:
    scenario = scenario or small_agency()
    return simulate(_world(scenario), scenario, _regime(contract))


def _ordinary_runs() -> Iterator[tuple[str, Log]]:
    plain = small_agency()
    yield "no contract", simulate(_world(plain), plain, NOBODY_PAYS)
    for replication in range(1, plain.replications.at_least + 1):
        log = simulate(_world(plain, replication), plain, _regime(CONTRACT))
        yield f"under a contract, world {replication}", log


# ---- the same again, but for one thing --------------------------------------------------------------------


def _dearer(scenario: Scenario) -> Scenario:
    """Every cost and the worth of a benefit doubled."""
    assumed = _doubled_assumptions(scenario)
    organisation = scenario.organisation
    doubled = {
        name: FACTOR * getattr(organisation, name)
        for name in ("overheads_per_adviser", "opening_reserves", "other_income", "admin_staff_pay")
    }
    posts = [_with(post, annual_pay=FACTOR * (post.annual_pay or 0.0)) for post in scenario.advisers]
    return _with(scenario, organisation=_with(organisation, **doubled), advisers=posts, assumptions=assumed)


def _with(part: P, **changed: Any) -> P:
    return part.model_copy(update=changed)


def _doubled_assumptions(scenario: Scenario) -> dict[str, float | Distribution]:
    from legalaid_sim.evidence import resolve

    resolved = resolve(scenario.assumptions)
    priced = ("effort.cost_pence_per_minute", "money.adviser_pay")
    return {**scenario.assumptions, **{path: FACTOR * resolved.number(path) for path in priced}}


def _with_a_spare_adviser(scenario: Scenario) -> Scenario:
    """A further kind of problem that hardly anybody has, and an adviser who does nothing else."""
    usual = list(scenario.clients.problems)
    rare = _with(scenario.clients.problems[usual[0]], share=0.0, follow_ons={})
    clients = _with(scenario.clients, problems={**scenario.clients.problems, "inert": rare})
    posts = [_with(post, categories=usual) for post in scenario.advisers]
    spare = Post.model_validate({"name": "spare", "categories": ["inert"], "annual_pay": 0})
    return _with(scenario, clients=clients, advisers=[*posts, spare])


def _inert(world: World) -> PersonDraw:
    """Like somebody from the middle of the world, but for the one short meeting that is needed."""
    like = world.people[len(world.people) // 2]
    index = len(world.people)
    problem = like.problems[0]._replace(
        id=f"c{index:05d}.p1", key=index * 32, client=index, category="inert", contacts=(1,), casework=0,
        hidden=False, tries=tuple(each._replace(resolve=0.0, evidence=1.0) for each in like.problems[0].tries),
        u_missed=(1.0,) * 99, follow_ons=(),
    )  # fmt: skip
    return like._replace(id=f"c{index:05d}", number=index, patience=-1, problems=(problem,))


def _replaced(world: World, people: tuple[PersonDraw, ...]) -> World:
    from dataclasses import replace

    return replace(world, people=people)


# ---- comparing -------------------------------------------------------------------------------------------


def _same(name: str, what: str, ours: Sequence[Event], theirs: Sequence[Event]) -> Verdict:
    """Count the places at which two sequences of records differ; none may."""
    differing = abs(len(ours) - len(theirs)) + add_up(one != other for one, other in zip(ours, theirs))
    first = next((f"{one} and {other}" for one, other in zip(ours, theirs) if one != other), "")
    return exactly(name, what, 0, differing, first)


def _without_money(log: Log) -> list[Event]:
    return [event for event in log if not isinstance(event, MONEY)]


def _of_clients(log: Log) -> list[Any]:
    return [event for event in log if hasattr(event, "client")]


def _earned(log: Log) -> int:
    return add_up(line.pence for line in log.of(events.Entitled))
