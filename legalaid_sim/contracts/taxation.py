"""Phase 9: tax on what is paid, and tax given back on what was paid out."""

from legalaid_sim.contracts.amounts import (
    WHOLE,
    millionths_of,
)
from legalaid_sim.contracts.case import (
    TAX,
    Case,
    money,
)
from legalaid_sim.contracts.schema.rules import Tax
from legalaid_sim.contracts.workshop import Run, Workshop, percent_text


def tax(block: Tax, untaxed: dict[str, frozenset[int]], claimed_basis: frozenset[str], shop: Workshop) -> Run:
    """Add tax on named kinds of line, and give back the tax on what was paid out.

    ``untaxed`` names, for payments whose tax comes before a limit, the phases of limits that the tax does not
    see; ``claimed_basis`` the disbursement blocks whose tax follows what was claimed.
    """
    rate = shop.library.lookup(block.rate_percent, millionths_of, f"{block.id}.rate_percent")
    kinds, spared, name, dated_by = frozenset(block.on), frozenset(block.not_on), block.id, block.dated_by
    out_name, out_rule = (name if not kinds else f"disbursement_{name}"), block.paid_out.disbursements
    rounded = shop.rounded

    def on_lines(case: Case) -> None:
        base = 0
        for entry in case.entries:
            if (
                entry.kind in kinds
                and entry.block not in spared
                and (entry.phase not in untaxed.get(entry.block, NOTHING))
            ):
                base += entry.pence
        if not base:
            return
        day = case.day(dated_by, name)
        millionths = rate.on(day, case) or 0
        pence = rounded(base * millionths, WHOLE)
        case.pay(TAX, name, pence, "tax", "tax")
        if case.trace is not None:
            how = f"{percent_text(millionths)} of {money(base)} (rate of {rate.version(day, case)}, "
            how += f"picked by {dated_by} {day})"
            case.tell(TAX, name, pence, how, {"taxed": money(base)}, rate.version(day, case), dated_by)

    def on_paid_out(case: Case) -> None:
        claimed = case.facts.costs.get("disbursement_vat", 0)
        if not claimed:
            return
        day, pence, most = case.day(dated_by, name), claimed, None
        if out_rule == "claimed_up_to_rate":
            base = _paid_out(case, untaxed, claimed_basis)
            most = rounded(base * (rate.on(day, case) or 0), WHOLE)
            pence = min(claimed, most)
        case.pay(TAX, out_name, pence, "disbursement_tax", "disbursement_tax")
        if case.trace is not None:
            limit = "" if most is None else f", at most {money(most)}"
            case.tell(
                TAX, out_name, pence, f"{money(claimed)} claimed{limit}", {"claimed": money(claimed)},
                rate.version(day, case), dated_by,
            )  # fmt: skip

    def run(case: Case) -> None:
        if kinds:
            on_lines(case)
        if out_rule != "none":
            on_paid_out(case)

    return run


NOTHING: frozenset[int] = frozenset()


def _paid_out(case: Case, untaxed: dict[str, frozenset[int]], claimed_basis: frozenset[str]) -> int:
    return sum(
        entry.pence
        for entry in case.entries
        if entry.kind == "disbursements"
        and (entry.pence > 0 or entry.block not in claimed_basis)
        and entry.phase not in untaxed.get(entry.block, NOTHING)
    )
