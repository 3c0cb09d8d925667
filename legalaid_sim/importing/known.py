"""The closed lists: words and codes that contracts know, and the days on which a contract changes."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple, get_args

from legalaid_sim.contracts.analysis.population import abouts, regions_of
from legalaid_sim.contracts.language.diff import days_in
from legalaid_sim.contracts.language.load import compile_resolved, library_names, read_sound, resolve
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.events import Channel
from legalaid_sim.importing.mapping import Mapped

# What of a contract changes no price: who said it, and what it shows.
APART = frozenset({"tables", "source", "sources", "examples", "history", "notes", "expected"})


class Known(NamedTuple):
    """Fee codes and words that may enter, and the first days of what is new under a contract, in order."""

    fee_codes: frozenset[str]
    words: Mapping[str, frozenset[str]]
    edges: tuple[date, ...]


def known_to(contracts: Iterable[str], mapped: Mapped | None = None) -> Known:
    """Gather what the library's contracts and others know, with what a mapping adds.

    Raises:
        ContractError: a contract is not there or has errors.
    """
    library, others = _library(), _gathered(contracts)
    codes = {code.upper() for code in mapped.fee_codes} if mapped else set()
    words = {name: library.words[name] | others.words[name] | _meant(mapped, name) for name in library.words}
    edges = tuple(sorted({*library.edges, *others.edges}))
    return Known(library.fee_codes | others.fee_codes | codes, words, edges)


def _meant(mapped: Mapped | None, name: str) -> set[str]:
    return set(mapped.values.get(name, {}).values()) if mapped else set()


@cache
def _library() -> Known:
    return _gathered(library_names())


def _gathered(contracts: Iterable[str]) -> Known:
    terms, days = list[CompiledTerms](), set[date]()
    for name in contracts:
        resolved = resolve(name)
        one = compile_resolved(read_sound(resolved), resolved)
        terms.append(one)
        days |= {
            one.starts,
            one.ends,
            *days_in(resolved.data, APART),
            *_of_tables(one),
            *_asked(resolved.data),
        }
    words = {
        "category": {category for one in terms for category in one.categories},
        "region": {"london", "elsewhere", *regions_of(*terms)},
        "channel": set(get_args(Channel)),
        "outcome": {"resolved", "unresolved"},
    }
    codes = frozenset(about.fee_code for about in abouts(terms) if about.fee_code)
    return Known(codes, {name: frozenset(found) for name, found in words.items()}, tuple(sorted(days)))


def _of_tables(terms: CompiledTerms) -> set[date]:
    """Give the days from which rows of tables hold, and from which they no longer do."""
    tables: Any = terms.library.tables.values()
    rows = [row for table in tables for found in table.by_key.values() for row in found]
    starts = {row.starts for row in rows if row.starts != date.min}
    return starts | {row.last + timedelta(days=1) for row in rows if row.last != date.max}


def _asked(data: Mapping[str, Any]) -> set[date]:
    """Give the days after those that conditions name, which may be the last for which these hold."""
    blocks = [
        block for room in data.values() if isinstance(room, list) for block in room if isinstance(block, dict)
    ]
    named = {day for block in blocks for part in ("applies_to", "not_if") for day in days_in(block.get(part))}
    return {day + timedelta(days=1) for day in named}
