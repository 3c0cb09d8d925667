"""A worked example lived through the same account as a simulation, event by event."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.kinds.payments.tendering import Bid
from legalaid_sim.contracts.kinds.registry import CASH
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.schema.contract import ExampleBid, ExampleMatter, Given, When
from legalaid_sim.contracts.tools.amounts import pence_of
from legalaid_sim.contracts.vocabulary.facts import (
    TIME_HEADINGS,
    CashPayment,
    Line,
    MatterFacts,
    PeriodFacts,
    ProviderFacts,
    Settlement,
)
from legalaid_sim.errors import Refusal
from legalaid_sim.units import add_months, add_up

MINUTES = 60
PROVIDER_FACTS = ("name", "region", "vat_registered", "heads")


@dataclass(slots=True)
class Played:
    """What happened while an example ran, as far as a ``then`` can ask for it."""

    account: Account
    matters: dict[str, MatterFacts]
    lines: list[tuple[str, Line]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    burdens: dict[str, int] = field(default_factory=dict)
    client_pays: dict[str, int] = field(default_factory=dict)
    permissions: dict[str, str] = field(default_factory=dict)
    positions: dict[str, float] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    paid: list[CashPayment] = field(default_factory=list)
    refusal: Refusal | None = None

    def note(self, ref: str, settled: Settlement) -> None:
        """Keep an answer of the account."""
        self.lines += [(ref, line) for line in settled.lines]
        self.flags += settled.flags
        self.client_pays[ref] = self.client_pays.get(ref, 0) + settled.client_pays
        for burden in settled.burdens:
            minutes = burden.adviser_minutes + burden.admin_minutes
            self.burdens[burden.clause] = self.burdens.get(burden.clause, 0) + minutes


def play(given: Given, when: tuple[When, ...], terms: CompiledTerms) -> Played:
    """Live through an example's events in order."""
    provider = bidding(provider_of(given.provider), given.bids)
    starts = min([terms.starts, *(m.opened for m in given.matters if m.opened)])
    played = Played(Account(terms, provider, starts), {})
    _cash(played, played.account.cash_ahead(max(starts, terms.starts)))
    try:
        for matter in given.matters:
            facts = matter_of(matter)
            played.matters[facts.ref] = facts
            _open(played, facts, facts.opened or starts)
        for event in _in_order(when):
            _happen(event, played, given)
    except Refusal as refusal:
        played.refusal = refusal
    return played


def _in_order(when: tuple[When, ...]) -> Iterator[When]:
    last = date.min
    for event in when:
        if event.on < last:
            raise Refusal(
                "bad-example", "when", f"put events in order of day; {event.on} stands below {last}"
            )
        last = event.on
        yield event


def provider_of(given: Mapping[str, Any]) -> ProviderFacts:
    """Read who holds the contract; what is no fixed fact becomes one that conditions may ask for."""
    facts = {name: value for name, value in given.items() if name not in PROVIDER_FACTS}
    registered = given.get("vat_registered", False)
    if not isinstance(registered, bool):
        raise Refusal("bad-example", "vat_registered", f"write true or false, found {registered!r}")
    return ProviderFacts(
        str(given.get("name", "provider")), str(given.get("region", "elsewhere")), registered,
        whole(given.get("heads", 0), "heads"), facts,
    )  # fmt: skip


def bidding(provider: ProviderFacts, bids: Sequence[ExampleBid]) -> ProviderFacts:
    """Tell a provider of the bids in a tender; the one under its own name is its own."""
    if not bids:
        return provider
    made = tuple(Bid(one.name, pence_of(one.price), Fraction(one.quality), one.region) for one in bids)
    own = {name: value for bid in made if bid.name == provider.name for name, value in _own(bid)}
    return replace(provider, facts={**provider.facts, **own, "bids": made})


def _own(bid: Bid) -> Iterator[tuple[str, object]]:
    yield from (("bid", bid.pence), ("quality", bid.quality))


def number(value: Any, key: str) -> Decimal:
    """Read a plain number of an example, or refuse it."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Refusal("bad-example", key, f"a plain number is needed, found {value!r}")
    return Decimal(value)


def whole(value: Any, key: str) -> int:
    """Read a whole number of an example, or refuse it."""
    found = number(value, key)
    if found != int(found):
        raise Refusal("bad-example", key, f"a whole number is needed, found {value}")
    return int(found)


def pence_in(value: Any, key: str) -> int:
    """Read an amount of money of an example, or refuse it."""
    return pence_of(number(value, key))


def matter_of(given: ExampleMatter) -> MatterFacts:
    """Read a matter of an example."""
    facts = MatterFacts(
        given.ref, given.category, given.fee_code, given.region, given.channel, given.opened,
        client=given.client,         reopened=given.reopened, facts=dict(given.facts),
    )  # fmt: skip
    if given.type is not None:
        facts.facts["type"] = given.type
    return facts


def _open(played: Played, facts: MatterFacts, on: date) -> None:
    played.permissions[facts.ref] = played.account.may_open(facts, on).manner
    if played.permissions[facts.ref] == "yes":
        played.note(facts.ref, played.account.opened(facts, on))


def _happen(event: When, played: Played, given: Given) -> None:
    for name in type(event).model_fields:
        details = getattr(event, name)
        if name == "on" or details is None:
            continue
        if name == "review":
            _review(str(details), played, given)
        else:
            told = details if isinstance(details, dict) else details.model_dump(exclude_unset=True)
            EVENTS[name](played, event.on, dict(told))


def _facts(played: Played, details: dict[str, Any]) -> MatterFacts:
    ref = details.pop("ref", None)
    if ref is None and len(played.matters) == 1:
        return next(iter(played.matters.values()))
    if ref not in played.matters:
        raise Refusal("unknown-matter", str(ref), f"the example names no matter '{ref}'")
    return played.matters[ref]


def work(facts: MatterFacts, details: Mapping[str, Any]) -> None:
    """Add work: ``profit_costs`` in pounds, ``profit_minutes`` or ``_hours``, by an ``adviser``."""
    minutes = 0
    for key, value in details.items():
        heading, _, kind = key.rpartition("_")
        if kind == "costs":
            facts.costs[heading] = facts.costs.get(heading, 0) + pence_in(value, key)
        elif key in ("minutes", "hours") or kind in ("minutes", "hours"):
            if heading not in ("", *TIME_HEADINGS):
                known = ", ".join(TIME_HEADINGS)
                raise Refusal(
                    "unknown-work", key, f"no time is spent under '{heading}'; headings of time: {known}"
                )
            worked = int(number(value, key) * (MINUTES if key.endswith("hours") else 1))
            if worked < 0:
                raise Refusal("bad-example", key, f"time worked is 0 or more, found {value}")
            facts.minutes[heading or "profit"] = facts.minutes.get(heading or "profit", 0) + worked
            minutes += worked
        elif key != "adviser":
            raise Refusal(
                "unknown-work", key, "work_done takes <heading>_costs, <heading>_minutes or <heading>_hours"
            )
    who = str(details.get("adviser", "first"))
    facts.by_adviser[who] = facts.by_adviser.get(who, 0) + minutes


def _work(played: Played, on: date, details: dict[str, Any]) -> None:
    facts = _facts(played, details)
    work(facts, details)
    played.note(facts.ref, played.account.event("work_done", facts, on))


def _disburse(played: Played, on: date, details: dict[str, Any]) -> None:
    facts = _facts(played, details)
    heading = str(details.get("kind", "disbursements"))
    net, vat = (pence_in(details.get(key, 0), key) for key in ("net", "vat"))
    units = whole(details["units"], "units") if "units" in details else None
    played.account.laid_out(facts, heading, net, vat, units)


def _opened(played: Played, on: date, details: dict[str, Any]) -> None:
    if details.get("ref") in played.matters:
        facts = _facts(played, details)
    else:
        facts = _new_matter(on, details)
        played.matters[facts.ref] = facts
    _open(played, facts, on)


def _new_matter(on: date, details: dict[str, Any]) -> MatterFacts:
    unknown = [key for key in details if key not in ExampleMatter.model_fields]
    if unknown:
        raise Refusal("bad-example", unknown[0], f"a matter has no '{unknown[0]}'; put it under facts")
    try:
        return matter_of(ExampleMatter.model_validate({"opened": on, **details}))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise Refusal("bad-example", ".".join(map(str, first["loc"])), first["msg"]) from None


def _close(played: Played, on: date, details: dict[str, Any]) -> None:
    facts = _facts(played, details)
    facts.closed = on
    facts.outcome = str(details.pop("outcome", facts.outcome))
    facts.facts.update(details)
    played.note(facts.ref, played.account.closed(facts, on))


def _month(played: Played, on: date, details: dict[str, Any]) -> None:
    seen, spent = details.pop("seen", {}), details.pop("spent", Decimal(0))
    period = PeriodFacts(on.replace(day=1), on, **details)
    period.sittings = tuple((desk, clients) for desk, each in seen.items() for clients in each)
    period.sessions = period.sessions or len(period.sittings)
    period.spent = pence_of(spent)
    period.measures = {name: float(value) for name, value in period.measures.items()}
    played.note("", played.account.month_ended(period))
    _cash(played, played.account.cash_due(on))


def _cash(played: Played, payments: tuple[CashPayment, ...]) -> None:
    """Keep what each cash rule paid at a month's end, or on the first day; a month without pay keeps what was."""
    sums: dict[str, int] = {}
    played.paid += payments
    for payment in payments:
        sums[payment.block] = sums.get(payment.block, 0) + payment.pence
    played.levels |= sums


def _recorded(played: Played, on: date, details: dict[str, Any]) -> None:
    """Record an outcome, and for how many whole months it is proved to have lasted: no longer than it can have."""
    facts = _facts(played, details)
    known = ("outcome", "lasted_months")
    unknown = next((key for key in details if key not in known), None)
    if unknown is not None:
        why = f"outcome_recorded takes ref, {' and '.join(known)}; lasted_months says how long it has lasted"
        raise Refusal("bad-example", unknown, why)
    if "lasted_months" in details:
        details["lasted_months"] = months = whole(details["lasted_months"], "lasted_months")
        if months < 0:
            raise Refusal("bad-example", "lasted_months", f"months are 0 or more, found {months}")
        if facts.closed is None or add_months(facts.closed, months) > on:
            ended = f"ended on {facts.closed}" if facts.closed else "has not ended"
            why = f"the matter {ended}, so by {on} no result can have lasted {months} months"
            raise Refusal("bad-example", "lasted_months", why)
    played.note(facts.ref, played.account.event("outcome_recorded", facts, on, **details))


def _passing(kind: str) -> Any:
    def happen(played: Played, on: date, details: dict[str, Any]) -> None:
        of_matter = played.matters and (kind not in OF_THE_CONTRACT or "ref" in details)
        facts = _facts(played, details) if of_matter else MatterFacts("-")
        if kind == "authority_asked" and "requested" in details:
            details["requested"] = pence_in(details["requested"], "requested")
        if "u" in details:
            details["u"] = tuple(float(number) for number in details["u"])
        played.note(facts.ref, played.account.event(kind, facts, on, **details))

    return happen


OF_THE_CONTRACT = ("audit_held", "return_late")
PASSED_ON = (
    "first_contact", "stage_reached", "event_happened", "authority_asked", "audit_held", "return_late",
    "call_answered", "claim_assessed", "duty_missed", "disbursements_claimed", "client_switched",
)  # fmt: skip


EVENTS = {
    "work_done": _work,
    "disbursement": _disburse,
    "matter_opened": _opened,
    "matter_closed": _close,
    "month_ended": _month,
    "outcome_recorded": _recorded,
    **{kind: _passing(kind) for kind in PASSED_ON},
}


def _review(name: str, played: Played, given: Given) -> None:
    blocks = {block.id: block for block in played.account.terms.contract.cash}
    block = blocks.get(name)
    review = CASH[block.kind].review if block else None
    if block is None or review is None:
        raise Refusal("unknown-cash", name, f"'{name}' is no standard_monthly block under cash")
    claims = [pence_of(plain_number(amount)) for amount in given.months.get("claims", ())]
    level = pence_of(plain_number(given.cash.get(name, Decimal(0))))
    stated = given.months.get("payments")
    paid = add_up(pence_of(plain_number(amount)) for amount in stated) if stated else level * len(claims)
    found = review(block, claims, paid, level)
    played.positions[name], played.levels[name] = found.position_percent, found.level


def plain_number(form: Any) -> Decimal:
    """Read a plain number of an example, or refuse it."""
    return number(form, "example")
