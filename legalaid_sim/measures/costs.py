"""What work cost against what it earned: by category, client-year and adviser-year, and hours never paid."""

from collections import Counter, defaultdict
from collections.abc import Callable
from math import fsum
from typing import NamedTuple

from legalaid_sim.events import (
    Audited,
    Entitled,
    MatterClosed,
    MatterOpened,
    Spent,
)
from legalaid_sim.measures.folded import YEAR, Folded
from legalaid_sim.measures.measure import DONE_WITHIN, HIGHER, LOWER, NEITHER, Measure
from legalaid_sim.measures.money import NOT_CLOSED, pounds
from legalaid_sim.measures.statistics import ratio, share
from legalaid_sim.units import MINUTES_PER_HOUR, add_up

NO_COST = "nothing spent, or nothing done for clients, within the window"


class CategoryMoney(NamedTuple):
    """One kind of problem within the window: matters closed, minutes worked, pence earned and spent."""

    category: str
    closed: int
    minutes: int
    earned: float
    cost: float

    @property
    def margin(self) -> float:
        """Give what was earned beyond the cost, in pence."""
        return self.earned - self.cost


def cost_per_minute(folded: Folded) -> float | None:
    """Give pence spent within the window for each adviser minute on matters: the whole cost, spread."""
    spent = add_up(line.pence for line in folded.booked(Spent))
    return share(spent, folded.minutes_within.total()) if spent else None


def general_income_per_minute(folded: Folded) -> float:
    """Give pence earned under no matter's name (grants, paid hours) a minute, spread like the cost."""
    earned = add_up(line.pence for line in folded.booked(Entitled) if not line.matter)
    return share(earned, folded.minutes_within.total()) or 0.0


def margin_by_category(folded: Folded) -> dict[str, CategoryMoney]:
    """Give the money of each kind of problem; what is no matter's own is spread over their minutes."""
    rate, general = cost_per_minute(folded) or 0.0, general_income_per_minute(folded)
    of = {matter.matter: matter.category for matter in folded.log.of(MatterOpened)}
    closed = Counter(of.get(matter.matter, "") for matter in folded.within(MatterClosed))
    minutes, earned = Counter[str](), Counter[str]()
    for matter, spent in folded.minutes_within.items():
        minutes[of.get(matter, "")] += spent
    for line in folded.booked(Entitled):
        earned[of.get(line.matter, "")] += line.pence
    names = sorted(name for name in {*closed, *minutes, *earned} if name)
    return {
        name: CategoryMoney(
            name,
            closed[name],
            minutes[name],
            earned[name] + general * minutes[name],
            rate * minutes[name],
        )
        for name in names
    }


def _margin(folded: Folded, pick: Callable[[list[float]], float]) -> float | None:
    if cost_per_minute(folded) is None:
        return None
    margins = [row.margin / row.closed for row in margin_by_category(folded).values() if row.closed]
    return pounds(pick(margins)) if margins else None


def _worst(folded: Folded) -> float | None:
    return _margin(folded, min)


def _best(folded: Folded) -> float | None:
    return _margin(folded, max)


def _client_years(folded: Folded) -> float:
    """Give the years, within the window, in which clients had a matter open; several at once count once."""
    closed = {matter.matter: matter.at for matter in folded.log.of(MatterClosed)}
    spans = defaultdict[str, list[tuple[int, int]]](list)
    opens, closes, _ = folded.window
    for matter in folded.log.of(MatterOpened):
        start, end = max(matter.at, opens), min(closed.get(matter.matter, closes), closes)
        if start < end:
            spans[matter.client].append((start, end))
    return add_up(_union(client) for client in spans.values()) / YEAR


def _union(spans: list[tuple[int, int]]) -> int:
    """Give the length of all that some spans cover.

    >>> _union([(0, 4), (2, 6), (8, 9)])
    7
    """
    covered = reached = 0
    for start, end in sorted(spans):
        covered += max(0, end - max(start, reached))
        reached = max(reached, end)
    return covered


def _per_client_year(folded: Folded) -> float | None:
    return pounds(ratio(add_up(line.pence for line in folded.booked(Spent)), _client_years(folded)))


def _closed_per_adviser_year(folded: Folded) -> float | None:
    return ratio(folded.closed_within, folded.adviser_years)


def _earned_per_adviser_year(folded: Folded) -> float | None:
    return pounds(ratio(add_up(line.pence for line in folded.booked(Entitled)), folded.adviser_years))


def _assessed_off(folded: Folded) -> float | None:
    """Sum what was taken from matters after they had closed: what an assessment found too much."""
    closed = {matter.matter: matter.at for matter in folded.log.of(MatterClosed)}
    off = (
        line.pence
        for line in folded.booked(Entitled)
        if line.pence < 0 and line.matter in closed and line.at > closed[line.matter]
    )
    return pounds(-add_up(off))


def _recovered(folded: Folded) -> float | None:
    return pounds(add_up(audit.pence for audit in folded.booked(Audited)))


def _unpaid_hours(folded: Folded) -> float | None:
    """Give the hours on closed matters that their earnings do not pay for at the whole cost of an hour."""
    rate = cost_per_minute(folded)
    if rate is None:
        return None
    general = general_income_per_minute(folded)
    earned: Counter[str] = Counter()
    for line in folded.log.of(Entitled):
        earned[line.matter] += line.pence
    worked = ((each.matter, folded.minutes_ever[each.matter]) for each in folded.within(MatterClosed))
    unpaid = fsum(
        max(0.0, minutes - max(0.0, earned[matter] + general * minutes) / rate) for matter, minutes in worked
    )
    return ratio(unpaid / MINUTES_PER_HOUR, folded.closed_within)


MEASURES = (
    Measure(
        "money.margin_worst_category",
        "What a matter of the kind that loses most earned beyond its cost, on average.",
        "GBP per matter",
        "lowest over categories of (entitlement - minutes x cost a minute) / matters closed",
        DONE_WITHIN,
        HIGHER,
        _worst,
        undefined=NO_COST,
    ),
    Measure(
        "money.margin_best_category",
        "What a matter of the kind that gains most earned beyond its cost, on average.",
        "GBP per matter",
        "highest over categories of (entitlement - minutes x cost a minute) / matters closed",
        DONE_WITHIN,
        NEITHER,
        _best,
        undefined=NO_COST,
    ),
    Measure(
        "money.cost_per_client_year",
        "What organisations spent for each year that a client had a matter open.",
        "GBP per client-year",
        "spending / years in which clients had at least one matter open",
        DONE_WITHIN,
        LOWER,
        _per_client_year,
        undefined="no matter open within the window",
    ),
    Measure(
        "money.matters_per_adviser_year",
        "How many matters were closed for each year that an adviser served.",
        "matters per adviser-year",
        "matters closed / years served by all advisers, companions left out",
        DONE_WITHIN,
        NEITHER,
        _closed_per_adviser_year,
        undefined="no adviser in post",
    ),
    Measure(
        "money.earned_per_adviser_year",
        "What organisations earned for each year that an adviser served.",
        "GBP per adviser-year",
        "entitlement / years served by all advisers, companions left out",
        DONE_WITHIN,
        NEITHER,
        _earned_per_adviser_year,
        undefined="no adviser in post",
    ),
    Measure(
        "money.assessed_off",
        "What was taken off matters after they had closed, when claims were assessed.",
        "GBP",
        "- sum of negative entitlement lines of matters closed before",
        DONE_WITHIN,
        LOWER,
        _assessed_off,
        undefined="never: nothing taken off is 0",
    ),
    Measure(
        "money.recovered_at_audit",
        "What the payer took back when it looked at files.",
        "GBP",
        "sum of what audits took back",
        DONE_WITHIN,
        LOWER,
        _recovered,
        undefined="never: nothing taken back is 0",
    ),
    Measure(
        "money.unpaid_hours_per_matter",
        "How many hours of a matter were not paid for: those beyond what its earnings pay at whole cost.",
        "hours per matter",
        "sum over matters closed of max(0, minutes - earnings / cost a minute) / 60 / matters closed",
        DONE_WITHIN,
        LOWER,
        _unpaid_hours,
        undefined=f"{NO_COST}, or {NOT_CLOSED}",
    ),
)
