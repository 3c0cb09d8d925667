"""Worked examples of the civil scheme on both sides of every day, threshold and limit, by another way.

``python -m tests.contracts.kinds.civil_boundaries`` writes them beside the contract; a test holds the file to this.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from legalaid_sim.contracts.claimsfile.claims import Claim
from legalaid_sim.contracts.claimsfile.priced import in_pounds
from legalaid_sim.contracts.language.load import LIBRARY
from legalaid_sim.contracts.vocabulary.columns import COSTS, COUNTS
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from tests.contracts.kinds import civil_oracle as oracle

FILE = LIBRARY / "civil-scheme-boundaries.csv"
CLOSED = date(2026, 3, 1)
LAST_CHANGE = date(2025, 12, 22)
LIMITS = {"profit_at_most": "profit", "disbursements_at_most": "disbursements", "total_at_most": "profit"}
COLUMNS = (
    "record_id", "fee_code", "in_start_date", "in_concluded_date", "in_vat_registered", "in_london_rate",
    "in_net_profit_costs", "in_net_counsel_costs", "in_net_disbursements", "in_disbursement_vat",
    "in_prior_authority", "in_mediation_sessions", "in_n_home_office_interview", "in_n_cmrh_oral",
    "in_n_cmrh_telephone", "in_n_adjourned_hearing", "expected_scheme", "expected_total", "expected_escape",
    "expected_refusal",
)  # fmt: skip
Cells = dict[str, Any]


def amount(cell: Any) -> int:
    return int(Decimal(str(cell)) * 100)


def starts(row: Cells) -> date:
    return date.fromisoformat(str(row["starts"]))


def claim_for(row: Cells, opened: date, vat: bool | None = False, **more: Any) -> Claim:
    """A claim under the code of a row of the scheme's tables."""
    facts = MatterFacts("A", fee_code=row["fee_code"], region=row.get("region", ""))
    more.setdefault("counts", {"mediation_session": 2} if row.get("more_sessions") else {})
    return Claim(replace(facts, opened=opened, closed=CLOSED, **more), vat)


def days_around(row: Cells) -> list[date]:
    """The day before a version starts, its first day, its last, and the day after."""
    days = [starts(row) - timedelta(days=1), starts(row)]
    ends = date.fromisoformat(str(row["ends"])) if row.get("ends") else None
    return days + ([ends, ends + timedelta(days=1)] if ends else [])


def escaping(name: str, row: Cells, over: int) -> Cells:
    """Costs so many pence over the row's threshold, with all paid events happening twice."""
    if name == "discrimination_limit":
        return {"costs": {"counsel": amount(row["fees_at_most"]) + over}}
    paid = {kind: amount(row[kind]) for kind in oracle.EVENTS if row.get(kind)}
    measured = amount(row["escape_over"]) + over + 2 * sum(paid.values())
    if row["fee_code"] in oracle.HEARING_INSIDE:
        measured += amount(row["substantive_hearing"])
    return {"costs": {"profit": measured}, "counts": dict.fromkeys(paid, 2)}


def has_threshold(row: Cells) -> bool:
    return bool(row.get("escape_over") or row.get("fees_at_most"))


def rows() -> list[tuple[str, Cells]]:
    return [(name, row) for name, rows in oracle.tables().items() for row in rows]


def claims() -> Iterator[Claim]:
    """Every boundary of the scheme from both sides."""
    for name, row in rows():
        days = days_around(row) + [LAST_CHANGE] * (starts(row) < LAST_CHANGE)
        yield from (claim_for(row, day, vat=True, costs={"profit": 50_00}) for day in days)
        if has_threshold(row):
            yield from (claim_for(row, starts(row), **escaping(name, row, over)) for over in (0, 1))
        for column, heading in LIMITS.items():
            if row.get(column):
                yield from around_limit(row, heading, amount(row[column]))


def around_limit(row: Cells, heading: str, limit: int) -> Iterator[Claim]:
    for over, facts in ((0, {}), (1, {}), (1, {"prior_authority": True})):
        costs = {heading: limit + over}
        if heading == "disbursements":
            costs["disbursement_vat"] = limit
        yield claim_for(row, starts(row), costs=costs, facts=facts)


def as_row(at: int, claim: Claim) -> Cells:
    facts = claim.facts
    cells: Cells = {
        "record_id": f"B{at:04d}", "fee_code": facts.fee_code, "in_start_date": facts.opened,
        "in_concluded_date": facts.closed, "in_vat_registered": str(claim.vat_registered).lower(),
        "in_london_rate": {"london": "true", "elsewhere": "false"}.get(facts.region, ""),
        "in_prior_authority": "PA1" if facts.facts else "",
    }  # fmt: skip
    cells |= {column: in_pounds(facts.costs[name]) for column, name in COSTS.items() if name in facts.costs}
    cells |= {column: facts.counts[name] for column, name in COUNTS.items() if name in facts.counts}
    return cells | expected(claim)


def expected(claim: Claim) -> Cells:
    try:
        total, escape, scheme = oracle.answer(claim)
    except LookupError:
        return {"expected_refusal": "no-version"}
    return {
        "expected_scheme": scheme, "expected_total": in_pounds(total), "expected_escape": str(escape).lower(),
    }  # fmt: skip


def text() -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(as_row(at, claim) for at, claim in enumerate(claims(), start=1))
    return file.getvalue()


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
