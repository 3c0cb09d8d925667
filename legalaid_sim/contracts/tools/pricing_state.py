"""A matter on its way through the phases of a contract: what was claimed, what is allowed, what it earns."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.errors import Refusal
from legalaid_sim.units import add_up

BASE, TIERS, STAGES, EXTRAS, UPLIFTS, HEADING_LIMITS, TOTAL_LIMIT, ESCAPE, TAX, PERIOD, CASH = range(1, 12)
PHASES = (
    "base", "tiers and bands", "stages", "bolt-ons and extras", "uplifts", "heading limits", "total limit",
    "escape test", "tax", "KPI and period adjustments", "cash",
)  # fmt: skip
NO_FACTS: Mapping[str, Any] = {}


class LineEntry(NamedTuple):
    """A line in the making: phase, block, whole pence, the kind taxes look at, the heading limits look at."""

    phase: int
    block: str
    pence: int
    kind: str
    heading: str


class ReceiptRow(NamedTuple):
    """One row of a receipt: an entry with the words, inputs, and the version of the value that gave it."""

    phase: int
    block: str
    pence: int | None
    how: str
    inputs: Mapping[str, Any] = NO_FACTS
    version: str = ""
    dated_by: str = ""


class PricingState:
    """The working state of pricing one matter; thrown away once its lines are known.

    ``on`` stands in for a closing day that is not known yet. ``ranks`` gives the place of the matter in its
    period, for prices that follow volume. ``trace`` collects receipt rows when somebody wants to read them.
    ``assessed`` gives, by payment, the payer's decision on an escaped claim.
    """

    __slots__ = (
        "assessed", "closed", "entries", "facts", "flags", "forecast", "margins", "on", "opened", "picked",
        "provider", "ranks", "starts", "table", "table_day", "topped_up", "trace",
    )  # fmt: skip

    def __init__(
        self,
        facts: MatterFacts,
        provider: ProviderFacts,
        starts: date,
        on: date | None = None,
        ranks: Mapping[str, int] = NO_FACTS,
        trace: list[ReceiptRow] | None = None,
        forecast: bool = False,
        assessed: Mapping[str, str] = NO_FACTS,
    ) -> None:
        self.facts, self.provider, self.starts = facts, provider, starts
        self.opened, self.closed, self.on = facts.opened, facts.closed or on, on or facts.closed
        self.ranks, self.trace, self.forecast, self.assessed = ranks, trace, forecast, assessed
        self.entries: list[LineEntry] = []
        self.flags: list[str] = []
        self.margins: dict[str, int] = {}
        self.picked: Any = None
        self.table: Any = None
        self.table_day = starts
        # Pence that the client pays, and the contract does not.
        self.topped_up = 0

    def day(self, dated_by: str, block: str) -> date:
        """Give the day that picks a block's version; refuse where it is not known."""
        if dated_by == "matter_opened":
            day = self.opened
        elif dated_by == "matter_closed":
            day = self.closed
        else:
            day = self.starts if dated_by == "contract_started" else self.on
        if day is None:
            raise Refusal(
                "missing-date", block, f"its version is picked by {dated_by}, and that day is not given"
            )
        return day

    def cell(self, column: str) -> Any:
        """Give a cell of the row of the block's table, for conditions."""
        row = self.table.find(self.table_day, self) if self.table is not None else None
        return None if row is None else row.cells.get(column)

    def cost(self, heading: str) -> int | None:
        """Give the pence that a claim states under a heading, if it does."""
        return self.facts.costs.get(heading)

    def pay(self, phase: int, block: str, pence: int, kind: str, heading: str = "") -> None:
        """Enter whole pence, unless there are none."""
        if pence:
            self.entries.append(LineEntry(phase, block, pence, kind, heading))

    def tell(
        self,
        phase: int,
        block: str,
        pence: int | None,
        how: str,
        inputs: Mapping[str, Any] = NO_FACTS,
        version: str = "",
        dated_by: str = "",
    ) -> None:
        """Add a receipt row; call it only while tracing."""
        if self.trace is not None:
            self.trace.append(ReceiptRow(phase, block, pence, how, inputs, version, dated_by))

    def sum_of(self, test: Callable[[LineEntry], bool]) -> int:
        """Sum the pence of the entries that pass a test."""
        return add_up(entry.pence for entry in self.entries if test(entry))


def money(pence: int) -> str:
    """Write whole pence as pounds with two places, exactly.

    >>> money(-15705)
    '-157.05'
    """
    sign, whole = ("-", -pence) if pence < 0 else ("", pence)
    return f"{sign}{whole // 100}.{whole % 100:02d}"
