"""Conditions: the facts that a block may ask about, and the comparisons it may make with them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.contracts.vocabulary.values import Comparison
from legalaid_sim.units import MINUTES_PER_HOUR, add_up, months_between


class Considered(Protocol):
    """What a condition needs to see: the matter, the provider, and the row of the block's table."""

    facts: MatterFacts
    provider: ProviderFacts

    def cell(self, column: str) -> Any:
        """Give a cell of the row that the block's table picks."""


Getter = Callable[[Any], Any]
Test = Callable[[Any], bool]

ATTRIBUTES = frozenset(
    {
        "category", "fee_code", "region", "channel", "outcome", "reopened", "opened", "closed", "months_open", "client",
        "ref",
    }
)  # fmt: skip
FAMILIES = ("matter", "client", "work.hours", "work.minutes", "costs", "event", "count", "provider", "row")
STATIC = {"category", "fee_code", "region", "channel", "provider.region", "provider.vat_registered"}


def plain_name(name: str) -> str:
    """Drop the ``matter.`` that may stand before a fact of the matter."""
    return name.removeprefix("matter.")


def _region(case: Considered) -> str:
    return case.facts.region or case.provider.region


def _months_open(case: Considered) -> int | None:
    facts = case.facts
    return months_between(facts.opened, facts.closed) if facts.opened and facts.closed else None


def _minutes(heading: str, per: int) -> Getter:
    if heading:
        return lambda case: case.facts.minutes.get(heading, 0) / per
    return lambda case: add_up(case.facts.minutes.values()) / per


def _extra(name: str) -> Getter:
    def get(case: Considered) -> Any:
        found = case.facts.facts.get(name)
        return case.facts.counts.get(name) if found is None else found

    return get


def _provider(name: str) -> Getter:
    if name in ("name", "region", "vat_registered", "heads"):
        return lambda case: getattr(case.provider, name)

    def get(case: Considered) -> Any:
        found = case.provider.facts.get(name)
        return float(found) if isinstance(found, Fraction) else found

    return get


def _of_matter(name: str) -> Getter:
    if name == "region":
        return _region
    if name == "months_open":
        return _months_open
    return lambda case: getattr(case.facts, name)


def fact_getter(name: str) -> Getter:
    """Give the function that reads a named fact from a case; ``None`` stands for a fact that is not known."""
    plain = plain_name(name)
    family, _, rest = plain.partition(".")
    if plain in ATTRIBUTES:
        return _of_matter(plain)
    if family == "work":
        kind, _, heading = rest.partition(".")
        return _minutes(heading, MINUTES_PER_HOUR if kind == "hours" else 1)
    if family == "costs" and rest:
        return lambda case: case.facts.costs.get(rest, 0) / 100
    if family in ("event", "count") and rest:
        return lambda case: case.facts.counts.get(rest, 0)
    if family == "provider" and rest:
        return _provider(rest)
    if family == "row" and rest:
        return lambda case: case.cell(rest)
    return _client(rest, plain) if family == "client" and rest else _extra(plain)


def _client(rest: str, plain: str) -> Getter:
    return lambda case: case.facts.facts.get(plain, case.facts.facts.get(rest))


def plain(written: Any) -> Any:
    """Turn a written scalar into something a fact compares with: numbers to float, days to dates."""
    if isinstance(written, bool) or not isinstance(written, Decimal | int | str):
        return written
    if isinstance(written, Decimal | int):
        return float(written)
    try:
        return date.fromisoformat(written)
    except ValueError:
        return written


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    return bool(found == wanted)


def _number(found: Any) -> Any:
    return float(found) if isinstance(found, int | Decimal) and not isinstance(found, bool) else found


ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "over": lambda found, limit: found > limit,
    "at_least": lambda found, limit: found >= limit,
    "under": lambda found, limit: found < limit,
    "at_most": lambda found, limit: found <= limit,
}
WORDS = {"over": "over", "at_least": "at least", "under": "under", "at_most": "at most"}


def _ordered(how: str, limit: Any) -> Test:
    compare = ORDER[how]

    def test(found: Any) -> bool:
        try:
            return found is not None and compare(found, limit)
        except TypeError:
            return False

    return test


def _tests(comparison: Comparison) -> list[tuple[Test, str]]:
    tests: list[tuple[Test, str]] = [
        (_ordered(how, plain(limit)), f"{WORDS[how]} {limit}")
        for how in ORDER
        if (limit := getattr(comparison, how)) is not None
    ]
    if comparison.between is not None:
        low, high = comparison.between
        both = _ordered("at_least", plain(low)), _ordered("at_most", plain(high))
        tests.append((lambda found: both[0](found) and both[1](found), f"between {low} and {high}"))
    if comparison.is_ is not None:
        tests.append(_is(comparison.is_))
    if comparison.one_of is not None:
        tests.append(_one_of(comparison.one_of))
    return tests


def _is(written: Any) -> tuple[Test, str]:
    wanted = plain(written)
    return lambda found: _same(_number(found), wanted), _shown(written)


def _one_of(written: tuple[Any, ...]) -> tuple[Test, str]:
    wanted = tuple(plain(one) for one in written)
    words = any_of([_shown(one) for one in written])
    if all(isinstance(one, str) for one in wanted):
        chosen = frozenset(wanted)
        return lambda found: found in chosen, words
    return lambda found: any(_same(_number(found), one) for one in wanted), words


def any_of(words: list[str], most: int = 4) -> str:
    """Join choices with "or", counting those beyond the first few.

    >>> any_of(["a", "b", "c", "d", "e", "f"])
    'a or b or c or d or 2 others'
    """
    shown = words if len(words) <= most + 1 else [*words[:most], f"{len(words) - most} others"]
    return " or ".join(shown)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "not known" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


class CompiledCondition(NamedTuple):
    """One condition, ready to ask: the fact's name, how to read it, the test, and the test in words.

    It is pickled as how it was ``made``, a function of this package and what was written, and made again.
    """

    name: str
    get: Getter
    test: Test
    words: str
    made: tuple[Any, ...]

    def __reduce__(self) -> tuple[Any, ...]:
        make, *written = self.made
        return (make, tuple(written))

    def holds(self, case: Any) -> bool:
        """Tell whether the condition holds."""
        return self.test(self.get(case))

    def failing(self, case: Any) -> str:
        """Say why it does not hold."""
        return f"{plain_name(self.name)} is {_shown(self.get(case)) or 'empty'}, needs {self.words}"


def compile_test(condition: Any) -> tuple[Test, str]:
    """Turn one written condition (scalar, list or comparison) into a test and its words."""
    if isinstance(condition, Comparison):
        parts = _tests(condition)
        if len(parts) == 1:
            return parts[0]
        return lambda found: all(test(found) for test, _ in parts), " and ".join(words for _, words in parts)
    return _one_of(tuple(condition)) if isinstance(condition, tuple | list) else _is(condition)


def compile_conditions(written: Mapping[str, Any]) -> tuple[CompiledCondition, ...]:
    """Turn ``applies_to`` into clauses, in the order written."""
    return tuple(compile_condition(name, condition) for name, condition in written.items())


def compile_condition(name: str, written: Any) -> CompiledCondition:
    """Turn one condition, on the fact of that name, into a clause."""
    return CompiledCondition(
        name, fact_getter(name), *compile_test(written), (compile_condition, name, written)
    )


def hold(clauses: Iterable[CompiledCondition], case: Any) -> bool:
    """Tell whether all clauses hold."""
    return all(clause.test(clause.get(case)) for clause in clauses)


def is_static(clause: CompiledCondition) -> bool:
    """Tell whether a clause can only change with what a plan is cached by."""
    return plain_name(clause.name) in STATIC
