"""A kind of duty: what every kind says, and when its minutes fall."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from legalaid_sim.contracts.kinds.kind import Kind, Sets
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.vocabulary.facts import Burden, MatterFacts, PeriodFacts, ProviderFacts

# Gives a count as it stands at the contract's start, of the form that is written and the block's id.
CountOf = Callable[[Any, str], int]


class OnEvents(Protocol):
    """A duty that falls on events of matters or of the contract, made for one provider."""

    block: Any

    def __init__(self, block: Any, provider: ProviderFacts, starts: date, library: Library) -> None:
        """Make it ready; ``starts`` is the day from which the contract's years run."""

    def burden(self, facts: MatterFacts, on: date) -> Burden | None:
        """Give the burden on a day, where it concerns the matter."""


class ByMonth(Protocol):
    """A duty that a month's end may bring, made for one provider."""

    block: Any

    def __init__(self, block: Any, provider: ProviderFacts, starts: date, library: Library) -> None:
        """Make it ready; ``starts`` is the day from which the contract's years run."""

    def ended(self, period: PeriodFacts) -> Iterable[Burden]:
        """Give what a month's end asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyKind(Kind):
    """One kind of duty."""

    sets: tuple[Sets, ...] = ("admin",)
    # When its minutes fall: on the event that ``falls_on`` names, or when a month ends.
    on_events: type[OnEvents] | None = None
    by_month: type[ByMonth] | None = None
    # Its minutes on one matter, where it has any.
    per_matter: Callable[[Any, CountOf], int | None] = lambda block, count: None
    # What follows where it is not done, and where it is late.
    if_missed: Callable[[Any], Any] = lambda block: None
    if_late: Callable[[Any], Any] = lambda block: None


# How the event is said that something falls on.
FALLS_ON = {
    "matter_opened": "when a matter is opened",
    "matter_closed": "when a matter is closed",
    "month_ended": "every month",
    "quarter_ended": "every quarter",
    "year_ended": "every year",
    "stage_reached": "when a stage is reached",
    "event_happened": "when an event happens",
    "outcome_recorded": "when an outcome is recorded",
    "work_done": "whenever work is done",
    "first_contact": "at the first contact",
}
