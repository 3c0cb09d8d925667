"""Worked examples: what a designer says must come out, run through the same account as a simulation.

Money is compared exactly. A ``then`` is held only to what it names; lines that it names sum over phases.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from legalaid_sim.contracts.language.comparing import ComparedLine, ExampleOutcome, compared, outcome_of
from legalaid_sim.contracts.language.exampletable import Expected, table_rows
from legalaid_sim.contracts.language.playing import play, provider_of
from legalaid_sim.contracts.pricing.terms import CompiledTerms, compile_terms
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.schema.contract import Example, Given
from legalaid_sim.contracts.tools.pricing_state import money
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.errors import Refusal
from legalaid_sim.units import add_up


def run_examples(
    contract: Contract, folder: Path | None = None, terms: CompiledTerms | None = None
) -> tuple[ExampleOutcome, ...]:
    """Run every example of a contract and give how each expectation came out, in file order.

    ``folder`` is where CSV tables stand. An example that names no expectation gives one outcome that fails.
    """
    terms = terms or compile_terms(contract, folder)
    return tuple(
        outcome for example in contract.examples for outcome in run_example(example, terms, folder or Path())
    )


def run_example(example: Example, terms: CompiledTerms, folder: Path) -> Iterator[ExampleOutcome]:
    """Run one example: its story, its table, or both."""
    try:
        if example.table is not None:
            yield from _table(example, terms, folder)
        if example.then is not None:
            played = play(example.given or Given(), example.when, terms)
            yield from (outcome_of(example.name, played, found) for found in compared(example.then, played))
    except Refusal as refusal:
        yield ExampleOutcome(example.name, "example", "an example that can be read", str(refusal))
    if example.then is None and example.table is None:
        yield ExampleOutcome(example.name, "then", "an amount or a flag", "nothing is asserted")


# tables -----------------------------------------------------------------------------------------------------


def _table(example: Example, terms: CompiledTerms, folder: Path) -> Iterator[ExampleOutcome]:
    assert example.table is not None
    base = dict((example.given_each or Given()).provider)
    for number, row in enumerate(table_rows(example.table, folder), start=1):
        provider = provider_of({**base, **row.provider})
        receipt = terms.receipt(row.facts, provider, row.facts.closed or row.facts.opened)
        for what, expected, got in _row_compared(row.expected, receipt, terms, row.facts, provider):
            first = "" if expected == got or not receipt.steps else receipt.steps[0].how
            yield ExampleOutcome(
                example.name, what, expected, got, number, first or str(receipt.refusal or "")
            )


def _row_compared(
    expected: Expected, receipt: Any, terms: CompiledTerms, facts: MatterFacts, provider: ProviderFacts
) -> Iterator[ComparedLine]:
    if expected.refused or receipt.refusal is not None:
        found = receipt.refusal
        yield "refused", expected.refused or "no refusal", found.code if found else "no refusal"
        return
    priced = terms.price(facts, provider, facts.closed or facts.opened)
    if expected.earned is not None:
        yield "earned", money(expected.earned), money(priced.earned)
    if expected.scheme:
        yield "scheme", expected.scheme, priced.scheme
    for flag, raised in expected.flags.items():
        yield f"flag.{flag}", str(raised).lower(), str(flag in priced.flags).lower()
    for block, pence in expected.lines.items():
        yield f"lines.{block}", money(pence), money(receipt.by_block.get(block, 0))
    for name, pence in expected.sums.items():
        found = add_up(entry.pence for entry in priced.entries if name in (entry.kind, entry.heading))
        yield name, money(pence), money(found)
    for name, pence in expected.margins.items():
        yield f"margin.{name}", money(pence), money(priced.margins.get(name, 0))
