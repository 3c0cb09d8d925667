"""What was paid out for the client comes back, in one sum and by kinds with terms of their own."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.blocks.marking import PAID, TOLD
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.tools.amounts import WHOLE, pence_of
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep, share
from legalaid_sim.contracts.tools.pricing_state import BASE, PricingState, money
from legalaid_sim.contracts.tools.wording import said, words
from legalaid_sim.contracts.vocabulary.supposing import LARGE_COST, SMALL_COST
from legalaid_sim.contracts.vocabulary.values import Column, Count, MoneyValue, PercentValue, Terms
from legalaid_sim.contracts.vocabulary.wants import AnyOf, NeededKey, Wanted

ALL = Decimal(100)


class MostPerMatter(Terms):
    """A ceiling for one matter."""

    amount: MoneyValue
    per: Literal["matter"] = "matter"


class DisbursementKind(Terms):
    """Terms of one kind of disbursement."""

    rate: MoneyValue | None = None
    per: Literal["hour", "item", "mile"] = "hour"
    at_most: MostPerMatter | None = None
    rates_table: str | None = Field(
        default=None, description="table whose column of the kind's name gives the rate; instead of rate"
    )
    needs: str | None = Field(
        default=None,
        pattern=r"^authority_over_[0-9]+(\.[0-9]{2})?$",
        description="without authority, the most that is paid: authority_over_250",
    )


class StageClaims(Terms):
    """When disbursements may be claimed before the matter ends."""

    not_before_months: Count
    then_every_months: Count


class Disbursements(PaymentBlock):
    """Money paid out for the client comes back, within limits."""

    kind: Literal["disbursements"]
    pays_percent: PercentValue = ALL
    kinds: dict[str, DisbursementKind] = Field(default_factory=dict)
    stage_claims: StageClaims | None = None


def price(block: Disbursements, context: CompileContext) -> Iterator[PhaseStep]:
    """Give back what was paid out: what is claimed in one sum, and each named kind on its terms."""
    percent, name = context.percent(block.pays_percent, block, "pays_percent"), block.id
    kinds = [(kind, _disbursement(block, kind, terms, context)) for kind, terms in block.kinds.items()]

    def pay(case: PricingState) -> None:
        claimed = case.facts.costs.get("disbursements", 0)
        for kind, price in kinds:
            claimed += price(case, case.day(block.dated_by, name)) if kind in case.facts.costs else 0
        if not claimed:
            return
        millionths = percent.or_nought(case.starts, case)
        pence = claimed if millionths == WHOLE else share(claimed, millionths, context.rounded)
        case.pay(BASE, name, pence, "disbursements", "disbursements")
        if case.trace is not None:
            case.tell(BASE, name, pence, f"{money(claimed)} claimed", {"claimed": money(claimed)})

    yield PhaseStep(BASE, pay)


def _disbursement(
    block: Disbursements, kind: str, terms: DisbursementKind, context: CompileContext
) -> Callable[[PricingState, date], int]:
    form: Any = Column(column=kind) if terms.rates_table else terms.rate
    table = terms.rates_table or block.table
    rate = context.library.maybe(form, pence_of, f"{block.id}.kinds.{kind}.rate", table)
    most = context.money(terms.at_most.amount, block, f"kinds.{kind}.at_most") if terms.at_most else None
    free = pence_of(Decimal(terms.needs.removeprefix("authority_over_"))) if terms.needs else None
    leaves = ("prior_authority", *context.library.lifts)

    def price(case: PricingState, day: date) -> int:
        pence = case.facts.costs[kind]
        if free is not None and pence > free and not any(case.facts.facts.get(name) for name in leaves):
            case.flags.append("authority_needed")
            pence = free
        units = case.facts.counts.get(kind)
        if rate is not None and units is not None:
            pence = min(pence, units * rate.or_nought(day, case))
        ceiling = most.on(day, case) if most is not None else None
        return pence if ceiling is None else min(pence, ceiling)

    return price


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    yield f"{said(block.pays_percent, contract)} percent of what was paid out for the client comes back"
    for kind, terms in block.kinds.items():
        if terms.rate is not None:
            yield f"{words(kind)} at {said(terms.rate, contract)} per {terms.per}"
        if terms.at_most is not None:
            most = said(terms.at_most.amount, contract)
            yield f"{words(kind)} at most {most} per {words(terms.at_most.per)}"


def parts(block: Disbursements) -> Iterator[NeededKey]:
    """Give what its keys need."""
    for kind in block.kinds:
        yield f"kinds.{kind}", (Wanted("costs", kind),)
    if block.stage_claims is not None:
        yield "stage_claims", (Wanted("event", "disbursements_claimed"),)


def circumstances(block: Disbursements) -> Iterator[dict[str, Any]]:
    """Give facts that it tells apart."""
    yield {"costs.disbursements": SMALL_COST}
    yield {"costs.disbursements": SMALL_COST, "costs.disbursement_vat": SMALL_COST // 5}
    for kind, terms in block.kinds.items():
        yield {f"costs.{kind}": LARGE_COST}
        if terms.rate is not None or terms.rates_table:
            yield {f"costs.{kind}": LARGE_COST, f"event.{kind}": 1}
        if terms.needs:
            yield {f"costs.{kind}": LARGE_COST, "prior_authority": True}


def needs(block: Disbursements) -> Iterator[AnyOf]:
    """Something paid out, in one sum or of a kind."""
    yield (Wanted("costs", "disbursements"), *(Wanted("costs", kind) for kind in block.kinds))


KIND = PaymentKind(
    model=Disbursements,
    say=say,
    marks={
        "Disbursements": {PAID: "pays_percent kinds stage_claims"},
        "DisbursementKind": {PAID: "rate at_most rates_table needs", TOLD: "per"},
        "MostPerMatter": {PAID: "amount", TOLD: "per"},
        "StageClaims": {PAID: "not_before_months then_every_months"},
    },
    price=price,
    beside=True,
    adds_only=True,
    needs=needs,
    parts=parts,
    circumstances=circumstances,
    headings=lambda placed: ("disbursements", *placed.block.kinds),
)
