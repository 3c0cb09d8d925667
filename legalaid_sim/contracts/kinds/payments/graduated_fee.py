"""A fee by drivers: each a fixed part and a part for each further unit, with uplifts."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import InOldWords, PaymentBlock
from legalaid_sim.contracts.blocks.marking import PAID
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.payments.additions import add_share
from legalaid_sim.contracts.kinds.payments.fees import driven_by
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.tools.checking import not_below
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep, StepRun
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import BASE, UPLIFTS, PricingState, money
from legalaid_sim.contracts.tools.wording import conditions, said, words
from legalaid_sim.contracts.vocabulary.conditions import compile_conditions, fact_getter, hold, plain_name
from legalaid_sim.contracts.vocabulary.supposing import asked
from legalaid_sim.contracts.vocabulary.values import Condition, MoneyValue, Number, PercentValue, Terms
from legalaid_sim.contracts.vocabulary.wants import AnyOf, NeededKey, wanted
from legalaid_sim.errors import Problem
from legalaid_sim.units import add_up

NIL = Decimal(0)


class DriverBase(InOldWords):
    """The fixed part of a driver, from this many units."""

    OLD: ClassVar[Mapping[str, str]] = {"from": "at_least"}
    at_least: Number = NIL
    amount: MoneyValue


class DriverThen(InOldWords):
    """The part for each unit from this one on."""

    OLD: ClassVar[Mapping[str, str]] = {"from": "at_least", "up_to": "at_most"}
    at_least: Number
    each: MoneyValue
    at_most: Number | None = None


class Driver(Terms):
    """A price that rises with a count: a fixed part, then so much for each unit."""

    by: str
    base: DriverBase
    then: DriverThen | None = None


class Uplift(Terms):
    """A percentage added when facts hold."""

    when: dict[str, Condition] = Field(min_length=1)
    add_percent: PercentValue


class GraduatedFee(PaymentBlock):
    """A fee worked out from one or more drivers, by their largest or their sum, with uplifts."""

    kind: Literal["graduated_fee"]
    combine: Literal["max", "sum"] = "max"
    drivers: tuple[Driver, ...] = Field(min_length=1)
    uplifts: tuple[Uplift, ...] = ()


def price(block: GraduatedFee, context: CompileContext) -> Iterator[PhaseStep]:
    """Pay by drivers: each a fixed part and a part for each further unit; their largest, or their sum."""
    drivers = [_driver(block, driver, context) for driver in block.drivers]
    combine, name = (max if block.combine == "max" else add_up), block.id

    def pay(case: PricingState) -> None:
        day = case.day(block.dated_by, name)
        parts = [price(case, day) for price in drivers]
        pence = combine(parts)
        case.pay(BASE, name, pence, "fees", "fee")
        if case.trace is not None:
            shown = ", ".join(f"{driver.by} {money(part)}" for driver, part in zip(block.drivers, parts))
            case.tell(BASE, name, pence, f"{block.combine} of {shown}", {}, "", block.dated_by)

    yield PhaseStep(BASE, pay)
    for lift in block.uplifts:
        yield PhaseStep(UPLIFTS, _uplift_when(block, lift, context))


def _driver(
    block: GraduatedFee, driver: Driver, context: CompileContext
) -> Callable[[PricingState, date], int]:
    count, base = (
        fact_getter(driver.by),
        context.money(driver.base.amount, block, f"drivers.{driver.by}.base"),
    )
    each = context.money(driver.then.each, block, f"drivers.{driver.by}.then") if driver.then else None

    def price(case: PricingState, day: date) -> int:
        units = int(count(case) or 0)
        if units < driver.base.at_least:
            return 0
        pence = base.or_nought(day, case)
        if each is None or driver.then is None:
            return pence
        last = units if driver.then.at_most is None else min(units, int(driver.then.at_most))
        return pence + max(0, last - int(driver.then.at_least) + 1) * each.or_nought(day, case)

    return price


def _uplift_when(block: GraduatedFee, lift: Uplift, context: CompileContext) -> StepRun:
    when = compile_conditions(lift.when)
    percent, name = context.percent(lift.add_percent, block, "uplifts"), block.id

    def add(case: PricingState) -> None:
        if hold(when, case):
            add_share(case, name, percent.or_nought(case.day(block.dated_by, name), case), context.rounded)

    return add


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    drivers = [_driver_said(driver, contract) for driver in block.drivers]
    if len(drivers) == 1:
        yield drivers[0]
    else:
        yield f"{'the larger' if block.combine == 'max' else 'the sum'} of: {'; '.join(drivers)}"
    for uplift in block.uplifts:
        holds = conditions(uplift.when, "where ").rstrip(": ")
        yield f"raised by {said(uplift.add_percent, contract)} percent {holds}"


def _driver_said(driver: Any, contract: Named) -> str:
    base = f"{said(driver.base.amount, contract)} from {driver.base.at_least} {words(driver.by)}"
    if driver.then is None:
        return base
    return f"{base}, then {said(driver.then.each, contract)} for each from {driver.then.at_least}"


def parts(block: GraduatedFee) -> Iterator[NeededKey]:
    """Give what its keys need."""
    for driver in block.drivers:
        yield f"drivers.{driver.by}", wanted(driver.by)
    for at, uplift in enumerate(block.uplifts):
        for name, condition in uplift.when.items():
            yield f"uplifts.{at}", wanted(name, condition)


def circumstances(block: GraduatedFee) -> Iterator[dict[str, Any]]:
    """Give facts that it tells apart."""
    for driver in block.drivers:
        edges = {driver.base.at_least}
        if driver.then:
            edges |= {driver.then.at_least, driver.then.at_least + 1}
            edges |= {driver.then.at_most + 1} if driver.then.at_most is not None else set()
        yield from ({plain_name(driver.by): edge} for edge in sorted(edges))
        for lift in block.uplifts:
            yield from ({plain_name(driver.by): max(edges), **more} for more in asked(lift.when))


def _drivers(page: Page, placed: Placed) -> Iterator[Problem]:
    for position, driver in enumerate(placed.block.drivers):
        if driver.then and driver.then.at_least < driver.base.at_least:
            start, base = driver.then.at_least, driver.base.at_least
            message = f"the part for each unit starts at {start}, before the base at {base}"
            yield page.problem("CP303", message, (*placed.path, "drivers", position, "then"))
        if driver.then:
            path = (*placed.path, "drivers", position, "then", "at_most")
            yield from not_below(page, path, driver.then.at_least, driver.then.at_most)


def needs(block: GraduatedFee) -> Iterator[AnyOf]:
    """What one of its drivers counts."""
    yield tuple(one for driver in block.drivers for one in wanted(driver.by))


def _facts_read(block: GraduatedFee) -> Iterator[str]:
    yield from (driver.by for driver in block.drivers)
    yield from (name for lift in block.uplifts for name in lift.when)


KIND = PaymentKind(
    model=GraduatedFee,
    say=say,
    marks={
        "GraduatedFee": {PAID: "combine drivers uplifts"},
        "Driver": {PAID: "by base then"},
        "DriverBase": {PAID: "at_least amount"},
        "DriverThen": {PAID: "at_least each at_most"},
        "Uplift": {PAID: "when add_percent"},
    },
    price=price,
    is_base=True,
    facts_read=_facts_read,
    needs=needs,
    parts=parts,
    circumstances=circumstances,
    inputs=lambda block: driven_by([driver.by for driver in block.drivers]),
    checks=(_drivers,),
)
