"""The smallest difference that matters, measure by measure, where a scenario names none.

A judgement of whoever asks, not a fact: every number is assumed, and ``answer_with`` in the scenario takes its
place. Some are absolute, in the measure's unit; what grows with the agency (money, minutes) is a share of the
baseline's value.
"""

from typing import NamedTuple

from legalaid_sim.measures.measure import Measure


class Least(NamedTuple):
    """The smallest difference that matters: ``size`` in the measure's unit, or as a share of the baseline's mean."""

    size: float
    of_baseline: bool = False

    def given(self, baseline: float | None) -> float:
        """Give it in the measure's unit; 0 where it is a share of nothing."""
        return self.size * abs(baseline or 0.0) if self.of_baseline else self.size


ANY = Least(0.0)
LEAST = {
    "continuity.coc": Least(0.05),
    "continuity.secon": Least(0.05),
    "continuity.contacts_per_client": Least(0.2),
    "continuity.known_adviser": Least(0.05),
    "admin.share": Least(0.01),
    "admin.minutes_per_matter": Least(0.05, of_baseline=True),
    "time.contact_share": Least(0.01),
    "time.listening_share": Least(0.01),
    "access.days_to_first_contact": Least(1.0),
    "access.left_before_seen": Least(0.01),
    "access.turned_away": Least(0.01),
    "goals.reached_in_time_share": Least(0.05),
    "outcomes.resolved_share": Least(0.02),
    "money.earned": Least(0.05, of_baseline=True),
    "money.payer_spend": Least(0.05, of_baseline=True),
    "money.payer_spend_per_resolved": Least(0.05, of_baseline=True),
}


def least_of(name: str) -> Least:
    """Give the smallest difference of a measure that matters by default; any size matters where none is named."""
    return LEAST.get(name, ANY)


def bounds_of(measure: Measure) -> tuple[float | None, float | None]:
    """Give what a measure can be at least and at most; None where nothing bounds it."""
    share, gap = measure.unit in ("share", "from 0 to 1", "index"), measure.name.endswith("_gap")
    if gap:
        return (-1.0, 1.0) if share else (None, None)
    if share:
        return (0.0, 1.0)
    return (None, None) if measure.unit.startswith("GBP") else (0.0, None)
