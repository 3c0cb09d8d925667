"""A fee by the band that a count or the minutes of a matter fall into."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import InOldWords, PaymentBlock
from legalaid_sim.contracts.blocks.marking import PAID
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.payments.additions import BoltOn, bolt_ons, extras
from legalaid_sim.contracts.kinds.payments.fees import driven_by, pay_time
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.tools.amounts import pence_of
from legalaid_sim.contracts.tools.checking import gaps, overlaps, rising
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep, needed
from legalaid_sim.contracts.tools.lookups import Lookup
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import TIERS, PricingState, money
from legalaid_sim.contracts.tools.wording import listed, reach, said, words
from legalaid_sim.contracts.vocabulary.conditions import fact_getter, plain_name
from legalaid_sim.contracts.vocabulary.values import MoneyValue, Number
from legalaid_sim.contracts.vocabulary.wants import AnyOf, wanted
from legalaid_sim.errors import Problem, Refusal
from legalaid_sim.units import MINUTES_PER_HOUR


class Band(InOldWords):
    """A band: a flat amount, or hourly pay, from ``at_least`` (or after the band before) to ``at_most``."""

    OLD: ClassVar[Mapping[str, str]] = {"from": "at_least", "up_to": "at_most"}
    at_least: Number | None = None
    at_most: Number | None = None
    amount: MoneyValue | None = None
    hourly: MoneyValue | None = None


class BandedFee(PaymentBlock):
    """The fee follows the band that a count or the minutes of the matter fall into."""

    kind: Literal["banded_fee"]
    band_by: str = Field(description="a fact such as work.minutes, or event.<kind> for a count")
    bands: tuple[Band, ...] = Field(min_length=1)
    otherwise: MoneyValue | None = Field(default=None, description="fee in no band; without it: refused")
    bolt_ons: dict[str, BoltOn] = Field(default_factory=dict)
    extras: tuple[str, ...] = ()


def price(block: BandedFee, context: CompileContext) -> Iterator[PhaseStep]:
    """Pay by the band that a count or the minutes of the matter fall into."""
    driver, bands = fact_getter(block.band_by), [_band(block, band, context) for band in block.bands]
    otherwise = context.library.maybe(block.otherwise, pence_of, f"{block.id}.otherwise", block.table)
    name = block.id

    def fee(case: PricingState, amount: Lookup, pence: int, day: date, units: float) -> None:
        case.pay(TIERS, name, pence, "fees", "fee")
        if case.trace is not None:
            case.tell(
                TIERS, name, pence, f"{block.band_by} is {units:g}: {money(pence)}",
                {block.band_by: f"{units:g}"}, amount.version(day, case), block.dated_by,
            )  # fmt: skip

    def pay(case: PricingState) -> None:
        found, day = driver(case), case.day(block.dated_by, name)
        units = float(found or 0)
        for low, high, amount, rate in bands:
            if low <= units <= high:
                if rate is not None:
                    pay_time(case, TIERS, name, rate.or_nought(day, case), 0, context.rounded)
                if amount is not None:
                    fee(case, amount, needed(amount.on(day, case), name, "amount"), day, units)
                return
        if otherwise is None:
            raise Refusal("no-band", name, f"{block.band_by} is {units:g}, and no band holds that")
        fee(case, otherwise, otherwise.or_nought(day, case), day, units)

    yield PhaseStep(TIERS, pay)
    yield from bolt_ons(block, context)
    yield from extras(block)


Banded = tuple[float, float, Lookup | None, Lookup | None]


def _band(block: BandedFee, band: Band, context: CompileContext) -> Banded:
    at = block.bands.index(band)
    if band.amount is None and band.hourly is None:
        raise Refusal("no-value", f"{block.id}.bands.{at}", "a band needs an amount or an hourly rate")
    before = block.bands[at - 1].at_most if at else None
    low = (
        float(band.at_least) if band.at_least is not None else 0.0 if before is None else float(before) + 1e-9
    )
    high = float("inf") if band.at_most is None else float(band.at_most)
    amount = context.library.maybe(band.amount, pence_of, f"{block.id}.bands.{at}.amount", block.table)
    rate = context.library.maybe(band.hourly, pence_of, f"{block.id}.bands.{at}.hourly", block.table)
    return low, high, amount, rate


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    yield f"the fee follows {words(block.band_by)}"
    for band in block.bands:
        where = reach(band.at_most, "from", band.at_least)
        flat = f"{said(band.amount, contract)}" if band.amount is not None else ""
        hourly = f"{said(band.hourly, contract)} an hour" if band.hourly is not None else ""
        yield f"{where}: {listed(filter(None, (flat, hourly)))}"


def circumstances(block: BandedFee) -> Iterator[dict[str, Any]]:
    """Give facts that it tells apart."""
    if not block.band_by.startswith("work."):
        edges = {edge for band in block.bands for edge in (band.at_least, band.at_most) if edge is not None}
        for edge in sorted(edges | {edge + 1 for edge in edges}):
            yield {plain_name(block.band_by): edge}


# The least that two values of a fact can differ by: a minute written in hours, a penny, one of what is counted.
MINUTE, PENNY, ONE = Decimal("0.02"), Decimal("0.01"), Decimal(1)


def _step(band_by: str) -> Decimal:
    fact = plain_name(band_by)
    return MINUTE if fact.startswith("work.hours") else PENNY if fact.startswith("costs") else ONE


def _bands(page: Page, placed: Placed) -> Iterator[Problem]:
    bands, path = placed.block.bands, (*placed.path, "bands")
    spans, step = [(band.at_least, band.at_most) for band in bands], _step(placed.block.band_by)
    broken = tuple(rising(page, path, [band.at_most for band in bands], "at_most"))
    yield from broken or overlaps(page, path, spans, "at_least", step, open_start=False)
    if placed.block.otherwise is None:
        yield from gaps(page, path, spans, step)
        if bands[-1].at_most is not None:
            message = f"beyond {bands[-1].at_most} no band applies, and a matter there is refused"
            yield page.problem(
                "CR032", message, (*path, len(bands) - 1), help="fix: add a band {at_least: ...}"
            )


def needs(block: BandedFee) -> Iterator[AnyOf]:
    """What its bands are about."""
    yield wanted(block.band_by)


def work_edges(block: BandedFee) -> Iterator[int]:
    """Give the minutes at which bands begin and end, where they are about work."""
    if block.band_by.startswith("work."):
        unit = MINUTES_PER_HOUR if block.band_by.startswith("work.hours") else 1
        for band in block.bands:
            yield from (int(edge * unit) for edge in (band.at_least, band.at_most) if edge is not None)


KIND = PaymentKind(
    model=BandedFee,
    say=say,
    marks={
        "BandedFee": {PAID: "band_by bands otherwise bolt_ons extras"},
        "Band": {PAID: "at_least at_most amount hourly"},
    },
    price=price,
    is_base=True,
    facts_read=lambda block: (block.band_by,),
    needs=needs,
    circumstances=circumstances,
    work_edges=work_edges,
    inputs=lambda block: driven_by([block.band_by]),
    checks=(_bands,),
)
