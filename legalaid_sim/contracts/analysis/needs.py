"""What each block and key of a contract needs to happen, and which of them nothing in a setting reaches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from legalaid_sim.contracts.kinds.registry import BASE_KINDS
from legalaid_sim.contracts.pricing.terms import MONTHLY
from legalaid_sim.contracts.schema import Contract, rules
from legalaid_sim.contracts.schema import payments as paid
from legalaid_sim.contracts.schema.common import HeadingLimit, Payment
from legalaid_sim.contracts.vocabulary.conditions import compile_test, plain, plain_name
from legalaid_sim.contracts.vocabulary.facts import TIME_HEADINGS
from legalaid_sim.contracts.vocabulary.values import Comparison
from legalaid_sim.contracts.vocabulary.words import Setting, Sort, Word, named, values_in

ANYTHING = object()
SUMS = ("total", "fees", "hourly")


class Wanted(NamedTuple):
    """Something that must happen: a word of the vocabulary, and what it must be where that matters."""

    sort: Sort
    name: str
    condition: Any = ANYTHING

    def here(self, setting: Setting) -> bool:
        """Tell whether a run can bring it about in a setting."""
        values = values_in(setting, self.sort, self.name)
        if values is None:
            return True
        if self.condition is ANYTHING:
            return bool(values)
        test, _ = compile_test(self.condition)
        return any(test(plain(value)) for value in values)

    def always(self, setting: Setting) -> bool:
        """Tell whether nothing else can come about in a setting."""
        values = values_in(setting, self.sort, self.name)
        test, _ = compile_test(self.condition)
        return bool(values) and all(test(plain(value)) for value in values or ())

    @property
    def word(self) -> Word | None:
        """The entry of the vocabulary."""
        return named(self.sort, self.name)[0]

    def __str__(self) -> str:
        name = plain_name(self.name)
        if self.condition is ANYTHING:
            return f"{_KINDS[self.sort]} {name}"
        whose, _, fact = name.rpartition(".")
        return f"a {whose or 'matter'} whose {fact} is {compile_test(self.condition)[1]}"


_KINDS: Mapping[Sort, str] = {
    "event": "the event", "fact": "the fact", "minutes": "minutes of", "costs": "costs of", "count": "the event",
    "stage": "the stage", "call": "calls with", "month": "the month's", "measure": "the measure",
}  # fmt: skip
AnyOf = tuple[Wanted, ...]


class Need(NamedTuple):
    """A block or a key by its path, and all that it needs, of each one or another; ``never`` shuts it out."""

    path: str
    block: str
    all_of: tuple[AnyOf, ...]
    never: tuple[Wanted, ...] = ()

    def missing(self, settings: Sequence[Setting]) -> AnyOf | None:
        """Give what no setting brings about; nothing where one brings about all of it."""
        if any(self.met(setting) for setting in settings):
            return None
        for any_of in self.all_of:
            if not any(wanted.here(setting) for wanted in any_of for setting in settings):
                return any_of
        return next((any_of for any_of in reversed(self.all_of)), self.never)

    def met(self, setting: Setting) -> bool:
        """Tell whether one setting brings about all of it."""
        shut_out = bool(self.never) and all(wanted.always(setting) for wanted in self.never)
        return not shut_out and all(any(w.here(setting) for w in any_of) for any_of in self.all_of)


class Unreached(NamedTuple):
    """What nothing reaches: the path, the block it belongs to, and what would have to happen."""

    path: str
    block: str
    missing: AnyOf

    @property
    def whole(self) -> bool:
        """Whether it is a whole block, and not one of its keys."""
        return self.path.count(".") == 1

    @property
    def because(self) -> str:
        """Say what does not happen."""
        return " or ".join(map(str, self.missing))

    @property
    def remedy(self) -> str:
        """Say what in a scenario would bring it about, or why no run does."""
        words = [word for wanted in self.missing if (word := wanted.word) and word.needs]
        said = [f"it needs {word.needs}" if word.raised else word.needs for word in words]
        return "; ".join(dict.fromkeys(said))


def unreached(contract: Contract, settings: Sequence[Setting]) -> tuple[Unreached, ...]:
    """Give every block and key of a contract that no run can reach in any of these settings, in the contract's order.

    What hangs on other blocks (a limit on payments, a ladder that counts targets) is lost with the last of them. Keys
    of a block that is not reached itself are not given.
    """
    # Whoever is turned away because no payment is for them reaches nothing.
    taken_on = [setting for setting in settings if covered(contract, setting)] or settings
    lost: dict[str, Unreached] = {}
    parts: list[Unreached] = []
    for need in needs_of(contract):
        if need.block in lost:
            continue
        missing = need.missing(taken_on)
        if missing is not None:
            found = Unreached(need.path, need.block, missing)
            if found.whole:
                lost[need.block] = found
            else:
                parts.append(found)
    for found in _hanging(contract, lost):
        lost.setdefault(found.block, found)
    order = {block.id: n for n, (_, block) in enumerate(blocks_of(contract))}
    return tuple(sorted((*lost.values(), *parts), key=lambda one: order[one.block]))


def covered(contract: Contract, setting: Setting) -> bool:
    """Tell whether matters of a setting are taken on: of a category named, and with a payment for them."""
    if contract.categories and setting.kind not in contract.categories:
        return False
    base = [block for block in contract.payments if block.kind in BASE_KINDS]
    granted = any(block.kind in MONTHLY - {"limit", "triage"} for block in contract.payments)
    return granted or not base or any(_for_them(block).met(setting) for block in base)


def _for_them(block: Any) -> Need:
    asked = tuple(_asked(name, condition) for name, condition in block.applies_to.items())
    if isinstance(block, paid.TenderedPrice) and block.award.lots:
        asked += ((Wanted("fact", "provider.region", block.award.lots),),)
    never = tuple(_asked(name, condition)[0] for name, condition in block.not_if.items())
    return Need(f"payments.{block.id}", block.id, asked, never)


def blocks_of(contract: Contract) -> Iterator[tuple[str, Any]]:
    """Go through the blocks of a contract with the list that each stands in."""
    for room in ("payments", "taxes", "duties", "permissions", "standards", "controls"):
        yield from ((room, block) for block in getattr(contract, room))


def needs_of(contract: Contract) -> Iterator[Need]:
    """Give what the blocks of a contract need, each block before its keys."""
    authorities = {block.id for block in contract.permissions if isinstance(block, rules.Authority)}
    for room, block in blocks_of(contract):
        path = f"{room}.{block.id}"
        _, _, conditions, never = _for_them(block)
        yield Need(path, block.id, (*conditions, *_whole(block)), never)
        for part, any_of in _parts(block, authorities):
            yield Need(f"{path}.{part}", block.id, (*conditions, any_of), never)


def _asked(name: str, condition: Any = ANYTHING) -> AnyOf:
    """A fact by its name; a bare name may be a count as well."""
    fact = Wanted("fact", name, condition)
    bare = plain_name(name)
    return (fact,) if "." in bare or condition is not ANYTHING else (fact, Wanted("count", bare))


def _hanging(contract: Contract, lost: Mapping[str, Unreached]) -> Iterator[Unreached]:
    for block in contract.payments:
        if isinstance(block, paid.Limit) and block.on.payments and all(n in lost for n in block.on.payments):
            yield Unreached(f"payments.{block.id}", block.id, lost[block.on.payments[0]].missing)
    kpis = [block.id for block in contract.controls if isinstance(block, rules.Kpi)]
    if not kpis or any(name not in lost for name in kpis):
        return
    for control in contract.controls:
        if isinstance(control, rules.SanctionLadder) and control.counts == "missed_kpis":
            yield Unreached(f"controls.{control.id}", control.id, lost[kpis[0]].missing)


# what a block cannot do without ---------------------------------------------------------------------------------


EARNED_AT = {"on_stage": "stage_reached", "on_event": "event_happened"}


def _whole(block: Any) -> Iterator[AnyOf]:
    earned = EARNED_AT.get(getattr(block, "earned", ""))
    if earned is not None and block.kind not in ("staged_fee", "triage"):
        yield (Wanted("event", earned),)
    if isinstance(block, rules.Duty):
        yield (Wanted("event", block.falls_on),)
    elif isinstance(block, rules.Kpi):
        yield (Wanted("measure", block.measure),)
    elif isinstance(block, paid.Triage):
        yield (Wanted("event", "call_answered"),)
    elif isinstance(block, paid.StagedFee):
        ends = (Wanted("fact", "outcome", reason) for reason in block.ends_early)
        yield (*(Wanted("stage", stage.stage) for stage in block.stages), *ends)
    elif isinstance(block, paid.OutcomePayment):
        yield (Wanted("fact", "outcome", block.results),)
    elif isinstance(block, paid.Capitation):
        yield (Wanted("fact", "provider.heads", Comparison(over=0)),)
    elif isinstance(block, paid.BandedFee):
        yield _asked(block.band_by)
    elif isinstance(block, paid.GraduatedFee):
        yield tuple(wanted for driver in block.drivers for wanted in _asked(driver.by))
    elif isinstance(block, paid.Disbursements):
        yield (Wanted("costs", "disbursements"), *(Wanted("costs", kind) for kind in block.kinds))
    elif isinstance(block, paid.StandingCharge):
        terms = block.sessions or paid.Sessions()
        if block.per == "client" or (
            block.per == "session" and (terms.attended_needed or not terms.per_month)
        ):
            yield (Wanted("month", terms.desk or "sessions"),)
    elif isinstance(block, rules.Tax) and not block.on:
        yield (Wanted("costs", "disbursement_vat"),)
    elif isinstance(block, paid.Hourly):
        yield (*(_heading(name) for name in block.rates), *(Wanted("costs", name) for name in block.headings))


def _heading(name: str) -> Wanted:
    return Wanted("minutes" if name in TIME_HEADINGS else "costs", name)


# what its keys need ---------------------------------------------------------------------------------------------

Part = tuple[str, AnyOf]


def _parts(block: Any, authorities: Iterable[str]) -> Iterator[Part]:
    if isinstance(block, Payment):
        for key, limit in block.limits.items():
            yield from _limit(key, limit, set(authorities))
        for name, terms in getattr(block, "bolt_ons", {}).items():
            yield f"bolt_ons.{name}", (Wanted("count", terms.counts or name),)
        yield from ((f"extras.{name}", (Wanted("costs", name),)) for name in getattr(block, "extras", ()))
    yield from _OF.get(type(block), _nothing)(block)


def _nothing(block: Any) -> Iterator[Part]:
    return iter(())


def _limit(key: str, limit: HeadingLimit, authorities: set[str]) -> Iterator[Part]:
    headings = limit.on or (key,)
    if not any(heading in SUMS for heading in headings):
        yield f"limits.{key}", tuple(wanted for heading in headings for wanted in _either(heading))
    if limit.unless and limit.unless not in authorities:
        yield f"limits.{key}.unless", _asked(limit.unless)


def _either(heading: str) -> AnyOf:
    """Work under a heading, as time or as costs."""
    timed = (Wanted("minutes", heading),) if heading in TIME_HEADINGS else ()
    return (*timed, Wanted("costs", heading))


def _hourly(block: paid.Hourly) -> Iterator[Part]:
    for name in block.rates:
        yield f"rates.{name}", _either(name)
    for name in block.items:
        yield f"items.{name}", (Wanted("count", name),)
    if "headings" in block.model_fields_set:
        yield from ((f"headings.{name}", _either(name)) for name in block.headings if name not in block.rates)


def _fixed(block: paid.FixedFee) -> Iterator[Part]:
    escape = block.escape
    if escape is not None:
        timed = (Wanted("minutes", name) for name in escape.measured_on if name in escape.rates)
        yield "escape", (*timed, *(Wanted("costs", name) for name in escape.measured_on))


def _triage(block: paid.Triage) -> Iterator[Part]:
    for result, terms in block.passes_on.items():
        yield f"passes_on.{result}", (Wanted("call", result),)
        if terms.only_if:
            yield f"passes_on.{result}.only_if", (Wanted("call", terms.only_if),)
    if block.determination is not None:
        yield "determination", (Wanted("call", block.determination.when),)
    yield from ((f"exempt.{name}", (Wanted("call", name),)) for name in block.exempt)


def _staged(block: paid.StagedFee) -> Iterator[Part]:
    for stage in block.stages:
        yield f"stages.{stage.stage}", (Wanted("stage", stage.stage),)
    for reason in block.ends_early:
        yield f"ends_early.{reason}", (Wanted("fact", "outcome", reason),)


def _graduated(block: paid.GraduatedFee) -> Iterator[Part]:
    for driver in block.drivers:
        yield f"drivers.{driver.by}", _asked(driver.by)
    for at, uplift in enumerate(block.uplifts):
        for name, condition in uplift.when.items():
            yield f"uplifts.{at}", _asked(name, condition)


def _grant(block: paid.BlockGrant) -> Iterator[Part]:
    heading = block.buys.counted_on.rpartition(".")[2] if block.buys else ""
    if heading and heading not in ("hours", "minutes"):
        yield "buys", (Wanted("minutes", heading),)


def _result(block: paid.OutcomePayment) -> Iterator[Part]:
    if block.case_mix is not None:
        yield "case_mix", _asked(block.case_mix.index)


def _capitation(block: paid.Capitation) -> Iterator[Part]:
    if block.heads.counted_every_years is not None:
        yield "heads.counted_every_years", (Wanted("month", "heads"),)
    if block.must_accept is not None and block.must_accept.unless:
        yield "must_accept.unless", _asked(block.must_accept.unless)


def _tendered(block: paid.TenderedPrice) -> Iterator[Part]:
    """What decides between bids needs somebody who bids."""
    told = {"price_weight_percent", "quality_weight_percent", "bid_between", "winners"}
    yield from (
        (f"award.{name}", (Wanted("fact", "provider.bid"),))
        for name in type(block.award).model_fields
        if name in told & block.award.model_fields_set
    )


def _premium(block: paid.ContinuityPremium) -> Iterator[Part]:
    if block.returning_client is not None:
        yield "returning_client", (Wanted("fact", "months_since_last_matter"),)


def _budget(block: paid.PersonalBudget) -> Iterator[Part]:
    if "switch" in block.model_fields_set and block.switch != paid.Switch():
        yield "switch", (Wanted("event", "client_switched"),)


def _paid_out(block: paid.Disbursements) -> Iterator[Part]:
    for kind in block.kinds:
        yield f"kinds.{kind}", (Wanted("costs", kind),)
    if block.stage_claims is not None:
        yield "stage_claims", (Wanted("event", "disbursements_claimed"),)


def _priority(block: rules.Priority) -> Iterator[Part]:
    for at, conditions in enumerate(block.order):
        yield from ((f"order.{at}", _asked(name, condition)) for name, condition in conditions.items())


def _tax(block: rules.Tax) -> Iterator[Part]:
    if "paid_out" in block.model_fields_set and block.paid_out.disbursements != "none":
        yield "paid_out", (Wanted("costs", "disbursement_vat"),)


_OF: Mapping[type, Any] = {
    paid.Hourly: _hourly,
    paid.FixedFee: _fixed,
    paid.Triage: _triage,
    paid.StagedFee: _staged,
    paid.GraduatedFee: _graduated,
    paid.BlockGrant: _grant,
    paid.OutcomePayment: _result,
    paid.Capitation: _capitation,
    paid.TenderedPrice: _tendered,
    paid.ContinuityPremium: _premium,
    paid.PersonalBudget: _budget,
    paid.Disbursements: _paid_out,
    rules.Tax: _tax,
    rules.Priority: _priority,
}
