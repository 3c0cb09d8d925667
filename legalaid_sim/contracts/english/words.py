"""Words for what stands in blocks: values in all their forms, conditions, days, lists."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from legalaid_sim.contracts.conditions import compile_test, plain_name
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.values import ByRegion, Column, Dated, NamedValue

WHEN = {
    "on_open": "when the matter is opened",
    "on_close": "when the matter is closed",
    "on_stage": "when a stage is reached",
    "on_event": "when it happens",
    "on_outcome": "when the outcome is known",
    "monthly": "month by month",
}
PICKED = {
    "matter_opened": "the day the matter was opened",
    "matter_closed": "the day the matter was closed",
    "event": "the day of the event",
    "month_ended": "the end of the month",
    "contract_started": "the first day of the contract",
}
EVENTS = {
    "matter_opened": "when a matter is opened",
    "matter_closed": "when a matter is closed",
    "month_ended": "every month",
    "quarter_ended": "every quarter",
    "year_ended": "every year",
    "stage_reached": "when a stage is reached",
    "event_happened": "when an event happens",
    "outcome_recorded": "when an outcome is recorded",
    "work_done": "whenever work is done",
    "first_contact": "at the first contact",
}
BREACHES = {
    "cap": "what is above it is not paid",
    "warn": "what is above it is paid, with a warning",
    "refuse": "a claim above it is refused",
    "stop_paying": "nothing is paid once it is reached",
    "seek_authority": "authority is needed to pass it",
}


def said(form: Any, contract: Contract) -> str:
    """Say a value: a number, its history, one for each region, a named value, a table's column."""
    if isinstance(form, Dated):
        return _history(form.dated)
    if isinstance(form, ByRegion):
        return ", ".join(f"{said(inner, contract)} in {region}" for region, inner in form.by_region.items())
    if isinstance(form, NamedValue):
        return _named(form.value, contract)
    if isinstance(form, Column):
        return f"the table's {words(form.column)}"
    return f"{form}"


def _history(dated: Mapping[date, Any]) -> str:
    return ", ".join(f"{value} from {day}" for day, value in sorted(dated.items()))


def _named(name: str, contract: Contract) -> str:
    value = contract.values.get(name)
    if value is None:
        return name
    if value.dated is not None:
        return _history(value.dated)
    form = (
        value.amount if value.by_region is None else ByRegion[Any].model_construct(by_region=value.by_region)
    )
    return said(form, contract)


def words(name: str) -> str:
    """Say a name of the language as words.

    >>> words("advice_given")
    'advice given'
    """
    return name.replace("_", " ")


def listed(items: Iterable[object], last: str = "and") -> str:
    """Say a list.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    every = [str(item) for item in items]
    return f" {last} ".join(filter(None, (", ".join(every[:-1]), *every[-1:])))


def conditions(written: Mapping[str, Any], start: str = "For matters where ") -> str:
    """Say to which matters a block applies; nothing when to all."""
    if not written:
        return ""
    tests = (
        f"{words(plain_name(name))} is {words(compile_test(found)[1])}" for name, found in written.items()
    )
    return f"{start}{listed(tests)}: "


def at_percent(number: Any) -> str:
    """Say a percent without idle zeros."""
    return f"{Decimal(number).normalize():f} percent"


def sentence(text: str) -> str:
    """Make a sentence: a capital first, a full stop last."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
