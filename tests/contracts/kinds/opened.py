"""An account of one block, opened and settled by the month."""

from datetime import date

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.tools.amounts import last_of_month, next_month
from legalaid_sim.contracts.vocabulary.facts import (
    PeriodFacts,
    ProviderFacts,
    Settlement,
)
from tests.builders.contracts import AGENCY, payment

STARTS = date(2026, 4, 1)


def open_(block: str, provider: ProviderFacts = AGENCY) -> Account:
    return Account(payment(block), provider, STARTS)


def paid(settled: Settlement) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line in settled.lines:
        sums[line.block] = sums.get(line.block, 0) + line.pence
    return sums


def months(account: Account, count: int, **each: object) -> list[Settlement]:
    last, found = last_of_month(STARTS), []
    for _ in range(count):
        period = PeriodFacts(last.replace(day=1), last)
        for name, value in each.items():
            setattr(period, name, value)
        found.append(account.month_ended(period))
        last = last_of_month(next_month(last))
    return found
