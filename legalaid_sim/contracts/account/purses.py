"""Budgets that clients hold: when each begins, what is spent of it, what goes back, who takes it elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, NamedTuple

from legalaid_sim.contracts.kinds.payments.personal_budget import PersonalBudget
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.amounts import period_start
from legalaid_sim.contracts.tools.pricing_state import EXTRAS, PricingState
from legalaid_sim.contracts.vocabulary.facts import Burden, MatterFacts, Permission, ProviderFacts, whose
from legalaid_sim.units import add_months, add_up

# Of a block's budget, whose, and from which day of its period.
Key = tuple[str, str, date]


@dataclass(slots=True)
class Purse:
    """One client's budget of one period, in whole pence.

    Granted = spent on matters + fees for going elsewhere + gone back (nothing before it has) + what is left.
    """

    client: str
    began: date
    granted: int
    spent: dict[str, int] = field(default_factory=dict)
    fees: int = 0
    returned: int | None = None

    @property
    def left(self) -> int:
        """What is not spent, whether or not it has gone back."""
        return self.granted - self.fees - add_up(self.spent.values())


class PurseMove(NamedTuple):
    """Pence that a client was granted, or that went back to the payer unspent."""

    block: str
    client: str
    what: Literal["granted", "returned"]
    pence: int


class Purses:
    """The purses that one account draws on, and what clients do with them.

    The purse of a matter is that of the period in which it was opened. ``held`` may be shared by the accounts of an
    area, whose clients take a purse with them.
    """

    def __init__(self, terms: CompiledTerms, provider: ProviderFacts, year_from: date) -> None:
        self.budgets, self.provider, self.year_from = terms.budgets, provider, year_from
        self.terms = terms
        self.held: dict[Key, Purse] = {}
        self._moves: list[PurseMove] = []
        # By matter: until when a client who goes may still draw here, minutes that count, pence the client has added.
        self.leaving: dict[str, date] = {}
        self.counted: dict[str, int] = {}
        self.added: dict[str, int] = {}

    def keep_in(self, held: "dict[Key, Purse]") -> None:
        """Keep purses where other accounts of the area keep them too."""
        self.held = held

    def approves(self, budget: PersonalBudget) -> bool:
        """Tell whether a budget may be spent with this provider."""
        approved = budget.spends_on.approved
        return not approved or self.provider.name in approved

    def refuses(self, facts: MatterFacts, on: date) -> Permission | None:
        """Say why a client's budget pays for no new matter here; nothing where it does. Changes nothing."""
        for budget in self.budgets:
            paying = next(each for each in self.terms.payments if each.id == budget.id)
            if not paying.applies(self._case(facts, on)):
                continue
            if not self.approves(budget):
                why = f"the budget may not be spent with '{self.provider.name}'"
                return Permission("refuse", budget.id, why)
            if not budget.spends_on.client_may_top_up and not self._left(budget, facts, on):
                return Permission("refuse", budget.id, "nothing is left of the client's budget")
        return None

    def opened(self, facts: MatterFacts, on: date) -> Iterator[Burden]:
        """Let purses begin with their first matter; give the minutes of helping a client who is new to choose."""
        for budget in self.budgets:
            purse = self._purse(budget, facts, on)
            if budget.broker and budget.broker.minutes and not purse.spent:
                yield Burden(budget.id, budget.broker.minutes, 0, on)

    def draw(self, case: PricingState, on: date) -> None:
        """Note what a priced matter has drawn."""
        for budget in self.budgets:
            pence = add_up(e.pence for e in case.entries if e.block == budget.id and e.phase < EXTRAS)
            self._purse(budget, case.facts, on).spent[case.facts.ref] = pence

    def top_up(self, case: PricingState) -> int:
        """Give what a client pays beyond what was paid for the matter before, in pence."""
        ref, more = case.facts.ref, case.topped_up - self.added.get(case.facts.ref, 0)
        if more:
            self.added[ref] = case.topped_up
        return more

    def ranks(self, facts: MatterFacts, on: date) -> dict[str, int]:
        """Give what the client was granted, what this matter and others spent, what went back, minutes that count."""
        found: dict[str, int] = {}
        for budget in self.budgets:
            purse = self.held.get(self._key(budget, facts, on))
            if purse is not None:
                own = purse.spent.get(facts.ref, 0)
                found[f"{budget.id}.granted"] = purse.granted - purse.fees
                found[f"{budget.id}.own"] = own
                found[f"{budget.id}.spent"] = add_up(purse.spent.values()) - own
            if self._is_returned(budget, purse.began if purse else facts.opened or on, on):
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

    def bear(self, budget: PersonalBudget, facts: MatterFacts, on: date, fee: int) -> int:
        """Let a purse bear the fee for going elsewhere, as far as it reaches; give what it bears."""
        purse = self._purse(budget, facts, on)
        pence = min(fee, self._left(budget, facts, on))
        purse.fees += pence
        return pence

    def worked(self, facts: MatterFacts, on: date) -> None:
        """Count work that is done for a client who has given notice, as long as it runs."""
        if on <= self.leaving.get(facts.ref, date.min):
            self.counted[facts.ref] = facts.minutes.get("profit", 0)

    def let_back(self, on: date) -> None:
        """Let what is left of purses go back to the payer whose months have passed by a day."""
        blocks = {budget.id: budget for budget in self.budgets}
        for (name, _, _), purse in self.held.items():
            if purse.returned is None and self._is_returned(blocks[name], purse.began, on):
                purse.returned = purse.left
                self._moves.append(PurseMove(name, purse.client, "returned", purse.returned))

    def moved(self) -> list[PurseMove]:
        """Give what was granted and what went back since this was last asked."""
        moves, self._moves = self._moves, []
        return moves

    def _purse(self, budget: PersonalBudget, facts: MatterFacts, on: date) -> Purse:
        """Give the purse of a matter; it begins where there is none, and holds what the contract grants on that day."""
        key = self._key(budget, facts, on)
        purse = self.held.get(key)
        if purse is None:
            granted = self._granted(budget, facts, on)
            purse = self.held[key] = Purse(whose(facts), facts.opened or on, granted)
            self._moves.append(PurseMove(budget.id, purse.client, "granted", granted))
        return purse

    def _left(self, budget: PersonalBudget, facts: MatterFacts, on: date) -> int:
        purse = self.held.get(self._key(budget, facts, on))
        if purse is None:
            return self._granted(budget, facts, on)
        if self._is_returned(budget, purse.began, on):
            return 0
        return purse.left

    def _granted(self, budget: PersonalBudget, facts: MatterFacts, on: date) -> int:
        case = self._case(facts, on)
        amount = self.terms.context.money(budget.grants.amount, budget, "grants.amount")
        return amount.or_nought(case.day(budget.dated_by, budget.id), case)

    def _case(self, facts: MatterFacts, on: date) -> PricingState:
        return PricingState(facts, self.provider, self.terms.starts, on)

    def _is_returned(self, budget: PersonalBudget, began: date, on: date) -> bool:
        """Tell whether what was not spent of a purse has gone back to the payer by a day."""
        unspent = budget.unspent
        return unspent.returns_to == "payer" and on >= add_months(began, unspent.after_months)

    def _key(self, budget: PersonalBudget, facts: MatterFacts, on: date) -> Key:
        who = facts.ref if budget.grants.per == "matter" else whose(facts)
        return budget.id, who, period_start(budget.grants.per, facts.opened or on, self.year_from)
