"""A target on a measure."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import ACTED, PAID, TOLD
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.controls.kind import UNHEARD, ControlKind
from legalaid_sim.contracts.tools.amounts import ends_period, pence_of
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.tools.pricing_state import PERIOD, PricingState
from legalaid_sim.contracts.tools.wording import said, words
from legalaid_sim.contracts.vocabulary.conditions import compile_test
from legalaid_sim.contracts.vocabulary.facts import Line, MatterFacts, PeriodFacts, ProviderFacts
from legalaid_sim.contracts.vocabulary.values import Comparison, Count, MoneyValue, Terms
from legalaid_sim.contracts.vocabulary.wants import Wanted
from legalaid_sim.units import add_up

QUARTER = "quarter"

KpiMeasure = Literal[
    "assessed_reduction_share", "fixed_fee_margin_share", "escape_share", "matters_per_start_share",
    "resolved_share", "days_to_first_contact", "turned_away_share", "known_adviser_share",
    "same_adviser_share", "returns_late_share", "clients_seen_share", "peer_review_score",
    "legal_aid_rejection_share",
]  # fmt: skip


# What watches how people are met, rather than what is produced: effort that moves to it moves to relations.
OF_RELATIONS: frozenset[str] = frozenset({"known_adviser_share", "same_adviser_share"})


class KpiWindow(Terms):
    """How far a KPI looks back, and how many cases it needs."""

    months: Count = Field(default=12, ge=1)
    at_least_cases: Count = 0


class Kpi(Block):
    """A target on a measure."""

    kind: Literal["kpi"]
    measure: KpiMeasure
    unit: str = "percent"
    target: Comparison
    over_window: KpiWindow = KpiWindow()
    bonus: MoneyValue | None = Field(default=None, description="paid for each period in which it is met")


class KpiWatch:
    """One target, and the months it looks back on."""

    def __init__(self, block: Kpi, provider: ProviderFacts, starts: date, library: Library) -> None:
        self.block, self.starts = block, starts
        self.test, self.words = compile_test(block.target)
        self.bonus = library.maybe(block.bonus, pence_of, f"{block.id}.bonus")
        self.case = PricingState(MatterFacts("-"), provider, starts)
        self.months: list[tuple[float | Fraction | None, int]] = []
        self.missed: bool | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "test"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__ |= state
        self.test, _ = compile_test(self.block.target)

    def ended(self, period: PeriodFacts) -> Iterator[Line]:
        """Note the month; at each quarter's end judge the window, and pay a bonus where there is one."""
        self.months.append((period.measures.get(self.block.measure), period.closed))
        self.missed = None
        if not ends_period(QUARTER, period.last, self.starts):
            return
        value = self.value()
        if value is None:
            return
        self.missed = not self.test(value)
        pence = self.bonus.on(period.last, self.case) if self.bonus and not self.missed else None
        if pence:
            yield Line(PERIOD, self.block.id, pence)

    def value(self) -> float | None:
        """Give the measure over the window, months weighed by cases; nothing where the cases are too few.

        Worked out in fractions, so that what comes to exactly the target is not told from it by a last digit.
        """
        window = self.months[-max(1, self.block.over_window.months) :]
        cases = add_up(count for _, count in window)
        if cases < self.block.over_window.at_least_cases:
            return None
        known = [(value, max(count, 1)) for value, count in window if value is not None]
        weight = add_up(count for _, count in known)
        total = reduce(add, (Fraction(value) * count for value, count in known), Fraction(0))
        return float(total / weight) if weight else None


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say the target and what it looks back on."""
    yield f"target: {words(block.measure)} {compile_test(block.target)[1]} {words(block.unit)}"
    window = block.over_window
    yield f"over {window.months} months, with at least {window.at_least_cases} cases"
    if block.bonus is not None:
        yield f"{said(block.bonus, contract)} for each period in which it is met"


KIND = ControlKind(
    model=Kpi,
    say=say,
    marks={
        "Kpi": {ACTED: "measure target over_window", PAID: "bonus", TOLD: "unit"},
        "KpiWindow": {ACTED: "months at_least_cases"},
    },
    unheard={"Kpi": UNHEARD},
    sets=("pay",),
    needs=lambda block: ((Wanted("measure", block.measure),),),
    raises=lambda block: ("missed_kpis",),
    target=KpiWatch,
    compares=lambda block: block.target,
)
