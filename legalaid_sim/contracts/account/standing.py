"""What each matter was claimed at and given, for what is given or taken back later.

Whatever takes back looks here at what was given, penny by penny and payment by payment, so that tax goes with
what bore it and nothing is taken back twice.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from legalaid_sim.contracts.kinds.payments.escaping import Assessment
from legalaid_sim.contracts.kinds.payments.fixed_fee import FixedFee
from legalaid_sim.contracts.kinds.registry import DUTIES
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.tools.pricing_state import PERIOD, TOTAL_LIMIT, PricingState
from legalaid_sim.contracts.vocabulary.facts import Line, MatterFacts, ProviderFacts
from legalaid_sim.units import add_up

if TYPE_CHECKING:
    from legalaid_sim.contracts.pricing.terms import CompiledTerms

NILS = ("nil_the_claim", "reduce_to_nothing")


class EscapedClaim(NamedTuple):
    """An escaped claim as it was made: the facts and ranks of that day, and the payments to be assessed."""

    facts: MatterFacts
    ranks: Mapping[str, int]
    on: date
    blocks: tuple[FixedFee, ...]


def assessment_of(block: FixedFee) -> Assessment | None:
    """Give how escaped claims of a payment are assessed; one paid on assessment is paid in full unless said."""
    if block.escape is None:
        return None
    waits = block.escape.pays == "on_assessment"
    return block.escape.assessment or (Assessment() if waits else None)


def changes(before: Iterable[Line], after: Iterable[Line]) -> tuple[Line, ...]:
    """Give what lines come to beyond others, by phase and payment, in order of first appearance."""
    sums: dict[tuple[int, str], int] = {}
    for sign, lines in ((1, after), (-1, before)):
        for phase, block, pence in lines:
            sums[phase, block] = sums.get((phase, block), 0) + sign * pence
    return tuple(Line(phase, block, pence) for (phase, block), pence in sums.items() if pence)


class PaymentStanding:
    """What matters were given so far by payment, and the escaped claims that wait for their assessment."""

    def __init__(self, contract: Contract) -> None:
        self.assessed = tuple(
            block for block in contract.payments if isinstance(block, FixedFee) and assessment_of(block)
        )
        self.takes_back = bool(self.assessed) or any(
            (follows := DUTIES[block.kind].if_missed(block)) and follows.does in NILS
            for block in contract.duties
        )
        self.waiting: dict[str, EscapedClaim] = {}
        self._given: dict[str, dict[str, int]] = {}

    def given(self, ref: str, lines: Iterable[Line]) -> None:
        """Note lines that a matter was given, where anything may take back."""
        if self.takes_back:
            sums = self._given.setdefault(ref, {})
            for line in lines:
                sums[line.block] = sums.get(line.block, 0) + line.pence

    def everything(self, ref: str) -> tuple[Line, ...]:
        """Give the lines that take back all that a matter was given; nothing is left to assess."""
        self.waiting.pop(ref, None)
        given = self._given.get(ref, {})
        return tuple(Line(PERIOD, block, -pence) for block, pence in given.items() if pence)

    def escaped(self, case: PricingState, on: date) -> tuple[FixedFee, ...]:
        """Keep a claim that escaped, as it is made, until it is assessed; give the payments it is about."""
        paid = {entry.block for entry in case.entries}
        blocks = tuple(
            block
            for block in self.assessed
            if block.escape and block.escape.flag in case.flags and block.id in paid
        )
        if blocks:
            # A copy: the matter goes on, and the claim is assessed as it was made.
            self.waiting[case.facts.ref] = EscapedClaim(deepcopy(case.facts), case.ranks, on, blocks)
        return blocks

    def days_to_assess(self, ref: str) -> int | None:
        """Give the days that an escaped claim waits for its assessment, where the contract says so."""
        said = [
            terms.days
            for block in self.waiting[ref].blocks
            if (terms := assessment_of(block)) is not None and "days" in terms.model_fields_set
        ]
        return max(said, default=None)

    def never_below(self, ref: str, lines: tuple[Line, ...], limit: str) -> tuple[Line, ...]:
        """Give lines that take back no more than a matter was given, where a limit over all held some of it off."""
        left = add_up(self._given.get(ref, {}).values()) + add_up(line.pence for line in lines)
        return lines if left >= 0 else (*lines, Line(TOTAL_LIMIT, limit, -left))


def reassessed(
    terms: "CompiledTerms", provider: ProviderFacts, claim: EscapedClaim, results: Mapping[str, str]
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Price a claim as made, as paid in full, and as decided; give what the second and the third step change."""

    def priced(assessed: Mapping[str, str]) -> Iterator[Line]:
        found = terms.price(claim.facts, provider, claim.on, claim.ranks, assessed=assessed)
        return (Line(*entry[:3]) for entry in found.entries)

    made, full, decided = (
        tuple(priced(each)) for each in ({}, dict.fromkeys(results, "paid_in_full"), results)
    )
    return changes(made, full), changes(full, decided)
