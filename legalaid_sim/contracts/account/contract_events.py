"""What an account answers to events: stages, results, calls, assessments, requests, audits, lateness.

Each answer is a function of the account, the matter, the day and the details; chance is among the
details, as ``u``, and none is drawn here.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from legalaid_sim.contracts.account.duties import burdens
from legalaid_sim.contracts.account.standing import NILS, assessment_of, reassessed
from legalaid_sim.contracts.kinds.controls.audit import GRAVE, Audit, AuditFinding, AuditWatch
from legalaid_sim.contracts.kinds.payments.fixed_fee import FixedFee
from legalaid_sim.contracts.kinds.payments.outcome_payment import lasted
from legalaid_sim.contracts.kinds.registry import DUTIES
from legalaid_sim.contracts.tools.amounts import pence_of
from legalaid_sim.contracts.tools.pricing_state import BASE, PERIOD, PricingState
from legalaid_sim.contracts.vocabulary.facts import EMPTY, Burden, Line, MatterFacts, Settlement
from legalaid_sim.units import months_between

# For the checker alone: an account calls these answers, and is given to them.
if TYPE_CHECKING:
    from legalaid_sim.contracts.account.account import Account

Details = dict[str, Any]
Answering = Callable[["Account", MatterFacts, date, Details], Settlement]


def stage_reached(account: "Account", facts: MatterFacts, on: date, details: Details) -> Settlement:
    """Note the stage in the facts, and pay what is earned on stages."""
    stages = facts.facts.setdefault("stages", [])
    if isinstance(stages, list) and details.get("stage") not in stages:
        stages.append(details.get("stage"))
    return account.running("stage_reached", facts, on)


def event_happened(account: "Account", facts: MatterFacts, on: date, details: Details) -> Settlement:
    """Count the event in the facts, and pay what is earned on events."""
    kind = str(details.get("event", ""))
    facts.counts[kind] = facts.counts.get(kind, 0) + int(details.get("times", 1))
    return account.running("event_happened", facts, on)


def outcome_recorded(account: "Account", facts: MatterFacts, on: date, details: Details) -> Settlement:
    """Note the outcome, and for how many months it is proved to have lasted; pay what that adds to a closed matter."""
    facts.outcome = str(details.get("outcome", facts.outcome))
    if "lasted_months" in details:
        facts.facts["lasted_months"] = max(lasted(facts), int(details["lasted_months"]))
    rules = account.duties.get("outcome_recorded")
    asked = burdens(rules, facts, on) if rules else ()
    if not account.remembers or facts.closed is None:
        return Settlement((), asked) if asked else EMPTY
    return account.settle_again(facts, on, asked)


def call_answered(account: "Account", facts: MatterFacts, on: date, details: Details) -> Settlement:
    """Pay a first contact by telephone."""
    lines = tuple(line for fee in account.calls for line in fee.price(facts, on, details))
    account.cashbook.enter(lines, on)
    return Settlement(lines)


def claim_assessed(account: "Account", facts: MatterFacts, on: date, details: Details) -> Settlement:
    """Pay what waited for the assessment of an escaped claim, and take off what the assessor disallows.

    Both with the tax they bear; a claim is assessed once, and as it was made. A limit over all matters counts
    what is paid on assessment, and what comes off later frees none of it.
    """
    claim = account.standing.waiting.pop(facts.ref, None)
    if claim is None:
        return EMPTY
    u = float(_first(details.get("u")))
    results = {block.id: _assessed(block, u) for block in claim.blocks}
    due, off = reassessed(account.terms, account.provider, claim, results)
    # What is due bears tax as all of it does that is paid in full.
    whole = PricingState(
        claim.facts, account.provider, account.terms.starts, claim.on, claim.ranks,
        assessed=dict.fromkeys(results, "paid_in_full"),
    )  # fmt: skip
    account.terms.run(whole)
    due, flags = account.ceilings.hold(due, on, facts.client or facts.ref, whole)
    account.later(facts.ref, due, on)
    for envelope in account.ceilings.envelopes:
        off = account.standing.never_below(facts.ref, off, envelope.id)
    account.later(facts.ref, off, on)
    return Settlement((*due, *off), (), (*(f"assessment:{result}" for result in results.values()), *flags))


def _assessed(block: FixedFee, u: float) -> str:
    terms = assessment_of(block)
    return _result(terms.outcomes_percent if terms else {}, u)


def authority_asked(account: "Account", facts: MatterFacts, on: date, details: Details) -> Settlement:
    """Ask to pass a limit."""
    name = details.get("authority") or next(iter(account.authorities), "")
    if name not in account.authorities:
        return EMPTY
    block = account.authorities[name]
    decision = account.admission.authority(
        facts, on, name, int(details.get("requested", 0)), details.get("u", (0.0, 1.0))
    )
    flag = f"authority:{decision.result}"
    return Settlement((), (Burden(name, block.asked.minutes, 0, decision.on),), (flag,))


def audit_held(account: "Account", facts: MatterFacts, on: date, details: Details) -> Settlement:
    """Hold the audit named (or the first), and take back what it finds."""
    wanted = details.get("audit")
    for audit in account.audits:
        if wanted in (None, audit.block.id):
            return _audited(account, audit, on, details)
    return EMPTY


def _audited(account: "Account", audit: AuditWatch, on: date, details: Details) -> Settlement:
    found = audit.hold(tuple(details.get("u", ())), on, bool(details.get("appeals", False)))
    lines = (Line(PERIOD, audit.block.id, -found.recovered),) if found.recovered else ()
    account.cashbook.enter(lines, on)
    if found.audit_class >= GRAVE:
        account.watch.note("audit_class_3")
    return Settlement(
        lines, tuple(_audit_work(audit.block, found, on)), (f"audit_class:{found.audit_class}",)
    )


def _audit_work(block: Audit, found: AuditFinding, on: date) -> Iterator[Burden]:
    """Give the work of an audit: the sampled files at once, an appeal within its days."""
    if found.files and block.burden.provider_minutes_per_file:
        yield Burden(block.id, found.files * block.burden.provider_minutes_per_file, 0, on)
    if found.appealed and block.appeal is not None and block.appeal.minutes_per_file:
        due = on + timedelta(days=block.appeal.within_days)
        yield Burden(block.id, found.files * block.appeal.minutes_per_file, 0, due)


def disbursements_claimed(account: "Account", facts: MatterFacts, on: date, details: Details) -> Settlement:
    """Pay disbursements so far, where enough months have passed since opening or the last such claim."""
    if not account.in_stages or facts.opened is None:
        return EMPTY
    last = account.claimed_on.get(facts.ref)
    months = months_between(last or facts.opened, on)
    if any(
        months < (rule.then_every_months if last else rule.not_before_months) for rule in account.in_stages
    ):
        return Settlement((), (), ("claimed_too_early",))
    account.claimed_on[facts.ref] = on
    return account.settle(facts, on, "claimed", ())


def client_switched(account: "Account", facts: MatterFacts, on: date, details: Details) -> Settlement:
    """Pay for handing over a client who takes a budget elsewhere, out of it; no work after the notice draws on it."""
    account.purses.goes(facts, on)
    case, lines = PricingState(facts, account.provider, account.terms.starts, on), []
    for budget in account.terms.budgets:
        fee = account.terms.library.lookup(budget.switch.fee, pence_of, f"{budget.id}.switch.fee").on(
            on, case
        )
        if pence := account.purses.bear(budget, facts, on, fee or 0):
            lines.append(Line(BASE, budget.id, pence))
    account.cashbook.enter(lines, on)
    return Settlement(tuple(lines))


def return_late(account: "Account", facts: MatterFacts, on: date, details: Details) -> Settlement:
    """Let a late return delay cash and count toward sanctions."""
    account.watch.note("late_returns")
    flags = ["return_late"]
    blocks = [rule.block for rule in account.returns if details.get("clause") in (None, rule.block.id)]
    for terms in filter(None, (DUTIES[block.kind].if_late(block) for block in blocks)):
        if terms.does == "delay_cash":
            account.cashbook.delay(terms.months)
        if "notice" in (terms.does, terms.then):
            flags.append("notice")
    return Settlement((), (), tuple(flags))


def duty_missed(account: "Account", facts: MatterFacts, on: date, details: Details) -> Settlement:
    """Note a duty that was not done: for an audit to find, or with what follows at once."""
    for block in account.terms.contract.duties:
        follows = DUTIES[block.kind].if_missed(block)
        if follows is not None and block.id == details.get("clause"):
            return _missed(account, follows, facts, on)
    return EMPTY


def _missed(account: "Account", follows: Any, facts: MatterFacts, on: date) -> Settlement:
    nils = follows.does in NILS
    if nils and follows.found_by == "audit":
        for audit in account.audits:
            audit.missed_duties.add(facts.ref)
        return EMPTY
    if nils and facts.closed is not None:
        lines = account.standing.everything(facts.ref)
        account.later(facts.ref, lines, on)
        return Settlement(lines, (), ("nilled",))
    if follows.does == "delay_cash":
        account.cashbook.delay(1)
    return Settlement((), (), ("duty_missed",))


def _first(u: Any) -> Any:
    return u[0] if isinstance(u, tuple | list) else u or 0.0


def _result(outcomes: Any, u: float) -> str:
    reached, roll = 0.0, u * 100
    for name, percent in outcomes.items():
        reached += float(percent)
        if roll < reached:
            return str(name)
    return "paid_in_full"


ANSWERS: Mapping[str, Answering] = {
    "disbursements_claimed": disbursements_claimed,
    "client_switched": client_switched,
    "stage_reached": stage_reached,
    "event_happened": event_happened,
    "outcome_recorded": outcome_recorded,
    "call_answered": call_answered,
    "claim_assessed": claim_assessed,
    "authority_asked": authority_asked,
    "audit_held": audit_held,
    "return_late": return_late,
    "duty_missed": duty_missed,
}
