"""How a matter leaves its fixed fee: what is measured, the threshold, what an escaped one is paid, its assessment."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.tools.amounts import millionths_of
from legalaid_sim.contracts.tools.compile_context import CompileContext, StepRun, share
from legalaid_sim.contracts.tools.pricing_state import ESCAPE, LineEntry, PricingState, money
from legalaid_sim.contracts.tools.wording import listed, said, words
from legalaid_sim.contracts.vocabulary.facts import TIME_HEADINGS
from legalaid_sim.contracts.vocabulary.values import (
    Count,
    MoneyValue,
    PercentValue,
    Share,
    Terms,
)
from legalaid_sim.units import MINUTES_PER_HOUR, add_up

ALL = Decimal(100)


class Assessment(Terms):
    """How the payer's assessor treats an escaped claim: minutes, days, the chance of each result."""

    minutes: Count = 0
    days: Count = Field(default=30, description="days until the result")
    outcomes_percent: dict[Literal["paid_in_full", "reduced", "reduced_to_fixed_fee", "nilled"], Share] = (
        Field(default_factory=dict)
    )
    reduced_by_percent: Share = Field(default=Decimal(15), description="cut when reduced but still escaped")


class Escape(Terms):
    """When a matter leaves its fixed fee: strictly over a threshold, on named headings.

    ``rates`` turns minutes into costs where only time is known. ``less`` names bolt-ons, bundled items or
    ``bolt_ons`` (all of them) that come off what is measured. With ``on_assessment`` the matter earns its
    fee; what it comes to at hourly rates is paid once the payer has assessed the claim.
    """

    over: MoneyValue
    measured_on: tuple[str, ...] = ("profit",)
    less: tuple[str, ...] = ()
    pays: Literal["all_at_hourly", "excess", "on_assessment", "flag_only"] = "flag_only"
    share_percent: PercentValue = ALL
    rates: dict[str, MoneyValue] = Field(default_factory=dict, description="GBP an hour, by heading")
    flag: str = "escape"
    assessment: Assessment | None = None


def escape_test(block: Any, escape: Escape, context: CompileContext) -> StepRun:
    """Compare the work at hourly rates with the threshold, strictly over; then pay as the block says."""
    return EscapeTest(block, escape, context).run


class EscapeTest:
    """The escape of a fixed fee: what is measured, what comes off it, what an escaped matter is paid."""

    def __init__(self, block: Any, escape: Escape, context: CompileContext) -> None:
        self.name, self.dated_by, self.escape, self.rounded = (
            block.id,
            block.dated_by,
            escape,
            context.rounded,
        )
        self.over = context.money(escape.over, block, "escape.over")
        self.part = context.percent(escape.share_percent, block, "escape.share_percent")
        self.rates = {
            heading: context.money(form, block, f"escape.rates.{heading}")
            for heading, form in escape.rates.items()
        }
        self.less = frozenset(escape.less)
        self.bundled = [
            context.money(block.bundled[item], block, f"bundled.{item}")
            for item in escape.less
            if item in block.bundled
        ]

    def run(self, case: PricingState) -> None:
        """Test a case, flag it where it escapes, and pay what an escape adds to the fee."""
        day = case.day(self.dated_by, self.name)
        threshold = self.over.on(day, case)
        if threshold is None:
            return
        measured = self.measured(case, day)
        margin = case.margins[self.escape.flag] = measured - threshold
        if margin <= 0:
            self._tell_within(case, measured, threshold)
            return
        case.flags.append(self.escape.flag)
        extra = self.extra(case, measured, margin, day)
        case.pay(ESCAPE, self.name, extra, "fees", "escape")
        self._tell_escaped(case, measured, threshold, extra, day)
        if self.name in case.assessed:
            self.assess(case, case.assessed[self.name], extra)

    def measured(self, case: PricingState, day: date) -> int:
        """Sum the headings as claimed, or their time at the rates; take off what ``less`` names."""
        total = add_up(self._heading(case, heading, day) for heading in self.escape.measured_on)
        if self.less:
            total -= add_up(entry.pence for entry in case.entries if self._comes_off(entry))
            total -= add_up(item.or_nought(day, case) for item in self.bundled)
        return total

    def _heading(self, case: PricingState, heading: str, day: date) -> int:
        stated = case.facts.costs.get(heading)
        if stated is not None:
            return stated
        minutes = case.facts.minutes.get(heading)
        if not minutes or heading not in self.rates:
            return 0
        return self.rounded(minutes * self.rates[heading].or_nought(day, case), MINUTES_PER_HOUR)

    def _comes_off(self, entry: LineEntry) -> bool:
        return entry.block == self.name and (entry.heading in self.less or entry.kind in self.less)

    def extra(self, case: PricingState, measured: int, margin: int, day: date) -> int:
        """Give what an escaped matter is paid beyond its fee: all at hourly rates, a share, or nothing."""
        if self.escape.pays == "excess":
            return share(margin, self.part.or_nought(day, case), self.rounded)
        known = case.forecast or self.name in case.assessed
        if self.escape.pays == "all_at_hourly" or (self.escape.pays == "on_assessment" and known):
            return measured - case.sum_of(lambda entry: entry.block == self.name and entry.heading == "fee")
        return 0

    def assess(self, case: PricingState, result: str, extra: int) -> None:
        """Take off what the assessor disallows, before tax; what is nilled goes kind by kind, to the last penny."""
        mine = [entry for entry in case.entries if entry.block == self.name]
        if result == "nilled":
            for entry in mine:
                case.pay(ESCAPE, self.name, -entry.pence, entry.kind, "assessed")
        elif result != "paid_in_full":
            percent = self.escape.assessment.reduced_by_percent if self.escape.assessment else 0
            cut = share(add_up(entry.pence for entry in mine), millionths_of(percent), self.rounded)
            off = extra if result == "reduced_to_fixed_fee" else min(extra, cut)
            case.pay(ESCAPE, self.name, -off, "fees", "assessed")

    def _tell_within(self, case: PricingState, measured: int, threshold: int) -> None:
        if case.trace is not None:
            words = f"{money(threshold - measured)} under" if measured < threshold else "at"
            case.tell(ESCAPE, self.name, None, f"{money(measured)} measured is {words} {money(threshold)}")

    def _tell_escaped(self, case: PricingState, measured: int, threshold: int, extra: int, day: date) -> None:
        if case.trace is not None:
            how = f"{money(measured)} measured is {money(measured - threshold)} over {money(threshold)}: "
            inputs = {"measured": money(measured), "threshold": money(threshold)}
            version = self.over.version(day, case)
            case.tell(
                ESCAPE,
                self.name,
                extra if extra else None,
                how + self.escape.pays,
                inputs,
                version,
                self.dated_by,
            )


ESCAPES = {
    "all_at_hourly": "the whole matter is paid at hourly rates",
    "excess": "{} percent of what is above it is paid as well",
    "on_assessment": "a flag is raised, and all of it is paid at hourly rates once the claim is assessed",
    "flag_only": "a flag is raised and nothing more is paid",
}
# What an assessment, or none, makes of an escaped claim: it pays what waits for it, else it can only take off.
LATER = {
    "on_assessment": "; no assessment stands here, so it is paid in full once one is made",
    "flag_only": ", now or later: no assessment stands here, and pays is where to say what is",
}


def _assessed(escape: Any) -> str:
    if escape.assessment is None:
        return LATER.get(escape.pays, "")
    return ", and its assessment later can only take off" if escape.pays != "on_assessment" else ""


def escape_said(escape: Any, contract: Named) -> Iterator[str]:
    """Say when a matter escapes, and what follows."""
    measured = listed(words(heading) for heading in escape.measured_on)
    less = f" less {listed(words(item) for item in escape.less)}" if escape.less else ""
    then = ESCAPES[escape.pays]
    then = then.format(said(escape.share_percent, contract)) if escape.pays == "excess" else then
    yield f"when {measured}{less} comes to more than {said(escape.over, contract)}, {then}{_assessed(escape)}"
    if escape.rates:
        rates = (f"{words(heading)} {said(rate, contract)}" for heading, rate in escape.rates.items())
        yield f"it is measured at {listed(rates)} an hour"
    for heading in escape.measured_on:
        if heading in TIME_HEADINGS and heading not in escape.rates:
            yield f"no rate stands here for {words(heading)}, so hours alone never reach it: only stated costs do"
    if escape.assessment is not None and escape.assessment.minutes:
        yield f"the assessment of such a claim takes {escape.assessment.minutes} minutes to prepare"
