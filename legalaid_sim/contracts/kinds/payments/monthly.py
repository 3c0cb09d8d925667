"""What is earned by the month, whoever comes."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import date
from typing import Any

from legalaid_sim.contracts.blocks.marking import Unheard
from legalaid_sim.contracts.tools.amounts import Rounded, pence_of
from legalaid_sim.contracts.tools.lookups import Library, Lookup
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.vocabulary.facts import (
    Line,
    MatterFacts,
    PeriodFacts,
    ProviderFacts,
)


class Monthly(ABC):
    """What every block earned by the month is made with: the provider, a way to look values up, rounding."""

    def __init__(
        self, block: Any, provider: ProviderFacts, starts: date, library: Library, rounded: Rounded
    ) -> None:
        self.block, self.id, self.provider, self.starts = block, block.id, provider, starts
        self.library, self.rounded = library, rounded
        self.case = PricingState(MatterFacts("-"), provider, starts)

    def money(self, form: Any, key: str) -> Lookup:
        """Compile an amount of this block."""
        return self.library.lookup(form, pence_of, f"{self.id}.{key}")

    def lived(self, pence: int, period: PeriodFacts) -> int:
        """Give as much of a month's pay as was lived of the month."""
        part = pence * period.part
        return pence if period.part == 1 else self.rounded(part.numerator, part.denominator)

    def on(self, lookup: Lookup, day: date) -> int:
        """Look a value up on a day; nothing counts as nought."""
        return lookup.or_nought(day, self.case)

    @abstractmethod
    def ended(self, period: PeriodFacts) -> Iterator[Line]:
        """Give the lines that a month's end brings."""

    def over(self, last: date) -> Iterator[Line]:
        """Give the lines that the contract's end within a year brings, the month that ended counted already."""
        return iter(())

    def marginal(self, day: date) -> float:
        """Give what one more minute of profit work is worth, in pence: a forecast, not money."""
        return 0.0


# Keys of payments that are not made by the matter: a month's end asks for no condition and picks no day.
TOLD_BY_MONTH = "applies_to not_if earned dated_by exception_to hit table limits tax_on tax_before"
UNHEARD_BY_MONTH = tuple(
    Unheard(key, "it is paid to whoever holds the contract: put other terms into another contract")
    for key in ("applies_to", "not_if", "limits", "exception_to", "table", "tax_on", "tax_before")
)
