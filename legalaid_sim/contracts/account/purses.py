"""Budgets that clients hold: what is spent of each, until when it may be spent, and who takes it elsewhere."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from legalaid_sim.contracts.kinds.payments.personal_budget import PersonalBudget
from legalaid_sim.contracts.tools.amounts import period_start
from legalaid_sim.contracts.tools.pricing_state import EXTRAS, PricingState
from legalaid_sim.contracts.vocabulary.facts import Burden, MatterFacts, whose
from legalaid_sim.units import add_months, add_up

# Of a block's budget (or when it began), whose, and from which day of its period.
Key = tuple[str, str, date]


class Purses:
    """The purses of one account: pence spent by matter, the day on which each began, and what clients do with them.

    ``spent`` may be shared by the accounts of an area, whose clients take a purse with them.
    """

    def __init__(self, budgets: Sequence[PersonalBudget], year_from: date) -> None:
        self.budgets, self.year_from = tuple(budgets), year_from
        self.spent: dict[Key, dict[str, int]] = {}
        # By matter: until when a client who goes may still draw here, minutes that count, pence the client has added.
        self.leaving: dict[str, date] = {}
        self.counted: dict[str, int] = {}
        self.added: dict[str, int] = {}

    def keep_in(self, spent: "dict[Key, dict[str, int]]") -> None:
        """Keep what is spent where other accounts of the area keep it too."""
        self.spent = spent

    def opened(self, facts: MatterFacts, on: date) -> Iterator[Burden]:
        """Let purses begin with their first matter; give the minutes of helping a client who is new to choose."""
        for budget in self.budgets:
            if budget.broker and budget.broker.minutes and self._key(budget, facts, on) not in self.spent:
                yield Burden(budget.id, budget.broker.minutes, 0, on)
            self.spent.setdefault(self._began(budget, facts, on), {"": on.toordinal()})

    def draw(self, case: PricingState, on: date) -> None:
        """Note what a priced matter has drawn."""
        for budget in self.budgets:
            pence = add_up(e.pence for e in case.entries if e.block == budget.id and e.phase < EXTRAS)
            self.spent.setdefault(self._key(budget, case.facts, on), {})[case.facts.ref] = pence

    def top_up(self, case: PricingState) -> int:
        """Give what a client pays beyond what was paid for the matter before, in pence."""
        ref, more = case.facts.ref, case.topped_up - self.added.get(case.facts.ref, 0)
        if more:
            self.added[ref] = case.topped_up
        return more

    def ranks(self, facts: MatterFacts, on: date) -> dict[str, int]:
        """Give what others spent of the client's purses, whether they have gone back, and minutes that still count."""
        found: dict[str, int] = {}
        for budget in self.budgets:
            purse = self.spent.get(self._key(budget, facts, on), {})
            found[f"{budget.id}.spent"] = add_up(pence for ref, pence in purse.items() if ref != facts.ref)
            if self._is_returned(budget, facts, on):
                found[f"{budget.id}.returned"] = 1
            if facts.ref in self.counted:
                found[f"{budget.id}.kept"] = self.counted[facts.ref]
        return found

    def goes(self, facts: MatterFacts, on: date) -> None:
        """Note that a client gives notice: what is done after it draws on no purse."""
        if self.budgets:
            notice = max(budget.switch.notice_days for budget in self.budgets)
            self.leaving[facts.ref] = on + timedelta(days=notice)
            self.counted[facts.ref] = facts.minutes.get("profit", 0)

    def worked(self, facts: MatterFacts, on: date) -> None:
        """Count work that is done for a client who has given notice, as long as it runs."""
        if on <= self.leaving.get(facts.ref, date.min):
            self.counted[facts.ref] = facts.minutes.get("profit", 0)

    def _is_returned(self, budget: PersonalBudget, facts: MatterFacts, on: date) -> bool:
        """Tell whether what was not spent of a purse has gone back to the payer by a day."""
        if budget.unspent.returns_to != "payer":
            return False
        found = self.spent.get(self._began(budget, facts, on))
        period = self._key(budget, facts, on)[2]
        began = date.fromordinal(found[""]) if found else max(period, facts.opened or on)
        return on >= add_months(began, budget.unspent.after_months)

    def _key(self, budget: PersonalBudget, facts: MatterFacts, on: date) -> Key:
        who = facts.ref if budget.grants.per == "matter" else whose(facts)
        return budget.id, who, period_start(budget.grants.per, on, self.year_from)

    def _began(self, budget: PersonalBudget, facts: MatterFacts, on: date) -> Key:
        _, who, period = self._key(budget, facts, on)
        return f"{budget.id} began", who, period
