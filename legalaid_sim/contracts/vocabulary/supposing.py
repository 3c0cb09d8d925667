"""Facts to suppose of a matter so that conditions hold, at their edges."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from legalaid_sim.contracts.vocabulary.conditions import compile_test, plain_name
from legalaid_sim.contracts.vocabulary.values import Comparison

ASIDE = frozenset({
    "category", "fee_code", "region", "provider.region", "provider.vat_registered", "opened",
    "client", "ref",
})  # fmt: skip
SMALL_COST, LARGE_COST = 10_000, 2_000_000
COST_RATE = 10_000
OTHER_MINUTES = 60
MANY = 25
BY_SESSION = ("travel", "waiting", "advocacy")


def meeting(condition: Any) -> list[Any]:
    """Give values that meet a written condition, at its edges where it has any; none where nothing is found."""
    if isinstance(condition, tuple | list):
        return list(condition)
    if not isinstance(condition, Comparison):
        return [condition]
    test, _ = compile_test(condition)
    return [value for value in dict.fromkeys(_edges(condition)) if test(as_number(_day(value)))]


def _edges(condition: Comparison) -> Iterator[Any]:
    if condition.is_ is not None:
        yield condition.is_
    yield from condition.one_of or ()
    yield from (condition.at_least, condition.at_most, *(condition.between or ()))
    yield from (_beyond(condition.over, 1), _beyond(condition.under, -1))


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _beyond(edge: Any, by: int) -> Any:
    day = _day(edge)
    if isinstance(day, date):
        return str(day + timedelta(days=by))
    return edge + by if isinstance(edge, int | Decimal) and not isinstance(edge, bool) else None


def asked(conditions: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give facts that meet conditions on other things than the kind of matter: all first values, then each other."""
    values = {
        plain_name(name): found
        for name, condition in conditions.items()
        if plain_name(name) not in ASIDE
        and not plain_name(name).startswith(("work.", "row."))
        and (found := [value for value in meeting(condition) if value is not None])
    }
    first = {name: _as_stated(name, found[0]) for name, found in values.items()}
    yield first
    for name, found in values.items():
        yield from ({**first, name: _as_stated(name, other)} for other in found[1:])


def _as_stated(name: str, value: Any) -> Any:
    return int(value * 100) if name.startswith("costs.") else value


def as_number(value: Any) -> Any:
    """Give a decimal as the float that facts are compared as; anything else as it is."""
    return float(value) if isinstance(value, Decimal) else value
