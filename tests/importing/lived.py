"""An agency of our own engine, told as an agency's own table would tell it, up to a day."""

import csv
import io
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from legalaid_sim import events
from legalaid_sim.engine import Regime, simulate
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.units import MINUTES_PER_DAY
from legalaid_sim.world import sample
from tests.builders.scenarios import scenario

PLANTED = {
    "debt": {
        "share": 3, "contacts": {"geometric": {"mean": 3, "at_most": 12}},
        "contact_minutes": {"lognormal": {"mean": 50, "cv": 0.5, "at_most": 400}},
        "casework_minutes": {"lognormal": {"mean": 200, "cv": 0.8, "at_most": 3000}},
        "days_between": {"triangular": {"low": 5, "mode": 14, "high": 35}}, "days_to_crisis": 3000,
    },
    "housing": {
        "share": 1, "contacts": {"geometric": {"mean": 2, "at_most": 12}},
        "contact_minutes": {"lognormal": {"mean": 30, "cv": 0.5, "at_most": 400}},
        "casework_minutes": {"lognormal": {"mean": 90, "cv": 0.8, "at_most": 3000}},
        "days_between": {"exponential": {"mean": 25}}, "days_to_crisis": 3000,
    },
}  # fmt: skip
PER_WEEK = 14.0
# What somebody would write who knows nothing of it.
OTHERWISE = """\
kind: scenario
schema_version: 1
about: {title: An agency, question: What do its own cases say of it?}
period: {starts: 2008-01-07, months: 24, lead_in_months: 0}
start: empty
clients:
  # Somebody's guess.
  arrivals: {per_week: 5}
  days_before_asking: 0
  problems:
    debt:
      share: 1  # as many as of housing
      contacts: {geometric: {mean: 2, at_most: 12}}
      contact_minutes: {lognormal: {mean: 40, cv: 0.2, at_most: 400}}
      casework_minutes:
        # no spread
        lognormal: {mean: 100, cv: 0.1, at_most: 3000}
      days_between: {triangular: {low: 2, mode: 5, high: 11}}
    housing: {share: 1, contacts: {geometric: {mean: 3, at_most: 12}}, days_between: {exponential: {mean: 10}}}
    family: {share: 1}
advisers: [{number: 60}]
assumptions: {contact.listening_minutes: 16, missed.chance: 0}
"""


def agency(per_week: float = PER_WEEK, problems: dict[str, Any] | None = None) -> Scenario:
    return scenario(
        problems=problems or PLANTED, per_week=per_week, months=24, run_out=8,
        advisers=[{"role": "caseworker", "number": 60}],
    )  # fmt: skip


def table(made: Scenario, seed: int = 1, until: date | None = None, whole: bool = True) -> str:
    """The cases of one life as CSV, as they stand on a day: those not closed by then are open.

    ``whole`` tells meetings, and minutes with the client and without; else there are only all minutes of a case.
    """
    log = simulate(sample(made, seed), made, Regime("no-contract"))
    first = made.period.begins
    met: dict[str, list[events.Contact]] = defaultdict(list)
    for contact in log.of(events.Contact):
        met[contact.matter].append(contact)
    closed = {record.matter: record for record in log.of(events.MatterClosed)}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    parts = ["Meetings", "Minutes with", "Minutes without"] if whole else ["Minutes"]
    writer.writerow(["Case", "Client", "Area", "Opened", "Closed", "Adviser", *parts])
    for opened in log.of(events.MatterOpened):
        day, end = first + timedelta(days=opened.at // MINUTES_PER_DAY), closed.get(opened.matter)
        over = first + timedelta(days=end.at // MINUTES_PER_DAY) if end else None
        if until is not None and day > until:
            continue
        if over is None or (until is not None and over > until):
            over = end = None
        with_client = sum(contact.core + contact.listening for contact in met[opened.matter])
        core = sum(contact.core for contact in met[opened.matter])
        told: list[int | str] = (
            [len(met[opened.matter]), with_client, end.given - core] if end else ["", "", ""]
        )
        if not whole:
            told = [with_client + end.given - core if end else ""]
        writer.writerow([opened.matter, opened.client, opened.category, day, over or "", "a1", *told])
    return text.getvalue()


MAPPING = """\
kind: import
schema_version: 1
columns:
  Case: claim_id
  Client: client_id
  Area: category
  Opened: start_date
  Closed: concluded_date
  Adviser: adviser_id
  Meetings: contacts
  Minutes with: contact_minutes
  Minutes without: casework_minutes
"""
ALL_MINUTES = MAPPING.split("  Meetings", maxsplit=1)[0] + "  Minutes: profit_minutes\n"
