"""Level payments on account, reviewed against claims."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.marking import PAID, TOLD
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.cash.kind import CashKind
from legalaid_sim.contracts.kinds.cash.rule import UNHEARD, Cash, CashRule, ExpectedClaims, Review
from legalaid_sim.contracts.kinds.kind import Prospects
from legalaid_sim.contracts.tools.amounts import WHOLE, half_up, millionths_of
from legalaid_sim.contracts.tools.checking import not_below, note
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.wording import at_percent, words
from legalaid_sim.contracts.vocabulary.facts import CashPayment
from legalaid_sim.contracts.vocabulary.values import Count, MoneyValue, Percent, Terms
from legalaid_sim.errors import Problem, Refusal
from legalaid_sim.units import add_up

ALL = Decimal(100)
NOT_FORESEEN = "payments open at a twelfth of the claims expected, and nobody says what is expected"
LOOKED_BACK = 6
BALANCE_PART = 6


class Reviewed(Terms):
    """How often a level payment is reviewed."""

    every_months: Count = Field(ge=1)


class Corridor(Terms):
    """The band of claims over payments inside which nothing changes."""

    low_percent: Percent
    high_percent: Percent
    position: Literal["claims_over_payments"] = "claims_over_payments"


class Outside(Terms):
    """How a level payment is reset."""

    new_amount: Literal["mean_of_last_6_claims_plus_sixth_of_balance", "mean_of_last_6_claims"] = (
        "mean_of_last_6_claims_plus_sixth_of_balance"
    )
    aims_at_percent: Percent = ALL


class StandardMonthly(Cash):
    """Level payments on account, reviewed against claims."""

    kind: Literal["standard_monthly"]
    opening_amount: Literal["one_twelfth_of_expected_claims"] | MoneyValue
    expected_claims: MoneyValue | None = Field(
        default=None, description="GBP a year; the scenario's expected_claims go before it"
    )
    for_each: Literal["contract", "adviser"] = Field(
        default="contract", description="adviser: expected claims are those of one full-time adviser"
    )
    reviewed: Reviewed = Reviewed(every_months=6)
    corridor: Corridor
    inside: Literal["keep"] = "keep"
    outside: Outside = Outside()


def review(block: StandardMonthly, claims: list[int], paid: int, level: int) -> Review:
    """Keep a level payment inside the corridor, or reset it from the last six months' claims and the balance.

    The mean of the last six claims, plus a sixth of what claims are ahead of payments (minus, where behind),
    as the Legal Aid Agency's monthly payments protocol has it; never under nothing.
    """
    total = add_up(claims)
    position = 100 * total / paid if paid else float("inf") if total else 100.0
    low, high = (millionths_of(p) for p in (block.corridor.low_percent, block.corridor.high_percent))
    # Multiplied out, so that no division rounds at an edge of the corridor.
    if low * paid <= WHOLE * total <= high * paid:
        return Review(position, level)
    last = claims[-LOOKED_BACK:]
    mean = half_up(add_up(last), len(last)) if last else 0
    if block.outside.new_amount == "mean_of_last_6_claims":
        return Review(position, max(0, mean))
    aim = half_up(total * millionths_of(block.outside.aims_at_percent), WHOLE)
    return Review(position, max(0, mean + half_up(aim - paid, BALANCE_PART)))


class Level(CashRule):
    """Standard monthly: the same each month, reviewed against claims."""

    def __init__(
        self, block: StandardMonthly, starts: date, opening: int | None, expected: ExpectedClaims
    ) -> None:
        super().__init__(block, starts, opening, expected)
        self.terms, self.level = block, opening
        self.claims: list[int] = []

    @property
    def unforeseen(self) -> bool:
        """Whether it opens at a twelfth of expected claims of which nobody says anything."""
        return self.level is None

    def finish(self, on: date, later: int = 0) -> Iterable[CashPayment]:
        """Pay what claims have left over; there is no level any more."""
        return self.owed_only(on, later)

    def decide(self, on: date) -> int:
        """Pay the level, reviewed; refuse where it opens at a twelfth of claims that nobody foresaw."""
        if self.level is None:
            raise Refusal("no-value", f"{self.block.id}.expected_claims", NOT_FORESEEN)
        self.claims.append(self.in_month)
        if len(self.claims) % self.terms.reviewed.every_months == 0:
            found = review(self.terms, self.claims, self.paid, self.level)
            self.reviews.append(found)
            self.level = found.level
        return self.level


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say how long a level stands."""
    yield f"the same amount every month, reviewed every {block.reviewed.every_months} months"
    low, high = at_percent(block.corridor.low_percent), at_percent(block.corridor.high_percent)
    yield f"kept while claims are {low} to {high} of payments, else reset: {words(block.outside.new_amount)}"


def _in_order(page: Page, placed: Placed) -> Iterator[Problem]:
    corridor = placed.block.corridor
    yield from not_below(page, (*placed.path, "corridor"), corridor.low_percent, corridor.high_percent)


def notes(page: Page, placed: Placed, prospects: Prospects) -> Iterator[Problem]:
    """Note a corridor that moves sooner on one side."""
    corridor = placed.block.corridor
    below, above = 100 - corridor.low_percent, corridor.high_percent - 100
    if below != above:
        message = f"payments are reset {below} points below and {above} points above: one side moves sooner"
        yield note(page, "CI210", message, (*placed.path, "corridor"))


KIND = CashKind(
    model=StandardMonthly,
    say=say,
    marks={
        "StandardMonthly": {PAID: "opening_amount expected_claims for_each reviewed corridor inside outside"},
        "Reviewed": {PAID: "every_months"},
        "Corridor": {PAID: "low_percent high_percent", TOLD: "position"},
        "Outside": {PAID: "new_amount aims_at_percent"},
    },
    unheard={"StandardMonthly": UNHEARD},
    rule=Level,
    by_month=True,
    stated_first=True,
    review=review,
    checks=(_in_order,),
    notes=notes,
)
