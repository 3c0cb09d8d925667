"""Regimes: dated lists of contracts and practice, and how an organisation takes one up and leaves the one before."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import reduce
from operator import add
from types import MappingProxyType
from typing import Any, NamedTuple

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.kinds.controls.kpi import OF_RELATIONS
from legalaid_sim.contracts.kinds.payments.tendering import Bid
from legalaid_sim.contracts.vocabulary.facts import ProviderFacts
from legalaid_sim.engine.agency import FOR_EVER, House, Policy
from legalaid_sim.engine.settings import Settings
from legalaid_sim.scenario.agencies import Agency, Allocation
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.scenario.regimes import Practice
from legalaid_sim.units import MINUTES_PER_DAY, MINUTES_PER_HOUR, add_up, exact, round_half_up


class Phase(NamedTuple):
    """What is in force from the first day of a month on (from the first day lived, where no day is given).

    ``terms`` are compiled contracts held together, ``own`` those of single organisations by name, ``respond`` how
    providers respond to pay (the scenario's way where nothing is given).
    """

    terms: tuple[Any, ...] = ()
    practice: Practice = Practice()
    own: Mapping[str, tuple[Any, ...]] = MappingProxyType({})
    respond: str | None = None
    starts: date | None = None

    def held_by(self, organisation: str) -> tuple[Any, ...]:
        """The compiled contracts of one organisation."""
        return self.own.get(organisation, self.terms)


class Regime(NamedTuple):
    """A contract (or several held together) and the practice that goes with it; ``terms`` are compiled contracts.

    ``own`` gives organisations (by name) contracts of their own instead; ``respond`` overrides the scenario's. What
    was lived ``before`` and what comes ``after`` are phases in order of their days; the regime itself begins on
    ``starts``. Two regimes live one and the same life as far as their phases agree.
    """

    name: str
    terms: tuple[Any, ...] = ()
    practice: Practice = Practice()
    own: Mapping[str, tuple[Any, ...]] = MappingProxyType({})
    respond: str | None = None
    starts: date | None = None
    before: tuple[Phase, ...] = ()
    after: tuple[Phase, ...] = ()

    def __repr__(self) -> str:
        # Shown as it is where no tuple of terms was given, so that an error about it can name it.
        terms = self.terms if isinstance(self.terms, tuple) else (self.terms,)
        held = ", ".join(getattr(each, "name", repr(each)) for each in terms) or "no contract"
        return f"Regime({self.name}: {held}; {len(self.before)} before, {len(self.after)} after)"

    def phases(self, begins: date) -> list[Phase]:
        """Everything in force from the first day lived on, in order; what ended before that day is left out."""
        itself = Phase(self.terms, self.practice, self.own, self.respond, self.starts)
        found = [*self.before, itself, *self.after]
        first = max((n for n, phase in enumerate(found) if (phase.starts or begins) <= begins), default=0)
        return found[first:]


def holds_other(phase: Phase, house: House) -> bool:
    """Whether an organisation comes to hold other contracts than it does."""
    return [held.contract for held in phase.held_by(house.name)] != [
        account.terms.contract for account in house.accounts
    ]


def take_up(
    house: House, agency: Agency, phase: Phase, on: date, scenario: Scenario, settings: Settings
) -> None:
    """Put a phase in force at an organisation: its policies, and its contracts where they are other ones than before.

    Contracts taken up later than on the first day begin their year on that day, with a whole allotment; matters in hand
    run out on the accounts that are left.
    """
    terms = phase.held_by(house.name)
    if holds_other(phase, house):
        house.hold(_accounts(house, agency, terms, on, scenario))
    house.adopt(_policy(house, agency, phase, scenario, settings))


def _accounts(house: House, agency: Agency, terms: Sequence[Any], on: date, scenario: Scenario) -> list[Any]:
    organisation = agency.organisation
    # In fractions: five whole posts and two of 0.6 are 6.2, and not a little less in one Python than in another.
    paid = reduce(add, (desk.plan.full_time for desk in house.desks if desk.plan.annual_pay), Fraction(0))
    year_from = on if on > scenario.period.begins else None
    accounts = []
    for each in terms:
        facts = {"advisers": paid, **organisation.foreseen(each.name), **bidding(scenario, agency)}
        provider = ProviderFacts(
            organisation.name, organisation.region, organisation.vat_registered, organisation.heads, facts
        )
        account = Account(each, provider, on, year_from)
        account.purses.keep_in(house.purses.setdefault(f"{each.name} from {on}", {}))
        accounts.append(account)
    return accounts


def bidding(scenario: Scenario, agency: Agency) -> dict[str, object]:
    """Give what a tender is told: the own bid in pence, and those of all organisations of the area; nothing without."""
    bids = tuple(
        Bid(house.name, round_half_up(exact(house.bid) * 100), exact(house.quality), house.region)
        for house in (each.organisation for each in scenario.houses)
        if house.bid is not None
    )
    own = next((bid for bid in bids if bid.name == agency.organisation.name), None)
    return {"bids": bids} if own is None else {"bid": own.pence, "quality": own.quality, "bids": bids}


def _policy(house: House, agency: Agency, phase: Phase, scenario: Scenario, settings: Settings) -> Policy:
    """Say who takes a client, how they get in, how long the own adviser is waited for, what is watched."""
    organisation, practice = agency.organisation, phase.practice
    allocation = organisation.allocation
    terms = phase.held_by(house.name)
    service = terms[0].service if terms else None
    cap = allocation.caseload_limit if practice.caseload_limit is None else practice.caseload_limit
    limit = allocation.caseload_limit_hours
    watched = [kpi.block.measure for account in house.accounts for kpi in account.kpis]
    monitored = min(1.0, len(watched) / settings.fully_monitored)
    of_relations = add_up(measure in OF_RELATIONS for measure in watched) if settings.watches_relations else 0
    return Policy(
        first=practice.first or allocation.first,
        door=practice.door or organisation.door,
        channel=practice.channel or organisation.channel,
        nameless=organisation.asks_no_name if practice.asks_no_name is None else practice.asks_no_name,
        patience=_patience(service, practice, allocation, settings),
        cap=cap,
        # No limit stays none; with one there is room for somebody new at an empty desk.
        cap_for_new=cap and max(1, round_half_up(cap * (1 - exact(allocation.reserved_share)))),
        cap_minutes=None if limit is None else round_half_up(exact(limit) * MINUTES_PER_HOUR),
        waiting_limit=allocation.waiting_list_limit,
        discretion=service is None or service.discretion is not False,
        exceptions=service.exceptions if service is not None else None,
        companions_offered=(
            organisation.companions_offered
            if practice.companions_offered is None
            else practice.companions_offered
        ),
        monitored=monitored,
        relations=monitored * of_relations / len(watched) if watched else 0.0,
        respond=phase.respond or scenario.respond,
    )


def _patience(service: Any, practice: Practice, allocation: Allocation, settings: Settings) -> int:
    """Minutes the own adviser is waited for: as the practice demands, else contract, organisation, register."""
    demanded = service.patience_days if service is not None else None
    said: tuple[Any, ...] = (
        practice.own_adviser_patience_days,
        demanded,
        allocation.own_adviser_patience_days,
    )
    days = next((each for each in said if each is not None), settings.own_adviser_days)
    return FOR_EVER if days == "for_ever" else round_half_up(exact(days) * MINUTES_PER_DAY)


def outreach(phases: Sequence[Phase], house: str, begins: date) -> list[tuple[int, float]]:
    """By how many percent contracts shorten the time before people ask, by the minute from which on."""
    found = []
    for phase in phases:
        terms = phase.held_by(house)
        service = terms[0].service if terms else None
        minute = ((phase.starts or begins) - begins).days * MINUTES_PER_DAY
        found.append((minute, service.outreach_percent if service is not None else 0.0))
    return found
