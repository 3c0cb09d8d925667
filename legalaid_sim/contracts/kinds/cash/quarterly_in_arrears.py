"""What was earned in the quarter, after its end."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.cash.kind import CashKind
from legalaid_sim.contracts.kinds.cash.rule import UNHEARD, Cash, CashRule
from legalaid_sim.contracts.tools.amounts import ends_period


class QuarterlyInArrears(Cash):
    """What was earned in the quarter, after its end."""

    kind: Literal["quarterly_in_arrears"]


class Quarterly(CashRule):
    """Quarterly in arrears: what the quarter earned, after its end."""

    def decide(self, on: date) -> int:
        """Pay what is owed where a quarter of the contract ends."""
        return max(0, self.owed) if ends_period("quarter", on, self.starts) else 0


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say when a quarter is paid."""
    yield "each quarter is paid after its end"


KIND = CashKind(
    model=QuarterlyInArrears,
    say=say,
    marks={},
    unheard={"QuarterlyInArrears": UNHEARD},
    rule=Quarterly,
    by_month=True,
)
