"""Every kind of matter that contracts can tell apart, and what a contract answers for each.

The kinds cross what the contracts name: regions, categories and fee codes, VAT registered or not, the circumstances
that blocks ask about, and the days on which a version changes. Nothing is drawn and nothing is weighted: a kind says
what can be, not how often it comes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from legalaid_sim.contracts.analysis.circumstances import (
    USUAL,
    Circumstance,
    Supposed,
    of_block,
    provider_of,
    suppose,
    work_edges,
)
from legalaid_sim.contracts.pricing.terms import CompiledTerms
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.vocabulary.conditions import plain_name
from legalaid_sim.contracts.vocabulary.facts import MatterFacts
from legalaid_sim.contracts.vocabulary.supposing import meeting
from legalaid_sim.contracts.vocabulary.values import ByRegion
from legalaid_sim.errors import Refusal
from legalaid_sim.units import MINUTES_PER_HOUR, add_months

ELSEWHERE = "elsewhere"
DAYS_OPEN = 90
HEADS = 1_000
HOURS = 40
# Also a number of minutes that is no whole billing unit.
LOOKED_AT = (0, 5 * MINUTES_PER_HOUR, 20 * MINUTES_PER_HOUR + 7, HOURS * MINUTES_PER_HOUR)


class Subject(NamedTuple):
    """What a matter is about: its category, or the code that it is claimed under."""

    category: str
    fee_code: str

    def __str__(self) -> str:
        return " ".join(filter(None, (self.category.replace("_", " "), self.fee_code))) or "any matter"


class MatterKind(NamedTuple):
    """One kind of matter; its fields are the axes that a group of kinds may span."""

    about: Subject
    region: str
    registered: bool
    circumstance: Circumstance
    opened: date


class Reply(NamedTuple):
    """What a contract says to a matter after so many minutes of work: pence, or the code of a refusal.

    ``margins`` are distances over thresholds; they pay nothing and show which thresholds were looked at.
    """

    pence: int
    refused: str = ""
    flags: tuple[str, ...] = ()
    duties: tuple[tuple[str, int], ...] = ()
    margins: tuple[tuple[str, int], ...] = ()
    blocks: tuple[tuple[str, int], ...] = ()


def regions_of(*terms: CompiledTerms) -> tuple[str, ...]:
    """Give the regions that contracts name anywhere, in their order; elsewhere where they name none."""
    named: dict[str, None] = {}
    for each in terms:
        named |= dict.fromkeys(each.contract.regions)
        named |= dict.fromkeys(_by_region(each.contract))
        for block in blocks_of(each.contract):
            for name, condition in (*block.applies_to.items(), *block.not_if.items()):
                if plain_name(name) in ("region", "provider.region"):
                    named |= dict.fromkeys(str(one) for one in meeting(condition))
        for table in each.library.tables.values():
            if "region" in table.keys:
                cells = (row.cells.get("region") for rows in table.by_key.values() for row in rows)
                named |= dict.fromkeys(str(cell) for cell in cells if cell not in (None, ""))
    return tuple(named) or (ELSEWHERE,)


def _by_region(found: Any) -> Iterator[str]:
    if isinstance(found, ByRegion):
        yield from found.by_region
    elif isinstance(found, Mapping):
        for value in found.values():
            yield from _by_region(value)
    elif isinstance(found, tuple | list):
        for value in found:
            yield from _by_region(value)
    elif hasattr(type(found), "model_fields"):
        if getattr(found, "by_region", None):
            yield from found.by_region
        for name in type(found).model_fields:
            if name != "examples":
                yield from _by_region(getattr(found, name))


def blocks_of(contract: Contract) -> tuple[Any, ...]:
    """Give every block that may ask about a matter."""
    return (*contract.payments, *contract.taxes, *contract.duties, *contract.permissions)


def population(sides: Sequence[CompiledTerms], days: Iterable[date]) -> tuple[MatterKind, ...]:
    """Give every kind of matter that one of the contracts can tell apart, opened on each of these days."""
    regions, registered = regions_of(*sides), _registered(sides)
    pairs = dict.fromkeys(pair for terms in sides for pair in _pairs(terms, abouts(sides)))
    return tuple(
        MatterKind(about, region, vat, circumstance, day)
        for about, circumstance in pairs
        for region in regions
        for vat in registered
        for day in sorted(set(days))
    )


def _registered(sides: Sequence[CompiledTerms]) -> tuple[bool, ...]:
    asked = any(
        plain_name(name) == "provider.vat_registered"
        for terms in sides
        for block in blocks_of(terms.contract)
        for name in (*block.applies_to, *block.not_if)
    )
    return (False, True) if asked else (False,)


def abouts(sides: Sequence[CompiledTerms]) -> tuple[Subject, ...]:
    """Give everything that matters can be about, under either contract."""
    found = dict.fromkeys(about for terms in sides for block in terms.payments for about in _of(block, terms))
    named = {about.category for about in found}
    rest = (category for terms in sides for category in terms.categories if category not in named)
    return tuple(found | dict.fromkeys(Subject(category, "") for category in rest)) or (Subject("", ""),)


def _of(block: Any, terms: CompiledTerms) -> Iterator[Subject]:
    """Give what a payment is about: the codes and categories that it names, or that its table has rows for."""
    written = {plain_name(name): condition for name, condition in block.block.applies_to.items()}
    codes = _named(written, "fee_code")
    if not codes and block.table is not None and block.table.keys[0] == "fee_code":
        codes = tuple(str(code) for code in block.table.by_key if code is not None)
    categories = _named(written, "category")
    if codes:
        yield from (Subject(category, code) for code in codes for category in (categories or ("",)))
    else:
        yield from (Subject(category, "") for category in (categories or terms.categories or ("",)))


def _named(written: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(str(one) for one in meeting(written[name])) if name in written else ()


def _pairs(terms: CompiledTerms, abouts: tuple[Subject, ...]) -> Iterator[tuple[Subject, Circumstance]]:
    yield from ((about, USUAL) for about in abouts)
    for block in terms.payments:
        mine = tuple(_of(block, terms))
        for circumstance in of_block(block.block):
            yield from ((about, circumstance) for about in mine)
    contract = terms.contract
    for other in (*contract.taxes, *contract.duties, *contract.permissions):
        for circumstance in of_block(other):
            yield from ((about, circumstance) for about in abouts)


def supposed(kind: MatterKind) -> Supposed:
    """Give a matter of a kind, nothing done on it yet, closed ninety days after it was opened."""
    about, region, _, circumstance, opened = kind
    facts = MatterFacts(
        "case", about.category, about.fee_code, region,
        opened=opened, closed=opened + timedelta(days=DAYS_OPEN),
    )  # fmt: skip
    matter = Supposed(facts)
    for name, value in circumstance.facts:
        suppose(matter, name, value)
    return matter


def answer(terms: CompiledTerms, kind: MatterKind, minutes: int, duties: bool = False) -> Reply:
    """Say what a contract answers to a matter of a kind after so many minutes of casework, with duties if asked."""
    matter = supposed(kind)
    facts = matter.work(minutes)
    provider = provider_of(matter, kind.region, kind.registered, HEADS)
    if not terms.covers(facts, provider) or terms.out_of_scope(facts, provider):
        return Reply(0, "not-covered")
    asked = tuple(terms.burden_of(facts, provider).items()) if duties else ()
    try:
        priced = terms.price(facts, provider, ranks=matter.ranks)
    except Refusal as refusal:
        return Reply(0, refusal.code, duties=asked)
    paid: dict[str, int] = {}
    for entry in priced.entries:
        paid[entry.block] = paid.get(entry.block, 0) + entry.pence
    return Reply(priced.earned, "", priced.flags, asked, tuple(priced.margins.items()), tuple(paid.items()))


def minutes_to_look_at(*sides: CompiledTerms) -> tuple[int, ...]:
    """Give the minutes of work at which a contract has to be asked to see whether anything differs."""
    edges = {
        edge + beside
        for terms in sides
        for block in blocks_of(terms.contract)
        for edge in work_edges(block)
        for beside in (-1, 0, 1)
    }
    return tuple(sorted({*LOOKED_AT, *(edge for edge in edges if edge >= 0)}))


def days_of(sides: Sequence[CompiledTerms], newest: date, changed: Iterable[date]) -> tuple[date, ...]:
    """Give the days on which to open matters: the newest, and each on which something changes, within the terms."""
    starts = max(terms.starts for terms in sides)
    ends = max(add_months(terms.starts, terms.months) for terms in sides)
    inside = {day for day in changed if starts <= day < ends}
    return tuple(sorted({newest, *inside, *({starts} if inside else ())}))
