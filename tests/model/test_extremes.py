"""Towns at the end of what may be: nothing breaks, and what must then be so is so."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

from legalaid_sim import events as e
from legalaid_sim.events import Log
from legalaid_sim.measures import measure
from legalaid_sim.units import add_up
from tests.builders.scenarios import agency
from tests.model.relations.pairs import Settings, lived

Values = Mapping[str, float | None]


class Extreme(NamedTuple):
    """An extreme town and what must be so of it: measures that must have a value, and what its log must show."""

    town: str
    settings: Settings
    measures: Mapping[str, Any]
    shows: Callable[[Log], bool] = lambda log: True


POOR, RICH = (
    {"opening_reserves": -60_000, "may_shrink": True},
    {"opening_reserves": 10**7, "may_shrink": True},
)
EXTREMES = [
    Extreme(
        "hardly anybody comes", {"per_week": 0.0001},
        {"continuity.coc": None, "access.turned_away": None, "access.days_to_first_contact": None,
         "money.cost_per_matter": None, "outcomes.resolved_share": None},
        lambda log: not log.of(e.MatterOpened) and add_up(each.idle for each in log.of(e.Diary)) > 0,
    ),
    Extreme(
        "one adviser", {"advisers": [{"role": "caseworker"}], "adviser.leaving_per_month": 0},
        {"continuity.coc": 1.0, "continuity.secon": 1.0, "continuity.herfindahl": 1.0,
         "continuity.retelling_minutes_per_matter": 0.0, "continuity.handovers_per_matter": 0.0},
    ),
    Extreme(
        "nobody ever gives up", {"client.patience_days": 100_000, "per_week": 20},
        {"access.left_before_seen": 0.0},
        lambda log: any(left.stage in ("waiting", "open") for left in log.of(e.StillOpen)),
    ),
    Extreme(
        "everybody is remote", {"organisation": {"channel": "telephone"}},
        {"time.face_to_face_share": 0.0, "time.remote_contacts_unwanted": 1.0},
        lambda log: {met.channel for met in log.of(e.Contact)} == {"telephone"},
    ),
    Extreme(
        "sixty a week", {"per_week": 60}, {},
        lambda log: len(log.of(e.Left)) > len(log.of(e.MatterClosed)) > 0,
    ),
    Extreme(
        "everybody is most vulnerable", {"clients": {"vulnerability": 1}}, {},
        lambda log: {person.vulnerability for person in log.of(e.Person)} == {1.0},
    ),
    Extreme(
        "everybody has several problems", {"client.several_problems": 1}, {},
        lambda log: len({asked.problem for asked in log.of(e.Asked)}) > len(log.of(e.Person)),
    ),
    Extreme(
        "half of the advisers leave each month", {"adviser.leaving_per_month": 0.5, "months": 12},
        {},
        # Nobody leaves a post in the month of joining it, so a post is left every second month at most.
        lambda log: 0 < max(joined.vintage for joined in log.of(e.AdviserJoined)) <= 1 + len(
            log.of(e.MonthClosed)
        ) // 2,
    ),
    Extreme(
        "no contract", {}, {"money.earned": 0.0, "money.payer_spend": 0.0, "access.turned_away": 0.0,
                            "admin.contract_duty_share": 0.0},
        lambda log: not (log.of(e.Entitled) or log.of(e.Paid) or log.of(e.DutyFell) or log.of(e.TurnedAway)),  # type: ignore[arg-type]
    ),
    Extreme(
        "three organisations, one broke",
        {"agencies": [agency("poor", 2, **POOR), agency("rich", 2, **RICH), agency("other", 2, **RICH)],
         "under": ["flat 200"], "money.house_closes": 1, "door.lost": 0.1},
        {},
        lambda log: (
            [shut.organisation for shut in log.of(e.OrganisationClosed)] == ["poor"]
            and all(
                opened.organisation != "poor" or opened.at <= log.of(e.OrganisationClosed)[0].at
                for opened in log.of(e.MatterOpened)
            )
            and any(
                opened.organisation == "rich" and opened.at > log.of(e.OrganisationClosed)[0].at
                for opened in log.of(e.MatterOpened)
            )
        ),
    ),
    Extreme(
        "everything is missed", {"missed.chance": 0.999, "missed.person": 0}, {"outcomes.resolved_share": 0.0},
        lambda log: {closed.reason for closed in log.of(e.MatterClosed)} <= {"disengaged"},
    ),
    Extreme(
        "nobody is paid for", {"under": ["no-one"]}, {"money.earned": 0.0},
        lambda log: bool(log.of(e.MatterOpened)),
    ),
]  # fmt: skip


@pytest.mark.parametrize("extreme", EXTREMES, ids=lambda extreme: extreme.town)
def test_an_extreme_town_lives_and_is_what_it_must_be(extreme: Extreme) -> None:
    log = lived(extreme.settings)
    found = measure(log)
    assert {name: found[name] for name in extreme.measures} == extreme.measures
    assert extreme.shows(log)
    for name, value in found.items():
        assert value is None or value == value, name
