"""A contract in plain English, written from its blocks: the same ids as its file and its receipts."""

import textwrap
from collections.abc import Iterator
from typing import Any

from legalaid_sim.contracts.english.payments import PAYMENTS
from legalaid_sim.contracts.english.rules import RULES
from legalaid_sim.contracts.english.words import (
    BREACHES,
    PICKED,
    WHEN,
    conditions,
    listed,
    said,
    sentence,
    words,
)
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.schema.marks import unheard

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


def in_english(contract: Contract) -> str:
    """Describe a contract in plain English, block by block, with the source and status of each."""
    return "\n".join(_lines(contract)) + "\n"


def block_in_english(block: Any, contract: Contract) -> str:
    """Describe one block in sentences."""
    clauses = list({**PAYMENTS, **RULES}[block.kind](block, contract)) or ["nothing is said"]
    first = conditions(block.applies_to) + clauses[0]
    return " ".join(
        sentence(clause) for clause in (first, *clauses[1:], *_common(block, contract), *_told_only(block))
    )


def _lines(contract: Contract) -> Iterator[str]:
    yield f"{contract.title or contract.contract} ({contract.contract})"
    term = contract.term
    yield f"From {term.starts} for {term.months} months, amounts in {contract.currency}."
    if contract.categories:
        yield from _wrapped(f"Categories: {listed(map(words, contract.categories))}.", "")
    if contract.summary:
        yield from ("", *_wrapped(contract.summary.strip(), ""))
    for room, heading in ROOMS.items():
        blocks = getattr(contract, room)
        if blocks:
            yield from ("", heading)
        for block in blocks:
            yield from _block(block, contract)


def _block(block: Any, contract: Contract) -> Iterator[str]:
    status = f"  [{block.source.status}]" if block.source else ""
    yield f"  {block.id}: {block.title or words(block.kind)}{status}"
    yield from _wrapped(block_in_english(block, contract), INDENT)


def _common(block: Any, contract: Contract) -> Iterator[str]:
    if block.not_if:
        yield conditions(block.not_if, "not where ").rstrip(": ")
    if "earned" in type(block).model_fields:
        yield f"earned {WHEN[block.earned]}"
    if "dated_by" in type(block).model_fields:
        yield f"{PICKED[block.dated_by]} picks the version"
    for heading, limit in getattr(block, "limits", {}).items():
        unless = f", unless there is {words(limit.unless)}" if limit.unless else ""
        most = f"{words(heading)} at most {said(limit.at_most, contract)}{unless}"
        yield f"{most}; {BREACHES[limit.on_breach]}"
    if getattr(block, "exception_to", None):
        named = block.exception_to
        yield f"takes the place of {named if isinstance(named, str) else listed(named)}"


def _told_only(block: Any) -> Iterator[str]:
    for path, found in unheard(block):
        yield f"{words('.'.join(map(str, path)))} is told only and changes nothing: {found.instead}"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


__all__ = ["block_in_english", "in_english"]
