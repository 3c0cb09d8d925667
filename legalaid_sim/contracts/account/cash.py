"""When money moves: each cash rule turns what was earned into payments with days.

Every rule keeps one equality: what it took in is what it has paid plus what it still owes (less than nothing
where a level payment has run ahead of claims).
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from legalaid_sim.contracts.blocks.cash import (
    Cash,
    InAdvance,
    OnCompletion,
    PaidOn,
    QuarterlyInArrears,
    StandardMonthly,
)
from legalaid_sim.contracts.tools.amounts import (
    WHOLE,
    Rounded,
    day_of_month,
    ends_period,
    half_up,
    millionths_of,
    next_month,
    working_day,
)
from legalaid_sim.contracts.vocabulary.facts import CashPayment
from legalaid_sim.errors import Refusal
from legalaid_sim.units import MONTHS_PER_YEAR, add_months, add_up, months_between

NOT_FORESEEN = "payments open at a twelfth of the claims expected, and nobody says what is expected"
LOOKED_BACK = 6
BALANCE_PART = 6


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


def review(block: StandardMonthly, claims: list[int], paid: int, level: int) -> Review:
    """Keep a level payment inside the corridor, or reset it from the last six months' claims and the balance.

    The mean of the last six claims, plus a sixth of what claims are ahead of payments (minus, where behind),
    as the Legal Aid Agency's monthly payments protocol has it; never under nothing.
    """
    total = add_up(claims)
    position = 100 * total / paid if paid else float("inf") if total else 100.0
    low, high = (millionths_of(p) for p in (block.corridor.low_percent, block.corridor.high_percent))
    if low * paid <= WHOLE * total <= high * paid:
        return Review(position, level)
    last = claims[-LOOKED_BACK:]
    mean = half_up(add_up(last), len(last)) if last else 0
    if block.outside.new_amount == "mean_of_last_6_claims":
        return Review(position, max(0, mean))
    aim = half_up(total * millionths_of(block.outside.aims_at_percent), WHOLE)
    return Review(position, max(0, mean + half_up(aim - paid, BALANCE_PART)))


Expected = Callable[[date], int]


class CashRule:
    """Variable monthly: what was earned in the month, and the common part of every rule."""

    def __init__(self, block: Cash, starts: date) -> None:
        self.block, self.starts = block, starts
        self.taken = self.paid = self.in_month = 0

    @property
    def owed(self) -> int:
        """What was earned and is not paid yet (less than nothing: paid ahead)."""
        return self.taken - self.paid

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

    def _owed_only(self, on: date, later: int) -> Iterable[CashPayment]:
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


class Level(CashRule):
    """Standard monthly: the same each month, reviewed against claims."""

    def __init__(self, block: StandardMonthly, starts: date, opening: int | None) -> None:
        super().__init__(block, starts)
        self.terms, self.level = block, opening
        self.claims: list[int] = []
        self.reviews: list[Review] = []

    def finish(self, on: date, later: int = 0) -> Iterable[CashPayment]:
        """Pay what claims have left over; there is no level any more."""
        return self._owed_only(on, later)

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


class Advance(CashRule):
    """In advance: some months' expected claims as they begin, counted from the contract's first month.

    What was earned beyond it, or short of it, is settled with the next advance.
    """

    def __init__(self, block: InAdvance, starts: date, expected: Expected) -> None:
        super().__init__(block, starts)
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
        return self._owed_only(on, later)

    def take_back(self, payment: CashPayment) -> None:
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


class Completion(CashRule):
    """On completion: each sum so many days after it was earned."""

    def __init__(self, block: OnCompletion, starts: date) -> None:
        super().__init__(block, starts)
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


class Quarterly(CashRule):
    """Quarterly in arrears: what the quarter earned, after its end."""

    def decide(self, on: date) -> int:
        """Pay what is owed where a quarter of the contract ends."""
        return max(0, self.owed) if ends_period("quarter", on, self.starts) else 0


def cash_rule(block: Any, starts: date, opening: int | None, expected: Expected) -> CashRule:
    """Make the rule that a cash block describes; ``expected`` gives the claims of a year as foreseen on a day."""
    if isinstance(block, StandardMonthly):
        return Level(block, starts, opening)
    if isinstance(block, InAdvance):
        return Advance(block, starts, expected)
    if isinstance(block, OnCompletion):
        return Completion(block, starts)
    return Quarterly(block, starts) if isinstance(block, QuarterlyInArrears) else CashRule(block, starts)


class Withholding:
    """A share of payments that a sanction holds back, for some months or until a target is met."""

    def __init__(self) -> None:
        self.percent = self.months = self.held = 0
        self.needs_target = False

    def start(self, millionths: int, months: int, needs_target: bool) -> None:
        """Hold back this share of each payment for so many months."""
        self.percent, self.months, self.needs_target = millionths, months, needs_target

    def hold_back(self, payment: CashPayment, rounded: Rounded) -> CashPayment:
        """Give a payment with the share held back."""
        if not self.months:
            return payment
        kept = rounded(payment.pence * self.percent, WHOLE)
        self.held += kept
        return payment._replace(pence=payment.pence - kept)

    def meet(self) -> None:
        """A target was met: nothing more is held back, and what is held may go."""
        self.months, self.needs_target = 0, False

    def turn(self) -> int:
        """Let a month pass, and give what is released at its end."""
        if self.months:
            self.months -= 1
            return 0
        released = 0 if self.needs_target else self.held
        self.held -= released
        return released
