"""A kind of permission: what every kind says, and what it lets be done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from legalaid_sim.contracts.kinds.kind import Kind
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, Permission, ProviderFacts
from legalaid_sim.contracts.vocabulary.values import Conditions

YES = Permission("yes")


class Book(Protocol):
    """A count of matters that may be opened, kept for one provider."""

    def __init__(self, block: Any, provider: ProviderFacts, starts: date, library: Library) -> None:
        """Open it for a provider; ``starts`` is the day from which the contract's years run."""

    def concerns(self, facts: MatterFacts) -> bool:
        """Tell whether it counts this matter."""

    def may_open(self, day: date) -> Permission:
        """Say whether one more may be opened."""

    def opened(self, day: date) -> None:
        """Count one."""


class Decision(NamedTuple):
    """The payer's answer to a request to pass a limit: the result, the new limit, the day."""

    result: str
    limit: int
    on: date


class Decide(Protocol):
    """How the payer decides a request to pass a limit, by two given chances."""

    def __call__(
        self, block: Any, requested: int, asked_on: date, u: tuple[float, float], standing: int = 0
    ) -> Decision:
        """Decide; ``standing`` is the limit that stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionKind(Kind):
    """One kind of permission."""

    # It counts matters, and says whether one more may be opened.
    book: type[Book] | None = None
    # It decides whether a limit may be passed.
    decide: Decide | None = None
    # The conditions of those who are taken first, second and so on.
    order: Callable[[Any], Sequence[Conditions]] | None = None
    # It leaves a category out of the contract, or help before the crisis point.
    leaves_out: Callable[[Any, str], bool] | None = None
    leaves_out_early: Callable[[Any], bool] = lambda block: False
