"""Steps that follow from what is counted."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block, CountedOver
from legalaid_sim.contracts.blocks.marking import ACTED, ASKED, PAID
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.controls.kind import UNHEARD, ControlKind
from legalaid_sim.contracts.tools.amounts import ends_period
from legalaid_sim.contracts.tools.checking import rising
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.wording import words
from legalaid_sim.contracts.vocabulary.values import Count, Share, Terms
from legalaid_sim.errors import Problem

MISSED = "missed_kpis"
# What there must be for something to be counted.
COUNTED = {MISSED: "a kpi", "late_returns": "a return", "audit_class_3": "an audit with a class 3"}


class SanctionStep(Terms):
    """What follows at this many."""

    at: Count = Field(ge=1)
    does: Literal["notice", "improvement_plan", "withhold_percent", "suspend_new_matters", "terminate"]
    minutes: Count = 0
    percent: Share | None = None
    months: Count = 0
    notice_months: Count = 0
    returned_if: Literal["target_met"] | None = None


class SanctionLadder(Block):
    """Steps that follow from what is counted."""

    kind: Literal["sanction_ladder"]
    counts: Literal["missed_kpis", "late_returns", "audit_class_3"] = "missed_kpis"
    per: CountedOver = "quarter"
    steps: tuple[SanctionStep, ...] = Field(min_length=1)


class Ladder:
    """A sanction ladder: counts in its period, and the step that a count reaches."""

    def __init__(self, block: SanctionLadder, starts: date) -> None:
        self.block, self.starts, self.count = block, starts, 0

    def note(self, what: str, times: int = 1) -> None:
        """Count what the ladder counts."""
        if what == self.block.counts:
            self.count += times

    def ended(self, day: date) -> SanctionStep | None:
        """At the end of the period give the highest step reached, and start counting again."""
        if not ends_period(self.block.per, day, self.starts):
            return None
        count, self.count = self.count, 0
        reached = [step for step in self.block.steps if step.at <= count]
        return max(reached, key=lambda step: step.at) if reached else None


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what is counted, and what follows."""
    yield f"counts {words(block.counts)} per {words(block.per)}"
    yield from (f"at {step.at}: {words(step.does)}" for step in block.steps)


def _steps(page: Page, placed: Placed) -> Iterator[Problem]:
    yield from rising(page, (*placed.path, "steps"), [step.at for step in placed.block.steps], "at")


def _withheld(page: Page, placed: Placed) -> Iterator[Problem]:
    for at, step in enumerate(placed.block.steps):
        if step.does == "withhold_percent" and step.percent is None:
            message = "this step withholds a percent, and 'percent' is not there"
            place = (*placed.path, "steps", at)
            yield page.problem("CS010", message, (*place, "does"), help="write percent: 10")


KIND = ControlKind(
    model=SanctionLadder,
    say=say,
    marks={
        "SanctionLadder": {ACTED: "counts per steps"},
        "SanctionStep": {
            ACTED: "at does months notice_months",
            ASKED: "minutes",
            PAID: "percent returned_if",
        },
    },
    unheard={"SanctionLadder": UNHEARD},
    sets=("pay", "admin", "refused", "refused when suspended"),
    ladder=Ladder,
    counts=lambda block: (block.counts, COUNTED[block.counts]),
    # Late returns and audits come whatever a scenario is.
    hangs_on=lambda block: MISSED if block.counts == MISSED else "",
    checks=(_steps, _withheld),
)
