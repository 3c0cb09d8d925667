"""A kind of payment block: all that there is to know of it, for everybody who asks.

Nothing outside the file of a kind knows it by its name; prices, accounts, checks, plain English and forecasts read what
is registered. Only ``model``, ``say`` and ``marks`` must be given, and one of the ways to be paid.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol, get_args

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.blocks.marking import Marks, Unheard
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.monthly import Monthly
from legalaid_sim.contracts.tools.checking import Rule
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.vocabulary.conditions import CompiledCondition
from legalaid_sim.contracts.vocabulary.wants import AnyOf, Part
from legalaid_sim.errors import Problem
from legalaid_sim.yamlfile import Path


class Prospects(Protocol):
    """What would come of a contract, for notes on what a kind of block invites people to do."""

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that it tells apart."""

    @property
    def heads(self) -> int:
        """Eligible people of the area that is supposed."""

    def year(self, region: str, hours: int = 0, clients: int = 0) -> int | None:
        """Give what a first year earns by itself, in pence; None where it is refused."""

    def applies(self, block: Any) -> bool:
        """Tell whether a block pays for a matter on which nobody works."""


def nothing(block: Any) -> tuple[Any, ...]:
    """Give nothing of a block."""
    return ()


def its_amount(block: Any) -> Iterator[tuple[Path, Any]]:
    """Give the one amount by which a block pays."""
    yield ("amount",), getattr(block, "amount", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of payment block."""

    # What is written: its model, how it is said in plain English, what each of its keys does.
    model: type[PaymentBlock]
    say: Callable[[Any, Named], Iterator[str]]
    marks: Marks
    unheard: Mapping[str, tuple[Unheard, ...]] = field(default_factory=dict)
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
    # What its pay depends on beside minutes, counts, costs and conditions: part of the key of a pay curve.
    curve: tuple[Callable[[PricingState], Any], ...] = ()
    # What a run must raise for it: all of the whole block, then of its keys.
    needs: Callable[[Any], Iterable[AnyOf]] = nothing
    parts: Callable[[Any], Iterable[Part]] = nothing
    # Facts to suppose that it tells apart, and minutes of casework at which it changes its mind.
    circumstances: Callable[[Any], Iterable[dict[str, Any]]] = nothing
    work_edges: Callable[[Any], Iterable[int]] = nothing
    # Costs, minutes or counts of a claim of which it needs one at least.
    inputs: Callable[[Any], list[str]] = lambda block: []
    # What checks look at: rules of its own, those without which a contract cannot answer, notes on what it invites to.
    checks: tuple[Rule, ...] = ()
    sound: tuple[Rule, ...] = ()
    notes: Callable[[Page, Placed, Prospects], Iterable[Problem]] | None = None
    amounts: Callable[[Any], Iterable[tuple[Path, Any]]] = its_amount
    pay_steps: Callable[[Any], Iterable[Decimal]] = nothing
    headings: Callable[[Placed], Iterable[str]] = nothing

    @property
    def name(self) -> str:
        """The word that stands under ``kind:``."""
        return str(get_args(self.model.model_fields["kind"].annotation)[0])
