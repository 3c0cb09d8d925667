"""What a matter earns against the hours spent on it: behind incentive notes, explanations and charts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.analysis.circumstances import Supposed, provider_of, suppose
from legalaid_sim.contracts.analysis.population import DAYS_OPEN, HEADS, regions_of
from legalaid_sim.contracts.kinds.registry import PAYMENTS
from legalaid_sim.contracts.pricing.terms import CompiledTerms, PricedMatter
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.tools.lookups import EXPECTED
from legalaid_sim.contracts.tools.pricing_state import TAX
from legalaid_sim.contracts.vocabulary.conditions import plain_name
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, PeriodFacts, ProviderFacts
from legalaid_sim.contracts.vocabulary.supposing import meeting
from legalaid_sim.errors import Refusal
from legalaid_sim.units import MINUTES_PER_HOUR, MONTHS_PER_YEAR, add_months, add_up

STEP = 6
LONGEST = 40 * MINUTES_PER_HOUR
SHORTEST_DEAD_ZONE = 30
CLIFF_PENCE = 5_000
CLIFF_SHARE = 0.2


class Reading(NamedTuple):
    """What a matter earns in whole pence after so many minutes of work."""

    minutes: int
    pence: int


class Stretch(NamedTuple):
    """Minutes over which a matter earns no more; ``open`` when nothing is earned after them either."""

    start: int
    end: int
    pence: int
    open: bool


class Jump(NamedTuple):
    """A minute of work that changes pay by this much."""

    minutes: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class SampleMatter:
    """A matter that a payment block is meant for, to try the contract on.

    ``where`` names the region, or regions, where that matters. ``costs_at`` is the pence an hour at which
    profit costs are claimed where the contract itself gives no rate to measure an escape by.
    """

    block: str
    called: str
    facts: MatterFacts
    provider: ProviderFacts
    where: str = ""
    costs_at: int | None = None

    def __str__(self) -> str:
        place = f" in {self.where}" if self.where else ""
        return f"{'an' if self.called[0] in 'aeiouAEIOU' else 'a'} {self.called}{place}"


def sample_matters(terms: CompiledTerms) -> Iterator[SampleMatter]:
    """Give a matter in each region for each block that prices whole matters: the first that its conditions allow."""
    contract, regions = terms.contract, regions_of(terms)
    opened = newest_day(contract)
    for block in contract.payments:
        if PAYMENTS[block.kind].is_base:
            for region in dict.fromkeys(_regions_for(block.applies_to, regions)):
                facts, provider = sample_facts(contract, block.applies_to, opened, region)
                where = region if len(regions) > 1 else ""
                yield costed(
                    terms, SampleMatter(block.id, _called(facts, block.applies_to), facts, provider, where)
                )


def _regions_for(conditions: Mapping[str, Any], regions: tuple[str, ...]) -> tuple[str, ...]:
    """Give the regions in which a block can pay."""
    for name, condition in conditions.items():
        if plain_name(name) in ("region", "provider.region"):
            allowed = {str(value) for value in meeting(condition)}
            return tuple(region for region in regions if region in allowed) or regions
    return regions


def samples_of(terms: CompiledTerms) -> Iterator[tuple[SampleMatter, tuple[Reading, ...]]]:
    """Give the sample matters of a contract with their pay curves; regions that pay alike are told as one."""
    alike: dict[tuple[Any, ...], list[SampleMatter]] = {}
    for sample in sample_matters(terms):
        curve, rate = pay_curve(terms, sample), hourly_rate(terms.contract, terms, sample.block, sample)
        alike.setdefault((sample.block, curve, rate), []).append(sample)
    blocks = [sample.block for samples in alike.values() for sample in samples[:1]]
    for (block, curve, _), samples in alike.items():
        everywhere = blocks.count(block) == 1
        yield replace(samples[0], where="" if everywhere else " and ".join(s.where for s in samples)), curve


def costed(terms: CompiledTerms, sample: SampleMatter) -> SampleMatter:
    """Let a matter state profit costs, at an hourly rate of the contract, where its escape has no rates."""
    block = next((p for p in terms.contract.payments if p.id == sample.block), None)
    escape = getattr(block, "escape", None)
    if escape is None or escape.rates or "profit" not in escape.measured_on:
        return sample
    return replace(sample, costs_at=hourly_rate(terms.contract, terms, sample.block, sample))


def _called(facts: MatterFacts, conditions: Mapping[str, Any]) -> str:
    """Say which matters these are, by what the block asks of them."""
    asked = {plain_name(name) for name in conditions}
    category = "" if facts.fee_code and "category" not in asked else facts.category.replace("_", " ")
    return " ".join(filter(None, (category, facts.fee_code, "matter")))


def sample_facts(
    contract: Contract, conditions: Mapping[str, Any], opened: date, region: str
) -> tuple[MatterFacts, ProviderFacts]:
    """Give a matter in a region, and a provider without VAT, that meet conditions by their first values."""
    by_code = "fee_code" in {plain_name(name) for name in conditions}
    category = contract.categories[0] if contract.categories and not by_code else ""
    facts = MatterFacts("sample", category=category, region=region, opened=opened)
    facts.closed = opened + timedelta(days=DAYS_OPEN)
    matter = Supposed(facts)
    for name, condition in conditions.items():
        found = meeting(condition)
        if found and plain_name(name) not in ("region", "provider.region", "provider.vat_registered"):
            suppose(matter, plain_name(name), found[0])
    return facts, provider_of(matter, region, False, HEADS)


def newest_day(contract: Contract) -> date:
    """Give the first day on which the newest versions of all values hold, within the contract's term."""
    ends = add_months(contract.term.starts, contract.term.months)
    days = [day for day in _days(contract.model_dump()) if contract.term.starts <= day < ends]
    return max(days, default=contract.term.starts)


def _days(found: Any) -> Iterator[date]:
    if isinstance(found, dict):
        for key, value in found.items():
            if key in ("examples", "series"):
                continue
            if isinstance(key, date) and value != EXPECTED:
                yield key
            yield from _days(value)
    elif isinstance(found, list | tuple):
        for item in found:
            yield from _days(item)


def earned(terms: CompiledTerms, sample: SampleMatter, minutes: int) -> int:
    """Give what a matter earns before tax when the work on it took so many minutes.

    Raises:
        Refusal: the contract cannot price the matter.
    """
    return before_tax(priced_at(terms, sample, minutes))


def priced_at(terms: CompiledTerms, sample: SampleMatter, minutes: int) -> PricedMatter:
    """Price a matter as it stands when the work on it took so many minutes.

    Raises:
        Refusal: the contract cannot price the matter.
    """
    facts = sample.facts
    costs = {} if sample.costs_at is None else {"profit": minutes * sample.costs_at // MINUTES_PER_HOUR}
    worked = replace(
        facts,
        minutes={**facts.minutes, "profit": minutes},
        costs={**facts.costs, **costs},
        by_adviser={"lead": minutes},
    )
    return terms.price(worked, sample.provider, forecast=True)


def before_tax(priced: PricedMatter) -> int:
    """Sum what is earned without any tax, as rates in the contract are without it."""
    return add_up([entry.pence for entry in priced.entries if entry.phase != TAX])


def pay_curve(
    terms: CompiledTerms, sample: SampleMatter, step: int = STEP, longest: int = LONGEST
) -> tuple[Reading, ...]:
    """Give what a matter earns after every ``step`` minutes of work; empty where the contract refuses it."""
    try:
        return tuple(
            Reading(minutes, earned(terms, sample, minutes)) for minutes in range(0, longest + 1, step)
        )
    except Refusal:
        return ()


def dead_zones(curve: Sequence[Reading], shortest: int = SHORTEST_DEAD_ZONE) -> tuple[Stretch, ...]:
    """Find the stretches over which more minutes earn nothing more, though something was earned."""
    found, start = list[Stretch](), 0
    for here in range(1, len(curve) + 1):
        ends = here == len(curve)
        if not ends and curve[here].pence == curve[start].pence:
            continue
        first, last = curve[start], curve[here - 1]
        if last.minutes - first.minutes > shortest and first.pence > 0:
            found.append(Stretch(first.minutes, last.minutes, first.pence, ends))
        start = here
    return tuple(found)


def past_the_fee(zones: Sequence[Stretch], rate: int | None) -> tuple[Stretch, ...]:
    """Let dead zones begin where the pay is used up at a rate in pence an hour, if that is known."""
    moved = (
        zone._replace(start=max(zone.start, round(zone.pence * MINUTES_PER_HOUR / rate) if rate else 0))
        for zone in zones
    )
    return tuple(zone for zone in moved if zone.open or zone.start < zone.end)


def jumps(
    terms: CompiledTerms, sample: SampleMatter, curve: Sequence[Reading], least: int = CLIFF_PENCE
) -> tuple[Jump, ...]:
    """Find single minutes of work that change pay by a large amount."""
    found = []
    for one, other in pairwise(curve):
        if abs(other.pence - one.pence) > max(least, CLIFF_SHARE * one.pence):
            jump = _narrowed(terms, sample, one, other)
            if abs(jump.after - jump.before) > max(least, CLIFF_SHARE * jump.before):
                found.append(jump)
    return tuple(found)


def _narrowed(terms: CompiledTerms, sample: SampleMatter, one: Reading, other: Reading) -> Jump:
    """Find the single minute in which most of a step happens."""
    while other.minutes - one.minutes > 1:
        middle = (one.minutes + other.minutes) // 2
        reading = Reading(middle, earned(terms, sample, middle))
        if abs(reading.pence - one.pence) > abs(other.pence - reading.pence):
            other = reading
        else:
            one = reading
    return Jump(other.minutes, one.pence, other.pence)


def year_earned(terms: CompiledTerms, region: str, hours: int = 0, clients: int = 0) -> int:
    """Give what a first year earns by itself, month by month, when so many hours are given and people seen.

    Raises:
        Refusal: the contract cannot answer for its first year.
    """
    provider = ProviderFacts(region=region, heads=HEADS)
    account = Account(terms, provider, terms.starts)
    total = 0
    for month in range(MONTHS_PER_YEAR):
        first, after = add_months(terms.starts, month), add_months(terms.starts, month + 1)
        period = PeriodFacts(first, after - timedelta(days=1))
        period.minutes = {"profit": _part(hours * MINUTES_PER_HOUR, month)}
        period.clients_seen = _part(clients, month)
        total += add_up(line.pence for line in account.month_ended(period).lines)
    return total


def _part(whole: int, month: int) -> int:
    """Share a year's total among its months, exactly."""
    return whole * (month + 1) // MONTHS_PER_YEAR - whole * month // MONTHS_PER_YEAR


def hourly_rate(contract: Contract, terms: CompiledTerms, block: str, sample: SampleMatter) -> int | None:
    """Give the pence an hour that a block measures work by, or else that the contract pays or names."""
    named = next((p for p in contract.payments if p.id == block), None)
    escape = getattr(named, "escape", None)
    rates = [getattr(escape, "rates", {})] + [getattr(p, "rates", {}) for p in contract.payments]
    forms = [rate["profit"] for rate in rates if rate and "profit" in rate]
    day, case = sample.facts.opened or contract.term.starts, _AsCase(sample.facts, sample.provider)
    for form in forms:
        pence = terms.context.library.lookup(form, _pence, block).on(day, case)
        if pence is not None:
            return pence
    return _first_hourly_value(contract, terms, day, case)


def _first_hourly_value(contract: Contract, terms: CompiledTerms, day: date, case: Any) -> int | None:
    from legalaid_sim.contracts.vocabulary.values import NamedValue

    for name, value in contract.values.items():
        if (value.unit or "").endswith("per hour"):
            try:
                return terms.context.library.lookup(NamedValue(value=name), _pence, name).on(day, case)
            except Refusal:
                continue
    return None


def _pence(number: Any) -> int:
    return int(Decimal(number) * 100)


@dataclass(slots=True)
class _AsCase:
    """What a lookup needs to see."""

    facts: MatterFacts
    provider: ProviderFacts
