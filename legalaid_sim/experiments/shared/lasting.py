"""What a contract costs its payer, set against the baseline, and whether the agency could have lasted under it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from legalaid_sim.experiments.shared.ignorance import estimate_of
from legalaid_sim.experiments.shared.replicate import Values
from legalaid_sim.experiments.shared.statistics import Estimate, Value

# What the work of the window entitles to, and not what was paid within it: after a switch cash of the old contract
# still runs and that of the new one lags, by as much as contracts differ in when they pay.
SPEND, BELOW, LOW = "money.earned", "money.months_below_zero", "money.cash_low_point"


class Price(NamedTuple):
    """One contract's money over the worlds lived, in GBP.

    ``times`` is what the payer comes to owe over what it comes to owe under the baseline, both summed over all
    worlds; None where the baseline costs nothing. ``months_below`` counts the month-ends, over all organisations, at
    which reserves stood below nothing; ``worlds_below`` the worlds with any, of ``worlds``; ``low_point`` is the lowest
    that reserves stood at a month's end in any world.
    """

    contract: str
    spend: Estimate
    times: Value
    months_below: Estimate
    worlds_below: int
    worlds: int
    low_point: Value


def prices(series: Mapping[str, Sequence[Values]], baseline: str, drawn: bool = False) -> tuple[Price, ...]:
    """Give the price of every contract, the baseline first; ``drawn`` says that worlds draw what is unknown."""
    others = [name for name in series if name != baseline]
    theirs = estimate_of((world.get(SPEND) for world in series[baseline]), drawn)
    return tuple(_price(name, series[name], theirs.mean, drawn) for name in (baseline, *others))


def _price(name: str, worlds: Sequence[Values], theirs: Value, drawn: bool) -> Price:
    spend = estimate_of((world.get(SPEND) for world in worlds), drawn)
    below = [world.get(BELOW) for world in worlds]
    told = [value for value in below if value is not None]
    times = spend.mean / theirs if spend.mean is not None and theirs is not None and theirs > 0 else None
    # Whatever was seen in any world, draws or not.
    low = min((value for world in worlds if (value := world.get(LOW)) is not None), default=None)
    months = estimate_of(below, drawn)
    return Price(name, spend, times, months, len([v for v in told if v > 0]), len(told), low)


def prices_as_data(found: Sequence[Price]) -> list[dict[str, Any]]:
    """Give the prices as plain data, as docs/json.md describes them."""
    return [
        {
            "contract": price.contract,
            "payer_owes": price.spend.as_data(),
            "times_baseline": price.times,
            "months_below_zero": price.months_below.as_data(),
            "worlds_below_zero": price.worlds_below,
            "worlds": price.worlds,
            "cash_low_point": price.low_point,
        }
        for price in found
    ]
