"""The next months' expected claims, before the work."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.marking import PAID
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.cash.kind import CashKind
from legalaid_sim.contracts.kinds.cash.rule import UNHEARD, Cash, CashRule, ExpectedClaims
from legalaid_sim.contracts.tools.amounts import ends_period, half_up, next_month, working_day
from legalaid_sim.contracts.tools.wording import said
from legalaid_sim.contracts.vocabulary.facts import CashPayment
from legalaid_sim.contracts.vocabulary.values import Count, MoneyValue
from legalaid_sim.units import MONTHS_PER_YEAR, add_months, add_up, months_between


class InAdvance(Cash):
    """The next months' expected claims, before the work; settled against what was earned."""

    kind: Literal["in_advance"]
    months: Count = Field(default=3, ge=1)
    expected_claims: MoneyValue = Field(description="GBP a year")
    for_each: Literal["contract", "adviser"] = Field(
        default="contract", description="adviser: expected claims are those of one full-time adviser"
    )
    settled: Literal["each_time", "year_end"] = "each_time"


class Advance(CashRule):
    """In advance: some months' expected claims as they begin, counted from the contract's first month.

    What was earned beyond it, or short of it, is settled with the next advance.
    """

    def __init__(self, block: InAdvance, starts: date, opening: int | None, expected: ExpectedClaims) -> None:
        super().__init__(block, starts, opening, expected)
        self.terms, self.expected = block, expected
        self.first = self.unpaid_from = starts.replace(day=1)

    def begin(self, on: date) -> Iterable[CashPayment]:
        """Pay on the first day what is left of the months that it falls into."""
        yield from self._ahead(on, 0)

    def due(self, on: date, later: int = 0) -> Iterable[CashPayment]:
        """Pay the months that begin when this one ends, and settle those that are over."""
        self.in_month = 0
        yield from self._ahead(next_month(on), later)

    def finish(self, on: date, later: int = 0) -> Iterable[CashPayment]:
        """Pay what advances have left over, and nothing ahead."""
        return self.owed_only(on, later)

    def not_paid(self, payment: CashPayment) -> None:
        """Undo an advance that was decided and not paid."""
        self.paid -= payment.pence

    def _ahead(self, day: date, later: int) -> Iterable[CashPayment]:
        """Pay the months of the span of a day from that day on, each by itself, unless they are paid."""
        if day < self.unpaid_from:
            return
        month = day.replace(day=1)
        before = months_between(self.first, month) % self.terms.months
        yearly = self.expected(day)
        upto = [half_up(yearly * n, MONTHS_PER_YEAR) for n in range(before, self.terms.months + 1)]
        parts = [after - earlier for earlier, after in pairwise(upto)]
        on = max(day, working_day(add_months(month, later), 1))
        correction = max(self._correction(day), -add_up(parts))
        self.unpaid_from = add_months(month, len(parts))
        self.paid += correction + add_up(parts)
        if correction:
            yield CashPayment(on, self.block.id, correction)
        for n, part in enumerate(parts):
            yield CashPayment(on, self.block.id, part, max(day, add_months(month, n)))

    def _correction(self, day: date) -> int:
        """Give what was earned beyond what was paid ahead (less than nothing: paid beyond what was earned)."""
        ended = day - timedelta(days=1)
        settles = self.terms.settled == "each_time" or ends_period("contract_year", ended, self.starts)
        return self.taken - self.paid if settles else 0


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what is paid ahead."""
    each = " for each full-time adviser" if block.for_each == "adviser" else ""
    yearly = f"{said(block.expected_claims, contract)} a year{each}"
    yield f"{block.months} months of {yearly} are paid on the first working day of these months"


KIND = CashKind(
    model=InAdvance,
    say=say,
    marks={"InAdvance": {PAID: "months expected_claims for_each settled"}},
    unheard={"InAdvance": UNHEARD},
    rule=Advance,
)
