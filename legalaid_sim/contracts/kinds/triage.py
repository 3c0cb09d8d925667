"""First contact by telephone: what each call earns, by how fast it was answered and what came of it."""

from datetime import date
from decimal import Decimal
from typing import Any

from legalaid_sim.contracts.schema.payments import Triage
from legalaid_sim.contracts.tools.amounts import pence_of
from legalaid_sim.contracts.tools.case import BASE, Case
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.vocabulary.conditions import compile_conditions, hold
from legalaid_sim.contracts.vocabulary.facts import Line, MatterFacts, ProviderFacts
from legalaid_sim.errors import Refusal


class CallFee:
    """A triage block, ready to price calls."""

    def __init__(self, block: Triage, provider: ProviderFacts, starts: date, library: Library) -> None:
        self.block, self.provider, self.starts = block, provider, starts
        self.clauses, self.unless = compile_conditions(block.applies_to), compile_conditions(block.not_if)
        self.amount = library.lookup(block.amount, pence_of, f"{block.id}.amount", block.table)
        self.results = {
            name: library.lookup(result.amount, pence_of, f"{block.id}.passes_on.{name}", block.table)
            for name, result in block.passes_on.items()
        }
        most = block.determination.at_most if block.determination else None
        self.most = library.maybe(most, pence_of, f"{block.id}.determination", block.table)

    def price(self, facts: MatterFacts, on: date, details: dict[str, Any]) -> tuple[Line, ...]:
        """Price one call: ``answered_after`` minutes, ``result``, and the facts that results ask for."""
        case = Case(facts, self.provider, self.starts, on)
        if not hold(self.clauses, case) or (self.unless and hold(self.unless, case)):
            return ()
        told = {**facts.facts, **details}
        if any(told.get(name) for name in self.block.exempt) or self._too_late(details):
            return ()
        pence = (self.amount.on(on, case) or 0) + self._result(told, on, case)
        most = self.most.on(on, case) if self.most is not None and self._out_of_scope(told) else None
        pence = pence if most is None else min(pence, most)
        return (Line(BASE, self.block.id, pence),) if pence else ()

    def _too_late(self, details: dict[str, Any]) -> bool:
        answer = self.block.answer
        waited = details.get("answered_after", 0)
        if isinstance(waited, bool) or not isinstance(waited, int | float | Decimal):
            raise Refusal(
                "bad-fact", self.block.id, f"answered_after is a number of minutes, found {waited!r}"
            )
        return answer is not None and answer.else_no_fee and waited > answer.within_minutes

    def _out_of_scope(self, told: dict[str, Any]) -> bool:
        when = self.block.determination.when if self.block.determination else ""
        return bool(told.get(when)) or told.get("result") == when

    def _result(self, told: dict[str, Any], on: date, case: Case) -> int:
        name = str(told.get("result", ""))
        terms = self.block.passes_on.get(name)
        if terms is None or (terms.only_if and not told.get(terms.only_if)):
            return 0
        return self.results[name].on(on, case) or 0
