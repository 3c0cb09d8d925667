"""The client holds the money, and the work draws on it at a posted price."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.blocks.marking import ACTED, ASKED, PAID, PERMITTED
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.payments.fees import pay_time
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.tools.amounts import Rounded
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep
from legalaid_sim.contracts.tools.pricing_state import BASE, EXTRAS, PricingState, money
from legalaid_sim.contracts.tools.wording import said, words
from legalaid_sim.contracts.vocabulary.values import (
    Count,
    MoneyValue,
    Terms,
    YesNo,
)
from legalaid_sim.contracts.vocabulary.wants import NeededKey, Wanted
from legalaid_sim.units import MINUTES_PER_HOUR

NIL = Decimal(0)


class BudgetGrant(Terms):
    """How much a client who is taken on holds, and for how long."""

    amount: MoneyValue
    per: Literal["client_year", "client", "matter"] = "client_year"


class SpendsOn(Terms):
    """Where a budget may be spent, and the posted price of an hour."""

    approved: tuple[str, ...] = Field(
        default=(),
        description="names of providers with whom it may be spent; left out: any who holds the contract",
    )
    price: MoneyValue
    per: Literal["hour", "matter"] = "hour"
    client_may_top_up: YesNo = False


class Switch(Terms):
    """Terms of going to another provider."""

    notice_days: Count = 0
    fee: MoneyValue = NIL


class Unspent(Terms):
    """What becomes of money not spent."""

    returns_to: Literal["payer", "client"] = "payer"
    after_months: Count = 12


class Broker(Terms):
    """Help with choosing: minutes and pay for each client."""

    minutes: Count = 0
    amount: MoneyValue = NIL


class PersonalBudget(PaymentBlock):
    """The client holds the money and the work draws on it at a posted price."""

    kind: Literal["personal_budget"]
    grants: BudgetGrant
    spends_on: SpendsOn
    switch: Switch = Switch()
    unspent: Unspent = Unspent()
    broker: Broker | None = None


def price(block: PersonalBudget, context: CompileContext) -> Iterator[PhaseStep]:
    """Draw the posted price of the work from what is left of the client's budget."""
    price = context.money(block.spends_on.price, block, "spends_on.price")
    budget, name = context.money(block.grants.amount, block, "grants.amount"), block.id
    broker = context.money(block.broker.amount, block, "broker.amount") if block.broker else None

    def draw(case: PricingState) -> None:
        day = case.day(block.dated_by, name)
        granted = case.ranks.get(f"{name}.granted")
        left = budget.or_nought(day, case) if granted is None else granted
        left = max(0, left - case.ranks.get(f"{name}.spent", 0))
        rate = price.or_nought(day, case)
        if case.ranks.get(f"{name}.returned"):
            # What was paid before it went back stays paid.
            left = min(left, case.ranks.get(f"{name}.own", 0))
            case.flags.append("budget_returned")
        elif not left:
            case.flags.append("budget_spent")
        whole = _worth_of(block, case, rate, context.rounded)
        if left and block.spends_on.per == "hour":
            pay_time(case, BASE, name, rate, left, context.rounded, case.ranks.get(f"{name}.kept"))
        elif left:
            case.pay(BASE, name, min(rate, left), "fees", "fee")
            case.tell(
                BASE, name, min(rate, left), f"{money(rate)} a matter, {money(left)} left of the budget"
            )
        if block.spends_on.client_may_top_up and whole > left:
            _top_up(case, name, whole - left)
        if broker is not None and not case.ranks.get(f"{name}.spent", 0):
            pence = broker.or_nought(day, case)
            case.pay(EXTRAS, name, pence, "extras", "broker")
            case.tell(EXTRAS, name, pence, "help with choosing")

    yield PhaseStep(BASE, draw)


def _worth_of(block: PersonalBudget, case: PricingState, rate: int, rounded: Rounded) -> int:
    """Give what the work comes to at the posted price, whatever is left of the budget."""
    if block.spends_on.per == "matter":
        return rate
    minutes = case.facts.minutes.get("profit", 0)
    stated = case.facts.costs.get("profit")
    if stated is not None and not minutes:
        return stated
    kept = case.ranks.get(f"{block.id}.kept")
    return rounded((minutes if kept is None else min(minutes, kept)) * rate, MINUTES_PER_HOUR)


def _top_up(case: PricingState, name: str, pence: int) -> None:
    """Let the client pay what goes beyond the budget; a provider who looks ahead counts on it."""
    case.topped_up += pence
    case.flags.append("topped_up")
    case.tell(EXTRAS, name, None, f"{money(pence)} beyond the budget, paid by the client")
    if case.forecast:
        case.pay(EXTRAS, name, pence, "client", "client")


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    yield f"the client holds {said(block.grants.amount, contract)} per {words(block.grants.per)}"
    yield f"work draws on it at {said(block.spends_on.price, contract)} per {block.spends_on.per}"
    if block.spends_on.approved:
        yield f"with {', '.join(block.spends_on.approved)} and nobody else"
    if block.broker is not None:
        yield f"{said(block.broker.amount, contract)} for help with choosing, {block.broker.minutes} minutes"
    unspent = block.unspent
    yield f"what is not spent after {unspent.after_months} months goes to the {unspent.returns_to}"


def parts(block: PersonalBudget) -> Iterator[NeededKey]:
    """Give what its keys need."""
    if "switch" in block.model_fields_set and block.switch != Switch():
        yield "switch", (Wanted("event", "client_switched"),)


KIND = PaymentKind(
    model=PersonalBudget,
    say=say,
    marks={
        "PersonalBudget": {PAID: "grants spends_on switch unspent broker"},
        "BudgetGrant": {PAID: "amount per"},
        "SpendsOn": {PAID: "price per client_may_top_up", PERMITTED: "approved"},
        "Switch": {PAID: "fee", ACTED: "notice_days"},
        "Unspent": {PAID: "returns_to after_months"},
        "Broker": {PAID: "amount", ASKED: "minutes"},
    },
    price=price,
    is_base=True,
    parts=parts,
    inputs=lambda block: ["costs.profit", "minutes.profit"] if block.spends_on.per == "hour" else [],
)
