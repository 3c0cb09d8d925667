"""A compiled contract: which blocks apply to a matter, what the matter earns, and why."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from legalaid_sim.contracts.blocks.common import Block, PaymentBlock
from legalaid_sim.contracts.blocks.named import NamedAmount
from legalaid_sim.contracts.kinds.payments.disbursements import Disbursements
from legalaid_sim.contracts.kinds.payments.personal_budget import PersonalBudget
from legalaid_sim.contracts.kinds.payments.standing_charge import StandingCharge
from legalaid_sim.contracts.kinds.payments.tiers import Tiers
from legalaid_sim.contracts.kinds.registry import (
    ADJUSTMENTS,
    DUTIES,
    PAYMENTS,
    PERMISSIONS,
    TAXES,
    grants,
    steps_of,
)
from legalaid_sim.contracts.kinds.taxes.kind import TaxFall, unseen_limits
from legalaid_sim.contracts.pricing.paying import (
    MOMENTS,
    MOST_PLANS,
    Paying,
    PricingPlan,
    claims_in_stages,
    waiting,
)
from legalaid_sim.contracts.pricing.receipts import Receipt, heading_of
from legalaid_sim.contracts.pricing.said import digest_of
from legalaid_sim.contracts.pricing.service import service_of
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.tools.amounts import rounding_rule
from legalaid_sim.contracts.tools.compile_context import CompileContext, PhaseStep
from legalaid_sim.contracts.tools.lookups import Library
from legalaid_sim.contracts.tools.pricing_state import TAX, LineEntry, PricingState
from legalaid_sim.contracts.vocabulary.conditions import compile_conditions, hold, is_static
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.errors import Refusal
from legalaid_sim.units import add_months, add_up


class PricedMatter(NamedTuple):
    """What a matter earns, without the words: entries by phase, flags, distances over thresholds, scheme."""

    entries: tuple[LineEntry, ...]
    flags: tuple[str, ...]
    margins: Mapping[str, int]
    scheme: str

    @property
    def earned(self) -> int:
        """Sum the entries, in pence."""
        return add_up(entry.pence for entry in self.entries)


class CompiledTerms:
    """A contract that answers: does it cover a matter, what does the matter earn, and why.

    Immutable in what it answers. Pickling carries the contract and compiles again.
    """

    def __init__(
        self,
        contract: Contract,
        folder: Path | None = None,
        places: Mapping[str, tuple[str, int]] | None = None,
        factor: Fraction = Fraction(1),
        texts: Mapping[str, str] | None = None,
    ) -> None:
        self.contract, self.folder, self.places = contract, folder or Path(), dict(places or {})
        self.factor = factor
        self.name, self.title = contract.contract, contract.title or contract.contract
        self.starts, self.months = contract.term.starts, contract.term.months
        self.ends = add_months(self.starts, self.months)
        self.categories = contract.categories
        self.texts = texts
        self.library = Library(contract, self.folder, factor, texts)
        self.library.indexed = indexed_values(contract)
        self.rounded = rounding_rule(contract.rounding.mode, contract.rounding.to)
        self.context = CompileContext(self.library, self.rounded)
        self.payments = tuple(
            self._paying(block) for block in contract.payments if PAYMENTS[block.kind].price
        )
        self._tax_rules: dict[str, TaxFall] = {}
        self.taxes = tuple(self._taxing(block) for block in contract.taxes)
        self.has_base = any(block.is_base for block in self.payments)
        self.has_grant = any(map(grants, contract.payments))
        self.ranked = tuple(paying for paying in self.payments if isinstance(paying.block, Tiers))
        self.charges = frozenset(block.id for block in contract.payments if isinstance(block, StandingCharge))
        self.kinds_of_outlay = frozenset(
            kind for block in contract.payments if isinstance(block, Disbursements) for kind in block.kinds
        )
        self.budgets = tuple(block for block in contract.payments if isinstance(block, PersonalBudget))
        self.digest = digest_of(contract)
        self.service = service_of(contract)
        self.scopes = tuple(
            (block, compile_conditions(block.applies_to))
            for block in contract.permissions
            if PERMISSIONS[block.kind].leaves_out
        )
        self.duties = tuple(
            (block, compile_conditions(block.applies_to), compile_conditions(block.not_if))
            for block in contract.duties
        )
        self._plans: dict[Any, PricingPlan] = {}
        self._covers: dict[Any, bool] = {}

    def __repr__(self) -> str:
        return f"CompiledTerms({self.name}: {self.months} months from {self.starts})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (CompiledTerms, (self.contract, self.folder, self.places, self.factor, self.texts))

    def _paying(self, block: PaymentBlock) -> Paying:
        replaces = (block.exception_to,) if isinstance(block.exception_to, str) else block.exception_to or ()
        kind = PAYMENTS[block.kind]
        return Paying(
            block, tuple(waiting(block, steps_of(block, self.context))),
            (*compile_conditions(block.applies_to), *kind.clauses(block)), compile_conditions(block.not_if),
            self.library.tables.get(block.table or ""), block.dated_by, block.earned,
            kind.is_base, block.hit == "sum", replaces,
        )  # fmt: skip

    def tax_on(self, taxing: Paying, case: PricingState, blocks: Collection[str]) -> Fraction:
        """Give the tax of one kind that blocks bear in a case, in pence and unrounded."""
        return self._tax_rules[taxing.id].on_blocks(case, blocks)

    def _taxing(self, block: Any) -> Paying:
        rule = self._tax_rules[block.id] = TAXES[block.kind].rule(
            block, unseen_limits(self.contract), self.context
        )
        return Paying(
            block, (PhaseStep(TAX, rule.run),),
            compile_conditions(block.applies_to), compile_conditions(block.not_if),
            None, block.dated_by, "on_close", False, True, (),
        )  # fmt: skip

    def plan(self, facts: MatterFacts, provider: ProviderFacts, moment: str = "closed") -> PricingPlan:
        """Give the plan for matters of this kind at a moment of their life."""
        key = (
            facts.category, facts.fee_code, facts.region or provider.region, facts.channel,
            provider.vat_registered, provider.region, moment,
        )  # fmt: skip
        found = self._plans.get(key)
        if found is None:
            # Facts of a claims file may be of any number.
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
            found = self._plans[key] = self._plan(facts, provider, moment)
        return found

    def _plan(self, facts: MatterFacts, provider: ProviderFacts, moment: str) -> PricingPlan:
        case, earned = PricingState(facts, provider, self.starts), MOMENTS[moment]
        staged = moment == "claimed"
        blocks = [
            block
            for block in self.payments
            if (block.earned in earned or (staged and claims_in_stages(block))) and not block.never_for(case)
        ]
        taxes = [block for block in self.taxes if not block.never_for(case)]
        return PricingPlan((*blocks, *taxes))

    def covers(self, facts: MatterFacts, provider: ProviderFacts) -> bool:
        """Tell whether the contract is about matters of this kind at all."""
        key = (
            facts.category, facts.fee_code, facts.region or provider.region, facts.channel,
            provider.region, provider.vat_registered,
        )  # fmt: skip
        found = self._covers.get(key)
        if found is None:
            found = self._covers[key] = self._covered(facts, provider)
        return found

    def _covered(self, facts: MatterFacts, provider: ProviderFacts) -> bool:
        if self.categories and facts.category and facts.category not in self.categories:
            return False
        case = PricingState(facts, provider, self.starts)
        if any(
            _names(scope, facts.category) and all(map(is_static, clauses)) and hold(clauses, case)
            for scope, clauses in self.scopes
        ):
            return False
        if not self.has_base:
            return True
        return self.has_grant or any(block.is_base and not block.never_for(case) for block in self.payments)

    def out_of_scope(self, facts: MatterFacts, provider: ProviderFacts) -> tuple[str, str] | None:
        """Give the block that leaves a matter out of scope and why, by all that is known of the matter."""
        early = bool(facts.facts.get("early"))
        for scope, clauses in self.scopes:
            why = f"category '{facts.category}' is out of scope" if _names(scope, facts.category) else ""
            if early and PERMISSIONS[scope.kind].leaves_out_early(scope):
                why = "help before the crisis point is out of scope"
            if why and hold(clauses, PricingState(facts, provider, self.starts)):
                return scope.id, why
        return None

    def covers_without(self, lost: frozenset[str], facts: MatterFacts, provider: ProviderFacts) -> bool:
        """Tell whether matters of this kind are paid by no tender that a provider has lost, or by something beside."""
        case = PricingState(facts, provider, self.starts)
        paying = [block.id for block in self.payments if block.is_base and not block.never_for(case)]
        return not paying or any(name not in lost for name in paying)

    def run(self, case: PricingState, moment: str = "closed") -> tuple[Paying, ...]:
        """Price a case in place and give the blocks that applied."""
        runs, active = self.plan(case.facts, case.provider, moment).choose(case)
        if moment == "closed" and self.has_base:
            self._refuse_unpaid(case, active)
        for run in runs:
            run(case)
        return active

    def _refuse_unpaid(self, case: PricingState, active: tuple[Paying, ...]) -> None:
        for block in active:
            if block.is_base or block.pays_some():
                return
        if not self.has_grant:
            what = (
                f"fee code '{case.facts.fee_code}'"
                if case.facts.fee_code
                else f"category '{case.facts.category}'"
            )
            raise Refusal("not-covered", self.name, f"no payment block covers {what}")

    def price(
        self,
        facts: MatterFacts,
        provider: ProviderFacts,
        on: date | None = None,
        ranks: Mapping[str, int] | None = None,
        forecast: bool = False,
        assessed: Mapping[str, str] | None = None,
    ) -> PricedMatter:
        """Price a matter as it stands, as a forecast, or as its escaped claims were assessed (by payment).

        Raises a refusal where it cannot.
        """
        case = PricingState(
            facts, provider, self.starts, on, ranks or {}, forecast=forecast, assessed=assessed or {}
        )
        active = self.run(case)
        return PricedMatter(
            tuple(case.entries), tuple(case.flags), case.margins, self.scheme_of(case, active)
        )

    def scheme_of(self, case: PricingState, active: Iterable[Paying]) -> str:
        """Name the version of the contract's tables or values that priced a case."""
        for block in active:
            if block.table is not None:
                row = block.table.find(case.day(block.dated_by, block.id), case)
                if row is not None:
                    return row.version
        return case.picked[0].version(case.picked[1], case) if case.picked else ""

    def receipt(
        self,
        facts: MatterFacts,
        provider: ProviderFacts,
        on: date | None = None,
        ranks: Mapping[str, int] | None = None,
    ) -> Receipt:
        """Price a matter with every step written down; a refusal is part of the receipt, not raised."""
        case = PricingState(facts, provider, self.starts, on, ranks or {}, trace=[])
        refusal: Refusal | None = None
        active: tuple[Paying, ...] = ()
        scheme = ""
        try:
            active = self.run(case)
            scheme = self.scheme_of(case, active)
        except Refusal as refused:
            refusal = refused
        steps = tuple(case.trace or ()) if refusal is None else ()
        return Receipt(
            matter=facts.ref, contract=self.name, sha256=self.digest, steps=steps,
            earned=0 if refusal else add_up(entry.pence for entry in case.entries), flags=tuple(case.flags),
            not_applied=tuple(self.aside(case, active)), burden_minutes=self.burden_of(facts, provider),
            margins=dict(case.margins), scheme=scheme, heading=heading_of(facts), cash=self._cash_words(),
            sources=tuple(dict.fromkeys(_source_text(block.block) for block in active if block.block.source)),
            places=self.places, refusal=refusal,
        )  # fmt: skip

    def aside(self, case: PricingState, active: tuple[Paying, ...]) -> Iterable[tuple[str, str]]:
        """Give the blocks that stood aside, each with the reason."""
        replaced = {name: block.id for block in active for name in block.replaces}
        seen = {block.id for block in active}
        for block in (*self.payments, *self.taxes):
            if block.id in seen:
                continue
            try:
                if block.id in replaced:
                    yield block.id, f"{replaced[block.id]} takes its place"
                elif not block.applies(case):
                    yield block.id, block.reason(case)
            except Refusal as refusal:
                yield block.id, refusal.why

    def burden_of(self, facts: MatterFacts, provider: ProviderFacts) -> dict[str, int]:
        """Give the minutes of admin that each duty of the contract puts on one matter."""
        case = PricingState(facts, provider, self.starts)
        minutes: dict[str, int] = {}
        for block, clauses, unless in self.duties:
            if not hold(clauses, case) or (unless and hold(unless, case)):
                continue
            found = DUTIES[block.kind].per_matter(block, self.count_of)
            if found is not None:
                minutes[block.id] = found
        return minutes

    def count_of(self, form: Any, name: str) -> int:
        """Give a count as it stands at the contract's start."""
        case = PricingState(MatterFacts("-"), ProviderFacts(), self.starts)
        return self.library.lookup(form, int, name).or_nought(self.starts, case)

    def _cash_words(self) -> str:
        return ", ".join(f"paid under {block.id} ({block.kind})" for block in self.contract.cash)


def _names(scope: Any, category: str) -> bool:
    leaves_out = PERMISSIONS[scope.kind].leaves_out
    return leaves_out is not None and leaves_out(scope, category)


def indexed_values(contract: Contract) -> dict[str, NamedAmount]:
    """Give every named value that an adjustment changes, written out to the end of the contract's term."""
    done: dict[str, NamedAmount] = {}
    for block in contract.adjustments:
        kind = ADJUSTMENTS[block.kind]
        for name in kind.changes(block):
            entry = done.get(name) or contract.values.get(name)
            if entry is None:
                raise Refusal("unknown-value", block.id, f"there is no entry '{name}' under values")
            done[name] = kind.adjusted(entry, block, contract)
    return done


def _source_text(block: Block) -> str:
    return f"{block.source.title} [{block.source.status}]" if block.source else ""


def compile_terms(
    contract: Contract,
    folder: Path | None = None,
    places: Mapping[str, tuple[str, int]] | None = None,
    factor: Fraction = Fraction(1),
    texts: Mapping[str, str] | None = None,
) -> CompiledTerms:
    """Compile a contract once, to price many matters; ``factor`` multiplies every amount that it names.

    ``folder`` is where the CSV files of its tables stand, and ``texts`` what is in those that were read already, by
    name; ``places`` maps block ids to (file, line) for receipts. Raises a refusal where the contract names a value,
    table or series that is not there.
    """
    return CompiledTerms(contract, folder, places, factor, texts)


__all__ = ["CompiledTerms", "PricedMatter", "compile_terms"]
