"""Payments in plain English, one function for each kind of block."""

from collections.abc import Callable, Iterator
from typing import Any

from legalaid_sim.contracts.language.english.words import (
    BREACHES,
    at_percent,
    conditions,
    listed,
    said,
    words,
)
from legalaid_sim.contracts.schema import Contract

Say = Callable[[Any, Contract], Iterator[str]]


def _hourly(block: Any, contract: Contract) -> Iterator[str]:
    rates = [f"{words(heading)} at {said(rate, contract)} an hour" for heading, rate in block.rates.items()]
    yield listed(rates) or "costs are paid as claimed"
    if block.rates:
        unit = block.time_unit
        yield f"time counts in units of {unit.minutes} minutes, a part of one {unit.part_unit}"
    yield from (f"{said(amount, contract)} for each {words(item)}" for item, amount in block.items.items())
    yield from _additions(block, contract)


def _fixed_fee(block: Any, contract: Contract) -> Iterator[str]:
    yield f"{said(block.amount, contract)} a matter, whatever the work"
    yield from (
        f"{said(amount, contract)} for the {words(item)} is bundled in"
        for item, amount in block.bundled.items()
    )
    yield from _additions(block, contract)
    if block.escape is not None:
        yield from _escape(block.escape, contract)


def _additions(block: Any, contract: Contract) -> Iterator[str]:
    for name, bolt_on in getattr(block, "bolt_ons", {}).items():
        amount = (
            said(bolt_on.amount, contract)
            if bolt_on.amount is not None
            else f"the table's {words(bolt_on.column or name)}"
        )
        yield (
            f"plus {amount} for each {words(name)}"
            if bolt_on.per == "event"
            else f"plus {amount} for {words(name)}"
        )
    if getattr(block, "extras", ()):
        yield f"plus {listed(words(extra) for extra in block.extras)} as claimed"
    if getattr(block, "uplift_percent", None) is not None:
        yield f"raised by {said(block.uplift_percent, contract)} percent"


ESCAPES = {
    "all_at_hourly": "the whole matter is paid at hourly rates",
    "excess": "{} percent of what is above it is paid as well",
    "on_assessment": "a flag is raised, and all of it is paid at hourly rates once the claim is assessed",
    "flag_only": "a flag is raised and the fee stays what is paid until the claim is assessed",
}


def _escape(escape: Any, contract: Contract) -> Iterator[str]:
    measured = listed(words(heading) for heading in escape.measured_on)
    less = f" less {listed(words(item) for item in escape.less)}" if escape.less else ""
    then = ESCAPES[escape.pays]
    then = then.format(said(escape.share_percent, contract)) if escape.pays == "excess" else then
    yield f"when {measured}{less} comes to more than {said(escape.over, contract)}, {then}"
    if escape.assessment is not None and escape.assessment.minutes:
        yield f"the assessment of such a claim takes {escape.assessment.minutes} minutes to prepare"


def _banded(block: Any, contract: Contract) -> Iterator[str]:
    yield f"the fee follows {words(block.band_by)}"
    for band in block.bands:
        reach = _reach(band.at_most, "from", band.at_least)
        flat = f"{said(band.amount, contract)}" if band.amount is not None else ""
        hourly = f"{said(band.hourly, contract)} an hour" if band.hourly is not None else ""
        yield f"{reach}: {listed(filter(None, (flat, hourly)))}"


def _reach(up_to: Any, word: str, start: Any) -> str:
    if up_to is not None:
        return f"up to {up_to}" if start is None else f"{word} {start} up to {up_to}"
    return "beyond that" if start is None else f"{word} {start}"


def _triage(block: Any, contract: Contract) -> Iterator[str]:
    yield f"{said(block.amount, contract)} a call"
    if block.answer is not None and block.answer.else_no_fee:
        yield f"nothing when it is not answered within {block.answer.within_minutes} minutes"
    if block.determination is not None:
        most = said(block.determination.at_most, contract)
        yield f"at most {most} where the caller is found {words(block.determination.when)}"
    for result, passed in block.passes_on.items():
        yield f"{said(passed.amount, contract)} when {words(result)}"


def _staged(block: Any, contract: Contract) -> Iterator[str]:
    yield listed(f"{said(stage.amount, contract)} for {words(stage.stage)}" for stage in block.stages)
    for reason, ends in block.ends_early.items():
        share = said(ends.pays_percent, contract)
        yield f"{share} percent of {words(ends.stage)} when it ends early because of {words(reason)}"


def _graduated(block: Any, contract: Contract) -> Iterator[str]:
    drivers = [_driver(driver, contract) for driver in block.drivers]
    if len(drivers) == 1:
        yield drivers[0]
    else:
        yield f"{'the larger' if block.combine == 'max' else 'the sum'} of: {'; '.join(drivers)}"
    for uplift in block.uplifts:
        holds = conditions(uplift.when, "where ").rstrip(": ")
        yield f"raised by {said(uplift.add_percent, contract)} percent {holds}"


def _driver(driver: Any, contract: Contract) -> str:
    base = f"{said(driver.base.amount, contract)} from {driver.base.at_least} {words(driver.by)}"
    if driver.then is None:
        return base
    return f"{base}, then {said(driver.then.each, contract)} for each from {driver.then.at_least}"


def _grant(block: Any, contract: Contract) -> Iterator[str]:
    each = " for each full-time adviser" if block.for_each == "adviser" else ""
    yield f"{said(block.amount, contract)} per {words(block.per)}{each}, in monthly parts"
    if block.buys is not None:
        yield f"it buys {said(block.buys.hours, contract)} hours, counted on {words(block.buys.counted_on)}"
    if block.shortfall is not None:
        spared = said(block.shortfall.tolerance_percent, contract)
        price = said(block.shortfall.recover_at, contract)
        yield f"hours not given beyond {spared} percent are paid back at {price} each"
    if block.surplus is not None:
        yield f"hours beyond those bought are paid at {said(block.surplus.pay_at, contract)} each"
    yield from _held_in_trust(block, contract)


def _held_in_trust(block: Any, contract: Contract) -> Iterator[str]:
    if block.passed_on is not None:
        yield f"{said(block.passed_on.percent, contract)} percent of it is passed on to {words(block.passed_on.to)}"
    if block.unspent is not None:
        spared = said(block.unspent.tolerance_percent, contract)
        yield f"money that is not spent by the year's end goes back, beyond {spared} percent of the year's"


def _capitation(block: Any, contract: Contract) -> Iterator[str]:
    yield f"{said(block.amount, contract)} per {words(block.per)}, whoever comes"
    if block.access_floor is not None:
        floor = said(block.access_floor.clients_seen_per_1000, contract)
        cut = said(block.access_floor.below.reduce_percent, contract)
        yield f"below {floor} clients seen per 1,000 heads, {cut} percent less for each point"
    if block.must_accept is not None:
        yield "the provider must take those who come" + (
            f", unless {words(block.must_accept.unless)}" if block.must_accept.unless else ""
        )
    every = block.heads.counted_every_years
    if every is not None:
        yield f"heads are counted again every {every} year{'' if every == 1 else 's'}"
    yield from _held_in_trust(block, contract)


def _outcome(block: Any, contract: Contract) -> Iterator[str]:
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


def _continuity(block: Any, contract: Contract) -> Iterator[str]:
    for step in block.steps:
        if step.add_percent is None and step.amount is None:
            continue
        reach = f"where {words(block.measure)} is at least {at_percent(step.at_least_percent)}"
        if step.add_percent is not None:
            of = f" of {step.of}" if step.of else ""
            yield f"{reach}, {said(step.add_percent, contract)} percent{of} on top"
        if step.amount is not None:
            yield f"{reach}, {said(step.amount, contract)} on top"
    if block.returning_client is not None:
        back = block.returning_client
        yield f"{said(back.amount, contract)} for a client who comes back within {back.within_months} months"


def _budget(block: Any, contract: Contract) -> Iterator[str]:
    yield f"the client holds {said(block.grants.amount, contract)} per {words(block.grants.per)}"
    yield f"work draws on it at {said(block.spends_on.price, contract)} per {block.spends_on.per}"
    if block.broker is not None:
        yield f"{said(block.broker.amount, contract)} for help with choosing, {block.broker.minutes} minutes"
    unspent = block.unspent
    yield f"what is not spent after {unspent.after_months} months goes to the {unspent.returns_to}"


def _tendered(block: Any, contract: Contract) -> Iterator[str]:
    method = words(block.award.method)
    yield f"{said(block.amount, contract)} per {block.unit_of_work}, the price awarded by {method}"
    if block.award.bid_between:
        yield f"bids lie between {block.award.bid_between[0]} and {block.award.bid_between[1]}"
    if block.award.volume_guarantee_percent is not None:
        yield f"{at_percent(block.award.volume_guarantee_percent)} of the volume is guaranteed"


def _disbursements(block: Any, contract: Contract) -> Iterator[str]:
    yield f"{said(block.pays_percent, contract)} percent of what was paid out for the client comes back"
    for kind, terms in block.kinds.items():
        if terms.rate is not None:
            yield f"{words(kind)} at {said(terms.rate, contract)} per {terms.per}"
        if terms.at_most is not None:
            most = said(terms.at_most.amount, contract)
            yield f"{words(kind)} at most {most} per {words(terms.at_most.per)}"


def _tiers(block: Any, contract: Contract) -> Iterator[str]:
    yield f"the price follows {words(block.counts)} in the {words(block.per)} ({block.style})"
    for tier in block.tiers:
        reach = _reach(tier.at_most, "over", tier.over)
        yield f"{reach}: {said(tier.amount, contract)}"


def _limit(block: Any, contract: Contract) -> Iterator[str]:
    over = f"of {listed(block.on.payments)} per {words(block.per)}"
    if block.at_most is None and block.at_least is None:
        yield f"this is about what is earned {over}"
    if block.at_most is not None:
        yield f"at most {said(block.at_most.amount, contract)} {over}; {BREACHES[block.at_most.on_breach]}"
    if block.at_least is not None:
        when = words(block.at_least.pays_difference)
        yield f"at least {said(block.at_least.amount, contract)} {over}; the difference is paid at {when}"
    if block.ratchet is not None:
        share, months = said(block.ratchet.floor_is_percent, contract), block.ratchet.looking_back_months
        yield f"the floor is {share} percent of the best of the last {months} months"


def _standing(block: Any, contract: Contract) -> Iterator[str]:
    terms = block.sessions
    yield f"{said(block.amount, contract)} a {block.per}{'' if block.per != 'client' else ' seen at a session'}"
    if terms is None:
        return
    if terms.desk is not None:
        yield f"at the desk '{terms.desk}'"
    if terms.least_clients is not None:
        yield f"a session at which fewer are seen is paid as {said(terms.least_clients, contract)}"
    if terms.per_month is not None:
        most = "at most " if terms.attended_needed or block.per == "client" else ""
        yield f"{most}{said(terms.per_month, contract)} sessions a month"


PAYMENTS: dict[str, Say] = {
    "hourly": _hourly,
    "fixed_fee": _fixed_fee,
    "banded_fee": _banded,
    "triage": _triage,
    "staged_fee": _staged,
    "graduated_fee": _graduated,
    "block_grant": _grant,
    "capitation": _capitation,
    "outcome_payment": _outcome,
    "continuity_premium": _continuity,
    "personal_budget": _budget,
    "tendered_price": _tendered,
    "disbursements": _disbursements,
    "tiers": _tiers,
    "limit": _limit,
    "standing_charge": _standing,
}
