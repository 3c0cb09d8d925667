"""A cap and a floor on what named blocks earn in a period; a cap also on what they earn for one client."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from legalaid_sim.contracts.blocks.common import Breach, Ceiling, PaymentBlock
from legalaid_sim.contracts.blocks.marking import PAID, TOLD
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.kinds.payments.monthly import TOLD_BY_MONTH, UNHEARD_BY_MONTH, Monthly
from legalaid_sim.contracts.tools.amounts import (
    MONTHS_OF,
    WHOLE,
    ends_period,
    millionths_of,
    period_start,
)
from legalaid_sim.contracts.tools.checking import each_known
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import PERIOD
from legalaid_sim.contracts.tools.wording import BREACHES, listed, said, words
from legalaid_sim.contracts.vocabulary.facts import Line, PeriodFacts
from legalaid_sim.contracts.vocabulary.values import Count, MoneyValue, ShareValue, Terms
from legalaid_sim.errors import Problem
from legalaid_sim.units import add_up, months_between

BY_CLIENT = frozenset({"client", "client_year"})


class LimitOn(Terms):
    """The blocks whose earnings a limit counts."""

    payments: tuple[str, ...]


class PeriodCap(Terms):
    """A ceiling for the period."""

    amount: MoneyValue
    on_breach: Breach = "cap"


class PeriodFloor(Terms):
    """A floor for the period; the difference is paid at its end."""

    amount: MoneyValue
    pays_difference: Literal["year_end", "quarter_end", "month_end", "period_end"] = "period_end"


class Ratchet(Terms):
    """The floor is a share of the best month of those looked back on."""

    floor_is_percent: ShareValue
    of: Literal["highest_month"] = "highest_month"
    looking_back_months: Count = Field(default=11, ge=1)


class Limit(PaymentBlock):
    """A cap and a floor on what named blocks earn in a period; a cap also on what they earn for one client."""

    kind: Literal["limit"]
    on: LimitOn
    per: Ceiling = "contract_year"
    at_most: PeriodCap | None = None
    at_least: PeriodFloor | None = None
    ratchet: Ratchet | None = None

    @model_validator(mode="after")
    def _floors_are_of_periods(self) -> Self:
        if self.per in BY_CLIENT and (self.at_least is not None or self.ratchet is not None):
            raise ValueError(
                f"a floor is made up at the end of a period, and per is '{self.per}': leave at_least and ratchet out, "
                "or give a period such as contract_year"
            )
        return self


SETTLED = {"year_end": "contract_year", "quarter_end": "quarter", "month_end": "month"}


class Envelope(Monthly):
    """A cap and a floor on what named blocks earn in a period, before tax."""

    block: Limit

    def __init__(self, block: Limit, *rest: Any) -> None:
        super().__init__(block, *rest)
        self.counted = frozenset(block.on.payments)
        self.most = self.money(block.at_most.amount, "at_most") if block.at_most else None
        self.least = self.money(block.at_least.amount, "at_least") if block.at_least else None
        self.by_client = block.per in BY_CLIENT
        self.given: dict[str, int] = {}
        self.in_month = 0
        self.months: list[int] = []
        self.since = date.min
        self.ratchet = block.ratchet

    def _turn(self, day: date) -> None:
        start = period_start(self.block.per, day, self.starts)
        if start != self.since:
            self.since, self.given = start, {}

    @property
    def spent(self) -> int:
        """Give what was given in the period that runs."""
        return add_up(self.given.values())

    def _given_to(self, client: str) -> int:
        return self.given.get(client, 0) if self.by_client else self.spent

    def hold(self, lines: Iterable[Line], day: date, client: str = "") -> tuple[int, bool]:
        """Count lines toward the period (or the client); give the pence to come off, and whether the cap is passed."""
        self._turn(day)
        if self.by_client and not client:
            return 0, False
        pence = add_up(line.pence for line in lines if line.block in self.counted)
        over = self._given_to(client) + pence - self.on(self.most, day) if self.most is not None else 0
        keeps = self.block.at_most is not None and self.block.at_most.on_breach in ("cap", "stop_paying")
        off = min(max(0, over), max(0, pence)) if keeps else 0
        self._give(client, pence - off)
        self.in_month += pence - off
        return off, over > 0

    def _give(self, client: str, pence: int) -> None:
        who = client if self.by_client else ""
        self.given[who] = self.given.get(who, 0) + pence

    def within(self, others: Iterable["Envelope"]) -> "Envelope":
        """Count what other limits, looked at before, take off the same payments."""
        self.counted |= {other.id for other in others if other.counted <= self.counted}
        return self

    def full(self, day: date, client: str = "") -> bool:
        """Tell whether the cap is reached where reaching it stops new matters."""
        self._turn(day)
        stops = self.block.at_most is not None and self.block.at_most.on_breach in (
            "refuse",
            "seek_authority",
        )
        return stops and self.most is not None and self._given_to(client) >= self.on(self.most, day)

    def ended(self, period: PeriodFacts) -> Iterator[Line]:
        """Pay the difference to the floor where its period ends; the ratchet's floor is a month's."""
        self._turn(period.last)
        floor = self._ratchet(period.last)
        # Where nothing is guaranteed for the month, a month below nought stays there.
        pence = 0 if floor is None else max(0, floor - self.in_month)
        self.months.append(self.in_month)
        self.in_month = 0
        if self.least is not None and ends_period(self._settled(), period.last, self.starts):
            pence += max(0, self._floor(period.last) - self.spent - pence)
        if pence:
            self._give("", pence)
            yield Line(PERIOD, self.id, pence)

    def end(self) -> None:
        """Guarantee no floor any more: the contract has ended."""
        self.least = self.ratchet = None

    def _settled(self) -> str:
        """Give the period at whose end the floor's difference is paid."""
        when = self.block.at_least.pays_difference if self.block.at_least else "period_end"
        return SETTLED.get(when, self.block.per)

    def _floor(self, day: date) -> int:
        """Give the part of the floor for the months of the period that have ended."""
        whole = self.on(self.least, day) if self.least is not None else 0
        months = MONTHS_OF.get(self.block.per)
        if months is None:
            return whole
        gone = months_between(self.since.replace(day=1), day.replace(day=1)) + 1
        return self.rounded(whole * min(gone, months), months)

    def _ratchet(self, day: date) -> int | None:
        if self.ratchet is None or not self.months:
            return None
        best = max(self.months[-self.ratchet.looking_back_months :])
        percent = self.library.lookup(self.ratchet.floor_is_percent, millionths_of, f"{self.id}.ratchet")
        return self.rounded(best * self.on(percent, day), WHOLE)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    over = f"of {listed(block.on.payments)} per {words(block.per)}"
    if block.at_most is None and block.at_least is None:
        yield f"this is about what is earned {over}"
    if block.at_most is not None:
        yield f"at most {said(block.at_most.amount, contract)} {over}; {BREACHES[block.at_most.on_breach]}"
    if block.at_least is not None:
        when = words(block.at_least.pays_difference)
        yield f"at least {said(block.at_least.amount, contract)} {over}; the difference is paid at {when}"
    if block.ratchet is not None:
        share, months = said(block.ratchet.floor_is_percent, contract), block.ratchet.looking_back_months
        yield f"the floor is {share} percent of the best of the last {months} months"


# Where a floor's difference is paid after longer than the floor is counted for.
LONGER = {"month": ("quarter_end", "year_end"), "quarter": ("year_end",)}


def _period_limit(page: Page, placed: Placed) -> Iterator[Problem]:
    block, path = placed.block, placed.path
    if block.at_least and block.at_most:
        for where, most, least in page.pairs(block.at_most.amount, block.at_least.amount, block.table):
            if most < least:
                message = f"the cap {most} is below the floor {least} ({where})"
                yield page.problem("CP302", message, (*path, "at_most"), at_key=True)
                break
    paid = block.at_least.pays_difference if block.at_least else "period_end"
    if paid in LONGER.get(block.per, ()):
        message = (
            f"the difference is paid at the {paid.removesuffix('_end')}'s end, and the floor is counted per "
            f"{block.per}: only the last {block.per} of each {paid.removesuffix('_end')} is made up"
        )
        remedy = f"fix: write pays_difference: {block.per}_end, or per: contract_year for a floor of the year"
        yield page.problem("CP307", message, (*path, "per"), help=remedy)


def _counted(page: Page, placed: Placed) -> Iterator[Problem]:
    """Find payments that it counts and that are not there."""
    payments = [block.id for block in page.contract.payments]
    counted = placed.written["on"]["payments"]
    yield from each_known(page, (*placed.path, "on", "payments"), counted, payments, "payments")


KIND = PaymentKind(
    model=Limit,
    say=say,
    marks={
        "Limit": {PAID: "on per at_most at_least ratchet", TOLD: TOLD_BY_MONTH},
        "LimitOn": {PAID: "payments"},
        "PeriodCap": {PAID: "amount on_breach"},
        "PeriodFloor": {PAID: "amount pays_difference"},
        "Ratchet": {PAID: "floor_is_percent looking_back_months", TOLD: "of"},
    },
    unheard={"Limit": UNHEARD_BY_MONTH},
    beside=True,
    adds_only=True,
    holds=lambda block: block.on.payments,
    checks=(_period_limit,),
    sound=(_counted,),
)
