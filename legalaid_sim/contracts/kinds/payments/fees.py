"""What several kinds of fee share: work by the minute, the row of an amount, what drives a fee."""

from datetime import date
from typing import Any

from legalaid_sim.contracts.tools.amounts import Rounded
from legalaid_sim.contracts.tools.lookups import Lookup
from legalaid_sim.contracts.tools.pricing_state import PricingState, money
from legalaid_sim.contracts.vocabulary.conditions import plain_name
from legalaid_sim.units import MINUTES_PER_HOUR


def pay_time(
    case: PricingState, phase: int, name: str, rate: int, most: int, rounded: Rounded, kept: int | None = None
) -> None:
    """Pay the profit minutes of a case (or ``kept`` of them) at a rate an hour, or the costs that it states."""
    minutes = case.facts.minutes.get("profit", 0)
    minutes = minutes if kept is None else min(minutes, kept)
    stated = case.facts.costs.get("profit")
    pence = rounded(minutes * rate, MINUTES_PER_HOUR) if stated is None or minutes else stated
    pence = min(pence, most) if most else pence
    case.pay(phase, name, pence, "hourly", "profit")
    if case.trace is not None:
        most_text = f", at most {money(most)}" if most else ""
        case.tell(phase, name, pence, f"{minutes} min at {money(rate)} an hour{most_text}")


def tell_amount(
    case: PricingState, phase: int, name: str, pence: int, amount: Lookup, day: date, dated_by: str
) -> None:
    """Write the receipt row of an amount: its version, what picked it, what it was before."""
    version, before = amount.version(day, case), amount.before(day, case)
    how = money(pence)
    if version:
        how += f", version of {version} (picked by {dated_by}"
        how += f"; before: {money(before)})" if before is not None else ")"
    case.tell(phase, name, pence, how, {}, version, dated_by)


def reached(case: PricingState) -> Any:
    """Give what pay for stages and results depends on: the outcome, how long it lasted, the stages reached."""
    stages = case.facts.facts.get("stages") or ()
    reached = tuple(stages) if isinstance(stages, list | tuple) else (stages,)
    return (case.facts.outcome, case.facts.facts.get("lasted_months"), reached)


def driven_by(names: list[str]) -> list[str]:
    """Name the minutes, costs or counts by which facts drive a fee."""
    found = []
    for name in map(plain_name, names):
        family, _, rest = name.partition(".")
        if family == "work":
            found.append(f"minutes.{rest.partition('.')[2] or 'profit'}")
        elif family in ("event", "count", "costs"):
            found.append(f"{'costs' if family == 'costs' else 'counts'}.{rest}")
    return found
