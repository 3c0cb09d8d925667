"""Ceilings over many matters: what named payments may earn in a period, or for one client."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from legalaid_sim.contracts.account.made import Made
from legalaid_sim.contracts.kinds.payments.limit import BY_CLIENT, Envelope, Limit
from legalaid_sim.contracts.kinds.payments.outcome_payment import OutcomePayment
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.amounts import pence_of, period_start
from legalaid_sim.contracts.tools.pricing_state import TAX, TOTAL_LIMIT, PricingState
from legalaid_sim.contracts.vocabulary.facts import (
    Line,
    MatterFacts,
    Permission,
    whose,
)
from legalaid_sim.units import add_up


class Ceilings:
    """What an account has given toward the ceilings of its contract, and what comes off beyond them."""

    def __init__(self, terms: CompiledTerms, made: Made, year_from: date) -> None:
        self.terms, self.year_from = terms, year_from
        blocks, provider = terms.contract.payments, made[0]
        self._nobody = PricingState(MatterFacts("-"), provider, terms.starts)
        self.envelopes: list[Envelope] = []
        for block in blocks:
            if isinstance(block, Limit):
                self.envelopes.append(Envelope(block, *made, terms.rounded).within(self.envelopes))
        self._own = {
            block.id: (block.at_most, terms.library.lookup(block.at_most.amount, pence_of, block.id))
            for block in blocks
            if isinstance(block, OutcomePayment) and block.at_most is not None
        }
        self.spent: dict[tuple[str, str, date], int] = {}

    def __bool__(self) -> bool:
        return bool(self._own or self.envelopes)

    def hold(
        self, lines: tuple[Line, ...], on: date, client: str = "", case: PricingState | None = None
    ) -> tuple[tuple[Line, ...], tuple[str, ...]]:
        """Hold lines to the ceilings of their periods and of their client; give them with what comes off, and flags.

        ``case`` is the matter that was priced, where it is known: the tax that it bore comes off with what bore it.
        """
        held, flags = list(lines), []
        for block, (most, amount) in self._own.items():
            off = self._over_ceiling(block, most, amount.or_nought(on, self._nobody), lines, on, client)
            if off:
                held += (Line(TOTAL_LIMIT, block, -off), *self._tax_off(case, {block}, off))
                flags.append(f"{block}_at_limit")
        for envelope in self.envelopes:
            off, over = envelope.hold(held, on, client)
            if off:
                held += (Line(TOTAL_LIMIT, envelope.id, -off), *self._tax_off(case, envelope.counted, off))
            if over:
                flags.append(f"{envelope.id}_at_limit")
        return tuple(held), tuple(flags)

    def _tax_off(self, case: PricingState | None, blocks: Collection[str], off: int) -> Iterator[Line]:
        """Give the tax that goes with pence which a ceiling takes off these blocks."""
        if case is None:
            return
        whole = add_up(entry.pence for entry in case.entries if entry.block in blocks)
        for taxing in self.terms.taxes:
            if whole > 0 and taxing.applies(case):
                pence = self.terms.tax_on(taxing, case, blocks)
                tax = self.terms.rounded(pence.numerator * off, pence.denominator * whole)
                if tax:
                    yield Line(TAX, taxing.id, -tax)

    def _over_ceiling(
        self, block: str, most: Any, ceiling: int, lines: Iterable[Line], on: date, client: str
    ) -> int:
        who = client if most.per in BY_CLIENT else ""
        key = (block, who, period_start(most.per, on, self.year_from))
        pence = add_up(line.pence for line in lines if line.block == block)
        before = self.spent.get(key, 0)
        # No more than these lines bring: what was given before is not taken back.
        off = min(max(0, before + pence - ceiling), max(0, pence))
        self.spent[key] = before + pence - off
        return off

    def reached(self, facts: MatterFacts, on: date) -> Permission | None:
        """Refuse a new matter where a limit that stops new matters is reached."""
        for envelope in self.envelopes:
            if envelope.full(on, whose(facts)):
                manner = envelope.block.at_most.on_breach if envelope.block.at_most else "refuse"
                return Permission(manner, envelope.id, f"the limit of the {envelope.block.per} is reached")
        return None

    def end(self) -> None:
        """Guarantee no floor any more."""
        for envelope in self.envelopes:
            envelope.end()
