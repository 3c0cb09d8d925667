"""Small, fast scenarios: a few caseworkers, some months, everything that is not asked about switched off."""

from functools import cache
from typing import Any

from legalaid_sim.engine.simulate import Regime, simulate
from legalaid_sim.events import Log
from legalaid_sim.experiments.shared.plans import read_written
from legalaid_sim.scenario import Scenario
from legalaid_sim.world import World, sample

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


@cache
def terms(name: str) -> Any:
    """Give a contract of the library, compiled."""
    return read_written(name).compiled()


@cache
def _world(told: str, seed: int) -> World:
    return sample(Scenario.model_validate_json(told), seed)


def world_of(given: Scenario, seed: int = 1) -> World:
    """Give the world of a scenario; the same again where it was asked for before."""
    return _world(given.model_dump_json(exclude_none=True), seed)


def live(given: Scenario, *contracts: Any, seed: int = 1, **how: Any) -> Log:
    """Live a scenario once, under contracts of the library (by name) or compiled terms."""
    held = tuple(terms(each) if isinstance(each, str) else each for each in contracts)
    return simulate(world_of(given, seed), given, Regime("test", held, **how))


def agency(name: str, number: int = 1, share: float = 1.0, **organisation: Any) -> dict[str, Any]:
    """Give one of several organisations."""
    return {
        "organisation": {"name": name, **organisation},
        "advisers": [{"role": "caseworker", "number": number}],
        "share_of_area": share,
    }


HEADER = """\
kind: contract
schema_version: 1
contract: {name}
term: {{starts: 2007-01-01, months: 120}}
categories: [debt, housing]
"""
FIXED = """\
payments:
  - id: fee
    kind: fixed_fee
    earned: on_close
    dated_by: matter_opened
    amount: {pounds}
"""
HOURLY = """\
payments:
  - id: hours
    kind: hourly
    earned: on_close
    dated_by: matter_opened
    rates: {{profit: {pounds}}}
    time_unit: {{minutes: 1, part_unit: up}}
"""
ARREARS = """\
cash:
  - id: in_arrears
    kind: variable_monthly
    pays_for: all
    paid_on: {working_day: 10, months_after: 1}
"""


@cache
def contract(blocks: str, name: str = "test") -> Any:
    """Compile a small contract, paid in arrears, from its blocks."""
    from legalaid_sim.contracts.pricing.terms import compile_terms
    from legalaid_sim.contracts.schema import Contract
    from legalaid_sim.diagnostics import validate
    from legalaid_sim.yamlfile import parse

    made, problems = validate(parse(HEADER.format(name=name) + blocks + ARREARS), Contract)
    assert made is not None, problems
    return compile_terms(made)


def fixed(pounds: float, more: str = "", name: str = "test") -> Any:
    """Give a contract that pays one fee for every matter."""
    return contract(FIXED.format(pounds=f"{pounds:.2f}") + more, name)


def hourly(pounds: float, more: str = "", name: str = "test") -> Any:
    """Give a contract that pays every minute worked."""
    return contract(HOURLY.format(pounds=f"{pounds:.2f}") + more, name)
