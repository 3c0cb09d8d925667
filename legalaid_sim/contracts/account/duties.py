"""The admin that a contract asks for: duties that fall on events, and returns with their due days."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from legalaid_sim.contracts.blocks.duties import Duty, Return
from legalaid_sim.contracts.tools.amounts import day_of_month, ends_period
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.vocabulary.conditions import CompiledCondition, compile_conditions, hold
from legalaid_sim.contracts.vocabulary.facts import Burden, MatterFacts, PeriodFacts, ProviderFacts
from legalaid_sim.units import add_months

PERIODS = {"month_ended": "month", "quarter_ended": "quarter", "year_ended": "contract_year"}


class DutyRule:
    """A duty, ready: its minutes, its conditions, and its burdens by kind of matter."""

    def __init__(self, block: Duty, provider: ProviderFacts, starts: date, library: Library) -> None:
        self.block, self.provider, self.starts = block, provider, starts
        self.clauses: tuple[CompiledCondition, ...] = compile_conditions(block.applies_to)
        self.unless: tuple[CompiledCondition, ...] = compile_conditions(block.not_if)
        self.adviser = library.lookup(block.minutes.adviser, int, f"{block.id}.minutes")
        self.admin = library.lookup(block.minutes.admin, int, f"{block.id}.minutes")
        self.wait = timedelta(days=block.due_days)
        self.paid = bool(block.paid)
        # What falls on every matter alike is worked out once a day.
        self.alike = not (self.clauses or self.unless) and self.adviser.alike and self.admin.alike
        self.asked: date | None = None
        self.answer: Burden | None = None

    def burden(self, facts: MatterFacts, on: date) -> Burden | None:
        """Give the burden on a day, where the duty concerns the matter."""
        if not self.alike:
            return self._burden(facts, on)
        if on != self.asked:
            self.asked, self.answer = on, self._burden(facts, on)
        return self.answer

    def _burden(self, facts: MatterFacts, on: date) -> Burden | None:
        case = PricingState(facts, self.provider, self.starts, on)
        if not hold(self.clauses, case) or (self.unless and hold(self.unless, case)):
            return None
        adviser, admin = self.adviser.on(on, case) or 0, self.admin.on(on, case) or 0
        return Burden(self.block.id, adviser, admin, on + self.wait, self.paid) if adviser or admin else None


def burdens(rules: Iterable[DutyRule], facts: MatterFacts, on: date) -> tuple[Burden, ...]:
    """Give the burdens of all rules that concern a matter."""
    return tuple([found for rule in rules if (found := rule.burden(facts, on)) is not None])


class ReturnRule:
    """A return, ready: minutes for each and for each claim line; due on a day of a later month."""

    def __init__(self, block: Return, provider: ProviderFacts, starts: date, library: Library) -> None:
        self.block, self.starts = block, starts
        self.each = library.lookup(block.minutes.per_return, int, f"{block.id}.minutes")
        self.line = library.lookup(block.minutes.per_claim_line, int, f"{block.id}.minutes")
        self.case = PricingState(MatterFacts("-"), provider, starts)
        self.claims = 0

    def ended(self, period: PeriodFacts) -> Iterator[Burden]:
        """Give the return that a month's end asks for; none for an empty one that need not be sent."""
        self.claims += period.closed
        if not ends_period(PERIODS[self.block.falls_on], period.last, self.starts):
            return
        claims, self.claims = self.claims, 0
        if claims or self.block.nil_return == "required":
            line = self.line.on(period.last, self.case) or 0
            minutes = (self.each.on(period.last, self.case) or 0) + line * claims
            split = (minutes, 0) if self.block.done_by == "adviser" else (0, minutes)
            yield Burden(self.block.id, *split, self.due(period.last))

    def due(self, ended: date) -> date:
        """Give the last day on which the return is in time."""
        due = self.block.due
        return day_of_month(add_months(ended.replace(day=1), due.months_after), due.day)
