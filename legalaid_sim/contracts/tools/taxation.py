"""Phase 9: tax on what is paid, and tax given back on what was paid out."""

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction

from legalaid_sim.contracts.blocks.taxes import Tax
from legalaid_sim.contracts.blocks.written import WrittenContract
from legalaid_sim.contracts.tools.amounts import WHOLE, millionths_of
from legalaid_sim.contracts.tools.compile_context import CompileContext, percent_text
from legalaid_sim.contracts.tools.pricing_state import (
    HEADING_LIMITS,
    TAX,
    TOTAL_LIMIT,
    LineEntry,
    PricingState,
    money,
)
from legalaid_sim.units import add_up

SESSIONS = "sessions"
NOTHING: frozenset[int] = frozenset()
ALL_LIMITS = frozenset({HEADING_LIMITS, TOTAL_LIMIT})


def unseen_limits(contract: WrittenContract) -> dict[str, frozenset[int]]:
    """Give, for payments taxed before a limit, the phases of the limits that a tax does not see."""
    unseen: dict[str, frozenset[int]] = {}
    for payment in contract.payments:
        if payment.tax_on == "claimed" or payment.tax_before == "heading_limits":
            unseen[payment.id] = ALL_LIMITS
        elif payment.tax_before == "total_limit":
            unseen[payment.id] = frozenset({TOTAL_LIMIT})
    return unseen


class TaxRule:
    """A tax, ready: on which lines it falls, at which rate, what it gives back on money paid out."""

    def __init__(self, block: Tax, unseen: Mapping[str, frozenset[int]], context: CompileContext) -> None:
        self.name, self.dated_by, self.rounded, self.unseen = (
            block.id,
            block.dated_by,
            context.rounded,
            unseen,
        )
        self.rate = context.library.lookup(block.rate_percent, millionths_of, f"{block.id}.rate_percent")
        self.kinds, self.spared = frozenset(block.on), frozenset(block.not_on)
        self.out_rule = block.paid_out.disbursements
        self.out_name = f"disbursement_{block.id}" if block.on else block.id

    def run(self, case: PricingState) -> None:
        """Tax a case whose fees and limits are settled."""
        if self.kinds:
            self.on_lines(case)
        if self.out_rule != "none":
            self.on_paid_out(case)

    def sees(self, entry: LineEntry) -> bool:
        """Tell whether an entry counts; what a limit took off does not where tax comes before that limit."""
        return entry.phase not in self.unseen.get(entry.block, NOTHING)

    def on_lines(self, case: PricingState) -> None:
        """Add the tax on the kinds of line that bear it, worked out and rounded once."""
        kinds, spared = self.kinds, self.spared
        base = add_up(
            [e.pence for e in case.entries if e.kind in kinds and e.block not in spared and self.sees(e)]
        )
        if base:
            day = case.day(self.dated_by, self.name)
            millionths = self.rate.on(day, case) or 0
            pence = self.rounded(base * millionths, WHOLE)
            case.pay(TAX, self.name, pence, "tax", "tax")
            self._tell_tax(case, base, pence, millionths, day)

    def on_sessions(self, pence: int, case: PricingState) -> int:
        """Give the tax on what a month's sessions came to, where it falls on them."""
        if SESSIONS not in self.kinds or not pence:
            return 0
        return self.rounded(pence * (self.rate.on(case.day(self.dated_by, self.name), case) or 0), WHOLE)

    def on_blocks(self, case: PricingState, blocks: Collection[str]) -> Fraction:
        """Give the tax that blocks bear in a case, in pence and unrounded."""
        base = add_up(
            e.pence
            for e in case.entries
            if e.block in blocks and e.kind in self.kinds and e.block not in self.spared and self.sees(e)
        )
        return Fraction(base * (self.rate.on(case.day(self.dated_by, self.name), case) or 0), WHOLE)

    def on_paid_out(self, case: PricingState) -> None:
        """Give back tax on disbursements: as claimed, or as claimed up to this rate on what counts."""
        claimed = case.facts.costs.get("disbursement_vat", 0)
        if not claimed:
            return
        day, most = case.day(self.dated_by, self.name), claimed
        if self.out_rule == "claimed_up_to_rate":
            base = add_up(e.pence for e in case.entries if e.kind == "disbursements" and self.sees(e))
            most = self.rounded(base * (self.rate.on(day, case) or 0), WHOLE)
        pence = min(claimed, most)
        case.pay(TAX, self.out_name, pence, "disbursement_tax", "disbursement_tax")
        self._tell_paid_out(case, claimed, pence, most, day)

    def _tell_tax(self, case: PricingState, base: int, pence: int, millionths: int, day: date) -> None:
        if case.trace is not None:
            version = self.rate.version(day, case)
            how = f"{percent_text(millionths)} of {money(base)}"
            how += f" (rate of {version}, picked by {self.dated_by} {day})" if version else ""
            case.tell(TAX, self.name, pence, how, {"taxed": money(base)}, version, self.dated_by)

    def _tell_paid_out(self, case: PricingState, claimed: int, pence: int, most: int, day: date) -> None:
        if case.trace is not None:
            limit = f", at most {money(most)}" if self.out_rule == "claimed_up_to_rate" else ""
            how, inputs = f"{money(claimed)} claimed{limit}", {"claimed": money(claimed)}
            case.tell(TAX, self.out_name, pence, how, inputs, self.rate.version(day, case), self.dated_by)
