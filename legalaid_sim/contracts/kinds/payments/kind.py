"""A kind of payment: what every kind says, and how it is paid.

One of ``price``, ``monthly``, ``holds`` and ``own_moment`` says what it pays.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from legalaid_sim.contracts.kinds.kind import Kind, Sets, nothing
from legalaid_sim.contracts.kinds.payments.monthly import Monthly
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep
from legalaid_sim.contracts.tools.page import Placed
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.vocabulary.conditions import CompiledCondition
from legalaid_sim.contracts.vocabulary.wants import AnyOf
from legalaid_sim.yamlfile import Path


def its_amount(block: Any) -> Iterator[tuple[Path, Any]]:
    """Give the one amount by which a block pays."""
    yield ("amount",), getattr(block, "amount", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentKind(Kind):
    """One kind of payment."""

    sets: tuple[Sets, ...] = ("pay",)
    # What it pays: the steps by which it prices a matter, or what a month's end brings.
    price: Callable[[Any, CompileContext], Iterator[PhaseStep]] | None = None
    monthly: type[Monthly] | None = None
    # It pays for the whole of a matter, and no two such blocks for the same one.
    is_base: bool = False
    # It may stand beside whatever else pays for a matter.
    beside: bool = False
    # It pays for no matter by itself.
    adds_only: bool = False
    # It looks for itself whether what it is earned on has happened.
    own_moment: bool = False
    # It pays every hour alike; its amount is for a whole matter.
    by_the_hour: bool = False
    for_a_matter: bool = False
    # Conditions that it puts on a matter or a provider beside those written.
    clauses: Callable[[Any], Iterable[CompiledCondition]] = nothing
    # The same as what must happen, where a run could bring it about.
    asks: Callable[[Any], Iterable[AnyOf]] = nothing
    # Payments whose earnings it holds within bounds, by their ids; it earns nothing for work itself.
    holds: Callable[[Any], tuple[str, ...]] | None = None
    # What its pay depends on beside minutes, counts, costs and its own conditions, by functions of a case and by names
    # of facts: part of the key of a pay curve.
    curve: Callable[[Any], Iterable[Callable[[PricingState], Any]]] = nothing
    facts_read: Callable[[Any], Iterable[str]] = nothing
    # Facts to suppose that it tells apart, and minutes of casework at which it changes its mind.
    circumstances: Callable[[Any], Iterable[dict[str, Any]]] = nothing
    work_edges: Callable[[Any], Iterable[int]] = nothing
    # Costs, minutes or counts of a claim of which it needs one at least.
    inputs: Callable[[Any], list[str]] = lambda block: []
    # The amounts by which it pays, the steps at which pay changes, the headings under which it earns.
    amounts: Callable[[Any], Iterable[tuple[Path, Any]]] = its_amount
    pay_steps: Callable[[Any], Iterable[Decimal]] = nothing
    headings: Callable[[Placed], Iterable[str]] = nothing
