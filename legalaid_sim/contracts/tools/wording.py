"""Words for what stands in blocks: values in all their forms, conditions, days, lists."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from legalaid_sim.contracts.blocks.written import Named
from legalaid_sim.contracts.vocabulary.conditions import compile_test, plain_name
from legalaid_sim.contracts.vocabulary.values import ByRegion, Column, Dated, NamedValue

# Facts that are true or not, as a sentence with room for "not".
TRUE = {
    "provider.vat_registered": "the provider is {}registered for VAT",
    "reopened": "the matter was {}closed before",
    "matter.reopened": "the matter was {}closed before",
}


BREACHES = {
    "cap": "what is above it is not paid",
    "warn": "what is above it is paid, with a warning",
    "refuse": "a claim above it is refused",
    "stop_paying": "nothing is paid once it is reached",
    "seek_authority": "authority is needed to pass it",
}


def said(form: Any, contract: Named) -> str:
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


def _named(name: str, contract: Named) -> str:
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
    return f"{start}{listed(_condition(name, found) for name, found in written.items())}: "


def _condition(name: str, found: Any) -> str:
    if isinstance(found, bool):
        told = TRUE.get(name, f"{_fact(name)} is {{}}true")
        return told.format("" if found else "not ")
    return f"{_fact(name)} is {words(compile_test(found)[1])}"


def _fact(name: str) -> str:
    """Say a fact that conditions ask about: the last part first, and what it is of.

    >>> _fact("work.hours.profit"), _fact("provider.name"), _fact("matter.category")
    ('hours of profit work', 'name of the provider', 'category')
    """
    plain = plain_name(name)
    family, _, rest = plain.partition(".")
    kind, _, heading = rest.partition(".")
    if family == "work" and rest:
        return f"{kind} of {words(heading)} work" if heading else f"{kind} of work"
    of = {"provider": "the provider", "client": "the client", "row": "its row in the table"}.get(family)
    return f"{words(rest)} of {of}" if of and rest else words(plain).replace(".", " ")


def later_month(months: int) -> str:
    """Say which month, so many after the one that ended.

    >>> later_month(0), later_month(1), later_month(2)
    ('the same month', 'the next month', 'the month 2 months later')
    """
    return ("the same month", "the next month")[months] if months < 2 else f"the month {months} months later"


def at_percent(number: Any) -> str:
    """Say a percent without idle zeros."""
    return f"{Decimal(number).normalize():f} percent"


def sentence(text: str) -> str:
    """Make a sentence: a capital first, a full stop last."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def reach(up_to: Any, word: str, start: Any) -> str:
    """Say from where to where a band or a tier goes."""
    if up_to is not None:
        return f"up to {up_to}" if start is None else f"{word} {start} up to {up_to}"
    return "beyond that" if start is None else f"{word} {start}"
