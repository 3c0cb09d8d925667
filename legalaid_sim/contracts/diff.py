"""What differs between two contracts: blocks added and removed, values changed from which day, examples."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from legalaid_sim.contracts.examples import Outcome, run_example
from legalaid_sim.contracts.schema.contract import Example
from legalaid_sim.contracts.terms import CompiledTerms
from legalaid_sim.errors import Refusal
from legalaid_sim.units import add_up

COMPARED = (
    "term", "currency", "rounding", "categories", "regions", "values", "tables", "series", "payments",
    "taxes",
    "duties", "permissions", "standards", "controls", "adjustments", "cash",
)  # fmt: skip
ALWAYS = str(date.min)
NOT_TERMS = frozenset({"title", "source", "summary", "note", "id"})
CANNOT_RUN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, OSError)


class Difference(NamedTuple):
    """One line of a comparison: ``+``, ``-`` or ``~``, the path, what was and is there, from which day."""

    sign: str
    path: str
    before: str = ""
    after: str = ""
    since: str = ""

    def __str__(self) -> str:
        change = " -> ".join(filter(None, (self.before, self.after)))
        since = f"   from {self.since}" if self.since else ""
        return f"{self.sign} {self.path:<44} {change}{since}".rstrip()


@dataclass(frozen=True, slots=True)
class ExamplesCompared:
    """How the worked examples of both contracts come out under the first and the second."""

    same: int
    changed: int
    failing: int


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Compare the terms of two resolved contracts, block by id and value by day; titles and sources aside.

    >>> [str(d) for d in differences({"term": {"months": 12}}, {"term": {"months": 24}})]
    ['~ term.months                                  12 -> 24']
    """
    return tuple(
        difference for part in COMPARED for difference in _compare(part, before.get(part), after.get(part))
    )


def summary(found: Sequence[Difference]) -> str:
    """Count what was added, changed and removed."""
    added = add_up(difference.sign == "+" for difference in found)
    removed = add_up(difference.sign == "-" for difference in found)
    changed = len(found) - added - removed
    return f"Plan: {added} added, {_counted(changed, 'value')} changed, {removed} removed."


def compare_examples(before: CompiledTerms, after: CompiledTerms) -> ExamplesCompared:
    """Run the examples of both contracts under both, and the second's own for what fails."""
    named = {example.name: example for example in (*before.contract.examples, *after.contract.examples)}
    same = changed = 0
    for example in named.values():
        one, other = _results(example, before), _results(example, after)
        for row in sorted({*one, *other}):
            alike = one.get(row) == other.get(row)
            same, changed = same + alike, changed + (not alike)
    failing = add_up(
        not all(outcome.passed for outcome in _outcomes(example, after))
        for example in after.contract.examples
    )
    return ExamplesCompared(same, changed, failing)


def _results(example: Example, terms: CompiledTerms) -> dict[int, list[tuple[str, str]]]:
    results: dict[int, list[tuple[str, str]]] = {}
    for outcome in _outcomes(example, terms):
        results.setdefault(outcome.row, []).append((outcome.what, outcome.got))
    return results


def _outcomes(example: Example, terms: CompiledTerms) -> tuple[Outcome, ...]:
    try:
        return tuple(run_example(example, terms, terms.folder))
    except (Refusal, *CANNOT_RUN) as error:
        return (Outcome(example.name, "refused", "no refusal", str(error)),)


def _compare(path: str, before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    if _is_history(before) or _is_history(after):
        yield from _histories(path, before, after)
    elif _are_blocks(before) or _are_blocks(after):
        yield from _maps(path, _by_id(before), _by_id(after))
    elif isinstance(before, dict) and isinstance(after, dict):
        yield from _maps(path, before, after)
    elif _are_words(before) and _are_words(after):
        yield Difference("~", path, "", _words_changed(before, after))
    elif path.endswith(".rows") and isinstance(before, list) and isinstance(after, list):
        kept = add_up(row in after for row in before)
        yield Difference("~", path, f"{len(before)} rows", f"{len(after)} rows, {kept} of them as before")
    elif before is None:
        yield from _whole("+", path, after)
    elif after is None:
        yield from _whole("-", path, before)
    else:
        yield Difference("~", path, shown(before), shown(after))


def _whole(sign: str, path: str, found: Any) -> Iterator[Difference]:
    if _are_blocks(found):
        for name, block in _by_id(found).items():
            yield Difference(sign, f"{path}.{name}", shown(block))
    elif path in ("values", "tables", "series"):
        yield from (Difference(sign, f"{path}.{name}", shown(entry)) for name, entry in found.items())
    else:
        yield Difference(sign, path, shown(found))


def _maps(path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for key in dict.fromkeys((*before, *after)):
        inner = f"{path}.{key}"
        if key in NOT_TERMS:
            continue
        if key not in before:
            yield Difference("+", inner, shown(after[key]))
        elif key not in after:
            yield Difference("-", inner, shown(before[key]))
        else:
            yield from _compare(inner, before[key], after[key])


def _histories(path: str, before: Any, after: Any) -> Iterator[Difference]:
    ones, others = _history(before), _history(after)
    if ones is None or others is None:
        yield Difference("~", path, shown(before), shown(after))
        return
    dated = {*ones, *others} - {ALWAYS}
    for day in sorted(dated or {ALWAYS}):
        one, other = _in_force(ones, day), _in_force(others, day)
        if one != other:
            yield Difference("~", path, shown(one), shown(other), "" if day == ALWAYS else day)
    if isinstance(before, dict) and isinstance(after, dict):
        rest = [{k: v for k, v in found.items() if k not in ("dated", "amount")} for found in (before, after)]
        yield from _maps(path, rest[0], rest[1])


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


def _are_words(found: Any) -> bool:
    return isinstance(found, list) and bool(found) and all(isinstance(item, str) for item in found)


def _words_changed(before: Sequence[str], after: Sequence[str]) -> str:
    added = [word for word in after if word not in before]
    dropped = [word for word in before if word not in after]
    said = [f"{verb} {', '.join(words)}" for verb, words in (("adds", added), ("drops", dropped)) if words]
    return "; ".join(said) or "in another order"


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


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
