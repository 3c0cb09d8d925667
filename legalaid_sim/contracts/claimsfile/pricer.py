"""Pricing a book of claims under one contract: claims in, rows out, and receipts that say why."""

import re
from collections.abc import Iterable
from datetime import timedelta
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from legalaid_sim.contracts.blocks.common import PaymentBlock
from legalaid_sim.contracts.claimsfile.cells import USUAL_FORMS, Forms
from legalaid_sim.contracts.claimsfile.claims import MISSING_INPUT, Claim, ClaimRow, Header
from legalaid_sim.contracts.claimsfile.priced import (
    OUTSIDE_TERM,
    PricedClaim,
    PricingTally,
    price_file,
    written_whole,
)
from legalaid_sim.contracts.kinds.registry import PAYMENTS
from legalaid_sim.contracts.language.load import load_terms
from legalaid_sim.contracts.pricing.paying import Paying
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.tools.pricing_state import TOTAL_LIMIT, LineEntry, PricingState
from legalaid_sim.contracts.vocabulary.columns import COSTS, COUNTS, MINUTES
from legalaid_sim.contracts.vocabulary.conditions import any_of
from legalaid_sim.contracts.vocabulary.facts import ProviderFacts
from legalaid_sim.errors import Refusal, ResultsError
from legalaid_sim.units import add_up

NOT_COVERED, ESCAPE = "not-covered", "escape"
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST_NAME = 80
LONGEST_CODE = 20
MOST_SUGGESTIONS = 1000


class Pricer:
    """Prices claims under a compiled contract.

    A claim says itself whether its provider bears VAT, and its region; nothing is supposed where it does not.
    A claim that does not say is refused only where the answer would change its price.
    """

    def __init__(self, terms: CompiledTerms) -> None:
        self.terms = terms
        self.registered = ProviderFacts(region="", vat_registered=True)
        self.unregistered = ProviderFacts(region="", vat_registered=False)
        self.codes = codes_of(terms.contract)
        self.meant: dict[str, str] = {}
        self.unmeasured = 0

    def price(self, claim: Claim) -> PricedClaim:
        """Price one claim.

        Raises:
            Refusal: the contract cannot price it, with the rule that stands in the way; or it pays by costs, time
                or counts that the claim does not give.
        """
        case, active = self._run(claim)
        if claim.vat_registered is None:
            refuse_untold_tax(case.entries)
        self.unmeasured += any(is_unmeasured(block.block, claim.inputs) for block in active)
        flags = (*case.flags, OUTSIDE_TERM) if self.outside_term(claim) else tuple(case.flags)
        return summed(case.entries, flags, self.terms.scheme_of(case, active))

    def _run(self, claim: Claim) -> tuple[PricingState, tuple[Paying, ...]]:
        provider = self.unregistered if claim.vat_registered is False else self.registered
        case = PricingState(claim.facts, provider, self.terms.starts)
        try:
            active = self.terms.run(case)
            refuse_unpaid(self.terms, case, active)
            refuse_unfed(active, claim.inputs)
        except Refusal as refusal:
            raise self._with_suggestion(refusal, claim.facts.fee_code) from None
        return case, active

    def outside_term(self, claim: Claim) -> bool:
        """Tell whether a case was opened before the contract's term or past it; a day that is not said lies in it."""
        opened = claim.facts.opened
        return opened is not None and not self.terms.starts <= opened < self.terms.ends

    @property
    def term_in_words(self) -> str:
        """Say from when to when the contract runs, for a case that it is no contract for."""
        last = self.terms.ends - timedelta(days=1)
        return f"{OUTSIDE_TERM}: the contract runs from {self.terms.starts} to {last}"

    def receipt(self, claim: Claim) -> str:
        """Write the receipt of one claim as text; a refusal stands in it."""
        provider = self.registered if claim.vat_registered else self.unregistered
        text = self.terms.receipt(claim.facts, provider).as_text()
        return f"{text}{self.term_in_words}\n" if self.outside_term(claim) else text

    def price_file(
        self, claims: Path, out: Path, receipts: Path | None = None, forms: Forms = USUAL_FORMS
    ) -> PricingTally:
        """Price a file of claims into another, with a receipt for each claim where a folder is given.

        Raises:
            InputError: the claims cannot be read.
            ResultsError: the prices or receipts cannot be written.
        """
        keep = None
        if receipts is not None:
            make_folder(receipts)
            keep = partial(self._keep, receipts)
        self.unmeasured = 0
        tally = price_file(claims, out, self.price, keep, forms)
        tally.unmeasured = self.unmeasured
        return tally

    def _keep(self, folder: Path, header: Header, row: ClaimRow) -> None:
        try:
            claim = header.claim(row)
            self._run(claim)
            text = self.receipt(claim)
        except Refusal as refusal:
            text = f"refused: {refusal}\n"
        with written_whole(folder / receipt_name(row)) as target:
            target.write(text)

    def _with_suggestion(self, refusal: Refusal, code: str) -> Refusal:
        near = self._meant(code) if refusal.code == NOT_COVERED else ""
        return Refusal(refusal.code, refusal.rule, f"{refusal.why}; is {near} meant?") if near else refusal

    def _meant(self, code: str) -> str:
        if code not in self.meant and len(self.meant) < MOST_SUGGESTIONS and len(code) <= LONGEST_CODE:
            self.meant[code] = next(iter(get_close_matches(code.upper(), self.codes, n=1)), "")
        return self.meant.get(code, "")


COLUMNS = {
    f"{group}.{name}": tuple(column for column, same in columns.items() if same == name)
    for group, columns in (("costs", COSTS), ("minutes", MINUTES), ("counts", COUNTS))
    for name in columns.values()
}
FEES, BOLT_ONS, EXTRAS, LIMITED, TAX, DISBURSEMENTS, DISBURSEMENT_TAX = range(7)
COLUMN_OF = {
    "bolt_ons": BOLT_ONS,
    "extras": EXTRAS,
    "tax": TAX,
    "disbursements": DISBURSEMENTS,
    "disbursement_tax": DISBURSEMENT_TAX,
}


def summed(entries: Iterable[LineEntry], flags: tuple[str, ...], scheme: str) -> PricedClaim:
    """Sum the entries of a claim by kind of line; what a total limit takes off stands apart."""
    sums = [0] * 7
    for phase, _, pence, kind, _ in entries:
        sums[LIMITED if phase == TOTAL_LIMIT else COLUMN_OF.get(kind, FEES)] += pence
    return PricedClaim(add_up(sums), ESCAPE in flags, scheme, tuple(sums), flags)


def refuse_unpaid(terms: CompiledTerms, case: PricingState, active: Iterable[Paying]) -> None:
    """Refuse a claim that no payment for a matter is about, with what the first of them asks for and does not find."""
    if case.entries or not terms.has_base or any(block.is_base or block.pays_some() for block in active):
        return
    first = next(block for block in terms.payments if block.is_base)
    raise Refusal(
        NOT_COVERED, terms.name, f"no payment is for this claim; of {first.id}: {first.reason(case)}"
    )


def refuse_unfed(active: Iterable[Paying], inputs: frozenset[str] | None) -> None:
    """Refuse a claim that is paid by costs, time or counts for none of which its file has a column."""
    if inputs is None:
        return
    for block in active:
        needed = inputs_needed(block.block)
        if needed and inputs.isdisjoint(needed):
            columns = [column for name in needed for column in COLUMNS.get(name, ())]
            why = f"'{block.id}' pays by what no column gives"
            raise Refusal(
                MISSING_INPUT, columns[0] if columns else block.id, f"{why}: {any_of(columns or needed)}"
            )


def inputs_needed(block: Any) -> list[str]:
    """Name the costs, minutes and counts of which one at least is needed for a block to pay by anything."""
    return PAYMENTS[block.kind].inputs(block) if isinstance(block, PaymentBlock) else []


def is_unmeasured(block: Any, inputs: frozenset[str] | None) -> bool:
    """Tell whether a fee has an escape, and no column of the file measures it."""
    escape = getattr(block, "escape", None)
    if escape is None or inputs is None:
        return False
    headings = escape.measured_on
    return inputs.isdisjoint(f"{group}.{heading}" for group in ("costs", "minutes") for heading in headings)


def refuse_untold_tax(entries: Iterable[LineEntry]) -> None:
    """Refuse a claim that bears tax where it is not said whether its provider charges any."""
    if any(entry.kind == "tax" for entry in entries):
        why = "it is not said whether the provider is registered for VAT, and the fee would bear it"
        raise Refusal(MISSING_INPUT, "in_vat_registered", why)


def codes_of(contract: Contract) -> tuple[str, ...]:
    """List the fee codes that a contract's payments name."""
    named = [block.applies_to.get("fee_code", ()) for block in contract.payments]
    return tuple(str(code) for codes in named for code in (codes if isinstance(codes, tuple) else (codes,)))


def make_folder(path: Path) -> None:
    """Make a folder for receipts, or use the one that is there.

    Raises:
        ResultsError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultsError(str(path), f"no folder can be made there: {error.strerror}") from None


def receipt_name(row: ClaimRow) -> str:
    """Name the file of a receipt by the claim's line and id, without anything that a file system would mind.

    >>> receipt_name(ClaimRow("../A 1", 7, []))
    '0000007-.._A_1.txt'
    """
    return f"{row.line:07d}-{UNSAFE.sub('_', row.claim_id)[:LONGEST_NAME]}.txt"


def open_pricer(contract: str) -> Pricer:
    """Load a contract by library name or file and make ready to price claims under it.

    Raises:
        ContractError: the contract has errors, or there is none of that name.
    """
    return Pricer(load_terms(contract))
