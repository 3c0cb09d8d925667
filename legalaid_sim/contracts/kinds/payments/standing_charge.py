"""Pay for being there: an amount for each session, for each client seen at one, or for each month."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.blocks.marking import PAID, TOLD
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.kinds.payments.monthly import TOLD_BY_MONTH, UNHEARD_BY_MONTH, Monthly
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import BASE
from legalaid_sim.contracts.tools.wording import said
from legalaid_sim.contracts.tools.working_time import WEEKS, WORKING_DAYS
from legalaid_sim.contracts.vocabulary.facts import Line, PeriodFacts
from legalaid_sim.contracts.vocabulary.values import CountValue, MoneyValue, NumberValue, Terms, YesNo
from legalaid_sim.contracts.vocabulary.wants import AnyOf, Wanted
from legalaid_sim.errors import Problem
from legalaid_sim.units import MONTHS_PER_YEAR, add_up


class Sessions(Terms):
    """How many sessions a month are staffed, at which desk, and for how many clients each is paid at least."""

    per_month: NumberValue | None = Field(default=None, description="sessions a month that are paid at most")
    attended_needed: YesNo = Field(default=False, description="false: planned sessions are paid, held or not")
    desk: str | None = Field(default=None, description="the scenario's desk; left out: all of them")
    least_clients: CountValue | None = Field(
        default=None, description="per client: a session at which fewer are seen is paid as this many"
    )


class StandingCharge(PaymentBlock):
    """Pay for being there: an amount for each session, for each client seen at one, or for each month."""

    kind: Literal["standing_charge"]
    amount: MoneyValue
    per: Literal["session", "client", "month"] = "month"
    sessions: Sessions | None = None

    @model_validator(mode="after")
    def _sessions_are_heard(self) -> Self:
        terms = self.sessions
        if terms is None:
            return self
        if self.per == "month":
            raise ValueError(
                "a charge for the month does not look at sessions: write per: session or per: client"
            )
        if self.per == "session" and terms.least_clients is not None:
            raise ValueError("a charge for the session does not look at who was seen: write per: client")
        if self.per == "client" and terms.attended_needed:
            raise ValueError("who was seen was at a session that was held: leave attended_needed out")
        return self


class StandingPay(Monthly):
    """A standing charge: for each session staffed, or for the month."""

    block: StandingCharge

    def __init__(self, block: StandingCharge, *rest: Any) -> None:
        super().__init__(block, *rest)
        self.amount = self.money(block.amount, "amount")
        planned = block.sessions.per_month if block.sessions else None
        self.sessions = self.library.maybe(planned, int, f"{self.id}.sessions")
        least = block.sessions.least_clients if block.sessions else None
        self.least = self.library.maybe(least, int, f"{self.id}.sessions.least_clients")

    def ended(self, period: PeriodFacts) -> Iterator[Line]:
        """Pay the sessions planned, or those attended where attendance is needed; or who was seen at them."""
        desk = self.block.sessions.desk if self.block.sessions else None
        held = [seen for at, seen in period.sittings if desk in (None, at)]
        times = 1
        if self.block.per == "session":
            times = self._sessions(period.sessions if desk is None else len(held), period.last)
        elif self.block.per == "client":
            least = self.on(self.least, period.last) if self.least else 0
            most = self.on(self.sessions, period.last) if self.sessions else len(held)
            times = add_up(max(least, seen) for seen in held[:most])
        pence = times * self.on(self.amount, period.last)
        pence = self.lived(pence, period) if self.block.per == "month" else pence
        if pence:
            yield Line(BASE, self.id, pence)

    def _sessions(self, held: int, on: date) -> int:
        planned = self.on(self.sessions, on) if self.sessions else held
        needed = self.block.sessions is not None and self.block.sessions.attended_needed
        return min(planned, held) if needed else planned


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    terms = block.sessions
    yield f"{said(block.amount, contract)} a {block.per}{'' if block.per != 'client' else ' seen at a session'}"
    if terms is None:
        return
    if terms.desk is not None:
        yield f"at the desk '{terms.desk}'"
    if terms.least_clients is not None:
        yield f"a session at which fewer are seen is paid as {said(terms.least_clients, contract)}"
    if terms.per_month is not None:
        most = "at most " if terms.attended_needed or block.per == "client" else ""
        yield f"{most}{said(terms.per_month, contract)} sessions a month"


SESSIONS_A_DAY = 5


def _sessions(page: Page, placed: Placed) -> Iterator[Problem]:
    sessions = placed.block.sessions
    if sessions is None:
        return
    a_month = WEEKS * WORKING_DAYS / MONTHS_PER_YEAR
    for number in page.points(sessions.per_month).values():
        if number > SESSIONS_A_DAY * a_month:
            amounts = page.points(placed.block.amount).values()
            each = (
                f", {number * max(amounts):,.2f} a month" if amounts and placed.block.per == "session" else ""
            )
            message = f"{number:,} sessions a month are {number / a_month:.0f} every working day{each}"
            yield page.problem("CV119", message, (*placed.path, "sessions", "per_month"))
            return


def needs(block: StandingCharge) -> Iterator[AnyOf]:
    """Sessions that are held, where it looks at them."""
    terms = block.sessions or Sessions()
    if block.per == "client" or (block.per == "session" and (terms.attended_needed or not terms.per_month)):
        yield (Wanted("month", terms.desk or "sessions"),)


KIND = PaymentKind(
    model=StandingCharge,
    say=say,
    marks={
        "StandingCharge": {PAID: "amount per sessions", TOLD: TOLD_BY_MONTH},
        "Sessions": {PAID: "per_month attended_needed desk least_clients"},
    },
    unheard={"StandingCharge": UNHEARD_BY_MONTH},
    monthly=StandingPay,
    beside=True,
    needs=needs,
    checks=(_sessions,),
)
