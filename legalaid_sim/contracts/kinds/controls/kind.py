"""A kind of control: what every kind says, and which part it plays: a target, a ladder, an audit, pay kept back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from legalaid_sim.contracts.blocks.marking import Unheard
from legalaid_sim.contracts.kinds.kind import Kind
from legalaid_sim.contracts.tools.amounts import Rounded
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.vocabulary.facts import CashPayment, Line, PeriodFacts, ProviderFacts
from legalaid_sim.contracts.vocabulary.values import Comparison

ALL_MATTERS = "it looks at all matters under the contract"
UNHEARD = (Unheard("applies_to", ALL_MATTERS), Unheard("not_if", ALL_MATTERS))


class WatchedTarget(Protocol):
    """A target that is watched for one provider; ``missed`` is what was judged at this month's end, if anything."""

    block: Any
    missed: bool | None

    def __init__(self, block: Any, provider: ProviderFacts, starts: date, library: Library) -> None:
        """Begin to watch; ``starts`` is the day from which the contract's years run."""

    def test(self, value: Any) -> bool:
        """Tell whether a value meets it."""

    def ended(self, period: PeriodFacts) -> Iterable[Line]:
        """Note a month, and pay what meeting the target earns."""


class Judged(NamedTuple):
    """What became of what was kept back at a month's end: pence released, pence lost."""

    released: int = 0
    lost: int = 0


class Keeper(Protocol):
    """A share of payments that is kept back."""

    block: Any

    def __init__(self, block: Any, starts: date, rounded: Rounded) -> None:
        """Begin to keep back; ``starts`` is the day from which the contract's years run."""

    def keep(self, payment: CashPayment) -> CashPayment:
        """Give a payment less what is kept back of it."""

    def judge(self, targets: Iterable[WatchedTarget], on: date) -> Judged:
        """Release and strike what the month's end says."""

    def end(self) -> int:
        """Give what is lost because the contract ends, in pence."""

    def release(self, on: date) -> tuple[CashPayment, ...]:
        """Pay what was released, on its day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlKind(Kind):
    """One kind of control: one of its parts is given."""

    # A target, and the comparison that it is about.
    target: type[WatchedTarget] | None = None
    compares: Callable[[Any], Comparison] | None = None
    # A ladder of sanctions, what it counts of other blocks, and what would have to stand in the contract for it.
    ladder: type[Any] | None = None
    counts: Callable[[Any], tuple[str, str]] | None = None
    # What it counts that does not come whatever a scenario is.
    hangs_on: Callable[[Any], str] = lambda block: ""
    # An audit of claims; what it decides is in its own file.
    audit: type[Any] | None = None
    # A share of payments that is kept back.
    keeper: type[Keeper] | None = None
