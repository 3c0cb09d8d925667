"""Phases 1 to 3: what pays for the whole of a matter, from the hourly rate to the stage."""

from collections.abc import Callable, Iterator
from datetime import date

from legalaid_sim.contracts.kinds.additions import add_share, bolt_ons, extras, per_event, uplift
from legalaid_sim.contracts.schema import payments as written
from legalaid_sim.contracts.schema.common import Payment
from legalaid_sim.contracts.tools.amounts import (
    WHOLE,
    Rounded,
    billed_minutes,
    pence_of,
)
from legalaid_sim.contracts.tools.awarding import price_awarded
from legalaid_sim.contracts.tools.case import (
    BASE,
    ESCAPE,
    EXTRAS,
    STAGES,
    TIERS,
    UPLIFTS,
    Case,
    money,
)
from legalaid_sim.contracts.tools.limits import escape_test
from legalaid_sim.contracts.tools.lookups import Lookup
from legalaid_sim.contracts.tools.workshop import Run, Step, Workshop, needed, share
from legalaid_sim.contracts.vocabulary.conditions import compile_conditions, fact_getter, hold
from legalaid_sim.errors import Refusal
from legalaid_sim.units import MINUTES_PER_HOUR, add_up


def hourly(block: written.Hourly, shop: Workshop) -> Iterator[Step]:
    """Pay each heading: the costs a claim states, or else its time at the hourly rate."""
    yield Step(BASE, HourlyPay(block, shop).run)
    for kind, form in block.items.items():
        amount = shop.money(form, block, f"items.{kind}")
        yield Step(EXTRAS, per_event(block, kind, kind, amount, once=False, most=None))
    yield from bolt_ons(block, shop)
    yield from extras(block)
    yield from uplift(block, shop)


class HourlyPay:
    """Hourly pay by heading, in the contract's units of time."""

    def __init__(self, block: written.Hourly, shop: Workshop) -> None:
        self.name, self.dated_by, self.rounded = block.id, block.dated_by, shop.rounded
        self.unit, self.part = block.time_unit.minutes, block.time_unit.part_unit
        self.rates = {
            heading: shop.money(form, block, f"rates.{heading}") for heading, form in block.rates.items()
        }
        self.headings = tuple(dict.fromkeys((*self.rates, *block.headings)))

    def run(self, case: Case) -> None:
        """Pay every heading of a case."""
        costs, minutes = case.facts.costs, case.facts.minutes
        for heading in self.headings:
            stated, worked = costs.get(heading), minutes.get(heading)
            if stated is not None:
                self.as_claimed(case, heading, stated)
            elif worked and heading in self.rates:
                self.by_time(case, heading, worked)

    def as_claimed(self, case: Case, heading: str, pence: int) -> None:
        """Pay costs that a claim states."""
        case.pay(BASE, self.name, pence, "hourly", heading)
        if case.trace is not None and pence:
            case.tell(BASE, self.name, pence, f"{heading} costs as claimed")

    def by_time(self, case: Case, heading: str, worked: int) -> None:
        """Pay time at the rate in force; a heading whose rate is an empty cell is not paid."""
        day = case.day(self.dated_by, self.name)
        rate = self.rates[heading].on(day, case)
        if rate is None:
            return
        billed = billed_minutes(worked, self.unit, self.part)
        pence = self.rounded(billed * rate, MINUTES_PER_HOUR)
        case.picked = case.picked or (self.rates[heading], day)
        case.pay(BASE, self.name, pence, "hourly", heading)
        if case.trace is not None:
            how = f"{billed} min {heading} at {money(rate)} an hour"
            inputs = {"minutes": worked, "rate": money(rate)}
            version = self.rates[heading].version(day, case)
            case.tell(BASE, self.name, pence, how, inputs, version, self.dated_by)


def fixed_fee(block: written.FixedFee, shop: Workshop) -> Iterator[Step]:
    """Pay one fee, whatever the work; add bolt-ons and extras; test for escape."""
    yield Step(BASE, _flat(block, BASE, shop.money(block.amount, block, "amount")))
    yield from bolt_ons(block, shop)
    yield from extras(block)
    yield from uplift(block, shop)
    if block.escape:
        yield Step(ESCAPE, escape_test(block, block.escape, shop))


def _flat(block: Payment, phase: int, amount: Lookup) -> Run:
    name, dated_by = block.id, block.dated_by

    def pay(case: Case) -> None:
        day = case.day(dated_by, name)
        pence = needed(amount.on(day, case), name, "amount")
        case.picked = (amount, day)
        case.pay(phase, name, pence, "fees", "fee")
        if case.trace is not None:
            tell_amount(case, phase, name, pence, amount, day, dated_by)

    return pay


def tell_amount(
    case: Case, phase: int, name: str, pence: int, amount: Lookup, day: date, dated_by: str
) -> None:
    """Write the receipt row of an amount: its version, what picked it, what it was before."""
    version, before = amount.version(day, case), amount.before(day, case)
    how = money(pence)
    if version:
        how += f", version of {version} (picked by {dated_by}"
        how += f"; before: {money(before)})" if before is not None else ")"
    case.tell(phase, name, pence, how, {}, version, dated_by)


def graduated_fee(block: written.GraduatedFee, shop: Workshop) -> Iterator[Step]:
    """Pay by drivers: each a fixed part and a part for each further unit; their largest, or their sum."""
    drivers = [_driver(block, driver, shop) for driver in block.drivers]
    combine, name = (max if block.combine == "max" else add_up), block.id

    def pay(case: Case) -> None:
        day = case.day(block.dated_by, name)
        parts = [price(case, day) for price in drivers]
        pence = combine(parts)
        case.pay(BASE, name, pence, "fees", "fee")
        if case.trace is not None:
            shown = ", ".join(f"{driver.by} {money(part)}" for driver, part in zip(block.drivers, parts))
            case.tell(BASE, name, pence, f"{block.combine} of {shown}", {}, "", block.dated_by)

    yield Step(BASE, pay)
    for lift in block.uplifts:
        yield Step(UPLIFTS, _uplift_when(block, lift, shop))


def _driver(
    block: written.GraduatedFee, driver: written.Driver, shop: Workshop
) -> Callable[[Case, date], int]:
    count, base = fact_getter(driver.by), shop.money(driver.base.amount, block, f"drivers.{driver.by}.base")
    each = shop.money(driver.then.each, block, f"drivers.{driver.by}.then") if driver.then else None

    def price(case: Case, day: date) -> int:
        units = int(count(case) or 0)
        if units < driver.base.at_least:
            return 0
        pence = base.on(day, case) or 0
        if each is None or driver.then is None:
            return pence
        last = units if driver.then.at_most is None else min(units, int(driver.then.at_most))
        return pence + max(0, last - int(driver.then.at_least) + 1) * (each.on(day, case) or 0)

    return price


def _uplift_when(block: written.GraduatedFee, lift: written.Uplift, shop: Workshop) -> Run:
    when = compile_conditions(lift.when)
    percent, name = shop.percent(lift.add_percent, block, "uplifts"), block.id

    def add(case: Case) -> None:
        if hold(when, case):
            add_share(case, name, percent.on(case.day(block.dated_by, name), case), shop.rounded)

    return add


def tendered_price(block: written.TenderedPrice, shop: Workshop) -> Iterator[Step]:
    """Pay the awarded price for each matter, or each hour."""
    amount, name = shop.money(block.amount, block, "amount"), block.id

    def pay(case: Case) -> None:
        price = price_awarded(block.award, amount.on(case.day(block.dated_by, name), case) or 0, case)
        if block.unit_of_work == "hour":
            _pay_time(case, BASE, name, price, 0, shop.rounded)
            return
        case.pay(BASE, name, price, "fees", "fee")
        if case.trace is not None:
            case.tell(BASE, name, price, f"{money(price)} a matter, by {block.award.method}")

    yield Step(BASE, pay)


def _pay_time(
    case: Case, phase: int, name: str, rate: int, most: int, rounded: Rounded, kept: int | None = None
) -> None:
    minutes = case.facts.minutes.get("profit", 0)
    minutes = minutes if kept is None else min(minutes, kept)
    stated = case.facts.costs.get("profit")
    pence = rounded(minutes * rate, MINUTES_PER_HOUR) if stated is None or minutes else stated
    pence = min(pence, most) if most else pence
    case.pay(phase, name, pence, "hourly", "profit")
    if case.trace is not None:
        most_text = f", at most {money(most)}" if most else ""
        case.tell(phase, name, pence, f"{minutes} min at {money(rate)} an hour{most_text}")


def personal_budget(block: written.PersonalBudget, shop: Workshop) -> Iterator[Step]:
    """Draw the posted price of the work from what is left of the client's budget."""
    price = shop.money(block.spends_on.price, block, "spends_on.price")
    budget, name = shop.money(block.grants.amount, block, "grants.amount"), block.id
    broker = shop.money(block.broker.amount, block, "broker.amount") if block.broker else None

    def draw(case: Case) -> None:
        day = case.day(block.dated_by, name)
        left = max(0, (budget.on(day, case) or 0) - case.ranks.get(f"{name}.spent", 0))
        rate = price.on(day, case) or 0
        if case.ranks.get(f"{name}.returned"):
            left = 0
            case.flags.append("budget_returned")
        elif not left:
            case.flags.append("budget_spent")
        whole = _worth_of(block, case, rate, shop.rounded)
        if left and block.spends_on.per == "hour":
            _pay_time(case, BASE, name, rate, left, shop.rounded, case.ranks.get(f"{name}.kept"))
        elif left:
            case.pay(BASE, name, min(rate, left), "fees", "fee")
            case.tell(
                BASE, name, min(rate, left), f"{money(rate)} a matter, {money(left)} left of the budget"
            )
        if block.spends_on.client_may_top_up and whole > left:
            _top_up(case, name, whole - left)
        if broker is not None and not case.ranks.get(f"{name}.spent", 0):
            pence = broker.on(day, case) or 0
            case.pay(EXTRAS, name, pence, "extras", "broker")
            case.tell(EXTRAS, name, pence, "help with choosing")

    yield Step(BASE, draw)


def _worth_of(block: written.PersonalBudget, case: Case, rate: int, rounded: Rounded) -> int:
    """Give what the work comes to at the posted price, whatever is left of the budget."""
    if block.spends_on.per == "matter":
        return rate
    minutes = case.facts.minutes.get("profit", 0)
    stated = case.facts.costs.get("profit")
    if stated is not None and not minutes:
        return stated
    kept = case.ranks.get(f"{block.id}.kept")
    return rounded((minutes if kept is None else min(minutes, kept)) * rate, MINUTES_PER_HOUR)


def _top_up(case: Case, name: str, pence: int) -> None:
    """Let the client pay what goes beyond the budget; a provider who looks ahead counts on it."""
    case.topped_up += pence
    case.flags.append("topped_up")
    case.tell(EXTRAS, name, None, f"{money(pence)} beyond the budget, paid by the client")
    if case.forecast:
        case.pay(EXTRAS, name, pence, "client", "client")


def banded_fee(block: written.BandedFee, shop: Workshop) -> Iterator[Step]:
    """Pay by the band that a count or the minutes of the matter fall into."""
    driver, bands = fact_getter(block.band_by), [_band(block, band, shop) for band in block.bands]
    otherwise = shop.library.maybe(block.otherwise, pence_of, f"{block.id}.otherwise", block.table)
    name = block.id

    def pay(case: Case) -> None:
        found, day = driver(case), case.day(block.dated_by, name)
        units = float(found or 0)
        for low, high, amount, rate in bands:
            if low <= units <= high:
                if rate is not None:
                    _pay_time(case, TIERS, name, rate.on(day, case) or 0, 0, shop.rounded)
                if amount is not None:
                    pence = needed(amount.on(day, case), name, "amount")
                    case.pay(TIERS, name, pence, "fees", "fee")
                    if case.trace is not None:
                        case.tell(
                            TIERS, name, pence, f"{block.band_by} is {units:g}: {money(pence)}",
                            {block.band_by: f"{units:g}"}, amount.version(day, case), block.dated_by,
                        )  # fmt: skip
                return
        if otherwise is None:
            raise Refusal("no-band", name, f"{block.band_by} is {units:g}, and no band holds that")
        case.pay(TIERS, name, otherwise.on(day, case) or 0, "fees", "fee")

    yield Step(TIERS, pay)
    yield from bolt_ons(block, shop)
    yield from extras(block)


Banded = tuple[float, float, Lookup | None, Lookup | None]


def _band(block: written.BandedFee, band: written.Band, shop: Workshop) -> Banded:
    at = block.bands.index(band)
    if band.amount is None and band.hourly is None:
        raise Refusal("no-value", f"{block.id}.bands.{at}", "a band needs an amount or an hourly rate")
    before = block.bands[at - 1].at_most if at else None
    low = (
        float(band.at_least) if band.at_least is not None else 0.0 if before is None else float(before) + 1e-9
    )
    high = float("inf") if band.at_most is None else float(band.at_most)
    amount = shop.library.maybe(band.amount, pence_of, f"{block.id}.bands.{at}.amount", block.table)
    rate = shop.library.maybe(band.hourly, pence_of, f"{block.id}.bands.{at}.hourly", block.table)
    return low, high, amount, rate


def tiers(block: written.Tiers, shop: Workshop) -> Iterator[Step]:
    """Pay by the place of the matter in its period's volume.

    Under ``slab`` all matters so far are paid at the tier reached; the one that reaches it settles the rest.
    """
    steps = [
        (
            (1 << 60) if tier.at_most is None else tier.at_most,
            shop.money(tier.amount, block, f"tiers.{at}.amount"),
        )
        for at, tier in enumerate(block.tiers)
    ]
    name, slab = block.id, block.style == "slab"

    def price(case: Case, rank: int, day: date) -> int:
        return next((amount.on(day, case) or 0 for most, amount in steps if rank <= most), 0)

    def pay(case: Case) -> None:
        rank, day = case.ranks.get(name, 1), case.day(block.dated_by, name)
        pence = price(case, rank, day)
        if slab and rank > 1:
            pence = rank * pence - (rank - 1) * price(case, rank - 1, day)
        case.pay(TIERS, name, pence, "fees", "fee")
        if case.trace is not None:
            case.tell(TIERS, name, pence, f"matter {rank} of the {block.per}: {money(pence)}", {"rank": rank})

    yield Step(TIERS, pay)


def staged_fee(block: written.StagedFee, shop: Workshop) -> Iterator[Step]:
    """Pay each stage that was reached, or the share that an early end leaves."""
    yield Step(STAGES, StagePay(block, shop).run)
    yield from bolt_ons(block, shop)


class StagePay:
    """A ladder of stages with their amounts, and what an early end pays."""

    def __init__(self, block: written.StagedFee, shop: Workshop) -> None:
        self.name, self.dated_by, self.rounded = block.id, block.dated_by, shop.rounded
        self.amounts = {
            stage.stage: shop.money(stage.amount, block, f"stages.{stage.stage}") for stage in block.stages
        }
        self.early = {
            outcome: (end.stage, shop.percent(end.pays_percent, block, f"ends_early.{outcome}"))
            for outcome, end in block.ends_early.items()
        }
        for stage, _ in self.early.values():
            if stage not in self.amounts:
                known = ", ".join(self.amounts)
                raise Refusal(
                    "unknown-stage", f"{block.id}.ends_early", f"no stage '{stage}'; there are: {known}"
                )

    def run(self, case: Case) -> None:
        """Pay the stages in a case's facts; where there are none, the share of an early end."""
        reached = case.facts.facts.get("stages") or ()
        stages = reached if isinstance(reached, list | tuple) else (reached,)
        for stage in stages:
            if stage in self.amounts:
                self.pay(case, str(stage), WHOLE)
        if not stages and case.facts.outcome in self.early:
            stage, percent = self.early[case.facts.outcome]
            self.pay(case, stage, percent.on(case.day(self.dated_by, self.name), case) or 0)

    def pay(self, case: Case, stage: str, millionths: int) -> None:
        """Pay a share of a stage's amount."""
        day, amount = case.day(self.dated_by, self.name), self.amounts[stage]
        pence = share(needed(amount.on(day, case), self.name, stage), millionths, self.rounded)
        case.pay(STAGES, self.name, pence, "fees", "fee")
        if case.trace is not None:
            how, version = f"{stage} reached: {money(pence)}", amount.version(day, case)
            case.tell(STAGES, self.name, pence, how, {}, version, self.dated_by)
