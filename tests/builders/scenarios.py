"""Small, fast scenarios: one in which nothing goes on but what is asked for, and a small agency with everything on."""

from typing import Any

from legalaid_sim.scenario import Scenario

# Every mechanism that has a switch, off.
OFF: dict[str, Any] = {
    "adviser.leave_days_per_year": 0,
    "adviser.sickness_days_per_year": 0,
    "adviser.leaving_per_month": 0,
    "adviser.other_admin_minutes_per_day": 0,
    "adviser.supervision_minutes_per_week": 0,
    "client.several_problems": 0,
    "client.evidence_refused": 0,
    "client.patience_days": 3660,
    "follow_on.chance": 0,
    "missed.chance": 0,
    "outcome.return_chance": 0,
    "problem.late_factor": 1,
    "contact.listening_minutes": 16,
    "effort.slack_is_free": 0,
    "effort.squeeze": 1,
    "effort.drop_meetings": 1,
    "multitask.relations": 0,
    "problem.clock_runs": 0,
    "learning.extra": 0,
    "adviser.settles_in_months": 0,
    "adviser.shares_supervision": 0,
    "load.by_hours": 0,
    "outreach.minutes": 0,
    "trust.contacts": 0,
    "client.disclosure_base": 0,
    "outcome.return_later": 0,
    "channel.minutes": 0,
    "channel.missed": 0,
    "channel.documents": 0,
    "vulnerability.barrier": 0,
    "vulnerability.forms": 0,
    "goal.effect": 0,
    "missed.goal_effect": 0,
    "companion.carries": 0,
}

PROBLEM: dict[str, Any] = {
    "contacts": 3,
    "contact_minutes": 40,
    "casework_minutes": 60,
    "days_between": 7,
    "days_to_crisis": 3000,
}


def scenario(
    *,
    advisers: Any = None,
    organisation: dict[str, Any] | None = None,
    agencies: list[dict[str, Any]] | None = None,
    clients: dict[str, Any] | None = None,
    problems: dict[str, Any] | None = None,
    assumptions: dict[str, Any] | None = None,
    months: int = 6,
    lead_in: int = 0,
    run_out: int = 3,
    per_week: float = 5,
    respond: str = "none",
    start: str = "empty",
    starts: str = "2008-01-07",
    quiet: bool = True,
) -> Scenario:
    """Give a scenario that does nothing but what is asked of it; not ``quiet``: all that the register has is on."""
    people: dict[str, Any] = {
        "arrivals": {"per_week": per_week},
        "problems": problems or {"debt": PROBLEM},
        **({"days_before_asking": 0} if quiet else {}),
        **(clients or {}),
    }
    told: dict[str, Any] = {
        "kind": "scenario",
        "schema_version": 1,
        "about": {"title": "a small test", "question": "does the mechanism do what it says?"},
        "period": {
            "starts": starts,
            "months": months,
            "lead_in_months": lead_in,
            "run_out_months": run_out,
        },
        "start": start,
        "respond": respond,
        "clients": people,
        "assumptions": {**(OFF if quiet else {}), **(assumptions or {})},
    }
    if agencies:
        told["agencies"] = agencies
    else:
        told["advisers"] = advisers or [{"role": "caseworker", "number": 3}]
        told["organisation"] = organisation or {}
    return Scenario.model_validate(told)


def agency(name: str, number: int = 1, share: float = 1.0, **organisation: Any) -> dict[str, Any]:
    """Give one of several organisations."""
    return {
        "organisation": {"name": name, **organisation},
        "advisers": [{"role": "caseworker", "number": number}],
        "share_of_area": share,
    }


def small(**changes: object) -> Scenario:
    """A small agency; a dotted name changes one part of it (``__`` stands for the dot)."""
    data: dict[str, object] = {
        "kind": "scenario",
        "schema_version": 1,
        "about": {"title": "test", "question": "does the engine keep to its laws?"},
        "period": {"starts": "2008-01-01", "months": 6, "lead_in_months": 1, "run_out_months": 3},
        "start": "empty",
        "clients": {
            "arrivals": {"per_week": 6},
            "several_problems": 0.3,
            "problems": {"debt": {"share": 2}, "housing": {"follow_ons": {"debt": 0.3}}},
        },
        "advisers": [{"role": "supervisor"}, {"number": 2}],
        "organisation": {"allocation": {"first": "least_loaded", "own_adviser_patience_days": 5}},
        "assumptions": {},
    }
    for name, value in changes.items():
        *path, last = name.split("__")
        part = data
        for step in path:
            part = part.setdefault(step, {})  # type: ignore[assignment]
        part[last] = value
    return Scenario.model_validate(data)
