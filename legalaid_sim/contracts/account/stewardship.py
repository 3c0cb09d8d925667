"""What becomes of a grant's money with the provider: the part that it must pass on, and what it has not spent."""

from collections.abc import Iterable
from datetime import date

from legalaid_sim.contracts.kinds.payments.block_grant import BlockGrant
from legalaid_sim.contracts.kinds.payments.capitation import Capitation
from legalaid_sim.contracts.tools.amounts import WHOLE, Rounded, ends_period, millionths_of
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.tools.pricing_state import BASE, PERIOD, PricingState
from legalaid_sim.contracts.vocabulary.facts import Line, MatterFacts, PeriodFacts, ProviderFacts
from legalaid_sim.units import add_up

Granting = BlockGrant | Capitation


class Steward:
    """One grant, or price by head, of which a share is passed on or what is unspent goes back.

    Counts the year's grant and spending in whole pence. What the provider spends is all that it spends, whatever on,
    and what it passes on.
    """

    def __init__(
        self, block: Granting, provider: ProviderFacts, starts: date, library: Library, rounded: Rounded
    ) -> None:
        self.block, self.starts, self.rounded = block, starts, rounded
        self.case = PricingState(MatterFacts("-"), provider, starts)
        tolerance = block.unspent.tolerance_percent if block.unspent else None
        share = block.passed_on.percent if block.passed_on else None
        self.tolerance = library.maybe(tolerance, millionths_of, f"{block.id}.unspent")
        self.share = library.maybe(share, millionths_of, f"{block.id}.passed_on")
        self.granted = self.spent = 0

    def ended(self, lines: Iterable[Line], period: PeriodFacts) -> int:
        """Count a month; give the pence that the provider passes on of its part."""
        part = add_up(line.pence for line in lines if line.block == self.block.id and line.phase == BASE)
        share = self.share.or_nought(period.last, self.case) if self.share else 0
        passed_on = self.rounded(part * share, WHOLE)
        self.granted += part
        self.spent += period.spent + passed_on
        return passed_on

    def settled(self, last: date, over: bool = False) -> list[Line]:
        """At the end of the contract's year (or of the contract) take back what is unspent beyond the tolerance."""
        if not over and not ends_period("contract_year", last, self.starts):
            return []
        granted, spent = self.granted, self.spent
        self.granted = self.spent = 0
        if self.tolerance is None:
            return []
        kept = self.rounded(granted * self.tolerance.or_nought(last, self.case), WHOLE)
        back = granted - spent - kept
        return [Line(PERIOD, self.block.id, -back)] if back > 0 else []


def stewards(
    blocks: Iterable[object], provider: ProviderFacts, starts: date, library: Library, rounded: Rounded
) -> list[Steward]:
    """Give a steward for each block that asks for one."""
    return [
        Steward(block, provider, starts, library, rounded)
        for block in blocks
        if isinstance(block, BlockGrant | Capitation) and (block.unspent or block.passed_on)
    ]
