"""What may be opened: scope, matter starts and their phasing; and leave to pass a limit."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from legalaid_sim.contracts.blocks.permissions import Authority, MatterStarts, NextYear
from legalaid_sim.contracts.tools.amounts import (
    WHOLE,
    millionths_of,
    next_month,
    pence_of,
    period_after,
    period_start,
)
from legalaid_sim.contracts.tools.holders import advisers_of
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.vocabulary.conditions import compile_conditions, hold
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, Permission, ProviderFacts
from legalaid_sim.units import months_between

YES = Permission("yes")


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
        self.allowed = 0
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
            self.period, self.since, self.used = period, day.replace(day=1) if first else period, 0
        if day.replace(day=1) != self.month:
            self.month, self.used_in_month = day.replace(day=1), 0

    def _allowance(self, day: date, first: bool) -> int:
        times = advisers_of(self.provider) if self.block.for_each == "adviser" else 1
        written = int((self.written.on(day, self.case) or 0) * times)
        rule = self.block.next_year
        if first or rule is None:
            return written
        least = self.allowed * millionths_of(_number(rule.but_at_least_percent)) // WHOLE
        return max(self._reported(rule) if rule.same_as == "matters_reported" else self.allowed, least)

    def _reported(self, rule: NextYear) -> int:
        """Give what this period's use comes to: one begun late counts as if whole, and growth is added."""
        after = period_after(self.block.per, self.period, self.starts)
        if after == date.max:
            return self.used
        whole, seen = months_between(self.period, after), months_between(self.since, after)
        grown = self.used * (WHOLE + millionths_of(_number(rule.plus_percent)))
        return grown * max(whole, seen) // (max(1, seen) * WHOLE)

    @property
    def most(self) -> int:
        """The most that may be opened in the period, with what the provider may grant itself."""
        grant = self.self_grant.on(self.starts, self.case) or 0
        return self.allowed + self.allowed * grant // WHOLE

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


def _number(form: Any) -> Any:
    return form if not hasattr(form, "dated") else max(form.dated.items())[1]


class Decision(NamedTuple):
    """The payer's answer to a request to pass a limit: the result, the new limit, the day."""

    result: str
    limit: int
    on: date
    work_stops: bool


def decide(
    block: Authority, requested: int, asked_on: date, u: tuple[float, float], standing: int = 0
) -> Decision:
    """Decide a request by two given chances: whether it is granted, and whether the decision is slow.

    ``standing`` is the limit that stands; a cut grants a share of what was asked above it.
    """
    terms = block.decided
    slow = u[1] * 100 < float(terms.days.slow_percent)
    day = asked_on + timedelta(days=terms.days.slow_days if slow else terms.days.typical)
    roll, granted = u[0] * 100, float(terms.granted_percent)
    stops = block.work_while_waiting == "stops"
    if roll < granted:
        return Decision("granted", _stepped(block, requested), day, stops)
    if roll < granted + float(terms.cut_percent):
        more = (requested - standing) * millionths_of(terms.cut_to_percent) // WHOLE
        return Decision("cut", _stepped(block, standing + more), day, stops)
    return Decision("refused", standing, day, stops)


def _stepped(block: Authority, pence: int) -> int:
    most = None if block.grants.up_to == "requested" else pence_of(block.grants.up_to)
    pence = pence if most is None else min(pence, most)
    step = pence_of(_number(block.grants.in_steps_of)) if block.grants.in_steps_of is not None else 1
    return -(-pence // step) * step
