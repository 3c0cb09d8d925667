"""Phase 1: what was paid out for the client comes back, in one sum and by kinds with terms of their own."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from legalaid_sim.contracts.schema import payments as written
from legalaid_sim.contracts.tools.amounts import (
    WHOLE,
    pence_of,
)
from legalaid_sim.contracts.tools.case import (
    BASE,
    Case,
    money,
)
from legalaid_sim.contracts.tools.workshop import Step, Workshop, share
from legalaid_sim.contracts.vocabulary.values import Column


def disbursements(block: written.Disbursements, shop: Workshop) -> Iterator[Step]:
    """Give back what was paid out: what is claimed in one sum, and each named kind on its terms."""
    percent, name = shop.percent(block.pays_percent, block, "pays_percent"), block.id
    kinds = [(kind, _disbursement(block, kind, terms, shop)) for kind, terms in block.kinds.items()]

    def pay(case: Case) -> None:
        claimed = case.facts.costs.get("disbursements", 0)
        for kind, price in kinds:
            claimed += price(case, case.day(block.dated_by, name)) if kind in case.facts.costs else 0
        if not claimed:
            return
        millionths = percent.on(case.starts, case) or 0
        pence = claimed if millionths == WHOLE else share(claimed, millionths, shop.rounded)
        case.pay(BASE, name, pence, "disbursements", "disbursements")
        if case.trace is not None:
            case.tell(BASE, name, pence, f"{money(claimed)} claimed", {"claimed": money(claimed)})

    yield Step(BASE, pay)


def _disbursement(
    block: written.Disbursements, kind: str, terms: written.DisbursementKind, shop: Workshop
) -> Callable[[Case, date], int]:
    form: Any = Column(column=kind) if terms.rates_table else terms.rate
    table = terms.rates_table or block.table
    rate = shop.library.maybe(form, pence_of, f"{block.id}.kinds.{kind}.rate", table)
    most = shop.money(terms.at_most.amount, block, f"kinds.{kind}.at_most") if terms.at_most else None
    free = pence_of(Decimal(terms.needs.removeprefix("authority_over_"))) if terms.needs else None
    leaves = ("prior_authority", *shop.library.lifts)

    def price(case: Case, day: date) -> int:
        pence = case.facts.costs[kind]
        if free is not None and pence > free and not any(case.facts.facts.get(name) for name in leaves):
            case.flags.append("authority_needed")
            pence = free
        units = case.facts.counts.get(kind)
        if rate is not None and units is not None:
            pence = min(pence, units * (rate.on(day, case) or 0))
        ceiling = most.on(day, case) if most is not None else None
        return pence if ceiling is None else min(pence, ceiling)

    return price
