"""Duties, permissions, standards, controls, adjustments, cash and taxes in plain English."""

from collections.abc import Callable, Iterator
from typing import Any

from legalaid_sim.contracts.language.english.words import EVENTS
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.tools.wording import at_percent, conditions, later_month, listed, said, words
from legalaid_sim.contracts.vocabulary.conditions import compile_test

Say = Callable[[Any, Contract], Iterator[str]]


def _duty(block: Any, contract: Contract) -> Iterator[str]:
    adviser, admin = said(block.minutes.adviser, contract), said(block.minutes.admin, contract)
    shares = [
        f"{n} minutes of {who}" for n, who in ((adviser, "an adviser"), (admin, "admin staff")) if n != "0"
    ]
    paid = {False: "unpaid", True: "paid"}.get(block.paid, words(str(block.paid)))
    yield f"{EVENTS[block.falls_on]}: {listed(shares) or 'no time'}, {paid}"
    if block.if_missed.does != "nothing":
        yield f"if it is missed, found by {words(block.if_missed.found_by)}: {words(block.if_missed.does)}"


def _return(block: Any, contract: Contract) -> Iterator[str]:
    day, months = block.due.day, block.due.months_after
    yield f"{EVENTS[block.falls_on]}, due on day {day} of {later_month(months)}"
    each, line = said(block.minutes.per_return, contract), said(block.minutes.per_claim_line, contract)
    yield f"{each} minutes of {block.done_by} for each, and {line} for each claim line"
    if block.if_late.does != "nothing":
        yield f"if it is late: {words(block.if_late.does)} ({block.if_late.months} months)"


def _starts(block: Any, contract: Contract) -> Iterator[str]:
    each = " for each adviser" if block.for_each == "adviser" else ""
    yield f"{said(block.allowed, contract)} new matters per {words(block.per)}{each}"
    yield f"when they are used up: {words(block.when_used_up)}"
    if block.phasing is not None:
        yield f"at most {said(block.phasing.any_month_at_most_percent, contract)} percent in any month"
    if block.next_year is not None:
        least = said(block.next_year.but_at_least_percent, contract)
        follows = words(block.next_year.same_as)
        more = said(block.next_year.plus_percent, contract)
        plus = "" if more == "0" else f" and {more} percent more"
        yield f"next year follows {follows}{plus}, but at least {least} percent of this year's"


def _authority(block: Any, contract: Contract) -> Iterator[str]:
    lifts = listed(map(words, block.lifts))
    yield f"asking takes {block.asked.minutes} minutes and lifts the limits on {lifts}"
    decided = block.decided
    granted = at_percent(decided.granted_percent)
    yield f"the payer usually takes {decided.days.typical} days and grants {granted}"
    yield f"work meanwhile: {words(block.work_while_waiting)}"


def _scope(block: Any, contract: Contract) -> Iterator[str]:
    yield f"help before the crisis point is {words(block.early_help)}"
    if block.out_of_scope:
        yield f"out of scope: {listed(map(words, block.out_of_scope))}"


def _priority(block: Any, contract: Contract) -> Iterator[str]:
    order = [conditions(those, "those whose ").strip(": ") for those in block.order]
    yield f"from a waiting list are taken first {', then '.join(order)}, then all others"


def _named_adviser(block: Any, contract: Contract) -> Iterator[str]:
    yield f"each client has an adviser of their own, waited for up to {block.patience_days} days"


def _discretion(block: Any, contract: Contract) -> Iterator[str]:
    yield "advisers may depart from procedure" if block.allowed else "advisers keep to procedure"


def _outreach(block: Any, contract: Contract) -> Iterator[str]:
    yield f"outreach shortens the time before people ask by {at_percent(block.shortens_delay_percent)}"


def _kpi(block: Any, contract: Contract) -> Iterator[str]:
    yield f"target: {words(block.measure)} {compile_test(block.target)[1]} {words(block.unit)}"
    window = block.over_window
    yield f"over {window.months} months, with at least {window.at_least_cases} cases"
    if block.bonus is not None:
        yield f"{said(block.bonus, contract)} for each period in which it is met"


def _ladder(block: Any, contract: Contract) -> Iterator[str]:
    yield f"counts {words(block.counts)} per {words(block.per)}"
    yield from (f"at {step.at}: {words(step.does)}" for step in block.steps)


def _day_paid(paid_on: Any) -> str:
    months = {0: "the same month", 1: "the next month"}.get(paid_on.months_after)
    day = (
        f"working day {paid_on.working_day}"
        if paid_on.working_day
        else f"day {1 if paid_on.day is None else paid_on.day}"
    )
    return f"on {day} of {months or f'the month {paid_on.months_after} later'}"


def _kept_back(block: Any, contract: Contract) -> Iterator[str]:
    of = "every payment" if block.of == "all" else f"what {listed(block.of)} pay"
    targets = listed(block.when_met) or "all targets"
    yield f"{at_percent(block.percent)} of {of} is kept back"
    yield f"it is released when {targets} are met at a quarter's end, and paid {_day_paid(block.paid_on)}"
    yield f"what is still kept at the end of the {words(block.lost_at)} is lost"


def _audit(block: Any, contract: Contract) -> Iterator[str]:
    sample = block.sample
    yield f"every {block.held.every_months} months {sample.files} files are looked at ({sample.chosen})"
    for found in block.classes:
        yield f"a reduction {compile_test(found.reduction_percent)[1]} percent: {words(found.recover)}"
    if block.burden.provider_minutes_per_file:
        yield f"{block.burden.provider_minutes_per_file} minutes of the provider for each file"


def _indexation(block: Any, contract: Contract) -> Iterator[str]:
    every = f"every {block.every_months} months from {block.starts}"
    yield f"{listed(block.on.values)} follow {block.index} {every}"
    collar = block.collar_percent
    bounds = [f"at least {at_percent(collar.at_least)}"] if collar.at_least is not None else []
    bounds += [f"at most {at_percent(collar.at_most)}"] if collar.at_most is not None else []
    if bounds:
        yield f"each time {listed(bounds)}"


def _standard_monthly(block: Any, contract: Contract) -> Iterator[str]:
    yield f"the same amount every month, reviewed every {block.reviewed.every_months} months"
    low, high = at_percent(block.corridor.low_percent), at_percent(block.corridor.high_percent)
    yield f"kept while claims are {low} to {high} of payments, else reset: {words(block.outside.new_amount)}"


def _variable_monthly(block: Any, contract: Contract) -> Iterator[str]:
    yield "each month pays what was claimed the month before"


def _in_advance(block: Any, contract: Contract) -> Iterator[str]:
    each = " for each full-time adviser" if block.for_each == "adviser" else ""
    yearly = f"{said(block.expected_claims, contract)} a year{each}"
    yield f"{block.months} months of {yearly} are paid on the first working day of these months"


def _on_completion(block: Any, contract: Contract) -> Iterator[str]:
    yield f"each matter is paid {block.days_after} days after it is complete"


def _quarterly(block: Any, contract: Contract) -> Iterator[str]:
    yield "each quarter is paid after its end"


def _tax(block: Any, contract: Contract) -> Iterator[str]:
    yield f"a percent of {listed(map(words, block.on))}: {said(block.rate_percent, contract)}"
    if block.paid_out.disbursements != "none":
        yield f"tax paid to others comes back as {words(block.paid_out.disbursements)}"


RULES: dict[str, Say] = {
    "duty": _duty,
    "return": _return,
    "matter_starts": _starts,
    "authority": _authority,
    "scope": _scope,
    "priority": _priority,
    "named_adviser": _named_adviser,
    "discretion": _discretion,
    "outreach": _outreach,
    "kpi": _kpi,
    "sanction_ladder": _ladder,
    "kept_back": _kept_back,
    "audit": _audit,
    "indexation": _indexation,
    "standard_monthly": _standard_monthly,
    "variable_monthly": _variable_monthly,
    "in_advance": _in_advance,
    "on_completion": _on_completion,
    "quarterly_in_arrears": _quarterly,
    "tax": _tax,
}
