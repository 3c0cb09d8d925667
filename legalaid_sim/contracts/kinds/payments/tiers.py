"""A price by the place of the matter in its period's volume."""

from collections.abc import Iterator, Mapping
from datetime import date
from math import inf
from typing import Any, ClassVar, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import CountedOver, InOldWords, PaymentBlock
from legalaid_sim.contracts.blocks.marking import PAID, TOLD
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.tools.checking import gaps, overlaps, rising
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import TIERS, PricingState, money
from legalaid_sim.contracts.tools.wording import reach, said, words
from legalaid_sim.contracts.vocabulary.values import Count, MoneyValue
from legalaid_sim.errors import Problem, Refusal


class Tier(InOldWords):
    """A price for the matters of this part of the year's volume."""

    OLD: ClassVar[Mapping[str, str]] = {"up_to": "at_most"}
    at_most: Count | None = None
    over: Count | None = None
    amount: MoneyValue


class Tiers(PaymentBlock):
    """The price of a matter follows how many came before it in the period."""

    kind: Literal["tiers"]
    counts: Literal["matters_closed", "matters_opened"] = "matters_closed"
    per: CountedOver = "contract_year"
    style: Literal["marginal", "slab"] = "marginal"
    tiers: tuple[Tier, ...] = Field(min_length=1)


def price(block: Tiers, context: CompileContext) -> Iterator[PhaseStep]:
    """Pay by the place of the matter in its period's volume.

    Under ``slab`` all matters so far are paid at the tier reached; the one that reaches it settles the rest.
    """
    steps = [
        (
            # More matters than any period has.
            inf if tier.at_most is None else tier.at_most,
            context.money(tier.amount, block, f"price.{at}.amount"),
        )
        for at, tier in enumerate(block.tiers)
    ]
    name, slab = block.id, block.style == "slab"

    def price(case: PricingState, rank: int, day: date) -> int:
        for most, amount in steps:
            if rank <= most:
                return amount.or_nought(day, case)
        raise Refusal(
            "no-tier", name, f"it is matter {rank} of the {words(block.per)}, and no tier holds that"
        )

    def pay(case: PricingState) -> None:
        rank, day = case.ranks.get(name, 1), case.day(block.dated_by, name)
        pence = price(case, rank, day)
        if slab:
            pence = rank * pence - (rank - 1) * price(case, rank - 1, day)
        case.pay(TIERS, name, pence, "fees", "fee")
        if case.trace is not None:
            case.tell(TIERS, name, pence, f"matter {rank} of the {block.per}: {money(pence)}", {"rank": rank})

    yield PhaseStep(TIERS, pay)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    yield f"the price follows {words(block.counts)} in the {words(block.per)} ({block.style})"
    for tier in block.tiers:
        where = reach(tier.at_most, "over", tier.over)
        yield f"{where}: {said(tier.amount, contract)}"


def circumstances(block: Tiers) -> Iterator[dict[str, Any]]:
    """Give facts that it tells apart."""
    edges = {tier.at_most for tier in block.tiers if tier.at_most is not None}
    yield from ({f"rank.{block.id}": edge} for edge in sorted(edges | {edge + 1 for edge in edges}))


def _order(page: Page, placed: Placed) -> Iterator[Problem]:
    ends = [tier.at_most for tier in placed.block.tiers]
    broken = tuple(rising(page, (*placed.path, "tiers"), ends, "at_most"))
    yield from broken
    if not broken:
        spans = [(tier.over, tier.at_most) for tier in placed.block.tiers]
        yield from overlaps(page, (*placed.path, "tiers"), spans, "over", 0, open_start=True)
        yield from gaps(page, (*placed.path, "tiers"), spans, 0)
        yield from _first(page, placed)
    if placed.block.tiers[-1].at_most is not None:
        message = f"beyond {placed.block.tiers[-1].at_most} no tier applies, and a matter there is refused"
        last = (*placed.path, "tiers", len(ends) - 1)
        yield page.problem("CR032", message, last, help="fix: end with {over: ...}")


def _first(page: Page, placed: Placed) -> Iterator[Problem]:
    """Find a first tier that is said to start later than it does."""
    start = placed.block.tiers[0].over
    if start:
        message = f"the first tier is said to start over {start}, and it pays from the first matter on"
        path = (*placed.path, "tiers", 0, "over")
        yield page.problem(
            "CP303", message, path, help=f"fix: write a tier {{at_most: {start}, amount: ...}} before it"
        )


KIND = PaymentKind(
    model=Tiers,
    say=say,
    marks={
        "Tiers": {PAID: "counts per style tiers"},
        "Tier": {PAID: "at_most amount", TOLD: "over"},
    },
    price=price,
    is_base=True,
    beside=True,
    circumstances=circumstances,
    checks=(_order,),
)
