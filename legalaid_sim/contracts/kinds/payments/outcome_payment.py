"""Pay for a result: part when the matter closes with it, the rest on proof that it has lasted."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Ceiling, PaymentBlock
from legalaid_sim.contracts.blocks.marking import PAID, TOLD, Unheard
from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.kinds.kind import Prospects
from legalaid_sim.contracts.kinds.payments.fees import reached
from legalaid_sim.contracts.kinds.payments.kind import PaymentKind
from legalaid_sim.contracts.tools.amounts import WHOLE, Rounded, millionths_of
from legalaid_sim.contracts.tools.checking import note, sums_to_100, under_one
from legalaid_sim.contracts.tools.compile_context import (
    CompileContext,
    PhaseStep,
    needed,
    percent_text,
    share,
)
from legalaid_sim.contracts.tools.page import Page, Placed
from legalaid_sim.contracts.tools.pricing_state import EXTRAS, PricingState, money
from legalaid_sim.contracts.tools.wording import at_percent, listed, said, words
from legalaid_sim.contracts.vocabulary.conditions import fact_getter, plain_name
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.contracts.vocabulary.values import Count, MoneyValue, Percent, Share, Terms
from legalaid_sim.contracts.vocabulary.wants import AnyOf, NeededKey, Wanted, wanted
from legalaid_sim.errors import Problem

ALL = Decimal(100)
NIL = Decimal(0)


class OutcomeTest(Terms):
    """The result that is paid for, how long it must last, and what proves it."""

    is_: str | tuple[str, ...] = Field(alias="is")
    lasts_months: Count = Field(default=0, le=600, description="months after closing when proof is due")
    evidence: str | None = None


class ShareAt(Terms):
    """How the amount is split between closing and proof that the result has lasted."""

    closing_percent: Share
    proof_percent: Share


class MostPer(Terms):
    """A ceiling on the block for a period, or for one client."""

    amount: MoneyValue
    per: Ceiling


class CaseMix(Terms):
    """Pay by how hard the case is, by a fact that says easy, usual or hard."""

    index: str
    easy_percent: Percent = ALL
    usual_percent: Percent = ALL
    hard_percent: Percent = ALL


class OutcomePayment(PaymentBlock):
    """Pay for a result, part at closing and part on proof that it lasted."""

    kind: Literal["outcome_payment"]
    outcome: OutcomeTest
    amount: MoneyValue
    share_at: ShareAt = ShareAt(closing_percent=ALL, proof_percent=NIL)
    at_most: MostPer | None = None
    case_mix: CaseMix | None = None

    @property
    def results(self) -> tuple[str, ...]:
        """The outcomes that are paid for."""
        return (self.outcome.is_,) if isinstance(self.outcome.is_, str) else self.outcome.is_


def price(block: OutcomePayment, context: CompileContext) -> Iterator[PhaseStep]:
    """Pay for a result: part when the matter closes with it, the rest once it has lasted."""
    amount, name = context.money(block.amount, block, "amount"), block.id
    results = block.results
    at_closing, on_proof = (
        millionths_of(part) for part in (block.share_at.closing_percent, block.share_at.proof_percent)
    )
    months = block.outcome.lasts_months

    def pay(case: PricingState) -> None:
        if case.facts.outcome not in results:
            case.tell(
                EXTRAS, name, None, f"outcome is '{case.facts.outcome}', pays for {' or '.join(results)}"
            )
            return
        pence = needed(amount.on(case.day(block.dated_by, name), case), name, "amount")
        mixed = share(pence, _case_mix(block, case), context.rounded)
        _pay_part(case, name, mixed, at_closing, "at closing", context.rounded)
        if lasted(case.facts) >= months:
            when = f"on proof that it lasted {months} month{'' if months == 1 else 's'}"
            _pay_part(case, name, mixed, on_proof, when, context.rounded)

    yield PhaseStep(EXTRAS, pay)


def lasted(facts: MatterFacts) -> int:
    """Give for how many whole months a result has been shown to last; -1 where nothing was shown."""
    months = facts.facts.get("lasted_months")
    return months if isinstance(months, int) else -1


def _pay_part(
    case: PricingState, name: str, pence: int, millionths: int, when: str, rounded: Rounded
) -> None:
    part = share(pence, millionths, rounded)
    case.pay(EXTRAS, name, part, "fees", "outcome")
    if case.trace is not None and part:
        case.tell(EXTRAS, name, part, f"{percent_text(millionths)} of {money(pence)} {when}")


def _case_mix(block: OutcomePayment, case: PricingState) -> int:
    if block.case_mix is None:
        return WHOLE
    hardness = fact_getter(block.case_mix.index)(case)
    found = {
        "easy": block.case_mix.easy_percent,
        "hard": block.case_mix.hard_percent,
    }.get(str(hardness), block.case_mix.usual_percent)
    return millionths_of(found)


def say(block: Any, contract: Named) -> Iterator[str]:
    """Say what it pays."""
    months = block.outcome.lasts_months
    # What is due at closing is only read where something waits; else it is told as any other key.
    closing = block.share_at.closing_percent if months else None
    lasting = f"it has lasted {months} month{'' if months == 1 else 's'}"
    waits = f" and {lasting}" if months and not closing else ""
    yield f"{said(block.amount, contract)} when the outcome is {listed(map(words, block.results), 'or')}{waits}"
    if months and closing:
        yield f"{at_percent(closing)} of it at closing, the rest on proof that {lasting}"
    if block.case_mix is not None:
        mix = block.case_mix
        shares = [at_percent(p) for p in (mix.easy_percent, mix.usual_percent, mix.hard_percent)]
        yield f"{shares[0]} of it for easy cases, {shares[1]} for usual and {shares[2]} for hard ones"
    if block.at_most is not None:
        yield f"at most {said(block.at_most.amount, contract)} per {words(block.at_most.per)}"


def parts(block: OutcomePayment) -> Iterator[NeededKey]:
    """Give what its keys need."""
    if block.case_mix is not None:
        yield "case_mix", wanted(block.case_mix.index)


def circumstances(block: OutcomePayment) -> Iterator[dict[str, Any]]:
    """Give facts that it tells apart."""
    results = (block.outcome.is_,) if isinstance(block.outcome.is_, str) else block.outcome.is_
    lasts = block.outcome.lasts_months
    for result in results:
        yield {"outcome": result}
        lasted = {"outcome": result, "lasted_months": lasts}
        if lasts:
            yield from (lasted, {**lasted, "lasted_months": lasts - 1})
        if block.case_mix is not None:
            hardness = plain_name(block.case_mix.index)
            yield from ({**lasted, hardness: found} for found in ("easy", "hard"))


def _unproved(page: Page, placed: Placed) -> Iterator[Problem]:
    """Find results that must last where no pay waits for the proof, and pay that waits for a proof that never comes."""
    months, waits = placed.block.outcome.lasts_months, placed.block.share_at.proof_percent
    if months and not waits:
        message = (
            f"the result must last {months} months, and all of it is paid at closing, before that is known"
        )
        remedy = "write share_at: {closing_percent: 0, proof_percent: 100}, or leave lasts_months out"
        yield page.problem("CP310", message, (*placed.path, "outcome", "lasts_months"), help=remedy)
    elif waits and not months:
        message = f"{waits} percent waits for the proof of a result that need not last: it is never paid"
        remedy = "say how long it must last: outcome: {is: ..., lasts_months: 6}"
        yield page.problem("CP310", message, (*placed.path, "share_at", "proof_percent"), help=remedy)


def _outcome_shares(page: Page, placed: Placed) -> Iterator[Problem]:
    if "share_at" in placed.written:
        share = placed.block.share_at
        yield from sums_to_100(page, (*placed.path, "share_at"), (share.closing_percent, share.proof_percent))


def _ceiling(page: Page, placed: Placed) -> Iterator[Problem]:
    yield from _mixed_up(page, placed)
    if placed.block.at_most is not None:
        path, most = (*placed.path, "at_most", "amount"), placed.block.at_most
        yield from under_one(page, path, most.amount, placed, most.per)


def _mixed_up(page: Page, placed: Placed) -> Iterator[Problem]:
    mix = placed.block.case_mix
    if mix is not None and mix.hard_percent < mix.easy_percent:
        message = f"a hard case earns {mix.hard_percent} percent, an easy one {mix.easy_percent}: the harder, the less"
        yield page.problem("CP324", message, (*placed.path, "case_mix"), at_key=True)


def _easy_cases(page: Page, placed: Placed, outlook: Prospects) -> Iterator[Problem]:
    mix = placed.block.case_mix
    graded = mix is not None and mix.easy_percent < mix.hard_percent
    if not graded and outlook.applies(placed.block):
        message = f"'{placed.id}' pays for a result without any work and however easy: it favours easy cases"
        yield note(page, "CI205", message, (*placed.path, "id"))


def needs(block: OutcomePayment) -> Iterator[AnyOf]:
    """A result that it pays for."""
    yield (Wanted("fact", "outcome", block.results),)


KIND = PaymentKind(
    model=OutcomePayment,
    say=say,
    marks={
        "OutcomePayment": {PAID: "outcome amount share_at at_most case_mix"},
        "OutcomeTest": {PAID: "is_ lasts_months", TOLD: "evidence"},
        "ShareAt": {PAID: "closing_percent proof_percent"},
        "MostPer": {PAID: "amount per"},
        "CaseMix": {PAID: "index easy_percent usual_percent hard_percent"},
    },
    unheard={
        "OutcomeTest": (
            Unheard("evidence", "that a result has lasted is shown by lasts_months and share_at"),
        )
    },
    price=price,
    beside=True,
    for_a_matter=True,
    curve=lambda block: (reached,),
    facts_read=lambda block: (block.case_mix.index,) if block.case_mix else (),
    needs=needs,
    parts=parts,
    circumstances=circumstances,
    checks=(_outcome_shares, _ceiling),
    sound=(_unproved,),
    notes=_easy_cases,
)
