"""The facts beside category, code, region and VAT that blocks of a contract ask about, as things to suppose."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.kinds.registry import PAYMENTS
from legalaid_sim.contracts.vocabulary.conditions import plain_name
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.contracts.vocabulary.supposing import (
    LARGE_COST,
    MANY,
    SMALL_COST,
    as_number,
    asked,
    meeting,
)
from legalaid_sim.units import MINUTES_PER_HOUR, add_months


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
        matter.provider[rest] = as_number(value)
    elif family not in ("work", "row"):
        facts.facts[name] = as_number(value)


def provider_of(matter: Supposed, region: str, registered: bool, heads: int) -> ProviderFacts:
    """Give the provider of a supposed matter."""
    told = dict(matter.provider)
    return ProviderFacts(
        region=region, vat_registered=registered, heads=int(told.pop("heads", heads)), facts=told
    )


def of_block(block: Any) -> Iterator[Circumstance]:
    """Give every circumstance that a block asks about, the one that it always needs first."""
    for needed in asked(block.applies_to):
        yield _circumstance(needed)
        for more in (*(asked(block.not_if) if block.not_if else ()), *_of_payment(block)):
            yield _circumstance({**needed, **more})


def _circumstance(facts: Mapping[str, Any]) -> Circumstance:
    return Circumstance(tuple(facts.items()))


def _of_payment(block: Any) -> Iterator[dict[str, Any]]:
    if isinstance(block, PaymentBlock):
        yield from _of_limits(block)
        yield from _of_counts(block)
        yield from PAYMENTS[block.kind].circumstances(block)


def _of_limits(block: PaymentBlock) -> Iterator[dict[str, Any]]:
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


def work_edges(block: Any) -> Iterator[int]:
    """Give the minutes of casework at which a block may change its mind."""
    for name, condition in (*block.applies_to.items(), *block.not_if.items()):
        plain = plain_name(name)
        if plain.startswith("work."):
            unit = MINUTES_PER_HOUR if plain.startswith("work.hours") else 1
            yield from (int(value * unit) for value in meeting(condition) if value is not None)
    if isinstance(block, PaymentBlock):
        yield from PAYMENTS[block.kind].work_edges(block)
