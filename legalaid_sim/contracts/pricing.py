"""How a matter is priced, phase by phase, in the words of the contract.

Each function takes a block as its designer wrote it and gives the steps it takes: pairs of a phase and a function of
the case. A contract's plan for a matter is the steps of all blocks that apply, in order of phase. Amounts are found
once, at compilation; pricing itself only adds whole pence.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from legalaid_sim.contracts.amounts import (
    MILLION,
    WHOLE,
    Rounded,
    billed_minutes,
    millionths_of,
    pence_of,
    whole,
)
from legalaid_sim.contracts.case import (
    BASE,
    ESCAPE,
    EXTRAS,
    HEADING_LIMITS,
    STAGES,
    TAX,
    TIERS,
    TOTAL_LIMIT,
    UPLIFTS,
    Case,
    money,
)
from legalaid_sim.contracts.conditions import compile_conditions, fact_getter, hold
from legalaid_sim.contracts.lookups import Library, Lookup
from legalaid_sim.contracts.schema import payments as written
from legalaid_sim.contracts.schema.common import HeadingLimit, Payment
from legalaid_sim.contracts.schema.rules import Tax
from legalaid_sim.contracts.values import Column
from legalaid_sim.errors import Refusal
from legalaid_sim.units import MINUTES_PER_HOUR

Run = Callable[[Case], None]


class Step(NamedTuple):
    """One thing that a block does in a phase."""

    phase: int
    run: Run


class Workshop(NamedTuple):
    """What every block is compiled with: the contract's values and its rounding."""

    library: Library
    rounded: Rounded

    def money(self, form: Any, block: Payment, key: str) -> Lookup:
        """Compile an amount of money of a block."""
        return self.library.lookup(form, pence_of, f"{block.id}.{key}", block.table)

    def percent(self, form: Any, block: Payment, key: str) -> Lookup:
        """Compile a percentage of a block."""
        return self.library.lookup(form, millionths_of, f"{block.id}.{key}", block.table)


def needed(value: int | None, block: str, key: str) -> int:
    """Refuse an empty cell where the block cannot do without a number."""
    if value is None:
        raise Refusal("no-value", block, f"the contract gives no {key} for this matter")
    return value


def share(pence: int, millionths: int, rounded: Rounded) -> int:
    """Take a percentage of whole pence, rounded once."""
    return rounded(pence * millionths, WHOLE)


def percent_text(millionths: int) -> str:
    """Write millionths of a percent as a percent."""
    return f"{millionths / MILLION:g}%"


# 1 base ---------------------------------------------------------------------------------------------------------------


def hourly(block: written.Hourly, shop: Workshop) -> Iterator[Step]:
    """Pay each heading: the costs a claim states, or else its time at the hourly rate."""
    rates = {heading: shop.money(form, block, f"rates.{heading}") for heading, form in block.rates.items()}
    headings = tuple(dict.fromkeys((*rates, *block.headings)))
    unit, part, rounded, name, dated_by = (
        block.time_unit.minutes, block.time_unit.part_unit, shop.rounded, block.id, block.dated_by,
    )  # fmt: skip

    def pay_headings(case: Case) -> None:
        costs, minutes = case.facts.costs, case.facts.minutes
        day = case.day(dated_by, name)
        for heading in headings:
            pence = costs.get(heading)
            if pence is not None:
                case.pay(BASE, name, pence, "hourly", heading)
                if case.trace is not None and pence:
                    case.tell(BASE, name, pence, f"{heading} costs as claimed")
                continue
            worked = minutes.get(heading)
            if worked and heading in rates:
                rate = rates[heading].on(day, case)
                if rate is None:
                    continue
                billed = billed_minutes(worked, unit, part)
                pence = rounded(billed * rate, MINUTES_PER_HOUR)
                case.pay(BASE, name, pence, "hourly", heading)
                if case.trace is not None:
                    case.tell(
                        BASE, name, pence, f"{billed} min {heading} at {money(rate)} an hour",
                        {"minutes": worked, "rate": money(rate)}, rates[heading].version(day, case), dated_by,
                    )  # fmt: skip

    yield Step(BASE, pay_headings)
    for kind, form in block.items.items():
        yield Step(EXTRAS, _per_event(block, kind, kind, shop.money(form, block, f"items.{kind}"), False, None))
    yield from bolt_ons(block, shop)
    yield from extras(block)
    yield from uplift(block, shop)


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
    combine, name = (max if block.combine == "max" else sum), block.id

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
        if units < driver.base.from_:
            return 0
        pence = base.on(day, case) or 0
        if each is None or driver.then is None:
            return pence
        last = units if driver.then.up_to is None else min(units, int(driver.then.up_to))
        return pence + max(0, last - int(driver.then.from_) + 1) * (each.on(day, case) or 0)

    return price


def _uplift_when(block: written.GraduatedFee, lift: written.Uplift, shop: Workshop) -> Run:
    when = compile_conditions(lift.when)
    percent, name = shop.percent(lift.add_percent, block, "uplifts"), block.id

    def add(case: Case) -> None:
        if hold(when, case):
            _add_share(case, name, percent.on(case.day(block.dated_by, name), case), shop.rounded)

    return add


def tendered_price(block: written.TenderedPrice, shop: Workshop) -> Iterator[Step]:
    """Pay the awarded price for each matter, or each hour."""
    amount, name = shop.money(block.amount, block, "amount"), block.id
    if block.unit_of_work == "matter":
        yield Step(BASE, _flat(block, BASE, amount))
        return

    def by_hour(case: Case) -> None:
        _pay_time(case, BASE, name, amount.on(case.day(block.dated_by, name), case) or 0, 0, shop.rounded)

    yield Step(BASE, by_hour)


def _pay_time(case: Case, phase: int, name: str, rate: int, most: int, rounded: Rounded) -> None:
    minutes = case.facts.minutes.get("profit", 0)
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
        if not left:
            case.flags.append("budget_spent")
        elif block.spends_on.per == "hour":
            _pay_time(case, BASE, name, rate, left, shop.rounded)
        else:
            case.pay(BASE, name, min(rate, left), "fees", "fee")
            case.tell(BASE, name, min(rate, left), f"{money(rate)} a matter, {money(left)} left of the budget")
        if broker is not None and not case.ranks.get(f"{name}.spent", 0):
            pence = broker.on(day, case) or 0
            case.pay(EXTRAS, name, pence, "extras", "broker")
            case.tell(EXTRAS, name, pence, "help with choosing")

    yield Step(BASE, draw)


def disbursements(block: written.Disbursements, shop: Workshop) -> Iterator[Step]:
    """Give back what was paid out: what is claimed in one sum, and each named kind on its terms."""
    percent, name = shop.percent(block.pays_percent, block, "pays_percent"), block.id
    kinds = [(kind, _disbursement(block, kind, terms, shop)) for kind, terms in block.kinds.items()]

    def pay(case: Case) -> None:
        claimed = case.facts.costs.get("disbursements", 0)
        for kind, price in kinds:
            claimed += price(case, case.day(block.dated_by, name)) if kind in case.facts.costs else 0
        if not claimed:
            return
        millionths = percent.on(case.starts, case) or 0
        pence = claimed if millionths == WHOLE else share(claimed, millionths, shop.rounded)
        case.pay(BASE, name, pence, "disbursements", "disbursements")
        if case.trace is not None:
            case.tell(BASE, name, pence, f"{money(claimed)} claimed", {"claimed": money(claimed)})

    yield Step(BASE, pay)


def _disbursement(
    block: written.Disbursements, kind: str, terms: written.DisbursementKind, shop: Workshop
) -> Callable[[Case, date], int]:
    rate = shop.money(terms.rate, block, f"kinds.{kind}.rate") if terms.rate is not None else None
    most = shop.money(terms.at_most.amount, block, f"kinds.{kind}.at_most") if terms.at_most else None

    def price(case: Case, day: date) -> int:
        pence = case.facts.costs[kind]
        units = case.facts.counts.get(kind)
        if rate is not None and units is not None:
            pence = min(pence, units * (rate.on(day, case) or 0))
        ceiling = most.on(day, case) if most is not None else None
        return pence if ceiling is None else min(pence, ceiling)

    return price


# 2 tiers and bands ----------------------------------------------------------------------------------------------------


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
    before = block.bands[at - 1].up_to if at else None
    low = float(band.from_) if band.from_ is not None else 0.0 if before is None else float(before) + 1e-9
    high = float("inf") if band.up_to is None else float(band.up_to)
    amount = shop.library.maybe(band.amount, pence_of, f"{block.id}.bands.{at}.amount", block.table)
    rate = shop.library.maybe(band.hourly, pence_of, f"{block.id}.bands.{at}.hourly", block.table)
    return low, high, amount, rate


def tiers(block: written.Tiers, shop: Workshop) -> Iterator[Step]:
    """Pay by the place of the matter in its period's volume."""
    steps = [
        (tier.up_to or (1 << 60), shop.money(tier.amount, block, f"tiers.{at}.amount"))
        for at, tier in enumerate(block.tiers)
    ]
    name = block.id

    def pay(case: Case) -> None:
        rank, day = case.ranks.get(name, 1), case.day(block.dated_by, name)
        pence = next((amount.on(day, case) or 0 for most, amount in steps if rank <= most), 0)
        case.pay(TIERS, name, pence, "fees", "fee")
        if case.trace is not None:
            case.tell(TIERS, name, pence, f"matter {rank} of the {block.per}: {money(pence)}", {"rank": rank})

    yield Step(TIERS, pay)


# 3 stages -------------------------------------------------------------------------------------------------------------


def staged_fee(block: written.StagedFee, shop: Workshop) -> Iterator[Step]:
    """Pay each stage that was reached, or the share that an early end leaves."""
    amounts = {stage.stage: shop.money(stage.amount, block, f"stages.{stage.stage}") for stage in block.stages}
    early = {
        outcome: (end.stage, shop.percent(end.pays_percent, block, f"ends_early.{outcome}"))
        for outcome, end in block.ends_early.items()
    }
    name = block.id

    def pay(case: Case) -> None:
        day = case.day(block.dated_by, name)
        reached = case.facts.facts.get("stages") or ()
        for stage in reached if isinstance(reached, list | tuple) else (reached,):
            if stage in amounts:
                pay_stage(case, stage, amounts[stage], day, WHOLE)
        end = early.get(case.facts.outcome)
        if end is not None and not reached:
            pay_stage(case, end[0], amounts[end[0]], day, end[1].on(day, case) or 0)

    def pay_stage(case: Case, stage: str, amount: Lookup, day: date, millionths: int) -> None:
        pence = share(needed(amount.on(day, case), name, stage), millionths, shop.rounded)
        case.pay(STAGES, name, pence, "fees", "fee")
        if case.trace is not None:
            case.tell(
                STAGES, name, pence, f"{stage} reached: {money(pence)}", {}, amount.version(day, case), block.dated_by
            )

    yield Step(STAGES, pay)
    yield from bolt_ons(block, shop)


# 4 bolt-ons and extras ------------------------------------------------------------------------------------------------


def bolt_ons(
    block: written.Hourly | written.FixedFee | written.BandedFee | written.StagedFee, shop: Workshop
) -> Iterator[Step]:
    """Add an amount for each event of a kind."""
    for kind, terms in block.bolt_ons.items():
        form = Column(column=terms.column) if terms.column else terms.amount
        amount = shop.money(form, block, f"bolt_ons.{kind}")
        most = shop.library.maybe(terms.at_most, whole, f"{block.id}.bolt_ons.{kind}", block.table)
        counted = terms.counts or kind
        yield Step(EXTRAS, _per_event(block, kind, counted, amount, terms.per == "matter", most))


def _per_event(
    block: Payment, kind: str, counted: str, amount: Lookup, once: bool, most: Lookup | None
) -> Run:
    name, dated_by = block.id, block.dated_by

    def add(case: Case) -> None:
        count = case.facts.counts.get(counted, 0)
        if not count:
            return
        day = case.day(dated_by, name)
        ceiling = most.on(day, case) if most is not None else None
        paid = 1 if once else count if ceiling is None else min(count, ceiling)
        each = amount.on(day, case)
        if each is None:
            if case.trace is not None:
                case.tell(EXTRAS, name, None, f"{kind}: {count}, but the contract gives no amount for it here")
            return
        case.pay(EXTRAS, name, each * paid, "bolt_ons", kind)
        if case.trace is not None:
            case.tell(
                EXTRAS, name, each * paid, f"{kind}: {paid} at {money(each)}", {kind: count},
                amount.version(day, case), dated_by,
            )  # fmt: skip

    return add


def extras(block: written.Hourly | written.FixedFee | written.BandedFee) -> Iterator[Step]:
    """Pay named extras as claimed."""
    if not block.extras:
        return

    def add(case: Case) -> None:
        for heading in block.extras:
            pence = case.facts.costs.get(heading)
            if pence:
                case.pay(EXTRAS, block.id, pence, "extras", heading)
                if case.trace is not None:
                    case.tell(EXTRAS, block.id, pence, f"{heading} as claimed")

    yield Step(EXTRAS, add)


def outcome_payment(block: written.OutcomePayment, shop: Workshop) -> Iterator[Step]:
    """Pay for a result: part when the matter closes with it, the rest once it has lasted."""
    amount, name = shop.money(block.amount, block, "amount"), block.id
    results = (block.outcome.is_,) if isinstance(block.outcome.is_, str) else block.outcome.is_
    at_closing, on_proof = (
        millionths_of(part) for part in (block.share_at.closing_percent, block.share_at.proof_percent)
    )

    def pay(case: Case) -> None:
        if case.facts.outcome not in results:
            case.tell(EXTRAS, name, None, f"outcome is '{case.facts.outcome}', pays for {' or '.join(results)}")
            return
        pence = needed(amount.on(case.day(block.dated_by, name), case), name, "amount")
        mixed = share(pence, _case_mix(block, case), shop.rounded)
        _pay_part(case, name, mixed, at_closing, "at closing", shop.rounded)
        if case.facts.facts.get("durable"):
            _pay_part(case, name, mixed, on_proof, "on proof that it lasted", shop.rounded)

    yield Step(EXTRAS, pay)


def _pay_part(case: Case, name: str, pence: int, millionths: int, when: str, rounded: Rounded) -> None:
    part = share(pence, millionths, rounded)
    case.pay(EXTRAS, name, part, "fees", "outcome")
    if case.trace is not None and part:
        case.tell(EXTRAS, name, part, f"{percent_text(millionths)} of {money(pence)} {when}")


def _case_mix(block: written.OutcomePayment, case: Case) -> int:
    if block.case_mix is None:
        return WHOLE
    hardness = fact_getter(block.case_mix.index)(case)
    found = {
        "easy": block.case_mix.easy_percent,
        "hard": block.case_mix.hard_percent,
    }.get(str(hardness), block.case_mix.usual_percent)
    return millionths_of(found)


# 5 uplifts ------------------------------------------------------------------------------------------------------------


def uplift(block: written.Hourly | written.FixedFee, shop: Workshop) -> Iterator[Step]:
    """Add a percentage to what the block itself pays."""
    if block.uplift_percent is None:
        return
    percent = shop.percent(block.uplift_percent, block, "uplift_percent")

    def add(case: Case) -> None:
        _add_share(case, block.id, percent.on(case.day(block.dated_by, block.id), case), shop.rounded)

    yield Step(UPLIFTS, add)


def _add_share(case: Case, name: str, millionths: int | None, rounded: Rounded) -> None:
    base = case.sum_of(lambda entry: entry.block == name and entry.phase <= STAGES)
    pence = share(base, millionths or 0, rounded)
    case.pay(UPLIFTS, name, pence, "fees", "uplift")
    if case.trace is not None:
        case.tell(UPLIFTS, name, pence, f"{percent_text(millionths or 0)} of {money(base)}")


def lead_share(case: Case, measure: str) -> int:
    """Give the share of time (or contacts) of the adviser who gave most, in millionths of a percent.

    A forecast of a matter on which nobody has worked yet supposes one adviser.
    """
    facts = case.facts
    given = facts.contacts_by_adviser if measure == "share_of_contacts_by_lead" else facts.by_adviser
    total = sum(given.values())
    if not total:
        return WHOLE if case.forecast else 0
    return max(given.values()) * WHOLE // total


Rung = tuple[int, Lookup | None, str | None, Lookup | None]


def continuity_premium(block: written.ContinuityPremium, shop: Workshop) -> Iterator[Step]:
    """Add to a fee where one adviser led throughout, and an amount where a client came back."""
    rungs = sorted((_rung(block, step, shop) for step in block.steps), key=lambda rung: -rung[0])
    name, returning = block.id, block.returning_client
    welcome = shop.money(returning.amount, block, "returning_client.amount") if returning else None

    def add(case: Case) -> None:
        day = case.day(block.dated_by, name)
        if rungs:
            _climb(case, block, rungs, day, shop.rounded)
        if welcome is not None and returning is not None:
            months = case.facts.facts.get("months_since_last_matter")
            if isinstance(months, int) and months <= returning.within_months:
                pence = welcome.on(day, case) or 0
                case.pay(EXTRAS, name, pence, "premiums", "returning")
                case.tell(EXTRAS, name, pence, f"client returned after {months} months")

    yield Step(UPLIFTS, add)


def _rung(block: written.ContinuityPremium, step: written.ContinuityStep, shop: Workshop) -> Rung:
    percent = shop.percent(step.add_percent, block, "steps.add_percent") if step.add_percent is not None else None
    amount = shop.money(step.amount, block, "steps.amount") if step.amount is not None else None
    return millionths_of(step.at_least_percent), percent, step.of, amount


def _climb(
    case: Case, block: written.ContinuityPremium, rungs: list[Rung], day: date, rounded: Rounded
) -> None:
    led = lead_share(case, block.measure)
    for least, percent, of, amount in rungs:
        if led >= least:
            pence = (amount.on(day, case) or 0) if amount is not None else 0
            base = case.sum_of(lambda entry: entry.kind in PREMIUM_BASE and of in (None, entry.block))
            if percent is not None:
                pence += share(base, percent.on(day, case) or 0, rounded)
            case.pay(UPLIFTS, block.id, pence, "premiums", "premium")
            if case.trace is not None:
                case.tell(
                    UPLIFTS, block.id, pence,
                    f"lead did {percent_text(led)}, at least {percent_text(least)}", {"lead_share": percent_text(led)},
                )  # fmt: skip
            return
    if case.trace is not None:
        case.tell(
            UPLIFTS, block.id, None, f"lead did {percent_text(led)}, needs {percent_text(rungs[-1][0])}"
        )


PREMIUM_BASE = frozenset({"fees", "hourly"})

# 6 heading limits, 7 total limit --------------------------------------------------------------------------------------

EVERYTHING = frozenset({"total"})


def limits(block: Payment, shop: Workshop) -> Iterator[Step]:
    """Hold headings, or the total, to what the contract allows."""
    for key, limit in block.limits.items():
        phase = TOTAL_LIMIT if key == "total" else HEADING_LIMITS
        yield Step(phase, _limit(block, key, limit, phase, shop))


def _limit(block: Payment, key: str, limit: HeadingLimit, phase: int, shop: Workshop) -> Run:
    most = shop.money(limit.at_most, block, f"limits.{key}")
    headings = frozenset(limit.on or (key,))
    where, name = f"{block.id}.limits.{key}", block.id

    def counts(heading: str, kind: str) -> bool:
        if headings == EVERYTHING:
            return True
        return heading in headings or kind in headings or ("fees" in headings and kind != "disbursements")

    def hold_to(case: Case) -> None:
        ceiling = most.on(case.day(block.dated_by, name), case)
        if ceiling is None:
            return
        claimed = 0
        kinds: dict[str, int] = {}
        for entry in case.entries:
            if entry.phase <= HEADING_LIMITS and counts(entry.heading, entry.kind):
                claimed += entry.pence
                kinds[entry.kind] = kinds.get(entry.kind, 0) + entry.pence
        lifted, ceiling = _lifted(case, limit.unless, ceiling)
        case.margins[key] = claimed - ceiling
        if claimed <= ceiling or lifted:
            if case.trace is not None and claimed:
                kept = f"lifted by {limit.unless}" if claimed > ceiling else "kept"
                case.tell(phase, name, None, f"limit {key}: {money(claimed)} of {money(ceiling)}, {kept}")
            return
        _breach(case, limit, where, claimed, ceiling)
        if limit.on_breach != "warn":
            _take_off(case, phase, name, key, claimed - ceiling, kinds)
            if case.trace is not None:
                case.tell(
                    phase, name, ceiling - claimed, f"limit {key}: {money(claimed)} claimed, at most {money(ceiling)}",
                    {"claimed": money(claimed), "at_most": money(ceiling)},
                )  # fmt: skip

    return hold_to


def _lifted(case: Case, unless: str | None, ceiling: int) -> tuple[bool, int]:
    if unless is None:
        return False, ceiling
    granted = case.facts.facts.get(f"{unless}.limit")
    if isinstance(granted, int):
        return False, max(granted, ceiling)
    return bool(case.facts.facts.get(unless)), ceiling


def _breach(case: Case, limit: HeadingLimit, where: str, claimed: int, ceiling: int) -> None:
    if limit.on_breach == "refuse":
        raise Refusal("over-limit", where, f"{money(claimed)} is over the limit of {money(ceiling)}")
    if limit.flag:
        case.flags.append(limit.flag)
    elif limit.on_breach in ("warn", "seek_authority"):
        case.flags.append("over_limit" if limit.on_breach == "warn" else "authority_needed")


def _take_off(case: Case, phase: int, name: str, key: str, excess: int, kinds: dict[str, int]) -> None:
    """Take an excess off, from fees first and from disbursements last, so that taxes follow."""
    for kind in sorted(kinds, key=lambda kind: kind == "disbursements"):
        off = min(excess, kinds[kind])
        case.pay(phase, name, -off, kind, "disbursements" if kind == "disbursements" else key)
        excess -= off


# 8 escape test --------------------------------------------------------------------------------------------------------


def escape_test(block: written.FixedFee, escape: written.Escape, shop: Workshop) -> Run:
    """Compare the work at hourly rates with the threshold, strictly over; then pay as the block says."""
    over, name, dated_by = shop.money(escape.over, block, "escape.over"), block.id, block.dated_by
    rates = {heading: shop.money(form, block, f"escape.rates.{heading}") for heading, form in escape.rates.items()}
    part = shop.percent(escape.share_percent, block, "escape.share_percent")
    bundled = {
        item: shop.money(block.bundled[item], block, f"bundled.{item}")
        for item in escape.less
        if item in block.bundled
    }
    less = frozenset(escape.less)
    rounded = shop.rounded

    def measured(case: Case, day: date) -> int:
        total = 0
        for heading in escape.measured_on:
            stated = case.facts.costs.get(heading)
            if stated is not None:
                total += stated
            elif heading in rates and heading in case.facts.minutes:
                rate = rates[heading].on(day, case) or 0
                total += rounded(case.facts.minutes[heading] * rate, MINUTES_PER_HOUR)
        if less:
            for entry in case.entries:
                if entry.block == name and (entry.heading in less or entry.kind in less):
                    total -= entry.pence
            for item in bundled.values():
                total -= item.on(day, case) or 0
        return total

    def test(case: Case) -> None:
        day = case.day(dated_by, name)
        threshold = over.on(day, case)
        if threshold is None:
            return
        total = measured(case, day)
        margin = total - threshold
        case.margins[escape.flag] = margin
        if margin <= 0:
            if case.trace is not None:
                words = "at" if not margin else f"{money(-margin)} under"
                case.tell(ESCAPE, name, None, f"{money(total)} measured is {words} {money(threshold)}")
            return
        case.flags.append(escape.flag)
        extra = _escape_pay(case, total, margin, day)
        case.pay(ESCAPE, name, extra, "fees", "escape")
        if case.trace is not None:
            case.tell(
                ESCAPE, name, extra or None,
                f"{money(total)} measured is {money(margin)} over {money(threshold)}: {escape.pays}",
                {"measured": money(total), "threshold": money(threshold)}, over.version(day, case), dated_by,
            )  # fmt: skip

    def _escape_pay(case: Case, total: int, margin: int, day: date) -> int:
        if escape.pays == "excess":
            return share(margin, part.on(day, case) or 0, rounded)
        if escape.pays == "all_at_hourly":
            return total - case.sum_of(lambda entry: entry.block == name and entry.heading == "fee")
        return 0

    return test


# 9 tax ----------------------------------------------------------------------------------------------------------------


def tax(block: Tax, untaxed: dict[str, frozenset[int]], claimed_basis: frozenset[str], shop: Workshop) -> Run:
    """Add tax on named kinds of line, and give back the tax on what was paid out.

    ``untaxed`` names, for payments whose tax comes before a limit, the phases of limits that the tax does not see;
    ``claimed_basis`` the disbursement blocks whose tax follows what was claimed.
    """
    rate = shop.library.lookup(block.rate_percent, millionths_of, f"{block.id}.rate_percent")
    kinds, spared, name, dated_by = frozenset(block.on), frozenset(block.not_on), block.id, block.dated_by
    out_name, out_rule = (name if not kinds else f"disbursement_{name}"), block.paid_out.disbursements
    rounded = shop.rounded

    def on_lines(case: Case) -> None:
        base = 0
        for entry in case.entries:
            if entry.kind in kinds and entry.block not in spared and (
                entry.phase not in untaxed.get(entry.block, NOTHING)
            ):
                base += entry.pence
        if not base:
            return
        day = case.day(dated_by, name)
        millionths = rate.on(day, case) or 0
        pence = rounded(base * millionths, WHOLE)
        case.pay(TAX, name, pence, "tax", "tax")
        if case.trace is not None:
            how = f"{percent_text(millionths)} of {money(base)} (rate of {rate.version(day, case)}, "
            how += f"picked by {dated_by} {day})"
            case.tell(TAX, name, pence, how, {"taxed": money(base)}, rate.version(day, case), dated_by)

    def on_paid_out(case: Case) -> None:
        claimed = case.facts.costs.get("disbursement_vat", 0)
        if not claimed:
            return
        day, pence, most = case.day(dated_by, name), claimed, None
        if out_rule == "claimed_up_to_rate":
            base = _paid_out(case, untaxed, claimed_basis)
            most = rounded(base * (rate.on(day, case) or 0), WHOLE)
            pence = min(claimed, most)
        case.pay(TAX, out_name, pence, "disbursement_tax", "disbursement_tax")
        if case.trace is not None:
            limit = "" if most is None else f", at most {money(most)}"
            case.tell(
                TAX, out_name, pence, f"{money(claimed)} claimed{limit}", {"claimed": money(claimed)},
                rate.version(day, case), dated_by,
            )  # fmt: skip

    def run(case: Case) -> None:
        if kinds:
            on_lines(case)
        if out_rule != "none":
            on_paid_out(case)

    return run


NOTHING: frozenset[int] = frozenset()


def _paid_out(case: Case, untaxed: dict[str, frozenset[int]], claimed_basis: frozenset[str]) -> int:
    return sum(
        entry.pence
        for entry in case.entries
        if entry.kind == "disbursements"
        and (entry.pence > 0 or entry.block not in claimed_basis)
        and entry.phase not in untaxed.get(entry.block, NOTHING)
    )


COMPILERS: dict[type[Payment], Callable[[Any, Workshop], Iterator[Step]]] = {
    written.Hourly: hourly,
    written.FixedFee: fixed_fee,
    written.GraduatedFee: graduated_fee,
    written.TenderedPrice: tendered_price,
    written.PersonalBudget: personal_budget,
    written.Disbursements: disbursements,
    written.BandedFee: banded_fee,
    written.Tiers: tiers,
    written.StagedFee: staged_fee,
    written.OutcomePayment: outcome_payment,
    written.ContinuityPremium: continuity_premium,
}
BASE_KINDS = frozenset({
    "hourly", "fixed_fee", "banded_fee", "staged_fee", "graduated_fee", "tendered_price", "tiers", "personal_budget",
})  # fmt: skip


def steps_of(block: Payment, shop: Workshop) -> tuple[Step, ...]:
    """Compile one payment block; a kind that is not paid by the matter takes no steps here."""
    compiler = COMPILERS.get(type(block))
    return (*compiler(block, shop), *limits(block, shop)) if compiler else ()


