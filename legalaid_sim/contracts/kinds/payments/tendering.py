"""Who wins a tender, and at what price: bids within the reserves, weighed by price and quality in each lot.

A provider bids where its facts name a ``bid`` in pence; ``bids`` are those of everybody in the area, itself
included. Where nobody bids, the price that the contract writes is what was awarded, to whoever holds it.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from pydantic import Field

from legalaid_sim.contracts.tools.amounts import pence_of
from legalaid_sim.contracts.tools.pricing_state import PricingState
from legalaid_sim.contracts.vocabulary.conditions import CompiledCondition, compile_test
from legalaid_sim.contracts.vocabulary.facts import ProviderFacts
from legalaid_sim.contracts.vocabulary.values import Count, Money, Share, Terms

ALL = Decimal(100)
NIL = Decimal(0)


class Award(Terms):
    """How bids are turned into the price."""

    method: Literal["pay_as_bid", "uniform_price", "quality_weighted"]
    price_weight_percent: Share = Field(
        default=ALL, description="weight of the lowest price over a bid's own, where quality is weighed"
    )
    quality_weight_percent: Share = Field(default=NIL, description="weight of a bid's quality, of 100")
    lots: tuple[str, ...] = Field(default=(), description="regions that are let; left out: all")
    bid_between: tuple[Money, Money] | None = Field(
        default=None, description="reserve prices: a bid outside them is not considered"
    )
    winners: Count | None = Field(
        default=None, ge=1, description="how many bids of a lot win; left out: all that are considered"
    )
    volume_guarantee_percent: Share | None = None
    guaranteed_matters: Count | None = Field(
        default=None, description="matters a contract year at 100 percent"
    )


BEST_QUALITY = 100


class Bid(NamedTuple):
    """What one provider offers: whole pence for a unit, quality from 0 to 100, and where it works."""

    name: str
    pence: int
    quality: Fraction
    region: str


def award_clauses(award: Award) -> Iterator[CompiledCondition]:
    """Give the conditions that a tender puts on a provider: that its region is let, and that its bid has won."""
    if award.lots:
        yield _in_a_lot(award)
    yield _with_a_winning_bid(award)


def _in_a_lot(award: Award) -> CompiledCondition:
    test, words = compile_test(award.lots)
    return CompiledCondition(
        "provider.region", lambda case: case.provider.region, test, words, (_in_a_lot, award)
    )


def _with_a_winning_bid(award: Award) -> CompiledCondition:
    made = (_with_a_winning_bid, award)
    return CompiledCondition(
        "provider.bid", lambda case: has_won(award, case.provider), bool, "a bid that wins", made
    )


def has_won(award: Award, provider: ProviderFacts) -> bool:
    """Tell whether a provider holds the contract: its bid wins, or nobody asked it for one."""
    own = _own(provider)
    return own is None or own in winners(award, _all(provider))


def price_awarded(award: Award, written: int, case: PricingState) -> int:
    """Give the price of a unit in pence: the own bid, or one price for all winners; as written where nobody bids."""
    own = _own(case.provider)
    if own is None:
        return written
    if award.method == "uniform_price":
        mine = [bid for bid in winners(award, _all(case.provider)) if bid.region == own.region]
        return max((bid.pence for bid in mine), default=written)
    return own.pence


def winners(award: Award, bids: Sequence[Bid]) -> tuple[Bid, ...]:
    """Give the bids that win, best first, lot by lot; those outside the reserves or the lots are not considered."""
    valid = [
        bid for bid in bids if _within_reserves(award, bid) and (not award.lots or bid.region in award.lots)
    ]
    won: list[Bid] = []
    for region in dict.fromkeys(bid.region for bid in valid):
        lot = [bid for bid in valid if bid.region == region]
        scored = sorted((-_score(award, bid, lot), bid.pence, bid.name, bid) for bid in lot)
        won += [bid for *_, bid in scored[: award.winners or len(lot)]]
    return tuple(won)


def _within_reserves(award: Award, bid: Bid) -> bool:
    if award.bid_between is None:
        return True
    low, high = award.bid_between
    return pence_of(low) <= bid.pence <= pence_of(high)


def _score(award: Award, bid: Bid, lot: Sequence[Bid]) -> Fraction:
    """Weigh a bid: the lowest price of the lot over its own, and its quality; by price alone unless it counts."""
    price = Fraction(min(other.pence for other in lot), bid.pence) if bid.pence else Fraction(1)
    if award.method != "quality_weighted":
        return price
    return price * Fraction(award.price_weight_percent) + (
        bid.quality / BEST_QUALITY * Fraction(award.quality_weight_percent)
    )


def _own(provider: ProviderFacts) -> Bid | None:
    pence = provider.facts.get("bid")
    if not isinstance(pence, int) or isinstance(pence, bool):
        return None
    return Bid(provider.name, pence, _quality(provider.facts), provider.region)


def _all(provider: ProviderFacts) -> tuple[Bid, ...]:
    own, told = _own(provider), provider.facts.get("bids", ())
    others = tuple(bid for bid in told if isinstance(bid, Bid)) if isinstance(told, tuple) else ()
    return others if own is None or own in others else (own, *others)


def _quality(facts: Mapping[str, object]) -> Fraction:
    found = facts.get("quality", 0)
    return Fraction(str(found)) if isinstance(found, int | float | Decimal | Fraction) else Fraction(0)
