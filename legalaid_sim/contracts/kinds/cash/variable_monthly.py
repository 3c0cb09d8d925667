"""What was claimed last month."""

from collections.abc import Iterator
from typing import Any, Literal

from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.cash.kind import CashKind
from legalaid_sim.contracts.kinds.cash.rule import UNHEARD, Cash, CashRule


class VariableMonthly(Cash):
    """What was claimed last month."""

    kind: Literal["variable_monthly"]


# What moves money under a contract that has no cash rule.
WHERE_NOTHING_IS_SAID = VariableMonthly(id="cash", kind="variable_monthly")


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what is paid."""
    yield "each month pays what was claimed the month before"


KIND = CashKind(
    model=VariableMonthly,
    say=say,
    marks={},
    unheard={"VariableMonthly": UNHEARD},
    rule=CashRule,
    by_month=True,
)
