"""A kind of block: all that there is to know of it, for everybody who asks.

Nothing outside the file of a kind knows it by its name; prices, accounts, checks, plain English and forecasts read what
is registered. What every kind says is here, and what those of one list say beside it in the ``kind.py`` of their room.
Only ``model``, ``say`` and ``marks`` must be given, and what the kind does.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias, get_args

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import KeyMarks, Unheard
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.tools.checking import BlockCheck
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.vocabulary.service import Service
from legalaid_sim.contracts.vocabulary.wants import AnyOf, NeededKey
from legalaid_sim.errors import Problem

# Families of measures that a block can set by its own terms, with no queue and no choice between. A study says which
# measures each of them has.
Sets: TypeAlias = Literal[
    "pay", "cash", "admin", "refused", "refused for starts", "refused for scope", "refused when suspended",
    "found before a crisis", "the same adviser", "departures", "taken back",
]  # fmt: skip


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of block, whatever list it stands in."""

    # What is written: its model, how it is said in plain English, what each of its keys does.
    model: type[Block]
    say: Callable[[Any, Named], Iterator[str]]
    marks: KeyMarks
    unheard: Mapping[str, tuple[Unheard, ...]] = field(default_factory=dict)
    # What it sets by its own terms.
    sets: tuple[Sets, ...] = ()
    # What it asks of the service itself: it writes that into what other blocks have asked.
    serves: Callable[[Any, Service], Service] | None = None
    # What a run must raise for it: all of the whole block, then of its keys.
    needs: Callable[[Any], Iterable[AnyOf]] = nothing
    parts: Callable[[Any], Iterable[NeededKey]] = nothing
    # What checks look at: rules of its own, those without which a contract cannot answer, notes on what it invites to.
    checks: tuple[BlockCheck, ...] = ()
    sound: tuple[BlockCheck, ...] = ()
    notes: Callable[[Page, Placed, Prospects], Iterable[Problem]] | None = None
    # What a ladder of sanctions may count of it.
    raises: Callable[[Any], tuple[str, ...]] = nothing
    # The key by which two such blocks would say different things of the one service, and how each is said.
    says_once: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """The word that stands under ``kind:``."""
        return str(get_args(self.model.model_fields["kind"].annotation)[0])
