"""A share of every payment that is kept back from the start, released on success, lost at the end of the year."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import PAID
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.cash.rule import PaidOn, pay_day
from legalaid_sim.contracts.kinds.controls.kind import UNHEARD, ControlKind, Judged, WatchedTarget
from legalaid_sim.contracts.tools.amounts import WHOLE, Rounded, ends_period, millionths_of
from legalaid_sim.contracts.tools.checking import each_known
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.wording import at_percent, listed, words
from legalaid_sim.contracts.vocabulary.facts import CashPayment
from legalaid_sim.contracts.vocabulary.values import Percent
from legalaid_sim.errors import Problem


class KeptBack(Block):
    """A share of every payment that is kept back, released when targets are met, and lost otherwise."""

    kind: Literal["kept_back"]
    percent: Percent = Field(ge=0, le=100)
    of: Literal["all"] | tuple[str, ...] = Field(
        default="all", description="all payments, or those of these cash rules"
    )
    when_met: tuple[str, ...] = Field(
        default=(),
        description="targets that must all be met at a quarter's end; left out: all of the contract's",
    )
    lost_at: Literal["contract_year", "quarter"] = Field(
        default="contract_year", description="when what has not been released until then is lost"
    )
    paid_on: PaidOn = Field(
        default=PaidOn(working_day=1, months_after=1), description="when what is released is paid"
    )


class Keeping:
    """One share kept back: what is held now, and what is to be paid of it.

    Kept, released and lost are whole pence, and what was kept is always what was released, lost or is still held.
    """

    def __init__(self, block: KeptBack, starts: date, rounded: Rounded) -> None:
        self.block, self.starts, self.rounded = block, starts, rounded
        self.percent = millionths_of(block.percent)
        self.held = self.to_release = 0

    def keep(self, payment: CashPayment) -> CashPayment:
        """Give a payment less the share that is kept back; what is taken back is taken back whole."""
        of = self.block.of
        if payment.pence <= 0 or (of != "all" and payment.block not in of):
            return payment
        kept = self.rounded(payment.pence * self.percent, WHOLE)
        self.held += kept
        return payment._replace(pence=payment.pence - kept)

    def judge(self, kpis: Iterable[WatchedTarget], on: date) -> Judged:
        """At a quarter's end release all that is held where every target is met; at the year's end the rest is lost."""
        released = lost = 0
        if ends_period("quarter", on, self.starts) and self._met(list(kpis)):
            released, self.held = self.held, 0
        if ends_period(self.block.lost_at, on, self.starts):
            lost, self.held = self.held, 0
        self.to_release += released
        return Judged(released, lost)

    def end(self) -> int:
        """Give what is lost because the contract ends: all that is held. From then on nothing is kept back."""
        lost, self.held, self.percent = self.held, 0, 0
        return lost

    def release(self, on: date) -> tuple[CashPayment, ...]:
        """Pay what was released, on its day."""
        pence, self.to_release = self.to_release, 0
        return (CashPayment(pay_day(self.block.paid_on, on), self.block.id, pence),) if pence else ()

    def _met(self, kpis: Sequence[WatchedTarget]) -> bool:
        wanted = [kpi for kpi in kpis if not self.block.when_met or kpi.block.id in self.block.when_met]
        return bool(wanted) and all(kpi.missed is False for kpi in wanted)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what is kept back, when it is released, and when it is lost."""
    of = "every payment" if block.of == "all" else f"what {listed(block.of)} pay"
    targets = listed(block.when_met) or "all targets"
    yield f"{at_percent(block.percent)} of {of} is kept back"
    yield f"it is released when {targets} are met at a quarter's end, and paid {_day_paid(block.paid_on)}"
    yield f"what is still kept at the end of the {words(block.lost_at)} is lost"


def _day_paid(paid_on: Any) -> str:
    months = {0: "the same month", 1: "the next month"}.get(paid_on.months_after)
    day = (
        f"working day {paid_on.working_day}"
        if paid_on.working_day
        else f"day {1 if paid_on.day is None else paid_on.day}"
    )
    return f"on {day} of {months or f'the month {paid_on.months_after} later'}"


def _names(page: Page, placed: Placed) -> Iterator[Problem]:
    path, written = placed.path, placed.written
    targets = [one.id for one in page.blocks("controls") if "target" in type(one.block).model_fields]
    yield from each_known(page, (*path, "when_met"), written.get("when_met", []), targets, "targets")
    rules = [rule.id for rule in page.blocks("cash")]
    if written.get("of", "all") != "all":
        yield from each_known(page, (*path, "of"), written["of"], rules, "cash")


KIND = ControlKind(
    model=KeptBack,
    say=say,
    marks={"KeptBack": {PAID: "percent of when_met lost_at paid_on"}},
    unheard={"KeptBack": UNHEARD},
    sets=("pay",),
    keeper=Keeping,
    sound=(_names,),
)
