"""First contact by telephone: what each call earns, by how fast it was answered and what came of it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.blocks.marking import PAID, TOLD, Unheard
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.tools.amounts import pence_of
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.tools.pricing_state import BASE, PricingState
from legalaid_sim.contracts.tools.wording import said, words
from legalaid_sim.contracts.vocabulary.conditions import compile_conditions, hold
from legalaid_sim.contracts.vocabulary.facts import Line, MatterFacts, ProviderFacts
from legalaid_sim.contracts.vocabulary.values import Count, MoneyValue, Terms, YesNo
from legalaid_sim.contracts.vocabulary.wants import AnyOf, NeededKey, Wanted
from legalaid_sim.errors import Refusal


class Answer(Terms):
    """How fast a call must be answered to earn its fee."""

    within_minutes: Count
    else_no_fee: YesNo = True


class Determination(Terms):
    """The most that is paid where the first contact finds the caller out of scope."""

    at_most: MoneyValue
    when: str = "out_of_scope"


class PassesOn(Terms):
    """What a call earns by its result."""

    amount: MoneyValue
    only_if: str | None = None


class Triage(PaymentBlock):
    """A fee for each first contact by telephone, by result."""

    kind: Literal["triage"]
    amount: MoneyValue
    per: Literal["call"] = "call"
    answer: Answer | None = None
    determination: Determination | None = None
    passes_on: dict[str, PassesOn] = Field(default_factory=dict)
    exempt: tuple[str, ...] = ()


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
        case = PricingState(facts, self.provider, self.starts, on)
        if not hold(self.clauses, case) or (self.unless and hold(self.unless, case)):
            return ()
        told = {**facts.facts, **details}
        if any(told.get(name) for name in self.block.exempt) or self._too_late(details):
            return ()
        pence = self.amount.or_nought(on, case) + self._result(told, on, case)
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

    def _result(self, told: dict[str, Any], on: date, case: PricingState) -> int:
        name = str(told.get("result", ""))
        terms = self.block.passes_on.get(name)
        if terms is None or (terms.only_if and not told.get(terms.only_if)):
            return 0
        return self.results[name].or_nought(on, case)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    yield f"{said(block.amount, contract)} a call"
    if block.answer is not None and block.answer.else_no_fee:
        yield f"nothing when it is not answered within {block.answer.within_minutes} minutes"
    if block.determination is not None:
        most = said(block.determination.at_most, contract)
        yield f"at most {most} where the caller is found {words(block.determination.when)}"
    for result, passed in block.passes_on.items():
        yield f"{said(passed.amount, contract)} when {words(result)}"


def parts(block: Triage) -> Iterator[NeededKey]:
    """Give what its keys need."""
    for result, terms in block.passes_on.items():
        yield f"passes_on.{result}", (Wanted("call", result),)
        if terms.only_if:
            yield f"passes_on.{result}.only_if", (Wanted("call", terms.only_if),)
    if block.determination is not None:
        yield "determination", (Wanted("call", block.determination.when),)
    yield from ((f"exempt.{name}", (Wanted("call", name),)) for name in block.exempt)


def needs(block: Triage) -> Iterator[AnyOf]:
    """Calls that are answered."""
    yield (Wanted("event", "call_answered"),)


KIND = PaymentKind(
    model=Triage,
    say=say,
    marks={
        "Triage": {
            PAID: "amount answer determination passes_on exempt",
            TOLD: "per earned dated_by exception_to hit limits tax_on tax_before",
        },
        "Answer": {PAID: "within_minutes else_no_fee"},
        "Determination": {PAID: "at_most when"},
        "PassesOn": {PAID: "amount only_if"},
    },
    unheard={
        "Triage": (
            Unheard("limits", "a call has no limits of cost; write determination.at_most"),
            Unheard("tax_on", "a call bears no tax"),
            Unheard("tax_before", "a call bears no tax"),
        )
    },
    own_moment=True,
    needs=needs,
    parts=parts,
)
