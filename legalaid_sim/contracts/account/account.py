"""The account of one organisation under one contract: what has happened, and what the contract answers to it.

Entitlement is posted as lines; cash rules decide payments; ``earned`` is always ``paid`` plus what is
outstanding.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property, partial
from math import fsum
from typing import Any

from legalaid_sim.contracts.account.cash import Advance, CashRule, Level, Withholding, cash_rule
from legalaid_sim.contracts.account.controls import AuditWatch, KpiWatch, Ladder, missed_by_kpi
from legalaid_sim.contracts.account.duties import DutyRule, ReturnRule, burdens
from legalaid_sim.contracts.account.happenings import ANSWERS
from legalaid_sim.contracts.account.keeping import Keeping
from legalaid_sim.contracts.account.permissions import YES, Decision, StartsBook, decide
from legalaid_sim.contracts.account.purses import Purses
from legalaid_sim.contracts.account.standing import Standing, assessment_of
from legalaid_sim.contracts.account.stewardship import stewards
from legalaid_sim.contracts.blocks.cash import StandardMonthly, VariableMonthly
from legalaid_sim.contracts.blocks.controls import Audit, KeptBack, Kpi, SanctionLadder, SanctionStep
from legalaid_sim.contracts.blocks.duties import Duty, Return
from legalaid_sim.contracts.blocks.permissions import Authority, MatterStarts, Priority
from legalaid_sim.contracts.kinds.capitation import Capitation
from legalaid_sim.contracts.kinds.disbursements import Disbursements
from legalaid_sim.contracts.kinds.limit import BY_CLIENT, Envelope, Limit
from legalaid_sim.contracts.kinds.monthly import Monthly
from legalaid_sim.contracts.kinds.outcome_payment import OutcomePayment
from legalaid_sim.contracts.kinds.registry import kind_of
from legalaid_sim.contracts.kinds.tendered_price import TenderedPrice
from legalaid_sim.contracts.kinds.tendering import has_won
from legalaid_sim.contracts.kinds.triage import CallFee, Triage
from legalaid_sim.contracts.pricing.incentive import CurveKey, pay_curve, raised
from legalaid_sim.contracts.pricing.receipts import Receipt
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.tools.amounts import (
    half_up,
    millionths_of,
    next_month,
    pence_of,
    period_start,
    working_day,
)
from legalaid_sim.contracts.tools.case import PERIOD, TAX, TOTAL_LIMIT, Case
from legalaid_sim.contracts.tools.holders import advisers_of
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.tools.taxation import SESSIONS, TaxRule
from legalaid_sim.contracts.vocabulary.conditions import compile_conditions, hold
from legalaid_sim.contracts.vocabulary.facts import (
    EMPTY,
    Burden,
    Line,
    MatterFacts,
    Payment,
    PeriodFacts,
    Permission,
    ProviderFacts,
    Segment,
    Settlement,
    whose,
)
from legalaid_sim.contracts.vocabulary.words import EVENTS
from legalaid_sim.units import MONTHS_PER_YEAR, add_months, add_up

NO_CASH_RULE = VariableMonthly(id="cash", kind="variable_monthly")
EARLY = frozenset({"on_open", "on_stage", "on_event"})
LATE = frozenset({"on_outcome"})
COUNTED_AT = {"matters_closed": "closed", "matters_opened": "opened"}
Made = tuple[ProviderFacts, date, Library]


class Account:
    """One organisation's account: mutable, and asked in order of time."""

    def __init__(
        self, terms: CompiledTerms, provider: ProviderFacts, starts: date, year_from: date | None = None
    ) -> None:
        self.terms, self.provider, self.starts = terms, provider, starts
        self.year_from = year_from or terms.starts
        self.earned = self.paid = 0
        self.over = False
        self.suspended_until, self.ends_on, self.delay_months = date.min, date.max, 0
        made = (provider, self.year_from, terms.library)
        self._read_permissions(made)
        self._read_duties(made)
        self._read_payments(made)
        self._read_controls(made)
        self.withholding = Withholding()
        self.rules: list[CashRule] = self._cash_rules()
        self._routes: dict[str, CashRule] = {}
        self.claimed_on: dict[str, date] = {}
        self.given: dict[str, dict[tuple[int, str], int]] = {}
        self.spent: dict[tuple[str, str, date], int] = {}
        self.taken: dict[str, int] = {}
        self.places: dict[tuple[str, date], int] = {}
        self.purses = Purses(terms.budgets, self.year_from)
        self.standing = Standing(terms.contract)
        self._curves: dict[Any, tuple[Segment, ...]] = {}

    def __getstate__(self) -> dict[str, Any]:
        # How curves are told apart is worked out from the terms, and holds functions that cannot be pickled.
        return {name: value for name, value in self.__dict__.items() if name != "_curve_key"}

    def _read_permissions(self, made: Made) -> None:
        blocks = self.terms.contract.permissions
        self.books = [StartsBook(block, *made) for block in blocks if isinstance(block, MatterStarts)]
        self.priorities = [
            [compile_conditions(those) for those in block.order]
            for block in blocks
            if isinstance(block, Priority)
        ]
        self.authorities = {block.id: block for block in blocks if isinstance(block, Authority)}

    def _read_duties(self, made: Made) -> None:
        blocks = self.terms.contract.duties
        self.returns = [ReturnRule(block, *made) for block in blocks if isinstance(block, Return)]
        self.duties: dict[str, list[DutyRule]] = {}
        for block in blocks:
            if isinstance(block, Duty):
                self.duties.setdefault(block.falls_on, []).append(DutyRule(block, *made))

    def _read_payments(self, made: Made) -> None:
        blocks, rounded, (provider, *_) = self.terms.contract.payments, self.terms.rounded, made
        self.monthly: list[Monthly] = [
            monthly(block, *made, rounded)
            for block in blocks
            if (monthly := kind_of(block).monthly) is not None
        ]
        self.stewards = stewards(blocks, *made, rounded)
        self.envelopes: list[Envelope] = []
        for block in blocks:
            if isinstance(block, Limit):
                self.envelopes.append(Envelope(block, *made, rounded).within(self.envelopes))
        self.must = [
            (compile_conditions(block.must_accept.applies_to), block.must_accept.unless)
            for block in blocks
            if isinstance(block, Capitation) and block.must_accept is not None
        ]
        self.calls = [CallFee(block, *made) for block in blocks if isinstance(block, Triage)]
        self.in_stages = tuple(
            block.stage_claims for block in blocks if isinstance(block, Disbursements) and block.stage_claims
        )
        self._ceilings = {
            block.id: (block.at_most, self.terms.library.lookup(block.at_most.amount, pence_of, block.id))
            for block in blocks
            if isinstance(block, OutcomePayment) and block.at_most is not None
        }
        # Tenders of which this provider holds no part, because other bids have won.
        self.lost = frozenset(
            block.id
            for block in blocks
            if isinstance(block, TenderedPrice) and not has_won(block.award, provider)
        )
        earned = {block.earned for block in self.terms.payments}
        self.early = bool(earned & EARLY)
        self.remembers = self.early or bool(earned & LATE) or bool(self.in_stages) or bool(self.proofs)

    def _read_controls(self, made: Made) -> None:
        blocks, starts = self.terms.contract.controls, self.year_from
        self.kpis = [KpiWatch(block, *made) for block in blocks if isinstance(block, Kpi)]
        self.ladders = [Ladder(block, starts) for block in blocks if isinstance(block, SanctionLadder)]
        self.kept = [
            Keeping(block, starts, self.terms.rounded) for block in blocks if isinstance(block, KeptBack)
        ]
        self.audits = [
            AuditWatch(block, self.starts, self.terms.rounded) for block in blocks if isinstance(block, Audit)
        ]

    def _cash_rules(self) -> list[CashRule]:
        blocks = self.terms.contract.cash or (NO_CASH_RULE,)
        return [
            cash_rule(block, self.year_from, self._opening(block), partial(self._expected, block))
            for block in blocks
        ]

    def _expected(self, block: Any, on: date) -> int:
        """Give the claims of a year as foreseen on a day, in pence; 0 where nobody foresaw any.

        For a level payment what is expected of this provider goes before what the contract expects of any.
        """
        form = getattr(block, "expected_claims", None)
        stated = self.provider.facts.get("expected_claims")
        if isinstance(block, StandardMonthly) and isinstance(stated, int):
            return stated
        if form is None:
            return 0
        pence = self._pence(form, f"{block.id}.expected_claims", on)
        each = getattr(block, "for_each", "contract") == "adviser"
        return int(pence * advisers_of(self.provider)) if each else pence

    def _opening(self, block: Any) -> int | None:
        form = getattr(block, "opening_amount", None)
        if form is None:
            return None
        if form != "one_twelfth_of_expected_claims":
            return self._pence(form, f"{block.id}.opening_amount", self.starts)
        expected = self._expected(block, self.starts)
        return half_up(expected, MONTHS_PER_YEAR) if expected else None

    @property
    def unforeseen(self) -> tuple[str, ...]:
        """Name the level payments that open at a twelfth of expected claims of which nobody says anything."""
        return tuple(rule.block.id for rule in self.rules if isinstance(rule, Level) and rule.level is None)

    def _pence(self, form: Any, name: str, on: date) -> int:
        lookup = self.terms.library.lookup(form, pence_of, name)
        return lookup.on(max(on, self.terms.starts), self._nobody) or 0

    @cached_property
    def _nobody(self) -> Case:
        return Case(MatterFacts("-"), self.provider, self.terms.starts)

    @cached_property
    def proofs(self) -> tuple[int, ...]:
        """Give the months after which a result that still stands is proved to a payment, each once, rising."""
        blocks = (block for block in self.terms.contract.payments if isinstance(block, OutcomePayment))
        return tuple(sorted({block.outcome.lasts_months for block in blocks if block.share_at.proof_percent}))

    # permission ---------------------------------------------------------------------------------------------

    def covers(self, facts: MatterFacts) -> bool:
        """Tell whether the contract is about matters of this kind at all."""
        return self.terms.covers(facts, self.provider) and (
            not self.lost or self.terms.covers_without(self.lost, facts, self.provider)
        )

    def may_open(self, facts: MatterFacts, on: date) -> Permission:
        """Say whether a matter may be opened on a day; changes nothing."""
        if on >= self.ends_on:
            return Permission("refuse", "sanctions", f"the contract ended on {self.ends_on}")
        if on < self.suspended_until:
            return Permission(
                "refuse",
                "sanctions",
                f"new matters are suspended until {self.suspended_until}",
                self.suspended_until,
            )
        if not self.covers(facts):
            return Permission("refuse", "", f"the contract does not cover category '{facts.category}'")
        return self._scope(facts) or self._room(facts, on)

    def _scope(self, facts: MatterFacts) -> Permission | None:
        if not facts.facts.get("early"):
            return None
        for scope, clauses in self.terms.scopes:
            if scope.early_help == "out_of_scope":
                case = Case(facts, self.provider, self.terms.starts)
                if hold(clauses, case):
                    return Permission("refuse", scope.id, "help before the crisis point is out of scope")
        return None

    def _room(self, facts: MatterFacts, on: date) -> Permission:
        for envelope in self.envelopes:
            if envelope.full(on, whose(facts)):
                manner = envelope.block.at_most.on_breach if envelope.block.at_most else "refuse"
                return Permission(manner, envelope.id, f"the limit of the {envelope.block.per} is reached")
        for book in self.books:
            if book.concerns(facts):
                answer = book.may_open(on)
                if answer.manner != "yes":
                    return answer
        return YES

    def rank(self, facts: MatterFacts) -> int:
        """Give the place of a matter in the order of who is taken first: 0, then 1; 0 for all where nothing is said."""
        case = Case(facts, self.provider, self.terms.starts)
        for clauses in self.priorities:
            place = next((n for n, held in enumerate(clauses) if hold(held, case)), len(clauses))
            if place:
                return place
        return 0

    def must_accept(self, facts: MatterFacts) -> bool:
        """Tell whether a capitation block forbids turning this matter away."""
        case = Case(facts, self.provider, self.terms.starts)
        return any(
            hold(clauses, case) and not (unless and facts.facts.get(unless)) for clauses, unless in self.must
        )

    # the life of a matter -----------------------------------------------------------------------------------

    def opened(self, facts: MatterFacts, on: date) -> Settlement:
        """Count a matter start, and give what opening earns and asks for."""
        for book in self.books:
            if book.concerns(facts):
                book.opened(on)
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
        case = Case(facts, self.provider, self.terms.starts, on, self.ranks(facts, on, moment))
        self.terms.run(case, moment)
        lines = tuple([Line(phase, block, pence) for phase, block, pence, _, _ in case.entries])
        if self.remembers:
            lines = self.beyond_given(facts.ref, lines)
        self.purses.draw(case, on)
        flags = tuple(case.flags)
        if self._ceilings or self.envelopes:
            lines, more = self.held(lines, on, whose(facts), case)
            flags += more
        self.post(lines, on)
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
        return ranks | self.purses.ranks(facts, on)

    def _case(self, facts: MatterFacts, on: date) -> Case:
        return Case(facts, self.provider, self.terms.starts, on)

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

    def held(
        self, lines: tuple[Line, ...], on: date, client: str = "", case: Case | None = None
    ) -> tuple[tuple[Line, ...], tuple[str, ...]]:
        """Hold lines to the ceilings of their periods and of their client; give them with what comes off, and flags.

        ``case`` is the matter that was priced, where it is known: the tax that it bore comes off with what bore it.
        """
        held, flags = list(lines), []
        for block, (most, amount) in self._ceilings.items():
            off = self._over_ceiling(block, most, amount.on(on, self._nobody) or 0, lines, on, client)
            if off:
                held += (Line(TOTAL_LIMIT, block, -off), *self._tax_off(case, {block}, off))
                flags.append(f"{block}_at_limit")
        for envelope in self.envelopes:
            off, over = envelope.hold(held, on, client)
            if off:
                held += (Line(TOTAL_LIMIT, envelope.id, -off), *self._tax_off(case, envelope.counted, off))
            if over:
                flags.append(f"{envelope.id}_at_limit")
        return tuple(held), tuple(flags)

    def _tax_off(self, case: Case | None, blocks: Collection[str], off: int) -> Iterator[Line]:
        """Give the tax that goes with pence which a ceiling takes off these blocks."""
        if case is None:
            return
        whole = add_up(entry.pence for entry in case.entries if entry.block in blocks)
        for taxing in self.terms.taxes:
            if whole > 0 and taxing.applies(case):
                pence = self.terms.tax_on(taxing, case, blocks)
                tax = self.terms.rounded(pence.numerator * off, pence.denominator * whole)
                if tax:
                    yield Line(TAX, taxing.id, -tax)

    def _over_ceiling(
        self, block: str, most: Any, ceiling: int, lines: Iterable[Line], on: date, client: str
    ) -> int:
        who = client if most.per in BY_CLIENT else ""
        key = (block, who, period_start(most.per, on, self.year_from))
        pence = add_up(line.pence for line in lines if line.block == block)
        before = self.spent.get(key, 0)
        off = min(max(0, before + pence - ceiling), max(0, pence))
        self.spent[key] = before + pence - off
        return off

    def _assessment(self, case: Case, on: date) -> tuple[Burden, ...]:
        found = ((block.id, assessment_of(block)) for block in self.standing.escaped(case, on))
        return tuple(Burden(name, terms.minutes, 0, on) for name, terms in found if terms and terms.minutes)

    def later(self, ref: str, lines: tuple[Line, ...], on: date) -> None:
        """Enter what a matter is given, or gives back, after its claim; audits look at what is left."""
        self.post(lines, on)
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
        answer = ANSWERS.get(kind)
        if answer is not None:
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
        case = Case(facts, self.provider, self.terms.starts, facts.closed, self.ranks(facts, on, "again"))
        self.terms.run(case)
        lines = self.beyond_given(facts.ref, (Line(*entry[:3]) for entry in case.entries))
        lines, flags = self.held(lines, on, whose(facts), case)
        self.later(facts.ref, lines, on)
        return Settlement(lines, asked, flags)

    def laid_out(self, facts: MatterFacts, kind: str, net: int, vat: int, units: int | None) -> None:
        """Enter pence paid out for the client: under its kind where a block has terms for it, else in the one sum."""
        heading = kind if kind in self.terms.kinds_of_outlay else "disbursements"
        facts.costs[heading] = facts.costs.get(heading, 0) + net
        facts.costs["disbursement_vat"] = facts.costs.get("disbursement_vat", 0) + vat
        if units is not None:
            facts.counts[heading] = facts.counts.get(heading, 0) + units

    def authority(
        self, facts: MatterFacts, on: date, name: str, requested: int, u: tuple[float, float]
    ) -> Decision:
        """Ask to pass a limit; a grant is written into the matter's facts, where limits find it."""
        granted = facts.facts.get(f"{name}.limit")
        standing = granted if isinstance(granted, int) else self._written_limit(facts, on, name)
        decision = decide(self.authorities[name], requested, on, u, standing)
        if decision.result != "refused":
            facts.facts[f"{name}.limit"] = decision.limit
        return decision

    def _written_limit(self, facts: MatterFacts, on: date, name: str) -> int:
        """Give the highest limit that an authority lifts for a matter, in pence; 0 where it lifts none."""
        case = self._case(facts, on)
        found: list[int | None] = []
        for paying in self.terms.payments:
            block: Any = paying.block
            for key, limit in block.limits.items():
                if limit.unless == name and paying.applies(case):
                    most = self.terms.library.lookup(
                        limit.at_most, pence_of, f"{block.id}.limits.{key}", block.table
                    )
                    found.append(most.on(case.day(paying.dated_by, paying.id), case))
        return max([pence for pence in found if pence is not None], default=0)

    # months -------------------------------------------------------------------------------------------------

    def month_ended(self, period: PeriodFacts) -> Settlement:
        """Give what a month's end earns and asks for: grants, floors, targets, returns, sanctions."""
        on = period.last
        lines = [line for block in self.monthly for line in block.ended(period)]
        passed = tuple(
            (steward.block.passed_on.to, pence)
            for steward in self.stewards
            if (pence := steward.ended(lines, period)) and steward.block.passed_on
        )
        lines += [line for steward in self.stewards for line in steward.settled(on)]
        lines += self._tax_on_sessions(lines, on)
        held, flags = self.held(tuple(lines), on) if self.envelopes else (tuple(lines), ())
        lines = list(held)
        lines += [line for envelope in self.envelopes for line in envelope.ended(period)]
        lines += [line for kpi in self.kpis for line in kpi.ended(period)]
        asked = [burden for rule in self.returns for burden in rule.ended(period)]
        asked += self._period_duties(on)
        more, sanctioned = self._judged(on)
        self.post(lines, on)
        for keeping in self.kept:
            released, lost = keeping.judge(self.kpis, on)
            more += [f"released:{keeping.block.id}"] if released else []
            lines += self._lost(keeping, lost)
        return Settlement(tuple(lines), (*asked, *sanctioned), (*flags, *more), passed_on=passed)

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
                rule = TaxRule(tax, {}, self.terms.shop)
                found.append(Line(TAX, tax.id, rule.on_sessions(pence, case)))
        return [line for line in found if line.pence]

    def _lost(self, keeping: Keeping, pence: int) -> list[Line]:
        """Strike from what was earned what will never be paid; the cash rules have it as paid already."""
        self.earned -= pence
        return [Line(PERIOD, keeping.block.id, -pence)] if pence else []

    def end(self, on: date) -> Settlement:
        """End the contract for an organisation that holds another from this day on.

        What was bought by the year is settled for the months that have passed, nothing more is earned by the month and
        nothing more may be opened; matters in hand are paid as they would have been.
        """
        self.ends_on = min(self.ends_on, on)
        last = on - timedelta(days=1)
        lines = tuple(line for block in self.monthly for line in block.over(last))
        lines += tuple(line for steward in self.stewards for line in steward.settled(last, over=True))
        self.monthly, self.stewards = [], []
        for envelope in self.envelopes:
            envelope.end()
        self.stop()
        self.post(lines, last)
        gone = [line for keeping in self.kept for line in self._lost(keeping, keeping.end())]
        return Settlement((*lines, *gone))

    def settle_up(self, on: date) -> tuple[Payment, ...] | None:
        """Take back what an ended contract has paid beyond what was earned, once it owes nothing; None until then."""
        if any(rule.owed > 0 for rule in self.rules):
            return None
        payments = tuple(payment for rule in self.rules for payment in rule.taken_back(on))
        self.paid += add_up(payment.pence for payment in payments)
        return payments

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

    def _judged(self, on: date) -> tuple[list[str], list[Burden]]:
        missed = missed_by_kpi(self.kpis)
        self.note("missed_kpis", add_up(missed.values()))
        flags = [f"kpi_missed:{name}" for name, is_missed in missed.items() if is_missed]
        flags += [f"audit_due:{audit.block.id}" for audit in self.audits if audit.due(on, missed)]
        if self.kpis and any(kpi.missed is False for kpi in self.kpis) and not any(missed.values()):
            self.withholding.meet()
        asked: list[Burden] = []
        for ladder in self.ladders:
            step = ladder.ended(on)
            if step is not None:
                flags.append(f"sanction:{step.does}")
                asked += self._sanction(ladder.block.id, step, on)
        return flags, asked

    def note(self, what: str, times: int = 1) -> None:
        """Tell the sanction ladders that something happened which they may count."""
        for ladder in self.ladders:
            ladder.note(what, times)

    def _sanction(self, name: str, step: SanctionStep, on: date) -> list[Burden]:
        match step.does:
            case "withhold_percent":
                self.withholding.start(millionths_of(step.percent or 0), step.months, bool(step.returned_if))
            case "suspend_new_matters":
                self.suspended_until = max(self.suspended_until, add_months(next_month(on), step.months))
            case "terminate":
                self.ends_on = min(self.ends_on, add_months(next_month(on), step.notice_months))
        due = working_day(add_months(next_month(on), max(0, step.months - 1)), 20)
        return [Burden(name, step.minutes, 0, due)] if step.minutes else []

    def receipt(self, facts: MatterFacts) -> Receipt:
        """Give the receipt of a closed matter, with its place in the volume and the budget left."""
        return self.terms.receipt(
            facts, self.provider, facts.closed, self.ranks(facts, facts.closed or self.starts, "")
        )

    # cash ---------------------------------------------------------------------------------------------------

    def post(self, lines: Iterable[Line], on: date) -> None:
        """Enter lines as earned, and hand them to their cash rules."""
        for line in lines:
            self.earned += line.pence
            self._route(line.block).take(line.pence, on)

    def _route(self, block: str) -> CashRule:
        found = self._routes.get(block)
        if found is None:
            named = (r for r in self.rules if r.block.pays_for != "all" and block in r.block.pays_for)
            whole = (r for r in self.rules if r.block.pays_for == "all")
            found = self._routes[block] = next(named, None) or next(whole, self.rules[0])
        return found

    def cash_ahead(self, on: date) -> tuple[Payment, ...]:
        """Decide what is paid on the first day of all: advances for the months that it falls into."""
        payments = tuple(self._less_kept(payment) for rule in self.rules for payment in rule.begin(on))
        self.paid += add_up(payment.pence for payment in payments)
        return payments

    def cash_due(self, on: date) -> tuple[Payment, ...]:
        """Decide the payments at a month's end, with the days on which they move."""
        later, self.delay_months = self.delay_months, 0
        payments = [
            self._less_kept(self.withholding.hold_back(payment, self.terms.rounded))
            for rule in self.rules
            for payment in (rule.finish if self.over else rule.due)(on, later)
        ]
        payments += self._released(on)
        payments += [payment for keeping in self.kept for payment in keeping.release(on)]
        self.paid += add_up(payment.pence for payment in payments)
        return tuple(payment for payment in payments if payment.pence)

    def _less_kept(self, payment: Payment) -> Payment:
        for keeping in self.kept:
            payment = keeping.keep(payment)
        return payment

    def stop(self) -> None:
        """Let the contract be over: nothing is paid ahead or on account, what was earned is still paid."""
        self.over = True

    def not_paid(self, payment: Payment) -> None:
        """Undo an advance that was decided, and not paid because the contract was over before its day."""
        self.paid -= payment.pence
        for rule in self.rules:
            if isinstance(rule, Advance) and rule.block.id == payment.block:
                rule.take_back(payment)

    def _released(self, on: date) -> list[Payment]:
        pence = self.withholding.turn()
        return [Payment(working_day(next_month(on), 10), "sanctions", pence)] if pence else []

    def outstanding(self) -> int:
        """Give the entitlement not paid yet, in pence; less than nothing where payments have run ahead."""
        return self.earned - self.paid

    def reviews(self) -> dict[str, float]:
        """Give the last reviewed position of each level payment, claims over payments in percent."""
        return {
            rule.block.id: rule.reviews[-1].position_percent
            for rule in self.rules
            if isinstance(rule, Level) and rule.reviews
        }

    # forecast -----------------------------------------------------------------------------------------------

    @cached_property
    def _curve_key(self) -> CurveKey:
        return CurveKey(self.terms)

    def incentive(self, facts: MatterFacts) -> tuple[Segment, ...]:
        """Give what this matter would earn over profit minutes, with what counts toward hours bought."""
        key = self._curve_key.of(Case(facts, self.provider, self.terms.starts, forecast=True))
        curve = self._curves.get(key)
        if curve is None:
            curve = self._curves[key] = pay_curve(self.terms, self.provider, facts)
        if not self.monthly:
            return curve
        day = facts.opened or self.terms.starts
        return raised(curve, fsum(block.marginal(day) for block in self.monthly))
