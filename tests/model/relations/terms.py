"""The contracts under which relations are looked at, by name."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tests.builders.contracts import fixed, hourly, library, of_blocks

DUTY = """\
duties:
  - id: form
    kind: duty
    falls_on: matter_opened
    minutes: {{adviser: {adviser}, admin: {admin}}}
"""
STARTS = """\
permissions:
  - {{id: starts, kind: matter_starts, per: contract_year, allowed: {allowed}, when_used_up: refuse}}
"""
WATCHED = """\
controls:
  - {{id: watched, kind: kpi, measure: {measure}, target: {{at_least: 30}}}}
"""
MARGIN = """\
controls:
  - {id: margin, kind: kpi, measure: fixed_fee_margin_share, target: {at_most: 20}}
"""
REACHING = """\
standards: [{{id: out, kind: outreach, shortens_delay_percent: {percent}}}]
"""

TERMS: Mapping[str, Callable[[], Any]] = {
    **{f"flat {pounds}": partial(fixed, pounds) for pounds in (20, 100, 200, 250, 400, 2000)},
    **{f"hourly {pounds}": partial(hourly, pounds) for pounds in (20, 48, 60, 96)},
    **{f"form {m}": lambda m=m: fixed(200, DUTY.format(adviser=m, admin=0)) for m in (0, 25, 50, 250)},  # type: ignore[misc]
    "form for the office": lambda: fixed(200, DUTY.format(adviser=0, admin=50)),
    **{f"starts {n}": lambda n=n: fixed(200, STARTS.format(allowed=n)) for n in (40, 80)},  # type: ignore[misc]
    **{
        f"watched {name}": lambda name=name: hourly(48, WATCHED.format(measure=name))  # type: ignore[misc]
        for name in ("resolved_share", "known_adviser_share")
    },
    "flat and watched": lambda: fixed(200, WATCHED.format(measure="resolved_share")),
    "flat and watched for its margin": lambda: fixed(500, MARGIN),
    **{f"reaching {n}": lambda n=n: fixed(200, REACHING.format(percent=n)) for n in (0, 50, 90)},  # type: ignore[misc]
    "grant": lambda: library("relational-pilot"),
    "no-one": lambda: of_blocks("standards: []\n"),
}
