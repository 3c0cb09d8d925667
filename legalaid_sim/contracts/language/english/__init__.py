"""A contract in plain English, written from its blocks: the same ids as its file and its receipts."""

import re
import textwrap
from collections.abc import Iterator
from typing import Any

from legalaid_sim.contracts.kinds.registry import CASH, KINDS
from legalaid_sim.contracts.language.english.payments import terms_of_payment
from legalaid_sim.contracts.language.english.reading import BlockReader, Steps, unread
from legalaid_sim.contracts.language.english.rest import untold
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.schema.marks import unheard
from legalaid_sim.contracts.tools.wording import (
    conditions,
    later_month,
    listed,
    said,
    sentence,
    words,
)
from legalaid_sim.contracts.vocabulary.values import Dated, NamedValue
from legalaid_sim.units import counted

ROOMS = {
    "payments": "What is paid",
    "taxes": "Taxes",
    "duties": "What is asked",
    "permissions": "What may be done",
    "standards": "How the service works",
    "controls": "What is watched",
    "adjustments": "What moves with an index",
    "cash": "When money moves",
}
WIDTH = 100
INDENT = " " * 6
# Kinds write their sentences with the noun of many; of one it stands alone.
ONE_OF_MANY = re.compile(r"(?<![\d.,])1 (month|year|week|day|hour|minute)s\b")


def in_english(contract: Contract) -> str:
    """Describe a contract in plain English, block by block, with the source and status of each."""
    return "\n".join(_lines(contract)) + "\n"


def block_in_english(block: Any, contract: Contract) -> str:
    """Describe one block in sentences."""
    read: set[Steps] = set()
    reader = BlockReader(block, (), read)
    clauses = list(KINDS[block.kind].say(reader, contract)) or ["nothing is said"]
    first = conditions(block.applies_to) + clauses[0]
    common = list(_common(block, reader, contract))
    rest = (untold(path, value, contract) for path, value in unread(block, read))
    told = " ".join(sentence(clause) for clause in (first, *clauses[1:], *rest, *common, *_told_only(block)))
    return ONE_OF_MANY.sub(r"1 \1", told)


def _lines(contract: Contract) -> Iterator[str]:
    yield f"{contract.title or contract.contract} ({contract.contract})"
    term = contract.term
    yield f"From {term.starts} for {counted(term.months, 'month')}, amounts in {contract.currency}."
    if contract.categories:
        yield from _wrapped(f"Categories: {listed(map(words, contract.categories))}.", "")
    if contract.regions:
        yield from _wrapped(f"Regions: {listed(map(words, contract.regions))}.", "")
    if "rounding" in contract.model_fields_set:
        rounding = contract.rounding
        yield f"Rounded to {rounding.to}, {words(rounding.mode)}, at {words(rounding.at)}."
    if contract.summary:
        yield from ("", *_wrapped(contract.summary.strip(), ""))
    for room, heading in ROOMS.items():
        blocks = getattr(contract, room)
        if blocks:
            yield from ("", heading)
        for block in blocks:
            yield from _block(block, contract)
    yield from _named(contract)


def _named(contract: Contract) -> Iterator[str]:
    """Say what values and series stand for, and which tables there are."""
    for heading, named in (("What names stand for", contract.values), ("What is followed", contract.series)):
        if named:
            yield from ("", heading)
        for name, entry in named.items():
            unit = f" ({entry.unit})" if entry.unit else ""
            status = f"  [{entry.source.status}]" if entry.source else ""
            yield f"  {name}{f': {entry.title}' if entry.title else ''}{unit}{status}"
            form = Dated[Any].model_construct(dated=entry.dated) if entry.dated else NamedValue(value=name)
            yield from _wrapped(sentence(said(form, contract)), INDENT)
    if contract.tables:
        yield from ("", "Tables")
    for name, table in contract.tables.items():
        where = f"rows in {table.file}" if table.file else counted(len(table.rows), "row")
        picked = f"a row is picked by {listed(map(words, table.key))}"
        from_to = listed(words(key) for key in (table.starts, table.ends, table.version) if key)
        yield f"  {name}{f': {table.title}' if table.title else ''}"
        days = f"; {from_to} say which is in force" if from_to else ""
        yield from _wrapped(f"{where} of {listed(map(words, table.columns or ()))}; {picked}{days}.", INDENT)


def _block(block: Any, contract: Contract) -> Iterator[str]:
    status = f"  [{block.source.status}]" if block.source else ""
    yield f"  {block.id}: {block.title or words(block.kind)}{status}"
    yield from _wrapped(block_in_english(block, contract), INDENT)


def _common(block: Any, reader: Any, contract: Contract) -> Iterator[str]:
    if block.not_if:
        yield conditions(block.not_if, "not where ").rstrip(": ")
    yield from terms_of_payment(block, reader, contract)
    if block.kind in CASH and CASH[block.kind].by_month:
        on = reader.paid_on
        day = (
            f"day {1 if on.day is None else on.day}"
            if on.working_day is None
            else f"working day {on.working_day}"
        )
        yield f"paid on {day} of {later_month(on.months_after)}"


def _told_only(block: Any) -> Iterator[str]:
    for path, found in unheard(block):
        yield f"{words('.'.join(map(str, path)))} is told only and changes nothing: {found.instead}"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


__all__ = ["block_in_english", "in_english"]
