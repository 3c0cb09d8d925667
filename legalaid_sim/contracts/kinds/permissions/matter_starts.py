"""How many new matters may be opened in a period."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block, CountedOver
from legalaid_sim.contracts.blocks.marking import PERMITTED, TOLD
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.kind import Prospects
from legalaid_sim.contracts.kinds.permissions.kind import YES, PermissionKind
from legalaid_sim.contracts.tools.amounts import WHOLE, millionths_of, next_month, period_after, period_start
from legalaid_sim.contracts.tools.checking import note
from legalaid_sim.contracts.tools.holders import advisers_of
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.tools.wording import said, words
from legalaid_sim.contracts.vocabulary.conditions import compile_conditions, hold
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, Permission, ProviderFacts
from legalaid_sim.contracts.vocabulary.values import CountValue, PercentValue, ShareValue, Terms, newest
from legalaid_sim.errors import Problem
from legalaid_sim.units import months_between

NIL = Decimal(0)


class Phasing(Terms):
    """How allowed matters spread over the year."""

    any_month_at_most_percent: ShareValue


class NextYear(Terms):
    """How the next year's allowance follows from this one's use."""

    same_as: Literal["matters_reported", "this_year_allowed"] = "matters_reported"
    plus_percent: PercentValue = Field(default=NIL, description="growth added to the matters reported")
    but_at_least_percent: PercentValue = NIL
    of: Literal["this_year_allowed"] = "this_year_allowed"


class MatterStarts(Block):
    """How many new matters may be opened in a period."""

    kind: Literal["matter_starts"]
    allowed: CountValue
    for_each: Literal["contract", "adviser"] = "contract"
    per: CountedOver = "contract_year"
    phasing: Phasing | None = None
    self_grant_percent: ShareValue = NIL
    when_used_up: Literal["refuse", "queue", "seek_authority"] = "refuse"
    next_year: NextYear | None = None


class StartsBook:
    """The matter starts of one block: how many are allowed in the period and month, and how many are used."""

    def __init__(self, block: MatterStarts, provider: ProviderFacts, starts: date, library: Library) -> None:
        self.block, self.provider, self.starts = block, provider, starts
        self.clauses, self.unless = compile_conditions(block.applies_to), compile_conditions(block.not_if)
        self.written = library.lookup(block.allowed, int, f"{block.id}.allowed")
        self.self_grant = library.lookup(
            block.self_grant_percent, millionths_of, f"{block.id}.self_grant_percent"
        )
        phased = block.phasing.any_month_at_most_percent if block.phasing else None
        self.phasing = library.maybe(phased, millionths_of, f"{block.id}.phasing")
        self.case = PricingState(MatterFacts("-"), provider, starts)
        self.period = self.since = self.month = date.min
        self.used = self.used_in_month = 0
        self.allowed = self.most = 0
        self.turned = date.min

    def concerns(self, facts: MatterFacts) -> bool:
        """Tell whether the block counts this matter."""
        if not self.clauses and not self.unless:
            return True
        case = PricingState(facts, self.provider, self.starts)
        return hold(self.clauses, case) and not (self.unless and hold(self.unless, case))

    def _turn(self, day: date) -> None:
        """Begin the period and the month of a day, once a day."""
        if day == self.turned:
            return
        self.turned = day
        period = period_start(self.block.per, day, self.starts)
        if period != self.period:
            first = self.period == date.min
            self.allowed = self._allowance(day, first)
            # With what the provider may grant itself.
            grant = self.self_grant.or_nought(self.starts, self.case)
            self.most = self.allowed + self.allowed * grant // WHOLE
            self.period, self.since, self.used = period, day.replace(day=1) if first else period, 0
        if day.replace(day=1) != self.month:
            self.month, self.used_in_month = day.replace(day=1), 0

    def _allowance(self, day: date, first: bool) -> int:
        times = advisers_of(self.provider) if self.block.for_each == "adviser" else 1
        written = int(self.written.or_nought(day, self.case) * times)
        rule = self.block.next_year
        if first or rule is None:
            return written
        least = self.allowed * millionths_of(newest(rule.but_at_least_percent)) // WHOLE
        return max(self._reported(rule) if rule.same_as == "matters_reported" else self.allowed, least)

    def _reported(self, rule: NextYear) -> int:
        """Give what this period's use comes to: one begun late counts as if whole, and growth is added."""
        after = period_after(self.block.per, self.period, self.starts)
        if after == date.max:
            return self.used
        whole, seen = months_between(self.period, after), months_between(self.since, after)
        grown = self.used * (WHOLE + millionths_of(newest(rule.plus_percent)))
        return grown * max(whole, seen) // (max(1, seen) * WHOLE)

    def may_open(self, day: date) -> Permission:
        """Say whether one more may be opened."""
        self._turn(day)
        if self.used >= self.most:
            after = period_after(self.block.per, day, self.starts)
            why = f"all {self.most} matter starts of the {self.block.per} are used"
            return Permission(self.block.when_used_up, self.block.id, why, after)
        if self.phasing is not None and self.used_in_month >= self._month_most():
            why = f"all {self._month_most()} matter starts of the month are used"
            return Permission(self.block.when_used_up, self.block.id, why, next_month(day))
        return YES

    def _month_most(self) -> int:
        share = self.phasing.on(self.starts, self.case) if self.phasing else WHOLE
        return max(1, self.allowed * (share or 0) // WHOLE)

    def opened(self, day: date) -> None:
        """Count one."""
        self._turn(day)
        self.used += 1
        self.used_in_month += 1


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say how many, and what follows when they are used up."""
    each = " for each adviser" if block.for_each == "adviser" else ""
    yield f"{said(block.allowed, contract)} new matters per {words(block.per)}{each}"
    yield f"when they are used up: {words(block.when_used_up)}"
    if block.phasing is not None:
        yield f"at most {said(block.phasing.any_month_at_most_percent, contract)} percent in any month"
    if block.next_year is not None:
        least = said(block.next_year.but_at_least_percent, contract)
        follows = words(block.next_year.same_as)
        more = said(block.next_year.plus_percent, contract)
        plus = "" if more == "0" else f" and {more} percent more"
        yield f"next year follows {follows}{plus}, but at least {least} percent of this year's"


def notes(page: Page, placed: Placed, prospects: Prospects) -> Iterator[Problem]:
    """Note an allowance of which what is not used is lost."""
    next_year = placed.block.next_year
    kept = max(page.points(next_year.but_at_least_percent).values(), default=0) if next_year else 0
    if next_year and next_year.same_as == "matters_reported" and kept < 100:
        message = "next year's matters follow from those reported this year: what is not used is lost"
        yield note(page, "CI208", message, (*placed.path, "next_year"))


KIND = PermissionKind(
    model=MatterStarts,
    say=say,
    marks={
        "MatterStarts": {
            PERMITTED: "applies_to not_if allowed for_each per phasing self_grant_percent when_used_up "
            "next_year"
        },
        "Phasing": {PERMITTED: "any_month_at_most_percent"},
        "NextYear": {PERMITTED: "same_as plus_percent but_at_least_percent", TOLD: "of"},
    },
    sets=("refused", "refused for starts"),
    book=StartsBook,
    notes=notes,
)
