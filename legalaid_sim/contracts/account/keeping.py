"""A share of every payment that is kept back from the start, released on success, lost at the end of the year."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from legalaid_sim.contracts.account.cash import pay_day
from legalaid_sim.contracts.account.controls import KpiWatch
from legalaid_sim.contracts.blocks.controls import KeptBack
from legalaid_sim.contracts.tools.amounts import WHOLE, Rounded, ends_period, millionths_of
from legalaid_sim.contracts.vocabulary.facts import CashPayment


class Judged(NamedTuple):
    """What became of it at a month's end: pence released, pence lost."""

    released: int = 0
    lost: int = 0


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

    def judge(self, kpis: Iterable[KpiWatch], on: date) -> Judged:
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

    def _met(self, kpis: Sequence[KpiWatch]) -> bool:
        wanted = [kpi for kpi in kpis if not self.block.when_met or kpi.block.id in self.block.when_met]
        return bool(wanted) and all(kpi.missed is False for kpi in wanted)
