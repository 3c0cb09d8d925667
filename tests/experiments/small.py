"""A scenario small enough to be lived many times in a test."""

from pathlib import Path

TEXT = """\
kind: scenario
schema_version: 1
about: {{title: A small agency, question: Does it come out the same every time?}}
period: {{starts: 2008-04-01, months: 3, lead_in_months: 1, run_out_months: 1}}
seed: 11
replications: {{at_least: 2, at_most: 4}}
respond: {respond}
clients:
  arrivals: {{per_week: 4}}
  problems:
    debt: {{share: 1, fee_code: DEBT}}
    housing: {{share: 1, fee_code: HOUS}}
advisers:
  - {{role: caseworker, number: 2, hours_per_week: 35}}
contracts: [{contracts}]
"""

CONTRACTS = ("not-for-profit-hours-2004", "relational-pilot")


def scenario(folder: Path, respond: str = "none", contracts: tuple[str, ...] = CONTRACTS) -> Path:
    path = folder / "small.yaml"
    path.write_text(TEXT.format(respond=respond, contracts=", ".join(contracts)), encoding="utf-8")
    return path
