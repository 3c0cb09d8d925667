"""The world: everybody who might come, everything that might befall them, everybody who might advise them.

All chance is drawn here, once, from the seed; what follows is deterministic. The world does not know which contract is
in force. Where an event depends on the regime, the world holds the *threshold* that the event must pass, keyed by
person or post and ordinal, so that a higher probability gives a superset of events.
"""

from legalaid_sim import draws
from legalaid_sim.brought import Brought
from legalaid_sim.calendars import MinuteSpan, office_hours
from legalaid_sim.evidence import Assumptions, resolve
from legalaid_sim.garbage import collected_later
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.units import MINUTES_PER_HOUR, round_half_up
from legalaid_sim.world.frozen import World
from legalaid_sim.world.people import people_of
from legalaid_sim.world.posts import posts_of, sessions_of
from legalaid_sim.world.problems import usual_minutes, usual_needs
from legalaid_sim.world.records import (
    BookedDraws,
    Holder,
    PersonDraw,
    PostPlan,
    ProblemPlan,
    Session,
    Thresholds,
)

__all__ = [
    "Holder", "PersonDraw", "PostPlan", "ProblemPlan", "Session", "Thresholds", "World", "sample", "usual_minutes",
    "usual_needs",
]  # fmt: skip

AUDITS = 64
AUDIT_COLUMNS = 256


def sample(scenario: Scenario, seed: int) -> World:
    """Draw the world of a scenario from a seed: the same bytes for the same two, whatever the contract."""
    return drawn(scenario, resolve(scenario.assumptions), seed)


def drawn(scenario: Scenario, assumptions: Assumptions, seed: int) -> World:
    """Draw a world under assumptions that are resolved, whatever the scenario itself says of them."""
    first, last = scenario.period.begins, scenario.period.ends
    open_minutes = max(1, round_half_up(assumptions.number("door.open_hours") * MINUTES_PER_HOUR))
    opening = office_hours(first, last, open_minutes) if scenario.clients.asks == "office_hours" else []
    payer = draws.DrawTable(seed, "payer", 0, AUDIT_COLUMNS).lists(AUDITS)
    brought: dict[str, Brought] = {}
    booked: dict[str, BookedDraws] = {}
    with collected_later():
        people = tuple(people_of(scenario, assumptions, seed, brought, booked))
    sick: dict[str, tuple[MinuteSpan, ...]] = {}
    posts = tuple(posts_of(scenario, assumptions, seed, sick))
    rows = tuple(tuple(row) for row in payer)
    sessions = tuple(sorted(sessions_of(scenario, seed)))
    days = (last - first).days
    return World(seed, people, posts, tuple(opening), days, rows, brought, sessions, booked, sick)
