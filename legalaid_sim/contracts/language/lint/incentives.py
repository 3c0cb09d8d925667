"""CI: what a contract invites people to do, found by pricing matters under it hour by hour.

Notes, never errors: a dead zone may be exactly what a statute wants. Each says how far it reaches, and why.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from legalaid_sim.contracts.analysis.paycurve import (
    LONGEST,
    Jump,
    Reading,
    SampleMatter,
    Stretch,
    before_tax,
    dead_zones,
    earned,
    hourly_rate,
    jumps,
    newest_day,
    past_the_fee,
    priced_at,
    sample_facts,
    samples_of,
    year_earned,
)
from legalaid_sim.contracts.analysis.population import HEADS, regions_of
from legalaid_sim.contracts.kinds.registry import CONTROLS, KINDS, PAYMENTS
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.checking import note
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import TAX, PricingState, money
from legalaid_sim.contracts.vocabulary.conditions import compile_conditions, hold
from legalaid_sim.contracts.vocabulary.values import Comparison
from legalaid_sim.errors import Problem, Refusal
from legalaid_sim.units import add_up
from legalaid_sim.yamlfile import Path

FAR_OUT = 100 * 60
UNPAID_SHARE = 0.2
MOST_SAMPLES = 200


def check(page: Page, terms: CompiledTerms) -> Iterator[Problem]:
    """Find what invites stopping short, padding, turning people away, choosing easy cases, filling up."""
    placed_by_id = {placed.id: placed for placed in page.blocks("payments")}
    for sample, curve in islice(samples_of(terms), MOST_SAMPLES):
        placed = placed_by_id[sample.block]
        if curve and not _paid_by_another(terms, sample):
            yield from _along(page, placed, terms, sample, curve)
    for placed in page.blocks():
        notes = KINDS[placed.kind].notes
        if notes is not None:
            yield from notes(page, placed, Foreseen(page, terms))
    yield from _targets(page)


def _paid_by_another(terms: CompiledTerms, sample: SampleMatter) -> bool:
    lines = terms.price(sample.facts, sample.provider).entries
    return bool(lines) and all(line.block != sample.block for line in lines)


class Foreseen:
    """What would come of a contract, as notes of kinds of block ask for it."""

    def __init__(self, page: Page, terms: CompiledTerms) -> None:
        self.page, self.terms = page, terms

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that the contract tells apart."""
        return regions_of(self.terms)

    @property
    def heads(self) -> int:
        """Eligible people of the area that is supposed."""
        return HEADS

    def year(self, region: str, hours: int = 0, clients: int = 0) -> int | None:
        """Give what a first year earns by itself, in pence; None where it is refused."""
        try:
            return year_earned(self.terms, region, hours, clients)
        except Refusal:
            return None

    def applies(self, block: Any) -> bool:
        """Tell whether a block pays for a matter on which nobody works."""
        contract = self.terms.contract
        facts, provider = sample_facts(contract, block.applies_to, newest_day(contract), self.regions[0])
        case = PricingState(facts, provider, self.terms.starts)
        applies = hold(compile_conditions(block.applies_to), case)
        return applies and not (block.not_if and hold(compile_conditions(block.not_if), case))


def _along(
    page: Page, placed: Placed, terms: CompiledTerms, sample: SampleMatter, curve: tuple[Reading, ...]
) -> Iterator[Problem]:
    rate = hourly_rate(terms.contract, terms, placed.id, sample)
    for flat in dead_zones(curve):
        for stretch in past_the_fee((flat,), rate):
            said = _dead_zone(sample, flat, stretch, rate, _after_all(placed), _alone(terms, sample, flat))
            yield note(page, "CI201", said, _place(placed, "escape"))
    for jump in jumps(terms, sample, curve):
        yield note(page, "CI202", _cliff(sample, jump), _place(placed, "escape", "bands"))
    if PAYMENTS[placed.kind].by_the_hour and not _limited(page, placed, terms, sample):
        message = f"every further hour of {sample} is paid, without any limit"
        yield note(page, "CI203", message, _place(placed, "rates"))
    yield from _unpaid_duties(page, placed, terms, sample, rate)
    yield from _low_bids(page, placed, terms, sample, rate)


def _after_all(placed: Placed) -> str:
    escape = getattr(placed.block, "escape", None)
    if escape is not None and escape.pays == "flag_only":
        return "an escape only raises a flag"
    return "nothing follows"


def _alone(terms: CompiledTerms, sample: SampleMatter, flat: Stretch) -> bool:
    """Tell whether what a matter earns there is the fee of its block and nothing beside it."""
    entries = priced_at(terms, sample, flat.start).entries
    return all(entry.block == sample.block for entry in entries if entry.pence and entry.phase != TAX)


def _dead_zone(
    sample: SampleMatter, flat: Stretch, stretch: Stretch, rate: int | None, after: str, alone: bool
) -> str:
    start, what = stretch.start, sample
    if not start:
        until = f" up to {_hours(stretch.end)} h, and more is paid only from there"
        ends = f", and {after}" if stretch.open else until
        return f"{what} earns {money(stretch.pence)} whatever the hours{ends}"
    fee = (
        "the fee of {} is used up"
        if alone
        else "what it earns, {} with all that comes on top of the fee, is used up"
    )
    reached = fee if not flat.start else "pay of {} is reached"
    why = f"{reached.format(money(stretch.pence))} at {_hours(start)} h"
    why += f" ({money(rate)} an hour)" if rate else ""
    if stretch.open:
        return f"beyond {_hours(start)} hours {what} earns nothing more: {why} and {after}"
    until = f"more is paid only from {_hours(stretch.end)} h"
    return f"hours {_hours(start)} to {_hours(stretch.end)} of {what} earn nothing more: {why} and {until}"


def _cliff(sample: SampleMatter, jump: Jump) -> str:
    change = jump.after - jump.before
    verb = "raises" if change > 0 else "cuts"
    return (
        f"at {_hours(jump.minutes)} hours one more minute of {sample} {verb} pay by "
        f"{money(abs(change))} (from {money(jump.before)} to {money(jump.after)})"
    )


def _limited(page: Page, placed: Placed, terms: CompiledTerms, sample: SampleMatter) -> bool:
    for other in page.blocks("payments"):
        holds = PAYMENTS[other.kind].holds
        if holds and placed.id in holds(other.block):
            return True
    try:
        near, far = (earned(terms, sample, minutes) for minutes in (LONGEST, FAR_OUT))
    except Refusal:
        return True
    return far <= near


def _unpaid_duties(
    page: Page, placed: Placed, terms: CompiledTerms, sample: SampleMatter, rate: int | None
) -> Iterator[Problem]:
    minutes = _unpaid_minutes(page, terms, sample)
    fee = before_tax(terms.price(sample.facts, sample.provider))
    if not rate or not fee or not minutes or PAYMENTS[placed.kind].by_the_hour:
        return
    worth = minutes * rate // 60
    if worth > UNPAID_SHARE * fee:
        share = round(100 * worth / fee)
        message = (
            f"unpaid duties take {minutes} minutes of {sample}, worth {money(worth)} at "
            f"{money(rate)} an hour: {share} percent of the {money(fee)} it earns"
        )
        yield note(page, "CI209", message, (*placed.path, "id"))


def _low_bids(
    page: Page, placed: Placed, terms: CompiledTerms, sample: SampleMatter, rate: int | None
) -> Iterator[Problem]:
    bids = getattr(getattr(placed.block, "award", None), "bid_between", None)
    if not bids or not rate:
        return
    cost = Decimal(_unpaid_minutes(page, terms, sample) * rate // 60) / 100
    if bids[0] < cost:
        message = f"a bid may be {bids[0]}, and the contract's own duties cost {cost} a matter"
        yield note(page, "CI211", message, (*placed.path, "award", "bid_between"))


def _unpaid_minutes(page: Page, terms: CompiledTerms, sample: SampleMatter) -> int:
    paid = {duty.id for duty in page.blocks("duties") if getattr(duty.block, "paid", False) is not False}
    try:
        burden = terms.burden_of(sample.facts, sample.provider)
    except Refusal:
        return 0  # a duty has no minutes on that day, which is told where its history starts
    return add_up(minutes for duty, minutes in burden.items() if duty not in paid)


def _targets(page: Page) -> Iterator[Problem]:
    steps = {
        step: placed.id
        for placed in page.blocks("payments")
        for step in PAYMENTS[placed.kind].pay_steps(placed.block)
    }
    for placed in page.blocks("controls"):
        compares = CONTROLS[placed.kind].compares
        for bound in _bounds(compares(placed.block)) if compares else ():
            if bound in steps:
                message = f"the target {bound} is also a payment step of '{steps[bound]}': it decides twice"
                yield note(page, "CI206", message, (*placed.path, "target"))


def _bounds(target: Comparison) -> Iterator[Decimal]:
    for bound in (target.over, target.at_least, target.under, target.at_most, target.is_):
        if isinstance(bound, int | Decimal) and not isinstance(bound, bool):
            yield Decimal(bound)


def _place(placed: Placed, *keys: str) -> Path:
    written = next((key for key in keys if key in placed.written), "id")
    return (*placed.path, written)


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}"
