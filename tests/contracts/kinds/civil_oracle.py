"""The civil scheme worked out another way: a calculator for each category, as the payer's own code cuts it.

It shares nothing with the pricing of contracts but the tables of amounts, so that the two check each other.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any, NamedTuple

from legalaid_sim.contracts.claimsfile.claims import Claim
from legalaid_sim.contracts.language.load import load_contract

VAT = Decimal("0.20")
FIXED = {"standard_fees", "family_fees", "mental_health_fees", "immigration_fees", "mediation_assessments"}
HEARING_INSIDE = {"IACB", "IACC", "IACF", "IMCB", "IMCC", "IMCF"}
INTERIM = {"IACD", "IMCD"}
EVENTS = ("home_office_interview", "cmrh_oral", "cmrh_telephone", "adjourned_hearing")
Cells = dict[str, Any]


class Answer(NamedTuple):
    total: int
    escape: bool
    scheme: str


@cache
def tables() -> dict[str, list[Cells]]:
    contract = load_contract("civil-scheme")
    return {
        name: [dict(zip(table.columns or (), row)) for row in table.rows]
        for name, table in contract.tables.items()
    }


@cache
def rows_of(code: str) -> tuple[str, list[Cells]]:
    for name, rows in tables().items():
        found = [row for row in rows if row["fee_code"] == code]
        if found:
            return name, found
    raise LookupError(code)


def codes() -> list[str]:
    return sorted({row["fee_code"] for rows in tables().values() for row in rows})


def day(cell: Any, otherwise: date) -> date:
    return date.fromisoformat(str(cell)) if cell else otherwise


def row_in_force(claim: Claim) -> tuple[str, Cells]:
    name, rows = rows_of(claim.facts.fee_code)
    opened = claim.facts.opened
    assert opened
    fits = [
        row
        for row in rows
        if day(row["starts"], date.min) <= opened <= day(row.get("ends"), date.max)
        and row.get("region", claim.facts.region) == claim.facts.region
    ]
    if not fits:
        raise LookupError(claim.facts.fee_code)
    return name, max(fits, key=lambda row: str(row["starts"]))


def answer(claim: Claim) -> Answer:
    name, row = row_in_force(claim)
    facts, code = claim.facts, claim.facts.fee_code

    def cost(heading: str) -> Decimal:
        return Decimal(facts.costs.get(heading, 0)) / 100

    def cell(column: str) -> Decimal:
        return Decimal(str(row.get(column) or 0))

    def capped(amount: Decimal, column: str, lifted: bool) -> Decimal:
        return amount if lifted or not row.get(column) else min(amount, cell(column))

    authority = "prior_authority" in facts.facts
    bolt_ons = sum((facts.counts.get(kind, 0) * cell(kind) for kind in EVENTS), Decimal(0))
    extras = cost("jr_form_filling") + cost("detention_travel_waiting")
    paid_out = cost("disbursements")
    allowed = capped(paid_out, "disbursements_at_most", authority)
    basis, escape, limited = allowed, False, None
    fee = Decimal(0)
    match name:
        case fixed if fixed in FIXED:
            fee = cell("fee")
            measured = cost("profit")
            if name == "mental_health_fees" or (name == "immigration_fees" and code not in {"IALB", "IMLB"}):
                measured += cost("counsel")
            measured -= bolt_ons + (cell("substantive_hearing") if code in HEARING_INSIDE else 0)
            escape = row.get("escape_over") is not None and measured > cell("escape_over")
            extras = extras if name == "immigration_fees" else Decimal(0)
        case "mediations":
            fee = cell("one_session" if facts.counts["mediation_session"] == 1 else "more_sessions")
            extras = Decimal(0)
        case "discrimination_limit":
            fee, extras = cost("profit") + cost("counsel") + cost("travel_and_waiting"), Decimal(0)
            escape = fee > cell("fees_at_most")
            fee = min(fee, cell("fees_at_most"))
        case "immigration_hourly" | "immigration_interim":
            extras, basis = Decimal(0), paid_out
            if code in {"IAXL", "IMXL", "IA100"}:
                fee = capped(cost("profit"), "profit_at_most", authority)
            else:
                fee = cost("profit") + cost("counsel")
            hearing = cell("substantive_hearing") if facts.counts.get("substantive_hearing") else 0
            bolt_ons = bolt_ons + hearing if code in INTERIM else Decimal(0)
            limited = capped(fee + allowed, "total_at_most", authority and code != "IA100")
        case _:
            bolt_ons = extras = Decimal(0)
    vat = penny((fee + bolt_ons + extras) * VAT) if claim.vat_registered else Decimal(0)
    vat_back = cost("disbursement_vat")
    if code not in {"EDUFIN", "EDUDIS"}:
        vat_back = min(vat_back, penny(basis * VAT))
    total = (fee + allowed if limited is None else limited) + bolt_ons + extras + vat + vat_back
    return Answer(int(total * 100), escape, str(row["scheme"]))


def penny(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
