"""Tax on what is paid, and tax given back on what was paid out (phase 9)."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block, DatedBy
from legalaid_sim.contracts.blocks.marking import PAID
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.taxes.kind import SESSIONS, TaxKind
from legalaid_sim.contracts.tools.amounts import WHOLE, millionths_of
from legalaid_sim.contracts.tools.compile_context import CompileContext, percent_text
from legalaid_sim.contracts.tools.pricing_state import (
    TAX,
    LineEntry,
    PricingState,
    money,
)
from legalaid_sim.contracts.tools.wording import listed, said, words
from legalaid_sim.contracts.vocabulary.values import PercentValue, Terms
from legalaid_sim.contracts.vocabulary.wants import AnyOf, NeededKey, Wanted
from legalaid_sim.units import add_up

NOTHING: frozenset[int] = frozenset()


class PaidOut(Terms):
    """Tax that the provider paid to others: as claimed, or as claimed up to this tax's rate."""

    disbursements: Literal["claimed", "claimed_up_to_rate", "none"] = "claimed_up_to_rate"


class Tax(Block):
    """Tax on what is paid."""

    kind: Literal["tax"]
    dated_by: DatedBy = "matter_closed"
    on: tuple[str, ...] = Field(
        default=("fees", "bolt_ons", "extras", "hourly"),
        description="kinds of line that bear the tax; sessions: what is charged for sessions",
    )
    not_on: tuple[str, ...] = Field(default=(), description="ids of payments that bear none")
    rate_percent: PercentValue
    paid_out: PaidOut = PaidOut()


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
            millionths = self.rate.or_nought(day, case)
            pence = self.rounded(base * millionths, WHOLE)
            case.pay(TAX, self.name, pence, "tax", "tax")
            self._tell_tax(case, base, pence, millionths, day)

    def on_sessions(self, pence: int, case: PricingState) -> int:
        """Give the tax on what a month's sessions came to, where it falls on them."""
        if SESSIONS not in self.kinds or not pence:
            return 0
        return self.rounded(pence * self.rate.or_nought(case.day(self.dated_by, self.name), case), WHOLE)

    def on_blocks(self, case: PricingState, blocks: Collection[str]) -> Fraction:
        """Give the tax that blocks bear in a case, in pence and unrounded."""
        base = add_up(
            e.pence
            for e in case.entries
            if e.block in blocks and e.kind in self.kinds and e.block not in self.spared and self.sees(e)
        )
        return Fraction(base * self.rate.or_nought(case.day(self.dated_by, self.name), case), WHOLE)

    def on_paid_out(self, case: PricingState) -> None:
        """Give back tax on disbursements: as claimed, or as claimed up to this rate on what counts."""
        claimed = case.facts.costs.get("disbursement_vat", 0)
        if not claimed:
            return
        day, most = case.day(self.dated_by, self.name), claimed
        if self.out_rule == "claimed_up_to_rate":
            base = add_up(e.pence for e in case.entries if e.kind == "disbursements" and self.sees(e))
            most = self.rounded(base * self.rate.or_nought(day, case), WHOLE)
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


def needs(block: Tax) -> Iterator[AnyOf]:
    """Give what it needs where it falls on no line: tax on what was paid out."""
    if not block.on:
        yield (Wanted("costs", "disbursement_vat"),)


def parts(block: Tax) -> Iterator[NeededKey]:
    """Give what its keys need."""
    if "paid_out" in block.model_fields_set and block.paid_out.disbursements != "none":
        yield "paid_out", (Wanted("costs", "disbursement_vat"),)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what bears it."""
    yield f"a percent of {listed(map(words, block.on))}: {said(block.rate_percent, contract)}"
    if block.paid_out.disbursements != "none":
        yield f"tax paid to others comes back as {words(block.paid_out.disbursements)}"


KIND = TaxKind(
    model=Tax,
    say=say,
    marks={
        "Tax": {PAID: "applies_to not_if dated_by on not_on rate_percent paid_out"},
        "PaidOut": {PAID: "disbursements"},
    },
    rule=TaxRule,
    needs=needs,
    parts=parts,
)
