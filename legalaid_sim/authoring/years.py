"""A year of a contract, lived on paper at several levels of activity: what months earn, ask for, permit and pay."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.analysis.circumstances import USUAL
from legalaid_sim.contracts.analysis.population import HEADS, MatterKind, Subject, supposed
from legalaid_sim.contracts.kinds.payments.standing_charge import StandingCharge
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, PeriodFacts, ProviderFacts, Settlement
from legalaid_sim.errors import Refusal
from legalaid_sim.units import MINUTES_PER_HOUR, add_months, add_up

MONTHS = 13
HOURS_A_MATTER = 6
SESSIONS = 4
ADVISERS = 2.0
LEVELS = (0, 4, 60)
MEASURED = {0: 0.0, 4: 50.0, 60: 100.0}


class Year(NamedTuple):
    """A year to try a contract in: where, and how many matters close each month; without VAT."""

    region: str
    matters: int


class Month(NamedTuple):
    """What a contract answers to a month: pence earned and paid, minutes asked for, matters not permitted, flags.

    ``days`` are those on which money moves and duties fall due.
    """

    earned: int = 0
    paid: int = 0
    minutes: int = 0
    turned_away: int = 0
    flags: tuple[str, ...] = ()
    days: tuple[date, ...] = ()


def years_of(regions: Sequence[str]) -> tuple[Year, ...]:
    """Give the years to try: nothing and a little in each region, and a lot in the first."""
    usual = [Year(region, level) for region in regions for level in LEVELS[:-1]]
    return (*usual, Year(regions[0], LEVELS[-1]))


def lived(terms: CompiledTerms, year: Year, abouts: Sequence[Subject], starts: date) -> tuple[Month, ...]:
    """Give a contract's answers month by month; a month that it refuses ends the year."""
    provider = ProviderFacts("case", year.region, False, HEADS, {"advisers": ADVISERS})
    try:
        account = Account(terms, provider, starts)
        return tuple(_months(account, year, abouts, starts.replace(day=1)))
    except Refusal:
        return ()


def _months(account: Account, year: Year, abouts: Sequence[Subject], first: date) -> Iterator[Month]:
    for number in range(MONTHS):
        begins = add_months(first, number)
        last = add_months(begins, 1) - timedelta(days=1)
        answers, away = list[Settlement](), 0
        for place in range(year.matters):
            found = _matter(account, year, abouts, number * year.matters + place, begins, last)
            away += not found
            answers += found
        answers.append(account.month_ended(_period(account, year, begins, last, year.matters - away)))
        paid = account.cash_due(last)
        yield Month(
            add_up(line.pence for answer in answers for line in answer.lines),
            add_up(payment.pence for payment in paid),
            add_up(ask.adviser_minutes + ask.admin_minutes for answer in answers for ask in answer.burdens),
            away,
            tuple(sorted({flag for answer in answers for flag in answer.flags})),
            tuple(
                sorted({*(p.on for p in paid), *(ask.due for answer in answers for ask in answer.burdens)})
            ),
        )


def _matter(
    account: Account, year: Year, abouts: Sequence[Subject], number: int, begins: date, last: date
) -> list[Settlement]:
    about = abouts[number % len(abouts)]
    facts = supposed(MatterKind(about, year.region, False, USUAL, begins)).work(
        HOURS_A_MATTER * MINUTES_PER_HOUR
    )
    facts.ref, facts.closed, facts.client = f"m{number}", None, f"c{number}"
    if account.may_open(facts, begins).manner != "yes":
        return []
    return list(_life(account, facts, begins, last))


def _life(account: Account, facts: MatterFacts, begins: date, last: date) -> Iterator[Settlement]:
    try:
        yield account.opened(facts, begins)
        facts.closed = last
        yield account.closed(facts, last)
    except Refusal:
        yield Settlement()


def _period(account: Account, year: Year, begins: date, last: date, closed: int) -> PeriodFacts:
    period = PeriodFacts(begins, last, opened=closed, closed=closed, clients_seen=closed)
    period.minutes = {"profit": closed * HOURS_A_MATTER * MINUTES_PER_HOUR}
    period.sessions = SESSIONS if closed else 0
    charges = (block for block in account.terms.contract.payments if isinstance(block, StandingCharge))
    desks = dict.fromkeys((block.sessions.desk or "") if block.sessions else "" for block in charges)
    period.sittings = tuple((desk, 1) for desk in desks for _ in range(period.sessions))
    period.measures = {kpi.block.measure: MEASURED[year.matters] for kpi in account.kpis}
    return period
