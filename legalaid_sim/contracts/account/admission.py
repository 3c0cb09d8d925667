"""Who may be taken: what a contract covers, how many matters may be opened, whose turn it is, who must be taken."""

from datetime import date
from typing import Any

from legalaid_sim.contracts.account.ceilings import Ceilings
from legalaid_sim.contracts.account.made import Made
from legalaid_sim.contracts.account.purses import Purses
from legalaid_sim.contracts.kinds.payments.capitation import Capitation
from legalaid_sim.contracts.kinds.payments.tendered_price import TenderedPrice
from legalaid_sim.contracts.kinds.payments.tendering import has_won
from legalaid_sim.contracts.kinds.permissions.kind import YES, Decision
from legalaid_sim.contracts.kinds.registry import PERMISSIONS
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.amounts import pence_of
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.vocabulary.conditions import compile_conditions, hold
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, Permission, ProviderFacts


class Admission:
    """The permissions of one account; asking changes nothing, opening is counted."""

    def __init__(
        self, terms: CompiledTerms, provider: ProviderFacts, made: Made, ceilings: Ceilings, purses: Purses
    ) -> None:
        self.terms, self.provider, self.ceilings, self.purses = terms, provider, ceilings, purses
        self.suspended_until, self.ends_on = date.min, date.max
        blocks, payments = terms.contract.permissions, terms.contract.payments
        kinds = [(block, PERMISSIONS[block.kind]) for block in blocks]
        self.books = [kind.book(block, *made) for block, kind in kinds if kind.book]
        self.priorities = [
            [compile_conditions(those) for those in kind.order(block)] for block, kind in kinds if kind.order
        ]
        self.authorities = {block.id: block for block, kind in kinds if kind.decide}
        self._deciding = {block.id: kind.decide for block, kind in kinds if kind.decide}
        self.must = [
            (compile_conditions(block.must_accept.applies_to), block.must_accept.unless)
            for block in payments
            if isinstance(block, Capitation) and block.must_accept is not None
        ]
        # Tenders of which this provider holds no part, because other bids have won.
        self.lost = frozenset(
            block.id
            for block in payments
            if isinstance(block, TenderedPrice) and not has_won(block.award, provider)
        )

    def covers(self, facts: MatterFacts) -> bool:
        """Tell whether the contract is about matters of this kind at all."""
        return self.terms.covers(facts, self.provider) and (
            not self.lost or self.terms.covers_without(self.lost, facts, self.provider)
        )

    def may_open(self, facts: MatterFacts, on: date) -> Permission:
        """Say whether a matter may be opened on a day; changes nothing."""
        if on >= self.ends_on:
            return Permission("refuse", "sanctions", f"the contract ended on {self.ends_on}")
        if on < self.suspended_until:
            return Permission(
                "refuse",
                "sanctions",
                f"new matters are suspended until {self.suspended_until}",
                self.suspended_until,
            )
        if not self.covers(facts):
            return Permission("refuse", "", f"the contract does not cover category '{facts.category}'")
        left_out = self.terms.out_of_scope(facts, self.provider)
        refused = Permission("refuse", *left_out) if left_out else None
        if refused is None and self.terms.budgets:
            refused = self.purses.refuses(facts, on)
        return refused or self._room(facts, on)

    def _room(self, facts: MatterFacts, on: date) -> Permission:
        reached = self.ceilings.reached(facts, on)
        if reached is not None:
            return reached
        for book in self.books:
            if book.concerns(facts):
                answer = book.may_open(on)
                if answer.manner != "yes":
                    return answer
        return YES

    def opened(self, facts: MatterFacts, on: date) -> None:
        """Count a matter start."""
        for book in self.books:
            if book.concerns(facts):
                book.opened(on)

    def suspend(self, until: date) -> None:
        """Let no matter be opened before a day."""
        self.suspended_until = max(self.suspended_until, until)

    def end(self, on: date) -> None:
        """Let no matter be opened from a day on."""
        self.ends_on = min(self.ends_on, on)

    def rank(self, facts: MatterFacts) -> int:
        """Give the place of a matter in the order of who is taken first: 0, then 1; 0 for all where nothing is said."""
        case = PricingState(facts, self.provider, self.terms.starts)
        for clauses in self.priorities:
            place = next((n for n, held in enumerate(clauses) if hold(held, case)), len(clauses))
            if place:
                return place
        return 0

    def must_accept(self, facts: MatterFacts) -> bool:
        """Tell whether a capitation block forbids turning this matter away."""
        case = PricingState(facts, self.provider, self.terms.starts)
        return any(
            hold(clauses, case) and not (unless and facts.facts.get(unless)) for clauses, unless in self.must
        )

    def authority(
        self, facts: MatterFacts, on: date, name: str, requested: int, u: tuple[float, float]
    ) -> Decision:
        """Ask to pass a limit; a grant is written into the matter's facts, where limits find it."""
        granted = facts.facts.get(f"{name}.limit")
        standing = granted if isinstance(granted, int) else self._written_limit(facts, on, name)
        decision = self._deciding[name](self.authorities[name], requested, on, u, standing)
        if decision.result != "refused":
            facts.facts[f"{name}.limit"] = decision.limit
        return decision

    def _written_limit(self, facts: MatterFacts, on: date, name: str) -> int:
        """Give the highest limit that an authority lifts for a matter, in pence; 0 where it lifts none."""
        case = PricingState(facts, self.provider, self.terms.starts, on)
        found: list[int | None] = []
        for paying in self.terms.payments:
            block: Any = paying.block
            for key, limit in block.limits.items():
                if limit.unless == name and paying.applies(case):
                    most = self.terms.library.lookup(
                        limit.at_most, pence_of, f"{block.id}.limits.{key}", block.table
                    )
                    found.append(most.on(case.day(paying.dated_by, paying.id), case))
        return max([pence for pence in found if pence is not None], default=0)
