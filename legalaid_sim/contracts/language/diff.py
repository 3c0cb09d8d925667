"""What differs between two contracts: blocks added and removed, values changed from which day, examples."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any, NamedTuple

from legalaid_sim.contracts.language.comparing import ExampleOutcome
from legalaid_sim.contracts.language.examples import run_example
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.schema.contract import Example
from legalaid_sim.errors import Refusal
from legalaid_sim.units import FIRST_DAY, add_up, counted

COMPARED = (
    "term", "currency", "rounding", "categories", "regions", "values", "tables", "series", "payments",
    "taxes",
    "duties", "permissions", "standards", "controls", "adjustments", "cash",
)  # fmt: skip
ALWAYS = str(date.min)
FIRST = str(FIRST_DAY)
Keys = tuple[str, ...]
DAY = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
MOST_ITEMS = 8
NOT_TERMS = frozenset({"title", "short_title", "source", "summary", "note", "id"})
CANNOT_RUN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, OSError)


class Difference(NamedTuple):
    """One line of a comparison: ``+``, ``-`` or ``~``, the keys that lead there, what was and is there.

    ``since`` is the day from which it differs, where the value has a history; ``always`` for its first version.
    """

    sign: str
    keys: Keys
    before: str = ""
    after: str = ""
    since: str = ""

    @property
    def path(self) -> str:
        """The keys as a reader writes them."""
        return ".".join(self.keys)

    @property
    def dates(self) -> str:
        """The day from which it differs, if it is not always."""
        return "" if self.since == ALWAYS else self.since

    def __str__(self) -> str:
        change = " -> ".join(filter(None, (self.before, self.after)))
        since = f"   from {self.dates}" if self.dates else ""
        return f"{self.sign} {self.path:<44} {change}{since}".rstrip()


@dataclass(frozen=True, slots=True)
class ExamplesCompared:
    """How worked examples come out under the first and the second contract.

    ``changed`` names each example whose rows come out otherwise, with the first thing that does; ``failing``
    are examples of the second that do not come out as they say.
    """

    same: int
    changed: Mapping[str, str]
    failing: tuple[str, ...]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Compare the terms of two resolved contracts, block by id and value by day; titles and sources aside.

    >>> [str(d) for d in differences({"term": {"months": 12}}, {"term": {"months": 24}})]
    ['~ term.months                                  12 -> 24']
    """
    return tuple(
        difference for part in COMPARED for difference in _compare((part,), before.get(part), after.get(part))
    )


def summary(found: Sequence[Difference]) -> str:
    """Count what was added, changed and removed."""
    added = add_up(difference.sign == "+" for difference in found)
    removed = add_up(difference.sign == "-" for difference in found)
    changed = len(found) - added - removed
    return f"Plan: {added} added, {counted(changed, 'value')} changed, {removed} removed."


def dates_in(
    before: Mapping[str, Any], after: Mapping[str, Any], lines: Sequence[Difference]
) -> tuple[date, ...]:
    """Give every day that stands in what changed, or in the table that a changed block reads, in either contract."""
    found = {
        day
        for line in lines
        for side in (before, after)
        for part in (_found(side, line.keys), _table_of(side, line.keys))
        for day in days_in(part)
    }
    return tuple(sorted({*found, *(date.fromisoformat(line.dates) for line in lines if line.dates)}))


def _found(data: Any, keys: Keys) -> Any:
    """Follow keys as far as they lead; a row or item is told with what it stands in."""
    for key in keys:
        if isinstance(data, list) and _are_blocks(data):
            data = _by_id(data).get(key)
        elif isinstance(data, dict):
            data = next((value for name, value in data.items() if str(name) == key), None)
        else:
            break
    return data


def _table_of(data: Mapping[str, Any], keys: Keys) -> Any:
    """Give the table that the block of a line reads its amounts from."""
    block = _found(data, keys[:2]) if keys[0] == "payments" else None
    return data.get("tables", {}).get(block.get("table")) if isinstance(block, dict) else None


def days_in(found: Any, without: Collection[str] = ()) -> Iterator[date]:
    """Give every day that is written in plain data, but for what stands under some keys."""
    if isinstance(found, dict):
        for key, value in found.items():
            if key not in without:
                yield from days_in(key)
                yield from days_in(value, without)
    elif isinstance(found, list):
        for value in found:
            yield from days_in(value, without)
    elif isinstance(found, date):
        yield found
    elif isinstance(found, str) and DAY.fullmatch(found):
        with suppress(ValueError):
            yield date.fromisoformat(found)


def compare_examples(before: CompiledTerms, after: CompiledTerms) -> ExamplesCompared:
    """Run the examples of both contracts under both, and the second's own for what fails."""
    found = unlike((*before.contract.examples, *after.contract.examples), before, after)
    failing = (
        example.name
        for example in after.contract.examples
        if not all(outcome.passed for outcome in _outcomes(example, after))
    )
    changed = {name: said for name, said in found.items() if said}
    return ExamplesCompared(len(found) - len(changed), changed, tuple(failing))


def unlike(examples: Iterable[Example], before: CompiledTerms, after: CompiledTerms) -> dict[str, str]:
    """Say of each example, by its name, what first comes out otherwise under a second contract; empty: nothing."""
    found = {}
    for name, example in {example.name: example for example in examples}.items():
        one, other = _results(example, before), _results(example, after)
        rows = {row: _first_unlike(one.get(row, []), other.get(row, [])) for row in sorted({*one, *other})}
        differing = [(row, said) for row, said in rows.items() if said]
        found[name] = ""
        if differing:
            row, said = differing[0]
            found[name] = (
                f"{len(differing)} of {len(rows)} rows; row {row}: " if len(rows) > 1 else ""
            ) + said
    return found


def _first_unlike(one: Sequence[tuple[str, str]], other: Sequence[tuple[str, str]]) -> str:
    """Say what comes out otherwise first; nothing where all is alike."""
    ones, others = dict(one), dict(other)
    for what in dict.fromkeys((*ones, *others)):
        if ones.get(what) != others.get(what):
            return f"{what} {ones.get(what, 'not asked')} -> {others.get(what, 'not asked')}"
    return ""


def _results(example: Example, terms: CompiledTerms) -> dict[int, list[tuple[str, str]]]:
    results: dict[int, list[tuple[str, str]]] = {}
    for outcome in _outcomes(example, terms):
        results.setdefault(outcome.row, []).append((outcome.what, outcome.got))
    return results


def _outcomes(example: Example, terms: CompiledTerms) -> tuple[ExampleOutcome, ...]:
    try:
        return tuple(run_example(example, terms, terms.folder))
    except (Refusal, *CANNOT_RUN) as error:
        return (ExampleOutcome(example.name, "refused", "no refusal", str(error)),)


def _compare(keys: Keys, before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    if _is_history(before) or _is_history(after):
        yield from _histories(keys, before, after)
    elif _are_blocks(before) or _are_blocks(after):
        yield from _maps(keys, _by_id(before), _by_id(after))
    elif isinstance(before, dict) and isinstance(after, dict):
        yield from _maps(keys, before, after)
    elif _are_words(before) and _are_words(after):
        yield Difference("~", keys, "", _words_changed(before, after))
    elif _side_by_side(before, after):
        for place, (one, other) in enumerate(zip(before, after)):
            inner = (*keys, str(place))
            yield from _row(inner, one, other) if isinstance(one, list) else _compare(inner, one, other)
    elif keys[-1] == "rows" and isinstance(before, list) and isinstance(after, list):
        kept = len([row for row in before if row in after])
        yield Difference("~", keys, f"{len(before)} rows", f"{len(after)} rows, {kept} of them as before")
    elif before is None:
        yield from _whole("+", keys, after)
    elif after is None:
        yield from _whole("-", keys, before)
    else:
        yield Difference("~", keys, shown(before), shown(after))


def _whole(sign: str, keys: Keys, found: Any) -> Iterator[Difference]:
    if _are_blocks(found):
        for name, block in _by_id(found).items():
            yield Difference(sign, (*keys, name), shown(block))
    elif keys[0] in ("values", "tables", "series") and len(keys) == 1:
        yield from (Difference(sign, (*keys, str(name)), shown(entry)) for name, entry in found.items())
    else:
        yield Difference(sign, keys, shown(found))


def _maps(keys: Keys, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for key in dict.fromkeys((*before, *after)):
        inner = (*keys, str(key))
        if key in NOT_TERMS:
            continue
        if key not in before:
            yield Difference("+", inner, shown(after[key]))
        elif key not in after:
            yield Difference("-", inner, shown(before[key]))
        else:
            yield from _compare(inner, before[key], after[key])


def _histories(keys: Keys, before: Any, after: Any) -> Iterator[Difference]:
    ones, others = _history(before), _history(after)
    if ones is None or others is None:
        yield Difference("~", keys, shown(before), shown(after))
        return
    dated = {*ones, *others} - {ALWAYS}
    for day in sorted(dated or {ALWAYS}):
        one, other = _in_force(ones, day), _in_force(others, day)
        if one != other:
            yield Difference("~", keys, shown(one), shown(other), day)
    if isinstance(before, dict) and isinstance(after, dict):
        rest = [{k: v for k, v in found.items() if k not in ("dated", "amount")} for found in (before, after)]
        yield from _maps(keys, rest[0], rest[1])


def _history(found: Any) -> dict[str, Any] | None:
    """Read a value as a history; one that never changes has one version, always in force."""
    if isinstance(found, list) or found is None:
        return None
    if not isinstance(found, dict):
        return {ALWAYS: found}
    return found.get("dated") or ({ALWAYS: found["amount"]} if "amount" in found else None)


def _in_force(history: Mapping[str, Any], day: str) -> Any:
    started = [start for start in history if start <= day]
    return history[max(started)] if started else None


def _is_history(found: Any) -> bool:
    return isinstance(found, dict) and isinstance(found.get("dated"), dict)


def _are_blocks(found: Any) -> bool:
    return isinstance(found, list) and bool(found) and all(isinstance(b, dict) and "id" in b for b in found)


def _row(keys: Keys, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    """Tell the cells of a row that differ, after the cell that it begins with."""
    unlike = [(one, other) for one, other in zip_longest(before, after) if one != other]
    if unlike:
        ones, others = (", ".join(shown(pair[side]) for pair in unlike) for side in (0, 1))
        yield Difference("~", keys, f"{shown(before[0])}: {ones}" if before else ones, others)


def _side_by_side(before: Any, after: Any) -> bool:
    """Tell whether two lists of maps or rows are alike enough to be told item by item."""
    if not (isinstance(before, list) and isinstance(after, list) and len(before) == len(after)):
        return False
    items = [*before, *after]
    nested = all(isinstance(item, dict) for item in items) or all(isinstance(item, list) for item in items)
    return nested and len([1 for one, other in zip(before, after) if one != other]) <= MOST_ITEMS


def _are_words(found: Any) -> bool:
    return isinstance(found, list) and bool(found) and all(isinstance(item, str) for item in found)


def _words_changed(before: Sequence[str], after: Sequence[str]) -> str:
    added = [word for word in after if word not in before]
    dropped = [word for word in before if word not in after]
    said = [f"{verb} {', '.join(words)}" for verb, words in (("adds", added), ("drops", dropped)) if words]
    return "; ".join(said) or "in another order"


def history_with(here: Any, there: Any, day: str) -> Any:
    """Give a value with the version in force on a day as it is in another, and every later one as it was."""
    ones, others = _history(here), _history(there)
    if ones is None or others is None:
        return there
    later = min((start for start in {*ones, *others} if start > day), default="")
    made = {**ones, day: _in_force(others, day)}
    if later:
        made[later] = _in_force(ones, later)
    dated = {
        (FIRST if start == ALWAYS else start): made[start]
        for start in sorted(made)
        if made[start] is not None
    }
    rest = {
        key: value for key, value in (here if isinstance(here, dict) else {}).items()
        if key not in ("dated", "amount")
    }  # fmt: skip
    return {**rest, "dated": dated}


def _by_id(blocks: Any) -> dict[str, Any]:
    return {str(block["id"]): block for block in blocks or ()}


def shown(found: Any) -> str:
    """Show a value in a few words: a block by its kind and amount, a list by its items, or as written."""
    if isinstance(found, dict):
        return _block_shown(found) if "kind" in found else _shortened(_map_shown(found))
    if isinstance(found, list):
        return _shortened(", ".join(shown(item) for item in found))
    if found is None:
        return "nothing"
    return str(found).lower() if isinstance(found, bool) else _shortened(str(found))


def _block_shown(block: Mapping[str, Any]) -> str:
    amount = block.get("amount")
    return f"{block['kind']}" + (f", {shown(amount)}" if amount is not None else "")


def _map_shown(found: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}: {shown(value)}" for key, value in found.items() if key not in NOT_TERMS)


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
