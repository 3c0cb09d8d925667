"""Each matter's pay when it is complete, so many days after."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Literal

from legalaid_sim.contracts.blocks.marking import PAID
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.cash.kind import CashKind
from legalaid_sim.contracts.kinds.cash.rule import UNHEARD, Cash, CashRule, ExpectedClaims
from legalaid_sim.contracts.vocabulary.facts import CashPayment
from legalaid_sim.contracts.vocabulary.values import Count
from legalaid_sim.units import add_months


class OnCompletion(Cash):
    """Each matter's pay when it is complete, so many days after."""

    kind: Literal["on_completion"]
    days_after: Count = 30


class Completion(CashRule):
    """On completion: each sum so many days after it was earned."""

    def __init__(
        self, block: OnCompletion, starts: date, opening: int | None, expected: ExpectedClaims
    ) -> None:
        super().__init__(block, starts, opening, expected)
        self.days_after = block.days_after
        self.waiting: list[tuple[date, int]] = []

    def take(self, pence: int, on: date) -> None:
        """Take in a sum with its day."""
        super().take(pence, on)
        self.waiting.append((on + timedelta(days=self.days_after), pence))

    def due(self, on: date, later: int = 0) -> Iterable[CashPayment]:
        """Give a payment for each day on which something earned falls due, after the month's end."""
        by_day: dict[date, int] = {}
        for day, pence in self.waiting:
            moved = add_months(max(day, on + timedelta(days=1)), later)
            by_day[moved] = by_day.get(moved, 0) + pence
        self.waiting, self.in_month = [], 0
        for day, pence in sorted(by_day.items()):
            self.paid += pence
            yield CashPayment(day, self.block.id, pence)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say when a matter is paid."""
    yield f"each matter is paid {block.days_after} days after it is complete"


KIND = CashKind(
    model=OnCompletion,
    say=say,
    marks={"OnCompletion": {PAID: "days_after"}},
    unheard={"OnCompletion": UNHEARD},
    rule=Completion,
)
