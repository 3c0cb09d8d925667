"""A regular report, with its minutes, due day and what lateness does."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import ASKED, PAID, Unheard
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.duties.kind import FALLS_ON, CountOf, DutyKind
from legalaid_sim.contracts.tools.amounts import day_of_month, ends_period
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.tools.wording import later_month, said, words
from legalaid_sim.contracts.vocabulary.facts import Burden, MatterFacts, PeriodFacts, ProviderFacts
from legalaid_sim.contracts.vocabulary.values import Count, CountValue, Terms
from legalaid_sim.errors import Problem
from legalaid_sim.units import add_months

PERIODS = {"month_ended": "month", "quarter_ended": "quarter", "year_ended": "contract_year"}
ALL_CLAIMED = "a return is about all that was claimed"
LATE_MONTHS = 12


class ReturnDue(Terms):
    """The day of a month by which a return is in time."""

    day: Count = Field(ge=1, le=31)
    months_after: Count = 1


class ReturnMinutes(Terms):
    """Minutes of a return: each one, and each claim line in it."""

    per_return: CountValue = 0
    per_claim_line: CountValue = 0


class IfLate(Terms):
    """What a late return does."""

    does: Literal["delay_cash", "notice", "nothing"] = "nothing"
    months: Count = 1
    then: Literal["notice", "nothing"] = "nothing"


class Return(Block):
    """A regular report, with its minutes, due day and what lateness does."""

    kind: Literal["return"]
    falls_on: Literal["month_ended", "quarter_ended", "year_ended"] = "month_ended"
    due: ReturnDue
    minutes: ReturnMinutes
    done_by: Literal["admin", "adviser"] = "admin"
    if_late: IfLate = IfLate()
    nil_return: Literal["required", "not_required"] = "required"


class ReturnRule:
    """A return, ready: minutes for each and for each claim line; due on a day of a later month."""

    def __init__(self, block: Return, provider: ProviderFacts, starts: date, library: Library) -> None:
        self.block, self.starts = block, starts
        self.each = library.lookup(block.minutes.per_return, int, f"{block.id}.minutes")
        self.line = library.lookup(block.minutes.per_claim_line, int, f"{block.id}.minutes")
        self.case = PricingState(MatterFacts("-"), provider, starts)
        self.claims = 0

    def ended(self, period: PeriodFacts) -> Iterator[Burden]:
        """Give the return that a month's end asks for; none for an empty one that need not be sent."""
        self.claims += period.closed
        if not ends_period(PERIODS[self.block.falls_on], period.last, self.starts):
            return
        claims, self.claims = self.claims, 0
        if claims or self.block.nil_return == "required":
            line = self.line.or_nought(period.last, self.case)
            minutes = self.each.or_nought(period.last, self.case) + line * claims
            split = (minutes, 0) if self.block.done_by == "adviser" else (0, minutes)
            yield Burden(self.block.id, *split, self.due(period.last))

    def due(self, ended: date) -> date:
        """Give the last day on which the return is in time."""
        due = self.block.due
        return day_of_month(add_months(ended.replace(day=1), due.months_after), due.day)


def per_matter(block: Return, count: CountOf) -> int | None:
    """Give the minutes of one claim line, where it takes any."""
    return count(block.minutes.per_claim_line, block.id) or None


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say when it is due, and whose minutes it takes."""
    day, months = block.due.day, block.due.months_after
    yield f"{FALLS_ON[block.falls_on]}, due on day {day} of {later_month(months)}"
    each, line = said(block.minutes.per_return, contract), said(block.minutes.per_claim_line, contract)
    yield f"{each} minutes of {block.done_by} for each, and {line} for each claim line"
    if block.if_late.does != "nothing":
        yield f"if it is late: {words(block.if_late.does)} ({block.if_late.months} months)"


def _hardly_late(page: Page, placed: Placed) -> Iterator[Problem]:
    months, term = placed.block.due.months_after, page.contract.term.months
    path = (*placed.path, "due", "months_after")
    if months >= term:
        message = (
            f"this return is due {months} months later, and the contract ends after {term}: it is never late"
        )
        yield page.problem("CV122", message, path)
    elif months > LATE_MONTHS:
        message = (
            f"this return is due {months} months later: only those of the first {term - months} can be late"
        )
        yield page.problem("CV122", message, path)


KIND = DutyKind(
    model=Return,
    say=say,
    marks={
        "Return": {ASKED: "falls_on due minutes done_by nil_return", PAID: "if_late"},
        "ReturnDue": {ASKED: "day months_after"},
        "ReturnMinutes": {ASKED: "per_return per_claim_line"},
        "IfLate": {PAID: "does months then"},
    },
    unheard={"Return": (Unheard("applies_to", ALL_CLAIMED), Unheard("not_if", ALL_CLAIMED))},
    raises=lambda block: ("late_returns",),
    by_month=ReturnRule,
    per_matter=per_matter,
    if_late=lambda block: block.if_late,
    checks=(_hardly_late,),
)
