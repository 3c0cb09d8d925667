"""The facts beside category, code, region and VAT that blocks of a contract ask about, as things to suppose."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from legalaid_sim.contracts.schema import payments as written
from legalaid_sim.contracts.schema.common import Payment
from legalaid_sim.contracts.vocabulary.conditions import compile_test, plain_name
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.contracts.vocabulary.values import Comparison
from legalaid_sim.units import MINUTES_PER_HOUR, add_months

ASIDE = frozenset({
    "category", "fee_code", "region", "provider.region", "provider.vat_registered", "opened",
    "client", "ref",
})  # fmt: skip
SMALL_COST, LARGE_COST = 10_000, 2_000_000
COST_RATE = 10_000
OTHER_MINUTES = 60
MANY = 25
BY_SESSION = ("travel", "waiting", "advocacy")


class Circumstance(NamedTuple):
    """Facts to suppose of a matter, under the names that conditions use; none: nothing out of the ordinary."""

    facts: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return ", ".join(_said(name, value) for name, value in self.facts)


USUAL = Circumstance()


def _said(name: str, value: Any) -> str:
    family, _, rest = name.partition(".")
    if family in ("event", "count"):
        return f"{value} {rest.replace('_', ' ')}"
    if family == "costs":
        return f"{rest.replace('_', ' ')} costs of {value / 100:,.2f}"
    if family == "minutes":
        return f"{value} minutes of {rest}"
    if family == "rank":
        return f"the {value}. matter of the period"
    if family == "lead":
        return f"{value}% by one adviser"
    if name == "costed":
        return f"costs claimed at {value / 100:,.2f} an hour"
    if name == "stages":
        return f"{value[0].replace('_', ' ')} reached"
    shown = "" if value is True else f" {str(value).lower() if value is False else value}"
    return f"{plain_name(name).replace('_', ' ')}{shown}"


@dataclass(slots=True)
class Supposed:
    """A matter and its provider in the making, with the places that an account would know."""

    facts: MatterFacts
    provider: dict[str, Any] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)
    lead_percent: int = 100
    cost_rate: int = 0

    def work(self, minutes: int) -> MatterFacts:
        """Let so many minutes of casework be done, and give the matter."""
        self.facts.minutes["profit"] = minutes
        if self.cost_rate:
            self.facts.costs["profit"] = minutes * self.cost_rate // MINUTES_PER_HOUR
        self.facts.by_adviser = _by(minutes if minutes > 0 else 100, self.lead_percent)
        self.facts.contacts_by_adviser = _by(100, self.lead_percent)
        return self.facts


def _by(whole: int, lead_percent: int) -> dict[str, int]:
    led = whole * lead_percent // 100
    given = {"lead": led, "second": min(led, whole - led), "third": max(0, whole - 2 * led)}
    return {name: part for name, part in given.items() if part}


def suppose(matter: Supposed, name: str, value: Any) -> None:
    """Write a fact where the condition of that name looks for it."""
    facts = matter.facts
    family, _, rest = name.partition(".")
    if name in ("channel", "outcome", "category", "fee_code", "region"):
        setattr(facts, name, str(value))
    elif name == "reopened":
        facts.reopened = bool(value)
    elif name in ("opened", "closed"):
        setattr(facts, name, date.fromisoformat(value) if isinstance(value, str) else value)
    elif name == "months_open":
        facts.closed = add_months(facts.opened, int(value)) if facts.opened else None
    elif family == "costs":
        facts.costs[rest] = value
    elif family in ("event", "count"):
        facts.counts[rest] = int(value)
    elif family == "minutes":
        facts.minutes[rest] = value
    elif family == "rank":
        matter.ranks[rest] = value
    elif family == "costed":
        matter.cost_rate = value
    elif family == "lead":
        matter.lead_percent = value
    elif family == "provider":
        matter.provider[rest] = _plain(value)
    elif family not in ("work", "row"):
        facts.facts[name] = _plain(value)


def provider_of(matter: Supposed, region: str, registered: bool, heads: int) -> ProviderFacts:
    """Give the provider of a supposed matter."""
    told = dict(matter.provider)
    return ProviderFacts(
        region=region, vat_registered=registered, heads=int(told.pop("heads", heads)), facts=told
    )


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def meeting(condition: Any) -> list[Any]:
    """Give values that meet a written condition, at its edges where it has any; none where nothing is found."""
    if isinstance(condition, tuple | list):
        return list(condition)
    if not isinstance(condition, Comparison):
        return [condition]
    test, _ = compile_test(condition)
    return [value for value in dict.fromkeys(_edges(condition)) if test(_plain(_day(value)))]


def _edges(condition: Comparison) -> Iterator[Any]:
    if condition.is_ is not None:
        yield condition.is_
    yield from condition.one_of or ()
    yield from (condition.at_least, condition.at_most, *(condition.between or ()))
    yield from (_beyond(condition.over, 1), _beyond(condition.under, -1))


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _beyond(edge: Any, by: int) -> Any:
    day = _day(edge)
    if isinstance(day, date):
        return str(day + timedelta(days=by))
    return edge + by if isinstance(edge, int | Decimal) and not isinstance(edge, bool) else None


def asked(conditions: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give facts that meet conditions on other things than the kind of matter: all first values, then each other."""
    values = {
        plain_name(name): found
        for name, condition in conditions.items()
        if plain_name(name) not in ASIDE
        and not plain_name(name).startswith(("work.", "row."))
        and (found := [value for value in meeting(condition) if value is not None])
    }
    first = {name: _as_stated(name, found[0]) for name, found in values.items()}
    yield first
    for name, found in values.items():
        yield from ({**first, name: _as_stated(name, other)} for other in found[1:])


def _as_stated(name: str, value: Any) -> Any:
    return int(value * 100) if name.startswith("costs.") else value


def of_block(block: Any) -> Iterator[Circumstance]:
    """Give every circumstance that a block asks about, the one that it always needs first."""
    for needed in asked(block.applies_to):
        yield _circumstance(needed)
        for more in (*(asked(block.not_if) if block.not_if else ()), *_of_payment(block)):
            yield _circumstance({**needed, **more})


def _circumstance(facts: Mapping[str, Any]) -> Circumstance:
    return Circumstance(tuple(facts.items()))


def _of_payment(block: Any) -> Iterator[dict[str, Any]]:
    if isinstance(block, Payment):
        yield from _of_limits(block)
        yield from _of_counts(block)
    yield from _OF.get(type(block), _nothing)(block)


def _of_limits(block: Payment) -> Iterator[dict[str, Any]]:
    for key, limit in block.limits.items():
        for heading in limit.on or (key,):
            name = {"total": "profit", "fees": "profit"}.get(heading, heading)
            yield {f"costs.{name}": LARGE_COST}
            if limit.unless:
                yield {f"costs.{name}": LARGE_COST, limit.unless: True}


def _of_counts(block: Any) -> Iterator[dict[str, Any]]:
    for kind, terms in getattr(block, "bolt_ons", {}).items():
        counted = terms.counts or kind
        yield {f"event.{counted}": 1}
        if terms.at_most is not None:
            yield {f"event.{counted}": MANY}
    yield from ({f"event.{kind}": 1} for kind in getattr(block, "items", None) or {} if kind)
    yield from ({f"costs.{heading}": SMALL_COST} for heading in getattr(block, "extras", ()))


def _of_hourly(block: written.Hourly) -> Iterator[dict[str, Any]]:
    timed = tuple(heading for heading in block.rates if heading != "profit")
    if timed:
        yield {f"minutes.{heading}": OTHER_MINUTES for heading in timed}
    costs = tuple(heading for heading in block.headings if heading not in (*block.rates, *BY_SESSION))
    if costs:
        yield {f"costs.{heading}": SMALL_COST for heading in costs}


def _of_fixed(block: written.FixedFee) -> Iterator[dict[str, Any]]:
    if block.escape is None:
        return
    timed = tuple(heading for heading in block.escape.rates if heading != "profit")
    if timed:
        yield {f"minutes.{heading}": OTHER_MINUTES for heading in timed}
    if not block.escape.rates:
        yield {"costed": COST_RATE}
        yield {f"costs.{heading}": LARGE_COST for heading in block.escape.measured_on}


def _of_bands(block: written.BandedFee) -> Iterator[dict[str, Any]]:
    if not block.band_by.startswith("work."):
        edges = {edge for band in block.bands for edge in (band.at_least, band.at_most) if edge is not None}
        for edge in sorted(edges | {edge + 1 for edge in edges}):
            yield {plain_name(block.band_by): edge}


def _of_stages(block: written.StagedFee) -> Iterator[dict[str, Any]]:
    yield from ({"stages": (stage.stage,)} for stage in block.stages)
    yield from ({"outcome": outcome} for outcome in block.ends_early)


def _of_drivers(block: written.GraduatedFee) -> Iterator[dict[str, Any]]:
    for driver in block.drivers:
        edges = {driver.base.at_least}
        if driver.then:
            edges |= {driver.then.at_least, driver.then.at_least + 1}
            edges |= {driver.then.at_most + 1} if driver.then.at_most is not None else set()
        yield from ({plain_name(driver.by): edge} for edge in sorted(edges))
        for lift in block.uplifts:
            yield from ({plain_name(driver.by): max(edges), **more} for more in asked(lift.when))


def _of_outcome(block: written.OutcomePayment) -> Iterator[dict[str, Any]]:
    results = (block.outcome.is_,) if isinstance(block.outcome.is_, str) else block.outcome.is_
    lasts = block.outcome.lasts_months
    for result in results:
        yield {"outcome": result}
        lasted = {"outcome": result, "lasted_months": lasts}
        if lasts:
            yield from (lasted, {**lasted, "lasted_months": lasts - 1})
        if block.case_mix is not None:
            hardness = plain_name(block.case_mix.index)
            yield from ({**lasted, hardness: found} for found in ("easy", "hard"))


def _of_premium(block: written.ContinuityPremium) -> Iterator[dict[str, Any]]:
    yield from ({"lead.share": int(step.at_least_percent)} for step in block.steps)
    yield {"lead.share": min((int(step.at_least_percent) for step in block.steps), default=100) * 9 // 10}
    if block.returning_client is not None:
        yield {"months_since_last_matter": block.returning_client.within_months}


def _of_tiers(block: written.Tiers) -> Iterator[dict[str, Any]]:
    edges = {tier.at_most for tier in block.tiers if tier.at_most is not None}
    yield from ({f"rank.{block.id}": edge} for edge in sorted(edges | {edge + 1 for edge in edges}))


def _of_disbursements(block: written.Disbursements) -> Iterator[dict[str, Any]]:
    yield {"costs.disbursements": SMALL_COST}
    yield {"costs.disbursements": SMALL_COST, "costs.disbursement_vat": SMALL_COST // 5}
    for kind, terms in block.kinds.items():
        yield {f"costs.{kind}": LARGE_COST}
        if terms.rate is not None or terms.rates_table:
            yield {f"costs.{kind}": LARGE_COST, f"event.{kind}": 1}
        if terms.needs:
            yield {f"costs.{kind}": LARGE_COST, "prior_authority": True}


def _of_bid(block: written.TenderedPrice) -> Iterator[dict[str, Any]]:
    if block.award.method == "pay_as_bid":
        low, high = block.award.bid_between or (0, MANY)
        yield from ({"provider.bid": int(bid * 100)} for bid in (max(0, low - 1), high + 1))


def _nothing(block: Any) -> Iterable[dict[str, Any]]:
    return ()


_OF: Mapping[type, Any] = {
    written.Hourly: _of_hourly,
    written.FixedFee: _of_fixed,
    written.BandedFee: _of_bands,
    written.StagedFee: _of_stages,
    written.GraduatedFee: _of_drivers,
    written.OutcomePayment: _of_outcome,
    written.ContinuityPremium: _of_premium,
    written.Tiers: _of_tiers,
    written.Disbursements: _of_disbursements,
    written.TenderedPrice: _of_bid,
}


def work_edges(block: Any) -> Iterator[int]:
    """Give the minutes of casework at which a block may change its mind."""
    for name, condition in (*block.applies_to.items(), *block.not_if.items()):
        plain = plain_name(name)
        if plain.startswith("work."):
            unit = MINUTES_PER_HOUR if plain.startswith("work.hours") else 1
            yield from (int(value * unit) for value in meeting(condition) if value is not None)
    if isinstance(block, written.BandedFee) and block.band_by.startswith("work."):
        unit = MINUTES_PER_HOUR if block.band_by.startswith("work.hours") else 1
        for band in block.bands:
            yield from (int(edge * unit) for edge in (band.at_least, band.at_most) if edge is not None)
