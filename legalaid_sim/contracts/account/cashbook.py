"""The money of an account: what is earned by lines, which cash rule pays it, what is kept back, what has been paid."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property, partial
from typing import Any

from legalaid_sim.contracts.account.withholding import Withholding
from legalaid_sim.contracts.kinds.cash.rule import CashRule
from legalaid_sim.contracts.kinds.cash.variable_monthly import WHERE_NOTHING_IS_SAID
from legalaid_sim.contracts.kinds.controls.kind import Keeper, WatchedTarget
from legalaid_sim.contracts.kinds.registry import CASH, CONTROLS
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.amounts import (
    half_up,
    next_month,
    pence_of,
    working_day,
)
from legalaid_sim.contracts.tools.holders import advisers_of
from legalaid_sim.contracts.tools.pricing_state import PERIOD, PricingState
from legalaid_sim.contracts.vocabulary.facts import (
    CashPayment,
    Line,
    MatterFacts,
    ProviderFacts,
)
from legalaid_sim.units import MONTHS_PER_YEAR, add_up


class Cashbook:
    """What one organisation has earned and been paid under a contract, in pence."""

    def __init__(self, terms: CompiledTerms, provider: ProviderFacts, starts: date, year_from: date) -> None:
        self.terms, self.provider, self.starts, self.year_from = terms, provider, starts, year_from
        self.earned = self.paid = 0
        self.over = False
        self.delay_months = 0
        self.withholding = Withholding()
        self.kept: list[Keeper] = [
            keeper(block, year_from, terms.rounded)
            for block in terms.contract.controls
            if (keeper := CONTROLS[block.kind].keeper)
        ]
        self.rules: list[CashRule] = self._cash_rules()
        self._routes: dict[str, CashRule] = {}

    def _cash_rules(self) -> list[CashRule]:
        blocks = self.terms.contract.cash or (WHERE_NOTHING_IS_SAID,)
        return [
            CASH[block.kind].rule(block, self.year_from, self._opening(block), partial(self._expected, block))
            for block in blocks
        ]

    def _expected(self, block: Any, on: date) -> int:
        """Give the claims of a year as foreseen on a day, in pence; 0 where nobody foresaw any.

        For a level payment what is expected of this provider goes before what the contract expects of any.
        """
        form = getattr(block, "expected_claims", None)
        stated = self.provider.facts.get("expected_claims")
        if CASH[block.kind].stated_first and isinstance(stated, int):
            return stated
        if form is None:
            return 0
        pence = self._pence(form, f"{block.id}.expected_claims", on)
        each = getattr(block, "for_each", "contract") == "adviser"
        return int(pence * advisers_of(self.provider)) if each else pence

    def _opening(self, block: Any) -> int | None:
        form = getattr(block, "opening_amount", None)
        if form is None:
            return None
        if form != "one_twelfth_of_expected_claims":
            return self._pence(form, f"{block.id}.opening_amount", self.starts)
        expected = self._expected(block, self.starts)
        return half_up(expected, MONTHS_PER_YEAR) if expected else None

    @property
    def unforeseen(self) -> tuple[str, ...]:
        """Name the level payments that open at a twelfth of expected claims of which nobody says anything."""
        return tuple(rule.block.id for rule in self.rules if rule.unforeseen)

    def _pence(self, form: Any, name: str, on: date) -> int:
        lookup = self.terms.library.lookup(form, pence_of, name)
        return lookup.or_nought(max(on, self.terms.starts), self._nobody)

    @cached_property
    def _nobody(self) -> PricingState:
        return PricingState(MatterFacts("-"), self.provider, self.terms.starts)

    def enter(self, lines: Iterable[Line], on: date) -> None:
        """Enter lines as earned, and hand them to their cash rules."""
        for line in lines:
            self.earned += line.pence
            self._route(line.block).take(line.pence, on)

    def _route(self, block: str) -> CashRule:
        found = self._routes.get(block)
        if found is None:
            named = (r for r in self.rules if r.block.pays_for != "all" and block in r.block.pays_for)
            whole = (r for r in self.rules if r.block.pays_for == "all")
            found = self._routes[block] = next(named, None) or next(whole, self.rules[0])
        return found

    def ahead(self, on: date) -> tuple[CashPayment, ...]:
        """Decide what is paid on the first day of all: advances for the months that it falls into."""
        payments = tuple(self._less_kept(payment) for rule in self.rules for payment in rule.begin(on))
        self.paid += add_up(payment.pence for payment in payments)
        return payments

    def due(self, on: date) -> tuple[CashPayment, ...]:
        """Decide the payments at a month's end, with the days on which they move."""
        later, self.delay_months = self.delay_months, 0
        payments = [
            self._less_kept(self.withholding.hold_back(payment, self.terms.rounded))
            for rule in self.rules
            for payment in (rule.finish if self.over else rule.due)(on, later)
        ]
        payments += self._released(on)
        payments += [payment for keeping in self.kept for payment in keeping.release(on)]
        self.paid += add_up(payment.pence for payment in payments)
        return tuple(payment for payment in payments if payment.pence)

    def _less_kept(self, payment: CashPayment) -> CashPayment:
        for keeping in self.kept:
            payment = keeping.keep(payment)
        return payment

    def not_paid(self, payment: CashPayment) -> None:
        """Undo an advance that was decided, and not paid because the contract was over before its day."""
        self.paid -= payment.pence
        for rule in self.rules:
            if rule.block.id == payment.block:
                rule.not_paid(payment)

    def _released(self, on: date) -> list[CashPayment]:
        pence = self.withholding.turn()
        return [CashPayment(working_day(next_month(on), 10), "sanctions", pence)] if pence else []

    def outstanding(self) -> int:
        """Give the entitlement not paid yet, in pence; less than nothing where payments have run ahead."""
        return self.earned - self.paid

    def reviews(self) -> dict[str, float]:
        """Give the last reviewed position of each level payment, claims over payments in percent."""
        return {rule.block.id: rule.reviews[-1].position_percent for rule in self.rules if rule.reviews}

    def delay(self, months: int) -> None:
        """Let what is due at the next month's end move so many months later."""
        self.delay_months = max(self.delay_months, months)

    def judge(self, kpis: list[WatchedTarget], on: date) -> tuple[list[str], list[Line]]:
        """Release what is kept back where targets are met, and strike what is lost; give the flags and the lines."""
        flags: list[str] = []
        lines: list[Line] = []
        for keeping in self.kept:
            released, lost = keeping.judge(kpis, on)
            flags += [f"released:{keeping.block.id}"] if released else []
            lines += self._lost(keeping, lost)
        return flags, lines

    def end(self) -> list[Line]:
        """Give what is lost of what was kept back when the contract ends."""
        return [line for keeping in self.kept for line in self._lost(keeping, keeping.end())]

    def _lost(self, keeping: Keeper, pence: int) -> list[Line]:
        """Strike from what was earned what will never be paid; the cash rules have it as paid already."""
        self.earned -= pence
        return [Line(PERIOD, keeping.block.id, -pence)] if pence else []

    def settle_up(self, on: date) -> tuple[CashPayment, ...] | None:
        """Take back what an ended contract has paid beyond what was earned, once it owes nothing; None until then."""
        if any(rule.owed > 0 for rule in self.rules):
            return None
        payments = tuple(payment for rule in self.rules for payment in rule.taken_back(on))
        self.paid += add_up(payment.pence for payment in payments)
        return payments
