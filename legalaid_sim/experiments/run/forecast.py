"""What a year under a contract would look like, worked out on paper: how busy, what comes in, what goes out.

A forecast lives no world: mean needs times mean numbers of people, pay at the usual minutes. It is right to
about a tenth, which is enough to tell an agency that stands idle or could not pay its people; a run tells more.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from math import exp, fsum, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.pricing.incentive import pay_at
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, PeriodFacts, ProviderFacts
from legalaid_sim.diagnostics.codes import problem_of
from legalaid_sim.errors import Problem, Refusal
from legalaid_sim.events import COMPANIONS
from legalaid_sim.evidence import Assumptions, resolve
from legalaid_sim.experiments.shared.plans import RegimePlan
from legalaid_sim.scenario.agencies import Agency, Post
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.scenario.people import ProblemKind
from legalaid_sim.units import MINUTES_PER_HOUR, MONTHS_PER_YEAR, add_months, add_up
from legalaid_sim.yamlfile import Document, Path

WEEKS, WORKING_DAYS, BANK_HOLIDAYS = 365.25 / 7, 5, 8
IDLE, SHORT = 0.25, 0.85
ADVISE = ("caseworker", "solicitor", "supervisor", "trainee")
# Matters differ: ten equally likely ones, log-normal about the usual with the spread of the default needs, so
# that the few long ones earn what they escape to.
_SIGMA = sqrt(log(1 + 0.7**2))
SPREAD = tuple(exp(_SIGMA * NormalDist().inv_cdf((n + 0.5) / 10) - _SIGMA**2 / 2) for n in range(10))


class Forecast(NamedTuple):
    """A year of all organisations together: ``busy`` a share of advisers' time, at most 1; money in GBP."""

    busy: float
    income: float
    cost: float


def forecast(scenario: Scenario, plan: RegimePlan) -> Forecast:
    """Work out a usual year under a regime.

    Raises ``Refusal`` where a contract cannot price the usual matter of its first day.
    """
    assumed, regime = resolve(scenario.assumptions), plan.compiled()
    hours = [_hours_at_work(agency, assumed) for agency in scenario.houses]
    near = fsum(agency.share_of_area for agency in scenario.houses)
    work = there = income = cost = 0.0
    for agency, free in zip(scenario.houses, hours):
        part = agency.share_of_area / near
        terms = regime.own.get(agency.organisation.name, regime.terms)
        provider = _provider(agency, assumed)
        accounts = [Account(each, provider, scenario.period.begins) for each in terms]
        need = part * fsum(
            matters
            * (
                _hours(kind, assumed)
                + _out(kind)
                + _duty_hours(agency, accounts, _usual(scenario, name, agency))
            )
            for name, kind, matters in _matters(scenario, assumed)
        )
        done = min(1.0, free / need) if need else 0.0
        work, there = work + need * done, there + free
        income += agency.organisation.other_income + _earned(scenario, agency, accounts, assumed, part * done)
        cost += _cost(agency, assumed)
    fixed = _fixed(assumed)
    return Forecast(min(1.0, fixed + (1 - fixed) * work / there) if there else 0.0, income, cost)


def _matters(scenario: Scenario, assumed: Assumptions) -> Iterator[tuple[str, ProblemKind, float]]:
    """Give each kind of problem with the matters of it that come in a year."""
    clients, kinds = scenario.clients, scenario.clients.problems
    several = clients.several_problems
    problems = 1 + (assumed.number("client.several_problems") if several is None else several)
    late = _late(assumed) * assumed.number("outcome.late_effect")
    unresolved = 1 / (1 + exp(assumed.number("outcome.base") - late))
    again = 1 / (1 - unresolved * assumed.number("outcome.return_chance"))
    total = fsum(kind.share for kind in kinds.values())
    people = clients.arrivals.per_day * 365.25
    for name, kind in kinds.items():
        yield name, kind, people * problems * again * kind.share / total
        for following, chance in kind.follow_ons.items():
            yield following, kinds[following], people * kind.share / total * unresolved * chance


def _late(assumed: Assumptions) -> float:
    """The share of problems past their crisis when help is asked for, both delays exponential."""
    delay, crisis = assumed["client.days_before_asking"].mean, assumed["problem.days_to_crisis"].mean
    return delay / (delay + crisis) if delay + crisis else 0.0


def _need(kind: ProblemKind, name: str, assumed: Assumptions) -> float:
    return (getattr(kind, name) or assumed[f"problem.{name}"]).mean


def _hours(kind: ProblemKind, assumed: Assumptions) -> float:
    """The usual hours of a matter: meetings and casework, later needs more, with listening and missed meetings."""
    meetings = _need(kind, "contacts", assumed)
    core = meetings * _need(kind, "contact_minutes", assumed) + _need(kind, "casework_minutes", assumed)
    later = 1 + _late(assumed) * (assumed.number("problem.late_factor") - 1)
    listening = assumed.number("contact.listening_minutes") * assumed["client.relational_need"].mean
    missed = assumed.number("missed.chance") * assumed.number("missed.minutes")
    return (core * later + meetings * (listening + missed)) / MINUTES_PER_HOUR


def _out(kind: ProblemKind) -> float:
    """The usual hours of travelling, waiting and speaking for a client in a matter."""
    minutes = (given.mean for name in type(kind.work).model_fields if (given := getattr(kind.work, name)))
    return fsum(minutes) / MINUTES_PER_HOUR


def _usual(scenario: Scenario, name: str, agency: Agency) -> MatterFacts:
    day = scenario.period.starts
    code, region = scenario.clients.problems[name].fee_code, agency.organisation.region
    return MatterFacts("-", name, code, region, opened=day, closed=day)


def _duty_hours(agency: Agency, accounts: list[Account], facts: MatterFacts) -> float:
    """The hours of advisers that a contract asks for on a matter; where there is no admin staff, theirs too."""
    account = next((each for each in accounts if each.covers(facts)), None)
    if account is None or facts.opened is None:
        return 0.0
    asked = (*account.opened(facts, facts.opened).burdens, *account.closed(facts, facts.opened).burdens)
    alone = not agency.organisation.admin_staff_hours_per_week
    minutes = (each.adviser_minutes + (each.admin_minutes if alone else 0) for each in asked)
    return add_up(minutes) / MINUTES_PER_HOUR


def _hours_at_work(agency: Agency, assumed: Assumptions) -> float:
    away = assumed.number("adviser.leave_days_per_year") + assumed.number("adviser.sickness_days_per_year")
    weeks = WEEKS - (away + BANK_HOLIDAYS) / WORKING_DAYS
    free = 1 - _fixed(assumed)
    sitting = fsum(
        len(desk.days) * desk.minutes / MINUTES_PER_HOUR for desk in agency.organisation.sessions.values()
    )
    at_work = fsum(
        post.number * free * (24 * 7 * WEEKS if post.always_on else post.hours_per_week * weeks)
        for post in agency.advisers
        if post.role in ADVISE
    )
    return max(0.0, at_work - WEEKS * sitting)


def _fixed(assumed: Assumptions) -> float:
    """The share of an adviser's week that goes on what no client and no contract brings."""
    minutes = WORKING_DAYS * assumed.number("adviser.other_admin_minutes_per_day")
    minutes += 2 * assumed.number("adviser.supervision_minutes_per_week")  # the supervisor sits there as well
    return min(1.0, minutes / (assumed.number("adviser.full_time_hours") * MINUTES_PER_HOUR))


def _full_time(post: Post, assumed: Assumptions) -> float:
    part = 1.0 if post.always_on else post.hours_per_week / assumed.number("adviser.full_time_hours")
    return post.number * min(1.0, part)


def _pay(post: Post, assumed: Assumptions) -> float:
    if post.annual_pay is not None:
        return post.annual_pay
    return 0.0 if post.role in COMPANIONS else assumed.number("money.adviser_pay")


def _cost(agency: Agency, assumed: Assumptions) -> float:
    house = agency.organisation
    given = house.overheads_per_adviser
    overheads = assumed.number("money.overheads_per_adviser") if given is None else given
    posts = fsum(
        _full_time(post, assumed) * (pay + overheads)
        for post in agency.advisers
        if (pay := _pay(post, assumed))
    )
    return posts + house.admin_staff_hours_per_week * house.admin_staff_pay * WEEKS


def _provider(agency: Agency, assumed: Assumptions) -> ProviderFacts:
    house = agency.organisation
    paid = fsum(_full_time(post, assumed) for post in agency.advisers if post.role in ADVISE)
    return ProviderFacts(house.name, house.region, house.vat_registered, house.heads, {"advisers": paid})


def _earned(
    scenario: Scenario, agency: Agency, accounts: list[Account], assumed: Assumptions, done: float
) -> float:
    """GBP earned in a year when ``done`` of the matters that come are closed, with what is paid by the month."""
    pence = minutes = 0.0
    for name, kind, matters in _matters(scenario, assumed):
        facts, usual = _usual(scenario, name, agency), round(_hours(kind, assumed) * MINUTES_PER_HOUR)
        minutes += done * matters * usual
        account = next((each for each in accounts if each.covers(facts)), None)
        if account is not None:
            paid = [pay_at(account.terms, account.provider, facts, round(usual * times)) for times in SPREAD]
            pence += done * matters * fsum(paid) / len(paid)
    by_month = (_by_month(account, scenario.period.starts, minutes / MONTHS_PER_YEAR) for account in accounts)
    return (pence + add_up(by_month)) / 100


def _by_month(account: Account, starts: date, minutes: float) -> int:
    ends = [(add_months(starts, n), add_months(starts, n + 1) - timedelta(days=1)) for n in range(12)]
    periods = [PeriodFacts(first, last, {"profit": round(minutes)}) for first, last in ends]
    return add_up(
        line.pence for period in periods for block in account.monthly for line in block.ended(period)
    )


def _thousands(pounds: float) -> str:
    return f"{1000 * round(pounds / 1000):,}"


def doubtful(scenario: Scenario, plans: tuple[RegimePlan, ...], document: Document) -> Iterator[Problem]:
    """Note an agency that would stand idle, or could not pay its people, under the first contract.

    Nothing is said of one that may close posts: there the numbers of a first year are the question itself.
    """
    shrinks = any(agency.organisation.may_shrink for agency in scenario.houses)
    if not plans or shrinks or scenario.clients.arrivals_until is not None:
        return
    first = plans[0]
    try:
        seen = forecast(scenario, first)
    except Refusal:
        return
    under = f"under '{first.name}'" if scenario.contracts else "without a contract"
    if 1 - seen.busy > IDLE:
        message = (
            f"advisers would be idle about {100 * (1 - seen.busy):.0f} % of the time {under}: nobody waits, "
            "and a contract can hardly change who is helped"
        )
        mark = document.marks.key(("clients", "arrivals"))
        yield problem_of("CV165", message, mark, help="more arrivals or fewer posts, or mean it")
    if scenario.contracts and seen.income < SHORT * seen.cost:
        message = (
            f"about GBP {_thousands(seen.income)} a year would come in {under} and GBP "
            f"{_thousands(seen.cost)} go out: the organisation could not pay its people for long"
        )
        place: Path = ("contracts", 0)
        yield problem_of("CV166", message, document.marks.value(place), help=NOT_ENOUGH)


NOT_ENOUGH = (
    "organisation.other_income and opening_reserves are what else it lives on; or fewer posts, more work"
)
