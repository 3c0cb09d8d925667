"""A form or other admin that falls on an event."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.blocks.marking import ASKED, PAID
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.duties.kind import FALLS_ON, CountOf, DutyKind
from legalaid_sim.contracts.tools.checking import last_day
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.tools.wording import listed, said, words
from legalaid_sim.contracts.vocabulary.conditions import CompiledCondition, compile_conditions, hold
from legalaid_sim.contracts.vocabulary.facts import Burden, MatterFacts, ProviderFacts
from legalaid_sim.contracts.vocabulary.values import Count, CountValue, Terms, YesNo
from legalaid_sim.contracts.vocabulary.wants import Wanted
from legalaid_sim.errors import Problem
from legalaid_sim.units import DAYS_PER_YEAR

FallsOn = Literal[
    "matter_opened", "matter_closed", "month_ended", "quarter_ended", "year_ended",
    "stage_reached", "event_happened", "outcome_recorded", "work_done", "first_contact",
]  # fmt: skip


class DutyMinutes(Terms):
    """Minutes of a duty: the adviser's and the administrator's."""

    adviser: CountValue = 0
    admin: CountValue = 0


class IfMissed(Terms):
    """What follows when a duty is not done, and what finds it."""

    does: Literal["nil_the_claim", "reduce_to_nothing", "delay_cash", "notice", "nothing"] = "nothing"
    found_by: Literal["audit", "return", "at_once"] = "audit"


class Duty(Block):
    """A form or other admin that falls on an event: its minutes, and whether they are paid."""

    kind: Literal["duty"]
    falls_on: FallsOn
    minutes: DutyMinutes
    due_days: Count = Field(default=0, description="days after the event by which it is in time")
    paid: YesNo | Literal["counts_as_profit"] = False
    if_missed: IfMissed = IfMissed()


class DutyRule:
    """A duty, ready: its minutes, its conditions, and its burdens by kind of matter."""

    def __init__(self, block: Duty, provider: ProviderFacts, starts: date, library: Library) -> None:
        self.block, self.provider, self.starts = block, provider, starts
        self.clauses: tuple[CompiledCondition, ...] = compile_conditions(block.applies_to)
        self.unless: tuple[CompiledCondition, ...] = compile_conditions(block.not_if)
        self.adviser = library.lookup(block.minutes.adviser, int, f"{block.id}.minutes")
        self.admin = library.lookup(block.minutes.admin, int, f"{block.id}.minutes")
        self.wait = timedelta(days=block.due_days)
        self.paid = bool(block.paid)
        # What falls on every matter alike is worked out once a day.
        self.alike = not (self.clauses or self.unless) and self.adviser.alike and self.admin.alike
        self.asked: date | None = None
        self.answer: Burden | None = None

    def burden(self, facts: MatterFacts, on: date) -> Burden | None:
        """Give the burden on a day, where the duty concerns the matter."""
        if not self.alike:
            return self._burden(facts, on)
        if on != self.asked:
            self.asked, self.answer = on, self._burden(facts, on)
        return self.answer

    def _burden(self, facts: MatterFacts, on: date) -> Burden | None:
        case = PricingState(facts, self.provider, self.starts, on)
        if not hold(self.clauses, case) or (self.unless and hold(self.unless, case)):
            return None
        adviser, admin = self.adviser.or_nought(on, case), self.admin.or_nought(on, case)
        return Burden(self.block.id, adviser, admin, on + self.wait, self.paid) if adviser or admin else None


def per_matter(block: Duty, count: CountOf) -> int | None:
    """Give the minutes on one matter, adviser's and administrator's together, where it falls on opening or closing."""
    if block.falls_on not in ("matter_opened", "matter_closed"):
        return None
    return count(block.minutes.adviser, block.id) + count(block.minutes.admin, block.id)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say when it falls, and whose minutes it takes."""
    adviser, admin = said(block.minutes.adviser, contract), said(block.minutes.admin, contract)
    shares = [
        f"{n} minutes of {who}" for n, who in ((adviser, "an adviser"), (admin, "admin staff")) if n != "0"
    ]
    paid = {False: "unpaid", True: "paid"}.get(block.paid, words(str(block.paid)))
    yield f"{FALLS_ON[block.falls_on]}: {listed(shares) or 'no time'}, {paid}"
    if block.if_missed.does != "nothing":
        yield f"if it is missed, found by {words(block.if_missed.found_by)}: {words(block.if_missed.does)}"


def _never_late(page: Page, placed: Placed) -> Iterator[Problem]:
    days = placed.block.due_days
    length = (last_day(page) - page.contract.term.starts).days
    if days > length:
        message = (
            f"{days:,} days are {days / DAYS_PER_YEAR:.0f} years, and the contract runs for {length:,} days: "
            f"'{placed.id}' is never late"
        )
        yield page.problem("CV122", message, (*placed.path, "due_days"))


KIND = DutyKind(
    model=Duty,
    say=say,
    marks={
        "Duty": {ASKED: "applies_to not_if falls_on minutes due_days", PAID: "paid if_missed"},
        "DutyMinutes": {ASKED: "adviser admin"},
        "IfMissed": {PAID: "does found_by"},
    },
    needs=lambda block: ((Wanted("event", block.falls_on),),),
    on_events=DutyRule,
    per_matter=per_matter,
    if_missed=lambda block: block.if_missed,
    checks=(_never_late,),
)
