"""When money moves: each cash rule turns what was earned into payments with days.

Every rule keeps one equality: what it took in is what it has paid plus what it still owes (less than nothing
where a level payment has run ahead of claims).
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Literal, NamedTuple

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import Unheard
from legalaid_sim.contracts.tools.amounts import day_of_month, working_day
from legalaid_sim.contracts.vocabulary.facts import CashPayment
from legalaid_sim.contracts.vocabulary.values import Count, Terms
from legalaid_sim.units import add_months

UNHEARD = (
    Unheard("applies_to", "name the payments in pays_for"),
    Unheard("not_if", "name the payments in pays_for"),
)
# Gives the claims of a year as they are foreseen on a day, in pence.
ExpectedClaims = Callable[[date], int]


class PaidOn(Terms):
    """The day cash moves: a working day (or a day) of a later month."""

    working_day: Count | None = Field(default=None, ge=1, le=23)
    day: Count | None = Field(default=None, ge=1, le=31)
    months_after: Count = 1


class Cash(Block):
    """The keys of every block under ``cash:``; ``pays_for`` is ``all`` or the ids of payments."""

    pays_for: Literal["all"] | tuple[str, ...] = "all"
    paid_on: PaidOn = PaidOn(working_day=10, months_after=1)


def pay_day(paid_on: PaidOn, month: date, later: int = 0) -> date:
    """Give the day on which a month's cash moves, ``later`` months after its usual month."""
    target = add_months(month.replace(day=1), paid_on.months_after + later)
    if paid_on.working_day is not None:
        return working_day(target, paid_on.working_day)
    return day_of_month(target, 1 if paid_on.day is None else paid_on.day)


class Review(NamedTuple):
    """What a review of a level payment found: claims over payments in percent, and the level from now on."""

    position_percent: float
    level: int


class CashRule:
    """Variable monthly: what was earned in the month, and the common part of every rule.

    ``opening`` is what it pays at first where its block says so, and ``expected`` what is foreseen of a year.
    """

    def __init__(self, block: Cash, starts: date, opening: int | None, expected: ExpectedClaims) -> None:
        self.block, self.starts = block, starts
        self.taken = self.paid = self.in_month = 0
        self.reviews: list[Review] = []

    @property
    def owed(self) -> int:
        """What was earned and is not paid yet (less than nothing: paid ahead)."""
        return self.taken - self.paid

    @property
    def unforeseen(self) -> bool:
        """Whether it waits for a forecast that nobody has made."""
        return False

    def take(self, pence: int, on: date) -> None:
        """Take in what was earned on a day."""
        self.taken += pence
        self.in_month += pence

    def begin(self, on: date) -> Iterable[CashPayment]:
        """Decide the payments of the first day: none, where money follows what was earned."""
        return ()

    def due(self, on: date, later: int = 0) -> Iterable[CashPayment]:
        """Decide the payments at a month's end; money owed back waits for later earnings."""
        amount = self.decide(on)
        self.in_month = 0
        if amount:
            self.paid += amount
            yield CashPayment(pay_day(self.block.paid_on, on, later), self.block.id, amount)

    def finish(self, on: date, later: int = 0) -> Iterable[CashPayment]:
        """Decide the payments at a month's end after the contract is over: only what was earned."""
        return self.due(on, later)

    def decide(self, on: date) -> int:
        """Give how much to pay at a month's end."""
        return max(0, self.owed)

    def owed_only(self, on: date, later: int) -> Iterable[CashPayment]:
        """Pay what is owed, and nothing ahead."""
        amount = max(0, self.owed)
        if amount:
            self.paid += amount
            yield CashPayment(pay_day(self.block.paid_on, on, later), self.block.id, amount)

    def taken_back(self, on: date) -> Iterable[CashPayment]:
        """Give back what was paid beyond what was earned, when nothing more will be."""
        if self.owed < 0:
            amount = self.owed
            self.paid += amount
            yield CashPayment(pay_day(self.block.paid_on, on), self.block.id, amount)

    def not_paid(self, payment: CashPayment) -> None:
        """Undo what was decided ahead of the work and not paid, where the rule pays ahead."""
