"""What one more minute would earn: the pay curve of a matter, found by asking the compiled price on a grid.

Nothing here looks at kinds of block, so a new contract file changes what providers see with no code changed.
Segments are a forecast in floating point, never money.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from legalaid_sim.contracts.kinds.registry import PAYMENTS
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.pricing_state import TAX, PricingState
from legalaid_sim.contracts.vocabulary.conditions import STATIC, fact_getter, is_static, plain_name
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts, Segment
from legalaid_sim.errors import Refusal
from legalaid_sim.units import add_up

# A billing unit of hourly pay, so that no step of it falls between two points; up to forty hours on a matter.
STEP = 6
LAST = 40 * 60
GRID = tuple(range(0, LAST + 1, STEP))
# A penny: by so much does rounding bend what is straight.
NOISE = 1.0
PASSED_ON = frozenset({"tax", "disbursement_tax", "disbursements"})


def pay_at(terms: CompiledTerms, provider: ProviderFacts, facts: MatterFacts, minutes: int) -> int:
    """Give the pence a matter would earn at so many profit minutes, without tax and money passed on."""
    # Without costs that are stated for this work: they would be paid whatever the minutes.
    supposed = replace(facts, minutes={**facts.minutes, "profit": minutes}, costs=_without_profit(facts))
    supposed.opened = facts.opened or terms.starts
    case = PricingState(
        supposed, provider, terms.starts, facts.closed or facts.opened or terms.starts, forecast=True
    )
    try:
        terms.run(case)
    except Refusal:
        return 0
    return add_up(entry.pence for entry in case.entries if entry.phase != TAX and entry.kind not in PASSED_ON)


Get = Callable[[PricingState], Any]


class CurveKey:
    """What a pay curve can depend on: the kind of matter, the versions in force, the facts asked for."""

    def __init__(self, terms: CompiledTerms) -> None:
        self.days = terms.library.changes()
        names = {
            plain_name(clause.name)
            for block in (*terms.payments, *terms.taxes)
            for clause in (*block.clauses, *block.unless)
            if not is_static(clause)
        }
        payments = [(block, PAYMENTS[block.kind]) for block in terms.contract.payments]
        names |= {plain_name(name) for block, kind in payments for name in kind.facts_read(block)}
        names |= {key for table in terms.library.tables.values() for key in table.keys}
        self.gets: list[Get] = [
            fact_getter(name)
            for name in sorted(names - STATIC)
            if not name.startswith(("work.", "row.", "event.", "count.", "costs."))
        ]
        self.gets += [_counts, _other_costs, _other_minutes]
        self.gets += dict.fromkeys(get for block, kind in payments for get in kind.curve(block))
        if any(getattr(block.block, "limits", None) for block in terms.payments):
            self.gets += [_lifted]

    def of(self, case: PricingState) -> tuple[Any, ...]:
        """Give the key of a case."""
        facts = case.facts
        return (
            facts.category, facts.fee_code, facts.region, facts.channel,
            self._era(facts.opened), self._era(facts.closed), *[get(case) for get in self.gets],
        )  # fmt: skip

    def _era(self, day: date | None) -> int:
        return -1 if day is None else bisect_right(self.days, day)


def _counts(case: PricingState) -> Any:
    return tuple(sorted(case.facts.counts.items())) if case.facts.counts else ()


def _other_costs(case: PricingState) -> Any:
    return tuple(sorted(_without_profit(case.facts).items())) if case.facts.costs else ()


def _other_minutes(case: PricingState) -> Any:
    return tuple(sorted(item for item in case.facts.minutes.items() if item[0] != "profit"))


def _lifted(case: PricingState) -> Any:
    return tuple(sorted((name, str(value)) for name, value in case.facts.facts.items() if value))


def _without_profit(facts: MatterFacts) -> dict[str, int]:
    return {heading: pence for heading, pence in facts.costs.items() if heading != "profit"}


def pay_curve(terms: CompiledTerms, provider: ProviderFacts, facts: MatterFacts) -> tuple[Segment, ...]:
    """Give the pay of a matter over profit minutes, as straight pieces joined where they meet."""
    return join([pay_at(terms, provider, facts, minutes) for minutes in GRID])


def join(pay: list[int]) -> tuple[Segment, ...]:
    """Join points on the grid into straight pieces, each as far as its steps stay within a penny of its first.

    A single step that fits neither neighbour is a jump: the next piece starts above where the last one
    arrives.
    """
    segments: list[Segment] = []
    at, last = 0, len(pay) - 1
    while at < last:
        end = _reach(pay, at)
        slope = (pay[end] - pay[at]) / ((end - at) * STEP)
        if end == at + 1 and end < last and not _goes_on(pay, at):
            at = end
            continue
        segments.append(Segment(GRID[at], float(pay[at]), slope))
        at = end
    return tuple(_merged(segments)) or (Segment(0, float(pay[0]), 0.0),)


def _reach(pay: list[int], at: int) -> int:
    """Give how far one straight piece goes from here."""
    end = at + 1
    first = pay[end] - pay[at]
    while end + 1 < len(pay) and abs(pay[end + 1] - pay[end] - first) <= NOISE:
        end += 1
    return end


def _goes_on(pay: list[int], at: int) -> bool:
    step = pay[at + 1] - pay[at]
    before = pay[at] - pay[at - 1] if at else step
    return abs(step - before) <= NOISE


def _merged(segments: list[Segment]) -> list[Segment]:
    kept: list[Segment] = []
    for segment in segments:
        if kept and _continues(kept[-1], segment):
            continue
        kept.append(segment)
    return kept


def _continues(before: Segment, after: Segment) -> bool:
    arrives = before.base + before.slope * (after.start - before.start)
    return abs(arrives - after.base) <= NOISE and abs(before.slope - after.slope) * STEP <= NOISE


def raised(segments: tuple[Segment, ...], slope: float) -> tuple[Segment, ...]:
    """Add the value of a minute that counts elsewhere (toward hours bought) to every piece."""
    if not slope:
        return segments
    return tuple(
        Segment(piece.start, piece.base + slope * piece.start, piece.slope + slope) for piece in segments
    )
