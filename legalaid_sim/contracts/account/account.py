"""The account of one organisation under one contract: what has happened, and what the contract answers to it.

Entitlement is posted as lines; cash rules decide payments; ``earned`` is always ``paid`` plus what is
outstanding.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from math import fsum
from typing import Any

from legalaid_sim.contracts.account.admission import Admission
from legalaid_sim.contracts.account.cashbook import Cashbook
from legalaid_sim.contracts.account.ceilings import Ceilings
from legalaid_sim.contracts.account.contract_events import ANSWERS
from legalaid_sim.contracts.account.duties import burdens
from legalaid_sim.contracts.account.made import Made
from legalaid_sim.contracts.account.purses import Purses
from legalaid_sim.contracts.account.standing import PaymentStanding, assessment_of
from legalaid_sim.contracts.account.stewardship import stewards
from legalaid_sim.contracts.account.watch import Watch
from legalaid_sim.contracts.kinds.controls.audit import AuditWatch
from legalaid_sim.contracts.kinds.controls.kind import WatchedTarget
from legalaid_sim.contracts.kinds.duties.kind import OnEvents
from legalaid_sim.contracts.kinds.payments.disbursements import Disbursements
from legalaid_sim.contracts.kinds.payments.monthly import Monthly
from legalaid_sim.contracts.kinds.payments.outcome_payment import OutcomePayment
from legalaid_sim.contracts.kinds.payments.triage import CallFee, Triage
from legalaid_sim.contracts.kinds.registry import DUTIES, PAYMENTS, TAXES
from legalaid_sim.contracts.kinds.taxes.kind import SESSIONS
from legalaid_sim.contracts.pricing.incentive import CurveKey, pay_curve, raised
from legalaid_sim.contracts.pricing.receipts import Receipt
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.amounts import next_month, period_start
from legalaid_sim.contracts.tools.pricing_state import TAX, PricingState
from legalaid_sim.contracts.vocabulary.conditions import compile_conditions, hold
from legalaid_sim.contracts.vocabulary.facts import (
    EMPTY,
    Burden,
    CashPayment,
    Line,
    MatterFacts,
    PeriodFacts,
    Permission,
    ProviderFacts,
    Segment,
    Settlement,
    whose,
)
from legalaid_sim.contracts.vocabulary.words import EVENTS
from legalaid_sim.units import add_up

EARLY = frozenset({"on_open", "on_stage", "on_event"})
LATE = frozenset({"on_outcome"})
COUNTED_AT = {"matters_closed": "closed", "matters_opened": "opened"}


class Account:
    """One organisation's account: mutable, and asked in order of time."""

    def __init__(
        self, terms: CompiledTerms, provider: ProviderFacts, starts: date, year_from: date | None = None
    ) -> None:
        self.terms, self.provider, self.starts = terms, provider, starts
        self.year_from = year_from or terms.starts
        made = (provider, self.year_from, terms.library)
        self.cashbook = Cashbook(terms, provider, starts, self.year_from)
        self.ceilings = Ceilings(terms, made, self.year_from)
        self.purses = Purses(terms, provider, self.year_from)
        self.admission = Admission(terms, provider, made, self.ceilings, self.purses)
        self.watch = Watch(terms, made, starts, self.year_from)
        self._read_duties(made)
        self._read_payments(made)
        self.claimed_on: dict[str, date] = {}
        self.given: dict[str, dict[tuple[int, str], int]] = {}
        self.taken: dict[str, int] = {}
        self.places: dict[tuple[str, date], int] = {}
        self.standing = PaymentStanding(terms.contract)
        self._curves: dict[Any, tuple[Segment, ...]] = {}

    def _read_duties(self, made: Made) -> None:
        blocks = self.terms.contract.duties
        self.returns = [rule(block, *made) for block in blocks if (rule := DUTIES[block.kind].by_month)]
        self.duties: dict[str, list[OnEvents]] = {}
        for block in blocks:
            if falls := DUTIES[block.kind].on_events:
                self.duties.setdefault(block.falls_on, []).append(falls(block, *made))
        # Nothing else is asked for, or counted, at each stretch of work.
        self.follows_work = "work_done" in self.duties or bool(self.terms.budgets)

    def _read_payments(self, made: Made) -> None:
        blocks, rounded = self.terms.contract.payments, self.terms.rounded
        self.monthly: list[Monthly] = [
            monthly(block, *made, rounded)
            for block in blocks
            if (monthly := PAYMENTS[block.kind].monthly) is not None
        ]
        self.stewards = stewards(blocks, *made, rounded)
        self.calls = [CallFee(block, *made) for block in blocks if isinstance(block, Triage)]
        self.in_stages = tuple(
            block.stage_claims for block in blocks if isinstance(block, Disbursements) and block.stage_claims
        )
        earned = {block.earned for block in self.terms.payments}
        self.early = bool(earned & EARLY)
        self.remembers = self.early or bool(earned & LATE) or bool(self.in_stages) or bool(self.proofs)

    @cached_property
    def proofs(self) -> tuple[int, ...]:
        """Give the months after which a result that still stands is proved to a payment, each once, rising."""
        blocks = (block for block in self.terms.contract.payments if isinstance(block, OutcomePayment))
        return tuple(sorted({block.outcome.lasts_months for block in blocks if block.share_at.proof_percent}))

    # what is owned by a part of the account -----------------------------------------------------------------

    @property
    def earned(self) -> int:
        """Pence earned so far."""
        return self.cashbook.earned

    @property
    def paid(self) -> int:
        """Pence paid so far."""
        return self.cashbook.paid

    @property
    def kpis(self) -> list[WatchedTarget]:
        """Targets that are watched."""
        return self.watch.kpis

    @property
    def audits(self) -> list[AuditWatch]:
        """Audits that are held."""
        return self.watch.audits

    @property
    def authorities(self) -> dict[str, Any]:
        """Limits that may be passed with leave, by id."""
        return self.admission.authorities

    @property
    def unforeseen(self) -> tuple[str, ...]:
        """Name the level payments that open at a twelfth of expected claims of which nobody says anything."""
        return self.cashbook.unforeseen

    def covers(self, facts: MatterFacts) -> bool:
        """Tell whether the contract is about matters of this kind at all."""
        return self.admission.covers(facts)

    def may_open(self, facts: MatterFacts, on: date) -> Permission:
        """Say whether a matter may be opened on a day; changes nothing."""
        return self.admission.may_open(facts, on)

    def rank(self, facts: MatterFacts) -> int:
        """Give the place of a matter in the order of who is taken first: 0, then 1; 0 for all where nothing is said."""
        return self.admission.rank(facts)

    def must_accept(self, facts: MatterFacts) -> bool:
        """Tell whether a capitation block forbids turning this matter away."""
        return self.admission.must_accept(facts)

    def cash_ahead(self, on: date) -> tuple[CashPayment, ...]:
        """Decide what is paid on the first day of all: advances for the months that it falls into."""
        return self.cashbook.ahead(on)

    def cash_due(self, on: date) -> tuple[CashPayment, ...]:
        """Decide the payments at a month's end, with the days on which they move."""
        return self.cashbook.due(on)

    def outstanding(self) -> int:
        """Give the entitlement not paid yet, in pence; less than nothing where payments have run ahead."""
        return self.cashbook.outstanding()

    def stop(self) -> None:
        """Let the contract be over: nothing is paid ahead or on account, what was earned is still paid."""
        self.cashbook.over = True

    def not_paid(self, payment: CashPayment) -> None:
        """Undo an advance that was decided, and not paid because the contract was over before its day."""
        self.cashbook.not_paid(payment)

    def settle_up(self, on: date) -> tuple[CashPayment, ...] | None:
        """Take back what an ended contract has paid beyond what was earned, once it owes nothing; None until then."""
        return self.cashbook.settle_up(on)

    # the life of a matter -----------------------------------------------------------------------------------

    def opened(self, facts: MatterFacts, on: date) -> Settlement:
        """Count a matter start, and give what opening earns and asks for."""
        self.admission.opened(facts, on)
        rules = self.duties.get("matter_opened")
        asked = burdens(rules, facts, on) if rules else ()
        asked += tuple(self.purses.opened(facts, on)) if self.terms.budgets else ()
        if self.terms.ranked:
            self.ranks(facts, on, "opened")
        if not self.early:
            return Settlement((), asked) if asked else EMPTY
        return self.settle(facts, on, "opened", asked)

    def closed(self, facts: MatterFacts, on: date) -> Settlement:
        """Give what a closed matter earns beyond what it earned before, its flags, and its duties."""
        rules = self.duties.get("matter_closed")
        asked = burdens(rules, facts, on) if rules else ()
        return self.settle(facts, on, "closed", asked)

    def settle(self, facts: MatterFacts, on: date, moment: str, asked: tuple[Burden, ...]) -> Settlement:
        """Price a matter at a moment of its life, and post what it earns beyond what it earned before."""
        case = PricingState(facts, self.provider, self.terms.starts, on, self.ranks(facts, on, moment))
        self.terms.run(case, moment)
        lines = tuple([Line(phase, block, pence) for phase, block, pence, _, _ in case.entries])
        if self.remembers:
            lines = self.beyond_given(facts.ref, lines)
        self.purses.draw(case, on)
        flags = tuple(case.flags)
        if self.ceilings:
            lines, more = self.ceilings.hold(lines, on, whose(facts), case)
            flags += more
        self.cashbook.enter(lines, on)
        self.standing.given(facts.ref, lines)
        if moment == "closed":
            for audit in self.audits:
                audit.claimed(facts.ref, add_up(line.pence for line in lines))
            asked += self._assessment(case, on) if flags else ()
        return Settlement(lines, asked, flags, self.purses.top_up(case))

    def ranks(self, facts: MatterFacts, on: date, moment: str) -> dict[str, int]:
        """Give the place of a matter in each volume that is about it, and what others spent of its client's budgets."""
        ranks: dict[str, int] = {}
        for paying in self.terms.ranked:
            key = f"{paying.id}/{facts.ref}"
            counted_at = COUNTED_AT[paying.block.counts]  # type: ignore[attr-defined]
            if key not in self.taken and moment == counted_at and paying.applies(self._case(facts, on)):
                place = (paying.id, period_start(paying.block.per, on, self.year_from))  # type: ignore[attr-defined]
                self.places[place] = self.taken[key] = self.places.get(place, 0) + 1
            ranks[paying.id] = self.taken.get(key, 1)
        return ranks | self.purses.ranks(facts, on) if self.terms.budgets else ranks

    def _case(self, facts: MatterFacts, on: date) -> PricingState:
        return PricingState(facts, self.provider, self.terms.starts, on)

    def beyond_given(self, ref: str, lines: Iterable[Line]) -> tuple[Line, ...]:
        """Give what lines come to beyond what the matter was given before, and remember them."""
        before = self.given.get(ref, {})
        now: dict[tuple[int, str], int] = {}
        for phase, block, pence in lines:
            now[phase, block] = now.get((phase, block), 0) + pence
        self.given[ref] = now
        keys = [*now, *(key for key in before if key not in now)]
        changes = ((key, now.get(key, 0) - before.get(key, 0)) for key in keys)
        return tuple(Line(phase, block, pence) for (phase, block), pence in changes if pence)

    def _assessment(self, case: PricingState, on: date) -> tuple[Burden, ...]:
        found = ((block.id, assessment_of(block)) for block in self.standing.escaped(case, on))
        return tuple(Burden(name, terms.minutes, 0, on) for name, terms in found if terms and terms.minutes)

    def later(self, ref: str, lines: tuple[Line, ...], on: date) -> None:
        """Enter what a matter is given, or gives back, after its claim; audits look at what is left."""
        self.cashbook.enter(lines, on)
        self.standing.given(ref, lines)
        for audit in self.audits if lines else ():
            audit.amended(ref, add_up(line.pence for line in lines))

    # events -------------------------------------------------------------------------------------------------

    def event(self, kind: str, facts: MatterFacts, on: date, **details: Any) -> Settlement:
        """Answer an event of a matter's life, or of the contract's.

        ``stage_reached`` (stage), ``event_happened`` (event), ``outcome_recorded`` (outcome, lasted_months),
        ``call_answered`` (answered_after, result), ``claim_assessed`` (u), ``authority_asked`` (authority,
        requested, u), ``audit_held`` (audit, u, appeals), ``return_late`` (clause), ``duty_missed`` (clause),
        ``first_contact``, ``work_done``. What a matter has reached is written into its facts. Chance is given
        as ``u``; a contract draws none.
        """
        if kind not in EVENTS:
            raise LookupError(f"no event '{kind}' stands in the vocabulary")
        if kind == "work_done":
            self.purses.worked(facts, on)
        if (answer := ANSWERS.get(kind)) is not None:
            return answer(self, facts, on, details)
        rules = self.duties.get(kind)
        return Settlement((), burdens(rules, facts, on)) if rules else EMPTY

    def running(self, kind: str, facts: MatterFacts, on: date) -> Settlement:
        """Answer an event of an open matter: what it earns so far, what it asks for."""
        rules = self.duties.get(kind)
        asked = burdens(rules, facts, on) if rules else ()
        if not self.early:
            return Settlement((), asked) if asked else EMPTY
        return self.settle(facts, on, "claimed" if facts.ref in self.claimed_on else "running", asked)

    def settle_again(self, facts: MatterFacts, on: date, asked: tuple[Burden, ...]) -> Settlement:
        """Price a closed matter again, and give what has changed."""
        case = PricingState(
            facts, self.provider, self.terms.starts, facts.closed, self.ranks(facts, on, "again")
        )
        self.terms.run(case)
        lines = self.beyond_given(facts.ref, (Line(*entry[:3]) for entry in case.entries))
        lines, flags = self.ceilings.hold(lines, on, whose(facts), case)
        self.later(facts.ref, lines, on)
        return Settlement(lines, asked, flags)

    def laid_out(self, facts: MatterFacts, kind: str, net: int, vat: int, units: int | None) -> None:
        """Enter pence paid out for the client: under its kind where a block has terms for it, else in the one sum."""
        heading = kind if kind in self.terms.kinds_of_outlay else "disbursements"
        facts.costs[heading] = facts.costs.get(heading, 0) + net
        facts.costs["disbursement_vat"] = facts.costs.get("disbursement_vat", 0) + vat
        if units is not None:
            facts.counts[heading] = facts.counts.get(heading, 0) + units

    # months -------------------------------------------------------------------------------------------------

    def month_ended(self, period: PeriodFacts) -> Settlement:
        """Give what a month's end earns and asks for: grants, floors, targets, returns, sanctions."""
        on, envelopes = period.last, self.ceilings.envelopes
        self.purses.let_back(on)
        lines = [line for block in self.monthly for line in block.ended(period)]
        # A share of these lines is passed on, ceilings hold them all, and targets have the month before they judge.
        passed = tuple(
            (steward.block.passed_on.to, pence)
            for steward in self.stewards
            if (pence := steward.ended(lines, period)) and steward.block.passed_on
        )
        lines += [line for steward in self.stewards for line in steward.settled(on)]
        lines += self._tax_on_sessions(lines, on)
        held, flags = self.ceilings.hold(tuple(lines), on) if envelopes else (tuple(lines), ())
        lines = list(held)
        lines += [line for envelope in envelopes for line in envelope.ended(period)]
        lines += [line for kpi in self.kpis for line in kpi.ended(period)]
        asked = [burden for rule in self.returns for burden in rule.ended(period)]
        asked += self._period_duties(on)
        more, sanctioned = self.watch.judged(on, self.cashbook, self.admission)
        self.cashbook.enter(lines, on)
        released, lost = self.cashbook.judge(self.kpis, on)
        return Settlement(
            (*lines, *lost), (*asked, *sanctioned), (*flags, *more, *released), passed_on=passed
        )

    def _tax_on_sessions(self, lines: list[Line], on: date) -> list[Line]:
        """Give the taxes that fall on charges for sessions, on what these come to in the month."""
        case, charges = self._case(MatterFacts("-"), on), self.terms.charges
        taxes = [tax for tax in self.terms.contract.taxes if SESSIONS in tax.on] if charges else []
        found = []
        for tax in taxes:
            if hold(compile_conditions(tax.applies_to), case):
                pence = add_up(
                    line.pence for line in lines if line.block in charges and line.block not in tax.not_on
                )
                rule = TAXES[tax.kind].rule(tax, {}, self.terms.context)
                found.append(Line(TAX, tax.id, rule.on_sessions(pence, case)))
        return [line for line in found if line.pence]

    def end(self, on: date) -> Settlement:
        """End the contract for an organisation that holds another from this day on.

        What was bought by the year is settled for the months that have passed, nothing more is earned by the month and
        nothing more may be opened; matters in hand are paid as they would have been.
        """
        self.admission.end(on)
        last = on - timedelta(days=1)
        lines = tuple(line for block in self.monthly for line in block.over(last))
        lines += tuple(line for steward in self.stewards for line in steward.settled(last, over=True))
        self.monthly, self.stewards = [], []
        self.ceilings.end()
        self.stop()
        self.cashbook.enter(lines, last)
        return Settlement((*lines, *self.cashbook.end()))

    def _period_duties(self, on: date) -> list[Burden]:
        nobody, asked = (
            MatterFacts("-"),
            list(burdens(self.duties.get("month_ended", ()), MatterFacts("-"), on)),
        )
        after = next_month(on)
        for kind, scope in (("quarter_ended", "quarter"), ("year_ended", "contract_year")):
            if period_start(scope, after, self.year_from) == after:
                asked += burdens(self.duties.get(kind, ()), nobody, on)
        return asked

    def receipt(self, facts: MatterFacts) -> Receipt:
        """Give the receipt of a closed matter, with its place in the volume and the budget left."""
        return self.terms.receipt(
            facts, self.provider, facts.closed, self.ranks(facts, facts.closed or self.starts, "")
        )

    # forecast -----------------------------------------------------------------------------------------------

    @cached_property
    def _curve_key(self) -> CurveKey:
        return CurveKey(self.terms)

    def incentive(self, facts: MatterFacts) -> tuple[Segment, ...]:
        """Give what this matter would earn over profit minutes, with what counts toward hours bought."""
        key = self._curve_key.of(PricingState(facts, self.provider, self.terms.starts, forecast=True))
        curve = self._curves.get(key)
        if curve is None:
            curve = self._curves[key] = pay_curve(self.terms, self.provider, facts)
        if not self.monthly:
            return curve
        day = facts.opened or self.terms.starts
        return raised(curve, fsum(block.marginal(day) for block in self.monthly))
