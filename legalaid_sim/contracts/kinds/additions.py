"""Phases 4 and 5: bolt-ons, extras, outcomes, and percentages on top."""

from collections.abc import Iterator
from datetime import date

from legalaid_sim.contracts.schema import payments as written
from legalaid_sim.contracts.schema.common import Payment
from legalaid_sim.contracts.tools.amounts import (
    WHOLE,
    Rounded,
    millionths_of,
    whole,
)
from legalaid_sim.contracts.tools.case import (
    EXTRAS,
    STAGES,
    UPLIFTS,
    Case,
    Entry,
    money,
)
from legalaid_sim.contracts.tools.lookups import Lookup
from legalaid_sim.contracts.tools.workshop import Run, Step, Workshop, needed, percent_text, share
from legalaid_sim.contracts.vocabulary.conditions import fact_getter
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.contracts.vocabulary.values import Column
from legalaid_sim.errors import Refusal
from legalaid_sim.units import add_up


def bolt_ons(
    block: written.Hourly | written.FixedFee | written.BandedFee | written.StagedFee, shop: Workshop
) -> Iterator[Step]:
    """Add an amount for each event of a kind."""
    for kind, terms in block.bolt_ons.items():
        form = Column(column=terms.column) if terms.column else terms.amount
        if form is None:
            raise Refusal("no-value", f"{block.id}.bolt_ons.{kind}", "a bolt-on needs an amount or a column")
        amount = shop.money(form, block, f"bolt_ons.{kind}")
        most = shop.library.maybe(terms.at_most, whole, f"{block.id}.bolt_ons.{kind}", block.table)
        counted = terms.counts or kind
        yield Step(EXTRAS, per_event(block, kind, counted, amount, terms.per == "matter", most))


def per_event(
    block: Payment, kind: str, counted: str, amount: Lookup, once: bool, most: Lookup | None
) -> Run:
    """Pay an amount for each counted event, or once where there was any."""
    name, dated_by = block.id, block.dated_by

    def add(case: Case) -> None:
        count = case.facts.counts.get(counted, 0)
        if not count:
            return
        day = case.day(dated_by, name)
        ceiling = most.on(day, case) if most is not None else None
        paid = 1 if once else count if ceiling is None else min(count, ceiling)
        each = amount.on(day, case)
        if each is None:
            if case.trace is not None:
                case.tell(
                    EXTRAS, name, None, f"{kind}: {count}, but the contract gives no amount for it here"
                )
            return
        case.pay(EXTRAS, name, each * paid, "bolt_ons", kind)
        if case.trace is not None:
            case.tell(
                EXTRAS, name, each * paid, f"{kind}: {paid} at {money(each)}", {kind: count},
                amount.version(day, case), dated_by,
            )  # fmt: skip

    return add


def extras(block: written.Hourly | written.FixedFee | written.BandedFee) -> Iterator[Step]:
    """Pay named extras as claimed."""
    if not block.extras:
        return

    def add(case: Case) -> None:
        for heading in block.extras:
            pence = case.facts.costs.get(heading)
            if pence:
                case.pay(EXTRAS, block.id, pence, "extras", heading)
                if case.trace is not None:
                    case.tell(EXTRAS, block.id, pence, f"{heading} as claimed")

    yield Step(EXTRAS, add)


def outcome_payment(block: written.OutcomePayment, shop: Workshop) -> Iterator[Step]:
    """Pay for a result: part when the matter closes with it, the rest once it has lasted."""
    amount, name = shop.money(block.amount, block, "amount"), block.id
    results = block.results
    at_closing, on_proof = (
        millionths_of(part) for part in (block.share_at.closing_percent, block.share_at.proof_percent)
    )
    months = block.outcome.lasts_months

    def pay(case: Case) -> None:
        if case.facts.outcome not in results:
            case.tell(
                EXTRAS, name, None, f"outcome is '{case.facts.outcome}', pays for {' or '.join(results)}"
            )
            return
        pence = needed(amount.on(case.day(block.dated_by, name), case), name, "amount")
        mixed = share(pence, _case_mix(block, case), shop.rounded)
        _pay_part(case, name, mixed, at_closing, "at closing", shop.rounded)
        if lasted(case.facts) >= months:
            when = f"on proof that it lasted {months} month{'' if months == 1 else 's'}"
            _pay_part(case, name, mixed, on_proof, when, shop.rounded)

    yield Step(EXTRAS, pay)


def lasted(facts: MatterFacts) -> int:
    """Give for how many whole months a result has been shown to last; -1 where nothing was shown."""
    months = facts.facts.get("lasted_months")
    return months if isinstance(months, int) else -1


def _pay_part(case: Case, name: str, pence: int, millionths: int, when: str, rounded: Rounded) -> None:
    part = share(pence, millionths, rounded)
    case.pay(EXTRAS, name, part, "fees", "outcome")
    if case.trace is not None and part:
        case.tell(EXTRAS, name, part, f"{percent_text(millionths)} of {money(pence)} {when}")


def _case_mix(block: written.OutcomePayment, case: Case) -> int:
    if block.case_mix is None:
        return WHOLE
    hardness = fact_getter(block.case_mix.index)(case)
    found = {
        "easy": block.case_mix.easy_percent,
        "hard": block.case_mix.hard_percent,
    }.get(str(hardness), block.case_mix.usual_percent)
    return millionths_of(found)


def uplift(block: written.Hourly | written.FixedFee, shop: Workshop) -> Iterator[Step]:
    """Add a percentage to what the block itself pays."""
    if block.uplift_percent is None:
        return
    percent = shop.percent(block.uplift_percent, block, "uplift_percent")

    def add(case: Case) -> None:
        add_share(case, block.id, percent.on(case.day(block.dated_by, block.id), case), shop.rounded)

    yield Step(UPLIFTS, add)


def add_share(case: Case, name: str, millionths: int | None, rounded: Rounded) -> None:
    """Add a percentage of what a block pays in its first three phases."""
    base = case.sum_of(lambda entry: entry.block == name and entry.phase <= STAGES)
    pence = share(base, millionths or 0, rounded)
    case.pay(UPLIFTS, name, pence, "fees", "uplift")
    if case.trace is not None:
        case.tell(UPLIFTS, name, pence, f"{percent_text(millionths or 0)} of {money(base)}")


PREMIUM_BASE = frozenset({"fees", "hourly"})
PREMIUMS = frozenset({"premium", "returning"})


def lead_share(case: Case, measure: str) -> int:
    """Give the share of time (or contacts) of the adviser who gave most, in millionths of a percent.

    A forecast of a matter on which nobody has worked yet supposes one adviser.
    """
    facts = case.facts
    given = facts.contacts_by_adviser if measure == "share_of_contacts_by_lead" else facts.by_adviser
    total = add_up(given.values())
    if not total:
        return WHOLE if case.forecast else 0
    return max(given.values()) * WHOLE // total


Rung = tuple[int, Lookup | None, str | None, Lookup | None]


def continuity_premium(block: written.ContinuityPremium, shop: Workshop) -> Iterator[Step]:
    """Add to a fee where one adviser led throughout, and an amount where a client came back."""
    rungs = sorted((_rung(block, step, shop) for step in block.steps), key=lambda rung: -rung[0])
    name, returning = block.id, block.returning_client
    welcome = shop.money(returning.amount, block, "returning_client.amount") if returning else None

    def add(case: Case) -> None:
        day = case.day(block.dated_by, name)
        if rungs:
            _climb(case, block, rungs, day, shop.rounded)
        if welcome is not None and returning is not None:
            months = case.facts.facts.get("months_since_last_matter")
            if isinstance(months, int) and months <= returning.within_months:
                pence = welcome.on(day, case) or 0
                case.pay(EXTRAS, name, pence, "fees", "returning")
                case.tell(EXTRAS, name, pence, f"client returned after {months} months")

    yield Step(UPLIFTS, add)


def _earns_premium(entry: Entry) -> bool:
    return entry.kind in PREMIUM_BASE and entry.heading not in PREMIUMS


def _rung(block: written.ContinuityPremium, step: written.ContinuityStep, shop: Workshop) -> Rung:
    percent = (
        shop.percent(step.add_percent, block, "steps.add_percent") if step.add_percent is not None else None
    )
    amount = shop.money(step.amount, block, "steps.amount") if step.amount is not None else None
    return millionths_of(step.at_least_percent), percent, step.of, amount


def _climb(
    case: Case, block: written.ContinuityPremium, rungs: list[Rung], day: date, rounded: Rounded
) -> None:
    led = lead_share(case, block.measure)
    for least, percent, of, amount in rungs:
        if led >= least:
            pence = (amount.on(day, case) or 0) if amount is not None else 0
            base = add_up(e.pence for e in case.entries if _earns_premium(e) and of in (None, e.block))
            if percent is not None:
                pence += share(base, percent.on(day, case) or 0, rounded)
            case.pay(UPLIFTS, block.id, pence, "fees", "premium")
            if case.trace is not None:
                case.tell(
                    UPLIFTS, block.id, pence,
                    f"lead did {percent_text(led)}, at least {percent_text(least)}",
                    {"lead_share": percent_text(led)},
                )  # fmt: skip
            return
    if case.trace is not None:
        case.tell(
            UPLIFTS, block.id, None, f"lead did {percent_text(led)}, needs {percent_text(rungs[-1][0])}"
        )
