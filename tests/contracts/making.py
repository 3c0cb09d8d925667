"""Make small contracts and matters for tests, through the same reader as a user's file."""

from datetime import date
from textwrap import dedent, indent

from legalaid_sim.contracts.pricing.terms import CompiledTerms, compile_terms
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts
from legalaid_sim.diagnostics import validate
from legalaid_sim.errors import ERROR
from legalaid_sim.yamlfile import parse

HEADER = """\
kind: contract
schema_version: 1
contract: test
term: {starts: 2026-04-01, months: 36}
categories: [housing, debt]
regions: [london, elsewhere]
"""
OPENED, CLOSED = date(2026, 5, 1), date(2026, 7, 1)


def contract(text: str, header: str = HEADER) -> Contract:
    """Read a contract whose blocks are given; fail on any problem of its own."""
    made, problems = validate(parse(header + dedent(text)), Contract)
    assert not [problem for problem in problems if problem.severity == ERROR], problems
    assert made is not None
    return made


def terms(text: str, header: str = HEADER) -> CompiledTerms:
    """Read and compile."""
    return compile_terms(contract(text, header))


def payment(block: str) -> CompiledTerms:
    """Compile a contract of payment blocks alone."""
    return terms("payments:\n" + indent(dedent(block).strip("\n"), "  ") + "\n")


def matter(ref: str = "A", **known: object) -> MatterFacts:
    """Make a housing matter, opened on 1 May and closed on 1 July 2026 unless said otherwise."""
    facts = MatterFacts(ref, category="housing", opened=OPENED, closed=CLOSED)
    for name, value in known.items():
        setattr(facts, name, value)
    return facts


AGENCY = ProviderFacts(vat_registered=False)
REGISTERED = ProviderFacts(vat_registered=True)
