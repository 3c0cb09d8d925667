"""Whether conditions can hold, and whether two blocks can never apply to the same matter."""

from collections.abc import Mapping, Sequence
from typing import Any

from legalaid_sim.contracts.vocabulary.conditions import compile_test, plain, plain_name
from legalaid_sim.contracts.vocabulary.values import Comparison

Bounds = tuple[float, bool, float, bool]
EVERYTHING: Bounds = (float("-inf"), False, float("inf"), False)


def can_hold(condition: Any, known: Sequence[str] | None) -> bool:
    """Tell whether a condition can hold at all, or for one of the known words."""
    if known is not None:
        test, _ = compile_test(condition)
        return any(test(word) for word in known)
    if isinstance(condition, tuple):
        return bool(condition)
    return not isinstance(condition, Comparison) or not _empty(_bounds(condition))


def disjoint(one: Any, other: Any) -> bool:
    """Tell whether no matter can meet both blocks' conditions, as far as their file can tell.

    A code belongs to one category, and the file does not say to which: a block for codes and a block for
    categories are taken to be apart. Should they meet in a matter after all, pricing refuses it.
    """
    return (
        _codes_and_categories(one.applies_to, other.applies_to)
        or any(_never_both(a, b) for a, b in _shared(one.applies_to, other.applies_to))
        or ruled_out(one.not_if, other.applies_to)
        or ruled_out(other.not_if, one.applies_to)
    )


def listed_words(conditions: Mapping[str, Any]) -> dict[str, frozenset[Any]]:
    """Give the values that conditions list outright, by fact."""
    return {
        plain_name(name): frozenset(map(plain, condition if isinstance(condition, tuple) else (condition,)))
        for name, condition in conditions.items()
        if not isinstance(condition, Comparison)
    }


def clearly_apart(one: Mapping[str, frozenset[Any]], other: Mapping[str, frozenset[Any]]) -> bool:
    """Tell whether listed values alone keep two blocks apart: quick, for contracts of thousands of blocks."""
    return any(name in other and values.isdisjoint(other[name]) for name, values in one.items())


def _codes_and_categories(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    kinds = [{plain_name(name) for name in written} & {"fee_code", "category"} for written in (one, other)]
    return {"fee_code"} in kinds and {"category"} in kinds


def _shared(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    theirs = {plain_name(name): condition for name, condition in other.items()}
    mine = {plain_name(name): condition for name, condition in one.items()}
    return [(mine[name], theirs[name]) for name in mine if name in theirs]


def _never_both(one: Any, other: Any) -> bool:
    ones, others = _words(one), _words(other)
    if ones is not None:
        return not any(compile_test(other)[0](plain(word)) for word in ones)
    if others is not None:
        return not any(compile_test(one)[0](plain(word)) for word in others)
    return _empty(_both(_bounds(one), _bounds(other)))


def ruled_out(not_if: Mapping[str, Any], applies_to: Mapping[str, Any]) -> bool:
    """Tell whether every matter of ``applies_to`` meets all of ``not_if``."""
    theirs = {plain_name(name): condition for name, condition in applies_to.items()}
    return bool(not_if) and all(
        _implies(theirs.get(plain_name(name)), condition) for name, condition in not_if.items()
    )


def _implies(narrow: Any, wide: Any) -> bool:
    words = None if narrow is None else _words(narrow)
    return words is not None and all(compile_test(wide)[0](plain(word)) for word in words)


def _words(condition: Any) -> tuple[Any, ...] | None:
    """List the values of a condition that only allows listed ones."""
    if isinstance(condition, Comparison):
        return (condition.is_,) if condition.is_ is not None else condition.one_of
    return condition if isinstance(condition, tuple) else (condition,)


def _bounds(condition: Any) -> Bounds:
    low, low_open, high, high_open = EVERYTHING
    lows = [(condition.over, True), (condition.at_least, False)]
    highs = [(condition.under, True), (condition.at_most, False)]
    if condition.between is not None:
        lows.append((condition.between[0], False))
        highs.append((condition.between[1], False))
    for value, is_open in lows:
        if value is not None and _number(value) >= low:
            low, low_open = _number(value), is_open
    for value, is_open in highs:
        if value is not None and _number(value) <= high:
            high, high_open = _number(value), is_open
    return low, low_open, high, high_open


def _number(value: Any) -> float:
    found = plain(value)
    if hasattr(found, "toordinal"):
        return float(found.toordinal())
    return float(found) if isinstance(found, int | float) else float("nan")


def _both(one: Bounds, other: Bounds) -> Bounds:
    low = max((one[0], one[1]), (other[0], other[1]))
    high = min((one[2], not one[3]), (other[2], not other[3]))
    return low[0], low[1], high[0], not high[1]


def _empty(bounds: Bounds) -> bool:
    low, low_open, high, high_open = bounds
    return low > high or (low == high and (low_open or high_open) and abs(low) != float("inf"))


def nothing_fits(*conditions: Any, least: float | None = None, most: float | None = None) -> bool:
    """Tell whether no number from ``least`` to ``most`` meets all conditions at once.

    >>> from legalaid_sim.contracts.vocabulary.values import Comparison
    >>> nothing_fits(Comparison(at_least=150), least=0, most=100)
    True
    """
    listed = [found for one in conditions if (found := _words(one)) is not None]
    bounds = EVERYTHING if least is None else (least, False, EVERYTHING[2], False)
    bounds = bounds if most is None else (bounds[0], bounds[1], most, False)
    for one in conditions:
        if _words(one) is None:
            bounds = _both(bounds, _bounds(one))
    if not listed:
        return _empty(bounds)
    low, low_open, high, high_open = bounds
    common = set.intersection(*({_number(word) for word in words} for words in listed))
    inside = (n for n in common if low <= n <= high)
    return not any(not ((low_open and n == low) or (high_open and n == high)) for n in inside)


def everything_fits(condition: Any, least: float, most: float | None = None) -> bool:
    """Tell whether every number from ``least`` to ``most`` meets a condition, which then says nothing.

    >>> from legalaid_sim.contracts.vocabulary.values import Comparison
    >>> everything_fits(Comparison(at_least=0), least=0)
    True
    """
    if _words(condition) is not None:
        return False
    low, low_open, high, high_open = _bounds(condition)
    top = EVERYTHING[2] if most is None else most
    above = high > top or (high == top and not high_open)
    return (low < least or (low == least and not low_open)) and above
