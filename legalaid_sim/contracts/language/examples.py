"""Worked examples: what a designer says must come out, run through the same account as a simulation.

Money is compared exactly. A ``then`` is held only to what it names; lines that it names sum over phases.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from legalaid_sim.contracts.account.account import Account
from legalaid_sim.contracts.account.cash import review
from legalaid_sim.contracts.blocks.cash import StandardMonthly
from legalaid_sim.contracts.kinds.tendering import Bid
from legalaid_sim.contracts.language.exampletable import Expected, table_rows
from legalaid_sim.contracts.pricing.terms import CompiledTerms, compile_terms
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.schema.contract import Example, ExampleBid, ExampleMatter, Given, Then, When
from legalaid_sim.contracts.tools.amounts import pence_of
from legalaid_sim.contracts.tools.case import money
from legalaid_sim.contracts.vocabulary.facts import (
    TIME_HEADINGS,
    Line,
    MatterFacts,
    Payment,
    PeriodFacts,
    ProviderFacts,
    Settlement,
)
from legalaid_sim.errors import Refusal
from legalaid_sim.units import add_months, add_up

MINUTES = 60
PROVIDER_FACTS = ("name", "region", "vat_registered", "heads")


class Part(NamedTuple):
    """What a block does to a figure that differs, in words; ``amount`` in pence or minutes, 0 where it does nothing."""

    block: str
    amount: int
    words: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one expectation of one example came out; ``row`` counts rows of a table from 1.

    ``receipt_line`` is the first line of the receipt that bears on a difference; ``parts`` are the blocks that do.
    """

    example: str
    what: str
    expected: str
    got: str
    row: int = 0
    receipt_line: str = ""
    parts: tuple["Part", ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether what was expected came out."""
        return self.expected == self.got


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
    paid: list[Payment] = field(default_factory=list)
    refusal: Refusal | None = None

    def note(self, ref: str, settled: Settlement) -> None:
        """Keep an answer of the account."""
        self.lines += [(ref, line) for line in settled.lines]
        self.flags += settled.flags
        self.client_pays[ref] = self.client_pays.get(ref, 0) + settled.client_pays
        for burden in settled.burdens:
            minutes = burden.adviser_minutes + burden.admin_minutes
            self.burdens[burden.clause] = self.burdens.get(burden.clause, 0) + minutes


def run_examples(
    contract: Contract, folder: Path | None = None, terms: CompiledTerms | None = None
) -> tuple[Outcome, ...]:
    """Run every example of a contract and give how each expectation came out, in file order.

    ``folder`` is where CSV tables stand. An example that names no expectation gives one outcome that fails.
    """
    terms = terms or compile_terms(contract, folder)
    return tuple(
        outcome for example in contract.examples for outcome in run_example(example, terms, folder or Path())
    )


def run_example(example: Example, terms: CompiledTerms, folder: Path) -> Iterator[Outcome]:
    """Run one example: its story, its table, or both."""
    try:
        if example.table is not None:
            yield from _table(example, terms, folder)
        if example.then is not None:
            played = play(example.given or Given(), example.when, terms)
            yield from (_named(example.name, played, found) for found in _compared(example.then, played))
    except Refusal as refusal:
        yield Outcome(example.name, "example", "an example that can be read", str(refusal))
    if example.then is None and example.table is None:
        yield Outcome(example.name, "then", "an amount or a flag", "nothing is asserted")


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


def _cash(played: Played, payments: tuple[Payment, ...]) -> None:
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
    if not isinstance(block, StandardMonthly):
        raise Refusal("unknown-cash", name, f"'{name}' is no standard_monthly block under cash")
    claims = [pence_of(_decimal(amount)) for amount in given.months.get("claims", ())]
    level = pence_of(_decimal(given.cash.get(name, Decimal(0))))
    stated = given.months.get("payments")
    paid = add_up(pence_of(_decimal(amount)) for amount in stated) if stated else level * len(claims)
    found = review(block, claims, paid, level)
    played.positions[name], played.levels[name] = found.position_percent, found.level


def _decimal(form: Any) -> Decimal:
    return number(form, "example")


# comparing --------------------------------------------------------------------------------------------------

Compared = tuple[str, str, str]


def _compared(then: Then, played: Played) -> Iterator[Compared]:
    if then.refused is not None or played.refusal is not None:
        found = played.refusal
        yield "refused", then.refused or "no refusal", found.code if found else "no refusal"
        return
    yield from _earned(then, played)
    for block, pounds in (then.lines or {}).items():
        pence = add_up(line.pence for _, line in played.lines if line.block == block)
        yield f"lines.{block}", money(pence_of(_decimal(pounds))), money(pence)
    if then.flags is not None:
        yield "flags", _listed(then.flags), _listed(dict.fromkeys(played.flags))
    yield from _tests(then, played)
    for name, percent in (then.position_percent or {}).items():
        yield f"position_percent.{name}", f"{_decimal(percent):.1f}", f"{played.positions.get(name, 0.0):.1f}"
    for name, pounds in (then.cash or {}).items():
        yield f"cash.{name}", money(pence_of(_decimal(pounds))), money(played.levels.get(name, 0))
    for day, pounds in (then.cash_by or {}).items():
        pence = add_up(payment.pence for payment in played.paid if payment.on <= day)
        yield f"cash_by.{day}", money(pence_of(_decimal(pounds))), money(pence)
    for clause, minutes in (then.burden_minutes or {}).items():
        yield f"burden_minutes.{clause}", str(_decimal(minutes)), str(played.burdens.get(clause, 0))
    for ref, pounds in (then.client_pays or {}).items():
        paid = money(played.client_pays.get(ref, 0))
        yield f"client_pays.{ref}", money(pence_of(_decimal(pounds))), paid
    if then.taken_first is not None:
        waiting = sorted(played.matters.values(), key=played.account.rank)
        yield "taken_first", ", ".join(then.taken_first), ", ".join(facts.ref for facts in waiting)
    for ref, manner in (then.permission or {}).items():
        yield f"permission.{ref}", manner, played.permissions.get(ref, "not asked")


def _listed(flags: Any) -> str:
    return ", ".join(sorted(flags)) or "none"


def _earned(then: Then, played: Played) -> Iterator[Compared]:
    if then.earned is None:
        return
    wanted = then.earned if isinstance(then.earned, dict) else {"": then.earned}
    for ref, pounds in wanted.items():
        pence = add_up(line.pence for of, line in played.lines if ref in ("", of))
        yield f"earned.{ref}".rstrip("."), money(pence_of(_decimal(pounds))), money(pence)


def _tests(then: Then, played: Played) -> Iterator[Compared]:
    if then.margin is None and then.scheme is None:
        return
    facts = next(iter(played.matters.values()), MatterFacts("-"))
    priced = played.account.terms.price(facts, played.account.provider, facts.closed)
    for name, pounds in (then.margin or {}).items():
        margin = priced.margins.get(name)
        yield (
            f"margin.{name}",
            money(pence_of(_decimal(pounds))),
            "not tested" if margin is None else money(margin),
        )
    if then.scheme is not None:
        yield "scheme", then.scheme, priced.scheme


def _named(example: str, played: Played, compared: Compared, row: int = 0) -> Outcome:
    what, expected, got = compared
    line = "" if expected == got else _receipt_line(what, played)
    parts = () if expected == got or played.refusal is not None else tuple(_parts(what, played))
    return Outcome(example, what, expected, got, row, line, parts)


def _parts(what: str, played: Played) -> Iterator[Part]:
    """Give the blocks by which a figure came out as it did, and the payments that gave nothing, with the reason."""
    kind, _, name = what.partition(".")
    if kind == "burden_minutes":
        yield from (
            Part(clause, minutes, f"this asks for {minutes} minutes")
            for clause, minutes in played.burdens.items()
        )
    if kind not in ("earned", "lines"):
        return
    sums: dict[str, int] = {}
    for ref, line in played.lines:
        if name in ("", ref, line.block):
            sums[line.block] = sums.get(line.block, 0) + line.pence
    yield from (Part(block, pence, f"this gives {money(pence)}") for block, pence in sums.items())
    facts = played.matters.get(name) or next(iter(played.matters.values()), None)
    for block, why in played.account.receipt(facts).not_applied if facts is not None else ():
        if block not in sums:
            yield Part(block, 0, f"this did not apply: {why}")


def _receipt_line(what: str, played: Played) -> str:
    """Say what the figure that differs is made of: the blocks, duties or payments, or the block's own step."""
    if played.refusal is not None:
        return str(played.refusal)
    kind, _, name = what.partition(".")
    if kind == "earned":
        return _made_of([(line.block, line.pence) for ref, line in played.lines if name in ("", ref)])
    if kind == "burden_minutes":
        return (
            ", ".join(f"{clause} {minutes}" for clause, minutes in played.burdens.items()) or "no duty fell"
        )
    if kind in ("cash", "cash_by"):
        paid = (f"{payment.on} {payment.block} {money(payment.pence)}" for payment in played.paid)
        return ", ".join(paid) or "nothing was paid"
    return _step(name, played)


def _made_of(lines: list[tuple[str, int]]) -> str:
    sums: dict[str, int] = {}
    for block, pence in lines:
        sums[block] = sums.get(block, 0) + pence
    return ", ".join(f"{block} {money(pence)}" for block, pence in sums.items()) or "no block paid"


def _step(block: str, played: Played) -> str:
    """Give the step of a receipt that a block took, or why it took none."""
    facts = next(iter(played.matters.values()), None)
    if facts is None:
        return ""
    receipt = played.account.receipt(facts)
    step = next((step for step in receipt.steps if step.block == block), None)
    if step is None:
        why = dict(receipt.not_applied).get(block)
        return f"{block} did not apply: {why}" if why else ""
    return f"{step.phase} {step.block}: {step.how}" + (
        "" if step.pence is None else f" = {money(step.pence)}"
    )


# tables -----------------------------------------------------------------------------------------------------


def _table(example: Example, terms: CompiledTerms, folder: Path) -> Iterator[Outcome]:
    assert example.table is not None
    base = dict((example.given_each or Given()).provider)
    for number, row in enumerate(table_rows(example.table, folder), start=1):
        provider = provider_of({**base, **row.provider})
        receipt = terms.receipt(row.facts, provider, row.facts.closed or row.facts.opened)
        for what, expected, got in _row_compared(row.expected, receipt, terms, row.facts, provider):
            first = "" if expected == got or not receipt.steps else receipt.steps[0].how
            yield Outcome(example.name, what, expected, got, number, first or str(receipt.refusal or ""))


def _row_compared(
    expected: Expected, receipt: Any, terms: CompiledTerms, facts: MatterFacts, provider: ProviderFacts
) -> Iterator[Compared]:
    if expected.refused or receipt.refusal is not None:
        found = receipt.refusal
        yield "refused", expected.refused or "no refusal", found.code if found else "no refusal"
        return
    priced = terms.price(facts, provider, facts.closed or facts.opened)
    if expected.earned is not None:
        yield "earned", money(expected.earned), money(priced.earned)
    if expected.scheme:
        yield "scheme", expected.scheme, priced.scheme
    for flag, raised in expected.flags.items():
        yield f"flag.{flag}", str(raised).lower(), str(flag in priced.flags).lower()
    for block, pence in expected.lines.items():
        yield f"lines.{block}", money(pence), money(receipt.by_block.get(block, 0))
    for name, pence in expected.sums.items():
        found = add_up(entry.pence for entry in priced.entries if name in (entry.kind, entry.heading))
        yield name, money(pence), money(found)
    for name, pence in expected.margins.items():
        yield f"margin.{name}", money(pence), money(priced.margins.get(name, 0))
